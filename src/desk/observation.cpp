#include "desk/observation.h"

#include "base/verify.h"

#include <span>
#include <utility>

namespace holdfast::desk {
namespace {

template <class Enum>
using Named = std::pair<Enum, std::string_view>;

template <class Enum>
std::string_view word_of(std::span<const Named<Enum>> words, Enum value) {
    for (const auto& [candidate, text] : words)
        if (candidate == value) return text;
    verify_failed("a value without a word", __FILE__, __LINE__);
}

template <class Enum>
std::optional<Enum> value_of(std::span<const Named<Enum>> words, std::string_view text) {
    for (const auto& [value, word] : words)
        if (word == text) return value;
    return std::nullopt;
}

constexpr Named<SeenTime::Kind> kinds[] = {
    {SeenTime::Kind::exact, "exact"},
    {SeenTime::Kind::repeated_hour, "repeated_hour"},
    {SeenTime::Kind::skipped_hour, "skipped_hour"},
    {SeenTime::Kind::date_only, "date_only"},
};

constexpr Named<Phase> phases[] = {
    {Phase::unpaid, "unpaid"},
    {Phase::paid, "paid"},
    {Phase::part_shipped, "part_shipped"},
    {Phase::shipped, "shipped"},
    {Phase::delivered, "delivered"},
    {Phase::completed, "completed"},
    {Phase::cancelled, "cancelled"},
    {Phase::disputed, "disputed"},
    {Phase::frozen, "frozen"},
    {Phase::unknown, "unknown"},
};

constexpr Named<ParcelStatus> parcel_statuses[] = {
    {ParcelStatus::unknown, "unknown"},
    {ParcelStatus::label_only, "label_only"},
    {ParcelStatus::moving, "moving"},
    {ParcelStatus::out_for_delivery, "out_for_delivery"},
    {ParcelStatus::pickup_waiting, "pickup_waiting"},
    {ParcelStatus::attempt_failed, "attempt_failed"},
    {ParcelStatus::delivered, "delivered"},
    {ParcelStatus::returning, "returning"},
    {ParcelStatus::lost, "lost"},
    {ParcelStatus::damaged, "damaged"},
    {ParcelStatus::held, "held"},
    {ParcelStatus::silent, "silent"},
};

constexpr Named<Confidence> confidences[] = {
    {Confidence::low, "low"},
    {Confidence::medium, "medium"},
    {Confidence::high, "high"},
    {Confidence::given, "given"},
};

constexpr Named<LinkSeen::How> hows[] = {
    {LinkSeen::How::given, "given"},
    {LinkSeen::How::by_reference, "by_reference"},
    {LinkSeen::How::by_tracking, "by_tracking"},
    {LinkSeen::How::guess, "guess"},
};

constexpr Named<LinkSeen::State> states[] = {
    {LinkSeen::State::open, "open"},
    {LinkSeen::State::confirmed, "confirmed"},
    {LinkSeen::State::rejected, "rejected"},
};

constexpr Named<MovementSeen::Kind> movement_kinds[] = {
    {MovementSeen::Kind::refund, "refund"},
    {MovementSeen::Kind::dispute, "dispute"},
    {MovementSeen::Kind::inquiry, "inquiry"},
    {MovementSeen::Kind::return_of_goods, "return_of_goods"},
    {MovementSeen::Kind::transfer, "transfer"},
    {MovementSeen::Kind::payment, "payment"},
};

constexpr Named<MovementSeen::State> movement_states[] = {
    {MovementSeen::State::unknown, "unknown"},   {MovementSeen::State::pending, "pending"},
    {MovementSeen::State::ended, "ended"},       {MovementSeen::State::made, "made"},
    {MovementSeen::State::not_made, "not_made"},
};

}  // namespace

std::string_view to_string(SeenTime::Kind kind) { return word_of<SeenTime::Kind>(kinds, kind); }
std::string_view to_string(Phase phase) { return word_of<Phase>(phases, phase); }
std::string_view to_string(ParcelStatus status) {
    return word_of<ParcelStatus>(parcel_statuses, status);
}
std::string_view to_string(Confidence confidence) {
    return word_of<Confidence>(confidences, confidence);
}
std::string_view to_string(LinkSeen::How how) { return word_of<LinkSeen::How>(hows, how); }
std::string_view to_string(LinkSeen::State state) {
    return word_of<LinkSeen::State>(states, state);
}
std::string_view to_string(MovementSeen::Kind kind) {
    return word_of<MovementSeen::Kind>(movement_kinds, kind);
}
std::string_view to_string(MovementSeen::State state) {
    return word_of<MovementSeen::State>(movement_states, state);
}

std::optional<SeenTime::Kind> parse_seen_time_kind(std::string_view text) {
    return value_of<SeenTime::Kind>(kinds, text);
}
std::optional<Phase> parse_phase(std::string_view text) { return value_of<Phase>(phases, text); }
std::optional<ParcelStatus> parse_parcel_status(std::string_view text) {
    return value_of<ParcelStatus>(parcel_statuses, text);
}
std::optional<Confidence> parse_confidence(std::string_view text) {
    return value_of<Confidence>(confidences, text);
}
std::optional<LinkSeen::How> parse_link_how(std::string_view text) {
    return value_of<LinkSeen::How>(hows, text);
}
std::optional<LinkSeen::State> parse_link_state(std::string_view text) {
    return value_of<LinkSeen::State>(states, text);
}
std::optional<MovementSeen::Kind> parse_movement_kind(std::string_view text) {
    return value_of<MovementSeen::Kind>(movement_kinds, text);
}
std::optional<MovementSeen::State> parse_movement_state(std::string_view text) {
    return value_of<MovementSeen::State>(movement_states, text);
}

}  // namespace holdfast::desk
