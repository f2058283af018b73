// What a mail tells one party of one event: what happened, what they may do until when, and what
// silence brings. In English; computed by what the views and the decisions are computed by.
#pragma once

#include "engine/decision_letter.h"
#include "order/deadlines.h"
#include "order/event.h"
#include "order/rules.h"

#include <span>
#include <string>
#include <string_view>

namespace holdfast::engine {

struct Occasion {
    const order::Order& order;  // caught up to `now`, and `ahead` its deadlines
    const order::Rules& rules;
    std::span<const order::Due> ahead;
    order::Party of = order::Party::seller;  // buyer or seller
    const order::Event& event;
    std::string_view reference;  // by which both sides know the order
    std::string_view name;       // of whom it is for; empty: not known
    Instant now{};
    const Letter* letter =
        nullptr;  // of the decision that the event belongs to; none: none was made
};

struct MailWords {
    std::string subject, text;
};
MailWords words_for(const Occasion& occasion);

}  // namespace holdfast::engine
