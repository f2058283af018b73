// For the tests of this folder: the orders of samples/scenario as observations made by hand, terms
// to ask them about, and a small source of chance that gives the same numbers every time.
#pragma once

#include "desk/link.h"
#include "desk/observation.h"
#include "desk/parcel.h"
#include "desk/phrases.h"
#include "desk/purchase.h"
#include "desk/sale.h"
#include "desk/worklist.h"
#include "terms/load.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace holdfast {
// Of terms/ID.toml and replies/LANGUAGE.toml; in tests/test_main.cpp.
std::string shipped_terms_text(std::string_view id);
std::string shipped_replies(std::string_view language);
}  // namespace holdfast

namespace holdfast::desk::test {

using std::chrono::days;
using std::chrono::hours;

inline Phrases phrases(std::string_view language = "en") {
    auto parsed = parse_phrases(shipped_replies(language));
    VERIFY(parsed.has_value());
    return *std::move(parsed);
}

inline Instant instant(std::string_view text) {
    const auto parsed = parse_instant(text);
    VERIFY(parsed.has_value());
    return *parsed;
}
inline Day day(std::string_view text) {
    const auto parsed = parse_day(text);
    VERIFY(parsed.has_value());
    return *parsed;
}
inline SeenTime seen(std::string_view text) {
    return {.at = instant(text), .kind = SeenTime::Kind::exact, .or_at = {}};
}
inline Money usd(std::int64_t cents) { return Money::of_minor(cents, Currency::usd); }

inline const Instant now = instant("2026-11-23T12:00:00Z");

inline Origin origin(std::string format, Instant seen_at = now, std::string file = "sample.json") {
    return {.format = std::move(format), .seen_at = seen_at, .file = std::move(file), .line = 1};
}

// --- Terms

inline const Zones& zones() {
    static const auto made = [] {
        Zones all;
        all.add(Zone::utc());
        all.add(Zone("America/Los_Angeles", std::chrono::seconds{-28800},
                     {{instant("2026-03-08T10:00:00Z"), std::chrono::seconds{-25200}},
                      {instant("2026-11-01T09:00:00Z"), std::chrono::seconds{-28800}}}));
        return all;
    }();
    return made;
}
inline const Calendars& calendars() {
    static const Calendars made;
    return made;
}

inline terms::Terms terms_of(std::string_view text) {
    const terms::LoadOptions options{
        .zones = &zones(), .calendars = &calendars(), .text_of = [](std::string_view id) {
            return std::optional(shipped_terms_text(id));
        }};
    auto loaded = terms::load(text, "test.toml", options);
    if (!loaded)
        for (const auto& error : loaded.error()) MESSAGE(terms::to_string(error));
    REQUIRE(loaded.has_value());
    return std::move(*loaded);
}

inline const terms::Terms& current_terms() {
    static const auto loaded = terms_of(shipped_terms_text("aliexpress-current"));
    return loaded;
}

// The clauses of docs/facts, edition aliexpress-2017, that the desk asks about; and one for
// lateness, which that edition does not have.
inline constexpr std::string_view small_terms_text = R"toml(
[terms]
language = 1
id = "small"
programme = "small"
title = "Test data after aliexpress-2017, with a right for late goods"
zone = "America/Los_Angeles"
silent_after = "30d"
[sources]
s = { url = "https://example.com", date = "2026", grade = "secondary" }
[moments]
promise     = { is = "promised_by", clause = "AE17-12" }
protection  = { is = "completed or promise", clause = "AE17-3" }
dispute_end = { is = "protection + 15d", clause = "AE17-3" }
[[right]]
id = "AE17-1"
text = "Abnormal tracking: from the 11th day."
source = "s"
grade = "secondary"
who = "buyer"
may = "open_dispute"
for = ["not_received"]
when = ["tracking in abnormal, unknown, no_tracking"]
opens = "shipped(all) + 10d"
closes = "dispute_end"
[[right]]
id = "AE17-2"
text = "In transit: from the promise."
source = "s"
grade = "secondary"
who = "buyer"
may = "open_dispute"
for = ["not_received"]
when = ["tracking in in_transit"]
opens = "promise"
early = "blocked_until_promise_expires"
closes = "dispute_end"
[[right]]
id = "LATE"
text = "Late goods."
source = "s"
grade = "secondary"
who = "buyer"
may = "open_dispute"
for = ["late"]
when = ["delivered(last) after promise"]
opens = "promise"
closes = "delivered(last) + 15d"
[[default]]
id = "AE17-4"
text = "Silence is a yes."
source = "s"
grade = "secondary"
waits_for = "seller"
in = ["negotiating"]
at = "last(dispute.opened, dispute.modified) + 5d"
then = { do = "refund", amount = "requested" }
winner = "buyer"
[[default]]
id = "AE17-8"
text = "A return that is not sent is lost."
source = "s"
grade = "secondary"
waits_for = "buyer_return"
at = "return.agreed + 10d"
then = { do = "release" }
winner = "seller"
[[info]]
id = "AE17-3"
text = "The end."
source = "s"
grade = "secondary"
[[info]]
id = "AE17-12"
text = "The promise."
source = "s"
grade = "secondary"
)toml";

inline const terms::Terms& small_terms() {
    static const auto loaded = terms_of(small_terms_text);
    return loaded;
}

// A shipped law in UTC and without holidays: this folder's tests load neither zones nor
// calendars, and no case stands within a day of an edge that these would move.
inline terms::Terms shipped_law(std::string_view id) {
    auto text = shipped_terms_text(id);
    for (const std::string_view line : {"\nzone = ", "\ncalendar = "}) {
        const auto begin = text.find(line);
        if (begin == text.npos) continue;
        const auto value = begin + line.size();
        text.replace(value, text.find('\n', value) - value,
                     line.contains("zone") ? "\"UTC\"" : "\"weekdays\"");
    }
    return terms_of(text);
}

// --- Observations

inline PurchaseSeen purchase_seen(std::string reference) {
    PurchaseSeen seen;
    seen.system = "aliexpress";
    seen.reference = std::move(reference);
    return seen;
}

inline std::string order(int last_three) { return "3099000000000" + std::to_string(last_three); }

// What the order API says about an order.
inline PurchaseSeen api_order(int number, std::string_view created, Phase phase, std::string status,
                              std::int64_t cents) {
    auto told = purchase_seen(order(number));
    told.created = seen(created);
    told.phase = phase;
    told.status = std::move(status);
    told.total = usd(cents);
    return told;
}

inline LineSeen line_seen(std::string product_id, std::int32_t quantity, std::int64_t cents,
                          std::string end_reason = {}, Phase phase = Phase::unknown) {
    LineSeen line;
    line.product_id = std::move(product_id);
    line.quantity = quantity;
    line.price = usd(cents);
    line.end_reason = std::move(end_reason);
    line.phase = phase;
    line.title = "Thing " + line.product_id;
    return line;
}

// What shipments.csv says: ship time and commit days, which no export has.
inline PurchaseSeen shipment(int number, std::string_view shipped,
                             std::optional<std::int32_t> commit_days, std::string tracking) {
    auto told = purchase_seen(order(number));
    told.shipped = seen(shipped);
    told.shipped_basis = "carrier first scan";
    told.commit_days = commit_days;
    told.tracking_numbers = {std::move(tracking)};
    return told;
}

inline ParcelSeen parcel_seen(std::string number, ParcelStatus status,
                              std::vector<std::pair<std::string_view, ParcelStatus>> scans = {}) {
    ParcelSeen told;
    told.tracking_number = std::move(number);
    told.status = status;
    for (const auto& [at, scan] : scans)
        told.scans.push_back(
            {.at = seen(at), .status = scan, .text = std::string(to_string(scan))});
    return told;
}

struct Scenario {
    std::vector<Observation> purchase;  // of one order
    std::vector<Observation> parcels;
};

inline Observation api(PurchaseSeen seen) {
    return {origin("aliexpress_order_api"), std::move(seen)};
}
inline Observation details(PurchaseSeen seen) {
    return {origin("aliexpress_details_api"), std::move(seen)};
}
inline Observation issue(PurchaseSeen seen) {
    return {origin("aliexpress_issue_api"), std::move(seen)};
}
inline Observation given(PurchaseSeen seen) {
    return {origin("given", now, "shipments.csv"), std::move(seen)};
}
inline Observation tracked(ParcelSeen seen) {
    return {origin("aliexpress_tracking_api"), std::move(seen)};
}

inline Scenario scenario_101() {
    auto first = api_order(101, "2026-08-21T01:05:11Z", Phase::completed, "FINISH", 2200);
    first.paid = seen("2026-08-21T01:05:40Z");
    first.end_reason = "buyer_accept_goods_timeout";
    first.lines = {line_seen("1005000000000101", 1, 1890, first.end_reason, Phase::completed)};
    first.tracking_numbers = {"LB000101018CN"};
    auto second = purchase_seen(order(101));
    second.phase = Phase::shipped;
    second.status = "WAIT_BUYER_ACCEPT_GOODS";
    second.in_dispute = false;
    second.can_extend = false;
    second.promise = PromiseSeen{instant("2026-11-21T03:10:00Z"), Confidence::high,
                                 "answer time + rest of -204600000 ms"};
    return {{api(first), details(second),
             given(shipment(101, "2026-08-23T03:10:00Z", 90, "LB000101018CN"))},
            {}};
}

inline Scenario scenario_102() {
    auto first = api_order(102, "2026-08-21T01:05:13Z", Phase::completed, "FINISH", 2280);
    first.paid = seen("2026-08-21T01:05:40Z");
    first.end_reason = "buyer_accept_goods";
    first.tracking_numbers = {"RR000101021CN"};
    auto parcel = parcel_seen("RR000101021CN", ParcelStatus::delivered,
                              {{"2026-08-25T08:00:00Z", ParcelStatus::moving},
                               {"2026-09-14T09:41:00Z", ParcelStatus::delivered}});
    return {{api(first)}, {{origin("17track"), parcel}}};
}

inline Scenario scenario_103() {
    auto first =
        api_order(103, "2026-09-25T05:47:30Z", Phase::shipped, "WAIT_BUYER_ACCEPT_GOODS", 4106);
    first.lines = {line_seen("1005000000000103", 2, 1903)};
    first.tracking_numbers = {"UB000101035CN"};
    auto second = purchase_seen(order(103));
    second.phase = Phase::shipped;
    second.status = "WAIT_BUYER_ACCEPT_GOODS";
    second.can_extend = true;
    second.promise = PromiseSeen{instant("2026-11-25T00:00:00Z"), Confidence::high,
                                 "answer time + rest of 129600000 ms"};
    auto parcel = parcel_seen("UB000101035CN", ParcelStatus::moving,
                              {{"2026-09-26T00:00:00Z", ParcelStatus::moving},
                               {"2026-10-12T12:00:00Z", ParcelStatus::moving}});
    return {{api(first), details(second),
             given(shipment(103, "2026-09-26T00:00:00Z", 60, "UB000101035CN"))},
            {tracked(parcel)}};
}

inline Scenario scenario_104() {
    auto first =
        api_order(104, "2026-10-02T14:12:00Z", Phase::shipped, "WAIT_BUYER_ACCEPT_GOODS", 3170);
    first.paid = seen("2026-10-02T14:12:31Z");
    first.tracking_numbers = {"LP000101049CN"};
    auto parcel = parcel_seen("LP000101049CN", ParcelStatus::returning,
                              {{"2026-10-04T06:00:00Z", ParcelStatus::moving},
                               {"2026-11-15T07:00:00Z", ParcelStatus::returning}});
    return {{api(first), given(shipment(104, "2026-10-04T06:00:00Z", 75, "LP000101049CN"))},
            {{origin("17track"), parcel}}};
}

inline Scenario scenario_105() {
    auto first = api_order(105, "2026-10-20T10:33:03Z", Phase::cancelled, "FINISH", 1149);
    first.paid = seen("2026-10-20T10:34:00Z");
    first.end_reason = "seller_send_goods_timeout";
    auto second = purchase_seen(order(105));
    second.ended = seen("2026-10-31T10:33:10Z");
    second.end_reason = "seller_send_goods_timeout";
    second.phase = Phase::cancelled;
    return {{api(first), {origin("aliexpress_account_csv"), second}}, {}};
}

inline Scenario scenario_106() {
    auto first =
        api_order(106, "2026-09-10T18:20:00Z", Phase::shipped, "WAIT_BUYER_ACCEPT_GOODS", 7300);
    first.paid = seen("2026-09-10T18:21:10Z");
    first.lines = {line_seen("1005000000000106", 1, 3400),
                   line_seen("1005000000000107", 1, 3400, "CANCELED", Phase::cancelled)};
    first.tracking_numbers = {"LX000101066CN"};
    auto second = purchase_seen(order(106));
    second.phase = Phase::shipped;
    second.status = "WAIT_BUYER_ACCEPT_GOODS";
    second.in_dispute = true;
    second.can_extend = false;
    auto third = purchase_seen(order(106));
    third.in_dispute = true;
    third.phase = Phase::disputed;
    DisputeSeen dispute;
    dispute.dispute_id = "6600000000000001";
    dispute.line_id = "3099000000000116";
    dispute.reason = "not_received";
    dispute.status = "processing";
    dispute.opened = seen("2026-11-10T12:05:06Z");
    dispute.requested = usd(3900);
    dispute.maximum = usd(3900);
    third.disputes = {dispute};
    auto fourth = purchase_seen(order(106));
    fourth.tracking_numbers = {"LX000101066CN", "YT2600000000000106"};
    auto parcel = parcel_seen("LX000101066CN", ParcelStatus::moving,
                              {{"2026-09-15T00:00:00Z", ParcelStatus::moving}});
    auto other = parcel_seen("YT2600000000000106", ParcelStatus::moving,
                             {{"2026-09-16T00:00:00Z", ParcelStatus::moving}});
    return {{api(first),
             details(second),
             issue(third),
             {origin("aliexpress_tracking_api"), fourth},
             given(shipment(106, "2026-09-15T00:00:00Z", {}, "LX000101066CN"))},
            {tracked(parcel), tracked(other)}};
}

inline Scenario scenario_107() {
    auto first =
        api_order(107, "2026-11-01T08:30:00Z", Phase::paid, "WAIT_SELLER_SEND_GOODS", 1425);
    first.created->kind = SeenTime::Kind::repeated_hour;
    first.created->or_at = instant("2026-11-01T09:30:00Z");
    first.paid = SeenTime{instant("2026-11-01T08:30:22Z"), SeenTime::Kind::repeated_hour,
                          instant("2026-11-01T09:30:22Z")};
    return {{api(first)}, {}};
}

inline Scenario scenario_108() {
    auto first = api_order(108, "2026-11-23T04:15:00Z", Phase::unpaid, "PLACE_ORDER_SUCCESS", 780);
    first.pay_before = seen("2026-12-05T04:15:00Z");
    return {{api(first)}, {}};
}

inline std::vector<Scenario> scenarios() {
    return {scenario_101(), scenario_102(), scenario_103(), scenario_104(),
            scenario_105(), scenario_106(), scenario_107(), scenario_108()};
}

// --- Folding

template <class State, class Seen>
State fold(const std::vector<Observation>& observations) {
    State state;
    for (const auto& one : observations) evolve(state, std::get<Seen>(one.seen), one.origin);
    return state;
}
inline Purchase purchase_of(const std::vector<Observation>& observations) {
    return fold<Purchase, PurchaseSeen>(observations);
}
inline Parcel parcel_of(const std::vector<Observation>& observations) {
    return fold<Parcel, ParcelSeen>(observations);
}

inline std::vector<Parcel> parcels_of(const Scenario& scenario) {
    std::vector<Parcel> parcels;
    for (const auto& one : scenario.parcels) parcels.push_back(parcel_of({one}));
    return parcels;
}

inline FactsOfPurchase facts_of(const Scenario& scenario, const terms::Terms& terms,
                                Instant at = now, const DeskOptions& options = {}) {
    return desk::facts_of(purchase_of(scenario.purchase), parcels_of(scenario), options, at, terms);
}
inline WorkItem assess(const Scenario& scenario, const terms::Terms& terms, Instant at = now,
                       const DeskOptions& options = {}) {
    return desk::assess(purchase_of(scenario.purchase), parcels_of(scenario), {}, terms, options,
                        at);
}

// --- Chance from a seed

class Dice {
public:
    explicit Dice(std::uint64_t seed) : state_(seed) {}
    std::size_t below(std::size_t count) {
        state_ = state_ * 6364136223846793005U + 1442695040888963407U;
        return static_cast<std::size_t>(state_ >> 33) % count;
    }
    bool once_in(std::size_t count) { return below(count) == 0; }
    template <class T>
    void shuffle(std::vector<T>& items) {
        for (auto i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(i)]);
    }

private:
    std::uint64_t state_;
};

}  // namespace holdfast::desk::test
