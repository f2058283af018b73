// A made year: the same from the same seed, whole, and with something of everything in it.

#include "cli_fixture.h"
#include "rules_fixture.h"

#include "engine/auditor.h"
#include "engine/desk_view.h"
#include "engine/year.h"
#include "engine/year_desk.h"

#include "order/evolve.h"
#include "order/facts.h"
#include "store/codec/event_codec.h"
#include "store/memory/memory_store.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace holdfast::test {
namespace {

const auto end = *parse_instant("2026-11-30T09:00:00Z");

// So that marks and texts are the same, too.
store::Random counted() {
    return [next = std::uint8_t{0}](std::span<std::uint8_t> bytes) mutable {
        for (auto& one : bytes) one = next++;
    };
}

const terms::Terms& pinned() {
    const auto* terms = rules().find("marketplace");
    REQUIRE(terms != nullptr);
    return *terms;
}

const engine::RulesBook& book() {
    static const auto made = [] {
        engine::RulesBook one;
        one.add(pinned());
        return one;
    }();
    return made;
}

struct Made {
    std::unique_ptr<store::Store> store = store::make_memory_store(counted());
    engine::YearCounts year;
    engine::YearDeskCounts desk;
};

Made made(std::uint64_t seed, std::uint32_t orders) {
    Made made;
    made.year = engine::make_year(*made.store, book(), pinned(),
                                  {.seed = seed, .orders = orders, .end = end});
    made.desk = engine::make_year_desk(
        *made.store,
        {.seed = seed, .purchases = orders / 16, .end = end, .reseller = made.year.reseller});
    return made;
}

const Made& of_two_thousand() {
    static const auto year = made(1, 2'000);
    return year;
}

std::vector<store::FeedEvent> feed(store::Store& store) {
    std::vector<store::FeedEvent> all;
    for (std::uint64_t after = 0;;) {
        auto some = store.feed(after, 5'000);
        if (some.empty()) return all;
        after = some.back().position;
        std::ranges::move(some, std::back_inserter(all));
    }
}

bool are_same(const std::vector<store::FeedEvent>& some,
              const std::vector<store::FeedEvent>& others) {
    return std::ranges::equal(some, others, [](const auto& a, const auto& b) {
        return a.stream == b.stream && a.event == b.event;
    });
}

template <class F>
void each_order(F&& each) {
    auto& store = *of_two_thousand().store;
    store.scan(store::StreamKind::order, [&](const store::IndexRow& row) {
        order::Order order;
        for (const auto& event : store.load(row.stream).events)
            order::evolve(order, store::decode_order_event(event).value());
        each(order);
        return true;
    });
}

TEST_CASE("a made year: the same seed gives the same events, another seed others") {
    const auto one = made(5, 500), same = made(5, 500), other = made(6, 500);
    const auto events = feed(*one.store), again = feed(*same.store), others = feed(*other.store);
    CHECK(are_same(events, again));
    CHECK_FALSE(are_same(events, others));
}

TEST_CASE("a made year: streams are whole, books balance and nothing is left on its way") {
    engine::AuditCounts counts;
    const auto problem = engine::find_problem(*of_two_thousand().store, counts);
    CHECK_MESSAGE(!problem, problem.value_or(""));
    CHECK(counts.orders == 2'000);
    CHECK(counts.on_its_way == 0);
}

TEST_CASE("a made year: nothing happened after its end, nor before its beginning") {
    for (const auto& one : feed(*of_two_thousand().store)) {
        REQUIRE(one.event.at <= end);
        REQUIRE(one.event.at >= end - std::chrono::days{366});
    }
}

TEST_CASE("a made year: at its end every stage is there, and every side is waited for") {
    const auto law = book().rules_for(pinned());
    std::set<terms::Stage> stages;
    std::set<order::DisputePhase> phases;
    std::set<terms::Waiting> waiting;
    std::set<terms::Reason> reasons;
    each_order([&](const order::Order& order) {
        const auto facts = order::facts_of(order, law, {}, end);
        stages.insert(terms::order_stage(facts));
        for (std::size_t i = 0; i < terms::count_of<terms::Waiting>; ++i)
            if (terms::waits_for(facts, static_cast<terms::Waiting>(i)))
                waiting.insert(static_cast<terms::Waiting>(i));
        for (const auto& dispute : order.disputes) {
            phases.insert(dispute.phase);
            reasons.insert(dispute.reason);
        }
    });
    using enum terms::Stage;
    CHECK(stages == std::set{placed, paid, shipped, completed, cancelled});
    CHECK(phases.size() == static_cast<std::size_t>(order::DisputePhase::count_));
    CHECK(reasons.size() == terms::count_of<terms::Reason> - 1);  // no refund is overdue here
    // A shop that closes is nothing that these terms speak of.
    CHECK(waiting.size() == terms::count_of<terms::Waiting> - 1);
    CHECK_FALSE(waiting.contains(terms::Waiting::shop));
}

TEST_CASE("a made year: about one order in twenty is disputed, and most are paid out") {
    const auto& year = of_two_thousand().year;
    CHECK(year.disputes > 60);
    CHECK(year.disputes < 160);
    CHECK(year.open_disputes >= 20);
    std::uint64_t released = 0, refunded = 0;
    each_order([&](const order::Order& order) {
        released += order.money.released > 0;
        refunded += order.money.refunded > 0;
    });
    CHECK(released > 1'500);
    CHECK(refunded > 60);
}

TEST_CASE("a made year: the reseller's desk has rows of each word") {
    auto& store = *of_two_thousand().store;
    engine::DeskSettings settings;
    settings.programme = "aliexpress";
    settings.programmes["holdfast"] = "marketplace";
    engine::DeskView view(store, rules(), settings, end);
    std::map<desk::WorkWord, int> words;
    int closes_today = 0;
    view.each_purchase([&](const engine::PurchaseView& one) {
        ++words[one.item.word];
        closes_today += one.item.closes_at && *one.item.closes_at > end &&
                        *one.item.closes_at <= end + std::chrono::hours{24};
        return true;
    });
    CHECK(words.size() == static_cast<std::size_t>(desk::WorkWord::none) + 1);
    CHECK(closes_today >= 3);
    CHECK(of_two_thousand().desk.filed > 0);
}

TEST_CASE("demo --year: a database of its own with users, and never somebody else's") {
    const Folder folder;
    const auto ran = folder.run("demo --year --orders 500");
    REQUIRE_MESSAGE(ran.code == 0, ran.err);
    CHECK(ran.err.find("mediator") != std::string::npos);
    CHECK(folder.run("verify --database holdfast-demo.db").code == 0);
    CHECK(folder.run("scan --word closing_soon --database holdfast-demo.db").code == 0);
    REQUIRE(folder.run("demo --database mine.db").code == 0);
    CHECK(folder.run("demo --year --database mine.db").code == 6);
    CHECK(folder.run("serve --demo --database mine.db").code == 6);
}

}  // namespace
}  // namespace holdfast::test
