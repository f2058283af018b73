#include "api/members.h"

#include "http/header.h"

#include <boost/json/array.hpp>

#include <algorithm>
#include <limits>

namespace holdfast::api {
namespace {

// RFC 3339 in UTC with a "Z"; what is finer than a millisecond is cut.
std::optional<Instant> parse_utc(std::string_view text) {
    if (!text.ends_with('Z')) return std::nullopt;
    const auto at = parse_instant(text);
    if (!at || !is_sayable(*at)) return std::nullopt;
    return at;
}

std::optional<terms::When> parse_when(std::string_view text) {
    if (text.contains('T')) {
        const auto at = parse_utc(text);
        return at ? std::optional(terms::When(*at)) : std::nullopt;
    }
    const auto day = parse_day(text);
    return day && is_sayable(*day) ? std::optional(terms::When(*day)) : std::nullopt;
}

}  // namespace

bool has_no_controls(std::string_view text) { return !http::has_controls(text); }

void Reading::fault(std::string pointer, std::string code) {
    faults.push_back({.pointer = std::move(pointer), .code = std::move(code)});
}

std::string Members::pointer_to(std::string_view name) const {
    auto pointer = pointer_ + "/";
    for (const char c : name)
        if (c == '~' || c == '/')
            pointer += c == '~' ? "~0" : "~1";
        else
            pointer += c;
    return pointer;
}

const Members::Json* Members::need(std::string_view name) {
    const auto* json = find(name);
    if (!json) reading_.fault(pointer_to(name), "missing");
    return json;
}

const Members::Json* Members::find(std::string_view name) {
    asked_.push_back(name);
    return object_.if_contains(name);
}

void Members::done() {
    for (const auto& member : object_)
        if (std::ranges::find(asked_, std::string_view(member.key())) == asked_.end())
            reading_.fault(pointer_to(member.key()), "unknown");
}

const boost::json::array* Members::list_of(const Json& json, const std::string& pointer,
                                           std::size_t least, std::size_t most) {
    const auto* list = json.if_array();
    if (!list) return reading_.fault(pointer, "wrong_type"), nullptr;
    if (list->size() >= least && list->size() <= most) return list;
    reading_.faults.push_back({.pointer = pointer,
                               .code = list->size() < least ? "too_short" : "too_long",
                               .min = static_cast<std::int64_t>(least),
                               .max = static_cast<std::int64_t>(most)});
    return nullptr;
}

bool Members::read(const Json& json, const std::string& pointer, bool& value) {
    if (!json.is_bool()) return reading_.fault(pointer, "wrong_type"), false;
    value = json.get_bool();
    return true;
}

bool Members::read(const Json& json, const std::string& pointer, std::int64_t& value,
                   const Range& range) {
    std::int64_t number = 0;
    bool is_beyond = false;
    if (json.is_int64())
        number = json.get_int64();
    else if (json.is_uint64())
        is_beyond = true;
    else
        return reading_.fault(pointer, "wrong_type"), false;
    if (!is_beyond && number >= range.least && number <= range.most) return value = number, true;
    reading_.faults.push_back(
        {.pointer = pointer,
         .code = !is_beyond && number < range.least ? "too_small" : "too_large",
         .min = range.least,
         .max = range.most});
    return false;
}

bool Members::read(const Json& json, const std::string& pointer, std::int32_t& value,
                   const Range& range) {
    constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
    std::int64_t number = 0;
    if (!read(json, pointer, number, {std::max(range.least, -most), std::min(range.most, most)}))
        return false;
    value = static_cast<std::int32_t>(number);
    return true;
}

bool Members::read(const Json& json, const std::string& pointer, std::string& value,
                   const TextRule& rule) {
    const auto* text = json.if_string();
    if (!text) return reading_.fault(pointer, "wrong_type"), false;
    if (text->size() < rule.least || text->size() > rule.most) {
        reading_.faults.push_back({.pointer = pointer,
                                   .code = text->size() < rule.least ? "too_short" : "too_long",
                                   .min = static_cast<std::int64_t>(rule.least),
                                   .max = static_cast<std::int64_t>(rule.most)});
        return false;
    }
    if (rule.allows && !rule.allows(std::string_view(*text)))
        return reading_.fault(pointer, "invalid"), false;
    value = std::string_view(*text);
    return true;
}

bool Members::read(const Json& json, const std::string& pointer, Word& value, std::size_t least) {
    std::string text;
    if (!read(json, pointer, text, TextRule{.least = least, .most = 39})) return false;
    const auto word = to_word(text);
    if (!word) return reading_.fault(pointer, "invalid"), false;
    value = *word;
    return true;
}

bool Members::read(const Json& json, const std::string& pointer, Hash& value) {
    return read_text(json, pointer, value, &parse_hash);
}
bool Members::read(const Json& json, const std::string& pointer, Instant& value) {
    return read_text(json, pointer, value, &parse_utc);
}
bool Members::read(const Json& json, const std::string& pointer, terms::When& value) {
    return read_text(json, pointer, value, &parse_when);
}
bool Members::read(const Json& json, const std::string& pointer, Currency& value) {
    return read_text(json, pointer, value, &parse_currency);
}

bool Members::read_sum(const Json& json, const std::string& pointer, std::int64_t& minor,
                       const Range& range) {
    const auto faults = reading_.faults.size();
    std::optional<Currency> currency;
    object_in(json, pointer, [&](Members& sum) {
        sum.need("amount", minor, range);
        Currency read_currency{};
        sum.need("currency", read_currency);
        currency = read_currency;
    });
    if (reading_.faults.size() > faults) return false;
    if (reading_.currency && reading_.currency != currency) reading_.currencies_differ = true;
    if (!reading_.currency) reading_.currency = currency;
    return true;
}

void Members::need_sum(std::string_view name, std::int64_t& minor, std::int64_t least,
                       std::int64_t most) {
    if (const auto* json = need(name)) read_sum(*json, pointer_to(name), minor, {least, most});
}

bool Members::may_sum(std::string_view name, std::int64_t& minor, std::int64_t least,
                      std::int64_t most) {
    const auto* json = find(name);
    return json && read_sum(*json, pointer_to(name), minor, {least, most});
}

void Members::may_sum(std::string_view name, std::optional<std::int64_t>& minor, std::int64_t least,
                      std::int64_t most) {
    std::int64_t sum = 0;
    if (may_sum(name, sum, least, most)) minor = sum;
}

void Members::list(std::string_view name, std::vector<Word>& values, std::size_t least,
                   std::size_t most) {
    each_value(name, least, most, [&](const Json& json, const std::string& pointer) {
        Word value;
        if (read(json, pointer, value)) values.push_back(value);
    });
}

}  // namespace holdfast::api
