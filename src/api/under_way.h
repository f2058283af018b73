// Which orders are looked at where all of them would be too many.
#pragma once

#include "api/reads.h"

#include <vector>

namespace holdfast::api {

struct UnderWay {
    std::vector<store::StreamId> orders;
    bool is_cut = false;            // there may be more
    bool are_disputes_cut = false;  // there may be more with an open dispute
};

// The orders with an open dispute, the newest first, at most 10 000; those that something will
// happen to by itself, the soonest first; then the newest, since those that live by a test clock
// are not among the others. At most 1 000 of each of these.
UnderWay orders_under_way(Reads& reads);

}  // namespace holdfast::api
