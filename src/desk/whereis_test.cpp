#include "desk/whereis.h"
#include "desk/test_support.h"

namespace holdfast::desk {
namespace {

using namespace test;

Sale sale_of(std::string reference) {
    SaleSeen seen;
    seen.system = "shopify";
    seen.reference = std::move(reference);
    seen.sale_id = "7100000001052";
    seen.customer.email = "Ada@Example.com";
    seen.created = test::seen("2026-09-24T21:10:12Z");
    return fold<Sale, SaleSeen>({{origin("shopify_order_json", now - days{2}), seen}});
}

WhereIsAnswer ask_for(const std::vector<Scenario>& scenarios_of_sale,
                      std::string_view language = "en") {
    std::vector<Purchase> purchases;
    std::vector<Parcel> parcels;
    std::vector<WorkItem> items;
    for (const auto& scenario : scenarios_of_sale) {
        purchases.push_back(purchase_of(scenario.purchase));
        for (auto& parcel : parcels_of(scenario)) parcels.push_back(std::move(parcel));
        items.push_back(test::assess(scenario, current_terms()));
    }
    return where_is(sale_of("#1052"), {}, purchases, parcels, items, phrases(language), now);
}

bool says(const std::string& text, std::string_view part) { return text.find(part) != text.npos; }

}  // namespace

TEST_CASE("where is it: search words are one spelling") {
    struct Row {
        std::string_view typed, expected;
    };
    constexpr Row rows[] = {
        {"#1052", "1052"},
        {" 1052 ", "1052"},
        {"jw-1051-eu", "JW-1051-EU"},
        {"ub 0001 0103 5cn", "UB000101035CN"},
        {"Ada@Example.COM", "ada@example.com"},
        {"", ""},
        {"#", ""},
    };
    for (const auto& row : rows) {
        CAPTURE(row.typed);
        CHECK(normalise_search(row.typed) == row.expected);
    }
    CHECK(search_terms(sale_of("#1052")) ==
          std::vector<std::string>{"1052", "7100000001052", "ada@example.com"});
}

TEST_CASE("where is it: one purchase that fell silent on its way") {
    const auto answer = ask_for({scenario_103()});
    CHECK(
        answer.state ==
        "#1052: aliexpress 3099000000000103 was sent; no scan since 2026-10-12 12:00 UTC, that is "
        "42 d.");
    CHECK(answer.promised_by == instant("2026-11-25T00:00:00Z"));
    CHECK_FALSE(answer.promise_estimated);
    CHECK(says(answer.last_scan, "2026-10-12 12:00 UTC (42 d ago)"));
    REQUIRE(answer.open.size() == 1);
    CHECK(answer.open[0] == "aliexpress 3099000000000103: claim_now until 2026-12-10 00:00 UTC");
    CHECK(says(answer.reply, "its parcel has had no scan of the carrier since 2026-10-12"));
    CHECK_FALSE(says(answer.reply, "2026-11-25"));  // a date that nothing speaks for any more
    CHECK(says(answer.reply, "This is what we know as of 2026-11-23."));
    CHECK(says(answer.age_text, "oldest 2026-11-21 12:00 UTC"));
}

TEST_CASE("where is it: what a customer is told is what the facts hold") {
    struct Row {
        const char* name;
        std::vector<Scenario> scenarios_of_sale;
        std::string_view told;
    };
    const Row rows[] = {
        {"no purchase", {}, "It has not been sent yet."},
        {"overdue, and confirmed by a timer",
         {scenario_101()},
         "It should have arrived by 2026-11-21 and, as far as we can see, has not."},
        {"delivered",
         {scenario_102()},
         "The carrier shows a delivery on 2026-09-14. If you do not have it, please tell us."},
        {"returned", {scenario_104()}, "It is on its way back to the sender."},
        {"cancelled", {scenario_105()}, "It was cancelled by our supplier and will not come."},
        {"not shipped", {scenario_107()}, "It is being prepared and has not been sent yet."},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto answer = ask_for(row.scenarios_of_sale);
        CAPTURE(answer.reply);
        CHECK(says(answer.reply, row.told));
        CHECK(says(answer.reply, "your order #1052"));
    }
}

TEST_CASE("where is it: on its way is said of what a carrier has scanned") {
    const auto state = [](Phase phase, std::string end_reason,
                          std::optional<std::string_view> scan) {
        auto seen = api_order(200, "2026-11-01T00:00:00Z", phase, "STATUS", 1000);
        seen.end_reason = std::move(end_reason);
        seen.tracking_numbers = {"A1"};
        Scenario scenario{{api(seen)}, {}};
        if (scan)
            scenario.parcels = {
                tracked(parcel_seen("A1", ParcelStatus::moving, {{*scan, ParcelStatus::moving}}))};
        return ask_for({scenario}).state;
    };
    struct Row {
        Phase phase;
        std::string_view end_reason;
        std::optional<std::string_view> scan;
        std::string_view expected;
    };
    constexpr std::string_view recent = "2026-11-20T00:00:00Z";
    const Row rows[] = {
        {Phase::shipped, "", {}, "was sent; no scan is known"},
        {Phase::shipped, "", recent, "is on its way"},
        {Phase::completed, "", {}, "is shown as completed; no delivery is known"},
        {Phase::completed, "", recent, "is shown as completed; no delivery is known"},
        {Phase::completed, "buyer_accept_goods_timeout", recent,
         "is shown as completed; no delivery is known"},
        {Phase::completed, "buyer_accept_goods", {}, "is shown as delivered"},
    };
    for (const auto& row : rows) {
        const auto text = state(row.phase, std::string(row.end_reason), row.scan);
        CHECK_MESSAGE(says(text, row.expected), text);
    }
}

TEST_CASE("where is it: a window that is over has closed") {
    WorkItem item;
    item.system = "aliexpress";
    item.reference = order(103);
    item.word = WorkWord::missed;
    item.closes_at = instant("2026-11-20T00:00:00Z");
    const std::vector<Purchase> purchases{purchase_of(scenario_103().purchase)};
    const auto answer =
        where_is(sale_of("#1052"), {}, purchases, {}, std::span(&item, 1), phrases(), now);
    REQUIRE(answer.open.size() == 1);
    CHECK(answer.open[0] == "aliexpress 3099000000000103: missed, closed on 2026-11-20 00:00 UTC");
}

TEST_CASE("where is it: an estimate of ours is never told as a promise") {
    auto seen =
        api_order(200, "2026-11-01T00:00:00Z", Phase::shipped, "WAIT_BUYER_ACCEPT_GOODS", 1000);
    const auto answer = ask_for({Scenario{{api(seen)}, {}}});
    CHECK(answer.promise_estimated);
    CHECK(answer.promised_by.has_value());
    CHECK_FALSE(says(answer.reply, "latest delivery date"));
}

// Whatever the language: every day in the letter is one that a source stated, and a delivery scan
// is told.
TEST_CASE("where is it: letters in each language say the same days") {
    const std::vector<Scenario> all[] = {
        {},
        {scenario_101()},
        {scenario_102()},
        {scenario_103()},
        {scenario_104()},
        {scenario_105()},
        {scenario_107()},
        {scenario_101(), scenario_102()},
    };
    const auto days_in = [](const std::string& text) {
        std::vector<std::string> days;
        for (std::size_t i = 0; i + 10 <= text.size(); ++i)
            if (text[i + 4] == '-' && text[i + 7] == '-' && text.substr(i, 2) == "20")
                days.push_back(text.substr(i, 10));
        return days;
    };
    std::size_t dated = 0;
    for (const auto& scenarios : all) {
        const auto english = ask_for(scenarios).reply, spanish = ask_for(scenarios, "es").reply;
        CAPTURE(spanish);
        CHECK(days_in(english) == days_in(spanish));
        CHECK(english != spanish);
        CHECK_FALSE(says(spanish, "{"));
        CHECK(says(spanish, "#1052"));
        dated += days_in(spanish).size();
    }
    CHECK(dated > 10);
    CHECK(says(ask_for({scenario_102()}, "es").reply, "una entrega el 2026-09-14"));
}

TEST_CASE("where is it: a file of sentences is whole or says what it lacks") {
    struct Row {
        const char* name;
        std::string_view take, give, error;
    };
    const auto good = shipped_replies("en");
    REQUIRE(parse_phrases(good).has_value());
    const Row rows[] = {
        {"no language", "language = \"en\"", "", "language is missing"},
        {"a sentence left out", "sent = \"It was sent.\"", "", "reply.sent is missing"},
        {"a place left out", "by {day} and", "by then and",
         "reply.promise_passed has not the same names in braces as the English one"},
        {"another place", "of {day}.\"\nend", "of {days}.\"\nend",
         "reply.as_of has not the same names in braces as the English one"},
        {"a brace that stays open", "number is {numbers}.", "number is {numbers.",
         "reply.tracking has not the same names in braces as the English one"},
        {"one too many", "end = \"Kind", "bye = \"x\"\nend = \"Kind", "reply.bye is not known"},
        {"a sentence of claims left out", "name_late = \"late\"", "", "claim.name_late is missing"},
        {"one of claims too many", "[claim]", "[claim]\nbye = \"x\"", "claim.bye is not known"},
        {"no TOML", "[reply]", "[reply", "line 5: "},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        auto text = good;
        const auto at = text.find(row.take);
        REQUIRE(at != text.npos);
        text.replace(at, row.take.size(), row.give);
        const auto parsed = parse_phrases(text);
        REQUIRE_FALSE(parsed.has_value());
        CHECK(parsed.error().starts_with(row.error));
    }
}

TEST_CASE("where is it: on its way is said as long as scans come") {
    for (const auto& [scan, text] :
         {std::pair{"2026-10-24T12:00:00.001Z", "is on its way"},
          std::pair{"2026-10-24T12:00:00Z", "no scan since 2026-10-24"}}) {
        auto scenario = scenario_103();
        auto parcel = parcel_seen(
            "UB000101035CN", ParcelStatus::moving,
            {{"2026-09-26T00:00:00Z", ParcelStatus::moving}, {scan, ParcelStatus::moving}});
        scenario.parcels = {tracked(parcel)};
        const auto answer = ask_for({scenario});
        CAPTURE(answer.state);
        CHECK(says(answer.state, text));
        CHECK(says(answer.reply, "2026-10-24"));
    }
    // Two parcels, silent for 68 and 69 days: the newer scan is told.
    const auto both = ask_for({scenario_106()});
    CAPTURE(both.reply);
    CHECK(says(both.state, "no scan since 2026-09-16"));
    CHECK(says(both.reply, "no scan of the carrier since 2026-09-16"));
    CHECK(says(ask_for({scenario_106()}, "es").reply, "desde el 2026-09-16"));
    CHECK(says(ask_for({scenario_104()}).state, "is on its way back to the sender"));
}

TEST_CASE("where is it: what the store refunded is told, though no refund of it is known") {
    auto sale = sale_of("#1055");
    SaleSeen told;
    told.system = "shopify";
    told.reference = "#1055";
    told.total = usd(124'20);
    told.refunded = usd(62'10);
    evolve(sale, told, origin("shopify_order_json", now - days{2}));
    const auto answer = where_is(sale, {}, {}, {}, {}, phrases(), now);
    REQUIRE(answer.money.size() == 1);
    CHECK(answer.money[0] ==
          "shopify #1055: 62.10 USD of 124.20 USD refunded to the customer in all, as read "
          "2026-11-21 12:00 UTC.");
}

TEST_CASE("where is it: several purchases") {
    const auto answer = ask_for({scenario_101(), scenario_102()});
    CHECK(says(answer.state,
               "aliexpress 3099000000000101 is shown as completed; no delivery is known; "
               "aliexpress 3099000000000102 is shown as "
               "delivered"));
    CHECK(answer.promised_by == instant("2026-11-21T03:10:00Z"));
}

}  // namespace holdfast::desk
