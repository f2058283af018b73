// The desk's reports over a whole store: scorecards, what suppliers owe, the gap between promises.
#pragma once

#include "desk/gap.h"
#include "desk/recovery.h"
#include "desk/scorecard.h"
#include "engine/desk_view.h"
#include "formats/rulebook.h"

#include <vector>

namespace holdfast::engine {

// The consumer law that covers a sale, as it was when the sale was placed; nothing: none of ours.
const terms::Terms* law_of(const formats::Rulebook& rules, const desk::Sale& sale, Instant now);

// All purchases are looked at, as of the view's time.

// What there is to do, ranked, with the chance that it still arrives where the view has a model of
// it; `drift` watches the countdowns on the way.
std::vector<desk::WorkItem> worklist_of(DeskView& view, desk::DriftWatch* drift = nullptr);
std::vector<desk::Scorecard> scorecards_of(DeskView& view);
desk::Recovery recovery_of(DeskView& view);

// All sales are.
desk::TwoPromiseGap gap_of(DeskView& view, const formats::Rulebook& rules);

}  // namespace holdfast::engine
