// All samples of the joint scenario read together hold the facts of samples/scenario/expected.json.
#include "formats/date_text.h"
#include "formats/json_file.h"
#include "formats/sample_reader.h"
#include "formats/text.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace holdfast::formats {
namespace {

using desk::ParcelSeen;
using desk::PurchaseSeen;
using desk::SaleSeen;

const std::filesystem::path samples = std::filesystem::path(HOLDFAST_SOURCE_DIR) / "samples";

Json expected_facts() {
    std::ifstream file(samples / "scenario/expected.json", std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    return parse_json(bytes).value();
}

struct Facts {
    std::vector<PurchaseSeen> purchases;
    std::vector<SaleSeen> sales;
    std::vector<ParcelSeen> parcels;
    std::vector<desk::LinkSeen> links;

    // Whether a source said so about the purchase.
    template <class Says>
    bool any(std::string_view reference, Says says) const {
        return std::ranges::any_of(purchases, [&](const PurchaseSeen& purchase) {
            return purchase.reference == reference && says(purchase);
        });
    }
};

Facts read_all() {
    Facts facts;
    const auto add = [](auto& list, const auto& more) {
        list.insert(list.end(), more.begin(), more.end());
    };
    for (const auto* folder : {"aliexpress", "shopify", "scenario", "tracking"})
        for (const auto& entry : std::filesystem::directory_iterator(samples / folder)) {
            const auto reading = read_path(entry.path());
            add(facts.purchases, reading.all<PurchaseSeen>());
            add(facts.sales, reading.all<SaleSeen>());
            add(facts.parcels, reading.all<ParcelSeen>());
            add(facts.links, reading.all<desk::LinkSeen>());
        }
    return facts;
}

const Facts& facts() {
    static const Facts all = read_all();
    return all;
}

// One instant, or the first of those that fit.
std::optional<Instant> instant_of(const Json& value) {
    return parse_instant(value.is_list() ? value.items()[0].text() : value.text());
}

Money money_of(const Json& order, std::string_view amount, std::string_view currency) {
    return parse_money(order[amount].text(), *parse_currency(order[currency].text())).value();
}

std::vector<std::string> numbers_of(std::string_view reference) {
    std::vector<std::string> numbers;
    for (const auto& purchase : facts().purchases)
        if (purchase.reference == reference)
            numbers.insert(numbers.end(), purchase.tracking_numbers.begin(),
                           purchase.tracking_numbers.end());
    for (const auto& parcel : facts().parcels)
        if (parcel.purchase_reference == reference) numbers.push_back(parcel.tracking_number);
    return numbers;
}

template <class Says>
bool any_parcel(std::string_view reference, Says says) {
    const auto numbers = numbers_of(reference);
    return std::ranges::any_of(facts().parcels, [&](const ParcelSeen& parcel) {
        return std::ranges::find(numbers, parcel.tracking_number) != numbers.end() && says(parcel);
    });
}

bool has_scan(const ParcelSeen& parcel, Instant at) {
    return std::ranges::any_of(parcel.scans, [&](const auto& scan) { return scan.at.at == at; });
}

}  // namespace

TEST_CASE("the facts of every supplier order") {
    const auto expected = expected_facts();
    for (const auto& order : expected["supplier_orders"].items()) {
        const std::string id(order["supplier_order_id"].text());
        CAPTURE(id);
        const auto created = instant_of(order["created_at_utc"]);
        CHECK(facts().any(
            id, [&](const auto& one) { return one.created && one.created->at == created; }));
        const auto total = money_of(order, "amount", "currency");
        CHECK(facts().any(id, [&](const auto& one) { return one.total == total; }));
        const auto status = order["platform_status"].text();
        CHECK(facts().any(id, [&](const auto& one) { return one.status == status; }));

        if (const auto at = instant_of(order["shipped_at_utc"]))
            CHECK(facts().any(
                id, [&](const auto& one) { return one.shipped && one.shipped->at == *at; }));
        if (const auto at = instant_of(order["promised_by_utc"]))
            CHECK(facts().any(
                id, [&](const auto& one) { return one.promise && one.promise->at == *at; }));
        if (const auto at = instant_of(order["pay_before_utc"]))
            CHECK(facts().any(
                id, [&](const auto& one) { return one.pay_before && one.pay_before->at == *at; }));
        if (const auto at = instant_of(order["ended_at_utc"]))
            CHECK(facts().any(id,
                              [&](const auto& one) { return one.ended && one.ended->at == *at; }));
        if (const auto days = parse_count(order["commit_days"].text(), 365))
            CHECK(facts().any(id, [&](const auto& one) { return one.commit_days == *days; }));
        if (const auto reason = order["end_reason"].text(); !reason.empty())
            CHECK(facts().any(id, [&](const auto& one) { return one.end_reason == reason; }));
        if (order["issue_status"].text() == "IN_ISSUE")
            CHECK(facts().any(id, [&](const auto& one) { return one.in_dispute == true; }));
    }
}

TEST_CASE("the parcels of every supplier order") {
    const auto expected = expected_facts();
    for (const auto& order : expected["supplier_orders"].items()) {
        const std::string id(order["supplier_order_id"].text());
        CAPTURE(id);
        const bool delivered =
            any_parcel(id, [](const auto& parcel) { return parcel.delivered.has_value(); });
        CHECK(delivered == order["delivered"].is_yes());
        if (const auto at = instant_of(order["delivered_at_utc"]))
            CHECK(any_parcel(
                id, [&](const auto& one) { return one.delivered && one.delivered->at == *at; }));
        if (const auto at = instant_of(order["last_scan_at_utc"]))
            CHECK(any_parcel(id, [&](const auto& one) { return has_scan(one, *at); }));
        if (const auto at = instant_of(order["failure_at_utc"]))
            CHECK(any_parcel(id, [&](const auto& one) {
                return one.status == desk::ParcelStatus::returning && has_scan(one, *at);
            }));
        const auto numbers = numbers_of(id);
        for (const auto& number : order["tracking_numbers"].items())
            CHECK(std::ranges::find(numbers, number.text()) != numbers.end());
    }
}

TEST_CASE("the children of an order") {
    const auto expected = expected_facts();
    for (const auto& order : expected["supplier_orders"].items())
        for (const auto& child : order["children"].items()) {
            const auto product = child["product_id"].text();
            CHECK(facts().any(order["supplier_order_id"].text(), [&](const PurchaseSeen& one) {
                return std::ranges::any_of(one.lines, [&](const auto& line) {
                    return line.product_id == product &&
                           to_string(line.phase) == child["state"].text();
                });
            }));
        }
}

TEST_CASE("the facts of every store order") {
    const auto expected = expected_facts();
    for (const auto& order : expected["store_orders"].items()) {
        const auto name = order["store_order"].text();
        CAPTURE(name);
        const auto total = money_of(order, "total", "currency");
        const auto refunded = money_of(order, "refunded", "currency");
        const auto created = instant_of(order["created_at_utc"]);
        const auto lines = parse_count(order["line_count"].text(), 100).value();
        CHECK(std::ranges::any_of(facts().sales, [&](const SaleSeen& sale) {
            return sale.reference == name && sale.sale_id == order["store_order_id"].text() &&
                   sale.total == total && sale.refunded == refunded &&
                   sale.created->at == created && std::ssize(sale.lines) == lines;
        }));
        if (order.has("presentment_total")) {
            const auto paid = money_of(order, "presentment_total", "presentment_currency");
            CHECK(std::ranges::any_of(facts().sales, [&](const SaleSeen& sale) {
                return sale.reference == name && sale.presentment_total == paid;
            }));
        }
        for (const auto& supplier : order["supplier_orders"].items())
            CHECK(std::ranges::any_of(facts().links, [&](const desk::LinkSeen& link) {
                return link.sale_reference == name && link.purchase_reference == supplier.text();
            }));
    }
}

}  // namespace holdfast::formats
