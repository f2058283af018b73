// What a party is told that it may do. That all which goes through is told is shown by the random
// lives (tests/order_random_suite.cpp).
#include "order/actions.h"
#include "order/test_support.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace holdfast::order {
namespace {

using namespace test;
using std::chrono::days;

std::vector<Action> told(const Life& life, Party by, Instant now) {
    return actions(life.order, life.rules, by, now, deadlines(life.order, life.rules));
}

const Action* find(const std::vector<Action>& all, std::string_view request,
                   std::optional<Reason> reason = {}) {
    const auto found = std::ranges::find_if(all, [&](const Action& one) {
        return one.request == request && (!reason || one.reason == reason);
    });
    return found == all.end() ? nullptr : &*found;
}

TEST_CASE("a buyer is told of a right before it opens") {
    Life life;
    life.paid().shipped();
    const auto all = told(life, Party::buyer, noon + days{3});
    const auto* open = find(all, "open_dispute", Reason::not_received);
    REQUIRE(open);
    REQUIRE(open->opens_at);
    CHECK(*open->opens_at > noon + days{3});
    REQUIRE(open->silence);
    CHECK(open->silence->legal_at > *open->opens_at);

    const auto due = *open->opens_at;
    CHECK(life.ask(Party::buyer, due - Duration{1}, OpenDispute{}).error().opens_at == due);
    const auto then = told(life, Party::buyer, due);
    REQUIRE(find(then, "open_dispute", Reason::not_received));
    CHECK(life.ask(Party::buyer, due, OpenDispute{}).has_value());
}

TEST_CASE("each side is told of what is its own to do") {
    Life life;
    life.paid().shipped();
    const auto opened = noon + days{31};
    REQUIRE(life.ask(Party::buyer, opened, OpenDispute{}).has_value());
    REQUIRE(life.ask(Party::seller, opened + days{1},
                     MakeOffer{{1}, {.then = {Remedy::full_refund, 0}}})
                .has_value());
    const auto now = opened + days{2};
    life.pass(now);

    const auto buyer = told(life, Party::buyer, now);
    const auto* accept = find(buyer, "accept_offer");
    REQUIRE(accept);
    CHECK(std::get<OfferNo>(accept->subject) == OfferNo{1});
    CHECK(find(buyer, "withdraw_dispute"));
    CHECK_FALSE(find(buyer, "respond"));
    CHECK_FALSE(find(buyer, "decide"));

    const auto seller = told(life, Party::seller, now);
    CHECK_FALSE(find(seller, "accept_offer"));
    CHECK(find(seller, "make_offer"));
    CHECK_FALSE(find(seller, "withdraw_dispute"));
    CHECK(find(told(life, Party::platform, now), "refund"));
}

TEST_CASE("an order that is not placed offers nothing, and rights name their clause") {
    const Rules rules{.terms = &marketplace()};
    CHECK(actions({}, rules, Party::buyer, noon, {}).empty());
    CHECK(rights({}, rules, noon).empty());

    Life life;
    life.paid().shipped();
    const auto all = rights(life.order, life.rules, noon + days{3});
    const auto right = std::ranges::find_if(all, [](const Right& one) {
        return one.by == Party::buyer && one.verb == terms::Verb::open_dispute &&
               one.reason == Reason::not_received;
    });
    REQUIRE(right != all.end());
    CHECK_FALSE(right->answer.allowed);
    CHECK(right->answer.clause >= 0);
    CHECK(right->is_open(life.rules, noon + days{3}));
    CHECK_FALSE(right->is_open(life.rules, *right->answer.opens_at));
}

// --- Under a few clauses

// The lamps in one parcel, the shade in another, delivered when it is said; none: on its way.
Life parcels(const terms::Terms& terms, std::optional<Instant> lamps_came,
             std::optional<Instant> shade_came) {
    Life life(terms);
    life.paid();
    for (const auto line : {std::uint16_t{1}, std::uint16_t{2}}) {
        const Lines lines{{.line = {line}, .quantity = line == 1 ? 2 : 1}};
        const SeeShipped shipped{.lines = lines, .tracking = line == 1 ? "A" : "B"};
        REQUIRE(life.see(noon + days{1}, shipped).has_value());
    }
    const SeeScan came{.shipment = {1}, .kind = ScanKind::delivered};
    auto shade = came;
    shade.shipment = {2};
    if (shade_came) REQUIRE(life.see(*shade_came, shade).has_value());
    if (lamps_came) REQUIRE(life.see(*lamps_came, came).has_value());
    return life;
}

std::size_t count(const std::vector<Action>& all, std::string_view request, Reason reason) {
    return static_cast<std::size_t>(std::ranges::count_if(
        all, [&](const Action& one) { return one.request == request && one.reason == reason; }));
}

TEST_CASE("a dispute may be opened about goods that no running one is about") {
    const auto terms = little(right("O", "buyer", "open_dispute"));
    Life life(terms);
    life.paid().shipped();
    const auto may_open = [&](Instant now) {
        return find(told(life, Party::buyer, now), "open_dispute", Reason::damaged) != nullptr;
    };
    const auto dispute = [&](std::uint16_t line) {
        const OpenDispute open{.lines = {{.line = {line}, .quantity = 1}},
                               .reason = Reason::damaged};
        REQUIRE(life.ask(Party::buyer, noon + days{6}, open).has_value());
    };
    CHECK(may_open(noon + days{6}));
    dispute(1);
    CHECK(may_open(noon + days{6}));
    dispute(2);
    CHECK_FALSE(may_open(noon + days{6}));
    REQUIRE(life.ask(Party::buyer, noon + days{7}, WithdrawDispute{{2}}).has_value());
    CHECK(may_open(noon + days{7}));
}

TEST_CASE("what may be said of some of the goods is told, and what may be said now before later") {
    const auto terms =
        little(right("O", "buyer", "open_dispute",
                     "when = [\"has delivered(all)\"]\nopens = \"delivered(first)\"\n"
                     "closes = \"delivered(last) + 30d\"\n") +
               right("L", "buyer", "open_dispute", "opens = \"placed + 60d\"\n"));
    const auto open_of = [&](const Life& life, Instant now) {
        const auto all = told(life, Party::buyer, now);
        CHECK(count(all, "open_dispute", Reason::damaged) == 1);
        const auto* open = find(all, "open_dispute", Reason::damaged);
        REQUIRE(open);
        REQUIRE(open->clause);
        return *open;
    };
    const auto now = noon + days{9};
    const auto nothing_came = open_of(parcels(terms, {}, {}), now);
    CHECK(nothing_came.clause->id == "L");
    CHECK(nothing_came.opens_at == noon + days{60});
    const auto shade_came = open_of(parcels(terms, {}, noon + days{5}), now);
    CHECK(shade_came.clause->id == "O");
    CHECK(shade_came.opens_at == noon + days{5});
    CHECK(shade_came.closes_at == noon + days{35});
    const auto all_came = open_of(parcels(terms, noon + days{8}, noon + days{5}), now);
    CHECK(all_came.closes_at == noon + days{38});  // of all goods, where it may be said of all
}

TEST_CASE("what may be said of all goods from this instant on is told of all") {
    const auto terms = little(right("O", "buyer", "open_dispute",
                                    "opens = \"placed + 9d\"\n"
                                    "closes = \"delivered(last) + 30d\"\n"));
    const auto life = parcels(terms, noon + days{8}, noon + days{5});
    const auto all = told(life, Party::buyer, noon + days{9});
    const auto* open = find(all, "open_dispute", Reason::damaged);
    REQUIRE(open);
    CHECK(open->closes_at == noon + days{38});
}

TEST_CASE("what comes too early is told with its instant, by whatever word its clause has for it") {
    const auto in_2_days = std::string("opens = \"placed + 2d\"\n");
    const auto terms = little(
        right("E", "seller", "extend", in_2_days + "early = \"contact_wait\"\n") +
        right("C", "buyer", "confirm_receipt",
              in_2_days + "when = [{ if = \"has delivered(all)\", else = \"excluded\" }]\n"));
    Life life(terms);
    life.paid().shipped();
    const auto now = noon + days{1};
    const auto seller = told(life, Party::seller, now);
    const auto* extend = find(seller, "extend");
    REQUIRE(extend);
    CHECK(extend->opens_at == noon + days{2});
    REQUIRE(extend->clause);
    CHECK(extend->clause->id == "E");
    CHECK(find(told(life, Party::seller, noon + days{2}), "extend"));
    CHECK_FALSE(find(told(life, Party::buyer, now), "confirm_receipt"));  // it is not for its time

    // The same word for another reason: when its time has come it is no longer for that.
    const auto ambiguous = little(
        right("C", "buyer", "confirm_receipt",
              in_2_days + "early = \"excluded\"\n"
                          "when = [{ if = \"has delivered(all)\", else = \"excluded\" }]\n"));
    Life other(ambiguous);
    other.paid().shipped();
    for (const auto passed : {days{2}, days{3}})
        CHECK_FALSE(find(told(other, Party::buyer, noon + passed), "confirm_receipt"));
}

TEST_CASE("only what failed is repeated") {
    Life life;
    life.paid();
    REQUIRE(life.ask(Party::seller, noon + days{1}, Refund{.amount = 100}).has_value());
    const auto may_repeat = [&](Instant now) {
        return find(told(life, Party::platform, now), "repeat_instruction") != nullptr;
    };
    CHECK_FALSE(may_repeat(noon + days{1}));
    REQUIRE(life.see(noon + days{2},
                     SeeInstruction{.instruction = {1}, .state = InstructionState::failed})
                .has_value());
    CHECK(may_repeat(noon + days{2}));
}

TEST_CASE("rights are those of each clause, for each party and reason once") {
    const auto terms =
        little(right("O", "buyer", "open_dispute", "for = [\"damaged\", \"late\"]\n") +
               right("O2", "buyer", "open_dispute", "for = [\"late\"]\n") +
               right("E", "either", "escalate") + right("S", "seller", "extend") +
               right("P", "platform", "cancel_order") +
               "[[default]]\nid = \"D\"\nat = \"placed + 90d\"\nthen = { do = \"complete\" }\n");
    const auto law = little(right("W", "buyer", "withdraw_contract"));
    const terms::Terms* const laws[] = {&law};
    Life life(terms);
    life.rules.law = laws;
    std::vector<std::string> all;
    for (const auto& one : rights(life.order, life.rules, noon))
        all.push_back(std::string(terms::to_string(one.by)) + " " +
                      std::string(terms::to_string(one.verb)) + " " +
                      (one.reason ? std::string(terms::to_string(*one.reason)) : "-"));
    std::ranges::sort(all);
    CHECK(all == std::vector<std::string>{"buyer escalate -", "buyer open_dispute damaged",
                                          "buyer open_dispute late", "buyer withdraw_contract -",
                                          "platform cancel_order -", "seller escalate -",
                                          "seller extend -"});
}

TEST_CASE("a clause is the law's where the law has spoken") {
    const auto terms = little(right("O", "buyer", "open_dispute"));
    const auto law = little(right("W", "buyer", "withdraw_contract"));
    const Rules rules{.terms = &terms};
    CHECK(clause_of(rules, {.clause = 0})->id == "O");
    CHECK(clause_of(rules, {.clause = 0, .law = &law})->id == "W");
    CHECK(clause_of(rules, {}) == nullptr);
}

TEST_CASE("a right is open now, or opens later") {
    const auto terms = little(right("E", "seller", "extend", "early = \"contact_wait\"\n") +
                              right("O", "buyer", "open_dispute"));
    const Rules rules{.terms = &terms};
    const auto is_open = [&](std::int32_t clause, terms::Answer answer) {
        answer.clause = clause;
        return Right{.answer = std::move(answer)}.is_open(rules, noon);
    };
    using enum terms::Outcome;
    CHECK(is_open(1, {.allowed = true}));
    CHECK(is_open(-1, {.allowed = true}));
    CHECK(is_open(1, {.outcome = too_early, .opens_at = noon + Duration{1}}));
    CHECK_FALSE(is_open(-1, {.outcome = too_early, .opens_at = noon + Duration{1}}));
    CHECK_FALSE(is_open(1, {.outcome = too_early, .opens_at = noon}));
    CHECK_FALSE(is_open(1, {.outcome = too_early}));
    CHECK_FALSE(is_open(1, {.outcome = too_late, .opens_at = noon + Duration{1}}));
    CHECK(is_open(0, {.outcome = contact_wait, .opens_at = noon + Duration{1}}));
    CHECK_FALSE(is_open(0, {.outcome = too_early, .opens_at = noon + Duration{1}}));
}

}  // namespace
}  // namespace holdfast::order
