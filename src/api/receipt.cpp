#include "api/receipt.h"

#include "api/json_out.h"
#include "api/order_view.h"
#include "api/wire_id.h"
#include "engine/event_text.h"
#include "ledger/party_evolve.h"
#include "ledger/posting.h"
#include "order/evolve.h"
#include "store/codec/event_codec.h"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace holdfast::api {
namespace {

namespace json = boost::json;

bool is_order(store::StreamKind kind) { return kind == store::StreamKind::order; }

void put_stream(json::object& out, const store::StreamId& stream, store::StreamKind kind) {
    if (is_order(kind))
        out["order_id"] = order_id(stream.bytes);
    else
        out["party_id"] = party_id(stream.bytes);
}

// The ids of what an event brought into being.
class Made {
public:
    Made(json::object& out, const IdBytes& stream) : out_(out), stream_(stream) {}

    void operator()(const order::Placed&) { out_["order_id"] = order_id(stream_); }
    void operator()(const order::Shipped& event) {
        out_["shipment_id"] = thing_id("shp", stream_, event.shipment);
    }
    void operator()(const order::DisputeOpened& event) {
        out_["dispute_id"] = thing_id("dsp", stream_, event.dispute);
    }
    void operator()(const order::OfferMade& event) {
        out_["offer_id"] = thing_id("off", stream_, event.offer);
    }
    void operator()(const order::ChargebackOpened& event) {
        out_["chargeback_id"] = thing_id("chb", stream_, event.chargeback);
    }
    void operator()(const order::MessageSent& event) {
        out_["message_id"] = thing_id("msg", stream_, event.message);
    }
    void operator()(const order::NoticeMade& event) {
        auto& all = out_["notice_ids"];
        if (!all.is_array()) all.emplace_array();
        all.get_array().push_back(word(thing_id("ntc", stream_, event.notice)));
    }
    void operator()(const order::RefundIssued& event) { add(event.instruction); }
    void operator()(const order::Compensated& event) { add(event.instruction); }
    void operator()(const order::InstructionRepeated& event) { add(event.instruction); }
    void operator()(const order::AuthorisationEnded& event) { add(event.instruction); }
    void operator()(const ledger::PayoutBatched& event) {
        out_["payout_id"] = thing_id("pyo", stream_, event.payout.value);
    }
    template <class Other>
    void operator()(const Other&) {}

private:
    void add(order::InstructionNo no) {
        if (no.value == 0) return;  // nothing was told to leave
        auto& all = out_["instruction_ids"];
        if (!all.is_array()) all.emplace_array();
        all.get_array().push_back(word(thing_id("ins", stream_, no)));
    }
    void add(const std::optional<order::InstructionNo>& no) {
        if (no) add(*no);
    }

    json::object& out_;
    const IdBytes& stream_;
};

json::object event_line(const store::StreamId& stream, store::StreamKind kind,
                        const store::Event& event) {
    return {{"id", engine::event_id({.stream = stream, .kind = kind, .event = event})},
            {"type", engine::event_type(kind, event.kind)},
            {"sequence", event.seq}};
}

// Events and what they move, after one another; `step` gives the postings and folds.
template <class Events, class Step>
void put_consequences(json::object& out, store::StreamKind kind, const Events& events,
                      const Step& step) {
    json::array told;
    std::vector<std::pair<ledger::Account, Money>> sums;
    for (const auto& event : events) {
        const auto text = store::encode_event(event);
        told.push_back({{"type", engine::event_type(kind, text.kind)},
                        {"details", json::parse(text.payload)}});
        for (const auto& [account, amount] : step(event)) {
            const auto known = std::ranges::find_if(sums, [&](const auto& sum) {
                return sum.first == account && sum.second.currency() == amount.currency();
            });
            if (known == sums.end())
                sums.emplace_back(account, amount);
            else
                known->second = known->second + amount;
        }
    }
    json::array postings;
    for (const auto& [account, amount] : sums)
        if (!amount.is_zero())
            postings.push_back({{"account", word(ledger::to_string(account))},
                                {"amount", money_view(amount.minor(), amount.currency())}});
    out["events"] = std::move(told);
    out["postings"] = std::move(postings);
}

// Those of `before` that are open, by whether they still are.
void put_rights(json::object& out, const order::Rules& rules,
                const std::vector<order::Right>& before, const std::vector<order::Right>& after,
                Instant now) {
    std::vector<order::Right> kept, lost;
    for (const auto& right : before) {
        if (!right.is_open(rules, now)) continue;
        const bool is_kept = std::ranges::any_of(after, [&](const order::Right& one) {
            return one.by == right.by && one.verb == right.verb && one.reason == right.reason &&
                   one.is_open(rules, now);
        });
        (is_kept ? kept : lost).push_back(right);
    }
    out["rights_kept"] = rights_view(rules, kept);
    out["rights_lost"] = rights_view(rules, lost);
}

}  // namespace

json::object receipt(const store::StreamId& stream, store::StreamKind kind,
                     const engine::Answer& answer) {
    json::object out, ids;
    json::array events;
    Made made(ids, stream.bytes);
    for (const auto& event : answer.events) {
        events.push_back(event_line(stream, kind, event));
        if (is_order(kind)) {
            if (const auto decoded = store::decode_order_event(event))
                std::visit(made, decoded->event);
        } else if (const auto decoded = store::decode_party_event(event)) {
            std::visit(made, decoded->event);
        }
    }
    out["object"] = "receipt";
    put_stream(out, stream, kind);
    out["version"] = answer.version;
    out["events"] = std::move(events);
    out["made"] = std::move(ids);
    out["replayed"] = answer.outcome == engine::Outcome::replayed;
    return out;
}

json::object preview(const IdBytes& id, const engine::LiveOrder& before, const order::Rules& rules,
                     const order::Events& events, Instant now,
                     const std::optional<order::Standing>& standing) {
    json::object out;
    out["object"] = "preview";
    out["order_id"] = order_id(id);
    out["version"] = before.state.version;
    auto state = before.state;
    put_consequences(out, store::StreamKind::order, events, [&](const order::Recorded& event) {
        auto postings = ledger::postings_of(state, event);
        order::evolve(state, event);
        return postings;
    });
    put_rights(out, rules, order::rights(before.state, rules, now, standing),
               order::rights(state, rules, now), now);
    return out;
}

json::object preview(const IdBytes& id, const ledger::PartyBook& before,
                     const ledger::Events& events) {
    json::object out;
    out["object"] = "preview";
    out["party_id"] = party_id(id);
    out["version"] = before.version;
    auto state = before;
    put_consequences(out, store::StreamKind::party, events, [&](const ledger::Recorded& event) {
        auto postings = ledger::postings_of(state, event);
        ledger::evolve(state, event);
        return postings;
    });
    out["rights_kept"] = json::array();
    out["rights_lost"] = json::array();
    return out;
}

}  // namespace holdfast::api
