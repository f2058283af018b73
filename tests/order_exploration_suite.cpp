// Explores the life of an order breadth first under the shipped marketplace terms: from a state,
// every command of an alphabet by every role, every observation, and time to the edges of what
// comes next. States that differ only in when things happened, but not in what lies ahead and in
// which order, count as one. A small alphabet is explored until nothing new turns up; a wide one to
// a bounded depth from several places of a life. The counts are part of the test: who changes the
// rules sees what it changed.

#include "order_world.h"

#include <cstdlib>
#include <deque>
#include <ranges>
#include <unordered_map>

namespace holdfast::test {
namespace {

using namespace order;
using terms::Verb;

constexpr Instant begin{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}};

enum class TimeStep { just_before_deadline, deadline, past_grace, next_edge };

struct Step {
    std::variant<Command, Observation, TimeStep> what;
};

std::string to_text(const Step& step) {
    if (const auto* command = std::get_if<Command>(&step.what)) return test::to_text(*command);
    if (const auto* seen = std::get_if<Observation>(&step.what)) return test::to_text(*seen);
    constexpr std::array<const char*, 4> names{"to just before the next deadline",
                                               "to the next deadline", "past its grace",
                                               "to the next edge of a window"};
    return names[static_cast<std::size_t>(std::get<TimeStep>(step.what))];
}

struct Alphabet {
    std::vector<PlacedLine> lines;
    Minor shipping = 0;
    std::int32_t commission = 1000;
    std::vector<Reason> reasons;
    std::vector<int> parts;  // of 4: sums asked for and offered, as far as they differ; 5: all + 1
    bool is_wide = false;    // by every role, parcels in two, chargebacks, sleeping offers, …
    bool tells = false;      // the seller of a dispute, by whoever says so
};

struct State {
    Order order;
    Instant now;
};

// --- What lies ahead: the rights that the alphabet uses, with the edges of their windows

struct Edge {
    Instant at;
    std::uint32_t label;
};

class Horizon {
public:
    Horizon(const State& state, const Rules& rules, const Alphabet& alphabet)
        : state_(state), rules_(rules) {
        if (!state.order.placed) return;
        due_ = deadlines(state.order, rules);
        for (const auto& due : due_)
            edges_.push_back({due.legal_at, 0x10000U +
                                                static_cast<std::uint32_t>(due.clause + 1) * 8U +
                                                static_cast<std::uint32_t>(due.kind)});
        ask_about_order(alphabet);
        for (std::size_t i = 0; i < state.order.disputes.size(); ++i)
            ask_about_dispute({static_cast<std::uint16_t>(i + 1)});
        std::ranges::stable_sort(edges_, [](const Edge& a, const Edge& b) {
            return a.at != b.at ? a.at < b.at : a.label < b.label;
        });
    }

    const std::vector<Due>& due() const { return due_; }
    const std::vector<Edge>& edges() const { return edges_; }
    const std::vector<std::int16_t>& answers() const { return answers_; }

    std::optional<Instant> next_edge() const {
        for (const auto& edge : edges_)
            if (edge.at > state_.now) return edge.at;
        return std::nullopt;
    }

private:
    void ask(const terms::Facts& facts, Party by, Verb verb, std::optional<Reason> reason,
             std::uint32_t label) {
        const auto answer =
            terms::ask(*rules_.terms, rules_.law, facts,
                       {.at = state_.now, .by = by, .verb = verb, .reason = reason});
        answers_.push_back(
            static_cast<std::int16_t>(answer.allowed ? -2 - answer.clause : answer.clause));
        if (answer.opens_at && *answer.opens_at > state_.now)
            edges_.push_back({*answer.opens_at, label * 2});
        if (answer.closes_at && *answer.closes_at > state_.now)
            edges_.push_back({*answer.closes_at, label * 2 + 1});
    }

    void ask_about_order(const Alphabet& alphabet) {
        const bool apart = alphabet.is_wide && state_.order.lines.size() > 1;
        const auto scopes = apart ? 1 + state_.order.lines.size() : 1;
        for (std::size_t i = 0; i < scopes; ++i) {
            Scope scope;
            if (i > 0) scope.lines = {{{static_cast<std::uint16_t>(i)}, 1}};
            auto facts = facts_of(state_.order, rules_, scope, state_.now);
            const auto label = static_cast<std::uint32_t>(i) * 64U;
            for (const auto reason : alphabet.reasons)
                ask(facts, Party::buyer,
                    reason == Reason::change_of_mind ? Verb::return_no_fault : Verb::open_dispute,
                    reason, label + static_cast<std::uint32_t>(reason));
            if (i > 0) continue;
            ask(facts, Party::buyer, Verb::cancel_order, {}, 40);
            facts.set(terms::Number::request_days, 10);
            ask(facts, Party::seller, Verb::extend, {}, 41);
        }
    }

    void ask_about_dispute(DisputeNo no) {
        const auto phase = state_.order.dispute(no).phase;
        if (phase == DisputePhase::closed) return;
        auto facts = facts_of(state_.order, rules_, {.dispute = no}, state_.now);
        facts.add_mark(terms::Marks::request, "new_information");
        const auto label = 1024U + no.value * 64U;
        if (phase == DisputePhase::negotiating) ask(facts, Party::buyer, Verb::escalate, {}, label);
        if (phase == DisputePhase::decided) ask(facts, Party::buyer, Verb::appeal, {}, label + 1);
        if (phase != DisputePhase::returning) return;
        ask(facts, Party::buyer, Verb::send_return, {}, label + 2);
        ask(facts, Party::seller, Verb::contest_return, {}, label + 3);
    }

    const State& state_;
    const Rules& rules_;
    std::vector<Due> due_;
    std::vector<Edge> edges_;
    std::vector<std::int16_t> answers_;
};

// --- The key of a state

class Key {
public:
    Key(const State& state, const Horizon& horizon) {
        const auto& order = state.order;
        add(order.placed, order.paid.has_value(), order.completed.has_value(),
            order.cancelled.has_value(), order.confirmed.has_value(),
            order.cancel ? 1 + order.cancel->answered.has_value() : 0, order.extensions,
            order.extension_asked.has_value());
        const auto& money = order.money;
        add(money.authorised, money.captured, money.held, money.released, money.refunded,
            money.compensated, money.fees, money.charged_back, money.advanced_by_seller,
            money.advanced_by_guarantee);
        for (const auto& line : order.lines) add(line.cancelled, line.refunded);
        add(order.shipping_refunded);
        for (const auto& shipment : order.shipments) add_shipment(shipment);
        for (const auto& dispute : order.disputes) add_dispute(dispute);
        for (const auto& offer : order.offers) add_offer(offer);
        for (const auto& one : order.chargebacks) add(7, one.amount, one.state);
        for (const auto& one : order.arrivals) add(8, one.shipment.value, one.choice.has_value());
        for (const auto& due : horizon.due())
            add(9, due.kind, due.clause, due.dispute.value_or(DisputeNo{}).value, due.offer.value,
                due.legal_at <= state.now);
        // What lies ahead, in its order; what strikes at one instant is marked.
        Instant last = state.now;
        for (const auto& edge : horizon.edges()) {
            add(edge.label, edge.at == last, edge.at > state.now);
            last = edge.at;
        }
        for (const auto answer : horizon.answers()) add(answer);
    }

    const std::string& text() const { return text_; }

private:
    template <class... T>
    void add(T... values) {
        (put(static_cast<std::int64_t>(values)), ...);
    }
    void put(std::int64_t value) {
        do {
            text_.push_back(static_cast<char>(value & 0x7f));
            value >>= 7;
        } while (value != 0 && value != -1);
        text_.push_back(static_cast<char>(0x80 | (value & 1)));
    }
    void add_shipment(const Shipment& shipment) {
        add(1, shipment.tracking.empty(), shipment.replaces.value_or(DisputeNo{}).value);
        for (const auto& [line, quantity] : shipment.lines) add(line.value, quantity);
        for (const auto& scan : shipment.scans)
            if (!scan.withdrawn) add(2, scan.kind);
    }
    void add_dispute(const Dispute& dispute) {
        add(3, dispute.phase);
        for (const auto& [line, quantity] : dispute.lines) add(line.value, quantity);
        add(dispute.reason, dispute.refunded, dispute.withdrawn.has_value(),
            dispute.accepted.has_value(), dispute.decided.has_value(),
            dispute.replacement_agreed.has_value());
        if (dispute.is_closed()) return;
        add(dispute.requested, dispute.wanted ? 1 + static_cast<int>(*dispute.wanted) : 0,
            dispute.answered.has_value(), dispute.modified.has_value(),
            dispute.escalated.has_value(), dispute.appealed.has_value(),
            dispute.appeal_decided.has_value(), dispute.appeals,
            dispute.replacement_shipped.has_value(), dispute.replacement_delivered.has_value(),
            dispute.notified.has_value());
        if (dispute.verdict) add_settlement(dispute.verdict->settlement);
        for (const auto& asked : dispute.asked) add(asked.of, asked.answered, asked.lapsed);
        if (dispute.back)
            add(4, dispute.back->amount, dispute.back->sent.has_value(),
                dispute.back->delivered.has_value(), dispute.back->received.has_value(),
                dispute.back->contested.has_value());
    }
    void add_offer(const Offer& offer) {
        if (offer.state != OfferState::open && offer.state != OfferState::accepted) return;
        add(5, offer.dispute.value, offer.by, offer.state, offer.plan.arrives_by.has_value());
        add_settlement(offer.plan.then);
        add_settlement(offer.plan.otherwise);
    }
    void add_settlement(const Settlement& settlement) {
        add(6, settlement.remedy ? 1 + static_cast<int>(*settlement.remedy) : 0, settlement.amount);
    }

    std::string text_;
};

// --- The steps out of a state

class Steps {
public:
    Steps(const State& state, const Alphabet& alphabet) : state_(state), alphabet_(alphabet) {}

    std::vector<Step> all() {
        times();
        if (!order().placed) {
            place();
            return std::move(all_);
        }
        about_order();
        parcels();
        if (alphabet_.is_wide) money();
        for (std::size_t i = 0; i < order().disputes.size(); ++i)
            if (!order().disputes[i].is_closed())
                about_dispute({static_cast<std::uint16_t>(i + 1)});
        return std::move(all_);
    }

private:
    const Order& order() const { return state_.order; }

    void times() {
        for (const auto step : {TimeStep::just_before_deadline, TimeStep::deadline,
                                TimeStep::past_grace, TimeStep::next_edge})
            all_.push_back({step});
    }
    // By the party whose act it is; in the wide alphabet by everybody.
    void by(Party party, const Request& request) {
        if (alphabet_.is_wide) {
            for (const auto one : {Party::buyer, Party::seller, Party::platform})
                all_.push_back({Command{.by = one, .request = request}});
            return;
        }
        all_.push_back({Command{.by = party, .request = request}});
    }
    void see(const order::Seen& seen) {
        all_.push_back({Observation{.when = state_.now, .seen = seen}});
    }
    std::vector<Minor> sums(Minor all) const {
        std::vector<Minor> some;
        for (const auto part : alphabet_.parts) {
            const auto sum = part == 5   ? all + 1
                             : part == 1 ? std::min<Minor>(1, all)
                                         : all * part / 4;
            if (std::ranges::find(some, sum) == some.end()) some.push_back(sum);
        }
        return some;
    }

    void place() {
        Placement placement;
        placement.lines = alphabet_.lines;
        placement.shipping = alphabet_.shipping;
        placement.commission_basis_points = alphabet_.commission;
        placement.promised_by = begin + std::chrono::days{20};
        by(Party::platform, Place{placement});
    }

    void about_order() {
        by(Party::buyer, Cancel{});
        if (!alphabet_.is_wide) by(Party::seller, Cancel{});
        by(Party::buyer, ConfirmReceipt{});
        if (alphabet_.is_wide) by(Party::seller, Extend{10});
        std::vector<Lines> scopes{{}};
        if (alphabet_.is_wide)
            for (std::size_t i = 0; i < order().lines.size(); ++i)
                scopes.push_back({{{static_cast<std::uint16_t>(i + 1)}, 1}});
        for (const auto& lines : scopes)
            for (const auto reason : alphabet_.reasons)
                by(Party::buyer, OpenDispute{.lines = lines, .reason = reason});
        if (!order().paid) see(SeeCaptured{total_of(order())});
    }

    void parcels() {
        const auto unshipped = unshipped_lines(order());
        if (!unshipped.empty()) {
            see(SeeShipped{.lines = {}, .tracking = "A"});
            if (alphabet_.is_wide && unshipped.size() > 1)
                see(SeeShipped{.lines = {unshipped.front()}, .tracking = "B"});
        }
        for (std::size_t i = 0; i < order().shipments.size(); ++i) {
            const ShipmentNo no{static_cast<std::uint16_t>(i + 1)};
            if (!order().shipments[i].scans.empty()) continue;
            see(SeeScan{no, ScanKind::delivered});
            if (alphabet_.is_wide) see(SeeScan{no, ScanKind::lost});
        }
    }

    void money() {
        for (const auto sum : sums(refundable(order())))
            by(Party::seller, Refund{.lines = {}, .amount = sum});
        by(Party::seller, Compensate{.amount = 1});
        by(Party::buyer, RequestExtension{10});
        by(Party::seller, DeclineCancel{});
        if (order().chargebacks.empty() && order().money.captured > 0)
            see(SeeChargeback{.amount = order().money.captured, .evidence_due = state_.now + 240h});
        for (std::size_t i = 0; i < order().chargebacks.size(); ++i) {
            const ChargebackNo no{static_cast<std::uint16_t>(i + 1)};
            by(Party::seller, AnswerChargeback{.chargeback = no});
            see(SeeChargebackResolved{no, ChargebackState::won});
            see(SeeChargebackResolved{no, ChargebackState::lost});
        }
        for (const auto& arrival : order().arrivals)
            by(Party::buyer, SettleArrival{arrival.shipment, ArrivalChoice::pay});
    }

    void about_dispute(DisputeNo no) {
        const auto most = refundable(order(), order().dispute(no).lines);
        by(Party::buyer, WithdrawDispute{no});
        by(Party::seller, Respond{no});
        by(Party::buyer, Escalate{no});
        by(Party::buyer, Appeal{.dispute = no, .has_new_information = true});
        for (const auto sum : sums(most)) {
            const Settlement part{.remedy = Remedy::partial_refund_keep, .amount = sum};
            by(Party::seller, MakeOffer{.dispute = no, .plan = {.then = part}});
            if (!alphabet_.is_wide) continue;
            by(Party::buyer, ModifyDispute{.dispute = no, .amount = sum});
            by(Party::platform, Decide{no, {part, Party::either, {VerdictCode::item_differs}}});
        }
        by(Party::buyer, AcceptOffer{{static_cast<std::uint16_t>(order().offers.size())}});
        decisions(no, most);
        if (order().dispute(no).back) returns(no);
        if (alphabet_.tells && !order().dispute(no).notified)
            see(SeeTold{.about = order().dispute(no).opened_by});
        if (order().dispute(no).replacement_agreed)
            see(SeeShipped{.lines = {}, .tracking = "R", .replaces = no});
        if (alphabet_.is_wide) more_about_dispute(no, most);
    }

    void decisions(DisputeNo no, Minor most) {
        const auto decide = [&](std::optional<Remedy> remedy, Party winner) {
            by(Party::platform,
               Decide{no,
                      {.settlement = {.remedy = remedy, .amount = remedy ? most : 0},
                       .winner = winner,
                       .codes = {VerdictCode::item_differs}}});
        };
        decide(Remedy::full_refund, Party::buyer);
        decide({}, Party::seller);
        decide(Remedy::return_for_full_refund, Party::buyer);
        if (alphabet_.is_wide) decide(Remedy::replacement, Party::buyer);
    }

    void returns(DisputeNo no) {
        by(Party::buyer, SendReturn{.dispute = no, .tracking = "R"});
        by(Party::seller, ReceiveReturn{.dispute = no});
        by(Party::seller, ContestReturn{.dispute = no});
        see(SeeReturnDelivered{no});
    }

    void more_about_dispute(DisputeNo no, Minor most) {
        by(Party::buyer, DeclineOffer{{static_cast<std::uint16_t>(order().offers.size())}});
        by(Party::seller,
           MakeOffer{.dispute = no,
                     .plan = {.then = {},
                              .arrives_by = state_.now + 48h,
                              .otherwise = {.remedy = Remedy::full_refund, .amount = most}},
                     .expires_at = state_.now + 24h});
        by(Party::platform, RequestEvidence{no, Party::seller, state_.now + 48h});
        by(Party::seller, SubmitEvidence{.dispute = no, .kind = "photo", .content = Hash{}});
        by(Party::seller, PrepareReturn{.dispute = no, .label = "seller"});
    }

    const State& state_;
    const Alphabet& alphabet_;
    std::vector<Step> all_;
};

// --- Breadth first

struct Counts {
    std::uint64_t states = 0, edges = 0, refused = 0;  // refused: or no such time
    int depth = 0;
    bool is_closed = false;
};

class Exploration {
public:
    Exploration(const Alphabet& alphabet, Reached& reached)
        : alphabet_(alphabet), reached_(reached) {}

    // From each state that a path leads to, one after the other; a state is visited once.
    Counts run(const std::vector<std::vector<Step>>& paths, int depth_max) {
        Counts counts;
        for (const auto& path : paths) {
            State state{.order = {}, .now = begin};
            for (const auto& step : path) REQUIRE(take(state, step));
            roots_.push_back(state);
            visit(std::move(state), 0, nullptr, roots_.size() - 1);
        }
        while (!ahead_.empty() && error_.empty()) {
            const auto one = std::move(ahead_.front());
            ahead_.pop_front();
            counts.depth = one.depth;
            if (one.depth >= depth_max) break;
            const auto steps = Steps(one.state, alphabet_).all();
            for (std::size_t i = 0; i < steps.size() && error_.empty(); ++i) {
                auto next = one.state;
                ++counts.edges;
                if (take(next, steps[i]))
                    visit(std::move(next), one.depth + 1, one.key, i);
                else
                    ++counts.refused;
                if (const auto error = std::exchange(error_, {}); !error.empty())
                    error_ = error + story(one.key) + "\n  " + to_text(steps[i]);
            }
        }
        counts.states = found_.size();
        counts.is_closed = ahead_.empty();
        return counts;
    }

    const std::string& error() const { return error_; }

private:
    struct Ahead {
        State state;
        const std::string* key;
        int depth;
    };
    struct From {
        const std::string* key;
        std::size_t step;  // of Steps; of a root: its number
    };

    // False if it was refused, or there is no such time.
    bool take(State& state, const Step& step) {
        try {
            if (const auto* command = std::get_if<Command>(&step.what))
                return apply(state, decide(state.order, rules_, *command, state.now));
            if (const auto* seen = std::get_if<Observation>(&step.what))
                return apply(state, observe(state.order, rules_, *seen, state.now));
            return pass(state, std::get<TimeStep>(step.what));
        } catch (const std::exception& broken) {
            error_ = broken.what();
            return false;
        }
    }

    bool apply(State& state, const Decision& decision) {
        if (!decision) {
            reached_.add(decision.error());
            return false;
        }
        reached_.add(*decision);
        for (const auto& event : *decision) evolve(state.order, event);
        catch_up(state);  // what was seen may make a default due at once
        return true;
    }

    void catch_up(State& state) {
        for (const auto& change : order::catch_up(state.order, rules_, state.now)) {
            reached_.add(change);
            for (const auto& event : change) evolve(state.order, event);
        }
    }

    bool pass(State& state, TimeStep step) {
        const auto next = next_deadline(state.order, rules_);
        auto to = next ? next->legal_at : state.now;  // now: there is nowhere to go
        if (step == TimeStep::just_before_deadline) to -= 1ms;
        if (step == TimeStep::past_grace && next) to += rules_.grace;
        if (step == TimeStep::next_edge)
            to = Horizon(state, rules_, alphabet_).next_edge().value_or(state.now);
        if (to <= state.now) return false;
        state.now = to;
        catch_up(state);
        return true;
    }

    void visit(State state, int depth, const std::string* from, std::size_t step) {
        const Horizon horizon(state, rules_, alphabet_);
        const Key key(state, horizon);
        const auto [at, is_new] = found_.try_emplace(key.text(), From{from, step});
        if (!is_new) return;
        check(state, horizon);
        ahead_.push_back({std::move(state), &at->first, depth});
    }

    void check(const State& state, const Horizon& horizon) {
        error_ = money_error(state.order);
        if (!error_.empty()) return;
        if (horizon.due().empty() && state.order.money.held != 0) error_ = "money is held for ever";
        if (horizon.due().empty() && has_open_dispute(state.order)) error_ = "a dispute never ends";
        if (horizon.due().empty() && state.order.placed && !state.order.is_over())
            error_ = "an order never ends";
    }

    // How a state came about, from the start.
    std::string story(const std::string* key) {
        std::vector<std::size_t> steps;
        while (found_.at(*key).key != nullptr) {
            steps.push_back(found_.at(*key).step);
            key = found_.at(*key).key;
        }
        auto state = roots_.at(found_.at(*key).step);
        std::string text;
        for (const auto i : std::views::reverse(steps)) {
            const auto step = Steps(state, alphabet_).all().at(i);
            text += "\n  " + to_string(state.now) + " " + to_text(step);
            take(state, step);
        }
        return text;
    }

    const Alphabet& alphabet_;
    Reached& reached_;
    Rules rules_ = marketplace();
    std::unordered_map<std::string, From> found_;
    std::vector<State> roots_;
    std::deque<Ahead> ahead_;
    std::string error_;
};

std::vector<std::vector<Step>> places_of_a_life(const Alphabet& alphabet) {
    const State nothing{.order = {}, .now = begin};
    const auto ask = [](Party party, Request request) {
        return Step{Command{.by = party, .request = std::move(request)}};
    };
    const auto see = [](order::Seen seen) {
        return Step{Observation{.when = begin, .seen = std::move(seen)}};
    };
    std::vector<Step> path;
    for (const auto& step : Steps(nothing, alphabet).all())
        if (const auto* command = std::get_if<Command>(&step.what);
            command && command->by == Party::platform)
            path.push_back(step);
    Minor total = alphabet.shipping;
    for (const auto& line : alphabet.lines) total += line.unit_price * line.quantity;

    std::vector<std::vector<Step>> paths{{}, path};
    const auto on = [&](Step step) {
        path.push_back(std::move(step));
        paths.push_back(path);
    };
    on(see(SeeCaptured{total}));
    on(see(SeeShipped{.lines = {{{1}, 1}}, .tracking = "A"}));
    on(see(SeeShipped{.lines = {}, .tracking = "B"}));
    on(see(SeeScan{{1}, ScanKind::delivered}));
    on(ask(Party::buyer, OpenDispute{.lines = {{{1}, 1}}, .reason = Reason::not_as_described}));
    on(ask(Party::platform, Escalate{{1}}));
    const Verdict back{.settlement = {.remedy = Remedy::return_for_full_refund, .amount = 1},
                       .winner = Party::buyer,
                       .codes = {VerdictCode::item_differs}};
    on(ask(Party::platform, Decide{{1}, back}));
    on({TimeStep::past_grace});
    return paths;
}

// The known counts, with and without sanitizers: a change of the rules changes them, and whoever
// makes it says so here.
void compare(const Counts& counts, const Counts& known, const Exploration& exploration,
             const Reached& reached) {
    CHECK(exploration.error() == "");
    CHECK(counts.states == known.states);
    CHECK(counts.edges == known.edges);
    CHECK(counts.refused == known.refused);
    CHECK(counts.depth == known.depth);
    CHECK(counts.is_closed == known.is_closed);
    MESSAGE("never reached: " << never_reached(reached));
}

}  // namespace

TEST_CASE("exploration: a small alphabet, until nothing new turns up") {
    // One line in one parcel; the goods do not come, or are not right; one offer of a half; three
    // verdicts, appeals, the return; the seller's and the buyer's cancellation, the confirmation.
    const Alphabet small{.lines = {{.sku = "a", .quantity = 1, .unit_price = 3}},
                         .shipping = 1,
                         .reasons = {Reason::not_received, Reason::not_as_described},
                         .parts = {2}};
    const Counts known = is_sanitized ? Counts{3'790, 36'219, 23'728, 11, false}
                                      : Counts{63'050, 1'343'787, 1'007'935, 26, true};
    Reached reached;
    Exploration exploration(small, reached);
    const auto counts = exploration.run({{}}, is_sanitized ? 11 : 1000);
    compare(counts, known, exploration, reached);
}

TEST_CASE("exploration: sellers who are told of disputes, to a bounded depth") {
    const Alphabet small{.lines = {{.sku = "a", .quantity = 1, .unit_price = 3}},
                         .reasons = {Reason::not_received},
                         .parts = {2},
                         .tells = true};
    Reached reached;
    Exploration exploration(small, reached);
    exploration.run({{}}, 7);
    CHECK(exploration.error() == "");
    const auto names = event_names();
    const auto made = std::ranges::find(names, NoticeMade::name) - names.begin();
    CHECK(reached.events[static_cast<std::size_t>(made)] > 0);
}

TEST_CASE("exploration: a wide alphabet, two lines, two parcels, to a bounded depth") {
    const Alphabet wide{.lines = {{.sku = "a", .quantity = 1, .unit_price = 3},
                                  {.sku = "b", .quantity = 2, .unit_price = 2}},
                        .shipping = 1,
                        .reasons = {Reason::not_received, Reason::late, Reason::not_as_described,
                                    Reason::counterfeit, Reason::change_of_mind},
                        .parts = {0, 1, 2, 4, 5},
                        .is_wide = true};
    const bool is_long = std::getenv("HOLDFAST_LONG") != nullptr;
    const Counts known = is_sanitized ? Counts{2'383, 24'198, 19'520, 2, false}
                                      : Counts{26'814, 363'071, 297'131, 3, false};
    Reached reached;
    Exploration exploration(wide, reached);
    const auto counts = exploration.run(places_of_a_life(wide), is_long ? 4 : is_sanitized ? 2 : 3);
    if (is_long)
        CHECK(exploration.error() == "");
    else
        compare(counts, known, exploration, reached);
}

}  // namespace holdfast::test
