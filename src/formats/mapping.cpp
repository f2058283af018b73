#include "formats/mapping.h"

#include "base/enum_word.h"
#include "base/try.h"
#include "base/verify.h"
#include "formats/text.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <set>

namespace holdfast::formats {
namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(MappedField::count_)> field_words{
    "reference",   "sale_id",     "created",    "paid",        "shipped",        "delivered",
    "fulfilled",   "status",      "total",      "refunded",    "currency",       "tracking_number",
    "commit_days", "ship_method", "store_name", "destination", "sale_reference", "payment_id",
    "email",       "name",        "phone",      "address",     "title",          "sku",
    "product_id",  "quantity",    "price"};

std::unexpected<std::string> no(std::string_view key, std::string_view why) {
    return std::unexpected(std::string(key) + ": " + std::string(why));
}

std::expected<std::string, std::string> text_at(const toml::table& table, std::string_view key) {
    const auto* const node = table.get(key);
    if (!node) return std::string();
    if (!node->is_string()) return no(key, "is not a text");
    return node->as_string()->get();
}

// A system is a word of the desk's: "aliexpress", "my-shop".
bool is_system(std::string_view word) {
    constexpr std::size_t most = 40;
    return !word.empty() && word.size() <= most && std::ranges::all_of(word, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
    });
}

std::expected<std::map<MappedField, std::string>, std::string> columns_in(
    const toml::table& table) {
    std::map<MappedField, std::string> columns;
    const auto* const named = table.get_as<toml::table>("columns");
    if (!named) return no("columns", "is missing");
    std::set<std::string> used;
    for (const auto& [key, node] : *named) {
        const auto place = "columns." + std::string(key.str());
        const auto field = parse_mapped_field(key.str());
        if (!field) return no(place, "is no field that is known");
        if (!node.is_string() || trimmed(node.as_string()->get()).empty())
            return no(place, "is not the name of a column");
        const auto& column = node.as_string()->get();
        if (column.contains('|')) return no(place, "a name with '|' in it cannot be looked for");
        if (!used.insert(header_key(column)).second) return no(place, "a column is named twice");
        columns[*field] = column;
    }
    if (!columns.contains(MappedField::reference)) return no("columns.reference", "is missing");
    return columns;
}

std::expected<Mapping, std::string> mapping_of(const toml::table& table) {
    constexpr std::array<std::string_view, 6> known{"of",       "system", "sale_system",
                                                    "currency", "dates",  "columns"};
    for (const auto& [key, node] : table)
        if (std::ranges::find(known, key.str()) == known.end())
            return no(key.str(), "is not known");
    Mapping mapping;
    const auto of = TRY(text_at(table, "of"));
    if (of != "purchase" && of != "sale") return no("of", "expected \"purchase\" or \"sale\"");
    mapping.of = of == "purchase" ? Mapping::Of::purchase : Mapping::Of::sale;
    mapping.system = TRY(text_at(table, "system"));
    if (!is_system(mapping.system))
        return no("system", "expected a word of small letters, such as \"aliexpress\"");
    if (const auto sales = TRY(text_at(table, "sale_system")); !sales.empty())
        mapping.sale_system = sales;
    if (!is_system(mapping.sale_system)) return no("sale_system", "expected a word");
    if (const auto code = TRY(text_at(table, "currency")); !code.empty()) {
        mapping.currency = parse_currency(code);
        if (!mapping.currency) return no("currency", "expected a code of ISO 4217");
    }
    const auto dates = parse_day_order(TRY(text_at(table, "dates")));
    if (!dates) return no("dates", "expected \"day_first\" or \"month_first\"");
    mapping.dates = *dates;
    mapping.columns = TRY(columns_in(table));
    return mapping;
}

// A basic string of TOML.
std::string in_quotes(std::string_view text) {
    std::string quoted = "\"";
    for (const char c : text) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
            quoted += fmt::format("\\u{:04X}", static_cast<unsigned>(c));
        else
            (quoted += c == '"' || c == '\\' ? "\\" : "") += c;
    }
    return quoted + '"';
}

}  // namespace

std::string_view to_string(MappedField field) { return enum_word(field_words, field); }

std::optional<MappedField> parse_mapped_field(std::string_view word) {
    const auto* const found = std::ranges::find(field_words, word);
    if (found == field_words.end()) return std::nullopt;
    return static_cast<MappedField>(found - field_words.begin());
}

std::string_view to_string(Mapping::Of of) {
    return of == Mapping::Of::purchase ? "purchase" : "sale";
}

std::string_view to_string(DayOrder dates) {
    switch (dates) {
    case DayOrder::unknown:     return {};
    case DayOrder::day_first:   return "day_first";
    case DayOrder::month_first: return "month_first";
    }
    verify_failed("an order of days", __FILE__, __LINE__);
}

std::optional<DayOrder> parse_day_order(std::string_view text) {
    for (const auto order : {DayOrder::unknown, DayOrder::day_first, DayOrder::month_first})
        if (text == to_string(order)) return order;
    return std::nullopt;
}

std::string to_text(const Mapping& mapping) {
    auto text =
        "of = " + in_quotes(to_string(mapping.of)) + "\nsystem = " + in_quotes(mapping.system);
    if (mapping.currency) text += "\ncurrency = " + in_quotes(code_of(*mapping.currency));
    if (mapping.dates != DayOrder::unknown)
        text += "\ndates = " + in_quotes(to_string(mapping.dates));
    if (mapping.of == Mapping::Of::purchase)
        text += "\nsale_system = " + in_quotes(mapping.sale_system);
    text += "\n\n[columns]\n";
    for (const auto& [field, column] : mapping.columns)
        text += std::string(to_string(field)) + " = " + in_quotes(column) + '\n';
    return text;
}

std::expected<Mapping, std::string> parse_mapping(std::string_view text) {
    try {
        return mapping_of(toml::parse(text));
    } catch (const toml::parse_error& error) {
        return std::unexpected("line " + std::to_string(error.source().begin.line) + ": " +
                               std::string(error.description()));
    }
}

}  // namespace holdfast::formats
