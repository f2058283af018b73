#include "store/sqlite/rows.h"

#include "base/id.h"
#include "base/verify.h"

#include <algorithm>
#include <optional>
#include <string>

namespace holdfast::store::sqlite {

std::int64_t to_number(Instant at) { return at.time_since_epoch().count(); }
std::int64_t to_number(std::uint64_t number) { return static_cast<std::int64_t>(number); }

std::int64_t to_limit(std::size_t limit) {
    return static_cast<std::int64_t>(std::min<std::size_t>(limit, INT64_MAX));
}

Instant instant(const Query& query, int column) { return Instant{Duration{query.number(column)}}; }

std::uint64_t unsigned_number(const Query& query, int column) {
    return static_cast<std::uint64_t>(query.number(column));
}

Hash hash(const Query& query, int column) {
    const auto bytes = query.blob(column);
    Hash result{};
    VERIFY(bytes.size() == result.size());
    std::ranges::copy(bytes, result.begin());
    return result;
}

std::vector<std::string> words_of(std::string_view text, char separator) {
    std::vector<std::string> words;
    while (!text.empty()) {
        const auto end = std::min(text.find(separator), text.size());
        words.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return words;
}

StreamId stream_id(const Query& query, int column) {
    const auto bytes = query.blob(column);
    StreamId result;
    VERIFY(bytes.size() == result.bytes.size());
    std::ranges::copy(bytes, result.bytes.begin());
    return result;
}

StreamKind stream_kind(const Query& query, int column) {
    return static_cast<StreamKind>(query.number(column));
}

void read_index_row(const Query& query, IndexRow& row) {
    row.stream = stream_id(query, 0);
    row.kind = stream_kind(query, 1);
    row.version = unsigned_number(query, 2);
    row.seen_at = instant(query, 3);
    row.next_deadline = std::nullopt;
    if (!query.is_null(4)) row.next_deadline = instant(query, 4);
    row.system = query.text(5);
    row.reference = query.text(6);
    if (query.is_null(8)) {
        row.facts = query.text(7);
        return;
    }
    if (query.is_null(9))
        throw StoreDown("stream " + to_base32(row.stream.bytes) +
                        ": its index row stands on an event that is gone");
    row.facts = line_of(query.text(9), static_cast<std::int32_t>(query.number(10)), query.text(11));
}

Event read_event(const Query& query) {
    return {.seq = unsigned_number(query, 0),
            .at = instant(query, 1),
            .kind = std::string(query.text(2)),
            .v = static_cast<std::int32_t>(query.number(3)),
            .payload = std::string(query.text(4)),
            .cause = std::string(query.text(5)),
            .hash = hash(query, 6)};
}

ImportRecord read_import(const Query& query) {
    return {.file_hash = hash(query, 0),
            .file = std::string(query.text(1)),
            .format = std::string(query.text(2)),
            .seen_at = instant(query, 3),
            .imported_at = instant(query, 4),
            .rows_new = unsigned_number(query, 5),
            .rows_changed = unsigned_number(query, 6),
            .rows_same = unsigned_number(query, 7),
            .rows_rejected = unsigned_number(query, 8)};
}

}  // namespace holdfast::store::sqlite
