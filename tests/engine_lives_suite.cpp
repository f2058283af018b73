// The real engine over a store that fails: random parties and processors from one seed, an
// independent auditor after every step, then healing until all is quiet.
//
// HOLDFAST_LONG=n sets the number of runs, HOLDFAST_SEED=n repeats one.
#include "engine_world.h"

#include "engine/auditor.h"
#include "engine/courier.h"
#include "engine/outbox_text.h"
#include "engine/reconciliation.h"
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

struct Acknowledged {
    std::uint64_t version = 0, first_seq = 0;
    Work work;
};

class Simulation {
public:
    Simulation(std::uint64_t seed, Seen& seen) : random_(seed), seen_(seen) {
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
        seen_.down_before += store_.counts.before;
        seen_.down_after += store_.counts.after;
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
        store_.odds = {};
    }

    void arm_fault() {
        store_.odds = {.before = 6, .after = 6, .between = 10};
        // Another program has a stream caught up, or pays it, first.
        store_.between = [this](std::span<const store::Change>) {
            Work work{.stream = random_.pick(streams_), .what = Tick{}, .received_at = now_};
            if (random_.chance(50))
                work.what = order::Observation{now_, order::SeeCaptured{.amount = 7}};
            Writer other(*shared_.store, rules_);
            other.run({&work, 1});
            ++shared_.writes;
        };
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
        if (auto problem = find_disagreement(*shared_.store, counts)) fail(*problem);
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
        for (const auto& [stream, aside] : writer_->set_aside())
            left += " aside: " + aside.why + ";";
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
        const auto ours = payments_of(store_);
        if (!ours) return fail(ours.error());
        for (const auto& difference : find_differences(*ours, processor_.list().value()))
            fail(difference);
    }

    Random random_;
    Seen& seen_;
    RulesBook rules_;
    SharedStore shared_{.store = store::make_memory_store()};
    FaultyStore store_{shared_, random_};
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

}  // namespace

TEST_CASE("lives in the engine: every acknowledged work survives, every unit is accounted for") {
    Seen seen;
    const auto runs = number_of("HOLDFAST_LONG", is_sanitized ? 8 : 20);
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
