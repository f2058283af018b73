#include "formats/csv_file.h"

#include "formats/sample_reader.h"
#include "formats/text.h"

#include <doctest/doctest.h>

namespace holdfast::formats {
namespace {

struct Parsed {
    std::vector<std::string> records;  // "line: cell|cell"
    std::optional<std::uint64_t> cut_off;
    std::optional<FileError> error;
};

// Fed in pieces of `size` bytes: what comes out must not depend on it.
Parsed parse(std::string_view text, std::size_t size, char separator = ',') {
    Parsed parsed;
    CsvParser parser(separator, [&](const CsvRecord& record) {
        parsed.records.push_back(std::to_string(record.line) + ": " + joined(record.cells, "|"));
        return true;
    });
    for (std::size_t at = 0; at < text.size(); at += size)
        if (const auto fed = parser.feed(text.substr(at, size)); !fed) {
            parsed.error = fed.error();
            return parsed;
        }
    const auto end = parser.finish();
    if (end) parsed.cut_off = *end;
    return parsed;
}

}  // namespace

TEST_CASE("records and the lines they begin on, whatever the pieces") {
    struct Row {
        const char* name;
        const char* text;
        std::vector<std::string> expected;
        std::optional<std::uint64_t> cut_off;
    };
    // clang-format off
    const Row rows[] = {
        {"plain",              "a,b\nc,d\n",              {"1: a|b", "2: c|d"},   {}},
        {"no last line end",   "a,b\nc,d",                {"1: a|b", "2: c|d"},   {}},
        {"CRLF",               "a,b\r\nc,d\r\n",          {"1: a|b", "2: c|d"},   {}},
        {"lone CR",            "a,b\rc,d\r",              {"1: a|b", "2: c|d"},   {}},
        {"blank lines",        "a\n\n\r\n  \nb\n",        {"1: a", "5: b"},       {}},
        {"quotes",             "\"a,\"\"x\"\"\",b\n",     {"1: a,\"x\"|b"},       {}},
        {"break in a cell",    "a,\"b\nc\"\nd\n",         {"1: a|b\nc", "3: d"},  {}},
        {"CRLF in a cell",     "\"b\r\nc\"\r\nd\r\n",     {"1: b\r\nc", "3: d"},  {}},
        {"CR in a cell",       "\"b\rc\"\rd",             {"1: b\rc", "3: d"},    {}},
        {"many breaks",        "\"1\n2\",\"3\n4\n5\"\nx", {"1: 1\n2|3\n4\n5", "5: x"}, {}},
        {"cut off",            "a\nb,\"c\nd\n",           {"1: a"},               2},
        {"cut off later",      "\"a\nb\",\"c\nd",         {},                     2},
        {"an inner quote",     "5\" nail,x\n",            {"1: 5\" nail|x"},      {}},
        {"nothing",            "",                        {},                     {}},
    };
    // clang-format on
    for (const auto& row : rows)
        for (const std::size_t size : {1U, 2U, 3U, 5U, 1000U}) {
            CAPTURE(row.name);
            CAPTURE(size);
            const auto parsed = parse(row.text, size);
            CHECK(!parsed.error);
            CHECK(parsed.records == row.expected);
            CHECK(parsed.cut_off == row.cut_off);
        }
}

TEST_CASE("the separator is counted outside quotes") {
    CHECK(separator_of("a,b,c\n") == ',');
    CHECK(separator_of("a;b;c\n") == ';');
    CHECK(separator_of("a\tb\tc\n") == '\t');
    CHECK(separator_of("\"a,b,c,d\";e;f\n") == ';');
}

TEST_CASE("a cell and a record have their limits") {
    const std::string just_right(CsvParser::cell_max, 'x');
    CHECK(parse("a\n\"" + just_right + "\"\n", 1 << 18).records.size() == 2);

    const auto cell = parse("a\nb,\"c\n" + std::string(CsvParser::cell_max + 1, 'x'), 1 << 18);
    REQUIRE(cell.error);
    CHECK(cell.error->place.line == 2);
    CHECK(contains(cell.error->reason, "1 MiB"));

    std::string wide = "a\n";
    for (int i = 0; i < 5; ++i) wide += std::string(CsvParser::cell_max - 1, 'x') + ",";
    const auto record = parse(wide, 1 << 18);
    REQUIRE(record.error);
    CHECK(contains(record.error->reason, "4 MiB"));
}

}  // namespace holdfast::formats
