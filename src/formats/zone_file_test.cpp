#include "formats/zone_file.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>
#include <vector>

using namespace holdfast;

namespace {

Instant at(std::string_view text) { return parse_instant(text).value(); }
Day day(std::string_view text) { return parse_day(text).value(); }

const Zones& zones() {
    static const Zones loaded =
        formats::load_zones({"America/Los_Angeles", "Asia/Kolkata", "Europe/Paris", "UTC",
                             "Asia/Shanghai", "Asia/Beirut", "America/Sao_Paulo", "Pacific/Apia",
                             "Europe/Dublin", "Australia/Lord_Howe"})
            .value();
    return loaded;
}

const Zone& zone(std::string_view name) {
    const auto* found = zones().find(name);
    REQUIRE(found);
    return *found;
}

const std::filesystem::path shipped = std::filesystem::path(HOLDFAST_SOURCE_DIR) / "calendars";

const Calendars& calendars() {
    static const Calendars loaded = formats::load_calendars(shipped).value();
    return loaded;
}

// A folder of its own that goes away with it.
class Folder {
public:
    Folder() {
        auto pattern = (std::filesystem::temp_directory_path() / "holdfast_XXXXXX").string();
        REQUIRE(mkdtemp(pattern.data()));
        path_ = pattern;
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    void write(const std::string& name, const std::string& text) const {
        std::ofstream(path_ / name) << text;
    }
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

}  // namespace

// clang-format off
TEST_CASE("real zones") {
    struct Row { const char* zone; const char* at; const char* expected; };
    const Row rows[] = {
        {"America/Los_Angeles", "2026-03-08T09:59:59.999Z", "2026-03-08T01:59:59.999"},
        {"America/Los_Angeles", "2026-03-08T10:00:00Z",     "2026-03-08T03:00:00.000"},
        {"America/Los_Angeles", "2026-11-01T08:59:59.999Z", "2026-11-01T01:59:59.999"},
        {"America/Los_Angeles", "2026-11-01T09:00:00Z",     "2026-11-01T01:00:00.000"},
        {"America/Los_Angeles", "1970-01-01T00:00:00Z",     "1969-12-31T16:00:00.000"},
        {"America/Los_Angeles", "2006-04-02T10:00:00Z",     "2006-04-02T03:00:00.000"},  // April until 2006
        {"Europe/Paris",        "2026-03-29T01:00:00Z",     "2026-03-29T03:00:00.000"},
        {"Europe/Paris",        "2026-10-25T01:00:00Z",     "2026-10-25T02:00:00.000"},
        {"Europe/Paris",        "2037-10-25T01:00:00Z",     "2037-10-25T02:00:00.000"},  // the last that is listed
        {"Europe/Paris",        "2038-03-28T00:59:59.999Z", "2038-03-28T01:59:59.999"},  // the first by rule
        {"Europe/Paris",        "2038-03-28T01:00:00Z",     "2038-03-28T03:00:00.000"},
        {"Europe/Paris",        "2099-10-25T00:59:59.999Z", "2099-10-25T02:59:59.999"},
        {"Europe/Paris",        "2099-10-25T01:00:00Z",     "2099-10-25T02:00:00.000"},
        {"Asia/Kolkata",        "1970-01-01T00:00:00Z",     "1970-01-01T05:30:00.000"},
        {"Asia/Kolkata",        "2099-12-31T00:00:00Z",     "2099-12-31T05:30:00.000"},
        {"Asia/Shanghai",       "1990-07-01T00:00:00Z",     "1990-07-01T09:00:00.000"},  // summer time until 1991
        {"Asia/Shanghai",       "2026-07-01T00:00:00Z",     "2026-07-01T08:00:00.000"},
        {"UTC",                 "2026-07-01T00:00:00Z",     "2026-07-01T00:00:00.000"},
        {"Europe/Dublin",       "2050-07-01T00:00:00Z",     "2050-07-01T01:00:00.000"},  // winter is its exception
        {"Europe/Dublin",       "2050-01-01T00:00:00Z",     "2050-01-01T00:00:00.000"},
        {"Australia/Lord_Howe", "2050-01-01T00:00:00Z",     "2050-01-01T11:00:00.000"},  // half an hour more in summer
        {"Australia/Lord_Howe", "2050-07-01T00:00:00Z",     "2050-07-01T10:30:00.000"},
        {"America/Sao_Paulo",   "2018-11-04T03:00:00Z",     "2018-11-04T01:00:00.000"},  // midnight skipped
        {"America/Sao_Paulo",   "2050-01-01T00:00:00Z",     "2049-12-31T21:00:00.000"},  // no summer time since 2019
        {"Pacific/Apia",        "2011-12-30T10:00:00Z",     "2011-12-31T00:00:00.000"},  // a day skipped
    };
    for (const auto& row : rows) {
        CAPTURE(row.zone);
        CAPTURE(row.at);
        CHECK(to_string(zone(row.zone).to_local(at(row.at))) == row.expected);
    }
}

TEST_CASE("real days") {
    struct Row { const char* zone; const char* day; const char* begins; const char* ends; };
    const Row rows[] = {
        {"America/Los_Angeles", "2026-03-08", "2026-03-08T08:00:00.000Z", "2026-03-09T07:00:00.000Z"},
        {"America/Los_Angeles", "2026-11-01", "2026-11-01T07:00:00.000Z", "2026-11-02T08:00:00.000Z"},
        {"Asia/Kolkata",        "2024-02-29", "2024-02-28T18:30:00.000Z", "2024-02-29T18:30:00.000Z"},
        {"Europe/Paris",        "2026-10-25", "2026-10-24T22:00:00.000Z", "2026-10-25T23:00:00.000Z"},
        {"Asia/Beirut",         "2026-03-29", "2026-03-28T22:00:00.000Z", "2026-03-29T21:00:00.000Z"},
        {"America/Sao_Paulo",   "2018-11-04", "2018-11-04T03:00:00.000Z", "2018-11-05T02:00:00.000Z"},
        {"Pacific/Apia",        "2011-12-30", "2011-12-30T10:00:00.000Z", "2011-12-30T10:00:00.000Z"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.zone);
        CAPTURE(row.day);
        CHECK(to_string(zone(row.zone).start_of(day(row.day))) == row.begins);
        CHECK(to_string(zone(row.zone).end_of(day(row.day))) == row.ends);
    }
}

TEST_CASE("known days of the shipped calendars") {
    struct Row { const char* calendar; const char* day; bool is_business_day; };
    const Row rows[] = {
        {"us-federal",       "2012-01-02", false},  // New Year's Day, a Sunday
        {"us-federal",       "2015-07-03", false},  // 4 July, a Saturday
        {"us-federal",       "2020-06-19", true},   // Juneteenth came a year later
        {"us-federal",       "2021-06-18", false},
        {"us-federal",       "2021-12-31", false},  // New Year's Day 2022
        {"us-federal",       "2022-01-03", true},
        {"us-federal",       "2022-06-20", false},
        {"us-federal",       "2023-11-10", false},  // Veterans Day, a Saturday
        {"us-federal",       "2026-11-26", false},  // Thanksgiving
        {"us-federal",       "2026-11-27", true},
        {"us-federal",       "2027-12-31", false},  // New Year's Day 2028
        {"us-federal",       "2030-12-25", false},
        {"uk-england-wales", "2012-05-28", true},   // moved for the jubilee
        {"uk-england-wales", "2012-06-04", false},
        {"uk-england-wales", "2012-06-05", false},
        {"uk-england-wales", "2020-05-04", true},   // moved to VE Day
        {"uk-england-wales", "2020-05-08", false},
        {"uk-england-wales", "2021-12-27", false},
        {"uk-england-wales", "2021-12-28", false},
        {"uk-england-wales", "2022-01-03", false},
        {"uk-england-wales", "2022-05-30", true},
        {"uk-england-wales", "2022-06-02", false},
        {"uk-england-wales", "2022-06-03", false},
        {"uk-england-wales", "2022-09-19", false},
        {"uk-england-wales", "2022-12-27", false},
        {"uk-england-wales", "2022-12-28", true},
        {"uk-england-wales", "2023-05-08", false},
        {"uk-england-wales", "2026-04-03", false},
        {"uk-england-wales", "2026-04-06", false},
        {"uk-england-wales", "2026-12-28", false},  // Boxing Day, a Saturday
        {"target",           "2026-04-03", false},
        {"target",           "2026-04-06", false},
        {"target",           "2026-05-01", false},
        {"target",           "2026-05-14", true},   // Ascension is none
        {"target",           "2028-12-26", false},
        {"target",           "2028-12-27", true},
        {"fr-public",        "2026-04-03", true},   // Good Friday is none
        {"fr-public",        "2026-05-08", false},
        {"fr-public",        "2026-05-14", false},  // Ascension
        {"fr-public",        "2026-05-25", false},  // Whit Monday
        {"fr-public",        "2026-07-14", false},
        {"fr-public",        "2027-11-02", true},
        {"fr-public",        "2030-12-26", true},
    };
    for (const auto& row : rows) {
        CAPTURE(row.calendar);
        CAPTURE(row.day);
        const auto* calendar = calendars().find(row.calendar);
        REQUIRE(calendar);
        CHECK(calendar->is_business_day(day(row.day)) == row.is_business_day);
    }
}

TEST_CASE("a bad calendar says where") {
    const std::string good = "name = \"x\"\nsource = \"s\"\nfirst_year = 2026\nlast_year = 2027\n";
    struct Row { const char* name; std::string text; const char* expected; };
    const Row rows[] = {
        {"not toml",          "name = \n",                                          ":1:8: "},
        {"no name",           "source = \"s\"\n",                                   ":1:1: name is missing"},
        {"another's name",    "name = \"y\"\n",                                     ":1:8: name must be the file's, x"},
        {"no source",         "name = \"x\"\n",                                     ":1:1: source is missing"},
        {"no years",          "name = \"x\"\nsource = \"s\"\n",                     ":1:1: first_year is missing"},
        {"a year as text",    "name = \"x\"\nsource = \"s\"\nfirst_year = \"2\"\n", ":3:14: first_year must be a year"},
        {"years turned",      "name = \"x\"\nsource = \"s\"\nfirst_year = 2027\nlast_year = 2026\nholidays = []\n", ":4:13: last_year is before"},
        {"no holidays",       good,                                                 ":1:1: holidays is missing"},
        {"not a list",        good + "holidays = 1\n",                              ":5:12: holidays must be a list"},
        {"not a table",       good + "holidays = [2026-01-01]\n",                   ":5:13: a holiday is"},
        {"no date",           good + "holidays = [{ name = \"n\" }]\n",             ":5:13: on is missing"},
        {"no name of a day",  good + "holidays = [{ on = 2026-01-01 }]\n",          ":5:13: name is missing"},
        {"a text for a date", good + "holidays = [{ on = \"2026-01-01\", name = \"n\" }]\n", ":5:20: on must be a date"},
        {"no such date",      good + "holidays = [{ on = 2026-02-29, name = \"n\" }]\n", ":5:"},
        {"a year too early",  good + "holidays = [{ on = 2025-12-31, name = \"n\" }]\n", ":5:20: this day is not"},
        {"a year too late",   good + "holidays = [{ on = 2028-01-01, name = \"n\" }]\n", ":5:20: this day is not"},
        {"a day twice",       good + "holidays = [{ on = 2026-01-01, name = \"n\" }, { on = 2026-01-01, name = \"m\" }]\n", ":5:46: 2026-01-01 is listed twice"},
        {"an unknown key",    good + "zone = \"UTC\"\nholidays = []\n",             ":5:8: unknown key zone"},
        {"an unknown key in", good + "holidays = [{ on = 2026-01-01, name = \"n\", x = 1 }]\n", ":5:48: unknown key x"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const Folder folder;
        folder.write("x.toml", row.text);
        const auto loaded = formats::load_calendars(folder.path());
        REQUIRE_FALSE(loaded);
        CAPTURE(loaded.error());
        CHECK(loaded.error().starts_with((folder.path() / "x.toml").string() + row.expected));
    }
}
// clang-format on

TEST_CASE("changes stay between 1970 and 2100 and change something") {
    for (const auto* name : {"Europe/Paris", "America/Los_Angeles", "Australia/Lord_Howe"}) {
        CAPTURE(name);
        const auto changes = zone(name).changes();
        REQUIRE(changes.size() > 200);
        CHECK(changes.front().at >= at("1970-01-01T00:00:00Z"));
        CHECK(changes.back().at < at("2100-01-01T00:00:00Z"));
        for (std::size_t i = 1; i < changes.size(); ++i)
            CHECK(changes[i].offset != changes[i - 1].offset);
    }
    CHECK(zone("UTC").changes().empty());
    CHECK(zone("Asia/Kolkata").changes().empty());
}

TEST_CASE("the version of the time zone data is known") {
    REQUIRE(zones().version.size() >= 5);
    CHECK(zones().version.starts_with("20"));
}

TEST_CASE("zones that are asked for twice or do not exist") {
    CHECK(formats::load_zones({"UTC", "UTC"}).has_value());
    CHECK(formats::load_zones({}).has_value());
    for (const auto* name : {"", "Nowhere/Land", "europe/paris", "../../../etc/passwd", "PST"}) {
        CAPTURE(name);
        const auto loaded = formats::load_zones({"UTC", name});
        REQUIRE_FALSE(loaded);
        CHECK(loaded.error() == "unknown time zone \"" + std::string(name) + "\"");
    }
}

TEST_CASE("every shipped calendar loads and reaches from 2012 to 2030") {
    for (const auto* name : {"us-federal", "uk-england-wales", "target", "fr-public"}) {
        CAPTURE(name);
        const auto* calendar = calendars().find(name);
        REQUIRE(calendar);
        CHECK(calendar->covers(day("2012-01-01")));
        CHECK(calendar->covers(day("2030-12-31")));
        CHECK_FALSE(calendar->covers(day("2011-12-31")));
        CHECK_FALSE(calendar->covers(day("2031-01-01")));
    }
}

TEST_CASE("each year of a shipped calendar has its share of days off") {
    for (int year = 2012; year <= 2030; ++year)
        for (const auto* name : {"us-federal", "uk-england-wales", "target", "fr-public"}) {
            CAPTURE(year);
            CAPTURE(name);
            const auto* calendar = calendars().find(name);
            const auto first = day(std::to_string(year) + "-01-01");
            const auto end = day(std::to_string(year + 1) + "-01-01");
            int holidays = 0;
            for (Day d = first; d < end; d += std::chrono::days{1})
                if (Calendar::weekdays().is_business_day(d) && !calendar->is_business_day(d))
                    ++holidays;
            CHECK(holidays >= 3);
            CHECK(holidays <= 12);
        }
}

TEST_CASE("a folder that is not there, and one without calendars") {
    const Folder folder;
    CHECK(formats::load_calendars(folder.path()).has_value());
    const auto missing = folder.path() / "missing";
    const auto loaded = formats::load_calendars(missing);
    REQUIRE_FALSE(loaded);
    CHECK(loaded.error().starts_with(missing.string() + ": "));

    folder.write("notes.txt", "not a calendar");
    CHECK(formats::load_calendars(folder.path()).has_value());
    folder.write("weekdays.toml",
                 "name = \"weekdays\"\nsource = \"s\"\nfirst_year = 2026\nlast_year = 2026\n"
                 "holidays = []\n");
    CHECK_FALSE(formats::load_calendars(folder.path()));
}
