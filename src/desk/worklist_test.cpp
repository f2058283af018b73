#include "desk/worklist.h"
#include "desk/stake.h"
#include "desk/test_support.h"
#include "desk/text.h"

#include <algorithm>
#include <functional>

namespace holdfast::desk {
namespace {

using namespace test;

Scenario one_order(const std::function<void(PurchaseSeen&)>& fill,
                   std::vector<ParcelSeen> parcels = {}) {
    auto seen =
        api_order(200, "2026-10-01T00:00:00Z", Phase::shipped, "WAIT_BUYER_ACCEPT_GOODS", 1000);
    seen.paid = test::seen("2026-10-02T00:00:00Z");
    seen.shipped = test::seen("2026-10-03T00:00:00Z");
    seen.commit_days = 60;  // promised by 2026-12-02
    for (const auto& parcel : parcels) seen.tracking_numbers.push_back(parcel.tracking_number);
    fill(seen);
    Scenario scenario{{api(seen)}, {}};
    for (auto& parcel : parcels) scenario.parcels.push_back(tracked(std::move(parcel)));
    return scenario;
}

ParcelSeen moving(std::string_view last_scan = "2026-11-20T00:00:00Z") {
    return parcel_seen("A1", ParcelStatus::moving, {{last_scan, ParcelStatus::moving}});
}
ParcelSeen arrived(std::string_view at) {
    return parcel_seen("A1", ParcelStatus::delivered, {{at, ParcelStatus::delivered}});
}
void as_it_is(PurchaseSeen&) {}

bool says(const std::string& text, std::string_view part) { return text.find(part) != text.npos; }

Scenario disputed(std::string status, std::optional<std::string_view> answered = {}) {
    return one_order(
        [&](PurchaseSeen& seen) {
            DisputeSeen dispute;
            dispute.dispute_id = "9";
            dispute.status = status;
            dispute.opened = test::seen("2026-11-20T00:00:00Z");
            if (answered) dispute.answered = test::seen(*answered);
            dispute.requested = usd(700);
            seen.disputes = {dispute};
        },
        {moving()});
}

WorkItem ranked(std::string reference, std::optional<Money> stake, std::optional<Duration> left) {
    WorkItem item;
    item.reference = std::move(reference);
    item.at_stake = stake;
    if (left) item.closes_at = now + *left;
    return item;
}

}  // namespace

TEST_CASE("worklist: the orders of the scenario, under the shipped terms and under test data") {
    struct Row {
        int order;
        Scenario scenario;
        WorkWord word;
        std::int64_t stake;
        std::string_view closes;  // empty: no window
        std::string_view next_step;
    };
    const Row rows[] = {
        {101, scenario_101(), WorkWord::claim_now, 2200, "2026-12-06T03:10:00Z",
         "Open a dispute for goods not received"},
        {102, scenario_102(), WorkWord::none, 0, "", "Nothing to do"},
        {103, scenario_103(), WorkWord::claim_now, 4106, "2026-12-10T00:00:00Z",
         "Open a dispute for goods not received"},
        {104, scenario_104(), WorkWord::claim_now, 3170, "2027-01-02T06:00:00Z",
         "Open a dispute for goods not received"},
        {105, scenario_105(), WorkWord::waiting, 1149, "", "Check that 11.49 USD came back"},
        {106, scenario_106(), WorkWord::waiting, 3900, "",
         "Thing 1005000000000107 was cancelled: check that 34.00 USD came back"},
        {107, scenario_107(), WorkWord::waiting, 1425, "", "Wait for the seller to ship"},
        {108, scenario_108(), WorkWord::none, 0, "", "Pay before 2026-12-05 04:15 UTC"},
    };
    for (const auto* terms : {&current_terms(), &small_terms()})
        for (const auto& row : rows) {
            CAPTURE(row.order);
            CAPTURE(terms->id);
            const auto item = test::assess(row.scenario, *terms);
            CAPTURE(item.why);
            CAPTURE(item.next_step);
            CHECK(to_string(item.word) == to_string(row.word));
            CHECK(item.at_stake == usd(row.stake));
            CHECK(item.closes_at ==
                  (row.closes.empty() ? std::nullopt : std::optional(instant(row.closes))));
            CHECK(says(item.next_step, row.next_step));
            CHECK(item.reference == order(row.order));
            CHECK(item.terms_id == terms->id);
            CHECK(item.age.newest == now);
        }
}

TEST_CASE("worklist: what the scenario's words rest on") {
    const auto first = test::assess(scenario_101(), current_terms());
    CHECK(first.estimated);
    CHECK(says(first.estimates.front(), "the order confirmed itself when the promise ended"));
    CHECK(first.reason == terms::Reason::not_received);
    CHECK(first.countdown == Countdown{instant("2026-12-06T03:10:00Z"), "claim closes"});

    const auto third = test::assess(scenario_103(), current_terms());
    CHECK(third.clause == "AE17-1");
    CHECK_FALSE(third.estimated);
    CHECK(says(third.why, "no scan since 2026-10-12 12:00 UTC"));
    CHECK(third.promised_by == instant("2026-11-25T00:00:00Z"));

    const auto sixth = test::assess(scenario_106(), current_terms());
    CHECK(sixth.clause == "AE17-4");
    CHECK(says(sixth.next_step,
               "since 2026-11-15 12:05 UTC: refund falls due of 39.00 USD (AE17-4)"));

    const auto seventh = test::assess(scenario_107(), current_terms());
    REQUIRE_FALSE(seventh.doubts.empty());
    CHECK(says(seventh.doubts.front(), "2026-11-01 08:30 UTC or 2026-11-01 09:30 UTC"));
}

TEST_CASE("worklist: the edges of the claim window") {
    const auto silent = one_order(as_it_is, {moving("2026-10-05T00:00:00Z")});  // closes 2026-12-17
    struct Row {
        std::string_view at;
        WorkWord expected;
    };
    const Row rows[] = {
        {"2026-12-13T23:59:59.999Z", WorkWord::claim_now},
        {"2026-12-14T00:00:00Z", WorkWord::closing_soon},
        {"2026-12-16T23:59:59.999Z", WorkWord::closing_soon},
        {"2026-12-17T00:00:00Z", WorkWord::missed},
    };
    for (const auto& row : rows) {
        CAPTURE(row.at);
        const auto item = test::assess(silent, small_terms(), instant(row.at));
        CHECK(to_string(item.word) == to_string(row.expected));
        CHECK(item.at_stake == usd(1000));
    }
}

TEST_CASE("worklist: before the claim opens") {
    const auto no_extension = [](PurchaseSeen& seen) { seen.can_extend = false; };
    struct Row {
        const char* name;
        Scenario scenario;
        std::string_view at;
        WorkWord expected;
    };
    const Row rows[] = {
        {"far from the promise", one_order(as_it_is, {moving()}), "2026-11-24T23:59:59.999Z",
         WorkWord::waiting},
        {"within seven days", one_order(as_it_is, {moving()}), "2026-11-25T00:00:00Z",
         WorkWord::ask_extension},
        {"within seven days, and no more time", one_order(no_extension, {moving()}),
         "2026-11-25T00:00:00Z", WorkWord::do_not_confirm},
        {"at the promise", one_order(as_it_is, {moving()}), "2026-12-02T00:00:00Z",
         WorkWord::claim_now},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto item = test::assess(row.scenario, small_terms(), instant(row.at));
        CHECK(to_string(item.word) == to_string(row.expected));
        CHECK_FALSE(says(item.next_step, "Open a dispute") !=
                    (row.expected == WorkWord::claim_now));
    }
}

TEST_CASE("worklist: delivered") {
    struct Row {
        const char* name;
        std::string_view at;
        std::string_view delivered;
        const terms::Terms* terms;
        WorkWord expected;
    };
    const Row rows[] = {
        {"in time, to the last millisecond", "2026-12-05T00:00:00Z", "2026-12-01T23:59:59.999Z",
         &small_terms(), WorkWord::none},
        {"at the promise is late", "2026-12-05T00:00:00Z", "2026-12-02T00:00:00Z", &small_terms(),
         WorkWord::late_claim_now},
        {"late, and too long ago", "2026-12-25T00:00:00Z", "2026-12-05T00:00:00Z", &small_terms(),
         WorkWord::missed},
        {"late, under terms that give nothing for it", "2026-12-06T00:00:00Z",
         "2026-12-05T00:00:00Z", &current_terms(), WorkWord::none},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto item = test::assess(one_order(as_it_is, {arrived(row.delivered)}), *row.terms,
                                       instant(row.at));
        CHECK(to_string(item.word) == to_string(row.expected));
        if (item.word == WorkWord::late_claim_now) {
            CHECK(item.reason == terms::Reason::late);
            CHECK(says(item.next_step,
                       "A parcel has a delivery scan of 2026-12-02 00:00 UTC: say so."));
        }
    }
}

TEST_CASE("worklist: a guessed delivery after the promise is not called late") {
    const auto shown = one_order([](PurchaseSeen& seen) { seen.phase = Phase::delivered; });
    const auto item = test::assess(
        {{{origin("aliexpress_api", instant("2026-12-05T00:00:00Z")), shown.purchase.front().seen}},
         {}},
        small_terms(), instant("2026-12-06T00:00:00Z"));
    CHECK(item.word == WorkWord::none);
    CHECK(item.why ==
          "delivered, as far as known by 2026-12-05 00:00 UTC; whether that was before 2026-12-02 "
          "00:00 UTC is not known");
}

TEST_CASE("worklist: what the terms award bounds what is at stake") {
    static const auto marketplace = terms_of(shipped_terms_text("marketplace"));  // MP-51: a half
    const auto item = test::assess(one_order(as_it_is, {arrived("2026-12-03T00:00:00Z")}),
                                   marketplace, instant("2026-12-05T00:00:00Z"));
    REQUIRE(to_string(item.word) == "late_claim_now");
    const auto whole = test::assess(one_order(as_it_is, {arrived("2026-12-03T00:00:00Z")}),
                                    small_terms(), instant("2026-12-05T00:00:00Z"));
    REQUIRE((item.at_stake && whole.at_stake));
    CHECK(item.at_stake->minor() == whole.at_stake->minor() / 2);
    CHECK(says(item.next_step, holdfast::to_string(*item.at_stake) + " at most"));
}

TEST_CASE("worklist: a claim that was filed by hand lapses no more") {
    auto item = test::assess(one_order(as_it_is, {arrived("2026-12-02T00:00:00Z")}), small_terms(),
                             instant("2026-12-05T00:00:00Z"));
    REQUIRE(can_be_claimed(item.word));
    REQUIRE(item.closes_at);
    const auto closes = to_minute(*item.closes_at);
    note_filed(item, {.at = instant("2026-12-05T00:00:00Z"), .case_number = "C-9"});
    CHECK(item.word == WorkWord::waiting);
    CHECK_FALSE(item.closes_at);
    CHECK_FALSE(item.countdown);
    CHECK(says(item.why, "a claim was filed on 2026-12-05 00:00 UTC (C-9)"));
    CHECK(says(item.next_step, "it can be filed until " + closes));
    const auto before = item;
    note_filed(item, {.at = instant("2026-12-06T00:00:00Z")});
    CHECK(item == before);
}

TEST_CASE("worklist: several parcels, one of them there") {
    auto other = parcel_seen("A2", ParcelStatus::returning,
                             {{"2026-11-20T00:00:00Z", ParcelStatus::returning}});
    const auto item =
        test::assess(one_order(as_it_is, {arrived("2026-11-15T00:00:00Z"), other}), small_terms());
    CHECK(item.word == WorkWord::claim_now);
    CHECK(says(item.next_step, "A parcel has a delivery scan of 2026-11-15 00:00 UTC: say so."));
}

TEST_CASE("worklist: disputes") {
    struct Row {
        std::string status;
        WorkWord expected;
        std::string_view next_step;
    };
    const Row rows[] = {
        {"processing", WorkWord::waiting,
         "Nothing to do until 2026-11-25 00:00 UTC, when by the terms: refund falls due of 7.00 "
         "USD (AE17-4)."},
        {"wait_buyer_accept", WorkWord::answer_due, "Answer the seller's offer"},
        {"wait_buyer_return", WorkWord::return_due, "Send the return"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.status);
        const auto item = test::assess(disputed(row.status), small_terms());
        CHECK(to_string(item.word) == to_string(row.expected));
        CHECK(says(item.next_step, row.next_step));
        CHECK(item.at_stake == usd(700));
    }
    const auto returning =
        test::assess(disputed("wait_buyer_return", "2026-11-21T00:00:00Z"), small_terms());
    CHECK(says(returning.next_step,
               "before 2026-12-01 00:00 UTC. Otherwise: the seller is paid (AE17-8)."));
}

// Under the shipped edition the platform has stepped in since 2026-11-27 (AE17-5): harmless.
TEST_CASE("worklist: a return is due until the day that costs the money") {
    auto returning = disputed("wait_buyer_return", "2026-11-25T00:00:00Z");
    std::get<PurchaseSeen>(returning.purchase.front().seen).disputes.front().tracking = "unknown";
    struct Row {
        std::string_view at;
        WorkWord expected;
        std::string_view next_step;
    };
    const Row rows[] = {
        {"2026-12-04T23:59:59.999Z", WorkWord::return_due,
         "Send the return and enter its tracking number before 2026-12-05 00:00 UTC. Otherwise: "
         "the seller is paid (AE17-8)."},
        {"2026-12-05T00:00:00Z", WorkWord::missed,
         "By the terms the return is lost: the seller is paid (AE17-8)."},
    };
    for (const auto* terms : {&current_terms(), &small_terms()})
        for (const auto& row : rows) {
            CAPTURE(terms->id);
            CAPTURE(row.at);
            const auto item = test::assess(returning, *terms, instant(row.at));
            CHECK(to_string(item.word) == to_string(row.expected));
            CHECK_MESSAGE(says(item.next_step, row.next_step), item.next_step);
            CHECK(item.clause == "AE17-8");
            CHECK(item.at_stake == usd(700));
        }
    const auto lost = test::assess(returning, small_terms(), instant("2026-12-06T00:00:00Z"));
    CHECK(lost.closes_at == instant("2026-12-05T00:00:00Z"));
    CHECK_FALSE(lost.countdown);
}

TEST_CASE("worklist: money that came back, or was never paid") {
    struct Row {
        const char* name;
        std::function<void(PurchaseSeen&)> fill;
        WorkWord expected;
    };
    const Row rows[] = {
        {"refunded in full", [](PurchaseSeen& seen) { seen.refunded = usd(1000); },
         WorkWord::recovered},
        {"refunded in part", [](PurchaseSeen& seen) { seen.refunded = usd(999); },
         WorkWord::waiting},
        {"a claim that was granted",
         [](PurchaseSeen& seen) {
             seen.phase = Phase::cancelled, seen.end_reason = "seller_accept_issue_no_goods_return";
         },
         WorkWord::recovered},
        {"never paid",
         [](PurchaseSeen& seen) {
             seen.phase = Phase::cancelled, seen.end_reason = "buyer_pay_timeout", seen.paid = {};
         },
         WorkWord::none},
        {"cancelled after payment",
         [](PurchaseSeen& seen) { seen.phase = Phase::cancelled, seen.end_reason = "CANCELED"; },
         WorkWord::waiting},
        {"cancelled, and nobody says whether it was paid",
         [](PurchaseSeen& seen) { seen.phase = Phase::cancelled, seen.paid = {}; },
         WorkWord::waiting},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        CHECK(to_string(test::assess(one_order(row.fill, {moving()}), small_terms()).word) ==
              to_string(row.expected));
    }
    const auto part = test::assess(
        one_order([](PurchaseSeen& seen) { seen.refunded = usd(400); }, {moving()}), small_terms());
    CHECK(part.at_stake == usd(600));
}

TEST_CASE("worklist: no delivery date is told from a late arrival that is only guessed") {
    const auto confirmed = one_order([](PurchaseSeen& seen) {
        seen.phase = Phase::completed;
        seen.end_reason = "buyer_accept_goods";
    });
    const auto item = test::assess(confirmed, small_terms(), instant("2026-12-20T00:00:00Z"));
    CHECK(item.word == WorkWord::none);
}

TEST_CASE("worklist: completed by nobody knows whom is found out before it is claimed") {
    const auto completed = [](std::string reason) {
        return one_order([&](PurchaseSeen& seen) {
            seen.phase = Phase::completed;
            seen.end_reason = reason;
        });
    };
    const auto unknown = test::assess(completed({}), small_terms());
    CHECK(unknown.word == WorkWord::claim_now);
    CHECK(unknown.next_step.starts_with("First find out whether it arrived"));
    const auto timed_out = test::assess(completed("buyer_accept_goods_timeout"), small_terms());
    CHECK(timed_out.next_step.starts_with("Open a dispute"));
}

TEST_CASE("worklist: a status that nobody understands is looked at") {
    const auto shown = [](std::string status, std::string_view logistics) {
        return one_order([&](PurchaseSeen& seen) {
            seen.status = status;
            seen.phase = Phase::unknown;
            if (logistics == "not sent") seen.shipped.reset();
        });
    };
    struct Row {
        std::string_view status, logistics, at;
        WorkWord expected;
        std::string_view why, next_step;
    };
    // Promised by 2026-12-02, claimed until 2026-12-17.
    const Row rows[] = {
        {"Refunded", "sent", "2026-12-16T00:00:00Z", WorkWord::closing_soon, "no delivery is known",
         "First look at the order page: the status word \"Refunded\" is not known."},
        {"Refunded", "sent", "2026-12-17T00:00:00Z", WorkWord::waiting,
         "the status word \"Refunded\" is not known; no delivery is known",
         "and read the order again: the status word \"Refunded\" is not known."},
        {"FINISH", "sent", "2026-12-17T00:00:00Z", WorkWord::waiting,
         "the order has ended (FINISH), and no source says why", "read the order again: "},
        {"FINISH", "not sent", "2026-11-21T00:00:00Z", WorkWord::waiting,
         "the order has ended (FINISH), and no source says why", "read the order again: "},
        {"Refunded", "not sent", "2026-11-21T00:00:00Z", WorkWord::waiting,
         "the status word \"Refunded\" is not known", "read the order again: "},
        {"", "sent", "2026-12-17T00:00:00Z", WorkWord::missed, "the claim closed", ""},
    };
    for (const auto& row : rows) {
        CAPTURE(row.status);
        CAPTURE(row.at);
        const auto item = test::assess(shown(std::string(row.status), row.logistics), small_terms(),
                                       instant(row.at));
        CHECK(to_string(item.word) == to_string(row.expected));
        CHECK_MESSAGE(says(item.why, row.why), item.why);
        CHECK_MESSAGE(says(item.next_step, row.next_step), item.next_step);
        CHECK_FALSE(says(item.next_step, "Wait for the seller"));
        if (item.word == WorkWord::waiting)
            CHECK(
                (!item.closes_at && std::ranges::find(item.doubts, item.why) == item.doubts.end()));
    }
}

TEST_CASE("worklist: only the newest status counts as not understood") {
    const auto read = [](std::string status, Phase phase, Instant at) {
        auto seen = purchase_seen(order(200));
        seen.status = std::move(status);
        seen.phase = phase;
        return Observation{origin("mapped", at), seen};
    };
    const auto known = read("Sent", Phase::shipped, now);
    CHECK(unread_status(purchase_of({known})).empty());
    CHECK(unread_status(purchase_of({read("Refunded", Phase::unknown, now - days{1}), known}))
              .empty());
    CHECK(unread_status(purchase_of({known, read("Refunded", Phase::unknown, now + days{1})})) ==
          "the status word \"Refunded\" is not known");
    auto ended = purchase_seen(order(200));
    ended.status = "FINISH";
    ended.end_reason = "buyer_accept_goods_timeout";
    CHECK(unread_status(purchase_of({api(ended)})).empty());
    ended.end_reason = "who_knows";
    CHECK(unread_status(purchase_of({api(ended)})) ==
          "the order has ended (FINISH), and its end reason \"who_knows\" is not known");
}

TEST_CASE("worklist: old data is read again first") {
    const auto item = test::assess(scenario_104(), small_terms(), now + days{3});
    CHECK(item.word == WorkWord::claim_now);
    CHECK(says(item.next_step, "The newest data is 3 d old: read the order again first."));
    CHECK(item.age.oldest == now);
}

TEST_CASE("stake: the share of the open lines") {
    const auto with_lines = [](std::vector<LineSeen> lines, std::optional<Money> total,
                               std::optional<Money> refunded = {}) {
        auto seen = purchase_seen("1");
        seen.lines = std::move(lines);
        seen.total = total;
        seen.refunded = refunded;
        return stake_of(purchase_of({api(seen)}));
    };
    CHECK(with_lines({line_seen("1", 1, 300), line_seen("2", 2, 350)}, usd(1200)).open ==
          usd(1200));
    CHECK(with_lines({line_seen("1", 1, 300), line_seen("2", 2, 350)}, {}).open == usd(1000));
    const auto confirmed = with_lines(
        {line_seen("1", 1, 300, "buyer_accept_goods"), line_seen("2", 2, 350)}, usd(1200));
    CHECK(confirmed.open == usd(840));
    CHECK_FALSE(confirmed.cancelled.has_value());
    const auto cancelled = with_lines({line_seen("1", 1, 300, "CANCELED"), line_seen("2", 2, 350)},
                                      usd(1200), usd(360));
    CHECK(cancelled.open == usd(840));
    CHECK_FALSE(cancelled.cancelled.has_value());  // what came back covers it
    auto without_price = line_seen("2", 2, 350);
    without_price.price = {};
    const auto guessed = with_lines({line_seen("1", 1, 300, "CANCELED"), without_price}, usd(1200));
    CHECK(guessed.guessed_share);
    CHECK(guessed.open == usd(1200));
}

TEST_CASE("rank: money that lapses per hour") {
    const auto eur = [](std::int64_t minor) { return Money::of_minor(minor, Currency::eur); };
    Rates rates;
    evolve(rates,
           {.from = Currency::eur,
            .to = Currency::usd,
            .on = day("2026-11-01"),
            .numerator = 12,
            .denominator = 10},
           origin("given"));
    const auto jpy = Money::of_minor(900'000, Currency::jpy);
    std::vector<WorkItem> items = {
        ranked("f", jpy, hours{1}),           // no rate: after all that have one
        ranked("e", {}, {}),                  // no sum: last
        ranked("d", usd(5000), {}),           // never closes
        ranked("c", usd(1000), hours{100}),   // 10 per hour
        ranked("b", usd(1000), hours{50}),    // 20 per hour
        ranked("a", eur(1000), hours{50}),    // 24 per hour
        ranked("d2", usd(5000), -hours{1}),   // closed
        ranked("b2", usd(2000), hours{100}),  // 20 per hour, the larger stake
    };
    rank(items, rates, {}, now);
    std::string order_of_all;
    for (const auto& item : items) order_of_all += item.reference + ' ';
    CHECK(order_of_all == "a b2 b c d d2 f e ");
}

TEST_CASE("worklist: words") {
    for (int i = 0; i <= static_cast<int>(WorkWord::none); ++i) {
        const auto word = static_cast<WorkWord>(i);
        CHECK(parse_work_word(to_string(word)) == word);
    }
    CHECK_FALSE(parse_work_word("nothing").has_value());
}

TEST_CASE(
    "worklist: a parcel that arrives after the money came back is told, with what can be done") {
    const auto delivered_on = [](std::string_view day) {
        auto first = api_order(950, "2026-08-01T00:00:00Z", Phase::completed, "FINISH", 20'00);
        first.paid = seen("2026-08-01T00:00:00Z");
        first.end_reason = "seller_accept_issue_no_goods_return";
        first.tracking_numbers = {"LB000101018CN"};
        DisputeSeen dispute;
        dispute.dispute_id = "1";
        dispute.opened = seen("2026-10-10T00:00:00Z");
        dispute.ended = seen("2026-10-20T00:00:00Z");
        first.disputes = {dispute};
        return Scenario{{api(first)},
                        {tracked(parcel_seen("LB000101018CN", ParcelStatus::delivered,
                                             {{"2026-08-05T00:00:00Z", ParcelStatus::moving},
                                              {day, ParcelStatus::delivered}}))}};
    };
    const auto after = assess(delivered_on("2026-11-02T09:00:00Z"), small_terms());
    CHECK(after.word == WorkWord::recovered);
    CHECK(after.why.contains("it arrived on 2026-11-02"));
    CHECK(after.next_step.contains("claim nothing more"));
    const auto before = assess(delivered_on("2026-09-02T09:00:00Z"), small_terms());
    CHECK(before.word == WorkWord::recovered);
    CHECK_FALSE(before.why.contains("arrived"));
}

}  // namespace holdfast::desk
