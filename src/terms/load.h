// Terms from text: a terms file in TOML (docs/terms-language.md) into Terms.
//
// Nothing is read from disk here: the caller hands in the text, and a way to get the text of the
// file that this one extends. All errors of a file are found in one go.
#pragma once

#include "base/calendar.h"
#include "base/zone.h"
#include "terms/terms.h"

#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::terms {

struct LoadError {
    std::string file;
    std::uint32_t line = 0;    // from 1; 0: the whole file
    std::uint32_t column = 0;  // from 1
    std::string message;
};

std::string to_string(const LoadError& error);  // "terms/x.toml:12:9: found …, expected …"

struct LoadOptions {
    const Zones* zones = nullptr;
    const Calendars* calendars = nullptr;
    // The text of the terms file with this id, for `extends`.
    std::function<std::optional<std::string>(std::string_view id)> text_of;
};

[[nodiscard]] std::expected<Terms, std::vector<LoadError>> load(std::string_view text,
                                                                std::string_view file,
                                                                const LoadOptions& options);

// The id that a terms file gives itself, without loading the rest; for finding files.
std::optional<std::string> id_of(std::string_view text);

}  // namespace holdfast::terms
