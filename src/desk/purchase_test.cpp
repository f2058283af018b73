#include "desk/purchase.h"
#include "desk/test_support.h"

#include <algorithm>
#include <array>
#include <functional>
#include <numeric>

namespace holdfast::desk {
namespace {

using namespace test;

// The same state by every order of `observations`, and with repeats.
template <class State, class Seen>
void check_every_order(const std::vector<Observation>& observations) {
    const auto expected = fold<State, Seen>(observations);
    std::vector<std::size_t> places(observations.size());
    std::iota(places.begin(), places.end(), 0);
    do {
        std::vector<Observation> ordered;
        for (const auto place : places) ordered.push_back(observations[place]);
        ordered.push_back(ordered.front());
        CHECK(fold<State, Seen>(ordered) == expected);
    } while (std::ranges::next_permutation(places).found);
}

const Instant early = instant("2026-11-01T00:00:00Z");
const Instant late = instant("2026-11-10T00:00:00Z");

Observation told(std::string format, Instant at, const std::function<void(PurchaseSeen&)>& fill) {
    auto seen = purchase_seen("1");
    fill(seen);
    return {origin(std::move(format), at), std::move(seen)};
}

SeenTime random_time(Dice& dice) {
    SeenTime time{early + hours{static_cast<int>(dice.below(3))},
                  static_cast<SeenTime::Kind>(dice.below(4)),
                  {}};
    if (time.kind != SeenTime::Kind::exact && dice.once_in(2)) time.or_at = time.at + hours{1};
    return time;
}

std::string random_word(Dice& dice) {
    return std::string(1, static_cast<char>('a' + dice.below(3)));
}
std::optional<bool> random_yes(Dice& dice) {
    return dice.once_in(2) ? std::nullopt : std::optional(dice.once_in(2));
}

std::vector<LineSeen> random_lines(Dice& dice) {
    std::vector<LineSeen> lines(dice.below(3));
    for (auto& line : lines) {
        if (dice.once_in(2)) line.product_id = random_word(dice);
        if (dice.once_in(2)) line.line_id = random_word(dice);
        line.title = random_word(dice);
        if (dice.once_in(2)) line.quantity = static_cast<std::int32_t>(dice.below(3));
        if (dice.once_in(2)) line.end_reason = random_word(dice);
        line.phase = static_cast<Phase>(dice.below(10));
    }
    return lines;
}

PurchaseSeen random_purchase(Dice& dice) {
    auto seen = purchase_seen("1");
    for (auto* time :
         {&seen.created, &seen.paid, &seen.shipped, &seen.delivered, &seen.completed, &seen.ended})
        if (dice.once_in(2)) *time = random_time(dice);
    seen.shipped_basis = random_word(dice);
    if (dice.once_in(2)) seen.commit_days = static_cast<std::int32_t>(dice.below(3));
    if (dice.once_in(2))
        seen.promise = PromiseSeen{early + hours{static_cast<int>(dice.below(3))},
                                   static_cast<Confidence>(dice.below(4)), random_word(dice)};
    seen.phase = static_cast<Phase>(dice.below(10));
    if (dice.once_in(2)) seen.status = random_word(dice);
    if (dice.once_in(3)) seen.end_reason = random_word(dice);
    seen.in_dispute = random_yes(dice);
    seen.can_extend = random_yes(dice);
    if (dice.once_in(2)) seen.total = usd(static_cast<std::int64_t>(dice.below(3)));
    seen.lines = random_lines(dice);
    if (dice.once_in(2)) seen.tracking_numbers = {random_word(dice)};
    if (dice.once_in(3))
        seen.disputes.push_back({.dispute_id = random_word(dice),
                                 .line_id = {},
                                 .reason = {},
                                 .status = random_word(dice),
                                 .opened = random_time(dice),
                                 .answered = {},
                                 .ended = {},
                                 .requested = {},
                                 .maximum = {}});
    return seen;
}

Origin random_origin(Dice& dice) {
    constexpr std::array formats = {"given", "aliexpress_details_api", "aliexpress_order_api",
                                    "aliexpress_exporter_csv", "aliexpress_push"};
    auto made = origin(formats[dice.below(formats.size())],
                       early + hours{static_cast<int>(dice.below(3))}, random_word(dice));
    made.line = dice.below(2);
    return made;
}

}  // namespace

TEST_CASE("purchase: every order of the scenario's observations gives the same state") {
    for (const auto& scenario : scenarios()) {
        check_every_order<Purchase, PurchaseSeen>(scenario.purchase);
        for (const auto& parcel : scenario.parcels)
            check_every_order<Parcel, ParcelSeen>({parcel, parcel});
    }
}

TEST_CASE("purchase: random observations in random order give the same state") {
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        CAPTURE(seed);
        Dice dice(seed);
        std::vector<Observation> observations;
        for (auto count = 1 + dice.below(8); count > 0; --count)
            observations.push_back({random_origin(dice), random_purchase(dice)});
        const auto expected = purchase_of(observations);
        for (const auto& one : observations)
            CHECK(search_terms(std::get<PurchaseSeen>(one.seen)) ==
                  search_terms(purchase_of(std::vector{one})));
        for (int round = 0; round < 5; ++round) {
            auto shuffled = observations;
            shuffled.push_back(shuffled[dice.below(shuffled.size())]);
            dice.shuffle(shuffled);
            CHECK(purchase_of(shuffled) == expected);
        }
    }
}

TEST_CASE("purchase: which of two readings wins") {
    const auto phase = [](Phase value) {
        return [value](PurchaseSeen& seen) { seen.phase = value; };
    };
    struct Row {
        const char* name;
        Observation a, b;
        Phase expected;
    };
    const Row rows[] = {
        {"the newer", told("aliexpress_order_api", early, phase(Phase::shipped)),
         told("aliexpress_exporter_csv", late, phase(Phase::paid)), Phase::paid},
        {"an older export after a newer one turns nothing back",
         told("aliexpress_exporter_csv", late, phase(Phase::shipped)),
         told("aliexpress_exporter_csv", early, phase(Phase::paid)), Phase::shipped},
        {"at the same time the ended one, whoever says it",
         told("aliexpress_details_api", late, phase(Phase::shipped)),
         told("aliexpress_push", late, phase(Phase::completed)), Phase::completed},
        {"a newer reading that it has not ended",
         told("aliexpress_order_api", early, phase(Phase::completed)),
         told("aliexpress_details_api", late, phase(Phase::shipped)), Phase::shipped},
        {"what is left out erases nothing",
         told("aliexpress_order_api", early, phase(Phase::shipped)),
         told("aliexpress_details_api", late, phase(Phase::unknown)), Phase::shipped},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        CHECK(purchase_of({row.a, row.b}).phase->value == row.expected);
    }
}

TEST_CASE("purchase: an exact time beats a newer date") {
    const auto date = told("aliexpress_exporter_csv", late, [](PurchaseSeen& seen) {
        seen.created = SeenTime{instant("2026-10-01T00:00:00Z"), SeenTime::Kind::date_only,
                                instant("2026-10-03T00:00:00Z")};
    });
    const auto exact = told("aliexpress_order_api", early, [](PurchaseSeen& seen) {
        seen.created = test::seen("2026-10-02T05:00:00Z");
    });
    CHECK(purchase_of({exact, date}).created->value.at == instant("2026-10-02T05:00:00Z"));
}

TEST_CASE("purchase: promises") {
    const auto promise = [](Instant at, std::string_view by, Confidence confidence) {
        return told("format " + holdfast::to_string(at), at, [&](PurchaseSeen& seen) {
            seen.promise = PromiseSeen{instant(by), confidence, "basis"};
        });
    };
    struct Row {
        const char* name;
        Observation a, b;
        std::string_view expected;
    };
    const Row rows[] = {
        {"a newer one of equal confidence, also when it is later",
         promise(early, "2026-12-01T00:00:00Z", Confidence::high),
         promise(late, "2026-12-15T00:00:00Z", Confidence::high), "2026-12-15T00:00:00Z"},
        {"a newer one of higher confidence",
         promise(early, "2026-12-15T00:00:00Z", Confidence::low),
         promise(late, "2026-12-01T00:00:00Z", Confidence::high), "2026-12-01T00:00:00Z"},
        {"never one of lower confidence", promise(early, "2026-12-01T00:00:00Z", Confidence::high),
         promise(late, "2026-12-15T00:00:00Z", Confidence::medium), "2026-12-01T00:00:00Z"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto purchase = purchase_of({row.a, row.b});
        CHECK(purchase.promise->value.at == instant(row.expected));
        CHECK(purchase.promises.size() == 2);
    }
}

TEST_CASE("purchase: two sources are shown apart") {
    const auto purchase = purchase_of(scenario_101().purchase);
    CHECK(purchase.phase->value == Phase::completed);
    REQUIRE(purchase.readings.size() == 2);
    CHECK(purchase.readings.at("aliexpress_order_api").status == "FINISH");
    CHECK(purchase.readings.at("aliexpress_details_api").status == "WAIT_BUYER_ACCEPT_GOODS");
}

TEST_CASE("purchase: disputes open and close") {
    const auto is_open_after = [](const std::vector<Observation>& observations) {
        return is_disputed(purchase_of(observations));
    };
    const auto issue_of = [](Instant at, std::string status) {
        return told("aliexpress_issue_api", at, [&](PurchaseSeen& seen) {
            seen.disputes = {{.dispute_id = "9",
                              .line_id = {},
                              .reason = {},
                              .status = status,
                              .opened = {},
                              .answered = {},
                              .ended = {},
                              .requested = {},
                              .maximum = {}}};
        });
    };
    const auto says = [](std::string format, Instant at, bool yes) {
        return told(std::move(format), at, [&](PurchaseSeen& seen) { seen.in_dispute = yes; });
    };
    const auto shows = [](Instant at, Phase phase) {
        return told("aliexpress_exporter_csv", at, [&](PurchaseSeen& seen) { seen.phase = phase; });
    };
    CHECK(is_open_after({issue_of(early, "processing")}));
    CHECK_FALSE(is_open_after({issue_of(early, "processing"), issue_of(late, "canceled_issue")}));
    CHECK_FALSE(is_open_after(
        {issue_of(early, "processing"), says("aliexpress_details_api", late, false)}));
    CHECK(is_open_after({says("aliexpress_details_api", late, true),
                         told("aliexpress_order_api", late,
                              [](PurchaseSeen& seen) { seen.phase = Phase::shipped; })}));
    CHECK(is_open_after({shows(early, Phase::disputed)}));
    CHECK_FALSE(is_open_after({shows(early, Phase::disputed), shows(late, Phase::shipped)}));
}

TEST_CASE("line quantities") {
    const auto both = [](Instant at, std::string format, std::vector<LineSeen> lines) {
        return told(std::move(format), at, [&](PurchaseSeen& seen) { seen.lines = lines; });
    };
    LineSeen by_title;
    by_title.title = "thing 12";
    by_title.end_reason = "CANCELED";
    LineSeen stranger = line_seen("99", 7, 100);
    stranger.title = "Something else";
    const auto purchase = purchase_of({
        both(early, "aliexpress_order_api", {line_seen("11", 1, 500), line_seen("12", 2, 300)}),
        both(late, "aliexpress_order_api", {line_seen("11", 3, 500)}),
        both(late, "aliexpress_account_csv", {by_title}),
        both(late, "aliexpress_details_api", {stranger}),
    });
    const auto lines = lines_of(purchase);
    REQUIRE(lines.size() == 2);
    CHECK(lines[0].quantity->value == 3);
    CHECK(lines[1].quantity->value == 2);
    CHECK(text_of(lines[1].end_reason) == "CANCELED");
    CHECK(title_of(purchase) == "Thing 11 and 1 more");
}

TEST_CASE("line quantities: two variants of one product stay two lines") {
    auto red = line_seen("11", 1, 500), blue = line_seen("11", 4, 500);
    red.sku = "r", blue.sku = "b";
    red.title.clear(), blue.title.clear();
    const auto purchase = purchase_of({told(
        "aliexpress_order_api", early, [&](PurchaseSeen& seen) { seen.lines = {red, blue}; })});
    CHECK(lines_of(purchase).size() == 2);
    CHECK(title_of(purchase) == "b and 1 more");  // goods that have no title go by their sku
}

TEST_CASE("purchase: a later reading of the same changes no value") {
    auto observations = scenario_103().purchase;
    const auto before = purchase_of(observations);
    for (auto& one : observations) one.origin.seen_at += days{1};
    const auto after = purchase_of(observations);
    CHECK(before != after);
    CHECK(same_values(before, after));
    CHECK(age_of(after).newest == now + days{1});
    CHECK_FALSE(same_values(before, purchase_of(scenario_104().purchase)));
    CHECK(search_terms(before) == std::vector<std::string>{order(103), "UB000101035CN"});
}

}  // namespace holdfast::desk
