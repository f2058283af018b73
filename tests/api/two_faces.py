"""Two faces over the wire: what a reseller's desk forecasts of an order is what its marketplace decides.

Usage: two_faces.py PROGRAM SOURCE_FOLDER

The marketplace is a running `holdfast serve`; the desk is another database. At every instant of every
story the desk imports the page that `GET /v1/orders/{id}` answers to the buyer, and `holdfast explain`
says for each reason what a dispute would come to; the marketplace is asked the same. A claim that the
desk calls possible is made for real at the end of its story. Compared are the yes or no, the clause,
and the instants between which it holds. Delivery dates are instants here: one that is only a day says
less to an outsider. Where the terms say no and the law beside them says yes, the marketplace says yes and the
desk, which explains the terms alone, does not: those are counted and not compared.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import served
from served import Life

reasons = ("not_received", "late", "not_as_described", "damaged", "counterfeit", "missing_parts")
problems, compared, granted, claimed, by_law = [], 0, 0, 0, 0


class Desk:
    def __init__(self, program, folder):
        self.program, self.folder = program, pathlib.Path(folder)
        self.around = os.environ | {"HOLDFAST_DESK_PROGRAMME": "marketplace"}

    def run(self, at, *words):
        got = subprocess.run([self.program, *words, "--at", at, "--json", "--database", self.folder / "desk.db"],
                             capture_output=True, text=True, env=self.around)
        if got.returncode != 0:
            raise AssertionError(f"{words}: {got.stdout}{got.stderr}")
        return json.loads(got.stdout)

    def learn(self, page, at):
        file = self.folder / "page.json"
        file.write_text(page)
        self.run(at, "import", str(file))

    def forecast(self, order, reason, at):
        said = self.run(at, "explain", order, "--reason", reason)
        return {name: said[name] for name in ("allowed", "outcome", "clause", "opens_at", "closes_at")}


def decision(life, reason):
    """What the marketplace would do, as the desk would say it; None: another rule than the terms' refuses."""
    global by_law
    answer = life.post("/disputes?preview=true", {"as": "buyer", "reason": reason}, expect=None)
    if answer.status == 200:
        why = life.client.get(f"{life.path}/explain?action=open_dispute&reason={reason}&as=buyer")
        if not why["allowed"]:
            problems.append(f"{life.name}, {reason}: it is granted, and explained as refused")
        if not why["by_law"]:
            return {"allowed": True}
        by_law += 1
        return None
    if answer.status == 422 and answer["code"] == "not_granted":
        return {"allowed": False, "outcome": answer["outcome"], "clause": answer.body.get("clause", "no clause"),
                "opens_at": answer.body.get("opens_at"), "closes_at": answer.body.get("closes_at")}
    if answer.status in (409, 422):
        return None
    raise AssertionError(f"{reason}: {answer.status} {answer.text[:300]}")


def compare(desk, life, at):
    global compared, granted
    desk.learn(life.client.get(life.path + "?as=buyer").text, at)
    for reason in reasons:
        decided = decision(life, reason)
        if decided is None:
            continue
        said = desk.forecast(life.id, reason, at)
        compared += 1
        granted += decided["allowed"]
        if {name: said[name] for name in decided} != decided:
            problems.append(f"{life.name} at {at}, {reason}: the desk says {said}, the marketplace {decided}")


def claim(desk, life, reason, at):
    """The desk says yes, and so the claim is made, and is there."""
    global claimed
    if not desk.forecast(life.id, reason, at)["allowed"]:
        problems.append(f"{life.name}: the desk calls a claim for {reason} impossible at {at}")
        return None
    path = life.dispute(reason)
    claimed += 1
    return path


class Story(Life):
    def __init__(self, client, name, **more):
        super().__init__(client, "faces-" + name, tracking="TRACK-" + name, promised_by="2026-03-31T00:00:00.000Z", **more)
        self.name = name

    def scan(self, kind):
        self.client.post(f"/v1/shipments/{self.shipment}/scans", {"kind": kind})


def go(desk, story, *instants):
    for at in instants:
        story.at(at)
        compare(desk, story, at)
    return at


def nothing_comes(desk, client):
    story = Story(client, "nothing-comes")
    at = go(desk, story, "2026-03-02T00:00:00.000Z", "2026-03-11T09:00:00.000Z", "2026-03-30T23:59:59.999Z",
            "2026-03-31T00:00:00.000Z", "2026-04-29T23:59:59.999Z")
    dispute = claim(desk, story, "not_received", at)
    compare(desk, story, at)
    client.post(dispute + "/withdraw", {"as": "buyer"})
    compare(desk, story, at)
    go(desk, story, "2026-04-30T00:00:00.000Z", "2026-05-02T00:00:00.000Z", "2026-06-20T00:00:00.000Z")


def it_comes_late(desk, client):
    story = Story(client, "comes-late")
    story.at("2026-03-20T10:00:00.000Z")
    story.scan("moving")
    go(desk, story, "2026-03-25T00:00:00.000Z", "2026-04-03T12:00:00.000Z")
    story.scan("delivered")
    at = go(desk, story, "2026-04-03T12:00:01.000Z", "2026-04-17T11:59:59.999Z")
    claim(desk, story, "late", at)
    go(desk, story, "2026-04-17T12:00:00.000Z", "2026-04-23T12:00:00.000Z", "2026-05-03T11:59:59.999Z",
       "2026-05-03T12:00:00.000Z", "2026-05-20T00:00:00.000Z")


def it_is_lost(desk, client):
    story = Story(client, "lost")
    story.at("2026-03-12T10:00:00.000Z")
    story.scan("lost")
    at = go(desk, story, "2026-03-12T10:00:00.001Z", "2026-04-01T00:00:00.000Z")
    dispute = claim(desk, story, "not_received", at)
    compare(desk, story, at)
    client.post(dispute + "/offers", {"as": "seller", "plan": {"then": {"remedy": "full_refund"}}})
    client.post(f"/v1/offers/{story.thing('off')}/accept", {"as": "buyer"})
    go(desk, story, "2026-04-02T00:00:00.000Z", "2026-05-10T00:00:00.000Z")


def it_is_broken(desk, client):
    story = Story(client, "broken")
    story.at("2026-03-08T10:00:00.000Z")
    story.scan("delivered_signed")
    at = go(desk, story, "2026-03-08T10:00:00.001Z", "2026-03-22T10:00:00.000Z", "2026-03-23T10:00:00.000Z")
    dispute = claim(desk, story, "damaged", at)
    compare(desk, story, at)
    client.post(dispute + "/respond", {"as": "seller"})
    client.post(dispute + "/escalate", {})
    go(desk, story, "2026-03-30T00:00:00.000Z", "2026-04-10T00:00:00.000Z", "2026-05-01T00:00:00.000Z")


def it_is_confirmed(desk, client):
    story = Story(client, "confirmed")
    story.at("2026-03-05T00:00:00.000Z")
    story.post("/confirm_receipt", {"as": "buyer"})
    go(desk, story, "2026-03-05T00:00:01.000Z", "2026-03-19T23:59:59.999Z", "2026-03-20T00:00:00.000Z", "2026-04-10T00:00:00.000Z")


def it_is_not_sent(desk, client):
    story = Story(client, "not-sent", shipped=False)
    go(desk, story, "2026-03-02T00:00:00.000Z", "2026-03-05T00:00:00.000Z", "2026-03-20T00:00:00.000Z")


def main(program, source):
    stories = (nothing_comes, it_comes_late, it_is_lost, it_is_broken, it_is_confirmed, it_is_not_sent)
    with tempfile.TemporaryDirectory() as folder, served.Server(program, folder) as server:
        client, desk = served.Client(server.port, server.key), Desk(program, folder)
        for story in stories:
            story(desk, client)
        if server.stop() != 0 or server.run("verify").returncode != 0:
            problems.append("the marketplace's database is not whole")
    print(f"{len(stories)} orders, {compared} forecasts compared, {granted} of them yes, {claimed} claims made; "
          f"{by_law} granted by the law alone")
    for problem in problems:
        print("problem:", problem)
    return 1 if problems or granted < 20 or claimed < 4 else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
