#include "order/money.h"

#include "base/money.h"
#include "base/verify.h"

#include <algorithm>
#include <array>

namespace holdfast::order {
namespace {

std::int32_t units_of(const Line& line) { return line.placed.quantity - line.cancelled; }
Minor price_of(const Line& line) { return line.placed.unit_price * units_of(line); }

// Of `quantity` units of a line: their price, as far as it is not refunded yet.
Minor goods_left(const Order& order, const LineQuantity& part) {
    const auto& line = order.lines.at(index_of(part.line));
    const auto price = line.placed.unit_price * line.placed.quantity - line.refunded;
    return std::clamp<Minor>(line.placed.unit_price * part.quantity, 0, std::max<Minor>(0, price));
}

Minor goods_left(const Order& order, const Lines& lines) {
    Minor sum = 0;
    for (const auto& part : lines) sum += goods_left(order, part);
    return sum;
}

// All goods not refunded yet, the cancelled ones too: their money has to go back as well.
Minor all_goods_left(const Order& order) {
    Minor sum = 0;
    for (const auto& line : order.lines)
        sum += line.placed.unit_price * line.placed.quantity - line.refunded;
    return sum;
}

struct Left {
    std::vector<Minor> goods;  // by `lines`
    Minor shipping = 0, tax = 0, fee = 0;
    Minor sum() const {
        auto all = shipping + tax + fee;
        for (const auto one : goods) all += one;
        return all;
    }
};

Left left_of(const Order& order, const Lines& lines) {
    Left left;
    for (const auto& part : lines) left.goods.push_back(goods_left(order, part));
    const auto some = goods_left(order, lines);
    const auto all = all_goods_left(order);
    const auto& sale = order.terms_of_sale;
    left.shipping = part_of(sale.shipping - order.shipping_refunded, some, all);
    left.tax = part_of(sale.tax - order.tax_refunded, some, all);
    left.fee = part_of(sale.fee - order.fee_refunded, some, all);
    return left;
}

}  // namespace

Minor part_of(Minor amount, Minor some, Minor all) {
    __extension__ using Wide = __int128;
    if (some >= all) return amount;
    return static_cast<Minor>(static_cast<Wide>(amount) * some / all);
}

Minor goods_of(const Order& order, const Lines& lines) {
    Minor sum = 0;
    for (const auto& part : lines)
        sum += order.lines.at(index_of(part.line)).placed.unit_price * part.quantity;
    return sum;
}

Minor placed_total_of(const Order& order) {
    const auto& sale = order.terms_of_sale;
    Minor sum = sale.shipping + sale.tax + sale.fee;
    for (const auto& line : order.lines) sum += line.placed.unit_price * line.placed.quantity;
    return sum;
}

Minor total_of(const Order& order) {
    const auto& sale = order.terms_of_sale;
    Minor sum = sale.shipping + sale.tax + sale.fee;
    for (const auto& line : order.lines) sum += price_of(line);
    return sum;
}

Lines all_lines(const Order& order) {
    Lines lines;
    for (std::size_t i = 0; i < order.lines.size(); ++i)
        if (const auto units = units_of(order.lines[i]); units > 0)
            lines.push_back({nth<LineNo>(i), units});
    return lines;
}

Lines placed_lines(const Order& order) {
    Lines lines;
    for (std::size_t i = 0; i < order.lines.size(); ++i)
        lines.push_back({nth<LineNo>(i), order.lines[i].placed.quantity});
    return lines;
}

Lines unshipped_lines(const Order& order) {
    auto lines = all_lines(order);
    for (const auto& shipment : order.shipments) {
        if (shipment.replaces) continue;
        for (const auto& sent : shipment.lines)
            for (auto& line : lines)
                if (line.line == sent.line) line.quantity -= sent.quantity;
    }
    std::erase_if(lines, [](const LineQuantity& line) { return line.quantity <= 0; });
    return lines;
}

bool overlap(const Lines& a, const Lines& b) {
    return std::ranges::any_of(a, [&](const LineQuantity& one) {
        return std::ranges::any_of(
            b, [&](const LineQuantity& other) { return one.line == other.line; });
    });
}

Minor refundable(const Order& order) {
    const auto& money = order.money;
    return std::max<Minor>(0, money.captured - money.refunded - money.charged_back);
}

Minor refundable(const Order& order, const Lines& lines) {
    return std::min(refundable(order), left_of(order, lines).sum());
}

Minor asked_sum(const Order& order, const Dispute& dispute) {
    return std::min(dispute.requested, refundable(order, dispute.lines));
}

Instant asked_at(const Dispute& dispute) {
    return std::max(dispute.opened, dispute.modified.value_or(dispute.opened));
}

Parts apart(const Order& order, const Lines& lines, Minor amount) {
    Parts parts;
    const auto left = left_of(order, lines);
    parts.excess = std::max<Minor>(0, amount - left.sum());
    const auto inside = amount - parts.excess;
    if (inside == 0) return parts;

    auto weights = left.goods;
    for (const auto extra : {left.shipping, left.tax, left.fee}) weights.push_back(extra);
    const auto pieces = split_by(holdfast::Money::of_minor(inside, order.currency()), weights);
    for (std::size_t i = 0; i < lines.size(); ++i)
        if (pieces[i].minor() != 0) parts.goods.emplace_back(lines[i].line, pieces[i].minor());
    parts.shipping = pieces[lines.size()].minor();
    parts.tax = pieces[lines.size() + 1].minor();
    parts.fee = pieces[lines.size() + 2].minor();
    return parts;
}

Minor bound(const Order& order, const Lines& lines) {
    Minor sum = 0;
    for (const auto& dispute : order.disputes)
        if (!dispute.is_closed() && !overlap(dispute.lines, lines))
            sum += refundable(order, dispute.lines);
    return std::min(sum, order.money.held);
}

Minor free_to_release(const Order& order) { return order.money.held - bound(order); }

Minor return_due(const Order& order, DisputeNo no) {
    const auto& dispute = order.dispute(no);
    return std::min(dispute.back->amount, refundable(order, dispute.lines));
}

Minor commission_on(const Order& order, Minor gross) {
    if (order.terms_of_sale.custody != Custody::held) return 0;
    return share_of(holdfast::Money::of_minor(gross, order.currency()),
                    order.terms_of_sale.commission_basis_points, Rounding::half_even)
        .minor();
}

Sources sources_for(const Order& order, Minor amount, Minor held) {
    const auto& money = order.money;
    Sources from;
    from.held = std::min(amount, held);
    const auto gross = std::min(amount - from.held, money.gross);
    if (gross > 0) {
        from.commission = money.fees - commission_on(order, money.gross - gross);
        from.seller = gross - from.commission;
    }
    // What is kept back goes before the guarantee: too little was paid to do both.
    const auto rest = amount - from.held - gross;
    const auto kept = std::min(rest, money.held - from.held);
    from.held += kept;
    from.guarantee = rest - kept;
    return from;
}

}  // namespace holdfast::order
