#include "api/under_way.h"

#include "engine/live.h"

#include <unordered_set>

namespace holdfast::api {

UnderWay orders_under_way(Reads& reads) {
    constexpr std::size_t looked_at_most = 1'000, disputes_most = 10'000;
    return reads.with([](store::Store& store) {
        UnderWay all;
        std::unordered_set<store::StreamId, store::HashStreamId> seen;
        const auto add = [&](const store::StreamId& stream) {
            if (seen.insert(stream).second) all.orders.push_back(stream);
        };
        const auto disputes =
            store.newest_with(engine::open_dispute_term, UINT64_MAX, disputes_most);
        for (const auto& row : disputes) add(row.stream);
        all.are_disputes_cut = disputes.size() == disputes_most;
        const auto due = store.due(Instant::max(), looked_at_most);
        for (const auto& row : due)
            if (row.kind == store::StreamKind::order) add(row.stream);
        const auto newest = store.newest(store::StreamKind::order, UINT64_MAX, looked_at_most);
        for (const auto& row : newest) add(row.stream);
        all.is_cut = due.size() == looked_at_most || newest.size() == looked_at_most;
        return all;
    });
}

}  // namespace holdfast::api
