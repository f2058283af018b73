// For the tests of this folder: the shipped marketplace terms, one order, and a hand to move it.
#pragma once

#include "order/deadlines.h"
#include "order/decide.h"
#include "order/evolve.h"
#include "order/money.h"
#include "terms/load.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace holdfast {
std::string shipped_terms_text(std::string_view id);  // of terms/ID.toml; in tests/test_main.cpp
}

namespace holdfast::order::test {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;

inline Instant at(std::string_view text) {
    const auto parsed = parse_instant(text);
    VERIFY(parsed.has_value());  // used before any test case runs
    return *parsed;
}

inline const Zones& zones() {
    static const auto made = [] {
        Zones all;
        all.add(Zone::utc());
        return all;
    }();
    return made;
}

inline terms::Terms load_terms(const std::string& text) {
    static const Calendars calendars;
    auto loaded =
        terms::load(text, "test.toml", {.zones = &zones(), .calendars = &calendars, .text_of = {}});
    if (!loaded)
        for (const auto& error : loaded.error()) MESSAGE(terms::to_string(error));
    REQUIRE(loaded.has_value());
    return std::move(*loaded);
}

inline const terms::Terms& marketplace() {
    static const auto made = [] { return load_terms(shipped_terms_text("marketplace")); }();
    return made;
}

// Terms that say nothing: everything by nature, nothing by itself.
inline const terms::Terms& silence() {
    static const auto made = load_terms(R"([terms]
language = 1
id = "silence"
programme = "silence"
title = "Nothing is promised"
zone = "UTC"
)");
    return made;
}

// Terms made of these clauses alone.
inline terms::Terms little(const std::string& clauses, const std::string& head = {}) {
    return load_terms(
        "[terms]\nlanguage = 1\nid = \"little\"\nprogramme = \"little\"\ntitle = \"Little\"\n"
        "zone = \"UTC\"\n" +
        head + clauses);
}

inline std::string right(std::string_view id, std::string_view who, std::string_view may,
                         std::string_view more = {}) {
    return "[[right]]\nid = \"" + std::string(id) + "\"\nwho = \"" + std::string(who) +
           "\"\nmay = \"" + std::string(may) + "\"\n" + std::string(more);
}

inline const Instant noon = at("2026-01-05T12:00:00Z");

// 2 lamps at 45.00 and a shade at 10.00, shipping 5.00: 105.00; commission 10 %.
inline Placement lamps() {
    Placement placement;
    placement.currency = Currency::eur;
    placement.lines = {{.sku = "lamp", .quantity = 2, .unit_price = 4500},
                       {.sku = "shade", .quantity = 1, .unit_price = 1000}};
    placement.shipping = 500;
    placement.commission_basis_points = 1000;
    placement.promised_by = When(noon + days{30});
    return placement;
}

// One order, its events, and what is asked of it in turn. Every step catches up first.
class Life {
public:
    explicit Life(const terms::Terms& terms = marketplace(), Placement placement = lamps()) {
        rules.terms = &terms;
        REQUIRE(ask(Party::platform, noon, Place{std::move(placement)}).has_value());
    }

    void pass(Instant now, std::vector<terms::Outage> outages = {}) {
        auto ahead = deadlines(order, rules);
        for (const auto& change : catch_up(order, rules, now, outages, ahead)) apply(change);
        CHECK(ahead == deadlines(order, rules));
    }
    Decision ask(Party by, Instant now, Request request) {
        pass(now);
        auto decision = decide(order, rules, {by, std::move(request)}, now);
        if (decision) apply(*decision);
        return decision;
    }
    Decision see(Instant now, Seen seen) { return see(now, now, std::move(seen)); }
    Decision see(Instant now, Instant when, Seen seen) {
        pass(now);
        auto decision = observe(order, rules, {when, std::move(seen)}, now);
        if (decision) apply(*decision);
        return decision;
    }

    // Paid a minute after noon, shipped in one parcel a day later.
    Life& paid() {
        REQUIRE(see(noon + std::chrono::minutes{1}, SeeCaptured{.amount = 10500}).has_value());
        return *this;
    }
    Life& shipped() {
        REQUIRE(see(noon + days{1}, SeeShipped{.tracking = "LX1"}).has_value());
        return *this;
    }
    Life& delivered(Instant when) {
        REQUIRE(see(when, SeeScan{.shipment = {1}, .kind = ScanKind::delivered}).has_value());
        return *this;
    }

    std::vector<std::string> names() const {
        std::vector<std::string> all;
        for (const auto& event : events) all.emplace_back(name_of(event.event));
        return all;
    }
    std::size_t count(std::string_view name) const {
        std::size_t found = 0;
        for (const auto& event : events) found += name_of(event.event) == name;
        return found;
    }

    Rules rules;
    Order order;
    Events events;

private:
    void apply(const Events& change) {
        for (const auto& event : change) {
            evolve(order, event);
            events.push_back(event);
        }
        REQUIRE(replay(events) == order);
    }
};

inline RefusalCode code(const Decision& decision) {
    REQUIRE_FALSE(decision.has_value());
    return decision.error().code;
}

inline std::string clause(const Life& life, const Decision& decision) {
    REQUIRE_FALSE(decision.has_value());
    REQUIRE(decision.error().clause >= 0);
    return life.rules.terms->clause_at(decision.error().clause)->id;
}

}  // namespace holdfast::order::test
