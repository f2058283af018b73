#include "engine/filing.h"

#include "engine/importer.h"
#include "store/memory/memory_store.h"

#include <doctest/doctest.h>

namespace holdfast::engine {
namespace {

const Instant noon = *parse_instant("2026-11-23T12:00:00Z");

desk::Observation bought(std::string_view system, std::string_view reference) {
    desk::PurchaseSeen seen;
    seen.system = system;
    seen.reference = reference;
    seen.account = "main";
    seen.created.emplace().at = noon - std::chrono::days{10};
    return {{.format = "test", .seen_at = noon, .file = {}, .line = 0}, seen};
}

}  // namespace

TEST_CASE("filing: an account of one platform is not the one of the same name on another") {
    const auto store = store::make_memory_store();
    Importer importer(*store, noon, "test");
    for (const auto& one :
         {bought("aliexpress", "1"), bought("aliexpress", "2"), bought("holdfast", "1")})
        importer.add(one);
    importer.flush();
    const formats::Rulebook rules;
    DeskView view(*store, rules, {}, noon);
    const auto plans = filing_plans(*store, view, {.cap_basis_points = 5'000});
    REQUIRE(plans.size() == 2);
    CHECK(plans[0].system == "aliexpress");
    CHECK(plans[0].account == "main");
    CHECK(plans[0].orders == 2);
    CHECK(plans[0].allowed == 1);
    CHECK(plans[1].system == "holdfast");
    CHECK(plans[1].orders == 1);
    CHECK(plans[1].allowed == 0);
}

}  // namespace holdfast::engine
