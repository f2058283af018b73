#include "terms/outage.h"

#include "terms/ask.h"
#include "terms/explain.h"
#include "terms/test_support.h"

#include <algorithm>

namespace holdfast::terms {
namespace {

using namespace test;
using std::chrono::days;

Terms world() {
    return terms_of(R"toml(
[moments]
promise = { is = "promised_by" }
[[right]]
id = "R"
who = "buyer"
may = "open_dispute"
opens = "paid + 10d"
closes = "paid + 20d"
[[right]]
id = "E"
who = "seller"
may = "extend"
when = ["lacks completed", { any = ["has extended", "dispute.opened before asked"], else = "late" }]
closes = "promise"
[[default]]
id = "D"
unless = ["dispute.open"]
at = "last(paid, shipped(all)) + 20d"
then = { do = "complete" }
)toml");
}

const Instant paid = instant("2021-01-01T00:00:00Z");
Instant day_after(int count) { return paid + days{count}; }

struct Down {
    int from, until;  // days after paid
};

Facts facts_with(std::initializer_list<Down> downs) {
    Facts facts;
    facts.set(Moment::paid, When{paid});
    for (const auto& down : downs) facts.add_outage(day_after(down.from), day_after(down.until));
    return facts;
}

std::optional<Instant> closes(const Facts& facts) {
    return ask(world(), facts, {.at = day_after(15)}).closes_at;
}

}  // namespace

TEST_CASE("what an outage ate of a window is given back") {
    struct Row {
        const char* name;
        std::initializer_list<Down> downs;
        int closes;
    };
    const Row rows[] = {
        {"none", {}, 20},
        {"before the window", {{1, 10}}, 20},
        {"at its end", {{20, 25}}, 20},
        {"inside", {{12, 14}}, 22},
        {"over its beginning", {{8, 11}}, 21},
        {"over its end", {{18, 25}}, 27},
        {"all of it", {{5, 30}}, 40},
        {"up to its end", {{18, 20}}, 22},
        {"a second one inside what was given", {{12, 15}, {21, 22}}, 24},
        {"a second one after what was given", {{12, 15}, {23, 30}}, 23},
        {"a second one over the moved end", {{12, 15}, {22, 30}}, 31},
        {"touching ones are one", {{12, 14}, {14, 15}}, 23},
        {"overlapping ones count once, in any order", {{13, 15}, {12, 14}}, 23},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        CHECK(closes(facts_with(row.downs)) == day_after(row.closes));
    }
}

TEST_CASE("an outage of nothing is none, and outages are kept in order and apart") {
    auto facts = facts_with({{5, 5}, {9, 8}});
    CHECK(facts.outages().empty());
    facts = facts_with({{20, 21}, {1, 2}, {10, 11}, {2, 3}});
    REQUIRE(facts.outages().size() == 3);
    CHECK(facts.outages()[0] == Outage{day_after(1), day_after(3)});
    CHECK(facts.outages()[2] == Outage{day_after(20), day_after(21)});
}

TEST_CASE("what an outage ate from: a window, or all time before its end") {
    const Outage outage{day_after(5), day_after(6)};
    CHECK(ate_from(outage, day_after(5), day_after(7)));
    CHECK(!ate_from(outage, day_after(6), day_after(7)));
    CHECK(ate_from(outage, std::nullopt, day_after(7)));  // nobody knows when it began
    CHECK(!ate_from(outage, std::nullopt, day_after(5)));
}

TEST_CASE("the given time is open to the millisecond") {
    const auto facts = facts_with({{18, 25}});
    CHECK(ask(world(), facts, {.at = day_after(27) - 1ms}).allowed);
    CHECK(ask(world(), facts, {.at = day_after(27)}).outcome == Outcome::too_late);
}

TEST_CASE("a default strikes later by what was eaten since its latest anchor") {
    const Question question{.kind = Question::Kind::fallback, .at = day_after(22)};
    auto facts = facts_with({{3, 5}});
    CHECK(ask(world(), facts, question).opens_at == day_after(22));
    CHECK(ask(world(), facts, question).allowed);
    facts.set(Moment::shipped_all, When{day_after(4)});
    CHECK(ask(world(), facts, question).opens_at == day_after(25));
}

TEST_CASE("a window without a beginning is eaten from the placing on") {
    auto facts = facts_with({{-30, -20}, {2, 3}});
    facts.set(Moment::promised_by, When{day_after(10)});
    facts.set(Moment::extended, When{paid});
    const Question question{.at = day_after(1), .by = Party::seller, .verb = Verb::extend};
    CHECK(ask(world(), facts, question).closes_at == day_after(21));
    facts.set(Moment::placed, When{paid});
    CHECK(ask(world(), facts, question).closes_at == day_after(11));
}

TEST_CASE("an explanation names the outages that mattered, and its flips heed them") {
    const auto terms = world();
    const auto facts = facts_with({{1, 2}, {12, 14}, {40, 41}});
    const auto explanation = explain(terms, facts, {.at = day_after(21)});
    REQUIRE(!explanation.clauses.empty());
    const auto& lines = explanation.clauses[0].facts;
    CHECK(std::ranges::count(lines, "given back", &FactLine::name) == 1);
    CHECK(std::ranges::find(lines, "given back", &FactLine::name)->value ==
          "the service was down from 2021-01-13T00:00:00.000Z until 2021-01-15T00:00:00.000Z");
    REQUIRE(!explanation.flips.empty());
    CHECK(explanation.flips[0].text == "from 2021-01-23T00:00:00.000Z");
}

TEST_CASE("the moments that a clause mentions") {
    const auto terms = world();
    MomentSet expected;
    for (const auto moment : {Moment::completed, Moment::extended, Moment::dispute_opened,
                              Moment::asked, Moment::promised_by})
        expected.set(index_of(moment));
    CHECK(moments_of(terms, *terms.find("E")) == expected);
    expected.reset();
    expected.set(index_of(Moment::paid)).set(index_of(Moment::shipped_all));
    CHECK(moments_of(terms, *terms.find("D")) == expected);
    MomentSet into;
    moments_in(terms, -1, into);
    CHECK(into.none());
}

TEST_CASE("who is waited for: a replacement, a payment") {
    Facts facts;
    CHECK(!waits_for(facts, Waiting::payment));
    facts.set(Moment::placed, When{paid});
    CHECK(waits_for(facts, Waiting::payment));
    facts.set(Moment::cancelled, When{paid});
    CHECK(!waits_for(facts, Waiting::payment));
    facts.clear(Moment::cancelled);
    facts.set(Moment::paid, When{paid});
    CHECK(!waits_for(facts, Waiting::payment));

    CHECK(!waits_for(facts, Waiting::seller_replacement));
    facts.set(Moment::replacement_agreed, When{paid});
    CHECK(waits_for(facts, Waiting::seller_replacement));
    facts.set(Moment::replacement_delivered, When{paid});
    CHECK(!waits_for(facts, Waiting::seller_replacement));
    facts.clear(Moment::replacement_delivered);
    facts.set(Moment::replacement_shipped, When{paid});
    CHECK(!waits_for(facts, Waiting::seller_replacement));
}

}  // namespace holdfast::terms
