#include "store/sqlite/sqlite_store.h"

#include "base/verify.h"
#include "store/chain.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/damage.h"
#include "store/sqlite/endpoints.h"
#include "store/sqlite/head_cache.h"
#include "store/sqlite/inspect.h"
#include "store/sqlite/lock.h"
#include "store/sqlite/outbox.h"
#include "store/sqlite/people.h"
#include "store/sqlite/rows.h"
#include "store/sqlite/schema.h"
#include "store/sqlite/texts.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <thread>
#include <utility>

namespace holdfast::store {
namespace {

using namespace sqlite;

constexpr std::string_view find_event_kind_sql = "SELECT kind FROM event_kinds WHERE name = ?1";
constexpr std::string_view insert_event_kind_sql = "INSERT INTO event_kinds (name) VALUES (?1)";
constexpr std::string_view find_account_sql = "SELECT account FROM accounts WHERE name = ?1";
constexpr std::string_view insert_account_sql = "INSERT INTO accounts (name) VALUES (?1)";

// Names that rows carry as small numbers.
struct Names {
    Sql find, insert;
    std::map<std::string, std::int64_t, std::less<>> known = {};
};

class SqliteStore final : public Store {
public:
    SqliteStore(const std::string& path, SqliteOptions options);

    History load(const StreamId& id) override;
    std::uint64_t version_of(const StreamId& id) override;
    std::uint64_t generation() override {
        return static_cast<std::uint64_t>(connection_.data_version());
    }
    std::expected<Receipt, NotWritten> write(const Change& change) override;
    std::vector<std::expected<Receipt, NotWritten>> write_all(
        std::span<const Change> changes) override;

    std::optional<IndexRow> find(const StreamId& id) override;
    std::vector<std::optional<IndexRow>> find_all(std::span<const StreamId> streams) override;
    void scan(StreamKind kind, const std::function<bool(const IndexRow&)>& visit) override;
    std::uint64_t count(StreamKind kind) override;
    std::vector<Begun> newest(StreamKind kind, std::uint64_t before, std::size_t limit) override;
    std::vector<Begun> newest_with(std::string_view term, std::uint64_t before,
                                   std::size_t limit) override;
    std::vector<StreamId> search(std::string_view term, bool prefix, std::size_t limit) override;
    bool carries(const StreamId& stream, std::string_view term) override;
    std::vector<IndexRow> due(Instant now, std::size_t limit, DueOrder order) override;
    std::vector<FeedEvent> feed(std::uint64_t after, std::size_t limit) override;
    std::uint64_t feed_end() override;

    std::vector<OutboxRow> outbox_due(std::string_view kind, Instant now,
                                      std::size_t limit) override {
        return sqlite::outbox_due(connection_, kind, now, limit);
    }
    std::vector<OutboxRow> lease_outbox(std::string_view kind, Instant now, Instant until,
                                        std::size_t limit) override;
    std::vector<OutboxRow> outbox(std::uint64_t after, std::size_t limit) override {
        return sqlite::outbox(connection_, after, limit);
    }
    std::size_t update_outbox(std::span<const OutboxUpdate> updates) override;
    void end_outbox(std::span<const std::uint64_t> rows) override;
    std::vector<Endpoint> endpoints() override { return sqlite::endpoints(connection_); }
    void put_endpoint(const Endpoint& endpoint) override;
    bool remove_endpoint(const IdBytes& id) override;
    bool fan_out(const FanOut& fan_out) override;
    std::vector<Entry> balances(const StreamId& id) override;
    std::vector<Entry> balances_of(StreamKind kind) override;

    std::vector<std::string> person_marks(std::span<const Person> people) override {
        return people_.marks(people);
    }
    std::optional<Person> person_of(std::string_view mark) override { return people_.find(mark); }
    std::optional<std::string> find_person_mark(std::string_view email) override {
        return people_.find_mark(email);
    }
    bool erase_person(std::string_view mark) override { return people_.erase(mark); }

    Hash keep_text(const IdBytes& owner, std::string_view text) override {
        return texts_.keep(owner, text);
    }
    std::optional<Hash> find_text_hash(const IdBytes& owner, std::string_view text) override {
        return texts_.find_hash(owner, text);
    }
    std::optional<std::string> text_of(const Hash& hash) override { return texts_.find(hash); }
    std::uint64_t erase_texts(const IdBytes& owner) override { return texts_.erase(owner); }
    bool had_texts_erased(const IdBytes& owner) override { return texts_.had_erased(owner); }

    void record_import(const ImportRecord& record) override;
    std::optional<ImportRecord> find_import(const Hash& file_hash) override;
    std::vector<ImportRecord> imports() override;

    std::optional<std::string> find_damage() override;

private:
    void forget_if_others_wrote();
    std::expected<Receipt, NotWritten> write_one(const Change& change);
    StreamRow* find_row(const StreamId& id);
    std::expected<std::optional<Receipt>, NotWritten> find_replay(const Change& change,
                                                                  const StreamRow& stream);
    bool is_taken(const std::string& term);
    Head head_of(std::int64_t n);
    std::int64_t insert_stream(const Change& change, const std::vector<std::string>& terms);
    void insert_events(std::int64_t n, const std::vector<KeptEvent>& events);
    std::int64_t number_of(Names& names, const std::string& name);
    void write_index_row(std::int64_t n, const IndexRow& row, std::uint64_t version,
                         const std::vector<KeptEvent>& events);
    void replace_terms(std::int64_t n, const std::vector<std::string>& terms);
    void wait_with(const std::vector<std::string>& terms, std::int64_t n);
    void insert_waiting_terms();
    void insert_entries(std::int64_t n, std::uint64_t seq, const std::vector<Entry>& entries);

    std::optional<FileLock> lock_;  // until the connection is closed
    Connection connection_;
    Random random_;  // one source, whoever draws
    People people_;
    Texts texts_;
    Names event_kinds_{find_event_kind_sql, insert_event_kind_sql};
    Names accounts_{find_account_sql, insert_account_sql};
    HeadCache heads_;
    std::size_t streams_remembered_;       // of a transaction, at most
    std::int64_t heads_data_version_ = 0;  // of the file that they are true of
    bool is_remembering_ = true;           // where the streams of the transaction under way stand
    StreamRow passing_row_;                // the one looked for last, where they are not remembered
    // Of streams that the transaction under way began: they are inserted in order, at its end or
    // before something looks for a term.
    std::vector<std::pair<std::string, std::int64_t>> waiting_terms_;
    std::int64_t first_waiting_ = INT64_MAX;  // the first of those streams
};

// A program of an older schema that has the file open would go on writing in its own way. Others of
// today's, who want to bring it forward as well, are soon gone.
void lock_alone(std::optional<FileLock>& lock, const std::string& path) {
    constexpr int tries_max = 500;
    lock.reset();
    for (int tries = 1; !lock; ++tries) {
        try {
            lock.emplace(path, Sharing::with_nobody);
        } catch (const StoreDown&) {
            if (tries == tries_max) throw;
            std::this_thread::sleep_for(std::chrono::milliseconds{20});
        }
    }
}

// SQLite looks into the file only when it is first asked: what cannot be opened at all is found
// before a lock is left beside it, and nothing is read without the lock.
SqliteStore::SqliteStore(const std::string& path, SqliteOptions options)
    : connection_(path, options.vfs, options.read_only ? Access::read : Access::read_and_write),
      random_(std::move(options.random)),
      people_(connection_, [this](std::span<std::uint8_t> bytes) { random_(bytes); }),
      texts_(connection_, [this](std::span<std::uint8_t> bytes) { random_(bytes); }),
      heads_(options.cached_streams),
      streams_remembered_(options.cached_streams / 8) {
    if (options.read_only) {
        require_current(connection_);
        return;
    }
    const auto sharing = options.exclusive ? Sharing::with_nobody : Sharing::with_programs;
    lock_.emplace(path, sharing);
    connection_.run(options.synced ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = OFF");
    const bool alone = !options.exclusive && is_older(connection_);
    if (alone) lock_alone(lock_, path);
    prepare_schema(connection_);
    if (alone) {
        lock_.reset();
        lock_.emplace(path, sharing);
    }
    connection_.run("PRAGMA secure_delete = ON");
    connection_.take_over_log_at(options.log_pages_most);
    connection_.run("PRAGMA cache_size = -" + std::to_string(options.cache_mib * 1024));
}

// A long read has a connection of its own: what it sees stands still, while whoever looks at its
// rows may write and read what was written. It maps the file instead of copying its pages; the
// cache is for those that are still in the log.
Connection open_reader(const Connection& writer) {
    Connection reader(writer.path(), writer.vfs(), writer.access());
    reader.run("PRAGMA query_only = ON");
    reader.run("PRAGMA mmap_size = 2147418112");  // as much as SQLite allows
    reader.run("PRAGMA cache_size = -65536");     // 64 MiB
    return reader;
}

constexpr std::string_view find_stream_sql = "SELECT n, kind FROM streams WHERE stream_id = ?1";

std::optional<StreamRow> find_stream(Connection& connection, const StreamId& id) {
    auto query = connection.query(find_stream_sql);
    if (!query.bind(id.bytes).next()) return std::nullopt;
    return StreamRow{.n = query.number(0), .kind = stream_kind(query, 1)};
}

constexpr std::string_view load_events_sql = R"(
SELECT e.seq, e.at, k.name, e.v, e.payload, e.cause, e.hash,
       e.request_key, e.request_hash, e.request_version
FROM events e JOIN event_kinds k ON k.kind = e.kind
WHERE e.n = ?1
ORDER BY e.seq
)";

History SqliteStore::load(const StreamId& id) {
    auto stream = find_stream(connection_, id);
    if (!stream) return {};

    History history{.kind = stream->kind};
    auto query = connection_.query(load_events_sql);
    query.bind(stream->n);
    while (query.next()) {
        history.events.push_back(read_event(query));
        VERIFY(history.events.back().seq == ++history.version);
        if (!query.is_null(7))
            history.requests.push_back({.key = std::string(query.text(7)),
                                        .hash = hash(query, 8),
                                        .first_seq = history.version,
                                        .version = unsigned_number(query, 9)});
    }
    VERIFY(history.version > 0);
    stream->head = {.version = history.version, .hash = history.events.back().hash};
    stream->keys.emplace();
    for (const auto& request : history.requests) stream->keys->push_back(print_of(request.key));
    heads_.put(id, *stream);  // what is loaded is about to change
    return history;
}

constexpr std::string_view version_sql = R"(
SELECT (SELECT max(seq) FROM events WHERE n = s.n) FROM streams s WHERE s.stream_id = ?1
)";

std::uint64_t SqliteStore::version_of(const StreamId& id) {
    auto query = connection_.query(version_sql);
    const bool is_there = query.bind(id.bytes).next();
    return is_there && !query.is_null(0) ? unsigned_number(query, 0) : 0;
}

std::expected<Receipt, NotWritten> SqliteStore::write(const Change& change) {
    return write_all({&change, 1}).front();
}

std::vector<std::expected<Receipt, NotWritten>> SqliteStore::write_all(
    std::span<const Change> changes) {
    for (const auto& change : changes) verify_change(change);
    std::vector<std::expected<Receipt, NotWritten>> results;
    results.reserve(changes.size());
    try {
        Transaction transaction(connection_);
        forget_if_others_wrote();
        is_remembering_ = changes.size() < streams_remembered_;  // others would have to go for them
        write_each(changes, results, [this](const Change& change) { return write_one(change); });
        insert_waiting_terms();
        transaction.commit();
    } catch (...) {
        event_kinds_.known.clear();  // those that were new are not there after all
        accounts_.known.clear();
        heads_.clear();
        waiting_terms_.clear();
        first_waiting_ = INT64_MAX;
        throw;
    }
    return results;
}

// What load() put there since is of this file or an older one, and forgotten with the rest.
void SqliteStore::forget_if_others_wrote() {
    const std::int64_t now = connection_.data_version();
    if (std::exchange(heads_data_version_, now) != now) heads_.clear();
}

constexpr std::string_view insert_term_sql = "INSERT INTO search (term, n) VALUES (?1, ?2)";

std::vector<std::string> once_each(std::vector<std::string> terms) {
    std::ranges::sort(terms);
    const auto repeated = std::ranges::unique(terms);
    terms.erase(repeated.begin(), repeated.end());
    return terms;
}

// As a stream's row has them: each with a line end.
std::string as_lines(const std::vector<std::string>& terms) {
    std::string lines;
    for (const auto& term : terms) (lines += term) += '\n';
    return lines;
}

// What a new stream is found by.
std::vector<std::string> first_terms(const Change& change) {
    auto terms = change.search_terms.value_or(std::vector<std::string>{});
    if (!change.own_term.empty()) terms.push_back(change.own_term);
    return once_each(std::move(terms));
}

// Everything that can be refused is found before the first row is written, so a refused change
// leaves no trace in the transaction that it shares.
std::expected<Receipt, NotWritten> SqliteStore::write_one(const Change& change) {
    auto* stream = find_row(change.stream);
    if (stream) {
        VERIFY(stream->kind == change.kind);
        const auto replay = find_replay(change, *stream);
        if (!replay) return std::unexpected(replay.error());
        if (*replay) return **replay;
    }
    const Head head = stream ? stream->head : Head{};
    if (head.version != change.expected_version)
        return std::unexpected(NotWritten::version_conflict);
    if (!change.own_term.empty() && is_taken(change.own_term))
        return std::unexpected(NotWritten::term_taken);

    const bool is_new = !stream;
    if (is_new) {
        const auto terms = first_terms(change);
        passing_row_ = {.n = insert_stream(change, terms), .kind = change.kind, .keys = {{}}};
        stream = is_remembering_ ? &heads_.put(change.stream, passing_row_) : &passing_row_;
        wait_with(terms, stream->n);
    }
    const auto n = stream->n;
    const auto events = to_kept_events(change, head);
    insert_events(n, events);
    if (!events.empty())
        stream->head = {.version = events.back().event.seq, .hash = events.back().event.hash};
    if (stream->keys && change.request_hash) stream->keys->push_back(print_of(change.request_key));
    const auto version = stream->head.version;
    if (change.index) write_index_row(n, *change.index, version, events);
    if (change.search_terms && !is_new) replace_terms(n, once_each(*change.search_terms));
    insert_entries(n, version, change.entries);
    sqlite::insert_outbox(connection_, n, version, change.outbox);
    sqlite::end_outbox(connection_, change.delivered);
    return Receipt{.version = version};
}

// Good until the next row is looked for.
StreamRow* SqliteStore::find_row(const StreamId& id) {
    if (auto* known = heads_.find(id)) return known;
    auto stream = find_stream(connection_, id);
    if (!stream) return nullptr;
    stream->head = head_of(stream->n);
    if (is_remembering_) return &heads_.put(id, std::move(*stream));
    passing_row_ = std::move(*stream);
    return &passing_row_;
}

constexpr std::string_view find_term_sql = "SELECT 1 FROM search WHERE term = ?1 LIMIT 1";

bool SqliteStore::is_taken(const std::string& term) {
    insert_waiting_terms();
    auto query = connection_.query(find_term_sql);
    return query.bind(term).next();
}

constexpr std::string_view find_request_sql =
    "SELECT request_hash, request_version FROM events WHERE n = ?1 AND request_key = ?2";

// Reads the whole stream, but only where the key may be in it.
std::expected<std::optional<Receipt>, NotWritten> SqliteStore::find_replay(
    const Change& change, const StreamRow& stream) {
    if (!change.request_hash) return std::nullopt;
    if (stream.keys &&
        std::ranges::find(*stream.keys, print_of(change.request_key)) == stream.keys->end())
        return std::nullopt;
    auto query = connection_.query(find_request_sql);
    if (!query.bind(stream.n).bind(change.request_key).next()) return std::nullopt;
    if (hash(query, 0) != *change.request_hash)
        return std::unexpected(NotWritten::key_used_for_another_request);
    return Receipt{.version = unsigned_number(query, 1), .replayed = true};
}

constexpr std::string_view head_sql =
    "SELECT seq, hash FROM events WHERE n = ?1 ORDER BY seq DESC LIMIT 1";

Head SqliteStore::head_of(std::int64_t n) {
    auto query = connection_.query(head_sql);
    const bool has_events = query.bind(n).next();
    VERIFY(has_events);
    return {.version = unsigned_number(query, 0), .hash = hash(query, 1)};
}

constexpr std::string_view insert_stream_sql =
    "INSERT INTO streams (stream_id, kind, terms) VALUES (?1, ?2, ?3)";

std::int64_t SqliteStore::insert_stream(const Change& change,
                                        const std::vector<std::string>& terms) {
    const auto lines = as_lines(terms);
    connection_.query(insert_stream_sql)
        .bind(change.stream.bytes)
        .bind(static_cast<std::int64_t>(change.kind))
        .bind(lines)
        .run();
    return connection_.last_row();
}

constexpr std::string_view insert_event_sql = R"(
INSERT INTO events (n, seq, hash, at, kind, v, cause, payload,
                    request_key, request_hash, request_version)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
)";

void SqliteStore::insert_events(std::int64_t n, const std::vector<KeptEvent>& events) {
    for (const auto& [event, request] : events) {
        const std::int64_t kind = number_of(event_kinds_, event.kind);
        auto query = connection_.query(insert_event_sql);
        query.bind(n)
            .bind(to_number(event.seq))
            .bind(event.hash)
            .bind(to_number(event.at))
            .bind(kind)
            .bind(event.v)
            .bind(event.cause)
            .bind(event.payload);
        if (request)
            query.bind(request->key).bind(request->hash).bind(to_number(request->version));
        else
            query.bind_null().bind_null().bind_null();
        query.run();
    }
}

std::int64_t SqliteStore::number_of(Names& names, const std::string& name) {
    const auto found = names.known.find(name);
    if (found != names.known.end()) return found->second;

    auto query = connection_.query(names.find);
    const bool is_known = query.bind(name).next();
    if (!is_known) connection_.query(names.insert).bind(name).run();
    const std::int64_t number = is_known ? query.number(0) : connection_.last_row();
    names.known.emplace(name, number);
    return number;
}

constexpr std::string_view write_index_row_sql = R"(
INSERT INTO index_rows (n, kind, version, seen_at, next_deadline, system, reference, facts, event)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
ON CONFLICT (n) DO UPDATE
SET version = excluded.version, seen_at = excluded.seen_at,
    next_deadline = excluded.next_deadline, system = excluded.system,
    reference = excluded.reference, facts = excluded.facts, event = excluded.event
)";

bool is_line_of(std::string_view facts, const Event& event) {
    return facts.size() > event.kind.size() + event.payload.size() &&
           facts.substr(0, facts.size() - 1).ends_with(event.payload) &&
           facts == line_of(event.kind, event.v, event.payload);
}

// `events` were inserted last. Facts that are the line of one of them refer to it.
void SqliteStore::write_index_row(std::int64_t n, const IndexRow& row, std::uint64_t version,
                                  const std::vector<KeptEvent>& events) {
    std::optional<std::int64_t> position;
    for (std::size_t i = 0; i < events.size() && !position; ++i)
        if (is_line_of(row.facts, events[i].event))
            position = connection_.last_row() - static_cast<std::int64_t>(events.size() - 1 - i);
    auto query = connection_.query(write_index_row_sql);
    query.bind(n)
        .bind(static_cast<std::int64_t>(row.kind))
        .bind(to_number(version))
        .bind(to_number(row.seen_at));
    if (row.next_deadline)
        query.bind(to_number(*row.next_deadline));
    else
        query.bind_null();
    query.bind(row.system).bind(row.reference).bind(position ? std::string_view() : row.facts);
    if (position)
        query.bind(*position);
    else
        query.bind_null();
    query.run();
}

constexpr std::string_view find_terms_sql = "SELECT terms FROM streams WHERE n = ?1";
constexpr std::string_view write_terms_sql = "UPDATE streams SET terms = ?1 WHERE n = ?2";
constexpr std::string_view delete_term_sql = "DELETE FROM search WHERE term = ?1 AND n = ?2";

// Terms seldom change, and a page that is not touched need not be written.
void SqliteStore::replace_terms(std::int64_t n, const std::vector<std::string>& terms) {
    if (n >= first_waiting_) insert_waiting_terms();
    std::vector<std::string> old;
    {
        auto query = connection_.query(find_terms_sql);
        query.bind(n).next();
        old = words_of(query.text(0), '\n');
    }
    if (old == terms) return;
    const auto lines = as_lines(terms);
    connection_.query(write_terms_sql).bind(lines).bind(n).run();
    for (const auto& term : old)
        if (!std::ranges::binary_search(terms, term))
            connection_.query(delete_term_sql).bind(term).bind(n).run();
    for (const auto& term : terms)
        if (!std::ranges::binary_search(old, term))
            connection_.query(insert_term_sql).bind(term).bind(n).run();
}

void SqliteStore::wait_with(const std::vector<std::string>& terms, std::int64_t n) {
    if (terms.empty()) return;
    first_waiting_ = std::min(first_waiting_, n);
    for (const auto& term : terms) waiting_terms_.emplace_back(term, n);
}

// In order: terms that follow each other stand on one page.
void SqliteStore::insert_waiting_terms() {
    if (waiting_terms_.empty()) return;
    std::ranges::sort(waiting_terms_);
    for (const auto& [term, n] : waiting_terms_)
        connection_.query(insert_term_sql).bind(term).bind(n).run();
    waiting_terms_.clear();
    first_waiting_ = INT64_MAX;
}

constexpr std::string_view insert_entry_sql = R"(
INSERT INTO entries (n, seq, i, account, currency, amount) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
)";

void SqliteStore::insert_entries(std::int64_t n, std::uint64_t seq,
                                 const std::vector<Entry>& entries) {
    std::int64_t i = 0;
    for (const auto& [account, amount] : entries)
        connection_.query(insert_entry_sql)
            .bind(n)
            .bind(to_number(seq))
            .bind(i++)
            .bind(number_of(accounts_, account))
            .bind(static_cast<std::int64_t>(amount.currency()))
            .bind(amount.minor())
            .run();
}

std::vector<OutboxRow> SqliteStore::lease_outbox(std::string_view kind, Instant now, Instant until,
                                                 std::size_t limit) {
    Transaction transaction(connection_);
    auto rows = sqlite::lease_outbox(connection_, kind, now, until, limit);
    transaction.commit();
    return rows;
}

std::size_t SqliteStore::update_outbox(std::span<const OutboxUpdate> updates) {
    Transaction transaction(connection_);
    const auto changed = sqlite::update_outbox(connection_, updates);
    transaction.commit();
    return changed;
}

void SqliteStore::end_outbox(std::span<const std::uint64_t> rows) {
    Transaction transaction(connection_);
    sqlite::end_outbox(connection_, rows);
    transaction.commit();
}

void SqliteStore::put_endpoint(const Endpoint& endpoint) {
    Transaction transaction(connection_);
    sqlite::put_endpoint(connection_, endpoint);
    transaction.commit();
}

bool SqliteStore::remove_endpoint(const IdBytes& id) {
    Transaction transaction(connection_);
    const bool was_there = sqlite::remove_endpoint(connection_, id);
    transaction.commit();
    return was_there;
}

bool SqliteStore::fan_out(const FanOut& fan_out) {
    Transaction transaction(connection_);
    if (!sqlite::move_endpoint(connection_, fan_out)) return false;
    for (const auto& item : fan_out.items) {
        const auto* stream = find_row(item.stream);
        VERIFY(stream != nullptr);
        sqlite::insert_outbox(connection_, stream->n, item.seq, {item.item});
    }
    transaction.commit();
    return true;
}

// account, currency, sum; in order of the currencies' codes, not of their numbers.
std::vector<Entry> read_entries(Query& query) {
    std::vector<Entry> entries;
    while (query.next())
        entries.push_back(
            {.account = std::string(query.text(0)),
             .amount = Money::of_minor(query.number(2), static_cast<Currency>(query.number(1)))});
    std::ranges::sort(entries, {}, [](const Entry& entry) {
        return std::pair<std::string_view, std::string_view>(entry.account,
                                                             code_of(entry.amount.currency()));
    });
    return entries;
}

constexpr std::string_view balances_sql = R"(
SELECT a.name, e.currency, sum(e.amount)
FROM streams s JOIN entries e ON e.n = s.n JOIN accounts a ON a.account = e.account
WHERE s.stream_id = ?1
GROUP BY e.account, e.currency
HAVING sum(e.amount) <> 0
)";

std::vector<Entry> SqliteStore::balances(const StreamId& id) {
    auto query = connection_.query(balances_sql);
    query.bind(id.bytes);
    return read_entries(query);
}

constexpr std::string_view balances_of_sql = R"(
SELECT a.name, e.currency, sum(e.amount)
FROM streams s JOIN entries e ON e.n = s.n JOIN accounts a ON a.account = e.account
WHERE s.kind = ?1
GROUP BY e.account, e.currency
HAVING sum(e.amount) <> 0
)";

std::vector<Entry> SqliteStore::balances_of(StreamKind kind) {
    auto query = connection_.query(balances_of_sql);
    query.bind(static_cast<std::int64_t>(kind));
    return read_entries(query);
}

constexpr std::string_view find_index_row_sql = R"(
SELECT s.stream_id, r.kind, r.version, r.seen_at, r.next_deadline, r.system, r.reference, r.facts,
       r.event, k.name, e.v, e.payload
FROM streams s JOIN index_rows r ON r.n = s.n
LEFT JOIN events e ON e.position = r.event LEFT JOIN event_kinds k ON k.kind = e.kind
WHERE s.stream_id = ?1
)";

std::optional<IndexRow> SqliteStore::find(const StreamId& id) {
    auto query = connection_.query(find_index_row_sql);
    if (!query.bind(id.bytes).next()) return std::nullopt;
    IndexRow row;
    read_index_row(query, row);
    return row;
}

// One transaction takes the locks once.
std::vector<std::optional<IndexRow>> SqliteStore::find_all(std::span<const StreamId> streams) {
    std::vector<std::optional<IndexRow>> rows;
    rows.reserve(streams.size());
    const Snapshot snapshot(connection_);
    for (const auto& id : streams) rows.push_back(find(id));
    return rows;
}

// CROSS JOIN keeps the order of the tables: along the index of stream ids, nothing to sort.
constexpr std::string_view scan_sql = R"(
SELECT s.stream_id, r.kind, r.version, r.seen_at, r.next_deadline, r.system, r.reference, r.facts,
       r.event, k.name, e.v, e.payload
FROM streams s INDEXED BY streams_by_id CROSS JOIN index_rows r ON r.n = s.n
LEFT JOIN events e ON e.position = r.event LEFT JOIN event_kinds k ON k.kind = e.kind
WHERE s.kind = ?1
ORDER BY s.stream_id
)";

void SqliteStore::scan(StreamKind kind, const std::function<bool(const IndexRow&)>& visit) {
    Connection reader = open_reader(connection_);
    auto query = reader.query(scan_sql);
    query.bind(static_cast<std::int64_t>(kind));
    IndexRow row;
    while (query.next()) {
        read_index_row(query, row);
        if (!visit(row)) return;
    }
}

constexpr std::string_view count_sql = "SELECT count(*) FROM index_rows WHERE kind = ?1";

std::uint64_t SqliteStore::count(StreamKind kind) {
    auto query = connection_.query(count_sql);
    query.bind(static_cast<std::int64_t>(kind)).next();
    return unsigned_number(query, 0);
}

constexpr std::string_view newest_sql =
    "SELECT n, stream_id FROM streams WHERE kind = ?1 AND n < ?2 ORDER BY n DESC LIMIT ?3";

std::int64_t to_place(std::uint64_t before) {
    return to_number(std::min<std::uint64_t>(before, INT64_MAX));
}

std::vector<Store::Begun> read_begun(Query& query) {
    std::vector<Store::Begun> found;
    while (query.next())
        found.push_back({.place = unsigned_number(query, 0), .stream = stream_id(query, 1)});
    return found;
}

std::vector<Store::Begun> SqliteStore::newest(StreamKind kind, std::uint64_t before,
                                              std::size_t limit) {
    auto query = connection_.query(newest_sql);
    query.bind(static_cast<std::int64_t>(kind)).bind(to_place(before)).bind(to_limit(limit));
    return read_begun(query);
}

constexpr std::string_view newest_with_sql = R"(
SELECT t.n, s.stream_id
FROM search t CROSS JOIN streams s ON s.n = t.n
WHERE t.term = ?1 AND t.n < ?2
ORDER BY t.n DESC
LIMIT ?3
)";

std::vector<Store::Begun> SqliteStore::newest_with(std::string_view term, std::uint64_t before,
                                                   std::size_t limit) {
    auto query = connection_.query(newest_with_sql);
    query.bind(term).bind(to_place(before)).bind(to_limit(limit));
    return read_begun(query);
}

// Read from the first term that is not before `term`, and left as soon as one does not fit.
constexpr std::string_view search_sql = R"(
SELECT t.term, s.stream_id
FROM search t CROSS JOIN streams s ON s.n = t.n
WHERE t.term >= ?1
ORDER BY t.term, s.stream_id
)";

std::vector<StreamId> SqliteStore::search(std::string_view term, bool prefix, std::size_t limit) {
    std::vector<StreamId> streams;
    std::set<StreamId> seen;
    auto query = connection_.query(search_sql);
    query.bind(term);
    while (streams.size() < limit && query.next()) {
        const auto found = query.text(0);
        if (prefix ? !found.starts_with(term) : found != term) break;
        const StreamId id = stream_id(query, 1);
        if (seen.insert(id).second) streams.push_back(id);
    }
    return streams;
}

constexpr std::string_view carries_sql = R"(
SELECT 1 FROM streams s JOIN search t ON t.term = ?2 AND t.n = s.n WHERE s.stream_id = ?1
)";

bool SqliteStore::carries(const StreamId& stream, std::string_view term) {
    auto query = connection_.query(carries_sql);
    return query.bind(stream.bytes).bind(term).next();
}

constexpr std::string_view due_sql = R"(
SELECT s.stream_id, r.kind, r.version, r.seen_at, r.next_deadline, r.system, r.reference, r.facts,
       r.event, k.name, e.v, e.payload
FROM index_rows r JOIN streams s ON s.n = r.n
LEFT JOIN events e ON e.position = r.event LEFT JOIN event_kinds k ON k.kind = e.kind
WHERE r.next_deadline <= ?1
ORDER BY r.next_deadline, r.n
LIMIT ?2
)";

constexpr std::string_view due_newest_sql = R"(
SELECT s.stream_id, r.kind, r.version, r.seen_at, r.next_deadline, r.system, r.reference, r.facts,
       r.event, k.name, e.v, e.payload
FROM index_rows r JOIN streams s ON s.n = r.n
LEFT JOIN events e ON e.position = r.event LEFT JOIN event_kinds k ON k.kind = e.kind
WHERE r.next_deadline <= ?1
ORDER BY r.next_deadline DESC, r.n DESC
LIMIT ?2
)";

std::vector<IndexRow> SqliteStore::due(Instant now, std::size_t limit, DueOrder order) {
    std::vector<IndexRow> rows;
    auto query =
        order == DueOrder::newest ? connection_.query(due_newest_sql) : connection_.query(due_sql);
    query.bind(to_number(now)).bind(to_limit(limit));
    while (query.next()) read_index_row(query, rows.emplace_back());
    return rows;
}

constexpr std::string_view feed_sql = R"(
SELECT e.seq, e.at, k.name, e.v, e.payload, e.cause, e.hash, e.position, s.stream_id, s.kind
FROM events e JOIN event_kinds k ON k.kind = e.kind JOIN streams s ON s.n = e.n
WHERE e.position > ?1
ORDER BY e.position
LIMIT ?2
)";

std::vector<FeedEvent> SqliteStore::feed(std::uint64_t after, std::size_t limit) {
    std::vector<FeedEvent> events;
    auto query = connection_.query(feed_sql);
    query.bind(to_number(after)).bind(to_limit(limit));
    while (query.next())
        events.push_back({.position = unsigned_number(query, 7),
                          .stream = stream_id(query, 8),
                          .kind = stream_kind(query, 9),
                          .event = read_event(query)});
    return events;
}

constexpr std::string_view feed_end_sql = "SELECT coalesce(max(position), 0) FROM events";

std::uint64_t SqliteStore::feed_end() {
    auto query = connection_.query(feed_end_sql);
    query.next();
    return unsigned_number(query, 0);
}

constexpr std::string_view record_import_sql = R"(
INSERT INTO imports (file_hash, file, format, seen_at, imported_at,
                     rows_new, rows_changed, rows_same, rows_rejected)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
)";

void SqliteStore::record_import(const ImportRecord& record) {
    Transaction transaction(connection_);
    connection_.query(record_import_sql)
        .bind(record.file_hash)
        .bind(record.file)
        .bind(record.format)
        .bind(to_number(record.seen_at))
        .bind(to_number(record.imported_at))
        .bind(to_number(record.rows_new))
        .bind(to_number(record.rows_changed))
        .bind(to_number(record.rows_same))
        .bind(to_number(record.rows_rejected))
        .run();
    transaction.commit();
    connection_.take_over_log();  // scans read the file faster than the log
}

constexpr std::string_view find_import_sql = R"(
SELECT file_hash, file, format, seen_at, imported_at,
       rows_new, rows_changed, rows_same, rows_rejected
FROM imports
WHERE file_hash = ?1
ORDER BY i DESC
LIMIT 1
)";

std::optional<ImportRecord> SqliteStore::find_import(const Hash& file_hash) {
    auto query = connection_.query(find_import_sql);
    if (!query.bind(file_hash).next()) return std::nullopt;
    return read_import(query);
}

constexpr std::string_view imports_sql = R"(
SELECT file_hash, file, format, seen_at, imported_at,
       rows_new, rows_changed, rows_same, rows_rejected
FROM imports
ORDER BY i
)";

std::vector<ImportRecord> SqliteStore::imports() {
    std::vector<ImportRecord> records;
    auto query = connection_.query(imports_sql);
    while (query.next()) records.push_back(read_import(query));
    return records;
}

std::optional<std::string> SqliteStore::find_damage() {
    Connection reader = open_reader(connection_);
    return sqlite::find_damage(reader);
}

}  // namespace

std::unique_ptr<Store> open_sqlite(const std::string& path, SqliteOptions options) {
    return std::make_unique<SqliteStore>(path, std::move(options));
}

}  // namespace holdfast::store
