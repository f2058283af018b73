// One line of a scenario as words, taken from the front.
//
// Words stand between spaces; "several words in quotes" are one. A comma, semicolon or colon behind
// a word is for the reader; whether a colon stood there can be asked. From a # on, at the
// beginning of a word, the rest is a comment. A word that does not fit is told with what would.
#pragma once

#include "base/currency.h"
#include "base/instant.h"
#include "base/word.h"
#include "order/order.h"
#include "terms/facts.h"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::formats {

// What stood there, what would have done, and the words nearest to it, if any.
struct Fault {
    std::string found, expected, nearest;
    bool operator==(const Fault&) const = default;
};
template <class T>
using Parsed = std::expected<T, Fault>;

// Every word of an enum that has count_ and a spelling, in its order.
template <class E>
std::vector<std::string_view> spellings() {
    std::vector<std::string_view> all;
    for (std::size_t i = 0; i < static_cast<std::size_t>(E::count_); ++i)
        all.push_back(to_string(static_cast<E>(i)));
    return all;
}
template <>
std::vector<std::string_view> spellings<terms::Party>();  // which has no count_

class ScenarioLine {
public:
    explicit ScenarioLine(std::string_view text);

    bool is_done() const { return next_ == words_.size(); }
    bool is_after_colon() const { return next_ > 0 && words_[next_ - 1].colon; }
    std::string_view peek() const { return is_done() ? std::string_view() : words_[next_].text; }
    // The text from the next word on, as written, without the comment.
    std::string_view rest() const;

    bool take(std::string_view phrase);  // all words of it, or none
    Parsed<void> need(std::string_view phrase);
    Parsed<void> need_end() const;

    Parsed<Instant> instant();
    Parsed<terms::When> when();  // an instant or a day
    Parsed<order::Minor> amount(Currency currency);
    bool is_amount(Currency currency) const;  // is the next word one?
    Parsed<std::int32_t> count(std::string_view what, std::int32_t least = 0);
    Parsed<std::int32_t> basis_points();  // "5 %", "2.5%"
    Parsed<Word> word(std::string_view what);

    template <class E>
    Parsed<E> one_of() {
        const auto all = spellings<E>();
        if (const auto found = find(all)) return static_cast<E>(*found);
        return std::unexpected(fault_of(all));
    }
    template <class E>
    std::optional<E> take_one_of() {
        const auto found = find(spellings<E>());
        return found ? std::optional(static_cast<E>(*found)) : std::nullopt;
    }
    // "dispute 2"
    template <class Number>
    Parsed<Number> numbered(std::string_view kind) {
        if (auto named = need(kind); !named) return std::unexpected(named.error());
        const auto number = count("the number of the " + std::string(kind));
        if (!number) return std::unexpected(number.error());
        return Number{static_cast<std::uint16_t>(*number)};
    }

    Fault fault(std::string expected) const;
    // The words themselves are named, unless `what` says what they are.
    Fault fault_of(std::span<const std::string_view> words, std::string what = {}) const;
    Fault fault_of(std::initializer_list<std::string_view> words) const;

private:
    struct Part {
        std::string_view text;
        std::size_t at = 0;  // in the line
        bool colon = false;
    };
    std::string_view take();
    std::optional<std::size_t> find(std::span<const std::string_view> all);

    std::string_view line_;  // without the comment
    std::vector<Part> words_;
    std::size_t next_ = 0;
};

}  // namespace holdfast::formats
