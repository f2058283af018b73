// The desk's reports as sheets and as a calendar.
#pragma once

#include "desk/arrival_report.h"
#include "desk/audit.h"
#include "desk/worklist.h"
#include "formats/sheet.h"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace holdfast::formats {

Sheet worklist_sheet(std::span<const desk::WorkItem> items);

// One sheet of all sums a currency, one of what lapsed and what is open by seller, one by month.
std::vector<Sheet> audit_sheets(const desk::AuditTotals& totals);

Sheet lanes_sheet(std::span<const desk::LaneRow> lanes);

// iCalendar (RFC 5545): an event, without length, for each window that closes and each other
// countdown of the items (a window that opens, a promise that ends), with an alarm a day before.
// The same window has the same UID for ever, so that a feed that is read again moves it.
std::string closing_calendar(std::span<const desk::WorkItem> items, Instant now);
// How many events that has: an item may have two, or none.
std::size_t closing_events(std::span<const desk::WorkItem> items, Instant now);

}  // namespace holdfast::formats
