// Tracking as AliExpress tells it. The texts of its entries are free and translated, so nothing is
// concluded from them: an entry says that the parcel moved, and carriers and trackers say when it
// was delivered.
#include "base/try.h"
#include "formats/date_text.h"
#include "formats/json_kinds.h"
#include "formats/purchase_run.h"
#include "formats/text.h"
#include "formats/tracking_number.h"

#include <algorithm>
#include <utility>

namespace holdfast::formats {
namespace {

using desk::ParcelSeen;
using desk::ParcelStatus;
using desk::ScanSeen;

// `aliexpress.ds.order.tracking.get`.
namespace current {

bool is(const Json& root) {
    const auto& result = without_envelope(root)["result"];
    return result.has("ret") && (result.has("code") || result.has("data"));
}

// The order's own first entry is no scan of a carrier.
ParcelStatus status_of(const Json& node) {
    return node["tracking_name"].text() == "CREATED" ? ParcelStatus::label_only
                                                     : ParcelStatus::moving;
}

JsonResult<ScanSeen> scan_of(const Json& node) {
    const auto at = TRY(epoch_in(node, "time_stamp"));
    if (!at) return std::unexpected(JsonTrouble{"/time_stamp", "an entry without time"});
    auto text = text_in(node, "tracking_name");
    if (const auto more = text_in(node, "tracking_detail_desc"); !more.empty()) text += ": " + more;
    return ScanSeen{seen_exactly(*at), status_of(node), std::move(text)};
}

const ScanSeen* newest(const std::vector<ScanSeen>& scans) {
    const auto found =
        std::ranges::max_element(scans, {}, [](const ScanSeen& scan) { return scan.at.at; });
    return found == scans.end() ? nullptr : &*found;
}

void keep_status(ParcelSeen& parcel) {
    const auto* scan = newest(parcel.scans);
    if (!scan) return;
    parcel.status = scan->status;
    parcel.raw_status = scan->text;
}

JsonResult<ParcelSeen> parcel_of(const Json& line, std::string_view order) {
    ParcelSeen parcel;
    parcel.tracking_number = to_tracking_number(line["mail_no"].text());
    if (parcel.tracking_number.empty())
        return std::unexpected(JsonTrouble{"/mail_no", "a parcel without tracking number"});
    if (!order.empty()) parcel.purchase_system = "aliexpress";
    parcel.purchase_reference = order;
    parcel.carrier = text_in(line, "carrier_name");
    parcel.expected_by = TRY(epoch_in(line, "eta_time_stamps"));
    for (const auto& node : list_in(line["detail_node_list"], "detail_node"))
        parcel.scans.push_back(TRY(scan_of(node)));
    for (const auto& item : list_in(line["package_item_list"], "package_item"))
        add_once(parcel.product_ids, text_in(item, "item_id"));
    keep_status(parcel);
    return parcel;
}

// The same number may come twice.
void merge(std::vector<ParcelSeen>& parcels, ParcelSeen parcel) {
    const auto same =
        std::ranges::find(parcels, parcel.tracking_number, &ParcelSeen::tracking_number);
    if (same == parcels.end()) return parcels.push_back(std::move(parcel));
    for (auto& scan : parcel.scans)
        if (std::ranges::find(same->scans, scan) == same->scans.end())
            same->scans.push_back(std::move(scan));
    for (auto& id : parcel.product_ids) add_once(same->product_ids, std::move(id));
    if (!same->expected_by) same->expected_by = parcel.expected_by;
    keep_status(*same);
}

void give(JsonJob& job, ParcelSeen parcel) {
    if (contains(folded(parcel.raw_status), "delivered"))
        job.noted({}, parcel.tracking_number + ": the newest entry reads " +
                          shown(parcel.raw_status) +
                          "; its words are free text, so delivery is taken from carriers only");
    job.observed(std::move(parcel));
}

void read(JsonJob& job) {
    const auto& result = without_envelope(job.root)["result"];
    const auto lines = list_in(result["data"]["tracking_detail_line_list"], "tracking_detail");
    if (lines.empty() && result["ret"].is_yes())
        return job.no_orders("no parcel is known for this order yet");
    if (lines.empty())
        return job.no_orders("no tracking yet (" + text_in(result, "code") + " " +
                             text_in(result, "msg") +
                             "), which is usual before the first scan: ask again later");

    const auto order = order_by_file_name(job);
    std::vector<ParcelSeen> parcels;
    for (const auto& line : lines) {
        const auto path =
            "/result/data/tracking_detail_line_list/" + std::to_string(job.report.records++);
        auto parcel = parcel_of(line, order);
        if (parcel)
            merge(parcels, *std::move(parcel));
        else
            job.rejected(path + parcel.error().path, parcel.error().reason);
    }
    for (auto& parcel : parcels) give(job, std::move(parcel));
}

}  // namespace current

// The older `aliexpress.logistics.ds.trackinginfo.query`. Its times are clocks of the place where
// the parcel was, and its number stands only in the link to the carrier.
namespace legacy {

bool is(const Json& root) {
    const auto& answer = without_envelope(root);
    return answer.has("result_success") && (answer.has("details") || answer.has("error_desc"));
}

std::string number_in_link(std::string_view link) {
    const auto tail = link.substr(link.find_last_of("/=") + 1);
    const auto number = to_tracking_number(tail);
    const bool plain = std::ranges::all_of(
        number, [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); });
    const bool has_digit = number.find_first_of("0123456789") != std::string::npos;
    return link.find_last_of("/=") != std::string_view::npos && plain && has_digit &&
                   number.size() >= 8 && number.size() <= 40
               ? number
               : std::string{};
}

JsonResult<ScanSeen> scan_of(const Json& detail) {
    const auto at = TRY(date_in(detail, "event_date"));
    if (!at) return std::unexpected(JsonTrouble{"/event_date", "an event without date"});
    const bool signed_for = folded(detail["status"].text()) == "signed";
    return ScanSeen{
        *at, signed_for ? ParcelStatus::delivered : ParcelStatus::moving,
        joined({trimmed(detail["event_desc"].text()), trimmed(detail["address"].text())}, ", ")};
}

JsonResult<ParcelSeen> parcel_of(const Json& answer, std::string number) {
    ParcelSeen parcel;
    parcel.tracking_number = std::move(number);
    for (const auto& detail : list_in(answer["details"], "details"))
        parcel.scans.push_back(TRY(scan_of(detail)));
    if (const auto* newest = current::newest(parcel.scans)) {
        parcel.status = newest->status;
        parcel.raw_status = newest->text;
        if (newest->status == ParcelStatus::delivered) parcel.delivered = newest->at;
    }
    return parcel;
}

void read(JsonJob& job) {
    const auto& answer = without_envelope(job.root);
    if (!answer["result_success"].is_yes())
        return job.no_orders("AliExpress has no tracking: " + text_in(answer, "error_desc"));
    ++job.report.records;
    auto number = number_in_link(answer["official_website"].text());
    if (number.empty())
        return job.rejected("/official_website", "no tracking number stands in the answer");
    auto parcel = parcel_of(answer, std::move(number));
    if (!parcel) return job.rejected("/details" + parcel.error().path, parcel.error().reason);
    if (auto order = order_by_file_name(job); !order.empty()) {
        parcel->purchase_system = "aliexpress";
        parcel->purchase_reference = std::move(order);
    }
    job.observed(*std::move(parcel));
}

}  // namespace legacy

constexpr JsonKind kinds[] = {
    {"aliexpress_tracking_api", "AliExpress tracking", current::is, current::read},
    {"aliexpress_tracking_legacy", "AliExpress tracking, the older answer", legacy::is,
     legacy::read},
};

}  // namespace

std::span<const JsonKind> aliexpress_tracking_kinds() { return kinds; }

}  // namespace holdfast::formats
