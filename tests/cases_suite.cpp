// Worked cases of every programme with shipped terms: all must come out as expected.

#include "rules_fixture.h"

#include <map>

namespace holdfast::test {
namespace {

std::string joined(const std::vector<formats::Mismatch>& found) {
    std::string text;
    for (const auto& one : found)
        text += one.member + ": expected " + one.expected + ", got " + one.got + "; ";
    return text;
}

}  // namespace

TEST_CASE("worked cases of the shipped terms") {
    std::map<std::string, int> asked;
    int unsupported = 0;
    for (const auto& one : cases()) {
        const auto* terms = rules().find(one.programme);
        if (!terms || !one.question) {
            ++unsupported;
            continue;
        }
        ++asked[one.programme];
        CAPTURE(one.id);
        CAPTURE(one.title);
        CHECK(joined(formats::compare(one.expected,
                                      terms::ask(*terms, one.facts, *one.question))) == "");
    }
    // The programmes that ship, and as many cases as the file holds of each: none may fall away.
    CHECK(asked["aliexpress-2013"] == 10);
    CHECK(asked["aliexpress-2015"] == 9);
    CHECK(asked["aliexpress-2017"] == 23);
    CHECK(asked["aliexpress-2025"] == 16);
    CHECK(asked["paypal"] == 13);
    CHECK(asked["ebay"] == 16);
    MESSAGE(unsupported << " of " << cases().size()
                        << " cases are of programmes without shipped terms");
}

}  // namespace holdfast::test
