// What the simulations of the engine share: a store that fails by chance, and an auditor that
// believes nothing but what the store keeps.
//
// The auditor works the money out by the sums of order_world.h, which are other sums than those of
// the ledger and of evolve().
#pragma once

#include "order_random.h"

#include "engine/live.h"
#include "engine/outbox_text.h"
#include "engine/writer.h"
#include "ledger/party_evolve.h"
#include "store/codec/event_codec.h"
#include "store/passing_store.h"

#include <sys/wait.h>
#include <unistd.h>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace holdfast::test {

inline std::uint64_t number_of(const char* variable, std::uint64_t otherwise) {
    const char* text = std::getenv(variable);
    return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

inline const engine::RulesBook& marketplace_book() {
    static const auto book = [] {
        engine::RulesBook made;
        made.add(marketplace_terms());
        return made;
    }();
    return book;
}

// --- A store that fails

struct FaultOdds {  // in a hundred
    int before = 0, after = 0, read = 0, between = 0;
};

struct FaultCounts {
    std::uint64_t before = 0, after = 0, read = 0, between = 0;
};

// A store and how often it was written; each program that has it open knows it by a FaultyStore.
struct SharedStore {
    std::unique_ptr<store::Store> store;
    std::uint64_t writes = 0;
};

// One program's way to the store. By chance it cannot read, cannot write, writes without an answer,
// or lets `between` write first, as another program would.
class FaultyStore final : public store::PassingStore {
public:
    using Between = std::function<void(std::span<const store::Change>)>;

    FaultyStore(SharedStore& shared, Random& random)
        : PassingStore(*shared.store), shared_(shared), random_(random) {}

    FaultOdds odds = {};
    FaultCounts counts = {};
    Between between = {};

    std::vector<std::expected<store::Receipt, store::NotWritten>> write_all(
        std::span<const store::Change> changes) override {
        if (between && happens(odds.between)) {
            ++counts.between;
            between(changes);
        }
        if (happens(odds.before)) fail(counts.before, "no disk");
        auto results = PassingStore::write_all(changes);
        count_write();
        if (happens(odds.after)) fail(counts.after, "no answer from the disk");
        return results;
    }
    std::uint64_t generation() override { return shared_.writes - own_writes_; }

    store::History load(const store::StreamId& stream) override {
        may_fail_to_read();
        return PassingStore::load(stream);
    }
    std::vector<store::StreamId> search(std::string_view term, bool prefix,
                                        std::size_t limit) override {
        may_fail_to_read();
        return PassingStore::search(term, prefix, limit);
    }
    std::vector<store::IndexRow> due(
        Instant now, std::size_t limit,
        store::DueOrder order = store::DueOrder::longest_overdue) override {
        may_fail_to_read();
        return PassingStore::due(now, limit, order);
    }
    std::vector<store::OutboxRow> outbox_due(std::string_view kind, Instant now,
                                             std::size_t limit) override {
        may_fail_to_read();
        return PassingStore::outbox_due(kind, now, limit);
    }
    std::vector<store::OutboxRow> lease_outbox(std::string_view kind, Instant now, Instant until,
                                               std::size_t limit) override {
        auto rows = PassingStore::lease_outbox(kind, now, until, limit);
        count_write();
        return rows;
    }
    std::size_t update_outbox(std::span<const store::OutboxUpdate> updates) override {
        const auto changed = PassingStore::update_outbox(updates);
        count_write();
        return changed;
    }
    void put_endpoint(const store::Endpoint& endpoint) override {
        PassingStore::put_endpoint(endpoint);
        count_write();
    }
    bool remove_endpoint(const IdBytes& id) override {
        const bool was_there = PassingStore::remove_endpoint(id);
        count_write();
        return was_there;
    }
    bool fan_out(const store::FanOut& fan_out) override {
        const bool moved = PassingStore::fan_out(fan_out);
        count_write();
        return moved;
    }
    void end_outbox(std::span<const std::uint64_t> rows) override {
        PassingStore::end_outbox(rows);
        count_write();
    }

private:
    bool happens(int percent) { return percent > 0 && random_.chance(percent); }
    void may_fail_to_read() {
        if (happens(odds.read)) fail(counts.read, "the disk cannot be read");
    }
    [[noreturn]] static void fail(std::uint64_t& count, const char* problem) {
        ++count;
        throw store::StoreDown(problem);
    }
    void count_write() {
        ++shared_.writes;
        ++own_writes_;
    }

    SharedStore& shared_;
    Random& random_;
    std::uint64_t own_writes_ = 0;
};

// --- The auditor

using Sums = std::map<Currency, order::Minor>;

// What the auditor made of one stream's events.
struct Audited {
    store::StreamKind kind = store::StreamKind::order;
    std::uint64_t version = 0;
    Hash head{};
    World world = {};             // of an order
    ledger::PartyBook book = {};  // of a party
    Sums transit = {};            // as the entries say
};

// Folds a stream anew and holds everything that the store keeps beside the events against it. The
// first thing that does not fit, or nothing; `audited` is what was made of it.
class StreamAudit {
public:
    StreamAudit(store::Store& store, const engine::RulesBook& rules)
        : store_(store), rules_(rules) {}

    std::string check(const store::StreamId& stream, const store::History& history,
                      Audited& audited) {
        audited.kind = history.kind;
        audited.version = history.version;
        audited.head = history.events.empty() ? Hash{} : history.events.back().hash;
        if (auto wrong = check_shape(history); !wrong.empty()) return wrong;
        if (auto wrong = check_requests(history); !wrong.empty()) return wrong;
        entries_ = store_.balances(stream);
        if (auto wrong = sum_up(audited); !wrong.empty()) return wrong;
        return history.kind == store::StreamKind::party ? check_party(stream, history, audited)
                                                        : check_order(stream, history, audited);
    }

private:
    static std::string check_shape(const store::History& history) {
        std::uint64_t seq = 0;
        Instant at{};
        for (const auto& event : history.events) {
            if (event.seq != ++seq) return "the events are not numbered without gaps";
            if (event.at < at) return "an event's time went back";
            at = event.at;
        }
        return seq == history.version ? "" : "the version is not the last event's number";
    }

    static std::string check_requests(const store::History& history) {
        std::set<std::string> keys;
        std::uint64_t last = 0;
        for (const auto& request : history.requests) {
            if (!keys.insert(request.key).second) return "the key " + request.key + " stands twice";
            if (request.first_seq <= last || request.version < request.first_seq ||
                request.version > history.version)
                return "the key " + request.key + " stands for events that cannot be its own";
            last = request.version;
        }
        return {};
    }

    std::string sum_up(Audited& audited) const {
        Sums sums;
        audited.transit.clear();
        for (const auto& [account, amount] : entries_) {
            sums[amount.currency()] += amount.minor();
            if (account == "transit") audited.transit[amount.currency()] += amount.minor();
        }
        for (const auto& [currency, sum] : sums)
            if (sum != 0) return "the entries do not sum to zero";
        return {};
    }

    order::Minor of(std::string_view account, Currency currency) const {
        for (const auto& entry : entries_)
            if (entry.account == account && entry.amount.currency() == currency)
                return entry.amount.minor();
        return 0;
    }

    std::string check_order(const store::StreamId& stream, const store::History& history,
                            Audited& audited) {
        order::Events events;
        for (const auto& event : history.events) {
            auto decoded = store::decode_order_event(event);
            if (!decoded) return "an event cannot be read: " + decoded.error().problem;
            events.push_back(std::move(*decoded));
        }
        auto& world = audited.world;
        world = {};
        world.apply(events);
        if (!world.error.empty()) return world.error;
        const auto& order = world.order;
        if (order.version != history.version) return "the order counts other events";
        const auto currency = order.currency();
        for (const auto& entry : entries_)
            if (entry.amount.currency() != currency)
                return "an order has entries in two currencies";
        auto left = order.money.refunded + order.money.compensated;
        for (const auto& told : order.instructions)
            if (told.state == order::InstructionState::succeeded &&
                told.kind != order::InstructionKind::void_authorisation)
                left -= told.amount;
        const auto& tally = world.tally;
        if (of("escrow", currency) != tally.held || of("fee", currency) != tally.fees ||
            of("transit", currency) != tally.seller ||
            of("guarantee", currency) != tally.guarantee || of("processor", currency) != left ||
            of("buyer", currency) + of("processor", currency) !=
                tally.buyer + tally.bank - tally.captured)
            return "the entries are not what the events move";
        std::optional<Instant> due;
        if (const auto next = order::next_deadline(
                order, rules_.rules_for(*rules_.find(order.terms_of_sale.terms))))
            due = next->legal_at + rules_.grace();
        return check_index(stream, history, order.last_at, due);
    }

    std::string check_party(const store::StreamId& stream, const store::History& history,
                            Audited& audited) {
        auto& book = audited.book;
        book = {};
        for (const auto& event : history.events) {
            const auto decoded = store::decode_party_event(event);
            if (!decoded) return "an event cannot be read: " + decoded.error().problem;
            ledger::evolve(book, *decoded);
        }
        if (book.version != history.version) return "the book counts other events";
        if (!ledger::is_sound(book)) return "the book does not add up";
        std::size_t used = 0;
        for (const auto& purse : book.purses)
            for (std::size_t i = 0; i < ledger::account_count; ++i) {
                const auto account = static_cast<ledger::Account>(i);
                const auto stands = purse.balances.of(account);
                used += stands != 0;
                if (of(to_string(account), purse.balances.currency()) != stands)
                    return "the entries are not what the book says";
            }
        if (used != entries_.size()) return "there are entries that the book knows nothing of";
        return check_index(stream, history, book.last_at, ledger::next_deadline(book));
    }

    std::string check_index(const store::StreamId& stream, const store::History& history,
                            Instant seen_at, std::optional<Instant> due) const {
        const auto row = store_.find(stream);
        if (!row) return "the index does not know it";
        if (row->version != history.version || row->kind != history.kind)
            return "the index is behind";
        if (row->seen_at != seen_at) return "the index has another newest time";
        if (row->next_deadline != due) return "the index has another deadline";
        return {};
    }

    store::Store& store_;
    const engine::RulesBook& rules_;
    std::vector<store::Entry> entries_;
};

// Does what is in transit over all streams and what the outbox has to carry come to the same?
inline std::string transit_error(Sums transit, const std::vector<store::OutboxRow>& outbox) {
    for (const auto& row : outbox) {
        if (row.item.kind != engine::transfer_kind) continue;
        const auto transfer = engine::decode_transfer(row.item.payload);
        if (!transfer) return "a transfer in the outbox cannot be read";
        transit[transfer->currency] -= transfer->amount;
    }
    for (const auto& [currency, sum] : transit)
        if (sum != 0) return "transit is not what the outbox has to carry";
    return {};
}

// Is each instruction and payout that nobody has heard of yet in the outbox, and once?
inline std::string untold_error(const std::map<store::StreamId, Audited>& streams,
                                const std::vector<store::OutboxRow>& outbox) {
    std::set<std::pair<store::StreamId, std::uint32_t>> told;
    for (const auto& row : outbox) {
        std::uint32_t no = 0;
        if (row.item.kind == engine::instruction_kind) {
            const auto instruction = engine::decode_instruction(row.item.payload);
            if (instruction) no = instruction->no.value;
        } else if (row.item.kind == engine::payout_kind) {
            const auto payout = engine::decode_payout(row.item.payload);
            if (payout) no = payout->no.value;
        } else {
            continue;
        }
        if (no == 0) return "a row of the outbox cannot be read";
        if (!told.emplace(row.stream, no).second) return "money is told to leave twice";
    }
    for (const auto& [stream, audited] : streams) {
        const auto& instructions = audited.world.order.instructions;
        for (std::uint32_t i = 0; i < instructions.size(); ++i)
            if (instructions[i].state == order::InstructionState::pending &&
                !told.contains({stream, i + 1}))
                return "an instruction is told to nobody";
        for (std::uint32_t i = 0; i < audited.book.payouts.size(); ++i)
            if (audited.book.payouts[i].state == ledger::PayoutState::in_flight &&
                !told.contains({stream, i + 1}))
                return "a payout is told to nobody";
    }
    return {};
}

// All that is kept, as text.
inline std::string kept_text(store::Store& store) {
    std::string text;
    const auto add = [&](const auto&... parts) { ((text.append(parts).append("|")), ...); };
    const auto number = [](auto value) { return std::to_string(value); };
    for (const auto kind : {store::StreamKind::order, store::StreamKind::party})
        store.scan(kind, [&](const store::IndexRow& row) {
            add("\nindex", to_base32(row.stream.bytes), number(row.version), row.system,
                row.reference, to_string(row.seen_at),
                row.next_deadline ? to_string(*row.next_deadline) : "", row.facts);
            const auto history = store.load(row.stream);
            for (const auto& event : history.events)
                add("\n", number(event.seq), to_string(event.at), event.kind, number(event.v),
                    event.payload, event.cause, to_hex(event.hash));
            for (const auto& request : history.requests)
                add("\nkey", request.key, to_hex(request.hash), number(request.first_seq),
                    number(request.version));
            for (const auto& entry : store.balances(row.stream))
                add("\nentry", entry.account, to_string(entry.amount));
            return true;
        });
    for (const auto& row : store.outbox(0, 100'000))
        add("\noutbox", number(row.no), to_base32(row.stream.bytes), number(row.seq), row.item.kind,
            row.item.payload, to_string(row.item.due), number(static_cast<int>(row.state)),
            number(row.attempts), row.problem);
    return text;
}

// --- A process that is killed

// Runs `live`, which does not come back, in a process of its own, which tells through the pipe that
// it is given; kills it `after` its first word, so that the kill meets works under way. Gives what
// it told: each whole or not at all, being shorter than what a pipe splits.
template <class Told>
std::vector<Told> told_until_killed(const std::function<void(int pipe)>& live,
                                    std::chrono::microseconds after) {
    std::array<int, 2> ends{};
    REQUIRE(::pipe(ends.data()) == 0);
    const auto child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        ::close(ends[0]);
        try {
            live(ends[1]);
        } catch (const std::exception& broken) {
            std::fprintf(stderr, "the engine's process: %s\n", broken.what());
        }
        ::_exit(EXIT_FAILURE);
    }
    ::close(ends[1]);
    std::vector<Told> told;
    Told one;
    if (::read(ends[0], &one, sizeof one) == sizeof one) told.push_back(one);
    std::this_thread::sleep_for(after);
    CHECK(::kill(child, SIGKILL) == 0);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status));
    while (::read(ends[0], &one, sizeof one) == sizeof one) told.push_back(one);
    ::close(ends[0]);
    return told;
}

// --- What may be asked of a party's book

// `reference` is the processor's, of money paid in.
inline decltype(engine::Work::what) some_party_work(Random& random, const ledger::PartyBook& book,
                                                    const Word& reference, Instant now) {
    const auto currency = random.one_of({Currency::eur, Currency::jpy, *parse_currency("KWD")});
    const auto owed = -book.of(ledger::Account::debt, currency);
    const auto amount = random.between(1, 3'000);
    const auto ask = [](ledger::Request request) {
        return ledger::Command{.request = std::move(request)};
    };
    const auto see = [&](ledger::Seen seen) {
        return ledger::Observation{.when = now, .seen = std::move(seen)};
    };
    switch (random.below(20)) {
    case 0:
    case 1:
        return ask(
            ledger::SetReserve{.basis_points = static_cast<std::int32_t>(random.below(4'000)),
                               .days = static_cast<std::int32_t>(random.between(1, 60))});
    case 2: return ask(ledger::HoldPayouts{.reason = random.any<ledger::HoldReason>()});
    case 3:
    case 4:
    case 5: return ask(ledger::LiftHold{.reason = random.any<ledger::HoldReason>()});
    case 6: return ask(ledger::Fine{.currency = currency, .amount = amount, .clause = Word("c")});
    case 7: {
        order::PartyId by;
        by.bytes[0] = 1;
        return ask(ledger::WriteOffDebt{
            .currency = currency, .amount = owed > 0 ? random.between(1, owed) : amount, .by = by});
    }
    case 8: return ask(ledger::SetDepositCover{.covers_debt = random.chance(50)});
    case 9:
        return see(
            ledger::SeeDepositPaid{.reference = reference, .currency = currency, .amount = amount});
    case 10:
        return see(
            ledger::SeeDebtPaid{.reference = reference, .currency = currency, .amount = amount});
    default: return ask(ledger::BatchPayout{.currency = currency});
    }
}

}  // namespace holdfast::test
