"""A running `holdfast serve` for tests: in a folder of its own, at free ports, asked over HTTP."""

import http.client
import itertools
import json
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import threading
import time

numbers = itertools.count(1)
problems = []


def check(holds, what):
    if not holds:
        problems.append(what)


def wait_until(holds, what, seconds=60):
    """What another thread does by itself; fails where it does not come to that."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := holds():
            return found
        time.sleep(0.05)
    problems.append(f"waited in vain: {what}")
    return None


class Answer:
    def __init__(self, status, headers, text):
        self.status, self.headers, self.text = status, headers, text
        self.body = json.loads(text) if "json" in headers.get("content-type", "") else None

    def __getitem__(self, name):
        return self.body[name]


class Server:
    """`with Server(program, {"HOLDFAST_…": …}, "--flag") as server:`; ends with SIGTERM and must end with 0."""

    def __init__(self, program, variables=None, *flags, folder=None):
        self.program, self.variables, self.flags = program, variables or {}, flags
        self.folder = folder or tempfile.TemporaryDirectory()
        self.path = pathlib.Path(getattr(self.folder, "name", self.folder))
        self.log, self.port, self.metrics_port = [], 0, 0

    def __enter__(self):
        self.process = subprocess.Popen(
            [self.program, "serve", "--database", self.path / "shop.db", "--port", "0", *self.flags],
            cwd=self.path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            env=os.environ | self.variables)
        wanted = 2 if "--metrics-port" in self.flags else 1
        for line in self.process.stderr:
            self.log.append(line)
            if found := re.search(r"on http://127\.0\.0\.1:(\d+)$", line.strip()):
                self.port = int(found[1])
            if found := re.search(r"^Metrics on port (\d+)$", line):
                self.metrics_port = int(found[1])
            if bool(self.port) + bool(self.metrics_port) == wanted:
                break
        else:
            self.process.wait(60)
            raise AssertionError("the server did not start: " + "".join(self.log))
        self.reader = threading.Thread(target=lambda: self.log.extend(self.process.stderr))
        self.reader.start()
        self.key = (self.path / "shop.db.key").read_text().strip()
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        check(self.process.wait(60) == 0, "the server ends with 0")
        self.reader.join()

    def lines(self, event):
        """What it logged of one kind."""
        return [one for one in map(json.loads, (line for line in self.log if line.startswith("{")))
                if one["event"] == event]

    def ask(self, method, path, body=None, expect=None, key=None, port=None, **headers):
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        sent.setdefault("Authorization", f"Bearer {self.key if key is None else key}")
        if not sent["Authorization"].removeprefix("Bearer "):
            del sent["Authorization"]
        if method == "POST":
            sent.setdefault("Idempotency-Key", f"test-{next(numbers)}")
        data = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
        if data is not None:
            sent.setdefault("Content-Type", "application/json")
        connection = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=60)
        try:
            connection.request(method, path, data, sent)
            got = connection.getresponse()
            answer = Answer(got.status, {k.lower(): v for k, v in got.getheaders()}, got.read().decode())
        finally:
            connection.close()
        if expect is not None and answer.status != expect:
            problems.append(f"{method} {path}: expected {expect}, got {answer.status}: {answer.text[:300]}")
        return answer

    def get(self, path, expect=200, **more):
        return self.ask("GET", path, None, expect, **more)

    def post(self, path, body=None, expect=200, **more):
        return self.ask("POST", path, {} if body is None else body, expect, **more)

    def metrics(self):
        return self.get("/metrics", key="", port=self.metrics_port).text

    # --- An order that is paid

    def place(self, reference, **more):
        made = {
            "reference": reference, "placed_at": "2026-03-01T09:00:00.000Z",
            "buyer": {"reference": "customer-42"}, "seller": {"reference": "shop-17"}, "currency": "EUR",
            "lines": [{"sku": "mug", "quantity": 1, "unit_price": eur(4500)}],
            "terms": {"terms_id": "marketplace"}, "promised_by": "2026-03-31",
        }
        return self.post("/v1/orders", made | more, expect=201)["order_id"]

    def pay(self, order, reference):
        self.post(f"/v1/orders/{order}/payments",
                  {"seen": "captured", "amount": eur(4500), "reference": reference})

    def clock(self, shows="2026-03-01T09:00:00.000Z"):
        return self.post("/v1/test_clocks", {"shows": shows}, expect=201)["id"]

    def instructions(self, order):
        return self.get(f"/v1/orders/{order}/instructions")["data"]


def eur(amount):
    return {"amount": amount, "currency": "EUR"}


def report():
    for problem in problems:
        print("problem:", problem)
    return 1 if problems else 0
