// The real engine over a store that fails: random parties and processors from one seed, an
// independent auditor after every step, then healing until all is quiet.
//
// HOLDFAST_LONG=n sets the number of runs, HOLDFAST_SEED=n repeats one.
#include "order_random.h"

#include "engine/auditor.h"
#include "engine/courier.h"
#include "engine/outbox_text.h"
#include "engine/sandbox_processor.h"
#include "store/codec/event_codec.h"
#include "store/memory/memory_store.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace holdfast::test {
namespace {

using namespace engine;
using namespace std::chrono;

constexpr Instant first_day{sys_days{year{2026} / 3 / 2} + 9h};

struct Seen {
    std::uint64_t steps = 0, works = 0, acknowledged = 0, replays = 0, reused = 0, refusals = 0,
                  defaults = 0, conflicts = 0, down_before = 0, down_after = 0, restarts = 0,
                  processor_breaks = 0, transfers = 0, payouts = 0, settled = 0;
};

// A store whose writes fail when told: before anything happened, after all did (the answer is
// lost), or because another program wrote one of the streams first.
class FaultyStore final : public store::Store {
public:
    explicit FaultyStore(Seen& seen) : seen_(seen), kept_(store::make_memory_store()) {}

    enum class Fault { none, before, after };
    void fail_next(Fault fault) { fault_ = fault; }
    void meddle_next(std::function<void(store::Store&)> meddle) { meddle_ = std::move(meddle); }
    store::Store& kept() { return *kept_; }

    std::vector<std::expected<store::Receipt, store::NotWritten>> write_all(
        std::span<const store::Change> changes) override {
        if (auto meddle = std::exchange(meddle_, {})) {
            meddle(*kept_);
            ++generation_;
        }
        const auto fault = std::exchange(fault_, Fault::none);
        if (fault == Fault::before) {
            ++seen_.down_before;
            throw store::StoreDown("no disk");
        }
        auto results = kept_->write_all(changes);
        if (fault == Fault::after) {
            ++seen_.down_after;
            throw store::StoreDown("no answer from the disk");
        }
        return results;
    }
    std::expected<store::Receipt, store::NotWritten> write(const store::Change& change) override {
        return write_all({&change, 1}).front();
    }

    std::uint64_t generation() override { return generation_; }
    store::History load(const store::StreamId& stream) override { return kept_->load(stream); }
    std::optional<store::IndexRow> find(const store::StreamId& stream) override {
        return kept_->find(stream);
    }
    void scan(store::StreamKind kind,
              const std::function<bool(const store::IndexRow&)>& visit) override {
        kept_->scan(kind, visit);
    }
    std::uint64_t count(store::StreamKind kind) override { return kept_->count(kind); }
    std::vector<store::StreamId> search(std::string_view term, bool prefix,
                                        std::size_t limit) override {
        return kept_->search(term, prefix, limit);
    }
    std::vector<store::IndexRow> due(Instant now, std::size_t limit) override {
        return kept_->due(now, limit);
    }
    std::vector<store::OutboxRow> outbox_due(std::string_view kind, Instant now,
                                             std::size_t limit) override {
        return kept_->outbox_due(kind, now, limit);
    }
    std::vector<store::OutboxRow> outbox(std::uint64_t after, std::size_t limit) override {
        return kept_->outbox(after, limit);
    }
    void update_outbox(std::span<const store::OutboxUpdate> updates) override {
        kept_->update_outbox(updates);
    }
    void end_outbox(std::span<const std::uint64_t> rows) override { kept_->end_outbox(rows); }
    std::vector<store::Entry> balances(const store::StreamId& stream) override {
        return kept_->balances(stream);
    }
    std::vector<store::Entry> balances_of(store::StreamKind kind) override {
        return kept_->balances_of(kind);
    }
    std::vector<std::string> person_marks(std::span<const store::Person> people) override {
        return kept_->person_marks(people);
    }
    std::optional<store::Person> person_of(std::string_view mark) override {
        return kept_->person_of(mark);
    }
    std::optional<std::string> find_person_mark(std::string_view email) override {
        return kept_->find_person_mark(email);
    }
    bool erase_person(std::string_view mark) override { return kept_->erase_person(mark); }
    void record_import(const store::ImportRecord& record) override { kept_->record_import(record); }
    std::optional<store::ImportRecord> find_import(const Hash& hash) override {
        return kept_->find_import(hash);
    }
    std::vector<store::ImportRecord> imports() override { return kept_->imports(); }
    std::optional<std::string> find_damage() override { return kept_->find_damage(); }

private:
    Seen& seen_;
    std::unique_ptr<store::Store> kept_;
    Fault fault_ = Fault::none;
    std::uint64_t generation_ = 0;
    std::function<void(store::Store&)> meddle_;
};

struct Acknowledged {
    std::uint64_t version = 0, first_seq = 0;
    Work work;
};

class Simulation {
public:
    Simulation(std::uint64_t seed, Seen& seen) : random_(seed), seen_(seen), store_(seen) {
        rules_.add(marketplace_terms());
        restart();
    }

    // The first thing that went wrong, or nothing.
    std::string run(int steps) {
        for (int i = 0; i < 8; ++i) place();
        for (int i = 0; i < steps && error_.empty(); ++i) {
            ++seen_.steps;
            step();
            audit();
        }
        heal();
        if (error_.empty()) check_end();
        return error_;
    }

private:
    void fail(const std::string& what) {
        if (error_.empty()) error_ = what;
    }

    void restart() {
        if (writer_) add_counts();
        writer_ = std::make_unique<Writer>(store_, rules_, WriterOptions{.cached_streams = 6});
        port_ = std::make_unique<DirectPort>(store_, *writer_);
        courier_ = std::make_unique<Courier>(*port_, processor_);
    }
    void add_counts() {
        seen_.defaults += writer_->counts().defaults;
        seen_.conflicts += writer_->counts().conflicts;
        seen_.settled += courier_->counts().settled;
    }

    order::Order state_of(const store::StreamId& stream) {
        order::Order order;
        for (const auto& event : store_.load(stream).events)
            order::evolve(order, store::decode_order_event(event).value());
        return order;
    }

    Chooser chooser(World& world, const store::StreamId& stream) {
        world.order = state_of(stream);
        return {random_, world, now_};
    }

    // --- What happens

    void place() {
        World nobody;
        Chooser chooser(random_, nobody, now_);
        const order::Place* place = nullptr;
        order::Command command;
        while (!place) {
            command = chooser.command();
            place = std::get_if<order::Place>(&command.request);
        }
        PlaceOrder order{.account = "shop",
                         .reference = "R" + std::to_string(streams_.size()),
                         .placed_at = now_,
                         .placement = place->placement};
        order.placement.terms = terms::pin_of(marketplace_terms());
        order.placement.seller.bytes[15] = static_cast<std::uint8_t>(1 + random_.below(3));
        sellers_.insert(party_stream(order.placement.seller));
        const auto stream = order_stream(order.account, order.reference, order.placed_at);
        Work work{.stream = stream, .what = std::move(order), .received_at = now_};
        give_key(work);
        const auto answer = run({std::move(work)}).front();
        if (answer.outcome == Outcome::done) streams_.push_back(stream);
    }

    void give_key(Work& work) {
        work.key = "k" + std::to_string(++keys_);
        work.request_hash = hash_of(work.key);
    }

    Work some_work() {
        const auto stream = random_.pick(streams_);
        World world;
        auto chosen = chooser(world, stream);
        Work work{.stream = stream, .what = Tick{}, .received_at = now_, .cause = "simulation"};
        if (world.order.placed && world.order.money.captured == 0 && random_.chance(60))
            work.what = order::Observation{now_, order::SeeCaptured{order::total_of(world.order)}};
        else if (world.order.shipments.empty() && random_.chance(40))
            work.what = order::Observation{
                now_, order::SeeShipped{.lines = {}, .tracking = "T", .replaces = {}}};
        else if (random_.chance(30))
            work.what = observation(chosen);
        else
            work.what = chosen.command();
        if (random_.chance(70)) give_key(work);
        if (random_.chance(10))
            work.if_version = world.order.version + (random_.chance(50) ? 0U : 1U);
        return work;
    }

    // What became of money is for the processor alone to say.
    static order::Observation observation(Chooser& chooser) {
        while (true) {
            auto one = chooser.observation();
            if (!std::holds_alternative<order::SeeInstruction>(one.seen)) return one;
        }
    }

    Work old_work() {
        auto at = acknowledged_.begin();
        std::advance(at, random_.below(std::ssize(acknowledged_)));
        auto work = at->second.work;
        work.received_at = now_;
        if (random_.chance(30)) work.request_hash = hash_of("another");
        return work;
    }

    void step() {
        const auto what = random_.below(100);
        if (what < 8) now_ += minutes{random_.between(1, 24 * 60)};
        if (what < 2) now_ += days{random_.between(1, 30)};
        if (what < 55) {
            std::vector<Work> works;
            for (auto i = random_.between(1, 8); i > 0; --i)
                works.push_back(!acknowledged_.empty() && random_.chance(10) ? old_work()
                                                                             : some_work());
            arm_fault();
            run(std::move(works));
        } else if (what < 70) {
            arm_fault();
            writer_->sweep(now_, 5);
        } else if (what < 82) {
            arm_fault();
            seen_.transfers += writer_->carry(now_, 5);
        } else if (what < 92) {
            script_processor();
            courier_->round(now_, 5);
        } else if (what < 95) {
            batch_payouts();
        } else if (what < 97) {
            ++seen_.restarts;
            restart();
        } else {
            place();
        }
        store_.fail_next(FaultyStore::Fault::none);
        store_.meddle_next({});
    }

    void arm_fault() {
        if (random_.chance(6)) store_.fail_next(FaultyStore::Fault::before);
        if (random_.chance(6)) store_.fail_next(FaultyStore::Fault::after);
        if (random_.chance(10)) {
            // Another program has the stream caught up, or pays it, first.
            Work work{.stream = random_.pick(streams_), .what = Tick{}, .received_at = now_};
            if (random_.chance(50))
                work.what = order::Observation{now_, order::SeeCaptured{.amount = 7}};
            store_.meddle_next([this, work](store::Store& kept) {
                Writer other(kept, rules_);
                other.run({&work, 1});
            });
        }
    }

    void script_processor() {
        const auto next = random_.any<Script>();
        processor_.script(next);
        if (next == Script::execute_and_break || next == Script::break_before)
            ++seen_.processor_breaks;
    }

    void batch_payouts() {
        for (const auto& seller : sellers_)
            for (const auto currency : {Currency::eur, Currency::jpy}) {
                const Work work{
                    .stream = seller,
                    .what = ledger::Command{.request = ledger::BatchPayout{.currency = currency}},
                    .received_at = now_};
                if (writer_->run({&work, 1}).front().outcome == Outcome::done) ++seen_.payouts;
            }
    }

    std::vector<Answer> run(std::vector<Work> works) {
        const auto answers = writer_->run(works);
        for (std::size_t i = 0; i < works.size(); ++i) note(works[i], answers[i]);
        return answers;
    }

    void note(const Work& work, const Answer& answer) {
        ++seen_.works;
        if (answer.outcome == Outcome::refused) ++seen_.refusals;
        if (answer.outcome == Outcome::damaged || answer.outcome == Outcome::terms_unknown)
            fail("an answer that cannot be: " + std::string(to_string(answer.outcome)));
        if (work.key.empty()) return;
        const auto known = acknowledged_.find(work.key);
        if (answer.outcome == Outcome::key_reused) ++seen_.reused;
        if (answer.outcome == Outcome::replayed) {
            ++seen_.replays;
            if (known != acknowledged_.end() && (known->second.version != answer.version ||
                                                 known->second.first_seq != answer.first_seq))
                fail("the key " + work.key + " was answered with another receipt");
        }
        if (answer.outcome != Outcome::done || answer.first_seq == 0) return;
        if (known != acknowledged_.end()) fail("the key " + work.key + " had two effects");
        ++seen_.acknowledged;
        acknowledged_.emplace(work.key, Acknowledged{answer.version, answer.first_seq, work});
    }

    // --- What must hold, from the store alone

    void audit() {
        AuditCounts counts;
        if (auto problem = find_disagreement(store_.kept(), counts)) fail(*problem);
        for (const auto& stream : streams_) {
            const auto history = store_.load(stream);
            std::set<std::string> keys;
            for (const auto& request : history.requests)
                if (!keys.insert(request.key).second) fail("a key stands twice: " + request.key);
            const auto live = writer_->look_up(stream);
            if (!live || !*live) {
                fail("the engine cannot read a stream");
            } else if ((*live)->version() != history.version) {
                fail("the engine is behind its store");
            } else if (std::get<LiveOrder>((*live)->what).state != state_of(stream)) {
                fail("the engine believes what the store does not say");
            }
        }
        for (const auto& [key, one] : acknowledged_) {
            const auto history = store_.load(one.work.stream);
            const auto found = std::ranges::find(history.requests, key, &store::KeptRequest::key);
            if (found == history.requests.end() || found->version != one.version ||
                found->first_seq != one.first_seq)
                fail("an acknowledged work is lost: " + key);
        }
    }

    // --- The end

    void heal() {
        constexpr int rounds_max = 2'000;
        for (int round = 0; round < rounds_max && error_.empty(); ++round) {
            now_ += days{3};
            while (writer_->sweep(now_, 50) > 0) {
            }
            while (writer_->carry(now_, 50) > 0) {
            }
            courier_->round(now_, 50);
            repeat_failed();
            const bool is_quiet =
                store_.due(now_ + days{4'000}, 1).empty() && store_.outbox(0, 1).empty();
            if (is_quiet) return;
        }
        std::string left;
        for (const auto& row : store_.outbox(0, 3))
            left += " row " + std::to_string(row.no) + " " + row.item.kind + " " +
                    std::to_string(static_cast<int>(row.state)) + " " + row.item.payload + " " +
                    row.problem + ";";
        for (const auto& row : store_.due(now_ + days{4'000}, 3))
            left += " due " + row.reference + " " + to_string(*row.next_deadline) + ";";
        for (const auto& [stream, why] : writer_->set_aside()) left += " aside: " + why + ";";
        fail("it does not come to rest:" + left);
    }

    void repeat_failed() {
        for (const auto& stream : streams_) {
            const auto order = state_of(stream);
            for (std::size_t i = 0; i < order.instructions.size(); ++i) {
                const auto& told = order.instructions[i];
                if (told.state != order::InstructionState::failed || told.again) continue;
                const Work work{
                    .stream = stream,
                    .what = order::Command{.by = order::Party::platform,
                                           .request =
                                               order::RepeatInstruction{
                                                   order::nth<order::InstructionNo>(i)}},
                    .received_at = now_};
                writer_->run({&work, 1});
            }
        }
    }

    void check_end() {
        audit();
        for (const auto& stream : streams_) {
            const auto order = state_of(stream);
            if (order.money.held != 0) fail("an order holds money for ever");
            for (const auto& one : order.instructions)
                if (one.state == order::InstructionState::pending) fail("an instruction is stuck");
        }
        if (!writer_->set_aside().empty()) fail("an order was set aside");
        std::map<Currency, order::Minor> transit;
        for (const auto kind : {store::StreamKind::order, store::StreamKind::party})
            for (const auto& [account, amount] : store_.balances_of(kind))
                if (account == "transit") transit[amount.currency()] += amount.minor();
        for (const auto& [currency, sum] : transit)
            if (sum != 0) fail("money is still in transit");
        if (auto damage = store_.find_damage()) fail(*damage);
        check_processor();
        add_counts();
    }

    // Every unit that the processor moved is in the books, under its key, and no other.
    void check_processor() {
        std::vector<Outgoing> ours;
        for (const auto& stream : streams_) {
            const auto order = state_of(stream);
            for (std::size_t i = 0; i < order.instructions.size(); ++i) {
                const auto& told = order.instructions[i];
                if (told.state != order::InstructionState::succeeded) continue;
                ours.push_back(*outgoing_of(
                    row_of(stream, instruction_kind,
                           encode(InstructionText{.no = order::nth<order::InstructionNo>(i),
                                                  .kind = told.kind,
                                                  .currency = order.currency(),
                                                  .amount = told.amount}))));
            }
        }
        for (const auto& seller : sellers_) {
            const auto live = writer_->look_up(seller);
            if (!live || !*live) continue;
            const auto& payouts = std::get<LiveParty>((*live)->what).state.payouts;
            for (std::size_t i = 0; i < payouts.size(); ++i)
                if (payouts[i].state == ledger::PayoutState::succeeded)
                    ours.push_back(*outgoing_of(
                        row_of(seller, payout_kind,
                               encode(PayoutText{.no = {static_cast<std::uint32_t>(i + 1)},
                                                 .currency = payouts[i].currency,
                                                 .amount = payouts[i].amount}))));
        }
        for (const auto& difference : reconcile(ours, processor_.list())) fail(difference);
    }

    static store::OutboxRow row_of(const store::StreamId& stream, std::string_view kind,
                                   std::string payload) {
        return {.stream = stream,
                .item = {.kind = std::string(kind), .payload = std::move(payload), .due = {}}};
    }

    Random random_;
    Seen& seen_;
    RulesBook rules_;
    FaultyStore store_;
    SandboxProcessor processor_;
    std::unique_ptr<Writer> writer_;
    std::unique_ptr<DirectPort> port_;
    std::unique_ptr<Courier> courier_;
    std::vector<store::StreamId> streams_;
    std::set<store::StreamId> sellers_;
    std::map<std::string, Acknowledged> acknowledged_;
    std::uint64_t keys_ = 0;
    Instant now_ = first_day;
    std::string error_;
};

std::uint64_t number_of(const char* variable, std::uint64_t otherwise) {
    const char* text = std::getenv(variable);
    return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

}  // namespace

TEST_CASE("lives in the engine: every acknowledged work survives, every unit is accounted for") {
    Seen seen;
    const auto runs = number_of("HOLDFAST_LONG", is_sanitized ? 2 : 20);
    const auto only = number_of("HOLDFAST_SEED", 0);
    for (std::uint64_t seed = only ? only : 1; seed <= (only ? only : runs); ++seed) {
        const auto error = Simulation(seed, seen).run(120);
        CHECK_MESSAGE(error.empty(), "HOLDFAST_SEED=" << seed << ": " << error);
        if (!error.empty()) return;
    }
    MESSAGE("runs: " << runs << ", steps: " << seen.steps << ", works: " << seen.works
                     << ", acknowledged: " << seen.acknowledged << ", refused: " << seen.refusals
                     << ", defaults: " << seen.defaults);
    MESSAGE("store down before: " << seen.down_before << ", after: " << seen.down_after
                                  << ", conflicts: " << seen.conflicts
                                  << ", restarts: " << seen.restarts << ", processor silent: "
                                  << seen.processor_breaks << ", replays: " << seen.replays
                                  << ", keys reused: " << seen.reused << ", transfers: "
                                  << seen.transfers << ", payouts: " << seen.payouts
                                  << ", settled: " << seen.settled);
    if (only) return;
    for (const auto count : {seen.acknowledged, seen.refusals, seen.defaults, seen.down_before,
                             seen.down_after, seen.conflicts, seen.restarts, seen.processor_breaks,
                             seen.replays, seen.reused, seen.transfers, seen.payouts, seen.settled})
        CHECK(count > 0);
}

}  // namespace holdfast::test
