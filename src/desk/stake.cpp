#include "desk/stake.h"

#include "desk/end_kind.h"

#include <algorithm>
#include <cstdint>

namespace holdfast::desk {
namespace {

enum class Fate : std::uint8_t { open, settled, cancelled };

Fate fate_of(const Line& line) {
    switch (end_kind_of(text_of(line.end_reason))) {
    case EndKind::confirmed:
    case EndKind::claim_paid:
    case EndKind::never_paid: return Fate::settled;
    case EndKind::refund_due: return Fate::cancelled;
    case EndKind::timed_out:
    case EndKind::none:
    case EndKind::unknown:    break;
    }
    return line.phase && line.phase->value == Phase::cancelled ? Fate::cancelled : Fate::open;
}

// The price of a line, where it fits what a Money can hold.
std::optional<Money> sum_of(const Line& line) {
    if (!line.price) return std::nullopt;
    const auto& price = line.price->value;
    const std::int64_t count = line.quantity ? line.quantity->value : 1;
    if (count <= 0 || price.minor() < 0 || price.minor() > Money::max_minor / count)
        return std::nullopt;
    return Money::of_minor(price.minor() * count, price.currency());
}

std::optional<Money> sum_of(const std::vector<Line>& lines) {
    std::optional<Money> sum;
    for (const auto& line : lines) {
        const auto one = sum_of(line);
        if (!one || (sum && sum->currency() != one->currency())) return std::nullopt;
        if (sum && sum->minor() > Money::max_minor - one->minor()) return std::nullopt;
        sum = sum ? *sum + *one : *one;
    }
    return sum;
}

Money without(Money sum, const MaybeHeld<Money>& refunded) {
    if (!refunded || refunded->value.currency() != sum.currency()) return sum;
    const auto rest = sum - refunded->value;
    return rest.is_positive() ? rest : Money::zero(sum.currency());
}

std::string name_of(const Line& line) {
    if (line.title) return line.title->value;
    if (line.sku) return line.sku->value;
    return line.product_id ? line.product_id->value : text_of(line.line_id);
}

// Where the prices of all lines do not exceed the total, a line that was cancelled is worth its
// price, and the rest is shared over the others by theirs, so that postage goes along with what was
// sent. Where a discount makes the total smaller than the prices, all lines share it.
std::vector<Money> shares_of(const std::vector<Line>& lines, Money total,
                             std::vector<std::int64_t> weights) {
    const auto sum = sum_of(lines);
    if (!sum || sum->currency() != total.currency() || *sum > total)
        return split_by(total, weights);
    auto rest = total;
    auto prices = weights;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (fate_of(lines[i]) != Fate::cancelled) continue;
        rest = rest - Money::of_minor(prices[i], total.currency());
        weights[i] = 0;
    }
    if (std::ranges::all_of(weights, [](auto weight) { return weight == 0; }))
        return split_by(total, prices);
    auto shares = split_by(rest, weights);
    for (std::size_t i = 0; i < lines.size(); ++i)
        if (weights[i] == 0 && prices[i] != 0)
            shares[i] = Money::of_minor(prices[i], total.currency());
    return shares;
}

void share(Stake& stake, const std::vector<Line>& lines) {
    std::vector<std::int64_t> weights;
    weights.reserve(lines.size());
    for (const auto& line : lines) {
        const auto one = sum_of(line);
        weights.push_back(one ? one->minor() : 0);
        stake.guessed_share = stake.guessed_share || !one;
    }
    if (std::ranges::all_of(weights, [](auto weight) { return weight == 0; }))
        stake.guessed_share = true;
    if (stake.guessed_share) return;
    const auto shares = shares_of(lines, *stake.total, weights);
    auto open = Money::zero(stake.total->currency()), cancelled = open;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (fate_of(lines[i]) == Fate::open) open = open + shares[i];
        if (fate_of(lines[i]) == Fate::cancelled) cancelled = cancelled + shares[i];
    }
    stake.open = open;
    if (!cancelled.is_zero()) stake.cancelled = stake.cancelled_in_all = cancelled;
}

}  // namespace

Stake stake_of(const Purchase& purchase) {
    const auto lines = lines_of(purchase);
    Stake stake;
    stake.total = purchase.total ? std::optional(purchase.total->value) : sum_of(lines);
    stake.open = stake.total;
    std::size_t open = 0, ended = 0;
    for (const auto& line : lines) {
        const auto fate = fate_of(line);
        if (fate == Fate::open) ++open;
        if (fate == Fate::settled || fate == Fate::cancelled) ++ended;
        if (fate == Fate::settled) stake.settled_lines.push_back(name_of(line));
        if (fate == Fate::cancelled) stake.cancelled_lines.push_back(name_of(line));
    }
    const bool mixed = ended > 0 && (open > 0 || stake.cancelled_lines.size() < lines.size());
    if (stake.total && mixed) share(stake, lines);
    // What came back is taken to be for the cancelled lines first.
    if (stake.open && purchase.refunded &&
        purchase.refunded->value.currency() == stake.open->currency()) {
        auto refunded = purchase.refunded->value;
        if (stake.cancelled) {
            const auto used = std::min(refunded, *stake.cancelled);
            stake.cancelled = *stake.cancelled - used;
            refunded = refunded - used;
        }
        stake.open = without(*stake.open, Held<Money>{refunded, {}});
    }
    if (stake.cancelled && stake.cancelled->is_zero()) stake.cancelled.reset();
    return stake;
}

std::optional<Money> claimable(const Stake& stake, std::optional<std::int64_t> award) {
    if (!stake.open || !award) return stake.open;
    return std::min(*stake.open, Money::of_minor(*award, stake.open->currency()));
}

}  // namespace holdfast::desk
