// Boundary tests made from the compiled windows: for each clause of each shipped file, at month
// ends, on 29 February and at clock changes, one millisecond before a window opens, as it opens,
// one before it closes, and as it closes.

#include "rules_fixture.h"

#include <algorithm>
#include <array>
#include <set>

namespace holdfast::test {
namespace {

using std::chrono::days;
using terms::Clause;
using terms::Condition;
using terms::Facts;
using terms::Kind;
using terms::Moment;
using terms::Number;
using terms::Op;
using terms::Terms;
using terms::Test;
using terms::Verdict;
using terms::When;

constexpr std::array bases = {
    "2026-01-31T23:59:59.999Z", "2024-02-29T12:00:00.000Z", "2024-02-28T23:30:00.000Z",
    "2026-03-07T20:15:00.000Z", "2026-10-25T00:30:00.000Z", "2026-10-31T07:00:00.000Z",
    "2025-12-31T08:00:00.000Z", "2026-06-15T00:00:00.000Z",
};

bool has_window(const Clause& clause) {
    return (clause.kind == Kind::right && (clause.opens >= 0 || clause.closes >= 0)) ||
           clause.kind == Kind::fallback;
}

void collect(const Terms& terms, std::int32_t node, std::set<Moment>& found,
             std::set<Number>& numbers) {
    if (node < 0) return;
    const auto& step = terms.nodes[static_cast<std::size_t>(node)];
    if (step.op == Op::moment) found.insert(static_cast<Moment>(step.value));
    if (step.op == Op::plus_number || step.op == Op::number)
        numbers.insert(static_cast<Number>(step.value));
    if (step.op == Op::named)
        collect(terms, terms.moments[static_cast<std::size_t>(step.value)].expression, found,
                numbers);
    for (auto part = step.part; part >= 0; part = terms.nodes[static_cast<std::size_t>(part)].next)
        collect(terms, part, found, numbers);
}

// Makes facts under which one clause speaks: its anchors are known, its conditions hold.
class Scene {
public:
    Scene(const Terms& terms, const Clause& clause, Instant base, bool with_days)
        : terms_(terms), clause_(clause), base_(base), with_days_(with_days) {
        std::set<Number> numbers;
        collect(terms, clause.opens, early_, numbers);
        collect(terms, clause.at, early_, numbers);
        collect(terms, clause.closes, late_, numbers);
        for (const auto moment : late_) set(moment, 0);
        for (const auto moment : early_) set(moment, 0);
        for (const auto number : numbers) facts.set(number, 20);
        waiting();
        stages();
        for (auto i = clause.when.begin; i < clause.when.end; ++i) make(terms.conditions[i], true);
        for (auto i = clause.unless.begin; i < clause.unless.end; ++i)
            make(terms.conditions[i], false);
        open_up();
    }

    Facts facts;

private:
    void set(Moment moment, int day) {
        const auto at = base_ + days{day};
        if (with_days_ && moment == Moment::promised_by)
            facts.set(moment, When{terms_.zone->day_of(at)});
        else
            facts.set(moment, When{at});
    }

    // Where a window would close before it opens, what it closes by comes later.
    void open_up() {
        for (int day = 1; day < 400; day += 13) {
            const terms::Context context{terms_, facts, base_};
            const auto opens = terms::bound_of(context, clause_.opens);
            const auto closes = terms::bound_of(context, clause_.closes);
            if (!opens || !closes || *opens < *closes) return;
            for (const auto moment : late_)
                if (!early_.contains(moment)) set(moment, day);
            for (auto i = clause_.when.begin; i < clause_.when.end; ++i)
                make(terms_.conditions[i], true);
        }
    }

    void waiting() {
        using terms::Waiting;
        if (!clause_.waits_for) return;
        switch (*clause_.waits_for) {
        case Waiting::seller: set(Moment::dispute_opened, 0); break;
        case Waiting::buyer:
            set(Moment::dispute_opened, -1);
            set(Moment::offer_made, 0);
            break;
        case Waiting::platform:
            set(Moment::dispute_opened, -1);
            set(Moment::escalated, 0);
            break;
        case Waiting::buyer_return:       set(Moment::return_agreed, 0); break;
        case Waiting::seller_return:      set(Moment::return_tracking_given, 0); break;
        case Waiting::seller_cancel:      set(Moment::cancel_requested, 0); break;
        case Waiting::seller_shipment:    set(Moment::paid, 0); break;
        case Waiting::shop:               set(Moment::shop_closed, 0); break;
        case Waiting::seller_replacement: set(Moment::replacement_agreed, 0); break;
        case Waiting::payment:            set(Moment::placed, 0); break;
        case Waiting::count_:             break;
        }
    }

    void stages() {
        using terms::Stage;
        const auto in = [&](Stage stage) { return clause_.in[terms::index_of(stage)]; };
        if (in(Stage::escalated)) set(Moment::escalated, 0);
        if (in(Stage::decided)) set(Moment::decided, 0);
        if (in(Stage::shipped)) set(Moment::shipped_all, 0);
        if (in(Stage::paid)) set(Moment::paid, 0);
        if (in(Stage::negotiating)) {
            set(Moment::dispute_opened, 0);
            facts.clear(Moment::escalated);
        }
    }

    void make(const Condition& condition, bool wanted) {
        switch (condition.test) {
        case Test::word_in:     word(condition, wanted); break;
        case Test::word_not_in: word(condition, !wanted); break;
        case Test::has_mark:    mark(condition, wanted); break;
        case Test::lacks_mark:  mark(condition, !wanted); break;
        case Test::knows_moment:
            moment(static_cast<Moment>(condition.subject), wanted != condition.negated);
            break;
        case Test::knows_word:
            facts.set(static_cast<terms::Attribute>(condition.subject),
                      wanted != condition.negated ? Word("x") : Word{});
            break;
        case Test::knows_number:
            number(static_cast<Number>(condition.subject), wanted != condition.negated);
            break;
        case Test::less:
        case Test::less_equal:
        case Test::greater:
        case Test::greater_equal:
        case Test::equal:         compare(condition, wanted); break;
        case Test::dispute_open:  moment(Moment::dispute_opened, wanted); break;
        case Test::any:           make(terms_.conditions[condition.parts_begin], wanted); break;
        case Test::before:
        case Test::after:         order(condition, wanted == (condition.test == Test::before)); break;
        case Test::at_before:
        case Test::at_after:
        case Test::stage_in:
        case Test::stage_not_in:  break;  // seen to by the instant and the stages
        }
    }

    void word(const Condition& condition, bool present) {
        const auto attribute = static_cast<terms::Attribute>(condition.subject);
        facts.set(attribute, present ? terms_.words[condition.words_begin] : Word{});
    }
    void number(Number which, bool present) {
        if (present && !facts.number(which)) facts.set(which, 1);
        if (!present) facts.clear(which);
    }
    void mark(const Condition& condition, bool present) {
        const auto set = static_cast<terms::Marks>(condition.subject);
        if (present)
            facts.add_mark(set, terms_.words[condition.words_begin]);
        else
            facts.remove_mark(set, terms_.words[condition.words_begin]);
    }
    void moment(Moment which, bool present) {
        if (present && !facts.at(which).known()) set(which, 0);
        if (!present && !early_.contains(which)) facts.clear(which);
    }
    // "a before b" or its opposite, by moving a's moments around b's.
    void order(const Condition& condition, bool left_first) {
        std::set<Moment> left, right;
        std::set<Number> numbers;
        collect(terms_, condition.left, left, numbers);
        collect(terms_, condition.right, right, numbers);
        for (const auto which : right)
            if (!left.contains(which) && !facts.at(which).known()) set(which, 0);
        for (const auto which : left)
            if (!right.contains(which)) set(which, left_first ? -1 : 1);
    }
    // A number on one side: try values until the comparison is as wanted.
    void compare(const Condition& condition, bool wanted) {
        const auto side = [&](std::int32_t node) -> std::optional<Number> {
            const auto& step = terms_.nodes[static_cast<std::size_t>(node)];
            return step.op == Op::number ? std::optional(static_cast<Number>(step.value))
                                         : std::nullopt;
        };
        for (const auto number : {side(condition.left), side(condition.right)}) {
            if (!number) continue;
            for (const std::int64_t value : {0LL, 1LL, 2LL, 5LL, 10LL, 100LL, 1'000'000LL}) {
                facts.set(*number, value);
                if (terms::holds({terms_, facts, base_}, condition) == wanted) return;
            }
        }
    }

    const Terms& terms_;
    const Clause& clause_;
    Instant base_;
    bool with_days_;
    std::set<Moment> early_, late_;
};

Verdict verdict_at(const Terms& terms, const Clause& clause, const Facts& facts, Instant at) {
    terms::Question question{.kind = clause.kind == Kind::right ? terms::Question::Kind::right
                                                                : terms::Question::Kind::fallback,
                             .at = at};
    question.by = clause.who == terms::Party::either ? terms::Party::buyer : clause.who;
    question.verb = clause.verb;
    return terms::judge(terms, clause, facts, question).verdict;
}

// Checks the bounds of one clause under one scene; false if the scene did not bring it to speak.
bool check_bounds(const Terms& terms, const Clause& clause, const Facts& facts) {
    const terms::Context context{terms, facts, {}};
    const auto opens =
        terms::bound_of(context, clause.kind == Kind::right ? clause.opens : clause.at);
    const auto closes = terms::bound_of(context, clause.closes);
    const auto inside = opens ? *opens : closes ? *closes - 1ms : Instant{};
    if (!opens && !closes) return false;
    if (opens && closes && *opens >= *closes) return false;
    const auto judged = [&](Instant at) { return verdict_at(terms, clause, facts, at); };
    if (judged(inside) != Verdict::yes) return false;
    if (opens) {
        CHECK(judged(*opens - 1ms) == Verdict::too_early);
        CHECK(judged(*opens) == Verdict::yes);
    }
    if (closes) {
        CHECK(judged(*closes - 1ms) == Verdict::yes);
        CHECK(judged(*closes) == Verdict::too_late);
    }
    return true;
}

}  // namespace

TEST_CASE("boundary test: every compiled window, to the millisecond") {
    int compiled = 0;
    int tested = 0;
    int bounds = 0;
    for (const auto& terms : rules().terms) {
        for (const auto& clause : terms.clauses) {
            if (!has_window(clause)) continue;
            ++compiled;
            bool spoke = false;
            CAPTURE(terms.id);
            CAPTURE(clause.id);
            for (const auto* base : bases) {
                for (const bool with_days : {false, true}) {
                    CAPTURE(base);
                    CAPTURE(with_days);
                    const Scene scene(terms, clause, *parse_instant(base), with_days);
                    if (!check_bounds(terms, clause, scene.facts)) continue;
                    spoke = true;
                    ++bounds;
                }
            }
            CHECK_MESSAGE(spoke, "no scene brings this clause to speak");
            tested += spoke;
        }
    }
    MESSAGE("windows compiled: " << compiled << ", tested: " << tested << ", scenes: " << bounds);
    CHECK(tested == compiled);
    CHECK(compiled > 60);
}

}  // namespace holdfast::test
