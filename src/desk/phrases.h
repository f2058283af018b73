// The sentences of letters to customers and of claims in one language, from a file of replies/:
// templates with named places. Which sentence is used is the code's; how it is said is the file's.
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
    sent_silent,
    looking_into,
    delivered,
    received,
    cancelled,
    unknown,
    not_sent,
    tracking,
    looking_up,
    // Of a claim, or of a message to a supplier.
    claim_order,
    claim_order_titled,
    claim_reason,
    claim_paid,
    claim_shipped,
    claim_promised,
    claim_tracking,
    claim_last_scan,
    claim_last_scan_text,
    claim_delivery_scan,
    claim_shown_delivered,
    claim_amount,
    claim_discount_hello,
    claim_discount_order,
    claim_discount_order_titled,
    claim_discount_ask,
    claim_says_not_received_scan,
    claim_says_no_delivery,
    claim_name_not_received,
    claim_name_late,
    claim_name_damaged,
    claim_name_wrong_item,
    claim_name_missing_parts,
    claim_name_not_as_described,
    claim_name_change_of_mind,
    claim_says_not_received,
    claim_says_late,
    claim_says_damaged,
    claim_says_wrong_item,
    claim_says_missing_parts,
    claim_says_not_as_described,
    claim_says_change_of_mind,
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
