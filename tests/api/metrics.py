"""Reads /metrics of a running `holdfast serve`: every line is held against the grammar of the text
format, and the numbers move when what they count happens.

Usage: metrics.py PROGRAM SOURCE_FOLDER
"""

import re
import socket
import sys

sys.dont_write_bytecode = True
from prometheus_client.parser import text_string_to_metric_families

from operated import Server, check, eur, report, wait_until

program = sys.argv[1]

# The names of docs/operation.md, with their kinds and labels.
names = {
    "holdfast_http_requests_total": ("counter", {"route", "method", "status"}),
    "holdfast_http_request_duration_seconds": ("histogram", {"route"}),
    "holdfast_commands_total": ("counter", {"command", "outcome"}),
    "holdfast_store_commit_duration_seconds": ("histogram", set()),
    "holdfast_webhook_deliveries_total": ("counter", {"outcome"}),
    "holdfast_notices_total": ("counter", {"outcome"}),
    "holdfast_clock_offset_seconds": ("gauge", set()),
    "holdfast_quarantined_orders": ("gauge", set()),
    "holdfast_sweeper_lag_seconds": ("gauge", set()),
    "holdfast_outbox_oldest_age_seconds": ("gauge", set()),
    "holdfast_instruction_unknown_oldest_age_seconds": ("gauge", set()),
    "holdfast_instructions": ("gauge", {"state"}),
    "holdfast_ledger_imbalance": ("gauge", set()),
    "holdfast_build_info": ("gauge", {"version"}),
}

name = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
label = r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"'
sample_shape = re.compile(rf"({name})(?:\{{({label}(?:,{label})*)\}})? (-?[0-9.]+(?:e[+-]?[0-9]+)?)")
comment_shape = re.compile(rf"# (HELP|TYPE) ({name}) (\S.*)")


def parse(text):
    """{(name, labels): value}, by a reader of our own that takes nothing loosely."""
    samples, kinds, current, is_told = {}, {}, None, False
    check(text.endswith("\n"), "the last line ends")
    for line in text.removesuffix("\n").split("\n"):
        if found := comment_shape.fullmatch(line):
            what, family, rest = found.groups()
            if what == "HELP":
                check(family not in kinds, f"{family} comes once")
                current = family
            else:
                check(family == current and family not in kinds, f"TYPE behind HELP: {line}")
                check(rest in ("counter", "gauge", "histogram"), line)
                kinds[family] = rest
            continue
        found = sample_shape.fullmatch(line)
        check(bool(found), f"a line that is none: {line!r}")
        if not found:
            continue
        labels = re.findall(label, found[2] or "")
        check(len({one for one, _ in labels}) == len(labels), f"a label twice: {line}")
        family = found[1]
        if kinds.get(current) == "histogram":
            check(family in (current + "_bucket", current + "_sum", current + "_count"), line)
        else:
            check(family == current, f"{family} stands below {current}")
        key = (family, tuple(sorted(labels)))
        check(key not in samples, f"twice: {line}")
        samples[key] = float(found.groups()[-1])
    for family, (kind, own) in names.items():
        check(kinds.get(family) == kind, f"{family} is a {kind}")
        for (one, labels), value in samples.items():
            if one in (family, family + "_bucket", family + "_sum", family + "_count"):
                check({key for key, _ in labels} - {"le"} == own, f"labels of {one}: {labels}")
                check(kind == "gauge" or value >= 0, f"{one} counts")
    check(set(kinds) == set(names), f"all names and no others: {set(kinds) ^ set(names)}")
    for family, kind in kinds.items():
        if kind == "histogram":
            check_histogram(samples, family)
    return samples


def check_histogram(samples, family):
    rows = {}
    for (one, labels), value in samples.items():
        if one == family + "_bucket":
            rest = tuple(pair for pair in labels if pair[0] != "le")
            rows.setdefault(rest, []).append((float(dict(labels)["le"]), value))
    for rest, buckets in rows.items():
        counts = [count for _, count in sorted(buckets)]
        check(counts == sorted(counts), f"{family}{rest} grows")
        check(max(buckets)[0] == float("inf"), f"{family}{rest} ends with +Inf")
        check(counts[-1] == samples[family + "_count", rest], f"{family}{rest} counts all")


def value(samples, one, **labels):
    return samples.get((one, tuple(sorted(labels.items()))), 0)


def walk(server):
    before = parse(server.metrics())
    check(all(v == 0 for (one, _), v in before.items() if one == "holdfast_instructions"), "no money")
    check(sum(1 for one, _ in before if one == "holdfast_instructions") == 5, "five states")
    order = server.place_order("metrics-1", clock=server.clock())
    server.pay(order, "cash-1")
    server.post(f"/v1/orders/{order}/refunds", {"amount": eur(9_000_000)}, expect=422)
    server.get("/v1/orders", key="sk_test_nonsense", expect=401)
    server.get("/no/such/place", expect=404)
    server.post("/v1/webhook_endpoints", {"url": "https://127.0.0.1:9/hook"}, expect=201)
    server.place_order("metrics-2")
    wait_until(lambda: value(parse(server.metrics()), "holdfast_webhook_deliveries_total", outcome="failed") > 0,
               "a delivery that fails is counted")
    text = server.metrics()
    after = parse(text)

    requests = "holdfast_http_requests_total"
    check(value(after, requests, route="/v1/orders", method="POST", status="201") == 2, "orders are counted")
    check(value(after, requests, route="/v1/orders", method="GET", status="401") == 1, "and who may not")
    check(value(after, requests, route="none", method="GET", status="404") == 1, "a place that is none")
    check(not any("/v1/orders/ord_" in str(labels) for _, labels in after), "no ids among labels")
    check(value(after, "holdfast_http_request_duration_seconds_count", route="/v1/orders") == 3, "durations")
    commands = "holdfast_commands_total"
    check(value(after, commands, command="place", outcome="done") == 2, "commands")
    check(value(after, commands, command="refund", outcome="refused") == 1, "refusals")
    commits = "holdfast_store_commit_duration_seconds_count"
    check(value(after, commits) >= value(before, commits) + 3, "commits are timed")
    check(value(after, "holdfast_store_commit_duration_seconds_sum") > 0, "and take time")
    check(value(after, "holdfast_ledger_imbalance") == 0, "the books are balanced")
    check(value(after, "holdfast_outbox_oldest_age_seconds") > 0, "the notice is not out")

    # Another's reader understands the same.
    theirs = {(s.name, tuple(sorted(s.labels.items()))): s.value
              for family in text_string_to_metric_families(text) for s in family.samples}
    check(theirs == after, f"two readers differ: {set(theirs.items()) ^ set(after.items())}")


with Server(program, {}, "--metrics-port", "0") as server:
    walk(server)
    server.ask("GET", "/metrics", expect=404)
    server.ask("GET", "/v1/orders", port=server.metrics_port, expect=404)
    server.ask("POST", "/metrics", port=server.metrics_port, expect=405)

# Set, and asked for at an address of its own; nobody else hands it out.
with socket.socket() as free:
    free.bind(("127.0.0.2", 0))
    port = free.getsockname()[1]
variables = {"HOLDFAST_SERVE_METRICS_PORT": str(port), "HOLDFAST_SERVE_METRICS_ADDRESS": "127.0.0.2"}
with Server(program, variables) as server, socket.create_connection(("127.0.0.2", port), timeout=60) as there:
    there.sendall(b"GET /metrics HTTP/1.1\r\nHost: there\r\nConnection: close\r\n\r\n")
    check(there.makefile("rb").readline() == b"HTTP/1.1 200 OK\r\n", "at the address that was set")

sys.exit(report())
