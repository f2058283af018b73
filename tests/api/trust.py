"""Trust over HTTP: who claims too often is refused with clause and figures, who is trusted has the
money at once, a verdict that an appeal turns is no strike, and what is told beforehand is what
happens.

Usage: trust.py PROGRAM SOURCE_FOLDER
"""

import sys
import tempfile

sys.dont_write_bytecode = True
import served
from served import Life, eur

program = sys.argv[1]
terms = {"terms": {"terms_id": "marketplace-trusted"}}
until = "until=2026-05-01T00:00:00.000Z&days=365"


def small(buyer, seller, trusted=False, **more):
    """An order of 28.00 that was promised for the tenth of March."""
    return terms | {
        "buyer": {"reference": buyer},
        "seller": {"reference": seller},
        "lines": [{"sku": "mug", "quantity": 2, "unit_price": eur(1200)}],
        "shipping": eur(400),
        "promised_by": "2026-03-10T08:00:00.000Z",
        "attributes": {"buyer_tier": "trusted" if trusted else "new"},
    } | more


class Small(Life):
    def __init__(self, client, clock, name, **more):
        super().__init__(client, name, paid=False, shipped=False, clock=clock, **more)
        self.post("/payments", {"seen": "captured", "amount": eur(2800), "reference": "pi_" + name})
        self.post("/shipments", {"tracking": "RR" + name})

    def claim(self, expect=201, preview=False, reason="not_received", wanted="full_refund"):
        query = "?preview=true" if preview else ""
        return self.post("/disputes" + query, {"as": "buyer", "reason": reason, "wanted": wanted}, expect=expect)


def party_of(order, side):
    return order.client.get(order.path)[side]


def figure(client, party, name):
    all_of = client.get(f"/v1/parties/{party}/metrics?{until}")["figures"]
    return next(one for one in all_of if one["figure"] == name)


def causes(client, party, name):
    return client.pages(f"/v1/parties/{party}/metrics/{name}?{until}")


def same(left, right, what):
    if left != right:
        raise AssertionError(f"{what}: {left} is not {right}")


def events_of(answer):
    return [event["type"] for event in answer["events"]]


def refuse_who_claims_too_often(client):
    clock = served.make_clock(client)
    orders = [Small(client, clock, f"often-{i}", **small("often", f"seller-{i}")) for i in range(11)]
    orders[0].at("2026-03-11T08:00:00.000Z")
    for order in orders[:4]:
        order.claim()
    buyer = party_of(orders[0], "buyer")
    # Eleven orders and four claims are 36 %.
    same((figure(client, buyer, "buyer.claims")["count"], figure(client, buyer, "buyer.claims")["rate_basis_points"]),
         (4, 3636), "the claims")
    last = orders[10]
    preview = last.claim(expect=422, preview=True)
    refused = last.claim(expect=422)
    for told in (preview, refused):
        same((told["code"], told["outcome"], told["clause"]), ("not_granted", "claim_rate_exceeded", "MT-1"), "refused")
        same({one["figure"]: one["value"] for one in told["figures"]},
             {"buyer.orders": 11, "buyer.claim_rate": 3636}, "the figures")
    why = client.get(last.path + "/explain?action=open_dispute&reason=not_received&as=buyer")
    same((why["allowed"], why["outcome"], why["clause"]), (False, "claim_rate_exceeded", "MT-1"), "explained")
    facts = {fact["name"]: fact.get("value") for fact in why["clauses"][0]["facts"]}
    same(facts, {"buyer.orders": "11", "buyer.claim_rate": "3636"}, "the facts")
    view = client.get(last.path + "?as=buyer")
    same([one for one in view["actions"] if one.get("reason") == "not_received"], [], "the actions")
    # A claim that is withdrawn is none: three of eleven are not too many.
    client.post("/v1/disputes/" + orders[0].thing("dsp") + "/withdraw", {"as": "buyer"})
    same(figure(client, buyer, "buyer.claims")["count"], 3, "after the withdrawal")
    undone = [one for one in causes(client, buyer, "buyer.claims") if not one["counts"]]
    same([(one["order_id"], one["undone"]["by"]) for one in undone], [(orders[0].id, "withdrawal")], "the cause")
    opened = last.claim()
    same(events_of(opened), ["order.standing_seen", "dispute.opened"], "what was decided with is recorded")
    same(len(client.pages(f"/v1/orders?buyer_id={buyer}")), 11, "the buyer's orders")
    same([one["id"] for one in client.pages("/v1/orders?seller_id=" + party_of(last, "seller"))], [last.id], "the seller's")


def pay_the_trusted_at_once(client):
    clock = served.make_clock(client)
    orders = [Small(client, clock, f"trusted-{i}", **small("trusted", "patient", trusted=True)) for i in range(10)]
    orders[0].at("2026-03-11T08:00:00.000Z")
    preview = orders[0].claim(expect=200, preview=True)
    opened = orders[0].claim()
    wanted = ["order.standing_seen", "dispute.opened", "order.default_struck", "refund.issued", "dispute.closed"]
    same(events_of(opened)[:5], wanted, "at once")
    same(events_of(preview), events_of(opened), "as was told before")
    same(client.get(orders[0].path)["state"], "completed", "it is over")
    seller = party_of(orders[0], "seller")
    same(figure(client, seller, "seller.faults")["count"], 0, "nobody waited for the seller")
    same(figure(client, seller, "seller.disputed")["count"], 1, "it was disputed")
    # One claim in ten is more than one in twenty.
    same(events_of(orders[1].claim()), ["order.standing_seen", "dispute.opened"], "the second waits")


def undo_what_an_appeal_turns(client):
    clock = served.make_clock(client)
    order = Small(client, clock, "appealed", **small("careful", "wronged"))
    client.post(f"/v1/shipments/{order.thing('shp')}/scans", {"kind": "delivered"})
    order.at("2026-03-02T08:00:00.000Z")
    order.claim(reason="damaged", wanted="return_for_full_refund")
    path = "/v1/disputes/" + order.thing("dsp")
    client.post(path + "/respond", {"as": "seller"})
    order.at("2026-03-06T08:00:00.000Z")
    client.post(path + "/escalate", {"as": "buyer"})
    refund = {"remedy": "return_for_full_refund", "amount": eur(2800)}
    client.post(path + "/decide", {"verdict": {"settlement": refund, "winner": "buyer", "codes": ["item_damaged"]}})
    seller, buyer = party_of(order, "seller"), party_of(order, "buyer")
    same(figure(client, seller, "seller.faults")["count"], 1, "decided against")
    order.at("2026-03-07T08:00:00.000Z")
    client.post(path + "/appeal", {"as": "seller", "has_new_information": True})
    client.post(path + "/decide", {"verdict": {"settlement": {"amount": eur(0)}, "winner": "seller",
                                               "codes": ["new_information"]}})
    faults = figure(client, seller, "seller.faults")
    same((faults["count"], faults["of"], faults["rate_basis_points"]), (0, 1, 0), "the strike is gone")
    (cause,) = causes(client, seller, "seller.faults")
    same((cause["order_id"], cause["because"], cause["counts"], cause["undone"]["by"]),
         (order.id, "decided", False, "appeal"), "and the list says why")
    same(figure(client, buyer, "buyer.lost")["count"], 1, "the claim was lost")


with tempfile.TemporaryDirectory() as folder:
    with served.Server(program, folder) as server:
        for part in (refuse_who_claims_too_often, pay_the_trusted_at_once, undo_what_an_appeal_turns):
            part(served.Client(server.port, server.key, part.__name__))
print("trust: as it is told")
