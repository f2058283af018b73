// Where the streams used last stand, so that a change need not look for them.
//
// Two halves: what is used goes to the young one, and when that is full the old one is dropped and
// takes its place. So at least half of `most` of the streams used last are there.
#pragma once

#include "store/chain.h"
#include "store/store.h"

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <utility>

namespace holdfast::store::sqlite {

struct StreamRow {
    std::int64_t n = 0;
    StreamKind kind = StreamKind::system;
    Head head = {};
};

class HeadCache {
public:
    explicit HeadCache(std::size_t most) : half_(most / 2) {}

    const StreamRow* find(const StreamId& id) {
        if (const auto found = young_.find(id); found != young_.end()) return &found->second;
        const auto found = old_.find(id);
        if (found == old_.end()) return nullptr;
        return &put(id, StreamRow(found->second));  // a copy: making room may drop the old half
    }
    const StreamRow& put(const StreamId& id, const StreamRow& row) {
        if (young_.size() >= half_) {
            old_ = std::move(young_);
            young_.clear();
        }
        return young_.insert_or_assign(id, row).first->second;
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
