// Evidence on the wire: what it says in members of its own, and what the order knows otherwise.
#pragma once

#include "api/members.h"
#include "api/order_view.h"
#include "api/wire_id.h"
#include "order/command.h"
#include "order/evidence.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <string_view>

namespace holdfast::api {

// A member's name in a request and in a view: "shipment_id".
std::string_view wire_name(order::EvidenceMember member);

// `subject`: the dispute that it is about. What the kind needs and is not there, and what does not
// fit it, is a fault.
order::SubmitEvidence read_evidence(Members& body, const ThingId& subject);

boost::json::object record_view(const IdBytes& order, Currency currency,
                                const order::EvidenceRecord& record);
boost::json::array evidence_view(const OrderSeen& seen, order::DisputeNo no);

}  // namespace holdfast::api
