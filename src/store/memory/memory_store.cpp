#include "store/memory/memory_store.h"

#include "base/verify.h"
#include "store/chain.h"

#include <algorithm>
#include <map>
#include <ranges>
#include <set>
#include <utility>

namespace holdfast::store {
namespace {

struct Stream {
    StreamKind kind = StreamKind::system;
    std::vector<KeptEvent> events;
    std::optional<IndexRow> index;
    std::vector<std::string> terms;
    std::vector<Entry> entries;
    std::vector<OutboxItem> outbox;

    Head head() const {
        if (events.empty()) return {};
        return {events.back().event.seq, events.back().event.hash};
    }
};

struct KnownPerson {
    PersonKey key{};
    Person person;
};

const RequestMark* find_request(const Stream& stream, const std::string& key) {
    for (const auto& kept : stream.events)
        if (kept.request && kept.request->key == key) return &*kept.request;
    return nullptr;
}

class MemoryStore final : public Store {
public:
    explicit MemoryStore(Random random) : random_(std::move(random)) {}

    History load(const StreamId& id) override {
        const auto found = streams_.find(id);
        if (found == streams_.end()) return {};
        const auto& stream = found->second;
        History history{.kind = stream.kind, .version = stream.head().version, .events = {}};
        for (const auto& kept : stream.events) history.events.push_back(kept.event);
        return history;
    }

    std::expected<Receipt, NotWritten> write(const Change& change) override {
        return write_all({&change, 1}).front();
    }

    std::vector<std::expected<Receipt, NotWritten>> write_all(
        std::span<const Change> changes) override {
        for (const auto& change : changes) {
            verify_change(change);
            const auto found = streams_.find(change.stream);
            VERIFY(found == streams_.end() || found->second.kind == change.kind);
        }
        std::vector<std::expected<Receipt, NotWritten>> results;
        results.reserve(changes.size());
        for (const auto& change : changes) results.push_back(write_one(change));
        return results;
    }

    std::optional<IndexRow> find(const StreamId& id) override {
        const auto found = streams_.find(id);
        return found == streams_.end() ? std::nullopt : found->second.index;
    }

    void scan(StreamKind kind, const std::function<bool(const IndexRow&)>& visit) override {
        for (const auto& row : rows_of(kind))
            if (!visit(row)) return;
    }

    std::uint64_t count(StreamKind kind) override { return rows_of(kind).size(); }

    std::vector<StreamId> search(std::string_view term, bool prefix, std::size_t limit) override {
        std::vector<StreamId> streams;
        for (auto at = terms_.lower_bound({std::string(term), StreamId{}});
             at != terms_.end() && streams.size() < limit; ++at) {
            const bool fits = prefix ? at->first.starts_with(term) : at->first == term;
            if (!fits) break;
            if (std::ranges::find(streams, at->second) == streams.end())
                streams.push_back(at->second);
        }
        return streams;
    }

    std::vector<IndexRow> due(Instant now, std::size_t limit) override {
        std::vector<IndexRow> rows;
        for (const auto& [id, stream] : streams_)
            if (stream.index && stream.index->next_deadline && *stream.index->next_deadline <= now)
                rows.push_back(*stream.index);
        std::ranges::sort(rows, {}, [](const IndexRow& row) {
            return std::pair(*row.next_deadline, row.stream);
        });
        if (rows.size() > limit) rows.resize(limit);
        return rows;
    }

    std::vector<std::string> person_marks(std::span<const Person> people) override {
        std::vector<std::string> marks;
        marks.reserve(people.size());
        for (const auto& person : people)
            marks.push_back(person.email.empty() ? std::string{} : mark_one(person));
        return marks;
    }

    std::optional<Person> person_of(std::string_view mark) override {
        for (const auto& [email, known] : people_)
            if (mark_of(email, known.key) == mark) return known.person;
        return std::nullopt;
    }

    std::optional<std::string> find_person_mark(std::string_view email) override {
        const auto found = people_.find(fold_email(email));
        if (found == people_.end()) return std::nullopt;
        return mark_of(found->first, found->second.key);
    }

    bool erase_person(std::string_view mark) override {
        return std::erase_if(people_, [&](const auto& entry) {
            return mark_of(entry.first, entry.second.key) == mark;
        });
    }

    void record_import(const ImportRecord& record) override { imports_.push_back(record); }

    std::optional<ImportRecord> find_import(const Hash& file_hash) override {
        for (const auto& record : imports_ | std::views::reverse)
            if (record.file_hash == file_hash) return record;
        return std::nullopt;
    }

    std::vector<ImportRecord> imports() override { return imports_; }

    std::optional<std::string> find_damage() override {
        for (const auto& [id, stream] : streams_) {
            Head last;
            for (const auto& kept : stream.events) {
                if (auto problem = find_misfit(last, id, stream.kind, kept)) return problem;
                last = {kept.event.seq, kept.event.hash};
            }
        }
        return std::nullopt;
    }

private:
    std::expected<Receipt, NotWritten> write_one(const Change& change) {
        const auto found = streams_.find(change.stream);
        const Stream* known = found == streams_.end() ? nullptr : &found->second;
        if (known) VERIFY(known->kind == change.kind);

        if (known && change.request_hash) {
            if (const auto* request = find_request(*known, change.request_key)) {
                if (request->hash != *change.request_hash)
                    return std::unexpected(NotWritten::key_used_for_another_request);
                return Receipt{.version = request->version, .replayed = true};
            }
        }
        const Head head = known ? known->head() : Head{};
        if (head.version != change.expected_version)
            return std::unexpected(NotWritten::version_conflict);

        auto& stream = streams_[change.stream];
        stream.kind = change.kind;
        for (auto& kept : to_kept_events(change, head)) stream.events.push_back(std::move(kept));
        const std::uint64_t version = stream.head().version;
        if (change.index) {
            stream.index = change.index;
            stream.index->version = version;
        }
        if (change.search_terms) replace_terms(change.stream, stream, *change.search_terms);
        stream.entries.insert(stream.entries.end(), change.entries.begin(), change.entries.end());
        stream.outbox.insert(stream.outbox.end(), change.outbox.begin(), change.outbox.end());
        return Receipt{.version = version};
    }

    void replace_terms(const StreamId& id, Stream& stream, const std::vector<std::string>& terms) {
        for (const auto& term : stream.terms) terms_.erase({term, id});
        for (const auto& term : terms) terms_.emplace(term, id);
        stream.terms = terms;
    }

    // A copy, so that the visitor of a scan may write.
    std::vector<IndexRow> rows_of(StreamKind kind) const {
        std::vector<IndexRow> rows;
        for (const auto& [id, stream] : streams_)
            if (stream.index && stream.kind == kind) rows.push_back(*stream.index);
        return rows;
    }

    std::string mark_one(const Person& person) {
        const std::string email = fold_email(person.email);
        const auto [known, is_new] = people_.try_emplace(email);
        if (is_new) {
            random_(known->second.key);
            known->second.person.email = email;
        }
        known->second.person = completed(known->second.person, person);
        return mark_of(email, known->second.key);
    }

    Random random_;
    std::map<StreamId, Stream> streams_;
    std::set<std::pair<std::string, StreamId>> terms_;
    std::map<std::string, KnownPerson> people_;  // by folded mail address
    std::vector<ImportRecord> imports_;
};

}  // namespace

std::unique_ptr<Store> make_memory_store(Random random) {
    return std::make_unique<MemoryStore>(std::move(random));
}

}  // namespace holdfast::store
