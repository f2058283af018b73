// Columns of a row as our types and back, and the rows that several queries share.
#pragma once

#include "base/hash.h"
#include "base/instant.h"
#include "store/sqlite/connection.h"
#include "store/store.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::store::sqlite {

std::int64_t to_number(Instant at);
std::int64_t to_number(std::uint64_t number);
std::int64_t to_limit(std::size_t limit);

Instant instant(const Query& query, int column);
std::uint64_t unsigned_number(const Query& query, int column);
Hash hash(const Query& query, int column);
// A list in one text: its words, with the separator between them or after each.
std::vector<std::string> words_of(std::string_view text, char separator);

StreamId stream_id(const Query& query, int column);
StreamKind stream_kind(const Query& query, int column);

// stream_id, kind, version, seen_at, next_deadline, system, reference, facts; then event, and that
// event's name of the kind, v and payload. `row` keeps its memory from one to the next.
void read_index_row(const Query& query, IndexRow& row);

// seq, at, name of the kind, v, payload, cause, hash.
Event read_event(const Query& query);

// file_hash, file, format, seen_at, imported_at, rows_new, rows_changed, rows_same, rows_rejected.
ImportRecord read_import(const Query& query);

}  // namespace holdfast::store::sqlite
