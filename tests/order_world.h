// A small world around one order, for suites that try many: a seeded source of numbers, the
// shipped marketplace terms, and an order whose every step is checked by check_step().
#pragma once

#include "rules_fixture.h"

#include "order/deadlines.h"
#include "order/decide.h"
#include "order/evolve.h"
#include "order/facts.h"
#include "order/money.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::test {

#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool is_sanitized = true;
#else
inline constexpr bool is_sanitized = false;
#endif

// splitmix64: the same numbers everywhere, from one seed that a failure prints.
class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next() {
        auto z = (state_ += 0x9e3779b97f4a7c15ULL);
        z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
        return z ^ (z >> 31U);
    }
    std::int64_t below(std::int64_t end) {
        return static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(end));
    }
    std::int64_t between(std::int64_t first, std::int64_t last) {
        return first + below(last - first + 1);
    }
    bool chance(int percent) { return below(100) < percent; }
    template <class Range>
    auto pick(const Range& range) -> std::decay_t<decltype(range[0])> {
        return range[static_cast<std::size_t>(below(std::ssize(range)))];
    }
    template <class T>
    T one_of(std::initializer_list<T> all) {
        return all.begin()[below(std::ssize(all))];
    }
    template <class E>
    E any() {
        return static_cast<E>(below(static_cast<std::int64_t>(E::count_)));
    }

private:
    std::uint64_t state_;
};

inline const terms::Terms& marketplace_terms() {
    static const auto* terms = [] {
        const auto* found = rules().find("marketplace");
        REQUIRE(found != nullptr);
        return found;
    }();
    return *terms;
}

inline order::Rules marketplace() { return {.terms = &marketplace_terms()}; }

// --- Which refusals and events a run has reached

struct Reached {
    std::array<std::uint64_t, std::variant_size_v<order::Event>> events{};
    std::array<std::uint64_t, static_cast<std::size_t>(order::RefusalCode::count_)> codes{};
    std::array<std::uint64_t, std::variant_size_v<order::Request>> accepted{};
    std::map<std::string, std::uint64_t> struck;

    void add(const order::Events& all) {
        for (const auto& one : all) {
            ++events[one.event.index()];
            if (const auto* due = std::get_if<order::DefaultStruck>(&one.event))
                ++struck[std::string(due->clause.view())];
        }
    }
    void add(const order::Refusal& refusal) { ++codes[static_cast<std::size_t>(refusal.code)]; }
};

template <std::size_t... I>
std::vector<std::string_view> event_names(std::index_sequence<I...>) {
    return {std::variant_alternative_t<I, order::Event>::name...};
}
inline std::vector<std::string_view> event_names() {
    return event_names(std::make_index_sequence<std::variant_size_v<order::Event>>{});
}

// What was never reached, one word after the other.
inline std::string never_reached(const Reached& reached) {
    std::string text = "events:";
    const auto names = event_names();
    const auto is_the_engines = [](std::string_view name) {  // its suites reach them
        return name == order::Reminded::name || name == order::Acknowledged::name;
    };
    for (std::size_t i = 0; i < names.size(); ++i)
        if (reached.events[i] == 0 && !is_the_engines(names[i])) text.append(" ").append(names[i]);
    text += "; refusals:";
    for (std::size_t i = 0; i < reached.codes.size(); ++i)
        if (reached.codes[i] == 0)
            text.append(" ").append(order::to_string(static_cast<order::RefusalCode>(i)));
    text += "; defaults:";
    for (const auto& clause : marketplace_terms().clauses)
        if (clause.kind == terms::Kind::fallback && !reached.struck.contains(clause.id))
            text.append(" ").append(clause.id);
    return text;
}

// --- Text for people, for the story of a failure

inline std::string to_text(const order::Lines& lines) {
    std::string text = "[";
    for (const auto& [line, quantity] : lines)
        text += std::to_string(line.value) + "x" + std::to_string(quantity) + " ";
    if (text.size() > 1) text.pop_back();
    return text + "]";
}
inline std::string to_text(const order::Settlement& settlement) {
    if (!settlement.remedy) return "nothing";
    return std::string(terms::to_string(*settlement.remedy)) + " " +
           std::to_string(settlement.amount);
}

// A request or an observation in one line, with those members that matter most.
template <class T>
std::string to_text_of(const T& one) {
    std::string text(T::name);
    const auto add = [&](std::string_view name, const std::string& value) {
        text.append(" ").append(name).append("=").append(value);
    };
    if constexpr (requires { one.dispute.value; })
        add("dispute", std::to_string(one.dispute.value));
    if constexpr (requires { one.offer.value; }) add("offer", std::to_string(one.offer.value));
    if constexpr (requires { one.shipment.value; })
        add("shipment", std::to_string(one.shipment.value));
    if constexpr (requires { one.chargeback.value; })
        add("chargeback", std::to_string(one.chargeback.value));
    if constexpr (requires { one.lines.size(); }) add("lines", to_text(one.lines));
    if constexpr (requires { one.replaces->value; })
        if (one.replaces) add("replaces", std::to_string(one.replaces->value));
    if constexpr (requires { std::string(terms::to_string(one.reason)); })
        add("reason", std::string(terms::to_string(one.reason)));
    if constexpr (requires { one.reason.value(); })
        if (one.reason) add("reason", std::string(terms::to_string(*one.reason)));
    if constexpr (requires { one.wanted.value(); })
        if (one.wanted) add("wanted", std::string(terms::to_string(*one.wanted)));
    if constexpr (requires { one.amount.value(); }) {
        if (one.amount) add("amount", std::to_string(*one.amount));
    } else if constexpr (requires { one.amount + 1; }) {
        add("amount", std::to_string(one.amount));
    }
    if constexpr (requires { one.days + 1; }) add("days", std::to_string(one.days));
    if constexpr (requires { one.kind == order::ScanKind::moving; })
        add("kind", std::string(to_string(one.kind)));
    if constexpr (requires { one.plan.then; }) {
        add("then", to_text(one.plan.then));
        if (one.plan.arrives_by) {
            add("if by", to_string(*one.plan.arrives_by));
            add("else", to_text(one.plan.otherwise));
        }
    }
    if constexpr (requires { one.verdict.settlement; })
        add("verdict", to_text(one.verdict.settlement));
    if constexpr (requires { one.due_at.time_since_epoch(); }) add("due", to_string(one.due_at));
    return text;
}
inline std::string to_text(const order::Command& command) {
    return std::string(terms::to_string(command.by)) + ": " +
           std::visit([](const auto& one) { return to_text_of(one); }, command.request);
}
inline std::string to_text(const order::Observation& seen) {
    return "seen " + std::visit([](const auto& one) { return to_text_of(one); }, seen.seen) +
           " when " + to_string(seen.when);
}
inline std::string to_text(const order::Events& events) {
    std::string text;
    for (const auto& one : events) {
        text.append(text.empty() ? "" : ", ").append(order::name_of(one.event));
        if (const auto* due = std::get_if<order::DefaultStruck>(&one.event))
            text.append(" ").append(due->clause.view());
    }
    return text;
}

// --- What must hold of every order

// The money once more, from the events alone and by other sums than evolve's.
struct Tally {
    order::Minor captured = 0, held = 0, seller = 0, fees = 0, buyer = 0, bank = 0, guarantee = 0;
    order::Minor refunded_by_guarantee = 0;
    std::vector<order::Minor> from_guarantee;  // by chargeback
    std::vector<order::Minor> charged;

    void add(const order::Recorded& recorded) {
        using namespace order;
        if (const auto* e = std::get_if<PaymentCaptured>(&recorded.event)) {
            captured += e->amount;
            held += e->amount;
        } else if (const auto* e1 = std::get_if<Released>(&recorded.event)) {
            held -= e1->gross;
            seller += e1->gross - e1->commission;
            fees += e1->commission;
        } else if (const auto* e2 = std::get_if<RefundIssued>(&recorded.event)) {
            take(e2->from_held, e2->from_seller, e2->commission, e2->from_guarantee);
            buyer += e2->amount;
            refunded_by_guarantee += e2->from_guarantee;
        } else if (const auto* e3 = std::get_if<Compensated>(&recorded.event)) {
            take(0, e3->from_seller, 0, e3->from_guarantee);
            buyer += e3->amount;
        } else if (const auto* e4 = std::get_if<ChargebackOpened>(&recorded.event)) {
            take(e4->from_held, e4->from_seller, e4->commission, e4->from_guarantee);
            bank += e4->amount;
            charged.push_back(e4->amount);
            from_guarantee.push_back(e4->from_guarantee);
        } else if (const auto* e5 = std::get_if<ChargebackResolved>(&recorded.event)) {
            if (e5->state != ChargebackState::won) return;
            const auto i = e5->chargeback.value - 1U;
            bank -= charged.at(i);
            guarantee += from_guarantee.at(i);
            held += charged.at(i) - from_guarantee.at(i);
        }
    }
    order::Minor sum() const { return held + seller + fees + buyer + bank + guarantee - captured; }

private:
    void take(order::Minor from_held, order::Minor from_seller, order::Minor commission,
              order::Minor from_guarantee_) {
        held -= from_held;
        seller -= from_seller;
        fees -= commission;
        guarantee -= from_guarantee_;
    }
};

inline bool has_open_chargeback(const order::Order& order) {
    return std::ranges::any_of(order.chargebacks, [](const order::Chargeback& one) {
        return one.state == order::ChargebackState::open ||
               one.state == order::ChargebackState::answered;
    });
}
inline bool has_open_dispute(const order::Order& order) {
    return std::ranges::any_of(order.disputes,
                               [](const order::Dispute& one) { return !one.is_closed(); });
}

// What could still go back for the goods of disputes that are not over.
inline order::Minor kept_for_disputes(const order::Order& order) {
    order::Minor sum = 0;
    for (const auto& one : order.disputes)
        if (!one.is_closed()) sum += order::refundable(order, one.lines);
    return sum;
}

// The first thing that is wrong with the money of this order, or nothing.
inline std::string money_error(const order::Order& order) {
    const auto& money = order.money;
    if (!order::is_balanced(money)) return "the money is not balanced";
    if (money.held != money.captured + money.advanced() - money.released - money.refunded -
                          money.compensated - money.fees - money.charged_back)
        return "held is not what the identity says";
    // A processor may charge back what was refunded; each alone is within what was captured.
    if (money.refunded > money.captured || money.charged_back > money.captured)
        return "more went back than was captured";
    if (order.placed && money.fees != order::commission_on(order, money.gross))
        return "the commission is not that of what the seller has";
    order::Minor parts = order.shipping_refunded + order.tax_refunded + order.fee_refunded;
    for (const auto& line : order.lines) {
        parts += line.refunded;
        if (line.refunded < 0 || line.refunded > line.placed.unit_price * line.placed.quantity)
            return "a line's refund is not within its price";
        if (line.cancelled < 0 || line.cancelled > line.placed.quantity)
            return "more was cancelled than ordered";
    }
    const auto& sale = order.terms_of_sale;
    if (order.shipping_refunded > sale.shipping || order.tax_refunded > sale.tax ||
        order.fee_refunded > sale.fee)
        return "more shipping, tax or fee was refunded than paid";
    if (parts > money.refunded) return "the parts of the refunds are more than the refunds";
    order::Minor instructed = 0;
    for (const auto& one : order.instructions)
        if (one.kind != order::InstructionKind::void_authorisation && !one.again)
            instructed += one.amount;
    if (instructed != money.refunded + money.compensated)
        return "what was instructed is not what was refunded and compensated";
    return {};
}

// --- One order in time

struct World {
    order::Rules rules = marketplace();
    std::vector<terms::Outage> outages = {};
    order::Order order = {};
    order::Events events = {};
    Tally tally = {};
    std::string error = {};  // the first thing that went wrong

    void fail(std::string what) {
        if (error.empty()) error = std::move(what);
    }

    void apply(const order::Events& all) {
        for (const auto& one : all) {
            if (one.at < order.last_at) fail("an event's time went back");
            if (one.when > one.at) fail("an event was recorded before it happened");
            const auto held = order.money.held;
            order::evolve(order, one);
            if (std::holds_alternative<order::Released>(one.event) &&
                order.money.held < std::min(held, kept_for_disputes(order)))
                fail("money that a dispute is about was released");
            tally.add(one);
            events.push_back(one);
            if (std::holds_alternative<order::RefundIssued>(one.event) &&
                order.money.refunded + order.money.charged_back > order.money.captured)
                fail("a refund of what was charged back");
        }
        if (auto wrong = money_error(order); !wrong.empty()) fail(std::move(wrong));
        if (tally.held != order.money.held || tally.sum() != 0)
            fail("the events' own sums differ from the order's money");
    }

    // Lets time pass up to `now`.
    std::vector<order::Events> pass(Instant now) {
        auto ahead = order::deadlines(order, rules);
        auto changes = order::catch_up(order, rules, now, outages, ahead);
        for (const auto& change : changes) {
            for (const auto& one : change)
                if (std::holds_alternative<order::DefaultStruck>(one.event) &&
                    (one.when + rules.grace > now || one.at < one.when + rules.grace))
                    fail("a default was carried out before its grace was over");
            apply(change);
        }
        if (ahead != order::deadlines(order, rules))
            fail("what catching up says is ahead differs from the deadlines");
        return changes;
    }

    order::Decision decide(const order::Command& command, Instant now) {
        auto decision = order::decide(order, rules, command, now);
        if (decision) apply(*decision);
        return decision;
    }
    order::Decision observe(const order::Observation& seen, Instant now) {
        auto decision = order::observe(order, rules, seen, now);
        if (decision) apply(*decision);
        return decision;
    }
};

// --- The terms' own word about a request, asked beside decide()

struct Wished {
    terms::Verb verb = terms::Verb::open_dispute;
    order::Scope scope = {};
    std::optional<terms::Reason> reason = {};
    std::optional<std::int64_t> days = {}, amount = {};
    bool has_evidence = false, has_new_information = false;
};

inline terms::Answer ask_terms(const order::Order& order, const order::Rules& rules,
                               terms::Party by, const Wished& wish, Instant at) {
    auto facts = order::facts_of(order, rules, wish.scope, at);
    if (wish.days) facts.set(terms::Number::request_days, *wish.days);
    if (wish.amount) facts.set(terms::Number::request_amount, *wish.amount);
    if (wish.has_evidence) facts.add_mark(terms::Marks::request, "evidence");
    if (wish.has_new_information) facts.add_mark(terms::Marks::request, "new_information");
    if (wish.reason)
        facts.set(terms::Attribute::request_reason, Word(terms::to_string(*wish.reason)));
    return terms::ask(*rules.terms, rules.law, facts,
                      {.at = at, .by = by, .verb = wish.verb, .reason = wish.reason});
}

}  // namespace holdfast::test
