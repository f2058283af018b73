"""A running `holdfast serve` as those see it who run it: asked over connections of their own, with keys of
their own, and every check goes on after one that fails.
"""

import itertools
import tempfile
import time

import served
from served import eur

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


class Client(served.Client):
    def judge(self, method, path, answer, expect):
        if expect is not None and answer.status != expect:
            problems.append(f"{method} {path}: expected {expect}, got {answer.status}: {answer.text[:300]}")


class Server(served.Server):
    """`with Server(program, {"HOLDFAST_…": …}, "--flag") as server:`; ends with SIGTERM and must end with 0."""

    def __init__(self, program, variables=None, *options):
        self.place = tempfile.TemporaryDirectory()
        super().__init__(program, self.place.name, *options, variables=variables)

    def __exit__(self, *error):
        super().__exit__(*error)
        self.place.cleanup()

    def ask(self, method, path, body=None, expect=None, key=None, port=None, **headers):
        client = Client(port or self.port, self.key if key is None else key, f"test-{next(numbers)}")
        try:
            return client.send(method, path, body, expect, **headers)
        finally:
            client.connection.close()

    def get(self, path, expect=200, **more):
        return self.ask("GET", path, None, expect, **more)

    def post(self, path, body=None, expect=200, **more):
        return self.ask("POST", path, {} if body is None else body, expect, **more)

    def metrics(self):
        return self.get("/metrics", key="", port=self.metrics_port).text

    # --- An order that is paid

    def place_order(self, reference, **more):
        lines = [{"sku": "mug", "quantity": 1, "unit_price": eur(4500)}]
        made = served.placement(reference, **{"lines": lines, "shipping": eur(0)} | more)
        return self.post("/v1/orders", made, expect=201)["order_id"]

    def pay(self, order, reference):
        self.post(f"/v1/orders/{order}/payments",
                  {"seen": "captured", "amount": eur(4500), "reference": reference})

    def clock(self, shows="2026-03-01T09:00:00.000Z"):
        return self.post("/v1/test_clocks", {"shows": shows}, expect=201)["id"]

    def instructions(self, order):
        return self.get(f"/v1/orders/{order}/instructions")["data"]


def report():
    for problem in problems:
        print("problem:", problem)
    return 1 if problems else 0
