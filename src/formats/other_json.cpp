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

constexpr char woocommerce[] = "a request for a refund, or WooCommerce's refusal of one";
constexpr char vectors[] = "test vectors of signatures";
constexpr char expected[] = "what the sample files are expected to give";

constexpr JsonKind kinds[] = {
    {"scenario_expected_json", "expected facts of the samples", is_expected, say<expected>},
    {"signature_vectors", "signature vectors", is_signature_vectors, say<vectors>},
    {"woocommerce_json", "WooCommerce", is_woocommerce, say<woocommerce>},
};

}  // namespace

std::span<const JsonKind> json_without_orders() { return kinds; }

}  // namespace holdfast::formats
