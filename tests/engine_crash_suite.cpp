// Real engines on a real file that are killed in the middle of random lives, with a witness outside
// who has written down what was acknowledged; and two programs that race for the same orders.
//
// HOLDFAST_LONG=n sets the number of kills, HOLDFAST_SEED=n the seed.
#include "engine_world.h"

#include "cli_fixture.h"
#include "engine/auditor.h"
#include "engine/engine.h"
#include "store/sqlite/sqlite_store.h"

#include <atomic>
#include <barrier>
#include <condition_variable>
#include <mutex>

namespace holdfast::test {
namespace {

using namespace engine;
using namespace std::chrono;

constexpr std::uint64_t slots = 64;
constexpr Instant epoch{sys_days{year{2026} / 3 / 2} + 9h};

const RulesBook& patient_book() {  // an engine's request may take long, since its time runs fast
    static const auto book = [] {
        RulesBook made(hours{30});
        made.add(marketplace_terms());
        return made;
    }();
    return book;
}

// --- Lives that both the engine's process and the witness can work out

// Order `number` lives in slot `number % slots`, after `number - slots` is over; those below
// `slots` never were.
PlaceOrder order_of(std::uint64_t number) {
    Random random(number * 31 + 7);
    order::Placement placed;
    placed.buyer.bytes[15] = static_cast<std::uint8_t>(100 + number % 50);
    placed.seller.bytes[15] = static_cast<std::uint8_t>(1 + number % 4);
    placed.lines = {{.sku = Word("mug"),
                     .quantity = static_cast<std::int32_t>(random.between(1, 3)),
                     .unit_price = random.between(100, 9'000)}};
    placed.shipping = random.between(0, 700);
    placed.commission_basis_points = 800;
    placed.terms = terms::pin_of(marketplace_terms());
    if (random.chance(70)) placed.promised_by = epoch + days{number % 60};
    return {.account = "shop",
            .reference = std::to_string(number),
            .placed_at = epoch + seconds{number},
            .placement = placed};
}
store::StreamId stream_of(std::uint64_t number) {
    const auto placing = order_of(number);
    return order_stream(placing.account, placing.reference, placing.placed_at);
}

struct Step {
    std::uint64_t number = 0, step = 0;
};

std::string key_of(const Step& at, std::uint64_t round) {
    return "k" + std::to_string(round) + "-" + std::to_string(at.step);
}

// What is asked next of an order that stands so.
Work work_of(const Step& at, std::uint64_t round, const order::Order& order, Instant now) {
    Work work{.stream = stream_of(at.number), .what = Tick{}, .received_at = now};
    work.key = order.placed ? key_of(at, round) : "placing";
    work.request_hash = hash_of(work.key);
    work.cause = "key:" + work.key;
    if (!order.placed) {
        work.what = order_of(at.number);
        return work;
    }
    Random random(at.number * 7'919 + round * 104'729 + at.step);
    World world;
    world.order = order;
    Chooser chooser(random, world, now);
    if (order.money.captured == 0 && random.chance(70))
        work.what =
            order::Observation{.when = now, .seen = order::SeeCaptured{order::total_of(order)}};
    else if (order.shipments.empty() && random.chance(50))
        work.what = order::Observation{
            .when = now, .seen = order::SeeShipped{.lines = {}, .tracking = "T", .replaces = {}}};
    else if (random.chance(40))
        work.what = chooser.observation();
    else
        work.what = chooser.command();
    return work;
}

std::optional<order::Order> state_of(Writer& writer, const store::StreamId& stream) {
    const auto live = writer.look_up(stream);
    if (!live) throw std::runtime_error(live.error());
    if (!*live) return std::nullopt;
    return std::get<LiveOrder>((*live)->what).state;
}

// The next step of the order in the slot, or the first of the one after it.
Step next_step(Writer& writer, Step last, order::Order& state) {
    auto order = state_of(writer, stream_of(last.number));
    if (order ? order->is_over() : last.step == 0) {
        last = {.number = last.number + slots, .step = 0};
        order = state_of(writer, stream_of(last.number));
    } else {
        ++last.step;
    }
    state = order.value_or(order::Order{});
    return last;
}

// --- The process that is killed

// What the child tells of each answer: whole or not at all in a pipe, being so short.
struct Told {
    Step at;
    Outcome outcome = Outcome::done;
    std::uint64_t version = 0, first_seq = 0;
};

// A clock that runs half a million times as fast; both hands from one look.
Clock fast_clock(Instant start) {
    struct Hands {
        steady_clock::time_point began = steady_clock::now();
        std::atomic<std::int64_t> nanoseconds_passed = 0;
    };
    const auto hands = std::make_shared<Hands>();
    return {.wall =
                [hands, start] {
                    const nanoseconds passed = (steady_clock::now() - hands->began) * 500'000;
                    hands->nanoseconds_passed = passed.count();
                    return start + floor<Duration>(passed);
                },
            .monotonic = [hands] { return nanoseconds(hands->nanoseconds_passed.load()); }};
}

class Victim {
public:
    Victim(const std::string& path, std::uint64_t round, Instant start, int pipe)
        : round_(round),
          pipe_(pipe),
          store_(store::open_sqlite(path, {.cache_mib = 8, .exclusive = true})),
          engine_(*store_, patient_book(), fast_clock(start), options()) {}

    // Each slot has one work under way; each answer makes its slot ready for the next.
    [[noreturn]] void live(const std::vector<Step>& last) {
        ready_ = last;
        while (true) {
            std::vector<Step> ready;
            {
                std::unique_lock lock(mutex_);
                some_are_ready_.wait(lock, [this] { return !ready_.empty(); });
                ready.swap(ready_);
            }
            std::vector<std::pair<Step, Work>> works;
            std::vector<Work> words;
            const auto now = engine_.now();
            engine_.with_store([&](store::Store& store, Writer& writer) {
                for (const auto& one : ready) {
                    order::Order state;
                    const auto at = next_step(writer, one, state);
                    works.emplace_back(at, work_of(at, round_, state, now));
                }
                words = words_of_processor(store, now);
            });
            for (auto& work : words) engine_.submit(std::move(work), [](const Answer&) {});
            for (auto& [at, work] : works)
                engine_.submit(std::move(work),
                               [this, at](const Answer& one) { answered(at, one); });
        }
    }

private:
    static EngineOptions options() {
        EngineOptions options;
        options.request_time = hours{24};
        options.heartbeat_every = hours{12};
        options.outage_least = hours{24};
        return options;
    }

    void answered(const Step& at, const Answer& answer) {
        const Told told{at, answer.outcome, answer.version, answer.first_seq};
        if (::write(pipe_, &told, sizeof told) != sizeof told) ::_exit(2);
        {
            const std::scoped_lock lock(mutex_);
            ready_.push_back(at);
        }
        some_are_ready_.notify_one();
    }

    std::vector<Work> words_of_processor(store::Store& store, Instant now) {
        std::vector<Work> works;
        for (const auto& row : store.outbox_due(instruction_kind, now, 8)) {
            const auto told = decode_instruction(row.item.payload).value();
            const auto state = row.no % 7 == 0 ? order::InstructionState::failed
                                               : order::InstructionState::succeeded;
            works.push_back(
                {.stream = row.stream,
                 .what =
                     order::Observation{.when = now, .seen = order::SeeInstruction{told.no, state}},
                 .cause = "processor",
                 .delivers = {row.no}});
        }
        return works;
    }

    std::uint64_t round_;
    int pipe_;
    std::unique_ptr<store::Store> store_;
    std::mutex mutex_;
    std::condition_variable some_are_ready_;
    std::vector<Step> ready_;
    Engine engine_;
};

// --- The witness

struct Witnessed {
    std::uint64_t kills = 0, kills_with_some = 0, acknowledged = 0, with_effect = 0, refused = 0,
                  unacknowledged_there = 0, done_by_repeating = 0, repeated_without_effect = 0;
    std::uint64_t orders = 0, events = 0, events_by_time = 0, transfers = 0;  // in the end
};

class Witness {
public:
    Witness(std::string path, std::uint64_t seed) : path_(std::move(path)), random_(seed) {
        for (std::uint64_t i = 0; i < slots; ++i) last_.push_back({.number = i, .step = 0});
    }

    void kill_one() {
        ++seen.kills;
        const auto told = run_and_kill();
        seen.acknowledged += told.size();
        if (!told.empty()) ++seen.kills_with_some;

        const auto store = store::open_sqlite(path_, {.cache_mib = 8, .exclusive = true});
        CHECK(store->find_damage() == std::nullopt);
        for (const auto& one : told) check_told(*store, one);
        audit(*store);
        repeat(*store);
        audit(*store);
        round_ += 1;
        now_ += hours{random_.below(72)};
    }

    Witnessed seen;

private:
    std::vector<Told> run_and_kill() {
        const auto began = steady_clock::now();
        auto told = told_until_killed<Told>(
            [&](int pipe) { Victim(path_, round_, now_, pipe).live(last_); },
            microseconds{random_.below(is_sanitized ? 150'000 : 60'000)});
        now_ += floor<Duration>((steady_clock::now() - began) * 500'000) + hours{1};
        return told;
    }

    void check_told(store::Store& store, const Told& told) {
        auto& last = last_.at(told.at.number % slots);
        const bool is_next_order = told.at.number > last.number;
        if (is_next_order || (told.at.number == last.number && told.at.step > last.step))
            last = told.at;
        if (told.outcome == Outcome::refused) ++seen.refused;
        CAPTURE(told.at.number);
        CAPTURE(std::string(to_string(told.outcome)));
        const bool can_be = told.outcome == Outcome::done || told.outcome == Outcome::replayed ||
                            told.outcome == Outcome::refused || told.outcome == Outcome::timed_out;
        CHECK(can_be);
        const bool has_effect = told.first_seq != 0 && (told.outcome == Outcome::done ||
                                                        told.outcome == Outcome::replayed);
        if (!has_effect) return;
        ++seen.with_effect;
        const auto kept = find_key(store, told.at);
        REQUIRE(kept.has_value());
        CHECK(kept->version == told.version);
        CHECK(kept->first_seq == told.first_seq);
    }

    std::optional<store::KeptRequest> find_key(store::Store& store, const Step& at) const {
        const auto history = store.load(stream_of(at.number));
        const auto key = at.step == 0 ? "placing" : key_of(at, round_);
        const auto kept = std::ranges::find(history.requests, key, &store::KeptRequest::key);
        if (kept == history.requests.end()) return std::nullopt;
        return *kept;
    }

    // The one work of each slot that may have been under way, by its own key: done now, or there.
    void repeat(store::Store& store) {
        Writer writer(store, patient_book());
        for (auto& last : last_) {
            Step at{.number = last.number, .step = last.step + 1};
            order::Order state;
            auto kept = find_key(store, at);
            if (!kept) {
                at = {.number = last.number + slots, .step = 0};
                kept = find_key(store, at);
            }
            if (!kept) at = next_step(writer, last, state);
            if (kept) ++seen.unacknowledged_there;
            auto work = work_of(at, round_, state, now_);
            work.key = kept ? kept->key : work.key;
            work.request_hash = hash_of(work.key);
            const auto answer = writer.run({&work, 1}).front();
            const auto again = writer.run({&work, 1}).front();
            if (kept) {
                CHECK(answer.outcome == Outcome::replayed);
                CHECK(answer.version == kept->version);
                CHECK(answer.first_seq == kept->first_seq);
            }
            if (kept || (answer.outcome == Outcome::done && answer.first_seq != 0)) {
                CHECK(again.outcome == Outcome::replayed);
                CHECK(again.version == answer.version);
                CHECK(again.first_seq == answer.first_seq);
                if (!kept) ++seen.done_by_repeating;
            } else {
                ++seen.repeated_without_effect;
            }
            last = at;
        }
    }

    void audit(store::Store& store) {
        AuditCounts counts;
        CHECK(find_disagreement(store, counts) == std::nullopt);
        StreamAudit auditor(store, patient_book());
        Sums transit;
        std::map<store::StreamId, Audited> streams;
        seen.events = seen.events_by_time = seen.transfers = 0;
        seen.orders = store.count(store::StreamKind::order);
        for (const auto kind : {store::StreamKind::order, store::StreamKind::party})
            store.scan(kind, [&](const store::IndexRow& row) {
                auto& audited = streams[row.stream];
                const auto history = store.load(row.stream);
                CHECK(auditor.check(row.stream, history, audited) == "");
                count(history);
                for (const auto& [currency, sum] : audited.transit) transit[currency] += sum;
                return true;
            });
        const auto outbox = store.outbox(0, 100'000);
        CHECK(transit_error(transit, outbox) == "");
        CHECK(untold_error(streams, outbox) == "");
    }

    void count(const store::History& history) {
        seen.events += history.version;
        for (const auto& event : history.events) {
            seen.events_by_time += event.cause == "time";
            seen.transfers += event.cause == "transfer";
        }
    }

    std::string path_;
    Random random_;
    std::vector<Step> last_;  // of each slot, that was answered
    std::uint64_t round_ = 0;
    Instant now_ = epoch + days{1};
};

// --- Two programs

struct Raced {
    std::uint64_t done = 0, replayed = 0, refused = 0, busy = 0, unavailable = 0, conflicts = 0;
    std::map<std::pair<std::uint64_t, std::string>, Answer> acknowledged;  // order, key
    std::string broken;
};

struct Race {
    std::barrier<> start{2};
    std::atomic<std::uint64_t> met = 0;
};

// Batches over the same eight orders; works with keys of its own, and some that both send.
// Until they have met a few times, and for some time at least.
Raced race(const std::string& path, std::uint64_t who, int batches, Race& both) {
    Raced raced;
    both.start.arrive_and_wait();
    try {
        const auto store = store::open_sqlite(path, {.cache_mib = 8});
        Writer writer(*store, marketplace_book());
        Random random(who);
        auto now = epoch + days{2};
        for (int batch = 0; batch < batches || (both.met < 5 && batch < 30 * batches); ++batch) {
            const auto conflicts = writer.counts().conflicts;
            now += minutes{random.below(3 * 60)};
            std::vector<Work> works;
            std::vector<std::uint64_t> numbers;
            for (std::uint64_t number = 0; number < 8; ++number) {
                const Step at{.number = number, .step = static_cast<std::uint64_t>(batch) + 1};
                const auto state = state_of(writer, stream_of(number)).value_or(order::Order{});
                const auto round = batch % 3 == 0 ? 0 : who;  // 0: the other sends it too
                works.push_back(work_of(at, round, state, now));
                numbers.push_back(number);
            }
            const auto answers = writer.run(works);
            for (std::size_t i = 0; i < answers.size(); ++i) {
                const auto& answer = answers[i];
                raced.done += answer.outcome == Outcome::done;
                raced.replayed += answer.outcome == Outcome::replayed;
                raced.refused += answer.outcome == Outcome::refused;
                raced.busy += answer.outcome == Outcome::busy;
                raced.unavailable += answer.outcome == Outcome::unavailable;
                if (answer.outcome == Outcome::done && answer.first_seq != 0)
                    raced.acknowledged[{numbers[i], works[i].key}] = answer;
            }
            writer.do_chores(now, {.streams = 20, .transfers = 20});
            both.met += writer.counts().conflicts - conflicts;
        }
        raced.conflicts = writer.counts().conflicts;
    } catch (const std::exception& broken) {
        raced.broken = broken.what();
    }
    return raced;
}

}  // namespace

TEST_CASE(
    "killed in the middle of many lives: what was acknowledged is there, all else whole or not") {
    static_cast<void>(patient_book());  // before the fork
    static_cast<void>(marketplace_book());
    const Folder folder;
    const auto kills = number_of("HOLDFAST_LONG", is_sanitized ? 5 : 24);
    Witness witness(folder.file("store.db"), number_of("HOLDFAST_SEED", 11));
    const auto& seen = witness.seen;
    // What a kill meets is chance: some more, where none has met a work between commit and answer.
    const auto has_met = [&] {
        return seen.unacknowledged_there > 0 && seen.done_by_repeating > 0;
    };
    while (seen.kills < kills || (!has_met() && seen.kills < 20 * kills)) witness.kill_one();
    MESSAGE("kills: " << seen.kills << ", acknowledged: " << seen.acknowledged
                      << ", with an effect: " << seen.with_effect << ", refused: " << seen.refused);
    MESSAGE("unacknowledged and there: "
            << seen.unacknowledged_there << ", done by repeating: " << seen.done_by_repeating
            << ", without an effect: " << seen.repeated_without_effect);
    MESSAGE("orders: " << seen.orders << ", events: " << seen.events << ", by time: "
                       << seen.events_by_time << ", transfers: " << seen.transfers);
    CHECK(seen.events_by_time > seen.kills);
    CHECK(seen.transfers > seen.kills);
    CHECK(seen.kills_with_some * 10 >= seen.kills * 9);
    CHECK(seen.with_effect > seen.kills * 20);
    CHECK(seen.unacknowledged_there > 0);
    CHECK(seen.done_by_repeating > 0);
}

TEST_CASE("two programs race for the same orders: nothing acknowledged is lost, and both go on") {
    const Folder folder;
    const auto path = folder.file("store.db");
    static_cast<void>(marketplace_book());
    static_cast<void>(store::open_sqlite(path, {.cache_mib = 8}));  // makes its tables
    const int batches = is_sanitized ? 40 : 150;
    std::array<Raced, 2> raced;
    Race both;
    {
        std::vector<std::jthread> programs;
        for (std::uint64_t who = 0; who < 2; ++who)
            programs.emplace_back([&, who] { raced[who] = race(path, who + 1, batches, both); });
    }
    const auto store = store::open_sqlite(path, {.cache_mib = 8});
    CHECK(store->find_damage() == std::nullopt);
    AuditCounts counts;
    CHECK(find_disagreement(*store, counts) == std::nullopt);
    StreamAudit auditor(*store, marketplace_book());
    for (std::uint64_t number = 0; number < 8; ++number) {
        Audited audited;
        CHECK(auditor.check(stream_of(number), store->load(stream_of(number)), audited) == "");
    }
    for (const auto& [where, answer] : raced[0].acknowledged)
        CHECK_FALSE(raced[1].acknowledged.contains(where));  // one effect, of one of them
    for (const auto& one : raced) {
        CHECK(one.broken == "");
        for (const auto& [where, answer] : one.acknowledged) {
            const auto history = store->load(stream_of(where.first));
            const auto kept =
                std::ranges::find(history.requests, where.second, &store::KeptRequest::key);
            REQUIRE(kept != history.requests.end());
            CHECK(kept->version == answer.version);
            CHECK(kept->first_seq == answer.first_seq);
        }
        MESSAGE("done: " << one.done << ", replayed: " << one.replayed
                         << ", refused: " << one.refused << ", busy: " << one.busy
                         << ", unavailable: " << one.unavailable
                         << ", conflicts: " << one.conflicts);
    }
    CHECK(raced[0].conflicts + raced[1].conflicts > 0);
    CHECK(raced[0].done + raced[1].done > 50);
}

}  // namespace holdfast::test
