#include "terms/parse.h"

#include "terms/test_support.h"

namespace holdfast::terms {
namespace {

using namespace test;

template <class T>
std::string told(const std::expected<T, ParseError>& parsed) {
    return parsed ? "read" : std::to_string(parsed.error().offset) + ": " + parsed.error().message;
}

struct Row {
    std::string text;
    const char* error;
};

}  // namespace

TEST_CASE("times that do not parse") {
    // clang-format off
    const Row rows[] = {
        {"paid\t+\n1d\r",               "read"},
        {"-paid",                       "0: found \"-paid\", expected a moment; nearest: "},
        {"paid-",                       "5: found the end, expected a span of time such as 10d"},
        {"paid- 3d",                    "read"},
        {"paid-3d",                     "read"},
        {"paid-early",                  "0: found \"paid-early\", expected a moment; nearest: "},
        {"paid ~",                      "5: found \"~\", expected +, -, or, or the end"},
        {"paid or",                     "7: found the end, expected a moment"},
        {"paid +",                      "6: found the end, expected a span of time such as 10d, a table"},
        {"paid - close",                "7: found \"close\", expected a span of time such as 10d"},
        {"paid + days",                 "7: found \"days\", expected a span of time such as 10d, a table"},
        {"paid + days(many)",           "16: found \")\", expected a number of the order, such as seller"},
        {"paid + days(seller_delivery_days", "32: found the end, expected \")\""},
        {"paid + signature",            "7: found \"signature\", expected a span of time such as 10d, a t"},
        {"paid + 99999999999999999999d", "7: found \"99999999999999999999d\", expected a whole number"},
        {"paid + 10000d",               "read"},
        {"paid + 10001d",               "7: found \"10001d\", expected at most 10000d"},
        {"paid - 10001y",               "7: found \"10001y\", expected at most 10000y"},
        {"paid + 1000000h",             "read"},
        {"paid + 9223372036854775807h", "7: found \"9223372036854775807h\", expected at most 1000000h"},
        {"(paid",                       "5: found the end, expected \")\""},
        {"(shiped) + 1d",               "1: found \"shiped\", expected a moment; nearest: shipped"},
        {"shiped(all",                  "0: found \"shiped\", expected a moment; nearest: shipped"},
        {"day()",                       "4: found \")\", expected a moment"},
        {"latest(paid, )",              "13: found \")\", expected a moment"},
        {"held(paid, shipped)",         "19: found the end, expected 3 parts in \"held\""},
        {"end(paid, shipped)",          "18: found the end, expected 1 parts in \"end\""},
        {"held(paid, shipped, paid, least 7)", "33: found \")\", expected a unit"},
        {"day(paid, Europe/Paris)",     "10: found \"Europe\", expected a zone in quotes"},
        {"day(paid, \"Europe/Paris",    "23: found the end, expected a closing quote"},
    };
    // clang-format on
    for (const auto& row : rows) {
        CAPTURE(row.text);
        auto terms = small_world();
        const auto parsed = told(parse_time(terms, row.text, zones()));
        CHECK_MESSAGE(parsed.starts_with(row.error), parsed);
    }
}

TEST_CASE("amounts that do not parse") {
    // clang-format off
    const Row rows[] = {
        {"",                          "0: found the end, expected a number of the order, a table or"},
        {"item item",                 "5: found \"item\", expected +, - or the end"},
        {"item + ",                   "7: found the end, expected a number of the order"},
        {"99999999999999999999",      "0: found \"99999999999999999999\", expected a whole number"},
        {"2 x 3",                     "read"},
        {"2 x (item)",                "read"},
        {"2 x ",                      "4: found the end, expected a number of the order"},
        {"2 x 99999999999999999999",  "4: found \"99999999999999999999\", expected a whole number"},
        {"(itm)",                     "1: found \"itm\", expected a number of the order, a table or a wh"},
        {"(item",                     "5: found the end, expected \")\""},
        {"close",                     "0: found \"close\", expected a number of the order, a table"},
        {"count",                     "0: found \"count\", expected a number of the order, a table"},
        {"min",                       "0: found \"min\", expected a number of the order, a table"},
        {"share",                     "0: found \"share\", expected a number of the order, a table"},
        {"count(item)",               "10: found \")\", expected disputes, appeals, labels, credits, ext"},
        {"count(few)",                "9: found \")\", expected disputes, appeals, labels, credits, ext"},
        {"count(appeals",             "13: found the end, expected \")\""},
        {"min()",                     "4: found \")\", expected a number of the order"},
        {"max(item,)",                "9: found \")\", expected a number of the order"},
        {"max(item",                  "8: found the end, expected \",\" or \")\""},
        {"share()",                   "6: found \")\", expected a number of the order"},
        {"share(item)",               "10: found \")\", expected \",\" and basis points"},
        {"share(item, )",             "12: found \")\", expected a whole number"},
        {"share(item, -5)",           "12: found \"-5\", expected a whole number"},
        {"share(item, 5",             "13: found the end, expected \")\""},
    };
    // clang-format on
    for (const auto& row : rows) {
        CAPTURE(row.text);
        auto terms = small_world();
        const auto parsed = told(parse_amount(terms, row.text));
        CHECK_MESSAGE(parsed.starts_with(row.error), parsed);
    }
}

TEST_CASE("conditions that do not parse") {
    // clang-format off
    const Row rows[] = {
        {"carrier_class in fast-lane", "read"},
        {"carrier_class in",           "16: found the end, expected a word"},
        {"carrier_class in " + std::string(40, 'x'), "57: found the end, expected a word of at most 39 letters"},
        {"carrier_class of express",   "14: found \"of\", expected in, not in, has, lacks, before, after, or"},
        {"carier_class in express",    "0: found \"carier_class\", expected an attribute; nearest: carrier_cla"},
        {"item has new old",           "13: found \"old\", expected the end"},
        {"parcel has new",             "0: found \"parcel\", expected item, return.missing or request"},
        {"stage in shipped, gone",     "22: found the end, expected a stage such as shipped or negotiating"},
        {"has currency",               "read"},
        {"has sense",                  "9: found the end, expected a moment, attribute or number instead of \"sen"},
        {"has shipped(all",            "15: found the end, expected \")\""},
        {"dispute.open twice",         "13: found \"twice\", expected in, not in, has, lacks"},
        {"before shiped",              "7: found \"shiped\", expected a moment; nearest: shipped"},
        {"after paid paid",            "11: found \"paid\", expected the end"},
        {"shiped before paid",         "0: found \"shiped\", expected a moment"},
        {"paid before shiped",         "12: found \"shiped\", expected a moment"},
        {"itm < 3",                    "0: found \"itm\", expected a number of the order"},
        {"item 3 < 4",                 "5: found \"3\", expected in, not in, has, lacks, before, after, or one"},
        {"item < itm",                 "7: found \"itm\", expected a number of the order"},
        {"item < 3 4",                 "9: found \"4\", expected the end"},
    };
    // clang-format on
    for (const auto& row : rows) {
        CAPTURE(row.text);
        auto terms = small_world();
        const auto parsed = told(parse_condition(terms, row.text, zones()));
        CHECK_MESSAGE(parsed.starts_with(row.error), parsed);
    }
}

TEST_CASE("a span is one number and its unit") {
    CHECK(parse_span("48h") == Span{Unit::elapsed_ms, 48 * 3'600'000});
    CHECK(parse_span(" 3bd ") == Span{Unit::business_days, 3});
    for (const auto* text : {"", "10", "d", "close", "1d + 2d", "1d or paid + 2d", "1d - 2d"}) {
        CAPTURE(text);
        CHECK(told(parse_span(text)) ==
              "0: found \"" + std::string(text) + "\", expected a span such as 10d");
    }
}

TEST_CASE("expressions are written back as people write them") {
    const char* times[] = {
        "paid + 30min",   "paid - 48h",           "paid + 2bd",
        "paid + 6w",      "paid + 2mo",           "paid + 1y",
        "paid + close",   "paid + days(tax)",     "end(day(paid))",
        "start(promise)", "latest(paid, placed)", "earliest(roll(paid), last(paid, placed))",
    };
    const char* amounts[] = {
        "(item + 3)",     "(item - signature)",        "2 x item",
        "min(item, 900)", "max(item, count(appeals))", "share(item, 550)",
    };
    auto terms = small_world();
    for (const std::string text : times)
        CHECK(to_text(terms, *parse_time(terms, text, zones())) == text);
    for (const std::string text : amounts)
        CHECK(to_text(terms, *parse_amount(terms, text)) == text);
    CHECK(to_text(terms, -1).empty());
    CHECK(to_text(terms, *parse_time(terms, "paid or placed", zones())) == "(paid or placed)");
    CHECK(to_text(terms, *parse_time(terms, "held(paid, asked, decided, least 7d)", zones())) ==
          "held(paid, asked, decided, least 7d)");
}

TEST_CASE("grades and kinds have words") {
    CHECK(to_string(Grade::primary) == "primary");
    CHECK(to_string(Grade::copy) == "copy");
    CHECK(to_string(Grade::secondary) == "secondary");
    CHECK(to_string(Grade::inferred) == "inferred");
    CHECK(to_string(Grade::law) == "law");
    CHECK(to_string(Kind::right) == "right");
    CHECK(to_string(Kind::fallback) == "default");
    CHECK(to_string(Kind::limit) == "limit");
    CHECK(to_string(Kind::award) == "award");
    CHECK(to_string(Kind::info) == "info");
}

TEST_CASE("words for tracking and moments") {
    CHECK(!is_tracking_word(""));
    CHECK(is_tracking_word("abnormal"));
    CHECK(parse_word<Moment>("scanned") == Moment::scanned_last);
    CHECK(parse_word<Moment>("shipped") == Moment::shipped_all);
    CHECK(parse_word<Moment>("shiped") == std::nullopt);
}

}  // namespace holdfast::terms
