// Writes events as compact JSON, straight into one text.
//
// The same value always gives the same bytes. A member is left out where it has the value that its
// struct starts with. Sums and instants (milliseconds) are whole numbers, enums their words, ids
// and hashes as to_string() and to_hex() spell them, a Day is "2026-02-28", a pair a list of two.
#pragma once

#include "store/codec/enum_words.h"
#include "store/codec/event_members.h"

#include <array>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace holdfast::store {

// Where each member of a T that nothing was said to stands, in their order.
template <class T>
class Defaults {
public:
    // `member` is of the type that the member at `index` has: both come from one list.
    template <class M>
    static bool has(std::size_t index, const M& member) {
        return *static_cast<const M*>(all()[index]) == member;
    }

private:
    static constexpr std::size_t most = 32;

    static const std::array<const void*, most>& all() {
        static const T blank{};
        static const auto places = [] {
            std::array<const void*, most> result{};
            std::size_t i = 0;
            for_members(blank, [&](std::string_view, const auto& member) {
                VERIFY(i < most);
                result[i++] = &member;
            });
            return result;
        }();
        return places;
    }
};

class EventWriter {
public:
    explicit EventWriter(std::string& out) : out_(out) {}

    // The whole of an event; `when` where it is not `at`.
    template <class E>
    void put_event(Instant at, Instant when, const E& event) {
        char before = '{';
        if (when != at) put_member(before, "when", when);
        put_members(before, event);
    }

    void put(bool yes) { out_ += yes ? "true" : "false"; }
    template <std::integral Number>
        requires(!std::same_as<Number, bool>)
    void put(Number number) {
        std::array<char, 24> digits;
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
        out_.append(digits.data(), end);
    }
    void put(std::string_view text) {
        out_ += '"';
        for (const char c : text) put_escaped(c);
        out_ += '"';
    }
    void put(const std::string& text) { put(std::string_view(text)); }
    void put(const Word& word) { put(word.view()); }
    void put(Currency currency) { put_plain(code_of(currency)); }
    void put(Instant at) { put(at.time_since_epoch().count()); }
    void put(const terms::When& when) {
        if (when.is_instant())
            put(when.instant());
        else if (when.is_day())
            put_plain(to_string(when.day()));
        else
            out_ += "null";
    }
    void put(const Hash& hash) { put_plain(to_hex(hash)); }
    void put(const IdBytes& bytes) { put_plain(to_base32(bytes)); }
    template <class Tag>
    void put(const Id<Tag>& id) {
        put_plain(to_string(id));
    }
    template <class Tag>
    void put(order::Ordinal<Tag> no) {
        put(no.value);
    }
    template <class Tag>
    void put(ledger::Count<Tag> no) {
        put(no.value);
    }
    template <class E>
        requires std::is_enum_v<E>
    void put(E value) {
        put_plain(word_of(value));
    }
    template <class T>
    void put(const std::optional<T>& value) {
        if (value)
            put(*value);
        else
            out_ += "null";
    }
    template <class A, class B>
    void put(const std::pair<A, B>& both) {
        out_ += '[';
        put(both.first);
        out_ += ',';
        put(both.second);
        out_ += ']';
    }
    template <class T>
    void put(const std::vector<T>& all) {
        out_ += '[';
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (i > 0) out_ += ',';
            put(all[i]);
        }
        out_ += ']';
    }
    template <HasMembers T>
    void put(const T& object) {
        char before = '{';
        put_members(before, object);
    }

private:
    template <class T>
    void put_members(char& before, const T& object) {
        std::size_t i = 0;
        for_members(object, [&](std::string_view name, const auto& member) {
            if (!Defaults<T>::has(i++, member)) put_member(before, name, member);
        });
        if (before == '{') out_ += before;
        out_ += '}';
    }
    template <class M>
    void put_member(char& before, std::string_view name, const M& member) {
        out_ += std::exchange(before, ',');
        put_plain(name);
        out_ += ':';
        put(member);
    }

    void put_plain(std::string_view text) {  // that needs no escape
        out_ += '"';
        out_ += text;
        out_ += '"';
    }
    void put_escaped(char c) {
        constexpr std::string_view digits = "0123456789abcdef";
        if (c == '"' || c == '\\') {
            out_ += '\\';
            out_ += c;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            out_ += "\\u00";
            out_ += digits[static_cast<unsigned char>(c) >> 4];
            out_ += digits[c & 15];
        } else {
            out_ += c;
        }
    }

    std::string& out_;
};

}  // namespace holdfast::store
