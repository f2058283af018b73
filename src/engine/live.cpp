#include "engine/live.h"

#include "base/verify.h"
#include "engine/conduct.h"
#include "engine/outbox_text.h"
#include "engine/test_clocks.h"
#include "engine/work.h"
#include "ledger/party_evolve.h"
#include "ledger/posting.h"
#include "order/evolve.h"
#include "order/telling.h"
#include "store/codec/event_codec.h"

#include <algorithm>
#include <utility>

namespace holdfast::engine {
namespace {

constexpr std::string_view naming = "party:";

constexpr std::string_view placing = "place";

std::string problem_at(const store::StreamId& stream, const store::Event& event,
                       const store::DecodeError& error) {
    return "stream " + to_base32(stream.bytes) + ", event " + std::to_string(event.seq) + " (" +
           event.kind + ")" + error.pointer + ": " + error.problem;
}

void evolve(LiveOrder& live, const order::Recorded& event, const ledger::Postings& postings) {
    order::evolve(live.state, event);
    live.quiet_until.reset();
    live.ahead.reset();
    if (!live.balances) live.balances.emplace(live.state.currency());
    live.balances->post(postings);
}
void evolve(LiveParty& live, const ledger::Recorded& event, const ledger::Postings&) {
    ledger::evolve(live.state, event);
}

// Postings of one commit, together per account and currency.
class Sums {
public:
    void add(const ledger::Postings& postings) {
        for (const auto& [account, amount] : postings) {
            const auto name = to_string(account);
            const auto found = std::ranges::find_if(entries_, [&](const store::Entry& entry) {
                return entry.account == name && entry.amount.currency() == amount.currency();
            });
            if (found == entries_.end())
                entries_.push_back({.account = std::string(name), .amount = amount});
            else
                found->amount = found->amount + amount;
        }
    }
    std::vector<store::Entry> take() {
        std::erase_if(entries_, [](const auto& entry) { return entry.amount.is_zero(); });
        return std::move(entries_);
    }

private:
    std::vector<store::Entry> entries_;
};

// The events into `live`, their texts and what they move into `change`.
template <class LiveKind, class Events>
void append_events(LiveKind& live, const Events& events, Instant now, store::Change& change) {
    Sums sums;
    for (const auto& event : events) {
        const auto postings = ledger::postings_of(live.state, event);
        const auto transfer = ledger::transfer_of(change.stream.bytes, live.state, event);
        sums.add(postings);
        if (transfer)
            change.outbox.push_back(
                {.kind = std::string(transfer_kind), .payload = encode(*transfer), .due = now});
        change.events.push_back(store::encode_event(event));
        evolve(live, event, postings);
    }
    for (auto& entry : sums.take()) change.entries.push_back(std::move(entry));
}

// What the change means for its parties is theirs to know: a notice each, and a mail to be sent.
void tell_parties(LiveOrder& order, const order::Events& events, std::uint64_t first, Instant now,
                  store::Change& change) {
    const auto known = order.state.notices.size();
    append_events(order, order::notices_of(order.state, events, first), now, change);
    for (auto i = known; i < order.state.notices.size(); ++i)
        change.outbox.push_back(
            {.kind = std::string(mail_kind),
             .payload = encode(MailText{.notice = order::nth<order::NoticeNo>(i)}),
             .due = now});
}

bool has_open_dispute(const order::Order& order) {
    return std::ranges::any_of(order.disputes, [](const auto& one) { return !one.is_closed(); });
}

std::optional<store::DecodeError> fold_one(LiveOrder& live, const store::Event& event) {
    const auto decoded = store::decode_order_event(event);
    if (!decoded) return decoded.error();
    if (auto from = placed_by(event.cause)) {
        live.account = std::move(from->account);
        live.reference = std::move(from->reference);
        live.clock = std::move(from->clock);
        live.cast = from->cast;
    }
    if (const auto cast = cast_by(event.cause)) live.cast = *cast;
    evolve(live, *decoded, ledger::postings_of(live.state, *decoded));
    return std::nullopt;
}
std::optional<store::DecodeError> fold_one(LiveParty& live, const store::Event& event) {
    const auto decoded = store::decode_party_event(event);
    if (!decoded) return decoded.error();
    evolve(live, *decoded, {});
    return std::nullopt;
}

}  // namespace

std::uint64_t Live::version() const {
    return std::visit([](const auto& one) { return one.state.version; }, what);
}

store::StreamKind Live::kind() const {
    return std::holds_alternative<LiveOrder>(what) ? store::StreamKind::order
                                                   : store::StreamKind::party;
}

std::string placing_cause(std::string_view account, std::string_view reference,
                          std::string_view clock, const Cast& cast) {
    std::string cause(placing);
    if (!clock.empty()) cause.append("@").append(clock);
    if (!cast.is_empty()) cause.append("+").append(to_string(cast));
    return cause.append(":").append(account).append(":").append(reference);
}

std::string naming_cause(std::string_view reference) {
    return std::string(naming).append(reference);
}

std::optional<std::string_view> named_by(std::string_view cause) {
    if (!cause.starts_with(naming)) return std::nullopt;
    return cause.substr(naming.size());
}

std::optional<PlacedBy> placed_by(std::string_view cause) {
    if (!cause.starts_with(placing)) return std::nullopt;
    cause.remove_prefix(placing.size());
    PlacedBy from;
    auto colon = cause.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    auto sandbox = cause.substr(0, colon);
    if (const auto plus = sandbox.find('+'); plus != std::string_view::npos) {
        const auto cast = parse_cast(sandbox.substr(plus + 1));
        if (!cast) return std::nullopt;
        from.cast = *cast;
        sandbox = sandbox.substr(0, plus);
    }
    if (!sandbox.empty() && sandbox.front() != '@') return std::nullopt;
    if (!sandbox.empty()) from.clock = sandbox.substr(1);
    cause.remove_prefix(colon + 1);
    colon = cause.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    from.account = cause.substr(0, colon);
    from.reference = cause.substr(colon + 1);
    return from;
}

std::expected<Live, std::string> fold(const store::StreamId& stream,
                                      const store::History& history) {
    Live live;
    live.requests = history.requests;
    if (history.kind == store::StreamKind::party) live.what = LiveParty{};
    for (const auto& event : history.events) {
        const auto problem = std::visit([&](auto& one) { return fold_one(one, event); }, live.what);
        if (problem) return std::unexpected(problem_at(stream, event, *problem));
    }
    if (const auto* order = std::get_if<LiveOrder>(&live.what); order && order->balances)
        ledger::verify_agrees(*order->balances, order->state);
    return live;
}

std::string contact_term(std::string_view mark) { return "contact:" + std::string(mark); }

std::vector<std::string> terms_of(const LiveOrder& order) {
    const auto& sale = order.state.terms_of_sale;
    std::vector terms{party_term(sale.buyer, /*as_buyer=*/true),
                      party_term(sale.seller, /*as_buyer=*/false),
                      reference_term(order.account, order.reference)};
    if (!order.clock.empty()) terms.push_back(clock_term(order.clock));
    if (has_open_dispute(order.state)) terms.emplace_back(open_dispute_term);
    return terms;
}

void append(Live& live, const order::Events& events, Instant now, store::Change& change,
            Telling telling) {
    auto& order = std::get<LiveOrder>(live.what);
    const bool was_disputed = has_open_dispute(order.state);
    const auto instructions = order.state.instructions.size();
    const auto first = order.state.version + 1;
    append_events(order, events, now, change);
    if (telling == Telling::by_mail) tell_parties(order, events, first, now, change);
    ledger::verify_agrees(*order.balances, order.state);
    if (has_open_dispute(order.state) != was_disputed) change.search_terms = terms_of(order);
    for (auto i = instructions; i < order.state.instructions.size(); ++i) {
        const auto& told = order.state.instructions[i];
        change.outbox.push_back({.kind = std::string(instruction_kind),
                                 .payload = encode({.no = order::nth<order::InstructionNo>(i),
                                                    .kind = told.kind,
                                                    .currency = order.state.currency(),
                                                    .amount = told.amount,
                                                    .source = told.source}),
                                 .due = now});
    }
}

void append(Live& live, const ledger::Events& events, Instant now, store::Change& change) {
    auto& party = std::get<LiveParty>(live.what);
    const auto payouts = party.state.payouts.size();
    const auto contact = party.state.contact;
    append_events(party, events, now, change);
    if (const auto& reached = party.state.contact; reached != contact)
        change.search_terms =
            reached ? std::vector{contact_term(reached->mark)} : std::vector<std::string>{};
    for (auto i = payouts; i < party.state.payouts.size(); ++i) {
        const auto& payout = party.state.payouts[i];
        change.outbox.push_back(
            {.kind = std::string(payout_kind),
             .payload = encode(PayoutText{.no = {static_cast<std::uint32_t>(i + 1)},
                                          .currency = payout.currency,
                                          .amount = payout.amount,
                                          .destination = party.state.payout_account}),
             .due = now});
    }
}

}  // namespace holdfast::engine
