#include "http/target.h"

#include "base/utf8.h"

#include "base/try.h"

#include <algorithm>

namespace holdfast::http {
namespace {

std::unexpected<WireFault> no(WireFault fault) { return std::unexpected(fault); }

bool is_plain(char c, std::string_view others) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           others.contains(c);
}

bool is_path(std::string_view text) {
    constexpr std::string_view others = "-._~!$&'()*+,;=:@/%";
    return std::ranges::all_of(text, [&](char c) { return is_plain(c, others); });
}

// What browsers leave as it is in a query is taken there, too.
bool is_query(std::string_view text) {
    constexpr std::string_view others = "-._~!$&'()*+,;=:@/%?[]{}|\\^`";
    return std::ranges::all_of(text, [&](char c) { return is_plain(c, others); });
}

// May it be a segment of a path, decoded?
bool is_segment(std::string_view text) {
    return text != "." && text != ".." && is_line(text) && is_utf8(text) &&
           text.find_first_of("/\\\t") == std::string_view::npos;
}

std::expected<std::vector<std::string>, WireFault> parse_path(std::string_view path) {
    if (!path.starts_with('/') || !is_path(path)) return no(WireFault::bad_target);
    std::vector<std::string> segments;
    for (const auto part : path_parts(path)) {
        auto segment = percent_decoded(part);
        if (!segment || !is_segment(*segment)) return no(WireFault::bad_target);
        segments.push_back(*std::move(segment));
    }
    return segments;
}

std::expected<Target, WireFault> parse_origin_form(std::string_view text) {
    const auto mark = text.find('?');
    const auto path = text.substr(0, mark);
    Target target{.path = std::string(path), .segments = TRY(parse_path(path))};
    if (mark == std::string_view::npos) return target;

    const auto query = text.substr(mark + 1);
    auto fields = is_query(query) ? parse_form(query) : std::nullopt;
    if (!fields) return no(WireFault::bad_target);
    target.query = *std::move(fields);
    return target;
}

// "http://host/a": what a proxy is sent; the host has to be the one that the Host field says.
std::expected<Target, WireFault> parse_absolute_form(std::string_view text, const Head& head) {
    const auto colon = text.find("://");
    const auto scheme = text.substr(0, colon);
    if (!is_same_name(scheme, "http") && !is_same_name(scheme, "https"))
        return no(WireFault::bad_target);
    const auto rest = text.substr(colon + 3);
    const auto end = rest.find_first_of("/?");
    const auto host = rest.substr(0, end);
    if (host.empty() || host.contains('@')) return no(WireFault::bad_target);
    if (!is_same_name(host, head.host)) return no(WireFault::host_mismatch);
    const auto path = end == std::string_view::npos ? std::string_view{} : rest.substr(end);
    if (path.starts_with('/')) return parse_origin_form(path);
    return parse_origin_form("/" + std::string(path));
}

std::string spaces_for_pluses(std::string_view text) {
    std::string spaced(text);
    std::ranges::replace(spaced, '+', ' ');
    return spaced;
}

std::optional<std::string> form_text(std::string_view text) {
    auto decoded = percent_decoded(spaces_for_pluses(text));
    if (!decoded || !is_utf8(*decoded) || decoded->contains('\0')) return std::nullopt;
    return decoded;
}

}  // namespace

std::optional<std::string_view> Target::query_field(std::string_view name) const {
    for (const auto& [own, value] : query)
        if (own == name) return value;
    return std::nullopt;
}

std::expected<Target, WireFault> parse_target(const Head& head) {
    const std::string_view text = head.target;
    if (text.starts_with('/')) return parse_origin_form(text);
    if (text == "*" && head.method == "OPTIONS") return Target{.path = "*"};
    if (text.contains("://")) return parse_absolute_form(text, head);
    return no(WireFault::bad_target);
}

std::optional<std::string> percent_decoded(std::string_view text) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            decoded += text[i];
            continue;
        }
        if (i + 2 >= text.size()) return std::nullopt;
        const auto high = hex_value(text[i + 1]), low = hex_value(text[i + 2]);
        if (!high || !low) return std::nullopt;
        decoded += static_cast<char>(*high << 4U | *low);
        i += 2;
    }
    return decoded;
}

std::optional<std::vector<std::pair<std::string, std::string>>> parse_form(std::string_view text) {
    std::vector<std::pair<std::string, std::string>> fields;
    while (!text.empty()) {
        const auto end = std::min(text.find('&'), text.size());
        const auto field = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (field.empty()) continue;
        const auto equals = std::min(field.find('='), field.size());
        auto name = form_text(field.substr(0, equals));
        auto value = form_text(field.substr(std::min(equals + 1, field.size())));
        if (!name || !value) return std::nullopt;
        fields.emplace_back(*std::move(name), *std::move(value));
    }
    return fields;
}

std::vector<std::string_view> path_parts(std::string_view path) {
    std::vector<std::string_view> parts;
    path.remove_prefix(1);
    while (!path.empty()) {
        const auto slash = path.find('/');
        parts.push_back(path.substr(0, slash));
        if (slash == std::string_view::npos) return parts;
        path.remove_prefix(slash + 1);
        if (path.empty()) parts.emplace_back();
    }
    return parts;
}

}  // namespace holdfast::http
