#include "desk/morning.h"

#include "desk/text.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <map>

namespace holdfast::desk {
namespace {

using std::chrono::days;

struct Term {
    Duration within;
    std::string_view said;
};
constexpr std::array<Term, 3> terms_told{
    {{days{1}, "within a day"}, {days{7}, "within a week"}, {days{30}, "within 30 days"}}};
constexpr auto& term_of_subject = terms_told[1];

std::string count_of(std::size_t count, std::string_view one, std::string_view many) {
    return std::to_string(count) + ' ' + std::string(count == 1 ? one : many);
}

std::string sums_text(const LapsingSoon& soon) {
    std::vector<std::string> sums;
    sums.reserve(soon.sums.size());
    for (const auto& sum : soon.sums) sums.push_back(to_string(sum));
    return sums.empty() ? "of unknown value" : join(sums, ", ");
}

void add_row(std::string& text, const WorkItem& item) {
    text += "- ";
    if (item.at_stake) text += to_string(*item.at_stake) + ", ";
    text += item.system + ' ' + item.reference;
    if (item.closes_at) text += ", until " + to_minute(*item.closes_at);
    if (item.estimated)
        text += item.closes_at ? " (that time is an estimate)" : " (rests on an estimated time)";
    text += '\n';
    if (!item.next_step.empty()) text += "  " + item.next_step + '\n';
}

}  // namespace

LapsingSoon lapsing_within(std::span<const WorkItem> items, Instant now, Duration within) {
    LapsingSoon soon{.within = within, .sums = {}};
    std::map<std::string_view, Money> sums;
    for (const auto& item : items) {
        if (!can_be_claimed(item.word) || !item.closes_at || *item.closes_at <= now ||
            *item.closes_at > now + within)
            continue;
        ++soon.rows;
        if (!item.at_stake) continue;
        const auto [at, is_new] =
            sums.try_emplace(code_of(item.at_stake->currency()), *item.at_stake);
        if (!is_new) at->second = at->second + *item.at_stake;
    }
    for (const auto& [code, sum] : sums) soon.sums.push_back(sum);
    return soon;
}

Morning morning_of(std::span<const WorkItem> items, std::span<const std::string> notes, Instant now,
                   std::size_t rows_most) {
    Morning morning;
    const auto week = lapsing_within(items, now, term_of_subject.within);
    morning.subject = week.rows == 0
                          ? std::string("No claim closes ") + std::string(term_of_subject.said)
                          : count_of(week.rows, "claim closes ", "claims close ") +
                                std::string(term_of_subject.said) + ": " + sums_text(week);
    auto& text = morning.text;
    text = "As of " + to_minute(now) + ".\n\n";
    for (const auto& term : terms_told) {
        const auto soon = lapsing_within(items, now, term.within);
        text += "Closing " + std::string(term.said) + ": ";
        text += soon.rows == 0 ? "nothing"
                               : count_of(soon.rows, "claim", "claims") + ", " + sums_text(soon);
        text += ".\n";
    }
    std::map<WorkWord, std::size_t> counts;
    for (const auto& item : items) ++counts[item.word];
    std::vector<std::string> words;
    for (const auto& [word, count] : counts)
        if (word != WorkWord::none)
            words.push_back(std::to_string(count) + ' ' + std::string(to_string(word)));
    if (!words.empty()) text += "The list: " + join(words, ", ") + ".\n";
    const auto shown = std::min(rows_most, items.size());
    if (shown > 0) text += "\nTo begin with:\n\n";
    for (const auto& item : items.first(shown)) add_row(text, item);
    if (items.size() > shown) text += "- and " + std::to_string(items.size() - shown) + " more\n";
    if (!notes.empty()) text += '\n';
    for (const auto& note : notes) text += note + '\n';
    return morning;
}

}  // namespace holdfast::desk
