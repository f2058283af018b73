#include "api/packet_json.h"

#include "api/desk_json.h"

namespace holdfast::api {

namespace json = boost::json;

json::object packet_json(const desk::ClaimPacket& packet) {
    json::array attachments;
    for (const auto& one : packet.attachments)
        attachments.push_back({{"number", one.number},
                               {"what", one.what},
                               {"source", one.source},
                               {"needed", one.needed}});
    json::value fields;
    if (!packet.fields.empty()) {
        auto& named = fields.emplace_object();
        for (const auto& [name, value] : packet.fields) named[name] = value;
    }
    return {{"system", packet.system},
            {"reference", packet.reference},
            {"reason", terms::to_string(packet.reason)},
            {"why", packet.why},
            {"clause", packet.clause},
            {"amount", money_json(packet.amount)},
            {"closes_at", instant_json(packet.closes_at)},
            {"language", packet.language},
            {"text", packet.text},
            {"text_most", packet.text_most ? json::value(*packet.text_most) : json::value()},
            {"shortened", packet.shortened},
            {"attachments", attachments},
            {"steps", texts_json(packet.steps)},
            {"fields", fields},
            {"reasons", reasons_json(packet.reasons)}};
}

}  // namespace holdfast::api
