// What an order costs: one usual life decided and folded step by step, its events folded again, and
// how often each allocates; beside copying the order, in the same run. `bench/order` runs it.

#include "allocations.h"

#include "formats/rulebook.h"
#include "order/deadlines.h"
#include "order/decide.h"
#include "order/evolve.h"

#include <benchmark/benchmark.h>

#include <cstdint>
#include <iostream>
#include <variant>
#include <vector>

namespace holdfast::bench {
namespace {

using namespace order;

struct Step {
    Instant at;
    std::variant<Command, Seen> what;
};

// Place, captured, shipped, delivered, dispute, offer, accept, refund settled.
std::vector<Step> usual_life() {
    constexpr Instant begin{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}};
    Placement placement;
    placement.lines = {{.sku = "lamp", .quantity = 2, .unit_price = 1499},
                       {.sku = "shade", .quantity = 1, .unit_price = 799}};
    placement.shipping = 499;
    placement.commission_basis_points = 800;
    placement.promised_by = begin + std::chrono::days{20};
    const Settlement part{.remedy = Remedy::partial_refund_keep, .amount = 1000};
    return {
        {begin, Command{Party::platform, Place{placement}}},
        {begin + 1h, SeeCaptured{4296}},
        {begin + 48h, SeeShipped{.lines = {}, .tracking = "TRACK1"}},
        {begin + 200h, SeeScan{{1}, ScanKind::delivered}},
        {begin + 220h,
         Command{Party::buyer, OpenDispute{.lines = {{{1}, 2}}, .reason = Reason::damaged}}},
        {begin + 230h, Command{Party::seller, MakeOffer{.dispute = {1}, .plan = {.then = part}}}},
        {begin + 240h, Command{Party::buyer, AcceptOffer{{1}}}},
        {begin + 250h, SeeInstruction{{1}, InstructionState::succeeded}},
    };
}

Decision decide_step(const Order& order, const Rules& rules, const Step& step) {
    if (const auto* command = std::get_if<Command>(&step.what))
        return decide(order, rules, *command, step.at);
    return observe(order, rules, {step.at, std::get<Seen>(step.what)}, step.at);
}

struct Life {
    Order order;
    Events events;
};

// What the engine does for each: what time did, the decision, the fold.
Life live(const Rules& rules, const std::vector<Step>& steps, bool keeps_events) {
    Life life;
    for (const auto& step : steps) {
        for (const auto& change : catch_up(life.order, rules, step.at))
            for (const auto& event : change) evolve(life.order, event);
        auto decision = decide_step(life.order, rules, step);
        if (!decision) throw std::runtime_error("a step of the life was refused");
        for (auto& event : *decision) {
            evolve(life.order, event);
            if (keeps_events) life.events.push_back(std::move(event));
        }
    }
    return life;
}

void count(benchmark::State& state, double per_round, std::uint64_t before) {
    state.counters["per_second"] =
        benchmark::Counter(per_round, benchmark::Counter::kIsIterationInvariantRate);
    state.counters["allocations_each"] = static_cast<double>(allocations.load() - before) /
                                         (static_cast<double>(state.iterations()) * per_round);
}

// The order as it stands before each step, so that decide is measured alone.
std::vector<Order> orders_before(const Rules& rules, const std::vector<Step>& steps) {
    std::vector<Order> orders;
    for (std::size_t i = 0; i < steps.size(); ++i)
        orders.push_back(live(rules,
                              {steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(i)},
                              /*keeps_events=*/false)
                             .order);
    return orders;
}

void register_all(const Rules& rules, const std::vector<Step>& steps) {
    const auto life = live(rules, steps, /*keeps_events=*/true);
    const auto orders = orders_before(rules, steps);
    const auto size = static_cast<double>(steps.size());
    const auto size_of_events = static_cast<double>(life.events.size());
    std::cout << "steps in a life: " << steps.size() << ", events: " << life.events.size() << '\n';

    benchmark::RegisterBenchmark("copy_order", [life](benchmark::State& state) {
        const auto before = allocations.load();
        for (auto _ : state) benchmark::DoNotOptimize(Order(life.order));
        count(state, 1, before);
    });
    benchmark::RegisterBenchmark("life", [rules, steps, size](benchmark::State& state) {
        const auto before = allocations.load();
        for (auto _ : state) benchmark::DoNotOptimize(live(rules, steps, /*keeps_events=*/false));
        count(state, size, before);
    });
    benchmark::RegisterBenchmark("decide", [rules, steps, orders, size](benchmark::State& state) {
        const auto before = allocations.load();
        for (auto _ : state)
            for (std::size_t i = 0; i < steps.size(); ++i)
                benchmark::DoNotOptimize(decide_step(orders[i], rules, steps[i]));
        count(state, size, before);
    });
    benchmark::RegisterBenchmark("next_deadline", [rules, orders, size](benchmark::State& state) {
        const auto before = allocations.load();
        for (auto _ : state)
            for (const auto& order : orders) benchmark::DoNotOptimize(next_deadline(order, rules));
        count(state, size, before);
    });
    benchmark::RegisterBenchmark("replay", [life, size_of_events](benchmark::State& state) {
        const auto before = allocations.load();
        for (auto _ : state) benchmark::DoNotOptimize(replay(life.events));
        count(state, size_of_events, before);
    });
}

int run(int argc, char** argv) {
    const auto book = formats::load_rulebook(HOLDFAST_SOURCE_DIR);
    if (!book) {
        for (const auto& error : book.error()) std::cerr << to_string(error) << '\n';
        return 1;
    }
    const auto* terms = (*book)->find("marketplace");
    if (!terms) throw std::runtime_error("no terms for a marketplace");
    register_all({.terms = terms}, usual_life());
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}

}  // namespace
}  // namespace holdfast::bench

int main(int argc, char** argv) { return holdfast::bench::run(argc, argv); }
