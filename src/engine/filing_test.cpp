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
    const auto plans = filing_plans(view, {.cap_basis_points = 5'000});
    REQUIRE(plans.size() == 2);
    CHECK(plans[0].system == "aliexpress");
    CHECK(plans[0].account == "main");
    CHECK(plans[0].orders == 2);
    CHECK(plans[0].allowed == 1);
    CHECK(plans[1].system == "holdfast");
    CHECK(plans[1].orders == 1);
    CHECK(plans[1].allowed == 0);
}

TEST_CASE("a platform without terms of its own stands under none, unless the settings say so") {
    const auto store = store::make_memory_store();
    Importer importer(*store, noon, "test");
    importer.add(bought("cj", "1"));
    importer.flush();
    const formats::Rulebook rules;
    const auto item_under = [&](const DeskSettings& settings) {
        DeskView view(*store, rules, settings, noon);
        desk::WorkItem item;
        view.each_purchase([&](const PurchaseView& one) {
            item = one.item;
            return true;
        });
        return item;
    };
    DeskSettings settings;
    CHECK(item_under(settings).why == "no terms of cj are known");
    CHECK(item_under(settings).word == desk::WorkWord::none);
    settings.programmes["cj"] = "aliexpress";  // of which this book has no edition
    CHECK(item_under(settings).why.find("no edition") == 0);
}

}  // namespace holdfast::engine
