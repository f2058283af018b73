// Commands into commits: the whole of the engine but its thread, its queue and its clock.
//
// A batch is decided in order, each work on what the ones before it left, and written as one
// transaction; only then is anything answered. Before a stream is touched, what time has done to it
// is carried out as changes of their own. A refusal adds nothing beyond those.
//
// Deterministic: the same store, rules and works give the same bytes. Used by one thread.
#pragma once

#include "engine/live_cache.h"
#include "engine/observer.h"
#include "engine/rules_book.h"
#include "engine/test_clocks.h"
#include "engine/work.h"
#include "terms/outage.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::engine {

// How long a stream rests that time can do nothing to.
inline constexpr Duration set_aside_for = std::chrono::minutes{10};

enum class ClockProblem : std::uint8_t { not_found, backwards };

struct WriterOptions {
    std::size_t cached_streams = 32'768;
    Observer* observer = nullptr;  // outlives the writer
    Telling telling = Telling::nobody;
};

// Since the writer was made.
struct WriterCounts {
    std::uint64_t batches = 0, works = 0, commits = 0, events = 0, defaults = 0, refusals = 0,
                  replays = 0, conflicts = 0, failures = 0, failed_checks = 0, reminders = 0;
};

class Writer {
public:
    Writer(store::Store& store, const RulesBook& rules, WriterOptions options = {});

    // One answer per work, in their order. A StoreDown is answered as unavailable, and everything
    // that the batch had folded is forgotten; StoreLost is thrown on. A work at which a check fails
    // is answered as damaged with nothing of it written, and holds up no other.
    std::vector<Answer> run(std::span<const Work> works);

    // What time asks for at `now`, as one batch: catches up streams that are due, and carries
    // transfers to theirs; at most so many of each, and how many were dealt with. A stream that
    // cannot be caught up (damaged, its terms not loaded) is set aside for a while, so that it
    // holds up no other; a transfer that is refused stays in the outbox as needs_attention, with
    // the reason.
    struct Chores {
        std::size_t streams = 0, transfers = 0;
        bool operator==(const Chores&) const = default;
    };
    Chores do_chores(Instant now, Chores most);
    std::size_t sweep(Instant now, std::size_t limit) { return do_chores(now, {limit, 0}).streams; }
    std::size_t carry(Instant now, std::size_t limit) {
        return do_chores(now, {0, limit}).transfers;
    }
    struct SetAside {
        std::string why;
        Instant again_at{};
    };
    const std::map<store::StreamId, SetAside>& set_aside() const { return set_aside_; }

    // Clocks of the sandbox, see test_clocks.h. False: there is one of that name.
    bool make_clock(std::string_view clock, Instant shows, Instant now);
    // Moves it and carries out what its orders meet until then; how many orders live by it. After a
    // failure the same call goes on where it stopped.
    std::expected<std::size_t, ClockProblem> advance_clock(std::string_view clock, Instant to,
                                                           Instant now);

    // Times in which the service was down, for every order that they ate time from.
    void set_outages(std::vector<terms::Outage> outages) { outages_ = std::move(outages); }

    // The stream as it stands committed; `problem` of one that cannot be read. None: no such.
    std::expected<std::optional<Live>, std::string> look_up(const store::StreamId& stream);

    const WriterCounts& counts() const { return counts_; }
    void forget_all() { cache_.clear(); }

private:
    class Batch;
    bool is_quiet(const LiveOrder& order, Instant now) const;
    const std::vector<order::Due>& ahead_of(LiveOrder& order, const order::Rules& rules) const;
    void forget_stale();
    std::expected<Live*, std::string> live(const store::StreamId& stream);
    std::vector<store::Event> kept_events(const store::StreamId& stream,
                                          const store::KeptRequest& request);
    std::span<const terms::Outage> outages_of(const LiveOrder& order) const;
    store::IndexRow index_row(const store::StreamId& stream, Live& live) const;
    std::vector<std::size_t> run_some(std::span<const Work> works,
                                      std::span<const std::size_t> which,
                                      std::vector<Answer>& answers);
    std::vector<store::IndexRow> due_rows(Instant now, std::size_t limit);
    void see_to(const store::IndexRow& row, const Answer& answer, Instant now);
    void set_aside(const store::StreamId& stream, Instant now, std::string_view why);
    void mend_index(const store::IndexRow& row, Instant now);

    store::Store& store_;
    const RulesBook& rules_;
    LiveCache cache_;
    Observer* observer_;
    Telling telling_;
    TestClocks clocks_;
    std::uint64_t generation_ = 0;  // of the store, when the cache was last right
    std::vector<terms::Outage> outages_;
    WriterCounts counts_;
    std::map<store::StreamId, SetAside> set_aside_;
};

}  // namespace holdfast::engine
