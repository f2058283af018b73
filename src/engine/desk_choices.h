// Remedies that were chosen, with what was shown then, and what came of them.
#pragma once

#include "desk/regret.h"
#include "engine/desk_remedies.h"
#include "engine/desk_work.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::engine {

// Nothing where no such way was allowed.
std::optional<RemedyChosen> chosen_of(const SaleView& sale, const RemedyFound& found,
                                      std::string_view way);

struct ChoiceSeen {
    std::string system, reference;  // of the purchase
    RemedyChosen choice;
    Instant at;
    std::string by;
    desk::Hindsight hindsight;
    desk::Regret regret;
};

// Every choice, newest first, against what is known of its purchase as of the view's time: whether
// it arrived, and how a claim on it ended. Whether a customer accepted an offer or went to the bank
// no file says.
std::vector<ChoiceSeen> choices_of(store::Store& store, DeskView& view);

}  // namespace holdfast::engine
