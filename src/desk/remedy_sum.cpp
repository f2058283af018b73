#include "desk/remedy_sum.h"

#include "base/verify.h"
#include "desk/text.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace holdfast::desk {
namespace {

using terms::Reason;

__extension__ using Wide = __int128;

constexpr std::int32_t whole = 10'000;  // basis points
constexpr std::size_t fork_count = 4;

std::optional<Money> of_wide(Wide minor, Currency currency) {
    if (minor > Money::max_minor || minor < -Wide{Money::max_minor}) return std::nullopt;
    return Money::of_minor(static_cast<std::int64_t>(minor), currency);
}

// Half a unit goes to the even one.
Wide rounded(Wide numerator, Wide denominator) {
    const Wide size = numerator < 0 ? -numerator : numerator;
    const Wide down = size / denominator, rest = size % denominator;
    const bool up = rest * 2 > denominator || (rest * 2 == denominator && down % 2 != 0);
    const Wide result = down + (up ? 1 : 0);
    return numerator < 0 ? -result : result;
}

void add_once(std::vector<std::string>& texts, std::string text) {
    if (std::ranges::find(texts, text) == texts.end()) texts.push_back(std::move(text));
}

// What is known at one point of a way.
struct State {
    std::vector<Branch> when = {};
    std::vector<SumTerm> terms = {};
    std::vector<std::string> gets = {};
    Money refunded;           // to the customer, in all
    bool as_ordered = false;  // the customer has the goods as ordered
    bool agreed = false;      // the customer said yes to an offer
    bool complete = true;     // every term is known
};

class WaySums {
public:
    WaySums(Way& way, const RemedyBasis& basis)
        : way_(way), basis_(basis), complaint_(basis.complaint) {}

    // The profit before anything is done about the complaint.
    std::optional<Money> begin() {
        const auto state = start();
        return state.complete ? sum_of(state.terms) : std::nullopt;
    }
    // What an accepted offer of `part` changes of it.
    std::optional<Money> after_part(Money part) {
        const auto paid = complaint_.paid.amount;
        State state{.refunded = paid - unrefunded(complaint_)};
        add(state, "refunded in part", -part, today());
        add_fee_back(state, state.refunded, state.refunded + part, today());
        return state.complete ? sum_of(state.terms) : std::nullopt;
    }

    void run() {
        run(start(), way_.steps);
        find_range();
        find_expected();
        find_cash();
    }

private:
    // --- Terms

    SumTerm term(std::string label, Money amount, Day on) {
        SumTerm made{.label = std::move(label), .amount = amount, .on = on};
        if (auto done = convert_with_rates(basis_.rates, amount, basis_.report, on)) {
            made.report = done->amount;
            made.rates = std::move(done->rates);
        } else {
            add_once(way_.missing, "a rate " + std::string(code_of(amount.currency())) + " to " +
                                       std::string(code_of(basis_.report)) + " of " +
                                       holdfast::to_string(on) + " or before");
        }
        return made;
    }
    void add(State& state, std::string label, Money amount, Day on) {
        if (amount.is_zero()) return;
        state.terms.push_back(term(std::move(label), amount, on));
        state.complete = state.complete && state.terms.back().report;
    }
    void lack(State& state, std::string what) {
        state.complete = false;
        add_once(way_.missing, std::move(what));
    }
    Day today() const { return day_of(basis_.now); }

    Money fee() const {
        return share_of(complaint_.paid.amount, basis_.rules.fee_basis_points, Rounding::half_even);
    }
    // What the processor has given back of `fee` once `refunded` of the sale went back: by the
    // whole sum, so that refunds in parts come to the same as one.
    Money given_back(Money fee, Money refunded) const {
        const auto paid = complaint_.paid.amount;
        if (!paid.is_positive() || !refunded.is_positive()) return Money::zero(fee.currency());
        const std::array weights{refunded.minor(),
                                 std::max<std::int64_t>(0, paid.minor() - refunded.minor())};
        return share_of(split_by(fee, weights).front(), whole - basis_.rules.fee_kept_basis_points,
                        Rounding::half_even);
    }
    void add_fee_back(State& state, Money before, Money after, Day on) {
        add(state, "processing fee given back",
            given_back(fee(), after) - given_back(fee(), before), on);
        if (const auto& fixed = basis_.rules.fee_fixed)
            add(state, "fixed processing fee given back",
                given_back(*fixed, after) - given_back(*fixed, before), on);
    }

    // --- Where every way begins

    State start() {
        const auto& paid = complaint_.paid;
        State state{.refunded = Money::zero(paid.amount.currency())};
        add(state, "sold", paid.amount, paid.on);
        add(state, "processing fee", -fee(), paid.on);
        if (basis_.rules.fee_fixed)
            add(state, "fixed processing fee", -*basis_.rules.fee_fixed, paid.on);
        if (complaint_.supplies.empty()) lack(state, "what the goods cost: no purchase is known");
        for (const auto& supply : complaint_.supplies) add_supply(state, supply);
        if (complaint_.refunded) {
            const auto& [amount, on] = *complaint_.refunded;
            VERIFY(amount.currency() == paid.amount.currency());
            add(state, "refunded before", -amount, on);
            add_fee_back(state, state.refunded, amount, on);
            state.refunded = amount;
        }
        if (complaint_.goods_there) state.gets.emplace_back("keeps the goods");
        state.as_ordered = complaint_.goods_there && (complaint_.reason == Reason::late ||
                                                      complaint_.reason == Reason::change_of_mind);
        return state;
    }

    void add_supply(State& state, const Supply& supply) {
        if (supply.cost)
            add(state, "bought: " + supply.name, -supply.cost->amount, supply.cost->on);
        else
            lack(state, "what " + supply.name + " cost");
        if (supply.received)
            add(state, "supplier's refund received: " + supply.name, supply.received->amount,
                supply.received->on);
        if (supply.claim == ClaimState::granted) add_claim(state, supply);
    }

    void add_claim(State& state, const Supply& supply) {
        const auto label = "supplier's refund granted: " + supply.name;
        if (supply.claimable)
            return add(state, label, supply.claimable->amount, supply.claimable->on);
        if (!supply.cost) return;  // missing already
        auto rest = supply.cost->amount;
        if (supply.received) {
            if (supply.received->amount.currency() != rest.currency())
                return lack(state, "what is left to claim of " + supply.name);
            rest = rest - supply.received->amount;
        }
        if (rest.is_positive()) add(state, label, rest, today());
    }

    // --- Steps

    void run(State state, std::span<const Step> steps) {
        if (steps.empty()) return end(std::move(state));
        const auto rest = steps.subspan(1);
        const bool offer = !rest.empty();
        switch (steps.front()) {
        case Step::wait:         return wait(state, rest);
        case Step::claim:        return claim(state, rest);
        case Step::resend:       resend(state); break;
        case Step::resend_other: resend_other(state); break;
        case Step::refund:       refund(state); break;
        case Step::return_goods: take_back(state); break;
        case Step::part_refund:
        case Step::gift:
            if (offer) return propose(state, steps);
            give(state, steps.front());
            break;
        }
        run(std::move(state), rest);
    }

    static State with(State state, Fork fork, bool yes) {
        state.when.push_back({fork, yes});
        return state;
    }

    // If it arrives the sale stands, and no later step is needed.
    void arrive(const State& state) {
        auto there = with(state, Fork::arrives, /*yes=*/true);
        there.gets.emplace_back("the goods");
        there.as_ordered = true;
        end(std::move(there));
    }
    void wait(const State& state, std::span<const Step> rest) {
        if (complaint_.under_way) arrive(state);
        run(complaint_.under_way ? with(state, Fork::arrives, /*yes=*/false) : state, rest);
    }

    // While a claim runs the parcel may still come; a claim that it did not is over then.
    void claim(const State& state, std::span<const Step> rest) {
        const bool may_arrive = complaint_.under_way && !complaint_.goods_there;
        if (may_arrive) arrive(state);
        const auto waited = may_arrive ? with(state, Fork::arrives, /*yes=*/false) : state;
        if (!has_open_claim(complaint_)) return run(waited, rest);
        auto granted = with(waited, Fork::claim_granted, /*yes=*/true);
        for (const auto& supply : complaint_.supplies)
            if (supply.claim == ClaimState::open) add_claim(granted, supply);
        run(std::move(granted), rest);
        run(with(waited, Fork::claim_granted, /*yes=*/false), rest);
    }

    void resend(State& state) {
        state.gets.emplace_back("the goods, sent again");
        state.as_ordered = true;
        if (complaint_.resend)
            return add(state, "sent again", -complaint_.resend->amount, complaint_.resend->on);
        for (const auto& supply : complaint_.supplies)
            if (supply.cost && supply.concerned)
                add(state, "bought again: " + supply.name, -supply.cost->amount, today());
    }

    void resend_other(State& state) {
        state.gets.emplace_back("the goods, sent again");
        state.as_ordered = true;
        if (!complaint_.resend_other) return lack(state, "what another supplier costs");
        add(state, "sent again by another supplier", -complaint_.resend_other->amount,
            complaint_.resend_other->on);
    }

    void refund(State& state) {
        const auto rest = complaint_.paid.amount - state.refunded;
        if (!rest.is_positive()) return;
        state.gets.push_back(to_string(rest) + " back");
        add(state, "refunded", -rest, today());
        add_fee_back(state, state.refunded, state.refunded + rest, today());
        state.refunded = state.refunded + rest;
    }

    // Counted as sent back, and worth nothing to us.
    void take_back(State& state) {
        state.gets.clear();
        if (way_.steps.back() == Step::return_goods)
            state.gets.emplace_back("sends the goods back");
        add_postage(state);
        refund(state);
    }
    void add_postage(State& state) {
        if (customer_pays_postage_) return;
        if (complaint_.return_postage)
            add(state, "return postage", -complaint_.return_postage->amount,
                complaint_.return_postage->on);
        else
            lack(state, "the return postage");
    }

    // Part refund and gift: given outright, or proposed with another step behind the no.
    void give(State& state, Step step) {
        if (step == Step::gift) {
            state.gets.emplace_back("a free extra item");
            if (complaint_.gift)
                add(state, "gift", -complaint_.gift->amount, complaint_.gift->on);
            else
                lack(state, "what the gift costs");
            return;
        }
        const auto part = part_of(complaint_);
        if (!part) return lack(state, "how much the partial refund is");
        state.gets.push_back(to_string(*part) + " back");
        add(state, "refunded in part", -*part, today());
        add_fee_back(state, state.refunded, state.refunded + *part, today());
        state.refunded = state.refunded + *part;
    }
    void propose(const State& state, std::span<const Step> steps) {
        auto yes = with(state, Fork::accepted, /*yes=*/true);
        give(yes, steps.front());
        yes.agreed = true;
        end(std::move(yes));
        run(with(state, Fork::accepted, /*yes=*/false), steps.subspan(1));
    }

    // --- Ends

    void end(State state) {
        const auto rest = complaint_.paid.amount - state.refunded;
        const bool content = state.as_ordered || state.agreed || !rest.is_positive();
        if (content || basis_.rules.chargeback_basis_points == 0) return close(std::move(state));
        auto charged = with(state, Fork::charged_back, /*yes=*/true);
        charged.gets.push_back(to_string(rest) + " through the bank");
        add(charged, "charged back", -rest, today());
        if (basis_.rules.chargeback_fee)
            add(charged, "chargeback fee", -*basis_.rules.chargeback_fee, today());
        close(std::move(charged));
        close(with(std::move(state), Fork::charged_back, /*yes=*/false));
    }

    void close(State state) {
        Outcome made{.when = std::move(state.when),
                     .terms = std::move(state.terms),
                     .profit = {},
                     .gets = state.gets.empty() ? "nothing" : join(state.gets, ", ")};
        made.possible = std::ranges::all_of(made.when, [&](const Branch& branch) {
            return chance(branch, /*assumed=*/whole / 2) > 0;
        });
        made.chance = chance_of(made.when);
        if (state.complete) made.profit = sum_of(made.terms);
        if (state.complete && !made.profit) add_once(way_.missing, "a sum that is not too large");
        way_.outcomes.push_back(std::move(made));
    }
    std::optional<Money> sum_of(std::span<const SumTerm> terms) const {
        Wide sum = 0;
        for (const auto& one : terms) sum += one.report->minor();
        return of_wide(sum, basis_.report);
    }

    // --- What the outcomes come to

    std::optional<std::int32_t> known(Fork fork) const {
        switch (fork) {
        case Fork::arrives:       return basis_.chances.arrival;
        case Fork::claim_granted: return basis_.chances.claim;
        case Fork::accepted:      return basis_.chances.accept;
        case Fork::charged_back:  return basis_.rules.chargeback_basis_points;
        }
        return std::nullopt;
    }
    std::int32_t chance(const Branch& branch, std::int32_t assumed) const {
        const auto yes = known(branch.fork).value_or(assumed);
        return branch.yes ? yes : whole - yes;
    }
    // That all of it happens.
    std::optional<std::int32_t> chance_of(std::span<const Branch> when) const {
        Wide weight = whole, most = 1;
        for (const auto& branch : when) {
            if (!known(branch.fork)) return std::nullopt;
            weight *= chance(branch, /*assumed=*/0);
            most *= whole;
        }
        return static_cast<std::int32_t>(rounded(weight, most));
    }
    bool knows_all() const {
        return std::ranges::all_of(way_.outcomes, [](const Outcome& one) {
            return one.profit.has_value() || !one.possible;
        });
    }

    void find_range() {
        if (!knows_all()) return;
        for (const auto& one : way_.outcomes) {
            if (!one.possible) continue;
            way_.best = way_.best ? std::max(*way_.best, *one.profit) : *one.profit;
            way_.worst = way_.worst ? std::min(*way_.worst, *one.profit) : *one.profit;
        }
    }

    // The expected profit, times 10,000 for each fork there is; a fork of unknown chance happens
    // surely where its bit is set, else never.
    Wide weighed(unsigned sure) const {
        Wide sum = 0;
        for (const auto& one : way_.outcomes) {
            if (!one.possible) continue;
            Wide weight = 1;
            std::size_t used = 0;
            for (const auto& branch : one.when) {
                const bool happens = ((sure >> static_cast<unsigned>(branch.fork)) & 1U) != 0;
                weight *= chance(branch, happens ? whole : 0);
                ++used;
            }
            for (; used < fork_count; ++used) weight *= whole;
            sum += weight * one.profit->minor();
        }
        return sum;
    }

    // The expected profit is linear in each unknown chance, so it hangs on one only if two corners
    // that differ in it differ.
    void find_expected() {
        if (!knows_all()) return;
        bool depends = false;
        for (unsigned fork = 0; fork < fork_count; ++fork) {
            if (known(static_cast<Fork>(fork))) continue;
            bool differs = false;
            for (unsigned sure = 0; sure < (1U << fork_count); ++sure)
                differs = differs || weighed(sure) != weighed(sure ^ (1U << fork));
            if (differs) add_once(way_.missing, chance_name(static_cast<Fork>(fork)));
            depends = depends || differs;
        }
        if (depends) return;
        constexpr Wide one = Wide{whole} * whole * whole * whole;
        way_.expected = of_wide(rounded(weighed(0), one), basis_.report);
    }
    static std::string chance_name(Fork fork) {
        switch (fork) {
        case Fork::arrives:       return "the chance that it arrives";
        case Fork::claim_granted: return "the chance that our claim is granted";
        case Fork::accepted:      return "the chance that the customer accepts";
        case Fork::charged_back:  return "the chance of a chargeback";
        }
        return {};
    }

    // Of the first step alone; an offer, a wait and a claim move nothing until they are answered.
    void find_cash() {
        State moved{.refunded = complaint_.refunded
                                    ? complaint_.refunded->amount
                                    : Money::zero(complaint_.paid.amount.currency())};
        switch (way_.steps.front()) {
        case Step::wait:
        case Step::claim:        break;
        case Step::resend:       find_resend_cash(moved); break;
        case Step::resend_other: resend_other(moved); break;
        case Step::refund:       refund(moved); break;
        case Step::return_goods: add_postage(moved); break;
        case Step::part_refund:
        case Step::gift:
            if (way_.steps.size() == 1) give(moved, way_.steps.front());
            break;
        }
        if (moved.complete) way_.cash_now = sum_of(moved.terms);
    }
    void find_resend_cash(State& moved) {
        const bool known_cost = !complaint_.supplies.empty() &&
                                std::ranges::all_of(complaint_.supplies, [](const Supply& one) {
                                    return one.cost.has_value() || !one.concerned;
                                });
        if (!complaint_.resend && !known_cost) moved.complete = false;
        resend(moved);
    }

    Way& way_;
    const RemedyBasis& basis_;
    const Complaint& complaint_;
    bool customer_pays_postage_ = basis_.customer_bears_postage;
};

}  // namespace

Day day_of(Instant at) { return Day{std::chrono::floor<std::chrono::days>(at).time_since_epoch()}; }

Money unrefunded(const Complaint& complaint) {
    if (!complaint.refunded) return complaint.paid.amount;
    const auto rest = complaint.paid.amount - complaint.refunded->amount;
    return rest.is_positive() ? rest : Money::zero(rest.currency());
}

std::optional<Money> part_of(const Complaint& complaint) {
    if (!complaint.part) return std::nullopt;
    return std::min(complaint.part->amount, unrefunded(complaint));
}

bool has_open_claim(const Complaint& complaint) {
    return std::ranges::any_of(
        complaint.supplies, [](const Supply& supply) { return supply.claim == ClaimState::open; });
}

std::optional<std::int32_t> accept_of(const Chances& chances, Money part, Money rest) {
    if (chances.accept_part.empty() || !rest.is_positive()) return chances.accept;
    const auto share = Wide{part.minor()} * whole;  // of `rest`, times it
    AcceptPoint before;
    for (const auto& point : chances.accept_part) {
        const auto from = Wide{before.share} * rest.minor(), to = Wide{point.share} * rest.minor();
        if (share <= to && to > from)
            return static_cast<std::int32_t>(
                before.chance +
                rounded((point.chance - before.chance) * (share - from), to - from));
        before = point;
    }
    return before.chance;
}

std::optional<Money> best_part(const RemedyBasis& basis, const std::vector<Step>& otherwise) {
    // Looked at one by one up to here; of larger sums as many, evenly apart.
    constexpr std::int64_t looked_at = 50'000;
    if (basis.chances.accept_part.empty()) return std::nullopt;
    Way no;
    no.steps = otherwise;
    sum_up(no, basis);
    Way scratch;
    WaySums sums(scratch, basis);
    const auto begin = sums.begin();
    if (!no.expected || !begin) return std::nullopt;
    const auto rest = unrefunded(basis.complaint);
    std::optional<Money> best;
    Wide most = Wide{no.expected->minor()} * whole;  // of no offer at all
    const auto try_part = [&](std::int64_t minor) {
        const auto part = Money::of_minor(minor, rest.currency());
        const auto change = sums.after_part(part);
        if (!change) return;
        const Wide chance = *accept_of(basis.chances, part, rest);
        const auto worth = chance * (Wide{begin->minor()} + change->minor()) +
                           (whole - chance) * no.expected->minor();
        if (worth < most || (worth == most && !best)) return;
        most = worth;
        best = part;
    };
    const auto step = std::max<std::int64_t>(1, rest.minor() / looked_at);
    for (auto minor = step; minor < rest.minor(); minor += step) try_part(minor);
    if (step == 1 || !best) return best;
    const auto around = best->minor();
    const auto last = std::min(rest.minor() - 1, around + step);
    const auto closer = std::max<std::int64_t>(1, 2 * step / looked_at);
    for (auto minor = std::max<std::int64_t>(1, around - step); minor <= last; minor += closer)
        try_part(minor);
    return best;
}

void sum_up(Way& way, const RemedyBasis& basis) { WaySums(way, basis).run(); }

}  // namespace holdfast::desk
