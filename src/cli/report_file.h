// A report into a file, as its ending says.
#pragma once

#include "formats/sheet.h"

#include <filesystem>
#include <functional>
#include <span>
#include <string>

namespace holdfast::cli {

// "….csv" (the first sheet), "….xlsx", and "….ics" where `calendar` makes one. Written whole or not
// at all; a Stop says why not.
void write_report(const std::filesystem::path& file, std::span<const formats::Sheet> sheets,
                  const std::function<std::string()>& calendar = {});

}  // namespace holdfast::cli
