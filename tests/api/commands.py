"""`holdfast listen`, `trigger` and `clock` as a developer runs them, against real servers.

Usage: commands.py PROGRAM

What is forwarded is verified by a receiver that knows Standard Webhooks and nothing of our code.
"""

import base64
import hashlib
import hmac
import http.server
import json
import os
import pathlib
import queue
import subprocess
import sys
import tempfile
import threading
import time

sys.dont_write_bytecode = True
from served import Client, Server, free_port, placement

program = sys.argv[1]
quiet = {name: value for name, value in os.environ.items() if not name.startswith("HOLDFAST_API")}


def run(*words, **variables):
    return subprocess.run([program, *words], capture_output=True, text=True, timeout=120, env=quiet | variables)


def expect(ran, code, *parts):
    assert ran.returncode == code, (ran.args, ran.returncode, ran.stdout, ran.stderr)
    for part in parts:
        assert part in ran.stdout + ran.stderr, (part, ran.stdout, ran.stderr)
    return ran


class Receiver:
    """Keeps what it is told, and answers with `status`."""

    def __init__(self):
        self.status, self.told = 204, queue.Queue()
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                # Whoever is answered may tell the next before this thread goes on.
                status = receiver.status
                receiver.told.put((dict(self.headers), body))
                self.send_response(status)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def next(self, secret):
        """One event, its signature verified."""
        headers, body = self.told.get(timeout=30)
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        key = base64.b64decode(secret.removeprefix("whsec_"))
        wanted = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        assert headers["webhook-signature"] == wanted, headers
        assert abs(int(headers["webhook-timestamp"]) - time.time()) < 300
        event = json.loads(body)
        assert event["id"] == headers["webhook-id"]
        return event

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


class Listener:
    """`holdfast listen --json`, once its stream stands."""

    def __init__(self, server, to, *more, **variables):
        self.process = subprocess.Popen(
            [program, "listen", "--json", "--forward-to", to, "--api", server.url, "--key-file", server.key_file, *more],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=quiet | variables)
        self.secret = self.process.stderr.readline().removeprefix("Signed with ").strip()
        assert self.secret.startswith("whsec_"), self.secret
        assert "Listening to" in self.process.stderr.readline()
        self.messages = queue.Queue()
        threading.Thread(target=lambda: [self.messages.put(line) for line in self.process.stderr], daemon=True).start()

    def line(self):
        return json.loads(self.process.stdout.readline())

    def end(self):
        assert self.process.wait(60) == 0
        assert not self.process.stdout.read(), "more was forwarded than asked for"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def what_goes_wrong_is_told_by_the_exit_code(folder):
    key = folder / "some.key"
    key.write_text("sk_test_" + "0" * 32 + "\n")
    nowhere = f"http://127.0.0.1:{free_port()}"
    away = ("--api", nowhere, "--key-file", key)
    expect(run("trigger", "order.placed", *away), 7, "is `holdfast serve` running there?")
    expect(run("clock", "advance", "1d", *away), 7)
    expect(run("listen", "--forward-to", "http://localhost:1/", *away), 7)
    expect(run("trigger", "order.placed", "--api", nowhere, "--database", folder / "none.db"), 3, "HOLDFAST_API_KEY")
    expect(run("trigger", "order.placed", "--api", nowhere, "--key-file", folder / "none"), 5)
    unknown = expect(run("trigger", "order.danced", *away), 2, "dispute.opened", "payment.captured")
    assert not unknown.stdout
    for url in ("http://holdfast.example", "http://127.0.0.1@holdfast.example", "http://127.0.0.1.example", "ftp://x"):
        expect(run("trigger", "order.placed", "--api", url, "--key-file", key), 2, "--api")
    expect(run("listen", "--forward-to", "localhost:1", *away), 2, "--forward-to")
    expect(run("listen", *away), 2)
    expect(run("listen", "--forward-to", "http://localhost:1/", *away, HOLDFAST_WEBHOOK_SECRET="whsec_short"), 3, "whsec_")


def a_key_that_is_not_known_is_not_allowed(server, folder):
    key = folder / "wrong.key"
    key.write_text("sk_test_" + "1" * 32)
    for words in (("trigger", "order.placed"), ("clock", "advance", "1d"), ("clock", "list"),
                  ("listen", "--forward-to", "http://localhost:1/")):
        expect(run(*words, "--api", server.url, "--key-file", key), 4, "credentials_invalid")
    expect(run("clock", "list", "--api", server.url, HOLDFAST_API_KEY="sk_test_" + "1" * 32), 4)


def a_live_server_is_not_played_with(server):
    expect(run("trigger", "dispute.opened", "--api", server.url, "--key-file", server.key_file), 4, "sandbox_only")
    expect(run("clock", "list", "--api", server.url, "--key-file", server.key_file), 4, "sandbox_only")
    client = Client(server.port, server.key)
    for path in ("/v1/sandbox/cast", "/v1/orders/ord_0000000000000000000000000a/cast"):
        for method, body in (("PUT", {"seller": "silent"}), ("GET", None)):
            assert client.send(method, path, body, expect=403)["code"] == "sandbox_only", path
    placed = placement("played") | {"cast": {"seller": "silent"}}
    assert client.post("/v1/orders", placed, expect=403)["code"] == "sandbox_only"
    assert not server.get("/v1/orders").body["data"], "nothing was placed"


def a_clock_is_found_where_it_is_the_only_one(server):
    api = ("--api", server.url, "--key-file", server.key_file)
    expect(run("clock", "advance", "20d", *api), 5, "no test clock")
    expect(run("clock", "list", *api), 0, "no test clock")
    made = json.loads(expect(run("trigger", "dispute.opened", "--json", *api), 0).stdout)
    event = server.get("/v1/events/" + made["event_id"]).body
    assert event["type"] == "dispute.opened" and event["data"]["order_id"] == made["order_id"]
    for span in ("20x", "d", "P20", "20d12", "", "9999999999d"):
        expect(run("clock", "advance", span, *api), 2)
    expect(run("clock", "advance", "2020-01-01T00:00:00Z", *api), 1, "clock_backwards")
    assert "Nothing fell due." in expect(run("clock", "advance", "PT1H", *api), 0).stdout
    moved = json.loads(expect(run("clock", "advance", "6d", "--json", *api), 0).stdout)
    types = [event["type"] for event in moved["events"]]
    assert moved["clock_id"] == made["clock_id"] and "refund.issued" in types and "dispute.closed" in types, types
    assert all(moved["showed"] <= event["timestamp"] <= moved["shows"] for event in moved["events"])
    assert {event["data"]["order_id"] for event in moved["events"]} == {made["order_id"]}
    shown = server.get("/v1/test_clocks/" + made["clock_id"]).body
    assert shown["shows"] == moved["shows"]

    # The database's own key is found beside it, and where there are two clocks one is named.
    found = ("--api", server.url, "--database", server.database)
    second = json.loads(expect(run("trigger", "order.placed", "--json", *found), 0).stdout)
    expect(run("clock", "advance", "1d", *found), 6, made["clock_id"], second["clock_id"])
    moved = json.loads(expect(run("clock", "advance", "4d", "--clock", second["clock_id"], "--json", *found), 0).stdout)
    assert "order.cancelled" in [event["type"] for event in moved["events"]], "not paid in 3 days"
    expect(run("clock", "advance", "1d", "--clock", "clk_0000000000000000000000000a", *found), 5)
    assert len(json.loads(expect(run("clock", "list", "--json", *found), 0).stdout)) == 2


def every_story_ends_with_its_event(server):
    api = ("--api", server.url, "--key-file", server.key_file)
    refused = run("trigger", "no.such", *api).stderr
    types = refused[refused.index("known are") + len("known are"):].split()
    assert len(types) > 40 and len(set(types)) == len(types), types
    for kind in types:
        made = json.loads(expect(run("trigger", kind, "--json", *api), 0).stdout)
        events = server.get(f"/v1/orders/{made['order_id']}/events?limit=100").body["data"]
        found = [event for event in events if event["id"] == made["event_id"]]
        assert found and found[0]["type"] == kind, (kind, made)


def events_are_forwarded_signed_and_a_broken_stream_is_taken_up_again(folder):
    with Receiver() as receiver:
        port = free_port()
        server = Server(program, folder, port=port)
        api = ("--api", server.url, "--key-file", server.key_file)
        with Listener(server, receiver.url, "--count", "6") as listener:
            # Nothing has happened yet. What does while the stream is broken is forwarded all the same.
            server.stop()
            with Server(program, folder) as elsewhere:
                expect(run("trigger", "payment.captured", "--api", elsewhere.url, "--key-file", server.key_file), 0)
            with Server(program, folder, port=port) as server:
                got = [receiver.next(listener.secret) for _ in range(2)]
                assert [event["type"] for event in got] == ["order.placed", "payment.captured"], got
            with Server(program, folder) as elsewhere:
                expect(run("trigger", "payment.captured", "--api", elsewhere.url, "--key-file", server.key_file), 0)
            with Server(program, folder, port=port) as server:
                got += [receiver.next(listener.secret) for _ in range(2)]
                receiver.status = 500
                expect(run("trigger", "order.placed", *api), 0)
                got.append(receiver.next(listener.secret))
                lines = [listener.line() for _ in range(5)]
                receiver.server.shutdown()
                receiver.server.server_close()
                expect(run("trigger", "order.placed", *api), 0)
                lines.append(listener.line())
                listener.end()
        assert [line["event_id"] for line in lines[:5]] == [event["id"] for event in got], "each once, in order"
        assert [line.get("status") for line in lines] == [204, 204, 204, 204, 500, None], lines
        assert "cannot_connect" in lines[5]["problem"]
        assert "The stream broke" in listener.messages.get(timeout=60)


def a_secret_and_a_place_can_be_named(server, folder):
    secret = "whsec_" + base64.b64encode(b"thirty-two bytes that are secret").decode()
    feed = server.get("/v1/events?limit=100&types=dispute.opened").body["data"]
    with Receiver() as receiver:
        again = ("--types", "dispute.*", "--count", "1", "--after", feed[0]["id"])
        with Listener(server, receiver.url, *again, HOLDFAST_WEBHOOK_SECRET=secret) as listener:
            assert listener.secret == secret
            event = receiver.next(secret)
            assert event["type"].startswith("dispute.") and event["id"] != feed[0]["id"], event
            assert listener.line() == {"event_id": event["id"], "type": event["type"], "status": 204}
            listener.end()
        (folder / "hook.secret").write_text(secret + "\n")
        shown = expect(run("listen", "--forward-to", receiver.url, "--secret-file", folder / "hook.secret", "--count", "1",
                           "--after", feed[0]["id"], "--api", server.url, "--key-file", server.key_file), 0, secret)
        receiver.next(secret)
        assert len(shown.stdout.splitlines()) == 1 and shown.stdout.startswith("204  "), shown.stdout


with tempfile.TemporaryDirectory() as name:
    place = pathlib.Path(name)
    what_goes_wrong_is_told_by_the_exit_code(place)
    for folder in ("clock", "live", "stream"):
        (place / folder).mkdir()
    with Server(program, place / "clock") as sandbox:
        a_key_that_is_not_known_is_not_allowed(sandbox, place)
        a_clock_is_found_where_it_is_the_only_one(sandbox)
        every_story_ends_with_its_event(sandbox)
        a_secret_and_a_place_can_be_named(sandbox, place)
    with Server(program, place / "live", "--live") as live:
        a_live_server_is_not_played_with(live)
    events_are_forwarded_signed_and_a_broken_stream_is_taken_up_again(place / "stream")
print("listen, trigger and clock do as they say")
