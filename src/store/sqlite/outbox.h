// The outbox of a SQLite store; see store.h for what is promised.
#pragma once

#include "store/sqlite/connection.h"
#include "store/store.h"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace holdfast::store::sqlite {

void insert_outbox(Connection& connection, std::int64_t n, std::uint64_t seq,
                   const std::vector<OutboxItem>& items);
std::vector<OutboxRow> outbox_due(Connection& connection, std::string_view kind, Instant now,
                                  std::size_t limit);
std::vector<OutboxRow> outbox(Connection& connection, std::uint64_t after, std::size_t limit);

// Within the caller's transaction. A row that is not there any more is no error.
std::vector<OutboxRow> lease_outbox(Connection& connection, std::string_view kind, Instant now,
                                    Instant until, std::size_t limit);
std::size_t update_outbox(Connection& connection, std::span<const OutboxUpdate> updates);
void end_outbox(Connection& connection, std::span<const std::uint64_t> rows);

}  // namespace holdfast::store::sqlite
