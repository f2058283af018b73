// Random lives of orders under the shipped marketplace terms: whatever is asked and told in
// whatever order and at whatever instant, the money adds up, what the terms say is what is
// decided, nobody loses a right to another's act, and every life ends.
//
// HOLDFAST_LONG=<number of sequences> runs more than the usual. A failure prints the seed and the
// shortest story that was found to fail in the same way.

#include "order_random.h"

#include "order/actions.h"

#include <cstdlib>
#include <set>

namespace holdfast::test {
namespace {

using order::RefusalCode;
using terms::Party;
using terms::Verb;

constexpr Instant begin{std::chrono::sys_days{std::chrono::year{2026} / 1 / 30}};

// --- What the terms are asked for a request; none where the request is not theirs to judge

std::optional<Wished> about_dispute(const order::Order& order, order::DisputeNo no, Verb verb) {
    if (no.value == 0 || no.value > order.disputes.size()) return std::nullopt;
    return Wished{.verb = verb, .scope = {.dispute = no}};
}

std::optional<Wished> about_offer(const order::Order& order, order::OfferNo no, Verb verb) {
    if (no.value == 0 || no.value > order.offers.size()) return std::nullopt;
    return Wished{.verb = verb, .scope = {.dispute = order.offer(no).dispute}};
}

std::optional<Wished> wish_of(const order::Order& order, const order::OpenDispute& open) {
    for (const auto& [line, quantity] : open.lines)
        if (line.value == 0 || line.value > order.lines.size()) return std::nullopt;
    const bool by_right = open.reason == terms::Reason::change_of_mind;
    return Wished{.verb = by_right ? Verb::return_no_fault : Verb::open_dispute,
                  .scope = {.lines = open.lines},
                  .reason = open.reason,
                  .amount = open.amount,
                  .has_evidence = open.has_evidence};
}

std::optional<Wished> wish_of(const order::Order& order, const order::Command& command) {
    if (!order.placed) return std::nullopt;
    const auto of = [&](const auto& one) -> std::optional<Wished> {
        using T = std::decay_t<decltype(one)>;
        using namespace order;
        if constexpr (std::is_same_v<T, OpenDispute>) {
            return test::wish_of(order, one);
        } else if constexpr (std::is_same_v<T, ModifyDispute>) {
            auto wish = about_dispute(order, one.dispute, Verb::modify_dispute);
            if (wish) wish->amount = one.amount;
            return wish;
        } else if constexpr (std::is_same_v<T, MakeOffer>) {
            auto wish = about_dispute(order, one.dispute, Verb::offer);
            if (wish) wish->amount = one.plan.then.amount;
            return wish;
        } else if constexpr (std::is_same_v<T, Appeal>) {
            auto wish = about_dispute(order, one.dispute, Verb::appeal);
            if (wish) wish->has_new_information = one.has_new_information;
            return wish;
        } else if constexpr (std::is_same_v<T, Extend>) {
            return Wished{.verb = Verb::extend, .days = one.days};
        } else if constexpr (std::is_same_v<T, WithdrawDispute>) {
            return about_dispute(order, one.dispute, Verb::withdraw_dispute);
        } else if constexpr (std::is_same_v<T, Respond>) {
            return about_dispute(order, one.dispute, Verb::respond);
        } else if constexpr (std::is_same_v<T, AcceptOffer>) {
            return about_offer(order, one.offer, Verb::accept);
        } else if constexpr (std::is_same_v<T, DeclineOffer>) {
            return about_offer(order, one.offer, Verb::decline);
        } else if constexpr (std::is_same_v<T, SubmitEvidence>) {
            return about_dispute(order, one.dispute, Verb::submit_evidence);
        } else if constexpr (std::is_same_v<T, Escalate>) {
            return about_dispute(order, one.dispute, Verb::escalate);
        } else if constexpr (std::is_same_v<T, SendReturn>) {
            return about_dispute(order, one.dispute, Verb::send_return);
        } else if constexpr (std::is_same_v<T, ReceiveReturn>) {
            return about_dispute(order, one.dispute, Verb::complete_return);
        } else if constexpr (std::is_same_v<T, ContestReturn>) {
            return about_dispute(order, one.dispute, Verb::contest_return);
        } else if constexpr (std::is_same_v<T, Cancel>) {
            return Wished{.verb = Verb::cancel_order};
        } else if constexpr (std::is_same_v<T, ConfirmReceipt>) {
            return Wished{.verb = Verb::confirm_receipt};
        } else {
            return std::nullopt;
        }
    };
    return std::visit(of, command.request);
}

// Acts of the platform that need no clause.
bool is_by_office(const order::Command& command) {
    return command.by == Party::platform &&
           (std::holds_alternative<order::Cancel>(command.request) ||
            std::holds_alternative<order::Escalate>(command.request));
}

// Codes that judge the request itself, or what else runs; the terms have no say in them.
bool is_about_the_request(RefusalCode code) {
    switch (code) {
    case RefusalCode::malformed:
    case RefusalCode::unknown_line:
    case RefusalCode::quantity_too_large:
    case RefusalCode::offer_not_open:
    case RefusalCode::offer_expired:
    case RefusalCode::own_offer:
    case RefusalCode::lines_in_dispute:
    case RefusalCode::remedy_not_offered:
    case RefusalCode::amount_exceeds:
    case RefusalCode::nothing_refundable:
    case RefusalCode::due_in_past:
    case RefusalCode::default_pending:    return true;
    default:                              return false;
    }
}

// --- Rights that another's act must not take

struct Right {
    Party party;
    Verb verb;
    std::optional<terms::Reason> reason;
    std::optional<order::DisputeNo> dispute;
    terms::Answer answer;
};

std::vector<Right> rights_of(const World& world, const order::Order& order, Party party, Instant at,
                             std::size_t disputes) {
    std::vector<Right> all;
    const auto add = [&](const terms::Facts& facts, Verb verb, std::optional<terms::Reason> reason,
                         std::optional<order::DisputeNo> dispute) {
        all.push_back({party, verb, reason, dispute,
                       terms::ask(*world.rules.terms, facts,
                                  {.at = at, .by = party, .verb = verb, .reason = reason})});
    };
    if (party == Party::buyer) {
        const auto facts = order::facts_of(order, world.rules, {}, at);
        for (std::size_t i = 0; i < terms::count_of<terms::Reason>; ++i)
            add(facts, Verb::open_dispute, static_cast<terms::Reason>(i), {});
    }
    for (std::size_t i = 0; i < disputes; ++i) {
        const order::DisputeNo no{static_cast<std::uint16_t>(i + 1)};
        auto facts = order::facts_of(order, world.rules, {.dispute = no}, at);
        facts.add_mark(terms::Marks::request, "new_information");
        for (const auto verb : {Verb::escalate, Verb::appeal, Verb::withdraw_dispute})
            add(facts, verb, {}, no);
    }
    return all;
}

// Is what the right was for done already, or the dispute over?
bool is_moot(const order::Order& after, const Right& right) {
    using order::DisputePhase;
    if (!right.dispute) return false;
    const auto& dispute = after.dispute(*right.dispute);
    if (!dispute.is_quarrel()) return true;
    if (right.verb == Verb::escalate) return dispute.escalated.has_value();
    // Until the decision, says the clause; the verdict can be appealed instead.
    if (right.verb == Verb::withdraw_dispute) return dispute.phase == DisputePhase::decided;
    return right.verb == Verb::appeal && dispute.phase == DisputePhase::appealed;
}

std::string lost_right(const World& world, const order::Order& before, Party by, Instant at) {
    for (const auto party : {Party::buyer, Party::seller}) {
        if (party == by) continue;
        const auto disputes = before.disputes.size();
        const auto had = rights_of(world, before, party, at, disputes);
        const auto has = rights_of(world, world.order, party, at, disputes);
        for (std::size_t i = 0; i < had.size(); ++i) {
            if (!had[i].answer.allowed || has[i].answer.allowed) continue;
            if (has[i].answer.clause >= 0 || is_moot(world.order, has[i])) continue;
            return "the " + std::string(terms::to_string(party)) + " lost the right to " +
                   std::string(terms::to_string(had[i].verb)) +
                   (had[i].reason ? " " + std::string(terms::to_string(*had[i].reason)) : "") +
                   " to another's act, and no clause says so";
        }
    }
    return {};
}

// --- One life

struct Lived {  // over all lives
    Reached reached;
    std::map<std::string, std::uint64_t> yes_but;  // the terms grant it, the order refuses
    std::uint64_t steps = 0, asked = 0, agreed = 0;
};

class Life {
public:
    Life(std::uint64_t seed, Lived& seen, std::vector<std::string>* story)
        : seed_(seed), seen_(seen), story_(story) {
        Random random(seed);
        length_ = static_cast<int>(random.between(6, 40));
        now_ = begin + Duration{random.below(40LL * 24 * 3'600'000)};
        if (random.chance(10)) {
            const auto from = now_ + Duration{random.below(60LL * 24 * 3'600'000)};
            world_.outages.push_back({from, from + Duration{random.between(1, 3 * 86'400'000)}});
        }
        ends_with_ = random.chance(50) ? order::ChargebackState::won : order::ChargebackState::lost;
    }

    int length() const { return length_; }
    const std::string& error() const { return world_.error; }

    // Without the steps in `left_out`, which a shorter story may do without.
    void live(const std::set<int>& left_out = {}) {
        try {
            for (int i = 0; i < length_ && world_.error.empty(); ++i)
                if (!left_out.contains(i)) step(i);
            if (world_.error.empty()) end();
        } catch (const std::exception& broken) {
            world_.fail(broken.what());
        }
    }

private:
    void tell(const std::string& text) {
        if (story_) story_->push_back(to_string(now_) + "  " + text);
    }

    void pass(Instant now) {
        // Whoever looks in between finds the same in the end.
        std::optional<World> punctual;
        const auto between = world_.order.last_at + (now - world_.order.last_at) / 2;
        const bool is_down = std::ranges::any_of(world_.outages, [&](const terms::Outage& one) {
            return one.from <= between && between < one.until;
        });
        if (now > world_.order.last_at && now.time_since_epoch().count() % 4 == 0 && !is_down) {
            punctual = world_;
            punctual->pass(between);
            punctual->pass(now);
        }
        const auto changes = world_.pass(now);
        for (const auto& change : changes) {
            seen_.reached.add(change);
            tell("time: " + to_text(change));
        }
        if (punctual && punctual->events != world_.events)
            world_.fail("a punctual sweeper and a late one do not agree");
        if (!changes.empty() &&
            !order::catch_up(world_.order, world_.rules, now, world_.outages).empty())
            world_.fail("time has something left to do");
    }

    void step(int i) {
        Random random(seed_ * 0x2545f4914f6cdd1dULL + static_cast<std::uint64_t>(i) * 977 + 1);
        ++seen_.steps;
        now_ = later_instant(random, world_, now_);
        for (const auto& outage : world_.outages)  // nobody gets through in it
            if (outage.from <= now_ && now_ < outage.until) now_ = outage.until;
        if (i < 3 && random.chance(60)) now_ = std::max(now_ - 24h, world_.order.last_at);
        pass(now_);
        if (!world_.error.empty()) return;
        Chooser chooser(random, world_, now_);
        if (i == 1 && random.chance(80)) {
            if (world_.order.placed) see({now_, order::SeeCaptured{order::total_of(world_.order)}});
        } else if (i == 2 && random.chance(50)) {
            see({now_, order::SeeShipped{.lines = {}, .tracking = "T", .replaces = {}}});
        } else if (i > 0 && random.chance(30)) {
            see(chooser.observation());
        } else {
            ask(chooser.command(), i % 8 == 0);
        }
    }

    void see(const order::Observation& observation) {
        const auto decision = world_.observe(observation, now_);
        tell(to_text(observation) + " -> " + outcome(decision));
        note(decision);
        if (!decision &&
            static_cast<std::size_t>(decision.error().code) >=
                static_cast<std::size_t>(RefusalCode::order_over) &&
            decision.error().code != RefusalCode::nothing_unshipped)
            world_.fail("an observation was refused for where things stand");
        if (!decision || world_.order.placed) return;
        world_.fail("an observation of no order was taken");
    }

    void ask(const order::Command& command, bool twice) {
        const auto before = world_.order;
        const auto wish = wish_of(before, command);
        std::optional<terms::Answer> answer;
        if (wish) answer = ask_terms(before, world_.rules, command.by, *wish, now_);
        const auto decision = world_.decide(command, now_);
        tell(to_text(command) + " -> " + outcome(decision));
        note(decision);
        if (answer) compare(command, *wish, *answer, decision);
        if (decision) {
            ++seen_.reached.accepted[command.request.index()];
            if (!before.placed) return;
            if (!is_told(before, command)) world_.fail("what could be done was not told");
            if (auto lost = lost_right(world_, before, command.by, now_); !lost.empty())
                world_.fail(std::move(lost));
        } else if (twice && order::decide(before, world_.rules, command, now_) != decision) {
            world_.fail("the same refused request has another answer");
        }
    }

    void compare(const order::Command& command, const Wished& wish, const terms::Answer& answer,
                 const order::Decision& decision) {
        ++seen_.asked;
        seen_.agreed += decision.has_value() == answer.allowed;
        const auto say = [&](const char* what) {
            world_.fail(std::string(what) + ": " + std::string(terms::to_string(wish.verb)) +
                        ", terms " + std::string(terms::to_string(answer.outcome)) + ", order " +
                        outcome(decision));
        };
        const bool asks_seller =
            decision && std::holds_alternative<order::Cancel>(command.request) &&
            (decision->empty() ||
             std::holds_alternative<order::CancelRequested>(decision->front().event));
        if (decision) {
            if (!answer.allowed && !is_by_office(command) && !asks_seller)
                say("decided yes where the terms say no");
        } else if (decision.error().code == RefusalCode::not_granted) {
            if (answer.allowed && wish.verb != Verb::modify_dispute)
                say("decided no by the terms where the terms say yes");
            if (!answer.allowed && (decision.error().clause != answer.clause ||
                                    decision.error().outcome != answer.outcome))
                say("another no than the terms'");
        } else if (answer.allowed) {
            if (!is_about_the_request(decision.error().code))
                say("granted by the terms, refused by the order");
            ++seen_.yes_but[std::string(terms::to_string(wish.verb)) + ": " +
                            std::string(order::to_string(decision.error().code))];
        } else if (decision.error().code > RefusalCode::not_granted &&
                   decision.error().code != RefusalCode::default_pending && !asks_seller) {
            say("the terms' no was passed over");
        }
    }

    // Was this among the actions that its party was told of?
    bool is_told(const order::Order& before, const order::Command& command) {
        const auto all = order::actions(before, world_.rules, command.by, now_,
                                        order::deadlines(before, world_.rules));
        const auto name = std::visit([](const auto& one) { return one.name; }, command.request);
        const auto* open = std::get_if<order::OpenDispute>(&command.request);
        return std::ranges::any_of(all, [&](const order::Action& one) {
            return one.request == name && (!open || one.reason == open->reason) &&
                   (!one.opens_at || *one.opens_at <= now_);
        });
    }

    void note(const order::Decision& decision) {
        if (decision)
            seen_.reached.add(*decision);
        else
            seen_.reached.add(decision.error());
    }

    // Everybody is silent from now on: time ends it.
    void end() {
        now_ += std::chrono::days{4000};
        pass(now_);
        for (std::size_t i = 0; i < world_.order.chargebacks.size(); ++i) {
            now_ += 1h;
            see({now_,
                 order::SeeChargebackResolved{{static_cast<std::uint16_t>(i + 1)}, ends_with_}});
        }
        now_ += std::chrono::days{4000};
        pass(now_);
        if (order::replay(world_.events) != world_.order)
            world_.fail("a replay gives another state");
        if (!world_.order.placed) return;
        if (has_open_dispute(world_.order)) world_.fail("a dispute never ends");
        if (world_.order.chargebacks.empty() && is_paid_whole() &&
            world_.tally.refunded_by_guarantee != 0)
            world_.fail("the guarantee paid a refund of money that was there");
        if (world_.order.money.held != 0) world_.fail("money is held for ever");
        if (order::next_deadline(world_.order, world_.rules))
            world_.fail("a deadline never strikes");
        if (!world_.order.is_over()) world_.fail("the order never ends");
    }

    bool is_paid_whole() const {
        const auto& sale = world_.order.terms_of_sale;
        auto total = sale.shipping + sale.tax + sale.fee;
        for (const auto& line : sale.lines) total += line.unit_price * line.quantity;
        return world_.order.money.captured >= total;
    }

    static std::string outcome(const order::Decision& decision) {
        if (decision) return decision->empty() ? "nothing new" : to_text(*decision);
        auto text = std::string(order::to_string(decision.error().code));
        if (decision.error().code == RefusalCode::not_granted)
            text.append(" ").append(terms::to_string(decision.error().outcome));
        return text;
    }

    std::uint64_t seed_;
    Lived& seen_;
    std::vector<std::string>* story_;
    World world_;
    Instant now_;
    int length_ = 0;
    order::ChargebackState ends_with_ = order::ChargebackState::lost;
};

// Leaves out step after step for as long as the life still fails in the same way.
std::string shortest_story(std::uint64_t seed, const std::string& error) {
    Lived unused;
    std::set<int> left_out;
    const int length = Life(seed, unused, nullptr).length();
    for (int i = length - 1; i >= 1; --i) {
        left_out.insert(i);
        Life life(seed, unused, nullptr);
        life.live(left_out);
        if (life.error() != error) left_out.erase(i);
    }
    std::vector<std::string> story;
    Life life(seed, unused, &story);
    life.live(left_out);
    std::string text = "seed " + std::to_string(seed) + ": " + error;
    for (const auto& line : story) text += "\n  " + line;
    return text;
}

std::uint64_t number_of_lives() {
    if (const char* more = std::getenv("HOLDFAST_LONG")) return std::strtoull(more, nullptr, 10);
    return is_sanitized ? 1'500 : 100'000;
}

}  // namespace

TEST_CASE("random lives of orders: the money adds up and every life ends") {
    const char* one = std::getenv("HOLDFAST_SEED");
    const auto first = one ? std::strtoull(one, nullptr, 10) : 1;
    const auto lives = one ? 1 : number_of_lives();
    Lived seen;
    std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> failed;  // how often, a seed
    for (std::uint64_t seed = first; seed < first + lives; ++seed) {
        Life life(seed, seen, nullptr);
        life.live();
        if (life.error().empty()) continue;
        auto& [count, example] = failed[life.error()];
        if (++count == 1) example = seed;
    }
    for (const auto& [error, what] : failed)
        FAIL_CHECK(what.first << " lives, " << shortest_story(what.second, error));
    MESSAGE("lives: " << lives << ", steps: " << seen.steps << ", terms asked: " << seen.asked
                      << ", of the same mind: " << seen.agreed);
    MESSAGE("never reached: " << never_reached(seen.reached));
    std::string granted;
    for (const auto& [what, count] : seen.yes_but)
        granted += "\n  " + what + " " + std::to_string(count);
    MESSAGE("granted by the terms, refused for the request itself:" << granted);
}

}  // namespace holdfast::test
