#include "engine/json_members.h"

#include "store/codec/json_pointer.h"

#include <algorithm>

namespace holdfast::engine {
namespace {

namespace json = boost::json;

std::string step(std::string_view name) {
    std::string text;
    store::add_step(text, name);
    return text;
}

std::optional<std::string> find_in_objects(const json::object& one, const json::object& other) {
    for (const auto& [name, value] : other) {
        const auto* found = one.if_contains(name);
        if (!found) return step(name);
        if (auto deeper = find_difference(*found, value)) return step(name) + *deeper;
    }
    for (const auto& [name, value] : one)
        if (!other.contains(name)) return step(name);
    return std::nullopt;
}

std::optional<std::string> find_in_arrays(const json::array& one, const json::array& other) {
    for (std::size_t i = 0; i < std::min(one.size(), other.size()); ++i)
        if (auto deeper = find_difference(one[i], other[i]))
            return "/" + std::to_string(i) + *deeper;
    if (one.size() == other.size()) return std::nullopt;
    return "/" + std::to_string(std::min(one.size(), other.size()));
}

}  // namespace

const json::value& member(const json::object& object, std::string_view name) {
    static const json::value none;
    const auto* found = object.if_contains(name);
    return found ? *found : none;
}

const json::value& member(const json::value& value, std::string_view name) {
    static const json::object empty;
    const auto* object = value.if_object();
    return member(object ? *object : empty, name);
}

std::string_view text_in(const json::value& value) {
    const auto* text = value.if_string();
    return text ? std::string_view(*text) : std::string_view();
}

std::optional<std::uint64_t> count_in(const json::value& value) {
    if (const auto* number = value.if_uint64()) return *number;
    const auto number = number_in(value);
    if (!number || *number < 0) return std::nullopt;
    return static_cast<std::uint64_t>(*number);
}

std::optional<std::int64_t> number_in(const json::value& value) {
    const auto* number = value.if_int64();
    return number ? std::optional(*number) : std::nullopt;
}

std::optional<std::string> find_difference(const json::value& one, const json::value& other) {
    if (one.is_object() && other.is_object())
        return find_in_objects(one.get_object(), other.get_object());
    if (one.is_array() && other.is_array())
        return find_in_arrays(one.get_array(), other.get_array());
    return one == other ? std::nullopt : std::optional<std::string>("");
}

}  // namespace holdfast::engine
