// The pages for people: every problem has one, and the reference shows all of the contract.
#include "api/html.h"
#include "api/openapi.h"
#include "api/operation.h"
#include "api/problem_pages.h"
#include "api/problems.h"
#include "api/reference.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace holdfast::api {
namespace {

TEST_CASE("each problem has its remedy, in the order of the contract, and none is left over") {
    std::vector<std::string_view> codes;
    for (const auto& one : remedies()) {
        CAPTURE(one.code);
        codes.push_back(one.code);
        CHECK(one.means.size() > 15);
        CHECK(one.to_do.size() > 15);
        CHECK(one.means != problem(one.code).detail);
        CHECK(one.means.ends_with('.'));
        CHECK(one.to_do.ends_with('.'));
    }
    CHECK(codes == problem_codes());
}

TEST_CASE("what a remedy tells to ask for is an operation of the contract") {
    std::size_t found = 0;
    for (const auto& one : remedies())
        for (const auto& text : {std::string(one.means), std::string(one.to_do)})
            for (auto at = text.find('`'); at != std::string::npos;) {
                const auto end = text.find('`', at + 1);
                REQUIRE(end != std::string::npos);
                const auto quoted = text.substr(at + 1, end - at - 1);
                at = text.find('`', end + 1);
                const auto space = quoted.find(" /");
                if (space == std::string::npos) continue;
                const auto method = quoted.substr(0, space);
                const auto path = quoted.substr(space + 1, quoted.find('?') - space - 1);
                CAPTURE(quoted);
                ++found;
                CHECK(std::ranges::any_of(all_access(), [&](const Access& access) {
                    return access.method == method && access.path == path;
                }));
            }
    CHECK(found > 20);
}

TEST_CASE("a problem's page says what it means and what to do, and runs nothing") {
    const auto page = problem_page("not_granted");
    REQUIRE(page.has_value());
    CHECK(http::is_sendable(*page));
    CHECK(page->status == 200);
    for (const auto* part : {"<h1>Not granted</h1>", "status 422 Unprocessable Content",
                             "What to do", "<code>opens_at</code>", "href=\"/docs#problems\""})
        CHECK_MESSAGE(page->body.contains(part), part);
    CHECK_FALSE(page->body.contains("<script"));
    CHECK_FALSE(problem_page("dancing"));
    CHECK_FALSE(problem_page(""));
}

TEST_CASE("text never becomes markup") {
    CHECK(escaped("<a href=\"x\">&'") == "&lt;a href=&quot;x&quot;&gt;&amp;&#39;");
    CHECK(html_of_markdown("a `<b>` **c**") ==
          "<p>a <code>&lt;b&gt;</code> <strong>c</strong></p>\n");
    CHECK_FALSE(html_of_markdown("<script>alert(1)</script>").contains("<script"));
    CHECK_FALSE(html_of_markdown("[x](javascript:alert(1))").contains("javascript"));
    CHECK(html_of_markdown("| a | b |\n|---|---|\n| 1 | 2 |\n").contains("<td>1</td>"));
    CHECK(page("<t>", "<body></body>").body.contains("<title>&lt;t&gt;</title>"));
}

TEST_CASE("the reference shows each operation and each problem") {
    const auto text =
        load_openapi(std::filesystem::path(HOLDFAST_SOURCE_DIR) / "api" / "openapi.yaml");
    REQUIRE(text.has_value());
    const auto page = reference_page(*text);
    CHECK(http::is_sendable(page));
    for (const auto& one : all_access()) {
        const auto name = std::string(one.name);
        CAPTURE(name);
        CHECK(page.body.contains("<article id=\"" + name + "\">"));
        CHECK(page.body.contains("href=\"#" + name + "\""));
    }
    for (const auto code : problem_codes())
        CHECK_MESSAGE(page.body.contains("href=\"/problems/" + std::string(code) + "\""), code);
    for (const auto* part :
         {"Place an order", "<code>orders:write</code>", "Idempotency-Key", "schema-Receipt",
          "admin, operator", "&quot;reference&quot;: &quot;A-1001&quot;"})
        CHECK_MESSAGE(page.body.contains(part), part);
}

}  // namespace
}  // namespace holdfast::api
