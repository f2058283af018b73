"""Rows of a store and of a supplier, as many as are wanted: those of samples/, each again and again under another number."""

import csv
import pathlib
import re

samples = pathlib.Path(__file__).resolve().parent.parent / "samples"


def sample(name):
    with (samples / name).open(newline="", encoding="utf-8-sig") as file:
        head, *rows = csv.reader(file)
    return head, rows


def tracking(number):
    """A number of the postal union's kind (S10), with its check digit."""
    digits = f"{number:08d}"
    check = 11 - sum(int(digit) * weight for digit, weight in zip(digits, (8, 6, 4, 2, 3, 5, 9, 7))) % 11
    return f"LB{digits}{ {10: 0, 11: 5}.get(check, check) }CN"


def write_purchases(path, count):
    head, rows = sample("aliexpress/order_exporter_30col.csv")
    place = {name: i for i, name in enumerate(head)}
    rows = [row for row in rows if re.fullmatch("[A-Z]{3}", row[place["Currency"]])]
    months = ["Sep", "Oct", "Nov"]
    with path.open("w", newline="") as file:
        out = csv.writer(file, quoting=csv.QUOTE_ALL)
        out.writerow(head)
        for i in range(count):
            row = list(rows[i % len(rows)])
            row[place["Order Id"]] = str(3_100_000_000_000_000 + i)
            row[place["Order date"]] = f"{months[i % 3]} {1 + i % 22}, 2026"
            row[place["Tracking number"]] = tracking(i)
            row[place["Total price"]] = f"{500 + i % 9500}.{i % 100:02d}"
            out.writerow(row)


def write_sales(path, count):
    head, rows = sample("shopify/orders_export.csv")
    place = {name: i for i, name in enumerate(head)}
    full = [row for row in rows if row[place["Total"]] and row[place["Financial Status"]]]
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(head)
        for i in range(count):
            row = list(full[i % len(full)])
            row[place["Name"]] = f"#{100_000 + i}"
            row[place["Id"]] = str(5_000_000_000_000 + i)
            row[place["Email"]] = f"buyer{i}@example.com"
            out.writerow(row)
