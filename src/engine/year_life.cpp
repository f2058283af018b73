#include "engine/year_life.h"

#include "order/money.h"

#include <algorithm>
#include <array>
#include <utility>

namespace holdfast::engine {
namespace {

using namespace order;
using std::chrono::days;
using std::chrono::hours;

std::string reference_of(std::uint32_t number) { return "M-" + std::to_string(100'000 + number); }

Duration promised_in(const Life& life) {
    return life.is_abroad() ? life.chance.time(days{16}, days{26}, "promised abroad")
                            : life.chance.time(days{5}, days{9}, "promised");
}

ParcelEnd parcel_of(const Life& life) {
    // in time, late, lost, goes back, silent, elsewhere; in a thousand
    constexpr std::array<int, 6> near{974, 10, 5, 2, 4, 5}, far{924, 44, 12, 5, 8, 7};
    static_assert(near.size() == static_cast<std::size_t>(ParcelEnd::count_));
    auto weights = life.is_abroad() ? far : near;
    if (life.is_in_rush()) weights[1] += 50;
    return static_cast<ParcelEnd>(life.chance.weighed(weights, "parcel"));
}

int faults_in_a_thousand(const Life& life) {
    switch (life.seller->kind) {
    case SellerKind::careless: return 100;
    case SellerKind::silent:
    case SellerKind::stubborn: return 36;
    case SellerKind::prompt:   return 12;
    case SellerKind::usual:
    case SellerKind::slow:
    case SellerKind::gone:     return 22;
    case SellerKind::count_:   break;
    }
    VERIFY(!"a SellerKind outside its list");
}

std::optional<Reason> fault_of(const Life& life) {
    constexpr std::array reasons{Reason::not_as_described, Reason::damaged,
                                 Reason::wrong_item,       Reason::missing_parts,
                                 Reason::counterfeit,      Reason::change_of_mind};
    constexpr std::array weights{44, 17, 13, 10, 4, 12};
    auto often = faults_in_a_thousand(life);
    if (life.is_in_rush()) often *= 2;
    if (life.buyer->claims_often) often += 300;
    if (!life.chance.happens(often, "fault")) return std::nullopt;
    return reasons[life.chance.weighed(weights, "which fault")];
}

PlacedLine line_of(const Life& life, std::uint64_t index) {
    const auto chance = life.chance.of(1'000 + index);
    const auto& good = chance.one_of(life.seller->goods, "good");
    const auto quantity = chance.happens(160, "more") ? chance.between(2, 4, "how many") : 1;
    return {
        .sku = good.sku, .quantity = static_cast<std::int32_t>(quantity), .unit_price = good.price};
}

void add_marks(Placement& placed, const YearSeller& seller) {
    for (const auto& line : placed.lines)
        for (const auto& good : seller.goods)
            if (good.sku == line.sku && !good.mark.empty() &&
                std::ranges::find(placed.item_marks, good.mark) == placed.item_marks.end())
                placed.item_marks.push_back(good.mark);
}

}  // namespace

Life::Life(const Chance& order, std::uint32_t order_number, const YearPeople& people,
           Instant placed, Instant end)
    : chance(order),
      number(order_number),
      buyer(&people.buyer_for(order)),
      reference(reference_of(order_number)),
      placed_at(placed),
      rush_from(end - days{45}) {
    seller = &people.seller_for(*buyer, order);
    promised_by = placed_at + promised_in(*this);
    parcel = parcel_of(*this);
    if (parcel == ParcelEnd::in_time || parcel == ParcelEnd::late) fault = fault_of(*this);
}

Placement placement_of(const Life& life, const terms::Pin& terms) {
    constexpr std::array lines{72, 20, 6, 2};
    Placement placed;
    placed.buyer = life.buyer->id;
    placed.seller = life.seller->id;
    placed.currency = life.seller->currency;
    const auto count = life.chance.weighed(lines, "lines") + 1;
    Minor goods = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
        placed.lines.push_back(line_of(life, i));
        goods += placed.lines.back().unit_price * placed.lines.back().quantity;
    }
    const auto postage = life.is_abroad() ? 790 : 390;
    placed.shipping = goods >= 6'000 ? 0 : postage;
    if (placed.currency == Currency::usd) placed.tax = goods * 7 / 100;
    placed.commission_basis_points = life.seller->commission_basis_points;
    placed.terms = terms;
    placed.promised_by = life.promised_by;
    placed.attributes = {{terms::Attribute::destination, life.buyer->country},
                         {terms::Attribute::seller_origin, life.seller->country}};
    add_marks(placed, *life.seller);
    if (life.is_made_to_order) placed.item_marks = {"custom_made"};
    return placed;
}

// --- What they would do

void Deeds::add(Instant at, std::string_view name, std::uint64_t about, decltype(Deed::what) what) {
    auto full = std::string(name);
    if (about > 0) full.append(" ").append(std::to_string(about));
    const auto no = std::ranges::find(life_.refused, full, &Life::Refused::what);
    if (no != life_.refused.end()) {
        if (!no->again_at) return;
        at = std::max(at, *no->again_at);
    }
    all_.push_back({std::max(at, order_.last_at), std::move(full), std::move(what)});
}

void Deeds::ask(Instant at, Party by, Request request, std::uint64_t about) {
    const auto name = std::visit([](const auto& one) { return one.name; }, request);
    add(at, name, about, Command{.by = by, .request = std::move(request), .standing = {}});
}

void Deeds::see(Instant at, Seen seen, std::uint64_t about) {
    const auto name = std::visit([](const auto& one) { return one.name; }, seen);
    add(at, name, about, Observation{.when = at, .seen = std::move(seen)});
}

void Deeds::say(Instant at, Party by, std::optional<DisputeNo> dispute, int nth,
                std::string_view text) {
    const auto said = std::ranges::count_if(order_.messages, [&](const Message& one) {
        return one.by == by && one.dispute == dispute;
    });
    if (said >= nth) return;
    add(at, "send_message", static_cast<std::uint64_t>(nth), Says{by, dispute, text});
}

Minor percent_of(Minor amount, Minor percent) {
    return std::max<Minor>(1, part_of(amount, percent, 100));
}

std::optional<Deed> Deeds::first() && {
    if (all_.empty()) return std::nullopt;
    auto deed = std::move(*std::ranges::min_element(all_, {}, &Deed::at));
    // What a source tells happened when it says so, and no later than now.
    if (auto* seen = std::get_if<Observation>(&deed.what)) seen->when = deed.at;
    return deed;
}

std::optional<Deed> next_deed(const order::Order& order, const Life& life) {
    Deeds deeds(order, life);
    add_payment(deeds);
    add_shipping(deeds);
    add_ends(deeds);
    add_disputes(deeds);
    return std::move(deeds).first();
}

}  // namespace holdfast::engine
