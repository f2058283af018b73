#include "terms/evaluate.h"
#include "terms/parse.h"
#include "terms/test_support.h"

#include <limits>

namespace holdfast::terms {
namespace {

using namespace test;

std::string text_of(When when) {
    if (!when.known()) return "nothing";
    return when.is_day() ? holdfast::to_string(when.day()) : holdfast::to_string(when.instant());
}

Facts known() {
    Facts facts;
    facts.set(Moment::paid, When{instant("2021-03-13T20:00:00Z")});
    facts.set(Moment::promised_by, When{day("2020-05-24")});
    facts.set(Moment::shipped_all, When{instant("2021-01-14T16:30:00Z")});
    facts.set(Moment::delivered_last, When{day("2021-02-28")});
    facts.set(Moment::repair_began, When{instant("2021-03-02T10:00:00Z")});
    facts.set(Moment::repair_ended, When{instant("2021-03-12T10:00:00Z")});
    facts.set(Moment::contacted, When{instant("2021-01-15T12:00:00Z")});
    facts.set(Number::seller_delivery_days, 60);
    facts.set(Number::item, 1000);
    facts.set(Number::shipping, 250);
    facts.set(Attribute::currency, "USD");
    return facts;
}

}  // namespace

TEST_CASE("time expressions") {
    struct Row {
        const char* text;
        const char* expected;
    };
    // clang-format off
    const Row rows[] = {
        {"paid",                                 "2021-03-13T20:00:00.000Z"},
        {"refunded",                             "nothing"},
        {"refunded + 10d",                       "nothing"},
        {"paid + 1d",                            "2021-03-14T20:00:00.000Z"},  // over the change: 24 h
        {"paid + 24h",                           "2021-03-14T20:00:00.000Z"},
        {"paid + 1w",                            "2021-03-20T19:00:00.000Z"},  // the same wall clock
        {"paid - 3d",                            "2021-03-10T20:00:00.000Z"},
        {"paid + 30min",                         "2021-03-13T20:30:00.000Z"},
        {"promise + 15d",                        "2020-06-08"},
        {"promise + 48h",                        "2020-05-27T07:00:00.000Z"},  // from the day's end
        {"end(promise)",                         "2020-05-25T07:00:00.000Z"},
        {"start(promise)",                       "2020-05-24T07:00:00.000Z"},
        {"day(paid)",                            "2021-03-13"},
        {"day(paid, \"Europe/Paris\")",          "2021-03-13"},
        {"day(contacted) + 1bd",                   "2021-01-18"},                // Friday to Monday
        {"delivered + 1mo",                      "2021-03-28"},
        {"delivered + 1y",                       "2022-02-28"},
        {"shipped + close",                      "2021-02-22T16:30:00.000Z"},  // the table's else
        {"shipped(all) + days(seller_delivery_days)", "2021-03-15T16:30:00.000Z"},
        {"latest(paid, shipped)",                "2021-03-13T20:00:00.000Z"},
        {"latest(paid, refunded)",               "nothing"},
        {"last(paid, refunded)",                 "2021-03-13T20:00:00.000Z"},
        {"earliest(paid, refunded, shipped)",    "2021-01-14T16:30:00.000Z"},
        {"latest(promise, delivered)",           "2021-02-28"},                // stays a Day
        {"refunded or completed or paid",        "2021-03-13T20:00:00.000Z"},
        {"(refunded or paid) + 1d",              "2021-03-14T20:00:00.000Z"},
        {"roll(delivered)",                      "2021-03-01"},                // a Sunday
        {"held(delivered + 30d, repair.began, repair.ended, least 7d)", "2021-04-10"},
        {"held(delivered + 5d, repair.began, repair.ended, least 7d)",  "2021-03-19"},
        {"held(delivered + 5d, refunded, completed, least 7d)",         "2021-03-05"},
        {"held(delivered + 5d, repair.began, completed, least 7d)",     "nothing"},  // still held
        {"held(repair.began + 5d, repair.began, repair.ended, least 1d)", "2021-03-17T10:00:00.000Z"},
        {"held(repair.began + 5d, repair.began, repair.ended, least 7d)", "2021-03-19T10:00:00.000Z"},
        {"shipped - 3bd",                        "nothing"},                   // only ever later
        {"shipped + bare",                       "nothing"},                   // no row, and no else
        {"refunded + bare",                      "nothing"},
        {"start(paid)",                          "2021-03-13T20:00:00.000Z"},
        {"shipped + days(ordered_quantity)",     "nothing"},
    };
    // clang-format on
    for (const auto& row : rows) {
        CAPTURE(row.text);
        auto terms = small_world();
        const auto facts = known();
        const auto node = parse_time(terms, row.text, zones());
        REQUIRE(node.has_value());
        const Context context{terms, facts, instant("2021-01-01T00:00:00Z")};
        CHECK(text_of(time_of(context, *node)) == row.expected);
    }
}

TEST_CASE("days without number are none that were said") {
    auto terms = small_world();
    const auto node = parse_time(terms, "shipped + days(seller_delivery_days)", zones());
    auto facts = known();
    const auto moved_by = [&](std::int64_t count) {
        facts.set(Number::seller_delivery_days, count);
        return text_of(time_of({terms, facts, {}}, *node));
    };
    CHECK(moved_by(-1) == "2021-01-13T16:30:00.000Z");
    CHECK(moved_by(100'000) == "2294-10-30T16:30:00.000Z");
    CHECK(moved_by(100'001) == "nothing");
    CHECK(moved_by(-100'001) == "nothing");
    CHECK(moved_by(std::numeric_limits<std::int64_t>::max()) == "nothing");
}

TEST_CASE("the facts' calendar goes before the file's") {
    auto terms = small_world();
    auto facts = known();
    facts.set(Attribute::holidays, "test");
    const auto node = parse_time(terms, "day(contacted) + 1bd", zones());
    const Context context{terms, facts, {}};
    CHECK(text_of(time_of(context, *node)) == "2021-01-19");  // 18 January is a holiday there
    facts.set(Moment::contacted, When{instant("2025-12-30T12:00:00Z")});
    const auto far = parse_time(terms, "day(contacted) + 9bd", zones());
    CHECK(text_of(time_of(context, *far)) == "nothing");  // past the years that it lists
    facts.set(Moment::contacted, When{instant("2026-01-03T12:00:00Z")});
    const auto rolled = parse_time(terms, "roll(contacted)", zones());
    CHECK(text_of(time_of(context, *rolled)) == "nothing");
    facts.set(Attribute::holidays, "unheard_of");
    CHECK(text_of(time_of(context, *rolled)) == "2026-01-05");  // the file's again
}

TEST_CASE("amount expressions") {
    struct Row {
        const char* text;
        std::optional<std::int64_t> expected;
    };
    const Row rows[] = {
        {"item + shipping", 1250},
        {"3 x item", 3000},
        {"total", 1250},
        {"item - gift_market", {}},
        {"min(item, 900)", 900},
        {"max(item, 900)", 1000},
        {"share(item, 550)", 55},
        {"item - (shipping + tax)", 750},
        {"signature", 75000},
        {"count(appeals)", 0},
        {"2 x (item + shipping) - 100", 2400},
        {"share(gift_market, 550)", {}},
        {"share(0 - item, 555)", -55},
        {"share(9223372036854775807, 10000)", std::numeric_limits<std::int64_t>::max()},
        {"share(9223372036854775807, 10001)", {}},
        {"9223372036854775807 + item", {}},
        {"0 - 9223372036854775807 - item", {}},
        {"9223372036854775807 x item", {}},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        auto terms = small_world();
        const auto facts = known();
        const auto node = parse_amount(terms, row.text);
        REQUIRE(node.has_value());
        CHECK(number_of({terms, facts, {}}, *node) == row.expected);
    }
}

TEST_CASE("conditions") {
    struct Row {
        const char* text;
        bool expected;
    };
    // clang-format off
    const Row rows[] = {
        {"tracking in abnormal",             true},   // lost_in_transit is abnormal
        {"tracking in in_transit, unknown",  false},
        {"tracking not in in_transit",       true},
        {"dispute.tracking in in_transit",   false},  // not known
        {"dispute.tracking not in in_transit", true},
        {"item has custom_made",             true},
        {"item lacks custom_made",           false},
        {"request has evidence",             false},
        {"has paid",                         true},
        {"lacks refunded",                   true},
        {"has shipped(all)",                 true},
        {"has gift_market",                  false},
        {"has currency",                     true},
        {"lacks currency",                   false},
        {"has destination",                  false},
        {"total == 1250",                    true},
        {"total == 1249",                    false},
        {"total <= 1249",                    false},
        {"total >= 1250",                    true},
        {"total > 1250",                     false},
        {"gift_market < 5",                  false},  // not known
        {"count(appeals) < 1",               true},
        {"before paid",                      true},
        {"after promise",                    true},
        {"after refunded",                   false},
        {"before refunded",                  false},
        {"shipped before paid",              true},
        {"paid after shipped",               true},
        {"dispute.open",                     false},
        {"stage in shipped, completed",      true},
        {"stage not in shipped",             false},
        {"stage in none",                    true},
    };
    // clang-format on
    for (const auto& row : rows) {
        CAPTURE(row.text);
        auto terms = small_world();
        auto facts = known();
        facts.set(Attribute::tracking, "lost_in_transit");
        facts.add_mark(Marks::item, "custom_made");
        const auto condition = parse_condition(terms, row.text, zones());
        REQUIRE(condition.has_value());
        CHECK(holds({terms, facts, instant("2021-02-01T00:00:00Z")}, *condition) == row.expected);
    }
}

TEST_CASE("what does not parse says where and what was expected") {
    struct Row {
        const char* text;
        std::size_t offset;
        const char* message;
    };
    const Row rows[] = {
        {"shiped(all)", 0, "found \"shiped\", expected a moment; nearest: shipped(all)"},
        {"paid + 10", 9, "found the end, expected a unit: d, h, min, bd, w, mo or y"},
        {"paid + ten", 7,
         "found \"ten\", expected a span of time such as 10d, a table of durations, or days(a "
         "number)"},
        {"latest(paid, shipped", 20, "found the end, expected \",\" or \")\""},
        {"paid paid", 5, "found \"paid\", expected +, -, or, or the end"},
        {"day(paid, \"Mars/Base\")", 21,
         "found \")\", expected a loaded time zone instead of \"Mars/Base\""},
        {"", 0, "found the end, expected a moment"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        auto terms = small_world();
        const auto node = parse_time(terms, row.text, zones());
        REQUIRE(!node.has_value());
        CHECK(node.error().offset == row.offset);
        CHECK(node.error().message.starts_with(row.message));
    }
}

}  // namespace holdfast::terms
