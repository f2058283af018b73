#include "desk/phrases.h"

#include <toml++/toml.h>

#include <algorithm>
#include <optional>
#include <set>
#include <sstream>

namespace holdfast::desk {
namespace {

// A table of the file.
enum class Table : std::uint8_t { reply, claim };
std::string_view name_of(Table table) { return table == Table::reply ? "reply" : "claim"; }

struct Known {
    std::string_view name;
    std::set<std::string, std::less<>> places = {};
    Table table = Table::reply;
};

const std::array<Known, phrase_count>& known() {
    static const std::array<Known, phrase_count> all{{
        {"hello", {"order"}},
        {"goods", {"title", "text"}},
        {"as_of", {"day"}},
        {"end"},
        {"preparing"},
        {"sent"},
        {"no_scan"},
        {"last_scan", {"day"}},
        {"promise", {"day"}},
        {"promise_passed", {"day"}},
        {"returning"},
        {"lost"},
        {"damaged"},
        {"held"},
        {"silent"},
        {"sent_silent", {"day"}},
        {"looking_into"},
        {"delivered", {"day"}},
        {"received"},
        {"cancelled"},
        {"unknown"},
        {"not_sent"},
        {"tracking", {"numbers"}},
        {"looking_up"},
        {"order", {"order"}, Table::claim},
        {"order_titled", {"order", "title"}, Table::claim},
        {"reason", {"reason"}, Table::claim},
        {"paid", {"time"}, Table::claim},
        {"shipped", {"time"}, Table::claim},
        {"promised", {"time"}, Table::claim},
        {"tracking", {"number"}, Table::claim},
        {"last_scan", {"time"}, Table::claim},
        {"last_scan_text", {"time", "text"}, Table::claim},
        {"delivery_scan", {"time"}, Table::claim},
        {"shown_delivered", {"time"}, Table::claim},
        {"amount", {"amount"}, Table::claim},
        {"discount_hello", {}, Table::claim},
        {"discount_order", {"order"}, Table::claim},
        {"discount_order_titled", {"order", "title"}, Table::claim},
        {"discount_ask", {}, Table::claim},
        {"says_not_received_scan", {}, Table::claim},
        {"says_no_delivery", {}, Table::claim},
        {"name_not_received", {}, Table::claim},
        {"name_late", {}, Table::claim},
        {"name_damaged", {}, Table::claim},
        {"name_wrong_item", {}, Table::claim},
        {"name_missing_parts", {}, Table::claim},
        {"name_not_as_described", {}, Table::claim},
        {"name_change_of_mind", {}, Table::claim},
        {"says_not_received", {}, Table::claim},
        {"says_late", {}, Table::claim},
        {"says_damaged", {}, Table::claim},
        {"says_wrong_item", {}, Table::claim},
        {"says_missing_parts", {}, Table::claim},
        {"says_not_as_described", {}, Table::claim},
        {"says_change_of_mind", {}, Table::claim},
    }};
    return all;
}

// The names in braces; nothing: a brace is not closed.
std::optional<std::set<std::string, std::less<>>> places_of(std::string_view text) {
    std::set<std::string, std::less<>> places;
    for (auto open = text.find('{'); open != text.npos; open = text.find('{', open + 1)) {
        const auto close = text.find('}', open);
        if (close == text.npos) return std::nullopt;
        places.emplace(text.substr(open + 1, close - open - 1));
    }
    return places;
}

// The sentence in the file, whole and with just the places that it needs.
std::expected<std::string, std::string> text_of(const toml::table& file, const Known& known) {
    const auto name = std::string(name_of(known.table)) + '.' + std::string(known.name);
    const auto text = file[name_of(known.table)][known.name].value<std::string>();
    if (!text || text->empty()) return std::unexpected(name + " is missing");
    if (places_of(*text) != known.places)
        return std::unexpected(name + " has not the same names in braces as the English one");
    return *text;
}

}  // namespace

std::string Phrases::say(Phrase phrase, std::initializer_list<Place> places) const {
    const std::string_view text = texts_.at(static_cast<std::size_t>(phrase));
    std::string said;
    for (std::size_t i = 0; i < text.size();) {
        if (text[i] != '{') {
            said += text[i++];
            continue;
        }
        const auto close = text.find('}', i);
        const auto name = text.substr(i + 1, close - i - 1);
        const auto* const found = std::ranges::find(places, name, &Place::first);
        if (found != places.end()) said += found->second;
        i = close + 1;
    }
    return said;
}

std::expected<Phrases, std::string> parse_phrases(std::string_view toml) {
    toml::table table;
    try {
        table = toml::parse(toml);
    } catch (const toml::parse_error& error) {
        std::ostringstream text;
        text << "line " << error.source().begin.line << ": " << error.description();
        return std::unexpected(text.str());
    }
    Phrases phrases;
    phrases.language_ = table["language"].value_or(std::string{});
    if (phrases.language_.empty()) return std::unexpected("language is missing");
    for (std::size_t i = 0; i < phrase_count; ++i) {
        auto text = text_of(table, known()[i]);
        if (!text) return std::unexpected(std::move(text).error());
        phrases.texts_.at(i) = *std::move(text);
    }
    for (const auto part : {Table::reply, Table::claim})
        for (const auto& [key, value] : *table[name_of(part)].as_table())
            if (std::ranges::none_of(known(), [&](const Known& one) {
                    return one.table == part && one.name == key.str();
                }))
                return std::unexpected(std::string(name_of(part)) + '.' + std::string(key.str()) +
                                       " is not known");
    return phrases;
}

}  // namespace holdfast::desk
