"""Walks through the HTTP interface of a running `holdfast serve`, as a marketplace would, and holds
every answer against api/openapi.yaml: its status, its headers and its body.

Usage: walk.py PROGRAM SOURCE_FOLDER

Ends with 1 if an answer is not as the contract says, if a check fails, or if an operation was never
answered with success. Says at the end how many operations and statuses were reached.
"""

import base64
import collections
import contextlib
import datetime
import hmac
import http.client
import json
import os
import pathlib
import re
import sys
import tempfile
import time
import urllib.parse

import jsonschema
import yaml

sys.dont_write_bytecode = True
import served
from served import Life, eur, placement, total

program, source = sys.argv[1], pathlib.Path(sys.argv[2])
contract = yaml.load((source / "api" / "openapi.yaml").read_text(), Loader=yaml.CSafeLoader)
resolver = jsonschema.RefResolver("", contract)
problems, reached = [], collections.defaultdict(set)
signing_secret = "whsec_walk"
path_secret = "k" * 20 + "0123456789abcdef"


def resolved(node):
    while "$ref" in node:
        node = resolver.resolve(node["$ref"])[1]
    return node


def operations():
    for path, item in contract["paths"].items():
        shape = re.compile("^" + re.sub(r"\{\w+\}", "[^/]+", path) + "$")
        for method, operation in item.items():
            if method != "parameters":
                yield method.upper(), path, shape, operation


limits = {name.lower(): resolved(contract["components"]["headers"][name])["schema"]["pattern"]
          for name in ("RateLimit", "RateLimit-Policy")}
table = sorted(operations(), key=lambda row: row[1].count("{"))


def find(method, path):
    for its_method, _, shape, operation in table:
        if its_method == method and shape.match(path):
            return operation
    return None


def hold_against(operation, answer, what):
    """The answer against what the contract says of this operation."""
    responses = operation["responses"]
    declared = responses.get(str(answer.status), responses.get("default"))
    if not declared or (answer.status < 300 and str(answer.status) not in responses):
        problems.append(f"{what}: status {answer.status} is not declared")
        return
    declared = resolved(declared)
    for name, header in declared.get("headers", {}).items():
        header = resolved(header)
        value = answer.headers.get(name.lower())
        if value is None and header.get("required"):
            problems.append(f"{what}: no {name}")
        schema = resolved(header.get("schema", {}))
        if value is not None and "pattern" in schema and not re.search(schema["pattern"], value):
            problems.append(f"{what}: {name}: {value}")
    is_counted = answer.status not in (406, 413)  # what HTTP itself says comes first
    if is_counted and operation["operationId"] not in ("get_health", "get_readiness", "take_stripe_callback", "take_push"):
        for name, shape in limits.items():
            if not re.search(shape, answer.headers.get(name, "")):
                problems.append(f"{what}: {name}: {answer.headers.get(name)}")
    content = declared.get("content")
    if not content:
        if answer.text:
            problems.append(f"{what}: a body where there is none")
        return
    kind = answer.headers.get("content-type", "").split(";")[0]
    if kind not in content:
        problems.append(f"{what}: media type {kind}")
        return
    if answer.body is None:
        return
    schema = content[kind]["schema"]
    validator = jsonschema.Draft202012Validator(
        schema, resolver=resolver, format_checker=jsonschema.draft202012_format_checker
    )
    for error in list(validator.iter_errors(answer.body))[:3]:
        place = "/".join(str(one) for one in error.absolute_path)
        problems.append(f"{what}: /{place}: {error.message[:200]}")


class Client(served.Client):
    def judge(self, method, path, answer, expect):
        operation = find(method, urllib.parse.urlsplit(path).path)
        what = f"{method} {path}"
        if operation:
            reached[operation["operationId"]].add(answer.status)
            hold_against(operation, answer, what)
        if expect is not None and answer.status != expect:
            problems.append(f"{what}: expected {expect}, got {answer.status}: {answer.text[:300]}")


def check(holds, what):
    if not holds:
        problems.append(what)


anything = "0" * 64


def walk_not_received(client):
    life = Life(client, "not-received")
    early = life.post("/disputes", {"as": "buyer", "reason": "not_received"}, expect=422)
    check(early["code"] == "not_granted" and "opens_at" in early.body, "an early dispute")
    life.at("2026-04-02T08:30:00.000Z")
    view = client.get(life.path + "?as=buyer")
    check(any(a["action"] == "open_dispute" for a in view["actions"]), "a buyer's actions")
    wish = {"as": "buyer", "reason": "not_received", "wanted": "full_refund"}
    before = view["version"]
    shown = life.post("/disputes?preview=true", wish)
    check(client.get(life.path)["version"] == before, "a preview changes nothing")
    opened = life.post("/disputes", wish, expect=201, key="open-1")
    check([e["type"] for e in opened["events"]] == [e["type"] for e in shown["events"]], "preview")
    again = life.post("/disputes", wish, expect=201, key="open-1")
    check(again["replayed"] and again["events"] == opened["events"], "the same receipt again")
    check(again.headers.get("idempotency-replayed") == "true", "Idempotency-Replayed")
    life.post("/disputes", wish | {"reason": "late"}, expect=422, key="open-1")
    life.post("/disputes", {"as": "buyer", "reason": "late"}, expect=409)
    dispute = "/v1/disputes/" + opened["made"]["dispute_id"]
    client.get(dispute + "?as=seller")
    client.get(life.path + "/disputes")
    client.post(dispute + "/modify", {"as": "buyer", "wanted": "partial_refund_keep", "amount": eur(3000)})
    client.post(dispute + "/respond", {"as": "seller"})
    offer = client.post(
        dispute + "/offers",
        {"as": "seller", "plan": {"then": {"remedy": "partial_refund_keep", "amount": eur(1000)}},
         "expires_at": "2026-04-10T00:00:00.000Z"},
    )["made"]["offer_id"]
    client.post(f"/v1/offers/{offer}/accept", {"as": "seller"}, expect=422)
    client.post(f"/v1/offers/{offer}/decline", {"as": "buyer"})
    client.post(f"/v1/offers/{offer}/accept", {"as": "buyer"}, expect=409)
    offer = client.post(dispute + "/offers", {"as": "seller", "plan": {"then": {"remedy": "full_refund"}}})
    client.post(f"/v1/offers/{offer['made']['offer_id']}/accept", {"as": "buyer"})
    told = client.get(life.path + "/instructions")["data"][0]
    check(told["amount"] == eur(total) and told["state"] == "pending", "the refund is told")
    leaves = lambda: {one["id"]: one for one in client.get("/v1/outgoing")["data"]}
    waits = leaves()[told["id"]]
    check(waits["sending"] in ("pending", "unknown") and waits["reference"] == "not-received", "what is to leave")
    client.post(f"/v1/instructions/{told['id']}/settle", {"state": "failed"})
    failed = leaves()[told["id"]]
    check(failed["state"] == "failed" and "sending" not in failed, "what failed waits for a person")
    client.post(f"/v1/instructions/{told['id']}/repeat", {})
    check(told["id"] not in leaves() and life.thing("ins", 2) in leaves(), "what took its place is to leave")
    client.post(f"/v1/instructions/{told['id']}/repeat", {}, expect=409)
    client.post(f"/v1/instructions/{life.thing('ins', 2)}/settle", {"state": "succeeded"})
    client.post(f"/v1/instructions/{life.thing('ins', 9)}/settle", {"state": "succeeded"}, expect=404)
    check(life.thing("ins", 2) not in leaves(), "what is settled has left")
    client.get("/v1/outgoing?limit=3", expect=400)
    money = client.get(life.path)["money"]
    check(money["refunded"] == total and money["held"] == 0, "all is refunded")
    entries = client.get(life.path + "/entries?limit=100")["data"]
    check(sum(e["amount"]["amount"] for e in entries) == 0, "entries sum to zero")
    life.post("/cancel", {"as": "buyer"}, expect=409)
    events = client.get(life.path + "/events?limit=2")
    check(events["has_more"] and events["data"][0]["sequence"] == 1, "events, the oldest first")
    more = client.get(life.path + "/events?limit=100&cursor=" + events["next_cursor"])
    check(more["data"][0]["sequence"] == 3, "the next page goes on")
    client.get(life.path + "/events?cursor=c1.00000000.2", expect=400)
    client.get("/v1/events/" + events["data"][0]["id"])
    why = client.get(life.path + "/explain?action=open_dispute&reason=not_received&as=buyer")
    check(why["clauses"] and not why["allowed"], "an explanation")
    client.get(life.path + "/explain?action=dance", expect=400)
    client.post(f"/v1/shipments/{life.shipment}/scans", {"kind": "delivered"})
    client.post(f"/v1/shipments/{life.shipment}/settle_arrival", {"as": "buyer", "choice": "pay"})
    client.post(f"/v1/shipments/{life.shipment}/settle_arrival", {"as": "buyer", "choice": "pay"}, expect=409)


def walk_not_as_described(client):
    life = Life(client, "not-as-described")
    life.at("2026-03-10T09:00:00.000Z")
    client.post(f"/v1/shipments/{life.shipment}/scans", {"kind": "delivered_signed"})
    client.post(f"/v1/shipments/{life.shipment}/withdraw_scan", {"kind": "delivered_signed"})
    client.post("/v1/scans/batch", {"scans": [
        {"shipment_id": life.shipment, "kind": "delivered"},
        {"shipment_id": life.thing("shp", 7), "kind": "delivered"}]})
    life.at("2026-03-11T09:00:00.000Z")
    dispute = life.dispute("not_as_described", wanted="return_for_full_refund", has_evidence=True,
                           lines=[{"line": 1, "quantity": 2}])
    client.post(dispute + "/evidence", {"as": "buyer", "kind": "photo", "content": anything})
    client.post(dispute + "/respond", {"as": "seller"})
    client.post(dispute + "/escalate", {})
    client.post(dispute + "/request_evidence", {"of": "seller", "due_at": "2026-03-13T00:00:00.000Z"})
    client.post(dispute + "/request_evidence", {"of": "seller", "due_at": "2026-03-01T00:00:00.000Z"}, expect=422)
    client.post(dispute + "/evidence", {"as": "seller", "kind": "photo", "content": anything})
    verdict = {"settlement": {"remedy": "return_for_full_refund", "amount": eur(9980)},
               "winner": "buyer", "codes": ["item_differs"]}
    client.post(dispute + "/decide", {"verdict": verdict | {"codes": []}}, expect=400)
    check(client.get(dispute + "/decisions")["data"] == [], "nothing was decided")
    letter = client.post(dispute + "/decide?preview=true", {"verdict": verdict})["letter"]
    client.post(dispute + "/decide", {"verdict": verdict})
    check(client.get(dispute + "/decisions")["data"] == [letter], "the letter is what was shown before")
    check(letter["decided_by"] == "program" and letter["grounds"] == ["The item differs from its description."],
          f"a letter's grounds: {letter}")
    check(any("appeal until 2026-03-18" in one for one in letter["appeals"]), f"how to appeal: {letter['appeals']}")
    client.post(dispute + "/appeal", {"as": "seller", "has_new_information": True})
    client.post(dispute + "/decide", {"verdict": verdict})
    later = client.get(dispute + "/decisions")["data"]
    check(later[1] == letter and "no appeal" in later[0]["appeals"][0], "a letter stays as it was")
    client.get(dispute[:-1] + "9/decisions", expect=404)
    client.get(dispute + "/decisions?as=buyer", expect=400)
    client.post(dispute + "/prepare_return", {"as": "seller", "address": "ab" * 32, "label": "seller"})
    check(client.get(dispute)["return"]["address"] == {"hash": "ab" * 32, "erased": False},
          "an address that is kept elsewhere")
    client.post(dispute + "/send_return", {"as": "buyer", "tracking": "RR2"})
    client.post(dispute + "/return_delivered", {})
    client.post(dispute + "/contest_return", {"as": "seller", "condition": "as_sent_out"}, expect=400)
    client.post(dispute + "/receive_return", {"as": "seller"})
    check(client.get(dispute)["phase"] == "closed", "a return ends the dispute")
    client.post(dispute + "/link_upstream", {"as": "seller", "system": "aliexpress", "reference": "3099"})
    client.post(dispute + "/upstream_granted", {"amount": eur(500)})
    client.get(dispute[:-1] + "9", expect=404)


def walk_contested_return(client):
    life = Life(client, "contested")
    client.post(f"/v1/shipments/{life.shipment}/scans", {"kind": "delivered"})
    life.at("2026-03-05T09:00:00.000Z")
    dispute = life.dispute("damaged", wanted="return_for_full_refund")
    offer = client.post(dispute + "/offers", {"as": "seller", "plan": {"then": {
        "remedy": "return_for_full_refund", "amount": eur(total)}}})["made"]["offer_id"]
    client.post(f"/v1/offers/{offer}/accept", {"as": "buyer"})
    client.post(dispute + "/send_return", {"as": "buyer", "tracking": "RR3"})
    client.post(dispute + "/contest_return", {"as": "seller", "condition": "other_item"}, expect=422)
    client.post(dispute + "/return_delivered", {})
    client.post(dispute + "/contest_return", {"as": "seller", "condition": "other_item"})
    check(client.get(dispute)["phase"] == "escalated", "a contested return comes to the platform")
    client.post(dispute + "/withdraw", {"as": "buyer"})


def walk_order(client):
    life = Life(client, "authorised", paid=False, shipped=False)
    life.post("/payments", {"seen": "authorised", "amount": eur(total), "reference": "pi_2",
                            "until": "2026-03-08T00:00:00.000Z"})
    life.post("/payments", {"seen": "authorisation_ended"})
    life.post("/payments", {"seen": "captured", "amount": {"amount": 1, "currency": "USD"}}, expect=422)
    life.pay()
    life.post("/cancel", {"as": "buyer"})
    check(client.get(life.path)["state"] == "cancelled", "cancelled before it was shipped")
    life.post("/decline_cancel", {"as": "seller"}, expect=409)
    asking = Life(client, "asks-to-cancel", shipped=False, item_marks=["custom_made"])
    asking.post("/cancel", {"as": "buyer"})
    asking.post("/decline_cancel", {"as": "seller"})
    other = Life(client, "extended")
    other.post("/request_extension", {"as": "buyer", "days": 10})
    other.post("/extend", {"as": "seller", "days": 10})
    check(client.get(other.path)["promised_by"] == "2026-04-10", "a longer promise")
    other.post("/extend", {"as": "buyer", "days": 10}, expect=403)
    other.post("/refunds", {"as": "seller", "lines": [{"line": 2, "quantity": 1}], "amount": eur(500)})
    other.post("/refunds", {"amount": eur(9_000_000)}, expect=422)
    other.post("/compensations", {"as": "seller", "what": "goodwill", "amount": eur(100)})
    other.post("/gifts", {"as": "seller", "sku": "sticker"})
    chargeback = other.post("/chargebacks", {"amount": eur(1000), "evidence_due": "2026-04-20T00:00:00.000Z"})
    path = "/v1/chargebacks/" + chargeback["made"]["chargeback_id"]
    client.post(path + "/answer", {"as": "seller", "content": anything})
    client.post(path + "/resolve", {"state": "won"})
    stale = client.post(other.path + "/confirm_receipt", {"as": "buyer"}, expect=412, If_Match='"1"')
    check(stale["version"] > 1, "the version that it has")
    other.post("/confirm_receipt", {"as": "buyer"})
    check(client.get(other.path)["state"] == "completed", "confirmed")


def texts_of(client, life, reader, more=""):
    return [one["text"] for one in client.get(f"{life.path}/messages?as={reader}{more}")["data"]]


def walk_messages(client, port):
    life = Life(client, "messages", buyer={"reference": "writes"}, seller={"reference": "answers"})
    asks = "Where is it?\nIt was to be here on Monday \u2013 \U0001F69A"
    before = client.get(life.path)["version"]
    shown = life.post("/messages?preview=true", {"as": "buyer", "text": asks})
    check([e["type"] for e in shown["events"]] == ["order.message_sent"], "a preview of a message")
    check(client.get(life.path)["version"] == before and not client.get(life.path + "/messages")["data"],
          "a preview keeps nothing")
    for text in ("", "bell \a", "tab\t", "\x7f", "\x85", "x" * 4001, "\U0001F69A" * 4001):
        life.post("/messages", {"as": "buyer", "text": text}, expect=400)
    life.post("/messages", {"as": "buyer"}, expect=400)
    life.post("/messages", {"as": "buyer", "text": asks, "to": "seller"}, expect=400)
    life.post("/messages", {"as": "buyer", "text": asks, "dispute_id": life.thing("dsp")}, expect=404)
    life.post("/messages", {"as": "buyer", "text": asks, "files": [anything]}, expect=422)
    life.post("/messages", {"as": "buyer", "text": asks}, expect=412, If_Match='"1"')
    client.post("/v1/orders/ord_0000000000000000000000000a/messages", {"text": asks}, expect=404)
    sent = life.post("/messages", {"as": "buyer", "text": asks}, key="ask-1")
    check(sent["made"] == {"message_id": life.thing("msg")}, "the id of a message")
    again = life.post("/messages", {"text": asks, "as": "buyer"}, key="ask-1")
    check(again["replayed"] and again["events"] == sent["events"], "a message again is the same")
    life.post("/messages", {"as": "buyer", "text": "Another"}, expect=422, key="ask-1")
    life.post("/messages", {"as": "seller", "text": "It is late, we are sorry."})
    life.post("/messages", {"as": "seller", "text": "The carrier lost it.", "to": "platform"})
    life.post("/messages", {"text": "Watch this seller.", "to": "platform"})
    life.post("/messages", {"text": "\U0001F69A" * 4000})
    check(any(a["action"] == "send_message" for a in client.get(life.path + "?as=seller")["actions"]), "may write")

    seen = {reader: texts_of(client, life, reader) for reader in ("buyer", "seller", "platform")}
    check(len(seen["platform"]) == 5 and seen["platform"][-1] == asks, "the platform sees all, the newest first")
    check(len(seen["buyer"]) == 3 and "The carrier lost it." not in seen["buyer"], "what a buyer sees")
    check(len(seen["seller"]) == 4 and "Watch this seller." not in seen["seller"], "what a seller sees")
    first = client.get(life.path + "/messages?as=buyer&limit=2")
    life.post("/messages", {"as": "seller", "text": "One more."})
    check(texts_of(client, life, "buyer", "&cursor=" + first["next_cursor"]) == [asks], "a page is not moved by what is new")
    client.get(life.path + "/messages?as=seller&cursor=" + first["next_cursor"], expect=400)
    client.get(life.path + "/messages?as=either", expect=400)
    told = [e for e in client.get(life.path + "/events?limit=100")["data"] if e["type"] == "order.message_sent"]
    check(len(told) == 6 and not any("sorry" in json.dumps(e) or "Where" in json.dumps(e) for e in told), "events have no text")

    soon = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(time.time() + 3600))
    buyer, seller = (Client(port, client.post(life.path + "/links", {"as": side, "expires_at": soon}, expect=201)["token"])
                     for side in ("buyer", "seller"))
    check([one["text"] for one in buyer.get(life.path + "/messages")["data"]] == texts_of(client, life, "buyer"), "by link")
    buyer.get(life.path + "/messages?as=seller", expect=403)
    buyer.post(life.path + "/messages", {"as": "seller", "text": "x"}, expect=403)
    buyer.post(life.path + "/messages", {"text": "By link."})

    life.at("2026-04-02T08:30:00.000Z")
    dispute = life.dispute("not_received", wanted="full_refund")
    form = b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\nNothing at the door.\r\n--b--'
    content = client.send("POST", dispute + "/files", form, expect=201,
                          Content_Type="multipart/form-data; boundary=b")["content"]
    about = {"dispute_id": dispute.rsplit("/", 1)[1], "text": "See the photo.", "files": [content]}
    life.post("/messages", about | {"as": "buyer", "files": [content] * 2}, expect=422)
    life.post("/messages", about | {"as": "buyer", "files": [anything] * 11}, expect=400)
    life.post("/messages", about | {"as": "buyer", "to": "platform"})
    check(client.get(dispute + "/files/" + content).status == 200, "the platform reads the file")
    check(buyer.get(dispute + "/files/" + content).status == 200, "and its sender")
    seller.get(dispute + "/files/" + content, expect=404)
    life.post("/messages", about | {"as": "buyer"})
    check(seller.get(dispute + "/files/" + content).status == 200, "now the other side")
    newest = client.get(life.path + "/messages?limit=1")["data"][0]
    check(newest["dispute_id"] == about["dispute_id"] and newest["files"] == [content], "what it is about")


def walk_erasure(client):
    life = Life(client, "erased", buyer={"reference": "forgets"}, seller={"reference": "stays"})
    party = {side: "/v1/parties/" + client.get(life.path)[side] for side in ("buyer", "seller")}
    client.post(party["buyer"] + "/erase", expect=404)  # nothing is known of it yet
    life.post("/messages", {"as": "buyer", "text": "I am Ann Example."}, key="ann-1")
    life.post("/messages", {"as": "seller", "text": "Hello Ann."})
    client.post(f"/v1/shipments/{life.shipment}/scans", {"kind": "delivered"})
    life.at("2026-03-05T09:00:00.000Z")
    dispute = life.dispute("damaged", wanted="return_for_full_refund")
    offer = client.post(dispute + "/offers", {"as": "seller", "plan": {"then": {
        "remedy": "return_for_full_refund", "amount": eur(total)}}})["made"]["offer_id"]
    client.post(f"/v1/offers/{offer}/accept", {"as": "buyer"})
    place = {"as": "seller", "address_text": "12 Kiln Lane\n04109 Leipzig"}
    client.post(dispute + "/prepare_return", place | {"address": anything}, expect=400)
    client.post(dispute + "/prepare_return", place, key="place-1")
    client.post(dispute + "/prepare_return", place, key="place-1")
    for reader in ("buyer", "seller", "platform"):
        address = client.get(f"{dispute}?as={reader}")["return"]["address"]
        check(address["text"] == place["address_text"] and not address["erased"], f"the {reader} sees where to")

    done = client.post(party["buyer"] + "/erase", key="erase-1")
    check(done["texts"] == 1 and done["party_id"] == party["buyer"].rsplit("/", 1)[1], "what was erased")
    again = client.post(party["buyer"] + "/erase", key="erase-1")
    check(again.body == done.body and again.headers.get("idempotency-replayed") == "true", "an erasure again")
    check(client.post(party["buyer"] + "/erase")["texts"] == 0, "nothing is left to erase")
    client.post(party["seller"] + "/erase", expect=422, key="erase-1")
    client.post("/v1/parties/pty_0000000000000000000000000a/erase", expect=404)
    newest, oldest = client.get(life.path + "/messages")["data"]
    check("text" not in oldest and oldest["erased"] and newest["text"] == "Hello Ann.", "one side's is erased")
    life.post("/messages", {"as": "buyer", "text": "I am Ann Example."}, expect=422, key="ann-1")
    check("text" not in client.get(life.path + "/messages")["data"][1], "a request again brings nothing back")
    life.post("/messages", {"as": "buyer", "text": "I am here again."})
    client.post(party["seller"] + "/erase")
    address = client.get(dispute)["return"]["address"]
    check("text" not in address and address["erased"], "an address is erased")


def walk_queue(client):
    life = Life(client, "queued")
    life.at("2026-04-02T08:30:00.000Z")
    before = client.get("/v1/overview")
    dispute = life.dispute("not_received", wanted="full_refund").removeprefix("/v1/disputes/")
    after = client.get("/v1/overview")
    check(after["disputes"]["negotiating"] == before["disputes"].get("negotiating", 0) + 1, "a dispute more")
    check(after["waits_for"]["seller"] == before["waits_for"].get("seller", 0) + 1, "who is waited for")
    check(after["trend"][-1]["disputes_opened"] == before["trend"][-1]["disputes_opened"] + 1, "opened today")
    check(after["held"] == before["held"] and any(one["currency"] == "EUR" for one in after["held"]), "what is held")
    queue = client.pages("/v1/disputes")
    row = next(one for one in queue if one["id"] == dispute)
    check(row["reference"] == "queued" and row["at"] == "2026-04-02T08:30:00.000Z", "the row's order and clock")
    check(row["waits_for"] == ["seller"] and row["next"]["action"] == "refund", f"what is next: {row.get('next')}")
    check(row["next"]["at"] == "2026-04-07T08:30:00.000Z", "and when")
    check([one["id"] for one in client.get("/v1/disputes?limit=1")["data"]] == [queue[0]["id"]], "a page of it")
    client.get("/v1/disputes?phase=none", expect=400)
    client.get("/v1/overview?of=all", expect=400)
    client.post(f"/v1/disputes/{dispute}/withdraw", {"as": "buyer"})
    check(all(one["id"] != dispute for one in client.pages("/v1/disputes")), "a closed one is not in the queue")

    other = Life(client, "like-it")
    other.at("2026-04-02T08:30:00.000Z")
    other = other.dispute("not_received", wanted="full_refund")
    like = client.get(other + "/similar")
    past = next(one for one in like["data"] if one["dispute_id"] == dispute)
    check((past["ended_by"], past["given"]) == ("withdrawal", "nothing"), "how one like it ended")
    check(past["shares"] == ["terms", "escalated", "buyer_evidence", "seller_evidence"], "what they share")
    endings = sum(one["count"] for one in like["endings"])
    check(len(like["data"]) <= endings <= like["looked_at"] and not like["is_cut"], "how many were looked at")
    check(all("/v1/disputes/" + one["dispute_id"] != other for one in like["data"]), "not itself")
    client.get(other[:-1] + "9/similar", expect=404)
    client.get(other + "/similar?limit=3", expect=400)


def walk_forecast(client):
    life = Life(client, "foreseen")
    before = client.get(life.path)["version"]
    alone = client.get(life.path + "/forecast")
    check(all(step["by"] == "time" for step in alone["steps"]) and alone["silent"] == "both", "time alone")
    silent = client.get(life.path + "/forecast?silent=seller")
    check(any(step["by"] == "buyer" and "dispute.opened" in step["events"] for step in silent["steps"]), "the buyer claims")
    check(silent["money"]["refunded"] == total and silent["money"]["held"] == 0, f"and is paid: {silent['money']}")
    comes = client.get(life.path + "/forecast?silent=buyer&arrives_at=2026-03-20T12:00:00.000Z&as=seller")
    check((comes["steps"][0]["by"], comes["steps"][0]["at"]) == ("carrier", "2026-03-20T12:00:00.000Z"), "it comes")
    check(comes["state"] == "completed" and comes["money"]["refunded"] == 0, "and is paid for")
    check(any(step.get("clause") for step in comes["steps"]), "under a clause")
    client.get(life.path + "/forecast?silent=nobody", expect=400)
    client.get(life.path + "/forecast?arrives_at=soon", expect=400)
    check(client.get(life.path)["version"] == before, "nothing of it has happened")


def walk_lists(client):
    key = "batch-1"
    body = {"orders": [placement("batch-a"), placement("batch-b", terms={"terms_id": "nobody's"})]}
    done = client.post("/v1/orders/batch", body, key=key)
    check([r["status"] for r in done["results"]] == [201, 422], "a batch, each by itself")
    again = client.post("/v1/orders/batch", body, key=key)
    check(again["results"][0]["receipt"]["replayed"], "a batch again")
    client.post("/v1/orders/batch", {"orders": []}, expect=400)
    client.post("/v1/orders", placement("batch-a", placed_at="2026-03-02T09:00:00.000Z"), expect=409)
    client.post("/v1/orders", placement("batch-a"), expect=409)
    client.post("/v1/orders", placement("x") | {"lines": []}, expect=400)
    client.post("/v1/orders?preview=true", placement("previewed"))
    seen, cursor = [], ""
    while True:
        page = client.get("/v1/orders?limit=3" + cursor)
        seen += [order["id"] for order in page["data"]]
        if not page["has_more"]:
            break
        cursor = "&cursor=" + page["next_cursor"]
    check(len(seen) == len(set(seen)) and len(seen) >= 7, "all orders, each once")
    check(len(client.get("/v1/orders?reference=batch-a")["data"]) == 1, "an order by its reference")
    check(not client.get("/v1/orders?created_at_lt=2026-01-01T00:00:00.000Z")["data"], "no older ones")
    client.get("/v1/orders?limit=101", expect=400)
    client.get("/v1/orders?limit=3&nonsense=1", expect=400)
    client.get("/v1/orders/" + seen[0][:-1] + ("0" if seen[0][-1] != "0" else "1"), expect=404)
    client.get("/v1/orders/nothing", expect=404)
    walk_queue(client)
    feed = client.get("/v1/events?limit=100&types=order.placed,dispute.*")
    check(all(e["type"] == "order.placed" or e["type"].startswith("dispute.") for e in feed["data"]), "types")
    after = client.get("/v1/events?limit=5&after=" + feed["data"][0]["id"])
    check(after["data"][0]["id"] != feed["data"][0]["id"], "behind an event")
    client.get("/v1/events/evt_01kjma0fm0000000000000000", expect=404)
    client.get("/v1/terms")
    client.get("/v1/terms/marketplace")
    client.get("/v1/terms/none", expect=404)


def walk_parties(client):
    party = client.post("/v1/parties", {"reference": "seller-9"}, expect=201, key="party-9")
    check(client.post("/v1/parties", {"reference": "seller-9"}, expect=201, key="party-9")["id"] == party["id"], "again")
    path = "/v1/parties/" + party["id"]
    client.get(path)
    client.get("/v1/parties/pty_0000000000000000000000000a", expect=404)
    client.post(path + "/set_reserve", {"basis_points": 1000, "days": 30})
    client.post(path + "/set_reserve", {"basis_points": 10001, "days": 30}, expect=400)
    client.post(path + "/set_payout_account", {"account": "acct_1"})
    client.post(path + "/set_deposit_cover", {"covers_debt": True})
    client.post(path + "/deposits", {"reference": "py_1", "amount": eur(50_000)})
    client.post(path + "/deposits", {"reference": "py_1", "amount": eur(50_001)}, expect=409)
    client.post(path + "/return_deposit?preview=true", {"amount": eur(30_000)})
    client.post(path + "/return_deposit", {"amount": eur(30_000)})
    client.post(path + "/return_deposit", {"amount": eur(30_000)}, expect=422)
    client.post(path + "/holds", {"reason": "new_seller"})
    client.post(path + "/holds", {"reason": "new_seller"}, expect=409)
    client.post(path + "/payouts", {"currency": "EUR"}, expect=409)
    client.post(path + "/lift_hold", {"reason": "new_seller"})
    payout = client.post(path + "/payouts", {"currency": "EUR", "at_least": eur(1000)})["made"]["payout_id"]
    client.post(f"{path}/payouts/{payout}/settle", {"state": "succeeded"})
    client.post(f"{path}/payouts/{payout[:-1]}9/settle", {"state": "succeeded"}, expect=404)
    client.post(path + "/fines", {"amount": eur(60_000), "clause": "SELLER-7", "reason": "false_tracking"})
    client.post(path + "/debt_payments", {"reference": "py_2", "amount": eur(10_000)})
    bearer = client.post("/v1/parties", {"reference": "operator"}, expect=201)["id"]
    client.post(path + "/write_off_debt", {"amount": eur(1_000), "by": bearer})
    balances = client.get(path + "/balances")["balances"]
    check(balances and sum(balances[0][a] for a in (
        "payable", "reserve", "debt", "payout", "deposit", "fines", "bank", "transit")) == 0, "a party's books")
    span = "currency=EUR&from=2020-01-01T00:00:00.000Z&until=2999-01-01T00:00:00.000Z"
    statement = client.get(f"{path}/statement?{span}&limit=100")
    check(statement["opening_balance"]["amount"] + sum(l["amount"]["amount"] for l in statement["data"])
          == statement["closing_balance"]["amount"], "a statement adds up")
    client.get(path + "/statement?currency=EUR", expect=400)
    check(sum(e["amount"]["amount"] for e in client.get(path + "/entries?limit=100")["data"]) == 0, "entries")
    walk_conduct(client, path, "/v1/parties/" + bearer)


def walk_conduct(client, path, other):
    metrics = client.get(path + "/metrics?days=365")
    check(all(figure["count"] == 0 for figure in metrics["figures"]), "figures of nobody's orders")
    client.get(path + "/metrics?days=0", expect=400)
    client.get("/v1/parties/nobody/metrics", expect=404)
    check(client.get(path + "/metrics/seller.faults")["data"] == [], "causes of nothing")
    client.get(path + "/metrics/seller.virtues", expect=404)
    client.get(path + "/metrics/seller.faults?cursor=c1.x", expect=400)
    seller = client.get("/v1/orders?limit=1")["data"][0]["seller"]
    seller = client.get(f"/v1/parties/{seller}/metrics?until=2027-01-01T00:00:00.000Z&days=3650")
    check(seller["figures"][7]["figure"] == "seller.orders" and seller["figures"][7]["count"] > 0, "a seller's orders")
    told = client.post(path + "/identities", {"kind": "email", "value": "Ann@Shop.example"})
    check(client.post(path + "/identities", {"kind": "email", "value": "ann@shop.example "})["at"] == told["at"], "told twice")
    client.post(path + "/identities", {"kind": "face", "value": "x"}, expect=400)
    client.post(path + "/identities", {"kind": "phone", "value": "none"}, expect=400)
    client.post("/v1/parties/nobody/identities", {"kind": "email", "value": "a@b.example"}, expect=404)
    check(client.get(path + "/linked")["data"] == [], "linked to nobody")
    client.post(other + "/identities", {"kind": "email", "value": "ann@shop.example"})
    linked = client.get(path + "/linked")["data"]
    check([one["party_id"] for one in linked] == [other[len("/v1/parties/"):]], "linked by a mail address")
    check([one["kind"] for one in linked[0]["shared"]] == ["email"], "what is shared")
    check("with_linked" in client.get(path + "/metrics"), "figures with the linked ones")
    client.post(other + "/identities", {"kind": "email", "value": "ann@shop.example", "withdrawn": True})
    check(client.get(path + "/linked")["data"] == [], "linked no more")
    client.get("/v1/parties/nobody/linked", expect=404)


def walk_notices(client):
    life = Life(client, "told")
    life.at("2026-04-02T08:30:00.000Z")
    dispute = life.dispute("not_received", wanted="full_refund")
    opened = next(e for e in client.get(life.path + "/events?limit=100")["data"] if e["type"] == "dispute.opened")
    told = {"of": "seller", "sequence": opened["sequence"], "by": "portal", "state": "delivered",
            "when": "2026-04-02T08:29:00.000Z"}
    client.post(life.path + "/notices", told | {"of": "platform"}, expect=400)
    client.post(life.path + "/notices", told | {"state": "queued"}, expect=400)
    client.post(life.path + "/notices", told | {"sequence": 999}, expect=422)
    made = client.post(life.path + "/notices", told, key="told-1")["made"]["notice_ids"]
    check(made == [life.thing("ntc")], f"a notice has an id: {made}")
    check(client.post(life.path + "/notices", told, key="told-1")["replayed"], "told again")
    notice = client.get(life.path + "/notices")["data"][0]
    check((notice["id"], notice["of"], notice["by"], notice["state"]) == (made[0], "seller", "portal", "delivered"),
          f"what is known: {notice}")
    check(notice["about"] == {"id": opened["id"], "type": "dispute.opened", "sequence": opened["sequence"]}, "of what")
    check(client.get(dispute)["notified_at"] == "2026-04-02T08:30:00.000Z", "known from when it was told here")
    client.post(life.path + "/notices", told | {"by": "mail", "state": "sent", "code": "250 2.0.0"})
    path = f"/v1/notices/{life.thing('ntc', 2)}/report"
    client.post(path, {"state": "bounced", "code": "550 5.1.1"})
    client.post(path, {"state": "delivered"})
    client.post(path, {"state": "queued"}, expect=400)
    client.post(f"/v1/notices/{life.thing('ntc', 9)}/report", {"state": "delivered"}, expect=404)
    client.post("/v1/notices/nothing/report", {"state": "delivered"}, expect=404)
    states = [one["state"] for one in client.get(life.path + "/notices?limit=1")["data"]]
    check(states == ["bounced"], f"what came back was not delivered: {states}")
    client.get("/v1/orders/nothing/notices", expect=404)
    client.get(life.path + "/notices?limit=0", expect=400)

    path = "/v1/parties/" + client.post("/v1/parties", {"reference": "reached"}, expect=201)["id"] + "/contact"
    reached = {"email": "orders@mugs.example", "name": "Mugs and More", "language": "de-AT"}
    client.get(path, expect=404)
    client.send("DELETE", path, expect=404)
    client.send("PUT", path, reached | {"email": "no address"}, expect=400)
    client.send("PUT", path, {"email": "orders@mugs.example"}, expect=400)
    client.send("PUT", "/v1/parties/pty_0000000000000000000000000a/contact", reached, expect=404)
    check(client.send("PUT", path, reached, expect=200)["language"] == "de-AT", "as it was said")
    again = client.send("PUT", path, {"email": "Help@mugs.example", "name": "Mugs"}, expect=200)
    check((again["email"], again["name"], again["bounced"]) == ("help@mugs.example", "Mugs", False), "said anew")
    check(client.get(path).body == again.body, "and kept")
    kinds = [e["type"] for e in client.pages("/v1/events?types=contact.*")]
    check(kinds[-2:] == ["contact.set", "contact.set"], f"told to followers: {kinds}")
    client.send("DELETE", path, expect=204)
    client.get(path, expect=404)


def walk_settings(client, port):
    endpoint = client.post("/v1/webhook_endpoints", {"url": "https://shop.example/h", "types": ["dispute.*"]},
                           expect=201, key="hook-1")
    check(endpoint["secret"].startswith("whsec_"), "a secret, once")
    again = client.post("/v1/webhook_endpoints", {"url": "https://shop.example/h", "types": ["dispute.*"]},
                        expect=201, key="hook-1")
    check(again["id"] == endpoint["id"] and "secret" not in again.body, "the same endpoint")
    client.post("/v1/webhook_endpoints", {"url": "https://shop.example/2"}, expect=422, key="hook-1")
    client.post("/v1/webhook_endpoints", {"url": "http://shop.example/"}, expect=400)
    path = "/v1/webhook_endpoints/" + endpoint["id"]
    client.get("/v1/webhook_endpoints")
    tag = client.get(path).headers["etag"]
    client.send("PATCH", path, {"types": []}, expect=428)
    changed = client.send("PATCH", path, {"disabled": "on holiday"}, expect=200, If_Match=tag)
    check(changed["disabled"] == "on holiday" and changed["types"] == ["dispute.*"], "what is left out stays")
    client.send("PATCH", path, {"types": []}, expect=412, If_Match=tag)
    check(client.post(path + "/rotate_secret")["secret"] != endpoint["secret"], "another secret")
    client.get(path + "/deliveries")
    client.get(path + "/deliveries?state=lost", expect=400)
    client.post("/v1/webhook_deliveries/dlv_0000000000000000000000000a/replay", expect=404)

    # One that is told of something, and is not there: what it was to be told waits for it.
    told = client.post("/v1/webhook_endpoints", {"url": "https://127.0.0.1:9/hook"}, expect=201)
    client.post("/v1/parties", {"reference": "hooked"}, expect=201)
    client.post("/v1/orders", placement("hooked"), expect=201)
    told_path = "/v1/webhook_endpoints/" + told["id"] + "/deliveries"
    for _ in range(600):  # its first attempt is another thread's
        waiting = client.get(told_path)["data"]
        if waiting and waiting[0]["attempts"] > 0:
            break
        time.sleep(0.05)
    check(bool(waiting) and waiting[0]["problem"], "a delivery that failed is shown")
    if waiting:
        client.post(f"/v1/webhook_deliveries/{waiting[0]['id']}/replay")
    client.send("DELETE", "/v1/webhook_endpoints/" + told["id"], expect=204)
    client.send("DELETE", path, expect=204)
    client.get(path, expect=404)

    key = client.post("/v1/keys", {"scopes": ["orders:read"], "expires_at": "2999-01-01T00:00:00.000Z"},
                      expect=201, key="key-1")
    client.post("/v1/keys", {"scopes": ["orders:read"], "expires_at": "2999-01-01T00:00:00.000Z"},
                expect=201, key="key-1")
    client.post("/v1/keys", {"scopes": ["all"], "expires_at": "2999-01-01T00:00:00.000Z"}, expect=400)
    small = Client(port, key["secret"])
    small.get("/v1/orders")
    small.get("/v1/events", expect=403)
    small.post("/v1/orders", placement("not-allowed"), expect=403)
    check(any(k["id"] == key["id"] for k in client.get("/v1/keys")["data"]), "the key is listed")
    client.send("DELETE", "/v1/keys/" + key["id"], expect=204)
    small.get("/v1/orders", expect=401)
    client.send("DELETE", "/v1/keys/" + key["id"], expect=404)
    Client(port, "").get("/v1/orders", expect=401)
    Client(port, "sk_live_" + "0" * 32).get("/v1/orders", expect=401)

    clock = client.post("/v1/test_clocks", {"shows": "2026-05-01T00:00:00.000Z"}, expect=201)
    path = "/v1/test_clocks/" + clock["id"]
    client.get(path)
    clocks = client.get("/v1/test_clocks?limit=100")["data"]
    check(any(one["id"] == clock["id"] and one["shows"] == clock["shows"] for one in clocks), "the clock is listed")
    client.get("/v1/test_clocks/clk_0000000000000000000000000a", expect=404)
    client.post(path + "/advance", {"to": "2026-04-01T00:00:00.000Z"}, expect=422)
    client.post(path + "/advance", {"to": "2026-06-01T00:00:00.000Z"}, expect=412, If_Match='"7"')
    client.get("/problems/dancing", expect=404)
    check(client.post("/v1/orders", {}, expect=400)["type"] == "/problems/invalid_request", "a problem's page")
    for path in ("/openapi.json", "/healthz", "/readyz", "/docs", "/problems/invalid_request"):
        client.get(path)


def walk_console(client):
    client.get("/console/licenses.txt")
    for path in ("/", "/console"):
        check(client.get(path, expect=302).headers["location"] == "/console/", f"{path} leads to the console")
    assets = re.findall(r'"(/console/assets/[^"]+)"', client.get("/console/").text)
    check(len(assets) > 2, "what the console's page loads")
    for path in assets:
        tag = client.get(path).headers["etag"]
        client.get(path, expect=304, If_None_Match=tag)
    client.get("/console/nothing.txt", expect=404)
    client.get("/console/assets/nothing.js", expect=404)


def walk_people(client, port, database):
    token = pathlib.Path(f"{database}.setup").read_text().strip()
    anna = {"name": "anna", "password": "correct horse battery"}
    nobody = Client(port, "")
    nobody.post("/v1/setup", anna | {"token": "setup_guessed"}, expect=401)
    nobody.post("/v1/setup", anna | {"token": token, "password": "too short"}, expect=400)
    made = nobody.post("/v1/setup", anna | {"token": token}, expect=201)
    check(made["roles"] == ["admin"], "the first user is admin")
    nobody.post("/v1/setup", anna | {"token": token, "name": "bert"}, expect=401)
    nobody.post("/v1/sessions", anna | {"password": "wrong"}, expect=401)
    signed_in = nobody.post("/v1/sessions", anna, expect=201)
    cookie = {"Cookie": "other=1; " + signed_in.headers["set-cookie"].split(";")[0]}
    ours = cookie | {"X_CSRF_Token": signed_in["csrf_token"]}
    check(nobody.get("/v1/me", **cookie)["session"]["user"]["name"] == "anna", "who asks")
    check(client.get("/v1/me")["kind"] == "key", "a key asks")
    bert = {"name": "bert", "password": "correct horse battery", "roles": ["operator"]}
    nobody.post("/v1/users", bert, expect=403, **cookie)
    nobody.post("/v1/users", bert, expect=403, Origin="https://evil.example", **ours)
    nobody.post("/v1/users", bert, expect=201, Origin=f"http://127.0.0.1:{port}", key="bert-1", **ours)
    again = nobody.post("/v1/users", bert, expect=201, key="bert-1", **ours)
    check(again.headers.get("idempotency-replayed") == "true", "the same user again")
    nobody.post("/v1/users", bert | {"name": "BERT"}, expect=409, **ours)
    nobody.post("/v1/users", bert | {"name": "c", "roles": ["seller"]}, expect=422, **ours)
    nobody.post("/v1/users", bert | {"name": "c", "roles": ["king"]}, expect=400, **ours)
    check([u["name"] for u in nobody.get("/v1/users", **ours)["data"]] == ["bert", "anna"], "users")
    path = "/v1/users/" + again["id"]
    nobody.get(path, **ours)
    nobody.get(path[:-1] + ("0" if path[-1] != "0" else "1"), expect=404, **ours)
    nobody.send("PATCH", path, {"disabled": True}, expect=428, **ours)
    nobody.send("PATCH", path, {"disabled": True}, expect=412, If_Match='"7"', **ours)
    theirs = nobody.post("/v1/sessions", {k: bert[k] for k in ("name", "password")}, expect=201)
    bert_asks = {"Cookie": theirs.headers["set-cookie"].split(";")[0], "X_CSRF_Token": theirs["csrf_token"]}
    nobody.get("/v1/users", expect=403, **bert_asks)
    nobody.get("/v1/orders", **bert_asks)
    nobody.send("PATCH", path, {"disabled": True}, expect=200, If_Match='"1"', **ours)
    nobody.get("/v1/orders", expect=401, **bert_asks)
    nobody.post("/v1/sessions", {k: bert[k] for k in ("name", "password")}, expect=401)
    nobody.send("PATCH", "/v1/users/" + made["id"], {"roles": ["operator"]}, expect=409, If_Match='"1"', **ours)
    fresh = {"old": anna["password"], "new": "staple and paper clip"}
    nobody.post("/v1/me/password", fresh | {"old": "wrong"}, expect=401, **ours)
    changed = nobody.post("/v1/me/password", fresh, **ours)
    nobody.get("/v1/me", expect=401, **cookie)
    cookie = {"Cookie": changed.headers["set-cookie"].split(";")[0]}
    nobody.send("DELETE", "/v1/sessions/current", expect=403, **cookie)
    nobody.send("DELETE", "/v1/sessions/current", expect=204, X_CSRF_Token=changed["csrf_token"], **cookie)
    nobody.get("/v1/me", expect=401, **cookie)
    client.send("DELETE", "/v1/sessions/current", expect=404)
    client.post("/v1/me/password", fresh, expect=404)
    for _ in range(5):
        nobody.post("/v1/sessions", {"name": "nobody", "password": "guess"}, expect=401)
    slow = nobody.post("/v1/sessions", {"name": "nobody", "password": "guess"}, expect=429)
    check(int(slow.headers["retry-after"]) > 60, "guesses are slowed down")

    life = Life(client, "linked")
    soon = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(time.time() + 3600))
    client.post(life.path + "/links", {"as": "platform", "expires_at": soon}, expect=400)
    client.post(life.path + "/links", {"as": "buyer", "expires_at": "2020-01-01T00:00:00.000Z"}, expect=400)
    client.post("/v1/orders/ord_0000000000000000000000000a/links", {"as": "buyer", "expires_at": soon}, expect=404)
    link = client.post(life.path + "/links", {"as": "buyer", "expires_at": soon}, expect=201)
    buyer = Client(port, link["token"])
    check(buyer.get("/v1/me")["order_id"] == life.id, "a link's order")
    view = buyer.get(life.path)
    check("commission_basis_points" not in view.body and "released" not in view["money"], "what a buyer sees")
    check(view.body == client.get(life.path + "?as=buyer").body, "as the platform sees it for the buyer")
    buyer.get(life.path + "?as=seller", expect=403)
    check([o["id"] for o in buyer.get("/v1/orders")["data"]] == [life.id], "a buyer's list")
    check(all("details" not in e["data"] for e in buyer.get(life.path + "/events")["data"]), "a buyer's events")
    buyer.get(life.path + "/explain?action=open_dispute&reason=not_received")
    buyer.get(life.path + "/entries", expect=403)
    buyer.post(life.path + "/confirm_receipt", {"as": "seller"}, expect=403)
    buyer.post(life.path + "/extend", {"days": 3}, expect=403)
    buyer.post(life.path + "/request_extension", {"days": 3})
    Client(port, link["token"][:-1] + "_").get(life.path, expect=401)

    # One of two is ended; then all, and what is made later is good again.
    other = client.post(life.path + "/links", {"as": "buyer", "expires_at": soon}, expect=201)
    check(other["id"] != link["id"] and other["token"] != link["token"], "two links")
    client.send("DELETE", "/v1/links/" + link["id"], expect=204)
    buyer.get(life.path, expect=401)
    client.send("DELETE", "/v1/links/" + link["id"], expect=404)
    client.send("DELETE", "/v1/links/lid_0000000000000000000000000a", expect=404)
    client.send("DELETE", "/v1/links/" + other["id"] + "?now=true", expect=400)
    still = Client(port, other["token"])
    still.get(life.path)
    client.send("DELETE", life.path + "/links?now=true", expect=400)
    still.send("DELETE", "/v1/links/" + other["id"], expect=403)
    still.send("DELETE", life.path + "/links", expect=403)
    client.send("DELETE", life.path + "/links", expect=204)
    client.send("DELETE", "/v1/orders/ord_0000000000000000000000000a/links", expect=404)
    still.get(life.path, expect=401)
    later = client.post(life.path + "/links", {"as": "seller", "expires_at": soon}, expect=201)
    Client(port, later["token"]).get(life.path)
    for path in ("/v1/links/" + later["id"], life.path + "/links"):
        Client(port, "").send("DELETE", path, expect=401)


def walk_tokens(client, port):
    key = client.post("/v1/keys", {"scopes": ["orders:read", "events:read"],
                                   "expires_at": "2999-01-01T00:00:00.000Z"}, expect=201)
    nobody = Client(port, "")
    form_kind = {"Content_Type": "application/x-www-form-urlencoded"}

    def ask(expect, wrong=None, headers=None, path="/oauth/token", **fields):
        body = urllib.parse.urlencode({"grant_type": "client_credentials", **fields})
        answer = nobody.send("POST", path, body, expect=expect, key=None, **(form_kind | (headers or {})))
        check(wrong is None or answer["error"] == wrong, f"{wrong}: {answer.text[:200]}")
        return answer

    def basic(name, secret):
        pair = urllib.parse.quote_plus(name) + ":" + urllib.parse.quote_plus(secret)
        return {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}

    us = {"client_id": key["id"], "client_secret": key["secret"]}
    given = ask(200, **us)
    check(given["token_type"] == "Bearer" and given["expires_in"] == 3600, "a token for an hour")
    check(given["scope"] == "orders:read events:read", "all that the key may do")
    check(given.headers["cache-control"] == "no-store", "nobody keeps it")
    bearer = Client(port, given["access_token"])
    bearer.get("/v1/orders")
    bearer.get("/v1/events")
    denied = bearer.get("/v1/keys", expect=403)
    check('error="insufficient_scope"' in denied.headers["www-authenticate"], "why it is denied")
    check(bearer.get("/v1/me")["kind"] == "key", "who it is")
    narrow = ask(200, headers=basic(key["id"], key["secret"]), scope="orders:read")
    check(narrow["scope"] == "orders:read", "as much as was asked for")
    Client(port, narrow["access_token"]).get("/v1/orders")
    Client(port, narrow["access_token"]).get("/v1/events", expect=403)
    forged = Client(port, narrow["access_token"][:-1] + "_").get("/v1/orders", expect=401)
    check('error="invalid_token"' in forged.headers["www-authenticate"], "what is wrong with it")
    check("error" not in nobody.get("/v1/orders", expect=401).headers["www-authenticate"], "nothing was brought")

    ask(400, "invalid_scope", scope="orders:read money:write", **us)
    ask(400, "invalid_scope", scope="all", **us)
    ask(400, "unsupported_grant_type", **us | {"grant_type": "password"})
    ask(400, "invalid_request", **us | {"grant_type": ""})
    ask(400, "invalid_request", headers=basic(key["id"], key["secret"]), **us)
    ask(400, "invalid_request", path="/oauth/token?scope=orders:read", **us)
    ask(400, "invalid_request", headers={"Content_Type": "application/json"}, **us)
    twice = "grant_type=client_credentials&grant_type=client_credentials"
    check(nobody.send("POST", "/oauth/token", twice, expect=400, key=None, **form_kind)["error"] == "invalid_request",
          "a parameter twice")
    wrong = ask(401, "invalid_client", client_id=key["id"], client_secret="sk_test_" + "0" * 32)
    check(wrong.headers["www-authenticate"].startswith("Basic "), "how to say who one is")
    ask(401, "invalid_client", client_id="key_0000000000000000000000000a", client_secret=key["secret"])
    ask(401, "invalid_client", client_id=key["id"])
    ask(401, "invalid_client", headers={"Authorization": "Basic nonsense"})
    for _ in range(4):
        ask(401, "invalid_client", client_id=key["id"], client_secret="guess")
    check(int(ask(429, client_id=key["id"], client_secret="guess").headers["retry-after"]) > 60, "guesses are slowed down")

    client.send("DELETE", "/v1/keys/" + key["id"], expect=204)
    bearer.get("/v1/orders", expect=401)


def walk_cast(client, port):
    clock = client.post("/v1/test_clocks", {"shows": "2026-03-01T09:00:00.000Z"}, expect=201)["id"]
    placed = placement("played") | {"clock": clock, "cast": {"seller": "prompt", "carrier": "late", "late_days": 2}}
    path = "/v1/orders/" + client.post("/v1/orders", placed, expect=201)["order_id"]
    client.post("/v1/orders", placement("badly played") | {"cast": {"seller": "loud"}}, expect=400)
    client.post("/v1/orders", placement("not late") | {"cast": {"late_days": 2}}, expect=400)
    client.post(path + "/payments", {"seen": "captured", "amount": eur(total), "when": "2026-03-01T09:00:00.000Z"})
    seen = client.get(path + "/cast")
    check(seen["cast"] == placed["cast"], "the cast that it was placed with")
    check(seen["next_act"] == {"at": "2026-03-02T05:00:00.000Z", "played_by": "seller.prompt", "does": "shipped"},
          f"what is next: {seen['next_act']}")
    version = seen.headers["etag"]
    client.send("PUT", path + "/cast", {"buyer": "loud"}, expect=400)
    client.send("PUT", path + "/cast?x=1", {}, expect=400)
    client.send("PUT", path + "/cast", {}, expect=412, If_Match='"77"')
    client.send("PUT", "/v1/orders/ord_0000000000000000000000000a/cast", {}, expect=404)
    client.get("/v1/orders/ord_0000000000000000000000000a/cast", expect=404)
    client.get(path + "/cast?x=1", expect=400)
    whole = placed["cast"] | {"buyer": "disputing", "mediator": "splitting", "processor": "reliable"}
    given = client.send("PUT", path + "/cast", whole, expect=200, If_Match=version)
    check(given["cast"] == whole and given.headers["etag"] != version, "another cast")
    again = client.send("PUT", path + "/cast", whole, expect=200)
    check(again.headers["etag"] == given.headers["etag"], "the same cast changes nothing")

    before = client.get(path)["version"]
    client.post(f"/v1/test_clocks/{clock}/advance", {"to": "2026-05-01T09:00:00.000Z"})
    events = [one for one in client.pages(path + "/events") if one["sequence"] > before]
    acts = [(one["timestamp"][:10], one["type"], one["data"].get("played_by")) for one in events]
    check(("2026-03-02", "order.shipped", "seller.prompt") in acts, f"the seller ships: {acts}")
    check(any(what == "dispute.opened" and who == "buyer.disputing" for _, what, who in acts), "the buyer disputes")
    check(any(what == "offer.accepted" and who == "buyer.disputing" for _, what, who in acts), "and is offered all")
    check([one["timestamp"] for one in events] == sorted(one["timestamp"] for one in events), "in order of time")
    check(client.get(path)["money"]["refunded"] == total, "all went back")
    check(sum(e["amount"]["amount"] for e in client.get(path + "/entries?limit=100")["data"]) == 0, "the books")
    for _ in range(100):  # the processor keeps to the real time
        states = [one["state"] for one in client.get(path + "/instructions")["data"]]
        if states == ["succeeded"]:
            break
        time.sleep(0.1)
    check(states == ["succeeded"], f"the processor has paid: {states}")
    settled = client.pages(path + "/events")[-1]
    check(settled["data"].get("played_by") == "processor.reliable", "by its part")

    check(client.get("/v1/sandbox/cast")["cast"] == {}, "nobody plays unless told to")
    client.get("/v1/sandbox/cast?x=1", expect=400)
    client.send("PUT", "/v1/sandbox/cast", {"seller": 1}, expect=400)
    client.send("PUT", "/v1/sandbox/cast", {"seller": "silent"}, expect=200)
    usual = "/v1/orders/" + client.post("/v1/orders", placement("usual cast"), expect=201)["order_id"]
    check(client.get(usual + "/cast")["cast"] == {"seller": "silent"}, "the sandbox's cast")
    none = "/v1/orders/" + client.post("/v1/orders", placement("no cast") | {"cast": {}}, expect=201)["order_id"]
    check(client.get(none + "/cast")["cast"] == {}, "its own cast, of nobody")
    client.send("PUT", "/v1/sandbox/cast", {}, expect=200)
    reader = client.post("/v1/keys", {"scopes": ["orders:read"], "expires_at": "2999-01-01T00:00:00.000Z"}, expect=201)
    for who, status in ((Client(port, reader["secret"]), 403), (Client(port, ""), 401)):
        for place in (usual + "/cast", "/v1/sandbox/cast"):
            who.get(place, expect=status)
            who.send("PUT", place, {}, expect=status)


def signed_in(client, port, name, roles):
    """What a user's requests carry."""
    password = "correct horse battery"
    client.post("/v1/users", {"name": name, "password": password, "roles": roles}, expect=201)
    session = client.post("/v1/sessions", {"name": name, "password": password}, expect=201)
    return {"Cookie": session.headers["set-cookie"].split(";")[0], "X_CSRF_Token": session["csrf_token"]}


def walk_approvals(client, port):
    asks, agrees = (signed_in(client, port, name, ["operator"]) for name in ("asks", "agrees"))
    decides = signed_in(client, port, "decides", ["mediator"])
    nobody = Client(port, "")
    life = Life(client, "approved")
    refunds, before = life.path + "/refunds", client.get(life.path)["version"]
    nobody.post(refunds, {"amount": eur(5000)}, **asks)
    waits = nobody.post(refunds, {"amount": eur(5001)}, expect=202, key="much-1", **asks)
    check(waits["state"] == "waiting" and waits["amount"] == eur(5001), "much money waits")
    check(nobody.post(refunds, {"amount": eur(5001)}, expect=202, key="much-1", **asks)["id"] == waits["id"], "once")
    nobody.post(refunds, {"amount": eur(5002)}, expect=422, key="much-1", **asks)
    check(client.get(life.path)["money"]["refunded"] == 5000, "nothing has left")
    nobody.post(refunds, {"amount": eur(50_000)}, expect=422, **asks)
    nobody.post(refunds + "?preview=true", {"amount": eur(5001)}, **asks)
    path = waits.headers["location"]
    nobody.post(path + "/approve", {}, expect=403, **asks)
    nobody.post(path + "/approve", {}, expect=403, **decides)
    client.post(path + "/approve", {}, expect=403)
    check([one["id"] for one in client.get("/v1/approvals")["data"]] == [waits["id"]], "what waits")
    done = nobody.post(path + "/approve", {}, **agrees)
    check(client.get(life.path)["money"]["refunded"] == 10_001, "two people have let it go")
    check(client.get("/v1/events/" + done["events"][0]["id"])["type"] == done["events"][0]["type"], "a receipt")
    nobody.post(path + "/approve", {}, expect=409, **agrees)
    check(nobody.get(path, **decides)["state"] == "approved", "approved")
    client.get(path[:-1] + ("0" if path[-1] != "0" else "1"), expect=404)

    other = Life(client, "declined")
    amount = {"amount": eur(total)}
    path = nobody.post(other.path + "/refunds", amount, expect=202, **asks).headers["location"]
    check(nobody.post(path + "/decline", {}, **agrees)["state"] == "declined", "declined")
    nobody.post(path + "/approve", {}, expect=409, **agrees)
    path = nobody.post(other.path + "/refunds", amount, expect=202, **asks).headers["location"]
    client.post(other.path + "/request_extension", {"as": "buyer", "days": 3})
    nobody.post(path + "/approve", {}, expect=412, **agrees)
    check(client.get(other.path)["money"]["refunded"] == 0, "what changed meanwhile is not carried out")
    client.post(other.path + "/refunds", amount)  # a key is not bound

    judged = Life(client, "judged")
    judged.at("2026-04-02T08:30:00.000Z")
    dispute = judged.dispute("not_received", wanted="full_refund")
    client.post(dispute + "/escalate", {})
    verdict = {"verdict": {"settlement": {"remedy": "full_refund", "amount": eur(total)}, "winner": "buyer",
                           "codes": ["no_proof_of_delivery"]}}
    path = nobody.post(dispute + "/decide", verdict, expect=202, **decides).headers["location"]
    nobody.post(path + "/approve", {}, expect=403, **agrees)  # no mediator
    nobody.post(path + "/approve", {}, **signed_in(client, port, "head", ["mediator"]))
    check(client.get(dispute)["verdict"]["winner"] == "buyer", "a verdict of two")

    party = "/v1/parties/" + client.post("/v1/parties", {"reference": "paid out by two"}, expect=201)["id"]
    client.post(party + "/deposits", {"reference": "py_1", "amount": eur(20_000)})
    nobody.post(party + "/return_deposit", {"amount": eur(6000)}, **asks)  # payable now, and still here
    path = nobody.post(party + "/payouts", {"currency": "EUR"}, expect=202, **asks).headers["location"]
    nobody.post(path + "/approve", {}, **agrees)
    check(client.get(party + "/balances")["balances"][0]["payout"] == 6000, "a payout of two")


def form(name, content, boundary="b1", extra="", file="x"):
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{file}"\r\n{extra}\r\n'
    return head.encode() + content + f"\r\n--{boundary}--\r\n".encode()


def walk_evidence(client, port):
    life = Life(client, "evidence")
    client.post(f"/v1/shipments/{life.shipment}/scans", {"kind": "delivered"})
    life.at("2026-03-05T09:00:00.000Z")
    dispute = life.dispute("damaged", wanted="return_for_full_refund")
    files = dispute + "/files"
    send = lambda body, expect, who=client, path=files, kind="multipart/form-data; boundary=b1", **more: who.send(
        "POST", path, body, expect=expect, Content_Type=kind, **more)
    photo = (source / "tests" / "data" / "evidence" / "photo.jpg").read_bytes()
    kept = send(form("file", photo), 201)
    check(kept["media_type"] == "image/jpeg" and send(form("file", photo), 201).body == kept.body, "a file again")
    check(kept.headers["location"] == files + "/" + kept["content"], "where a file is")
    client.get(kept.headers["location"], expect=404)
    client.post(dispute + "/evidence", {"as": "buyer", "kind": "photo", "content": kept["content"]})
    following = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    following.request("GET", kept.headers["location"], headers={"Authorization": "Bearer " + client.key})
    got = following.getresponse()
    bytes_got = got.read()
    check(got.status == 200 and got.getheader("content-type") == "image/jpeg", "a file is handed out")
    check(got.getheader("content-disposition").startswith("attachment"), "to be saved")
    check("sandbox" in got.getheader("content-security-policy"), "and not to be run")
    check(len(bytes_got) == kept["bytes"] and b"Maker of cameras" not in bytes_got, "without its metadata")
    reached["get_file"].add(got.status)
    client.get(files + "/" + anything, expect=404)
    client.get(files + "/nothing", expect=404)
    send(form("file", b"<html><script>alert(1)</script></html>"), 415)
    send(form("file", photo[:300]), 422)
    send(form("other", photo), 400)
    send(form("file", photo)[:-9], 400)
    send(b"not a form", 400)
    send(form("file", photo), 415, kind="text/plain")
    send(form("file", photo), 415, kind="multipart/form-data")
    send(form("file", photo), 404, path=dispute[:-1] + "7/files")
    send(form("file", photo), 401, who=Client(port, "sk_test_" + "0" * 32))
    check(send(form("file", b"a" * (10 << 20)), 201)["bytes"] == 10 << 20, "a file of ten MiB")
    send(form("file", b"a" * ((10 << 20) + 1)), 413)
    reader = client.post("/v1/keys", {"scopes": ["terms:read"], "expires_at": "2999-01-01T00:00:00.000Z"}, expect=201)
    send(form("file", photo), 403, who=Client(port, reader["secret"]))
    client.post(dispute + "/withdraw", {"as": "buyer"})
    send(form("file", photo), 409)


def walk_desk(client, port):
    multipart = {"Content_Type": "multipart/form-data; boundary=b1"}
    samples = source / "samples"
    send = lambda body, expect=201, path="/v1/imports", who=client, **more: who.send(
        "POST", path, body, expect=expect, **(multipart | more))
    report = send(form("file", (samples / "shopify" / "orders_export.csv").read_bytes()))
    check(report["new"] > 0 and report["rejected"] == 0, "a store's orders")
    check(send(form("file", (samples / "shopify" / "orders_export.csv").read_bytes()))["new"] == 0, "the same again")
    for name in sorted((samples / "aliexpress").glob("ds_order_get_3099*.json")):
        send(form("file", name.read_bytes(), file=name.name), path="/v1/imports?seen_at=2026-11-23T12:00:00.000Z&currency=USD")
    send(form("file", b"neither this nor that"), 422)
    send(form("other", b"x"), 400)
    send(form("file", b"x"), 400, path="/v1/imports?currency=usd1")
    check(client.get(report.headers["location"])["file"] == report["file"], "an import by its id")
    client.get("/v1/imports/imp_0000000000000000000000000a", expect=404)
    check(len(client.pages("/v1/imports")) > 1, "imports")
    rows = client.pages("/v1/desk/worklist")
    check(rows, "rows of the worklist")
    row = "/v1/desk/purchases/" + rows[0]["id"]
    check(client.get(row)["reference"] == rows[0]["reference"], "a row with what it rests on")
    client.get("/v1/desk/purchases/pur_0000000000000000000000000a", expect=404)
    client.get("/v1/desk/worklist?word=nothing", expect=400)
    client.get("/v1/desk/worklist?assignee=me", expect=400)
    client.get("/v1/desk/worklist?cursor=c1.abc", expect=400)
    nobody = Client(port, "", name="desk")
    anna = signed_in(client, port, "anna.desk", ["assistant"])
    berta = signed_in(client, port, "berta.desk", ["assistant"])
    lead = signed_in(client, port, "lead.desk", ["lead"])
    me = nobody.get("/v1/me", **anna)["session"]["user"]["id"]
    check(nobody.get("/v1/desk/audit", **lead)["purchases"] >= len(rows), "an audit")
    nobody.get("/v1/desk/audit", expect=403, **anna)
    check(len(client.get("/v1/desk/lapse_curve")["days"]) == 30, "thirty days")
    people = {one["name"] for one in nobody.get("/v1/desk/people?limit=100", **lead)["data"]}
    check({"anna.desk", "berta.desk", "lead.desk"} <= people, f"who works here: {people}")
    nobody.get("/v1/desk/people", expect=403, **anna)
    client.get("/v1/desk/people?cursor=c1.abc", expect=400)
    taken = nobody.post(row + "/assign", {"to": "me"}, key="take", **anna)
    check(taken["assignee"] == me, "a row is taken")
    again = nobody.post(row + "/assign", {"to": "me"}, key="take", **anna)
    check(again.headers.get("idempotency-replayed") == "true" and again["assignee"] == me, "once")
    nobody.post(row + "/assign", {}, key="take", expect=422, **anna)
    nobody.post(row + "/assign", {"to": "me"}, expect=404, **berta)
    nobody.post("/v1/desk/purchases/" + rows[1]["id"] + "/assign", {"to": me}, expect=403, **berta)
    client.post(row + "/assign", {"to": "usr_0000000000000000000000000a"}, expect=422)
    client.post(row + "/assign", {"to": "nobody"}, expect=400)
    client.post(row + "/notes", {"text": "Call them"})
    client.post(row + "/notes", {}, expect=400)
    client.post(row + "/snooze", {"until": "2020-01-01T00:00:00.000Z"}, expect=400)
    asleep = client.post(row + "/snooze", {"until": "2999-01-01T00:00:00.000Z"}).body
    until = asleep.get("snoozed_until", "")
    check(until.startswith("2999") or until < asleep["closes_at"], "asleep, and awake before the claim closes")
    client.post(row + "/claims", {"reason": "not_received", "case_number": "C-1"})
    client.post(row + "/claims", {}, expect=400)
    client.post("/v1/desk/purchases/pur_0000000000000000000000000a/snooze", {}, expect=404)
    client.post("/v1/desk/purchases/pur_0000000000000000000000000a/claims", {"reason": "late"}, expect=404)
    ids = [one["id"] for one in rows[:2]]
    done = client.post("/v1/desk/worklist/batch", {"action": "snooze", "purchases": ids + [
        "pur_0000000000000000000000000a"]})
    check([one["done"] for one in done["data"]] == [True, True, False], "each by itself")
    client.post("/v1/desk/worklist/batch", {"action": "sell", "purchases": ids}, expect=400)
    client.post("/v1/desk/worklist/batch", {"action": "assign", "purchases": ids,
                                            "to": "usr_0000000000000000000000000a"}, expect=422)
    check(client.get("/v1/desk/reports/worklist.csv").text.count("\n") == len(rows) + 1, "a report")
    client.get("/v1/desk/reports/worklist.doc", expect=404)
    found = client.get("/v1/desk/search?q=" + rows[0]["reference"])
    check(found["purchases"] or found["sales"], "what was searched for")
    check(client.get("/v1/desk/search?q=nobody%40example.org").body == {"sales": [], "purchases": [], "parcels": []}, "nothing")
    client.get("/v1/desk/search", expect=400)
    check("Un saludo" in client.get("/v1/desk/search?q=1052&language=es")["sales"][0]["reply"], "a reply in Spanish")
    client.get("/v1/desk/search?q=1052&language=xx", expect=400)
    sale = {"system": "shopify", "reference": "#1052"}
    link = client.post("/v1/desk/links", {"sale": sale, "purchase": {
        "system": rows[0]["system"], "reference": rows[0]["reference"]}}, expect=201)
    check(link["state"] == "confirmed" and link["how"] == "given", "a link by hand")
    client.post("/v1/desk/links", {"sale": {"system": "shopify", "reference": "#0"}, "purchase": link["purchase"]}, expect=404)
    client.post("/v1/desk/links", {"sale": sale}, expect=400)
    path = "/v1/desk/links/" + link["id"]
    check(client.post(path + "/reject")["state"] == "rejected", "no")
    check(client.post(path + "/confirm")["state"] == "confirmed", "yes")
    client.post("/v1/desk/links/lin_0000000000000000000000000a/confirm", expect=404)
    client.post("/v1/desk/links/lin_0000000000000000000000000a/reject", expect=404)
    check(any(one["id"] == link["id"] for one in client.pages("/v1/desk/links")), "links")
    client.get("/v1/desk/links?state=perhaps", expect=400)
    walk_complaints(client, row, sale)
    for report in ("scorecards", "recovery", "gap", "arrivals", "regrets", "filing_plan?cap_basis_points=200"):
        check(nobody.get("/v1/desk/" + report, **lead)["at"], report)
        nobody.get("/v1/desk/" + report, expect=403, **anna)
    check(client.get("/v1/desk/regrets")["choices"][0]["way"] == "refund", "what was chosen")
    check(client.get("/v1/desk/scorecards")["suppliers"], "suppliers")
    client.get("/v1/desk/arrivals?within_days=0", expect=400)
    client.get("/v1/desk/filing_plan", expect=400)
    client.get("/v1/desk/filing_plan?cap_basis_points=20000", expect=400)


def import_fresh(client):
    """Orders of the last months, whenever this runs: some can be claimed now."""
    multipart = {"Content_Type": "multipart/form-data; boundary=b1"}
    now = datetime.datetime.now(datetime.timezone.utc)
    ages = {f"30990000000099{days}": now - datetime.timedelta(days=days) for days in (20, 45, 62, 66, 70, 74, 80)}
    for number, created in ages.items():
        order = {"gmt_create": created.strftime("%Y-%m-%d %H:%M:%S"), "order_status": "WAIT_BUYER_ACCEPT_GOODS",
                 "logistics_status": "SELLER_SEND_GOODS", "order_amount": {"amount": "9.90", "currency_code": "USD"},
                 "child_order_list": {"aeop_child_order_info": [{
                     "product_id": number[-6:], "product_count": "1", "product_price": {"amount": "9.90", "currency_code": "USD"}}]}}
        text = json.dumps({"aliexpress_trade_ds_order_get_response": {"result": order, "request_id": "fresh"}})
        client.send("POST", "/v1/imports", form("file", text.encode(), file=f"ds_order_get_{number}.json"), expect=201, **multipart)
    lines = ["supplier_order_id,shipped_at_utc,commit_days,ship_time_source,tracking_number"]
    for number, created in ages.items():
        shipped = created + datetime.timedelta(days=1)
        lines.append(f"{number},{shipped.strftime('%Y-%m-%dT%H:%M:%SZ')},60,carrier first scan,LB0001{number[-5:]}CN")
    client.send("POST", "/v1/imports", form("file", ("\n".join(lines) + "\n").encode(), file="shipments.csv"), expect=201, **multipart)


def walk_complaints(client, row, sale):
    """Every way out of a complaint about a sale that the row's purchase serves."""
    about = "system=shopify&reference=%231052&complaint=not_received"
    found = client.get("/v1/desk/remedies?" + about + "&claim_chance=9000&arrival_chance=3000&accept_chance=5000&part=500")
    ways = {one["way"]: one for one in found["ways"]}
    check(ways["refund"]["allowed"] and not ways["gift"]["allowed"], "a gift is less than what is due")
    check(found["due"]["what"] != "nothing", "what is due")
    client.get("/v1/desk/remedies?system=shopify&reference=%230&complaint=late", expect=404)
    client.get("/v1/desk/remedies?" + about + "&part=99999999", expect=422)
    client.get("/v1/desk/remedies?system=shopify&reference=%231052&complaint=counterfeit", expect=400)
    client.get("/v1/desk/remedies?complaint=late", expect=400)
    client.get("/v1/desk/remedies?" + about + "&claim=perhaps", expect=400)
    choice = {"sale": sale, "complaint": "not_received", "way": "refund"}
    check(client.post(row + "/remedies", choice, key="choose")["remedy"] == "refund", "a choice is kept")
    again = client.post(row + "/remedies", choice, key="choose")
    check(again.headers.get("idempotency-replayed") == "true", "once")
    client.post(row + "/remedies", choice | {"way": "gift"}, expect=422)
    client.post(row + "/remedies", choice | {"sale": {"system": "shopify", "reference": "#0"}}, expect=404)
    client.post(row + "/remedies", {"way": "refund"}, expect=400)
    check(client.get(row)["done"][-1]["what"] == "remedy_chosen", "and told")
    check(isinstance(client.get(row + "/arrival")["chances"], list), "whether it still arrives")
    nowhere = "/v1/desk/purchases/pur_0000000000000000000000000a"
    client.get(nowhere + "/arrival", expect=404)
    import_fresh(client)
    packets = [client.get("/v1/desk/purchases/" + one["id"] + "/claim_packet?complaint=not_received", expect=None)
               for one in client.pages("/v1/desk/worklist?snoozed=true")]
    given = [one for one in packets if one.status == 200]
    check(given and all(one["text"] and one["steps"][-1].startswith("Enter the case number") for one in given), "packets")
    check({one.status for one in packets} <= {200, 422}, "or why there is none")
    client.get(nowhere + "/claim_packet?complaint=late", expect=404)
    client.get(row + "/claim_packet?complaint=nothing", expect=400)
    unsaid = client.get(row + "/claim_packet", expect=None)
    check(unsaid.status in (200, 422) and "recipient" not in unsaid.body.get("text", ""), "nobody is quoted")
    client.get(row + "/claim_packet?complaint=not_received&reason=damaged", expect=422)


def walk_mappings(client, port):
    """A table of a kind that nobody knows."""
    multipart = {"Content_Type": "multipart/form-data; boundary=b1"}
    table = (source / "samples/woocommerce/plugin_order_list_decimal_comma.csv").read_bytes()
    send = lambda path, body, expect: client.send("POST", path, form("file", body), expect=expect, **multipart)
    seen = send("/v1/imports/preview?currency=EUR", table, 200)
    check(seen["mapping"]["of"] == "sale" and seen["mapping"]["columns"]["total"] == "Order Total", "a proposal")
    check(seen["left_out"] == ["Payment Method"] and seen["observed"] == 2 and not seen["rejects"], "a preview")
    check({"name": "total", "text": "77.00 EUR"} in seen["rows"][0]["says"], f"a row: {seen['rows'][0]}")
    check(send("/v1/imports/preview", b"colour,size\nred,1\n", 422)["code"] == "file_refused", "no table of orders")
    send("/v1/imports/preview?mapping=list", table, 400)
    send("/v1/imports/preview?currency=x", table, 400)
    given = {name: value for name, value in seen["mapping"].items() if name != "object"} | {"system": "woocommerce"}
    path = "/v1/mappings/list"
    client.get(path, expect=404)
    client.send("DELETE", path, expect=404)
    put = lambda body, expect=200, at=path: client.send("PUT", at, body, expect=expect)
    saved = put(given)
    check(saved["name"] == "list" and saved["system"] == "woocommerce", "saved")
    check(put(given).body == saved.body and client.get(path).body == saved.body, "twice is as once")
    check([one["name"] for one in client.pages("/v1/mappings")] == ["list"], "one mapping")
    put(given, 400, "/v1/mappings/List")
    put(given | {"of": "order"}, 400)
    put(given | {"currency": "EURO"}, 400)
    put(given | {"columns": {"total": "Order Total"}}, 400)
    put(given | {"columns": {"reference": "a", "colour": "b"}}, 400)
    put(given | {"columns": {"reference": "a", "total": "A"}}, 400)
    put({"of": "sale", "system": "shop"}, 400)
    client.get("/v1/mappings?limit=0", expect=400)
    check(send("/v1/imports/preview?mapping=list", table, 200)["rows"][0]["says"][0]["text"] == "woocommerce 2051", "by its name")
    check(send("/v1/imports?mapping=list", table, 201)["new"] == 2, "imported by it")
    send("/v1/imports?mapping=other", table, 400)
    send("/v1/imports?mapping=list", b"colour,size\nred,1\n", 422)
    client.send("DELETE", path, expect=204)
    client.get(path, expect=404)


def faults(answer):
    return [(fault.get("pointer"), fault["code"]) for fault in answer.body.get("errors", [])]


def states(answer):
    return {item["id"]: item["state"] for item in answer["items"]}


def walk_checklist(client, port):
    """A device that is not as described: what to show is asked for, handed in and found."""
    life = Life(client, "checklist", shipped=False, item_marks=["electronics"])
    shipment = life.post("/shipments", {"tracking": "RR7", "carrier": "dhl"})["made"]["shipment_id"]
    life.post("/shipments", {"tracking": "RR8", "carrier": "d h l"}, expect=400)
    check(client.get(life.path)["shipments"][0]["carrier"] == "dhl", "a parcel's carrier")
    life.at("2026-03-09T10:00:00.000Z")
    client.post(f"/v1/shipments/{shipment}/scans", {"kind": "delivered_signed", "when": "2026-03-09T09:30:00.000Z"})
    dispute = life.dispute("not_as_described", wanted="return_for_full_refund")
    of_buyer, of_seller = dispute + "/checklist?as=buyer", dispute + "/checklist?as=seller"
    asked = client.get(of_buyer)
    check(states(asked)["ME-10"] == "missing", "a photo is asked for")
    check(states(asked)["ME-12"] == "missing", "a device is shown at work")
    check(states(asked)["ME-14"] == "not_applicable", "which is no garment")
    check({item["of"] for item in asked["items"]} == {"buyer"}, "a side sees what is asked of it")
    check({item["of"] for item in client.get(dispute + "/checklist")["items"]} == {"buyer", "seller"}, "we see both")
    client.post(dispute + "/evidence", {"as": "buyer", "kind": "photo", "content": anything})
    given = {item["id"]: item for item in client.get(of_buyer)["items"]}
    check(given["ME-10"]["state"] == "provided", "the photo is there")
    check(given["ME-10"]["evidence"] == [life.thing("evd")], "and named")
    check(given["ME-12"]["state"] == "missing", "the rest is not")

    def refused(body, *expected):
        answer = client.post(dispute + "/evidence", {"as": "seller"} | body, expect=400)
        check(faults(answer) == list(expected), f"{body}: {faults(answer)}")

    refused({"kind": "hearsay", "content": anything}, ("/kind", "invalid"))
    refused({"content": anything}, ("/kind", "missing"))
    refused({"kind": "photo"}, ("/content", "missing"))
    refused({"kind": "proof_of_delivery"}, ("/record/delivered_at", "missing"))
    refused({"kind": "photo", "content": anything, "record": {"carrier": "dhl"}}, ("/record/carrier", "not_fitting"))
    refused({"kind": "tracking", "record": {"tracking_number": "R R"}}, ("/record/tracking_number", "invalid"))
    refused({"kind": "tracking", "record": {"tracking_number": "x" * 40}}, ("/record/tracking_number", "too_long"))
    refused({"kind": "tracking", "record": {"tracking_number": "R", "note": "?"}}, ("/record/note", "unknown"))
    refused({"kind": "tracking", "record": []}, ("/record", "wrong_type"))
    client.post(dispute + "/evidence", {"as": "seller", "kind": "tracking", "record": {
        "tracking_number": "RR7", "shipment_id": life.thing("shp", 9)}}, expect=404)
    client.post(dispute + "/evidence", {"as": "seller", "kind": "refund_confirmation", "record": {
        "instruction_id": life.thing("ins", 9), "amount": eur(100)}}, expect=404)

    claim = {"shipment_id": shipment, "carrier": "dhl", "delivered_at": "2026-03-08T09:30:00.000Z"}
    client.post(dispute + "/evidence", {"as": "seller", "kind": "proof_of_delivery", "record": claim})
    shown = client.get(dispute)["evidence"]
    check(shown[1]["record"] == claim and not shown[1]["has_file"], "a claim stands as it was made")
    check(shown[1]["differs_from_order"] == {"delivered_at": "2026-03-09T09:30:00.000Z"}, "beside what is known")
    check(shown[0]["has_file"] and "record" not in shown[0], "a photo says nothing else")

    # What the order knows is handed in as it is offered.
    late = Life(client, "checklist-late", item_marks=["clothing"])
    late.at("2026-04-01T09:00:00.000Z")
    client.post(f"/v1/shipments/{late.shipment}/scans", {"kind": "delivered"})
    missing = late.dispute("not_received", wanted="full_refund")
    offered = [record for item in client.get(missing + "/checklist?as=seller")["items"] for record in item["prefilled"]]
    check({one["submit"]["kind"] for one in offered} == {"proof_of_shipment", "tracking", "proof_of_delivery"}, "offered")
    events = {event["id"]: event["type"] for event in client.get(late.path + "/events?limit=100")["data"]}
    for one in offered:
        check({events.get(where) for where in one["from"].values()} <= {"order.shipped", "order.scanned"}, "from events")
        check(one["from"].keys() == one["submit"]["record"].keys(), "each member from one")
        client.post(missing + "/evidence", one["submit"])
    after = client.get(missing + "/checklist?as=seller")
    check(states(after)["ME-1"] == states(after)["ME-2"] == "provided", "what was offered is provided")
    check(not any(item["prefilled"] for item in after["items"]), "and is offered no more")
    check(not any("differs_from_order" in one for one in client.get(missing)["evidence"]), "and differs in nothing")
    told = [event for event in client.get(late.path + "/events?limit=100")["data"] if event["type"] == "evidence.submitted"]
    check(len(told) == 3 and all("kind" in one["data"]["details"] for one in told), "the kind is told")
    check(not any("record" in one["data"]["details"] for one in told), "and no more")
    check("record" not in client.get("/v1/events/" + told[0]["id"])["data"]["details"], "whoever asks")

    soon = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(time.time() + 3600))
    link = client.post(late.path + "/links", {"as": "buyer", "expires_at": soon}, expect=201)
    buyer = Client(port, link["token"])
    check({item["of"] for item in buyer.get(missing + "/checklist")["items"]} == {"buyer"}, "a link sees its side")
    buyer.get(missing + "/checklist?as=seller", expect=403)
    buyer.get(dispute + "/checklist", expect=404)
    client.get(dispute[:-1] + "7/checklist", expect=404)
    client.get(dispute + "/checklist?as=either", expect=400)
    Client(port, "sk_test_" + "0" * 32).get(dispute + "/checklist", expect=401)


def walk_bytes(client):
    client.post("/v1/orders", "{", expect=400)
    client.post("/v1/orders", '{"a":1,"a":2}', expect=400)
    client.post("/v1/orders", "[]", expect=400)
    client.post("/v1/orders", json.dumps(placement("utf-8")).encode().replace(b"utf-8", b"\xff\xfe"), expect=400)
    many = "{" + ",".join(f'"n{i}": 0' for i in range(60_000)) + "}"
    client.post("/v1/orders", many, expect=400)  # within the client's patience
    client.post("/v1/orders", placement("no-key"), expect=400, key=None)
    client.post("/v1/orders", placement("text"), expect=415, Content_Type="text/plain")
    client.get("/v1/orders", expect=406, Accept="image/png")
    client.post("/v1/orders", " " * (1 << 20) + "{}", expect=413)


def walk_callbacks(port):
    """What Stripe tells, signed over the bytes as sent; money that settles by it: money.py."""
    nobody = Client(port, "")
    path = "/v1/processors/stripe/callbacks"
    event = {"id": "evt_1", "object": "event", "type": "refund.updated", "livemode": False,
             "data": {"object": {"id": "re_1", "object": "refund", "status": "succeeded"}}}
    text = json.dumps(event, indent=2)

    def signature(text, age=0):
        at = str(int(time.time()) - age)
        mac = hmac.new(signing_secret.encode(), f"{at}.{text}".encode(), "sha256").hexdigest()
        return f"t={at},v1={mac}"

    nobody.post(path, text, expect=204, Stripe_Signature=signature(text))
    nobody.post(path, text + " ", expect=400, Stripe_Signature=signature(text))
    nobody.post(path, text, expect=400, Stripe_Signature=signature(text, age=301))
    check(nobody.post(path, text, expect=400)["code"] == "signature_invalid", "no signature")
    nobody.post(path, "[]", expect=400, Stripe_Signature=signature("[]"))


def pushing():
    """The settings by which the samples' own secrets are known."""
    vectors = json.loads((source / "samples/webhooks/signature_vectors.json").read_text())["vectors"]
    secrets = {one["header"]: one["secret"] for one in vectors if "header" in one}
    return f"""
[push.shop]
from = "shopify"
secret = "a new one"
secret_before = "{secrets["X-Shopify-Hmac-SHA256"]}"
[push.woo]
from = "woocommerce"
secret = "{secrets["X-WC-Webhook-Signature"]}"
[push.aftership]
from = "aftership"
secret = "{secrets["aftership-hmac-sha256"]}"
[push.17track]
from = "17track"
secret = "{secrets["sign"]}"
[push.stripe]
from = "stripe"
secret = "{signing_secret}"
[push.{path_secret}]
from = "aliexpress"
"""


def walk_pushes(client, port, server):
    """What stores and trackers push, each signed in its own way."""
    samples = source / "samples"
    nobody = Client(port, "")
    ask = lambda name, body, expect=200, **more: nobody.post("/v1/pushes/" + name, body, expect=expect, key=None, **more)
    signed = {"shop": ("shopify/webhook_orders_create_1051", "X_Shopify_Hmac_SHA256"),
              "woo": ("woocommerce/webhook_order_created_2051", "X_WC_Webhook_Signature"),
              "aftership": ("tracking/aftership_tracking_update", "aftership_hmac_sha256"),
              "17track": ("tracking/17track_updated_exception_returned", "sign")}
    for name, (sample, header) in signed.items():
        body = (samples / (sample + ".body.json")).read_bytes()
        lines = (samples / (sample + ".headers.txt")).read_text().splitlines()
        value = next(line.split(": ", 1)[1] for line in lines if line.lower().startswith(header.replace("_", "-").lower() + ":"))
        first = ask(name, body, **{header: value})
        check(first["taken"] and first["new"] + first["changed"] + first["same"] > 0, f"{name}: {first.body}")
        again = ask(name, body, **{header: value})
        check(again["taken"] and again["new"] == again["changed"] == 0, f"{name} again: {again.body}")
        check(ask(name, body + b" ", 400, **{header: value})["code"] == "signature_invalid", "other bytes")
        ask(name, body, 400)
        others = [one for one in signed if one != name]
        ask(others[0], body, 400, **{header: value})
    ask("woo", (samples / "woocommerce/webhook_ping.body.txt").read_bytes(), 204,
        Content_Type="application/x-www-form-urlencoded")
    ask("nobody", b"{}", 404)

    def stripe(text):
        at = str(int(time.time()))
        mac = hmac.new(signing_secret.encode(), f"{at}.{text}".encode(), "sha256").hexdigest()
        return ask("stripe", text, Stripe_Signature=f"t={at},v1={mac}")

    dispute = (samples / "stripe/webhook_charge_dispute_created.body.json").read_text()
    check(stripe(dispute)["new"] == 1, "a dispute")
    order = (samples / "shopify/webhook_orders_create_1051.body.json").read_text()
    told = stripe(order)
    check(not told["taken"] and "does not speak for" in told["reason"], f"an order is not Stripe's: {told.body}")
    check(not stripe("no JSON")["taken"], "not read")
    pushed = (samples / "aliexpress/push_dropshipper_order_status_update.json").read_bytes()
    check(ask(path_secret, pushed)["taken"], "a hint of AliExpress")
    for other in ("", "/"):  # what no route matches is not told with its path, either
        line = http.client.HTTPConnection("127.0.0.1", port)
        line.request("GET", "/v1/pushes/" + path_secret + other)
        check(line.getresponse().status in (404, 405), "a push is posted")
    check(any(one["file"] == "push-shopify.json" for one in client.pages("/v1/imports")), "kept as an import")
    check(not any(path_secret in line for line in server.log), "no secret in the log")


def walk_stream(client, port):
    following = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    following.request("GET", "/v1/events/stream?types=order.placed",
                      headers={"Authorization": "Bearer " + client.key})
    got = following.getresponse()
    client.post("/v1/orders", placement("streamed"), expect=201)
    lines = [got.readline().decode().rstrip("\n") for _ in range(2)]
    last = client.get("/v1/events/" + lines[0].removeprefix("id: "))
    check(not lines[1] and not client.get("/v1/events?types=order.*&limit=100&after=" + last["id"])["data"][1:],
          "where the feed stood when the stream began")
    lines = [got.readline().decode().rstrip("\n") for _ in range(4)]
    check(got.status == 200 and got.getheader("content-type") == "text/event-stream", "a stream")
    check(lines[0].startswith("id: evt_") and lines[1] == "event: order.placed", f"an event: {lines}")
    check(json.loads(lines[2].removeprefix("data: "))["type"] == "order.placed" and not lines[3], "its data")
    reached["stream_events"].add(got.status)
    following.close()


def main():
    variables = {"HOLDFAST_PROCESSOR_STRIPE_SIGNING_SECRET": signing_secret,
                 "HOLDFAST_SERVE_ALONE_MOST": "50.00 EUR, 50.00 USD"}
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        (pathlib.Path(folder) / "holdfast.toml").write_text(pushing())
        server = stack.enter_context(served.Server(program, folder, variables=variables))
        check(server.key_file.stat().st_mode & 0o777 == 0o600, "the key is its owner's alone")
        client = Client(server.port, server.key)
        for walk in (walk_not_received, walk_not_as_described, walk_contested_return, walk_order,
                     walk_forecast, walk_lists, walk_parties, walk_notices, walk_bytes):
            walk(client)
        walk_messages(client, server.port)
        walk_erasure(client)
        walk_settings(client, server.port)
        walk_console(client)
        walk_people(client, server.port, server.database)
        walk_evidence(client, server.port)
        walk_checklist(client, server.port)
        walk_approvals(client, server.port)
        walk_desk(client, server.port)
        walk_tokens(client, server.port)
        walk_cast(client, server.port)
        walk_callbacks(server.port)
        walk_pushes(client, server.port, server)
        walk_mappings(client, server.port)
        walk_stream(client, server.port)
        copy = pathlib.Path(folder) / "beside.holdfast"
        check(server.run("backup", "create", copy).returncode == 0, "a copy beside a running server")
        check(server.stop() == 0, "the server ends with 0")
        check(server.run("backup", "verify", copy).returncode == 0, "which is whole")
        check(server.run("verify").returncode == 0, "the database is whole")
        told = json.loads(server.run("verify", "--json").stdout)
        check(told["whole"] and told["texts"] > 5 and told["texts_erased"] == 3, f"texts: {told}")
        kept = pathlib.Path(server.database).read_bytes()
        check(b"Ann Example" not in kept and b"Kiln Lane" not in kept and b"I am here again." in kept, "what is in the file")
        secret = pathlib.Path(folder) / "reader.key"
        check(server.run("keys", "create", "--to", secret, "--scope", "ledger:read").returncode == 0, "a key by hand")
        check(secret.read_text().startswith("sk_test_"), "a sandbox's key")
        listed = json.loads(server.run("keys", "list", "--json").stdout)
        made = [key["id"] for key in listed if key["scopes"] == "ledger:read"]
        check(len(made) == 1 and server.run("keys", "revoke", made[0]).returncode == 0, "a key ended by hand")
        password = pathlib.Path(folder) / "password"
        password.write_text("another horse battery\n")
        made = server.run("admin", "create", "--name", "carl", "--password-file", password)
        check(made.returncode == 0 and made.stdout.startswith("usr_"), "an admin by hand")
        check(server.run("admin", "create", "--name", "CARL", "--password-file", password).returncode == 6, "one name, one user")
        password.write_text("short\n")
        check(server.run("admin", "create", "--name", "dora", "--password-file", password).returncode == 2, "a short password")
        check(server.run("keys", "create", "--to", secret, "--live").returncode == 6, "no live key in a sandbox")
        check(server.run("serve", "--live", "--port", "0").returncode == 6, "a sandbox is never served as live")

    names = [operation["operationId"] for _, _, _, operation in table]
    for name in names:
        check(any(status < 300 or status == 302 for status in reached[name]), f"{name} never succeeded: {reached[name]}")
    print(f"{len(names)} operations, {sum(len(s) for s in reached.values())} statuses of them reached")
    for problem in problems:
        print("problem:", problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
