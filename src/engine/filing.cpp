#include "engine/filing.h"

#include "desk/claim_end.h"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>

namespace holdfast::engine {
namespace {

struct Account {
    desk::AccountUse use;
    std::vector<desk::FilingWish> wishes;
};

// An account is one of a platform: what is filed there stands out there.
using AccountName = std::pair<std::string, std::string>;  // system, account

class Collector {
public:
    Collector(DeskView& view, const desk::FilingRule& rule)
        : view_(view), since_(view.now() - std::chrono::days{rule.days}) {}

    void add(const PurchaseView& one) {
        auto& account = accounts_[{one.purchase.system, desk::text_of(one.purchase.account)}];
        if (one.purchase.created && is_recent(one.purchase.created->value.at)) ++account.use.orders;
        const auto filed = filed_at(one);
        if (filed && is_recent(*filed)) account.use.filed.push_back(*filed);
        if (filed || !desk::can_be_claimed(one.item.word)) return;
        account.wishes.push_back({.system = one.item.system,
                                  .reference = one.item.reference,
                                  .worth = worth_of(one.item),
                                  .stake = one.item.at_stake,
                                  .closes_at = one.item.closes_at});
    }

    std::map<AccountName, Account>& accounts() { return accounts_; }

private:
    bool is_recent(Instant at) const { return since_ < at && at <= view_.now(); }
    static std::optional<Instant> filed_at(const PurchaseView& one) {
        const auto claim = desk::claim_seen(one.purchase);
        if (claim && claim->opened) return claim->opened;
        return one.filed ? std::optional(one.filed->at) : std::nullopt;
    }
    std::optional<Money> worth_of(const desk::WorkItem& item) const {
        if (!item.at_stake) return std::nullopt;
        const Day today{std::chrono::floor<std::chrono::days>(view_.now()).time_since_epoch()};
        return desk::convert_at(view_.rates(), *item.at_stake, view_.settings().options.currency,
                                today);
    }

    DeskView& view_;
    Instant since_;
    std::map<AccountName, Account> accounts_;
};

}  // namespace

std::vector<desk::FilingPlan> filing_plans(DeskView& view, const desk::FilingRule& rule) {
    Collector collector(view, rule);
    view.each_purchase([&](const PurchaseView& one) {
        collector.add(one);
        return true;
    });
    std::vector<desk::FilingPlan> plans;
    for (auto& [name, account] : collector.accounts()) {
        std::tie(account.use.system, account.use.account) = name;
        plans.push_back(desk::plan_filings(account.use, account.wishes, rule,
                                           view.settings().options.currency, view.now()));
    }
    std::ranges::stable_sort(plans, std::ranges::greater{},
                             [](const desk::FilingPlan& plan) { return plan.lost.minor(); });
    return plans;
}

}  // namespace holdfast::engine
