// Disputes of customers that run, and the purchases that they hang together with: by the sale that
// they are about, or since somebody filed a claim for one.

#include "desk/customer_dispute.h"
#include "desk/whereis.h"
#include "engine/desk_view.h"
#include "engine/folded.h"

#include <algorithm>
#include <utility>

namespace holdfast::engine {
namespace {

using store::StreamId;
using store::StreamKind;

StreamId purchase_stream(std::string_view system, std::string_view reference) {
    return store::stream_id_of(StreamKind::purchase, system, "", reference);
}

std::set<StreamId> streams_at(const std::multimap<std::string, StreamId>& map,
                              const std::string& name) {
    std::set<StreamId> found;
    const auto [begin, end] = map.equal_range(name);
    for (auto one = begin; one != end; ++one) found.insert(one->second);
    return found;
}

void drop(std::multimap<std::string, StreamId>& map, const std::string& name,
          const StreamId& stream) {
    const auto [begin, end] = map.equal_range(name);
    const auto found =
        std::find_if(begin, end, [&](const auto& one) { return one.second == stream; });
    if (found != end) map.erase(found);
}

}  // namespace

StreamId movement_stream(std::string_view system, std::string_view reference) {
    return store::stream_id_of(StreamKind::system, movement_system, "",
                               order_key(system, reference));
}

// --- What is kept

void DeskView::load_disputes() {
    if (disputes_loaded_) return;
    disputes_loaded_ = true;
    store_.scan(StreamKind::system, [&](const store::IndexRow& row) {
        if (!is_movement(row)) return true;
        auto movement = movement_of(row);
        if (desk::is_running_dispute(movement)) put_dispute(row.stream, std::move(movement));
        return true;
    });
    DeskWork(store_).each(
        [&](const StreamId& purchase, const RowState& state) { keep_filed(purchase, state); });
}

void DeskView::put_dispute(const StreamId& stream, desk::Movement dispute) {
    KeptDispute kept{.dispute = std::move(dispute), .sales = {}, .words = {}};
    for (const auto& sale : sales_named_by(kept.dispute)) {
        kept.sales.push_back(order_key(sale.system, sale.reference));
        disputes_of_sale_.emplace(kept.sales.back(), stream);
    }
    const auto add_words = [&](const desk::Movement& movement) {
        for (auto& word : desk::search_terms(movement)) kept.words.insert(std::move(word));
    };
    add_words(kept.dispute);
    for (const auto& payment : payments_of(kept.dispute)) add_words(payment);
    for (const auto& word : kept.words) disputes_by_word_.emplace(word, stream);
    disputes_.emplace(stream, std::move(kept));
}

void DeskView::drop_dispute(const StreamId& stream) {
    const auto known = disputes_.find(stream);
    if (known == disputes_.end()) return;
    for (const auto& sale : known->second.sales) drop(disputes_of_sale_, sale, stream);
    for (const auto& word : known->second.words) drop(disputes_by_word_, word, stream);
    disputes_.erase(known);
}

void DeskView::keep_filed(const StreamId& purchase, const RowState& state) {
    filed_.erase(purchase);
    if (!state.filed_at) return;
    Filed filed{.claim = {.at = *state.filed_at, .case_number = state.case_number}};
    if (!state.dispute_reference.empty())
        filed.dispute = movement_stream(state.dispute_system, state.dispute_reference);
    filed_.emplace(purchase, std::move(filed));
}

DeskView::Rows DeskView::renew_movement(const StreamId& movement) {
    const auto row = store_.find(movement);
    if (!disputes_loaded_ || !row || !is_movement(*row)) return {};
    auto renewed = movement_of(*row);
    if (renewed.kind && renewed.kind->value == desk::MovementSeen::Kind::payment)
        return renew_named(renewed.payment_ids);
    const auto known = disputes_.find(movement);
    const bool runs = desk::is_running_dispute(renewed);
    if (known == disputes_.end() && !runs) return {};
    auto rows = known == disputes_.end() ? Rows{} : purchases_of(movement, known->second.sales);
    drop_dispute(movement);
    if (runs) {
        put_dispute(movement, std::move(renewed));
        rows.merge(purchases_of(movement, disputes_.at(movement).sales));
    }
    rows.insert(movement);
    return rows;
}

DeskView::Rows DeskView::renew_named(const std::set<std::string>& words) {
    Rows named, rows;
    for (const auto& word : words)
        named.merge(streams_at(disputes_by_word_, desk::normalise_search(word)));
    for (const auto& dispute : named) rows.merge(renew_movement(dispute));
    return rows;
}

// A sale that is new may be the one that a dispute names, or make two of what was the only one.
DeskView::Rows DeskView::renew_sale(const StreamId& sale) {
    if (disputes_.empty()) return {};
    const auto row = store_.find(sale);
    return row ? renew_named(desk::names_of(sale_of(*row))) : Rows{};
}

DeskView::Rows DeskView::renew_work(const StreamId& purchase) {
    Rows rows{purchase};
    if (!disputes_loaded_) return rows;
    const auto add = [&] {
        if (const auto filed = filed_.find(purchase);
            filed != filed_.end() && filed->second.dispute)
            rows.insert(*filed->second.dispute);
    };
    add();
    keep_filed(purchase, DeskWork(store_).find(purchase));
    add();
    return rows;
}

// --- What hangs together

DeskView::Rows DeskView::purchases_of(const StreamId& dispute,
                                      std::span<const std::string> sales) const {
    Rows found;
    for (const auto& sale : sales) {
        const auto [begin, end] = links_of_sale_.equal_range(sale);
        for (auto one = begin; one != end; ++one)
            if (const auto& link = links_[one->second]; link.is_confirmed())
                found.insert(purchase_stream(link.purchase_system, link.purchase_reference));
    }
    for (const auto& [purchase, filed] : filed_)
        if (filed.dispute == dispute) found.insert(purchase);
    return found;
}

DeskView::Rows DeskView::disputes_about(const StreamId& purchase,
                                        const desk::WorkItem& item) const {
    Rows found;
    if (disputes_.empty()) return found;
    const auto [begin, end] =
        links_of_purchase_.equal_range(order_key(item.system, item.reference));
    for (auto one = begin; one != end; ++one)
        if (const auto& link = links_[one->second]; link.is_confirmed())
            found.merge(
                streams_at(disputes_of_sale_, order_key(link.sale_system, link.sale_reference)));
    if (const auto filed = filed_.find(purchase); filed != filed_.end() && filed->second.dispute &&
                                                  disputes_.contains(*filed->second.dispute))
        found.insert(*filed->second.dispute);
    return found;
}

void DeskView::tell_disputes(PurchaseView& view) {
    load_disputes();
    const auto streams = disputes_about(view.stream, view.item);
    if (streams.empty()) return;
    std::vector<desk::Movement> disputes;
    for (const auto& stream : streams) disputes.push_back(disputes_.at(stream).dispute);
    desk::ServedBy purchase{.item = std::move(view.item), .is_filed = filed_.contains(view.stream)};
    desk::tell_disputes(purchase, disputes, now_);
    view.item = std::move(purchase.item);
}

// --- Rows

RowView to_row(const PurchaseView& view) {
    return {.stream = view.stream,
            .item = view.item,
            .account = desk::text_of(view.purchase.account),
            .stores = view.stores};
}

RowView DeskView::view_of_dispute(const StreamId& stream, const desk::Movement& dispute) {
    load_links();
    load_disputes();
    RowView row{.stream = stream, .item = {}};
    const auto sales = sales_named_by(dispute);
    std::vector<std::string> keys;
    for (const auto& sale : sales) {
        keys.push_back(order_key(sale.system, sale.reference));
        row.stores.insert(sale.system);
    }
    std::vector<desk::ServedBy> purchases;
    for (const auto& purchase : purchases_of(stream, keys))
        if (auto view = find_purchase(purchase))
            purchases.push_back(
                {.item = std::move(view->item), .is_filed = filed_.contains(purchase)});
    row.item = desk::dispute_item(dispute, sales, purchases, now_);
    return row;
}

void DeskView::each_dispute(const std::function<void(const RowView&)>& visit) {
    load_disputes();
    for (const auto& [stream, kept] : disputes_) visit(view_of_dispute(stream, kept.dispute));
}

std::optional<RowView> DeskView::find_dispute(const StreamId& stream) {
    const auto row = store_.find(stream);
    if (!row || !is_movement(*row)) return std::nullopt;
    const auto movement = movement_of(*row);
    if (!desk::is_dispute(movement)) return std::nullopt;
    return view_of_dispute(stream, movement);
}

}  // namespace holdfast::engine
