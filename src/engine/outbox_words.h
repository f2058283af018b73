// States of the outbox's rows as words, the same in every list.
#pragma once

#include "store/store.h"

#include <optional>
#include <string_view>

namespace holdfast::engine {

std::string_view word_of(store::OutboxState state);  // "needs_attention"
std::optional<store::OutboxState> parse_outbox_state(std::string_view word);

}  // namespace holdfast::engine
