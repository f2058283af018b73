// The members of a JSON object as a request has them, each asked for by its name.
//
// All faults are collected, each with its RFC 6901 pointer, so that a client learns of them at
// once; a value that was at fault keeps what it was. What nobody asked for is a fault too. Sums are
// taken with their currency: those of one request must agree.
#pragma once

#include "base/currency.h"
#include "base/hash.h"
#include "base/id.h"
#include "base/instant.h"
#include "base/word.h"
#include "order/order.h"
#include "store/codec/enum_words.h"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace holdfast::api {

// What is wrong with one part of a request. `code`: missing, unknown, wrong_type, too_small,
// too_large, too_short, too_long, invalid, not_unique, not_fitting.
struct Fault {
    std::string pointer = {};    // into the body…
    std::string parameter = {};  // …or a header or query parameter
    std::string code = {};
    std::optional<std::int64_t> min = {}, max = {};
    bool operator==(const Fault&) const = default;
};

// What is gathered while one request is read.
struct Reading {
    std::vector<Fault> faults = {};
    std::optional<Currency> currency = {};  // of its sums
    bool currencies_differ = false;

    void fault(std::string pointer, std::string code);
};

// What a text may be.
struct TextRule {
    std::size_t least = 0, most = 255;  // bytes
    bool (*allows)(std::string_view) = nullptr;
};
bool has_no_controls(std::string_view text);

inline constexpr std::int64_t wire_max = 9'007'199'254'740'991;  // 2^53 - 1
inline constexpr std::int64_t sum_max = wire_max / 4;

struct NumberRange {
    std::int64_t least = -wire_max, most = wire_max;
};

class Members {
public:
    using Json = boost::json::value;
    using Range = NumberRange;

    Members(const boost::json::object& object, std::string pointer, Reading& reading)
        : object_(object), pointer_(std::move(pointer)), reading_(reading) {}

    // The member's value; missing: null, and a fault where it is needed.
    const Json* need(std::string_view name);
    const Json* find(std::string_view name);
    bool has(std::string_view name) const { return object_.contains(name); }
    std::string pointer_to(std::string_view name) const;
    Reading& reading() { return reading_; }
    const boost::json::object& json() const { return object_; }

    // Reads a member that must be there, or one that may be left out.
    template <class T, class... Rule>
    void need(std::string_view name, T& value, const Rule&... rule) {
        if (const auto* json = need(name)) read(*json, pointer_to(name), value, rule...);
    }
    template <class T, class... Rule>
    void may(std::string_view name, T& value, const Rule&... rule) {
        if (const auto* json = find(name)) read(*json, pointer_to(name), value, rule...);
    }
    template <class T, class... Rule>
    void may(std::string_view name, std::optional<T>& value, const Rule&... rule) {
        const auto* json = find(name);
        if (!json) return;
        T read_value{};
        if (read(*json, pointer_to(name), read_value, rule...)) value = std::move(read_value);
    }

    // `each(members)` for every object of a list; `most`: how many there may be.
    template <class F>
    void each_of(std::string_view name, std::size_t least, std::size_t most, F&& each) {
        const auto* json = least > 0 ? need(name) : find(name);
        if (!json) return;
        const auto* list = list_of(*json, pointer_to(name), least, most);
        if (!list) return;
        for (std::size_t i = 0; i < list->size(); ++i) {
            const auto here = pointer_to(name) + "/" + std::to_string(i);
            if (const auto* object = (*list)[i].if_object()) {
                Members members(*object, here, reading_);
                each(members);
                members.done();
            } else {
                reading_.fault(here, "wrong_type");
            }
        }
    }
    // An object that may be left out; whether it is there.
    template <class F>
    bool object(std::string_view name, F&& inside) {
        const auto* json = find(name);
        return json && object_in(*json, pointer_to(name), inside);
    }
    template <class F>
    bool object_in(const Json& json, const std::string& pointer, F&& inside) {
        const auto* object = json.if_object();
        if (!object) return reading_.fault(pointer, "wrong_type"), false;
        Members members(*object, pointer, reading_);
        inside(members);
        members.done();
        return true;
    }

    // A sum of at least `least`; its currency is that of the request.
    void need_sum(std::string_view name, std::int64_t& minor, std::int64_t least,
                  std::int64_t most);
    bool may_sum(std::string_view name, std::int64_t& minor, std::int64_t least, std::int64_t most);
    void may_sum(std::string_view name, std::optional<std::int64_t>& minor, std::int64_t least,
                 std::int64_t most);

    // Lists of words of an enum, and of plain words.
    template <class E>
        requires std::is_enum_v<E>
    void list(std::string_view name, std::vector<E>& values, std::size_t least, std::size_t most) {
        each_value(name, least, most, [&](const Json& json, const std::string& pointer) {
            E value{};
            if (read(json, pointer, value)) values.push_back(value);
        });
    }
    void list(std::string_view name, std::vector<Word>& values, std::size_t least,
              std::size_t most);

    template <class F>
    void each_value(std::string_view name, std::size_t least, std::size_t most, F&& each) {
        const auto* json = least > 0 ? need(name) : find(name);
        if (!json) return;
        if (const auto* list = list_of(*json, pointer_to(name), least, most))
            for (std::size_t i = 0; i < list->size(); ++i)
                each((*list)[i], pointer_to(name) + "/" + std::to_string(i));
    }

    // What was not asked for is not known.
    void done();

    bool read(const Json& json, const std::string& pointer, bool& value);
    bool read(const Json& json, const std::string& pointer, std::int64_t& value, const Range& = {});
    bool read(const Json& json, const std::string& pointer, std::int32_t& value, const Range& = {});
    bool read(const Json& json, const std::string& pointer, std::string& value, const TextRule&);
    bool read(const Json& json, const std::string& pointer, Word& value,
              std::size_t least = std::size_t{1});
    bool read(const Json& json, const std::string& pointer, Hash& value);
    bool read(const Json& json, const std::string& pointer, Instant& value);
    bool read(const Json& json, const std::string& pointer, terms::When& value);
    bool read(const Json& json, const std::string& pointer, Currency& value);
    template <class Tag>
    bool read(const Json& json, const std::string& pointer, Id<Tag>& value) {
        return read_text(json, pointer, value, &parse_id<Tag>);
    }
    template <class E>
        requires std::is_enum_v<E>
    bool read(const Json& json, const std::string& pointer, E& value) {
        return read_text(json, pointer, value, &store::find_enumerator<E>);
    }

private:
    template <class T, class Parse>
    bool read_text(const Json& json, const std::string& pointer, T& value, Parse parse) {
        const auto* text = json.if_string();
        if (!text) return reading_.fault(pointer, "wrong_type"), false;
        const auto parsed = parse(std::string_view(*text));
        if (!parsed) return reading_.fault(pointer, "invalid"), false;
        value = *parsed;
        return true;
    }
    const boost::json::array* list_of(const Json& json, const std::string& pointer,
                                      std::size_t least, std::size_t most);
    bool read_sum(const Json& json, const std::string& pointer, std::int64_t& minor,
                  const Range& range);

    const boost::json::object& object_;
    std::string pointer_;
    Reading& reading_;
    std::vector<std::string_view> asked_;
};

}  // namespace holdfast::api
