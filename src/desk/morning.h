// What the desk says every morning: the money that lapses soon, by when, and the rows to begin
// with. Plain text, for a mail or a screen.
#pragma once

#include "desk/worklist.h"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace holdfast::desk {

// Money that may be claimed and closes before a term, per currency.
struct LapsingSoon {
    Duration within{};
    std::size_t rows = 0;
    std::vector<Money> sums;  // in order of currency; rows whose sum nobody names count without one
    bool operator==(const LapsingSoon&) const = default;
};
LapsingSoon lapsing_within(std::span<const WorkItem> items, Instant now, Duration within);
// The same of what is ours to answer or to send back by a day.
LapsingSoon answers_within(std::span<const WorkItem> items, Instant now, Duration within);

struct Morning {
    std::string subject;  // one line
    std::string text;     // lines end with LF
};

// `items` as rank() sorts them. `notes` stand at the end, a line each: tasks, and how old the data
// is.
Morning morning_of(std::span<const WorkItem> items, std::span<const std::string> notes, Instant now,
                   std::size_t rows_most = 10);

}  // namespace holdfast::desk
