#include "store/sqlite/heads.h"

#include "store/sqlite/inspect.h"
#include "store/sqlite/rows.h"

#include <algorithm>
#include <array>

namespace holdfast::store {
namespace {

using namespace sqlite;

constexpr std::array<std::string_view, 8> kind_words{"",     "purchase", "sale",  "parcel",
                                                     "link", "system",   "order", "party"};

// stream_id, kind, seq, hash.
StreamHead read_head(const Query& query) {
    return {.stream = stream_id(query, 0),
            .kind = stream_kind(query, 1),
            .head = {.version = unsigned_number(query, 2), .hash = hash(query, 3)}};
}

constexpr std::string_view all_heads_sql = R"(
SELECT s.stream_id, s.kind, e.seq, e.hash
FROM streams s JOIN events e ON e.n = s.n
WHERE e.seq = (SELECT max(seq) FROM events WHERE n = s.n)
ORDER BY s.stream_id
)";

constexpr std::string_view head_sql = R"(
SELECT s.stream_id, s.kind, e.seq, e.hash
FROM streams s JOIN events e ON e.n = s.n
WHERE s.stream_id = ?1
ORDER BY e.seq DESC
LIMIT 1
)";

constexpr std::string_view hash_sql = R"(
SELECT e.hash
FROM streams s JOIN events e ON e.n = s.n
WHERE s.stream_id = ?1 AND e.seq = ?2
)";

constexpr std::string_view newest_sql = "SELECT at FROM events ORDER BY position DESC LIMIT 1";

}  // namespace

std::string_view to_string(StreamKind kind) {
    const auto number = static_cast<std::size_t>(kind);
    return number < kind_words.size() ? kind_words[number] : kind_words[0];
}

std::optional<StreamKind> parse_stream_kind(std::string_view word) {
    const auto found = std::ranges::find(kind_words, word);
    if (found == kind_words.end() || word.empty()) return std::nullopt;
    return static_cast<StreamKind>(found - kind_words.begin());
}

HeadReader::HeadReader(const std::string& path) : connection_(path, {}, Access::read) {
    require_current(connection_);
}

void HeadReader::scan(const std::function<void(const StreamHead&)>& visit) {
    auto query = connection_.query(all_heads_sql);
    while (query.next()) visit(read_head(query));
}

std::optional<StreamHead> HeadReader::find(const StreamId& stream) {
    auto query = connection_.query(head_sql);
    if (!query.bind(stream.bytes).next()) return std::nullopt;
    return read_head(query);
}

std::optional<Instant> HeadReader::newest_event() {
    auto query = connection_.query(newest_sql);
    if (!query.next()) return std::nullopt;
    return instant(query, 0);
}

std::optional<Hash> HeadReader::hash_at(const StreamId& stream, std::uint64_t seq) {
    auto query = connection_.query(hash_sql);
    if (!query.bind(stream.bytes).bind(to_number(seq)).next()) return std::nullopt;
    return hash(query, 0);
}

}  // namespace holdfast::store
