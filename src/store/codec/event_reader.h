// Reads what event_writer.h wrote, into values that start as nothing was said.
//
// Members that are not there leave their default; unknown ones are passed over, so that an older
// program reads a newer text. A name that stands twice and a value of a wrong kind are refused.
#pragma once

#include "store/codec/enum_words.h"
#include "store/codec/event_members.h"
#include "store/codec/json_reader.h"

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace holdfast::store {

class EventReader {
public:
    explicit EventReader(std::string_view text) : json_(text) {}

    // The whole text. If it says no, error() says why and `value` is anything.
    template <class T>
    [[nodiscard]] bool read_whole(T&& value) {
        return read_members({}, value) && json_.end();
    }
    const DecodeError& error() const { return json_.error(); }

private:
    template <class T>
    bool read_members(const JsonPlace& place, T& object) {
        std::uint32_t seen = 0;
        std::vector<std::string> unknown;
        return json_.object(place, [&](std::string_view name, const JsonPlace& here) {
            std::uint32_t bit = 1;
            bool is_known = false, is_read = false;
            for_members(object, [&](std::string_view own, auto& member) {
                if (!is_known && own == name) {
                    is_known = true;
                    is_read = (seen & bit) == 0 ? read(here, member) : twice(here);
                    seen |= bit;
                }
                bit <<= 1U;
            });
            if (is_known) return is_read;
            return is_new(unknown, name) ? json_.skip(here) : twice(here);
        });
    }
    bool twice(const JsonPlace& place) { return json_.fail(place, "stands twice"); }

    bool read(const JsonPlace& place, bool& value) { return json_.yes_or_no(place, value); }
    template <std::integral Number>
        requires(!std::same_as<Number, bool>)
    bool read(const JsonPlace& place, Number& value) {
        return json_.number(place, value);
    }
    bool read(const JsonPlace& place, std::string& value) {
        std::string_view text;
        std::string storage;
        if (!json_.text(place, text, storage)) return false;
        value = text;
        return true;
    }
    bool read(const JsonPlace& place, Instant& value) {
        Duration::rep milliseconds = 0;
        if (!json_.number(place, milliseconds)) return false;
        value = Instant{Duration{milliseconds}};
        return true;
    }

    // A value that a text stands for, as `parse` reads it.
    template <class T, class Parse>
    bool read_as(const JsonPlace& place, T& value, std::string_view problem, Parse&& parse) {
        std::string_view text;
        std::string storage;
        if (!json_.text(place, text, storage, problem)) return false;
        const auto parsed = parse(text);
        if (!parsed) return json_.fail(place, problem);
        value = *parsed;
        return true;
    }
    bool read(const JsonPlace& place, Word& value) {
        return read_as(place, value, "is not a text of at most 39 bytes", to_word);
    }
    bool read(const JsonPlace& place, Currency& value) {
        return read_as(place, value, "is not a currency", parse_currency);
    }
    bool read(const JsonPlace& place, IdBytes& value) {
        return read_as(place, value, "is not an id", parse_base32);
    }
    template <class Tag>
    bool read(const JsonPlace& place, Id<Tag>& value) {
        return read_as(place, value, "is not an id", parse_id<Tag>);
    }
    bool read(const JsonPlace& place, Hash& value) {
        return read_as(place, value, "is not a hash", parse_hash);
    }
    template <class E>
        requires std::is_enum_v<E>
    bool read(const JsonPlace& place, E& value) {
        return read_as(place, value, "is not a known word", find_enumerator<E>);
    }
    bool read(const JsonPlace& place, terms::When& value) {
        if (json_.take_null()) return value = {}, true;
        if (json_.is_next('"')) return read_as(place, value, "is not a day", parse_day);
        Instant at;
        if (!read(place, at)) return false;
        value = at;
        return true;
    }
    template <class Tag>
    bool read(const JsonPlace& place, order::Ordinal<Tag>& value) {
        return json_.number(place, value.value);
    }
    template <class Tag>
    bool read(const JsonPlace& place, ledger::Count<Tag>& value) {
        return json_.number(place, value.value);
    }
    template <class T>
    bool read(const JsonPlace& place, std::optional<T>& value) {
        if (json_.take_null()) return value.reset(), true;
        return read(place, value.emplace());
    }
    template <class A, class B>
    bool read(const JsonPlace& place, std::pair<A, B>& value) {
        std::size_t count = 0;
        const bool is_read = json_.list(place, [&](const JsonPlace& inner) {
            switch (count++) {
            case 0:  return read(inner, value.first);
            case 1:  return read(inner, value.second);
            default: return json_.fail(place, "is not a list of two");
            }
        });
        return is_read && (count == 2 || json_.fail(place, "is not a list of two"));
    }
    template <class T>
    bool read(const JsonPlace& place, std::vector<T>& all) {
        all.clear();
        return json_.list(place,
                          [&](const JsonPlace& inner) { return read(inner, all.emplace_back()); });
    }
    template <HasMembers T>
    bool read(const JsonPlace& place, T& object) {
        return read_members(place, object);
    }

    JsonReader json_;
};

}  // namespace holdfast::store
