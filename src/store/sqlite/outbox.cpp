#include "store/sqlite/outbox.h"

#include "store/sqlite/rows.h"

namespace holdfast::store::sqlite {
namespace {

std::vector<OutboxRow> read_rows(Query& query) {
    std::vector<OutboxRow> rows;
    while (query.next())
        rows.push_back({.no = unsigned_number(query, 0),
                        .stream = stream_id(query, 1),
                        .seq = unsigned_number(query, 2),
                        .item = {.kind = std::string(query.text(3)),
                                 .payload = std::string(query.text(4)),
                                 .due = instant(query, 5)},
                        .state = static_cast<OutboxState>(query.number(6)),
                        .attempts = static_cast<std::int32_t>(query.number(7)),
                        .problem = std::string(query.text(8)),
                        .lease = unsigned_number(query, 9)});
    return rows;
}

constexpr std::string_view insert_sql = R"(
INSERT INTO outbox (n, seq, due, state, attempts, lease, kind, payload, problem)
VALUES (?1, ?2, ?3, ?4, 0, 0, ?5, ?6, '')
)";

constexpr std::string_view due_sql = R"(
SELECT o.no, s.stream_id, o.seq, o.kind, o.payload, o.due, o.state, o.attempts, o.problem,
       o.lease
FROM outbox o JOIN streams s ON s.n = o.n
WHERE o.kind = ?1 AND o.state IN (1, 2) AND o.due <= ?2
ORDER BY o.due, o.no
LIMIT ?3
)";

constexpr std::string_view all_sql = R"(
SELECT o.no, s.stream_id, o.seq, o.kind, o.payload, o.due, o.state, o.attempts, o.problem,
       o.lease
FROM outbox o JOIN streams s ON s.n = o.n
WHERE o.no > ?1
ORDER BY o.no
LIMIT ?2
)";

constexpr std::string_view update_sql = R"(
UPDATE outbox SET state = ?1, due = ?2, attempts = ?3, problem = ?4
WHERE no = ?5 AND lease = ?6
RETURNING 1
)";

constexpr std::string_view lease_sql =
    "UPDATE outbox SET due = ?1, lease = lease + 1 WHERE no = ?2";

constexpr std::string_view end_sql = "DELETE FROM outbox WHERE no = ?1";

}  // namespace

void insert_outbox(Connection& connection, std::int64_t n, std::uint64_t seq,
                   const std::vector<OutboxItem>& items) {
    for (const auto& item : items)
        connection.query(insert_sql)
            .bind(n)
            .bind(to_number(seq))
            .bind(to_number(item.due))
            .bind(static_cast<std::int64_t>(OutboxState::pending))
            .bind(item.kind)
            .bind(item.payload)
            .run();
}

std::vector<OutboxRow> outbox_due(Connection& connection, std::string_view kind, Instant now,
                                  std::size_t limit) {
    auto query = connection.query(due_sql);
    query.bind(kind).bind(to_number(now)).bind(to_limit(limit));
    return read_rows(query);
}

std::vector<OutboxRow> outbox(Connection& connection, std::uint64_t after, std::size_t limit) {
    auto query = connection.query(all_sql);
    query.bind(to_number(after)).bind(to_limit(limit));
    return read_rows(query);
}

std::vector<OutboxRow> lease_outbox(Connection& connection, std::string_view kind, Instant now,
                                    Instant until, std::size_t limit) {
    auto rows = outbox_due(connection, kind, now, limit);
    for (auto& row : rows) {
        connection.query(lease_sql).bind(to_number(until)).bind(to_number(row.no)).run();
        ++row.lease;
    }
    return rows;
}

std::size_t update_outbox(Connection& connection, std::span<const OutboxUpdate> updates) {
    std::size_t changed = 0;
    for (const auto& update : updates) {
        auto query = connection.query(update_sql);
        query.bind(static_cast<std::int64_t>(update.state))
            .bind(to_number(update.due))
            .bind(static_cast<std::int64_t>(update.attempts))
            .bind(update.problem)
            .bind(to_number(update.no))
            .bind(to_number(update.lease));
        if (query.next()) ++changed;
    }
    return changed;
}

void end_outbox(Connection& connection, std::span<const std::uint64_t> rows) {
    for (const auto no : rows) connection.query(end_sql).bind(to_number(no)).run();
}

}  // namespace holdfast::store::sqlite
