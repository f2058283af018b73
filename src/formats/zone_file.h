// Time zones and holiday calendars from the system and from our own data files.
#pragma once

#include "base/calendar.h"
#include "base/zone.h"

#include <expected>
#include <filesystem>
#include <string>
#include <vector>

namespace holdfast::formats {

// From the system's tzdata, with its version. An unknown name is an error that names it.
[[nodiscard]] std::expected<Zones, std::string> load_zones(const std::vector<std::string>& names);

// Every *.toml in `folder` (see calendars/README.md for the form).
[[nodiscard]] std::expected<Calendars, std::string> load_calendars(
    const std::filesystem::path& folder);

}  // namespace holdfast::formats
