// Orders of a marketplace that runs Holdfast: what `GET /v1/orders/{id}` and `GET /v1/orders`
// answer (docs/api.md), read by whoever bought there.
//
// The same as desk/mirror.h makes from the order itself, from what its JSON says; a delivery date
// that is a day and no instant stays out there and here. An order's id is its reference: by it the
// marketplace is asked again.
#include "base/try.h"
#include "formats/date_text.h"
#include "formats/json_kinds.h"
#include "formats/money_text.h"
#include "formats/tracking_number.h"

#include "order/order.h"
#include "terms/facts.h"

#include <algorithm>
#include <array>
#include <ranges>
#include <utility>

namespace holdfast::formats {
namespace {

using desk::ParcelStatus;
using desk::Phase;
using desk::SeenTime;
using terms::Moment;

constexpr std::string_view system_name = "holdfast", told_by = "told by the marketplace";

bool is_order(const Json& value) {
    return value["object"].text() == "order" && value.has("waits_for") && value.has("shipments");
}

bool is(const Json& root) {
    if (is_order(root)) return true;
    const auto orders = root["data"].items();
    return root.has("has_more") && !orders.empty() && std::ranges::all_of(orders, is_order);
}

JsonResult<std::optional<SeenTime>> time_in(const Json& object, std::string_view name) {
    return seen_exactly(TRY(instant_or_day_in(object, name)));
}

std::unexpected<JsonTrouble> no(std::string_view name, std::string reason) {
    return std::unexpected(JsonTrouble{"/" + std::string(name), std::move(reason)});
}

// What the wire can carry (docs/api.md), and so what may be added up here without a second thought.
constexpr std::int64_t sum_max = std::int64_t{1} << 53U;

JsonResult<std::int64_t> checked(std::string_view name, std::int64_t sum) {
    if (sum < 0 || sum > sum_max) return no(name, "a sum that cannot be");
    return sum;
}

JsonResult<std::int64_t> minor_in(const Json& money, std::string_view name, Currency currency) {
    auto sum = parse_minor(money["amount"].text(), currency);
    if (!sum) return no(name, std::move(sum.error()));
    return checked(name, sum->minor());
}

JsonResult<std::int64_t> product_of(std::int64_t price, std::int64_t count) {
    if (count > 0 && price > sum_max / count) return no("lines", "a sum that cannot be");
    return price * count;
}

// Members that the answer leaves out are nothing.
JsonResult<std::int64_t> extra_in(const Json& order, std::string_view name, Currency currency) {
    if (!order.has(name)) return 0;
    return minor_in(order[name], name, currency);
}

// --- Parcels

struct ScanWord {
    std::string_view kind;
    ParcelStatus status;
};
constexpr std::array scan_words{ScanWord{"accepted", ParcelStatus::moving},
                                ScanWord{"moving", ParcelStatus::moving},
                                ScanWord{"out_for_delivery", ParcelStatus::out_for_delivery},
                                ScanWord{"pickup_waiting", ParcelStatus::pickup_waiting},
                                ScanWord{"delivered", ParcelStatus::delivered},
                                ScanWord{"delivered_signed", ParcelStatus::delivered},
                                ScanWord{"returned_to_sender", ParcelStatus::returning},
                                ScanWord{"lost", ParcelStatus::lost},
                                ScanWord{"damaged", ParcelStatus::damaged},
                                ScanWord{"customs", ParcelStatus::held},
                                ScanWord{"refused", ParcelStatus::held},
                                ScanWord{"exception", ParcelStatus::held}};
static_assert(scan_words.size() == static_cast<std::size_t>(order::ScanKind::count_));

JsonResult<desk::ScanSeen> scan_of(const Json& scan) {
    const auto at = TRY(time_in(scan, "when"));
    if (!at) return no("shipments", "a scan without time");
    const auto found = std::ranges::find(scan_words, scan["kind"].text(), &ScanWord::kind);
    const auto status = found == scan_words.end() ? ParcelStatus::unknown : found->status;
    return desk::ScanSeen{.at = *at, .status = status, .text = {}};
}

// A delivery that stands, else the newest scan; a label where there is none.
void put_status(desk::ParcelSeen& parcel) {
    parcel.status = ParcelStatus::label_only;
    std::optional<Instant> newest;
    for (const auto& scan : parcel.scans) {
        if (!newest || scan.at.at >= *newest) {
            newest = scan.at.at;
            if (!parcel.delivered) parcel.status = scan.status;
        }
        if (scan.status != ParcelStatus::delivered) continue;
        if (!parcel.delivered || scan.at.at < parcel.delivered->at) parcel.delivered = scan.at;
        parcel.status = ParcelStatus::delivered;
    }
}

JsonResult<desk::ParcelSeen> parcel_of(const Json& shipment, const std::string& reference) {
    desk::ParcelSeen parcel;
    parcel.tracking_number = to_tracking_number(shipment["tracking"].text());
    parcel.purchase_system = system_name;
    parcel.purchase_reference = reference;
    parcel.shipped = TRY(time_in(shipment, "when"));
    for (const auto& scan : shipment["scans"].items())
        if (!scan["withdrawn"].is_yes()) parcel.scans.push_back(TRY(scan_of(scan)));
    put_status(parcel);
    return parcel;
}

bool is_of_sale(const Json& shipment) { return !shipment.has("replaces"); }
bool is_tracked(const Json& shipment) { return !shipment["tracking"].text().empty(); }

// --- Disputes

struct Told {
    std::string_view member;
    Moment moment;
};
constexpr std::array told_of_dispute{
    Told{"notified_at", Moment::dispute_notified},
    Told{"modified_at", Moment::dispute_modified},
    Told{"withdrawn_at", Moment::dispute_withdrawn},
    Told{"accepted_at", Moment::offer_accepted},
    Told{"escalated_at", Moment::escalated},
    Told{"decided_at", Moment::decided},
    Told{"appealed_at", Moment::appealed},
    Told{"appeal_decided_at", Moment::appeal_decided},
    Told{"replacement_agreed_at", Moment::replacement_agreed},
    Told{"replacement_shipped_at", Moment::replacement_shipped},
    Told{"replacement_delivered_at", Moment::replacement_delivered},
    Told{"opened_at", Moment::dispute_opened}};
constexpr std::array told_of_return{Told{"agreed_at", Moment::return_agreed},
                                    Told{"sent_at", Moment::return_sent},
                                    Told{"contested_at", Moment::return_contested}};

JsonResult<void> tell(desk::DisputeSeen& seen, Moment moment, const Json& object,
                      std::string_view name) {
    if (const auto at = TRY(instant_or_day_in(object, name)))
        seen.told.push_back({std::string(terms::to_string(moment)), *at});
    return {};
}

JsonResult<void> tell_return(desk::DisputeSeen& seen, const Json& dispute) {
    const auto& back = dispute["return"];
    if (!back.is_object()) return {};
    const bool is_closed = seen.status == "closed", is_sent = back.has("sent_at");
    for (const auto& [member, moment] : told_of_return) TRY(tell(seen, moment, back, member));
    if (is_sent || !is_closed) TRY(tell(seen, Moment::return_delivered, back, "delivered_at"));
    // A return that ended without anybody's word for it ended with its dispute.
    if (is_closed && is_sent && !back.has("received_at"))
        return tell(seen, Moment::return_received, dispute, "changed_at");
    return tell(seen, Moment::return_received, back, "received_at");
}

JsonResult<desk::DisputeSeen> dispute_of(const Json& dispute, Currency currency) {
    desk::DisputeSeen seen;
    const auto id = dispute["id"].text();
    seen.dispute_id = id.substr(id.rfind('_') + 1);
    if (seen.dispute_id.empty()) return no("disputes", "a dispute without id");
    seen.reason = text_in(dispute, "reason");
    seen.status = text_in(dispute, "phase");
    seen.opened = TRY(time_in(dispute, "opened_at"));
    seen.answered = TRY(time_in(dispute, "answered_at"));
    const bool is_withdrawn = dispute.has("withdrawn_at");
    seen.ended = TRY(time_in(dispute, is_withdrawn ? "withdrawn_at" : "closed_at"));
    seen.requested =
        Money::of_minor(TRY(minor_in(dispute["requested"], "disputes", currency)), currency);
    seen.tracking = text_in(dispute, "tracking");
    for (const auto& [member, moment] : told_of_dispute) TRY(tell(seen, moment, dispute, member));
    if (!is_withdrawn) TRY(tell(seen, Moment::dispute_closed, dispute, "closed_at"));
    for (const auto& asked : dispute["asked"].items())
        if (asked["of"].text() == "seller" && !asked["answered"].is_yes() &&
            !asked["lapsed"].is_yes())
            TRY(tell(seen, Moment::asked, asked, "at"));
    if (const auto offers = dispute["offers"].items(); !offers.empty())
        TRY(tell(seen, Moment::offer_made, offers.back(), "made_at"));
    TRY(tell_return(seen, dispute));
    return seen;
}

// --- The order

Phase phase_of(const Json& order) {
    const auto state = order["state"].text();
    if (state == "cancelled") return Phase::cancelled;
    if (state == "completed") return Phase::completed;
    if (state == "shipped") return Phase::shipped;
    if (state == "part_shipped") return Phase::part_shipped;
    return order.has("paid_at") ? Phase::paid : Phase::unpaid;
}

JsonResult<void> put_times(desk::PurchaseSeen& seen, const Json& order) {
    seen.created = TRY(time_in(order, "placed_at"));
    seen.paid = TRY(time_in(order, "paid_at"));
    seen.completed = TRY(time_in(order, "completed_at"));
    seen.ended =
        TRY(time_in(order, seen.phase == Phase::cancelled ? "cancelled_at" : "completed_at"));
    if (const auto at = TRY(instant_or_day_in(order, "promised_by")))
        seen.promise = desk::PromiseSeen{
            .at = *at, .confidence = desk::Confidence::given, .basis = std::string(told_by)};
    for (const auto& shipment : order["shipments"].items()) {
        if (!is_of_sale(shipment)) continue;
        const auto at = TRY(time_in(shipment, "when"));
        if (at && (!seen.shipped || at->at > seen.shipped->at)) seen.shipped = at;
        if (is_tracked(shipment))
            seen.tracking_numbers.push_back(to_tracking_number(shipment["tracking"].text()));
    }
    seen.shipped_basis = told_by;
    return {};
}

// What its lines say of money: what was ordered, and how much of the refunds is for goods that were
// not cancelled before they were sent.
struct Sums {
    std::int64_t ordered = 0, cancelled = 0, refunded = 0;
};

JsonResult<void> put_line(desk::PurchaseSeen& seen, Sums& sums, const Json& line,
                          Currency currency) {
    desk::LineSeen one;
    one.line_id = text_in(line, "line");
    one.sku = text_in(line, "sku");
    one.quantity = TRY(count_in(line, "quantity"));
    const auto price = TRY(minor_in(line["unit_price"], "lines", currency));
    one.price = Money::of_minor(price, currency);
    const auto cancelled = TRY(count_in(line, "cancelled")).value_or(0);
    const bool is_cancelled = one.quantity && cancelled == *one.quantity;
    if (is_cancelled) one.phase = Phase::cancelled;
    const auto ordered = TRY(product_of(price, one.quantity.value_or(0)));
    sums.ordered = TRY(checked("lines", sums.ordered + ordered));
    const auto refunded = TRY(minor_in(line["refunded"], "lines", currency));
    const auto unsent = seen.phase == Phase::cancelled ? 0 : TRY(product_of(price, cancelled));
    sums.refunded =
        TRY(checked("lines", sums.refunded + std::max<std::int64_t>(0, refunded - unsent)));
    sums.cancelled = TRY(checked("lines", sums.cancelled + std::min(refunded, unsent)));
    // Neither in the total nor in what came back: it is not bought.
    if (!is_cancelled || seen.phase == Phase::cancelled) seen.lines.push_back(std::move(one));
    return {};
}

JsonResult<void> put_money(desk::PurchaseSeen& seen, const Json& order, Currency currency) {
    Sums sums;
    for (const auto& line : order["lines"].items()) TRY(put_line(seen, sums, line, currency));
    auto total = TRY(minor_in(order["total"], "total", currency));
    if (seen.phase == Phase::cancelled)
        total = sums.ordered + TRY(extra_in(order, "shipping", currency)) +
                TRY(extra_in(order, "tax", currency)) + TRY(extra_in(order, "fee", currency));
    seen.total = Money::of_minor(total, currency);
    if (sums.refunded == 0) return {};
    const auto refunded = parse_minor(order["money"]["refunded"].text(), currency);
    if (!refunded) return no("money", refunded.error());
    const auto of_goods = TRY(checked("money", refunded->minor() - sums.cancelled));
    seen.refunded = Money::of_minor(of_goods, currency);
    seen.refunded_at = TRY(time_in(order, "refunded_at"));
    return {};
}

// Not settled yet: neither over nor on its way to a return or a replacement.
bool is_quarrel(std::string_view phase) {
    return phase != "returning" && phase != "replacing" && phase != "closed";
}

JsonResult<desk::PurchaseSeen> purchase_of(const Json& order) {
    desk::PurchaseSeen seen;
    seen.system = system_name;
    seen.reference = text_in(order, "id");
    if (!seen.reference.starts_with("ord_")) return no("id", "no id of an order");
    seen.phase = phase_of(order);
    seen.status = to_string(seen.phase);
    seen.store_name = text_in(order, "seller");
    seen.destination = text_in(order["attributes"], "destination");
    const auto currency = TRY(currency_in(order, "currency"));
    if (!currency) return no("currency", "no currency");
    TRY(put_times(seen, order));
    TRY(put_money(seen, order, *currency));
    seen.in_dispute = false;
    for (const auto& dispute : order["disputes"].items()) {
        seen.disputes.push_back(TRY(dispute_of(dispute, *currency)));
        if (is_quarrel(seen.disputes.back().status)) seen.in_dispute = true;
    }
    return seen;
}

JsonResult<void> give(JsonJob& job, const Json& order) {
    auto purchase = TRY(purchase_of(order));
    std::vector<desk::ParcelSeen> parcels;
    for (const auto& shipment : order["shipments"].items())
        if (is_of_sale(shipment) && is_tracked(shipment))
            parcels.push_back(TRY(parcel_of(shipment, purchase.reference)));
    for (auto& parcel : parcels) job.observed(std::move(parcel));
    job.observed(std::move(purchase));
    return {};
}

void read(JsonJob& job) {
    const auto orders = is_order(job.root) ? std::span(&job.root, 1) : job.root["data"].items();
    for (const auto& order : orders) {
        const auto path = is_order(job.root) ? "" : "/data/" + std::to_string(job.report.records);
        ++job.report.records;
        if (const auto given = give(job, order); !given)
            job.rejected(path + given.error().path, given.error().reason);
    }
}

constexpr JsonKind kinds[] = {
    {"holdfast_order_json", "orders of a Holdfast marketplace", is, read}};

}  // namespace

std::span<const JsonKind> holdfast_kinds() { return kinds; }

}  // namespace holdfast::formats
