#include "desk/purchase_facts.h"
#include "desk/test_support.h"

#include <algorithm>
#include <functional>

namespace holdfast::desk {
namespace {

using namespace test;
using terms::Attribute;
using terms::Moment;
using terms::Number;

bool has_doubt(const FactsOfPurchase& found, std::string_view part) {
    return std::ranges::any_of(
        found.doubts, [&](const std::string& doubt) { return doubt.find(part) != doubt.npos; });
}

Scenario one_order(const std::function<void(PurchaseSeen&)>& fill,
                   std::vector<ParcelSeen> parcels = {}) {
    auto seen =
        api_order(200, "2026-10-01T00:00:00Z", Phase::shipped, "WAIT_BUYER_ACCEPT_GOODS", 1000);
    seen.paid = test::seen("2026-10-02T00:00:00Z");
    for (const auto& parcel : parcels) seen.tracking_numbers.push_back(parcel.tracking_number);
    fill(seen);
    Scenario scenario{{api(seen)}, {}};
    for (auto& parcel : parcels) scenario.parcels.push_back(tracked(std::move(parcel)));
    return scenario;
}

struct Ladder {
    const char* name;
    Scenario scenario;
    Moment moment;
    std::string_view expected;  // empty: not known
    bool estimate;
};

void check(const Ladder& row, const DeskOptions& options = {}) {
    CAPTURE(row.name);
    const auto found = test::facts_of(row.scenario, small_terms(), now, options);
    const auto when = found.facts.at(row.moment);
    REQUIRE(when.known() == !row.expected.empty());
    if (when.known()) CHECK(when.instant() == instant(row.expected));
    CHECK(found.is_estimate(row.moment) == row.estimate);
}

}  // namespace

TEST_CASE("facts: when it was shipped") {
    const auto stated = [](PurchaseSeen& seen) {
        seen.shipped = test::seen("2026-10-03T00:00:00Z");
    };
    const auto as_it_is = [](PurchaseSeen&) {};
    const auto phase = [](Phase value) {
        return [value](PurchaseSeen& seen) { seen.phase = value; };
    };
    const auto parcel =
        parcel_seen("A1", ParcelStatus::moving, {{"2026-10-05T00:00:00Z", ParcelStatus::moving}});
    const auto other =
        parcel_seen("A2", ParcelStatus::moving, {{"2026-10-08T00:00:00Z", ParcelStatus::moving}});
    auto two_lines = [](PurchaseSeen& seen) {
        seen.phase = Phase::part_shipped;
        seen.lines = {line_seen("1", 1, 400), line_seen("2", 1, 600)};
    };
    auto one_cancelled = [](PurchaseSeen& seen) {
        seen.phase = Phase::part_shipped;
        seen.lines = {line_seen("1", 1, 400), line_seen("2", 1, 600, "CANCELED")};
    };
    const Ladder rows[] = {
        {"stated", one_order(stated), Moment::shipped_all, "2026-10-03T00:00:00Z", false},
        {"stated goes before a scan", one_order(stated, {parcel}), Moment::shipped_all,
         "2026-10-03T00:00:00Z", false},
        {"the first scan", one_order(as_it_is, {parcel}), Moment::shipped_all,
         "2026-10-05T00:00:00Z", false},
        {"several parcels: first", one_order(as_it_is, {parcel, other}), Moment::shipped_first,
         "2026-10-05T00:00:00Z", false},
        {"several parcels: all", one_order(as_it_is, {parcel, other}), Moment::shipped_all,
         "2026-10-08T00:00:00Z", false},
        {"part: first is known", one_order(two_lines, {parcel}), Moment::shipped_first,
         "2026-10-05T00:00:00Z", false},
        {"part: all is not", one_order(two_lines, {parcel}), Moment::shipped_all, "", false},
        {"part, and the rest cancelled", one_order(one_cancelled, {parcel}), Moment::shipped_all,
         "2026-10-05T00:00:00Z", false},
        {"paid + 3 d", one_order(as_it_is), Moment::shipped_all, "2026-10-05T00:00:00Z", true},
        {"not shipped", one_order(phase(Phase::paid)), Moment::shipped_first, "", false},
    };
    for (const auto& row : rows) check(row);
}

TEST_CASE("facts: what was promised") {
    const auto shipped = [](std::optional<std::int32_t> commit_days) {
        return [commit_days](PurchaseSeen& seen) {
            seen.shipped = test::seen("2026-10-03T00:00:00Z");
            seen.commit_days = commit_days;
            seen.ship_method = "SLOW";
        };
    };
    const auto told = [](PurchaseSeen& seen) {
        seen.shipped = test::seen("2026-10-03T00:00:00Z");
        seen.commit_days = 60;
        seen.promise = PromiseSeen{instant("2026-12-20T00:00:00Z"), Confidence::high, "page"};
    };
    const auto told_low = [](PurchaseSeen& seen) {
        seen.shipped = test::seen("2026-10-03T00:00:00Z");
        seen.commit_days = 60;
        seen.promise = PromiseSeen{instant("2026-12-20T00:00:00Z"), Confidence::low, "page"};
    };
    const auto commit_only = [](PurchaseSeen& seen) { seen.commit_days = 60; };
    const auto parcel =
        parcel_seen("A1", ParcelStatus::moving, {{"2026-10-05T00:00:00Z", ParcelStatus::moving}});
    const Ladder rows[] = {
        {"a reading", one_order(told), Moment::promised_by, "2026-12-20T00:00:00Z", false},
        {"ship + days goes before a low reading", one_order(told_low), Moment::promised_by,
         "2026-12-02T00:00:00Z", false},
        {"ship + 60 x 24 h", one_order(shipped(60)), Moment::promised_by, "2026-12-02T00:00:00Z",
         false},
        {"first scan + days", one_order(commit_only, {parcel}), Moment::promised_by,
         "2026-12-04T00:00:00Z", true},
        {"ship + the method's days", one_order(shipped({})), Moment::promised_by,
         "2026-11-12T00:00:00Z", true},
        {"paid + the default", one_order([](PurchaseSeen&) {}), Moment::promised_by,
         "2026-12-01T00:00:00Z", true},
    };
    DeskOptions options;
    options.method_days = {{"SLOW", 40}};
    for (const auto& row : rows) check(row, options);
    CHECK(has_doubt(test::facts_of(one_order(told), small_terms()), "two readings of the promise"));
}

TEST_CASE("facts: the exporter alone gives dates to work with") {
    auto seen = purchase_seen(order(200));
    seen.created = SeenTime{instant("2026-09-15T00:00:00Z"), SeenTime::Kind::date_only,
                            instant("2026-09-16T14:00:00Z")};
    seen.phase = Phase::shipped;
    seen.status = "Awaiting delivery";
    seen.total = usd(1000);
    const Scenario scenario{{{origin("aliexpress_exporter_csv"), seen}}, {}};
    const auto found = test::facts_of(scenario, small_terms());
    CHECK(found.facts.at(Moment::shipped_all).instant() == instant("2026-09-18T00:00:00Z"));
    CHECK(found.facts.at(Moment::promised_by).instant() == instant("2026-11-14T00:00:00Z"));
    CHECK(found.facts.word(Attribute::tracking).view() == "no_tracking");
    CHECK(has_doubt(found, "a date without a time"));
    const auto item = test::assess(scenario, small_terms());
    CHECK(item.word == WorkWord::claim_now);
    CHECK(item.estimated);
    CHECK(item.next_step.find("estimates") != std::string::npos);
    const auto later = test::assess(scenario, small_terms(), instant("2026-11-30T00:00:00Z"));
    CHECK(later.word == WorkWord::missed);
    CHECK(later.next_step.find("a claim may still be possible") != std::string::npos);
}

TEST_CASE("facts: how it ended") {
    const auto ended = [](Phase phase, std::string reason,
                          std::optional<std::string_view> at = {}) {
        return [=](PurchaseSeen& seen) {
            seen.shipped = test::seen("2026-08-01T00:00:00Z");
            seen.commit_days = 60;
            seen.phase = phase;
            seen.end_reason = reason;
            if (at) seen.ended = test::seen(*at);
        };
    };
    const Ladder rows[] = {
        {"by itself: at the promise",
         one_order(ended(Phase::completed, "buyer_accept_goods_timeout")), Moment::completed,
         "2026-09-30T00:00:00Z", true},
        {"by itself, with a time",
         one_order(ended(Phase::completed, "buyer_accept_goods_timeout", "2026-09-20T00:00:00Z")),
         Moment::completed, "2026-09-20T00:00:00Z", false},
        {"by hand: when it was read", one_order(ended(Phase::completed, "buyer_accept_goods")),
         Moment::completed, "2026-11-23T12:00:00Z", true},
        {"by itself is no delivery",
         one_order(ended(Phase::completed, "buyer_accept_goods_timeout")), Moment::delivered_all,
         "", false},
        {"by hand is one", one_order(ended(Phase::completed, "buyer_accept_goods")),
         Moment::delivered_all, "2026-11-23T12:00:00Z", true},
        {"cancelled",
         one_order(ended(Phase::cancelled, "seller_send_goods_timeout", "2026-09-20T00:00:00Z")),
         Moment::cancelled, "2026-09-20T00:00:00Z", false},
        {"cancelled at some time", one_order(ended(Phase::cancelled, "CANCELED")),
         Moment::cancelled, "2026-11-23T12:00:00Z", true},
    };
    for (const auto& row : rows) check(row);
}

TEST_CASE("facts: deliveries over several parcels") {
    const auto delivered = [](std::string number, std::string_view at) {
        return parcel_seen(std::move(number), ParcelStatus::delivered,
                           {{at, ParcelStatus::delivered}});
    };
    const auto as_it_is = [](PurchaseSeen&) {};
    const auto moving =
        parcel_seen("A2", ParcelStatus::moving, {{"2026-11-20T00:00:00Z", ParcelStatus::moving}});
    const Scenario part = one_order(as_it_is, {delivered("A1", "2026-11-01T00:00:00Z"), moving});
    const Scenario whole = one_order(as_it_is, {delivered("A1", "2026-11-01T00:00:00Z"),
                                                delivered("A2", "2026-11-03T00:00:00Z")});
    const Ladder rows[] = {
        {"first", part, Moment::delivered_first, "2026-11-01T00:00:00Z", false},
        {"last is not known while one is under way", part, Moment::delivered_last, "", false},
        {"all neither", part, Moment::delivered_all, "", false},
        {"the last of all", whole, Moment::delivered_all, "2026-11-03T00:00:00Z", false},
    };
    for (const auto& row : rows) check(row);
}

TEST_CASE("facts: a delivery that tracking contradicts is a doubt") {
    const auto shown = [](PurchaseSeen& seen) { seen.phase = Phase::delivered; };
    const auto moving =
        parcel_seen("A1", ParcelStatus::moving, {{"2026-11-20T00:00:00Z", ParcelStatus::moving}});
    const auto contradicted = test::facts_of(one_order(shown, {moving}), small_terms());
    CHECK_FALSE(contradicted.facts.at(Moment::delivered_all).known());
    CHECK(has_doubt(contradicted, "tracking says otherwise"));
    const auto alone = test::facts_of(one_order(shown), small_terms());
    CHECK(alone.is_estimate(Moment::delivered_all));
    CHECK(alone.facts.word(Attribute::tracking).view() == "delivered");
}

TEST_CASE("facts: a claim that rests on silence opens with it, whoever asks") {
    const auto silent = test::facts_of(scenario_103(), small_terms());
    REQUIRE(silent.tracking_since == instant("2026-11-11T12:00:00Z"));
    const terms::Question question{.at = now,
                                   .by = terms::Party::buyer,
                                   .verb = terms::Verb::open_dispute,
                                   .reason = terms::Reason::not_received};
    const auto plain = terms::ask(small_terms(), silent.facts, question);
    REQUIRE(plain.allowed);
    CHECK(plain.opens_at == instant("2026-10-06T00:00:00Z"));
    const auto told = with_silence(plain, question, silent);
    CHECK(told.opens_at == silent.tracking_since);
    CHECK(told.closes_at == plain.closes_at);
    CHECK(test::assess(scenario_103(), small_terms()).opens_at == told.opens_at);
    auto other = question;
    other.reason = terms::Reason::damaged;
    CHECK(with_silence(plain, other, silent).opens_at == plain.opens_at);
    const auto scanned = test::facts_of(scenario_104(), small_terms());
    CHECK(with_silence(plain, question, scanned).opens_at == plain.opens_at);
}

TEST_CASE("facts: the repeated hour keeps both instants and acts on the earlier") {
    const auto found = test::facts_of(scenario_107(), small_terms());
    CHECK(found.facts.at(Moment::placed).instant() == instant("2026-11-01T08:30:00Z"));
    CHECK(has_doubt(
        found,
        "placed falls into an hour that came twice: 2026-11-01 08:30 UTC or 2026-11-01 09:30 UTC"));
}

TEST_CASE("facts: sources, numbers, disputes") {
    const auto found = test::facts_of(scenario_106(), small_terms());
    const auto& facts = found.facts;
    CHECK(facts.source_name(facts.known(Moment::placed).source) ==
          "aliexpress_order_api, sample.json:1");
    CHECK(facts.known(Moment::placed).seen_at == now);
    CHECK(facts.number(Number::item) == 7300);
    CHECK(facts.number(Number::total) == 7300);
    CHECK(facts.number(Number::requested) == 3900);
    CHECK(facts.number(Number::disputes) == 1);
    CHECK(facts.word(Attribute::currency).view() == "USD");
    CHECK(facts.word(Attribute::dispute_reason).view() == "not_received");
    CHECK(facts.word(Attribute::dispute_tracking).view() == "silent");
    CHECK(facts.at(Moment::dispute_opened).instant() == instant("2026-11-10T12:05:06Z"));
    CHECK(facts.at(Moment::shipped_first).instant() == instant("2026-09-15T00:00:00Z"));
    CHECK(facts.at(Moment::shipped_all).instant() == instant("2026-09-16T00:00:00Z"));
    CHECK(terms::waits_for(facts, terms::Waiting::seller));
    CHECK(has_doubt(test::facts_of(scenario_101(), small_terms()), "sources disagree"));
}

TEST_CASE("facts: old tracking is a doubt") {
    const auto found = test::facts_of(scenario_104(), small_terms(), now + days{4});
    CHECK(has_doubt(found, "tracking was read 4 d ago"));
    CHECK_FALSE(has_doubt(test::facts_of(scenario_104(), small_terms()), "tracking was read"));
}

TEST_CASE("facts: end reasons") {
    struct Row {
        std::string_view reason;
        EndKind expected;
    };
    constexpr Row rows[] = {
        {"", EndKind::none},
        {"buyer_accept_goods", EndKind::confirmed},
        {"BUYER_ACCEPT_GOODS_TIMEOUT", EndKind::timed_out},
        {"CANCELED", EndKind::refund_due},
        {"seller_send_goods_timeout", EndKind::refund_due},
        {"buyer_pay_timeout", EndKind::never_paid},
        {"seller_response_issue_timeout", EndKind::claim_paid},
        {"something_new", EndKind::unknown},
    };
    for (const auto& row : rows) {
        CAPTURE(row.reason);
        CHECK(end_kind_of(row.reason) == row.expected);
    }
}

TEST_CASE("facts: an order that is read again every day was completed by the first time") {
    const auto read_at = [](std::string_view at) {
        auto told = purchase_seen(order(901));
        told.created = seen("2026-08-01T00:00:00Z");
        told.phase = Phase::completed;
        return Observation{origin("aliexpress_exporter_csv", instant(at)), told};
    };
    const std::vector<Observation> daily{read_at("2026-11-22T10:00:00Z"),
                                         read_at("2026-11-20T10:00:00Z"),
                                         read_at("2026-11-24T10:00:00Z")};
    const auto facts_by = [&](std::span<const Observation> told) {
        const auto purchase = purchase_of({told.begin(), told.end()});
        return facts_of(purchase, {}, {}, now, small_terms()).facts.at(terms::Moment::completed);
    };
    CHECK(facts_by(std::span(daily).first(1)).instant() <= instant("2026-11-22T10:00:00Z"));
    CHECK(facts_by(daily).instant() <= instant("2026-11-20T10:00:00Z"));
    CHECK(facts_by(daily).instant() == facts_by(std::span(daily).subspan(1, 1)).instant());
}

}  // namespace holdfast::desk
