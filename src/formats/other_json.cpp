// JSON that we know and that holds no orders we can read: said by name, so that nobody wonders.
#include "formats/json_kinds.h"
#include "formats/text.h"

#include <algorithm>

namespace holdfast::formats {
namespace {

bool has_any(const Json& value, std::initializer_list<std::string_view> names) {
    return std::ranges::any_of(names, [&](auto name) { return value.has(name); });
}

const Json& first_of(const Json& list) {
    static const Json nothing;
    return list.is_list() && !list.items().empty() ? list.items()[0] : nothing;
}

bool is_ebay(const Json& root) {
    return has_any(root, {"inquiryId", "caseId", "returnId"}) ||
           has_any(first_of(root["members"]), {"inquiryId", "caseId", "returnId"}) ||
           first_of(root["error"]).has("errorId") || first_of(root["errors"]).has("errorId");
}

bool is_amazon(const Json& root) {
    return has_any(root["payload"], {"Orders", "OrderItems", "AmazonOrderId"}) ||
           first_of(root["orders"]).has("orderItems") || first_of(root["errors"]).has("code");
}

bool is_stripe(const Json& root) {
    static constexpr std::string_view objects[] = {
        "refund", "dispute", "transfer",          "event",
        "charge", "list",    "transfer_reversal", "payment_intent"};
    const auto object = root["object"].text();
    return std::ranges::find(objects, object) != std::end(objects) ||
           (root["error"].is_object() && root["error"].has("type"));
}

bool is_paypal(const Json& root) {
    return has_any(root, {"dispute_id", "seller_payable_breakdown", "accept_claim_type",
                          "offer_type", "transmission_sig"}) ||
           first_of(root["items"]).has("dispute_id") || root["resource"].has("dispute_id") ||
           (root.has("name") && root.has("debug_id"));
}

bool is_woocommerce(const Json& root) {
    return root["code"].text().starts_with("woocommerce_") ||
           has_any(root, {"refunded_payment", "api_refund"});
}

bool is_signature_vectors(const Json& root) { return first_of(root["vectors"]).has("scheme"); }

bool is_expected(const Json& root) {
    return root.has("now_utc") && root.has("supplier_orders") && root.has("store_orders");
}

template <const char* Why>
void say(JsonJob& job) {
    job.no_orders(Why);
}

constexpr char ebay[] = "an eBay inquiry, return or case: a known kind, not read yet";
constexpr char amazon[] = "an Amazon order answer: a known kind, not read yet";
constexpr char stripe[] = "a Stripe payment object: a known kind, not read yet";
constexpr char paypal[] = "a PayPal dispute or payment: a known kind, not read yet";
constexpr char woocommerce[] = "a WooCommerce refund or refusal: a known kind, not read yet";
constexpr char vectors[] = "test vectors of signatures";
constexpr char expected[] = "what the sample files are expected to give";

constexpr JsonKind kinds[] = {
    {"scenario_expected_json", "expected facts of the samples", is_expected, say<expected>},
    {"signature_vectors", "signature vectors", is_signature_vectors, say<vectors>},
    {"ebay_json", "eBay Post-Order", is_ebay, say<ebay>},
    {"amazon_json", "Amazon orders", is_amazon, say<amazon>},
    {"stripe_json", "Stripe", is_stripe, say<stripe>},
    {"paypal_json", "PayPal", is_paypal, say<paypal>},
    {"woocommerce_json", "WooCommerce", is_woocommerce, say<woocommerce>},
};

}  // namespace

std::span<const JsonKind> json_without_orders() { return kinds; }

}  // namespace holdfast::formats
