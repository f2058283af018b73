// Trackers of parcels: AfterShip, 17TRACK, and the page data of Cainiao.
#include "base/try.h"
#include "formats/date_text.h"
#include "formats/json_kinds.h"
#include "formats/purchase_run.h"
#include "formats/text.h"
#include "formats/tracking_number.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace holdfast::formats {
namespace {

using desk::ParcelSeen;
using desk::ParcelStatus;
using desk::ScanSeen;
using desk::SeenTime;

struct StatusWord {
    std::string_view word;
    ParcelStatus status;
};

std::optional<ParcelStatus> find(std::span<const StatusWord> words, std::string_view word) {
    const auto found = std::ranges::find(words, word, &StatusWord::word);
    return found == words.end() ? std::nullopt : std::optional(found->status);
}

// The supplier's order where its id stands in a free field: 15 or 16 digits, which no store's id
// has.
void keep_purchase(ParcelSeen& parcel, std::string_view text) {
    text = trimmed(text);
    if (!parcel.purchase_reference.empty() || !is_digits(text)) return;
    if (text.size() != 15 && text.size() != 16) return;
    parcel.purchase_system = "aliexpress";
    parcel.purchase_reference = text;
}

JsonResult<std::string> number_in(const Json& parcel, std::string_view name) {
    auto number = to_tracking_number(parcel[name].text());
    if (!number.empty()) return number;
    return std::unexpected(JsonTrouble{"/" + std::string(name), "no tracking number"});
}

const ScanSeen* newest(const std::vector<ScanSeen>& scans) {
    const auto found =
        std::ranges::max_element(scans, {}, [](const ScanSeen& scan) { return scan.at.at; });
    return found == scans.end() ? nullptr : &*found;
}

void give(JsonJob& job, const std::string& path, JsonResult<ParcelSeen> parcel,
          const JsonResult<std::optional<Instant>>& seen_at) {
    ++job.report.records;
    if (job.is_rejected(path, parcel) || job.is_rejected(path, seen_at)) return;
    job.observed(*std::move(parcel), *seen_at);
}

namespace aftership {

constexpr StatusWord subtags[] = {
    {"Exception_010", ParcelStatus::returning},
    {"Exception_011", ParcelStatus::returning},
    {"Exception_012", ParcelStatus::damaged},
    {"Exception_013", ParcelStatus::lost},
};

constexpr StatusWord tags[] = {
    {"Pending", ParcelStatus::unknown},
    {"InfoReceived", ParcelStatus::label_only},
    {"InTransit", ParcelStatus::moving},
    {"OutForDelivery", ParcelStatus::out_for_delivery},
    {"AvailableForPickup", ParcelStatus::pickup_waiting},
    {"AttemptFail", ParcelStatus::attempt_failed},
    {"Delivered", ParcelStatus::delivered},
    {"Exception", ParcelStatus::held},
    {"Expired", ParcelStatus::silent},
};

ParcelStatus status_of(const Json& event, ParcelStatus otherwise) {
    if (const auto status = find(subtags, event["subtag"].text())) return *status;
    return find(tags, event["tag"].text()).value_or(otherwise);
}

bool is_tracking(const Json& value) {
    return value.has("tracking_number") && value.has("slug") && value.has("tag");
}

// The body of a webhook, the answer about one parcel, or the parcel alone.
const Json& tracking_of(const Json& root) {
    if (is_tracking(root["msg"])) return root["msg"];
    if (is_tracking(root["data"]["tracking"])) return root["data"]["tracking"];
    return is_tracking(root["data"]) ? root["data"] : root;
}

bool is(const Json& root) { return is_tracking(tracking_of(root)); }

// Midnight without a zone is what a bare date becomes on its way.
JsonResult<std::optional<SeenTime>> time_in(const Json& object, std::string_view name) {
    constexpr std::string_view midnight = "T00:00:00";
    const auto text = object[name].text();
    if (text.ends_with(midnight))
        if (const auto day = parse_day(text.substr(0, text.size() - midnight.size())))
            return seen_day(*day);
    return date_in(object, name);
}

JsonResult<ScanSeen> scan_of(const Json& checkpoint) {
    auto at = TRY(time_in(checkpoint, "checkpoint_time"));
    if (!at) at = TRY(time_in(checkpoint, "created_at"));
    if (!at) return std::unexpected(JsonTrouble{"/checkpoint_time", "a checkpoint without time"});
    return ScanSeen{*at, status_of(checkpoint, ParcelStatus::moving),
                    joined({checkpoint["message"].text(), checkpoint["location"].text()}, ", ")};
}

// The subtag says it best; "returned" comes as a flag too.
ParcelStatus status_of_parcel(const Json& tracking) {
    const auto status = status_of(tracking, ParcelStatus::unknown);
    const bool goes_back = tracking["return_to_sender"].is_yes();
    return goes_back && status == ParcelStatus::held ? ParcelStatus::returning : status;
}

JsonResult<ParcelSeen> parcel_of(const Json& tracking) {
    ParcelSeen parcel;
    parcel.tracking_number = TRY(number_in(tracking, "tracking_number"));
    for (const auto& field : tracking["custom_fields"].items()) keep_purchase(parcel, field.text());
    for (const auto* name : {"order_id", "order_number", "title"})
        keep_purchase(parcel, tracking[name].text());
    parcel.carrier = text_in(tracking, "slug");
    parcel.status = status_of_parcel(tracking);
    const auto subtag = tracking["subtag"].text();
    parcel.raw_status = subtag.empty() ? tracking["tag"].text() : subtag;
    parcel.shipped = TRY(time_in(tracking, "shipment_pickup_date"));
    parcel.delivered = TRY(time_in(tracking, "shipment_delivery_date"));
    for (const auto& checkpoint : tracking["checkpoints"].items())
        parcel.scans.push_back(TRY(scan_of(checkpoint)));
    parcel.expected_by = TRY(
        instant_or_day_in(tracking["courier_estimated_delivery_date"], "estimated_delivery_date"));
    parcel.last_mile_number = to_tracking_number(tracking["last_mile"]["tracking_number"].text());
    parcel.stopped = tracking["active"].kind() == Json::Kind::no;
    return parcel;
}

void read(JsonJob& job) {
    const auto& tracking = tracking_of(job.root);
    const auto sent = epoch_in(job.root, "ts");
    if (job.is_rejected("", sent)) {
        ++job.report.records;
        return;
    }
    give(job, "/msg", parcel_of(tracking), *sent ? sent : instant_in(tracking, "updated_at"));
}

}  // namespace aftership

namespace track17 {

constexpr StatusWord sub_statuses[] = {
    {"Exception_Returning", ParcelStatus::returning},
    {"Exception_Returned", ParcelStatus::returning},
    {"Exception_Lost", ParcelStatus::lost},
    {"Exception_Damage", ParcelStatus::damaged},
    {"Exception_Destroyed", ParcelStatus::damaged},
};

constexpr StatusWord statuses[] = {
    {"NotFound", ParcelStatus::unknown},
    {"InfoReceived", ParcelStatus::label_only},
    {"InTransit", ParcelStatus::moving},
    {"OutForDelivery", ParcelStatus::out_for_delivery},
    {"AvailableForPickup", ParcelStatus::pickup_waiting},
    {"DeliveryFailure", ParcelStatus::attempt_failed},
    {"Delivered", ParcelStatus::delivered},
    {"Exception", ParcelStatus::held},
    {"Expired", ParcelStatus::silent},
};

// "InTransit_Departure" is InTransit unless it has a word of its own.
std::optional<ParcelStatus> status_of(std::string_view sub_status) {
    if (const auto status = find(sub_statuses, sub_status)) return status;
    return find(statuses, sub_status.substr(0, sub_status.find('_')));
}

bool is(const Json& root) {
    if (root["event"].text().starts_with("TRACKING_")) return true;
    return root["data"]["accepted"].is_list() || root["data"]["rejected"].is_list();
}

// The pieces that are left where the zone is unknown.
std::optional<SeenTime> raw_time(const Json& raw) {
    const auto date = raw["date"].text();
    const auto day = parse_day(date);
    if (!day) return std::nullopt;
    const auto stamp = fmt::format("{} {}", date, raw["time"].text());
    if (const auto at = parse_instant(fmt::format("{} {}", stamp, raw["timezone"].text())))
        return seen_exactly(*at);
    if (const auto local = parse_local(stamp)) return seen_somewhere(*local);
    return seen_day(*day);
}

// Several spellings of one time: the first that can be read.
std::optional<SeenTime> time_of(const Json& event) {
    for (const auto* name : {"time_utc", "time_iso"})
        if (const auto at = instant_in(event, name); at && *at) return seen_exactly(**at);
    return raw_time(event["time_raw"]);
}

// A milestone that is not reached has none; one that has a time has a readable one.
JsonResult<std::optional<SeenTime>> time_in(const Json& event) {
    auto at = time_of(event);
    if (!at)
        for (const auto* name : {"time_utc", "time_iso"}) TRY(instant_in(event, name));
    return at;
}

// A place is a text, or an object of texts.
std::string place_of(const Json& location) {
    if (!location.is_object()) return std::string(location.text());
    return joined({location["city"].text(), location["state"].text(), location["country"].text()},
                  ", ");
}

JsonResult<ScanSeen> scan_of(const Json& event) {
    const auto at = time_of(event);
    if (!at) return std::unexpected(JsonTrouble{"/time_raw", "an event without date"});
    const auto place = place_of(event["location"]);
    return ScanSeen{*at, status_of(event["sub_status"].text()).value_or(ParcelStatus::moving),
                    joined({event["description"].text(), place}, ", ")};
}

JsonResult<std::optional<SeenTime>> milestone(const Json& info, std::string_view stage) {
    for (const auto& event : info["milestone"].items())
        if (event["key_stage"].text() == stage) return time_in(event);
    return std::nullopt;
}

JsonResult<std::optional<SeenTime>> delivered_at(const Json& info, ParcelStatus status) {
    if (status != ParcelStatus::delivered) return std::nullopt;
    if (auto at = TRY(milestone(info, "Delivered"))) return at;
    return time_in(info["latest_event"]);
}

JsonResult<std::optional<Instant>> expected_by(const Json& info) {
    auto at = instant_or_day_in(info["time_metrics"]["estimated_delivery_date"], "to");
    if (!at) at.error().path = "/track_info/time_metrics/estimated_delivery_date" + at.error().path;
    return at;
}

JsonResult<void> keep_info(ParcelSeen& parcel, const Json& info) {
    const auto& latest = info["latest_status"];
    const auto sub_status = latest["sub_status"].text();
    const auto status = latest["status"].text();
    parcel.raw_status = sub_status.empty() ? status : sub_status;
    parcel.status = status_of(parcel.raw_status).value_or(ParcelStatus::unknown);
    parcel.shipped = TRY(milestone(info, "PickedUp"));
    parcel.delivered = TRY(delivered_at(info, parcel.status));
    parcel.last_mile_number = to_tracking_number(info["misc_info"]["local_number"].text());
    parcel.expected_by = TRY(expected_by(info));
    for (const auto& provider : info["tracking"]["providers"].items()) {
        if (parcel.carrier.empty()) parcel.carrier = text_in(provider["provider"], "name");
        for (const auto& event : provider["events"].items())
            parcel.scans.push_back(TRY(scan_of(event)));
    }
    return {};
}

JsonResult<ParcelSeen> parcel_of(const Json& data) {
    ParcelSeen parcel;
    parcel.tracking_number = TRY(number_in(data, "number"));
    keep_purchase(parcel, data["tag"].text());
    keep_purchase(parcel, data["param"].text());
    TRY(keep_info(parcel, data["track_info"]));
    return parcel;
}

JsonResult<std::optional<Instant>> synced_at(const Json& data) {
    std::optional<Instant> latest;
    for (const auto& provider : data["track_info"]["tracking"]["providers"].items()) {
        const auto at = TRY(instant_in(provider, "latest_sync_time"));
        if (at && (!latest || *latest < *at)) latest = at;
    }
    return latest;
}

void refuse(JsonJob& job, const std::string& path, const Json& item) {
    constexpr std::string_view nothing_yet = "-18019909";
    const auto& error = item["error"];
    const auto text = fmt::format("17TRACK on {}: {} ({})", item["number"].text(),
                                  error["message"].text(), error["code"].text());
    if (error["code"].text() == nothing_yet) return job.noted(path, text);
    ++job.report.records;
    job.rejected(path, text);
}

void read_push(JsonJob& job) {
    const auto& data = job.root["data"];
    auto parcel = parcel_of(data);
    if (parcel && job.root["event"].text() == "TRACKING_STOPPED") parcel->stopped = true;
    give(job, "/data", std::move(parcel), synced_at(data));
}

void read(JsonJob& job) {
    if (job.root.has("event")) return read_push(job);
    const auto& data = job.root["data"];
    std::size_t at = 0;
    for (const auto& item : data["accepted"].items())
        give(job, "/data/accepted/" + std::to_string(at++), parcel_of(item), synced_at(item));
    at = 0;
    for (const auto& item : data["rejected"].items())
        refuse(job, "/data/rejected/" + std::to_string(at++), item);
    if (job.report.records == 0) job.no_orders("an answer of 17TRACK without parcels");
}

}  // namespace track17

// Cainiao's page data, which is not documented.
namespace cainiao {

constexpr StatusWord statuses[] = {
    {"DELIVERING", ParcelStatus::moving},  {"TRANSPORT", ParcelStatus::moving},
    {"SIGNIN", ParcelStatus::delivered},   {"DELIVERED", ParcelStatus::delivered},
    {"RETURNED", ParcelStatus::returning}, {"RETURNING", ParcelStatus::returning},
    {"LOST", ParcelStatus::lost},
};

bool is(const Json& root) {
    const auto& module = root["module"];
    return root.has("success") && module.is_list() &&
           (module.items().empty() || module.items()[0].has("mailNo"));
}

JsonResult<ScanSeen> scan_of(const Json& detail) {
    const auto at = TRY(epoch_in(detail, "time"));
    if (!at) return std::unexpected(JsonTrouble{"/time", "an entry without time"});
    const auto text = detail.has("standerdDesc") ? "standerdDesc" : "desc";  // spelled so
    return ScanSeen{seen_exactly(*at), ParcelStatus::moving, text_in(detail, text)};
}

JsonResult<ParcelSeen> parcel_of(const Json& module) {
    ParcelSeen parcel;
    parcel.tracking_number = TRY(number_in(module, "mailNo"));
    parcel.carrier = "Cainiao";
    parcel.raw_status = text_in(module, "status");
    parcel.expected_by = TRY(epoch_in(module["globalEtaInfo"], "deliveryMaxTime"));
    for (const auto& detail : module["detailList"].items())
        parcel.scans.push_back(TRY(scan_of(detail)));
    const auto* scan = newest(parcel.scans);
    parcel.status = find(statuses, parcel.raw_status)
                        .value_or(scan ? ParcelStatus::moving : ParcelStatus::unknown);
    if (scan && parcel.status == ParcelStatus::delivered) parcel.delivered = scan->at;
    return parcel;
}

void read(JsonJob& job) {
    for (const auto& module : job.root["module"].items()) {
        const auto path = "/module/" + std::to_string(job.report.records);
        give(job, path, parcel_of(module), std::nullopt);
    }
    if (job.report.records == 0) job.no_orders("an answer of Cainiao without parcels");
}

}  // namespace cainiao

constexpr JsonKind kinds[] = {
    {"aftership", "AfterShip tracking", aftership::is, aftership::read},
    {"17track", "17TRACK tracking", track17::is, track17::read},
    {"cainiao_detail", "Cainiao page data", cainiao::is, cainiao::read},
};

}  // namespace

std::span<const JsonKind> tracker_kinds() { return kinds; }

}  // namespace holdfast::formats
