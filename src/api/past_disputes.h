// Disputes that are over, as far as others are compared with them: what following the feed of
// events brought, the newest of them. Used by one thread.
#pragma once

#include "api/reads.h"
#include "order/precedent.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace holdfast::api {

class PastDisputes {
public:
    static constexpr std::size_t kept_most = 10'000;
    static constexpr std::uint64_t events_most = 400'000;  // that are looked through, the newest

    explicit PastDisputes(Reads& reads) : reads_(reads) {}

    // Brings in what has ended since. Throws StoreDown where nothing can be read.
    void follow(Instant now);

    struct Place {
        store::StreamId order;
        order::DisputeNo no;
        bool operator==(const Place&) const = default;
    };
    // At one index, of one dispute; in the order in which they ended.
    const std::vector<Place>& places() const { return places_; }
    const std::vector<order::Precedent>& precedents() const { return precedents_; }
    bool is_cut() const { return is_cut_; }  // there were older ones

private:
    Reads& reads_;
    std::uint64_t position_ = 0;  // of the last event that was looked at
    std::vector<Place> places_;
    std::vector<order::Precedent> precedents_;
    bool is_cut_ = false;
};

}  // namespace holdfast::api
