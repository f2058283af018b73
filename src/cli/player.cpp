#include "cli/player.h"

#include "formats/order_text.h"
#include "ledger/exposure.h"
#include "ledger/posting.h"
#include "order/evolve.h"
#include "order/facts.h"

#include <algorithm>
#include <span>

namespace holdfast::cli {
namespace {

using formats::amount_text;
using formats::instant_text;
using formats::Step;
using order::Minor;

// The numbers that an event gives to new things, as "as parcel 2" names them.
std::optional<std::pair<std::string, std::uint16_t>> named_by(const order::Event& event) {
    if (const auto* one = std::get_if<order::Shipped>(&event))
        return {{"parcel", one->shipment.value}};
    if (const auto* one = std::get_if<order::DisputeOpened>(&event))
        return {{"dispute", one->dispute.value}};
    if (const auto* one = std::get_if<order::OfferMade>(&event))
        return {{"offer", one->offer.value}};
    if (const auto* one = std::get_if<order::ChargebackOpened>(&event))
        return {{"chargeback", one->chargeback.value}};
    return std::nullopt;
}

std::string named_text(const std::optional<std::pair<std::string, std::uint16_t>>& named) {
    return named ? named->first + " " + std::to_string(named->second) : "nothing new";
}

// Commas are for readers; the lines of a scenario are read without them.
std::string without_commas(std::string text) {
    std::erase(text, ',');
    return text;
}

Minor sum_of(const order::Money& money, std::string_view member) {
    if (member == "authorised") return money.authorised;
    if (member == "captured") return money.captured;
    if (member == "advanced") return money.advanced();
    if (member == "held") return money.held;
    if (member == "released") return money.released;
    if (member == "refunded") return money.refunded;
    if (member == "compensated") return money.compensated;
    if (member == "fees") return money.fees;
    return money.charged_back;
}

class Player {
public:
    Player(const order::Rules& rules, const PlayOptions& options)
        : rules_(rules), options_(options) {}

    Played play(const formats::Scenario& scenario) {
        for (const auto& step : scenario.steps) {
            if (options_.until && step.at > *options_.until) break;
            if (const auto* expectation = std::get_if<formats::Expectation>(&step.what)) {
                if (options_.check) compare(step, *expectation);
                continue;
            }
            begin(step);
            take(step);
            compare_name(step);
        }
        if (options_.until && *options_.until > now_) catch_up(*options_.until);
        end_of_step();
        return std::move(played_);
    }

private:
    // --- What happens

    void begin(const Step& step) {
        end_of_step();
        recent_.clear();
        now_ = step.at;
        last_ = &step;
    }

    void take(const Step& step) {
        if (const auto* outage = std::get_if<terms::Outage>(&step.what))
            outages_.push_back(*outage);
        catch_up(step.at);
        if (const auto* command = std::get_if<order::Command>(&step.what))
            return settle(step, order::decide(order_, rules_, with_terms(*command), step.at));
        if (const auto* seen = std::get_if<order::Observation>(&step.what))
            return settle(step, order::observe(order_, rules_, *seen, step.at));
        add_turn({.step = &step, .at = step.at, .events = {}, .refusal = {}, .after = {}});
    }

    // An order pins the terms that it is played under.
    order::Command with_terms(order::Command command) {
        auto* place = std::get_if<order::Place>(&command.request);
        if (!place) return command;
        place->placement.terms = terms::pin_of(*rules_.terms);
        if (!order_.placed) played_.currency = place->placement.currency;
        return command;
    }

    void settle(const Step& step, const order::Decision& decision) {
        Turn turn{.step = &step, .at = step.at, .events = {}, .refusal = {}, .after = {}};
        if (decision)
            turn.events = *decision;
        else
            refused_ = turn.refusal = decision.error();
        add_turn(std::move(turn));
    }

    void catch_up(Instant now) {
        now_ = now;
        for (auto& change : order::catch_up(order_, rules_, now, outages_)) {
            const auto at = change.front().at;
            add_turn({.step = nullptr,
                      .at = at,
                      .events = std::move(change),
                      .refusal = {},
                      .after = {}});
        }
    }

    void add_turn(Turn turn) {
        for (const auto& event : turn.events) {
            if (!balances_) balances_.emplace(played_.currency);
            balances_->post(ledger::postings_of(order_, event));
            order::evolve(order_, event);
            recent_.push_back(event);
        }
        if (balances_) ledger::verify_agrees(*balances_, order_);
        turn.after = {.money = order_.money,
                      .balances = balances_,
                      .next = order::next_deadline(order_, rules_),
                      .exposure = order_.placed ? exposure() : 0};
        played_.turns.push_back(std::move(turn));
    }

    Minor exposure() const {
        const auto cap =
            order::compensation_cap(order_, rules_, {}, std::max(now_, order_.last_at));
        return ledger::exposure_of(order_, {.compensation = cap, .guarantee_pays = false}).open;
    }

    // --- What was expected

    void miss(const Step& step, std::string expected, std::string found) {
        if (found.empty()) found = "nothing";
        played_.mismatches.push_back({step.line, step.text, std::move(expected), std::move(found)});
    }

    void expect(const Step& step, const std::string& expected, const std::string& found) {
        if (expected != found) miss(step, expected, found);
    }

    // A refusal that no line speaks of is a mismatch: the story was to go on.
    void end_of_step() {
        if (options_.check && refused_)
            miss(*last_, "not to be refused", "refused " + refusal_text(*refused_));
        refused_.reset();
    }

    std::string refusal_text(const order::Refusal& refusal) const {
        return formats::text_of(refusal, *rules_.terms, played_.currency);
    }

    void compare_name(const Step& step) {
        if (!options_.check || !step.named || refused_) return;
        std::optional<std::pair<std::string, std::uint16_t>> found;
        for (const auto& event : played_.turns.back().events)
            if (const auto named = named_by(event.event); named && !found) found = named;
        expect(step, named_text(step.named), named_text(found));
    }

    void compare(const Step& step, const formats::Expectation& expectation) {
        ++played_.expectations;
        std::visit([&](const auto& one) { check(step, one); }, expectation);
    }

    bool holds(const formats::ExpectEvent& expected, const order::Event& event) const {
        if (order::name_of(event) != expected.name) return false;
        const auto members = formats::members_of(event, played_.currency);
        return std::ranges::all_of(expected.members, [&](const auto& one) {
            return std::ranges::any_of(members, [&](const formats::Member& member) {
                return member.name == one.first && without_commas(member.text) == one.second;
            });
        });
    }

    void check(const Step& step, const formats::ExpectEvent& expected) {
        std::string same, all;
        for (const auto& recorded : recent_) {
            if (holds(expected, recorded.event)) {
                if (!expected.absent) return;
                return miss(step, "no such event",
                            formats::text_of(recorded.event, played_.currency));
            }
            const auto name = order::name_of(recorded.event);
            if (name == expected.name)
                same +=
                    (same.empty() ? "" : "; ") + formats::text_of(recorded.event, played_.currency);
            all += (all.empty() ? "" : ", ") + std::string(name);
        }
        if (!expected.absent)
            miss(step, "such an event",
                 same.empty() ? "events: " + (all.empty() ? "none" : all) : same);
    }

    void check(const Step& step, const formats::ExpectRefused& expected) {
        if (!refused_) return miss(step, "refused " + expected.word, "not refused");
        const auto refused = *refused_;
        refused_.reset();
        const auto* clause = rules_.terms->clause_at(refused.clause);
        const bool same_word =
            expected.word == formats::word_of(refused) || expected.word == to_string(refused.code);
        const bool same_clause =
            expected.clause.empty() || (clause && clause->id == expected.clause);
        const bool same_limit = !expected.limit || expected.limit == refused.limit;
        if (!same_word || !same_clause || !same_limit) miss(step, step.text, refusal_text(refused));
    }

    void check(const Step& step, const formats::ExpectBalance& expected) {
        const auto found = balances_ ? balances_->of(expected.account) : 0;
        expect(step, amount_text(expected.amount, played_.currency),
               amount_text(found, played_.currency));
    }

    void check(const Step& step, const formats::ExpectMoney& expected) {
        expect(step, amount_text(expected.amount, played_.currency),
               amount_text(sum_of(order_.money, expected.member), played_.currency));
    }

    void check(const Step& step, const formats::ExpectExposure& expected) {
        expect(step, amount_text(expected.amount, played_.currency),
               amount_text(order_.placed ? exposure() : 0, played_.currency));
    }

    void check(const Step& step, const formats::ExpectNext& expected) {
        std::string text = expected.at ? instant_text(*expected.at) : "nothing", found;
        if (!expected.what.empty()) text += " " + expected.what;
        for (const auto& due : order::deadlines(order_, rules_)) {
            auto one = instant_text(due.legal_at);
            if (!expected.what.empty()) one += " " + formats::name_of(due, *rules_.terms);
            if (!expected.first && one == text) return;
            found += (found.empty() ? "" : ", ") + one;
            if (expected.first) break;
        }
        expect(step, text, found.empty() ? "nothing" : found);
    }

    void check(const Step& step, const formats::ExpectAnswer& expected) {
        const auto at = expected.at.value_or(now_);
        auto facts = order::facts_of(order_, rules_, expected.scope, at);
        if (expected.days) facts.set(terms::Number::request_days, *expected.days);
        if (expected.has_evidence) facts.add_mark(terms::Marks::request, "evidence");
        if (expected.has_new_information) facts.add_mark(terms::Marks::request, "new_information");
        if (expected.reason)
            facts.set(terms::Attribute::request_reason, Word(to_string(*expected.reason)));
        const auto answer = terms::ask(
            *rules_.terms, rules_.law, facts,
            {.at = at, .by = expected.by, .verb = expected.verb, .reason = expected.reason});
        std::string text(to_string(expected.outcome)), found(to_string(answer.outcome));
        if (!expected.clause.empty()) {
            const auto* clause = answer.law ? nullptr : rules_.terms->clause_at(answer.clause);
            text += " by " + expected.clause;
            found += " by " + (clause ? clause->id : answer.law ? "the law" : "no clause");
        }
        expect(step, text, found);
    }

    void check(const Step& step, const formats::ExpectDispute& expected) {
        const auto number = expected.dispute.value;
        if (number == 0 || number > order_.disputes.size())
            return miss(step, std::string(to_string(expected.phase)), "no such dispute");
        expect(step, std::string(to_string(expected.phase)),
               std::string(to_string(order_.dispute(expected.dispute).phase)));
    }

    void check(const Step& step, const formats::ExpectStage& expected) {
        const auto facts = order::facts_of(order_, rules_, {}, now_);
        expect(step, std::string(to_string(expected.stage)),
               std::string(to_string(terms::order_stage(facts))));
    }

    const order::Rules& rules_;
    const PlayOptions& options_;
    order::Order order_;
    std::optional<ledger::Balances> balances_;
    std::vector<terms::Outage> outages_;
    order::Events recent_;  // since the last step began
    std::optional<order::Refusal> refused_;
    const Step* last_ = nullptr;
    Instant now_{};
    Played played_;
};

}  // namespace

Played play(const formats::Scenario& scenario, const order::Rules& rules,
            const PlayOptions& options) {
    return Player(rules, options).play(scenario);
}

}  // namespace holdfast::cli
