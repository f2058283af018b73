#include "formats/supplier_sheets.h"

#include <string>
#include <utility>

namespace holdfast::formats {
namespace {

Cell text_or_nothing(std::string text) { return text.empty() ? Cell() : Cell(std::move(text)); }

Cell count_cell(std::uint64_t count) { return static_cast<std::int64_t>(count); }

Cell days_cell(const std::optional<std::int32_t>& days) {
    return days ? Cell(std::int64_t{*days}) : Cell();
}

void add_share(std::vector<Cell>& row, const std::optional<desk::Share>& share) {
    if (!share) {
        row.insert(row.end(), 3, Cell());
        return;
    }
    for (const auto part : {share->seen, share->low, share->high})
        row.emplace_back(desk::percent_of(part));
}

Column sum(std::string name) { return {.name = std::move(name), .is_money = true}; }

Cell sum_cell(std::int64_t minor, Currency currency) { return Money::of_minor(minor, currency); }

}  // namespace

std::vector<Sheet> scorecard_sheets(std::span<const desk::Scorecard> cards) {
    Sheet suppliers{
        .name = "Suppliers",
        .columns = {{"system"},         {"seller"},       {"purchases"},      {"in time"},
                    {"late"},           {"not come"},     {"lost"},           {"promise kept, %"},
                    {"at least, %"},    {"at most, %"},   {"days to arrive"}, {"days late"},
                    {"claims"},         {"open"},         {"granted"},        {"partly"},
                    {"declined"},       {"unclear"},      {"won, %"},         {"won at least, %"},
                    {"won at most, %"}, {"days to money"}},
        .rows = {}};
    Sheet money{.name = "Money",
                .columns = {{"system"}, {"seller"}, sum("bought"), sum("claimed"), sum("received")},
                .rows = {}};
    for (const auto& card : cards) {
        std::vector<Cell> row{Cell(card.system),          text_or_nothing(card.seller),
                              count_cell(card.purchases), count_cell(card.in_time),
                              count_cell(card.late),      count_cell(card.missing),
                              count_cell(card.lost)};
        add_share(row, card.kept_promise());
        row.push_back(days_cell(card.days_to_arrive));
        row.push_back(days_cell(card.days_late));
        for (const auto count :
             {card.claims, card.open, card.granted, card.partly, card.declined, card.unclear})
            row.push_back(count_cell(count));
        add_share(row, card.won());
        row.push_back(days_cell(card.days_to_money));
        suppliers.rows.push_back(std::move(row));
        for (const auto& [currency, its] : card.money)
            money.rows.push_back({Cell(card.system), text_or_nothing(card.seller),
                                  sum_cell(its.bought, currency), sum_cell(its.claimed, currency),
                                  sum_cell(its.received, currency)});
    }
    return {std::move(suppliers), std::move(money)};
}

std::vector<Sheet> recovery_sheets(const desk::Recovery& recovery) {
    Sheet owed{.name = "Owed",
               .columns = {{"system"},
                           {"reference"},
                           {"seller"},
                           sum("expected"),
                           sum("received"),
                           sum("owed"),
                           {"since"},
                           {"why"}},
               .rows = {}};
    for (const auto& one : recovery.owed())
        owed.rows.push_back({Cell(one.system), Cell(one.reference), text_or_nothing(one.seller),
                             Cell(one.expected), Cell(one.received), Cell(one.rest),
                             cell_of(one.since), Cell(one.why)});
    Sheet sums{.name = "Sums", .columns = {{"what"}, {"orders"}, sum("sum")}, .rows = {}};
    Sheet months{
        .name = "Received by month", .columns = {{"month"}, {"orders"}, sum("sum")}, .rows = {}};
    const auto add = [](Sheet& sheet, std::string what, const desk::AuditSum& one,
                        Currency currency) {
        sheet.rows.push_back(
            {Cell(std::move(what)), count_cell(one.count), sum_cell(one.minor, currency)});
    };
    for (const auto& [currency, one] : recovery.currencies()) {
        add(sums, "claimed, not decided", one.hoped_for, currency);
        add(sums, "expected", one.expected, currency);
        add(sums, "received", one.received, currency);
        add(sums, "owed", one.owed, currency);
        add(sums, "came, and taken back again", one.taken_back, currency);
        for (const auto& [month, its] : one.received_by_month) add(months, month, its, currency);
    }
    Sheet reversals{.name = "Taken back",
                    .columns = {{"system"},
                                {"reference"},
                                {"seller"},
                                sum("came"),
                                sum("taken back"),
                                {"seen at"},
                                {"source"}},
                    .rows = {}};
    for (const auto& one : recovery.reversals())
        reversals.rows.push_back({Cell(one.system), Cell(one.reference),
                                  text_or_nothing(one.seller), Cell(one.reversal.came),
                                  Cell(one.reversal.taken_back), Cell(one.reversal.seen_at),
                                  Cell(one.reversal.source)});
    return {std::move(owed), std::move(sums), std::move(months), std::move(reversals)};
}

std::vector<Sheet> gap_sheets(const desk::TwoPromiseGap& gap) {
    Sheet rows{.name = "Gap",
               .columns = {{"sale"},
                           {"system"},
                           {"reference"},
                           {"seller"},
                           {"complaint"},
                           {"cover ends"},
                           {"over"},
                           {"estimated"},
                           {"due until"},
                           {"why"},
                           sum("uncovered")},
               .rows = {}};
    const auto yes = [](bool value) { return Cell(std::string(value ? "yes" : "no")); };
    for (const auto& one : gap.rows())
        rows.rows.push_back({Cell(one.sale_reference), Cell(one.system), Cell(one.reference),
                             text_or_nothing(one.seller),
                             Cell(std::string(terms::to_string(one.reason))), Cell(one.cover_ends),
                             yes(one.is_over), yes(one.estimated), cell_of(one.due_until),
                             text_or_nothing(one.basis), cell_of(one.uncovered)});
    Sheet suppliers{.name = "Suppliers",
                    .columns = {{"system"},
                                {"seller"},
                                {"promise delivery within, days"},
                                {"take complaints within, days"},
                                {"purchases behind it"},
                                {"what"},
                                {"orders"},
                                sum("uncovered")},
                    .rows = {}};
    for (const auto& one : gap.suppliers()) {
        const auto add = [&](const char* what, const auto& sums) {
            for (const auto& [currency, its] : sums)
                suppliers.rows.push_back(
                    {Cell(one.system), text_or_nothing(one.seller), days_cell(one.delivery_days),
                     days_cell(one.complaint_days), count_cell(one.sample), Cell(std::string(what)),
                     count_cell(its.count), sum_cell(its.minor, currency)});
        };
        add("over", one.over);
        add("coming", one.coming);
    }
    return {std::move(rows), std::move(suppliers)};
}

std::vector<Sheet> filing_sheets(std::span<const desk::FilingPlan> plans) {
    Sheet claims{
        .name = "Claims",
        .columns =
            {{"system"}, {"account"}, {"file at"}, {"reference"}, sum("worth"), {"closes at"}},
        .rows = {}};
    Sheet accounts{.name = "Accounts",
                   .columns = {{"system"},
                               {"account"},
                               {"orders"},
                               {"claims allowed"},
                               {"claims filed"},
                               sum("lost to the cap")},
                   .rows = {}};
    for (const auto& plan : plans) {
        accounts.rows.push_back({Cell(plan.system), text_or_nothing(plan.account),
                                 count_cell(plan.orders), count_cell(plan.allowed),
                                 count_cell(plan.filed), Cell(plan.lost)});
        for (const auto& one : plan.filings)
            claims.rows.push_back({Cell(one.wish.system), text_or_nothing(plan.account),
                                   cell_of(one.at), Cell(one.wish.reference),
                                   cell_of(one.wish.worth), cell_of(one.wish.closes_at)});
    }
    return {std::move(claims), std::move(accounts)};
}

}  // namespace holdfast::formats
