// A store that hands everything on to another: what stands on the way, by chance or as a test wants
// it, says itself only where it does something else.
#pragma once

#include "store/store.h"

namespace holdfast::store {

class PassingStore : public Store {
public:
    explicit PassingStore(Store& to) : to_(to) {}

    History load(const StreamId& stream) override { return to_.load(stream); }
    std::uint64_t version_of(const StreamId& stream) override { return to_.version_of(stream); }
    std::uint64_t generation() override { return to_.generation(); }
    std::expected<Receipt, NotWritten> write(const Change& change) override {
        return write_all({&change, 1}).front();
    }
    std::vector<std::expected<Receipt, NotWritten>> write_all(
        std::span<const Change> changes) override {
        return to_.write_all(changes);
    }
    std::optional<IndexRow> find(const StreamId& stream) override { return to_.find(stream); }
    std::vector<std::optional<IndexRow>> find_all(std::span<const StreamId> streams) override {
        return to_.find_all(streams);
    }
    void scan(StreamKind kind, const std::function<bool(const IndexRow&)>& visit) override {
        to_.scan(kind, visit);
    }
    std::uint64_t count(StreamKind kind) override { return to_.count(kind); }
    std::vector<Begun> newest(StreamKind kind, std::uint64_t before, std::size_t limit) override {
        return to_.newest(kind, before, limit);
    }
    std::vector<Begun> newest_with(std::string_view term, std::uint64_t before,
                                   std::size_t limit) override {
        return to_.newest_with(term, before, limit);
    }
    bool carries(const StreamId& stream, std::string_view term) override {
        return to_.carries(stream, term);
    }
    std::vector<StreamId> search(std::string_view term, bool prefix, std::size_t limit) override {
        return to_.search(term, prefix, limit);
    }
    std::vector<IndexRow> due(Instant now, std::size_t limit,
                              DueOrder order = DueOrder::longest_overdue) override {
        return to_.due(now, limit, order);
    }
    std::vector<FeedEvent> feed(std::uint64_t after, std::size_t limit) override {
        return to_.feed(after, limit);
    }
    std::uint64_t feed_end() override { return to_.feed_end(); }
    std::vector<OutboxRow> outbox_due(std::string_view kind, Instant now,
                                      std::size_t limit) override {
        return to_.outbox_due(kind, now, limit);
    }
    std::vector<OutboxRow> lease_outbox(std::string_view kind, Instant now, Instant until,
                                        std::size_t limit) override {
        return to_.lease_outbox(kind, now, until, limit);
    }
    std::vector<OutboxRow> outbox(std::uint64_t after, std::size_t limit) override {
        return to_.outbox(after, limit);
    }
    std::size_t update_outbox(std::span<const OutboxUpdate> updates) override {
        return to_.update_outbox(updates);
    }
    void end_outbox(std::span<const std::uint64_t> rows) override { to_.end_outbox(rows); }
    std::vector<Endpoint> endpoints() override { return to_.endpoints(); }
    void put_endpoint(const Endpoint& endpoint) override { to_.put_endpoint(endpoint); }
    bool remove_endpoint(const IdBytes& id) override { return to_.remove_endpoint(id); }
    bool fan_out(const FanOut& fan_out) override { return to_.fan_out(fan_out); }
    std::vector<Entry> balances(const StreamId& stream) override { return to_.balances(stream); }
    std::vector<Entry> balances_of(StreamKind kind) override { return to_.balances_of(kind); }
    std::vector<std::string> person_marks(std::span<const Person> people) override {
        return to_.person_marks(people);
    }
    std::optional<Person> person_of(std::string_view mark) override { return to_.person_of(mark); }
    std::optional<std::string> find_person_mark(std::string_view email) override {
        return to_.find_person_mark(email);
    }
    bool erase_person(std::string_view mark) override { return to_.erase_person(mark); }
    Hash keep_text(const IdBytes& owner, std::string_view text) override {
        return to_.keep_text(owner, text);
    }
    std::optional<Hash> find_text_hash(const IdBytes& owner, std::string_view text) override {
        return to_.find_text_hash(owner, text);
    }
    std::optional<std::string> text_of(const Hash& hash) override { return to_.text_of(hash); }
    std::uint64_t erase_texts(const IdBytes& owner) override { return to_.erase_texts(owner); }
    bool had_texts_erased(const IdBytes& owner) override { return to_.had_texts_erased(owner); }
    void record_import(const ImportRecord& record) override { to_.record_import(record); }
    std::optional<ImportRecord> find_import(const Hash& file_hash) override {
        return to_.find_import(file_hash);
    }
    std::vector<ImportRecord> imports() override { return to_.imports(); }
    std::optional<std::string> find_damage() override { return to_.find_damage(); }

private:
    Store& to_;
};

}  // namespace holdfast::store
