#include "order/conduct.h"

#include "order/actions.h"
#include "order/facts.h"
#include "order/test_support.h"

#include <algorithm>
#include <cstdint>

namespace holdfast::order {
namespace {

using namespace test;

constexpr DisputeNo first{1};

Conduct conduct(const Life& life) { return conduct_of(life.events, *life.rules.terms); }

std::vector<Cause> causes(const Life& life, Figure figure) {
    auto all = conduct(life).causes;
    std::erase_if(all, [&](const Cause& cause) { return cause.figure != figure; });
    return all;
}

// One row per figure that counts, in their order: what a life comes to.
std::vector<std::string> counted(const Life& life) {
    const auto one = conduct(life);
    std::vector<std::string> words;
    for (std::size_t i = 0; i < terms::count_of<Figure>; ++i)
        if (one.counts(static_cast<Figure>(i)))
            words.emplace_back(to_string(static_cast<Figure>(i)));
    return words;
}

using Words = std::vector<std::string>;

// Shipped on the second day, and not there when it was promised: a dispute is opened.
Life disputed(Reason reason = Reason::not_received, Placement placement = lamps()) {
    Life life(marketplace(), std::move(placement));
    life.paid().shipped();
    if (reason != Reason::not_received) life.delivered(noon + days{5});
    const auto when = reason == Reason::not_received ? noon + days{31} : noon + days{6};
    REQUIRE(life.ask(Party::buyer, when, OpenDispute{.reason = reason}).has_value());
    return life;
}

Decide verdict(Party winner) {
    Decide decide{.dispute = first, .verdict = {.settlement = {}, .winner = winner}};
    if (winner == Party::buyer) decide.verdict.settlement.remedy = Remedy::full_refund;
    decide.verdict.codes = {VerdictCode::settled_by_terms};
    return decide;
}

// The seller says no, and the platform is asked; its decision is the next day's.
Life decided(Party winner) {
    auto life = disputed(Reason::damaged);
    REQUIRE(life.ask(Party::seller, noon + days{7}, Respond{first}).has_value());
    REQUIRE(life.ask(Party::buyer, noon + days{10}, Escalate{first}).has_value());
    REQUIRE(life.ask(Party::platform, noon + days{11}, verdict(winner)).has_value());
    return life;
}

TEST_CASE("an order without a quarrel counts as an order of both") {
    Life life;
    life.paid().shipped().delivered(noon + days{5});
    life.pass(noon + days{60});
    CHECK(counted(life) == Words{"buyer.orders", "seller.orders"});
}

TEST_CASE("a seller's silence is a lapse and a fault, and the buyer's claim is granted") {
    auto life = disputed();
    CHECK(counted(life) ==
          Words{"buyer.orders", "buyer.claims", "seller.orders", "seller.disputed"});
    life.pass(noon + days{40});
    CHECK(counted(life) == Words{"buyer.orders", "buyer.claims", "buyer.granted", "buyer.refunds",
                                 "seller.orders", "seller.disputed", "seller.faults",
                                 "seller.lapses", "seller.refunds"});
    const auto fault = causes(life, Figure::seller_faults);
    REQUIRE(fault.size() == 1);
    CHECK(fault[0].because == Because::silent);
    CHECK(fault[0].reason == Reason::not_received);
    CHECK(fault[0].dispute == first);
    CHECK(name_of(life.events.at(fault[0].seq - 1).event) == DefaultStruck::name);
    CHECK(causes(life, Figure::buyer_refunds).at(0).amount == 10500);
}

TEST_CASE("what was not shipped by its day is the seller's fault without any dispute") {
    auto placement = lamps();
    placement.ship_by = When(noon + days{3});
    Life life(marketplace(), placement);
    life.paid();
    life.pass(noon + days{20});
    const auto fault = causes(life, Figure::seller_faults);
    REQUIRE(fault.size() == 1);
    CHECK(fault[0].because == Because::not_shipped);
    CHECK_FALSE(fault[0].dispute.has_value());
    CHECK_FALSE(conduct(life).counts(Figure::seller_lapses));
}

TEST_CASE("late is from the end of the agreed day on") {
    using std::chrono::milliseconds;
    struct Row {
        When ship_by;
        Instant shipped;
        bool is_late;
    };
    const auto day = Day{std::chrono::local_days{std::chrono::year{2026} / 1 / 7}};
    const auto ends = at("2026-01-08T00:00:00Z");
    const Row rows[] = {
        {When(noon + days{2}), noon + days{2} - milliseconds{1}, false},
        {When(noon + days{2}), noon + days{2}, true},
        {When(day), ends - milliseconds{1}, false},
        {When(day), ends, true},
        {When(), noon + days{9}, false},
    };
    for (const auto& row : rows) {
        auto placement = lamps();
        placement.ship_by = row.ship_by;
        Life life(silence(), placement);
        life.paid();
        REQUIRE(life.see(row.shipped, SeeShipped{.tracking = "LX1"}).has_value());
        CHECK(conduct(life).counts(Figure::seller_late) == row.is_late);
        CHECK(conduct(life).has_ship_by == row.ship_by.known());
    }
}

TEST_CASE("a verdict counts from the day it was given") {
    const auto for_buyer = decided(Party::buyer);
    CHECK(conduct(for_buyer).counts(Figure::seller_faults));
    CHECK(conduct(for_buyer).counts(Figure::buyer_granted));
    CHECK_FALSE(conduct(for_buyer).counts(Figure::buyer_lost));
    const auto for_seller = decided(Party::seller);
    CHECK_FALSE(conduct(for_seller).counts(Figure::seller_faults));
    CHECK(conduct(for_seller).counts(Figure::buyer_lost));
}

TEST_CASE("an appeal that turns a verdict undoes its strike, and says so") {
    for (const auto winner : {Party::buyer, Party::seller}) {
        auto life = decided(winner);
        const auto other = winner == Party::buyer ? Party::seller : Party::buyer;
        REQUIRE(life.ask(other, noon + days{12}, Appeal{first, true}).has_value());
        REQUIRE(life.ask(Party::platform, noon + days{13}, verdict(other)).has_value());
        life.pass(noon + days{60});

        const auto struck = winner == Party::buyer ? Figure::seller_faults : Figure::buyer_lost;
        const auto all = causes(life, struck);
        REQUIRE(all.size() == 1);
        CHECK(all[0].because == Because::decided);
        REQUIRE(all[0].undone.has_value());
        CHECK(all[0].undone->by == UndoneBy::appeal);
        CHECK(all[0].undone->at == noon + days{13});
        CHECK(name_of(life.events.at(all[0].undone->seq - 1).event) == Decided::name);
        CHECK(all[0].undone->seq > all[0].seq);
        CHECK_FALSE(conduct(life).counts(struck));
        CHECK(conduct(life).counts(Figure::buyer_lost) == (other == Party::seller));
        CHECK(conduct(life).counts(Figure::buyer_granted) == (other == Party::buyer));
        CHECK(conduct(life).counts(Figure::seller_faults) == (other == Party::buyer));
        CHECK(conduct(life).counts(Figure::seller_disputed));  // disputed it was
    }
}

TEST_CASE("an appeal that confirms a verdict counts it once") {
    auto life = decided(Party::buyer);
    REQUIRE(life.ask(Party::seller, noon + days{12}, Appeal{first, true}).has_value());
    REQUIRE(life.ask(Party::platform, noon + days{13}, verdict(Party::buyer)).has_value());
    life.pass(noon + days{60});
    const auto all = causes(life, Figure::seller_faults);
    REQUIRE(all.size() == 1);
    CHECK_FALSE(all[0].undone.has_value());
}

TEST_CASE("a claim that is withdrawn counts no more") {
    auto life = disputed();
    REQUIRE(life.ask(Party::buyer, noon + days{32}, WithdrawDispute{first}).has_value());
    CHECK(counted(life) == Words{"buyer.orders", "buyer.withdrawn", "seller.orders"});
    CHECK(causes(life, Figure::buyer_claims).at(0).undone ==
          Undone{life.events.size(), noon + days{32}, UndoneBy::withdrawal});
    CHECK(causes(life, Figure::seller_disputed).at(0).undone.has_value());
}

TEST_CASE("a chargeback is a claim until it is won, and a fault once it is lost") {
    for (const auto state : {ChargebackState::won, ChargebackState::lost}) {
        Life life;
        life.paid().shipped();
        REQUIRE(life.see(noon + days{5}, SeeChargeback{.amount = 10500}).has_value());
        CHECK(conduct(life).counts(Figure::buyer_claims));
        CHECK(conduct(life).counts(Figure::seller_disputed));
        CHECK_FALSE(conduct(life).counts(Figure::seller_faults));
        REQUIRE(life.see(noon + days{9}, SeeChargebackResolved{{1}, state}).has_value());
        const bool is_lost = state == ChargebackState::lost;
        CHECK(conduct(life).counts(Figure::buyer_claims) == is_lost);
        CHECK(conduct(life).counts(Figure::seller_disputed) == is_lost);
        CHECK(conduct(life).counts(Figure::seller_faults) == is_lost);
        CHECK(conduct(life).counts(Figure::buyer_granted) == is_lost);
        if (!is_lost)
            CHECK(causes(life, Figure::buyer_claims).at(0).undone.value().by ==
                  UndoneBy::chargeback_won);
    }
}

TEST_CASE("goods sent back by choice are no claim") {
    auto life = disputed(Reason::change_of_mind);
    CHECK(conduct(life).counts(Figure::buyer_returns));
    CHECK_FALSE(conduct(life).counts(Figure::buyer_claims));
    CHECK_FALSE(conduct(life).counts(Figure::seller_disputed));
}

TEST_CASE("what the parties agreed on is nobody's fault") {
    auto life = disputed(Reason::damaged);
    REQUIRE(life.ask(Party::seller, noon + days{7},
                     MakeOffer{
                         .dispute = first,
                         .plan = {.then = {.remedy = Remedy::partial_refund_keep, .amount = 2000}}})
                .has_value());
    REQUIRE(life.ask(Party::buyer, noon + days{8}, AcceptOffer{{1}}).has_value());
    CHECK_FALSE(conduct(life).counts(Figure::seller_faults));
    CHECK(causes(life, Figure::buyer_granted).at(0).because == Because::agreed);
    CHECK(causes(life, Figure::seller_refunds).at(0).amount == 2000);
}

TEST_CASE("the reason of a claim is the one it has now") {
    auto life = disputed(Reason::damaged);
    REQUIRE(life.ask(Party::buyer, noon + days{7},
                     ModifyDispute{.dispute = first, .reason = Reason::wrong_item})
                .has_value());
    const auto claim = causes(life, Figure::buyer_claims);
    REQUIRE(claim.size() == 1);
    CHECK(claim[0].reason == Reason::wrong_item);
    CHECK_FALSE(claim[0].undone.has_value());
}

TEST_CASE("figures count orders, and rates are of them") {
    std::vector<Conduct> orders;
    for (int i = 0; i < 4; ++i) {
        Life life;
        orders.push_back(conduct(life));
    }
    // Two disputes about one order, each line its own: one order that claimed, for two reasons.
    auto life = disputed(Reason::damaged);
    auto both = conduct(life);
    auto more = both.causes.at(2);
    more.reason = Reason::wrong_item;
    more.dispute = DisputeNo{2};
    both.causes.push_back(more);
    orders.push_back(both);
    orders.push_back(conduct(disputed()));
    orders.push_back(conduct(decided(Party::buyer)));

    const auto claims = tally(orders, Figure::buyer_claims);
    CHECK(claims.count == 3);
    CHECK(claims.of == 7);
    CHECK(claims.rate() == 4285);  // rounded down
    CHECK(claims.by_reason[terms::index_of(Reason::damaged)] == 2);
    CHECK(claims.by_reason[terms::index_of(Reason::wrong_item)] == 1);
    CHECK(claims.by_reason[terms::index_of(Reason::not_received)] == 1);
    CHECK(tally(orders, Figure::seller_late) == Tally{});  // no order had a day
    CHECK_FALSE(tally({}, Figure::buyer_claims).rate().has_value());

    terms::NumberSet all;
    all.set();
    using terms::Number;
    using Figures = std::vector<std::pair<Number, std::int64_t>>;
    CHECK(figures_of(orders, all, /*of_buyer=*/true) == Figures{{Number::buyer_orders, 7},
                                                                {Number::buyer_claims, 3},
                                                                {Number::buyer_claim_rate, 4285}});
    CHECK(figures_of(orders, all, /*of_buyer=*/false) ==
          Figures{{Number::seller_orders, 7},
                  {Number::seller_faults, 1},
                  {Number::seller_fault_rate, 1428}});
    CHECK(figures_of({}, all, /*of_buyer=*/true) ==
          Figures{{Number::buyer_orders, 0}, {Number::buyer_claims, 0}});
    CHECK(figures_of(orders, {}, /*of_buyer=*/true).empty());
}

// --- As terms

// A limit on claims, and money back at once for those who seldom claim.
terms::Terms trusting() {
    return little(right("R", "buyer", "open_dispute", "remedies = [\"full_refund\"]\n") +
                  "[[limit]]\nid = \"L\"\nwhen = [\"buyer.orders >= 5\", \"buyer.claim_rate > "
                  "3000\"]\nbars = [\"open_dispute\"]\nsays = \"claim_rate_exceeded\"\n"
                  "[[default]]\nid = \"D\"\nin = [\"negotiating\"]\nwhen = [\"buyer_tier in "
                  "trusted\", \"buyer.claim_rate <= 500\", \"total <= 20000\"]\n"
                  "at = \"dispute.opened\"\nthen = { do = \"refund\", amount = \"requested\" }\n"
                  "winner = \"buyer\"\n");
}

Standing standing(std::int64_t orders, std::int64_t claims) {
    return {.since = noon - days{365},
            .figures = {{terms::Number::buyer_orders, orders},
                        {terms::Number::buyer_claims, claims},
                        {terms::Number::buyer_claim_rate, claims * 10'000 / orders}}};
}

Decision open(const Life& life, std::optional<Standing> with) {
    return decide(life.order, life.rules,
                  {.by = Party::buyer,
                   .request = OpenDispute{.reason = Reason::not_received},
                   .standing = std::move(with)},
                  noon + days{2});
}

TEST_CASE("terms say which figures they ask for") {
    const auto asked = trusting().asks_standing;
    CHECK(asked.count() == 2);
    CHECK(asked[terms::index_of(terms::Number::buyer_orders)]);
    CHECK(asked[terms::index_of(terms::Number::buyer_claim_rate)]);
    CHECK(asks_of(asked, /*of_buyer=*/true));
    CHECK_FALSE(asks_of(asked, /*of_buyer=*/false));
    CHECK(marketplace().asks_standing.none());
}

TEST_CASE("who claims too often is refused, with clause and figures") {
    const auto terms = trusting();
    Life life(terms);
    life.paid().shipped();
    const auto refused = open(life, standing(10, 4));
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == RefusalCode::not_granted);
    CHECK(refused.error().outcome == terms::Outcome::claim_rate_exceeded);
    CHECK(clause(life, refused) == "L");
    CHECK(refused.error().standing == standing(10, 4));
    CHECK(open(life, standing(10, 3)).has_value());  // not more than 30 %
    CHECK(open(life, standing(4, 4)).has_value());   // too few orders to say
    CHECK(open(life, std::nullopt).has_value());     // nobody knows
}

TEST_CASE("what decided a dispute is recorded before it") {
    const auto terms = trusting();
    Life life(terms);
    life.paid().shipped();
    const auto opened = open(life, standing(10, 2));
    REQUIRE(opened.has_value());
    REQUIRE(opened->size() == 2);
    const auto seen = standing(10, 2);
    CHECK((*opened)[0].event == Event{StandingSeen{seen.since, seen.figures}});
    CHECK(name_of((*opened)[1].event) == DisputeOpened::name);
    auto order = life.order;
    for (const auto& event : *opened) evolve(order, event);
    CHECK(order.standing == seen);
    const auto facts = facts_of(order, life.rules, {}, noon + days{3});
    CHECK(facts.number(terms::Number::buyer_claims) == 2);
    CHECK(facts.source_name(facts.known(terms::Number::buyer_claims).source) == "orders");
}

TEST_CASE("a trusted buyer has the money at once, others wait for the seller") {
    struct Row {
        const char* tier;
        std::int64_t orders, claims;
        bool at_once;
    };
    const Row rows[] = {
        {"trusted", 20, 1, true},  // 5 %
        {"trusted", 20, 2, false},
        {"new", 20, 0, false},
    };
    const auto terms = trusting();
    for (const auto& row : rows) {
        auto placement = lamps();
        placement.attributes = {{terms::Attribute::buyer_tier, Word(row.tier)}};
        Life life(terms, placement);
        life.paid().shipped();
        const auto opened = open(life, standing(row.orders, row.claims));
        REQUIRE(opened.has_value());
        std::vector<std::string_view> names;
        for (const auto& event : *opened) names.push_back(name_of(event.event));
        const bool struck = std::ranges::find(names, DefaultStruck::name) != names.end();
        CHECK(struck == row.at_once);
        if (!struck) continue;
        CHECK(names == std::vector<std::string_view>{"standing_seen", "dispute_opened",
                                                     "default_struck", "refund_issued",
                                                     "dispute_closed", "completed"});
        // The seller was not waited for.
        auto events = life.events;
        events.insert(events.end(), opened->begin(), opened->end());
        CHECK_FALSE(conduct_of(events, terms).counts(Figure::seller_faults));
        CHECK(conduct_of(events, terms).counts(Figure::buyer_granted));
    }
}

TEST_CASE("what is told beforehand is what is decided") {
    const auto terms = trusting();
    Life life(terms);
    life.paid().shipped();
    const auto now = noon + days{2};
    const auto ahead = deadlines(life.order, life.rules);
    for (const auto& with : {standing(10, 4), standing(10, 3)}) {
        const bool is_open = open(life, with).has_value();
        const auto all = actions(life.order, life.rules, Party::buyer, now, ahead, with);
        CHECK(std::ranges::any_of(all, [](const Action& one) {
                  return one.reason == Reason::not_received;
              }) == is_open);
        const auto told = rights(life.order, life.rules, now, with);
        CHECK(std::ranges::any_of(told, [](const Right& one) {
                  return one.verb == terms::Verb::open_dispute && one.answer.allowed;
              }) == is_open);
    }
}

}  // namespace
}  // namespace holdfast::order
