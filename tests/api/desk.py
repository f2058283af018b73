"""The reseller's desk of a running `holdfast serve`: what its worklist shows is what `holdfast scan`
says of the same database at the same instant, rows belong to people, and what goes out as files holds the
same sums.

Usage: desk.py PROGRAM SOURCE_FOLDER
"""

import base64
import collections
import csv
import datetime
import io
import json
import pathlib
import sys
import tempfile

import icalendar
import openpyxl

sys.dont_write_bytecode = True
import served

program, source = sys.argv[1], pathlib.Path(sys.argv[2])
samples = source / "samples"
password = "correct horse battery"


def upload(client, file, expect=201, query=""):
    body = (f'--b1\r\nContent-Disposition: form-data; name="file"; filename="{file.name}"\r\n\r\n'.encode()
            + file.read_bytes() + b"\r\n--b1--\r\n")
    return client.send("POST", "/v1/imports" + query, body, expect=expect,
                       Content_Type="multipart/form-data; boundary=b1")


def worklist(client, query=""):
    """All rows, whatever the pages, and the instant of the first page."""
    at = client.get("/v1/desk/worklist?limit=1" + query)["at"]
    return client.pages("/v1/desk/worklist?" + query.lstrip("&")), at


def check(holds, what):
    if not holds:
        raise AssertionError(what)


def files():
    """All that people have; the desk says of each what it is."""
    return [one for folder in ("shopify", "aliexpress", "dsers", "tracking", "scenario", "woocommerce")
            for one in sorted((samples / folder).iterdir()) if one.suffix in (".csv", ".json")]


def import_all(client):
    taken = 0
    for file in files():
        answer = upload(client, file, expect=None, query="?seen_at=2026-11-23T12:00:00.000Z&currency=USD")
        check(answer.status in (201, 422), f"{file}: {answer.status} {answer.text[:200]}")
        taken += answer.status == 201
        if answer.status == 422:
            check(answer["code"] == "file_refused" and answer["detail"], f"{file}: why it is refused")
    check(taken > 20, f"{taken} files taken in")


def same_as_scan(server, rows, at):
    said = server.run("scan", "--json", "--limit", "100000", "--at", at)
    check(said.returncode == 0, said.stderr)
    wanted = json.loads(said.stdout)["items"]
    seen = [(one["system"], one["reference"], one["word"]) for one in rows]
    told = [(one["system"], one["reference"], one["word"]) for one in wanted]
    check(sorted(seen) == sorted(told), f"only the worklist has {sorted(set(seen) - set(told))}, only scan {sorted(set(told) - set(seen))}")
    check(seen == told, "the worklist is sorted as scan sorts it")


def sign_in(client, port, name, role):
    user = client.post("/v1/users", {"name": name, "password": password, "roles": [role]}, expect=201)["id"]
    session = client.post("/v1/sessions", {"name": name, "password": password}, expect=201)
    one = served.Client(port, "", name=name)
    headers = {"Cookie": session.headers["set-cookie"].split(";")[0], "X_CSRF_Token": session["csrf_token"]}
    send = one.send
    one.send = lambda *words, **more: send(*words, **(headers | more))
    return user, one


def people(client, port):
    anna_id, anna = sign_in(client, port, "anna", "assistant")
    berta_id, berta = sign_in(client, port, "berta", "assistant")
    _, lead = sign_in(client, port, "lena", "lead")
    rows, _ = worklist(anna)
    check(len(rows) == len(worklist(lead)[0]) > 3, "while nobody has rows, all see all")
    first, second = ("/v1/desk/purchases/" + one["id"] for one in rows[:2])
    anna.post(first + "/assign", {"to": "me"})
    lead.post(second + "/assign", {"to": berta_id})
    ids = lambda found: {one["id"] for one in found}
    check(ids(worklist(berta)[0]) == ids(rows) - {rows[0]["id"]}, "another's row is not seen")
    check(ids(worklist(anna)[0]) == ids(rows) - {rows[1]["id"]}, "nor hers by the other")
    check(ids(worklist(lead)[0]) == ids(rows), "a lead sees all")
    check(ids(worklist(anna, "&assignee=me")[0]) == {rows[0]["id"]}, "one's own rows")
    check(ids(worklist(lead, "&assignee=" + anna_id)[0]) == {rows[0]["id"]}, "somebody's rows")
    check(ids(worklist(lead, "&assignee=none")[0]) == ids(rows[2:]), "nobody's rows")
    page = lead.get("/v1/desk/worklist")
    every = ",".join(page["counts"])
    check(page["stores"], "stores that there are rows for")
    for store in page["stores"]:
        check(worklist(lead, f"&word={every}&store={store}")[0], f"rows of {store}")
    people = {one["id"]: one["name"] for one in lead.pages("/v1/desk/people")}
    check(people[anna_id] == "anna" and people[berta_id] == "berta", f"to whom rows can be given: {people}")
    berta.get(first, expect=404)
    berta.post(first + "/claims", {"reason": "not_received"}, expect=404)
    anna.post(first + "/assign", {"to": berta_id}, expect=403)
    asleep = anna.post(first + "/snooze", {"until": "2999-01-01T00:00:00.000Z"})
    until = asleep.body.get("snoozed_until")
    check((rows[0]["id"] not in ids(worklist(anna)[0])) == (until is not None), "what sleeps is not shown")
    day_before = datetime.datetime.fromisoformat(asleep["closes_at"]) - datetime.timedelta(days=1)
    can_claim = asleep["word"] in ("claim_now", "closing_soon", "late_claim_now")  # by the day of the test
    check(not can_claim or until is None or datetime.datetime.fromisoformat(until) == day_before, "a claim wakes a day before it closes")
    check(rows[0]["id"] in ids(worklist(anna, "&snoozed=true")[0]), "but where it is asked for")
    anna.post(first + "/snooze", {})
    curve = lead.get("/v1/desk/lapse_curve")
    filed = curve["claims_filed"]
    open_rows = curve["open_rows"]
    waiting = anna.post(first + "/claims", {"reason": "not_received", "case_number": "C-1"})
    check(not can_claim or (waiting["word"] == "waiting" and "C-1" in waiting["why"]), "what is filed waits for the platform")
    check(lead.get("/v1/desk/lapse_curve")["open_rows"] == open_rows - can_claim, "and lapses no more")
    check(anna.get("/v1/desk/search?q=c-1").text.count(rows[0]["reference"]) > 0, "a case number finds it")
    check(lead.get("/v1/desk/lapse_curve")["claims_filed"] == filed + 1, "the pace is what was filed")
    anna.post(first + "/notes", {"text": "They moved.\nAsk at the old address."})
    berta.post(first + "/notes", {"text": "mine?"}, expect=404)
    *done, noted = anna.get(first)["done"]
    check(noted["what"] == "noted" and noted["text"] == "They moved.\nAsk at the old address.", f"a note: {noted}")
    check([one["what"] for one in done] == ["assigned", "snoozed", "snoozed", "claim_filed"], f"who did what: {done}")
    check(all(one["by"] == anna_id for one in done), "and who it was")
    return first, anna_id


def fetch(client, name):
    """A report's bytes."""
    client.connection.request("GET", "/v1/desk/reports/" + name, headers={"Authorization": "Bearer " + client.key})
    answer = client.connection.getresponse()
    body = answer.read()
    check(answer.status == 200 and answer.getheader("content-disposition") == f'attachment; filename="{name}"', name)
    return body


def minor(value, currency):
    return round(float(value) * (1 if currency in ("JPY", "KRW") else 100))


def reports(client, rows):
    """What goes out is what the worklist and the audit say."""
    wanted = {(one["system"], one["reference"]): one for one in rows}
    table = list(csv.DictReader(io.StringIO(fetch(client, "worklist.csv").decode("utf-8-sig"))))
    check({(one["system"], one["reference"]) for one in table} == set(wanted), "each row in the CSV")
    for one in table:
        arrival = wanted[one["system"], one["reference"]].get("arrival")
        told = one["still arrives, %"]
        check(told == ("" if arrival is None else str((arrival["likely"] + 50) // 100)), f"still arrives: {one}")
        stake = wanted[one["system"], one["reference"]].get("at_stake")
        if stake:
            check(minor(one["at stake"], stake["currency"]) == stake["amount"], f"{one}: {stake}")
            check(one["at stake currency"] == stake["currency"], f"{one}: {stake}")
    book = openpyxl.load_workbook(io.BytesIO(fetch(client, "worklist.xlsx")))
    head, *lines = book["Worklist"].values
    column = {name: place for place, name in enumerate(head)}
    sums = collections.Counter()
    for line in lines:
        if line[column["at stake"]] is not None:
            currency = line[column["at stake currency"]]
            sums[currency] += minor(line[column["at stake"]], currency)
    said = collections.Counter()
    for one in rows:
        if "at_stake" in one:
            said[one["at_stake"]["currency"]] += one["at_stake"]["amount"]
    check(len(lines) == len(rows) and sums == said, f"the sums of the workbook: {sums}, {said}")
    audit = client.get("/v1/desk/audit")
    for what, orders, value, currency in list(openpyxl.load_workbook(
            io.BytesIO(fetch(client, "audit.xlsx")))["Audit"].values)[1:]:
        name = {"to claim or to answer": "open_now", "lapsed": "lapsed", "recovered": "recovered"}.get(what)
        if name:
            check(audit["currencies"][currency][name] == {"count": orders, "amount": minor(value, currency)}, what)
    check(fetch(client, "audit.csv").startswith(b"\xef\xbb\xbfwhat,orders,sum"), "the audit as CSV")
    calendar = icalendar.Calendar.from_ical(fetch(client, "worklist.ics"))
    events = calendar.walk("VEVENT")
    check(len({str(one["UID"]) for one in events}) == len(events), "each window is one event")
    closing = {one["closes_at"] for one in rows if one.get("closes_at", "") > datetime.datetime.now(
        datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")}
    starts = {one["DTSTART"].dt.strftime("%Y-%m-%dT%H:%M:%S") for one in events}
    check({one[:19] for one in closing} <= starts, "each window that closes stands there")
    for what in ("scorecards", "recovery", "gap", "arrivals"):
        book = openpyxl.load_workbook(io.BytesIO(fetch(client, what + ".xlsx")))
        first = list(next(book.worksheets[0].values))
        line = fetch(client, what + ".csv").decode("utf-8-sig").splitlines()[0]
        check(next(csv.reader([line])) == first, f"{what}: {line}, {first}")
    for name in ("audit.ics", "gap.ics", "nothing.csv", "gap.pdf", "gap"):
        client.get("/v1/desk/reports/" + name, expect=404)
    subscribe(client)


def subscribe(client):
    """A calendar that knows nothing but a name and a password reads the windows, and no more."""
    made = client.post("/v1/keys", {"scopes": ["desk:read"], "expires_at": "2999-01-01T00:00:00.000Z"}, expect=201)
    nobody = served.Client(client.connection.port, "")

    def asks(method, path, secret, expect, **more):
        basic = base64.b64encode(f"{made['id']}:{secret}".encode()).decode()
        return nobody.send(method, path, expect=expect, Authorization="Basic " + basic, **more)

    feed = asks("GET", "/v1/desk/reports/worklist.ics", made["secret"], 200)
    check(feed.text.startswith("BEGIN:VCALENDAR"), "a calendar")
    asks("GET", "/v1/desk/reports/worklist.ics", made["secret"] + "x", 401)
    asks("GET", "/v1/orders", made["secret"], 403)
    asks("POST", "/v1/desk/worklist/batch", made["secret"], 401, body={})


def complaints(client, rows):
    """A customer complains: what the desk says of it is what the command line says."""
    found = client.get("/v1/desk/remedies?system=shopify&reference=%231052&complaint=not_received")
    allowed = [one["way"] for one in found["ways"] if one["allowed"]]
    check("refund" in allowed and "gift" not in allowed, f"what is due goes first: {allowed}")
    purchase = next(one for one in rows if one["reference"] == "3099000000000103")
    path = "/v1/desk/purchases/" + purchase["id"]
    other = next(one for one in rows if one["reference"] == "3099000000000104")  # it serves another sale
    unfiled = "/v1/desk/purchases/" + other["id"]
    packet = client.get(unfiled + "/claim_packet?complaint=not_received", expect=None)
    if packet.status == 200:
        check("3099000000000104" in packet["text"], "the claim names the order")
        most = len(packet["text"]) - 1
        less = client.get(unfiled + f"/claim_packet?complaint=not_received&text_most={most}")
        check(less["shortened"] and len(less["text"]) <= most, f"as the form takes it: {less['text']}")
        client.get(unfiled + "/claim_packet?complaint=not_received&text_most=5", expect=422)
    filed = client.get(path + "/claim_packet?complaint=not_received", expect=422)
    check(packet.status != 200 or "(case C-1)" in filed["detail"], f"it was filed already: {filed['detail']}")
    refused = client.get(path + "/claim_packet?complaint=not_received&reason=damaged", expect=422)
    check("nothing came" in refused["detail"], f"why not: {refused['detail']}")
    client.post(path + "/remedies", {"sale": {"system": "shopify", "reference": "#1052"},
                                     "complaint": "not_received", "way": "refund"})
    refused = client.post(unfiled + "/remedies", {
        "sale": {"system": "shopify", "reference": "#1052"}, "complaint": "not_received", "way": "refund"}, expect=422)
    check(refused["code"] == "remedy_not_offered", f"a purchase of another sale: {refused.body}")
    choices = client.get("/v1/desk/regrets")["choices"]
    check([one["way"] for one in choices] == ["refund"], "the choice stands in the report")


def disputes(client):
    """A customer's dispute and the claim upstream know of each other, and which clock strikes first."""
    upload(client, samples / "paypal" / "dispute_detail_inr.json", query="?seen_at=2026-11-23T12:00:00.000Z")
    upload(client, samples / "stripe" / "list_disputes_page.json", query="?seen_at=2026-11-23T12:00:00.000Z")
    rows, at = worklist(client)
    dispute = next(one for one in rows if one["reference"] == "PP-D-100052")
    check(dispute["object"] == "customer_dispute" and dispute["word"] == "answer_due", f"a row: {dispute}")
    check(dispute["sales"] == ["#1052"] and dispute["at_stake"]["amount"] == 7830, "of the sale, with its money")
    check([one["reference"] for one in dispute["purchases"]] == ["3099000000000103"], "and with its purchase")
    purchase = next(one for one in rows if one["reference"] == "3099000000000103")
    its = purchase["customer_disputes"]
    check([one["reference"] for one in its] == ["PP-D-100052"] and its[0]["is_ours"], f"the purchase knows: {its}")
    path, row = "/v1/desk/purchases/" + purchase["id"], "/v1/desk/purchases/" + dispute["id"]
    packet = client.get(path + "/claim_packet?complaint=not_received", expect=None)
    if packet.status == 200:
        day = its[0]["answer_by"][:10]
        check(any("due an answer by " + day in one for one in packet["steps"]), f"until when: {packet['steps']}")
    client.post(row + "/notes", {"text": "Evidence is with Ana."})
    taken = client.post("/v1/desk/worklist/batch", {"action": "snooze", "purchases": [dispute["id"]],
                                                    "until": "2999-01-01T00:00:00.000Z"})
    check(taken["data"] == [{"id": dispute["id"], "done": True}], f"it sleeps like any row: {taken.body}")
    check(all(one["id"] != dispute["id"] for one in worklist(client)[0]), "and is not shown then")
    client.post(row + "/snooze", {})
    client.post(row + "/claims", {"reason": "not_received"}, expect=404)
    client.get(row, expect=404)
    unknown = {"reason": "not_received", "customer_dispute": {"system": "paypal", "reference": "PP-D-0"}}
    refused = client.post(path + "/claims", unknown, expect=404)
    check(refused["code"] == "unknown_customer_dispute", f"no such dispute: {refused.body}")
    filed = client.post(path + "/claims", {"reason": "not_received", "case_number": "C-2"})
    check(filed["filed_for"] == {"system": "paypal", "reference": "PP-D-100052"}, "the claim is for the one that runs")
    check(client.get(path)["done"][-1]["customer_dispute"]["reference"] == "PP-D-100052", "and that is kept")
    lantern = next(one for one in worklist(client)[0] if one["reference"] == "3099000000000104")
    other = {"reason": "not_received", "customer_dispute": {"system": "stripe", "reference": "du_demo1051"}}
    client.post("/v1/desk/purchases/" + lantern["id"] + "/claims", other)
    rows, at = worklist(client)
    linked = next(one for one in rows if one["reference"] == "du_demo1051")["purchases"]
    check("3099000000000104" in [one["reference"] for one in linked], f"by hand: {linked}")
    check("act_by" not in next(one for one in rows if one["reference"] == "3099000000000104"), "it is filed")
    return rows, at


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        with served.Server(program, folder) as server:
            client = served.Client(server.port, server.key)
            check(worklist(client)[0] == [], "nothing yet")
            import_all(client)
            again = sum(upload(client, one, expect=None, query="?currency=USD").status == 201 for one in files())
            check(again > 20, "all of it again")
            rows, at = worklist(client)
            counts = client.get("/v1/desk/worklist?limit=1")["counts"]
            check(sum(counts.values()) >= len(rows), "the counts are of all")
            words = {one["word"] for one in rows}
            for word in words:
                check({one["word"] for one in worklist(client, "&word=" + word)[0]} == {word}, "one word alone")
            check(worklist(client, "&store=shopify")[0] != rows, "of one store")
            reports(client, rows)
            row, anna = people(client, server.port)
            complaints(client, rows)
            rows, at = worklist(client)
        same_as_scan(server, rows, at)
        check(server.run("verify").returncode == 0, "the database is whole")
        with served.Server(program, folder) as server:
            client = served.Client(server.port, server.key)
            kept = client.get(row)
            check(kept["assignee"] == anna and kept["case_number"] == "C-1", "kept over a restart")
            check(len(worklist(client)[0]) == len(rows), "and so is the worklist")
            rows, at = disputes(client)
        same_as_scan(server, rows, at)
    print("the desk over HTTP is as it should be")
    return 0


if __name__ == "__main__":
    sys.exit(main())
