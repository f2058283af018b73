#include "api/reads.h"

#include "engine/counterparties.h"
#include "engine/test_clocks.h"
#include "engine/texts.h"
#include "ledger/party_evolve.h"
#include "order/evolve.h"

namespace holdfast::api {

SeenText see_text(store::Store& store, const Hash& text, const IdBytes& owner) {
    SeenText seen{.text = store.text_of(text)};
    seen.is_erased = !seen.text && store.had_texts_erased(owner);
    return seen;
}

std::expected<const Reads::Written*, ReadFailure> Reads::written(const store::StreamId& stream) {
    if (const auto* kept = kept_.find(stream)) {
        if (kept->version == store_->version_of(stream)) return kept;
        kept_.forget(stream);
    }
    const auto history = store_->load(stream);
    if (history.kind != store::StreamKind::order) return std::unexpected("not_found");
    auto live = engine::fold(stream, history);
    if (!live) return std::unexpected("damaged");
    Written made{.live = std::get<engine::LiveOrder>(std::move(live->what)),
                 .rules = {},
                 .ahead = {},
                 .created_at = history.events.front().at,
                 .version = history.version};
    const auto* terms = rules_.find(made.live.state.terms_of_sale.terms);
    if (!terms) return std::unexpected("terms_not_loaded");
    made.rules = rules_.rules_for(*terms);
    made.ahead = order::deadlines(made.live.state, made.rules);
    kept_.trim();
    return &kept_.put(stream, std::move(made));
}

std::expected<FoundOrder, ReadFailure> Reads::order(const IdBytes& id, Instant now) {
    const std::scoped_lock lock(mutex_);
    const store::StreamId stream{id};
    const auto known = written(stream);
    if (!known) return std::unexpected(known.error());
    FoundOrder found{.stream = stream,
                     .live = (*known)->live,
                     .rules = (*known)->rules,
                     .ahead = (*known)->ahead,
                     .addresses = {},
                     .now = now,
                     .created_at = (*known)->created_at,
                     .version = (*known)->version};
    if (!found.live.clock.empty()) {
        const auto shows = engine::TestClocks(*store_).find(found.live.clock);
        if (!shows) return std::unexpected("damaged");
        found.now = *shows;
    }
    for (const auto& dispute : found.live.state.disputes)
        if (dispute.back && dispute.back->address != Hash{})
            found.addresses.emplace(
                dispute.back->address,
                see_text(*store_, dispute.back->address,
                         engine::text_owner(found.live.state, dispute.back->address_by)));
    const auto steps = engine::let_time_pass(found.live.state, found.rules, found.live.cast,
                                             found.now, {}, found.ahead);
    for (const auto& step : steps)
        for (const auto& event : step.events) {
            order::evolve(found.live.state, event);
            found.caught_up.push_back(event);
        }
    return found;
}

bool Reads::is_of(const IdBytes& order, order::PartyId party, bool as_buyer) {
    const std::scoped_lock lock(mutex_);
    return store_->carries({order}, engine::party_term(party, as_buyer));
}

void Reads::see_standing(FoundOrder& found) {
    const std::scoped_lock lock(mutex_);
    const auto add = [&](const store::StreamId& stream, order::Events& events) {
        if (stream == found.stream)
            events.insert(events.end(), found.caught_up.begin(), found.caught_up.end());
    };
    found.standing = engine::standing_of(*store_, rules_, found.rules,
                                         found.live.state.terms_of_sale, found.now, {.add = add});
}

engine::ConductOf Reads::conduct(order::PartyId party, bool as_buyer, Instant since,
                                 Instant until) {
    const std::scoped_lock lock(mutex_);
    return engine::conduct_of(*store_, rules_, party, as_buyer, since, until);
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
        if (const auto name = engine::named_by(event.cause)) found.reference = *name;
    return found;
}

order::Decision decision_on(const FoundOrder& found, const OrderAsk& ask) {
    const auto& order = found.live.state;
    if (const auto* command = std::get_if<order::Command>(&ask)) {
        auto asked = *command;
        asked.standing = found.standing;
        return order::decide(order, found.rules, asked, found.now, found.ahead);
    }
    return order::observe(order, found.rules, std::get<order::Observation>(ask), found.now);
}

ledger::Decision decision_on(const FoundParty& found, const PartyAsk& ask, Instant now) {
    if (const auto* command = std::get_if<ledger::Command>(&ask))
        return ledger::decide(found.book, *command, now);
    return ledger::observe(found.book, std::get<ledger::Observation>(ask), now);
}

}  // namespace holdfast::api
