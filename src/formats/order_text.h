// An order's events, refusals and deadlines for people and programs: as members with names, as a
// line, as JSON. Everything comes from each event's own fields().
//
// Amounts are decimals of the order's currency for people and minor units in JSON; instants are
// RFC 3339, without milliseconds that are 0.
#pragma once

#include "base/currency.h"
#include "order/deadlines.h"
#include "order/event.h"
#include "order/refusal.h"

#include <boost/json.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::formats {

std::string instant_text(Instant at);
std::string amount_text(order::Minor amount, Currency currency);

struct Member {
    std::string_view name;
    std::string text;   // empty: not given
    bool idle = false;  // says nothing: not given, or a sum of 0 beside others
};
std::vector<Member> members_of(const order::Event& event, Currency currency);

// "refund_issued: dispute 1, amount 105.00, from_held 105.00", without what is idle.
std::string text_of(const order::Event& event, Currency currency);
boost::json::object json_of(const order::Recorded& recorded);

// Names of events, and of the members of the one so named; none: there is no such event.
std::vector<std::string_view> event_names();
std::vector<std::string_view> member_names(std::string_view event);

// The word that says why: the terms' own where they say no, else the refusal's code.
std::string_view word_of(const order::Refusal& refusal);
// "too_late by MP-1, window 2026-02-04T… to 2026-03-06T…"
std::string text_of(const order::Refusal& refusal, const terms::Terms& terms, Currency currency);
boost::json::object json_of(const order::Refusal& refusal, const terms::Terms& terms);

// "MP-26", "offer", "settlement", "evidence", "authorisation"
std::string name_of(const order::Due& due, const terms::Terms& terms);
// "2026-02-13T08:00:00Z MP-26 refund, dispute 1"
std::string text_of(const order::Due& due, const terms::Terms& terms);
boost::json::object json_of(const order::Due& due, const terms::Terms& terms);

}  // namespace holdfast::formats
