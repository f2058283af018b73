// Reads strict JSON piece by piece, as the caller asks for it, in place and without a tree.
//
// Every call takes the place it reads at and says whether it could; the first time one could not,
// error() tells where and why, and the reader is of no more use. Broken UTF-8 is kept as it came,
// like in every text of ours.
#pragma once

#include "store/codec/observation_codec.h"

#include <charconv>
#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace holdfast::store {

// Where a value stands, from the inside out; made into a pointer only for an error.
struct JsonPlace {
    const JsonPlace* up = nullptr;
    std::string_view name = {};  // of a member
    std::size_t index = 0;       // in a list
    bool is_member = true;
};

std::string pointer_to(const JsonPlace& place);  // RFC 6901

class JsonReader {
public:
    explicit JsonReader(std::string_view text) : next_(text.data()), end_(next_ + text.size()) {}

    const DecodeError& error() const { return error_; }
    bool fail(const JsonPlace& place, std::string_view problem);  // false

    // Calls on_member(name, place) before each value; it reads the value and says whether it could.
    template <class F>
    [[nodiscard]] bool object(const JsonPlace& place, F&& on_member) {
        if (!take('{')) return wrong(place, "is not an object");
        if (take('}')) return true;
        do {
            std::string storage;
            std::string_view name;
            if (!take_text(name, storage) || !take(':')) return fail(place, broken);
            if (!on_member(name, JsonPlace{.up = &place, .name = name})) return false;
        } while (take(','));
        return take('}') || fail(place, broken);
    }

    // Calls on_element(place) before each value.
    template <class F>
    [[nodiscard]] bool list(const JsonPlace& place, F&& on_element) {
        if (!take('[')) return wrong(place, "is not a list");
        if (take(']')) return true;
        std::size_t index = 0;
        do {
            if (!on_element(JsonPlace{.up = &place, .index = index++, .is_member = false}))
                return false;
        } while (take(','));
        return take(']') || fail(place, broken);
    }

    // `value` is of the text read or of `storage`.
    [[nodiscard]] bool text(const JsonPlace& place, std::string_view& value, std::string& storage,
                            std::string_view problem = "is not a text") {
        if (!is_next('"')) return wrong(place, problem);
        return take_text(value, storage) || fail(place, broken);
    }

    template <std::integral Number>
    [[nodiscard]] bool number(const JsonPlace& place, Number& value) {
        constexpr std::string_view problem = "is not a whole number in range";
        if (!is_number_next()) return wrong(place, problem);
        const auto digits = take_number();
        if (digits.empty()) return fail(place, broken);
        const char* const first = digits.data();
        const char* const last = first + digits.size();
        const auto [end, error] = std::from_chars(first, last, value);
        return (end == last && error == std::errc()) || fail(place, problem);
    }

    [[nodiscard]] bool yes_or_no(const JsonPlace& place, bool& value);
    bool take_null() { return skip_space(), take_literal("null"); }

    bool is_next(char c) { return skip_space(), next_ != end_ && *next_ == c; }

    // Passes over a value of any kind, which must be right in itself.
    [[nodiscard]] bool skip(const JsonPlace& place) { return skip(place, 0); }

    // Nothing but space is left.
    [[nodiscard]] bool end() {
        return (skip_space(), next_ == end_) || fail({}, "goes on after its end");
    }

private:
    static constexpr std::string_view broken = "is not JSON";
    static constexpr int depth_max = 32;

    void skip_space() {
        while (next_ != end_ &&
               (*next_ == ' ' || *next_ == '\n' || *next_ == '\r' || *next_ == '\t'))
            ++next_;
    }
    bool take(char c) {
        if (!is_next(c)) return false;
        ++next_;
        return true;
    }
    bool is_number_next() {
        return skip_space(), next_ != end_ && (*next_ == '-' || (*next_ >= '0' && *next_ <= '9'));
    }
    bool take_literal(std::string_view literal);
    bool take_text(std::string_view& value, std::string& storage);
    bool take_escape(std::string& storage);
    bool take_hex4(unsigned& value);
    std::string_view take_number();  // empty: it is none
    bool take_digits();

    // A value of another kind, or none at all.
    bool wrong(const JsonPlace& place, std::string_view problem);
    bool skip(const JsonPlace& place, int depth);

    const char* next_;
    const char* end_;
    DecodeError error_;
};

// Whether `name` is not yet among `names`, to which it is added.
bool is_new(std::vector<std::string>& names, std::string_view name);

}  // namespace holdfast::store
