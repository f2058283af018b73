"""Asks a running `holdfast serve` too often, with its key, without one and with wrong ones.

Usage: limits.py PROGRAM SOURCE_FOLDER
"""

import pathlib
import re
import sys

sys.dont_write_bytecode = True
import jsonschema
import yaml

from operated import Server, check, report

program, source = sys.argv[1], pathlib.Path(sys.argv[2])
contract = yaml.load((source / "api" / "openapi.yaml").read_text(), Loader=yaml.CSafeLoader)
resolver = jsonschema.RefResolver("", contract)
components = contract["components"]


def pattern_of(header):
    return components["headers"][header]["schema"]["pattern"]


def hold_against_contract(answer, quota):
    """A 429 as the contract has it; how long it asks to wait."""
    declared = components["responses"]["TooMany"]
    jsonschema.Draft202012Validator(declared["content"]["application/problem+json"]["schema"],
                                    resolver=resolver).validate(answer.body)
    check(answer.status == 429 and answer["code"] == "rate_limited", "429 says why")
    check(answer.headers["content-type"] == "application/problem+json", "as a problem")
    for header in ("RateLimit", "RateLimit-Policy"):
        check(re.search(pattern_of(header), answer.headers[header.lower()]), header)
    check(answer.headers["ratelimit-policy"] == f'"default";q={quota};w=60', "the policy")
    wait = int(answer.headers["retry-after"])
    check(1 <= wait <= 60, "wait for the rest of the minute")
    check(answer.headers["ratelimit"] == f'"default";r=0;t={wait}', "nothing is left until then")
    return wait


def left(answer):
    return int(re.search(r"r=(\d+)", answer.headers["ratelimit"])[1])


limits = {"HOLDFAST_SERVE_KEY_REQUESTS": "5", "HOLDFAST_SERVE_ADDRESS_REQUESTS": "8",
          "HOLDFAST_SERVE_FAILED_REQUESTS": "3"}
with Server(program, limits) as server:
    other = server.post("/v1/keys", {"scopes": ["orders:read"], "expires_at": "2999-01-01T00:00:00.000Z"}, expect=201)
    check(left(other) == 4, "the first of five")
    check([left(server.get("/v1/orders")) for _ in range(2)] == [3, 2], "each counts")
    check(left(server.get("/v1/orders/nothing", expect=404)) == 1, "whatever its answer")
    check(left(server.ask("DELETE", "/v1/keys/key_0000000000000000000000000a", expect=404)) == 0, "the fifth")
    hold_against_contract(server.get("/v1/orders", expect=429), 5)
    placed = server.post("/v1/orders", {"reference": "late"}, expect=429)
    check("order_id" not in placed.body, "nothing was done")
    check(left(server.get("/v1/orders", key=other["secret"])) == 4, "another key has its own")

    # Wrong keys: three of them, and eight requests without a right one in all.
    for n in range(3):
        check(left(server.get("/v1/orders", key=f"sk_test_{n}", expect=401)) == 2 - n, "a wrong key")
    hold_against_contract(server.get("/v1/orders", key="sk_test_3", expect=429), 3)
    check(left(server.get("/v1/orders", key="", expect=401)) == 3, "without a key")
    for n in range(3):
        check(left(server.get("/openapi.json", key="")) == 2 - n, "the contract")
    hold_against_contract(server.get("/openapi.json", key="", expect=429), 8)
    hold_against_contract(server.get("/v1/orders", key="", expect=429), 8)
    server.get("/v1/orders", key=other["secret"])  # a right key is let in from there all the same
    for probe in ("/healthz", "/readyz"):
        for _ in range(20):
            check("ratelimit" not in server.get(probe, key="").headers, "probes are free")

# A window of real time passes by itself; its clock is tested in src/api/rate_limit_test.cpp.
with Server(program, {name: "0" for name in limits}) as server:
    for _ in range(20):
        check("ratelimit" not in server.get("/v1/orders").headers, "no limit")
    for n in range(20):
        server.get("/v1/orders", key=f"sk_test_{n}", expect=401)

sys.exit(report())
