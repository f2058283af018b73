#include "engine/event_text.h"

#include "base/hash.h"
#include "base/id.h"
#include "engine/cast.h"
#include "order/event.h"
#include "store/codec/event_codec.h"

#include <algorithm>
#include <array>

namespace holdfast::engine {
namespace {

// The first word of a kind where it names a thing of its own.
constexpr std::array<std::string_view, 19> subjects{
    "payment", "refund",   "dispute",     "offer",   "evidence",    "return",     "settlement",
    "arrival", "payout",   "upstream",    "deposit", "replacement", "chargeback", "reserve",
    "debt",    "transfer", "instruction", "notice",  "contact"};

bool is_order(store::StreamKind kind) { return kind == store::StreamKind::order; }

std::string stream_name(const store::FeedEvent& event) {
    return (is_order(event.kind) ? "ord_" : "pty_") + to_base32(event.stream.bytes);
}

std::string body_with(const store::FeedEvent& event, std::string_view details) {
    std::string body = R"({"id":")" + event_id(event) + R"(","type":")" +
                       event_type(event.kind, event.event.kind) + R"(","timestamp":")" +
                       holdfast::to_string(event.event.at) + R"(","sequence":)" +
                       std::to_string(event.event.seq) + R"(,"data":{)" +
                       (is_order(event.kind) ? R"("order_id":")" : R"("party_id":")") +
                       stream_name(event) + R"(","version":)" + std::to_string(event.event.seq);
    // Of one of ours, without anything to escape.
    if (const auto part = acted_by(event.event.cause); !part.empty())
        body.append(R"(,"played_by":")").append(part).append("\"");
    if (!details.empty()) body.append(R"(,"details":)").append(details);
    return body.append("}}");
}

}  // namespace

std::string event_id(const store::FeedEvent& event) {
    const auto hash = hash_of(to_base32(event.stream.bytes) + std::to_string(event.event.seq));
    std::array<std::uint8_t, 10> rest{};
    std::copy_n(hash.begin(), rest.size(), rest.begin());
    return "evt_" + to_base32(id_bytes(event.event.at, rest));
}

std::string event_type(store::StreamKind stream, std::string_view kind) {
    const auto word_end = kind.find('_');
    if (word_end != std::string_view::npos &&
        std::ranges::find(subjects, kind.substr(0, word_end)) != subjects.end())
        return std::string(kind.substr(0, word_end)) + "." + std::string(kind.substr(word_end + 1));
    return (is_order(stream) ? "order." : "party.") + std::string(kind);
}

bool is_told(const store::FeedEvent& event) {
    return (is_order(event.kind) || event.kind == store::StreamKind::party) &&
           event.event.kind != order::Acknowledged::name;
}

bool is_wanted(std::string_view type, std::span<const std::string> types) {
    if (types.empty()) return true;
    return std::ranges::any_of(types, [&](std::string_view wanted) {
        return wanted == type ||
               (wanted.ends_with(".*") && type.starts_with(wanted.substr(0, wanted.size() - 1)));
    });
}

bool is_told(const store::FeedEvent& event, std::span<const std::string> types) {
    return is_told(event) && is_wanted(event_type(event.kind, event.event.kind), types);
}

std::string event_details(const store::FeedEvent& event) {
    if (is_order(event.kind) && event.event.kind == order::EvidenceSubmitted::name)
        if (auto decoded = store::decode_order_event(event.event)) {
            std::get<order::EvidenceSubmitted>(decoded->event).record = {};
            return store::encode_event(*decoded).payload;
        }
    return event.event.payload;
}

std::string event_body(const store::FeedEvent& event) {
    auto body = body_with(event, event_details(event));
    return body.size() <= event_body_most ? body : body_with(event, {});
}

}  // namespace holdfast::engine
