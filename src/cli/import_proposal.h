// What `holdfast import --propose` shows: the mapping proposed for a table, as a file to save, and
// the first rows as they would be read.
#pragma once

#include "base/currency.h"
#include "cli/exit.h"
#include "cli/shell.h"
#include "formats/mapping.h"

#include <filesystem>
#include <optional>

namespace holdfast::cli {

// `mapping`: shown in the place of a proposal.
Exit propose(Shell& shell, const std::filesystem::path& file, std::optional<Currency> currency,
             std::optional<formats::Mapping> mapping);

// Stops with not_found where none is called so.
formats::Mapping mapping_named(Shell& shell, const std::string& name);

}  // namespace holdfast::cli
