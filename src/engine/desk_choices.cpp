#include "engine/desk_choices.h"

#include "base/currency.h"
#include "desk/claim_end.h"
#include "desk/journey.h"

#include <boost/json.hpp>

#include <algorithm>

namespace holdfast::engine {
namespace {

namespace json = boost::json;

json::value money_json(const std::optional<Money>& amount) {
    if (!amount) return nullptr;
    return json::array{amount->minor(), code_of(amount->currency())};
}

std::string to_json(const std::vector<desk::ShownWay>& ways) {
    json::array all;
    for (const auto& way : ways) {
        json::array outcomes;
        for (const auto& outcome : way.outcomes) {
            json::object when;
            for (const auto& branch : outcome.when) when[to_string(branch.fork)] = branch.yes;
            outcomes.push_back({{"when", when}, {"profit", money_json(outcome.profit)}});
        }
        all.push_back(
            {{"way", way.name}, {"expected", money_json(way.expected)}, {"outcomes", outcomes}});
    }
    return json::serialize(all);
}

std::optional<Money> money_of(const json::value& value) {
    if (value.is_null()) return std::nullopt;
    const auto& pair = value.as_array();
    const std::string_view code = pair.at(1).as_string();
    return Money::of_minor(pair.at(0).to_number<std::int64_t>(), *parse_currency(code));
}

desk::Fork fork_of(std::string_view name) {
    using enum desk::Fork;
    for (const auto fork : {arrives, claim_granted, accepted, charged_back})
        if (to_string(fork) == name) return fork;
    throw store::StoreDown("a choice has an unknown fork");
}

// Our own bytes; what cannot be read is a damaged store.
std::vector<desk::ShownWay> shown_in(const std::string& text) {
    std::vector<desk::ShownWay> ways;
    const auto all = json::parse(text);
    for (const auto& way : all.as_array()) {
        desk::ShownWay one{.name = std::string(way.at("way").as_string()),
                           .expected = money_of(way.at("expected")),
                           .outcomes = {}};
        for (const auto& outcome : way.at("outcomes").as_array()) {
            desk::ShownOutcome shown{.when = {}, .profit = money_of(outcome.at("profit"))};
            for (const auto& [name, yes] : outcome.at("when").as_object()) {
                shown.when.push_back({.fork = fork_of(name), .yes = yes.as_bool()});
            }
            one.outcomes.push_back(std::move(shown));
        }
        ways.push_back(std::move(one));
    }
    return ways;
}

desk::Hindsight hindsight_of(const PurchaseView& view, Instant now) {
    desk::Hindsight found;
    const auto journeys = desk::journeys_of(view.purchase, view.parcels, now);
    const auto has_come = [](const desk::Journey& one) { return one.arrived_after.has_value(); };
    if (std::ranges::any_of(journeys, &desk::Journey::is_lost))
        found.arrived = false;
    else if (!journeys.empty() && std::ranges::all_of(journeys, has_come))
        found.arrived = true;
    const auto claim = desk::claim_seen(view.purchase);
    if (claim && claim->end == desk::ClaimEnd::granted) found.claim_granted = true;
    if (claim && claim->end == desk::ClaimEnd::declined) found.claim_granted = false;
    return found;
}

}  // namespace

std::optional<RemedyChosen> chosen_of(const SaleView& sale, const RemedyFound& found,
                                      std::string_view way) {
    const auto shown = desk::shown_of(found.remedies);
    if (std::ranges::find(shown, way, &desk::ShownWay::name) == shown.end()) return std::nullopt;
    return RemedyChosen{.sale_system = sale.sale.system,
                        .sale_reference = sale.sale.reference,
                        .complaint = std::string(terms::to_string(found.view.complaint.reason)),
                        .way = std::string(way),
                        .shown = to_json(shown)};
}

std::vector<ChoiceSeen> choices_of(store::Store& store, DeskView& view) {
    DeskWork work(store);
    std::vector<store::StreamId> purchases;
    work.each([&](const store::StreamId& purchase, const RowState& state) {
        if (!state.remedy.empty()) purchases.push_back(purchase);
    });
    std::vector<ChoiceSeen> found;
    for (const auto& stream : purchases) {
        const auto purchase = view.find_purchase(stream);
        if (!purchase) continue;
        const auto hindsight = hindsight_of(*purchase, view.now());
        for (const auto& done : work.history(stream))
            if (const auto* choice = std::get_if<RemedyChosen>(&done.what))
                found.push_back(
                    {.system = purchase->purchase.system,
                     .reference = purchase->purchase.reference,
                     .choice = *choice,
                     .at = done.at,
                     .by = done.by,
                     .hindsight = hindsight,
                     .regret = desk::regret_of(shown_in(choice->shown), choice->way, hindsight)});
    }
    std::ranges::stable_sort(found, std::ranges::greater{}, &ChoiceSeen::at);
    return found;
}

}  // namespace holdfast::engine
