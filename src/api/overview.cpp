// What is under way over all orders: the queue of disputes, and sums for whoever runs the place.
#include "api/json_out.h"
#include "api/service.h"
#include "api/under_way.h"
#include "api/wire_id.h"
#include "ledger/account.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace holdfast::api {
namespace {

namespace json = boost::json;
using std::chrono::days;
using std::chrono::hours;

constexpr std::int64_t trend_days = 14;
constexpr std::array<hours, 3> horizons{hours{24}, hours{72}, hours{168}};

// What ends by itself next, of this dispute if anything does, else of its order.
const order::Due* next_of(const FoundOrder& found, order::DisputeNo no) {
    if (const auto* own = order::next_of(found.ahead, no)) return own;
    return found.ahead.empty() ? nullptr : &found.ahead.front();
}

struct QueueRow {
    Duration left = Duration::max();  // until something happens by itself
    std::size_t order = 0;            // of those that were found
    order::DisputeNo no;
};

json::object queue_view(const FoundOrder& found, order::DisputeNo no, bool livemode) {
    const auto seen = found.seen(order::Party::platform, livemode);
    const auto& state = found.live.state;
    auto view = dispute_view(seen, no, Detail::brief);
    view["reference"] = found.live.reference;
    if (!found.live.clock.empty()) view["clock"] = found.live.clock;
    put(view, "at", found.now);
    view["buyer"] = to_string(state.terms_of_sale.buyer);
    view["seller"] = to_string(state.terms_of_sale.seller);
    view["held"] = money_view(state.money.held, state.currency());
    view["waits_for"] = waiting_view(seen, no);
    if (const auto* due = next_of(found, no)) {
        auto next = silence_view(seen, *due).value_or(json::object());
        put(next, "at", due->legal_at);
        view["next"] = std::move(next);
    }
    return view;
}

using Sums = std::map<Currency, order::Minor>;

json::array sums_view(const Sums& sums) {
    json::array all;
    for (const auto& [currency, amount] : sums)
        if (amount != 0) all.push_back(money_view(amount, currency));
    return all;
}

json::object counts_view(const std::map<std::string, std::int64_t>& counts) {
    json::object all;
    for (const auto& [name, count] : counts) all[name] = count;
    return all;
}

struct Soon {
    std::int64_t orders = 0;
    Sums held;
};
struct OnDay {
    std::int64_t placed = 0, opened = 0, closed = 0;
};

class Overview {
public:
    void add(const FoundOrder& found, bool livemode) {
        const auto& state = found.live.state;
        ++orders_[std::string(state_of(state))];
        count_day(found.now, state.placed_at, &OnDay::placed);
        for (std::size_t i = 0; i < state.disputes.size(); ++i)
            add_dispute(found, order::nth<order::DisputeNo>(i), livemode);
        for (const auto& one : state.instructions)
            if (!one.again) ++instructions_[std::string(to_string(one.state))];
        if (found.ahead.empty()) return;
        const auto left = found.ahead.front().legal_at - found.now;
        for (std::size_t i = 0; i < horizons.size(); ++i)
            if (left <= horizons[i]) {
                ++soon_[i].orders;
                soon_[i].held[state.currency()] += state.money.held;
            }
    }

    json::object view() const {
        json::object out;
        out["orders"] = counts_view(orders_);
        out["disputes"] = counts_view(phases_);
        out["waits_for"] = counts_view(waiting_);
        out["instructions"] = counts_view(instructions_);
        json::array due;
        for (std::size_t i = 0; i < horizons.size(); ++i)
            due.push_back({{"within_hours", horizons[i].count()},
                           {"orders", soon_[i].orders},
                           {"held", sums_view(soon_[i].held)}});
        out["due"] = std::move(due);
        json::array trend;
        for (auto ago = trend_days; ago-- > 0;) {
            const auto& day = trend_[static_cast<std::size_t>(ago)];
            trend.push_back({{"days_ago", ago},
                             {"placed", day.placed},
                             {"disputes_opened", day.opened},
                             {"disputes_closed", day.closed}});
        }
        out["trend"] = std::move(trend);
        return out;
    }

private:
    void add_dispute(const FoundOrder& found, order::DisputeNo no, bool livemode) {
        const auto& dispute = found.live.state.dispute(no);
        count_day(found.now, dispute.opened, &OnDay::opened);
        if (dispute.closed) count_day(found.now, *dispute.closed, &OnDay::closed);
        if (dispute.is_closed()) return;
        ++phases_[std::string(to_string(dispute.phase))];
        for (const auto& who : waiting_view(found.seen(order::Party::platform, livemode), no))
            ++waiting_[std::string(who.get_string())];
    }

    void count_day(Instant now, Instant at, std::int64_t OnDay::* what) {
        const auto ago = std::chrono::floor<days>(now - at).count();
        if (ago >= 0 && ago < trend_days) ++(trend_[static_cast<std::size_t>(ago)].*what);
    }

    std::map<std::string, std::int64_t> orders_, phases_, waiting_, instructions_;
    std::array<Soon, horizons.size()> soon_{};
    std::array<OnDay, trend_days> trend_{};
};

}  // namespace

void Service::list_open_disputes(const Shared& call) {
    call->read_query({"limit", "cursor"});
    if (call->has_faults()) return;
    at_work_desk(call, [this](Call& asked) {
        std::vector<FoundOrder> found;  // with an open dispute
        std::vector<QueueRow> rows;
        const auto looked = orders_under_way(reads_);
        for (const auto& stream : looked.orders) {
            auto one = reads_.order(stream.bytes, asked.now());
            if (!one) continue;  // damaged: where it is asked for
            const auto before = rows.size();
            const auto& disputes = one->live.state.disputes;
            for (std::size_t i = 0; i < disputes.size(); ++i) {
                if (disputes[i].is_closed()) continue;
                const auto no = order::nth<order::DisputeNo>(i);
                const auto* due = next_of(*one, no);
                rows.push_back({.left = due ? due->legal_at - one->now : Duration::max(),
                                .order = found.size(),
                                .no = no});
            }
            if (rows.size() > before) found.push_back(*std::move(one));
        }
        std::ranges::stable_sort(rows, {}, &QueueRow::left);
        json::object page;
        page["is_cut"] = looked.are_disputes_cut;
        send_page(
            asked, "/v1/disputes", rows.size(),
            [&](std::size_t i) {
                return queue_view(found[rows[i].order], rows[i].no, options_.livemode);
            },
            std::move(page));
    });
}

void Service::get_overview(const Shared& call) {
    call->read_query({});
    if (call->has_faults()) return;
    at_work_desk(call, [this](Call& asked) {
        Sums held;
        const auto balances = reads_.with(
            [](store::Store& store) { return store.balances_of(store::StreamKind::order); });
        for (const auto& one : balances)
            if (one.account == ledger::to_string(ledger::Account::escrow))
                held[one.amount.currency()] += one.amount.minor();
        Overview overview;
        const auto looked = orders_under_way(reads_);
        for (const auto& stream : looked.orders)
            if (const auto found = reads_.order(stream.bytes, asked.now()))
                overview.add(*found, options_.livemode);
        auto out = overview.view();
        out["object"] = "overview";
        put(out, "at", asked.now());
        out["held"] = sums_view(held);
        out["orders_looked_at"] = looked.orders.size();
        out["is_cut"] = looked.is_cut;
        asked.send(200, out);
    });
}

}  // namespace holdfast::api
