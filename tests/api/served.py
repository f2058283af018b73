"""What the tests of the HTTP interface share: the program serving a database of its own, a client,
and the life of an order by a test clock.
"""

import http.client
import itertools
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import threading


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Server:
    """`holdfast serve` over a database in `folder`, new unless it is there, until it is stopped."""

    def __init__(self, program, folder, *options, variables=None, port=0):
        self.program, self.folder = pathlib.Path(program).resolve(), pathlib.Path(folder)
        self.database = self.folder / "served.db"
        self.log, self.port, self.metrics_port = [], 0, 0
        self.process = subprocess.Popen(
            [self.program, "serve", "--database", self.database, "--port", str(port), *options], cwd=folder,
            env=os.environ | (variables or {}), stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
        )
        self._read_ports(has_metrics="--metrics-port" in options)
        # Nobody else empties the pipe, and a full one would stop the server.
        self.reader = threading.Thread(target=lambda: self.log.extend(self.process.stderr), daemon=True)
        self.reader.start()
        self.url = f"http://127.0.0.1:{self.port}"
        self.key_file = pathlib.Path(f"{self.database}.key")
        self.key = self.key_file.read_text().strip()

    def _read_ports(self, has_metrics):
        for line in self.process.stderr:
            self.log.append(line)
            if found := re.search(r"^Serving .* on http://127\.0\.0\.1:(\d+)$", line):
                self.port = int(found[1])
            if found := re.search(r"^Metrics on port (\d+)$", line):
                self.metrics_port = int(found[1])
            if self.port and (self.metrics_port or not has_metrics):
                return
        raise RuntimeError(f"the server ended with {self.process.wait()} before it listened: {''.join(self.log)}")

    def stop(self):
        """The exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(60)
        self.reader.join()
        return code

    def lines(self, event):
        """What it logged of one kind."""
        return [one for one in map(json.loads, (line for line in list(self.log) if line.startswith("{")))
                if one["event"] == event]

    def run(self, *words):
        """Another command over the database, which must not be served any more."""
        return subprocess.run([self.program, *words, "--database", self.database],
                              capture_output=True, text=True)

    def get(self, path, **headers):
        return Client(self.port, self.key).send("GET", path, **headers)

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        code = self.stop()
        if kind is None and code != 0:
            raise AssertionError(f"the server ended with {code}")


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.text = response.read().decode()
        self.body = json.loads(self.text) if "json" in self.headers.get("content-type", "") else None

    def __getitem__(self, name):
        return self.body[name]

    def __contains__(self, name):
        return name in self.body


class Client:
    """One connection and one key. What is not as expected ends the test, unless `judge` knows better.

    Its requests' idempotency keys begin with `name`: two clients of one server need two.
    """

    def __init__(self, port, key, name="key"):
        self.name = name
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.key = key
        self.numbers = itertools.count(1)

    def send(self, method, path, body=None, expect=None, key="", **headers):
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.key:
            sent.setdefault("Authorization", "Bearer " + self.key)
        data = None
        if body is not None:
            data = body if isinstance(body, (str, bytes)) else json.dumps(body)
            sent.setdefault("Content-Type", "application/json")
        if method == "POST" and key is not None:
            sent["Idempotency-Key"] = key or f"{self.name}-{next(self.numbers)}"
        answer = self.exchange(method, path, data, sent)
        self.judge(method, path, answer, expect)
        return answer

    def exchange(self, method, path, data, headers):
        try:
            self.connection.request(method, path, body=data, headers=headers)
        except (BrokenPipeError, ConnectionResetError):
            pass  # refused while it was still being sent: the answer stands in the line
        return Answer(self.connection.getresponse())

    def judge(self, method, path, answer, expect):
        if expect is not None and answer.status != expect:
            raise AssertionError(f"{method} {path}: expected {expect}, got {answer.status}: {answer.text[:300]}")

    def get(self, path, expect=200, **more):
        return self.send("GET", path, expect=expect, **more)

    def post(self, path, body=None, expect=200, **more):
        return self.send("POST", path, {} if body is None else body, expect=expect, **more)

    def pages(self, path):
        """All of a list, whatever its pages."""
        found, cursor = [], ""
        while True:
            page = self.get(path + ("&" if "?" in path else "?") + "limit=100" + cursor)
            found += page["data"]
            if not page["has_more"]:
                return found
            cursor = "&cursor=" + page["next_cursor"]


def eur(amount):
    return {"amount": amount, "currency": "EUR"}


total = 2 * 4990 + 1500 + 490


def placement(reference, clock=None, **more):
    """An order whose sum is `total`."""
    made = {
        "reference": reference,
        "placed_at": "2026-03-01T09:00:00.000Z",
        "buyer": {"reference": "customer-42"},
        "seller": {"reference": "shop-17"},
        "currency": "EUR",
        "lines": [
            {"sku": "mug-blue", "quantity": 2, "unit_price": eur(4990)},
            {"sku": "saucer", "unit_price": eur(1500)},
        ],
        "shipping": eur(490),
        "commission_basis_points": 1000,
        "terms": {"terms_id": "marketplace"},
        "promised_by": "2026-03-31",
        "attributes": {"destination": "DE"},
    }
    return made | ({"clock": clock} if clock else {}) | more


def make_clock(client):
    return client.post("/v1/test_clocks", {"shows": "2026-03-01T09:00:00.000Z"}, expect=201)["id"]


class Life:
    """One order, by a clock of its own unless one is given."""

    def __init__(self, client, name, paid=True, shipped=True, clock=None, tracking="RR1", **more):
        self.client = client
        self.clock = clock or make_clock(client)
        made = client.post("/v1/orders", placement(name, self.clock, **more), expect=201)
        self.id = made["order_id"]
        self.path = f"/v1/orders/{self.id}"
        if made.headers["location"] != self.path:
            raise AssertionError(f"{self.path} is said to be at {made.headers['location']}")
        if paid:
            self.pay()
        if shipped:
            self.shipment = self.post(
                "/shipments", {"tracking": tracking, "lines": [{"line": 1, "quantity": 2}, {"line": 2, "quantity": 1}]}
            )["made"]["shipment_id"]

    def pay(self):
        return self.post("/payments", {"seen": "captured", "amount": eur(total), "reference": "pi_1"})

    def post(self, path, body=None, **more):
        return self.client.post(self.path + path, body, **more)

    def at(self, instant):
        return self.client.post(f"/v1/test_clocks/{self.clock}/advance", {"to": instant})

    def dispute(self, reason, **more):
        made = self.post("/disputes", {"as": "buyer", "reason": reason} | more, expect=201)
        return "/v1/disputes/" + made["made"]["dispute_id"]

    def thing(self, prefix, number=1):
        return f"{prefix}_{self.id[4:]}_{number}"
