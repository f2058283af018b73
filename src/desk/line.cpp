#include "desk/line.h"

#include "desk/text.h"

#include <tuple>

namespace holdfast::desk {
namespace {

std::string key_of(const LineSeen& line) {
    if (!line.product_id.empty())
        return "product " + line.product_id + (line.sku.empty() ? "" : ' ' + line.sku);
    if (!line.line_id.empty()) return "line " + line.line_id;
    return "title " + line.title;
}

void evolve(Line& line, const LineSeen& seen, const Origin& origin) {
    take_text(line.line_id, seen.line_id, origin);
    take_text(line.product_id, seen.product_id, origin);
    take_text(line.sku, seen.sku, origin);
    take_text(line.title, seen.title, origin);
    take_text(line.end_reason, seen.end_reason, origin);
    take(line.quantity, seen.quantity, origin);
    take(line.price, seen.price, origin);
    if (seen.phase != Phase::unknown) take(line.phase, seen.phase, origin);
    auto& newest = line.named_by.try_emplace(origin.format, origin.seen_at).first->second;
    newest = std::max(newest, origin.seen_at);
}

template <class AnyLine, class Visit>
void each_held_line(AnyLine& line, const Visit& visit) {
    visit(line.line_id), visit(line.product_id), visit(line.sku), visit(line.title);
    visit(line.end_reason), visit(line.quantity), visit(line.price), visit(line.phase);
}

// A details answer may list products of other orders, a page capture shortens what it shows.
int roster_rank(std::string_view format) {
    const auto authority = authority_of(format);
    return format.find("details") != format.npos || format.find("social") != format.npos
               ? 25
               : authority;
}

std::string roster_of(const Lines& lines) {
    std::string best;
    for (const auto& [key, line] : lines)
        for (const auto& [format, at] : line.named_by)
            if (best.empty() ||
                std::tuple(roster_rank(format), format) > std::tuple(roster_rank(best), best))
                best = format;
    return best;
}

bool clash(const MaybeHeld<std::string>& a, const MaybeHeld<std::string>& b) {
    return a && b && a->value != b->value;
}
bool agree(const MaybeHeld<std::string>& a, const MaybeHeld<std::string>& b) {
    return a && b && a->value == b->value;
}

bool is_same_line(const Line& a, const Line& b) {
    if (clash(a.product_id, b.product_id) || clash(a.line_id, b.line_id)) return false;
    if (agree(a.product_id, b.product_id)) return !clash(a.sku, b.sku);
    if (agree(a.line_id, b.line_id)) return true;
    constexpr std::size_t every_word = 1;
    return a.title && b.title &&
           title_words(a.title->value, every_word) == title_words(b.title->value, every_word);
}

template <class T>
void join_held(MaybeHeld<T>& into, const MaybeHeld<T>& from) {
    if (from && (!into || goes_before(*from, *into))) into = from;
}

void join_line(Line& into, const Line& from) {
    join_held(into.line_id, from.line_id), join_held(into.product_id, from.product_id);
    join_held(into.sku, from.sku), join_held(into.title, from.title);
    join_held(into.end_reason, from.end_reason), join_held(into.quantity, from.quantity);
    join_held(into.price, from.price), join_held(into.phase, from.phase);
    for (const auto& [format, at] : from.named_by) {
        auto& newest = into.named_by[format];
        newest = std::max(newest, at);
    }
}

}  // namespace

void evolve(Lines& lines, const std::vector<LineSeen>& seen, const Origin& origin) {
    for (const auto& line : seen) evolve(lines[key_of(line)], line, origin);
}

std::vector<Line> lines_of(const Lines& lines) {
    const auto roster = roster_of(lines);
    std::vector<Line> found;
    for (const auto& [key, line] : lines)
        if (line.named_by.contains(roster)) found.push_back(line);
    const auto named = found;
    for (const auto& [key, line] : lines) {
        if (line.named_by.contains(roster)) continue;
        const auto same = [&](const Line& one) { return is_same_line(one, line); };
        if (std::ranges::count_if(named, same) == 1)
            join_line(
                found[static_cast<std::size_t>(std::ranges::find_if(named, same) - named.begin())],
                line);
    }
    return found;
}

void forget_origins(Lines& lines) {
    for (auto& [key, line] : lines) {
        each_held_line(line, [](auto& held) {
            if (held) held->origin = {};
        });
        for (auto& [format, at] : line.named_by) at = {};
    }
}

void add_age(DataAge& age, const Lines& lines) {
    for (const auto& [key, line] : lines)
        each_held_line(line, [&](const auto& held) { age.add(held); });
}

}  // namespace holdfast::desk
