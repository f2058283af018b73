#include "desk/search.h"

#include "desk/sale.h"
#include "desk/test_support.h"

#include <doctest/doctest.h>

namespace holdfast::desk {

using namespace test;

TEST_CASE("the words that find an order are normalised, in order and once each") {
    const std::vector<std::string> words = {"#1051", "", "lb 123 cn", "1051", "Ann@Shop.Example"};
    CHECK(search_terms_of(words) ==
          std::vector<std::string>{"1051", "LB123CN", "ann@shop.example"});
    CHECK(search_terms_of({}).empty());
}

TEST_CASE("what only one source said of a sale is found by the same words as its state") {
    SaleSeen seen;
    seen.system = "shopify";
    seen.reference = "#1051";
    for (const bool is_full : {false, true}) {
        CAPTURE(is_full);
        if (is_full) {
            seen.sale_id = "7100000001051";
            seen.customer.email = "0123456789abcdef0123456789abcdef";
            seen.tracking_numbers = {"LP1", "LP1", "lp 2"};
            seen.payment_ids = {"ch_1", "pi_2"};
        }
        const auto sale = fold<Sale, SaleSeen>({{origin("shopify_order_json"), seen}});
        CHECK(search_terms(seen) == search_terms(sale));
        CHECK(search_terms(seen).size() == (is_full ? 7 : 1));
    }
}

}  // namespace holdfast::desk
