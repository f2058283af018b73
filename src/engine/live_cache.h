// What was made of the streams used last; bounded by their number.
#pragma once

#include "engine/live.h"

#include <cstddef>
#include <list>
#include <unordered_map>
#include <utility>

namespace holdfast::engine {

template <class Made>
class StreamCache {
public:
    explicit StreamCache(std::size_t most) : most_(most) {}

    Made* find(const store::StreamId& stream) {
        const auto found = by_id_.find(stream);
        if (found == by_id_.end()) return nullptr;
        order_.splice(order_.begin(), order_, found->second);
        return &found->second->second;
    }
    Made& put(const store::StreamId& stream, Made made) {
        forget(stream);
        order_.emplace_front(stream, std::move(made));
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
    using Used = std::list<std::pair<store::StreamId, Made>>;  // the newest first
    std::size_t most_;
    Used order_;
    std::unordered_map<store::StreamId, typename Used::iterator, store::HashStreamId> by_id_;
};
using LiveCache = StreamCache<Live>;

}  // namespace holdfast::engine
