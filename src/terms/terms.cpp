#include "terms/terms.h"

#include <algorithm>

namespace holdfast::terms {
namespace {

const Node& at(const Terms& terms, std::int32_t node) {
    return terms.nodes[static_cast<std::size_t>(node)];
}

std::string parts_text(const Terms& terms, const Node& node, std::string_view between) {
    std::string text;
    for (auto part = node.part; part >= 0; part = at(terms, part).next)
        text += (text.empty() ? "" : std::string(between)) + to_text(terms, part);
    return text;
}

const std::string& table_name(const Terms& terms, const Node& node) {
    return terms.tables[static_cast<std::size_t>(node.value)].name;
}

std::string number_text(const Node& node) {
    const auto number = static_cast<Number>(node.value);
    const auto word = std::string(to_string(number));
    return number >= Number::disputes ? "count(" + word + ")" : word;
}

}  // namespace

std::string_view to_string(Grade grade) {
    switch (grade) {
    case Grade::primary:   return "primary";
    case Grade::copy:      return "copy";
    case Grade::secondary: return "secondary";
    case Grade::inferred:  return "inferred";
    case Grade::law:       return "law";
    }
    return "";
}

std::string_view to_string(Kind kind) {
    switch (kind) {
    case Kind::right:    return "right";
    case Kind::fallback: return "default";
    case Kind::limit:    return "limit";
    case Kind::award:    return "award";
    case Kind::info:     return "info";
    }
    return "";
}

const Clause* Terms::clause_at(std::int32_t index) const {
    return index < 0 ? nullptr : &clauses.at(static_cast<std::size_t>(index));
}

const Clause* Terms::find(std::string_view clause_id) const {
    const auto found = std::ranges::find(clauses, clause_id, &Clause::id);
    return found == clauses.end() ? nullptr : &*found;
}

const Source* Terms::find_source(std::string_view key) const {
    const auto found = std::ranges::find(sources, key, &Source::key);
    return found == sources.end() ? nullptr : &*found;
}

std::string to_text(const Span& span) {
    const auto with = [](std::int64_t count, std::string_view unit) {
        return std::to_string(count) + std::string(unit);
    };
    switch (span.unit) {
    case Unit::elapsed_ms:
        return span.count % 3'600'000 == 0 ? with(span.count / 3'600'000, "h")
                                           : with(span.count / 60'000, "min");
    case Unit::days:          return with(span.count, "d");
    case Unit::business_days: return with(span.count, "bd");
    case Unit::weeks:         return with(span.count, "w");
    case Unit::months:        return with(span.count, "mo");
    case Unit::years:         return with(span.count, "y");
    }
    return {};
}

std::string to_text(const Terms& terms, std::int32_t index) {
    if (index < 0) return {};
    const auto& node = at(terms, index);
    const auto call = [&](std::string_view name) {
        return std::string(name) + '(' + parts_text(terms, node, ", ") + ')';
    };
    switch (node.op) {
    case Op::moment:     return std::string(to_string(static_cast<Moment>(node.value)));
    case Op::named:      return terms.moments[static_cast<std::size_t>(node.value)].name;
    case Op::plus:       return to_text(terms, node.part) + " + " + to_text(node.span);
    case Op::minus:      return to_text(terms, node.part) + " - " + to_text(node.span);
    case Op::plus_table: return to_text(terms, node.part) + " + " + table_name(terms, node);
    case Op::plus_number:
        return to_text(terms, node.part) + " + days(" +
               std::string(to_string(static_cast<Number>(node.value))) + ')';
    case Op::day:      return call("day");
    case Op::end:      return call("end");
    case Op::start:    return call("start");
    case Op::roll:     return call("roll");
    case Op::latest:   return call("latest");
    case Op::last:     return call("last");
    case Op::earliest: return call("earliest");
    case Op::either:   return '(' + parts_text(terms, node, " or ") + ')';
    case Op::held:
        return "held(" + parts_text(terms, node, ", ") + ", least " + to_text(node.span) + ')';
    case Op::literal:  return std::to_string(node.value);
    case Op::number:   return number_text(node);
    case Op::table:    return table_name(terms, node);
    case Op::add:      return '(' + parts_text(terms, node, " + ") + ')';
    case Op::subtract: return '(' + parts_text(terms, node, " - ") + ')';
    case Op::multiply: return parts_text(terms, node, " x ");
    case Op::min:      return call("min");
    case Op::max:      return call("max");
    case Op::share:
        return "share(" + parts_text(terms, node, ", ") + ", " + std::to_string(node.value) + ')';
    }
    return {};
}

}  // namespace holdfast::terms
