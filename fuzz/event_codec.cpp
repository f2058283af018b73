// An event as it stands on disk, a line with its kind and then its text: what is read is written
// with the same meaning, and always with the same bytes.
#include "target.h"

#include "base/verify.h"
#include "store/codec/event_codec.h"
#include "store/codec/observation_codec.h"

#include <string>

namespace holdfast::fuzz {
namespace {

const Instant at = *parse_instant("2026-03-01T09:00:00.000Z");

template <class Decode>
void check(std::string_view kind, std::string_view payload, Decode decode) {
    const auto event = decode(at, kind, 1, payload);
    if (!event) return;
    const auto written = store::encode_event(*event);
    VERIFY(written.kind == kind);
    const auto again = decode(at, kind, written.v, written.payload);
    VERIFY(again == event);
    VERIFY(store::encode_event(*again).payload == written.payload);
}

void check_observation(std::string_view kind, std::string_view payload) {
    const auto seen = store::decode_observation(kind, 1, payload);
    if (!seen) return;
    const auto written = store::encode_observation(seen->observation, seen->customer_mark);
    const auto again = store::decode_observation(written.kind, written.v, written.payload);
    VERIFY(again.has_value());
    VERIFY(store::encode_observation(again->observation, again->customer_mark).payload ==
           written.payload);
}

}  // namespace
}  // namespace holdfast::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace holdfast;
    auto rest = fuzz::text_of(data, size);
    const auto kind = fuzz::take_until(rest, '\n');
    fuzz::check(kind, rest, [](auto... of) { return store::decode_order_event(of...); });
    fuzz::check(kind, rest, [](auto... of) { return store::decode_party_event(of...); });
    fuzz::check_observation(kind, rest);
    return 0;
}
