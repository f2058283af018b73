// The program's own tables against the contract that it serves.
#include "api/openapi.h"
#include "api/operation.h"
#include "api/problems.h"
#include "api/service.h"

#include <doctest/doctest.h>
#include <boost/json/parse.hpp>

#include <filesystem>
#include <set>
#include <sstream>
#include <string>

namespace holdfast::api {
namespace {

namespace json = boost::json;

json::object contract() {
    const auto text =
        load_openapi(std::filesystem::path(HOLDFAST_SOURCE_DIR) / "api" / "openapi.yaml");
    REQUIRE(text.has_value());
    return json::parse(*text).as_object();
}

Roles roles_of(const json::array& words) {
    Roles roles = 0;
    for (const auto& word : words) {
        const auto& text = word.as_string();
        roles |= text == "admin"       ? admin
                 : text == "operator"  ? operating
                 : text == "mediator"  ? mediator
                 : text == "lead"      ? lead
                 : text == "assistant" ? assistant
                 : text == "seller"    ? seller
                                       : buyer;
    }
    return roles;
}

// "| a | b |" in its cells.
std::vector<std::string> cells_of(std::string_view line) {
    constexpr std::string_view border = " | ";
    std::vector<std::string> cells;
    if (!line.starts_with("| ") || !line.ends_with(" |")) return cells;
    line = line.substr(2, line.size() - 4);
    for (auto at = line.find(border); at != std::string_view::npos; at = line.find(border)) {
        cells.emplace_back(line.substr(0, at));
        line.remove_prefix(at + border.size());
    }
    cells.emplace_back(line);
    return cells;
}

TEST_CASE("the table of operations is the contract's") {
    const auto document = contract();
    std::set<std::string> seen;
    for (const auto& [path, item] : document.at("paths").as_object())
        for (const auto& [method, operation] : item.as_object()) {
            if (method == "parameters") continue;
            const auto& one = operation.as_object();
            const std::string name(one.at("operationId").as_string());
            CAPTURE(name);
            CHECK(seen.insert(name).second);
            const auto& all = all_access();
            const auto row = std::ranges::find(all, name, &Access::name);
            REQUIRE(row != all.end());
            std::string upper(method);
            for (auto& c : upper) c = static_cast<char>(c - 'a' + 'A');
            CHECK(row->method == upper);
            CHECK(row->path == std::string_view(path));
            CHECK(to_string(row->scope) == std::string_view(one.at("x-scope").as_string()));
            CHECK(row->roles == roles_of(one.at("x-roles").as_array()));
            const bool is_open = one.at("security").as_array().empty();
            CHECK(is_open == (row->scope == Scope::none));
        }
    CHECK(seen.size() == operation_count);
    static_cast<void>(routes());  // no two of them are one
}

TEST_CASE("the problems are the contract's, with their statuses and sentences") {
    const auto document = contract();
    const std::string table(
        document.at("components").at("schemas").at("ProblemCode").at("description").as_string());
    std::vector<std::string> codes;
    std::istringstream lines(table);
    for (std::string line; std::getline(lines, line);) {
        const auto cells = cells_of(line);
        if (cells.size() != 3 || cells[1].find_first_not_of("0123456789") != std::string::npos)
            continue;
        codes.push_back(cells[0]);
        CAPTURE(codes.back());
        const auto made = problem(codes.back());
        CHECK(made.status == std::stoi(cells[1]));
        CHECK(made.detail == cells[2]);
    }
    const auto known = problem_codes();
    CHECK(codes == std::vector<std::string>(known.begin(), known.end()));
    for (std::size_t i = 0; i < static_cast<std::size_t>(order::RefusalCode::count_); ++i)
        CHECK_NOTHROW(problem(to_string(static_cast<order::RefusalCode>(i))));
    for (std::size_t i = 0; i < static_cast<std::size_t>(ledger::RefusalCode::count_); ++i)
        CHECK_NOTHROW(problem(to_string(static_cast<ledger::RefusalCode>(i))));
}

TEST_CASE("a cursor is good for its list alone, and ids lead back") {
    const auto cursor = cursor_of(17, "/v1/orders");
    CHECK(place_of(cursor, "/v1/orders") == 17);
    CHECK_FALSE(place_of(cursor, "/v1/events"));
    CHECK_FALSE(place_of("c1.00000000.17", "/v1/orders"));
    CHECK_FALSE(place_of("17", "/v1/orders"));

    const IdBytes stream{1, 2, 3};
    CHECK(parse_thing("dsp", thing_id("dsp", stream, 12)) ==
          ThingId{.stream = stream, .number = 12});
    CHECK_FALSE(parse_thing("off", thing_id("dsp", stream, 12)));
    CHECK_FALSE(parse_thing("dsp", thing_id("dsp", stream, 70'000)));
    const auto whole = "dsp_" + to_base32(stream);
    for (const auto* bad : {"", "_", "_0", "_01", "_-1", "_1_1", "_1x"})
        CHECK_FALSE(parse_thing("dsp", whole + bad));
}

}  // namespace
}  // namespace holdfast::api
