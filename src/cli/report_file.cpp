#include "cli/report_file.h"

#include <boost/json/serialize.hpp>

#include <fstream>

namespace holdfast::cli {
namespace {

namespace fs = std::filesystem;

fs::path folder_of(const fs::path& file) {
    return file.parent_path().empty() ? fs::path(".") : file.parent_path();
}

std::string text_of(const fs::path& file, std::span<const formats::Sheet> sheets,
                    const std::function<std::string()>& calendar) {
    const auto ending = file.extension();
    if (ending == ".csv") return formats::to_csv(sheets.front());
    if (ending == ".ics" && calendar) return calendar();
    if (ending != ".xlsx")
        throw Stop(Exit::usage, "--out: found \"" + file.string() +
                                    "\", expected a file ending in " +
                                    (calendar ? ".csv, .xlsx or .ics" : ".csv or .xlsx"));
    auto made = formats::to_xlsx(sheets, folder_of(file));
    if (!made) throw Stop(Exit::failure, file.string() + ": " + made.error());
    return *std::move(made);
}

}  // namespace

void write_report(const fs::path& file, std::span<const formats::Sheet> sheets,
                  const std::function<std::string()>& calendar) {
    const auto text = text_of(file, sheets, calendar);
    const auto beside = fs::path(file.string() + ".part");
    std::ofstream out(beside, std::ios::binary);
    out << text;
    out.close();
    std::error_code error;
    if (out) fs::rename(beside, file, error);
    if (!out || error) {
        fs::remove(beside, error);
        throw Stop(Exit::failure, file.string() + " cannot be written");
    }
}

bool is_written(Shell& shell, const std::string& file, std::span<const formats::Sheet> sheets,
                boost::json::object document) {
    if (!file.empty()) {
        write_report(file, sheets);
        shell.err << "The report is in " << file << '\n';
        return true;
    }
    if (!shell.json) return false;
    document["at"] = holdfast::to_string(shell.at());
    shell.out << boost::json::serialize(document) << '\n';
    return true;
}

}  // namespace holdfast::cli
