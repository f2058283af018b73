// What the desk's commands read: purchases with their parcels, links and terms, assessed now.
//
// Reads the store, asks the desk's pure functions, keeps nothing but links, rates and the disputes
// of customers that run.
#pragma once

#include "desk/claim_chance.h"
#include "desk/drift.h"
#include "desk/due.h"
#include "desk/journey.h"
#include "desk/link.h"
#include "desk/movement.h"
#include "desk/parcel.h"
#include "desk/phrases.h"
#include "desk/purchase.h"
#include "desk/purchase_facts.h"
#include "desk/rates.h"
#include "desk/remedy.h"
#include "desk/sale.h"
#include "desk/whereis.h"
#include "desk/worklist.h"
#include "engine/desk_work.h"
#include "formats/rulebook.h"
#include "store/store.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::desk {
class ArrivalModel;
}

namespace holdfast::engine {

// What remedies cost and promise, as the operator of the desk set it.
struct DeskCosts {
    desk::RemedyRules rules = {};
    desk::StorePromise promise = {};
    std::optional<Money> gift = {}, return_postage = {};
};

struct DeskSettings {
    desk::DeskOptions options;
    std::string programme;  // where nothing else says; empty: such purchases stand under no terms
    // system -> programme; a system that is not named stands under its own (orders of a Holdfast
    // marketplace: "marketplace"), where the rules have one
    std::map<std::string, std::string> programmes;
    DeskCosts costs = {};
    // "aliexpress", or with the account "aliexpress main" -> the language of claims there
    std::map<std::string, std::string> claim_languages = {};
};

// How a claim on the purchase is said: by the account, else the system, else in English.
const desk::Phrases& phrases_for(const DeskSettings& settings, const desk::Languages& languages,
                                 const desk::Purchase& purchase);

struct PurchaseView {
    store::StreamId stream;
    desk::Purchase purchase;
    std::vector<desk::Parcel> parcels;
    std::vector<std::string> sale_references;
    std::set<std::string> stores;                // the systems of those sales
    const terms::Terms* terms = nullptr;         // nothing: no edition covers the order's day
    desk::WorkItem item;                         // of an order without terms: none
    std::optional<desk::FiledClaim> filed = {};  // by hand; the last
};

// A row of the worklist: a purchase, or a customer's dispute that runs.
struct RowView {
    store::StreamId stream;
    desk::WorkItem item;
    std::string account = {};           // the supplier account
    std::set<std::string> stores = {};  // the systems of the sales that it is about
};
RowView to_row(const PurchaseView& view);

store::StreamId movement_stream(std::string_view system, std::string_view reference);

struct SaleView {
    desk::Sale sale;
    std::vector<PurchaseView> purchases;
    std::vector<desk::Movement> movements = {};  // of its money, as processors tell
};

// How old the data is and how much there is of it.
struct StoreAge {
    std::uint64_t purchases = 0, sales = 0, parcels = 0, imports = 0;
    std::uint64_t rows_rejected = 0;                      // that no reader could make sense of
    std::optional<Instant> oldest_import, newest_import;  // by the time the files were true
};

class DeskView {
public:
    DeskView(store::Store& store, const formats::Rulebook& rules, DeskSettings settings,
             Instant now);

    // From now on, as of another time.
    void set_now(Instant now) { now_ = now; }
    // What is kept of links, disputes and rates, after one of them changed; the rows that are to be
    // looked at for it.
    using Rows = std::set<store::StreamId>;
    Rows renew_link(const store::StreamId& link);
    Rows renew_movement(const store::StreamId& movement);
    Rows renew_sale(const store::StreamId& sale);
    Rows renew_work(const store::StreamId& purchase);
    void renew_rates() { rates_.reset(); }
    Instant now() const { return now_; }
    const DeskSettings& settings() const { return settings_; }

    // In no particular order; stops when the visitor says false.
    void each_purchase(const std::function<bool(const PurchaseView&)>& visit);
    void each_sale(const std::function<bool(const SaleView&)>& visit);  // without movements
    std::optional<PurchaseView> find_purchase(std::string_view system, std::string_view reference);
    std::optional<PurchaseView> find_purchase(const store::StreamId& stream);
    std::optional<SaleView> find_sale(std::string_view system, std::string_view reference);
    void each_dispute(const std::function<void(const RowView&)>& visit);  // that runs
    std::optional<RowView> find_dispute(const store::StreamId& stream);   // whether it runs or not
    // Disputes that the row of a purchase hangs together with.
    Rows disputes_about(const store::StreamId& purchase, const desk::WorkItem& item) const;

    struct Found {
        std::vector<PurchaseView> purchases;
        std::vector<SaleView> sales;
        std::vector<desk::Parcel> parcels;  // that no purchase names
    };
    // By order number, tracking number, mail address or the case number of a claim, whole.
    Found search(std::string_view text);
    // Purchases that the parcel belongs to, by its own word or by theirs.
    std::vector<store::StreamId> purchases_of_parcel(const store::StreamId& parcel);

    const std::vector<desk::Link>& links();
    std::vector<desk::Link> links_of(const desk::Sale& sale);
    std::optional<desk::Link> find_link(const store::StreamId& stream);
    // Guesses that the data suggest and nobody has answered yet; writes nothing.
    std::vector<desk::LinkSeen> new_guesses();
    // Sales that no link names.
    std::vector<desk::Sale> unlinked_sales();
    const desk::Rates& rates();
    StoreAge age();

    // A history of journeys for a model of arrivals: of all purchases, of a fair sample where there
    // are more than history_most.
    static constexpr std::size_t history_most = 50'000;
    std::vector<desk::Journey> journeys();
    void use_arrivals(std::shared_ptr<desk::ArrivalModel> model) { arrivals_ = std::move(model); }
    void learn_arrivals();  // from the journeys of this store
    // The claims of this store that are decided, of no more purchases than that either.
    desk::ClaimHistory claim_history();
    void use_claims(std::shared_ptr<const desk::ClaimHistory> history) {
        claims_ = std::move(history);
    }
    // That a claim is granted, by the history in use; without one, nothing.
    std::optional<desk::ClaimChance> claim_chance_of(const desk::Purchase& purchase,
                                                     terms::Reason reason) const;
    // The chance that a purchase arrives, by the model in use; without one, nothing.
    std::optional<desk::ArrivalChance> arrival_of(
        const PurchaseView& view, std::optional<std::int32_t> within_days = {}) const;
    void tell_arrival(PurchaseView& view) const;  // writes it into the row

private:
    struct KeptDispute {
        desk::Movement dispute;
        std::vector<std::string> sales;  // "system reference"
        std::set<std::string> words;     // by which a sale may be named in it
    };

    struct Filed {
        desk::FiledClaim claim;
        std::optional<store::StreamId> dispute = {};  // the customer's, for which it was
    };

    void each_of_history(const std::function<void(const desk::Purchase&)>& visit);
    PurchaseView view_of(desk::Purchase purchase);
    desk::WorkItem item_without_terms(const PurchaseView& view) const;
    SaleView view_of(desk::Sale sale);
    SaleView with_purchases(desk::Sale sale);
    bool is_only_sale(const desk::Sale& sale);
    std::vector<desk::Movement> movements_of(const desk::Sale& sale);
    std::vector<desk::Movement> movements_named(std::string_view word);
    std::vector<desk::Movement> payments_of(const desk::Movement& movement);
    std::vector<desk::Sale> sales_named_by(const desk::Movement& movement);
    std::vector<desk::Sale> sales_named_in(const desk::Movement& movement);
    void add_sales_of(const desk::Movement& movement, std::vector<SaleView>& sales);
    std::vector<desk::Parcel> parcels_of(const desk::Purchase& purchase);
    std::string_view programme_of(std::string_view system) const;
    const terms::Terms* terms_of(const desk::Purchase& purchase) const;
    // desk_disputes.cpp
    void load_disputes();
    void put_dispute(const store::StreamId& stream, desk::Movement dispute);
    void drop_dispute(const store::StreamId& stream);
    Rows renew_named(const std::set<std::string>& words);
    void keep_filed(const store::StreamId& purchase, const RowState& state);
    void tell_disputes(PurchaseView& view);
    RowView view_of_dispute(const store::StreamId& stream, const desk::Movement& dispute);
    Rows purchases_of(const store::StreamId& stream, std::span<const std::string> sales) const;
    void load_links();
    void add_link(const store::StreamId& stream, desk::Link link);

    store::Store& store_;
    const formats::Rulebook& rules_;
    DeskSettings settings_;
    Instant now_;
    bool links_loaded_ = false;
    std::vector<desk::Link> links_;
    std::map<store::StreamId, std::size_t> link_places_;
    std::multimap<std::string, std::size_t> links_of_purchase_;  // "system reference"
    std::multimap<std::string, std::size_t> links_of_sale_;
    bool disputes_loaded_ = false;
    std::map<store::StreamId, KeptDispute> disputes_;  // that run
    std::multimap<std::string, store::StreamId> disputes_of_sale_;
    std::multimap<std::string, store::StreamId> disputes_by_word_;  // that may name a sale
    std::map<store::StreamId, Filed> filed_;                        // by their purchase
    std::optional<desk::Rates> rates_;
    std::shared_ptr<desk::ArrivalModel> arrivals_;
    std::shared_ptr<const desk::ClaimHistory> claims_;
};

// Compares the platform's countdown with ours, where both are known.
void watch(desk::DriftWatch& drift, const PurchaseView& one, const desk::DeskOptions& options,
           Instant now);

// Where the customer's order is, as of the view's time.
// Tells the purchases of the sale how likely they still arrive.
desk::WhereIsAnswer where_is(DeskView& view, SaleView& sale, const desk::Phrases& phrases);

}  // namespace holdfast::engine
