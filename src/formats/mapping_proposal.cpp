// Proposes which column means what, by the words of its name and by what stands in its cells.
#include "base/try.h"
#include "base/utf8.h"
#include "formats/csv_file.h"
#include "formats/date_text.h"
#include "formats/file_source.h"
#include "formats/mapping.h"
#include "formats/money_text.h"
#include "formats/text.h"
#include "formats/tracking_number.h"

#include <algorithm>
#include <array>
#include <span>

namespace holdfast::formats {
namespace {

using Field = MappedField;

constexpr std::size_t rows_looked_at = 200;

struct Column {
    std::string name;
    std::string key;                  // header_key() of it
    std::vector<std::string> values;  // that are not empty
};

// --- What values look like

bool is_date(std::string_view text) {
    return parse_date_text(text, DayOrder::day_first) ||
           parse_date_text(text, DayOrder::month_first);
}
bool is_money(std::string_view text) {
    return parse_money_text(text, Currency::eur, DecimalMark::point) ||
           parse_money_text(text, Currency::eur, DecimalMark::comma);
}
bool is_count(std::string_view text) { return parse_count(text, 100'000).has_value(); }
bool is_currency(std::string_view text) { return parse_currency(text).has_value(); }
bool is_mail(std::string_view text) {
    const auto at = text.find('@');
    return at != text.npos && at > 0 && text.find('.', at) != text.npos;
}
bool is_supplier_id(std::string_view text) {
    return is_digits(text) && (text.size() == 15 || text.size() == 16);
}
// Letters and digits, at least six of these.
bool is_tracking(std::string_view text) {
    const auto number = to_tracking_number(text);
    const auto digits = std::ranges::count_if(number, [](char c) { return c >= '0' && c <= '9'; });
    const bool is_plain = std::ranges::all_of(number, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == ',' || c == ';';
    });
    return is_plain && digits >= 6 && number.size() >= 8;
}
bool has_letters(std::string_view text) {
    return std::ranges::any_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               static_cast<unsigned char>(c) >= 0x80;
    });
}
bool has_digits(std::string_view text) {
    return std::ranges::any_of(text, [](char c) { return c >= '0' && c <= '9'; });
}
bool is_anything(std::string_view) { return true; }

// --- What fields are called

struct Rule {
    Field field;
    std::string_view names;  // whole header keys, separated by '|'
    std::string_view parts;  // parts of them
    bool (*fits)(std::string_view value);
    std::string_view what = {};  // that a value is no such, where it does not fit
    bool by_values_alone = false;
};
constexpr Rule rules[] = {
    {Field::currency, "currency|currencycode|waehrung|devise|moneda", "currency", is_currency,
     "currency", true},
    {Field::email, "email|emailaddress|mail|customeremail|buyeremail", "email", is_mail,
     "e-mail address", true},
    {Field::tracking_number, "trackingnumber|tracking|trackingno|trackingcode|sendungsnummer",
     "tracking", is_tracking, "tracking number"},
    {Field::created,
     "date|orderdate|createdat|created|ordertime|orderedat|orderedon|placed|placedat|placedon|"
     "bestelldatum",
     "orderdate|created|ordertime", is_date, "date"},
    {Field::paid, "paidat|datepaid|paymentdate|paymenttime|paidon", "paid|paymentdate", is_date,
     "date"},
    {Field::shipped, "shippedat|shippeddate|shipdate|shippingdate|shiptime|shippedon", "shipped",
     is_date, "date"},
    {Field::delivered, "deliveredat|deliverydate|deliveredon|delivered", "delivered", is_date,
     "date"},
    {Field::fulfilled, "fulfilledat|fulfillmentdate|datecompleted", "fulfilledat", is_date, "date"},
    {Field::total, "total|ordertotal|totalprice|totalamount|amount|ordercost|totalcost|cost",
     "total|amount|cost", is_money, "amount"},
    {Field::refunded, "refunded|refundedamount|refundamount", "refund", is_money, "amount"},
    {Field::price, "price|itemprice|unitprice|lineitemprice", "price", is_money, "amount"},
    {Field::quantity, "quantity|qty|count|itemquantity|productcount|itemssold", "quantity|qty",
     is_count, "whole number"},
    {Field::commit_days, "commitdays|promiseddays|deliverydays", "commitdays", is_count,
     "whole number"},
    {Field::status, "status|orderstatus|state", "status", has_letters, "text"},
    {Field::sku, "sku|itemsku|productsku|variantsku", "sku", is_anything},
    {Field::product_id, "productid|itemid|asin|aliexpressproductid", "productid", is_anything},
    {Field::title, "title|product|productname|itemtitle|item|items|products|itemname|name",
     "title|product|item", has_letters, "text"},
    {Field::name, "customername|customer|buyername|contactperson|recipient|shippingname",
     "customername|recipient|buyer", has_letters, "text"},
    {Field::phone, "phone|mobileno|phonenumber|telephone", "phone|mobile", is_anything},
    {Field::address, "address|shippingaddress|address1", "address", is_anything},
    {Field::destination, "country|countrycode|shippingcountry|destination", "country", has_letters,
     "text"},
    {Field::store_name, "store|storename|seller|supplier|sellername|suppliername",
     "seller|supplier", has_letters, "text"},
    {Field::ship_method, "shippingmethod|shipmethod|logistics|carrier|service", "shippingmethod",
     has_letters, "text"},
    {Field::payment_id, "transactionid|paymentid|paymentreference|chargeid", "transactionid",
     is_anything},
};

// The order's own number, and that of the sale which a purchase was made for.
constexpr std::string_view order_names = "ordernumber|orderno|orderid|order|order#|name|number|id";
constexpr std::string_view parts_of_orders =
    "date|time|status|state|total|cost|amount|price|memo|note|url|link|count|quantity|paid";
constexpr std::string_view supplier_parts = "aliexpress|supplier|aliorder|purchase";

bool is_one_of(std::string_view names, std::string_view key) {
    return std::ranges::any_of(split(names, "|"), [&](auto name) { return key == name; });
}
bool has_one_of(std::string_view parts, std::string_view key) {
    return std::ranges::any_of(split(parts, "|"), [&](auto part) { return contains(key, part); });
}

std::size_t misfits(const Column& column, bool (*fits)(std::string_view)) {
    return static_cast<std::size_t>(std::ranges::count_if(
        column.values, [&](const std::string& value) { return !fits(value); }));
}

// Nine of ten values: a file has odd cells.
bool fit(const Column& column, bool (*fits)(std::string_view)) {
    return !column.values.empty() && misfits(column, fits) * 10 <= column.values.size();
}

class Guesser {
public:
    explicit Guesser(std::span<const Column> columns)
        : columns_(columns), used_(columns.size(), false) {
        // A mapping is by name: of columns that are called the same, none can be read.
        for (std::size_t i = 0; i < columns_.size(); ++i)
            used_[i] = std::ranges::count(columns_, columns_[i].key, &Column::key) > 1;
        is_twice_ = used_;
    }

    std::optional<MappingProposal> run() {
        if (!guess_references()) return std::nullopt;
        for (const auto& rule : rules) guess(rule);
        std::ranges::sort(proposal_.guesses, {}, &ColumnGuess::field);
        for (std::size_t i = 0; i < columns_.size(); ++i)
            if (!used_[i] || is_twice_[i]) leave_out(i);
        return std::move(proposal_);
    }

private:
    void leave_out(std::size_t column) {
        proposal_.left_out.push_back(columns_[column].name);
        proposal_.why_left_out.push_back(why_left_out(columns_[column], is_twice_[column]));
    }

    std::string why_left_out(const Column& column, bool is_twice) const {
        if (is_twice) return "its name stands twice";
        if (column.values.empty()) return "it is empty in the first rows";
        for (const auto& rule : rules) {
            if (!is_one_of(rule.names, column.key) && !has_one_of(rule.parts, column.key)) continue;
            if (!fit(column, rule.fits)) return misfits_of(column, rule);
            const auto taken = proposal_.mapping.columns.find(rule.field);
            if (taken != proposal_.mapping.columns.end())
                return std::string(to_string(rule.field)) + " is " + shown(taken->second);
        }
        return "its name is not known";
    }

    static std::string misfits_of(const Column& column, const Rule& rule) {
        const auto count = misfits(column, rule.fits);
        return std::to_string(count) + " of " + std::to_string(column.values.size()) +
               (column.values.size() == 1 ? " value" : " values") +
               (count == 1 ? " is no " : " are no ") + std::string(rule.what);
    }

    void take(Field field, std::size_t column, std::string_view why) {
        used_[column] = true;
        proposal_.mapping.columns[field] = columns_[column].name;
        proposal_.guesses.push_back({field, columns_[column].name, std::string(why)});
    }

    // A supplier's ids have a form of their own; what is called an order beside them is the sale.
    bool guess_references() {
        auto& mapping = proposal_.mapping;
        std::optional<std::size_t> supplier;
        for (std::size_t i = 0; i < columns_.size(); ++i)
            if (fit(columns_[i], is_supplier_id) && contains(columns_[i].key, "order")) {
                const bool is_named = has_one_of(supplier_parts, columns_[i].key);
                if (!supplier || is_named) supplier = i;
            }
        if (supplier) {
            mapping.of = Mapping::Of::purchase;
            mapping.system = "aliexpress";
            proposal_.why_of = shown(columns_[*supplier].name) +
                               " holds ids of 15 or 16 digits, as a supplier's orders have";
            take(Field::reference, *supplier, "its name and its values");
        }
        for (const auto name : split(order_names, "|"))
            for (std::size_t i = 0; i < columns_.size(); ++i) {
                if (used_[i] || columns_[i].key != name || !fit(columns_[i], has_digits)) continue;
                if (supplier) {
                    take(Field::sale_reference, i, "its name");
                } else {
                    mapping.of = Mapping::Of::sale;
                    mapping.system = "store";
                    proposal_.why_of =
                        "no column holds ids as AliExpress's orders have; for orders at a "
                        "supplier, write of = \"purchase\" and the supplier as system";
                    take(Field::reference, i, "its name");
                }
                return true;
            }
        if (supplier) guess_sale();
        return supplier.has_value();
    }

    // Called an order in other words, and none of what orders have.
    void guess_sale() {
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            const auto& one = columns_[i];
            if (used_[i] || one.values.empty() || !contains(one.key, "order") ||
                has_one_of(parts_of_orders, one.key))
                continue;
            return take(Field::sale_reference, i, "a part of its name");
        }
    }

    void guess(const Rule& rule) {
        const auto find = [&](const auto& is_it) -> std::optional<std::size_t> {
            for (std::size_t i = 0; i < columns_.size(); ++i)
                if (!used_[i] && fit(columns_[i], rule.fits) && is_it(columns_[i].key)) return i;
            return std::nullopt;
        };
        const auto exact = find([&](std::string_view key) { return is_one_of(rule.names, key); });
        if (exact) return take(rule.field, *exact, "its name and its values");
        const auto part = find([&](std::string_view key) { return has_one_of(rule.parts, key); });
        if (part) return take(rule.field, *part, "a part of its name, and its values");
        if (!rule.by_values_alone) return;
        if (const auto any = find([](std::string_view) { return true; }))
            take(rule.field, *any, "its values");
    }

    std::span<const Column> columns_;
    std::vector<bool> used_, is_twice_;
    MappingProposal proposal_;
};

std::unexpected<FileError> no(std::string reason) {
    return std::unexpected(FileError{{}, std::move(reason)});
}

std::expected<std::vector<Column>, FileError> columns_of(std::string_view text) {
    if (const auto at = text.find('\0'); at != text.npos)
        return no("neither CSV nor JSON: a NUL byte at offset " + std::to_string(at));
    const auto named = separator_line(text);
    if (named) text.remove_prefix(named->size);
    const auto line = text.substr(0, text.find_first_of("\r\n"));
    std::vector<Column> columns;
    std::size_t rows = 0;
    CsvParser parser(named ? named->separator : separator_of(line), [&](const CsvRecord& record) {
        if (find_invalid_utf8(record.bytes)) return true;  // told when it is read
        if (columns.empty()) {
            for (const auto cell : record.cells)
                columns.push_back({std::string(trimmed(cell)), header_key(cell), {}});
            return true;
        }
        for (std::size_t i = 0; i < std::min(columns.size(), record.cells.size()); ++i)
            if (const auto cell = without_guard(record.cells[i]); !cell.empty())
                columns[i].values.emplace_back(cell);
        return ++rows < rows_looked_at;
    });
    TRY(parser.feed(text));
    if (!parser.stopped()) TRY(parser.finish());
    return columns;
}

std::string text_of(const desk::SeenTime& time) {
    const auto text = holdfast::to_string(time.at);
    return time.or_at ? text + " to " + holdfast::to_string(*time.or_at) : text;
}

struct Said {
    std::vector<std::pair<std::string, std::string>> all;

    void add(std::string name, std::string text) {
        if (!text.empty()) all.emplace_back(std::move(name), std::move(text));
    }
    void add(std::string name, const std::optional<desk::SeenTime>& time) {
        if (time) add(std::move(name), text_of(*time));
    }
    void add(std::string name, const std::optional<Money>& money) {
        if (money) add(std::move(name), holdfast::to_string(*money));
    }
    void add(const std::vector<desk::LineSeen>& lines) {
        for (const auto& line : lines)
            add("line",
                joined({line.quantity ? std::to_string(*line.quantity) + " \u00D7" : "", line.title,
                        line.sku, line.price ? holdfast::to_string(*line.price) : ""},
                       " "));
    }
    void add_numbers(const std::vector<std::string>& numbers) {
        for (const auto& number : numbers) add("tracking_number", number);
    }
};

}  // namespace

std::expected<MappingProposal, FileError> propose_mapping(const std::filesystem::path& file,
                                                          const ReadOptions& options) {
    auto source = TRY(FileSource::open(file, options));
    std::string_view first = TRY(source.next());
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (first.starts_with(byte_order_mark)) first.remove_prefix(byte_order_mark.size());
    const auto columns = TRY(columns_of(first));
    if (columns.size() < 2) return no("it has fewer than two columns: it is no table");
    auto proposal = Guesser(columns).run();
    if (!proposal)
        return no("no column is called like the number of an order, or holds a supplier's");
    proposal->mapping.currency = options.currency;
    return std::move(*proposal);
}

std::vector<std::pair<std::string, std::string>> said_by(const desk::Observation& observation) {
    Said said;
    if (const auto* purchase = std::get_if<desk::PurchaseSeen>(&observation.seen)) {
        said.add("purchase", purchase->system + ' ' + purchase->reference);
        said.add("created", purchase->created);
        said.add("paid", purchase->paid);
        said.add("shipped", purchase->shipped);
        said.add("delivered", purchase->delivered);
        said.add("status",
                 purchase->status.empty()
                     ? ""
                     : purchase->status + " (" + std::string(to_string(purchase->phase)) + ")");
        said.add("total", purchase->total);
        said.add("refunded", purchase->refunded);
        said.add("store_name", purchase->store_name);
        said.add_numbers(purchase->tracking_numbers);
        said.add(purchase->lines);
    } else if (const auto* sale = std::get_if<desk::SaleSeen>(&observation.seen)) {
        said.add("sale", sale->system + ' ' + sale->reference);
        said.add("created", sale->created);
        said.add("paid", sale->paid);
        said.add("fulfilled", sale->fulfilled);
        said.add("status", sale->financial_status);
        said.add("total", sale->total);
        said.add("refunded", sale->refunded);
        said.add("email", sale->customer.email);
        said.add("name", sale->customer.name);
        said.add("destination", sale->destination);
        said.add_numbers(sale->tracking_numbers);
        said.add(sale->lines);
    } else if (const auto* link = std::get_if<desk::LinkSeen>(&observation.seen)) {
        said.add("link", link->sale_reference + " to " + link->purchase_reference);
    }
    return std::move(said.all);
}

}  // namespace holdfast::formats
