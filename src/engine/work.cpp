#include "engine/work.h"

#include "base/enum_word.h"
#include "base/hash.h"

#include <algorithm>
#include <array>

namespace holdfast::engine {

std::string_view to_string(Outcome value) {
    static constexpr std::array<std::string_view, 14> words{
        "done",      "replayed",         "refused",         "key_reused",    "version_differs",
        "not_found", "currency_differs", "reference_taken", "terms_unknown", "damaged",
        "busy",      "timed_out",        "unavailable",     "stopping"};
    return enum_word(words, value);
}

bool is_passing(Outcome value) { return value == Outcome::busy || value == Outcome::unavailable; }

store::StreamId order_stream(std::string_view account, std::string_view reference,
                             Instant placed_at) {
    auto id = store::stream_id_of(store::StreamKind::order, "", account, reference);
    std::array<std::uint8_t, 10> rest{};
    std::copy_n(id.bytes.begin() + 6, rest.size(), rest.begin());
    return {id_bytes(placed_at, rest)};
}

order::PartyId party_of(std::string_view account, std::string_view reference) {
    return {store::stream_id_of(store::StreamKind::party, "", account, reference).bytes};
}

store::StreamId party_stream(order::PartyId party) { return {party.bytes}; }

std::string reference_term(std::string_view account, std::string_view reference) {
    return "order:" + std::string(account) + ":" + std::string(reference);
}

}  // namespace holdfast::engine
