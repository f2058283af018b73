"""Who may do what over HTTP, asked of a running `holdfast serve`: every operation of api/openapi.yaml,
for every kind of caller, about what is theirs, what is another's and what does not exist.

Usage: matrix.py PROGRAM SOURCE_FOLDER

What is expected follows from the contract alone (x-scope, x-roles, and that buyers and sellers see
what is theirs). Ends with 1 if an answer is another one.
"""

import collections
import pathlib
import re
import sys
import tempfile
import time

import yaml

sys.dont_write_bytecode = True
from served import Client, Life, Server, eur, total

program, source = sys.argv[1], pathlib.Path(sys.argv[2])
contract = yaml.load((source / "api" / "openapi.yaml").read_text(), Loader=yaml.CSafeLoader)
problems, counts = [], collections.Counter()
password = "correct horse battery"
sides = ("buyer", "seller")
soon = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(time.time() + 3600))


def check(holds, what):
    counts["checks"] += 1
    if not holds:
        problems.append(what)


def resolved(node):
    while isinstance(node, dict) and "$ref" in node:
        found = contract
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part.replace("~1", "/").replace("~0", "~")]
        node = found
    return node


form = b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\nIt came broken.\r\n--b--'


def body_of(operation):
    """The contract's own example of a request, or a form with a file."""
    content = resolved(operation.get("requestBody", {})).get("content", {})
    if "multipart/form-data" in content:
        return form
    content = content.get("application/json")
    if not content:
        return None
    if "example" in content:
        return content["example"]
    for example in content.get("examples", {}).values():
        return resolved(example)["value"]
    return {}


def operations():
    for path, item in contract["paths"].items():
        for method, operation in item.items():
            if method != "parameters":
                yield method.upper(), path, operation


class Caller:
    def __init__(self, name, client, roles=(), side=None, owner=None, scopes=None, headers=None,
                 is_link=False):
        self.is_link = is_link
        self.name, self.client, self.roles, self.side = name, client, set(roles), side
        self.owner = owner  # whose orders it sees; none: all
        self.scopes, self.headers = scopes, headers or {}

    def ask(self, method, path, body, roles=()):
        """`roles`: of the operation. Who is no party gives a command for the one whose it is."""
        if body is form:
            return self.client.send(method, path, body, Content_Type="multipart/form-data; boundary=b", **self.headers)
        if isinstance(body, dict):
            whose = [side for side in sides if side in roles]
            if self.side and "as" in body:
                body = body | {"as": self.side}
            elif self.roles == {"mediator"}:
                body = {name: value for name, value in body.items() if name != "as"}
            elif not self.side and len(whose) == 1:
                body = body | {"as": whose[0]}
            if "/links" in path:
                body = body | {"expires_at": soon}
        return self.client.send(method, path, body, **self.headers)

    def may(self, operation):
        if operation["x-scope"] == "public":
            return True
        if self.scopes is not None:
            return operation["x-scope"] == "known" or operation["x-scope"] in self.scopes
        return bool(self.roles & set(operation["x-roles"]))


class World:
    """Two orders of different people, each with a dispute, an offer, a parcel and what else there is."""

    def __init__(self, client):
        self.client = client
        self.lives = {owner: self.make(owner) for owner in ("ours", "theirs")}
        self.parties = {
            (owner, side): client.get(life.path)[side] for owner, life in self.lives.items() for side in sides
        }
        self.endpoint = client.post("/v1/webhook_endpoints", {"url": "https://127.0.0.1:9/"}, expect=201)["id"]

    def make(self, owner):
        life = Life(self.client, owner, buyer={"reference": f"buyer of {owner}"},
                    seller={"reference": f"seller of {owner}"})
        for side in sides:
            self.client.post("/v1/parties", {"reference": f"{side} of {owner}"}, expect=201)
        self.client.post(life.path + "/chargebacks", {"amount": eur(100)})
        life.at("2026-04-02T08:30:00.000Z")
        life.dispute = life.dispute("not_received", wanted="full_refund")
        self.client.post(life.dispute + "/offers", {
            "as": "seller", "plan": {"then": {"remedy": "partial_refund_keep", "amount": eur(1000)}}})
        life.content = self.client.send(
            "POST", life.dispute + "/files", form, expect=201, Content_Type="multipart/form-data; boundary=b")["content"]
        self.client.post(life.dispute + "/evidence", {"as": "buyer", "kind": "other", "content": life.content})
        life.post("/compensations", {"amount": eur(100), "what": "credit"}, expect=None)
        life.post("/notices", {"of": "seller", "sequence": 1, "by": "letter", "state": "sent"})
        for side in sides:
            self.client.send("PUT", f"/v1/parties/{self.client.get(life.path)[side]}/contact",
                             {"email": f"{side}@{owner}.example", "name": side}, expect=200)
        self.client.post("/v1/parties/" + self.client.get(life.path)["seller"] + "/set_reserve",
                         {"basis_points": 1, "days": 1})
        return life

    def path_of(self, path, owner, side):
        """With the ids of what is `owner`'s; none: of what does not exist."""
        life = self.lives[owner] if owner else None
        swap = {
            "order_id": life.id if life else "ord_0000000000000000000000000a",
            "dispute_id": life.thing("dsp") if life else "dsp_0000000000000000000000000a_1",
            "offer_id": life.thing("off") if life else "off_0000000000000000000000000a_1",
            "shipment_id": life.thing("shp") if life else "shp_0000000000000000000000000a_1",
            "instruction_id": life.thing("ins") if life else "ins_0000000000000000000000000a_1",
            "chargeback_id": life.thing("chb") if life else "chb_0000000000000000000000000a_1",
            "notice_id": life.thing("ntc") if life else "ntc_0000000000000000000000000a_1",
            "content": life.content if life else "0" * 64,
            "party_id": self.parties[owner, side] if life else "pty_0000000000000000000000000a",
        }
        for name, value in swap.items():
            path = path.replace("{" + name + "}", value)
        return re.sub(r"\{(\w+)\}", lambda name: {
            "endpoint_id": "whk_0000000000000000000000000a", "delivery_id": "dlv_0000000000000000000000000a",
            "key_id": "key_0000000000000000000000000a", "user_id": "usr_0000000000000000000000000a",
            "clock_id": "clk_0000000000000000000000000a", "event_id": "evt_0000000000000000000000000a",
            "terms_id": "none", "figure": "buyer.orders", "payout_id": self.parties["ours", "seller"].replace("pty", "pyo") + "_9",
        }.get(name[1], "none"), path)


def query_of(path, operation):
    needed = [resolved(one) for one in operation.get("parameters", [])]
    fields = [f"{one['name']}={one['example']}" for one in needed if one["in"] == "query" and one.get("required")]
    if path.endswith("/explain"):
        fields = ["action=open_dispute", "reason=not_received"]
    return "?" + "&".join(fields) if fields else ""


def is_theirs(path):
    """Does the path lead to something that belongs to an order or a party?"""
    return any("{" + name + "}" in path for name in (
        "order_id", "dispute_id", "offer_id", "shipment_id", "instruction_id", "chargeback_id", "notice_id", "party_id"))


def takes_as(operation):
    content = resolved(operation.get("requestBody", {})).get("content", {}).get("application/json", {})
    return "as" in resolved(content.get("schema", {})).get("properties", {})


def can_preview(operation):
    return any(resolved(one).get("name") == "preview" for one in operation.get("parameters", []))


def without_names(answer):
    """The problem without what tells this request from another."""
    return {name: value for name, value in (answer.body or {}).items() if name not in ("request_id", "instance")}


def ask_all(world, caller):
    for method, path, operation in operations():
        name, what = operation["operationId"], f"{caller.name}: {operation['operationId']}"
        if name in ("stream_events", "end_session", "change_password"):
            continue  # walk.py asks these; a stream does not end
        body, query = body_of(operation), query_of(path, operation)
        ask = lambda owner, more="": caller.ask(
            method, world.path_of(path, owner, caller.side or "seller") + query + more, body,
            operation["x-roles"] if takes_as(operation) else ())
        if not caller.may(operation):
            for owner in ("ours", "theirs", None):
                answer = ask(owner)
                denied = "credentials_missing" if caller.name == "nobody" else (
                    "scope_missing" if caller.scopes is not None else "wrong_role")
                check(answer.status in (401, 403) and answer["code"] == denied, f"{what}: {answer.status}")
            continue
        if not is_theirs(path):
            if method == "GET":
                answer = ask("ours")
                check(answer.status not in (401, 403), f"{what}: {answer.status}")
            continue
        if caller.is_link and not any("link" in one for one in operation["security"]):
            check(ask("ours").status == 404, f"{what}: a link opens an order and nothing else")
            continue
        missing = ask(None)
        check(missing.status == 404, f"{what}, missing: {missing.status} {missing.text[:120]}")
        if caller.owner:
            theirs = ask("theirs")
            check(theirs.status == 404 and without_names(theirs) == without_names(missing),
                  f"{what}, another's: {theirs.status} {theirs.text[:120]}")
        if method == "GET" or can_preview(operation):
            ours = ask("ours", ("&" if query else "?") + "preview=true" if can_preview(operation) else "")
            check(ours.status not in (400, 401, 403) and (ours.status != 404 or ours["code"] != "not_found"),
                  f"{what}, own: {ours.status} {ours.text[:200]}")


def callers_of(world, port, client):
    yield Caller("nobody", Client(port, ""))
    every = contract["components"]["schemas"]["Scope"]["enum"]
    until = {"expires_at": "2999-01-01T00:00:00.000Z"}
    for scope in every:
        one = client.post("/v1/keys", {"scopes": [scope]} | until, expect=201)["secret"]
        rest = client.post("/v1/keys", {"scopes": [s for s in every if s != scope]} | until, expect=201)["secret"]
        yield Caller(f"key with {scope} alone", Client(port, one), scopes={scope})
        yield Caller(f"key without {scope}", Client(port, rest), scopes=set(every) - {scope})
    people = [("admin", None), ("operator", None), ("mediator", None), ("lead", None), ("assistant", None),
              ("seller", "ours"), ("buyer", "ours")]
    for role, owner in people:
        user = {"name": role, "password": password, "roles": [role]}
        if owner:
            user["party"] = world.parties[owner, role]
        client.post("/v1/users", user, expect=201)
        nobody = Client(port, "")
        session = nobody.post("/v1/sessions", {"name": role, "password": password}, expect=201)
        headers = {"Cookie": session.headers["set-cookie"].split(";")[0], "X_CSRF_Token": session["csrf_token"]}
        yield Caller(f"user {role}", nobody, {role}, role if owner else None, owner, headers=headers)
    for side in sides:
        token = client.post(world.lives["ours"].path + "/links", {"as": side, "expires_at": soon}, expect=201)["token"]
        yield Caller(f"link {side}", Client(port, token), {side}, side, "ours", is_link=True)


# What one side and the marketplace have between them, by who must not see it.
hidden = {
    "buyer": ["commission_basis_points", "money/released", "money/fees", "money/advanced_by_seller",
              "money/advanced_by_guarantee", "chargebacks/from_held", "chargebacks/from_seller",
              "chargebacks/from_guarantee"],
    "seller": ["payments", "money/authorised", "money/advanced_by_guarantee", "chargebacks/from_guarantee"],
}


def members(value, path=""):
    if isinstance(value, dict):
        for name, inside in value.items():
            yield (path + "/" + name).lstrip("/")
            yield from members(inside, path + "/" + name)
    elif isinstance(value, list):
        for inside in value:
            yield from members(inside, path)


def hold_fields(world, caller):
    """The views of one order: what is hidden is not in them, and would be for the platform."""
    life = world.lives["ours"]
    whole = set(members(world.client.get(life.path).body))
    for path in (life.path, "/v1/orders"):
        answer = caller.ask("GET", path, None).body
        view = answer["data"][0] if "data" in answer else answer
        seen = set(members(view))
        check(view["id"] == life.id, f"{caller.name}: sees its order")
        for name in hidden[caller.side]:
            check(name in whole, f"{name} is there at all")
            check(name not in seen, f"{caller.name} sees {name}")
    theirs = caller.ask("GET", "/v1/orders", None)["data"]
    check([one["id"] for one in theirs] == [life.id], f"{caller.name}: sees its order alone")


def main():
    with tempfile.TemporaryDirectory() as folder:
        unlimited = {"HOLDFAST_SERVE_ADDRESS_REQUESTS": "0"}  # they all come from one
        with Server(program, folder, variables=unlimited) as server:
            client = Client(server.port, server.key, "world")
            world = World(client)
            before = {owner: client.get(life.path)["version"] for owner, life in world.lives.items()}
            for caller in callers_of(world, server.port, client):
                counts["callers"] += 1
                ask_all(world, caller)
                if caller.side:
                    hold_fields(world, caller)
            for owner, life in world.lives.items():
                check(client.get(life.path)["version"] == before[owner], f"{owner}: nothing has changed")
        check(server.run("verify").returncode == 0, "the database is whole")
    check(counts["callers"] == 10 + 2 * len(contract["components"]["schemas"]["Scope"]["enum"]), "all callers")
    print(f"{counts['callers']} callers, {len(list(operations()))} operations, {counts['checks']} checks")
    for problem in problems[:60]:
        print("problem:", problem)
    return 1 if problems else 0


sys.exit(main())
