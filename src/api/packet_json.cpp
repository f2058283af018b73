#include "api/packet_json.h"

#include "api/desk_json.h"

namespace holdfast::api {

namespace json = boost::json;

json::object packet_json(const desk::ClaimPacket& packet) {
    json::array attachments, reasons;
    for (const auto& one : packet.attachments)
        attachments.push_back({{"number", one.number},
                               {"what", one.what},
                               {"source", one.source},
                               {"needed", one.needed}});
    for (const auto& one : packet.reasons)
        reasons.push_back({{"reason", terms::to_string(one.reason)},
                           {"supported", one.supported},
                           {"why", one.why}});
    return {{"system", packet.system},
            {"reference", packet.reference},
            {"reason", terms::to_string(packet.reason)},
            {"why", packet.why},
            {"clause", packet.clause},
            {"amount", money_json(packet.amount)},
            {"closes_at", instant_json(packet.closes_at)},
            {"language", packet.language},
            {"text", packet.text},
            {"shortened", packet.shortened},
            {"attachments", attachments},
            {"steps", texts_json(packet.steps)},
            {"reasons", reasons}};
}

}  // namespace holdfast::api
