#include "api/reads.h"

#include "engine/test_clocks.h"
#include "ledger/party_evolve.h"
#include "order/evolve.h"

namespace holdfast::api {
namespace {

constexpr std::string_view naming = "party:";

}  // namespace

std::string naming_cause(std::string_view reference) {
    return std::string(naming).append(reference);
}

std::expected<FoundOrder, ReadFailure> Reads::order(const IdBytes& id, Instant now) {
    const std::scoped_lock lock(mutex_);
    FoundOrder found{.stream = {id}, .live = {}, .rules = {}, .ahead = {}, .now = now};
    const auto history = store_->load(found.stream);
    if (history.kind != store::StreamKind::order) return std::unexpected("not_found");
    auto live = engine::fold(found.stream, history);
    if (!live) return std::unexpected("damaged");
    found.live = std::get<engine::LiveOrder>(std::move(live->what));
    found.version = history.version;
    found.created_at = history.events.front().at;
    if (!found.live.clock.empty()) {
        const auto shows = engine::TestClocks(*store_).find(found.live.clock);
        if (!shows) return std::unexpected("damaged");
        found.now = *shows;
    }
    const auto* terms = rules_.find(found.live.state.terms_of_sale.terms);
    if (!terms) return std::unexpected("terms_not_loaded");
    found.rules = rules_.rules_for(*terms);
    found.ahead = order::deadlines(found.live.state, found.rules);
    for (const auto& change :
         order::catch_up(found.live.state, found.rules, found.now, {}, found.ahead))
        for (const auto& event : change) order::evolve(found.live.state, event);
    return found;
}

std::expected<FoundParty, ReadFailure> Reads::party(const IdBytes& id) {
    const std::scoped_lock lock(mutex_);
    FoundParty found{.stream = {id}, .history = store_->load({id}), .book = {}};
    const auto& history = found.history;
    if (history.kind != store::StreamKind::party) return std::unexpected("not_found");
    auto live = engine::fold(found.stream, history);
    if (!live) return std::unexpected("damaged");
    found.book = std::get<engine::LiveParty>(std::move(live->what)).state;
    found.version = history.version;
    for (const auto& event : history.events)
        if (event.cause.starts_with(naming)) found.reference = event.cause.substr(naming.size());
    return found;
}

order::Decision decision_on(const FoundOrder& found, const OrderAsk& ask) {
    const auto& order = found.live.state;
    if (const auto* command = std::get_if<order::Command>(&ask))
        return order::decide(order, found.rules, *command, found.now, found.ahead);
    return order::observe(order, found.rules, std::get<order::Observation>(ask), found.now);
}

ledger::Decision decision_on(const FoundParty& found, const PartyAsk& ask, Instant now) {
    if (const auto* command = std::get_if<ledger::Command>(&ask))
        return ledger::decide(found.book, *command, now);
    return ledger::observe(found.book, std::get<ledger::Observation>(ask), now);
}

}  // namespace holdfast::api
