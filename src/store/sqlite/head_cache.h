// Where the streams used last stand, so that a change need not look for them.
//
// Two halves: what is used goes to the young one, and when that is full the old one is dropped and
// takes its place. So at least half of `most` of the streams used last are there.
#pragma once

#include "store/chain.h"
#include "store/store.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace holdfast::store::sqlite {

// Equal keys have equal prints; unequal ones nearly never.
inline std::size_t print_of(std::string_view request_key) {
    return std::hash<std::string_view>{}(request_key);
}

struct StreamRow {
    std::int64_t n = 0;
    StreamKind kind = StreamKind::system;
    Head head = {};
    std::optional<std::vector<std::size_t>> keys = {};  // prints of its requests; none: not known
};

class HeadCache {
public:
    explicit HeadCache(std::size_t most) : half_(most / 2) {}

    // What find() and put() give is good until the next call.
    StreamRow* find(const StreamId& id) {
        if (const auto found = young_.find(id); found != young_.end()) return &found->second;
        const auto found = old_.find(id);
        if (found == old_.end()) return nullptr;
        auto row = std::move(found->second);  // making room may drop the old half
        old_.erase(found);
        return &put(id, std::move(row));
    }
    StreamRow& put(const StreamId& id, StreamRow row) {
        if (young_.size() >= half_) {
            old_ = std::move(young_);
            young_.clear();
        }
        return young_.insert_or_assign(id, std::move(row)).first->second;
    }
    void clear() {
        young_.clear();
        old_.clear();
    }

private:
    using Rows = std::unordered_map<StreamId, StreamRow, HashStreamId>;
    std::size_t half_;
    Rows young_, old_;
};

}  // namespace holdfast::store::sqlite
