#include "http/request_counters.h"

#include <algorithm>

namespace holdfast::http {

void RequestCounters::served(const ServedRequest& request) {
    const auto bound = std::ranges::lower_bound(bounds, request.duration);
    const auto place = static_cast<std::size_t>(bound - bounds.begin());
    Key key{.route = std::string(request.route),
            .method = std::string(request.method),
            .status = request.status};

    const std::lock_guard lock(mutex_);
    auto& durations = counts_.durations[key.route];
    ++durations.counts[place];
    durations.sum += request.duration;
    ++counts_.requests[std::move(key)];
}

RequestCounters::Snapshot RequestCounters::snapshot() const {
    const std::lock_guard lock(mutex_);
    return counts_;
}

}  // namespace holdfast::http
