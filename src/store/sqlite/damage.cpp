#include "store/sqlite/damage.h"

#include "base/id.h"
#include "store/chain.h"
#include "store/sqlite/rows.h"
#include "store/sqlite/texts.h"

#include <cstdint>
#include <string_view>
#include <utility>

namespace holdfast::store::sqlite {
namespace {

constexpr std::string_view quick_check_sql = "PRAGMA quick_check(1)";

std::optional<std::string> find_torn_page(Connection& reader) {
    auto query = reader.query(quick_check_sql);
    if (!query.next() || query.text(0) == "ok") return std::nullopt;
    return "the file: " + std::string(query.text(0));
}

constexpr std::string_view all_events_sql = R"(
SELECT e.seq, e.at, k.name, e.v, e.payload, e.cause, e.hash,
       e.n, s.stream_id, s.kind, e.request_key, e.request_hash, e.request_version
FROM events e LEFT JOIN streams s ON s.n = e.n LEFT JOIN event_kinds k ON k.kind = e.kind
ORDER BY e.n, e.seq
)";

std::optional<std::string> find_broken_chain(Connection& reader) {
    auto query = reader.query(all_events_sql);
    std::int64_t n = 0;
    Head last;
    while (query.next()) {
        KeptEvent kept{.event = read_event(query), .request = std::nullopt};
        if (query.is_null(8))
            return "event " + std::to_string(kept.event.seq) + " of row " +
                   std::to_string(query.number(7)) + " belongs to no stream";
        if (!query.is_null(10))
            kept.request = {std::string(query.text(10)), hash(query, 11),
                            unsigned_number(query, 12)};
        if (std::exchange(n, query.number(7)) != query.number(7)) last = {};

        const StreamId id = stream_id(query, 8);
        if (auto problem = find_misfit(last, id, stream_kind(query, 9), kept)) return problem;
        last = {kept.event.seq, kept.event.hash};
    }
    return std::nullopt;
}

constexpr std::string_view find_cut_off_sql = R"(
SELECT s.stream_id
FROM streams s LEFT JOIN index_rows r ON r.n = s.n LEFT JOIN events e ON e.n = s.n
GROUP BY s.n
HAVING max(e.seq) IS NULL OR max(e.seq) < r.version
ORDER BY s.n
LIMIT 1
)";

// The first stream that `sql` gives, and what is wrong with it.
std::optional<std::string> find_stream(Connection& reader, Sql sql, std::string_view problem) {
    auto query = reader.query(sql);
    if (!query.next()) return std::nullopt;
    return "stream " + to_base32(stream_id(query, 0).bytes) + ": " + std::string(problem);
}

// A chain cannot tell that its end was cut off; an index row that knows a later version can.
std::optional<std::string> find_cut_off(Connection& reader) {
    return find_stream(reader, find_cut_off_sql, "its last events are gone");
}

constexpr std::string_view find_strange_facts_sql = R"(
SELECT s.stream_id
FROM index_rows r JOIN streams s ON s.n = r.n LEFT JOIN events e ON e.position = r.event
WHERE r.event IS NOT NULL AND e.n IS NOT r.n
ORDER BY r.n
LIMIT 1
)";

// An index row that refers to an event shows what that says, and only its own stream's will do.
std::optional<std::string> find_strange_facts(Connection& reader) {
    return find_stream(reader, find_strange_facts_sql,
                       "its index row stands on an event that is not its own");
}

}  // namespace

std::optional<std::string> find_damage(Connection& reader) {
    if (auto torn = find_torn_page(reader)) return torn;
    if (auto broken = find_broken_chain(reader)) return broken;
    if (auto cut_off = find_cut_off(reader)) return cut_off;
    if (auto strange = find_strange_facts(reader)) return strange;
    return find_text_damage(reader);
}

}  // namespace holdfast::store::sqlite
