#include "desk/remedy.h"

#include "desk/remedy_sum.h"
#include "desk/text.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

namespace holdfast::desk {
namespace {

using terms::Reason;
using What = Due::What;

constexpr std::array step_names = {"wait",        "claim", "resend", "refund",
                                   "part_refund", "gift",  "return", "resend_other"};

struct Plan {
    std::vector<Step> steps;
    std::optional<std::int32_t> wait_days = {};
};

// The single steps, each shown whatever the complaint; then the rows of steps that make sense.
std::vector<Plan> all_plans(const Complaint& complaint, const Chances& chances) {
    std::vector<std::vector<Step>> rows = {
        {Step::wait},
        {Step::resend},
        {Step::refund},
        {Step::part_refund},
        {Step::gift},
        {Step::return_goods},
        {Step::claim, Step::resend},
        {Step::claim, Step::refund},
        {Step::wait, Step::resend},
        {Step::wait, Step::refund},
        {Step::part_refund, Step::resend},
        {Step::part_refund, Step::refund},
        {Step::part_refund, Step::return_goods},
        {Step::gift, Step::refund},
        {Step::gift, Step::return_goods},
    };
    std::vector<Step> sends = {Step::resend};
    if (complaint.resend_other) {
        sends.push_back(Step::resend_other);
        rows.push_back({Step::resend_other});
        rows.push_back({Step::claim, Step::resend_other});
        rows.push_back({Step::wait, Step::resend_other});
        rows.push_back({Step::part_refund, Step::resend_other});
    }
    std::vector<Plan> plans;
    plans.reserve(rows.size() + chances.arrival_within.size() * (sends.size() + 1));
    for (auto& row : rows) plans.push_back({.steps = std::move(row)});
    for (const auto& [days, chance] : chances.arrival_within) {
        plans.push_back({.steps = {Step::wait, Step::refund}, .wait_days = days});
        for (const auto send : sends)
            plans.push_back({.steps = {Step::wait, send}, .wait_days = days});
    }
    return plans;
}

std::string name_of(const Plan& plan) {
    std::string name;
    for (const auto step : plan.steps) {
        name += (name.empty() ? "" : "_then_") + std::string(to_string(step));
        if (step == Step::wait && plan.wait_days)
            name += '_' + std::to_string(*plan.wait_days) + "_days";
    }
    return name;
}

bool is_resend(Step step) { return step == Step::resend || step == Step::resend_other; }

// Until when a wait of so many days lasts.
Instant end_of_wait(std::int32_t days, Instant now) { return now + std::chrono::days{days}; }

// --- What a way gives, against what is due

class Standing {
public:
    Standing(Way& way, const Complaint& complaint, const Due& due, const RemedyRules& rules,
             Instant now)
        : way_(way), complaint_(complaint), due_(due), rules_(rules), now_(now) {}

    void judge() {
        way_.reason = impossible();
        if (way_.reason.empty()) way_.reason = too_little();
        way_.allowed = way_.reason.empty();
        if (way_.allowed) way_.condition = join(conditions(), "; ");
    }

private:
    bool has(Step step) const { return std::ranges::find(way_.steps, step) != way_.steps.end(); }
    bool sends() const { return std::ranges::any_of(way_.steps, is_resend); }
    bool is_about_goods_as_ordered() const {
        return complaint_.goods_there && complaint_.reason == Reason::late;
    }

    std::string impossible() const {
        if (has(Step::wait) && complaint_.goods_there)
            return "the customer has the goods: there is nothing to wait for";
        if (has(Step::wait) && !complaint_.under_way) return "nothing is under way any more";
        if (way_.wait_days && due_.what == What::goods && due_.by &&
            end_of_wait(*way_.wait_days, now_) > *due_.by)
            return "it waits for longer than the customer has to: due: " + due_text();
        if (has(Step::return_goods) && !complaint_.goods_there)
            return "the customer has nothing to send back";
        if (sends() && complaint_.reason == Reason::change_of_mind)
            return "the customer does not want the goods: there is nothing to send again";
        if (sends() && is_about_goods_as_ordered())
            return "the customer has the goods as ordered: there is nothing to send again";
        if (has(Step::claim) && !has_open_claim(complaint_)) return no_claim();
        const bool pays = has(Step::refund) || has(Step::part_refund) || has(Step::return_goods);
        if (pays && !unrefunded(complaint_).is_positive()) return "all of it is refunded already";
        return {};
    }

    std::string no_claim() const {
        std::vector<std::string> parts;
        for (const auto& supply : complaint_.supplies) {
            const bool granted = supply.claim == ClaimState::granted;
            const auto why = supply.claim_why.empty() ? "no claim is possible" : supply.claim_why;
            parts.push_back(supply.name + ": " +
                            (granted ? "granted already, it counts in every way" : why));
        }
        return parts.empty() ? "no purchase is known to claim on" : join(parts, "; ");
    }

    // Waiting, a gift and a part of the money settle a complaint only where nothing more is due; as
    // an offer, with what is due behind the customer's no, they take nothing away.
    std::string too_little() const {
        if (due_.what == What::nothing || way_.steps.size() > 1) return {};
        switch (way_.steps.front()) {
        case Step::wait:
            return "if it does not arrive, the customer has neither goods nor money; due: " +
                   due_text();
        case Step::gift:         return "a gift is less than what is due: " + due_text();
        case Step::part_refund:  return part_too_little();
        case Step::claim:
        case Step::resend:
        case Step::resend_other:
        case Step::refund:
        case Step::return_goods: return {};
        }
        return {};
    }
    std::string part_too_little() const {
        const auto part = part_of(complaint_);
        if (part && *part == unrefunded(complaint_)) return {};
        return (part ? to_string(*part) + " of " + to_string(unrefunded(complaint_)) + " is"
                     : std::string("a part is")) +
               " less than what is due: " + due_text();
    }
    std::string due_text() const {
        std::string text;
        switch (due_.what) {
        case What::nothing:           text = "nothing"; break;
        case What::goods:             text = "the goods"; break;
        case What::goods_or_refund:   text = "the goods as ordered or the money back"; break;
        case What::refund:            text = "the money back"; break;
        case What::return_for_refund: text = "the money back against the goods"; break;
        }
        if (due_.by) text += " by " + to_minute(*due_.by);
        // A basis that has a clause begins with its id.
        if (due_.basis.empty()) return text;
        const auto& basis = due_.basis.front();
        const auto id = basis.substr(0, basis.find(": "));
        return id == basis || id.contains(' ') ? text : text + " (" + id + ")";
    }

    std::vector<std::string> conditions() const {
        std::vector<std::string> found;
        const auto first = way_.steps.front();
        if (sends() && (due_.what == What::refund || due_.what == What::return_for_refund))
            found.emplace_back("only if the customer agrees: the money is due");
        const auto arrives = now_ + std::chrono::days{rules_.resend_days};
        if (sends() && due_.what == What::goods && due_.by && arrives > *due_.by)
            found.push_back("only if the customer agrees: it arrives after " + to_minute(*due_.by));
        if (has(Step::return_goods) && due_.what == What::goods_or_refund &&
            complaint_.reason != Reason::late)
            found.emplace_back("the money is due once the goods are back or proven to be sent");
        if (first == Step::wait) note_wait(found);
        if (first == Step::claim)
            found.emplace_back("the customer does not wait for the supplier longer than is due");
        if (first == Step::part_refund || first == Step::gift)
            if (way_.steps.size() > 1)
                found.emplace_back("an offer: the customer may say no, and is told so");
        return found;
    }
    void note_wait(std::vector<std::string>& found) const {
        if (due_.what == What::nothing) return;
        if (due_.what == What::goods && due_.by) {
            found.push_back("until " + to_minute(*due_.by) + " at the latest");
            return;
        }
        found.emplace_back("only if the customer grants the further time");
    }

    Way& way_;
    const Complaint& complaint_;
    const Due& due_;
    const RemedyRules& rules_;
    Instant now_;
};

// --- What the customer gets, and by when

std::string gets_by(Step step, const Complaint& complaint) {
    switch (step) {
    case Step::wait:
    case Step::claim:        return {};
    case Step::resend:
    case Step::resend_other: return "the goods, sent again";
    case Step::refund:       return to_string(unrefunded(complaint)) + " back";
    case Step::part_refund:  {
        const auto part = part_of(complaint);
        const auto sum = part ? to_string(*part) + " back" : std::string("a part back");
        return complaint.goods_there ? "the goods and " + sum : sum;
    }
    case Step::gift:
        return complaint.goods_there ? "the goods and a free extra item" : "a free extra item";
    case Step::return_goods: return to_string(unrefunded(complaint)) + " back for the goods";
    }
    return {};
}

void describe(Way& way, const Complaint& complaint, const Due& due, const RemedyRules& rules,
              Instant now) {
    const auto first = way.steps.front(), last = way.steps.back();
    const bool may_arrive = complaint.under_way && !complaint.goods_there;
    if (first == Step::wait || (first == Step::claim && may_arrive)) way.gets = "the goods";
    for (const auto step : way.steps) {
        const auto one = gets_by(step, complaint);
        if (!one.empty()) way.gets += (way.gets.empty() ? "" : ", else ") + one;
    }
    std::optional<Instant> acted = now;
    if (first == Step::wait) {
        acted = way.wait_days ? end_of_wait(*way.wait_days, now) : complaint.wait_until;
        if (due.what == What::goods && due.by) acted = acted ? std::min(*acted, *due.by) : *due.by;
    }
    if (first == Step::claim || last == Step::return_goods) acted.reset();
    way.by = acted;
    if (acted && is_resend(last)) way.by = *acted + std::chrono::days{rules.resend_days};
}

// --- Order

std::tuple<bool, std::int64_t, std::int64_t> worth(const Way& way) {
    const auto sum = way.expected ? way.expected : way.worst;
    return {sum.has_value(), sum ? sum->minor() : 0, way.best ? way.best->minor() : 0};
}

}  // namespace

std::string_view to_string(ClaimState state) {
    switch (state) {
    case ClaimState::none:    return "none";
    case ClaimState::open:    return "open";
    case ClaimState::granted: return "granted";
    }
    return {};
}

std::string_view to_string(Step step) { return step_names.at(static_cast<std::size_t>(step)); }

std::string_view to_string(Fork fork) {
    switch (fork) {
    case Fork::arrives:       return "arrives";
    case Fork::claim_granted: return "claim_granted";
    case Fork::accepted:      return "accepted";
    case Fork::charged_back:  return "charged_back";
    }
    return {};
}

std::string to_text(const Branch& branch) {
    switch (branch.fork) {
    case Fork::arrives:       return branch.yes ? "it arrives" : "it does not arrive";
    case Fork::claim_granted: return branch.yes ? "our claim is granted" : "our claim is declined";
    case Fork::accepted:      return branch.yes ? "the customer accepts" : "the customer says no";
    case Fork::charged_back:
        return branch.yes ? "the bank takes it back" : "the bank does not take it back";
    }
    return {};
}

namespace {

// The part that a way offers: as given; else, with another step behind the customer's no and a
// curve of acceptance, the one that pays best.
std::optional<Money> part_for(const Way& way, const RemedyBasis& basis) {
    const auto& complaint = basis.complaint;
    if (way.steps.front() != Step::part_refund) return std::nullopt;
    if (complaint.part) return part_of(complaint);
    if (way.steps.size() < 2) return std::nullopt;
    return best_part(basis, {way.steps.begin() + 1, way.steps.end()});
}

RemedyBasis basis_with(const RemedyBasis& basis, const Complaint& complaint,
                       const Chances& chances) {
    return {.complaint = complaint,
            .chances = chances,
            .rules = basis.rules,
            .rates = basis.rates,
            .report = basis.report,
            .now = basis.now,
            .customer_bears_postage = basis.customer_bears_postage};
}

// Chances as they are for one way: of a wait, that it arrives while it is waited for.
Chances chances_of(const Way& way, const Complaint& complaint, const Chances& chances) {
    Chances own = chances;
    if (way.steps.front() == Step::wait && way.steps.size() > 1) {
        if (way.wait_days)
            own.arrival = chances.arrival_within.at(*way.wait_days);
        else if (complaint.wait_until && chances.arrival_by_promise)
            own.arrival = chances.arrival_by_promise;
    }
    if (way.part) own.accept = accept_of(chances, *way.part, unrefunded(complaint));
    return own;
}

}  // namespace

Remedies remedies_of(const Complaint& complaint, const Due& due, const Chances& chances,
                     const RemedyRules& rules, const Rates& rates, Currency report, Instant now) {
    const RemedyBasis basis{.complaint = complaint,
                            .chances = chances,
                            .rules = rules,
                            .rates = rates,
                            .report = report,
                            .now = now,
                            .customer_bears_postage = due.customer_bears_postage};
    Remedies found{.due = due, .ways = {}};
    for (const auto& plan : all_plans(complaint, chances)) {
        Way way;
        way.name = name_of(plan);
        way.steps = plan.steps;
        way.wait_days = plan.wait_days;
        auto own = complaint;
        if (const auto part = part_for(way, basis)) {
            own.part = Dated{*part, day_of(now)};
            way.part = part;
        }
        Standing(way, own, due, rules, now).judge();
        // Of rows of steps only those that can be gone are worth a line.
        if (plan.steps.size() > 1 && !way.allowed && plan.steps.front() != Step::claim) continue;
        const auto its_chances = chances_of(way, complaint, chances);
        auto its_basis = basis_with(basis, own, its_chances);
        sum_up(way, its_basis);
        describe(way, own, due, rules, now);
        found.ways.push_back(std::move(way));
    }
    std::ranges::stable_sort(found.ways, [](const Way& a, const Way& b) {
        if (a.allowed != b.allowed) return a.allowed;
        return a.allowed && worth(a) > worth(b);
    });
    return found;
}

}  // namespace holdfast::desk
