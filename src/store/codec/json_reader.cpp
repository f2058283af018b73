#include "store/codec/json_reader.h"

#include "store/codec/json_pointer.h"

#include <algorithm>

namespace holdfast::store {
namespace {

void append_utf8(std::string& text, unsigned point) {
    const auto last = [&](int shift) {
        text += static_cast<char>(0x80U | (point >> shift & 0x3FU));
    };
    if (point < 0x80) {
        text += static_cast<char>(point);
    } else if (point < 0x800) {
        text += static_cast<char>(0xC0U | point >> 6U);
        last(0);
    } else if (point < 0x10000) {
        text += static_cast<char>(0xE0U | point >> 12U);
        last(6);
        last(0);
    } else {
        text += static_cast<char>(0xF0U | point >> 18U);
        last(12);
        last(6);
        last(0);
    }
}

}  // namespace

std::string pointer_to(const JsonPlace& place) {
    if (place.up == nullptr) return {};
    auto pointer = pointer_to(*place.up);
    if (place.is_member)
        add_step(pointer, place.name);
    else
        pointer.append("/").append(std::to_string(place.index));
    return pointer;
}

bool is_new(std::vector<std::string>& names, std::string_view name) {
    if (std::ranges::find(names, name) != names.end()) return false;
    names.emplace_back(name);
    return true;
}

bool JsonReader::fail(const JsonPlace& place, std::string_view problem) {
    error_ = {pointer_to(place), std::string(problem)};
    return false;
}

bool JsonReader::wrong(const JsonPlace& place, std::string_view problem) {
    skip_space();
    constexpr std::string_view begins = "{[\"-0123456789tfn";
    const bool is_value = next_ != end_ && begins.contains(*next_);
    return fail(place, is_value ? problem : broken);
}

bool JsonReader::take_literal(std::string_view literal) {
    if (!std::string_view(next_, end_).starts_with(literal)) return false;
    next_ += literal.size();
    return true;
}

bool JsonReader::yes_or_no(const JsonPlace& place, bool& value) {
    skip_space();
    value = take_literal("true");
    return value || take_literal("false") || wrong(place, "is not true or false");
}

bool JsonReader::take_text(std::string_view& value, std::string& storage) {
    if (!take('"')) return false;
    const char* const begin = next_;
    while (next_ != end_ && *next_ != '"' && *next_ != '\\' &&
           static_cast<unsigned char>(*next_) >= 0x20)
        ++next_;
    value = {begin, next_};
    if (next_ != end_ && *next_ == '"') {
        ++next_;
        return true;
    }
    storage = value;
    while (next_ != end_) {
        const char c = *next_++;
        if (c == '"') {
            value = storage;
            return true;
        }
        if (static_cast<unsigned char>(c) < 0x20) return false;
        if (c != '\\')
            storage += c;
        else if (!take_escape(storage))
            return false;
    }
    return false;
}

// What follows a backslash.
bool JsonReader::take_escape(std::string& storage) {
    if (next_ == end_) return false;
    switch (*next_++) {
    case '"':  storage += '"'; return true;
    case '\\': storage += '\\'; return true;
    case '/':  storage += '/'; return true;
    case 'b':  storage += '\b'; return true;
    case 'f':  storage += '\f'; return true;
    case 'n':  storage += '\n'; return true;
    case 'r':  storage += '\r'; return true;
    case 't':  storage += '\t'; return true;
    case 'u':  break;
    default:   return false;
    }
    unsigned point = 0;
    if (!take_hex4(point) || (point >= 0xDC00 && point < 0xE000)) return false;
    if (point >= 0xD800 && point < 0xDC00) {
        unsigned low = 0;
        if (!take_literal("\\u") || !take_hex4(low) || low < 0xDC00 || low >= 0xE000) return false;
        point = 0x10000 + ((point - 0xD800) << 10U) + (low - 0xDC00);
    }
    append_utf8(storage, point);
    return true;
}

bool JsonReader::take_hex4(unsigned& value) {
    if (end_ - next_ < 4) return false;
    const auto [end, error] = std::from_chars(next_, next_ + 4, value, 16);
    if (error != std::errc() || end != next_ + 4) return false;
    next_ = end;
    return true;
}

bool JsonReader::take_digits() {
    const char* const begin = next_;
    while (next_ != end_ && *next_ >= '0' && *next_ <= '9') ++next_;
    return next_ != begin;
}

std::string_view JsonReader::take_number() {
    const char* const begin = next_;
    const auto take_one = [&](std::string_view of) {
        if (next_ == end_ || !of.contains(*next_)) return false;
        ++next_;
        return true;
    };
    take_one("-");
    if (!take_one("0") && !take_digits()) return {};
    if (take_one(".") && !take_digits()) return {};
    if (take_one("eE")) {
        take_one("+-");
        if (!take_digits()) return {};
    }
    return {begin, next_};
}

bool JsonReader::skip(const JsonPlace& place, int depth) {
    if (depth > depth_max) return fail(place, "is nested too deeply");
    if (is_next('{')) {
        std::vector<std::string> names;
        return object(place, [&](std::string_view name, const JsonPlace& inner) {
            return is_new(names, name) ? skip(inner, depth + 1) : fail(inner, "stands twice");
        });
    }
    if (is_next('['))
        return list(place, [&](const JsonPlace& inner) { return skip(inner, depth + 1); });
    if (is_next('"')) {
        std::string storage;
        std::string_view unused;
        return take_text(unused, storage) || fail(place, broken);
    }
    if (is_number_next()) return !take_number().empty() || fail(place, broken);
    return take_literal("true") || take_literal("false") || take_literal("null") ||
           fail(place, broken);
}

}  // namespace holdfast::store
