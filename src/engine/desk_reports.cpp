#include "engine/desk_reports.h"

#include <algorithm>

namespace holdfast::engine {

const terms::Terms* law_of(const formats::Rulebook& rules, const desk::Sale& sale, Instant now) {
    const auto programme = desk::law_for(desk::text_of(sale.destination));
    if (programme.empty()) return nullptr;
    const auto placed = sale.created ? sale.created->value.at
                        : sale.paid  ? sale.paid->value.at
                                     : now;
    return rules.choose(programme, placed);
}

std::vector<desk::WorkItem> worklist_of(DeskView& view, desk::DriftWatch* drift) {
    const auto& options = view.settings().options;
    std::vector<desk::WorkItem> items;
    view.each_purchase([&](const PurchaseView& one) {
        if (drift) watch(*drift, one, options, view.now());
        if (one.item.word == desk::WorkWord::none) return true;
        items.push_back(one.item);
        items.back().arrival = view.arrival_of(one);
        return true;
    });
    view.each_dispute([&](const RowView& one) { items.push_back(one.item); });
    desk::rank(items, view.rates(), options, view.now());
    return items;
}

std::vector<desk::Scorecard> scorecards_of(DeskView& view) {
    desk::Scorecards cards(view.now());
    view.each_purchase([&](const PurchaseView& one) {
        cards.add(one.item, one.purchase, one.parcels, one.filed);
        return true;
    });
    return cards.cards();
}

desk::Recovery recovery_of(DeskView& view) {
    desk::Recovery recovery;
    view.each_purchase([&](const PurchaseView& one) {
        recovery.add(one.item, one.purchase, one.filed);
        return true;
    });
    return recovery;
}

desk::TwoPromiseGap gap_of(DeskView& view, const formats::Rulebook& rules) {
    desk::TwoPromiseGap gap(view.settings().costs.promise, view.settings().options, view.now());
    view.each_sale([&](const SaleView& sale) {
        const auto* law = law_of(rules, sale.sale, view.now());
        for (const auto& one : sale.purchases)
            gap.add(sale.sale,
                    {.purchase = one.purchase,
                     .parcels = one.parcels,
                     .terms = one.terms,
                     .sales = std::max<std::size_t>(1, one.sale_references.size())},
                    one.item.seller, law);
        return true;
    });
    return gap;
}

}  // namespace holdfast::engine
