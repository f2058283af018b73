#include "api/order_view.h"

#include "api/evidence_view.h"
#include "api/json_out.h"
#include "api/wire_id.h"
#include "order/facts.h"
#include "order/money.h"
#include "terms/explain.h"

#include <algorithm>

namespace holdfast::api {
namespace {

namespace json = boost::json;
using order::Order;

std::string dispute_id(const OrderSeen& seen, order::DisputeNo no) {
    return thing_id("dsp", seen.id, no);
}

// --- What the reader may do

void put_subject(json::object& out, const OrderSeen& seen, const order::Action::Subject& subject) {
    std::visit(
        [&]<class No>(const No& no) {
            if constexpr (std::same_as<No, order::DisputeNo>)
                out["subject_id"] = dispute_id(seen, no);
            else if constexpr (std::same_as<No, order::OfferNo>)
                out["subject_id"] = thing_id("off", seen.id, no);
            else if constexpr (std::same_as<No, order::ShipmentNo>)
                out["subject_id"] = thing_id("shp", seen.id, no);
            else if constexpr (std::same_as<No, order::InstructionNo>)
                out["subject_id"] = thing_id("ins", seen.id, no);
            else if constexpr (std::same_as<No, order::ChargebackNo>)
                out["subject_id"] = thing_id("chb", seen.id, no);
        },
        subject);
}

// What time does by itself, in the word that a clause has for it.
std::string_view silence_word(const order::Rules& rules, const order::Due& due) {
    switch (due.kind) {
    case order::Due::Kind::clause:
        return terms::to_string(rules.terms->clause_at(due.clause)->action);
    case order::Due::Kind::offer:
    case order::Due::Kind::settlement:
    case order::Due::Kind::evidence:
    case order::Due::Kind::authorisation: break;
    }
    return {};
}

json::array actions_view(const OrderSeen& seen, std::optional<order::DisputeNo> of = {}) {
    json::array all;
    const auto& order = seen.live.state;
    for (const auto& action :
         order::actions(order, seen.rules, seen.reader, seen.now, seen.ahead, seen.standing)) {
        if (of) {
            const auto* dispute = std::get_if<order::DisputeNo>(&action.subject);
            const auto* offer = std::get_if<order::OfferNo>(&action.subject);
            if (!(dispute && *dispute == *of) && !(offer && order.offer(*offer).dispute == *of))
                continue;
        }
        json::object out;
        out.reserve(7);
        out["action"] = action.request;
        if (action.reason) out["reason"] = terms::to_string(*action.reason);
        put_subject(out, seen, action.subject);
        if (action.clause) out["clause"] = action.clause->id;
        put(out, "opens_at", action.opens_at);
        put(out, "closes_at", action.closes_at);
        if (action.silence)
            if (auto silence = silence_view(seen, *action.silence))
                out["consequence_of_silence"] = *std::move(silence);
        all.push_back(std::move(out));
    }
    return all;
}

// --- Parts

json::array lines_view(const order::Lines& lines) {
    json::array all;
    for (const auto& line : lines)
        all.push_back({{"line", line.line.value}, {"quantity", line.quantity}});
    return all;
}

json::array goods_view(const Order& order) {
    json::array all;
    std::uint64_t number = 0;
    for (const auto& line : order.lines) {
        json::object out;
        out["line"] = ++number;
        put(out, "sku", line.placed.sku);
        out["quantity"] = line.placed.quantity;
        out["unit_price"] = money_view(line.placed.unit_price, order.currency());
        out["cancelled"] = line.cancelled;
        out["refunded"] = money_view(line.refunded, order.currency());
        all.push_back(std::move(out));
    }
    return all;
}

json::object settlement_view(const order::Settlement& settlement, Currency currency) {
    json::object out;
    if (settlement.remedy) out["remedy"] = terms::to_string(*settlement.remedy);
    out["amount"] = money_view(settlement.amount, currency);
    return out;
}

json::object scan_view(const order::Scan& scan) {
    json::object out;
    out["kind"] = to_string(scan.kind);
    put(out, "when", scan.when);
    put(out, "seen_at", scan.seen_at);
    out["withdrawn"] = scan.withdrawn;
    return out;
}

json::object shipment_view(const OrderSeen& seen, order::ShipmentNo no) {
    const auto& order = seen.live.state;
    const auto& shipment = order.shipments[order::index_of(no)];
    json::object out;
    out["object"] = "shipment";
    out["id"] = thing_id("shp", seen.id, no);
    out["lines"] = lines_view(shipment.lines);
    put(out, "tracking", shipment.tracking);
    put(out, "carrier", shipment.carrier);
    put(out, "when", shipment.when);
    put(out, "seen_at", shipment.seen_at);
    if (shipment.replaces) out["replaces"] = dispute_id(seen, *shipment.replaces);
    json::array scans;
    for (const auto& scan : shipment.scans) scans.push_back(scan_view(scan));
    out["scans"] = std::move(scans);
    for (const auto& arrival : order.arrivals) {
        if (arrival.shipment != no) continue;
        json::object came;
        came["value"] = money_view(arrival.value, order.currency());
        put(came, "when", arrival.when);
        if (arrival.choice) came["choice"] = to_string(*arrival.choice);
        out["arrival"] = std::move(came);
    }
    return out;
}

constexpr std::string_view word_of(order::OfferState state) {
    switch (state) {
    case order::OfferState::open:     return "open";
    case order::OfferState::accepted: return "accepted";
    case order::OfferState::declined: return "declined";
    case order::OfferState::expired:  return "expired";
    case order::OfferState::replaced: return "replaced";
    }
    return "open";
}

json::object offer_view(const OrderSeen& seen, order::OfferNo no) {
    const auto currency = seen.live.state.currency();
    const auto& offer = seen.live.state.offer(no);
    json::object plan;
    plan["then"] = settlement_view(offer.plan.then, currency);
    put(plan, "arrives_by", offer.plan.arrives_by);
    if (offer.plan.otherwise != order::Settlement{})
        plan["otherwise"] = settlement_view(offer.plan.otherwise, currency);
    json::object out;
    out["object"] = "offer";
    out["id"] = thing_id("off", seen.id, no);
    out["by"] = terms::to_string(offer.by);
    out["plan"] = std::move(plan);
    put(out, "made_at", offer.made_at);
    put(out, "expires_at", offer.expires_at);
    out["state"] = word_of(offer.state);
    return out;
}

void put_text(json::object& out, std::string_view name, const SeenText& seen) {
    if (seen.text) out[name] = *seen.text;
    out["erased"] = seen.is_erased;
}

json::object return_view(const OrderSeen& seen, const order::Return& back) {
    json::object out;
    out["amount"] = money_view(back.amount, seen.live.state.currency());
    if (back.postage_by) out["postage_by"] = terms::to_string(*back.postage_by);
    if (const auto known = seen.addresses.find(back.address); known != seen.addresses.end()) {
        json::object address;
        address["hash"] = to_hex(back.address);
        put_text(address, "text", known->second);
        out["address"] = std::move(address);
    }
    put(out, "label", back.label);
    put(out, "tracking", back.tracking);
    if (back.condition) out["condition"] = to_string(*back.condition);
    put(out, "agreed_at", back.agreed);
    put(out, "sent_at", back.sent);
    put(out, "delivered_at", back.delivered);
    put(out, "received_at", back.received);
    put(out, "contested_at", back.contested);
    return out;
}

void put_review(json::object& out, const order::Dispute& dispute, Currency currency) {
    if (dispute.verdict) {
        json::object verdict;
        verdict["settlement"] = settlement_view(dispute.verdict->settlement, currency);
        verdict["winner"] = terms::to_string(dispute.verdict->winner);
        json::array codes;
        for (const auto code : dispute.verdict->codes) codes.push_back(word(to_string(code)));
        verdict["codes"] = std::move(codes);
        out["verdict"] = std::move(verdict);
    }
    json::array asked;
    for (const auto& one : dispute.asked) {
        json::object row;
        row["of"] = terms::to_string(one.of);
        put(row, "at", one.at);
        put(row, "due_at", one.due_at);
        row["answered"] = one.answered;
        row["lapsed"] = one.lapsed;
        asked.push_back(std::move(row));
    }
    out["asked"] = std::move(asked);
}

void put_moments(json::object& out, const order::Dispute& dispute) {
    put(out, "opened_at", dispute.opened);
    put(out, "modified_at", dispute.modified);
    put(out, "answered_at", dispute.answered);
    put(out, "withdrawn_at", dispute.withdrawn);
    put(out, "accepted_at", dispute.accepted);
    put(out, "escalated_at", dispute.escalated);
    put(out, "decided_at", dispute.decided);
    put(out, "appealed_at", dispute.appealed);
    put(out, "appeal_decided_at", dispute.appeal_decided);
    put(out, "closed_at", dispute.closed);
    put(out, "changed_at", dispute.changed_at);
}

// What is between the marketplace and one side is not for the other to see.
bool is_for(const OrderSeen& seen, order::Party party) {
    return seen.reader == order::Party::platform || seen.reader == party;
}

json::object chargeback_view(const OrderSeen& seen, order::ChargebackNo no) {
    const auto currency = seen.live.state.currency();
    const auto& one = seen.live.state.chargebacks[order::index_of(no)];
    json::object out;
    out["object"] = "chargeback";
    out["id"] = thing_id("chb", seen.id, no);
    out["amount"] = money_view(one.amount, currency);
    if (is_for(seen, order::Party::seller)) {
        out["from_held"] = money_view(one.from_held, currency);
        out["from_seller"] = money_view(one.from_seller, currency);
    }
    if (is_for(seen, order::Party::platform))
        out["from_guarantee"] = money_view(one.from_guarantee, currency);
    put(out, "opened_at", one.opened);
    put(out, "evidence_due", one.evidence_due);
    out["state"] = to_string(one.state);
    return out;
}

// --- The order itself

void put_moments(json::object& out, const Order& order) {
    put(out, "placed_at", order.placed_at);
    put(out, "paid_at", order.paid);
    put(out, "extended_at", order.extended);
    put(out, "confirmed_at", order.confirmed);
    put(out, "completed_at", order.completed);
    put(out, "cancelled_at", order.cancelled);
    put(out, "refunded_at", order.refunded_at);
    put(out, "released_at", order.released_at);
}

void put_sale(json::object& out, const OrderSeen& seen) {
    const auto& order = seen.live.state;
    const auto& sale = order.terms_of_sale;
    const auto currency = order.currency();
    out["buyer"] = to_string(sale.buyer);
    out["seller"] = to_string(sale.seller);
    out["currency"] = code_of(currency);
    out["total"] = money_view(order::total_of(order), currency);
    out["lines"] = goods_view(order);
    if (sale.shipping) out["shipping"] = money_view(sale.shipping, currency);
    if (sale.tax) out["tax"] = money_view(sale.tax, currency);
    if (sale.fee) out["fee"] = money_view(sale.fee, currency);
    if (is_for(seen, order::Party::seller))
        out["commission_basis_points"] = sale.commission_basis_points;
    out["custody"] = to_string(sale.custody);
    out["decider"] = to_string(sale.decider);
    out["terms"] = {{"terms_id", sale.terms.terms_id},
                    {"content_hash", to_hex(sale.terms.content_hash)}};
    put(out, "promised_by", order.promised_by);
    put(out, "ship_by", sale.ship_by);
    json::object attributes, numbers;
    for (const auto& [key, value] : sale.attributes)
        if (key != terms::Attribute::buyer_tier || is_for(seen, order::Party::platform))
            attributes[terms::to_string(key)] = value.view();
    for (const auto& [key, value] : sale.numbers) numbers[terms::to_string(key)] = value;
    if (!attributes.empty()) out["attributes"] = std::move(attributes);
    if (!numbers.empty()) out["numbers"] = std::move(numbers);
    json::array marks;
    for (const auto& mark : sale.item_marks) marks.push_back(word(mark.view()));
    if (!marks.empty()) out["item_marks"] = std::move(marks);
}

void put_wishes(json::object& out, const Order& order) {
    if (order.extensions) out["extensions"] = order.extensions;
    if (order.extension_asked) {
        json::object asked;
        put(asked, "at", *order.extension_asked);
        asked["days"] = order.extension_days_asked;
        out["extension_asked"] = std::move(asked);
    }
    if (order.cancel) {
        json::object asked;
        put(asked, "at", order.cancel->at);
        put(asked, "answered_at", order.cancel->answered);
        out["cancel_asked"] = std::move(asked);
    }
}

json::array payments_view(const Order& order) {
    json::array all;
    for (const auto& payment : order.payments)
        all.push_back({{"reference", payment.reference},
                       {"authorised", money_view(payment.authorised, order.currency())},
                       {"captured", money_view(payment.captured, order.currency())},
                       {"given_back", money_view(payment.given_back, order.currency())}});
    return all;
}

template <class No, class Things, class View>
json::array each_view(const Things& things, const View& view) {
    json::array all;
    for (std::size_t i = 0; i < things.size(); ++i) all.push_back(view(order::nth<No>(i)));
    return all;
}

}  // namespace

json::object money_view(order::Minor amount, Currency currency) {
    return {{"amount", amount}, {"currency", word(code_of(currency))}};
}

json::array waiting_view(const OrderSeen& seen, std::optional<order::DisputeNo> of) {
    json::array all;
    const auto facts =
        order::facts_of(seen.live.state, seen.rules, {.dispute = of, .lines = {}}, seen.now);
    for (std::size_t i = 0; i < terms::count_of<terms::Waiting>; ++i)
        if (const auto who = static_cast<terms::Waiting>(i); terms::waits_for(facts, who))
            all.push_back(word(terms::to_string(who)));
    return all;
}

std::optional<json::object> silence_view(const OrderSeen& seen, const order::Due& due) {
    const auto word = silence_word(seen.rules, due);
    if (word.empty()) return std::nullopt;
    const auto& clause = *seen.rules.terms->clause_at(due.clause);
    json::object silence;
    put(silence, "at", due.legal_at);
    silence["action"] = word;
    silence["clause"] = clause.id;
    silence["text"] = clause.text;
    if (clause.winner) silence["winner"] = terms::to_string(*clause.winner);
    return silence;
}

json::object balance_view(const OrderSeen& seen) {
    const auto& order = seen.live.state;
    const auto& money = order.money;
    json::object out;
    out["currency"] = code_of(order.currency());
    out["captured"] = money.captured;
    out["held"] = money.held;
    out["refunded"] = money.refunded;
    out["compensated"] = money.compensated;
    out["charged_back"] = money.charged_back;
    if (is_for(seen, order::Party::buyer)) {
        out["authorised"] = money.authorised;
        put(out, "authorisation_until", money.authorisation_until);
    }
    if (is_for(seen, order::Party::seller)) {
        out["advanced_by_seller"] = money.advanced_by_seller;
        out["released"] = money.released;
        out["fees"] = money.fees;
    }
    if (is_for(seen, order::Party::platform))
        out["advanced_by_guarantee"] = money.advanced_by_guarantee;
    return out;
}

std::string_view state_of(const Order& order) {
    if (order.cancelled) return "cancelled";
    if (order.completed) return "completed";
    if (!order.shipments.empty())
        return order::unshipped_lines(order).empty() ? "shipped" : "part_shipped";
    return order.paid || order.money.authorised > 0 ? "paid" : "placed";
}

json::array rights_view(const order::Rules& rules, std::span<const order::Right> rights) {
    json::array all;
    all.reserve(rights.size());
    for (const auto& right : rights) {
        json::object out;
        out.reserve(9);  // of the members below
        out["by"] = terms::to_string(right.by);
        out["verb"] = terms::to_string(right.verb);
        if (right.reason) out["reason"] = terms::to_string(*right.reason);
        out["allowed"] = right.answer.allowed;
        out["outcome"] = terms::to_string(right.answer.outcome);
        if (const auto* clause = order::clause_of(rules, right.answer)) {
            out["clause"] = clause->id;
            out["text"] = clause->text;
        }
        put(out, "opens_at", right.answer.opens_at);
        put(out, "closes_at", right.answer.closes_at);
        all.push_back(std::move(out));
    }
    return all;
}

json::object dispute_view(const OrderSeen& seen, order::DisputeNo no, Detail detail) {
    const auto& order = seen.live.state;
    const auto currency = order.currency();
    const auto& dispute = order.dispute(no);
    json::object out;
    out["object"] = "dispute";
    out["id"] = dispute_id(seen, no);
    out["order_id"] = order_id(seen.id);
    out["version"] = order.version;
    out["phase"] = to_string(dispute.phase);
    out["lines"] = lines_view(dispute.lines);
    out["reason"] = terms::to_string(dispute.reason);
    put(out, "sub_reason", dispute.sub_reason);
    if (dispute.wanted) out["wanted"] = terms::to_string(*dispute.wanted);
    out["requested"] = money_view(dispute.requested, currency);
    json::array granted;
    for (const auto remedy : dispute.granted) granted.push_back(word(terms::to_string(remedy)));
    out["granted"] = std::move(granted);
    if (dispute.most) out["most"] = money_view(*dispute.most, currency);
    put(out, "tracking", dispute.tracking);
    out["refunded"] = money_view(dispute.refunded, currency);
    put_moments(out, dispute);
    out["appeals"] = dispute.appeals;
    json::array offers;
    for (std::size_t i = 0; i < order.offers.size(); ++i)
        if (order.offers[i].dispute == no)
            offers.push_back(offer_view(seen, order::nth<order::OfferNo>(i)));
    out["offers"] = std::move(offers);
    if (dispute.sleeping) out["sleeping"] = thing_id("off", seen.id, *dispute.sleeping);
    put_review(out, dispute, currency);
    if (dispute.back) out["return"] = return_view(seen, *dispute.back);
    out["evidence"] = evidence_view(seen, no);
    put(out, "notified_at", dispute.notified);
    put(out, "replacement_agreed_at", dispute.replacement_agreed);
    put(out, "replacement_shipped_at", dispute.replacement_shipped);
    put(out, "replacement_delivered_at", dispute.replacement_delivered);
    put(out, "upstream_system", dispute.upstream_system);
    put(out, "upstream_reference", dispute.upstream_reference);
    if (dispute.upstream_granted)
        out["upstream_granted"] = money_view(dispute.upstream_granted, currency);
    if (detail == Detail::whole) out["actions"] = actions_view(seen, no);
    return out;
}

json::object message_view(const OrderSeen& seen, order::MessageNo no, const SeenText& text) {
    const auto& message = seen.live.state.messages[order::index_of(no)];
    json::object out;
    out["object"] = "message";
    out["id"] = thing_id("msg", seen.id, no);
    out["order_id"] = order_id(seen.id);
    if (message.dispute) out["dispute_id"] = dispute_id(seen, *message.dispute);
    out["by"] = terms::to_string(message.by);
    out["to"] = to_string(message.to);
    put(out, "sent_at", message.at);
    put_text(out, "text", text);
    json::array files;
    for (const auto& file : message.files) files.push_back(word(to_hex(file)));
    out["files"] = std::move(files);
    return out;
}

json::object instruction_view(const OrderSeen& seen, order::InstructionNo no) {
    const auto& one = seen.live.state.instructions[order::index_of(no)];
    json::object out;
    out["object"] = "instruction";
    out["id"] = thing_id("ins", seen.id, no);
    out["order_id"] = order_id(seen.id);
    out["kind"] = to_string(one.kind);
    out["amount"] = money_view(one.amount, seen.live.state.currency());
    out["state"] = to_string(one.state);
    if (one.again) out["again"] = thing_id("ins", seen.id, *one.again);
    if (!one.source.empty()) out["source"] = one.source;
    return out;
}

bool may_read(terms::Number number, std::optional<order::Party> reader) {
    if (!terms::is_standing(number) || !reader || *reader == order::Party::platform) return true;
    return (number < terms::Number::seller_orders) == (*reader == order::Party::buyer);
}

json::object order_view(const OrderSeen& seen, Detail detail) {
    const auto& order = seen.live.state;
    json::object out;
    out.reserve(48);  // of the contract's members
    out["object"] = "order";
    out["id"] = order_id(seen.id);
    out["reference"] = seen.live.reference;
    out["livemode"] = seen.livemode;
    if (!seen.live.clock.empty()) out["clock"] = seen.live.clock;
    out["version"] = order.version;
    out["state"] = state_of(order);
    out["waits_for"] = waiting_view(seen);
    put(out, "created_at", seen.created_at);
    put_moments(out, order);
    put_sale(out, seen);
    put_wishes(out, order);
    out["money"] = balance_view(seen);
    if (is_for(seen, order::Party::buyer)) out["payments"] = payments_view(order);
    out["shipments"] = each_view<order::ShipmentNo>(
        order.shipments, [&](order::ShipmentNo no) { return shipment_view(seen, no); });
    out["disputes"] = each_view<order::DisputeNo>(
        order.disputes, [&](order::DisputeNo no) { return dispute_view(seen, no, Detail::brief); });
    out["chargebacks"] = each_view<order::ChargebackNo>(
        order.chargebacks, [&](order::ChargebackNo no) { return chargeback_view(seen, no); });
    if (detail == Detail::brief) return out;
    const auto rights = order::rights(order, seen.rules, seen.now, seen.standing);
    out["rights"] = rights_view(seen.rules, rights);
    out["actions"] = actions_view(seen);
    return out;
}

}  // namespace holdfast::api
