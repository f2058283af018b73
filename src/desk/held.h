// One field of a folded state: the value that won, and where it came from.
//
// The winner is the greatest by one total order, so folding is commutative, associative and
// idempotent: precision (an exact time beats a date), confidence, newest reading, urgency (the
// later stage of a life), authority of the format, the value, the rest of the origin.
#pragma once

#include "base/currency.h"
#include "desk/observation.h"

#include <algorithm>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

namespace holdfast::desk {

template <class T>
struct Held {
    T value;
    Origin origin;
    bool operator==(const Held&) const = default;
};

template <class T>
using MaybeHeld = std::optional<Held<T>>;

// When a parcel left, and how that is known.
struct ShipTime {
    SeenTime time;
    std::string basis;
    bool operator==(const ShipTime&) const = default;
};

// Given by a person, then details api, order api, commission list, account copy, tracking,
// exporters, page captures, push messages.
int authority_of(std::string_view format);

// Where a phase or status stands in a life; of two told at the same time the later one is believed.
int stage_of(Phase phase);
int stage_of(ParcelStatus status);

// "aliexpress_order_api, order.json:12", "given".
std::string source_of(const Origin& origin);

constexpr int precision_of(SeenTime::Kind kind) {
    if (kind == SeenTime::Kind::exact) return 2;
    return kind == SeenTime::Kind::date_only ? 0 : 1;
}
constexpr int precision_of(const SeenTime& time) { return precision_of(time.kind); }
constexpr int precision_of(const ShipTime& ship) { return precision_of(ship.time); }
template <class T>
constexpr int precision_of(const T&) {
    return 0;
}

inline int confidence_of(const PromiseSeen& promise) {
    return static_cast<int>(promise.confidence);
}
template <class T>
constexpr int confidence_of(const T&) {
    return 0;
}

inline int urgency_of(Phase phase) { return stage_of(phase); }
inline int urgency_of(ParcelStatus status) { return stage_of(status); }
// A refund may fail after it was said to be done.
inline int urgency_of(MovementSeen::State state) { return static_cast<int>(state); }
template <class T>
constexpr int urgency_of(const T&) {
    return 0;
}

inline auto sort_key(const SeenTime& time) { return std::tuple(time.at, time.kind, time.or_at); }
inline auto sort_key(const ShipTime& ship) { return std::tuple(sort_key(ship.time), ship.basis); }
inline auto sort_key(const PromiseSeen& promise) {
    return std::tuple(promise.at, promise.confidence, promise.basis);
}
inline auto sort_key(const Money& money) { return std::tuple(money.minor(), money.currency()); }
inline auto sort_key(const Origin& origin) {
    return std::tuple(origin.seen_at, origin.format, origin.file, origin.line);
}
// Compared at once, while what it refers to still stands.
template <class T>
const T& sort_key(const T& value) {
    return value;  // NOLINT(bugprone-return-const-ref-from-parameter)
}

template <class T>
bool goes_before(const Held<T>& a, const Held<T>& b) {
    const auto strength = [](const Held<T>& held) {
        return std::tuple(precision_of(held.value), confidence_of(held.value), held.origin.seen_at,
                          urgency_of(held.value), authority_of(held.origin.format));
    };
    const auto strength_a = strength(a), strength_b = strength(b);
    if (strength_a != strength_b) return strength_a > strength_b;
    if (sort_key(a.value) != sort_key(b.value)) return sort_key(a.value) > sort_key(b.value);
    return sort_key(a.origin) > sort_key(b.origin);
}

template <class T>
void take(MaybeHeld<T>& held, T value, const Origin& origin) {
    Held<T> one{std::move(value), origin};
    if (!held || goes_before(one, *held)) held = std::move(one);
}
template <class T>
void take(MaybeHeld<T>& held, const std::optional<T>& value, const Origin& origin) {
    if (value) take(held, *value, origin);
}
inline void take_text(MaybeHeld<std::string>& held, const std::string& text, const Origin& origin) {
    if (!text.empty()) take(held, text, origin);
}

inline std::optional<Instant> time_of(const MaybeHeld<SeenTime>& held) {
    return held ? std::optional(held->value.at) : std::nullopt;
}
// Empty where nothing is held.
inline std::string text_of(const MaybeHeld<std::string>& held) { return held ? held->value : ""; }

// When the oldest and the newest reading that a state still rests on were made.
struct DataAge {
    std::optional<Instant> oldest, newest;
    bool operator==(const DataAge&) const = default;

    void add(Instant seen_at) {
        oldest = oldest ? std::min(*oldest, seen_at) : seen_at;
        newest = newest ? std::max(*newest, seen_at) : seen_at;
    }
    void add(const DataAge& other) {
        if (other.oldest) add(*other.oldest);
        if (other.newest) add(*other.newest);
    }
    template <class T>
    void add(const MaybeHeld<T>& held) {
        if (held) add(held->origin.seen_at);
    }
};

}  // namespace holdfast::desk
