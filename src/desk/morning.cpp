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

// Of rows whose day, if they have one, is still ahead and not later than that.
template <class DayOf>
LapsingSoon soon_of(std::span<const WorkItem> items, Instant now, Duration within,
                    const DayOf& day_of) {
    LapsingSoon soon{.within = within, .sums = {}};
    std::map<std::string_view, Money> sums;
    for (const auto& item : items) {
        const std::optional<Instant> day = day_of(item);
        if (!day || *day <= now || *day > now + within) continue;
        ++soon.rows;
        if (!item.at_stake) continue;
        const auto [at, is_new] =
            sums.try_emplace(code_of(item.at_stake->currency()), *item.at_stake);
        if (!is_new) at->second = at->second + *item.at_stake;
    }
    for (const auto& [code, sum] : sums) soon.sums.push_back(sum);
    return soon;
}

std::string subject_of(const LapsingSoon& claims, const LapsingSoon& answers) {
    const std::string when(term_of_subject.said);
    auto subject = claims.rows == 0 ? "No claim closes " + when
                                    : count_of(claims.rows, "claim closes ", "claims close ") +
                                          when + ": " + sums_text(claims);
    if (answers.rows > 0)
        subject += "; " + count_of(answers.rows, "answer is", "answers are") +
                   " due: " + sums_text(answers);
    return subject;
}

}  // namespace

LapsingSoon lapsing_within(std::span<const WorkItem> items, Instant now, Duration within) {
    return soon_of(items, now, within, [](const WorkItem& item) {
        return can_be_claimed(item.word) ? item.closes_at : std::nullopt;
    });
}

LapsingSoon answers_within(std::span<const WorkItem> items, Instant now, Duration within) {
    return soon_of(items, now, within, [](const WorkItem& item) -> std::optional<Instant> {
        if (item.word != WorkWord::answer_due && item.word != WorkWord::return_due)
            return std::nullopt;
        if (item.act_by) return item.act_by->at;
        return item.countdown ? std::optional(item.countdown->at) : item.closes_at;
    });
}

Morning morning_of(std::span<const WorkItem> items, std::span<const std::string> notes, Instant now,
                   std::size_t rows_most) {
    Morning morning;
    morning.subject = subject_of(lapsing_within(items, now, term_of_subject.within),
                                 answers_within(items, now, term_of_subject.within));
    auto& text = morning.text;
    text = "As of " + to_minute(now) + ".\n\n";
    for (const auto& term : terms_told) {
        const auto soon = lapsing_within(items, now, term.within);
        text += "Closing " + std::string(term.said) + ": ";
        text += soon.rows == 0 ? "nothing"
                               : count_of(soon.rows, "claim", "claims") + ", " + sums_text(soon);
        const auto answers = answers_within(items, now, term.within);
        if (answers.rows > 0)
            text += "; to answer: " + std::to_string(answers.rows) + ", " + sums_text(answers);
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
