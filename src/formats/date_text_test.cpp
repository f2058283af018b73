#include "formats/date_text.h"
#include "formats/sample_reader.h"

#include <doctest/doctest.h>

namespace holdfast::formats {
namespace {

using desk::SeenTime;

Instant at(const char* text) { return *parse_instant(text); }

// The date that a text means, or what is wrong with it.
std::string day_in(std::string_view text, DayOrder order = DayOrder::unknown) {
    const auto seen = parse_date_text(text, order);
    if (!seen) return "no: " + seen.error();
    if (seen->kind != SeenTime::Kind::date_only) return to_string(seen->at);
    return to_string(seen->at + 14h).substr(0, 16);
}

}  // namespace

TEST_CASE("a date is the whole interval that it can mean") {
    const auto seen = parse_date_text("Aug 20, 2026");
    REQUIRE(seen);
    CHECK(seen->kind == SeenTime::Kind::date_only);
    CHECK(seen->at == at("2026-08-19T10:00:00Z"));
    CHECK(seen->or_at == at("2026-08-21T12:00:00Z"));
    CHECK(*seen == seen_day(*parse_day("2026-08-20")));
}

TEST_CASE("dates in many languages") {
    struct Row {
        const char* text;
        const char* expected;
    };
    // clang-format off
    const Row rows[] = {
        {"Aug 20, 2026",               "2026-08-20T00:00"},
        {"20 August 2026",             "2026-08-20T00:00"},
        {"2 oct. 2026",                "2026-10-02T00:00"},
        {"15 févr. 2026",              "2026-02-15T00:00"},
        {"1er juillet 2026",           "2026-07-01T00:00"},
        {"14 juil. 2026",              "2026-07-14T00:00"},
        {"14 juin 2026",               "2026-06-14T00:00"},
        {"20. März 2026",              "2026-03-20T00:00"},
        {"3. Dez. 2026",               "2026-12-03T00:00"},
        {"5 de enero de 2026",         "2026-01-05T00:00"},
        {"9 ago 2026",                 "2026-08-09T00:00"},
        {"7 gennaio 2026",             "2026-01-07T00:00"},
        {"8 giu 2026",                 "2026-06-08T00:00"},
        {"2 de março de 2026",         "2026-03-02T00:00"},
        {"11 fev. 2026",               "2026-02-11T00:00"},
        {"4 mrt 2026",                 "2026-03-04T00:00"},
        {"30 mei 2026",                "2026-05-30T00:00"},
        {"12 października 2026",       "2026-10-12T00:00"},
        {"6 sty 2026",                 "2026-01-06T00:00"},
        {"20.10.2026",                 "2026-10-20T00:00"},
        {"2.3.2026",                   "2026-03-02T00:00"},
        {"2026-11-01",                 "2026-11-01T00:00"},
        {"2026/11/01",                 "2026-11-01T00:00"},
        {"31/5/2026",                  "2026-05-31T00:00"},
        {"5/31/2016 0:37",             "2016-05-31T00:37"},
        {"9/24/2026 11:10 PM",         "2026-09-24T23:10"},
        {"9/24/2026 12:05 AM",         "2026-09-24T00:05"},
        {"7/7/2026",                   "2026-07-07T00:00"},
        {"24.09.2026 23:10",           "2026-09-24T23:10"},
        {"10:31 May. 21 2019",         "2019-05-21T10:31"},
        {"2026-09-24 23:10:12",        "2026-09-24T23:10"},
        {"2026-08-20 20:41:00 +0200",  "2026-08-20T18:41:00.000Z"},
        {"2026-08-20T20:41:00+02:00",  "2026-08-20T18:41:00.000Z"},
    };
    // clang-format on
    for (const auto& row : rows) {
        CAPTURE(row.text);
        CHECK(day_in(row.text) == row.expected);
    }
}

TEST_CASE("day or month first is settled by the file or refused") {
    CHECK(day_in("5/6/2016").starts_with("no: "));
    CHECK(day_in("5/6/2016", DayOrder::day_first) == "2016-06-05T00:00");
    CHECK(day_in("5/6/2016", DayOrder::month_first) == "2016-05-06T00:00");
    CHECK(day_order_of("5/31/2016 0:37") == DayOrder::month_first);
    CHECK(day_order_of("31/5/2016") == DayOrder::day_first);
    CHECK(day_order_of("5/6/2016") == DayOrder::unknown);
    CHECK(day_order_of("31.5.2016") == DayOrder::unknown);
    CHECK(day_order_of("nonsense") == DayOrder::unknown);
}

TEST_CASE("texts that are no date are refused") {
    for (const auto* text : {"", "yesterday", "30 Feb 2026", "31.2.2026", "13/13/2026",
                             "jui 5 2026", "5 xx 2026", "25:00 May 5 2026", "1:2 May 5 2026",
                             "20.10.26", "10:00 11:00 May 5 2026", "Aug 20, 1850", "=1+1"}) {
        CAPTURE(text);
        CHECK(!parse_date_text(text));
    }
}

TEST_CASE("the supplier's clocks are in the Pacific zone") {
    const auto& pacific = *sample_zones().find("America/Los_Angeles");
    const auto read = [&](std::string_view text) {
        return parse_clock_text(text, pacific).value();
    };

    CHECK(read("2026-08-20 18:05:11") == seen_exactly(at("2026-08-21T01:05:11Z")));
    CHECK(read("20150714020749000-0700") == seen_exactly(at("2015-07-14T09:07:49Z")));

    const auto twice = read("2026-11-01 01:30:00");
    CHECK(twice.kind == SeenTime::Kind::repeated_hour);
    CHECK(twice.at == at("2026-11-01T08:30:00Z"));
    CHECK(twice.or_at == at("2026-11-01T09:30:00Z"));

    const auto never = read("2026-03-08 02:30:00");
    CHECK(never.kind == SeenTime::Kind::skipped_hour);
    CHECK(never.at == at("2026-03-08T10:30:00Z"));
    CHECK(!never.or_at);

    CHECK(moved(twice, 24h).or_at == at("2026-11-02T09:30:00Z"));
    CHECK(!parse_clock_text("2026-08-20", pacific));
    CHECK(!parse_clock_text("", pacific));
}

TEST_CASE("seconds and milliseconds are told apart") {
    CHECK(parse_epoch("1790380805") == at("2026-09-26T00:00:05Z"));
    CHECK(parse_epoch("1791806400000") == at("2026-10-12T12:00:00Z"));
    CHECK(!parse_epoch("0"));
    CHECK(!parse_epoch("12345"));
    CHECK(!parse_epoch("1.79e12"));
    CHECK(!parse_epoch("99999999999999999999"));
}

}  // namespace holdfast::formats
