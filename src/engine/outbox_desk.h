// What a person does about rows of the outbox: lists them and sends them on their way again. What
// became of one is said by ending_of() of courier.h.
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

// Due at once, with its tries forgotten. What may have been sent is asked about first, so that
// nothing is executed twice. An error says why it cannot be.
[[nodiscard]] std::expected<store::OutboxUpdate, std::string> retry_of(const store::OutboxRow& row,
                                                                       Instant now);

}  // namespace holdfast::engine
