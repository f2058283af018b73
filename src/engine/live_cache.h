// The streams used last, folded; bounded by their number.
#pragma once

#include "engine/live.h"

#include <cstddef>
#include <list>
#include <unordered_map>
#include <utility>

namespace holdfast::engine {

class LiveCache {
public:
    explicit LiveCache(std::size_t most) : most_(most) {}

    Live* find(const store::StreamId& stream) {
        const auto found = by_id_.find(stream);
        if (found == by_id_.end()) return nullptr;
        order_.splice(order_.begin(), order_, found->second);
        return &found->second->second;
    }
    Live& put(const store::StreamId& stream, Live live) {
        forget(stream);
        order_.emplace_front(stream, std::move(live));
        by_id_.emplace(stream, order_.begin());
        return order_.front().second;
    }
    void forget(const store::StreamId& stream) {
        const auto found = by_id_.find(stream);
        if (found == by_id_.end()) return;
        order_.erase(found->second);
        by_id_.erase(found);
    }
    void clear() {
        order_.clear();
        by_id_.clear();
    }
    void trim() {  // what was found stays where it is until now
        while (order_.size() > most_) {
            by_id_.erase(order_.back().first);
            order_.pop_back();
        }
    }
    std::size_t size() const { return order_.size(); }

private:
    using Used = std::list<std::pair<store::StreamId, Live>>;  // the newest first
    std::size_t most_;
    Used order_;
    std::unordered_map<store::StreamId, Used::iterator, store::HashStreamId> by_id_;
};

}  // namespace holdfast::engine
