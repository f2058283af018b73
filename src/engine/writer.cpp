#include "engine/writer.h"

#include "base/verify.h"
#include "engine/conduct.h"
#include "engine/counterparties.h"
#include "engine/outbox_text.h"
#include "order/deadlines.h"
#include "order/decide.h"
#include "store/codec/event_codec.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

namespace holdfast::engine {
namespace {

constexpr std::string_view cause_time = "time";

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

// A transfer of the outbox on its way to its stream; nothing: it cannot be read.
std::optional<Work> carrying(const store::OutboxRow& row, Instant now) {
    const auto transfer = decode_transfer(row.item.payload);
    if (!transfer) return std::nullopt;
    return Work{
        .stream = party_stream(transfer->to),
        .what = ledger::Observation{.when = row.item.due, .seen = ledger::SeeTransfer{*transfer}},
        .received_at = now,
        .cause = "transfer",
        .delivers = {row.no}};
}

store::OutboxUpdate needs_attention(const store::OutboxRow& row, std::string_view problem) {
    return {.no = row.no,
            .lease = row.lease,
            .state = store::OutboxState::needs_attention,
            .due = row.item.due,
            .attempts = row.attempts + 1,
            .problem = std::string(problem)};
}

}  // namespace

// One transaction in the making.
class Writer::Batch {
public:
    Batch(Writer& writer, std::span<const Work> works, std::span<const std::size_t> which,
          std::vector<Answer>& answers)
        : writer_(writer), works_(works), which_(which), answers_(answers) {}

    // Gives the works that met another writer and are to be decided again. A VerifyFailed leaves
    // nothing written and nothing folded of what the batch touched.
    std::vector<std::size_t> run() {
        try {
            writer_.forget_stale();
            changes_.reserve(which_.size());
            made_.reserve(which_.size());
            for (const auto i : which_) {
                work_ = i;
                answers_[i] = take(works_[i]);
            }
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
        } catch (const VerifyFailed&) {
            forget_touched();
            throw;
        }
    }

private:
    // --- One work

    Answer take(const Work& work) {
        ++writer_.counts_.works;
        now_ = work.received_at;
        const auto found = writer_.live(work.stream);
        if (!found) return problem(Outcome::damaged, found.error());
        Live* live = *found;
        if (live)
            if (auto answer = find_replay(work, *live)) return *answer;
        if (const auto* place = std::get_if<PlaceOrder>(&work.what))
            return this->place(work, *place, live);
        if (!live && is_for_party(work) && work.begins_party)
            live = &writer_.cache_.put(work.stream, {LiveParty{}});
        if (!live || (!work.begins_party && live->version() == 0))
            return problem(Outcome::not_found);
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
        Answer answer{
            .outcome = Outcome::replayed, .version = known->version, .first_seq = known->first_seq};
        if (work.wants_events) answer.events = first_events(work, *known);
        return answer;
    }

    // What the first request of this key made; it may be of this very batch, and not written yet.
    std::vector<store::Event> first_events(const Work& work, const store::KeptRequest& known) {
        for (const auto& change : changes_)
            if (change.stream == work.stream && change.request_key == work.key)
                return events_of(change);
        return writer_.kept_events(work.stream, known);
    }

    Answer place(const Work& work, const PlaceOrder& place, Live* live) {
        VERIFY(work.stream == order_stream(place.account, place.reference, place.placed_at));
        VERIFY(is_sound_account(place.account));
        VERIFY(place.clock.find_first_of(":+") == std::string::npos);
        if (live)
            return refused(live->version(),
                           order::Refusal{.code = order::RefusalCode::already_placed});
        const auto* terms = writer_.rules_.find(place.placement.terms);
        if (!terms) return problem(Outcome::terms_unknown);
        LiveOrder fresh;
        fresh.account = place.account;
        fresh.reference = place.reference;
        fresh.clock = place.clock;
        fresh.cast = place.cast;
        if (!set_clock(fresh)) return problem(Outcome::not_found, "no such clock");
        const order::Command command{.by = order::Party::platform,
                                     .request = order::Place{place.placement}};
        const auto decision =
            order::decide(fresh.state, writer_.rules_.rules_for(*terms), command, now_);
        if (!decision) return refused(0, decision.error());
        auto& put = writer_.cache_.put(work.stream, {.what = std::move(fresh)});
        auto& change = begin(work, put);
        change.cause = placing_cause(place.account, place.reference, place.clock, place.cast);
        change.search_terms = {{party_term(place.placement.buyer, /*as_buyer=*/true),
                                party_term(place.placement.seller, /*as_buyer=*/false)}};
        if (!place.clock.empty()) change.search_terms->push_back(clock_term(place.clock));
        change.own_term = reference_term(place.account, place.reference);
        return finish(work, put, *decision);
    }

    // The time by which the order is judged; false: the clock that it lives by is not there.
    bool set_clock(const LiveOrder& order) {
        if (order.clock.empty()) return true;
        const auto shows = writer_.clocks_.find(order.clock);
        if (shows) now_ = *shows;
        return shows.has_value();
    }

    Answer take_order(const Work& work, Live& live, LiveOrder& order) {
        if (!set_clock(order)) return problem(Outcome::damaged, "its clock is not there");
        const auto* terms = writer_.rules_.find(order.state.terms_of_sale.terms);
        if (!terms) return problem(Outcome::terms_unknown);
        const auto rules = writer_.rules_.rules_for(*terms);
        if (!writer_.is_quiet(order, now_)) catch_up(work, live, order, rules);
        if (work.currency && *work.currency != order.state.currency())
            return problem(Outcome::currency_differs);
        if (const auto* given = std::get_if<GiveCast>(&work.what))
            return give_cast(work, live, order, given->cast);
        return take_caught_up(work, live, [&] {
            const auto* command = std::get_if<order::Command>(&work.what);
            if (command && std::holds_alternative<order::OpenDispute>(command->request))
                return order::decide(order.state, rules, with_standing(order, rules, *command),
                                     now_, *order.ahead);
            return command ? order::decide(order.state, rules, *command, now_, *order.ahead)
                           : order::observe(order.state, rules,
                                            std::get<order::Observation>(work.what), now_);
        });
    }

    order::Command with_standing(const LiveOrder& order, const order::Rules& rules,
                                 order::Command command) const {
        command.standing = standing_of(writer_.store_, writer_.rules_, rules,
                                       order.state.terms_of_sale, now_, unwritten());
        return command;
    }

    // What this batch is about to write.
    Unwritten unwritten() const {
        return {.begun =
                    [this](std::string_view term) {
                        std::vector<store::StreamId> begun;
                        for (const auto& change : changes_)
                            if (change.expected_version == 0 && change.search_terms &&
                                std::ranges::find(*change.search_terms, term) !=
                                    change.search_terms->end())
                                begun.push_back(change.stream);
                        std::ranges::reverse(begun);
                        return begun;
                    },
                .add =
                    [this](const store::StreamId& stream, order::Events& events) {
                        for (const auto& change : changes_) {
                            if (change.stream != stream) continue;
                            for (const auto& event : change.events)
                                events.push_back(store::decode_order_event(event.at, event.kind,
                                                                           event.v, event.payload)
                                                     .value());
                        }
                    }};
    }

    void catch_up(const Work& work, Live& live, LiveOrder& order, const order::Rules& rules) {
        auto ahead = writer_.ahead_of(order, rules);
        for (const auto& step :
             let_time_pass(order.state, rules, order.cast, now_, writer_.outages_of(order), ahead))
            if (step.part.empty())
                add_time(work, live, step.events);
            else
                write_by(acting_cause(step.part), work, live, step.events);
        order.ahead = std::move(ahead);
        if (!std::holds_alternative<Tick>(work.what)) return;
        if (const auto reminder = order::remind(order.state, rules, now_, *order.ahead);
            !reminder.empty()) {
            write_by_time(work, live, reminder);
            ++writer_.counts_.reminders;
        }
    }

    // It stands in the cause of an event that says nothing else.
    Answer give_cast(const Work& work, Live& live, LiveOrder& order, const Cast& cast) {
        if (work.if_version && *work.if_version != live.version())
            return {.outcome = Outcome::version_differs, .version = live.version()};
        if (order.cast == cast) return done(live);
        order.cast = cast;
        write_by(casting_cause(cast, work.cause), work, live,
                 order::Events{acknowledged<order::Events>(live)});
        return done(live);
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

    store::Change& begin(const Work& work, Live& live) {
        live.last_change = changes_.size();
        made_.push_back({.live = &live, .work = work_});
        auto& change = changes_.emplace_back();
        change.stream = work.stream;
        change.kind = live.kind();
        change.expected_version = live.version();
        return change;
    }

    template <class Events>
    void add_time(const Work& work, Live& live, const Events& events) {
        write_by_time(work, live, events);
        ++writer_.counts_.defaults;
    }

    template <class Events>
    void write_by_time(const Work& work, Live& live, const Events& events) {
        write_by(std::string(cause_time), work, live, events);
    }

    template <class Events>
    void write_by(std::string cause, const Work& work, Live& live, const Events& events) {
        auto& change = begin(work, live);
        change.cause = std::move(cause);
        append_to(change, live, events, work.received_at);
    }

    template <class Events>
    Answer settle(const Work& work, Live& live, const Events& events) {
        if (events.empty() && !work.key.empty())
            return settle(work, live, Events{acknowledged<Events>(live)});
        if (events.empty() && (work.delivers.empty() || live.version() == 0)) return done(live);
        auto& change = begin(work, live);
        change.cause = work.cause;
        return finish(work, live, events);
    }

    // What a key stands on where nothing else is written.
    template <class Events>
    Events::value_type acknowledged(const Live& live) const {
        const auto at = std::max(now_, last_at(live));
        return {.at = at, .when = at, .event = order::Acknowledged{}};
    }
    static Instant last_at(const Live& live) {
        return std::visit([](const auto& one) { return one.state.last_at; }, live.what);
    }

    // Fills the change that begin() just made.
    template <class Events>
    Answer finish(const Work& work, Live& live, const Events& events) {
        auto& change = changes_.back();
        change.delivered = work.delivers;
        if (events.empty()) return done(live);
        append_to(change, live, events, work.received_at);
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
        Answer answer{.version = live.version(), .first_seq = first};
        if (work.wants_events) answer.events = events_of(change);
        return answer;
    }

    void append_to(store::Change& change, Live& live, const order::Events& events, Instant now) {
        append(live, events, now, change, writer_.telling_);
    }
    static void append_to(store::Change& change, Live& live, const ledger::Events& events,
                          Instant now) {
        append(live, events, now, change);
    }

    static std::vector<store::Event> events_of(const store::Change& change) {
        std::vector<store::Event> events;
        auto seq = change.expected_version;
        for (const auto& event : change.events)
            events.push_back({.seq = ++seq,
                              .at = event.at,
                              .kind = event.kind,
                              .v = event.v,
                              .payload = event.payload,
                              .cause = change.cause});
        return events;
    }

    // --- The commit

    // Only the last change of a stream carries its row of the index.
    void add_index_rows() {
        for (std::size_t i = 0; i < changes_.size(); ++i) {
            auto& live = *made_[i].live;
            if (live.last_change != i) continue;
            changes_[i].index = writer_.index_row(changes_[i].stream, live);
        }
    }

    // A stream that another program wrote meanwhile is forgotten, and its works are given back.
    std::vector<std::size_t> commit() {
        ++writer_.counts_.batches;
        std::set<store::StreamId> conflicts;
        std::vector<std::size_t> taken;  // works whose reference another order has
        if (!changes_.empty()) {
            const auto results = write_all();
            for (std::size_t i = 0; i < results.size(); ++i) {
                // Another program may have answered the very same key meanwhile.
                if (results[i] && !results[i]->replayed) {
                    ++writer_.counts_.commits;
                    writer_.counts_.events += changes_[i].events.size();
                    continue;
                }
                conflicts.insert(changes_[i].stream);
                if (!results[i] && results[i].error() == store::NotWritten::term_taken)
                    taken.push_back(made_[i].work);
            }
        }
        std::vector<std::size_t> again;
        for (const auto i : which_) {
            if (answers_[i].outcome == Outcome::refused) ++writer_.counts_.refusals;
            if (conflicts.empty()) continue;
            if (std::ranges::find(taken, i) != taken.end())
                answers_[i] = problem(Outcome::reference_taken);
            else if (conflicts.contains(works_[i].stream))
                again.push_back(i);
        }
        for (const auto& stream : conflicts) writer_.cache_.forget(stream);
        writer_.counts_.conflicts += conflicts.size() - taken.size();
        writer_.cache_.trim();
        return again;
    }

    std::vector<std::expected<store::Receipt, store::NotWritten>> write_all() {
        const auto begun_at = std::chrono::steady_clock::now();
        auto results = writer_.store_.write_all(changes_);
        if (writer_.observer_)
            writer_.observer_->committed(std::chrono::steady_clock::now() - begun_at);
        return results;
    }

    void forget_touched() {
        for (const auto i : which_) writer_.cache_.forget(works_[i].stream);
    }

    struct Made {
        Live* live = nullptr;  // stays where it is until the cache is trimmed
        std::size_t work = 0;
    };

    Writer& writer_;
    std::span<const Work> works_;
    std::span<const std::size_t> which_;
    std::vector<Answer>& answers_;
    std::size_t work_ = 0;  // the one that is being taken
    Instant now_{};         // its time
    std::vector<store::Change> changes_;
    std::vector<Made> made_;  // what each change was made of
};

Writer::Writer(store::Store& store, const RulesBook& rules, WriterOptions options)
    : store_(store),
      rules_(rules),
      cache_(options.cached_streams),
      observer_(options.observer),
      telling_(options.telling),
      clocks_(store) {}

// An outage gives time back whatever the deadlines say, and is an event.
bool Writer::is_quiet(const LiveOrder& order, Instant now) const {
    return outages_of(order).empty() && order.quiet_until && now < *order.quiet_until;
}

const std::vector<order::Due>& Writer::ahead_of(LiveOrder& order, const order::Rules& rules) const {
    if (!order.ahead) order.ahead = order::deadlines(order.state, rules);
    return *order.ahead;
}

// A clock of the sandbox stands still when the service is down.
std::span<const terms::Outage> Writer::outages_of(const LiveOrder& order) const {
    if (order.clock.empty()) return outages_;
    return {};
}

// A change on an old version is refused by the store; a refusal writes nothing that it could check.
void Writer::forget_stale() {
    const auto generation = store_.generation();
    if (generation == std::exchange(generation_, generation)) return;
    cache_.clear();
    clocks_.forget();
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

std::vector<store::Event> Writer::kept_events(const store::StreamId& stream,
                                              const store::KeptRequest& request) {
    auto events = store_.load(stream).events;
    std::erase_if(events, [&](const store::Event& event) {
        return event.seq < request.first_seq || event.seq > request.version;
    });
    for (auto& event : events) event.hash = {};
    return events;
}

store::IndexRow Writer::index_row(const store::StreamId& stream, Live& live) const {
    store::IndexRow row{.stream = stream, .kind = live.kind()};
    if (auto* order = std::get_if<LiveOrder>(&live.what)) {
        row.system = order->account;
        row.reference = order->reference;
        row.seen_at = order->state.last_at;
        const auto* terms = rules_.find(order->state.terms_of_sale.terms);
        VERIFY(terms != nullptr);
        const auto rules = rules_.rules_for(*terms);
        const auto& ahead = ahead_of(*order, rules);
        if (!ahead.empty()) row.next_deadline = ahead.front().legal_at + rules_.grace();
        if (const auto reminder = order::next_reminder(order->state, rules, ahead))
            row.next_deadline = std::min(*row.next_deadline, reminder->at);
        if (const auto act = next_act(order->state, rules, order->cast, ahead))
            row.next_deadline = std::min(row.next_deadline.value_or(act->at), act->at);
        order->quiet_until = row.next_deadline.value_or(Instant::max());
        if (!order->clock.empty()) row.next_deadline.reset();  // the real time does nothing to it
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
        which = run_some(works, which, answers);
    for (const auto i : which) answers[i] = problem(Outcome::busy);
    return answers;
}

// A check that failed says that something cannot be, not in which stream: each stream's works are
// then taken by themselves, and those of the one that fails again one by one.
std::vector<std::size_t> Writer::run_some(std::span<const Work> works,
                                          std::span<const std::size_t> which,
                                          std::vector<Answer>& answers) {
    try {
        return Batch(*this, works, which, answers).run();
    } catch (const VerifyFailed& error) {
        if (which.size() == 1) {
            ++counts_.failed_checks;
            answers[which.front()] = problem(Outcome::damaged, error.what());
            return {};
        }
    }
    std::map<store::StreamId, std::vector<std::size_t>> by_stream;
    for (const auto i : which) by_stream[works[i].stream].push_back(i);
    std::vector<std::size_t> again;
    const auto run_part = [&](std::span<const std::size_t> part) {
        const auto more = run_some(works, part, answers);
        again.insert(again.end(), more.begin(), more.end());
    };
    if (by_stream.size() == 1)
        for (const auto& i : which) run_part({&i, 1});
    else
        for (const auto& [stream, part] : by_stream) run_part(part);
    return again;
}

// Half of the slice is for those that are due since last: after an outage the newest need not wait
// until all that is long overdue is done.
std::vector<store::IndexRow> Writer::due_rows(Instant now, std::size_t limit) {
    std::vector<store::IndexRow> rows;
    if (limit == 0) return rows;
    const auto take = [&](std::vector<store::IndexRow> found) {
        for (auto& row : found) {
            if (rows.size() == limit) return;
            if (row.kind == store::StreamKind::order || row.kind == store::StreamKind::party)
                if (const auto aside = set_aside_.find(row.stream);
                    aside == set_aside_.end() || aside->second.again_at <= now)
                    rows.push_back(std::move(row));
        }
    };
    auto oldest = store_.due(now, limit + set_aside_.size());
    const bool are_all = oldest.size() < limit + set_aside_.size();
    if (are_all) {
        take(std::move(oldest));
        return rows;
    }
    take(store_.due(now, limit / 2, store::DueOrder::newest));
    std::set<store::StreamId> known;
    for (const auto& row : rows) known.insert(row.stream);
    std::erase_if(oldest, [&](const auto& row) { return known.contains(row.stream); });
    take(std::move(oldest));
    return rows;
}

Writer::Chores Writer::do_chores(Instant now, Chores most) {
    std::vector<Work> works;
    const auto rows = due_rows(now, most.streams);
    for (const auto& row : rows)
        works.push_back({.stream = row.stream, .what = Tick{}, .received_at = now});
    const auto transfers = store_.outbox_due(transfer_kind, now, most.transfers);
    std::vector<store::OutboxUpdate> stuck;
    std::vector<const store::OutboxRow*> carried;  // one per work behind the ticks
    for (const auto& row : transfers) {
        if (auto work = carrying(row, now)) {
            works.push_back(std::move(*work));
            carried.push_back(&row);
        } else {
            stuck.push_back(needs_attention(row, "the row cannot be read"));
        }
    }
    const auto answers = run(works);
    Chores done{.transfers = stuck.size()};
    for (std::size_t i = 0; i < answers.size(); ++i) {
        const auto outcome = answers[i].outcome;
        if (is_passing(outcome)) continue;
        if (i < rows.size()) {
            see_to(rows[i], answers[i], now);
            ++done.streams;
            continue;
        }
        if (outcome != Outcome::done)
            stuck.push_back(needs_attention(*carried[i - rows.size()], to_string(outcome)));
        ++done.transfers;
    }
    if (!stuck.empty()) store_.update_outbox(stuck);
    return done;
}

void Writer::see_to(const store::IndexRow& row, const Answer& answer, Instant now) {
    set_aside_.erase(row.stream);
    if (answer.outcome != Outcome::done)
        set_aside(row.stream, now,
                  answer.problem.empty() ? to_string(answer.outcome) : answer.problem);
    else if (answer.version == row.version)
        mend_index(row, now);
}

void Writer::set_aside(const store::StreamId& stream, Instant now, std::string_view why) {
    set_aside_.insert_or_assign(stream,
                                SetAside{.why = std::string(why), .again_at = now + set_aside_for});
}

// The index said that something is due and nothing was: other terms or another grace wrote it.
void Writer::mend_index(const store::IndexRow& row, Instant now) {
    auto* live = cache_.find(row.stream);
    if (!live || live->version() != row.version) return;
    auto right = index_row(row.stream, *live);
    if (right.next_deadline == row.next_deadline)
        return set_aside(row.stream, now, "its deadline does not strike");
    store::Change change{.stream = row.stream, .kind = row.kind, .expected_version = row.version};
    change.index = std::move(right);
    static_cast<void>(store_.write(change));  // another writer's row is as good
}

bool Writer::make_clock(std::string_view clock, Instant shows, Instant now) {
    forget_stale();
    return clocks_.make(clock, shows, now);
}

std::expected<std::size_t, ClockProblem> Writer::advance_clock(std::string_view clock, Instant to,
                                                               Instant now) {
    constexpr std::size_t slice = 256;
    forget_stale();
    const auto shows = clocks_.find(clock);
    if (!shows) return std::unexpected(ClockProblem::not_found);
    if (to < *shows) return std::unexpected(ClockProblem::backwards);
    clocks_.advance(clock, to, now);

    const auto orders = store_.search(clock_term(clock), /*prefix=*/false, SIZE_MAX);
    std::vector<Work> works;
    for (std::size_t i = 0; i < orders.size(); ++i) {
        works.push_back({.stream = orders[i], .what = Tick{}, .received_at = now});
        if (works.size() < slice && i + 1 < orders.size()) continue;
        run(works);
        works.clear();
    }
    return orders.size();
}

std::expected<std::optional<Live>, std::string> Writer::look_up(const store::StreamId& stream) {
    forget_stale();
    try {
        const auto found = live(stream);
        if (!found) return std::unexpected(found.error());
        // A party that was only refused something is no stream.
        if (!*found || (*found)->version() == 0) return std::nullopt;
        return **found;
    } catch (const VerifyFailed& error) {
        return std::unexpected(error.what());
    }
}

}  // namespace holdfast::engine
