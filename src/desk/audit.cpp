#include "desk/audit.h"

#include "desk/claim_end.h"

#include <algorithm>

namespace holdfast::desk {
namespace {

using std::chrono::days;

bool is_open(WorkWord word) {
    switch (word) {
    case WorkWord::claim_now:
    case WorkWord::late_claim_now:
    case WorkWord::closing_soon:
    case WorkWord::answer_due:
    case WorkWord::return_due:     return true;
    case WorkWord::ask_extension:
    case WorkWord::do_not_confirm:
    case WorkWord::waiting:
    case WorkWord::missed:
    case WorkWord::recovered:
    case WorkWord::none:           return false;
    }
    return false;
}

// A purchase of which too little is known for its word to mean anything.
bool lacks_facts(const WorkItem& item, const Purchase& purchase) {
    if (item.word == WorkWord::recovered) return false;
    if (item.word == WorkWord::none) return item.terms_id.empty();
    return !item.at_stake || (!purchase.phase && !purchase.shipped && !purchase.created);
}

void add_open(AuditCurrency& sums, const WorkItem& item, Instant now) {
    sums.open_now.add(*item.at_stake);
    sums.open_by_seller[item.seller].add(*item.at_stake);
    if (!item.closes_at) return;
    const auto left = *item.closes_at - now;
    if (left <= days{3}) sums.closing_3_days.add(*item.at_stake);
    if (left <= days{7}) sums.closing_7_days.add(*item.at_stake);
    if (left <= days{30}) sums.closing_30_days.add(*item.at_stake);
}

void add_lapsed(AuditCurrency& sums, const WorkItem& item) {
    sums.lapsed.add(*item.at_stake);
    sums.lapsed_by_seller[item.seller].add(*item.at_stake);
    const auto month =
        item.closes_at ? holdfast::to_string(*item.closes_at).substr(0, 7) : std::string("unknown");
    sums.lapsed_by_month[month].add(*item.at_stake);
}

}  // namespace

void Audit::add(const WorkItem& item, const Purchase& purchase) {
    ++totals_.purchases;
    totals_.age.add(item.age);
    if (item.estimated) ++totals_.estimated;
    if (const auto came = came_back(purchase))
        totals_.currencies[came->currency()].recovered.add(*came);
    if (lacks_facts(item, purchase)) {
        ++totals_.unknown;
        return;
    }
    if (item.word == WorkWord::none) {
        ++totals_.settled;
        return;
    }
    if (item.word == WorkWord::recovered) return;
    auto& sums = totals_.currencies[item.at_stake->currency()];
    if (is_open(item.word))
        add_open(sums, item, now_);
    else if (item.word == WorkWord::missed)
        add_lapsed(sums, item);
    else
        sums.waiting.add(*item.at_stake);
}

std::vector<std::pair<std::string, AuditSum>> top_sellers(
    const std::map<std::string, AuditSum>& by_seller, std::size_t limit) {
    std::vector<std::pair<std::string, AuditSum>> sellers(by_seller.begin(), by_seller.end());
    std::ranges::stable_sort(
        sellers, [](const auto& a, const auto& b) { return a.second.minor > b.second.minor; });
    if (sellers.size() > limit) sellers.resize(limit);
    return sellers;
}

}  // namespace holdfast::desk
