// The disputes of a purchase seen as one: is one open, since when, for how much, whose turn is it?
#pragma once

#include "desk/held.h"
#include "desk/purchase.h"

#include <cstdint>
#include <optional>
#include <string>

namespace holdfast::desk {

struct DisputeView {
    enum class Turn : std::uint8_t { theirs, ours, our_return };

    bool open = false;
    std::int64_t count = 0;  // of all there were, one at least while one is open
    Turn turn = Turn::theirs;
    MaybeHeld<SeenTime> opened;      // the earliest of the open ones, else of all
    MaybeHeld<SeenTime> answered;    // the latest answer
    MaybeHeld<SeenTime> ended;       // the latest end; only where none is open
    std::optional<Money> requested;  // of the open ones together; nothing where one names no sum
    std::string reason, status, tracking;
    std::vector<MomentSeen> told;  // of the newest dispute, where its platform tells
    Origin origin;                 // of the newest word on it
};

DisputeView dispute_of(const Purchase& purchase);

}  // namespace holdfast::desk
