// Reading the lines of a scenario, by kind; inside this folder only: scenario.h is the way in.
#pragma once

#include "formats/scenario.h"

#include <span>

namespace holdfast::formats {

// What lines need to know of the order that was placed above them.
struct ScenarioOrder {
    Currency currency = Currency::eur;
    std::vector<order::PlacedLine> lines = {};
};

// scenario_steps.cpp: what stands behind "on INSTANT:". `step.at` is the line's own instant.
Parsed<void> read_happening(ScenarioLine& line, const ScenarioOrder& order, Step& step);

// scenario_expect.cpp: what stands behind "expect".
Parsed<Expectation> read_expectation(ScenarioLine& line, const ScenarioOrder& order);

// "line 1, 2 of line 3": a line without a quantity is all of it.
bool begins_lines(const ScenarioLine& line);
Parsed<order::Lines> read_lines(ScenarioLine& line, const ScenarioOrder& order);

}  // namespace holdfast::formats
