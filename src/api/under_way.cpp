#include "api/under_way.h"

#include <unordered_set>

namespace holdfast::api {

UnderWay orders_under_way(Reads& reads) {
    constexpr std::size_t looked_at_most = 1'000;
    return reads.with([](store::Store& store) {
        UnderWay all;
        std::unordered_set<store::StreamId, store::HashStreamId> seen;
        const auto add = [&](const store::StreamId& stream) {
            if (seen.insert(stream).second) all.orders.push_back(stream);
        };
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
