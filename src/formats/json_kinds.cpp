#include "formats/json_kinds.h"

#include "base/verify.h"
#include "formats/date_text.h"
#include "formats/id_text.h"
#include "formats/money_text.h"
#include "formats/text.h"
#include "formats/tracking_number.h"

#include <utility>

namespace holdfast::formats {
namespace {

std::unexpected<JsonTrouble> no(std::string_view name, std::string reason) {
    std::string path = "/";
    path += name;
    return std::unexpected(JsonTrouble{std::move(path), std::move(reason)});
}

}  // namespace

const Zone& JsonJob::pacific() const {
    VERIFY(options.zones);
    const auto* zone = options.zones->find("America/Los_Angeles");
    VERIFY(zone);
    return *zone;
}

void JsonJob::observed(desk::Seen seen, std::optional<Instant> seen_at) {
    if (const auto* purchase = std::get_if<desk::PurchaseSeen>(&seen))
        check_numbers(purchase->tracking_numbers);
    if (const auto* sale = std::get_if<desk::SaleSeen>(&seen))
        check_numbers(sale->tracking_numbers);
    if (const auto* parcel = std::get_if<desk::ParcelSeen>(&seen))
        check_numbers({parcel->tracking_number});
    const auto at = seen_at ? *seen_at : options.seen_at.value_or(options.now);
    sink.observed(
        {{.format = report.format, .seen_at = at, .file = file_, .line = 0}, std::move(seen)});
}

void JsonJob::rejected(std::string path, std::string reason) {
    sink.rejected({0, std::move(path)}, std::move(reason));
}

void JsonJob::noted(std::string path, std::string text) {
    sink.noted({0, std::move(path)}, std::move(text));
}

void JsonJob::check_numbers(const std::vector<std::string>& numbers) {
    for (const auto& number : numbers)
        if (const auto doubt = doubt_about(number); !doubt.empty())
            noted({}, "tracking number " + number + ": " + std::string(doubt));
}

JsonResult<std::string> id_in(const Json& object, std::string_view name) {
    auto id = parse_id_text(object[name].text());
    if (!id) return no(name, std::move(id.error()));
    return *std::move(id);
}

JsonResult<std::optional<std::int32_t>> count_in(const Json& object, std::string_view name) {
    const auto text = object[name].text();
    if (text.empty()) return std::nullopt;
    const auto count = parse_count(text, 1'000'000);
    if (!count) return no(name, shown(text) + " is no quantity");
    return static_cast<std::int32_t>(*count);
}

JsonResult<std::optional<Money>> decimal_in(const Json& object, std::string_view name,
                                            std::optional<Currency> currency) {
    const auto text = object[name].text();
    if (text.empty() || !currency) return std::nullopt;
    auto money = parse_decimal(text, *currency);
    if (!money) return no(name, std::move(money.error()));
    return *money;
}

JsonResult<std::optional<desk::SeenTime>> clock_in(const Json& object, std::string_view name,
                                                   const Zone& zone) {
    const auto text = trimmed(object[name].text());
    if (text.empty()) return std::nullopt;
    auto seen = parse_clock_text(text, zone);
    if (!seen) return no(name, std::move(seen.error()));
    return *seen;
}

JsonResult<std::optional<desk::SeenTime>> date_in(const Json& object, std::string_view name) {
    const auto text = trimmed(object[name].text());
    if (text.empty()) return std::nullopt;
    auto seen = parse_date_text(text);
    if (!seen) return no(name, std::move(seen.error()));
    return *seen;
}

JsonResult<std::optional<Instant>> epoch_in(const Json& object, std::string_view name) {
    const auto text = trimmed(object[name].text());
    if (text.empty()) return std::nullopt;
    auto at = parse_epoch(text);
    if (!at) return no(name, std::move(at.error()));
    return *at;
}

JsonResult<std::optional<Currency>> currency_in(const Json& object, std::string_view name) {
    const auto text = object[name].text();
    if (text.empty()) return std::nullopt;
    const auto currency = parse_currency(text);
    if (!currency) return no(name, shown(text) + " is no currency");
    return currency;
}

JsonResult<std::optional<Currency>> currency_of(JsonJob& job, const Json& order,
                                                std::string_view name, std::string_view total) {
    auto currency = currency_in(order, name);
    if (!currency || *currency) return currency;
    if (!job.options.currency && !order[total].text().empty())
        job.notes.no_currency({0, "/" + std::string(total)});
    return job.options.currency;
}

JsonResult<std::optional<Money>> money_object(const Json& object, std::string_view name) {
    const auto& money = object[name];
    if (!money.is_object()) return std::nullopt;
    const auto code = money.has("currencyCode") ? "currencyCode" : "currency_code";
    const auto currency = currency_in(money, code);
    if (!currency) return no(name, currency.error().reason);
    if (!*currency && !money["amount"].is_null()) return no(name, "an amount without currency");
    auto amount = decimal_in(money, "amount", *currency);
    if (!amount) return no(name, amount.error().reason);
    return *amount;
}

JsonResult<std::optional<Instant>> instant_in(const Json& object, std::string_view name) {
    const auto text = trimmed(object[name].text());
    if (text.empty()) return std::nullopt;
    const auto at = parse_instant(text);
    if (!at) return no(name, shown(text) + " is not like 2026-08-23T03:10:00Z");
    return at;
}

JsonResult<std::optional<Instant>> instant_or_day_in(const Json& object, std::string_view name) {
    const auto text = trimmed(object[name].text());
    if (parse_day(text) || parse_local(text)) return std::nullopt;
    return instant_in(object, name);
}

std::string text_in(const Json& object, std::string_view name) {
    return std::string(trimmed(object[name].text()));
}

const Json& without_envelope(const Json& root) {
    for (std::size_t i = 0; root.is_object() && i < root.items().size(); ++i)
        if (root.name(i).ends_with("_response")) return root.items()[i];
    return root;
}

std::string order_by_file_name(JsonJob& job) {
    auto id = order_id_in_name(job.file_name());
    if (!id.empty())
        job.noted({}, "the answer holds no order id; " + id + " is taken from the file's name");
    return id;
}

}  // namespace holdfast::formats
