// CSV files that we know by their header and that hold no orders we can read.
#include "formats/csv_kinds.h"

namespace holdfast::formats {
namespace {

using Holds = CsvColumn::Holds;

constexpr CsvColumn dsers_template[] = {
    {"Order number", Holds::text, true},  {"Product id", Holds::text, true},
    {"Product count", Holds::text, true}, {"Contact person", Holds::text, true},
    {"Order memo", Holds::text, true},
};
constexpr CsvColumn woocommerce_list[] = {
    {"Order ID", Holds::text, true},     {"Order Date", Holds::text, true},
    {"Order Status", Holds::text, true}, {"Customer Name", Holds::text, true},
    {"Order Total", Holds::text, true},
};
constexpr CsvColumn carriers[] = {
    {"key", Holds::text, true},
    {"paypal_carrier_name", Holds::text, true},
    {"aftership_slug", Holds::text, true},
};
constexpr CsvColumn s10_vectors[] = {
    {"input", Holds::text, true},
    {"normalised", Holds::text, true},
    {"s10_valid", Holds::text, true},
};

constexpr CsvKind kinds[] = {
    {"dsers_template_csv", "DSers import template",
     "a DSers import template: it lists orders to be placed, none that were placed",
     dsers_template},
    {"woocommerce_list_csv", "WooCommerce order list",
     "a list by a WooCommerce plugin, whose columns every shop chooses: read it by a mapping",
     woocommerce_list},
    {"carriers_csv", "names of carriers", "a table of carrier names", carriers},
    {"s10_vectors_csv", "tracking numbers", "a table of tracking numbers for tests", s10_vectors},
};

}  // namespace

std::span<const CsvKind> csv_without_orders() { return kinds; }

}  // namespace holdfast::formats
