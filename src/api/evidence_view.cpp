#include "api/evidence_view.h"

#include "api/json_out.h"
#include "api/named_thing.h"
#include "http/header.h"

#include <array>
#include <optional>
#include <string>

namespace holdfast::api {
namespace {

namespace json = boost::json;
using order::EvidenceMember;

order::EvidenceRecord read_record(Members& body, const IdBytes& order) {
    order::EvidenceRecord record;
    may_name(body, "shipment_id", "shp", order, record.shipment);
    body.may("carrier", record.carrier);
    body.may("tracking_number", record.tracking_number);
    body.may("shipped_at", record.shipped_at);
    body.may("delivered_at", record.delivered_at);
    may_name(body, "instruction_id", "ins", order, record.refund);
    body.may("reference", record.reference,
             TextRule{.least = 1, .most = 255, .allows = http::is_visible});
    body.may_sum("amount", record.amount, 1, wire_max);
    return record;
}

std::string_view code_of(order::EvidenceFault::Why why) {
    switch (why) {
    case order::EvidenceFault::Why::missing:     return "missing";
    case order::EvidenceFault::Why::not_fitting: return "not_fitting";
    case order::EvidenceFault::Why::invalid:     return "invalid";
    }
    return {};
}

}  // namespace

std::string_view wire_name(EvidenceMember member) {
    switch (member) {
    case EvidenceMember::shipment: return "shipment_id";
    case EvidenceMember::refund:   return "instruction_id";
    default:                       return to_string(member);
    }
}

order::SubmitEvidence read_evidence(Members& body, const ThingId& subject) {
    order::SubmitEvidence submit{.dispute = {static_cast<std::uint16_t>(subject.number)},
                                 .kind = {}};
    std::optional<order::EvidenceKind> kind;
    if (body.need("kind")) body.may("kind", kind);
    body.may("content", submit.content);
    body.object("record",
                [&](Members& inside) { submit.record = read_record(inside, subject.stream); });
    if (!kind || !body.reading().faults.empty()) return submit;
    submit.kind = Word(terms::to_string(*kind));
    for (const auto& [member, why] :
         order::faults_of(*kind, submit.content.has_value(), submit.record)) {
        const auto name = std::string(wire_name(member));
        const bool is_file = member == EvidenceMember::content;
        body.reading().fault(
            is_file ? body.pointer_to(name) : body.pointer_to("record") + "/" + name,
            std::string(code_of(why)));
    }
    return submit;
}

json::object record_view(const IdBytes& order, Currency currency,
                         const order::EvidenceRecord& record) {
    json::object out;
    if (record.shipment) out["shipment_id"] = thing_id("shp", order, *record.shipment);
    put(out, "carrier", record.carrier);
    put(out, "tracking_number", record.tracking_number);
    put(out, "shipped_at", record.shipped_at);
    put(out, "delivered_at", record.delivered_at);
    if (record.refund) out["instruction_id"] = thing_id("ins", order, *record.refund);
    if (!record.reference.empty()) out["reference"] = record.reference;
    if (record.amount) out["amount"] = money_view(*record.amount, currency);
    return out;
}

json::array evidence_view(const OrderSeen& seen, order::DisputeNo no) {
    const auto& order = seen.live.state;
    const auto currency = order.currency();
    json::array all;
    for (const auto& one : order.dispute(no).evidence) {
        json::object row;
        row["id"] = thing_id("evd", seen.id, one.no);
        row["by"] = terms::to_string(one.by);
        row["kind"] = one.kind.view();
        row["content"] = to_hex(one.content);
        row["has_file"] = order::has_file(one);
        put(row, "at", one.at);
        if (!one.record.empty()) row["record"] = record_view(seen.id, currency, one.record);
        if (const auto known = order::known_otherwise(order, no, one); !known.empty())
            row["differs_from_order"] = record_view(seen.id, currency, known);
        all.push_back(std::move(row));
    }
    return all;
}

}  // namespace holdfast::api
