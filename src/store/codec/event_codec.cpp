#include "store/codec/event_codec.h"

#include "store/codec/event_reader.h"
#include "store/codec/event_writer.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>
#include <variant>

namespace holdfast::store {

namespace {

// What is known of each kind of a variant of events, in order of its name.
template <class Variant>
class Kinds {
    using Recorded = RecordedEvent<Variant>;

public:
    using Read = bool (*)(EventReader&, Recorded&);

    static Read find(std::string_view name) {  // or nullptr
        const auto found = std::ranges::lower_bound(all, name, {}, &Kind::name);
        return found != all.end() && found->name == name ? found->read : nullptr;
    }

private:
    struct Kind {
        std::string_view name;
        Read read;
    };

    template <class E>
    static bool read_into(EventReader& reader, Recorded& recorded) {
        return reader.read_whole(Payload<E>{recorded.when, recorded.event.template emplace<E>()});
    }
    template <std::size_t... I>
    static constexpr auto make(std::index_sequence<I...>) {
        std::array kinds{Kind{std::variant_alternative_t<I, Variant>::name,
                              &read_into<std::variant_alternative_t<I, Variant>>}...};
        std::ranges::sort(kinds, {}, &Kind::name);
        return kinds;
    }
    static constexpr auto all = make(std::make_index_sequence<std::variant_size_v<Variant>>{});
    static_assert(std::ranges::adjacent_find(all, {}, &Kind::name) == all.end());
};

template <class Variant>
NewEvent encode(const RecordedEvent<Variant>& recorded) {
    NewEvent encoded{.at = recorded.at, .kind = {}, .v = 1, .payload = {}};
    encoded.payload.reserve(120);
    std::visit(
        [&]<class E>(const E& event) {
            encoded.kind = E::name;
            EventWriter(encoded.payload).put_event(recorded.at, recorded.when, event);
        },
        recorded.event);
    return encoded;
}

template <class Variant>
std::expected<RecordedEvent<Variant>, DecodeError> decode(Instant at, std::string_view kind,
                                                          std::int32_t v,
                                                          std::string_view payload) {
    const auto read = Kinds<Variant>::find(kind);
    if (read == nullptr) return std::unexpected(DecodeError{"", "is of no known kind"});
    if (v != 1) return std::unexpected(DecodeError{"", "is of no known version"});

    std::expected<RecordedEvent<Variant>, DecodeError> recorded;
    recorded->at = recorded->when = at;
    EventReader reader(payload);
    if (!read(reader, *recorded)) return std::unexpected(reader.error());
    return recorded;
}

}  // namespace

NewEvent encode_event(const order::Recorded& recorded) { return encode(recorded); }
NewEvent encode_event(const ledger::Recorded& recorded) { return encode(recorded); }

std::expected<order::Recorded, DecodeError> decode_order_event(Instant at, std::string_view kind,
                                                               std::int32_t v,
                                                               std::string_view payload) {
    return decode<order::Event>(at, kind, v, payload);
}

std::expected<ledger::Recorded, DecodeError> decode_party_event(Instant at, std::string_view kind,
                                                                std::int32_t v,
                                                                std::string_view payload) {
    return decode<ledger::Event>(at, kind, v, payload);
}

}  // namespace holdfast::store
