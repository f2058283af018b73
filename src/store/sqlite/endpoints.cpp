#include "store/sqlite/endpoints.h"

#include "store/sqlite/rows.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace holdfast::store::sqlite {
namespace {

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
    return text;
}

constexpr std::string_view all_sql = R"(
SELECT id, url, secret, previous_secret, previous_until, types, disabled, created_at, position
FROM endpoints
ORDER BY id
)";

constexpr std::string_view put_sql = R"(
INSERT INTO endpoints (id, url, secret, previous_secret, previous_until, types, disabled,
                       created_at, position)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
ON CONFLICT (id) DO UPDATE
SET url = excluded.url, secret = excluded.secret, previous_secret = excluded.previous_secret,
    previous_until = excluded.previous_until, types = excluded.types,
    disabled = excluded.disabled, created_at = excluded.created_at
)";

constexpr std::string_view remove_sql = "DELETE FROM endpoints WHERE id = ?1 RETURNING 1";
constexpr std::string_view move_sql =
    "UPDATE endpoints SET position = ?1 WHERE id = ?2 AND position = ?3 RETURNING 1";

}  // namespace

std::vector<Endpoint> endpoints(Connection& connection) {
    std::vector<Endpoint> all;
    auto query = connection.query(all_sql);
    while (query.next())
        all.push_back({.id = stream_id(query, 0).bytes,
                       .url = std::string(query.text(1)),
                       .secret = std::string(query.text(2)),
                       .previous_secret = std::string(query.text(3)),
                       .previous_until = instant(query, 4),
                       .types = words_of(query.text(5), ' '),
                       .disabled = std::string(query.text(6)),
                       .created_at = instant(query, 7),
                       .position = unsigned_number(query, 8)});
    return all;
}

void put_endpoint(Connection& connection, const Endpoint& endpoint) {
    const auto types = joined(endpoint.types);
    connection.query(put_sql)
        .bind(endpoint.id)
        .bind(endpoint.url)
        .bind(endpoint.secret)
        .bind(endpoint.previous_secret)
        .bind(to_number(endpoint.previous_until))
        .bind(types)
        .bind(endpoint.disabled)
        .bind(to_number(endpoint.created_at))
        .bind(to_number(endpoint.position))
        .run();
}

bool remove_endpoint(Connection& connection, const IdBytes& id) {
    auto query = connection.query(remove_sql);
    return query.bind(id).next();
}

bool move_endpoint(Connection& connection, const FanOut& fan_out) {
    auto query = connection.query(move_sql);
    return query.bind(to_number(fan_out.to))
        .bind(fan_out.endpoint)
        .bind(to_number(fan_out.from))
        .next();
}

}  // namespace holdfast::store::sqlite
