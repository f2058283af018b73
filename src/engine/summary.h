// What an index row keeps of a stream: the observations that still hold a part of its state.
//
// The fold of observations is a join (desk/observation.h), so those that nothing of the state comes
// from any more can be left out: folding the rest gives the same state. A scan decodes a few
// observations per order instead of every event ever written.
#pragma once

#include "desk/observation.h"
#include "store/store.h"

#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::engine {

struct Part {
    desk::Observation observation;
    std::string customer_mark = {};  // of a sale
    std::string encoded = {};        // its line in the index row, once it was made or read
    bool operator==(const Part&) const = default;
};

// The line of one part: its event's kind, version and payload, with tabs between.
std::string encode_part(const Part& part);
// The event that a part with this line is written as.
store::NewEvent event_of(std::string_view line, Instant at);

std::string encode_parts(std::vector<Part> parts);

// The text comes from our own database; one that does not decode is damage, and the error says
// what is wrong.
[[nodiscard]] std::expected<std::vector<Part>, std::string> decode_parts(std::string_view text);

template <class State, class Seen>
State fold(const std::vector<Part>& parts) {
    State state;
    for (const auto& part : parts)
        evolve(state, std::get<Seen>(part.observation.seen), part.observation.origin);
    return state;
}

// `parts` without those that the state does not need, oldest left out first.
template <class State, class Seen>
void shrink(std::vector<Part>& parts, const State& state) {
    for (std::size_t i = 0; i < parts.size() && parts.size() > 1;) {
        auto rest = parts;
        rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(i));
        if (fold<State, Seen>(rest) == state)
            parts = std::move(rest);
        else
            ++i;
    }
}

}  // namespace holdfast::engine
