#include "engine/year_purchase.h"

#include "engine/year_desk.h"

#include <algorithm>
#include <array>
#include <utility>

namespace holdfast::engine {
namespace {

using desk::ParcelStatus;
using desk::Phase;
using desk::SeenTime;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

constexpr days protection_after_promise{15};  // AE17-3

struct Sort {
    std::string_view sku, title;
    std::int64_t least, most;  // cents of a dollar
};
constexpr std::array sorts{Sort{"LED-STRIP-5M", "LED strip, 5 m", 600, 1'400},
                           Sort{"PHONE-STAND", "Phone stand, aluminium", 300, 900},
                           Sort{"YOGA-MAT", "Yoga mat", 900, 2'100},
                           Sort{"PET-BRUSH", "Pet brush", 300, 800},
                           Sort{"CABLE-SET", "Cable set", 250, 700},
                           Sort{"DASH-CAM", "Dash camera", 1'900, 5'200},
                           Sort{"MINI-DRONE", "Mini drone", 2'400, 6'400},
                           Sort{"TEA-SET", "Tea set, six cups", 1'300, 3'600},
                           Sort{"RAIN-COAT", "Rain coat", 900, 2'400},
                           Sort{"WALL-CLOCK", "Wall clock", 700, 1'900}};
constexpr std::array suppliers{
    "Bright Home Direct",  "Sunny Valley Store", "Golden Kite Trading", "Blue Lantern Official",
    "River Stone Factory", "Happy Crane Store",  "Lucky Bamboo Goods"};
constexpr std::array customers{"lena",  "marco", "sofie", "jan",   "elise", "tom",
                               "nadia", "oskar", "ida",   "pablo", "mina",  "luc"};
constexpr std::array families{"Arens", "Bosch",  "Conti", "Duval", "Engel",
                              "Faber", "Gruber", "Horn",  "Imhof", "Jost"};
constexpr std::array lands{"DE", "FR", "IT", "ES", "NL", "AT", "PL"};

SeenTime exactly(Instant at) { return {.at = at, .kind = SeenTime::Kind::exact, .or_at = {}}; }

Duration handling_of(const Chance& chance) { return chance.time(hours{20}, days{5}, "handling"); }
days commit_of(const Chance& chance) { return days{chance.between(28, 45, "commit")}; }

// All but its times and its fate.
Bought named(const Chance& all, std::uint64_t number) {
    const auto chance = all.of(number);
    const auto& sort = chance.one_of(sorts, "sort");
    Bought one{.number = number, .chance = chance};
    one.reference = "3098" + std::to_string(100'000'000'000 + number * 7'919'113 % 899'999'981);
    one.tracking =
        "LP" + std::to_string(500'000'000 + chance.about("tracking") % 400'000'000) + "CN";
    one.sku = sort.sku;
    one.title = sort.title;
    one.store_name = chance.one_of(suppliers, "supplier");
    one.price = Money::of_minor(chance.between(sort.least, sort.most, "price"), Currency::usd);
    one.quantity = chance.happens(180, "more") ? 2 : 1;
    return one;
}

bool is_there(const Bought& one, Instant at) {
    const auto came = one.delivered_at();
    return came && *came < at;
}

// --- What the carrier says

void scan(desk::ParcelSeen& parcel, Instant at, ParcelStatus status, std::string_view text,
          Instant seen_at) {
    if (at >= seen_at) return;
    parcel.scans.push_back({.at = exactly(at), .status = status, .text = std::string(text)});
    parcel.status = status;
}

desk::ParcelSeen parcel_of(const Bought& one, Instant seen_at) {
    desk::ParcelSeen parcel;
    parcel.tracking_number = one.tracking;
    parcel.purchase_system = platform_system;
    parcel.purchase_reference = one.reference;
    parcel.carrier = "Cainiao";
    parcel.shipped = exactly(one.shipped_at);
    parcel.status = ParcelStatus::label_only;
    const auto& chance = one.chance;
    scan(parcel, one.shipped_at + hours{9}, ParcelStatus::moving, "Accepted by carrier", seen_at);
    scan(parcel, one.shipped_at + days{2}, ParcelStatus::moving, "Left the sorting centre",
         seen_at);
    scan(parcel, one.shipped_at + chance.time(days{5}, days{7}, "customs"), ParcelStatus::moving,
         "Handed over to the airline", seen_at);
    const bool is_lost = one.fate != PurchaseFate::comes && one.fate != PurchaseFate::late;
    if (is_lost && chance.happens(300, "said to be lost"))
        scan(parcel, one.shipped_at + days{22}, ParcelStatus::lost, "Parcel lost", seen_at);
    if (const auto came = one.delivered_at()) {
        scan(parcel, *came - hours{6}, ParcelStatus::out_for_delivery, "Out for delivery", seen_at);
        scan(parcel, *came, ParcelStatus::delivered, "Delivered", seen_at);
        if (*came < seen_at) parcel.delivered = exactly(*came);
    }
    return parcel;
}

// --- What the platform says

void tell_end(const Bought& one, Instant seen_at, desk::PurchaseSeen& seen) {
    const auto completed_at = is_there(one, seen_at)
                                  ? *one.delivered_at() + one.chance.time(days{1}, days{9}, "ends")
                                  : one.promised_by;
    if (completed_at >= seen_at) return;
    seen.phase = Phase::completed;
    seen.status = "FINISH";
    seen.completed = exactly(completed_at);
    seen.end_reason = is_there(one, seen_at) ? "buyer_accept_goods" : "buyer_accept_goods_timeout";
}

void tell_paid_back(const Bought& one, Instant seen_at, desk::PurchaseSeen& seen) {
    const auto at = one.promised_by + one.chance.time(days{6}, days{20}, "paid back");
    if (at >= seen_at) return;
    seen.phase = Phase::completed;
    seen.status = "FINISH";
    seen.end_reason = "seller_accept_issue_no_goods_return";
    seen.refunded = one.total();
    seen.refunded_at = exactly(at);
    seen.in_dispute = false;
}

void tell_dispute(const Bought& one, Instant seen_at, desk::PurchaseSeen& seen) {
    constexpr std::array words{"processing", "wait_buyer_response", "wait_buyer_send_goods_return",
                               "processing"};
    seen.phase = Phase::disputed;
    seen.status = "IN_ISSUE";
    seen.in_dispute = true;
    const auto opened = seen_at - one.chance.time(days{1}, days{6}, "opened");
    const auto word = words[one.number % words.size()];
    desk::DisputeSeen dispute;
    dispute.dispute_id = dispute_id_of(one);
    dispute.reason = one.number % words.size() == 2 ? "not_as_described" : "not_received";
    dispute.status = word;
    dispute.opened = exactly(opened);
    if (std::string_view(word) != "processing") dispute.answered = exactly(opened + hours{20});
    dispute.requested = one.total();
    seen.disputes = {std::move(dispute)};
}

desk::PurchaseSeen purchase_of(const Bought& one, Instant seen_at) {
    desk::PurchaseSeen seen;
    seen.system = platform_system;
    seen.reference = one.reference;
    seen.account = one.number % 4 == 0 ? "second@shop.example" : "first@shop.example";
    seen.created = exactly(one.placed_at);
    seen.paid = exactly(one.placed_at + minutes{6});
    seen.total = one.total();
    seen.store_name = one.store_name;
    seen.ship_method = "CAINIAO_STANDARD";
    seen.destination = one.chance.one_of(lands, "land");
    seen.lines = {
        {.line_id = one.reference + "1",
         .product_id = "10050" + std::to_string(one.chance.about("product") % 100'000'000),
         .sku = one.sku,
         .title = one.title,
         .quantity = one.quantity,
         .price = one.price,
         .end_reason = {}}};
    seen.phase = Phase::paid;
    seen.status = "WAIT_SELLER_SEND_GOODS";
    seen.ship_by = exactly(one.placed_at + days{7});
    if (one.fate == PurchaseFate::cancelled) {
        if (seen.ship_by->at >= seen_at) return seen;
        seen.phase = Phase::cancelled;
        seen.status = "FINISH";
        seen.end_reason = "seller_send_goods_timeout";
        seen.ended = seen.ship_by;
        if (seen.ship_by->at + days{12} < seen_at) {
            seen.refunded = one.total();
            seen.refunded_at = exactly(seen.ship_by->at + days{3});
        }
        return seen;
    }
    if (one.shipped_at >= seen_at) return seen;
    seen.phase = Phase::shipped;
    seen.status = "WAIT_BUYER_ACCEPT_GOODS";
    seen.shipped = exactly(one.shipped_at);
    seen.shipped_basis = "declared";
    seen.commit_days = static_cast<std::int32_t>((one.promised_by - one.shipped_at) / days{1});
    seen.can_extend = one.can_extend;
    seen.tracking_numbers = {one.tracking};
    tell_end(one, seen_at, seen);
    if (one.fate == PurchaseFate::paid_back) tell_paid_back(one, seen_at, seen);
    if (one.fate == PurchaseFate::in_dispute) {
        seen.completed.reset();
        seen.end_reason.clear();
        tell_dispute(one, seen_at, seen);
    }
    return seen;
}

}  // namespace

std::optional<Instant> Bought::delivered_at() const {
    if (fate == PurchaseFate::late) return promised_by + chance.time(hours{20}, days{9}, "late");
    if (fate != PurchaseFate::comes) return std::nullopt;
    return shipped_at + chance.time(days{8}, days{21}, "transit");
}

Bought bought(const Chance& all, std::uint64_t number, Instant placed_at) {
    constexpr std::array weights{905, 25, 17, 33, 0, 20};
    static_assert(weights.size() == static_cast<std::size_t>(PurchaseFate::count_));
    auto one = named(all, number);
    const auto& chance = one.chance;
    one.placed_at = placed_at;
    one.shipped_at = placed_at + handling_of(chance);
    one.promised_by = one.shipped_at + commit_of(chance);
    one.fate = static_cast<PurchaseFate>(chance.weighed(weights, "fate"));
    return one;
}

Bought bought_and_awaited(const Chance& all, std::uint64_t number, Instant promised_by,
                          bool can_extend) {
    auto one = named(all, number);
    const auto& chance = one.chance;
    one.promised_by = promised_by;
    one.shipped_at = promised_by - commit_of(chance);
    one.placed_at = one.shipped_at - handling_of(chance);
    one.fate = PurchaseFate::never;
    one.can_extend = can_extend;
    return one;
}

Bought bought_and_lost(const Chance& all, std::uint64_t number, Instant closes_at) {
    return bought_and_awaited(all, number, closes_at - protection_after_promise,
                              /*can_extend=*/true);
}

Bought bought_and_disputed(const Chance& all, std::uint64_t number, Instant end) {
    const auto late = all.of(number).time(days{2}, days{9}, "promise");
    auto one = bought_and_awaited(all, number, end - late, /*can_extend=*/false);
    one.fate = PurchaseFate::in_dispute;
    return one;
}

std::string dispute_id_of(const Bought& one) { return "6" + one.reference.substr(1); }

std::vector<desk::Observation> told_of(const Bought& one, Instant seen_at) {
    const desk::Origin platform{.format = "aliexpress_details_api",
                                .seen_at = seen_at,
                                .file = "orders.json",
                                .line = one.number};
    std::vector<desk::Observation> told{{platform, purchase_of(one, seen_at)}};
    if (one.fate != PurchaseFate::cancelled && one.shipped_at < seen_at)
        told.push_back({{.format = "aliexpress_tracking_api",
                         .seen_at = seen_at,
                         .file = "tracking.json",
                         .line = one.number},
                        parcel_of(one, seen_at)});
    return told;
}

desk::Observation sale_of(const SoldFor& sold, const Chance& chance, Instant seen_at) {
    desk::SaleSeen sale;
    sale.system = shop_system;
    sale.reference = "#" + sold.number;
    sale.sale_id = "71" + std::to_string(10'000'000'000 + std::stoull(sold.number));
    sale.created = exactly(sold.at);
    sale.paid = exactly(sold.at + minutes{1});
    sale.total = Money::of_minor(sold.price.minor() * sold.quantity, sold.price.currency());
    sale.financial_status = "paid";
    sale.fulfillment_status = sold.sent_at ? "fulfilled" : "unfulfilled";
    if (sold.sent_at) {
        sale.fulfilled = exactly(*sold.sent_at);
        sale.tracking_numbers = {sold.tracking};
    }
    sale.destination = chance.one_of(lands, "land");
    const std::string first = chance.one_of(customers, "customer");
    const std::string family = chance.one_of(families, "family");
    sale.customer = {.email = first + sold.number + "@post.example",
                     .name = std::string(1, static_cast<char>(first[0] - 'a' + 'A')) +
                             first.substr(1) + " " + family,
                     .phone = {},
                     .address = {}};
    sale.lines = {{.line_id = {},
                   .product_id = {},
                   .sku = sold.sku,
                   .title = sold.title,
                   .quantity = sold.quantity,
                   .price = sold.price,
                   .end_reason = {}}};
    return {{.format = "shopify_orders_csv",
             .seen_at = seen_at,
             .file = "orders_export.csv",
             .line = chance.about("line") % 9'000 + 2},
            std::move(sale)};
}

}  // namespace holdfast::engine
