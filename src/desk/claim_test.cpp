#include "desk/claim.h"
#include "desk/test_support.h"

#include <algorithm>
#include <functional>

namespace holdfast::desk {
namespace {

using namespace test;
using terms::Reason;

ClaimOutlook outlook(const Scenario& scenario, Reason complaint, Instant at = now,
                     const terms::Terms& terms = small_terms()) {
    return claim_outlook(purchase_of(scenario.purchase), parcels_of(scenario), &terms, {},
                         complaint, at);
}
const ReasonCheck& check_of(const ClaimOutlook& found, Reason reason) {
    return *std::ranges::find(found.reasons, reason, &ReasonCheck::reason);
}
bool holds(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

// An order of 10 dollars, paid and sent on 2026-09-01 with 60 days promised.
PurchaseSeen sent_order() {
    auto told = api_order(900, "2026-09-01T00:00:00Z", Phase::shipped, "WAIT_BUYER", 10'00);
    told.paid = seen("2026-09-01T00:00:00Z");
    told.shipped = seen("2026-09-01T12:00:00Z");
    told.commit_days = 60;
    told.tracking_numbers = {"LP900"};
    return told;
}
Scenario scanned(ParcelStatus status, std::string_view at) {
    return {{api(sent_order())}, {tracked(parcel_seen("LP900", status, {{at, status}}))}};
}
Scenario delivered(std::string_view at) { return scanned(ParcelStatus::delivered, at); }
Scenario moving() { return scanned(ParcelStatus::moving, "2026-11-20T00:00:00Z"); }

std::string text_of(const Scenario& scenario, const ClaimOutlook& found) {
    return claim_text(purchase_of(scenario.purchase), facts_of(scenario, small_terms()), found,
                      phrases());
}

}  // namespace

TEST_CASE("claim: the reason is one that the facts support") {
    // clang-format off
    struct Row { const char* name; Scenario scenario; Reason complaint; Reason asked; bool supported; const char* why; };
    const Row rows[] = {
        {"nothing came", moving(), Reason::not_received, Reason::not_received, true, "no delivery is known"},
        {"a scan does not bar it", delivered("2026-10-10T00:00:00Z"), Reason::not_received, Reason::not_received, true, "2026-10-10"},
        {"who has it has received it", moving(), Reason::damaged, Reason::not_received, false, "damaged"},
        {"nobody has seen the goods", moving(), Reason::not_received, Reason::damaged, false, "nothing came"},
        {"came after the promise", delivered("2026-11-10T00:00:00Z"), Reason::late, Reason::late, true, "2026-11-10"},
        {"came before the promise", delivered("2026-10-10T00:00:00Z"), Reason::late, Reason::late, false, "before the promise"},
        {"has not come", moving(), Reason::late, Reason::late, false, "no delivery is known"},
        {"not come, so not received", moving(), Reason::late, Reason::not_received, true, "no delivery"},
        {"damaged", delivered("2026-10-10T00:00:00Z"), Reason::damaged, Reason::damaged, true, "damaged"},
        {"damaged is also not as described", delivered("2026-10-10T00:00:00Z"), Reason::damaged, Reason::not_as_described, true, "damaged"},
        {"damaged is no wrong item", delivered("2026-10-10T00:00:00Z"), Reason::damaged, Reason::wrong_item, false, "does not say so"},
        {"back at the sender", scanned(ParcelStatus::returning, "2026-11-20T00:00:00Z"), Reason::damaged, Reason::damaged, false, "did not reach"},
        {"a change of mind", delivered("2026-10-10T00:00:00Z"), Reason::change_of_mind, Reason::change_of_mind, false, "no fault"},
    };
    // clang-format on
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto found = outlook(row.scenario, row.complaint);
        const auto& check = check_of(found, row.asked);
        CHECK(check.supported == row.supported);
        CHECK_MESSAGE(holds(check.why, row.why), check.why);
    }
}

TEST_CASE("claim: confirmed receipt contradicts not_received") {
    auto told = sent_order();
    told.phase = Phase::completed;
    told.end_reason = "buyer_accept_goods";
    told.completed = seen("2026-10-12T00:00:00Z");
    const Scenario scenario{{api(told)}, {}};
    const auto found = outlook(scenario, Reason::not_received);
    CHECK(found.state == ClaimState::none);
    CHECK_MESSAGE(holds(found.why, "receipt was confirmed"), found.why);
}

TEST_CASE("claim: whether it is possible now is the terms' word") {
    // In transit: from the promise of 2026-10-31T12:00Z, for 15 days.
    const auto open = outlook(moving(), Reason::not_received, instant("2026-11-01T00:00:00Z"));
    CHECK(open.state == ClaimState::open);
    CHECK(open.reason == Reason::not_received);
    CHECK(open.clause == "AE17-2");
    CHECK(open.amount == usd(10'00));
    const auto early = outlook(moving(), Reason::not_received, instant("2026-10-31T11:59:59.999Z"));
    CHECK(early.state == ClaimState::none);
    CHECK_MESSAGE(holds(early.why, "opens on 2026-10-31 12:00"), early.why);
    CHECK(outlook(moving(), Reason::not_received, instant("2026-11-15T11:59:59.999Z")).state ==
          ClaimState::open);
    const auto closed = outlook(moving(), Reason::not_received, instant("2026-11-15T12:00:00Z"));
    CHECK(closed.state == ClaimState::none);
    CHECK_MESSAGE(holds(closed.why, "closed on 2026-11-15 12:00"), closed.why);
    const auto no_terms = claim_outlook(purchase_of(moving().purchase), parcels_of(moving()),
                                        nullptr, {}, Reason::not_received, now);
    CHECK(no_terms.state == ClaimState::none);
}

TEST_CASE("claim: late goods by the clause for late goods") {
    const auto found = outlook(delivered("2026-11-10T00:00:00Z"), Reason::late);
    CHECK(found.state == ClaimState::open);
    CHECK(found.clause == "LATE");
}

TEST_CASE("claim: running, granted and paid ones") {
    auto told = sent_order();
    told.in_dispute = true;
    DisputeSeen dispute;
    dispute.dispute_id = "1";
    dispute.requested = usd(7'00);
    told.disputes = {dispute};
    const auto running = outlook({{api(told)}, {}}, Reason::not_received);
    CHECK(running.state == ClaimState::open);
    CHECK(running.amount == usd(7'00));
    told = sent_order();
    told.phase = Phase::cancelled;
    told.end_reason = "seller_send_goods_timeout";
    CHECK(outlook({{api(told)}, {}}, Reason::not_received).state == ClaimState::granted);
    told.refunded = usd(10'00);
    const auto paid = outlook({{api(told)}, {}}, Reason::not_received);
    CHECK(paid.state == ClaimState::none);
    CHECK_MESSAGE(holds(paid.why, "refunded all"), paid.why);
}

TEST_CASE("claim: a guessed delivery is not stated as a fact") {
    auto told = sent_order();
    told.phase = Phase::delivered;
    told.tracking_numbers = {};
    const auto read = [&](std::string_view at, Reason reason) {
        const Scenario scenario{{{origin("aliexpress_api", instant(at)), told}}, {}};
        return check_of(outlook(scenario, reason, instant("2026-11-25T00:00:00Z")), reason);
    };
    // Promised by 2026-10-31 12:00.
    const auto before = read("2026-10-20T00:00:00Z", Reason::late);
    CHECK_FALSE(before.supported);
    CHECK(before.why ==
          "shown as delivered by the supplier; no scan says when; at the latest on 2026-10-20 "
          "00:00 UTC, before the promise of 2026-10-31 12:00 UTC");
    const auto after = read("2026-11-20T00:00:00Z", Reason::late);
    CHECK_FALSE(after.supported);
    CHECK(after.why ==
          "shown as delivered by the supplier; no scan says when, so whether it came before the "
          "promise of 2026-10-31 12:00 UTC is not known");
    const auto missing = read("2026-11-20T00:00:00Z", Reason::not_received);
    CHECK(missing.supported);
    CHECK_MESSAGE(holds(missing.why, "it is shown as delivered by the supplier; no scan says when"),
                  missing.why);
}

TEST_CASE("claim: only what is known to be unpaid was never paid") {
    struct Row {
        const char* name;
        std::function<void(PurchaseSeen&)> fill;
        bool paid, unpaid;
        std::string_view why;
    };
    const Row rows[] = {
        {"own shipments and a tracker alone",
         [](PurchaseSeen& told) {
             told.shipped = seen("2026-09-01T12:00:00Z");
             told.tracking_numbers = {"LP900"};
         },
         true, false, "no delivery is known"},
        {"a tracking number alone", [](PurchaseSeen& told) { told.tracking_numbers = {"LP900"}; },
         true, false, "the terms say"},
        {"a word that nobody knows, and sent",
         [](PurchaseSeen& told) {
             told.status = "Dispute in progress";
             told.shipped = seen("2026-09-01T12:00:00Z");
         },
         true, false, "no delivery is known"},
        {"a word that nobody knows, and nothing else",
         [](PurchaseSeen& told) { told.status = "Dispute in progress"; }, false, false,
         "the terms say"},
        {"shown as unpaid", [](PurchaseSeen& told) { told.phase = Phase::unpaid; }, false, true,
         "never paid"},
        {"the payment never came",
         [](PurchaseSeen& told) {
             told.phase = Phase::cancelled;
             told.end_reason = "buyer_pay_timeout";
         },
         false, true, "never paid"},
        {"a payment that was read goes before the word",
         [](PurchaseSeen& told) {
             told.phase = Phase::unpaid;
             told.paid = seen("2026-09-01T00:00:00Z");
         },
         true, false, "the terms say"},
        {"cancelled, and nobody says whether it was paid",
         [](PurchaseSeen& told) { told.phase = Phase::cancelled; }, false, false,
         "no source says whether it was paid"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        auto told = purchase_seen(order(900));
        told.commit_days = 60;
        row.fill(told);
        const Scenario scenario{{api(told)}, {}};
        const auto purchase = purchase_of(scenario.purchase);
        CHECK(was_paid(purchase) == row.paid);
        CHECK(is_known_unpaid(purchase) == row.unpaid);
        // The window of what was sent on 2026-09-01 with 60 days: until 2026-11-15.
        const auto found = outlook(scenario, Reason::not_received, instant("2026-11-10T00:00:00Z"));
        CHECK_MESSAGE(holds(found.why, row.why), found.why);
    }
}

TEST_CASE("claim: a delivery scan is always stated in the text") {
    for (const auto* at : {"2026-10-10T00:00:00Z", "2026-11-10T00:00:00Z"})
        for (const auto reason : {Reason::not_received, Reason::late, Reason::damaged}) {
            CAPTURE(at);
            auto found = outlook(delivered(at), reason);
            found.state = ClaimState::open;
            found.reason = reason;
            const auto text = text_of(delivered(at), found);
            CHECK_MESSAGE(holds(text, "delivery scan"), text);
            CHECK_MESSAGE(holds(text, std::string_view(at).substr(0, 10)), text);
        }
    auto found = outlook(moving(), Reason::not_received, instant("2026-11-01T00:00:00Z"));
    const auto text = text_of(moving(), found);
    CHECK_FALSE(holds(text, "delivery scan"));
    CHECK_MESSAGE(holds(text, "refund of 10.00 USD"), text);
    found.state = ClaimState::none;
    CHECK(text_of(moving(), found).empty());
}

TEST_CASE("claim: an estimate of ours is told to nobody") {
    auto told = api_order(901, "2026-09-01T00:00:00Z", Phase::shipped, "WAIT_BUYER", 10'00);
    told.paid = seen("2026-09-01T00:00:00Z");
    const Scenario scenario{{api(told)}, {}};
    const auto facts = facts_of(scenario, small_terms());
    REQUIRE(facts.is_estimate(terms::Moment::promised_by));
    const auto text =
        discount_message(purchase_of(scenario.purchase), facts, Reason::not_received, phrases());
    CHECK_FALSE(holds(text, "Promised"));
    CHECK_FALSE(holds(text, "Shipped"));
    CHECK(holds(text, "Paid: 2026-09-01 00:00 UTC"));
}

TEST_CASE("claim: the message asks, states facts and threatens nothing") {
    for (const auto reason : {Reason::not_received, Reason::late, Reason::not_as_described,
                              Reason::damaged, Reason::wrong_item, Reason::missing_parts}) {
        const auto scenario = delivered("2026-11-10T00:00:00Z");
        const auto text = discount_message(purchase_of(scenario.purchase),
                                           facts_of(scenario, small_terms()), reason, phrases());
        CHECK_MESSAGE(holds(text, "Could you help us with a discount"), text);
        CHECK_MESSAGE(holds(text, "A delivery scan of 2026-11-10"), text);
        for (const auto* word : {"dispute", "claim", "chargeback", "review", "rating", "must"})
            CHECK_MESSAGE(!holds(text, word), text);
    }
}

}  // namespace holdfast::desk
