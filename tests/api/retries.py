"""A client with a bad line: it sends every request twice, drops every fifth answer by closing the
connection before it reads, and then sends the same again. Its books are those of a client that
sends everything once.

Usage: retries.py PROGRAM SOURCE_FOLDER [LINES]

LINES clients (1 to 5, usually 1) do so, each beginning to count at another request, so that five of
them drop each answer once. All go the same way (the walks of walk.py about orders, disputes, money
and parties), each at a server of its own. All that they were told is compared, and all that can be
read afterwards: orders, disputes, instructions, events, entries, parties, balances, and the feed.
Left out is what hangs on the hour, and whether a receipt says that it is one's own again. PATCH and
DELETE carry no key and are not part of this.
"""

import datetime
import difflib
import json
import re
import sys
import tempfile
import time

sys.dont_write_bytecode = True
import served
import walk

walks = (walk.walk_not_received, walk.walk_not_as_described, walk.walk_contested_return, walk.walk_order,
         walk.walk_lists, walk.walk_parties)

# Test clocks show days that are over; what is of today or later follows the clock on the wall.
yesterday = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=1)
today = yesterday.strftime("%Y-%m-%d")
today_in_details = int(yesterday.timestamp() * 1000)  # an event's details count milliseconds
instant = re.compile(r"^\d{4}-\d\d-\d\dT[0-9:.]+Z$")
recorded_id = re.compile(r"\b(evt|ent|txn)_[0-9a-z]{10}")  # its first ten characters are a time
not_compared = {"request_id", "replayed", "since"}  # a span of figures ends now and begins so long before


def is_late(value):
    """A time of this run in an event's details; `when` is left out there if it is when it was recorded."""
    return isinstance(value, int) and value >= today_in_details


def settled(value):
    """Without what two runs cannot share."""
    if isinstance(value, dict):
        return {name: settled(inside) for name, inside in value.items()
                if name not in not_compared and not (name == "when" and is_late(inside))}
    if isinstance(value, (list, tuple)):
        return [settled(one) for one in value]
    if is_late(value):
        return "today or later"
    if isinstance(value, str):
        return "today or later" if instant.match(value) and value >= today else recorded_id.sub(r"\1_", value)
    return value


class Steady(walk.Client):
    """Keeps what it was told. The feed's order between streams is the couriers': books() reads it."""

    def __init__(self, port, key):
        super().__init__(port, key)
        self.told = []

    def send(self, method, path, *rest, **more):
        answer = super().send(method, path, *rest, **more)
        body = None if path.startswith("/v1/events?") else answer.body
        self.told.append(settled((method, path, answer.status, body)))
        return answer


class Clumsy(Steady):
    def __init__(self, port, key, line):
        super().__init__(port, key)
        self.sent, self.dropped, self.waited = line, 0, 0

    def exchange(self, method, path, data, headers):
        self.insist(method, path, data, headers)
        return self.insist(method, path, data, headers)

    def insist(self, *request):
        while True:
            answer = self.try_once(*request)
            if answer and answer.status != 503 and answer.body and answer.body.get("code") == "request_in_progress":
                self.waited += 1
            elif answer and answer.status != 503:
                return answer

    def try_once(self, method, path, data, headers):
        self.sent += 1
        if self.sent % 5:
            return super().exchange(method, path, data, headers)
        self.connection.request(method, path, body=data, headers=headers)
        self.connection.close()
        self.dropped += 1
        return None


def read_books(client):
    orders = client.pages("/v1/orders")
    found = {"orders": orders, "terms": client.get("/v1/terms").body}
    for order in orders:
        path = "/v1/orders/" + order["id"]
        found[path] = client.get(path).body
        for things in ("disputes", "instructions", "events", "entries"):
            found[f"{path}/{things}"] = client.pages(f"{path}/{things}")
    feed = client.pages("/v1/events")
    stream = lambda event: event["data"].get("order_id") or event["data"]["party_id"]
    found["feed"] = sorted(feed, key=lambda event: (stream(event), event["sequence"]))
    for party in {event["data"]["party_id"] for event in feed if "party_id" in event["data"]}:
        path = "/v1/parties/" + party
        found[path] = client.get(path).body
        found[path + "/balances"] = client.get(path + "/balances").body
        found[path + "/entries"] = client.pages(path + "/entries")
    return settled(found)


def books(client):
    """All that can be read, when the couriers have carried what the orders owe to the parties."""
    before = None
    for _ in range(100):
        now = read_books(client)
        if now == before:
            return now
        before = now
        time.sleep(0.3)
    raise AssertionError("the books do not come to rest")


def live(program, make_client):
    with tempfile.TemporaryDirectory() as folder, served.Server(program, folder, "--threads", "4") as server:
        client = make_client(server.port, server.key)
        for one in walks:
            one(client)
        seen = books(served.Client(server.port, server.key))
        walk.check(server.stop() == 0, "the server ends with 0")
        walk.check(server.run("verify").returncode == 0, "the database is whole")
        return client, seen


def complain(what, once, again):
    texts = [json.dumps(one, indent=1, sort_keys=True).splitlines() for one in (once, again)]
    for line in list(difflib.unified_diff(*texts, "once", "again and again", lineterm="", n=3))[:40]:
        walk.problems.append(f"{what}: {line}")


def main(program, source, lines=1):
    steady, its_books = live(program, Steady)
    for line in range(int(lines)):
        clumsy, other_books = live(program, lambda port, key: Clumsy(port, key, line))
        complain(f"told on line {line}", steady.told, clumsy.told)
        complain(f"books of line {line}", its_books, other_books)
        walk.check(clumsy.dropped * 5 >= len(steady.told) * 2, "every fifth answer was dropped")
        print(f"line {line}: {len(steady.told)} requests, sent {clumsy.sent - line} times, {clumsy.dropped} answers dropped, "
              f"{clumsy.waited} times told to wait")
    streams = [len(found) for name, found in its_books.items() if name.endswith("/events")]
    parties = [name for name in its_books if name.endswith("/balances")]
    walk.check(len(streams) >= 7 and len(parties) >= 2, f"{len(streams)} orders and {len(parties)} parties are too few")
    print(f"{len(streams)} orders, {sum(streams)} events of theirs and {len(parties)} parties are the same")
    for problem in walk.problems:
        print("problem:", problem)
    return 1 if walk.problems else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
