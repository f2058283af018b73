#include "terms/evaluate.h"

#include <algorithm>
#include <array>

namespace holdfast::terms {
namespace {

using std::chrono::days;

constexpr std::int64_t days_max = 100'000;

const Node& node_at(const Context& context, std::int32_t node) {
    return context.terms.nodes[static_cast<std::size_t>(node)];
}

Instant end_of(const Context& context, When when) {
    return when.is_day() ? context.terms.zone->end_of(when.day()) : when.instant();
}

Day day_of(When when, const Zone& zone) {
    return when.is_day() ? when.day() : zone.day_of(when.instant());
}

const Calendar& calendar_of(const Context& context) {
    const auto& named = context.facts.word(Attribute::holidays);
    const auto* calendar = named.empty() ? nullptr : context.terms.calendars->find(named.view());
    if (calendar) return *calendar;
    const auto* own = context.terms.calendars->find(context.terms.calendar);
    VERIFY(own);  // the loader knew it
    return *own;
}

// `day` that many months later; the last day of the month where it has no such day.
Day add_months(Day day, std::int64_t count) {
    using namespace std::chrono;
    const auto date = year_month_day{day} + months{count};
    return date.ok() ? Day{local_days{date}} : Day{local_days{date.year() / date.month() / last}};
}

When add_civil(const Context& context, When when, const Span& span) {
    const auto& zone = *context.terms.zone;
    const auto later = [&](Day day) -> Day {
        switch (span.unit) {
        case Unit::weeks:         return day + days{7 * span.count};
        case Unit::months:        return add_months(day, span.count);
        case Unit::years:         return add_months(day, 12 * span.count);
        case Unit::elapsed_ms:
        case Unit::days:
        case Unit::business_days: break;
        }
        VERIFY(!"not a civil span");
        return day;
    };
    if (when.is_day()) return later(when.day());
    const auto day = zone.day_of(when.instant());
    return zone.add_civil_days(when.instant(), later(day) - day);
}

When add(const Context& context, When when, const Span& span) {
    switch (span.unit) {
    case Unit::elapsed_ms: return end_of(context, when) + Duration{span.count};
    case Unit::days:
        if (when.is_day()) return when.day() + days{span.count};
        return when.instant() + Duration{days{span.count}};
    case Unit::business_days: {
        if (span.count < 0) return {};
        const auto day = calendar_of(context).add_business_days(day_of(when, *context.terms.zone),
                                                                static_cast<int>(span.count));
        return day ? When{*day} : When{};
    }
    case Unit::weeks:
    case Unit::months:
    case Unit::years:  return add_civil(context, when, span);
    }
    return {};
}

const TableRow* row_of(const Context& context, const Table& table) {
    const auto& key = context.facts.word(table.by);
    const auto found = std::ranges::find(table.rows, key, &TableRow::key);
    if (found != table.rows.end() && !key.empty()) return &*found;
    const auto otherwise = std::ranges::find(table.rows, Word{}, &TableRow::key);
    return otherwise == table.rows.end() ? nullptr : &*otherwise;
}

When pick(const Context& context, const Node& node) {
    When best;
    for (auto part = node.part; part >= 0; part = node_at(context, part).next) {
        const auto when = time_of(context, part);
        if (!when.known()) {
            if (node.op == Op::latest) return {};
            continue;
        }
        if (!best.known()) {
            best = when;
            continue;
        }
        const bool later = end_of(context, when) > end_of(context, best);
        if (later != (node.op == Op::earliest)) {
            if (end_of(context, when) != end_of(context, best)) best = when;
        }
    }
    return best;
}

// x moved later by a pause; nothing while the pause lasts.
When held(const Context& context, const Node& node) {
    const auto x = time_of(context, node.part);
    const auto from_node = node_at(context, node.part).next;
    const auto from = time_of(context, from_node);
    const auto to = time_of(context, node_at(context, from_node).next);
    if (!x.known() || !from.known()) return x;
    if (!to.known()) return {};
    const auto least =
        add(context, x.is_day() ? When{day_of(to, *context.terms.zone)} : to, node.span);
    When moved;
    if (x.is_day()) {
        const auto& zone = *context.terms.zone;
        moved = x.day() + (day_of(to, zone) - day_of(from, zone)) + days{1};
    } else {
        moved = x.instant() + (end_of(context, to) - end_of(context, from));
    }
    return end_of(context, least) > end_of(context, moved) ? least : moved;
}

When with_part(const Context& context, const Node& node) {
    const auto when = time_of(context, node.part);
    if (!when.known()) return {};
    switch (node.op) {
    case Op::plus:       return add(context, when, node.span);
    case Op::minus:      return add(context, when, {node.span.unit, -node.span.count});
    case Op::plus_table: {
        const auto* row =
            row_of(context, context.terms.tables[static_cast<std::size_t>(node.value)]);
        return row ? add(context, when, row->span) : When{};
    }
    case Op::plus_number: {
        // As many days as nobody means are as good as not said.
        const auto count = context.facts.number(static_cast<Number>(node.value));
        if (!count || *count > days_max || *count < -days_max) return {};
        return add(context, when, {Unit::days, *count});
    }
    case Op::day:
        return day_of(when, node.value < 0
                                ? *context.terms.zone
                                : *context.terms.zones[static_cast<std::size_t>(node.value)]);
    case Op::end: return end_of(context, when);
    case Op::start:
        return when.is_day() ? context.terms.zone->start_of(when.day()) : when.instant();
    case Op::roll: {
        const auto day = calendar_of(context).roll(day_of(when, *context.terms.zone));
        return day ? When{*day} : When{};
    }
    default: break;
    }
    VERIFY(!"not a time expression with one part");
    return {};
}

std::optional<std::int64_t> fold_parts(const Context& context, const Node& node) {
    std::optional<std::int64_t> sum;
    for (auto part = node.part; part >= 0; part = node_at(context, part).next) {
        const auto value = number_of(context, part);
        if (!value) return std::nullopt;
        if (!sum) {
            sum = value;
            continue;
        }
        bool beyond = false;
        switch (node.op) {
        case Op::add:      beyond = __builtin_add_overflow(*sum, *value, &*sum); break;
        case Op::subtract: beyond = __builtin_sub_overflow(*sum, *value, &*sum); break;
        case Op::multiply: beyond = __builtin_mul_overflow(*sum, *value, &*sum); break;
        case Op::min:      sum = std::min(*sum, *value); break;
        case Op::max:      sum = std::max(*sum, *value); break;
        default:           VERIFY(!"not a fold of numbers");
        }
        if (beyond) return std::nullopt;  // of what could be counted: nobody knows such a sum
    }
    return sum;
}

bool word_is(const Context& context, const Condition& condition) {
    const auto attribute = static_cast<Attribute>(condition.subject);
    const auto& word = context.facts.word(attribute);
    if (word.empty()) return false;
    const bool tracking =
        attribute == Attribute::tracking || attribute == Attribute::dispute_tracking;
    for (auto i = condition.words_begin; i < condition.words_end; ++i) {
        const auto& wanted = context.terms.words[i];
        if (tracking ? tracking_is(word.view(), wanted.view()) : word == wanted) return true;
    }
    return false;
}

bool compare(const Context& context, const Condition& condition) {
    const auto left = number_of(context, condition.left);
    const auto right = number_of(context, condition.right);
    if (!left || !right) return false;
    switch (condition.test) {
    case Test::less:          return *left < *right;
    case Test::less_equal:    return *left <= *right;
    case Test::greater:       return *left > *right;
    case Test::greater_equal: return *left >= *right;
    case Test::equal:         return *left == *right;
    default:                  break;
    }
    VERIFY(!"not a comparison");
    return false;
}

void moments_in(const Terms& terms, const Condition& condition, MomentSet& into) {
    if (condition.test == Test::knows_moment) into.set(static_cast<std::size_t>(condition.subject));
    if (condition.test == Test::any)
        for (auto i = condition.parts_begin; i < condition.parts_end; ++i)
            moments_in(terms, terms.conditions[i], into);
    terms::moments_in(terms, condition.left, into);
    terms::moments_in(terms, condition.right, into);
}

bool is_in_stage(const Context& context, const StageSet& stages) {
    return stages[index_of(order_stage(context.facts))] ||
           stages[index_of(dispute_stage(context.facts))];
}

}  // namespace

When time_of(const Context& context, std::int32_t node) {
    if (node < 0) return {};
    const auto& step = node_at(context, node);
    switch (step.op) {
    case Op::moment: return context.facts.at(static_cast<Moment>(step.value));
    case Op::named:
        return time_of(context,
                       context.terms.moments[static_cast<std::size_t>(step.value)].expression);
    case Op::either: {
        const auto first = time_of(context, step.part);
        return first.known() ? first : time_of(context, node_at(context, step.part).next);
    }
    case Op::latest:
    case Op::last:
    case Op::earliest: return pick(context, step);
    case Op::held:     return held(context, step);
    default:           return with_part(context, step);
    }
}

std::optional<Instant> bound_of(const Context& context, When when) {
    if (!when.known()) return std::nullopt;
    return end_of(context, when);
}

std::optional<Instant> bound_of(const Context& context, std::int32_t node) {
    return bound_of(context, time_of(context, node));
}

std::optional<std::int64_t> number_of(const Context& context, std::int32_t node) {
    if (node < 0) return std::nullopt;
    const auto& step = node_at(context, node);
    switch (step.op) {
    case Op::literal: return step.value;
    case Op::number:  return context.facts.number(static_cast<Number>(step.value));
    case Op::table:   {
        const auto* row =
            row_of(context, context.terms.tables[static_cast<std::size_t>(step.value)]);
        return row ? std::optional(row->number) : std::nullopt;
    }
    case Op::share: {
        // Rounded down, which is never more than the rule grants.
        const auto amount = number_of(context, step.part);
        if (!amount) return std::nullopt;
        __extension__ using Wide = __int128;
        const auto part = static_cast<Wide>(*amount) * step.value / 10'000;
        const auto whole = static_cast<std::int64_t>(part);
        return whole == part ? std::optional(whole) : std::nullopt;
    }
    default: return fold_parts(context, step);
    }
}

bool holds(const Context& context, const Condition& condition) {
    const auto known = [&](bool is_known) { return is_known != condition.negated; };
    switch (condition.test) {
    case Test::word_in:     return word_is(context, condition);
    case Test::word_not_in: return !word_is(context, condition);
    case Test::has_mark:
    case Test::lacks_mark:
        return context.facts.has_mark(static_cast<Marks>(condition.subject),
                                      context.terms.words[condition.words_begin]) ==
               (condition.test == Test::has_mark);
    case Test::knows_moment:
        return known(context.facts.at(static_cast<Moment>(condition.subject)).known());
    case Test::knows_word:
        return known(!context.facts.word(static_cast<Attribute>(condition.subject)).empty());
    case Test::knows_number:
        return known(context.facts.number(static_cast<Number>(condition.subject)).has_value());
    case Test::less:
    case Test::less_equal:
    case Test::greater:
    case Test::greater_equal:
    case Test::equal:         return compare(context, condition);
    case Test::at_before:
    case Test::at_after:      {
        const auto bound = bound_of(context, condition.left);
        return bound && (context.at < *bound) == (condition.test == Test::at_before);
    }
    case Test::before:
    case Test::after:  {
        const auto left = bound_of(context, condition.left);
        const auto right = bound_of(context, condition.right);
        return left && right && (condition.test == Test::before ? *left < *right : *left >= *right);
    }
    case Test::dispute_open: return is_open(dispute_stage(context.facts));
    case Test::stage_in:     return is_in_stage(context, condition.stages);
    case Test::stage_not_in: return !is_in_stage(context, condition.stages);
    case Test::any:
        for (auto i = condition.parts_begin; i < condition.parts_end; ++i)
            if (holds(context, context.terms.conditions[i])) return true;
        return false;
    }
    VERIFY(!"a test outside its list");
    return false;
}

void moments_in(const Terms& terms, std::int32_t expression, MomentSet& into) {
    if (expression < 0) return;
    const auto& step = terms.nodes[static_cast<std::size_t>(expression)];
    if (step.op == Op::moment) into.set(static_cast<std::size_t>(step.value));
    if (step.op == Op::named)
        moments_in(terms, terms.moments[static_cast<std::size_t>(step.value)].expression, into);
    for (auto part = step.part; part >= 0; part = terms.nodes[static_cast<std::size_t>(part)].next)
        moments_in(terms, part, into);
}

MomentSet moments_of(const Terms& terms, const Clause& clause) {
    MomentSet moments;
    for (const auto expression : {clause.at, clause.opens, clause.closes})
        moments_in(terms, expression, moments);
    for (const auto& range : {clause.when, clause.unless})
        for (auto i = range.begin; i < range.end; ++i)
            moments_in(terms, terms.conditions[i], moments);
    return moments;
}

}  // namespace holdfast::terms
