#include "desk/link.h"

#include "desk/text.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

namespace holdfast::desk {
namespace {

template <class AnyLink, class Visit>
void each_held(AnyLink& one, const Visit& visit) {
    visit(one.decision), visit(one.sale_quantity), visit(one.purchase_quantity);
}

Link without_origins(Link link) {
    each_held(link, [](auto& held) {
        if (held) held->origin = {};
    });
    return link;
}

struct Pair {
    const Sale* sale;
    const Purchase* purchase;
};

LinkSeen link_of(const Pair& pair, LinkSeen::How how, LinkSeen::State state, std::string reason) {
    LinkSeen link;
    link.sale_system = pair.sale->system;
    link.sale_reference = pair.sale->reference;
    link.purchase_system = pair.purchase->system;
    link.purchase_reference = pair.purchase->reference;
    link.how = how;
    link.state = state;
    link.reason = std::move(reason);
    return link;
}

// --- What no link names yet

using Key = std::pair<std::string, std::string>;

template <class State>
std::vector<const State*> unlinked(std::span<const State> states, const std::set<Key>& linked) {
    std::vector<const State*> found;
    for (const auto& one : states)
        if (!linked.contains({one.system, one.reference})) found.push_back(&one);
    return found;
}

bool wants_purchase(const Sale& sale) {
    return !(sale.test && sale.test->value) && !sale.cancelled;
}

// --- By tracking number

std::vector<LinkSeen> by_tracking(const std::vector<const Sale*>& sales,
                                  const std::vector<const Purchase*>& purchases) {
    std::multimap<std::string_view, const Purchase*> by_number;
    for (const auto* purchase : purchases)
        for (const auto& number : purchase->tracking_numbers) by_number.emplace(number, purchase);
    std::vector<LinkSeen> links;
    for (const auto* sale : sales) {
        std::set<const Purchase*> done;
        for (const auto& number : sale->tracking_numbers)
            for (auto [one, end] = by_number.equal_range(number); one != end; ++one)
                if (done.insert(one->second).second)
                    links.push_back(link_of({sale, one->second}, LinkSeen::How::by_tracking,
                                            LinkSeen::State::confirmed,
                                            "both name tracking number " + number));
    }
    return links;
}

// --- By likeness

constexpr Duration created_within = std::chrono::days{3};

struct LikeLines {
    const Line* sale;
    const Line* purchase;
    std::vector<std::string> words;
};

std::set<std::string> words_of(const Line& line) {
    auto words = title_words(text_of(line.title));
    words.merge(title_words(text_of(line.sku)));
    return words;
}

// Half of the shorter one's words, and at least two.
std::optional<LikeLines> alike(const Line& sale, const Line& purchase) {
    if (sale.quantity && purchase.quantity && sale.quantity->value != purchase.quantity->value)
        return std::nullopt;
    const auto a = words_of(sale), b = words_of(purchase);
    std::vector<std::string> shared;
    std::ranges::set_intersection(a, b, std::back_inserter(shared));
    if (shared.size() < 2 || 2 * shared.size() < std::min(a.size(), b.size())) return std::nullopt;
    return LikeLines{&sale, &purchase, std::move(shared)};
}

// Places are compared only where both are codes of two letters: words come in many languages.
bool go_elsewhere(const Sale& sale, const Purchase& purchase) {
    const auto a = to_lower(text_of(sale.destination)), b = to_lower(text_of(purchase.destination));
    return a.size() == 2 && b.size() == 2 && a != b;
}

std::optional<Duration> time_between(const Sale& sale, const Purchase& purchase) {
    if (!sale.created || !purchase.created) return std::nullopt;
    const auto apart = purchase.created->value.at - sale.created->value.at;
    return apart < Duration{0} ? -apart : apart;
}

std::optional<LinkSeen> guess_of(const Pair& pair) {
    const auto apart = time_between(*pair.sale, *pair.purchase);
    if (!apart || *apart > created_within || go_elsewhere(*pair.sale, *pair.purchase))
        return std::nullopt;
    const auto sale_lines = lines_of(*pair.sale), purchase_lines = lines_of(*pair.purchase);
    for (const auto& sale_line : sale_lines)
        for (const auto& purchase_line : purchase_lines) {
            const auto like = alike(sale_line, purchase_line);
            if (!like) continue;
            auto link = link_of(pair, LinkSeen::How::guess, LinkSeen::State::open,
                                "created " + holdfast::to_words(*apart) + " apart, both say " +
                                    join(like->words, " "));
            link.sale_sku = text_of(sale_line.sku);
            link.purchase_product_id = text_of(purchase_line.product_id);
            link.sale_quantity = sale_line.quantity ? sale_line.quantity->value : 0;
            link.purchase_quantity = purchase_line.quantity ? purchase_line.quantity->value : 0;
            return link;
        }
    return std::nullopt;
}

std::vector<LinkSeen> all_guesses(const std::vector<const Sale*>& sales,
                                  const std::vector<const Purchase*>& purchases) {
    std::multimap<Instant, const Purchase*> by_time;
    for (const auto* purchase : purchases)
        if (purchase->created) by_time.emplace(purchase->created->value.at, purchase);
    std::vector<LinkSeen> guesses;
    for (const auto* sale : sales) {
        if (!sale->created) continue;
        const auto at = sale->created->value.at;
        const auto end = by_time.upper_bound(at + created_within);
        for (auto one = by_time.lower_bound(at - created_within); one != end; ++one)
            if (auto guess = guess_of({sale, one->second})) guesses.push_back(std::move(*guess));
    }
    return guesses;
}

Key sale_key(const LinkSeen& link) { return {link.sale_system, link.sale_reference}; }
Key purchase_key(const LinkSeen& link) { return {link.purchase_system, link.purchase_reference}; }

// Of several purchases that fit one sale line, or several sales that fit one purchase, none is
// told.
void drop_doubtful(std::vector<LinkSeen>& guesses) {
    std::map<std::pair<Key, std::string>, int> of_sale, of_purchase;
    for (const auto& link : guesses) {
        ++of_sale[{sale_key(link), link.sale_sku}];
        ++of_purchase[{purchase_key(link), link.purchase_product_id}];
    }
    std::erase_if(guesses, [&](const LinkSeen& link) {
        return of_sale[{sale_key(link), link.sale_sku}] > 1 ||
               of_purchase[{purchase_key(link), link.purchase_product_id}] > 1;
    });
}

}  // namespace

// A person's word is the surest there is; what programs found follows in the order of its ground.
int confidence_of(const LinkDecision& decision) {
    return decision.how == LinkSeen::How::given ? 1 : 0;
}

LinkSeen said_of(const Link& link, LinkSeen::State state) {
    LinkSeen seen;
    seen.sale_system = link.sale_system;
    seen.sale_reference = link.sale_reference;
    seen.sale_sku = link.sale_sku;
    seen.purchase_system = link.purchase_system;
    seen.purchase_reference = link.purchase_reference;
    seen.purchase_product_id = link.purchase_product_id;
    seen.state = state;
    return seen;
}

Observation said_now(LinkSeen seen, const Link* link, Instant now) {
    if (link && link->decision && link->how() == LinkSeen::How::given)
        now = std::max(now, link->decision->origin.seen_at + std::chrono::milliseconds{1});
    return {{.format = "given", .seen_at = now, .file = {}, .line = 0}, std::move(seen)};
}

void evolve(Link& link, const LinkSeen& seen, const Origin& origin) {
    if (link.sale_reference.empty() && link.purchase_reference.empty()) {
        link.sale_system = seen.sale_system, link.sale_reference = seen.sale_reference;
        link.sale_sku = seen.sale_sku;
        link.purchase_system = seen.purchase_system,
        link.purchase_reference = seen.purchase_reference;
        link.purchase_product_id = seen.purchase_product_id;
    }
    take(link.decision, LinkDecision{seen.how, seen.state, seen.reason}, origin);
    if (seen.sale_quantity > 0) take(link.sale_quantity, seen.sale_quantity, origin);
    if (seen.purchase_quantity > 0) take(link.purchase_quantity, seen.purchase_quantity, origin);
}

bool same_values(const Link& a, const Link& b) { return without_origins(a) == without_origins(b); }

DataAge age_of(const Link& link) {
    DataAge age;
    each_held(link, [&](const auto& held) { age.add(held); });
    return age;
}

std::vector<LinkSeen> guess_links(std::span<const Sale> sales, std::span<const Purchase> purchases,
                                  std::span<const Link> existing) {
    std::set<Key> linked_sales, linked_purchases;
    for (const auto& link : existing) {
        linked_sales.insert({link.sale_system, link.sale_reference});
        linked_purchases.insert({link.purchase_system, link.purchase_reference});
    }
    auto free_sales = unlinked(sales, linked_sales);
    auto free_purchases = unlinked(purchases, linked_purchases);
    std::erase_if(free_sales, [](const Sale* sale) { return !wants_purchase(*sale); });

    auto links = by_tracking(free_sales, free_purchases);
    std::set<Key> done_sales, done_purchases;
    for (const auto& link : links)
        done_sales.insert(sale_key(link)), done_purchases.insert(purchase_key(link));
    std::erase_if(free_sales, [&](const Sale* sale) {
        return done_sales.contains({sale->system, sale->reference});
    });
    std::erase_if(free_purchases, [&](const Purchase* one) {
        return done_purchases.contains({one->system, one->reference});
    });

    auto guesses = all_guesses(free_sales, free_purchases);
    drop_doubtful(guesses);
    std::ranges::move(guesses, std::back_inserter(links));
    return links;
}

}  // namespace holdfast::desk
