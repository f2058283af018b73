#include "formats/desk_sheets.h"

#include "base/hash.h"
#include "desk/share.h"

#include <libical/ical.h>

#include <memory>
#include <utility>

namespace holdfast::formats {
namespace {

std::string joined(const std::vector<std::string>& texts) {
    std::string all;
    for (const auto& text : texts) all += (all.empty() ? "" : "; ") + text;
    return all;
}

Cell text_or_nothing(std::string text) { return text.empty() ? Cell() : Cell(std::move(text)); }

Cell percent_cell(const std::optional<desk::ArrivalChance>& arrival) {
    if (!arrival) return {};
    return desk::percent_of(arrival->likely);
}

Cell sum_cell(const desk::AuditSum& sum, Currency currency) {
    return Money::of_minor(sum.minor, currency);
}

void add_sum(Sheet& sheet, Currency currency, std::string_view what, const desk::AuditSum& sum) {
    sheet.rows.push_back({Cell(std::string(what)), Cell(static_cast<std::int64_t>(sum.count)),
                          sum_cell(sum, currency)});
}

// --- iCalendar

struct Free {
    void operator()(icalcomponent* component) const { icalcomponent_free(component); }
};
using Component = std::unique_ptr<icalcomponent, Free>;

icaltimetype ical_time(Instant at) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
    return icaltime_from_timet_with_zone(static_cast<time_t>(seconds), 0,
                                         icaltimezone_get_utc_timezone());
}

std::string uid_of(const desk::WorkItem& item, std::string_view what) {
    return to_hex(hash_of(item.system + '\n' + item.reference + '\n' + std::string(what)))
               .substr(0, 32) +
           "@holdfast";
}

// The day before it, as a note on the screen.
icalcomponent* alarm_for(const std::string& summary) {
    icaltriggertype trigger{};
    trigger.time = icaltime_null_time();
    trigger.duration = icaldurationtype_from_int(-86'400);
    return icalcomponent_vanew(ICAL_VALARM_COMPONENT, icalproperty_new_action(ICAL_ACTION_DISPLAY),
                               icalproperty_new_trigger(trigger),
                               icalproperty_new_description(summary.c_str()), nullptr);
}

void add_event(icalcomponent* calendar, const desk::WorkItem& item, Instant at,
               const std::string& what, Instant now) {
    auto summary = item.system + ' ' + item.reference + ": " + what;
    if (item.at_stake && item.at_stake->is_positive())
        summary += " (" + to_string(*item.at_stake) + ")";
    auto* event = icalcomponent_vanew(
        ICAL_VEVENT_COMPONENT, icalproperty_new_uid(uid_of(item, what).c_str()),
        icalproperty_new_dtstamp(ical_time(now)), icalproperty_new_dtstart(ical_time(at)),
        icalproperty_new_summary(summary.c_str()),
        icalproperty_new_description(item.next_step.c_str()),
        icalproperty_new_transp(ICAL_TRANSP_TRANSPARENT), nullptr);
    icalcomponent_add_component(event, alarm_for(summary));
    icalcomponent_add_component(calendar, event);
}

template <class Visit>
void each_event(const desk::WorkItem& item, Instant now, const Visit& visit) {
    const bool counts_to_close = item.countdown && item.closes_at == item.countdown->at;
    if (item.closes_at && *item.closes_at > now) visit(*item.closes_at, "claim closes");
    if (item.countdown && !counts_to_close && item.countdown->at > now)
        visit(item.countdown->at, item.countdown->what);
}

}  // namespace

Sheet worklist_sheet(std::span<const desk::WorkItem> items) {
    Sheet sheet{.name = "Worklist",
                .columns = {{"word"},
                            {"system"},
                            {"reference"},
                            {"title"},
                            {.name = "at stake", .is_money = true},
                            {"closes at"},
                            {"next at"},
                            {"what then"},
                            {"next step"},
                            {"why"},
                            {"clause"},
                            {"estimated"},
                            {"seller"},
                            {"sales"},
                            {"terms"},
                            {"still arrives, %"}},
                .rows = {}};
    for (const auto& item : items) {
        Cell next, what;
        if (item.countdown) {
            next = item.countdown->at;
            what = item.countdown->what;
        }
        sheet.rows.push_back(
            {Cell(std::string(to_string(item.word))), Cell(item.system), Cell(item.reference),
             text_or_nothing(item.title), cell_of(item.at_stake), cell_of(item.closes_at), next,
             what, text_or_nothing(item.next_step), text_or_nothing(item.why),
             text_or_nothing(item.clause), Cell(std::string(item.estimated ? "yes" : "no")),
             text_or_nothing(item.seller), text_or_nothing(joined(item.sale_references)),
             text_or_nothing(item.terms_id), percent_cell(item.arrival)});
    }
    return sheet;
}

Sheet lanes_sheet(std::span<const desk::LaneRow> lanes) {
    Sheet sheet{.name = "Lanes",
                .columns = {{"method"},
                            {"origin"},
                            {"destination"},
                            {"journeys"},
                            {"arrived"},
                            {"lost"},
                            {"half by day"},
                            {"9 of 10 by day"}},
                .rows = {}};
    const auto days = [](const std::optional<std::int32_t>& value) {
        return value ? Cell(std::int64_t{*value}) : Cell();
    };
    for (const auto& row : lanes)
        sheet.rows.push_back(
            {text_or_nothing(row.lane.method), text_or_nothing(row.lane.origin),
             text_or_nothing(row.lane.destination), Cell(static_cast<std::int64_t>(row.journeys)),
             Cell(static_cast<std::int64_t>(row.arrived)),
             Cell(static_cast<std::int64_t>(row.lost)), days(row.half_days), days(row.most_days)});
    return sheet;
}

std::vector<Sheet> audit_sheets(const desk::AuditTotals& totals) {
    const Column sum{.name = "sum", .is_money = true};
    Sheet all{.name = "Audit", .columns = {{"what"}, {"orders"}, sum}, .rows = {}};
    Sheet sellers{
        .name = "Sellers", .columns = {{"seller"}, {"what"}, {"orders"}, sum}, .rows = {}};
    Sheet months{.name = "Lapsed by month", .columns = {{"month"}, {"orders"}, sum}, .rows = {}};
    for (const auto& [currency, one] : totals.currencies) {
        add_sum(all, currency, "to claim or to answer", one.open_now);
        add_sum(all, currency, "of it, closing within 3 days", one.closing_3_days);
        add_sum(all, currency, "of it, closing within 7 days", one.closing_7_days);
        add_sum(all, currency, "of it, closing within 30 days", one.closing_30_days);
        add_sum(all, currency, "waiting", one.waiting);
        add_sum(all, currency, "recovered", one.recovered);
        add_sum(all, currency, "lapsed", one.lapsed);
        const auto add_sellers = [&](const char* what, const auto& sums) {
            for (const auto& [seller, its] : sums)
                sellers.rows.push_back({text_or_nothing(seller), Cell(std::string(what)),
                                        Cell(static_cast<std::int64_t>(its.count)),
                                        sum_cell(its, currency)});
        };
        add_sellers("lapsed", one.lapsed_by_seller);
        add_sellers("open", one.open_by_seller);
        for (const auto& [month, its] : one.lapsed_by_month) add_sum(months, currency, month, its);
    }
    return {std::move(all), std::move(sellers), std::move(months)};
}

std::string closing_calendar(std::span<const desk::WorkItem> items, Instant now) {
    const Component calendar(
        icalcomponent_vanew(ICAL_VCALENDAR_COMPONENT, icalproperty_new_version("2.0"),
                            icalproperty_new_prodid("-//Holdfast//Desk//EN"), nullptr));
    for (const auto& item : items)
        each_event(item, now, [&](Instant at, const std::string& what) {
            add_event(calendar.get(), item, at, what, now);
        });
    const std::unique_ptr<char, decltype(&std::free)> text(
        icalcomponent_as_ical_string_r(calendar.get()), &std::free);
    return text.get();
}

std::size_t closing_events(std::span<const desk::WorkItem> items, Instant now) {
    std::size_t events = 0;
    for (const auto& item : items)
        each_event(item, now, [&](Instant, const std::string&) { ++events; });
    return events;
}

}  // namespace holdfast::formats
