"""Two clients race: pairs of requests that want different things of one order, party, key or endpoint,
sent at the same instant to a running `holdfast serve`.

Usage: races.py PROGRAM SOURCE_FOLDER [ROUNDS] [PAIR…]

Each pair is first played one after the other, in both orders, on things of their own. What a race
may end in is what one of the two orders ended in: both answers with their codes, versions and
states, and what is then there (events, money). How many of the two win is declared with the pair
and checked in both orders; so a race that both win, or none, or whose loser is told what is not
so, is no outcome of either. At the end `holdfast verify` goes through the whole database.

Requests go out whole but for their last byte, on two connections; then the two last bytes, in
alternating order and a few microseconds apart.
"""

import collections
import http.client
import json
import random
import socket
import sys
import tempfile
import time

sys.dont_write_bytecode = True
import served
from served import Life, eur, make_clock

ONE = "one wins"
BOTH = "both win, in either order"
FIRST = "both win if the first comes first, else the second alone"
SECOND = "both win if the second comes first, else the first alone"

evidence = "0" * 64
pairs = []


def pair(wins, scene):
    """Registers a function that gives the two requests about one thing of a scene."""

    def register(prepare):
        pairs.append(Pair(prepare, wins, scene))
        return prepare

    return register


class Request:
    def __init__(self, method, path, body=None, key="", **headers):
        self.method, self.path, self.body, self.key = method, path, body, key
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def post(path, body=None, **more):
    return Request("POST", path, {} if body is None else body, **more)


class Pair:
    def __init__(self, prepare, wins, scene):
        self.prepare, self.wins, self.scene = prepare, wins, scene
        self.name = prepare.__name__


# --- Scenes: what is there before the race, and what is looked at after it


class World:
    """What rounds of one pair share: a client, and a clock that all their orders live by."""

    def __init__(self, client, name):
        self.client, self.name = client, name
        self.clock = None
        self.made = 0

    def reference(self):
        self.made += 1
        return f"{self.name}-{self.made}"


class OrderScene:
    """An order that has come to `at`. Its clock is shared, unless a request moves it."""

    def __init__(self, at=None, paid=True, shipped=True, own_clock=False, then=None, **more):
        self.at, self.paid, self.shipped, self.own_clock = at, paid, shipped, own_clock
        self.then, self.more = then, more

    def lives(self, world, count):
        if not self.own_clock:
            world.clock = make_clock(world.client)
        lives = [Life(world.client, world.reference(), paid=self.paid, shipped=self.shipped,
                      clock=None if self.own_clock else world.clock, **self.more) for _ in range(count)]
        for life in lives if self.own_clock else lives[:1]:
            if self.at:
                life.at(self.at)
        for life in lives:
            if self.then:
                self.then(life)
        return lives

    def look(self, client, life):
        view = client.get(life.path)
        events = [(e["type"], json.dumps(e["data"].get("details"), sort_keys=True).replace(life.id[4:], ""))
                  for e in client.pages(life.path + "/events")]
        phases = [one["phase"] for one in client.get(life.path + "/disputes?limit=100")["data"]]
        return view["state"], view["version"], view["money"], events, phases


def quarrel(life):
    """The seller has answered and offered a part."""
    life.dispute_path = life.dispute("not_received", wanted="full_refund")
    life.client.post(life.dispute_path + "/respond", {"as": "seller"})
    life.offer = life.client.post(life.dispute_path + "/offers", part_offer("seller", 1000))["made"]["offer_id"]


def part_offer(by, amount):
    return {"as": by, "plan": {"then": {"remedy": "partial_refund_keep", "amount": eur(amount)}}}


def escalated(life):
    quarrel(life)
    life.client.post(life.dispute_path + "/escalate", {})


def verdict(winner, remedy="full_refund", amount=5000):
    return {"verdict": {"settlement": {"remedy": remedy, "amount": eur(amount)}, "winner": winner,
                        "codes": ["item_differs"]}}


def decided(life):
    escalated(life)
    life.client.post(life.dispute_path + "/decide", verdict("buyer"))


def returning(life):
    life.dispute_path = life.dispute("damaged", wanted="return_for_full_refund")
    offer = life.client.post(life.dispute_path + "/offers", {"as": "seller", "plan": {"then": {
        "remedy": "return_for_full_refund", "amount": eur(served.total)}}})["made"]["offer_id"]
    life.client.post(f"/v1/offers/{offer}/accept", {"as": "buyer"})


def sent_back(life):
    returning(life)
    life.client.post(life.dispute_path + "/send_return", {"as": "buyer", "tracking": "RR2"})
    life.client.post(life.dispute_path + "/return_delivered", {})


def refunded(life):
    life.post("/refunds", {})


def failed(life):
    refunded(life)
    life.client.post(f"/v1/instructions/{life.thing('ins')}/settle", {"state": "failed"})


def came_after_refund(life):
    refunded(life)
    life.client.post(f"/v1/shipments/{life.shipment}/scans", {"kind": "delivered"})


def extended(life):
    life.post("/extend", {"as": "seller", "days": 10})


def asked_to_cancel(life):
    life.post("/cancel", {"as": "buyer"})


late = "2026-04-02T08:30:00.000Z"
soon = "2026-03-05T09:00:00.000Z"
in_quarrel = OrderScene(late, then=quarrel)
under_review = OrderScene(late, then=escalated)
after_verdict = OrderScene(late, then=decided)
in_return = OrderScene(soon, then=returning)
return_there = OrderScene(soon, then=sent_back)
before_shipping = OrderScene(shipped=False)
on_its_way = OrderScene()
overdue = OrderScene(late)


class PartyScene:
    def __init__(self, then=None):
        self.then = then

    def lives(self, world, count):
        return [self.life(world) for _ in range(count)]

    def life(self, world):
        made = world.client.post("/v1/parties", {"reference": world.reference()}, expect=201)
        path = "/v1/parties/" + made["id"]
        if self.then:
            self.then(world.client, path)
        return path

    def look(self, client, path):
        entries = [(e["account"], e["amount"]["amount"]) for e in client.pages(path + "/entries")]
        return client.get(path)["version"], client.get(path + "/balances")["balances"], entries


def deposited(client, path):
    client.post(path + "/deposits", {"reference": "py_1", "amount": eur(50_000)})


def payable(client, path):
    deposited(client, path)
    client.post(path + "/return_deposit", {"amount": eur(30_000)})


def held(client, path):
    client.post(path + "/holds", {"reason": "new_seller"})


def in_debt(client, path):
    client.post(path + "/fines", {"amount": eur(10_000), "clause": "SELLER-7", "reason": "false_tracking"})


class NothingYet:
    """What the pair makes is made by the race."""

    def lives(self, world, count):
        return [(world.client, world.reference()) for _ in range(count)]

    def look(self, client, life):
        return [order["version"] for order in client.get("/v1/orders?reference=" + life[1])["data"]]


class EndpointScene:
    most = 40  # races: each endpoint that is there is work for all that is told meanwhile

    def lives(self, world, count):
        return [self.life(world) for _ in range(count)]

    def life(self, world):
        made = world.client.post("/v1/webhook_endpoints", {"url": "https://shop.example/" + world.reference()},
                                 expect=201)
        return "/v1/webhook_endpoints/" + made["id"], made.headers["etag"]

    def look(self, client, life):
        there = client.get(life[0], expect=None)
        if there.status == 200:  # one less to be told of all that other races do
            client.send("DELETE", life[0], expect=204)
        return there.status, there.status == 200 and there["types"]


class KeyScene:
    def lives(self, world, count):
        return [self.life(world) for _ in range(count)]

    def life(self, world):
        return world.reference(), world.client.post("/v1/keys", {"scopes": ["orders:write"], "expires_at": never}, expect=201)

    def look(self, client, life):
        client.send("DELETE", "/v1/keys/" + life[1]["id"], expect=404)
        return len(client.get("/v1/orders?reference=" + life[0])["data"])


class ClockScene:
    def lives(self, world, count):
        return [make_clock(world.client) for _ in range(count)]

    def look(self, client, clock):
        view = client.get("/v1/test_clocks/" + clock)
        return view["shows"], view["version"]


never = "2999-01-01T00:00:00.000Z"


# --- A quarrel


@pair(ONE, scene=in_quarrel)
def accept_or_withdraw(life):
    return post(f"/v1/offers/{life.offer}/accept", {"as": "buyer"}), post(life.dispute_path + "/withdraw", {"as": "buyer"})


@pair(ONE, scene=in_quarrel)
def accept_or_decline(life):
    return post(f"/v1/offers/{life.offer}/accept", {"as": "buyer"}), post(f"/v1/offers/{life.offer}/decline", {"as": "buyer"})


@pair(ONE, scene=in_quarrel)
def accept_or_accept(life):
    return [post(f"/v1/offers/{life.offer}/accept", {"as": "buyer"}) for _ in range(2)]


@pair(ONE, scene=in_quarrel)
def accept_or_replace(life):
    """The seller has thought of less just when the buyer agrees."""
    return post(f"/v1/offers/{life.offer}/accept", {"as": "buyer"}), post(life.dispute_path + "/offers", part_offer("seller", 500))


@pair(SECOND, scene=in_quarrel)
def accept_or_counter(life):
    """A counter-offer leaves the other side's offer open: its maker may still take it."""
    return post(f"/v1/offers/{life.offer}/accept", {"as": "buyer"}), post(life.dispute_path + "/offers", part_offer("buyer", 3000))


@pair(SECOND, scene=in_quarrel)
def accept_or_escalate(life):
    return post(f"/v1/offers/{life.offer}/accept", {"as": "buyer"}), post(life.dispute_path + "/escalate", {})


@pair(ONE, scene=in_quarrel)
def escalate_or_escalate(life):
    return [post(life.dispute_path + "/escalate", {}) for _ in range(2)]


@pair(SECOND, scene=in_quarrel)
def escalate_or_modify(life):
    return post(life.dispute_path + "/escalate", {}), post(
        life.dispute_path + "/modify", {"as": "buyer", "wanted": "partial_refund_keep", "amount": eur(3000)})


@pair(SECOND, scene=in_quarrel)
def withdraw_or_respond(life):
    return post(life.dispute_path + "/withdraw", {"as": "buyer"}), post(life.dispute_path + "/respond", {"as": "seller"})


@pair(ONE, scene=in_quarrel)
def withdraw_or_withdraw(life):
    return [post(life.dispute_path + "/withdraw", {"as": "buyer"}) for _ in range(2)]


@pair(ONE, scene=under_review)
def decide_or_withdraw(life):
    return post(life.dispute_path + "/decide", verdict("buyer")), post(life.dispute_path + "/withdraw", {"as": "buyer"})


@pair(ONE, scene=under_review)
def decide_or_decide(life):
    return post(life.dispute_path + "/decide", verdict("buyer")), post(life.dispute_path + "/decide", verdict("seller", "partial_refund_keep", 1000))


@pair(ONE, scene=under_review)
def decide_or_accept(life):
    return post(life.dispute_path + "/decide", verdict("buyer")), post(f"/v1/offers/{life.offer}/accept", {"as": "buyer"})


@pair(SECOND, scene=under_review)
def decide_or_ask_for_evidence(life):
    return post(life.dispute_path + "/decide", verdict("buyer")), post(
        life.dispute_path + "/request_evidence", {"of": "seller", "due_at": "2026-04-05T00:00:00.000Z"})


@pair(BOTH, scene=under_review)
def decide_or_evidence(life):
    """Evidence may be handed in until a dispute is closed."""
    return post(life.dispute_path + "/decide", verdict("buyer")), post(
        life.dispute_path + "/evidence", {"as": "buyer", "kind": "photo", "content": evidence})


@pair(ONE, scene=after_verdict)
def appeal_or_appeal(life):
    return [post(life.dispute_path + "/appeal", {"as": by, "has_new_information": True}) for by in ("buyer", "seller")]


@pair(SECOND, scene=OrderScene(late, own_clock=True, then=decided))
def time_or_appeal(life):
    """The decision is carried out as the time to appeal ends."""
    return post(f"/v1/test_clocks/{life.clock}/advance", {"to": "2026-04-09T08:30:00.000Z"}), post(
        life.dispute_path + "/appeal", {"as": "seller", "has_new_information": True})


@pair(SECOND, scene=OrderScene(late, own_clock=True, then=lambda life: open_only(life)))
def time_or_respond(life):
    """Silence for five days is a yes to what was asked for."""
    return post(f"/v1/test_clocks/{life.clock}/advance", {"to": "2026-04-07T08:30:00.000Z"}), post(
        life.dispute_path + "/respond", {"as": "seller"})


def open_only(life):
    life.dispute_path = life.dispute("not_received", wanted="full_refund")


@pair(ONE, scene=in_return)
def send_return_or_send_return(life):
    return [post(life.dispute_path + "/send_return", {"as": "buyer", "tracking": t}) for t in ("RR2", "RR3")]


@pair(ONE, scene=return_there)
def receive_or_contest(life):
    return post(life.dispute_path + "/receive_return", {"as": "seller"}), post(
        life.dispute_path + "/contest_return", {"as": "seller", "condition": "other_item"})


# --- An order and its money


@pair(ONE, scene=before_shipping)
def cancel_or_ship(life):
    return post(life.path + "/cancel", {"as": "buyer"}), post(life.path + "/shipments", {"tracking": "RR1"})


@pair(ONE, scene=before_shipping)
def cancel_or_cancel(life):
    return [post(life.path + "/cancel", {"as": by}) for by in ("buyer", "seller")]


@pair(ONE, scene=before_shipping)
def ship_or_ship(life):
    """Two parcels with the same two mugs."""
    return [post(life.path + "/shipments", {"tracking": t, "lines": [{"line": 1, "quantity": 2}]}) for t in ("RR1", "RR2")]


@pair(BOTH, scene=OrderScene(paid=False, shipped=False))
def cancel_or_pay(life):
    """Money that comes has come; what comes after the cancellation goes back."""
    return post(life.path + "/cancel", {"as": "buyer"}), post(
        life.path + "/payments", {"seen": "captured", "amount": eur(served.total), "reference": "pi_1"})


@pair(ONE, scene=OrderScene(shipped=False, item_marks=["custom_made"], then=asked_to_cancel))
def decline_cancel_or_decline_cancel(life):
    return [post(life.path + "/decline_cancel", {"as": "seller"}) for _ in range(2)]


@pair(ONE, scene=overdue)
def open_or_open(life):
    return [post(life.path + "/disputes", {"as": "buyer", "reason": reason}) for reason in ("not_received", "late")]


@pair(BOTH, scene=overdue)
def confirm_or_dispute(life):
    """Who said that nothing came may still confirm, which ends the dispute; the shipped terms let the
    buyer say so after the confirmation too, as long as no scan tells of a delivery."""
    return post(life.path + "/confirm_receipt", {"as": "buyer"}), post(
        life.path + "/disputes", {"as": "buyer", "reason": "not_received"})


@pair(BOTH, scene=overdue)
def confirm_or_complain(life):
    """Goods that are not right may be complained of before and after the confirmation."""
    return post(life.path + "/confirm_receipt", {"as": "buyer"}), post(
        life.path + "/disputes", {"as": "buyer", "reason": "damaged"})


@pair(ONE, scene=on_its_way)
def confirm_or_confirm(life):
    return [post(life.path + "/confirm_receipt", {"as": "buyer"}) for _ in range(2)]


@pair(ONE, scene=on_its_way)
def refund_or_refund(life):
    return [post(life.path + "/refunds", {"as": by}) for by in ("seller", "platform")]


@pair(ONE, scene=on_its_way)
def refund_or_the_rest(life):
    """A refund of nearly all, and one of what was left before it."""
    return post(life.path + "/refunds", {"as": "seller", "amount": eur(served.total - 1)}), post(
        life.path + "/refunds", {"as": "seller", "amount": eur(served.total)})


@pair(SECOND, scene=overdue)
def refund_or_dispute(life):
    """Who has all the money back has nothing to open a dispute about."""
    return post(life.path + "/refunds", {"as": "seller"}), post(
        life.path + "/disputes", {"as": "buyer", "reason": "not_received", "wanted": "full_refund"})


@pair(FIRST, scene=on_its_way)
def refund_or_chargeback(life):
    """What the bank has taken back cannot be refunded too."""
    return post(life.path + "/refunds", {"as": "seller", "amount": eur(1000)}), post(
        life.path + "/chargebacks", {"amount": eur(served.total)})


@pair(ONE, scene=OrderScene(then=extended))
def extend_or_extend(life):
    """A promise may be lengthened twice, and was once."""
    return [post(life.path + "/extend", {"as": "seller", "days": days}) for days in (5, 9)]


@pair(BOTH, scene=OrderScene(then=refunded))
def succeeded_or_failed(life):
    """A failure that turns out well after all is good news; a success stays one. Both are taken."""
    return [post(f"/v1/instructions/{life.thing('ins')}/settle", {"state": s}) for s in ("succeeded", "failed")]


@pair(ONE, scene=OrderScene(then=failed))
def repeat_or_repeat(life):
    return [post(f"/v1/instructions/{life.thing('ins')}/repeat", {}) for _ in range(2)]


@pair(ONE, scene=OrderScene(then=came_after_refund))
def pay_or_send_back(life):
    return [post(f"/v1/shipments/{life.shipment}/settle_arrival", {"as": "buyer", "choice": c}) for c in ("pay", "send_back")]


@pair(ONE, scene=on_its_way)
def of_one_version(life):
    """Either would do after the other, but for the version that both were decided by."""
    tag = life.client.get(life.path).headers["etag"]
    return post(life.path + "/gifts", {"as": "seller", "sku": "sticker"}, If_Match=tag), post(
        life.path + "/compensations", {"as": "seller", "what": "goodwill", "amount": eur(100)}, If_Match=tag)


@pair(BOTH, scene=on_its_way)
def write_and_write(life):
    return [post(life.path + "/messages", {"as": side, "text": "Where is it?"}) for side in ("buyer", "seller")]


# --- One key


@pair(BOTH, scene=on_its_way)
def same_key_same_message(life):
    return [post(life.path + "/messages", {"as": "buyer", "text": "Where is it?"}, key="ask-1") for _ in range(2)]


@pair(ONE, scene=on_its_way)
def same_key_other_message(life):
    return [post(life.path + "/messages", {"as": "buyer", "text": text}, key="ask-1") for text in ("Where?", "When?")]


@pair(BOTH, scene=on_its_way)
def same_key_same_request(life):
    return [post(life.path + "/refunds", {"as": "seller", "amount": eur(100)}, key="refund-1") for _ in range(2)]


@pair(ONE, scene=on_its_way)
def same_key_other_request(life):
    return [post(life.path + "/refunds", {"as": "seller", "amount": eur(n)}, key="refund-1") for n in (100, 200)]


@pair(ONE, scene=NothingYet())
def place_or_place(life):
    return [post("/v1/orders", served.placement(life[1])) for _ in range(2)]


@pair(ONE, scene=NothingYet())
def place_other_days(life):
    return [post("/v1/orders", served.placement(life[1], placed_at=f"2026-03-0{day}T09:00:00.000Z")) for day in (1, 2)]


@pair(BOTH, scene=NothingYet())
def place_with_one_key(life):
    return [post("/v1/orders", served.placement(life[1]), key="place-1") for _ in range(2)]


# --- A party's money


@pair(ONE, scene=PartyScene(deposited))
def return_deposit_or_return_deposit(path):
    return [post(path + "/return_deposit", {"amount": eur(n)}) for n in (30_000, 30_001)]


@pair(SECOND, scene=PartyScene(payable))
def hold_or_pay_out(path):
    return post(path + "/holds", {"reason": "new_seller"}), post(path + "/payouts", {"currency": "EUR"})


@pair(ONE, scene=PartyScene(payable))
def pay_out_or_pay_out(path):
    return [post(path + "/payouts", {"currency": "EUR"}) for _ in range(2)]


@pair(ONE, scene=PartyScene())
def hold_or_hold(path):
    return [post(path + "/holds", {"reason": "new_seller"}) for _ in range(2)]


@pair(ONE, scene=PartyScene(held))
def lift_or_lift(path):
    return [post(path + "/lift_hold", {"reason": "new_seller"}) for _ in range(2)]


@pair(ONE, scene=PartyScene())
def deposit_or_other_deposit(path):
    """One transfer of the processor's, told with two sums."""
    return [post(path + "/deposits", {"reference": "py_1", "amount": eur(n)}) for n in (50_000, 50_001)]


@pair(ONE, scene=PartyScene(in_debt))
def write_off_or_write_off(path):
    by = "pty_" + "0" * 25 + "a"
    return [post(path + "/write_off_debt", {"amount": eur(n), "by": by}) for n in (10_000, 9_999)]


# --- Keys, endpoints, clocks


@pair(SECOND, scene=KeyScene())
def revoke_or_use(life):
    reference, key = life
    return Request("DELETE", "/v1/keys/" + key["id"]), post(
        "/v1/orders", served.placement(reference), Authorization="Bearer " + key["secret"])


@pair(ONE, scene=KeyScene())
def revoke_or_revoke(life):
    return [Request("DELETE", "/v1/keys/" + life[1]["id"]) for _ in range(2)]


@pair(ONE, scene=EndpointScene())
def change_or_change(life):
    return [Request("PATCH", life[0], {"types": [t]}, If_Match=life[1]) for t in ("order.*", "dispute.*")]


@pair(SECOND, scene=EndpointScene())
def remove_or_change(life):
    return Request("DELETE", life[0]), Request("PATCH", life[0], {"types": ["order.*"]}, If_Match=life[1])


@pair(ONE, scene=EndpointScene())
def remove_or_remove(life):
    return [Request("DELETE", life[0]) for _ in range(2)]


@pair(SECOND, scene=EndpointScene())
def remove_or_rotate(life):
    return Request("DELETE", life[0]), post(life[0] + "/rotate_secret")


@pair(FIRST, scene=ClockScene())
def forward_or_further(clock):
    """A clock never goes back."""
    return [post(f"/v1/test_clocks/{clock}/advance", {"to": f"2026-04-0{day}T00:00:00.000Z"}) for day in (1, 2)]


@pair(ONE, scene=ClockScene())
def forward_of_one_version(clock):
    return [post(f"/v1/test_clocks/{clock}/advance", {"to": f"2026-04-0{day}T00:00:00.000Z"}, If_Match='"1"') for day in (1, 2)]


# --- The race


class Racer:
    """A connection whose request goes out in two parts, the second of one byte."""

    def __init__(self, port, key):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.settimeout(60)
        self.key = key

    def get_ready(self, request, key):
        body = b"" if request.body is None else json.dumps(request.body).encode()
        fields = {"Host": "a", "Authorization": "Bearer " + self.key, "Content-Length": str(len(body))}
        if request.body is not None:
            fields["Content-Type"] = "application/json"
        if request.method == "POST":
            fields["Idempotency-Key"] = request.key or key
        head = f"{request.method} {request.path} HTTP/1.1\r\n" + "".join(
            f"{name}: {value}\r\n" for name, value in (fields | request.headers).items())
        whole = head.encode() + b"\r\n" + body
        self.socket.sendall(whole[:-1])
        self.last = whole[-1:]

    def go(self):
        self.socket.sendall(self.last)

    def finish(self):
        response = http.client.HTTPResponse(self.socket)
        response.begin()
        return served.Answer(response)


def told(answer):
    """What an answer tells of the outcome, without what differs between two rounds."""
    body = answer.body or {}
    return (answer.status, body.get("code"), body.get("state", body.get("phase")), body.get("version"),
            body.get("replayed"), tuple(event["type"] for event in body.get("events", [])))


def won(answer):
    return answer.status < 300


# About another order or another request, so no version of this one.
of_no_version = {"reference_taken", "key_reused"}


def complaint(answer, winner):
    """What a loser must be told, or None: a status of the contract, the version and state that the winner made."""
    if answer.status not in (401, 404, 409, 412, 422):
        return f"{answer.status} {answer.text[:200]}"
    if (winner.body or {}).get("object") != "receipt":
        return None
    if answer.status == 404 or answer.body["code"] in of_no_version:
        return None
    if answer.body.get("version") != winner["version"]:
        return f"version {answer.body.get('version')} where it is {winner['version']}"
    if answer.status == 409 and "order_id" in winner.body and "state" not in answer.body:
        return f"no state: {answer.text[:200]}"
    return None


class Race:
    def __init__(self, server, client, pair):
        self.server, self.client, self.pair = server, client, pair
        self.world = World(client, pair.name)
        self.rounds = 0

    def outcome(self, life, order, apart):
        """`order`: which goes first. `apart`: the second waits for the first's answer."""
        self.rounds += 1
        requests = self.pair.prepare(life)
        for racer, request, side in zip(self.racers, requests, "lr"):
            racer.get_ready(request, f"{self.pair.name}-{self.rounds}-{side}")
        answers = [None, None]
        for which in order:
            self.racers[which].go()
            if apart:
                answers[which] = self.racers[which].finish()
            elif self.rounds % 4 < 2:
                wait = time.perf_counter() + random.random() * 60e-6
                while time.perf_counter() < wait:
                    pass
        if not apart:
            answers = [racer.finish() for racer in self.racers]
        return answers, (tuple(told(a) for a in answers), json.dumps(self.pair.scene.look(self.client, life)))

    def serial(self, lives):
        """What both orders end in, one after the other; fails where not as many win as declared."""
        ends = []
        for order, life in zip(((0, 1), (1, 0)), lives):
            answers, end = self.outcome(life, order, apart=True)
            wins = [won(a) for a in answers]
            both = self.pair.wins == BOTH or self.pair.wins == (FIRST, SECOND)[order[0]]
            expected = [True, True] if both else [order[0] == 0, order[0] == 1]
            if wins != expected:
                raise AssertionError(f"{self.pair.name}, {'second' if order[0] else 'first'} first: "
                                     f"won {wins}: {[a.text[:300] for a in answers]}")
            self.hear(answers)
            ends.append(end)
        return ends

    def hear(self, answers):
        if sum(won(a) for a in answers) != 1:
            return
        winner, loser = sorted(answers, key=lambda a: not won(a))
        if wrong := complaint(loser, winner):
            raise AssertionError(f"{self.pair.name}: the loser is told {wrong}")

    def run(self, rounds):
        """How often the race ended as each of the two orders does."""
        rounds = min(rounds, getattr(self.pair.scene, "most", rounds))
        lives = self.pair.scene.lives(self.world, rounds + 2)
        # Now, and not before: the server closes what says nothing for a minute.
        self.racers = [Racer(self.server.port, self.server.key) for _ in range(2)]
        ends = self.serial(lives[:2])
        as_order = [0, 0]
        for number, life in enumerate(lives[2:]):
            answers, end = self.outcome(life, ((0, 1), (1, 0))[number % 2], apart=False)
            if end not in ends:
                raise AssertionError(f"{self.pair.name}, round {number + 1}: neither order ends like this:\n{end}\n"
                                     f"the first first: {ends[0]}\nthe second first: {ends[1]}")
            self.hear(answers)
            as_order[ends.index(end)] += 1
        return as_order


def main(program, source, rounds=20, *names):
    seed = random.randrange(1 << 32)
    random.seed(seed)
    failures, sums = [], collections.Counter()
    chosen = [one for one in pairs if not names or one.name in names]
    unlimited = {f"HOLDFAST_SERVE_{who}_REQUESTS": "0" for who in ("KEY", "ADDRESS", "FAILED")}
    with tempfile.TemporaryDirectory() as folder, served.Server(
            program, folder, "--threads", "4", variables=unlimited) as server:
        for one in chosen:
            client = served.Client(server.port, server.key, one.name)
            begun = time.monotonic()
            try:
                first, second = Race(server, client, one).run(int(rounds))
            except AssertionError as failure:
                failures.append(str(failure))
                continue
            sums["first"] += first
            sums["second"] += second
            print(f"{one.name}: {first} as the first first, {second} as the second; {one.wins}; "
                  f"{time.monotonic() - begun:.1f} s")
        if server.stop() != 0:
            failures.append("the server did not end with 0")
        verified = server.run("verify")
        if verified.returncode != 0:
            failures.append("the database is not whole: " + verified.stdout + verified.stderr)
    print(f"{len(chosen)} pairs, {int(rounds)} races each at most, {sums['first']} ended as the first first, "
          f"{sums['second']} as the second; seed {seed}")
    for failure in failures:
        print("problem:", failure)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
