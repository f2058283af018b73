// Where streams live. One implementation per database, one contract suite for all of them.
//
// A stream is a serial list of events of one purchase, sale, parcel, link, rate table or import.
// There is no transaction to pass around: one Change is written whole or not at all; write_all
// writes many in one go, each still whole or not at all. Calls block. A database that fails throws
// StoreDown; what the caller must settle is a value. A Store is used by one thread at a time.
//
// Names, addresses and mails live in `people`, outside the streams; an event carries only a keyed
// hash of the mail address under a key of that person, so erasing the row erases the person. What
// parties write lives in `texts` in the same way, under a key of each party.
#pragma once

#include "base/hash.h"
#include "base/id.h"
#include "base/instant.h"
#include "base/money.h"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::store {

class StoreDown : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// The disk no longer keeps what it was told: nothing in memory can be trusted, and the process must
// end.
class StoreLost : public StoreDown {
public:
    using StoreDown::StoreDown;
};

// No room: nothing can be written now, and it can again by itself when there is.
class StoreFull : public StoreDown {
public:
    using StoreDown::StoreDown;
};

enum class StreamKind : std::uint8_t {
    purchase = 1,
    sale = 2,
    parcel = 3,
    link = 4,
    system = 5,
    order = 6,
    party = 7
};

struct StreamId {
    IdBytes bytes{};
    auto operator<=>(const StreamId&) const = default;
};

// The last ten bytes of an id are random or a hash already.
struct HashStreamId {
    std::size_t operator()(const StreamId& id) const noexcept {
        std::size_t hash = 0;
        for (std::size_t i = 8; i < 16; ++i) hash = hash << 8U | id.bytes[i];
        return hash;
    }
};

// The id of what one system calls `reference`: no time in it, since files name times differently,
// and the hash of kind, system, account and reference behind it.
StreamId stream_id_of(StreamKind kind, std::string_view system, std::string_view account,
                      std::string_view reference);

// An event as it is kept: its kind ("purchase_seen"), version and JSON text.
struct Event {
    std::uint64_t seq = 0;  // from 1, without gaps
    Instant at{};
    std::string kind;
    std::int32_t v = 1;
    std::string payload;
    std::string cause;  // "import:<hex of file hash>", "time", "key:<idempotency key>", …
    Hash hash{};        // of the previous event's hash and this event
    bool operator==(const Event&) const = default;
};

struct NewEvent {
    Instant at{};
    std::string kind;
    std::int32_t v = 1;
    std::string payload;
};

// An event as a line of text: kind, version and payload with tabs between, and a line end.
std::string line_of(std::string_view kind, std::int32_t v, std::string_view payload);

// A request that a commit answered: what its key is compared with when it comes again.
struct KeptRequest {
    std::string key;
    Hash hash{};
    std::uint64_t first_seq = 0;  // of the commit's events
    std::uint64_t version = 0;    // that the commit led to
    bool operator==(const KeptRequest&) const = default;
};

struct History {
    StreamKind kind = StreamKind::system;
    std::uint64_t version = 0;               // seq of the last event; 0: no such stream
    std::vector<Event> events = {};          // oldest first
    std::vector<KeptRequest> requests = {};  // oldest first
};

// What a scan reads without folding; rebuildable from the stream.
struct IndexRow {
    StreamId stream;
    StreamKind kind = StreamKind::system;
    std::uint64_t version = 0;  // of the stream when this row was written
    std::string system = {};
    std::string reference = {};
    Instant seen_at{};  // newest observation
    std::optional<Instant> next_deadline = {};
    // The folded state, opaque to the store. It may keep it once where it is the line_of() an event
    // of the same change.
    std::string facts = {};
    bool operator==(const IndexRow&) const = default;
};

struct Entry {
    std::string account;
    Money amount;
    bool operator==(const Entry&) const = default;
};

// An event beside the others of its store, for who follows all that happens.
struct FeedEvent {
    std::uint64_t position = 0;  // grows with every event committed here; never given twice
    StreamId stream;
    StreamKind kind = StreamKind::system;
    Event event = {};
};

struct OutboxItem {
    std::string kind;
    std::string payload;
    Instant due{};
    bool operator==(const OutboxItem&) const = default;
};

// pending: to be sent when due. unknown: sent, and nobody knows whether it had an effect. failed
// and needs_attention stay until a person acts. What is done is not kept.
enum class OutboxState : std::uint8_t { pending = 1, unknown = 2, failed = 3, needs_attention = 4 };

struct OutboxRow {
    std::uint64_t no = 0;  // names the row for ever
    StreamId stream;
    std::uint64_t seq = 0;  // of the commit's last event
    OutboxItem item = {};   // its due is of the next try
    OutboxState state = OutboxState::pending;
    std::int32_t attempts = 0;
    std::string problem = {};  // of the last attempt
    std::uint64_t lease = 0;   // how often it was taken; names the last taking
    bool operator==(const OutboxRow&) const = default;
};

// How an attempt left a row; all members but `no` and `lease` replace what was there.
struct OutboxUpdate {
    std::uint64_t no = 0;
    std::uint64_t lease = 0;  // of the row that was taken: of an older one nothing is changed
    OutboxState state = OutboxState::pending;
    Instant due{};
    std::int32_t attempts = 0;
    std::string problem = {};
};

// Whoever is told of events by a signed call. Not part of any stream: secrets can be erased.
struct Endpoint {
    IdBytes id{};
    std::string url = {};
    std::string secret = {};           // "whsec_…"
    std::string previous_secret = {};  // valid beside it until then; empty: none
    Instant previous_until{};
    std::vector<std::string> types = {};  // of events it is told of; empty: all
    std::string disabled = {};            // why it is told nothing; empty: it is
    Instant created_at{};
    std::uint64_t position = 0;  // of the last event that was looked at for it
    bool operator==(const Endpoint&) const = default;
};

// What one endpoint is to be told of the events up to a position.
struct FanOut {
    struct Item {
        StreamId stream;
        std::uint64_t seq = 0;
        OutboxItem item = {};
    };
    IdBytes endpoint{};
    std::uint64_t from = 0, to = 0;  // its position before and after
    std::vector<Item> items = {};
};

// Entries sum to zero per currency. Key, entries and outbox items need an event to stand on, and
// a stream keeps the kind that it began with.
struct Change {
    StreamId stream;
    StreamKind kind = StreamKind::system;
    std::uint64_t expected_version = 0;
    std::vector<NewEvent> events = {};  // may be empty: then only index and terms change
    std::string cause = {};
    std::string request_key = {};           // empty: none (imports, time)
    std::optional<Hash> request_hash = {};  // with a key
    std::optional<IndexRow> index = {};     // replaces the row; its version is set by the store
    // Replace what finds this stream; none holds a line end.
    std::optional<std::vector<std::string>> search_terms = {};
    std::string own_term = {};  // of a new stream: one more term, which no other stream has
    std::vector<Entry> entries = {};
    std::vector<OutboxItem> outbox = {};
    std::vector<std::uint64_t> delivered =
        {};  // rows of the outbox that this change does away with
};

struct Receipt {
    std::uint64_t version = 0;  // after the change
    bool replayed = false;      // the key was there with the same request: nothing was written
    bool operator==(const Receipt&) const = default;
};

// The key is looked at first: a replay is answered whatever version it expected.
enum class NotWritten { version_conflict, key_used_for_another_request, term_taken };

// Which of those that are due come first.
enum class DueOrder : std::uint8_t { longest_overdue, newest };

struct Person {
    std::string email, name, phone, address;
    bool operator==(const Person&) const = default;
};

// An import that was taken in: the data's age and the file's identity.
struct ImportRecord {
    Hash file_hash{};
    std::string file;
    std::string format;
    Instant seen_at{};
    Instant imported_at{};
    std::uint64_t rows_new = 0, rows_changed = 0, rows_same = 0, rows_rejected = 0;
    bool operator==(const ImportRecord&) const = default;
};

class Store {
public:
    virtual ~Store() = default;

    virtual History load(const StreamId& stream) = 0;
    virtual std::uint64_t version_of(const StreamId& stream) = 0;  // 0: no such stream

    // Another number than before: somebody else has written here since, and what is held in memory
    // of the store may be out of date.
    virtual std::uint64_t generation() = 0;

    [[nodiscard]] virtual std::expected<Receipt, NotWritten> write(const Change& change) = 0;

    // In order, in one transaction; a change that is refused leaves the others standing, but for
    // later ones of its stream after a version conflict, a taken term or a replay: they build on
    // what is not there, and are refused as version conflicts even where another program's writes
    // make their versions fit.
    [[nodiscard]] virtual std::vector<std::expected<Receipt, NotWritten>> write_all(
        std::span<const Change> changes) = 0;

    virtual std::optional<IndexRow> find(const StreamId& stream) = 0;
    // The same of many at one moment, in their order; fastest where they are sorted.
    virtual std::vector<std::optional<IndexRow>> find_all(std::span<const StreamId> streams) = 0;

    // Every row of one kind in order of stream id; stops when the visitor says false. The visitor
    // may use the store; the scan does not see what is written meanwhile.
    virtual void scan(StreamKind kind, const std::function<bool(const IndexRow&)>& visit) = 0;
    virtual std::uint64_t count(StreamKind kind) = 0;

    // Streams of one kind in the order in which they began, the newest first, from the one before
    // `before`; places grow and are never given twice.
    struct Begun {
        std::uint64_t place = 0;
        StreamId stream;
        bool operator==(const Begun&) const = default;
    };
    virtual std::vector<Begun> newest(StreamKind kind, std::uint64_t before, std::size_t limit) = 0;
    // The same of those that carry `term`, whatever their kind.
    virtual std::vector<Begun> newest_with(std::string_view term, std::uint64_t before,
                                           std::size_t limit) = 0;

    // Streams that carry `term` (kept as given; callers fold case) or, with `prefix`, a term that
    // begins with it; in order of term, then stream id, each once.
    virtual std::vector<StreamId> search(std::string_view term, bool prefix, std::size_t limit) = 0;
    virtual bool carries(const StreamId& stream, std::string_view term) = 0;

    // Rows whose next_deadline is at or before `now`; those of one instant in the order in which
    // their streams began, or against it for DueOrder::newest.
    virtual std::vector<IndexRow> due(Instant now, std::size_t limit,
                                      DueOrder order = DueOrder::longest_overdue) = 0;

    // Events of all streams in the order in which they were committed, from the one behind `after`.
    virtual std::vector<FeedEvent> feed(std::uint64_t after, std::size_t limit) = 0;
    virtual std::uint64_t feed_end() = 0;  // the last position; 0: no event yet

    // Rows of one kind that are pending or unknown and due at or before `now`, in order of due,
    // then of number.
    virtual std::vector<OutboxRow> outbox_due(std::string_view kind, Instant now,
                                              std::size_t limit) = 0;
    // The same rows, taken: until `until` nobody else is given them, and each has a new lease. Who
    // is slower than that changes nothing any more: another may be at work on the row.
    virtual std::vector<OutboxRow> lease_outbox(std::string_view kind, Instant now, Instant until,
                                                std::size_t limit) = 0;
    // All that is not done, in order of number, from the row behind `after`.
    virtual std::vector<OutboxRow> outbox(std::uint64_t after, std::size_t limit) = 0;
    // In one transaction; how many rows were still leased as the updates say.
    virtual std::size_t update_outbox(std::span<const OutboxUpdate> updates) = 0;
    virtual void end_outbox(std::span<const std::uint64_t> rows) = 0;  // done away with

    virtual std::vector<Endpoint> endpoints() = 0;            // in order of id
    virtual void put_endpoint(const Endpoint& endpoint) = 0;  // new, or all of it but `position`
    virtual bool remove_endpoint(const IdBytes& id) = 0;      // its secrets are erased
    // The items into the outbox and the endpoint's position forward, whole or not at all; false:
    // the endpoint is gone, or stands elsewhere than at `from`.
    virtual bool fan_out(const FanOut& fan_out) = 0;

    // All entries of a stream summed per account and currency, in order of both; zeros left out.
    virtual std::vector<Entry> balances(const StreamId& stream) = 0;
    // The same over every stream of one kind.
    virtual std::vector<Entry> balances_of(StreamKind kind) = 0;

    // Makes or completes the people with these mail addresses (folded to lower case), all in one
    // transaction, and returns the keyed hashes that events carry; the same address gives the same
    // hash until it is erased. What is given replaces what was known, what is empty leaves it.
    // Without a mail address there is no person and the hash is empty.
    virtual std::vector<std::string> person_marks(std::span<const Person> people) = 0;
    std::string person_mark(const Person& person) { return person_marks({&person, 1}).front(); }
    virtual std::optional<Person> person_of(std::string_view mark) = 0;
    virtual std::optional<std::string> find_person_mark(std::string_view email) = 0;
    virtual bool erase_person(std::string_view mark) = 0;

    // Free text, by its owner: the bytes of a party's id, or all zero for the marketplace itself.
    // An event carries only the text's hash under a key of its owner, which is made with the
    // owner's first text. The same text gives the same hash, until the owner's texts are erased:
    // that destroys them and the key. What keep_text() answered is there for good, so that no event
    // names a text that is not.
    virtual Hash keep_text(const IdBytes& owner, std::string_view text) = 0;
    // What keep_text() would answer; nothing where it would have to make a key.
    virtual std::optional<Hash> find_text_hash(const IdBytes& owner, std::string_view text) = 0;
    virtual std::optional<std::string> text_of(const Hash& hash) = 0;
    virtual std::uint64_t erase_texts(const IdBytes& owner) = 0;  // how many there were
    virtual bool had_texts_erased(const IdBytes& owner) = 0;      // whatever was kept since

    virtual void record_import(const ImportRecord& record) = 0;
    virtual std::optional<ImportRecord> find_import(const Hash& file_hash) = 0;  // the last of it
    virtual std::vector<ImportRecord> imports() = 0;  // in the order recorded

    // Checks every stream's chain of hashes and every text against its own; the first row that does
    // not fit, or nothing.
    virtual std::optional<std::string> find_damage() = 0;
};

}  // namespace holdfast::store
