// The engine's Writer over a store that fails, with a second program on the same store: everything
// from one seed, an independent auditor after every step, and in the end all is healed and quiet.
//
// HOLDFAST_LONG=n sets the number of runs, HOLDFAST_SEED=n repeats one.
#include "engine_world.h"

#include "cli_fixture.h"
#include "store/memory/memory_store.h"
#include "store/sqlite/sqlite_store.h"

#include <deque>

namespace holdfast::test {
namespace {

using namespace engine;
using namespace std::chrono;

constexpr Instant begin{sys_days{year{2026} / 3 / 2} + 9h};

struct Counts {  // over all runs
    std::uint64_t steps = 0, works = 0, orders = 0, events = 0;
    std::uint64_t done = 0, replayed = 0, refused = 0, reused = 0, version_differs = 0, busy = 0,
                  unavailable = 0, landed_unanswered = 0;
    std::uint64_t transfers = 0, payouts = 0, instructions = 0, restarts = 0, outages = 0;
    FaultCounts faults;
    WriterCounts writers;

    void add(const FaultCounts& more) {
        faults.before += more.before;
        faults.after += more.after;
        faults.read += more.read;
        faults.between += more.between;
    }
    void add(const WriterCounts& more) {
        writers.conflicts += more.conflicts;
        writers.failures += more.failures;
        writers.defaults += more.defaults;
    }
};

struct Receipt {
    std::uint64_t first_seq = 0, version = 0;
    bool operator==(const Receipt&) const = default;
};

// A work that was sent, once or more often, and what is known of its effect.
struct Sent {
    Work work;
    std::optional<Receipt> told = {};    // by an answer
    std::optional<Receipt> landed = {};  // found in the stream
    bool is_unclear = false;             // was answered as unavailable
    bool may_have_no_effect = false;     // it repeats the key of another request
    bool is_over = false;                // was answered as done or replayed
    Instant asked_at{};                  // the first time since the last audit
};

struct Script {
    std::uint64_t seed = 1;
    int steps = 100;
    bool has_faults = true;
    std::size_t cached_streams = 4;
};

class Simulation {
public:
    Simulation(SharedStore& shared, const Script& script, Counts& counts)
        : script_(script),
          random_(script.seed),
          fate_(script.seed ^ 0x5bd1e995ULL),
          counts_(counts),
          shared_(shared),
          mine_(shared, fate_),
          others_(shared, fate_),
          audit_(*shared.store, marketplace_book()) {
        for (std::uint8_t i = 1; i <= sellers; ++i) sellers_.push_back(party(i));
        mine_.between = [this](auto changes) { rival_writes(changes); };
        restart();
        rival_ = std::make_unique<Writer>(others_, marketplace_book(), WriterOptions{3});
    }

    // The first thing that went wrong and how it came to it, or nothing.
    std::string run() {
        try {
            for (int i = 0; i < script_.steps && error_.empty(); ++i) {
                ++counts_.steps;
                step();
            }
            if (error_.empty()) heal();
            if (error_.empty()) check_end();
        } catch (const std::exception& broken) {
            fail(std::string("thrown: ") + broken.what());
        }
        add_counts(*writer_);
        add_counts(*rival_);
        counts_.add(mine_.counts);
        if (error_.empty()) return {};
        std::string text = "seed " + std::to_string(script_.seed) + ": " + error_;
        for (const auto& line : story_) text += "\n  " + line;
        return text;
    }

    const std::string& answers() const { return answers_text_; }

private:
    static constexpr std::uint8_t sellers = 4;
    static constexpr std::size_t orders_most = 40;

    void fail(const std::string& what) {
        if (error_.empty()) error_ = what;
    }
    void tell(const std::string& line) {
        story_.push_back(to_string(now_) + "  " + line);
        if (story_.size() > 60) story_.pop_front();
    }

    static order::PartyId party(std::uint8_t number) {
        order::PartyId id;
        id.bytes[15] = number;
        return id;
    }

    void restart() {
        if (writer_) add_counts(*writer_);
        writer_ = std::make_unique<Writer>(mine_, marketplace_book(),
                                           WriterOptions{script_.cached_streams});
        writer_->set_outages(outages_);
    }
    void add_counts(const Writer& writer) { counts_.add(writer.counts()); }

    // --- Steps

    void step() {
        arm();
        try {
            take_step();
        } catch (const store::StoreDown& down) {
            // As the engine does.
            writer_->forget_all();
            rival_->forget_all();
            tell(std::string("down: ") + down.what());
        }
        disarm();
        audit();
    }

    void arm() {
        if (!script_.has_faults) return;
        const auto what = random_.below(100);
        if (what < 60) mine_.odds = {.before = 5, .after = 5, .read = 1, .between = 15};
        if (what < 15) mine_.odds = {.between = 95};  // a race that is lost every time
    }
    void disarm() { mine_.odds = {}; }

    void take_step() {
        const auto what = random_.below(100);
        if (orders_.size() < 6 || what < 52) return run_works(*writer_, some_works());
        if (what < 62) return pass_time();
        if (what < 70) return sweep(*writer_);
        if (what < 78) return carry(*writer_);
        if (what < 88) return settle(*writer_, /*good=*/85);
        if (what < 94) return rival_acts();
        if (what < 97) {
            ++counts_.restarts;
            tell("restart");
            return restart();
        }
        if (script_.seed % 2 == 0) have_outage();
    }

    void pass_time() {
        const auto before = now_;
        if (random_.chance(60)) {
            now_ = later_instant(random_, known_.at(random_.pick(orders_)).world, now_);
        } else {
            now_ += random_.chance(70) ? minutes{random_.between(1, 3 * 24 * 60)}
                                       : minutes{hours{random_.between(24, 21 * 24)}};
        }
        if (now_ > before) tell("time passes");
    }

    // The whole service is down, nobody gets through, and then it begins anew.
    void have_outage() {
        ++counts_.outages;
        const auto from = now_;
        now_ += minutes{random_.between(2, 2 * 24 * 60)};
        outages_.push_back({.from = from, .until = now_});
        tell("outage until now");
        restart();
        rival_->set_outages(outages_);
    }

    void sweep(Writer& writer) { do_chores(writer, {.streams = some(1), .transfers = some(0)}); }
    void carry(Writer& writer) { do_chores(writer, {.transfers = some(1)}); }
    std::size_t some(int least) { return static_cast<std::size_t>(random_.between(least, 12)); }
    void do_chores(Writer& writer, Writer::Chores most) {
        const auto done = writer.do_chores(now_of(writer), most);
        counts_.transfers += done.transfers;
        tell(name_of(writer) + "swept " + std::to_string(done.streams) + ", carried " +
             std::to_string(done.transfers));
    }

    // The processor's word on what was told to leave.
    void settle(Writer& writer, int good) {
        std::vector<std::size_t> works;
        for (const auto kind : {instruction_kind, payout_kind})
            for (const auto& row : shared_.store->outbox_due(kind, now_, 6)) {
                if (random_.chance(15) && good < 100) {
                    const store::OutboxUpdate late{.no = row.no,
                                                   .state = store::OutboxState::unknown,
                                                   .due = now_ + 1h,
                                                   .attempts = row.attempts + 1,
                                                   .problem = "no answer"};
                    shared_.store->update_outbox({&late, 1});
                    continue;
                }
                works.push_back(send(word_of_processor(row, random_.chance(good)), 50));
            }
        run_works(writer, works);
    }
    Work word_of_processor(const store::OutboxRow& row, bool good) {
        Work work{.stream = row.stream, .what = Tick{}, .received_at = now_, .delivers = {row.no}};
        if (row.item.kind == instruction_kind) {
            ++counts_.instructions;
            const auto told = decode_instruction(row.item.payload).value();
            work.what = order::Observation{
                .when = now_,
                .seen = order::SeeInstruction{.instruction = told.no,
                                              .state = good ? order::InstructionState::succeeded
                                                            : order::InstructionState::failed}};
        } else {
            ++counts_.payouts;
            const auto told = decode_payout(row.item.payload).value();
            work.what = ledger::Observation{
                .when = now_,
                .seen = ledger::SeePayout{
                    .payout = told.no,
                    .state = good ? ledger::PayoutState::succeeded : ledger::PayoutState::failed}};
        }
        return work;
    }

    // --- The other program on the same store

    Instant now_of(const Writer& writer) {
        return &writer == writer_.get() ? now_ : now_ + seconds{random_.between(-20, 20)};
    }
    std::string name_of(const Writer& writer) const {
        return &writer == writer_.get() ? "" : "rival: ";
    }

    void rival_acts() {
        if (!script_.has_faults) return run_works(*writer_, some_works());
        switch (random_.below(4)) {
        case 0:  return sweep(*rival_);
        case 1:  return carry(*rival_);
        case 2:  return settle(*rival_, /*good=*/85);
        default: return run_works(*rival_, some_works());
        }
    }

    // In the moment between the decision and the write: often about the very same streams, or with
    // the very same requests, as when a client tries again elsewhere.
    void rival_writes(std::span<const store::Change> changes) {
        const auto what = random_.below(10);
        if (what < 4) {
            std::vector<std::size_t> same;
            for (const auto i : running_) {
                const auto& work = sent_[i].work;
                if (!work.key.empty() && !has_shared_reference(work) && random_.chance(50))
                    same.push_back(i);
            }
            return run_works(*rival_, same);
        }
        if (what < 8) {
            std::vector<std::size_t> works;
            for (const auto& change : changes)
                if (random_.chance(60) && known_.contains(change.stream))
                    works.push_back(send(work_on(change.stream), 50));
            return run_works(*rival_, works);
        }
        if (what < 9) return sweep(*rival_);
        carry(*rival_);
    }

    // Whether a reference is taken is looked up and not held fast by the store: of two programs in
    // the very same moment, each could place an order under it.
    bool has_shared_reference(const Work& work) const {
        const auto* place = std::get_if<PlaceOrder>(&work.what);
        return place && shared_references_.contains(place->reference);
    }

    // --- Works

    std::size_t send(Work work, int keyed) {
        if (!std::holds_alternative<PlaceOrder>(work.what))
            work.cause = "w" + std::to_string(sent_.size());
        if (random_.chance(keyed)) {
            work.key = "k" + std::to_string(sent_.size());
            work.request_hash = hash_of(work.key);
        }
        sent_.push_back({.work = std::move(work)});
        return sent_.size() - 1;
    }

    // Over several streams, or many on few.
    std::vector<std::size_t> some_works() {
        std::vector<store::StreamId> few;
        if (!orders_.empty() && random_.chance(50))
            for (auto i = random_.between(1, 3); i > 0; --i) few.push_back(random_.pick(orders_));
        std::vector<std::size_t> works;
        for (auto i = random_.between(1, 20); i > 0; --i) works.push_back(some_work(few));
        return works;
    }

    std::size_t some_work(const std::vector<store::StreamId>& few) {
        const auto what = random_.below(100);
        if (what < 10 && !keyed_.empty()) return old_work();
        if (orders_.empty() || (orders_.size() < orders_most && what < 18)) return placing();
        if (what < 28) return send(party_work(), 50);
        if (what < 30) return send(misdirected(), 50);
        return send(work_on(few.empty() ? random_.pick(orders_) : random_.pick(few)), 60);
    }

    std::size_t old_work() {
        const auto i = random_.pick(keyed_);
        if (!sent_[i].told || random_.chance(60)) return i;
        auto other = sent_[i].work;
        other.request_hash = hash_of("another request");
        other.cause = "w" + std::to_string(sent_.size());
        sent_.push_back({.work = std::move(other), .may_have_no_effect = true});
        return sent_.size() - 1;
    }

    std::size_t placing() {
        World nobody;
        const auto command = Chooser(random_, nobody, now_).command();
        const auto* place = std::get_if<order::Place>(&command.request);
        if (!place) return placing();
        PlaceOrder order{.account = "shop",
                         .reference = "R" + std::to_string(placings_.size()),
                         .placed_at = now_ - minutes{random_.below(60)},
                         .placement = place->placement};
        if (!placings_.empty() && random_.chance(8)) {  // taken, most likely
            order.reference = "R" + std::to_string(random_.below(std::ssize(placings_)));
            shared_references_.insert(order.reference);
        }
        order.placement.buyer = party(static_cast<std::uint8_t>(100 + random_.below(20)));
        order.placement.seller = random_.pick(sellers_);
        const auto stream = order_stream(order.account, order.reference, order.placed_at);
        const auto cause = placing_cause(order.account, order.reference);
        const auto i = send({.stream = stream, .what = std::move(order)}, 70);
        sent_[i].work.cause = cause;
        if (!placings_.emplace(std::pair(stream, cause), i).second) return placing();
        return i;
    }

    Work work_on(const store::StreamId& stream) {
        const auto& known = known_.at(stream);
        Work work{.stream = stream, .what = Tick{}};
        if (known.kind == store::StreamKind::party)
            work = party_work();
        else
            give_order_work(work, known.world);
        if (random_.chance(10))
            work.if_version = random_.chance(60) ? known.version : known.version + 1'000;
        return work;
    }

    void give_order_work(Work& work, const World& world) {
        const auto& order = world.order;
        Chooser chooser(random_, world, now_);
        if (order.money.captured == 0 && random_.chance(60))
            work.what = order::Observation{
                .when = now_,
                .seen = order::SeeCaptured{std::max<order::Minor>(order::total_of(order), 1)}};
        else if (order.shipments.empty() && random_.chance(30))
            work.what = order::Observation{
                .when = now_,
                .seen = order::SeeShipped{.lines = {}, .tracking = "T", .replaces = {}}};
        else if (random_.chance(2))
            work.what = Tick{};
        else if (random_.chance(35))
            work.what = chooser.observation();
        else
            work.what = chooser.command();
    }

    Work party_work() {
        const auto stream = party_stream(random_.pick(sellers_));
        const auto found = known_.find(stream);
        const auto book = found == known_.end() ? ledger::PartyBook{} : found->second.book;
        return {.stream = stream,
                .what = some_party_work(random_, book, Word(std::to_string(sent_.size())), now_)};
    }

    // For a stream that does not exist, or of the other kind.
    Work misdirected() {
        const order::Command command{.by = order::Party::buyer, .request = order::Cancel{}};
        switch (random_.below(3)) {
        case 0: return {.stream = order_stream("shop", "nothing", now_), .what = command};
        case 1: return {.stream = party_stream(random_.pick(sellers_)), .what = command};
        default:
            return {.stream = random_.pick(orders_),
                    .what = ledger::Command{.request = ledger::BatchPayout{}}};
        }
    }

    // --- Answers

    void run_works(Writer& writer, const std::vector<std::size_t>& which) {
        if (which.empty()) return;
        std::vector<Work> works;
        const auto now = now_of(writer);
        for (const auto i : which) {
            works.push_back(sent_[i].work);
            works.back().received_at = now;
        }
        if (&writer == writer_.get()) running_ = which;
        const auto answers = writer.run(works);
        if (&writer == writer_.get()) running_.clear();
        for (std::size_t i = 0; i < which.size(); ++i)
            note(which[i], works[i], answers[i], name_of(writer));
    }

    static std::string text_of(const Work& work) {
        if (std::holds_alternative<Tick>(work.what)) return "tick";
        if (const auto* place = std::get_if<PlaceOrder>(&work.what))
            return "place " + place->reference;
        if (const auto* command = std::get_if<order::Command>(&work.what)) return to_text(*command);
        if (const auto* seen = std::get_if<order::Observation>(&work.what)) return to_text(*seen);
        if (const auto* command = std::get_if<ledger::Command>(&work.what))
            return std::visit([](const auto& one) { return to_text_of(one); }, command->request);
        return std::visit([](const auto& one) { return "seen " + std::string(one.name); },
                          std::get<ledger::Observation>(work.what).seen);
    }
    std::string stream_text(const store::StreamId& stream) const {
        const auto row = shared_.store->find(stream);
        return row && !row->reference.empty() ? row->reference : to_base32(stream.bytes).substr(20);
    }
    std::string refusal_text(const Answer& answer) const {
        if (const auto* no = std::get_if<order::Refusal>(&answer.refusal))
            return " " + std::string(order::to_string(no->code));
        if (const auto* no = std::get_if<ledger::Refusal>(&answer.refusal))
            return " " + std::string(ledger::to_string(no->code));
        return {};
    }

    void note(std::size_t i, const Work& work, const Answer& answer, const std::string& who) {
        const auto line = who + "w" + std::to_string(i) + " " + stream_text(work.stream) + " " +
                          work.key + ": " + text_of(work) + " -> " +
                          std::string(to_string(answer.outcome)) + refusal_text(answer) + " " +
                          std::to_string(answer.first_seq) + "-" + std::to_string(answer.version);
        tell(line);
        if (!script_.has_faults) answers_text_ += line + "\n";
        ++counts_.works;
        auto& sent = sent_[i];
        if (answered_.insert(i).second || work.received_at < sent.asked_at)
            sent.asked_at = work.received_at;
        const Receipt receipt{answer.first_seq, answer.version};
        if (answer.outcome == Outcome::done || answer.outcome == Outcome::refused ||
            answer.outcome == Outcome::version_differs)
            caught_up_.emplace_back(work.stream, work.received_at);
        switch (answer.outcome) {
        case Outcome::done:
            ++counts_.done;
            sent.is_over = true;
            if (work.if_version && answer.first_seq != 0 &&
                *work.if_version + 1 != answer.first_seq)
                fail("a work was done on another version than it asked for");
            if (answer.first_seq == 0) break;
            // Another program may have been answered first, about this very commit.
            if (sent.landed || (sent.told && sent.told != receipt)) fail("a work had two effects");
            if (sent.may_have_no_effect) fail("a key was used for two requests");
            sent.told = receipt;
            if (!work.key.empty()) keyed_.push_back(i);
            break;
        case Outcome::replayed:
            ++counts_.replayed;
            sent.is_over = true;
            if (work.key.empty()) fail("a work without a key was replayed");
            if (sent.may_have_no_effect) fail("another request was answered as a repeat");
            if (sent.told && sent.told != receipt) fail("a key was answered with another receipt");
            sent.told = receipt;
            break;
        case Outcome::refused: ++counts_.refused; break;
        case Outcome::key_reused:
            ++counts_.reused;
            if (!sent.may_have_no_effect) fail("a repeat was taken for another request");
            break;
        case Outcome::version_differs:
            ++counts_.version_differs;
            if (!work.if_version) fail("nobody asked for a version");
            break;
        case Outcome::busy: ++counts_.busy; break;
        case Outcome::unavailable:
            ++counts_.unavailable;
            sent.is_unclear = true;
            if (!work.key.empty() && !sent.may_have_no_effect) keyed_.push_back(i);
            break;
        case Outcome::not_found:
        case Outcome::reference_taken: break;
        case Outcome::currency_differs:
        case Outcome::terms_unknown:
        case Outcome::damaged:
        case Outcome::timed_out:
        case Outcome::stopping:
        case Outcome::count_:
            fail("an answer that cannot be: " + std::string(to_string(answer.outcome)) + " " +
                 answer.problem);
        }
    }

    // --- What must hold, from the store alone

    void audit() {
        std::vector<store::IndexRow> rows;
        for (const auto kind : {store::StreamKind::order, store::StreamKind::party})
            shared_.store->scan(kind, [&](const store::IndexRow& row) {
                rows.push_back(row);
                return true;
            });
        if (rows.size() < known_.size()) fail("a stream is gone");
        for (const auto& row : rows)
            if (const auto found = known_.find(row.stream);
                found == known_.end() || found->second.version != row.version)
                audit(row.stream);
        check_answered();
        check_caught_up();
        check_outbox();
        if (error_.empty()) compare(random_.pick(orders_or_any(rows)));
    }

    std::vector<store::StreamId> orders_or_any(const std::vector<store::IndexRow>& rows) const {
        std::vector<store::StreamId> streams;
        for (const auto& row : rows) streams.push_back(row.stream);
        if (streams.empty()) streams.push_back(party_stream(sellers_.front()));
        return streams;
    }

    void audit(const store::StreamId& stream) {
        const auto history = shared_.store->load(stream);
        auto& known = known_[stream];
        const auto before = known.version;
        auto order = known.world.order;
        if (history.version < before ||
            (before > 0 && history.events[before - 1].hash != known.head))
            return fail("what was there has changed: " + stream_text(stream));
        if (before == 0 && history.kind == store::StreamKind::order) {
            orders_.push_back(stream);
            const auto row = shared_.store->find(stream);
            if (shared_.store->search("order:shop:" + row->reference, /*prefix=*/false, 2) !=
                std::vector{stream})
                fail("a reference belongs to two orders: " + row->reference);
        }
        if (auto wrong = audit_.check(stream, history, known); !wrong.empty())
            return fail(stream_text(stream) + ": " + wrong);
        assign_events(stream, history, before, order);
        if (fate_.chance(50)) compare(stream);
    }

    // Whose are the new events? Each work's stand together, it has them once, and before them time
    // had its due. `order` is as it was without them.
    void assign_events(const store::StreamId& stream, const store::History& history,
                       std::uint64_t before, order::Order& order) {
        for (auto i = before; i < history.version;) {
            const auto& cause = history.events[i].cause;
            const Receipt found{.first_seq = i + 1, .version = end_of(history, i)};
            if (cause != "time") changed_.insert(stream);
            if (cause != "time" && cause != "transfer") {
                const auto no = number_of_cause(stream, cause);
                if (!no) return fail("events by nobody: " + cause);
                assign(*no, stream, found);
                if (!order::catch_up(order, marketplace(), sent_[*no].asked_at, outages_).empty())
                    fail("w" + std::to_string(*no) + " was decided before time had its due");
            }
            if (history.kind == store::StreamKind::order)
                for (; i < found.version; ++i)
                    order::evolve(order, store::decode_order_event(history.events[i]).value());
            i = found.version;
        }
    }
    std::optional<std::size_t> number_of_cause(const store::StreamId& stream,
                                               const std::string& cause) const {
        if (const auto placing = placings_.find({stream, cause}); placing != placings_.end())
            return placing->second;
        if (!cause.starts_with("w")) return std::nullopt;
        return std::stoull(cause.substr(1));
    }
    void assign(std::size_t no, const store::StreamId& stream, const Receipt& found) {
        auto& sent = sent_.at(no);
        if (sent.landed || sent.work.stream != stream)
            return fail("w" + std::to_string(no) + " has two effects");
        if (!answered_.contains(no)) return fail("w" + std::to_string(no) + " took effect late");
        sent.landed = found;
        if (!sent.told) ++counts_.landed_unanswered;
    }
    static std::uint64_t end_of(const store::History& history, std::uint64_t i) {
        const auto& cause = history.events[i].cause;
        while (i < history.version && history.events[i].cause == cause) ++i;
        return i;
    }

    void check_answered() {
        for (const auto i : answered_) {
            const auto& sent = sent_[i];
            const auto name = "w" + std::to_string(i);
            if (sent.told && sent.landed != sent.told)
                fail("what was acknowledged is not there: " + name);
            if (!sent.told && sent.landed && !sent.is_unclear)
                fail("a work that was turned away has an effect: " + name);
            if (sent.landed) check_key(sent, name);
            if (sent.is_over)
                for (const auto row : sent.work.delivers)
                    if (has_row(row)) fail("what was delivered is still in the outbox: " + name);
        }
        answered_.clear();
    }
    // Whoever was turned away found what time had done, and outages given back. (A work that
    // changes something may well start what is overdue at once.)
    void check_caught_up() {
        for (const auto& [stream, at] : caught_up_) {
            const auto found = known_.find(stream);
            if (found == known_.end() || changed_.contains(stream)) continue;
            const auto& world = found->second.world;
            const auto left = found->second.kind == store::StreamKind::party
                                  ? ledger::catch_up(found->second.book, at).size()
                                  : order::catch_up(world.order, world.rules, at, outages_).size();
            if (left > 0) fail("it was decided before time had its due: " + stream_text(stream));
        }
        caught_up_.clear();
        changed_.clear();
    }
    void check_key(const Sent& sent, const std::string& name) {
        const auto history = shared_.store->load(sent.work.stream);
        const auto kept =
            std::ranges::find(history.requests, sent.work.key, &store::KeptRequest::key);
        if (sent.work.key.empty()) return;
        if (kept == history.requests.end()) return fail("a key is not in its stream: " + name);
        if (kept->first_seq != sent.landed->first_seq || kept->version != sent.landed->version ||
            kept->hash != sent.work.request_hash)
            fail("a key stands for other events than its own: " + name);
    }
    bool has_row(std::uint64_t no) {
        const auto rows = shared_.store->outbox(no - 1, 1);
        return !rows.empty() && rows.front().no == no;
    }

    void check_outbox() {
        const auto outbox = shared_.store->outbox(0, 100'000);
        Sums transit;
        for (const auto& [stream, known] : known_)
            for (const auto& [currency, sum] : known.transit) transit[currency] += sum;
        if (auto wrong = transit_error(std::move(transit), outbox); !wrong.empty()) fail(wrong);
        if (auto wrong = untold_error(known_, outbox); !wrong.empty()) fail(wrong);
    }

    // What each writer believes of a stream is what the store says.
    void compare(const store::StreamId& stream) {
        const auto found = known_.find(stream);
        if (found == known_.end()) return;
        for (auto* writer : {writer_.get(), rival_.get()}) {
            const auto live = writer->look_up(stream);
            if (!live || !*live) return fail("a stream cannot be looked up");
            if ((*live)->requests != shared_.store->load(stream).requests)
                return fail(name_of(*writer) + "it believes in other keys: " + stream_text(stream));
            const auto* order = std::get_if<LiveOrder>(&(*live)->what);
            const bool same = order
                                  ? order->state == found->second.world.order
                                  : std::get<LiveParty>((*live)->what).state == found->second.book;
            if (!same)
                fail(name_of(*writer) +
                     "it believes what the store does not say: " + stream_text(stream));
        }
    }

    // --- The end

    void heal() {
        tell("healing");
        constexpr int rounds_max = 400;
        for (int round = 0; round < rounds_max && error_.empty(); ++round) {
            now_ += days{20};
            while (writer_->sweep(now_, 50) > 0) {
            }
            while (writer_->carry(now_, 50) > 0) {
            }
            audit();
            run_works(*writer_, last_words());
            settle(*writer_, round < 3 ? 80 : 100);
            audit();
            if (is_quiet()) return;
        }
        fail("it does not come to rest: " + what_is_left());
    }

    // What only people and processors can end.
    std::vector<std::size_t> last_words() {
        std::vector<std::size_t> works;
        const auto say = [&](const store::StreamId& stream, decltype(Work::what) what) {
            works.push_back(send({.stream = stream, .what = std::move(what)}, 50));
        };
        for (const auto& [stream, known] : known_) {
            const auto& order = known.world.order;
            for (std::size_t i = 0; i < order.instructions.size(); ++i)
                if (order.instructions[i].state == order::InstructionState::failed &&
                    !order.instructions[i].again)
                    say(stream, order::Command{.by = order::Party::platform,
                                               .request = order::RepeatInstruction{
                                                   order::nth<order::InstructionNo>(i)}});
            for (std::size_t i = 0; i < order.chargebacks.size(); ++i)
                if (order.chargebacks[i].state <= order::ChargebackState::answered)
                    say(stream,
                        order::Observation{.when = now_,
                                           .seen = order::SeeChargebackResolved{
                                               order::nth<order::ChargebackNo>(i),
                                               random_.one_of({order::ChargebackState::won,
                                                               order::ChargebackState::lost})}});
            for (const auto& hold : known.book.holds)
                say(stream, ledger::Command{.request = ledger::LiftHold{hold.reason}});
            for (const auto& purse : known.book.purses)
                if (purse.balances.of(ledger::Account::payable) > 0)
                    say(stream,
                        ledger::Command{.request = ledger::BatchPayout{purse.balances.currency()}});
        }
        return works;
    }

    bool is_quiet() {
        if (!shared_.store->outbox(0, 1).empty()) return false;
        if (!shared_.store->due(now_ + days{40'000}, 1).empty()) return false;
        return std::ranges::all_of(known_, [](const auto& one) {
            for (const auto& purse : one.second.book.purses)
                if (purse.balances.of(ledger::Account::payable) > 0) return false;
            return one.second.kind == store::StreamKind::party || one.second.world.order.is_over();
        });
    }

    std::string what_is_left() {
        std::string left;
        for (const auto& row : shared_.store->outbox(0, 3))
            left += " row " + row.item.kind + " " + row.item.payload + " " + row.problem + ";";
        for (const auto& row : shared_.store->due(now_ + days{40'000}, 3))
            left += " due " + stream_text(row.stream) + " " + to_string(*row.next_deadline) + ";";
        for (const auto& stream : orders_)
            if (!known_.at(stream).world.order.is_over())
                left += " open " + stream_text(stream) + ";";
        return left;
    }

    void check_end() {
        if (!writer_->set_aside().empty() || !rival_->set_aside().empty())
            fail("a stream was set aside");
        for (const auto& [stream, known] : known_) {
            if (known.world.order.money.held != 0) fail("money is held for ever");
            for (const auto& purse : known.book.purses)
                if (purse.balances.of(ledger::Account::reserve) != 0 ||
                    purse.balances.of(ledger::Account::payout) != 0)
                    fail("a party's money is kept for ever");
        }
        check_received();
        counts_.orders += orders_.size();
        for (const auto& [stream, known] : known_) counts_.events += known.version;
        known_.clear();  // all of it once more, from the first event
        orders_.clear();
        for (auto& one : sent_) {
            one.landed.reset();
            one.asked_at = {};  // was looked at when it was asked
        }
        for (std::size_t i = 0; i < sent_.size(); ++i)
            if (sent_[i].told || sent_[i].is_unclear) answered_.insert(i);
        audit();
        if (auto damage = shared_.store->find_damage()) fail(*damage);
    }

    // What the orders' sellers were to get is what they got, each from each order.
    void check_received() {
        std::map<std::pair<IdBytes, IdBytes>, order::Minor> sent, received;
        for (const auto& [stream, known] : known_) {
            const auto& order = known.world.order;
            if (order.placed && known.world.tally.seller != 0)
                sent[{stream.bytes, party_stream(order.terms_of_sale.seller).bytes}] =
                    known.world.tally.seller;
            for (const auto& [key, sum] : known.book.received)
                if (known_.at({key.stream}).kind == store::StreamKind::order)
                    received[{key.stream, stream.bytes}] += sum.amount;
        }
        std::erase_if(received, [](const auto& one) { return one.second == 0; });
        if (sent != received) fail("the sellers did not get what the orders sent");
    }

    Script script_;
    Random random_;  // what is asked
    Random fate_;    // what breaks
    Counts& counts_;
    SharedStore& shared_;
    FaultyStore mine_, others_;
    StreamAudit audit_;
    std::unique_ptr<Writer> writer_, rival_;
    std::vector<order::PartyId> sellers_;
    std::vector<store::StreamId> orders_;
    std::map<store::StreamId, Audited> known_;
    std::vector<Sent> sent_;
    std::vector<std::size_t> keyed_;    // that were acknowledged, or are unclear
    std::vector<std::size_t> running_;  // in the batch under way
    std::set<std::size_t> answered_;    // since the last audit
    std::vector<std::pair<store::StreamId, Instant>> caught_up_;
    std::set<store::StreamId> changed_;  // by works, since the last audit
    std::map<std::pair<store::StreamId, std::string>, std::size_t> placings_;
    std::set<std::string> shared_references_;  // that more than one placing names
    std::vector<terms::Outage> outages_;
    Instant now_ = begin;
    std::deque<std::string> story_;
    std::string answers_text_;
    std::string error_;
};

}  // namespace

TEST_CASE(
    "the engine simulated: faults, two programs, restarts, and nothing is lost or done twice") {
    Counts counts;
    const auto runs = number_of("HOLDFAST_LONG", is_sanitized ? 3 : 150);
    const auto only = number_of("HOLDFAST_SEED", 0);
    for (std::uint64_t seed = only ? only : 1; seed <= (only ? only : runs); ++seed) {
        SharedStore shared{.store = store::make_memory_store()};
        const Script script{
            .seed = seed,
            .steps = is_sanitized ? 120 : 250,
            .cached_streams = static_cast<std::size_t>(seed % 3 == 0 ? 1'000 : 2 + seed % 7)};
        const auto error = Simulation(shared, script, counts).run();
        CHECK_MESSAGE(error.empty(), error);
        if (!error.empty()) return;
    }
    MESSAGE("steps: " << counts.steps << ", works: " << counts.works
                      << ", orders: " << counts.orders << ", events: " << counts.events
                      << ", defaults: " << counts.writers.defaults << ", transfers: "
                      << counts.transfers << ", instructions: " << counts.instructions
                      << ", payouts: " << counts.payouts);
    MESSAGE("done: " << counts.done << ", replayed: " << counts.replayed
                     << ", refused: " << counts.refused << ", keys reused: " << counts.reused
                     << ", other version: " << counts.version_differs << ", busy: " << counts.busy
                     << ", unavailable: " << counts.unavailable
                     << ", of these there: " << counts.landed_unanswered);
    MESSAGE("down before: " << counts.faults.before << ", after: " << counts.faults.after
                            << ", reading: " << counts.faults.read << ", written between: "
                            << counts.faults.between << ", conflicts: " << counts.writers.conflicts
                            << ", restarts: " << counts.restarts
                            << ", outages: " << counts.outages);
    if (only) return;
    const auto least = runs / 5 + 1;  // of each, and of most far more
    for (const auto count :
         {counts.orders, counts.done, counts.replayed, counts.refused, counts.reused,
          counts.version_differs,
          // Three times in a row behind another writer: the few runs with
          // sanitizers need not meet that.
          is_sanitized ? least : counts.busy, counts.unavailable, counts.landed_unanswered,
          counts.transfers, counts.instructions, counts.payouts, counts.restarts, counts.outages,
          counts.faults.before, counts.faults.after, counts.faults.read, counts.faults.between,
          counts.writers.conflicts, counts.writers.failures, counts.writers.defaults})
        CHECK(count >= least);
}

TEST_CASE("the same script gives the same bytes in memory and on disk, whatever is cached") {
    Counts counts;
    const Script script{.seed = number_of("HOLDFAST_SEED", 42),
                        .steps = is_sanitized ? 40 : 100,
                        .has_faults = false,
                        .cached_streams = 2};
    SharedStore memory{.store = store::make_memory_store()};
    Simulation in_memory(memory, script, counts);
    CHECK(in_memory.run() == "");

    const Folder folder;
    auto roomy = script;
    roomy.cached_streams = 1'000;
    SharedStore disk{.store = store::open_sqlite(folder.file("store.db"), {.cache_mib = 8})};
    Simulation on_disk(disk, roomy, counts);
    CHECK(on_disk.run() == "");

    const auto text = kept_text(*memory.store);
    CHECK(text.size() > 50'000);
    CHECK(text == kept_text(*disk.store));
    CHECK(in_memory.answers() == on_disk.answers());
    CHECK(disk.store->find_damage() == std::nullopt);
}

}  // namespace holdfast::test
