// What is left out of a summary: parts that the state does not need, but never the last one.
#include "engine/summary.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace holdfast::engine_test {
namespace {

using namespace engine;

// Every title that was seen, each once.
struct Titles {
    std::vector<std::string> all;
    bool operator==(const Titles&) const = default;
};
void evolve(Titles& titles, const desk::PurchaseSeen& seen, const desk::Origin&) {
    if (seen.title.empty()) return;
    for (const auto& known : titles.all)
        if (known == seen.title) return;
    titles.all.push_back(seen.title);
}

std::string shrunk(const std::vector<std::string>& titles) {
    std::vector<Part> parts;
    for (const auto& title : titles) {
        desk::PurchaseSeen seen;
        seen.title = title;
        parts.push_back({.observation = {.origin = {}, .seen = std::move(seen)}});
    }
    shrink<Titles, desk::PurchaseSeen>(parts, fold<Titles, desk::PurchaseSeen>(parts));
    std::string left;
    for (const auto& part : parts)
        left += "(" + std::get<desk::PurchaseSeen>(part.observation.seen).title + ")";
    return left;
}

}  // namespace

TEST_CASE("a summary keeps what its state comes from, and one part at least") {
    CHECK(shrunk({"a", "b"}) == "(a)(b)");
    CHECK(shrunk({"a", "a"}) == "(a)");
    CHECK(shrunk({"", "a", "", "a"}) == "(a)");
    CHECK(shrunk({""}) == "()");
    CHECK(shrunk({"", ""}) == "()");
    CHECK(shrunk({}).empty());
}

}  // namespace holdfast::engine_test
