// Any CSV whose columns a mapping names: purchases with the sales they were bought for, or sales.
// Neighbouring rows of one order are its lines.
#include "base/try.h"
#include "formats/csv_kinds.h"
#include "formats/id_text.h"
#include "formats/mapping.h"
#include "formats/purchase_run.h"
#include "formats/text.h"

#include <memory>
#include <utility>

namespace holdfast::formats {
namespace {

using desk::LineSeen;
using desk::PurchaseSeen;
using desk::SaleSeen;
using Field = MappedField;
using Holds = CsvColumn::Holds;

constexpr std::string_view format = "mapped_csv";

Holds kept_in(Field field) {
    switch (field) {
    case Field::created:
    case Field::paid:
    case Field::shipped:
    case Field::delivered:
    case Field::fulfilled: return Holds::date;
    case Field::total:
    case Field::refunded:
    case Field::price:     return Holds::money;
    default:               return Holds::text;
    }
}

// What a spreadsheet leaves of a long number is never an order's own.
Result<std::string> reference_at(const CsvRow& row, std::size_t column) {
    const auto text = row[column];
    if (text.empty()) return std::unexpected(Trouble{row.name(column), "no order is named"});
    const bool is_number = text.find_first_not_of("0123456789.,eE+") == text.npos;
    const auto id = parse_id_text(text);
    if (is_number && !id && contains(id.error(), "damaged"))
        return std::unexpected(Trouble{row.name(column), id.error()});
    return std::string(text);
}

// Takes what is not known yet: later rows of an order repeat or leave out what the first said.
template <class T>
void fill(std::optional<T>& field, std::optional<T> value) {
    if (!field) field = std::move(value);
}
void fill(std::string& field, std::string_view value) {
    if (field.empty()) field = value;
}

class Records : public CsvRecords {
public:
    explicit Records(const CsvJob& job)
        : job_(job),
          mapping_(*job.options.mapping),
          purchases_(job, mapping_.system, format),
          sales_(job, mapping_.system, format) {
        std::size_t position = 0;
        for (const auto& [field, column] : mapping_.columns) places_[field] = position++;
    }

    Result<void> row(const CsvRow& row) override {
        if (!std::exchange(is_begun_, true)) note_missing(row);
        return mapping_.of == Mapping::Of::purchase ? purchase(row) : sale(row);
    }

    void finish() override {
        purchases_.flush();
        sales_.flush();
    }

private:
    static constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

    // A file of the same kind may have fewer columns; that its rows say less should not surprise.
    void note_missing(const CsvRow& row) const {
        std::string missing;
        for (const auto& [field, column] : mapping_.columns)
            if (!row.has(places_.at(field)))
                missing += (missing.empty() ? "" : ", ") + shown(column);
        if (!missing.empty())
            job_.sink.noted({},
                            "the header has no column " + missing + ", which the mapping names");
    }

    std::size_t place_of(Field field) const {
        const auto found = places_.find(field);
        return found == places_.end() ? nowhere : found->second;
    }
    std::string_view text(const CsvRow& row, Field field) const {
        const auto place = place_of(field);
        return place == nowhere ? std::string_view{} : row[place];
    }
    Result<std::optional<desk::SeenTime>> date(const CsvRow& row, Field field) const {
        const auto place = place_of(field);
        if (place == nowhere) return std::nullopt;
        return date_at(row, place, job_);
    }
    Result<std::optional<std::int32_t>> count(const CsvRow& row, Field field) const {
        const auto place = place_of(field);
        if (place == nowhere) return std::nullopt;
        return count_at(row, place);
    }
    Result<std::optional<Currency>> currency(const CsvRow& row) const {
        const auto place = place_of(Field::currency);
        if (place != nowhere && !row[place].empty()) return currency_at(row, place, job_);
        return mapping_.currency ? mapping_.currency : job_.options.currency;
    }
    Result<std::optional<Money>> money(const CsvRow& row, Field field) const {
        const auto place = place_of(field);
        if (place == nowhere) return std::nullopt;
        return money_at(row, place, TRY(currency(row)), job_);
    }

    Result<std::optional<LineSeen>> line(const CsvRow& row) const {
        LineSeen line;
        line.title = text(row, Field::title);
        line.sku = text(row, Field::sku);
        line.product_id = text(row, Field::product_id);
        line.quantity = TRY(count(row, Field::quantity));
        line.price = TRY(money(row, Field::price));
        if (line == LineSeen{}) return std::nullopt;
        return line;
    }

    Result<void> purchase(const CsvRow& row) {
        const auto reference = TRY(reference_at(row, place_of(Field::reference)));
        PurchaseSeen seen;
        seen.created = TRY(date(row, Field::created));
        seen.paid = TRY(date(row, Field::paid));
        seen.shipped = TRY(date(row, Field::shipped));
        seen.delivered = TRY(date(row, Field::delivered));
        seen.commit_days = TRY(count(row, Field::commit_days));
        seen.total = TRY(money(row, Field::total));
        seen.refunded = TRY(money(row, Field::refunded));
        const auto one = TRY(line(row));
        auto& all = purchases_.open(reference, row.line());
        fill(all.created, seen.created);
        fill(all.paid, seen.paid);
        fill(all.shipped, seen.shipped);
        if (all.shipped) all.shipped_basis = "given in a file of columns";
        fill(all.delivered, seen.delivered);
        fill(all.commit_days, seen.commit_days);
        fill(all.total, seen.total);
        fill(all.refunded, seen.refunded);
        keep_status(all, row);
        fill(all.ship_method, text(row, Field::ship_method));
        fill(all.store_name, text(row, Field::store_name));
        fill(all.destination, text(row, Field::destination));
        for (auto& number : to_tracking_numbers(text(row, Field::tracking_number)))
            add_once(all.tracking_numbers, std::move(number));
        if (one) all.lines.push_back(*one);
        give_link(row, reference);
        return {};
    }

    void keep_status(PurchaseSeen& all, const CsvRow& row) const {
        const auto place = place_of(Field::status);
        if (place == nowhere) return;
        const auto phase = phase_at(row, place, job_);
        if (all.status.empty()) all.phase = phase;
        fill(all.status, row[place]);
    }

    void give_link(const CsvRow& row, const std::string& reference) {
        const auto sale = text(row, Field::sale_reference);
        if (sale.empty()) return;
        desk::LinkSeen link;
        link.sale_system = mapping_.sale_system;
        link.sale_reference = sale;
        link.purchase_system = mapping_.system;
        link.purchase_reference = reference;
        link.how = desk::LinkSeen::How::by_reference;
        job_.sink.observed({job_.origin(format, row.line()), std::move(link)});
    }

    Result<void> sale(const CsvRow& row) {
        const auto reference = TRY(reference_at(row, place_of(Field::reference)));
        SaleSeen seen;
        seen.created = TRY(date(row, Field::created));
        seen.paid = TRY(date(row, Field::paid));
        seen.fulfilled = TRY(date(row, Field::fulfilled));
        seen.total = TRY(money(row, Field::total));
        seen.refunded = TRY(money(row, Field::refunded));
        const auto one = TRY(line(row));
        auto& all = sales_.open(reference, row.line());
        fill(all.created, seen.created);
        fill(all.paid, seen.paid);
        fill(all.fulfilled, seen.fulfilled);
        fill(all.total, seen.total);
        fill(all.refunded, seen.refunded);
        fill(all.sale_id, text(row, Field::sale_id));
        fill(all.financial_status, text(row, Field::status));
        fill(all.destination, text(row, Field::destination));
        fill(all.customer.email, text(row, Field::email));
        fill(all.customer.name, text(row, Field::name));
        fill(all.customer.phone, text(row, Field::phone));
        fill(all.customer.address, text(row, Field::address));
        add_once(all.payment_ids, std::string(text(row, Field::payment_id)));
        for (auto& number : to_tracking_numbers(text(row, Field::tracking_number)))
            add_once(all.tracking_numbers, std::move(number));
        if (one) all.lines.push_back(*one);
        return {};
    }

    const CsvJob& job_;
    const Mapping& mapping_;
    std::map<Field, std::size_t> places_;  // among the columns of the kind
    bool is_begun_ = false;
    OrderRun<PurchaseSeen> purchases_;
    OrderRun<SaleSeen> sales_;
};

}  // namespace

MappedKind::MappedKind(const Mapping& mapping) {
    for (const auto& [field, column] : mapping.columns)
        columns_.push_back({column, kept_in(field), /*required=*/field == Field::reference});
    kind_ = {format,
             "table read by a mapping",
             {},
             columns_,
             [](const CsvJob& job) -> std::unique_ptr<CsvRecords> {
                 return std::make_unique<Records>(job);
             }};
}

}  // namespace holdfast::formats
