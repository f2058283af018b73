// Which column of a CSV file means what: for tables of which no reader knows the header.
//
// A mapping is proposed from a header and its values, corrected by a person, saved by name and used
// for every file of that kind. As text it is TOML:
//
//   of = "purchase"          # or "sale"
//   system = "aliexpress"
//   currency = "USD"         # where no column says it
//   dates = "day_first"      # or "month_first", where no date of the file settles it
//   sale_system = "shopify"  # of the sales that a purchase names
//   [columns]
//   reference = "AliExpress Order No."
#pragma once

#include "base/currency.h"
#include "desk/observation.h"
#include "formats/date_text.h"
#include "formats/reader.h"

#include <cstdint>
#include <expected>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace holdfast::formats {

enum class MappedField : std::uint8_t {
    reference,  // of the order; the one that must be there
    sale_id,
    created,
    paid,
    shipped,
    delivered,
    fulfilled,
    status,
    total,
    refunded,
    currency,
    tracking_number,
    commit_days,
    ship_method,
    store_name,
    destination,
    sale_reference,  // of a purchase: the sale that it was bought for
    payment_id,
    email,
    name,
    phone,
    address,
    title,
    sku,
    product_id,
    quantity,
    price,
    count_
};
std::string_view to_string(MappedField field);
std::optional<MappedField> parse_mapped_field(std::string_view word);

struct Mapping {
    enum class Of : std::uint8_t { purchase, sale };
    Of of = Of::sale;
    std::string system;
    std::string sale_system = "shopify";
    std::optional<Currency> currency = {};
    DayOrder dates = DayOrder::unknown;
    std::map<MappedField, std::string> columns = {};  // by their names in the header
    bool operator==(const Mapping&) const = default;
};
std::string_view to_string(Mapping::Of of);
std::string_view to_string(DayOrder dates);  // empty: unknown
std::optional<DayOrder> parse_day_order(std::string_view text);

std::string to_text(const Mapping& mapping);
// Says what is wrong, with its key: "columns.total: a column is named twice".
[[nodiscard]] std::expected<Mapping, std::string> parse_mapping(std::string_view text);

struct ColumnGuess {
    MappedField field = MappedField::reference;
    std::string column;
    std::string why;  // "its name", "its name and its values", "its values"
};

struct MappingProposal {
    Mapping mapping;
    std::vector<ColumnGuess> guesses;       // in the order of the fields
    std::vector<std::string> left_out;      // columns that mean nothing to us
    std::vector<std::string> why_left_out;  // each: "1 of 7 values is no date"
    std::string why_of;                     // why purchases, or sales
};

// From the header and the first rows. A file that is no CSV is a FileError, and one in which
// nothing can be the order's number as well.
[[nodiscard]] std::expected<MappingProposal, FileError> propose_mapping(
    const std::filesystem::path& file, const ReadOptions& options);

// What an observation says, field by field, for a preview: ("created", "2026-09-24 …").
std::vector<std::pair<std::string, std::string>> said_by(const desk::Observation& observation);

}  // namespace holdfast::formats
