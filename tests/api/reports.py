"""The desk's reports as other programs read them: workbooks by LibreOffice, the morning's mail by a
mail server, the calendar by a reader of iCalendar.

Usage: reports.py PROGRAM SOURCE_FOLDER
"""

import base64
import collections
import csv
import email
import email.policy
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import icalendar

program, source = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
at = "2026-11-23T12:00:00Z"
# What a spreadsheet would run, as a product's name.
formula = '=HYPERLINK("http://evil.example","a lamp")'


def run(folder, *words, expect=0, **variables):
    done = subprocess.run([program, *words, "--database", folder / "desk.db", "--at", at], cwd=folder, text=True,
                          capture_output=True, env=os.environ | {"HOLDFAST_DATA": str(source)} | variables)
    if done.returncode != expect:
        raise AssertionError(f"{words} ended with {done.returncode}: {done.stderr}")
    return done.stdout


def sheets(folder, book):
    """Every sheet of a workbook as LibreOffice shows it, row by row as dictionaries."""
    # 44: commas, 34: quotes, 76: UTF-8, -1: all sheets; cells as they are shown, not their formulas.
    form = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    subprocess.run(["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", form,
                    "--outdir", folder / "shown", book], check=True, capture_output=True, timeout=120)
    begins = book.stem + "-"
    return {file.stem.removeprefix(begins): list(csv.DictReader(file.open(encoding="utf-8")))
            for file in (folder / "shown").glob(begins + "*.csv")}


def sums(rows, value, currency):
    all = collections.Counter()
    for row in rows:
        if row[value]:
            all[row[currency]] += round(float(row[value]) * 100)
    return {code: sum for code, sum in all.items() if sum}


def check_workbooks(folder):
    run(folder, "scan", "--all", "--out", "worklist.xlsx")
    run(folder, "audit", "--out", "audit.xlsx")
    items = json.loads(run(folder, "scan", "--all", "--limit", "1000", "--json"))["items"]
    shown = sheets(folder, folder / "worklist.xlsx")["Worklist"]
    assert [row["reference"] for row in shown] == [item["reference"] for item in items]
    stakes = collections.Counter()
    for item in items:
        if item["at_stake"]:
            stakes[item["at_stake"]["currency"]] += item["at_stake"]["amount"]
    assert sums(shown, "at stake", "at stake currency") == {code: sum for code, sum in stakes.items() if sum}, shown
    assert stakes, "nothing is at stake"
    titles = [row["title"] for row in shown]
    assert any(formula in title for title in titles), f"a title that looks like a formula is not shown as it is: {titles}"

    told = json.loads(run(folder, "audit", "--json"))["currencies"]
    audited = sheets(folder, folder / "audit.xlsx")
    for line, name in (("to claim or to answer", "open_now"), ("waiting", "waiting"), ("lapsed", "lapsed")):
        rows = [row for row in audited["Audit"] if row["what"] == line]
        assert {row["sum currency"]: round(float(row["sum"]) * 100) for row in rows} == {
            code: sums[name]["amount"] for code, sums in told.items()}, (line, rows)


def check_calendar(folder):
    run(folder, "scan", "--all", "--out", "windows.ics")
    calendar = icalendar.Calendar.from_ical((folder / "windows.ics").read_bytes())
    events = list(calendar.walk("VEVENT"))
    items = json.loads(run(folder, "scan", "--all", "--limit", "1000", "--json"))["items"]
    closing = sum(1 for item in items if item["closes_at"])
    assert len({str(event["UID"]) for event in events}) == len(events) >= closing > 0, (len(events), closing)
    assert all(not event.errors for event in events)


def check_morning(folder):
    printed = run(folder, "morning")
    subject, text = printed.split("\n\n", 1)
    claims = json.loads(run(folder, "scan", "--word", "claim_now", "--word", "closing_soon", "--json"))["items"]
    closing = sum(1 for one in claims if one["closes_at"] < "2026-12-23T12:00")
    server = subprocess.Popen([sys.executable, source / "tests" / "smtp_server.py"], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True)
    try:
        settings = {"HOLDFAST_MAIL_SMTP": "127.0.0.1:" + server.stdout.readline().strip(),
                    "HOLDFAST_MAIL_FROM": "desk@shop.example", "HOLDFAST_MAIL_TLS": "none"}
        run(folder, "morning", "--to", "ada@shop.example", **settings)
        taken = json.loads(server.stdout.readline())
        run(folder, "morning", "--to", "refuse@shop.example", expect=1, **settings)
        run(folder, "morning", "--to", "later@shop.example", expect=7, **settings)
        run(folder, "morning", "--to", "nobody", expect=2, **settings)
    finally:
        server.stdin.close()
        server.wait(30)
    run(folder, "morning", "--to", "ada@shop.example", expect=3)
    mail = email.message_from_bytes(base64.b64decode(taken["mail"]), policy=email.policy.default)
    assert (taken["from"], taken["to"]) == ("desk@shop.example", "ada@shop.example"), taken
    assert mail["Subject"] == subject and f"Closing within 30 days: {closing} claims" in text, printed
    assert mail.get_content().replace("\r\n", "\n").rstrip() == text.rstrip(), mail.get_content()


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        run(folder, "demo")
        table = (source / "samples" / "aliexpress" / "order_exporter_30col.csv").read_text(encoding="utf-8-sig")
        assert table.count("Folding Stool") == 1
        (folder / "exported.csv").write_text(
            table.replace("3099000000000103", "3099000000000903").replace("Folding Stool", formula.replace('"', '""')))
        run(folder, "import", "exported.csv")
        check_workbooks(folder)
        check_calendar(folder)
        check_morning(folder)


main()
