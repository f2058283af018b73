#include "engine/forecast.h"

#include "base/enum_word.h"
#include "order/decide.h"
#include "order/evolve.h"
#include "order/facts.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace holdfast::engine {
namespace {

using namespace order;

// Whatever the terms let run ends before.
constexpr std::chrono::days looks_ahead{3 * 365};

Cast cast_of(Silent silent) {
    switch (silent) {
    case Silent::both:   return {};
    case Silent::seller: return {.buyer = BuyerPart::disputing};
    case Silent::buyer:  return {.seller = SellerPart::prompt};
    case Silent::count_: break;
    }
    VERIFY(!"a Silent outside its list");
}

class Future {
public:
    // Nobody acts before `now`, whatever they could have done since the order's newest event.
    Future(Order order, const Rules& rules, Instant now) : order_(std::move(order)), rules_(rules) {
        order_.last_at = std::max(order_.last_at, now);
    }

    void pass(const Cast& cast, Instant until) {
        auto ahead = deadlines(order_, rules_);
        for (auto& step : let_time_pass(order_, rules_, cast, until, {}, ahead))
            take(step.part.substr(0, step.part.find('.')), std::move(step.events));
    }
    void arrive(Instant at) {
        for (std::size_t i = 0; i < order_.shipments.size(); ++i) {
            if (delivery_of(order_.shipments[i])) continue;
            const SeeScan scan{.shipment = nth<ShipmentNo>(i), .kind = ScanKind::delivered};
            if (auto seen = observe(order_, rules_, {at, scan}, at))
                take("carrier", *std::move(seen));
        }
    }
    std::vector<Foreseen> all() && { return std::move(all_); }

private:
    void take(std::string by, Events events) {
        for (const auto& event : events) evolve(order_, event);
        if (!events.empty()) all_.push_back({std::move(by), std::move(events)});
    }

    Order order_;
    const Rules& rules_;
    std::vector<Foreseen> all_;
};

}  // namespace

std::string_view to_string(Silent value) {
    return enum_word(std::array<std::string_view, 3>{"both", "seller", "buyer"}, value);
}

std::vector<Foreseen> forecast(const Order& order, const Rules& rules, const Assumed& assumed,
                               Instant now) {
    const auto cast = cast_of(assumed.silent);
    Future future(order, rules, now);
    const auto from = std::max(assumed.arrives_at.value_or(now), now);
    if (assumed.arrives_at) {
        future.pass(cast, from);
        future.arrive(from);
    }
    future.pass(cast, from + looks_ahead);
    return std::move(future).all();
}

}  // namespace holdfast::engine
