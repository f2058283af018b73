// docs/order.md is generated from the code and compared here: requests, observations, events with
// their members, refusals in their order, and the transitions that random orders really make. So
// are the types in docs/events.md. HOLDFAST_WRITE_DOCS=1 writes the pages anew.
#include "order_random.h"

#include "engine/event_text.h"
#include "ledger/party_event.h"

#include <cstdlib>
#include <fstream>
#include <set>

namespace holdfast::test {
namespace {

constexpr std::string_view page = HOLDFAST_SOURCE_DIR "/docs/order.md";

template <class Variant, std::size_t... I>
std::string names_of(std::index_sequence<I...>) {
    std::string text;
    ((text += (I == 0 ? "" : ", ") + std::string(std::variant_alternative_t<I, Variant>::name)),
     ...);
    return text + ".\n";
}
template <class Variant>
std::string names_of() {
    return names_of<Variant>(std::make_index_sequence<std::variant_size_v<Variant>>{});
}

template <class Event>
void add_event(std::string& text) {
    std::string members;
    Event{}.fields([&](std::string_view name, const auto&) {
        members += (members.empty() ? "" : ", ") + std::string(name);
    });
    text += "| " + std::string(Event::name) + " | " + members + " |\n";
}
template <std::size_t... I>
std::string events(std::index_sequence<I...>) {
    std::string text = "| Event | Members |\n|---|---|\n";
    (add_event<std::variant_alternative_t<I, order::Event>>(text), ...);
    return text;
}

std::string refusals() {
    std::string text = "| | Refusal | |\n|---|---|---|\n";
    for (std::size_t i = 0; i < static_cast<std::size_t>(order::RefusalCode::count_); ++i) {
        const auto code = static_cast<order::RefusalCode>(i);
        text += "| " + std::to_string(i + 1) + " | " + std::string(to_string(code)) + " | " +
                std::string(text_of(code)) + " |\n";
    }
    return text;
}

std::string_view stage_of(const order::Order& order) {
    if (!order.placed) return "(nothing)";
    if (order.cancelled) return "cancelled";
    if (order.completed) return "completed";
    if (!order.shipments.empty())
        return order::unshipped_lines(order).empty() ? "shipped" : "part shipped";
    return order.paid ? "paid" : "placed";
}

// From, by which events, to.
using Transitions = std::map<std::pair<std::string, std::string>, std::set<std::string>>;

void note(Transitions& all, std::string_view from, std::string_view to, const order::Event& by) {
    if (from != to) all[{std::string(from), std::string(to)}].emplace(order::name_of(by));
}

struct Seen {
    Transitions orders, disputes;

    void follow(const order::Events& events) {
        order::Order order;
        for (const auto& event : events) {
            const auto before = order;
            order::evolve(order, event);
            note(orders, stage_of(before), stage_of(order), event.event);
            for (std::size_t i = 0; i < order.disputes.size(); ++i)
                note(disputes,
                     i < before.disputes.size() ? to_string(before.disputes[i].phase) : "(nothing)",
                     to_string(order.disputes[i].phase), event.event);
        }
    }
};

std::string table(const Transitions& transitions) {
    std::string text = "| From | To | By |\n|---|---|---|\n";
    for (const auto& [way, events] : transitions) {
        std::string by;
        for (const auto& event : events) by += (by.empty() ? "" : ", ") + event;
        text += "| " + way.first + " | " + way.second + " | " + by + " |\n";
    }
    return text;
}

Seen random_lives(std::uint64_t orders) {
    Seen seen;
    for (std::uint64_t seed = 1; seed <= orders; ++seed) {
        Random random(seed);
        World world;
        Instant now{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5}};
        for (int step = 0; step < 50; ++step) {
            now = later_instant(random, world, now);
            world.pass(now);
            Chooser chooser(random, world, now);
            if (world.order.placed && random.chance(40))
                world.observe(chooser.observation(), now);
            else
                world.decide(chooser.command(), now);
        }
        seen.follow(world.events);
    }
    return seen;
}

std::string generated() {
    const auto seen = random_lives(60'000);
    std::string text =
        "# The protected order: requests, events, refusals, transitions\n\n"
        "Generated from `src/order/` by `tests/order_docs_suite.cpp`; `HOLDFAST_WRITE_DOCS=1` with "
        "the suites' program writes it anew.\n\n"
        "## Requests\n\nA wish that can be refused: " +
        names_of<order::Request>() +
        "\n## Observations\n\nWhat has happened already: " + names_of<order::Seen>() +
        "\n## Refusals\n\nChecked in about this order; the first that fails is the answer.\n\n" +
        refusals() +
        "\n## Transitions of the order\n\nAs random lives under `marketplace` make them.\n\n" +
        table(seen.orders) + "\n## Transitions of a dispute\n\n" + table(seen.disputes) +
        "\n## Events\n\n" + events(std::make_index_sequence<std::variant_size_v<order::Event>>{});
    return text;
}

// The types of all events, as docs/events.md lists them at its end.
constexpr std::string_view types_page = HOLDFAST_SOURCE_DIR "/docs/events.md";

template <class Event, std::size_t... I>
std::string types_of(store::StreamKind stream, std::index_sequence<I...>) {
    std::string text;
    ((text += std::string(I == 0 ? "" : ", ") + "`" +
              engine::event_type(stream, std::variant_alternative_t<I, Event>::name) + "`"),
     ...);
    return text;
}
template <class Event>
std::string types_of(store::StreamKind stream) {
    return types_of<Event>(stream, std::make_index_sequence<std::variant_size_v<Event>>{});
}

std::string text_of_file(std::string_view path) {
    std::ifstream file(std::string(path), std::ios::binary);
    REQUIRE(file);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("docs/events.md lists every type") {
    const auto types = "Of an order: " + types_of<order::Event>(store::StreamKind::order) +
                       ".\n\nOf a party: " + types_of<ledger::Event>(store::StreamKind::party) +
                       ".\n";
    const auto text = text_of_file(types_page);
    const auto begin = text.find("Of an order: ");
    REQUIRE(begin != std::string::npos);
    if (std::getenv("HOLDFAST_WRITE_DOCS"))  // NOLINT(concurrency-mt-unsafe)
        std::ofstream(std::string(types_page), std::ios::binary) << text.substr(0, begin) + types;
    CHECK(text_of_file(types_page).substr(begin) == types);
}

TEST_CASE("docs/order.md says what the code does" * doctest::skip(is_sanitized)) {
    const auto text = generated();
    if (std::getenv("HOLDFAST_WRITE_DOCS"))  // NOLINT(concurrency-mt-unsafe)
        std::ofstream(std::string(page), std::ios::binary) << text;
    CHECK(text_of_file(page) == text);
}

}  // namespace holdfast::test
