#include "formats/zone_file.h"

#include "base/try.h"
#include "formats/zone_rule.h"

#include <date/tz.h>
#include <toml++/toml.h>

#include <algorithm>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>

namespace holdfast::formats {
namespace {

using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::year;

const std::filesystem::path tzdata = "/usr/share/zoneinfo";

constexpr year first_year{1970};
constexpr year end_year{2100};  // the first one past what a Zone holds

Instant start_of(year y) { return sys_days{y / 1 / 1}; }

// The last line of a compiled zone file; empty where there is none.
std::string read_footer(const std::string& name) {
    std::ifstream file(tzdata / name, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    if (!bytes.ends_with('\n')) return {};
    const auto begins = bytes.rfind('\n', bytes.size() - 2);
    if (begins == std::string::npos) return {};
    return bytes.substr(begins + 1, bytes.size() - begins - 2);
}

std::expected<Zone, std::string> load_zone(const std::string& name) {
    const date::time_zone* zone = nullptr;
    try {
        zone = date::locate_zone(name);
    } catch (const std::runtime_error&) {
        return std::unexpected("unknown time zone \"" + name + "\"");
    }

    const auto end = start_of(end_year);
    auto info = zone->get_info(std::chrono::floor<seconds>(start_of(first_year)));
    const seconds first = info.offset;
    std::vector<Zone::Change> changes;
    seconds offset = first;
    const auto add = [&](const Zone::Change& change) {
        if (change.at >= end || change.offset == offset) return;
        offset = change.offset;
        changes.push_back(change);
    };

    Instant last_listed = start_of(first_year);
    while (info.end < end) {
        last_listed = info.end;
        info = zone->get_info(info.end);
        add({last_listed, info.offset});
    }

    const auto rule = ZoneRule::parse(read_footer(name));
    if (!rule) return std::unexpected("time zone \"" + name + "\" has no rule for years to come");
    const auto last_day = std::chrono::floor<std::chrono::days>(last_listed);
    for (auto y = std::chrono::year_month_day{last_day}.year(); y < end_year; ++y)
        for (const auto& change : rule->changes_in(y))
            if (change.at > last_listed) add(change);

    return Zone(name, first, std::move(changes));
}

// tzdata.zi begins "# version 2026a".
std::string load_version() {
    std::ifstream file(tzdata / "tzdata.zi");
    std::string hash;
    std::string word;
    std::string version;
    file >> hash >> word >> version;
    return word == "version" ? version : "unknown";
}

// Reads one calendar; each complaint begins with the file and the place in it.
class CalendarFile {
public:
    explicit CalendarFile(const std::filesystem::path& path) : path_(path) {}

    std::expected<Calendar, std::string> load() const {
        toml::table file;
        try {
            file = toml::parse_file(path_.string());
        } catch (const toml::parse_error& error) {
            return std::unexpected(at(error.source().begin) + std::string(error.description()));
        }

        TRY(only_these(file, {"name", "source", "first_year", "last_year", "holidays"}));
        const auto name = TRY(text(file, "name"));
        if (name != path_.stem().string())
            return no(file.get("name"), "name must be the file's, " + path_.stem().string());
        TRY(text(file, "source"));
        const int first = TRY(year_of(file, "first_year"));
        const int last = TRY(year_of(file, "last_year"));
        if (last < first) return no(file.get("last_year"), "last_year is before first_year");
        return Calendar(name, first, last, TRY(holidays(file, first, last)));
    }

private:
    std::string at(const toml::source_position& place) const {
        return path_.string() + ':' + std::to_string(place.line) + ':' +
               std::to_string(place.column) + ": ";
    }

    std::unexpected<std::string> no(const toml::node* node, const std::string& complaint) const {
        return std::unexpected(at(node->source().begin) + complaint);
    }

    std::expected<void, std::string> only_these(
        const toml::table& table, std::initializer_list<std::string_view> keys) const {
        for (const auto& [key, value] : table)
            if (std::ranges::find(keys, key.str()) == keys.end())
                return no(&value, "unknown key " + std::string(key.str()));
        return {};
    }

    std::expected<const toml::node*, std::string> member(const toml::table& table,
                                                         std::string_view key) const {
        if (const auto* node = table.get(key)) return node;
        return no(&table, std::string(key) + " is missing");
    }

    std::expected<std::string, std::string> text(const toml::table& table,
                                                 std::string_view key) const {
        const auto* node = TRY(member(table, key));
        const auto* value = node->as_string();
        if (!value || value->get().empty()) return no(node, std::string(key) + " must be a text");
        return value->get();
    }

    std::expected<int, std::string> year_of(const toml::table& table, std::string_view key) const {
        const auto* node = TRY(member(table, key));
        const auto* value = node->as_integer();
        if (!value || value->get() < 1900 || value->get() > 2999)
            return no(node, std::string(key) + " must be a year from 1900 to 2999");
        return static_cast<int>(value->get());
    }

    std::expected<Day, std::string> day(const toml::table& table, int first, int last) const {
        const auto* node = TRY(member(table, "on"));
        const auto* value = node->as_date();
        if (!value) return no(node, "on must be a date such as 2026-12-25");
        const toml::date date = value->get();
        if (date.year < first || date.year > last)
            return no(node, "this day is not from first_year to last_year");
        return Day{year{date.year} / std::chrono::month{date.month} / std::chrono::day{date.day}};
    }

    std::expected<std::vector<Day>, std::string> holidays(const toml::table& file, int first,
                                                          int last) const {
        const auto* node = TRY(member(file, "holidays"));
        const auto* list = node->as_array();
        if (!list) return no(node, "holidays must be a list");

        std::vector<Day> days;
        for (const auto& entry : *list) {
            const auto* holiday = entry.as_table();
            if (!holiday) return no(&entry, "a holiday is { on = 2026-12-25, name = \"…\" }");
            TRY(only_these(*holiday, {"on", "name"}));
            TRY(text(*holiday, "name"));
            const Day on = TRY(day(*holiday, first, last));
            if (std::ranges::find(days, on) != days.end())
                return no(holiday, to_string(on) + " is listed twice");
            days.push_back(on);
        }
        return days;
    }

    std::filesystem::path path_;
};

}  // namespace

std::expected<Zones, std::string> load_zones(const std::vector<std::string>& names) {
    Zones zones;
    zones.version = load_version();
    for (const auto& name : names)
        if (!zones.find(name)) zones.add(TRY(load_zone(name)));
    return zones;
}

std::expected<Calendars, std::string> load_calendars(const std::filesystem::path& folder) {
    std::error_code error;
    std::vector<std::filesystem::path> paths;
    for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error))
        if (entry->path().extension() == ".toml") paths.push_back(entry->path());
    if (error) return std::unexpected(folder.string() + ": " + error.message());
    std::ranges::sort(paths);

    Calendars calendars;
    for (const auto& path : paths) {
        auto calendar = TRY(CalendarFile(path).load());
        if (calendars.find(calendar.name()))
            return std::unexpected(path.string() + ": there is already a calendar of this name");
        calendars.add(std::move(calendar));
    }
    return calendars;
}

}  // namespace holdfast::formats
