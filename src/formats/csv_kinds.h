// The kinds of CSV that we know, in the order in which a header is tried.
#pragma once

#include "formats/csv_table.h"

namespace holdfast::formats {

extern const CsvKind aliexpress_exporter_csv;
extern const CsvKind aliexpress_shopper_csv;
extern const CsvKind aliexpress_account_csv;
extern const CsvKind shopify_orders_csv;
extern const CsvKind woocommerce_analytics_csv;
extern const CsvKind woocommerce_packed_csv;
extern const CsvKind scenario_links_csv;
extern const CsvKind scenario_shipments_csv;
extern const CsvKind given_rates_csv;
std::span<const CsvKind> csv_without_orders();

struct Mapping;

// The kind of a table whose columns a mapping names. The mapping outlives it.
class MappedKind {
public:
    explicit MappedKind(const Mapping& mapping);
    MappedKind(const MappedKind&) = delete;
    MappedKind& operator=(const MappedKind&) = delete;

    const CsvKind& kind() const { return kind_; }

private:
    std::vector<CsvColumn> columns_;
    CsvKind kind_;
};

}  // namespace holdfast::formats
