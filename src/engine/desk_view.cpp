#include "engine/desk_view.h"

#include "desk/arrival.h"
#include "engine/folded.h"
#include "formats/csv_kinds.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace holdfast::engine {
namespace {

using store::IndexRow;
using store::StreamKind;

template <class State, class Seen>
std::vector<State> all_of(store::Store& store, StreamKind kind) {
    std::vector<State> found;
    store.scan(kind, [&](const IndexRow& row) {
        found.push_back(fold<State, Seen>(parts_of(row)));
        return true;
    });
    return found;
}

}  // namespace

const desk::Phrases& phrases_for(const DeskSettings& settings, const desk::Languages& languages,
                                 const desk::Purchase& purchase) {
    const auto& set = settings.claim_languages;
    for (const auto& name :
         {order_key(purchase.system, desk::text_of(purchase.account)), purchase.system})
        if (const auto found = set.find(name); found != set.end())
            return languages.at(found->second);
    return languages.at("en");
}

DeskView::DeskView(store::Store& store, const formats::Rulebook& rules, DeskSettings settings,
                   Instant now)
    : store_(store), rules_(rules), settings_(std::move(settings)), now_(now) {}

void DeskView::load_links() {
    if (links_loaded_) return;
    links_loaded_ = true;
    store_.scan(StreamKind::link, [&](const IndexRow& row) {
        add_link(row.stream, fold<desk::Link, desk::LinkSeen>(parts_of(row)));
        return true;
    });
}

// What a link is between never changes: its stream is named by it.
void DeskView::add_link(const store::StreamId& stream, desk::Link link) {
    const auto [place, is_new] = link_places_.emplace(stream, links_.size());
    if (!is_new) {
        links_[place->second] = std::move(link);
        return;
    }
    links_of_purchase_.emplace(order_key(link.purchase_system, link.purchase_reference),
                               links_.size());
    links_of_sale_.emplace(order_key(link.sale_system, link.sale_reference), links_.size());
    links_.push_back(std::move(link));
}

DeskView::Rows DeskView::renew_link(const store::StreamId& link) {
    const auto row = store_.find(link);
    if (!row) return {};
    auto renewed = fold<desk::Link, desk::LinkSeen>(parts_of(*row));
    const auto purchase = store::stream_id_of(StreamKind::purchase, renewed.purchase_system, "",
                                              renewed.purchase_reference);
    Rows rows{purchase};
    const auto [begin, end] =
        disputes_of_sale_.equal_range(order_key(renewed.sale_system, renewed.sale_reference));
    for (auto one = begin; one != end; ++one) rows.insert(one->second);
    if (links_loaded_) add_link(link, std::move(renewed));
    return rows;
}

const std::vector<desk::Link>& DeskView::links() {
    load_links();
    return links_;
}

std::vector<desk::Link> DeskView::links_of(const desk::Sale& sale) {
    load_links();
    std::vector<desk::Link> found;
    const auto [begin, end] = links_of_sale_.equal_range(order_key(sale.system, sale.reference));
    for (auto one = begin; one != end; ++one) found.push_back(links_[one->second]);
    return found;
}

std::optional<desk::Link> DeskView::find_link(const store::StreamId& stream) {
    const auto row = store_.find(stream);
    if (!row || row->kind != StreamKind::link) return std::nullopt;
    return fold<desk::Link, desk::LinkSeen>(parts_of(*row));
}

std::vector<desk::Parcel> DeskView::parcels_of(const desk::Purchase& purchase) {
    std::vector<desk::Parcel> found;
    std::vector<std::string> wanted(purchase.tracking_numbers.begin(),
                                    purchase.tracking_numbers.end());
    std::set<std::string> asked;
    // A parcel that another carrier took over goes on under that carrier's number.
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (!asked.insert(wanted[i]).second) continue;
        const auto row =
            store_.find(store::stream_id_of(StreamKind::parcel, "parcel", "", wanted[i]));
        if (!row) continue;
        found.push_back(parcel_of(*row));
        if (const auto next = desk::text_of(found.back().last_mile_number); !next.empty())
            wanted.push_back(next);
    }
    return found;
}

// As set for the system; else a system's own programme goes before the one for all.
std::string_view DeskView::programme_of(std::string_view system) const {
    const auto set = settings_.programmes.find(std::string(system));
    if (set != settings_.programmes.end()) return set->second;
    const auto own = system == "holdfast" ? std::string_view("marketplace") : system;
    const bool has_own =
        std::ranges::any_of(rules_.terms, [&](const auto& one) { return one.programme == own; });
    return has_own ? own : std::string_view(settings_.programme);
}

const terms::Terms* DeskView::terms_of(const desk::Purchase& purchase) const {
    const auto programme = programme_of(purchase.system);
    const auto placed = purchase.created ? purchase.created->value.at
                        : purchase.paid  ? purchase.paid->value.at
                                         : now_;
    return rules_.choose(programme, placed);
}

desk::WorkItem DeskView::item_without_terms(const PurchaseView& view) const {
    auto item = desk::assess_without_terms(view.purchase, view.sale_references);
    const auto& system = view.purchase.system;
    if (!programme_of(system).empty()) return item;
    item.why = "no terms of " + system + " are known";
    item.next_step =
        "Look at the order page. Where " + system +
        " goes by the terms of another programme, [desk.programmes] in the settings says which.";
    return item;
}

PurchaseView DeskView::view_of(desk::Purchase purchase) {
    load_links();
    PurchaseView view;
    view.stream =
        store::stream_id_of(StreamKind::purchase, purchase.system, "", purchase.reference);
    view.purchase = std::move(purchase);
    view.parcels = parcels_of(view.purchase);
    const auto [begin, end] =
        links_of_purchase_.equal_range(order_key(view.purchase.system, view.purchase.reference));
    std::set<std::string> sales;
    for (auto link = begin; link != end; ++link)
        if (const auto& one = links_[link->second]; one.is_confirmed()) {
            sales.insert(one.sale_reference);
            view.stores.insert(one.sale_system);
        }
    view.sale_references.assign(sales.begin(), sales.end());
    view.terms = terms_of(view.purchase);
    view.item = view.terms ? desk::assess(view.purchase, view.parcels, view.sale_references,
                                          *view.terms, settings_.options, now_)
                           : item_without_terms(view);
    load_disputes();
    if (const auto filed = filed_.find(view.stream); filed != filed_.end()) {
        view.filed = filed->second.claim;
        desk::note_filed(view.item, *view.filed);
    }
    tell_disputes(view);
    return view;
}

void DeskView::each_purchase(const std::function<bool(const PurchaseView&)>& visit) {
    store_.scan(StreamKind::purchase,
                [&](const IndexRow& row) { return visit(view_of(purchase_of(row))); });
}

void DeskView::each_sale(const std::function<bool(const SaleView&)>& visit) {
    store_.scan(StreamKind::sale,
                [&](const IndexRow& row) { return visit(with_purchases(sale_of(row))); });
}

std::optional<PurchaseView> DeskView::find_purchase(std::string_view system,
                                                    std::string_view reference) {
    return find_purchase(store::stream_id_of(StreamKind::purchase, system, "", reference));
}

std::optional<PurchaseView> DeskView::find_purchase(const store::StreamId& stream) {
    const auto row = store_.find(stream);
    if (!row || row->kind != StreamKind::purchase) return std::nullopt;
    return view_of(purchase_of(*row));
}

std::vector<store::StreamId> DeskView::purchases_of_parcel(const store::StreamId& parcel) {
    const auto row = store_.find(parcel);
    if (!row || row->kind != StreamKind::parcel) return {};
    std::set<store::StreamId> found;
    for (const auto& one : parcel_of(*row).purchases)
        found.insert(store::stream_id_of(StreamKind::purchase, one.system, "", one.reference));
    for (const auto& stream :
         store_.search(desk::normalise_search(row->reference), /*prefix=*/false, 100))
        found.insert(stream);
    return {found.begin(), found.end()};
}

SaleView DeskView::view_of(desk::Sale sale) {
    auto view = with_purchases(std::move(sale));
    view.movements = movements_of(view.sale);
    return view;
}

SaleView DeskView::with_purchases(desk::Sale sale) {
    load_links();
    SaleView view{std::move(sale), {}};
    std::set<std::string> seen;
    const auto [begin, end] =
        links_of_sale_.equal_range(order_key(view.sale.system, view.sale.reference));
    for (auto one = begin; one != end; ++one) {
        const auto& link = links_[one->second];
        if (!link.is_confirmed() ||
            !seen.insert(order_key(link.purchase_system, link.purchase_reference)).second)
            continue;
        if (auto purchase = find_purchase(link.purchase_system, link.purchase_reference))
            view.purchases.push_back(std::move(*purchase));
    }
    return view;
}

// No other store has a sale that people call the same.
bool DeskView::is_only_sale(const desk::Sale& sale) {
    std::size_t sales = 0;
    for (const auto& id :
         store_.search(desk::normalise_search(sale.reference), /*prefix=*/false, 100))
        if (const auto row = store_.find(id); row && row->kind == StreamKind::sale)
            sales +=
                desk::normalise_search(row->reference) == desk::normalise_search(sale.reference);
    return sales == 1;
}

std::vector<desk::Movement> DeskView::movements_named(std::string_view word) {
    std::vector<desk::Movement> found;
    for (const auto& id : store_.search(word, /*prefix=*/false, 100))
        if (const auto row = store_.find(id); row && is_movement(*row))
            found.push_back(movement_of(*row));
    return found;
}

// Those that the sale's own words name, and those that its payments do.
std::vector<desk::Movement> DeskView::movements_of(const desk::Sale& sale) {
    std::map<std::string, desk::Movement> found;
    std::optional<bool> is_only;
    for (const auto& word : desk::names_of(sale))
        for (auto& movement : movements_named(word)) {
            const auto how = desk::belongs_to(movement, sale);
            if (how == desk::Belongs::by_reference && !is_only) is_only = is_only_sale(sale);
            if (how == desk::Belongs::by_id || (how == desk::Belongs::by_reference && *is_only))
                found.emplace(order_key(movement.system, movement.reference), std::move(movement));
        }
    std::vector<desk::Movement> movements;
    for (auto& [name, movement] : found) movements.push_back(std::move(movement));
    for (std::size_t i = 0, own = movements.size(); i < own; ++i)
        for (const auto& id : std::set(movements[i].payment_ids))
            for (auto& other : movements_named(desk::normalise_search(id)))
                if (desk::is_payment_of(movements[i], other) &&
                    found.emplace(order_key(other.system, other.reference), desk::Movement{})
                        .second)
                    movements.push_back(std::move(other));
    std::ranges::sort(movements, {}, [](const desk::Movement& one) {
        return std::tuple(one.opened ? one.opened->value.at : Instant{}, one.system, one.reference);
    });
    return movements;
}

std::vector<desk::Sale> DeskView::sales_named_in(const desk::Movement& movement) {
    std::vector<desk::Sale> found;
    std::set<store::StreamId> seen;
    for (const auto& word : desk::search_terms(movement))
        for (const auto& id : store_.search(word, /*prefix=*/false, 100)) {
            const auto row = store_.find(id);
            if (!row || row->kind != StreamKind::sale || !seen.insert(id).second) continue;
            auto sale = sale_of(*row);
            const auto how = desk::belongs_to(movement, sale);
            if (how == desk::Belongs::by_id ||
                (how == desk::Belongs::by_reference && is_only_sale(sale)))
                found.push_back(std::move(sale));
        }
    return found;
}

std::vector<desk::Movement> DeskView::payments_of(const desk::Movement& movement) {
    std::vector<desk::Movement> found;
    for (const auto& id : movement.payment_ids)
        for (auto& payment : movements_named(desk::normalise_search(id)))
            if (desk::is_payment_of(payment, movement) &&
                std::ranges::find(found, payment.reference, &desk::Movement::reference) ==
                    found.end())
                found.push_back(std::move(payment));
    return found;
}

// By its own words, else by those of its payment.
std::vector<desk::Sale> DeskView::sales_named_by(const desk::Movement& movement) {
    auto found = sales_named_in(movement);
    if (!found.empty()) return found;
    for (const auto& payment : payments_of(movement))
        for (auto& sale : sales_named_in(payment)) {
            const bool there = std::ranges::any_of(found, [&](const desk::Sale& one) {
                return one.system == sale.system && one.reference == sale.reference;
            });
            if (!there) found.push_back(std::move(sale));
        }
    return found;
}

void DeskView::add_sales_of(const desk::Movement& movement, std::vector<SaleView>& sales) {
    for (auto& sale : sales_named_by(movement)) {
        const bool there = std::ranges::any_of(sales, [&](const SaleView& one) {
            return one.sale.system == sale.system && one.sale.reference == sale.reference;
        });
        if (!there) sales.push_back(view_of(std::move(sale)));
    }
}

std::optional<SaleView> DeskView::find_sale(std::string_view system, std::string_view reference) {
    const auto row = store_.find(store::stream_id_of(StreamKind::sale, system, "", reference));
    if (!row) return std::nullopt;
    return view_of(sale_of(*row));
}

DeskView::Found DeskView::search(std::string_view text) {
    Found found;
    const auto wanted = desk::normalise_search(text);
    auto streams = store_.search(wanted, /*prefix=*/false, 100);
    if (const auto mark = store_.find_person_mark(wanted))
        for (const auto& id : store_.search(desk::normalise_search(*mark), /*prefix=*/false, 100))
            streams.push_back(id);
    std::set<std::string> shown;
    std::vector<desk::Parcel> parcels;
    std::vector<desk::Movement> movements;
    for (const auto& id : streams) {
        const auto row = store_.find(id);
        if (!row) continue;
        if (is_movement(*row)) {
            movements.push_back(movement_of(*row));
            continue;
        }
        if (const auto purchase = DeskWork::purchase_of(*row)) {  // by the number of its claim
            if (auto view = find_purchase(*purchase)) found.purchases.push_back(std::move(*view));
            continue;
        }
        if (row->kind == StreamKind::sale) found.sales.push_back(view_of(sale_of(*row)));
        if (row->kind == StreamKind::purchase)
            found.purchases.push_back(view_of(purchase_of(*row)));
        if (row->kind == StreamKind::parcel) parcels.push_back(parcel_of(*row));
    }
    for (const auto& movement : movements) add_sales_of(movement, found.sales);
    // A purchase leads to the sales it serves; a purchase that a found sale shows is not shown
    // twice.
    load_links();
    for (const auto& purchase : found.purchases)
        for (auto [one, end] = links_of_purchase_.equal_range(
                 order_key(purchase.purchase.system, purchase.purchase.reference));
             one != end; ++one) {
            const auto& link = links_[one->second];
            const bool there = std::ranges::any_of(found.sales, [&](const SaleView& sale) {
                return sale.sale.system == link.sale_system &&
                       sale.sale.reference == link.sale_reference;
            });
            if (there || !link.is_confirmed()) continue;
            if (auto sale = find_sale(link.sale_system, link.sale_reference))
                found.sales.push_back(std::move(*sale));
        }
    for (const auto& sale : found.sales)
        for (const auto& purchase : sale.purchases)
            shown.insert(order_key(purchase.purchase.system, purchase.purchase.reference));
    std::erase_if(found.purchases, [&](const PurchaseView& one) {
        return shown.contains(order_key(one.purchase.system, one.purchase.reference));
    });
    if (found.purchases.empty() && found.sales.empty()) found.parcels = std::move(parcels);
    return found;
}

std::vector<desk::LinkSeen> DeskView::new_guesses() {
    load_links();
    const auto sales = all_of<desk::Sale, desk::SaleSeen>(store_, StreamKind::sale);
    const auto purchases = all_of<desk::Purchase, desk::PurchaseSeen>(store_, StreamKind::purchase);
    return desk::guess_links(sales, purchases, links_);
}

std::vector<desk::Sale> DeskView::unlinked_sales() {
    load_links();
    auto sales = all_of<desk::Sale, desk::SaleSeen>(store_, StreamKind::sale);
    std::erase_if(sales, [&](const desk::Sale& sale) {
        return links_of_sale_.contains(order_key(sale.system, sale.reference));
    });
    return sales;
}

const desk::Rates& DeskView::rates() {
    if (!rates_) {
        const auto row = store_.find(store::stream_id_of(StreamKind::system, "rates", "", "rates"));
        rates_ = row ? fold<desk::Rates, desk::RateSeen>(parts_of(*row)) : desk::Rates{};
    }
    return *rates_;
}

StoreAge DeskView::age() {
    StoreAge age;
    age.purchases = store_.count(StreamKind::purchase);
    age.sales = store_.count(StreamKind::sale);
    age.parcels = store_.count(StreamKind::parcel);
    // A file that came twice counts once, as it came last.
    std::map<Hash, store::ImportRecord> files;
    for (auto& one : store_.imports()) files[one.file_hash] = std::move(one);
    for (const auto& [hash, one] : files) {
        ++age.imports;
        age.rows_rejected += one.rows_rejected;
        if (one.format == formats::given_rates_csv.format)
            continue;  // they say nothing of any order
        if (!age.oldest_import || one.seen_at < *age.oldest_import) age.oldest_import = one.seen_at;
        if (!age.newest_import || one.seen_at > *age.newest_import) age.newest_import = one.seen_at;
    }
    return age;
}

void watch(desk::DriftWatch& drift, const PurchaseView& one, const desk::DeskOptions& options,
           Instant now) {
    if (!one.terms) return;
    const auto both = desk::countdown_of(one.purchase, one.parcels, options, now, *one.terms);
    if (both) drift.add(one.purchase, *one.terms, *both);
}

// --- Arrivals

// Streams are visited by their ids, which are hashes: the first of them are a fair sample.
void DeskView::each_of_history(const std::function<void(const desk::Purchase&)>& visit) {
    std::size_t seen = 0;
    store_.scan(StreamKind::purchase, [&](const IndexRow& row) {
        visit(purchase_of(row));
        return ++seen < history_most;
    });
}

std::vector<desk::Journey> DeskView::journeys() {
    std::vector<desk::Journey> found;
    each_of_history([&](const desk::Purchase& purchase) {
        for (auto& one : desk::journeys_of(purchase, parcels_of(purchase), now_))
            found.push_back(std::move(one));
    });
    return found;
}

void DeskView::learn_arrivals() { arrivals_ = std::make_shared<desk::ArrivalModel>(journeys()); }

desk::ClaimHistory DeskView::claim_history() {
    desk::ClaimHistory history;
    each_of_history([&](const desk::Purchase& purchase) { history.add(purchase); });
    return history;
}

std::optional<desk::ClaimChance> DeskView::claim_chance_of(const desk::Purchase& purchase,
                                                           terms::Reason reason) const {
    return claims_ ? claims_->chance(purchase, reason) : std::nullopt;
}

std::optional<desk::ArrivalChance> DeskView::arrival_of(
    const PurchaseView& view, std::optional<std::int32_t> within_days) const {
    if (!arrivals_ || view.item.word == desk::WorkWord::recovered) return std::nullopt;
    return desk::arrival_of(*arrivals_, view.purchase, view.parcels, now_, within_days);
}

void DeskView::tell_arrival(PurchaseView& view) const { view.item.arrival = arrival_of(view); }

desk::WhereIsAnswer where_is(DeskView& view, SaleView& sale, const desk::Phrases& phrases) {
    const auto links = view.links_of(sale.sale);
    std::vector<desk::Purchase> purchases;
    std::vector<desk::Parcel> parcels;
    std::vector<desk::WorkItem> items;
    for (auto& one : sale.purchases) {
        view.tell_arrival(one);
        purchases.push_back(one.purchase);
        parcels.insert(parcels.end(), one.parcels.begin(), one.parcels.end());
        items.push_back(one.item);
    }
    auto answer = desk::where_is(sale.sale, links, purchases, parcels, items, phrases, view.now());
    for (const auto& one : sale.movements) answer.money.push_back(desk::sentence_of(one));
    return answer;
}

}  // namespace holdfast::engine
