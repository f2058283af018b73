// The sums of one way: its outcomes, each a list of terms, and what they come to.
//
// Used by remedy.cpp alone.
#pragma once

#include "desk/remedy.h"

#include <optional>
#include <string>
#include <vector>

namespace holdfast::desk {

// All that a sum rests on; borrowed for the time of one call.
struct RemedyBasis {
    const Complaint& complaint;
    const Chances& chances;
    const RemedyRules& rules;
    const Rates& rates;
    Currency report;
    Instant now;
    bool customer_bears_postage = false;
};

Day day_of(Instant at);  // in UTC

// What the customer has paid and not been refunded; never below zero.
Money unrefunded(const Complaint& complaint);

// Of what is still unrefunded, what a partial refund gives; absent where it was not said.
std::optional<Money> part_of(const Complaint& complaint);

bool has_open_claim(const Complaint& complaint);

// The part of what is unrefunded that pays best as an offer, with `otherwise` behind the customer's
// no, by the curve of acceptance; the larger of two as good. Nothing where no offer pays, or where
// what it takes to know is not known.
std::optional<Money> best_part(const RemedyBasis& basis, const std::vector<Step>& otherwise);

// Fills outcomes, expected, best, worst, cash_now and missing of a way from its steps.
void sum_up(Way& way, const RemedyBasis& basis);

}  // namespace holdfast::desk
