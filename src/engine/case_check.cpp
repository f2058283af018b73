// Whether a case file says one thing, and a case taken from a store.
#include "engine/case_file.h"

#include "engine/json_members.h"
#include "engine/live.h"
#include "engine/outbox_text.h"
#include "engine/work.h"
#include "ledger/party_evolve.h"
#include "ledger/posting.h"
#include "order/evolve.h"
#include "store/chain.h"
#include "store/codec/event_codec.h"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <utility>
#include <variant>

namespace holdfast::engine {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;

std::string at(std::string_view list, std::size_t index) {
    return '/' + std::string(list) + '/' + std::to_string(index);
}

store::KeptEvent kept_event(const store::History& history, std::size_t index) {
    store::KeptEvent kept{.event = history.events[index], .request = std::nullopt};
    for (const auto& request : history.requests)
        if (request.first_seq == kept.event.seq)
            kept.request = {request.key, request.hash, request.version};
    return kept;
}

std::optional<Misfit> find_broken_link(const Case& one) {
    store::Head last;
    for (std::size_t i = 0; i < one.history.events.size(); ++i) {
        const auto kept = kept_event(one.history, i);
        if (kept.event.seq != last.version + 1)
            return Misfit{at("events", i) + "/seq", "expected " + std::to_string(last.version + 1)};
        if (store::find_misfit(last, one.stream, one.history.kind, kept))
            return Misfit{at("events", i) + "/hash",
                          "does not fit the event and the hash before it"};
        last = {kept.event.seq, kept.event.hash};
    }
    return std::nullopt;
}

// --- The outbox

// What the events sent and what is not in the state that they leave.
struct Sent {
    std::map<std::uint64_t, ledger::Transfer> transfers = {};  // by the event
    std::vector<std::string> destinations = {};  // of the payouts: the account as it was set then
};

Sent sent_by(const Case& one) {
    Sent all;
    order::Order order;
    ledger::PartyBook party;
    for (const auto& event : one.history.events) {
        std::optional<ledger::Transfer> sent;
        if (one.history.kind == store::StreamKind::party) {
            const auto decoded = store::decode_party_event(event).value();
            sent = ledger::transfer_of(one.stream.bytes, party, decoded);
            ledger::evolve(party, decoded);
            all.destinations.resize(party.payouts.size(), party.payout_account);
        } else {
            const auto decoded = store::decode_order_event(event).value();
            sent = ledger::transfer_of(one.stream.bytes, order, decoded);
            order::evolve(order, decoded);
        }
        if (sent) all.transfers.emplace(event.seq, *sent);
    }
    return all;
}

// What must still leave the stream, by the text that the outbox has for it.
class Leaving {
public:
    Leaving(const Case& one, const Live& live) {
        auto sent = sent_by(one);
        transfers_ = std::move(sent.transfers);
        if (const auto* order = std::get_if<LiveOrder>(&live.what)) {
            const auto& all = order->state.instructions;
            for (std::size_t i = 0; i < all.size(); ++i)
                add(std::string(instruction_kind),
                    encode({.no = order::nth<order::InstructionNo>(i),
                            .kind = all[i].kind,
                            .currency = order->state.currency(),
                            .amount = all[i].amount,
                            .source = all[i].source}),
                    all[i].state == order::InstructionState::pending);
            const auto& notices = order->state.notices;
            for (std::size_t i = 0; i < notices.size(); ++i)
                if (notices[i].by == order::NoticeWay::mail)
                    add(std::string(mail_kind),
                        encode(MailText{.notice = order::nth<order::NoticeNo>(i)}),
                        notices[i].state() == order::NoticeState::queued);
            return;
        }
        const auto& all = std::get<LiveParty>(live.what).state.payouts;
        for (std::size_t i = 0; i < all.size(); ++i)
            add(std::string(payout_kind),
                encode(PayoutText{.no = {static_cast<std::uint32_t>(i + 1)},
                                  .currency = all[i].currency,
                                  .amount = all[i].amount,
                                  .destination = std::move(sent.destinations[i])}),
                all[i].state == ledger::PayoutState::in_flight);
    }

    std::optional<Misfit> check(const std::vector<store::OutboxRow>& rows, std::uint64_t version) {
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (i > 0 && rows[i].no <= rows[i - 1].no)
                return Misfit{at("outbox", i) + "/no", "is not in order"};
            if (rows[i].seq == 0 || rows[i].seq > version)
                return Misfit{at("outbox", i) + "/event", "is none of the stream's"};
            if (!take(rows[i].item))
                return Misfit{at("outbox", i) + "/payload", "is nothing that the events sent"};
        }
        for (const auto& [item, is_open] : told_)
            if (is_open)
                return Misfit{"/outbox", "lacks the " + item.first + " " + item.second +
                                             ", which has not ended"};
        return std::nullopt;
    }

private:
    void add(std::string kind, std::string payload, bool is_open) {
        told_.emplace(std::pair(std::move(kind), std::move(payload)), is_open);
    }
    bool take(const store::OutboxItem& item) {
        if (item.kind == transfer_kind) {
            const auto transfer = decode_transfer(item.payload);
            if (!transfer || encode(*transfer) != item.payload) return false;
            const auto sent = transfers_.find(transfer->key.seq);
            return sent != transfers_.end() && sent->second == *transfer &&
                   transfers_.erase(transfer->key.seq) == 1;
        }
        return told_.erase({item.kind, item.payload}) == 1;
    }

    std::map<std::uint64_t, ledger::Transfer> transfers_;
    std::map<std::pair<std::string, std::string>, bool> told_;
};

std::optional<Misfit> find_outbox_misfit(const Case& one) {
    const auto live = fold(one.stream, one.history);
    if (!live) return Misfit{"/events", live.error()};
    return Leaving(one, *live).check(one.outbox, one.history.version);
}

// --- Anchors

std::optional<Misfit> find_anchor_misfit(const Case& one, const Anchors* known) {
    for (std::size_t i = 0; i < one.anchors.size(); ++i) {
        const auto& proof = one.anchors[i];
        if (i > 0 && proof.no <= one.anchors[i - 1].no)
            return Misfit{at("anchors", i) + "/anchor", "is not in order"};
        if (proof.version == 0 || proof.version > one.history.version)
            return Misfit{at("anchors", i) + "/version", "is none of the stream's"};
        const store::StreamHead head{
            .stream = one.stream,
            .kind = one.history.kind,
            .head = {.version = proof.version, .hash = one.history.events[proof.version - 1].hash}};
        if (root_by(leaf_of(head), proof.path, proof.streams) != proof.root)
            return Misfit{at("anchors", i) + "/root",
                          "is not where the event's hash and the path lead to"};
        if (!known) continue;
        if (proof.no == 0 || proof.no > known->all.size())
            return Misfit{at("anchors", i) + "/anchor", "is not in the anchor file"};
        const auto& anchor = known->all[proof.no - 1];
        if (proof.at != anchor.at) return Misfit{at("anchors", i) + "/at", "is not the anchor's"};
        if (proof.line != anchor.line)
            return Misfit{at("anchors", i) + "/line", "is not the anchor's"};
        if (proof.root != anchor.root)
            return Misfit{at("anchors", i) + "/root", "is not the anchor's"};
    }
    return std::nullopt;
}

// Every anchor that noted a head of the stream, up to the time the case was made, must be named.
std::optional<Misfit> find_missing_anchor(const Case& one, const Anchors& known) {
    for (const auto& proof : proofs_of(known, one.stream)) {
        if (proof.at > one.made_at) break;
        if (std::ranges::find(one.anchors, proof.no, &AnchorProof::no) == one.anchors.end())
            return Misfit{"/anchors", "lack anchor " + std::to_string(proof.no) +
                                          " of the anchor file, which has the stream at event " +
                                          std::to_string(proof.version)};
    }
    return std::nullopt;
}

// --- All of it

std::optional<Misfit> find_deep_misfit(const json::value& document, const fs::path& folder,
                                       const Anchors* anchors, CaseCounts& counts) {
    const auto one = read_case(document);
    if (!one) return one.error();
    if (auto broken = find_broken_link(*one)) return broken;
    auto made = document_of(*one, folder);
    if (!made) return made.error();
    if (auto misfit = find_outbox_misfit(*one)) return misfit;
    if (auto misfit = find_anchor_misfit(*one, anchors)) return misfit;
    (*made)["hash"] = member(document, "hash");
    if (auto place = find_difference(document, *made))
        return Misfit{*place, "is not what follows from the events"};
    if (anchors)
        if (auto missing = find_missing_anchor(*one, *anchors)) return missing;
    counts = {.kind = one->history.kind,
              .id = name_of(one->stream, one->history.kind),
              .reference = std::string(text_in(member((*made)["stream"], "reference"))),
              .events = one->history.events.size(),
              .anchors = one->anchors.size(),
              .outbox = one->outbox.size()};
    for (const auto& event : (*made)["events"].get_array())
        counts.postings += member(event, "postings").get_array().size();
    return std::nullopt;
}

json::array entries_json(const std::vector<store::Entry>& entries) {
    json::array all;
    for (const auto& [account, amount] : entries)
        all.push_back(json::object{{"account", account},
                                   {"amount", amount.minor()},
                                   {"currency", code_of(amount.currency())}});
    return all;
}

std::vector<store::OutboxRow> rows_of(store::Store& store, const store::StreamId& stream) {
    constexpr std::size_t slice = 1'000;
    std::vector<store::OutboxRow> found;
    for (std::uint64_t after = 0;;) {
        auto rows = store.outbox(after, slice);
        if (rows.empty()) return found;
        after = rows.back().no;
        for (auto& row : rows)
            if (row.stream == stream) found.push_back(std::move(row));
    }
}

// The edition's file and those that it extends.
formats::TermsTexts texts_of(const formats::Rulebook& rules, const terms::Terms& terms) {
    formats::TermsTexts texts;
    for (const auto* one = &terms; one; one = rules.find(one->extends))
        texts.emplace(one->id,
                      formats::TermsText{.file = one->id, .text = rules.texts.at(one->id).text});
    return texts;
}

}  // namespace

std::expected<Case, std::string> take_case(store::Store& store, const store::StreamId& stream,
                                           const formats::Rulebook& rules) {
    Case one{.stream = stream, .history = store.load(stream), .outbox = rows_of(store, stream)};
    const auto live = fold(stream, one.history);
    if (!live) return std::unexpected(live.error());
    if (const auto* order = std::get_if<LiveOrder>(&live->what)) {
        const auto& pin = order->state.terms_of_sale.terms;
        const auto* terms = rules.find(pin.terms_id);
        if (!terms || terms::pin_of(*terms) != pin)
            return std::unexpected("the terms that it was placed under, " + pin.terms_id + " " +
                                   to_hex(pin.content_hash).substr(0, 16) +
                                   "…, are not loaded; --terms-folder names more");
        one.terms = texts_of(rules, *terms);
    }
    return one;
}

std::expected<std::string, Misfit> text_of(const Case& one, store::Store& store,
                                           const fs::path& folder) {
    auto document = document_of(one, folder);
    if (!document) return std::unexpected(std::move(document.error()));
    const json::value kept = entries_json(store.balances(one.stream));
    if (auto place = find_difference((*document)["balances"], kept))
        return std::unexpected(
            Misfit{"/balances" + *place, "the store's books say something else than its events"});
    return text_of(std::move(*document));
}

std::optional<Misfit> find_misfit(std::string_view text, const fs::path& folder,
                                  const Anchors* anchors, CaseCounts& counts) {
    const auto parsed = store::parse_strict(text, {});
    if (!parsed) return Misfit{parsed.error().pointer, parsed.error().problem};
    try {
        if (auto misfit = find_deep_misfit(*parsed, folder, anchors, counts)) return misfit;
    } catch (const std::logic_error&) {  // what only our own data must satisfy, and this does not
        return Misfit{"/events", "cannot be replayed"};
    }
    if (text_in(member(*parsed, "hash")) != seal_of(parsed->get_object()))
        return Misfit{"/hash", "is not the seal of what stands before it"};
    return std::nullopt;
}

}  // namespace holdfast::engine
