// The sentences of letters to customers in one language, from a file of replies/: templates with
// named places. Which sentence is used is the code's; how it is said is the file's.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace holdfast::desk {

enum class Phrase : std::uint8_t {
    hello,
    goods,
    as_of,
    end,
    preparing,
    sent,
    no_scan,
    last_scan,
    promise,
    promise_passed,
    returning,
    lost,
    damaged,
    held,
    silent,
    went_wrong,
    looking_into,
    delivered,
    received,
    cancelled,
    unknown,
    not_sent,
    tracking,
    looking_up,
    count_
};
inline constexpr std::size_t phrase_count = static_cast<std::size_t>(Phrase::count_);

class Phrases {
public:
    using Place = std::pair<std::string_view, std::string_view>;  // {"day", "2026-11-23"}

    const std::string& language() const { return language_; }  // "en"
    std::string say(Phrase phrase, std::initializer_list<Place> places = {}) const;

private:
    friend std::expected<Phrases, std::string> parse_phrases(std::string_view toml);

    std::string language_;
    std::array<std::string, phrase_count> texts_;
};

// Every sentence must be there with just the places that it needs. The error says what is wrong.
[[nodiscard]] std::expected<Phrases, std::string> parse_phrases(std::string_view toml);

using Languages = std::map<std::string, Phrases, std::less<>>;  // by language

}  // namespace holdfast::desk
