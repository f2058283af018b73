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
    std::size_t began = 0;  // the first, second, … of all streams

    Head head() const {
        if (events.empty()) return {};
        return {events.back().event.seq, events.back().event.hash};
    }
};

struct KnownPerson {
    PersonKey key{};
    Person person;
};

struct OwnText {
    IdBytes owner{};
    std::string text;
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
        History history{.kind = stream.kind, .version = stream.head().version};
        for (const auto& [event, request] : stream.events) {
            history.events.push_back(event);
            if (request)
                history.requests.push_back({.key = request->key,
                                            .hash = request->hash,
                                            .first_seq = event.seq,
                                            .version = request->version});
        }
        return history;
    }

    std::uint64_t version_of(const StreamId& id) override {
        const auto found = streams_.find(id);
        return found == streams_.end() ? 0 : found->second.head().version;
    }
    std::uint64_t generation() override { return 0; }  // there is nobody else

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
        write_each(changes, results, [this](const Change& change) { return write_one(change); });
        return results;
    }

    std::optional<IndexRow> find(const StreamId& id) override {
        const auto found = streams_.find(id);
        return found == streams_.end() ? std::nullopt : found->second.index;
    }

    std::vector<std::optional<IndexRow>> find_all(std::span<const StreamId> streams) override {
        std::vector<std::optional<IndexRow>> rows;
        for (const auto& id : streams) rows.push_back(find(id));
        return rows;
    }

    void scan(StreamKind kind, const std::function<bool(const IndexRow&)>& visit) override {
        for (const auto& row : rows_of(kind))
            if (!visit(row)) return;
    }

    std::uint64_t count(StreamKind kind) override { return rows_of(kind).size(); }

    std::vector<Begun> newest(StreamKind kind, std::uint64_t before, std::size_t limit) override {
        std::vector<Begun> found;
        for (const auto& [id, stream] : streams_)
            if (stream.kind == kind && stream.began < before) found.push_back({stream.began, id});
        std::ranges::sort(found, std::greater{}, &Begun::place);
        if (found.size() > limit) found.resize(limit);
        return found;
    }

    std::vector<Begun> newest_with(std::string_view term, std::uint64_t before,
                                   std::size_t limit) override {
        std::vector<Begun> found;
        for (auto at = terms_.lower_bound({std::string(term), StreamId{}});
             at != terms_.end() && at->first == term; ++at)
            if (const auto place = streams_.at(at->second).began; place < before)
                found.push_back({place, at->second});
        std::ranges::sort(found, std::greater{}, &Begun::place);
        if (found.size() > limit) found.resize(limit);
        return found;
    }

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

    bool carries(const StreamId& id, std::string_view term) override {
        return terms_.contains({std::string(term), id});
    }

    std::vector<IndexRow> due(Instant now, std::size_t limit, DueOrder order) override {
        std::vector<const Stream*> found;
        for (const auto& [id, stream] : streams_)
            if (stream.index && stream.index->next_deadline && *stream.index->next_deadline <= now)
                found.push_back(&stream);
        std::ranges::sort(found, {}, [](const Stream* stream) {
            return std::pair(*stream->index->next_deadline, stream->began);
        });
        if (order == DueOrder::newest) std::ranges::reverse(found);
        if (found.size() > limit) found.resize(limit);
        std::vector<IndexRow> rows;
        for (const auto* stream : found) rows.push_back(*stream->index);
        return rows;
    }

    std::vector<FeedEvent> feed(std::uint64_t after, std::size_t limit) override {
        std::vector<FeedEvent> events;
        for (auto position = after; position < feed_.size() && events.size() < limit; ++position) {
            const auto& [id, seq] = feed_[position];
            const auto& stream = streams_.at(id);
            events.push_back({.position = position + 1,
                              .stream = id,
                              .kind = stream.kind,
                              .event = stream.events[seq - 1].event});
        }
        return events;
    }

    std::uint64_t feed_end() override { return feed_.size(); }

    std::vector<OutboxRow> outbox_due(std::string_view kind, Instant now,
                                      std::size_t limit) override {
        std::vector<OutboxRow> rows;
        for (const auto& [no, row] : outbox_)
            if (row.item.kind == kind && row.item.due <= now && is_to_be_sent(row.state))
                rows.push_back(row);
        std::ranges::stable_sort(rows, {}, [](const OutboxRow& row) { return row.item.due; });
        if (rows.size() > limit) rows.resize(limit);
        return rows;
    }

    std::vector<OutboxRow> outbox(std::uint64_t after, std::size_t limit) override {
        std::vector<OutboxRow> rows;
        for (auto at = outbox_.upper_bound(after); at != outbox_.end() && rows.size() < limit; ++at)
            rows.push_back(at->second);
        return rows;
    }

    std::vector<OutboxRow> lease_outbox(std::string_view kind, Instant now, Instant until,
                                        std::size_t limit) override {
        auto rows = outbox_due(kind, now, limit);
        for (auto& row : rows) {
            auto& kept = outbox_.at(row.no);
            kept.item.due = until;
            row.lease = ++kept.lease;
        }
        return rows;
    }

    std::size_t update_outbox(std::span<const OutboxUpdate> updates) override {
        std::size_t changed = 0;
        for (const auto& update : updates) {
            const auto found = outbox_.find(update.no);
            if (found == outbox_.end() || found->second.lease != update.lease) continue;
            ++changed;
            auto& row = found->second;
            row.state = update.state;
            row.item.due = update.due;
            row.attempts = update.attempts;
            row.problem = update.problem;
        }
        return changed;
    }

    void end_outbox(std::span<const std::uint64_t> rows) override {
        for (const auto no : rows) outbox_.erase(no);
    }

    std::vector<Endpoint> endpoints() override {
        std::vector<Endpoint> all;
        for (const auto& [id, endpoint] : endpoints_) all.push_back(endpoint);
        return all;
    }

    void put_endpoint(const Endpoint& endpoint) override {
        const auto [kept, is_new] = endpoints_.try_emplace(endpoint.id, endpoint);
        if (is_new) return;
        const auto position = kept->second.position;
        kept->second = endpoint;
        kept->second.position = position;
    }

    bool remove_endpoint(const IdBytes& id) override { return endpoints_.erase(id) > 0; }

    bool fan_out(const FanOut& fan_out) override {
        const auto found = endpoints_.find(fan_out.endpoint);
        if (found == endpoints_.end() || found->second.position != fan_out.from) return false;
        for (const auto& item : fan_out.items) VERIFY(streams_.contains(item.stream));
        for (const auto& item : fan_out.items) add_to_outbox(item.stream, item.seq, item.item);
        found->second.position = fan_out.to;
        return true;
    }

    std::vector<Entry> balances(const StreamId& id) override {
        Sums sums;
        if (const auto found = streams_.find(id); found != streams_.end())
            add_to(sums, found->second.entries);
        return entries_of(sums);
    }

    std::vector<Entry> balances_of(StreamKind kind) override {
        Sums sums;
        for (const auto& [id, stream] : streams_)
            if (stream.kind == kind) add_to(sums, stream.entries);
        return entries_of(sums);
    }

    std::vector<std::string> person_marks(std::span<const Person> people) override {
        std::vector<std::string> marks;
        marks.reserve(people.size());
        KeyMaker keys(random_);
        for (const auto& person : people)
            marks.push_back(person.email.empty() ? std::string{} : mark_one(person, keys));
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

    Hash keep_text(const IdBytes& owner, std::string_view text) override {
        const auto [known, is_new] = text_keys_.try_emplace(owner);
        if (is_new) random_(known->second);
        const auto hash = keyed_hash(text, known->second);
        texts_.try_emplace(hash, OwnText{owner, std::string(text)});
        return hash;
    }

    std::optional<Hash> find_text_hash(const IdBytes& owner, std::string_view text) override {
        const auto known = text_keys_.find(owner);
        if (known == text_keys_.end()) return std::nullopt;
        return keyed_hash(text, known->second);
    }

    std::optional<std::string> text_of(const Hash& hash) override {
        const auto found = texts_.find(hash);
        return found == texts_.end() ? std::nullopt : std::optional(found->second.text);
    }

    std::uint64_t erase_texts(const IdBytes& owner) override {
        if (text_keys_.erase(owner) > 0) text_erasures_.insert(owner);
        return std::erase_if(texts_,
                             [&](const auto& entry) { return entry.second.owner == owner; });
    }

    bool had_texts_erased(const IdBytes& owner) override { return text_erasures_.contains(owner); }

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
    using Sums = std::map<std::pair<std::string, std::string>, Money>;  // account, currency

    static void add_to(Sums& sums, const std::vector<Entry>& entries) {
        for (const auto& [account, amount] : entries) {
            const std::pair key(account, std::string(code_of(amount.currency())));
            auto& sum = sums.try_emplace(key, Money::zero(amount.currency())).first->second;
            sum = sum + amount;
        }
    }
    static std::vector<Entry> entries_of(const Sums& sums) {
        std::vector<Entry> entries;
        for (const auto& [key, sum] : sums)
            if (!sum.is_zero()) entries.push_back({.account = key.first, .amount = sum});
        return entries;
    }
    static bool is_to_be_sent(OutboxState state) {
        return state == OutboxState::pending || state == OutboxState::unknown;
    }

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
        if (!change.own_term.empty() && !search(change.own_term, /*prefix=*/false, 1).empty())
            return std::unexpected(NotWritten::term_taken);

        const auto [at, is_new] = streams_.try_emplace(change.stream);
        auto& stream = at->second;
        if (is_new) stream.began = streams_.size();  // none is ever taken out
        stream.kind = change.kind;
        for (auto& kept : to_kept_events(change, head)) {
            feed_.emplace_back(change.stream, kept.event.seq);
            stream.events.push_back(std::move(kept));
        }
        const std::uint64_t version = stream.head().version;
        if (change.index) {
            stream.index = change.index;
            stream.index->version = version;
        }
        if (change.search_terms) replace_terms(change.stream, stream, *change.search_terms);
        if (!change.own_term.empty()) {
            terms_.emplace(change.own_term, change.stream);
            stream.terms.push_back(change.own_term);
        }
        stream.entries.insert(stream.entries.end(), change.entries.begin(), change.entries.end());
        for (const auto& item : change.outbox) add_to_outbox(change.stream, version, item);
        end_outbox(change.delivered);
        return Receipt{.version = version};
    }

    void add_to_outbox(const StreamId& stream, std::uint64_t seq, const OutboxItem& item) {
        const auto no = ++outbox_no_;
        outbox_.emplace(no, OutboxRow{.no = no, .stream = stream, .seq = seq, .item = item});
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

    std::string mark_one(const Person& person, KeyMaker& keys) {
        const std::string email = fold_email(person.email);
        const auto [known, is_new] = people_.try_emplace(email);
        if (is_new) {
            known->second.key = keys.make();
            known->second.person.email = email;
        }
        known->second.person = completed(known->second.person, person);
        return mark_of(email, known->second.key);
    }

    Random random_;
    std::map<StreamId, Stream> streams_;
    std::map<std::uint64_t, OutboxRow> outbox_;
    std::uint64_t outbox_no_ = 0;
    std::vector<std::pair<StreamId, std::uint64_t>> feed_;  // position - 1: stream and seq
    std::map<IdBytes, Endpoint> endpoints_;
    std::set<std::pair<std::string, StreamId>> terms_;
    std::map<std::string, KnownPerson> people_;  // by folded mail address
    std::map<IdBytes, PersonKey> text_keys_;     // by owner
    std::map<Hash, OwnText> texts_;
    std::set<IdBytes> text_erasures_;  // owners
    std::vector<ImportRecord> imports_;
};

}  // namespace

std::unique_ptr<Store> make_memory_store(Random random) {
    return std::make_unique<MemoryStore>(std::move(random));
}

}  // namespace holdfast::store
