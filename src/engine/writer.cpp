#include "engine/writer.h"

#include "base/verify.h"
#include "engine/outbox_text.h"
#include "order/deadlines.h"
#include "order/decide.h"

#include <algorithm>
#include <ranges>
#include <set>
#include <string>
#include <utility>

namespace holdfast::engine {
namespace {

constexpr std::string_view cause_time = "time";

// Where placing finds the other order of a reference.
std::string reference_term(std::string_view account, std::string_view reference) {
    return "order:" + std::string(account) + ":" + std::string(reference);
}

Answer problem(Outcome outcome, std::string text = {}) {
    return {.outcome = outcome, .problem = std::move(text)};
}

template <class Rejection>
Answer refused(std::uint64_t version, const Rejection& refusal) {
    return {.outcome = Outcome::refused, .version = version, .refusal = refusal};
}

bool is_sound_account(std::string_view account) {
    return !account.empty() && std::ranges::none_of(account, [](char c) {
        return c == ':' || static_cast<unsigned char>(c) < 0x20;
    });
}

}  // namespace

// One transaction in the making.
class Writer::Batch {
public:
    Batch(Writer& writer, std::span<const Work> works, std::span<const std::size_t> which,
          std::vector<Answer>& answers)
        : writer_(writer), works_(works), which_(which), answers_(answers) {}

    // Gives the works that met another writer and are to be decided again.
    std::vector<std::size_t> run() {
        try {
            writer_.forget_stale();
            for (const auto i : which_) answers_[i] = take(works_[i]);
            add_index_rows();
            return commit();
        } catch (const store::StoreLost&) {
            writer_.cache_.clear();
            throw;
        } catch (const store::StoreDown& error) {
            ++writer_.counts_.failures;
            forget_touched();
            for (const auto i : which_) answers_[i] = problem(Outcome::unavailable, error.what());
            return {};
        }
    }

private:
    // --- One work

    Answer take(const Work& work) {
        ++writer_.counts_.works;
        touched_.insert(work.stream);
        const auto found = writer_.live(work.stream);
        if (!found) return problem(Outcome::damaged, found.error());
        Live* live = *found;
        if (live)
            if (auto answer = find_replay(work, *live)) return *answer;
        if (const auto* place = std::get_if<PlaceOrder>(&work.what))
            return this->place(work, *place, live);
        if (!live && is_for_party(work)) live = &writer_.cache_.put(work.stream, {LiveParty{}, {}});
        if (!live) return problem(Outcome::not_found);
        if (is_for_party(work) != (live->kind() == store::StreamKind::party) &&
            !std::holds_alternative<Tick>(work.what))
            return problem(Outcome::not_found);
        if (auto* order = std::get_if<LiveOrder>(&live->what))
            return take_order(work, *live, *order);
        return take_party(work, *live, std::get<LiveParty>(live->what));
    }

    static bool is_for_party(const Work& work) {
        return std::holds_alternative<ledger::Command>(work.what) ||
               std::holds_alternative<ledger::Observation>(work.what);
    }

    std::optional<Answer> find_replay(const Work& work, const Live& live) {
        if (work.key.empty()) return std::nullopt;
        const auto known = std::ranges::find(live.requests, work.key, &store::KeptRequest::key);
        if (known == live.requests.end()) return std::nullopt;
        if (known->hash != work.request_hash) return problem(Outcome::key_reused);
        ++writer_.counts_.replays;
        return Answer{
            .outcome = Outcome::replayed, .version = known->version, .first_seq = known->first_seq};
    }

    Answer place(const Work& work, const PlaceOrder& place, Live* live) {
        VERIFY(work.stream == order_stream(place.account, place.reference, place.placed_at));
        VERIFY(is_sound_account(place.account));
        if (live)
            return refused(live->version(),
                           order::Refusal{.code = order::RefusalCode::already_placed});
        const auto* terms = writer_.rules_.find(place.placement.terms);
        if (!terms) return problem(Outcome::terms_unknown);
        auto term = reference_term(place.account, place.reference);
        if (placed_.contains(term) || !writer_.store_.search(term, false, 1).empty())
            return problem(Outcome::reference_taken);

        LiveOrder fresh;
        fresh.account = place.account;
        fresh.reference = place.reference;
        const order::Command command{.by = order::Party::platform,
                                     .request = order::Place{place.placement}};
        const auto decision =
            order::decide(fresh.state, writer_.rules_.rules_for(*terms), command, work.received_at);
        if (!decision) return refused(0, decision.error());
        placed_.insert(term);
        auto& put = writer_.cache_.put(work.stream, {.what = std::move(fresh)});
        auto& change = begin(work, put);
        change.cause = placing_cause(place.account, place.reference);
        change.search_terms = {{std::move(term)}};
        return finish(work, put, *decision);
    }

    Answer take_order(const Work& work, Live& live, LiveOrder& order) {
        const auto* terms = writer_.rules_.find(order.state.terms_of_sale.terms);
        if (!terms) return problem(Outcome::terms_unknown);
        const auto rules = writer_.rules_.rules_for(*terms);
        if (!writer_.is_quiet(order, work.received_at))
            for (const auto& events :
                 order::catch_up(order.state, rules, work.received_at, writer_.outages_))
                add_time(work, live, events);
        return take_caught_up(work, live, [&] {
            const auto* command = std::get_if<order::Command>(&work.what);
            return command
                       ? order::decide(order.state, rules, *command, work.received_at)
                       : order::observe(order.state, rules, std::get<order::Observation>(work.what),
                                        work.received_at);
        });
    }

    Answer take_party(const Work& work, Live& live, LiveParty& party) {
        for (const auto& events : ledger::catch_up(party.state, work.received_at))
            add_time(work, live, events);
        return take_caught_up(work, live, [&] {
            const auto* command = std::get_if<ledger::Command>(&work.what);
            return command ? ledger::decide(party.state, *command, work.received_at)
                           : ledger::observe(party.state, std::get<ledger::Observation>(work.what),
                                             work.received_at);
        });
    }

    // Time has had its due in `live`; `decide` says what the work itself comes to.
    template <class Decide>
    Answer take_caught_up(const Work& work, Live& live, Decide&& decide) {
        if (std::holds_alternative<Tick>(work.what)) return done(live);
        if (work.if_version && *work.if_version != live.version())
            return {.outcome = Outcome::version_differs, .version = live.version()};
        const auto decision = decide();
        if (!decision) return refused(live.version(), decision.error());
        return settle(work, live, *decision);
    }

    // --- Its change

    static Answer done(const Live& live) { return {.version = live.version()}; }

    store::Change& begin(const Work& work, const Live& live) {
        auto& change = changes_.emplace_back();
        change.stream = work.stream;
        change.kind = live.kind();
        change.expected_version = live.version();
        return change;
    }

    template <class Events>
    void add_time(const Work& work, Live& live, const Events& events) {
        auto& change = begin(work, live);
        change.cause = cause_time;
        append(live, events, work.received_at, change);
        ++writer_.counts_.defaults;
    }

    template <class Events>
    Answer settle(const Work& work, Live& live, const Events& events) {
        if (events.empty() && (work.delivers.empty() || live.version() == 0)) return done(live);
        auto& change = begin(work, live);
        change.cause = work.cause;
        return finish(work, live, events);
    }

    // Fills the change that begin() just made.
    template <class Events>
    Answer finish(const Work& work, Live& live, const Events& events) {
        auto& change = changes_.back();
        change.delivered = work.delivers;
        if (events.empty()) return done(live);
        append(live, events, work.received_at, change);
        const std::uint64_t first = change.expected_version + 1;
        if (!work.key.empty()) {
            VERIFY(work.request_hash.has_value());
            change.request_key = work.key;
            change.request_hash = work.request_hash;
            live.requests.push_back({.key = work.key,
                                     .hash = *work.request_hash,
                                     .first_seq = first,
                                     .version = live.version()});
        }
        return {.version = live.version(), .first_seq = first};
    }

    // --- The commit

    // Only the last change of a stream carries its row of the index.
    void add_index_rows() {
        std::set<store::StreamId> seen;
        for (auto& change : changes_ | std::views::reverse) {
            if (!seen.insert(change.stream).second) continue;
            auto* live = writer_.cache_.find(change.stream);
            VERIFY(live != nullptr);
            change.index = writer_.index_row(change.stream, *live);
            if (auto* order = std::get_if<LiveOrder>(&live->what))
                order->quiet_until = change.index->next_deadline.value_or(Instant::max());
        }
    }

    // A stream that another program wrote meanwhile is forgotten, and its works are given back.
    std::vector<std::size_t> commit() {
        ++writer_.counts_.batches;
        std::set<store::StreamId> conflicts;
        if (!changes_.empty()) {
            const auto results = writer_.store_.write_all(changes_);
            for (std::size_t i = 0; i < results.size(); ++i) {
                // Another program may have answered the very same key meanwhile.
                if (!results[i] || results[i]->replayed) {
                    conflicts.insert(changes_[i].stream);
                    continue;
                }
                ++writer_.counts_.commits;
                writer_.counts_.events += changes_[i].events.size();
            }
        }
        std::vector<std::size_t> again;
        for (const auto i : which_) {
            if (conflicts.contains(works_[i].stream)) again.push_back(i);
            if (answers_[i].outcome == Outcome::refused) ++writer_.counts_.refusals;
        }
        for (const auto& stream : conflicts) writer_.cache_.forget(stream);
        writer_.counts_.conflicts += conflicts.size();
        writer_.cache_.trim();
        return again;
    }

    void forget_touched() {
        for (const auto& stream : touched_) writer_.cache_.forget(stream);
    }

    Writer& writer_;
    std::span<const Work> works_;
    std::span<const std::size_t> which_;
    std::vector<Answer>& answers_;
    std::vector<store::Change> changes_;
    std::set<store::StreamId> touched_;
    std::set<std::string> placed_;  // references
};

Writer::Writer(store::Store& store, const RulesBook& rules, WriterOptions options)
    : store_(store), rules_(rules), cache_(options.cached_streams) {}

// An outage gives time back whatever the deadlines say, and is an event.
bool Writer::is_quiet(const LiveOrder& order, Instant now) const {
    return outages_.empty() && order.quiet_until && now < *order.quiet_until;
}

// A change on an old version is refused by the store; a refusal writes nothing that it could check.
void Writer::forget_stale() {
    const auto generation = store_.generation();
    if (generation != std::exchange(generation_, generation)) cache_.clear();
}

std::expected<Live*, std::string> Writer::live(const store::StreamId& stream) {
    if (auto* cached = cache_.find(stream)) return cached;
    const auto history = store_.load(stream);
    if (history.version == 0) return nullptr;
    if (history.kind != store::StreamKind::order && history.kind != store::StreamKind::party)
        return nullptr;
    auto folded = fold(stream, history);
    if (!folded) return std::unexpected(std::move(folded.error()));
    return &cache_.put(stream, std::move(*folded));
}

store::IndexRow Writer::index_row(const store::StreamId& stream, const Live& live) const {
    store::IndexRow row{.stream = stream, .kind = live.kind()};
    if (const auto* order = std::get_if<LiveOrder>(&live.what)) {
        row.system = order->account;
        row.reference = order->reference;
        row.seen_at = order->state.last_at;
        const auto* terms = rules_.find(order->state.terms_of_sale.terms);
        VERIFY(terms != nullptr);
        const auto next = order::next_deadline(order->state, rules_.rules_for(*terms));
        if (next) row.next_deadline = next->legal_at + rules_.grace();
    } else {
        const auto& book = std::get<LiveParty>(live.what).state;
        row.seen_at = book.last_at;
        row.next_deadline = ledger::next_deadline(book);
    }
    return row;
}

std::vector<Answer> Writer::run(std::span<const Work> works) {
    constexpr int rounds_max = 3;
    std::vector<Answer> answers(works.size());
    std::vector<std::size_t> which(works.size());
    for (std::size_t i = 0; i < which.size(); ++i) which[i] = i;
    for (int round = 0; round < rounds_max && !which.empty(); ++round)
        which = Batch(*this, works, which, answers).run();
    for (const auto i : which) answers[i] = problem(Outcome::busy);
    return answers;
}

std::size_t Writer::sweep(Instant now, std::size_t limit) {
    std::vector<Work> works;
    std::vector<store::IndexRow> rows;
    for (auto& row : store_.due(now, limit + set_aside_.size())) {
        if (row.kind != store::StreamKind::order && row.kind != store::StreamKind::party) continue;
        if (set_aside_.contains(row.stream)) continue;
        works.push_back({.stream = row.stream, .what = Tick{}, .received_at = now});
        rows.push_back(std::move(row));
    }
    const auto answers = run(works);
    for (std::size_t i = 0; i < answers.size(); ++i) {
        const auto& answer = answers[i];
        if (is_passing(answer.outcome)) continue;
        if (answer.outcome != Outcome::done)
            set_aside_.emplace(rows[i].stream,
                               answer.problem.empty() ? to_string(answer.outcome) : answer.problem);
        else if (answer.version == rows[i].version)
            mend_index(rows[i]);
    }
    return works.size();
}

// The index said that something is due and nothing was: other terms or another grace wrote it.
void Writer::mend_index(const store::IndexRow& row) {
    const auto* live = cache_.find(row.stream);
    if (!live || live->version() != row.version) return;
    auto now = index_row(row.stream, *live);
    if (now.next_deadline == row.next_deadline) {
        set_aside_.emplace(row.stream, "its deadline does not strike");
        return;
    }
    store::Change change{.stream = row.stream, .kind = row.kind, .expected_version = row.version};
    change.index = std::move(now);
    static_cast<void>(store_.write(change));  // another writer's row is as good
}

std::size_t Writer::carry(Instant now, std::size_t limit) {
    std::vector<Work> works;
    std::vector<store::OutboxRow> rows = store_.outbox_due(transfer_kind, now, limit);
    for (const auto& row : rows) {
        const auto transfer = decode_transfer(row.item.payload);
        VERIFY(transfer.has_value());
        works.push_back({.stream = party_stream(transfer->to),
                         .what = ledger::Observation{.when = row.item.due,
                                                     .seen = ledger::SeeTransfer{*transfer}},
                         .received_at = now,
                         .cause = "transfer",
                         .delivers = {row.no}});
    }
    const auto answers = run(works);
    std::vector<store::OutboxUpdate> stuck;
    for (std::size_t i = 0; i < answers.size(); ++i) {
        const auto outcome = answers[i].outcome;
        if (outcome == Outcome::done || is_passing(outcome)) continue;
        stuck.push_back({.no = rows[i].no,
                         .state = store::OutboxState::needs_attention,
                         .due = rows[i].item.due,
                         .attempts = rows[i].attempts + 1,
                         .problem = std::string(to_string(outcome))});
    }
    if (!stuck.empty()) store_.update_outbox(stuck);
    return works.size();
}

std::expected<std::optional<Live>, std::string> Writer::look_up(const store::StreamId& stream) {
    forget_stale();
    const auto found = live(stream);
    if (!found) return std::unexpected(found.error());
    if (!*found) return std::nullopt;
    return **found;
}

}  // namespace holdfast::engine
