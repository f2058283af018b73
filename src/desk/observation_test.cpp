#include "desk/observation.h"

#include <doctest/doctest.h>

namespace holdfast::desk {
namespace {

// Every value from 0 to `last` has its own word and is found again by it.
template <class Enum, class Parse>
void check_words(Enum last, Parse parse) {
    for (int i = 0; i <= static_cast<int>(last); ++i) {
        const auto value = static_cast<Enum>(i);
        CAPTURE(i);
        CHECK(parse(to_string(value)) == value);
    }
    CHECK(!parse("no such word"));
    CHECK(!parse(""));
}

}  // namespace

TEST_CASE("every word of an observation reads back") {
    check_words(SeenTime::Kind::date_only, parse_seen_time_kind);
    check_words(Phase::unknown, parse_phase);
    check_words(ParcelStatus::silent, parse_parcel_status);
    check_words(Confidence::given, parse_confidence);
    check_words(LinkSeen::How::guess, parse_link_how);
    check_words(LinkSeen::State::rejected, parse_link_state);
    check_words(MovementSeen::Kind::transfer, parse_movement_kind);
    check_words(MovementSeen::State::not_made, parse_movement_state);
}

TEST_CASE("words are those of the enumerators") {
    CHECK(to_string(Phase::part_shipped) == "part_shipped");
    CHECK(to_string(ParcelStatus::pickup_waiting) == "pickup_waiting");
    CHECK(to_string(SeenTime::Kind::repeated_hour) == "repeated_hour");
}

}  // namespace holdfast::desk
