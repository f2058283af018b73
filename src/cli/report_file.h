// A report into a file, as its ending says.
#pragma once

#include "cli/shell.h"
#include "formats/sheet.h"

#include <boost/json/object.hpp>

#include <filesystem>
#include <functional>
#include <span>
#include <string>

namespace holdfast::cli {

// "….csv" (the first sheet), "….xlsx", and "….ics" where `calendar` makes one. Written whole or not
// at all; a Stop says why not.
void write_report(const std::filesystem::path& file, std::span<const formats::Sheet> sheets,
                  const std::function<std::string()>& calendar = {});

// Into a file where one is named, or as JSON where that was asked for, with the time; false: it is
// for the screen.
bool is_written(Shell& shell, const std::string& file, std::span<const formats::Sheet> sheets,
                boost::json::object document);

}  // namespace holdfast::cli
