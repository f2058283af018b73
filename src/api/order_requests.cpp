#include "api/order_requests.h"

#include "api/evidence_view.h"
#include "api/named_thing.h"
#include "http/header.h"

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

namespace holdfast::api {
namespace {

constexpr std::size_t lines_most = 1000;
constexpr std::size_t marks_most = 100;
constexpr std::int32_t quantity_most = std::numeric_limits<std::int32_t>::max();
constexpr std::int32_t extension_days_most = 3650;
constexpr std::size_t message_characters_most = 4'000;
constexpr std::size_t address_characters_most = 1'000;
constexpr std::size_t character_bytes_most = 4;

// What an order knows by itself is not for its placement to say.
constexpr std::array attributes_given{
    terms::Attribute::carrier_class, terms::Attribute::destination,
    terms::Attribute::seller_origin, terms::Attribute::seller_class,
    terms::Attribute::failure_cause, terms::Attribute::terms_variant,
    terms::Attribute::finding,       terms::Attribute::holidays,
    terms::Attribute::jurisdiction,  terms::Attribute::buyer_tier,
    terms::Attribute::payment_method};
constexpr std::array numbers_given{terms::Number::seller_delivery_days,
                                   terms::Number::ordered_quantity,
                                   terms::Number::received_quantity,
                                   terms::Number::gift_market,
                                   terms::Number::free_shipping_threshold,
                                   terms::Number::shipping_borne_by_seller,
                                   terms::Number::returned_value,
                                   terms::Number::kept_value,
                                   terms::Number::return_shipping,
                                   terms::Number::tax_on_return,
                                   terms::Number::labels,
                                   terms::Number::credits};

// What stands in an operation's path, and the prefix of its id.
struct PathName {
    std::string_view name, prefix;
};
constexpr std::array subjects{PathName{"notice_id", "ntc"},    PathName{"order_id", "ord"},
                              PathName{"shipment_id", "shp"},  PathName{"dispute_id", "dsp"},
                              PathName{"offer_id", "off"},     PathName{"instruction_id", "ins"},
                              PathName{"chargeback_id", "chb"}};

order::Lines read_lines(Members& body) {
    order::Lines lines;
    body.each_of("lines", 0, lines_most, [&](Members& one) {
        std::int32_t line = 0, quantity = 0;
        one.need("line", line, Members::Range{1, lines_most});
        one.need("quantity", quantity, Members::Range{1, quantity_most});
        lines.push_back({.line = {static_cast<std::uint16_t>(line)}, .quantity = quantity});
    });
    return lines;
}

// A sum that may be left out, or be nothing.
order::Settlement read_settlement(Members& one) {
    order::Settlement settlement;
    one.may("remedy", settlement.remedy);
    one.may_sum("amount", settlement.amount, 0, wire_max);
    return settlement;
}

order::Plan read_plan(Members& body) {
    order::Plan plan;
    const auto* json = body.need("plan");
    if (!json) return plan;
    body.object_in(*json, body.pointer_to("plan"), [&](Members& inside) {
        if (const auto* then = inside.need("then"))
            inside.object_in(*then, inside.pointer_to("then"),
                             [&](Members& one) { plan.then = read_settlement(one); });
        inside.may("arrives_by", plan.arrives_by);
        inside.object("otherwise", [&](Members& one) { plan.otherwise = read_settlement(one); });
    });
    return plan;
}

order::Verdict read_verdict(Members& body) {
    order::Verdict verdict;
    const auto* json = body.need("verdict");
    if (!json) return verdict;
    body.object_in(*json, body.pointer_to("verdict"), [&](Members& inside) {
        if (const auto* settlement = inside.need("settlement"))
            inside.object_in(*settlement, inside.pointer_to("settlement"),
                             [&](Members& one) { verdict.settlement = read_settlement(one); });
        inside.need("winner", verdict.winner);
        if (verdict.winner == order::Party::platform)
            inside.reading().fault(inside.pointer_to("winner"), "invalid");
        inside.list("codes", verdict.codes, 1, store::enumerators<order::VerdictCode>);
    });
    return verdict;
}

// Of the characters that are no controls, but for the end of a line; what was read is UTF-8.
template <std::size_t characters_most>
bool is_free_text(std::string_view text) {
    std::size_t characters = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if ((byte < 0x20 && byte != '\n') || byte == 0x7F) return false;
        const bool is_high_control =
            byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
        if (is_high_control) return false;
        if ((byte & 0xC0U) != 0x80) ++characters;
    }
    return characters <= characters_most;
}

template <std::size_t characters_most>
constexpr TextRule free_text{.least = 1,
                             .most = characters_most * character_bytes_most,
                             .allows = is_free_text<characters_most>};

order::Party read_actor(Members& body, order::Party usual) {
    auto by = usual;
    body.may("as", by);
    if (by == order::Party::either) body.reading().fault(body.pointer_to("as"), "invalid");
    return by;
}

Instant read_when(Members& body) {
    auto when = Instant::max();  // the rules take what is later than its arrival as that
    body.may("when", when);
    return when;
}

template <class No>
No number_of(const ThingId& subject) {
    return No{static_cast<std::uint16_t>(subject.number)};
}

// --- Requests

order::Request read_extension(Members& body, bool is_granted) {
    std::int32_t days = 0;
    body.need("days", days, Members::Range{1, extension_days_most});
    if (is_granted) return order::Extend{days};
    return order::RequestExtension{days};
}

order::Request read_open_dispute(Members& body) {
    order::OpenDispute open{.lines = read_lines(body)};
    body.need("reason", open.reason);
    body.may("sub_reason", open.sub_reason, std::size_t{0});
    body.may("wanted", open.wanted);
    body.may_sum("amount", open.amount, 1, wire_max);
    body.may("has_evidence", open.has_evidence);
    return open;
}

order::Request read_modify(Members& body, order::DisputeNo dispute) {
    order::ModifyDispute modify{.dispute = dispute};
    body.may("reason", modify.reason);
    body.may("wanted", modify.wanted);
    body.may_sum("amount", modify.amount, 1, wire_max);
    return modify;
}

order::Request read_offer(Members& body, order::DisputeNo dispute) {
    order::MakeOffer make{.dispute = dispute, .plan = read_plan(body)};
    body.may("expires_at", make.expires_at);
    return make;
}

order::Request read_evidence_request(Members& body, order::DisputeNo dispute) {
    order::RequestEvidence request{.dispute = dispute};
    body.need("of", request.of);
    if (request.of != order::Party::buyer && request.of != order::Party::seller)
        body.reading().fault(body.pointer_to("of"), "invalid");
    body.need("due_at", request.due_at);
    return request;
}

order::Request read_return_place(Members& body, order::DisputeNo dispute) {
    order::PrepareReturn prepare;
    prepare.dispute = dispute;
    body.may("address", prepare.address);
    body.may("label", prepare.label, std::size_t{0});
    return prepare;
}

order::Request read_message(Members& body, const ThingId& subject) {
    order::SendMessage send;
    body.may("to", send.to);
    may_name(body, "dispute_id", "dsp", subject.stream, send.dispute);
    body.each_value("files", 0, order::message_files_most,
                    [&](const boost::json::value& value, const std::string& pointer) {
                        if (Hash file{}; body.read(value, pointer, file))
                            send.files.push_back(file);
                    });
    return send;
}

order::Request read_sent_return(Members& body, order::DisputeNo dispute) {
    order::SendReturn send;
    send.dispute = dispute;
    body.need("tracking", send.tracking);
    return send;
}

order::Request read_upstream(Members& body, order::DisputeNo dispute) {
    order::LinkUpstream link;
    link.dispute = dispute;
    body.need("system", link.system);
    body.need("reference", link.reference);
    return link;
}

order::Request read_compensation(Members& body, const ThingId& subject) {
    order::Compensate compensate;
    may_name(body, "dispute_id", "dsp", subject.stream, compensate.dispute);
    body.may("what", compensate.what);
    body.need_sum("amount", compensate.amount, 1, wire_max);
    return compensate;
}

order::Request read_gift(Members& body, const ThingId& subject) {
    order::PromiseGift gift;
    body.need("sku", gift.sku);
    may_name(body, "dispute_id", "dsp", subject.stream, gift.dispute);
    return gift;
}

order::Request read_refund(Members& body) {
    order::Refund refund{.lines = read_lines(body)};
    body.may_sum("amount", refund.amount, 1, wire_max);
    return refund;
}

order::Request read_chargeback_answer(Members& body, order::ChargebackNo chargeback) {
    order::AnswerChargeback answer{.chargeback = chargeback};
    body.need("content", answer.content);
    return answer;
}

order::Request read_arrival(Members& body, order::ShipmentNo shipment) {
    order::SettleArrival settle{.shipment = shipment};
    body.need("choice", settle.choice);
    return settle;
}

order::Condition read_condition(Members& body) {
    auto condition = order::Condition::as_sent_out;
    body.need("condition", condition);
    return condition;
}

// What came back as it was sent out cannot be contested.
order::Request read_contest(Members& body, order::DisputeNo dispute) {
    order::ContestReturn contest{.dispute = dispute};
    body.need("condition", contest.condition);
    if (contest.condition == order::Condition::as_sent_out)
        body.reading().fault(body.pointer_to("condition"), "invalid");
    return contest;
}

order::Request read_receive(Members& body, order::DisputeNo dispute) {
    order::ReceiveReturn receive{.dispute = dispute};
    if (body.has("condition")) receive.condition = read_condition(body);
    return receive;
}

bool read_new_information(Members& body) {
    bool has = false;
    body.may("has_new_information", has);
    return has;
}

std::optional<order::Request> read_request(Operation operation, const ThingId& subject,
                                           Members& body) {
    const auto dispute = number_of<order::DisputeNo>(subject);
    const auto offer = number_of<order::OfferNo>(subject);
    switch (operation) {
    case Operation::cancel_order:      return order::Cancel{};
    case Operation::decline_cancel:    return order::DeclineCancel{};
    case Operation::request_extension: return read_extension(body, /*is_granted=*/false);
    case Operation::extend_order:      return read_extension(body, /*is_granted=*/true);
    case Operation::confirm_receipt:   return order::ConfirmReceipt{};
    case Operation::refund_order:      return read_refund(body);
    case Operation::compensate_buyer:  return read_compensation(body, subject);
    case Operation::promise_gift:      return read_gift(body, subject);
    case Operation::send_message:      return read_message(body, subject);
    case Operation::repeat_instruction:
        return order::RepeatInstruction{number_of<order::InstructionNo>(subject)};
    case Operation::answer_chargeback:
        return read_chargeback_answer(body, number_of<order::ChargebackNo>(subject));
    case Operation::settle_arrival:
        return read_arrival(body, number_of<order::ShipmentNo>(subject));
    case Operation::open_dispute:     return read_open_dispute(body);
    case Operation::modify_dispute:   return read_modify(body, dispute);
    case Operation::withdraw_dispute: return order::WithdrawDispute{dispute};
    case Operation::respond_dispute:  return order::Respond{dispute};
    case Operation::make_offer:       return read_offer(body, dispute);
    case Operation::accept_offer:     return order::AcceptOffer{offer};
    case Operation::decline_offer:    return order::DeclineOffer{offer};
    case Operation::escalate_dispute: return order::Escalate{dispute};
    case Operation::request_evidence: return read_evidence_request(body, dispute);
    case Operation::submit_evidence:  return read_evidence(body, subject);
    case Operation::decide_dispute:
        return order::Decide{.dispute = dispute, .verdict = read_verdict(body)};
    case Operation::appeal_dispute:
        return order::Appeal{.dispute = dispute, .has_new_information = read_new_information(body)};
    case Operation::prepare_return: return read_return_place(body, dispute);
    case Operation::send_return:    return read_sent_return(body, dispute);
    case Operation::receive_return: return read_receive(body, dispute);
    case Operation::contest_return: return read_contest(body, dispute);
    case Operation::link_upstream:  return read_upstream(body, dispute);
    default:                        return std::nullopt;
    }
}

// --- Observations

order::Seen read_payment(Members& body) {
    std::string kind;
    body.need("seen", kind, TextRule{.least = 1, .most = 40});
    const TextRule name{.most = 255, .allows = http::is_visible};
    if (kind == order::SeeAuthorised::name) {
        order::SeeAuthorised seen;
        body.need_sum("amount", seen.amount, 1, sum_max);
        body.may("until", seen.until);
        body.may("reference", seen.reference, name);
        return seen;
    }
    if (kind == order::SeeCaptured::name) {
        order::SeeCaptured seen;
        body.need_sum("amount", seen.amount, 1, sum_max);
        body.may("reference", seen.reference, name);
        return seen;
    }
    if (!kind.empty() && kind != order::SeeAuthorisationEnded::name)
        body.reading().fault(body.pointer_to("seen"), "invalid");
    return order::SeeAuthorisationEnded{};
}

order::Seen read_shipment(Members& body, const ThingId& subject) {
    order::SeeShipped seen{.lines = read_lines(body)};
    body.may("tracking", seen.tracking, std::size_t{0});
    may_name(body, "replaces", "dsp", subject.stream, seen.replaces);
    if (std::string carrier; body.has("carrier")) {
        body.may("carrier", carrier,
                 TextRule{.least = 1, .most = Word::max_size, .allows = http::is_visible});
        seen.carrier = Word(carrier);
    }
    return seen;
}

order::ScanKind read_scan_kind(Members& body) {
    auto kind = order::ScanKind::moving;
    body.need("kind", kind);
    return kind;
}

order::Seen read_chargeback(Members& body) {
    order::SeeChargeback seen;
    body.need_sum("amount", seen.amount, 1, sum_max);
    body.may("evidence_due", seen.evidence_due);
    return seen;
}

// One of two states that end something.
template <class State>
State read_end(Members& body, State good, State bad) {
    auto state = good;
    body.need("state", state);
    if (state != good && state != bad) body.reading().fault(body.pointer_to("state"), "invalid");
    return state;
}

order::Seen read_granted(Members& body, order::DisputeNo dispute) {
    order::SeeUpstreamGranted seen{.dispute = dispute};
    body.need_sum("amount", seen.amount, 1, sum_max);
    return seen;
}

// What may be reported of a notice; queued is what it is before.
order::NoticeState read_notice_state(Members& body) {
    auto state = order::NoticeState::delivered;
    body.need("state", state);
    if (state == order::NoticeState::queued)
        body.reading().fault(body.pointer_to("state"), "invalid");
    return state;
}

order::Seen read_told(Members& body) {
    order::SeeTold seen;
    body.need("of", seen.of);
    if (seen.of != order::Party::buyer && seen.of != order::Party::seller)
        body.reading().fault(body.pointer_to("of"), "invalid");
    std::int64_t about = 0;
    body.need("sequence", about, Members::Range{1, wire_max});
    seen.about = static_cast<std::uint64_t>(about);
    body.need("by", seen.by);
    seen.state = read_notice_state(body);
    body.may("code", seen.code, std::size_t{0});
    return seen;
}

order::Seen read_notice(Members& body, order::NoticeNo notice) {
    order::SeeNotice seen;
    seen.notice = notice;
    seen.state = read_notice_state(body);
    body.may("code", seen.code, std::size_t{0});
    return seen;
}

std::optional<order::Seen> read_seen(Operation operation, const ThingId& subject, Members& body) {
    switch (operation) {
    case Operation::record_payment:    return read_payment(body);
    case Operation::record_shipment:   return read_shipment(body, subject);
    case Operation::record_chargeback: return read_chargeback(body);
    case Operation::resolve_chargeback:
        return order::SeeChargebackResolved{
            .chargeback = number_of<order::ChargebackNo>(subject),
            .state = read_end(body, order::ChargebackState::won, order::ChargebackState::lost)};
    case Operation::record_scan:
        return order::SeeScan{.shipment = number_of<order::ShipmentNo>(subject),
                              .kind = read_scan_kind(body)};
    case Operation::withdraw_scan:
        return order::SeeScanWithdrawn{.shipment = number_of<order::ShipmentNo>(subject),
                                       .kind = read_scan_kind(body)};
    case Operation::record_return_delivered:
        return order::SeeReturnDelivered{number_of<order::DisputeNo>(subject)};
    case Operation::record_upstream_granted:
        return read_granted(body, number_of<order::DisputeNo>(subject));
    case Operation::settle_instruction:
        return order::SeeInstruction{.instruction = number_of<order::InstructionNo>(subject),
                                     .state = read_end(body, order::InstructionState::succeeded,
                                                       order::InstructionState::failed)};
    case Operation::record_notice: return read_told(body);
    case Operation::report_notice: return read_notice(body, number_of<order::NoticeNo>(subject));
    default:                       return std::nullopt;
    }
}

bool is_of_platform(Operation operation) {
    return operation == Operation::decide_dispute || operation == Operation::request_evidence ||
           operation == Operation::repeat_instruction;
}

// --- Placing

order::PartyId read_party(Members& body, std::string_view name, std::string_view account) {
    const auto* json = body.need(name);
    order::PartyId party;
    if (!json) return party;
    if (json->is_string()) {
        body.read(*json, body.pointer_to(name), party);
        return party;
    }
    body.object_in(*json, body.pointer_to(name), [&](Members& inside) {
        std::string reference;
        inside.need("reference", reference, TextRule{.least = 1, .allows = has_no_controls});
        party = engine::party_of(account, reference);
    });
    return party;
}

template <class Keys, class Values, class Read>
void read_given(Members& body, std::string_view name, const Keys& keys, Values& values,
                const Read& read) {
    body.object(name, [&](Members& inside) {
        for (const auto key : keys)
            if (inside.has(to_string(key))) values.emplace_back(key, read(inside, to_string(key)));
    });
}

void read_goods(Members& body, order::Placement& placement) {
    body.each_of("lines", 1, lines_most, [&](Members& one) {
        order::PlacedLine line;
        one.may("sku", line.sku, std::size_t{0});
        one.may("quantity", line.quantity, Members::Range{1, quantity_most});
        one.need_sum("unit_price", line.unit_price, 0, sum_max);
        placement.lines.push_back(line);
    });
    body.may_sum("shipping", placement.shipping, 0, sum_max);
    body.may_sum("tax", placement.tax, 0, sum_max);
    body.may_sum("fee", placement.fee, 0, sum_max);
}

bool read_terms(Members& body, const PinOf& pin_of, terms::Pin& pin) {
    const auto* json = body.need("terms");
    if (!json) return true;
    std::string id;
    std::optional<Hash> hash;
    body.object_in(*json, body.pointer_to("terms"), [&](Members& inside) {
        inside.need("terms_id", id, TextRule{.least = 1, .most = 100, .allows = has_no_controls});
        inside.may("content_hash", hash);
    });
    const auto known = pin_of(id);
    if (!known || (hash && *hash != known->content_hash)) return false;
    pin = *known;
    return true;
}

}  // namespace

std::optional<ThingId> subject_in(
    Operation operation, const std::function<std::string_view(std::string_view name)>& parameter) {
    const auto path = access_of(operation).path;
    for (const auto& [name, prefix] : subjects) {
        if (!path.contains("{" + std::string(name) + "}")) continue;
        const auto text = parameter(name);
        if (prefix != "ord") return parse_thing(prefix, text);
        const auto id = parse_prefixed(prefix, text);
        return id ? std::optional(ThingId{.stream = *id}) : std::nullopt;
    }
    return std::nullopt;
}

engine::Cast read_cast(Members& body) {
    engine::Cast cast;
    body.may("buyer", cast.buyer);
    body.may("seller", cast.seller);
    body.may("carrier", cast.carrier);
    body.may("mediator", cast.mediator);
    body.may("processor", cast.processor);
    body.may("late_days", cast.late_days, Members::Range{1, engine::Cast::late_days_most});
    if (body.has("late_days") && cast.carrier != engine::CarrierPart::late)
        body.reading().fault(body.pointer_to("late_days"), "invalid");
    return cast;
}

Placing read_placing(Members& body, std::string_view account, const PinOf& pin_of) {
    Placing placing;
    auto& place = placing.place;
    auto& placement = place.placement;
    place.account = account;
    body.need("reference", place.reference, TextRule{.least = 1, .allows = has_no_controls});
    body.need("placed_at", place.placed_at);
    if (place.placed_at < Instant{})
        body.reading().fault(body.pointer_to("placed_at"), "too_small");
    body.may("clock", place.clock, TextRule{.least = 30, .most = 30});
    if (!place.clock.empty() && !parse_prefixed("clk", place.clock))
        body.reading().fault(body.pointer_to("clock"), "invalid");
    placing.names_cast =
        body.object("cast", [&](Members& inside) { place.cast = read_cast(inside); });
    placement.buyer = read_party(body, "buyer", account);
    placement.seller = read_party(body, "seller", account);
    body.need("currency", placement.currency);
    body.reading().currency = placement.currency;
    read_goods(body, placement);
    body.may("commission_basis_points", placement.commission_basis_points,
             Members::Range{0, 10'000});
    body.may("custody", placement.custody);
    body.may("decider", placement.decider);
    placing.knows_terms = read_terms(body, pin_of, placement.terms);
    body.may("promised_by", placement.promised_by);
    body.may("ship_by", placement.ship_by);
    read_given(body, "attributes", attributes_given, placement.attributes,
               [](Members& inside, std::string_view name) {
                   Word word;
                   inside.need(name, word);
                   return word;
               });
    read_given(body, "numbers", numbers_given, placement.numbers,
               [](Members& inside, std::string_view name) {
                   std::int64_t number = 0;
                   inside.need(name, number);
                   return number;
               });
    body.list("item_marks", placement.item_marks, 0, marks_most);
    return placing;
}

FreeText read_free_text(Operation operation, Members& body) {
    FreeText free;
    if (operation == Operation::send_message) {
        free.member = "text";
        body.need(free.member, free.text, free_text<message_characters_most>);
    }
    if (operation == Operation::prepare_return) {
        free.member = "address_text";
        body.may(free.member, free.text, free_text<address_characters_most>);
        if (!free.text.empty() && body.has("address"))
            body.reading().fault(body.pointer_to("address"), "invalid");
    }
    return free;
}

Hash& text_hash_in(order::Command& command) {
    if (auto* send = std::get_if<order::SendMessage>(&command.request)) return send->text;
    return std::get<order::PrepareReturn>(command.request).address;
}

std::optional<OrderAsk> read_order_ask(Operation operation, const ThingId& subject, Members& body,
                                       order::Party usual) {
    if (auto seen = read_seen(operation, subject, body))
        return order::Observation{.when = read_when(body), .seen = *std::move(seen)};
    auto request = read_request(operation, subject, body);
    if (!request) return std::nullopt;
    const auto by = is_of_platform(operation) ? order::Party::platform : read_actor(body, usual);
    return order::Command{.by = by, .request = *std::move(request)};
}

}  // namespace holdfast::api
