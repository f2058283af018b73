#include "desk/phrases.h"

#include <toml++/toml.h>

#include <algorithm>
#include <optional>
#include <set>
#include <sstream>

namespace holdfast::desk {
namespace {

struct Known {
    std::string_view name;
    std::set<std::string, std::less<>> places = {};
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
        {"went_wrong"},
        {"looking_into"},
        {"delivered", {"day"}},
        {"received"},
        {"cancelled"},
        {"unknown"},
        {"not_sent"},
        {"tracking", {"numbers"}},
        {"looking_up"},
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
    const auto* reply = table["reply"].as_table();
    if (!reply) return std::unexpected("[reply] is missing");
    for (std::size_t i = 0; i < phrase_count; ++i) {
        const auto& [name, places] = known()[i];
        const auto text = (*reply)[name].value<std::string>();
        if (!text || text->empty())
            return std::unexpected("reply." + std::string(name) + " is missing");
        if (places_of(*text) != places)
            return std::unexpected("reply." + std::string(name) +
                                   " has not the same names in braces as the English one");
        phrases.texts_.at(i) = *text;
    }
    for (const auto& [name, value] : *reply)
        if (std::ranges::find(known(), name.str(), &Known::name) == known().end())
            return std::unexpected("reply." + std::string(name.str()) + " is not known");
    return phrases;
}

}  // namespace holdfast::desk
