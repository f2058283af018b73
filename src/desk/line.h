// One line of a purchase or a sale, folded from what every source said about it.
#pragma once

#include "desk/held.h"
#include "desk/observation.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace holdfast::desk {

struct Line {
    MaybeHeld<std::string> line_id, product_id, sku, title, end_reason;
    MaybeHeld<std::int32_t> quantity;
    MaybeHeld<Money> price;  // of one piece
    MaybeHeld<Phase> phase;
    std::map<std::string, Instant> named_by;  // format -> when it last named this line
    bool operator==(const Line&) const = default;
};

// By product and sku, else line id, else title.
using Lines = std::map<std::string, Line>;

void evolve(Lines& lines, const std::vector<LineSeen>& seen, const Origin& origin);

// Each line once. Sources name lines in different ways: the lines are those of the source that
// knows them best, and the others only add to them.
std::vector<Line> lines_of(const Lines& lines);

void forget_origins(Lines& lines);
void add_age(DataAge& age, const Lines& lines);

}  // namespace holdfast::desk
