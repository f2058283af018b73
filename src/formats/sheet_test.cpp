#include "formats/sheet.h"
#include "formats/desk_sheets.h"

#include <doctest/doctest.h>

#include <filesystem>

namespace holdfast::formats {
namespace {

Instant instant(std::string_view text) { return *parse_instant(text); }

Sheet sheet() {
    return {.name = "One",
            .columns = {{"text"}, {.name = "sum", .is_money = true}, {"number"}, {"at"}, {"day"}},
            .rows = {{Cell(std::string("plain")), Cell(Money::of_minor(1290, Currency::eur)),
                      Cell(std::int64_t{-3}), Cell(instant("2026-11-23T12:00:00Z")),
                      Cell(*parse_day("2026-11-24"))},
                     {Cell(), Cell(), Cell(), Cell(), Cell()},
                     {Cell(std::string("a \"b\",\nc")), Cell(Money::of_minor(-5, Currency::eur)),
                      Cell(), Cell(), Cell()},
                     {Cell(std::string("=HYPERLINK(\"http://x\")")),
                      Cell(Money::of_minor(163056, Currency::clp)), Cell(), Cell(), Cell()}}};
}

}  // namespace

TEST_CASE("sheet: as CSV, with a currency beside each sum") {
    CHECK(to_csv(sheet()) ==
          "\xEF\xBB\xBF"
          "text,sum,sum currency,number,at,day\r\n"
          "plain,12.90,EUR,-3,2026-11-23T12:00:00.000Z,2026-11-24\r\n"
          "\"\",\"\",\"\",\"\",\"\",\"\"\r\n"
          "\"a \"\"b\"\",\nc\",-0.05,EUR,\"\",\"\",\"\"\r\n"
          "\"'=HYPERLINK(\"\"http://x\"\")\",163056,CLP,\"\",\"\",\"\"\r\n");
}

TEST_CASE("sheet: in CSV no text is run as a formula") {
    for (const std::string text : {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"}) {
        CAPTURE(text);
        const Sheet one{.name = "One", .columns = {{"c"}}, .rows = {{Cell(text)}}};
        CHECK(to_csv(one).find("'" + text) != std::string::npos);
    }
    const Sheet plain{.name = "One", .columns = {{"c"}}, .rows = {{Cell(std::string("1-1"))}}};
    CHECK(to_csv(plain).ends_with("c\r\n1-1\r\n"));
}

TEST_CASE("sheet: as XLSX a package; what stands in it is read by tests/desk/reports.py") {
    const auto one = sheet();
    const auto folder = std::filesystem::temp_directory_path();
    const auto made = to_xlsx({&one, 1}, folder);
    REQUIRE(made.has_value());
    CHECK(made->starts_with("PK"));
    auto bad = one;
    bad.name = "no [such] name";
    CHECK(to_xlsx({&bad, 1}, folder).error() == "no sheet can be named no [such] name");
    CHECK_FALSE(to_xlsx({&one, 1}, folder / "none such").has_value());
}

TEST_CASE("calendar: closing windows and countdowns ahead, each once") {
    const auto now = instant("2026-11-23T12:00:00Z");
    desk::WorkItem item;
    item.system = "aliexpress";
    item.reference = "3099";
    item.word = desk::WorkWord::claim_now;
    item.at_stake = Money::of_minor(1290, Currency::usd);
    item.closes_at = now + 72h;
    item.countdown = {now + 72h, "claim closes"};
    item.next_step = "Open a dispute; say so, \"today\".";
    auto other = item;
    other.reference = "3100";
    other.closes_at.reset();
    other.countdown = {now + 24h, "promise ends"};
    auto past = item;
    past.reference = "3101";
    past.closes_at = now - 1h;
    past.countdown.reset();
    const desk::WorkItem items[] = {item, other, past};
    const auto text = closing_calendar(items, now);
    CAPTURE(text);
    const auto count = [&](std::string_view part) {
        std::size_t found = 0;
        for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++found;
        return found;
    };
    CHECK(count("BEGIN:VEVENT") == 2);
    CHECK(closing_events(items, now) == 2);
    CHECK(count("DTSTART:20261126T120000Z") == 1);
    CHECK(count("DTSTART:20261124T120000Z") == 1);
    CHECK(count("3101") == 0);
    CHECK(count("TRIGGER:-P1D") == 2);
    CHECK(text.find("12.90 USD") != text.npos);
    // Read again an hour later, it is the same event.
    const auto uid = [](const std::string& of) { return of.substr(of.find("UID:"), 40); };
    CHECK(uid(text) == uid(closing_calendar(items, now + 1h)));
}

}  // namespace holdfast::formats
