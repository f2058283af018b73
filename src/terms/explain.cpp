#include "terms/explain.h"

#include "terms/outage.h"

#include <algorithm>
#include <set>

namespace holdfast::terms {
namespace {

// What a clause's expressions and conditions read.
struct Reads {
    std::set<Moment> moments;
    std::set<Attribute> attributes;
    std::set<Number> numbers;
};

void collect(const Terms& terms, std::int32_t node, Reads& reads) {
    if (node < 0) return;
    const auto& step = terms.nodes[static_cast<std::size_t>(node)];
    if (step.op == Op::moment) reads.moments.insert(static_cast<Moment>(step.value));
    if (step.op == Op::number || step.op == Op::plus_number)
        reads.numbers.insert(static_cast<Number>(step.value));
    if (step.op == Op::table || step.op == Op::plus_table)
        reads.attributes.insert(terms.tables[static_cast<std::size_t>(step.value)].by);
    if (step.op == Op::named)
        collect(terms, terms.moments[static_cast<std::size_t>(step.value)].expression, reads);
    for (auto part = step.part; part >= 0; part = terms.nodes[static_cast<std::size_t>(part)].next)
        collect(terms, part, reads);
}

void collect(const Terms& terms, const Condition& condition, Reads& reads) {
    switch (condition.test) {
    case Test::word_in:
    case Test::word_not_in:
    case Test::knows_word:
        reads.attributes.insert(static_cast<Attribute>(condition.subject));
        break;
    case Test::knows_moment: reads.moments.insert(static_cast<Moment>(condition.subject)); break;
    case Test::knows_number: reads.numbers.insert(static_cast<Number>(condition.subject)); break;
    case Test::any:
        for (auto i = condition.parts_begin; i < condition.parts_end; ++i)
            collect(terms, terms.conditions[i], reads);
        break;
    default: break;
    }
    collect(terms, condition.left, reads);
    collect(terms, condition.right, reads);
}

void collect(const Terms& terms, const Clause& clause, Reads& reads) {
    for (const auto node : {clause.opens, clause.closes, clause.at, clause.after, clause.amount})
        collect(terms, node, reads);
    for (const auto& range : {clause.when, clause.unless})
        for (auto i = range.begin; i < range.end; ++i) collect(terms, terms.conditions[i], reads);
    // Stages and who is waited for are read from these.
    if (clause.waits_for || clause.in.any())
        reads.moments.insert({Moment::dispute_opened, Moment::dispute_answered});
}

std::string text_of(const Terms& terms, When when) {
    if (!when.known()) return {};
    if (when.is_instant()) return holdfast::to_string(when.instant());
    return holdfast::to_string(when.day()) + ", which ends " +
           holdfast::to_string(terms.zone->end_of(when.day()));
}

std::vector<FactLine> fact_lines(const Terms& terms, const Facts& facts, const Reads& reads) {
    std::vector<FactLine> lines;
    const auto add = [&](std::string_view name, std::string value, Known known) {
        const bool is_known = !value.empty();
        lines.push_back({std::string(name), std::move(value),
                         is_known ? facts.source_name(known.source) : std::string{},
                         known.seen_at});
    };
    for (const auto moment : reads.moments)
        add(to_string(moment), text_of(terms, facts.at(moment)), facts.known(moment));
    for (const auto attribute : reads.attributes)
        add(to_string(attribute), std::string(facts.word(attribute).view()),
            facts.known(attribute));
    for (const auto number : reads.numbers) {
        const auto value = facts.number(number);
        add(to_string(number), value ? std::to_string(*value) : std::string{}, facts.known(number));
    }
    return lines;
}

// The outages that moved a clause's bound, each as a fact of its own.
void add_outages(std::vector<FactLine>& lines, const Context& context, const Clause& clause,
                 const Judgement& judgement) {
    const bool is_default = clause.kind == Kind::fallback;
    const auto bound = bound_of(context, is_default ? clause.at : clause.closes);
    const auto given = is_default ? judgement.opens_at : judgement.closes_at;
    if (!bound || !given || *given == *bound) return;
    const auto start = window_start(context, clause, *bound);
    for (const auto& outage : context.facts.outages())
        if (ate_from(outage, start, *given))
            lines.push_back({"given back",
                             "the service was down from " + holdfast::to_string(outage.from) +
                                 " until " + holdfast::to_string(outage.until),
                             "service", outage.until});
}

ClauseTrace trace_of(const Terms& terms, const Facts& facts, const Question& question,
                     std::int32_t index) {
    const auto& clause = *terms.clause_at(index);
    const Context context{terms, facts, question.at};
    ClauseTrace trace{.clause = index,
                      .judgement = judge(terms, clause, facts, question),
                      .opens = {},
                      .closes = {},
                      .amount = {},
                      .conditions = {},
                      .facts = {}};
    trace.opens = to_text(terms, clause.kind == Kind::fallback ? clause.at
                                 : clause.kind == Kind::limit  ? clause.after
                                                               : clause.opens);
    trace.closes = to_text(terms, clause.closes);
    if (clause.amount >= 0) trace.amount = number_of(context, clause.amount);
    const auto add = [&](std::uint32_t i, bool wanted) {
        const auto& condition = terms.conditions[i];
        trace.conditions.push_back({(wanted ? "" : "unless ") + condition.text,
                                    holds(context, condition) == wanted,
                                    trace.judgement.failed == static_cast<std::int32_t>(i)});
    };
    for (auto i = clause.when.begin; i < clause.when.end; ++i) add(i, true);
    for (auto i = clause.unless.begin; i < clause.unless.end; ++i) add(i, false);
    Reads reads;
    collect(terms, clause, reads);
    trace.facts = fact_lines(terms, facts, reads);
    add_outages(trace.facts, context, clause, trace.judgement);
    return trace;
}

// Tries changes and keeps those that flip the answer.
class FlipSearch {
public:
    FlipSearch(const Terms& terms, const Facts& facts, const Question& question, bool allowed)
        : terms_(terms), facts_(facts), question_(question), allowed_(allowed) {}

    void instants(std::vector<Instant> candidates) {
        // Nearest on each side of the question's own instant.
        std::ranges::sort(candidates);
        const auto middle = std::ranges::lower_bound(candidates, question_.at);
        for (auto later = middle; later != candidates.end(); ++later)
            if (*later != question_.at &&
                try_flip({Flip::AskAt{*later}, "from " + holdfast::to_string(*later), {}}))
                break;
        for (auto earlier = middle; earlier != candidates.begin();) {
            --earlier;
            // A bound in the past flipped the answer there: just before it the answer was another.
            const auto before = *earlier - Duration{1};
            if (try_flip({Flip::AskAt{before}, "until " + holdfast::to_string(before), {}})) break;
        }
    }

    void facts(const Reads& reads, const std::vector<std::pair<Attribute, Word>>& words,
               const std::vector<std::pair<Marks, Word>>& marks,
               const std::vector<std::pair<Number, std::int64_t>>& numbers) {
        for (const auto& [attribute, word] : words) set_word(attribute, word);
        for (const auto attribute : reads.attributes) set_word(attribute, Word{});
        for (const auto& [set, mark] : marks) {
            const bool present = !facts_.has_mark(set, mark);
            try_flip({Flip::SetMark{set, mark, present},
                      "if " + std::string(to_string(set)) + (present ? " had " : " lacked ") +
                          std::string(mark.view()),
                      {}});
        }
        for (const auto& [number, value] : numbers)
            try_flip({Flip::SetNumber{number, value},
                      "if " + std::string(to_string(number)) + " were " + std::to_string(value),
                      {}});
        for (const auto moment : reads.moments) set_moment(moment);
    }

    std::vector<Flip> take() { return std::move(flips_); }

private:
    bool try_flip(Flip flip) {
        auto facts = facts_;
        auto question = question_;
        apply(flip, facts, question);
        const auto answer = ask(terms_, facts, question);
        if (answer.allowed == allowed_) return false;
        flip.outcome = answer.outcome;
        flips_.push_back(std::move(flip));
        return true;
    }

    void set_word(Attribute attribute, const Word& word) {
        if (facts_.word(attribute) == word) return;
        const auto name = "if " + std::string(to_string(attribute));
        try_flip(
            {Flip::SetWord{attribute, word},
             word.empty() ? name + " were not known" : name + " were " + std::string(word.view()),
             {}});
    }

    void set_moment(Moment moment) {
        const auto name = "if " + std::string(to_string(moment));
        if (facts_.at(moment).known()) {
            try_flip({Flip::SetMoment{moment, When{}}, name + " were not known", {}});
            return;
        }
        try_flip({Flip::SetMoment{moment, When{question_.at}}, name + " came now", {}});
    }

    const Terms& terms_;
    const Facts& facts_;
    const Question& question_;
    bool allowed_;
    std::vector<Flip> flips_;
};

// Values from the conditions of the clauses at hand that could turn one of them.
struct Candidates {
    std::vector<Instant> instants;
    std::vector<std::pair<Attribute, Word>> words;
    std::vector<std::pair<Marks, Word>> marks;
    std::vector<std::pair<Number, std::int64_t>> numbers;
    Reads reads;
};

// For "number < something": the number at the other side's value, one below and one above it.
void add_number(Candidates& candidates, const Context& context, std::int32_t side,
                std::int32_t other) {
    const auto& node = context.terms.nodes[static_cast<std::size_t>(side)];
    if (node.op != Op::number) return;
    const auto number = static_cast<Number>(node.value);
    const auto value = number_of(context, other);
    if (!value) return;
    for (const auto near : {*value, *value - 1, *value + 1})
        candidates.numbers.emplace_back(number, near);
}

void add_condition(Candidates& candidates, const Context& context, const Condition& condition) {
    const auto& terms = context.terms;
    switch (condition.test) {
    case Test::word_in:
    case Test::word_not_in:
        for (auto i = condition.words_begin; i < condition.words_end; ++i)
            candidates.words.emplace_back(static_cast<Attribute>(condition.subject),
                                          terms.words[i]);
        break;
    case Test::has_mark:
    case Test::lacks_mark:
        candidates.marks.emplace_back(static_cast<Marks>(condition.subject),
                                      terms.words[condition.words_begin]);
        break;
    case Test::less:
    case Test::less_equal:
    case Test::greater:
    case Test::greater_equal:
    case Test::equal:
        add_number(candidates, context, condition.left, condition.right);
        add_number(candidates, context, condition.right, condition.left);
        break;
    case Test::at_before:
    case Test::at_after:
        if (const auto bound = bound_of(context, condition.left))
            candidates.instants.push_back(*bound);
        break;
    case Test::any:
        for (auto i = condition.parts_begin; i < condition.parts_end; ++i)
            add_condition(candidates, context, terms.conditions[i]);
        break;
    default: break;
    }
}

void add_clause(Candidates& candidates, const Context& context, const Clause& clause) {
    for (const auto node : {clause.opens, clause.closes, clause.at, clause.after}) {
        const auto bound = bound_of(context, node);
        if (!bound) continue;
        const bool ends = node == clause.closes || node == clause.at;
        candidates.instants.push_back(ends ? give_back(context, clause, *bound) : *bound);
    }
    for (const auto& range : {clause.when, clause.unless})
        for (auto i = range.begin; i < range.end; ++i)
            add_condition(candidates, context, context.terms.conditions[i]);
    collect(context.terms, clause, candidates.reads);
}

template <class T>
void make_unique(std::vector<T>& list) {
    std::ranges::sort(list);
    const auto rest = std::ranges::unique(list);
    list.erase(rest.begin(), rest.end());
}

}  // namespace

void apply(const Flip& flip, Facts& facts, Question& question) {
    struct Apply {
        Facts& facts;
        Question& question;
        void operator()(const Flip::AskAt& change) { question.at = change.at; }
        void operator()(const Flip::SetMoment& change) { facts.set(change.moment, change.when); }
        void operator()(const Flip::SetWord& change) { facts.set(change.attribute, change.word); }
        void operator()(const Flip::SetNumber& change) { facts.set(change.number, change.value); }
        void operator()(const Flip::SetMark& change) {
            if (change.present)
                facts.add_mark(change.set, change.mark);
            else
                facts.remove_mark(change.set, change.mark);
        }
    };
    std::visit(Apply{facts, question}, flip.change);
}

Explanation explain(const Terms& terms, const Facts& facts, const Question& question) {
    Explanation explanation{.answer = ask(terms, facts, question), .clauses = {}, .flips = {}};
    const Context context{terms, facts, question.at};
    Candidates candidates;
    for (std::size_t i = 0; i < terms.clauses.size(); ++i) {
        if (!concerns(terms.clauses[i], question)) continue;
        explanation.clauses.push_back(
            trace_of(terms, facts, question, static_cast<std::int32_t>(i)));
        add_clause(candidates, context, terms.clauses[i]);
    }
    std::ranges::stable_partition(explanation.clauses, [&](const ClauseTrace& trace) {
        return trace.clause == explanation.answer.clause;
    });

    FlipSearch search(terms, facts, question, explanation.answer.allowed);
    make_unique(candidates.instants);
    make_unique(candidates.words);
    make_unique(candidates.marks);
    make_unique(candidates.numbers);
    search.instants(candidates.instants);
    search.facts(candidates.reads, candidates.words, candidates.marks, candidates.numbers);
    explanation.flips = search.take();
    return explanation;
}

}  // namespace holdfast::terms
