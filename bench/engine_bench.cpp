// What the engine costs with a disk under it: lives of orders through the whole engine, and the
// sweep. `bench/engine` runs it, and engine_reference.c beside it.
//
//   engine_bench recipe FOLDER [KEYS]                the rows of one life, for the reference
//   engine_bench life FILE IN_FLIGHT SECONDS [KEYS]  lives one after the other, so many at a time
//   engine_bench fill FILE ORDERS DUE [LIE]          shipped orders, DUE of which time will end
//   engine_bench sweep FILE                          has the engine do what is due in such a file
//
// KEYS: "keys" (the default) or "no_keys". LIE: those that are due lie "apart", evenly among the
// others (the default), or "together", as orders do that were placed and promised about the same
// time. Each prints one line of name=number.

#include "engine_recipe.h"
#include "engine_world.h"

#include "store/memory/memory_store.h"
#include "store/sqlite/sqlite_store.h"

#include <sys/resource.h>

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

namespace holdfast::bench {
namespace {

using Steady = std::chrono::steady_clock;

double seconds(Steady::duration time) { return std::chrono::duration<double>(time).count(); }

double cpu_seconds(clockid_t clock) {
    timespec time{};
    clock_gettime(clock, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

double bytes_of(const std::string& path) {
    std::error_code none;
    const auto size = std::filesystem::file_size(path, none);
    return none ? 0 : static_cast<double>(size);
}

double resident_mib(std::string_view name) {
    std::ifstream file("/proc/self/status");
    for (std::string line; std::getline(file, line);)
        if (line.starts_with(name)) return std::stod(line.substr(name.size())) / 1024;
    return 0;
}

// --- Lives

// What is measured between two moments, read on the engine's thread.
struct Reading {
    Steady::time_point at{};
    std::uint64_t lives = 0, commands = 0;
    WriterCounts counts{};
    double process_cpu = 0, engine_cpu = 0, driver_cpu = 0, in_callbacks = 0;
};

// Keeps so many lives in flight. Each submits its next command from the answer to its last, on the
// engine's thread; a refund that is told is settled by the driver, which reads the outbox.
class Driver {
public:
    Driver(Engine& engine, std::size_t in_flight, Keys keys)
        : engine_(engine), keys_(keys), lives_(in_flight) {}

    void start() {
        for (auto& life : lives_) start_next(life);
    }

    // Settles until then.
    void settle_until(Steady::time_point end) {
        while (true) {
            {
                std::unique_lock lock(mutex_);
                const auto told = [&] { return told_ > 0 || !problem_.empty(); };
                if (!awake_.wait_until(lock, end, told) || Steady::now() >= end) break;
                told_ = 0;
            }
            settle();
        }
        if (!problem_.empty()) throw std::runtime_error(problem_);
    }

    Reading read() {
        Reading reading;
        engine_.with_store([&](store::Store&, Writer& writer) {
            reading = {.at = Steady::now(),
                       .lives = ended_,
                       .commands = latencies_.size(),
                       .counts = writer.counts(),
                       .process_cpu = cpu_seconds(CLOCK_PROCESS_CPUTIME_ID),
                       .engine_cpu = cpu_seconds(CLOCK_THREAD_CPUTIME_ID),
                       .in_callbacks = seconds(in_callbacks_)};
        });
        reading.driver_cpu = cpu_seconds(CLOCK_THREAD_CPUTIME_ID);
        return reading;
    }

    // Once the engine has stopped.
    std::span<float> latencies() { return latencies_; }
    std::uint64_t started() const { return next_; }

private:
    void start_next(Life& life) {
        begin(life, ++next_, engine_.now());
        submit(life);
    }

    void submit(Life& life) {
        life.submitted = Steady::now();
        engine_.submit(work_of(life, wait_for_promise(life), keys_),
                       [this, &life](const Answer& answer) { take(life, answer); });
    }

    // Three commits take longer; where they do not, the buyer waits.
    Instant wait_for_promise(const Life& life) {
        auto now = engine_.now();
        while (life.step == Step::dispute && now < life.placed_at + promised_in)
            now = engine_.now();
        return now;
    }

    void take(Life& life, const Answer& answer) {
        const auto begin = Steady::now();
        if (answer.outcome == Outcome::stopping) return;
        latencies_.push_back(
            std::chrono::duration<float, std::milli>(begin - life.submitted).count());
        if (answer.outcome != Outcome::done) return fail(life, answer);
        life.step = static_cast<Step>(static_cast<int>(life.step) + 1);
        if (life.step == Step::settle) {
            const std::scoped_lock lock(mutex_);
            by_stream_.emplace(life.stream, &life);
            if (told_++ == 0) awake_.notify_one();
        } else if (life.step == Step::count_) {
            ++ended_;
            start_next(life);
        } else {
            submit(life);
        }
        in_callbacks_ += Steady::now() - begin;
    }

    void fail(const Life& life, const Answer& answer) {
        const std::scoped_lock lock(mutex_);
        problem_ = "step " + std::to_string(static_cast<int>(life.step)) + ": " +
                   std::string(to_string(answer.outcome)) + ' ' + answer.problem;
        if (const auto* refusal = std::get_if<order::Refusal>(&answer.refusal))
            problem_ += order::to_string(refusal->code);
        awake_.notify_one();
    }

    // What the outbox has told since last time, each row once.
    void settle() {
        std::vector<store::OutboxRow> rows;
        engine_.with_store(
            [&](store::Store& store, Writer&) { rows = store.outbox(seen_, 4'096); });
        for (const auto& row : rows) {
            seen_ = row.no;
            if (row.item.kind != instruction_kind) continue;
            Life* life = nullptr;
            {
                const std::scoped_lock lock(mutex_);
                const auto found = by_stream_.extract(row.stream);
                if (found.empty()) continue;
                life = found.mapped();
            }
            life->outbox_row = row.no;
            submit(*life);
        }
    }

    Engine& engine_;
    Keys keys_;
    std::vector<Life> lives_;
    std::uint64_t next_ = 0, ended_ = 0;  // on the engine's thread, but for the start
    std::vector<float> latencies_;
    Steady::duration in_callbacks_{};
    std::uint64_t seen_ = 0;

    std::mutex mutex_;  // of what is below
    std::condition_variable awake_;
    std::unordered_map<store::StreamId, Life*, store::HashStreamId> by_stream_;
    std::size_t told_ = 0;
    std::string problem_;
};

void print_life(const Reading& from, const Reading& to, std::span<float> latencies) {
    std::ranges::sort(latencies);
    const auto at = [&](double share) {
        return static_cast<double>(
            latencies[static_cast<std::size_t>(share * static_cast<double>(latencies.size() - 1))]);
    };
    const auto time = seconds(to.at - from.at);
    const auto lives = static_cast<double>(to.lives - from.lives);
    const auto commands = static_cast<double>(to.commands - from.commands);
    const auto changes = static_cast<double>(to.counts.commits - from.counts.commits);
    const auto batches = static_cast<double>(to.counts.batches - from.counts.batches);
    const auto driving = to.driver_cpu - from.driver_cpu + to.in_callbacks - from.in_callbacks;
    const auto process = to.process_cpu - from.process_cpu;
    std::printf(
        "lives=%.0f lives_per_s=%.1f commands_per_s=%.0f p50_ms=%.3f p99_ms=%.3f "
        "batch=%.1f cpu_ms=%.4f process_cpu_ms=%.4f engine_thread_ms=%.4f ",
        lives, lives / time, commands / time, at(0.5), at(0.99), changes / batches,
        (process - driving) * 1e3 / lives, process * 1e3 / lives,
        (to.engine_cpu - from.engine_cpu) * 1e3 / lives);
}

void run_lives(const std::string& path, std::size_t in_flight, double most, Keys keys) {
    auto store = store::open_sqlite(path);
    const auto warm = std::chrono::duration_cast<Steady::duration>(
        std::chrono::duration<double>(std::max(0.5, most / 10)));
    store.reset();  // an empty store has its size on the disk
    const auto before = bytes_of(path);
    store = store::open_sqlite(path);
    std::uint64_t started = 0;
    {
        Engine engine(*store, rules(), fast_clock(begin_at + std::chrono::days{60}),
                      fast_options());
        Driver driver(engine, in_flight, keys);
        driver.start();
        driver.settle_until(Steady::now() + warm);
        const auto from = driver.read();
        driver.settle_until(Steady::now() + std::chrono::duration_cast<Steady::duration>(
                                                std::chrono::duration<double>(most)));
        const auto to = driver.read();
        engine.stop();
        print_life(from, to,
                   driver.latencies().subspan(from.commands, to.commands - from.commands));
        started = driver.started();
    }
    std::printf("rss_mib=%.0f rss_most_mib=%.0f ", resident_mib("VmRSS:"), resident_mib("VmHWM:"));
    store.reset();
    // Lives under way count for a half.
    const auto all = static_cast<double>(started) - static_cast<double>(in_flight) / 2;
    std::printf("bytes=%.0f\n", (bytes_of(path) - before) / all);
}

// --- Many orders

// Placed, paid and shipped as one change, to be stored under other references.
store::Change shipped_order(std::uint32_t seller, Instant promised_by) {
    const auto store = store::make_memory_store();
    Writer writer(*store, rules());
    Life life;
    begin(life, 0, begin_at);
    auto place = work_of(life, begin_at, Keys::none);
    std::get<PlaceOrder>(place.what).placement = placement(seller, promised_by);
    std::vector<Work> works{place};
    for (life.step = Step::pay; life.step <= Step::ship;
         life.step = static_cast<Step>(static_cast<int>(life.step) + 1))
        works.push_back(work_of(life, begin_at + std::chrono::hours{1}, Keys::none));
    for (const auto& answer : writer.run(works))
        if (answer.outcome != Outcome::done)
            throw std::runtime_error("a shipped order was refused");

    store::Change change{.stream = life.stream, .kind = store::StreamKind::order};
    for (const auto& event : store->load(life.stream).events)
        change.events.push_back(
            {.at = event.at, .kind = event.kind, .v = event.v, .payload = event.payload});
    change.index = store->find(life.stream);
    change.entries = store->balances(life.stream);
    return change;
}

void rename(store::Change& change, std::uint64_t number) {
    const auto reference = reference_of(500'000'000 + number);
    change.stream = order_stream("shop", reference, begin_at + Duration{number});
    change.cause = placing_cause("shop", reference);
    change.index->stream = change.stream;
    change.index->reference = reference;
    change.search_terms = {{"order:shop:" + reference}};
}

constexpr std::uint32_t sellers = 100;
constexpr auto sweep_at = begin_at + std::chrono::days{55};  // MP-25: 30 days after the promise

void fill(const std::string& path, std::uint64_t orders, std::uint64_t due, bool together) {
    std::vector<store::Change> ending;
    for (std::uint32_t seller = 1; seller <= sellers; ++seller)
        ending.push_back(shipped_order(seller, begin_at + std::chrono::days{20}));
    const auto pending = shipped_order(1, begin_at + std::chrono::days{400});

    const auto begin = Steady::now();
    const auto store = store::open_sqlite(path);
    std::vector<store::Change> changes;
    for (std::uint64_t i = 0, made = 0; i < orders; ++i) {
        const bool is_due =
            together ? i >= orders / 2 && made < due : made * orders < due * (i + 1);
        changes.push_back(is_due ? ending[made++ % sellers] : pending);
        rename(changes.back(), i);
        if (!is_due) *changes.back().index->next_deadline += Duration{i};
        if (changes.size() < 2'000 && i + 1 < orders) continue;
        for (const auto& receipt : store->write_all(changes))
            if (!receipt) throw std::runtime_error("an order was there before");
        changes.clear();
    }
    std::printf("orders=%ju due=%ju seconds=%.1f\n", static_cast<std::uintmax_t>(orders),
                static_cast<std::uintmax_t>(due), seconds(Steady::now() - begin));
}

// Until all that is due is done and the money is with the sellers' streams.
void sweep(const std::string& path) {
    const auto store = store::open_sqlite(path);
    const auto cpu = cpu_seconds(CLOCK_PROCESS_CPUTIME_ID);
    const auto begin = Steady::now();
    Engine engine(*store, rules(), fast_clock(sweep_at), fast_options());
    double fired_after = 0;
    WriterCounts counts;
    for (bool is_done = false; !is_done;) {
        std::this_thread::sleep_for(5ms);
        engine.with_store([&](store::Store& used, Writer& writer) {
            counts = writer.counts();
            if (!fired_after && used.due(sweep_at, 1).empty())
                fired_after = seconds(Steady::now() - begin);
            is_done = fired_after && used.outbox_due(transfer_kind, sweep_at + 24h, 1).empty();
        });
    }
    const auto time = seconds(Steady::now() - begin);
    const auto fires = static_cast<double>(counts.defaults);
    const auto health = engine.health();
    if (health.set_aside > 0 || counts.failures > 0)
        throw std::runtime_error("the sweep set streams aside: " + health.problem);
    std::printf(
        "fires=%.0f fired_after_s=%.3f done_after_s=%.3f fires_per_s=%.0f carried_per_s=%.0f "
        "changes=%ju cpu_ms=%.4f rss_mib=%.0f\n",
        fires, fired_after, time, fires / fired_after, fires / time,
        static_cast<std::uintmax_t>(counts.commits),
        (cpu_seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu) * 1e3 / fires, resident_mib("VmRSS:"));
}

int run(const std::vector<std::string>& words) {
    const auto word = [&](std::size_t i) { return i < words.size() ? words[i] : std::string(); };
    const auto keys = words.back() == "no_keys" ? Keys::none : Keys::requests;
    if (word(1) == "recipe")
        write_recipe(word(2), keys);
    else if (word(1) == "life")
        run_lives(word(2), std::stoul(word(3)), std::stod(word(4)), keys);
    else if (word(1) == "fill")
        fill(word(2), std::stoull(word(3)), std::stoull(word(4)), word(5) == "together");
    else if (word(1) == "sweep")
        sweep(word(2));
    else
        return 2;
    return 0;
}

}  // namespace
}  // namespace holdfast::bench

int main(int argc, char** argv) {
    try {
        return holdfast::bench::run({argv, argv + argc});
    } catch (const std::exception& error) {
        std::fprintf(stderr, "engine_bench: %s\n", error.what());
        return 1;
    }
}
