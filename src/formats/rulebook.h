// Everything that answers are made from: time zones, calendars, terms, and the sentences of
// letters, read from one folder.
//
// The folder holds terms/*.toml, calendars/*.toml and replies/*.toml. More terms may lie in a
// folder of the operator's own; an id of theirs goes before a shipped one.
#pragma once

#include "base/calendar.h"
#include "base/zone.h"
#include "desk/phrases.h"
#include "terms/choose.h"
#include "terms/load.h"

#include <expected>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::formats {

struct TermsText {
    std::string file;
    std::string text;
    bool operator==(const TermsText&) const = default;
};
using TermsTexts = std::map<std::string, TermsText>;  // by the id that each gives itself

struct Rulebook {
    Zones zones;
    Calendars calendars;
    std::vector<terms::Terms> terms;       // in order of id
    TermsTexts texts;                      // that they were made from
    std::vector<terms::Terms> checklists;  // at most one for each programme
    desk::Languages languages;             // English is always there, but from load_rulebook_of()

    const terms::Terms* find(std::string_view id) const;
    const terms::Terms* choose(std::string_view programme, Instant placed_at) const;
    const terms::Terms* find_checklist(std::string_view programme) const;
    std::vector<const terms::Terms*> law() const;
};

// Terms borrow zones and calendars of the same Rulebook, so it stays where it is.
[[nodiscard]] std::expected<std::unique_ptr<const Rulebook>, std::vector<terms::LoadError>>
load_rulebook(const std::filesystem::path& folder, const std::filesystem::path& own_terms = {});

// From texts that do not lie in a folder; `folder` gives the calendars.
[[nodiscard]] std::expected<std::unique_ptr<const Rulebook>, std::vector<terms::LoadError>>
load_rulebook_of(TermsTexts texts, const std::filesystem::path& folder);

// One more terms file for `lint`, with everything in `book` to extend.
[[nodiscard]] std::expected<terms::Terms, std::vector<terms::LoadError>> load_terms_file(
    const Rulebook& book, const std::filesystem::path& file);

}  // namespace holdfast::formats
