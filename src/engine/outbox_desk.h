// What a person does about rows of the outbox: lists them, sends them on their way again, says what
// became of them.
#pragma once

#include "engine/courier.h"
#include "engine/work.h"
#include "engine/writer.h"
#include "store/store.h"

#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace holdfast::engine {

// Every row that is not done, in order of number; stops when the visitor says false.
void each_row(store::Store& store, const std::function<bool(const store::OutboxRow&)>& visit);
std::optional<store::OutboxRow> find_row(store::Store& store, std::uint64_t no);

// The work that records how a row ended and does away with it; none for a row that cannot be read
// or is not told to a processor.
std::optional<Work> ending_of(const store::OutboxRow& row, bool succeeded, Instant now);

// Due at once, with its tries forgotten. What may have been sent is asked about first, so that
// nothing is executed twice. An error says why it cannot be.
[[nodiscard]] std::expected<store::OutboxUpdate, std::string> retry_of(const store::OutboxRow& row,
                                                                       Instant now);

}  // namespace holdfast::engine
