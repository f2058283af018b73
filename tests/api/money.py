"""Money and mails that leave a running `holdfast serve` by themselves: by the sandbox's processor, by
a server that speaks like Stripe, by a mail server.

Usage: money.py PROGRAM SOURCE_FOLDER
"""

import base64
import email
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
from operated import Server, check, eur, report, wait_until
from stripe import Stripe, secret_key, signing_secret

program, source = sys.argv[1], pathlib.Path(sys.argv[2])


def paid_order(server, reference):
    order = server.place_order(reference, clock=server.clock())
    server.pay(order, "pi_" + reference)
    return order


def refund(server, order, amount=1000):
    server.post(f"/v1/orders/{order}/refunds", {"amount": eur(amount)})


def state(server, order):
    return server.instructions(order)[0]["state"]


def settled(server, order):
    return [e for e in server.get(f"/v1/orders/{order}/events?limit=100")["data"]
            if e["type"] == "instruction.settled"]


def becomes(server, order, wanted):
    wait_until(lambda: state(server, order) == wanted, f"{order} is {wanted}")


def metric(server, name):
    found = re.search(rf"^{re.escape(name)} (\S+)$", server.metrics(), re.M)
    return float(found[1]) if found else None


def sandbox():
    with Server(program, {"HOLDFAST_PROCESSOR_KIND": "sandbox"}, "--metrics-port", "0") as server:
        order = paid_order(server, "sandbox")
        refund(server, order)
        becomes(server, order, "succeeded")
        check(len(settled(server, order)) == 1, "settled once")
        check(server.get(f"/v1/orders/{order}")["money"]["refunded"] == 1000, "the books say so")
        check(metric(server, 'holdfast_commands_total{command="instruction_settled",outcome="done"}') == 1, "counted")
        check(metric(server, 'holdfast_instructions{state="pending"}') == 0, "nothing is left")
        lines = wait_until(lambda: server.lines("payments"), "a line of the log")
        check(lines and lines[0]["processor"] == "sandbox" and lines[0]["settled"] == 1, f"what it says: {lines}")


def manual():
    with Server(program, {}, "--metrics-port", "0") as server:
        order = paid_order(server, "manual")
        refund(server, order)
        under_way = 'holdfast_instructions{state="under_way"}'
        wait_until(lambda: metric(server, under_way) == 1, "in a person's hands")
        check(state(server, order) == "pending", "until they say so")
        check(metric(server, "holdfast_instruction_unknown_oldest_age_seconds") == 0, "nothing is unknown of it")
        server.post(f"/v1/instructions/ins_{order[4:]}_1/settle", {"state": "succeeded"})
        check(state(server, order) == "succeeded", "by hand")


def by_stripe():
    stripe = Stripe()
    with tempfile.TemporaryDirectory() as folder:
        key_file = pathlib.Path(folder) / "stripe_key"
        key_file.write_text(secret_key + "\n")
        variables = {
            "HOLDFAST_PROCESSOR_KIND": "stripe",
            "HOLDFAST_PROCESSOR_STRIPE_KEY_FILE": str(key_file),
            "HOLDFAST_PROCESSOR_STRIPE_SIGNING_SECRET": signing_secret,
            "HOLDFAST_PROCESSOR_STRIPE_URL": stripe.url,
            "HOLDFAST_PROCESSOR_RECONCILE_SECONDS": "1",
            "HOLDFAST_SERVE_FAILED_REQUESTS": "2",
        }
        with Server(program, variables, "--metrics-port", "0") as server:
            walk_stripe(server, stripe)
        check(not any(secret_key in line or signing_secret in line for line in server.log), "no secret in the log")


def walk_stripe(server, stripe):
    def tell(refund, status, expect=204, **more):
        text, signature = stripe.event(refund, status, **more)
        server.ask("POST", "/v1/processors/stripe/callbacks", text, expect, key="", Stripe_Signature=signature)

    def questions():
        return sum(line["asked"] for line in server.lines("payments"))

    at_once = paid_order(server, "at-once")
    refund(server, at_once)
    becomes(server, at_once, "succeeded")
    check(stripe.refunds[0]["metadata"]["holdfast_key"] == f"{at_once}:instruction:1", "by its key")

    stripe.new_status = "pending"
    later = paid_order(server, "later")
    refund(server, later)
    wait_until(lambda: len(stripe.refunds) == 2, "it was told")
    under_way = 'holdfast_instructions{state="under_way"}'
    wait_until(lambda: metric(server, under_way) == 1, "under way")

    # Only what the processor says when it is asked counts, whatever the callback says.
    before = questions()
    tell(stripe.refunds[1], "failed")
    wait_until(lambda: questions() == before + 1, "it was asked")
    check(state(server, later) == "pending", "nobody but the processor says that it failed")
    tell(stripe.refunds[1], "succeeded", livemode=True)  # of the other mode: passed over
    tell(stripe.refunds[1] | {"metadata": {"holdfast_key": "somebody's"}}, "succeeded")

    stripe.refunds[1]["status"] = "succeeded"
    for status in ("succeeded", "succeeded", "pending"):  # twice, and an older one last
        tell(stripe.refunds[1], status)
    becomes(server, later, "succeeded")
    tell(stripe.refunds[1], "pending")
    tell(stripe.refunds[0], "failed")
    check(len(settled(server, later)) == 1 and len(stripe.refunds) == 2, "once, whatever comes again")
    check(state(server, at_once) == "succeeded" and state(server, later) == "succeeded", "and it stays")

    # Signatures that are none are refused, and after some of them counted against their address.
    text, signature = stripe.event(stripe.refunds[1], "succeeded")
    ask = lambda body, expect, **more: server.ask("POST", "/v1/processors/stripe/callbacks", body, expect, key="", **more)
    ask(text + b" ", 400, Stripe_Signature=signature)
    ask(text, 400)
    ask(text, 429)
    ask(text, 204, Stripe_Signature=signature)

    # A refund that the processor knows nothing of is a difference, until it does.
    name = "holdfast_reconciliation_difference"
    wait_until(lambda: metric(server, name) == 0, "the books agree")
    stripe.hidden.add(stripe.refunds[0]["id"])
    wait_until(lambda: metric(server, name) == 1, "one payment is unknown to it")
    check(any(at_once in line["msg"] for line in server.lines("reconciliation")), "and is named")
    stripe.hidden.clear()
    wait_until(lambda: metric(server, name) == 0, "they agree again")


def mails():
    child = subprocess.Popen([sys.executable, source / "tests" / "smtp_server.py"],
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        variables = {"HOLDFAST_MAIL_SMTP": f"127.0.0.1:{child.stdout.readline().strip()}",
                     "HOLDFAST_MAIL_FROM": "orders@shop.example", "HOLDFAST_MAIL_TLS": "none"}
        with Server(program, variables, "--metrics-port", "0") as server:
            server.post("/v1/webhook_endpoints", {"url": "mailto:ops@shop.example", "types": ["order.placed"]},
                        expect=201)
            order = server.place_order("mailed", clock=server.clock())
            taken = json.loads(child.stdout.readline())
            check((taken["from"], taken["to"]) == ("orders@shop.example", "ops@shop.example"), f"{taken}")
            mail = email.message_from_bytes(base64.b64decode(taken["mail"]))
            event = json.loads(mail.get_payload(decode=True))
            check(event["type"] == "order.placed" and event["data"]["order_id"] == order, f"{event}")
            check(mail["Message-Id"] == f"<{event['id']}@shop.example>", "the event's id is the mail's")
            delivered = 'holdfast_webhook_deliveries_total{outcome="delivered"}'
            wait_until(lambda: metric(server, delivered) == 1, "counted")
    finally:
        child.stdin.close()
        child.wait(60)


def party_mails():
    """The parties of an order are told by mail, the proof of it is kept, and a clock starts from it."""
    child = subprocess.Popen([sys.executable, source / "tests" / "smtp_server.py"],
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        terms = (source / "terms" / "marketplace.toml").read_text()
        end = 'at = "last(dispute.opened, dispute.modified) + 5d"'
        assert terms.count(end) == 1
        until = 'may = "respond"\nwhen = ["stage in negotiating, escalated"]\n'
        assert terms.count(until) == 1
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "told.toml").write_text(
                terms.replace('id = "marketplace"', 'id = "told"').replace(
                    end, 'at = "earliest(dispute.notified + 5d, dispute.opened + 10d)"').replace(
                    until, until + 'closes = "earliest(dispute.notified + 5d, dispute.opened + 10d)"\n'))
            variables = {"HOLDFAST_MAIL_SMTP": f"127.0.0.1:{child.stdout.readline().strip()}",
                         "HOLDFAST_MAIL_FROM": "orders@shop.example", "HOLDFAST_MAIL_TLS": "none",
                         "HOLDFAST_TERMS_FOLDER": folder}
            with Server(program, variables, "--metrics-port", "0") as server:
                told_of_disputes(server, child.stdout)
    finally:
        child.stdin.close()
        child.wait(60)


def told_of_disputes(server, mailed):
    lives = {}
    for name, email_address in (("told", "seller@mugs.example"), ("gone", "refuse@mugs.example"), ("none", "")):
        clock = server.clock()
        order = server.place_order(f"order-{name}", clock=clock, seller={"reference": f"shop-{name}"},
                                   terms={"terms_id": "told"})
        server.pay(order, f"pi_{name}")
        server.post(f"/v1/orders/{order}/shipments", {"tracking": "RR1"})
        seller = server.post("/v1/parties", {"reference": f"shop-{name}"}, expect=201)["id"]
        if email_address:
            server.ask("PUT", f"/v1/parties/{seller}/contact", {"email": email_address, "name": "Mugs"}, 200)
        server.post(f"/v1/test_clocks/{clock}/advance", {"to": "2026-04-02T08:00:00.000Z"})
        opened = server.post(f"/v1/orders/{order}/disputes", {"as": "buyer", "reason": "not_received"}, expect=201)
        lives[name] = (clock, order, seller, "/v1/disputes/" + opened["made"]["dispute_id"])

    notice = lambda name: server.get(f"/v1/orders/{lives[name][1]}/notices")["data"][-1]
    wait_until(lambda: notice("told")["state"] == "sent", "the mail is sent")
    taken = json.loads(mailed.readline())
    mail = email.message_from_bytes(base64.b64decode(taken["mail"]))
    text = mail.get_payload(decode=True).decode()
    check((taken["to"], mail["Message-Id"]) == ("seller@mugs.example", f"<{notice('told')['id']}@shop.example>"), "to whom")
    check("order-told" in text and "2026-04-12 08:00 UTC" in text, f"what it says: {text}")
    check((notice("told")["to"], notice("told")["code"]) == ("s***@m***.example", "250 2.0.0"), f"{notice('told')}")
    wait_until(lambda: notice("gone")["state"] == "bounced", "one came back")
    check(notice("gone")["code"] == "550 5.1.1", f"{notice('gone')}")
    wait_until(lambda: server.get(f"/v1/parties/{lives['gone'][2]}/contact")["bounced"], "the contact is marked")
    wait_until(lambda: (notice("none")["state"], notice("none").get("code")) == ("failed", "no_contact"), "nobody to tell")
    for outcome, count in (("sent", 1), ("bounced", 1), ("failed", 1)):
        name = f'holdfast_notices_total{{outcome="{outcome}"}}'
        wait_until(lambda: metric(server, name) == count, name)
    bounced = server.get("/v1/events?types=notice.bounced")["data"]
    check([e["data"]["order_id"] for e in bounced] == [lives["gone"][1]], "an operator finds it")

    # The provider's report starts the clock; where nobody was told, it ends later.
    server.post(f"/v1/notices/{notice('told')['id']}/report", {"state": "delivered", "when": "2026-04-02T08:00:05.000Z"})
    dispute = server.get(lives["told"][3])
    check(dispute["notified_at"] == "2026-04-02T08:00:00.000Z", f"{dispute}")
    for name, ends in (("told", "2026-04-07"), ("gone", "2026-04-12"), ("none", "2026-04-12")):
        clock, order, _, path = lives[name]
        silence = [one.get("consequence_of_silence", {}) for one in server.get(path + "?as=seller")["actions"]]
        check(any(one.get("at") == f"{ends}T08:00:00.000Z" for one in silence), f"{name}: {silence}")
        if name == "told":
            its_clock_has_a_source(server, order, path)
        for at, refunded in (("07:59:00", 0), ("08:05:00", 4500)):
            server.post(f"/v1/test_clocks/{clock}/advance", {"to": f"{ends}T{at}.000Z"})
            money = server.get(f"/v1/orders/{order}")["money"]["refunded"]
            check(money == refunded, f"{name}: {money} at {ends} {at}")


def its_clock_has_a_source(server, order, dispute):
    dispute_id = dispute.removeprefix("/v1/disputes/")
    why = server.get(f"/v1/orders/{order}/explain?action=respond&as=seller&dispute_id={dispute_id}")
    check(why["closes_at"] == "2026-04-07T08:00:00.000Z", f"{why['closes_at']}")
    facts = [fact for clause in why["clauses"] for fact in clause["facts"] if fact["name"] == "dispute.notified"]
    check(facts and facts[0]["source"] == "notice", f"where the instant comes from: {facts}")


def refused_settings():
    """(what is set, flags, what the message names); each ends with 3 and no database."""
    stripe_key = "HOLDFAST_PROCESSOR_STRIPE_KEY"
    rows = (
        ({"HOLDFAST_PROCESSOR_KIND": "paypal"}, (), "HOLDFAST_PROCESSOR_KIND"),
        ({"HOLDFAST_PROCESSOR_KIND": "sandbox"}, ("--live",), "processor.kind"),
        ({"HOLDFAST_PROCESSOR_KIND": "stripe"}, (), "processor.stripe_key"),
        ({"HOLDFAST_PROCESSOR_KIND": "stripe", stripe_key: "sk_live_1"}, (), "processor.stripe_key"),
        ({"HOLDFAST_PROCESSOR_KIND": "stripe", stripe_key: "sk_test_1"}, ("--live",), "processor.stripe_key"),
        ({"HOLDFAST_PROCESSOR_KIND": "stripe", stripe_key: "sk_test_1",
          "HOLDFAST_PROCESSOR_STRIPE_URL": "http://stripe.example"}, (), "processor.stripe_url"),
        ({stripe_key: "sk_test_1", stripe_key + "_FILE": "/dev/null"}, (), stripe_key + "_FILE"),
        ({stripe_key + "_FILE": "/no/such/file"}, (), stripe_key + "_FILE"),
        ({"HOLDFAST_MAIL_SMTP": "mail.example", "HOLDFAST_MAIL_FROM": "a@b"}, (), "mail.smtp"),
        ({"HOLDFAST_MAIL_SMTP": "mail.example:25"}, (), "mail.from"),
        ({"HOLDFAST_MAIL_SMTP": "mail.example:25", "HOLDFAST_MAIL_FROM": "a@b", "HOLDFAST_MAIL_TLS": "none"}, (),
         "mail.tls"),
        ({"HOLDFAST_MAIL_TLS": "some"}, (), "HOLDFAST_MAIL_TLS"),
    )
    for variables, flags, named in rows:
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run([program, "serve", "--database", folder + "/shop.db", "--port", "0", *flags],
                                  capture_output=True, text=True, env=os.environ | variables, timeout=60, cwd=folder)
            check(done.returncode == 3 and named in done.stderr, f"{variables}: {done.returncode} {done.stderr}")
            check("sk_" not in done.stderr.replace(named, ""), "no secret in a message")
            check(not os.listdir(folder), "nothing was made")


def printed_settings():
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "secret").write_text("whsec_hidden\n")
        (pathlib.Path(folder) / "holdfast.toml").write_text(
            '[processor]\nkind = "stripe"\nstripe_key = "sk_test_hidden"\n[mail]\nsmtp = "mail.example:587"\n')
        variables = {"HOLDFAST_PROCESSOR_STRIPE_SIGNING_SECRET_FILE": folder + "/secret"}
        done = subprocess.run([program, "config", "print", "--json"], capture_output=True, text=True, cwd=folder,
                              env=os.environ | variables, timeout=60)
        rows = {row["key"]: (row["value"], pathlib.Path(row["origin"]).name) for row in json.loads(done.stdout)}
        check(rows["processor.kind"] == ("stripe", "holdfast.toml:2"), f"{rows['processor.kind']}")
        check(rows["processor.stripe_key"] == ("(secret)", "holdfast.toml:3"), "masked")
        check(rows["processor.stripe_signing_secret"] ==
              ("(secret)", "HOLDFAST_PROCESSOR_STRIPE_SIGNING_SECRET_FILE"), "masked, from a file")
        check(rows["mail.password"] == ("", "default"), "none is none")
        check("hidden" not in done.stdout + done.stderr, "no secret is printed")
        page = (source / "docs" / "cli.md").read_text()
        for key in rows:
            check("HOLDFAST_" + key.upper().replace(".", "_") in page, f"docs/cli.md tells of {key}")


for walk in (sandbox, manual, by_stripe, mails, party_mails, refused_settings, printed_settings):
    walk()
sys.exit(report())
