// One hash over many leaves, and the short path that proves one leaf to be among them.
//
// Leaves are paired from the left, and one that is left over goes up as it is. Leaves, pairs and
// the root are hashed in ways that no two of them share, and the root counts the leaves.
#pragma once

#include "base/hash.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace holdfast::engine {

Hash leaf_hash(std::string_view bytes);

// `leaves` are leaf hashes; of none at all there is a root too.
Hash root_of(std::span<const Hash> leaves);

struct PathStep {
    bool is_left = false;  // `hash` stands left of what is proven
    Hash hash{};
    bool operator==(const PathStep&) const = default;
};
using Path = std::vector<PathStep>;

Path path_of(std::span<const Hash> leaves, std::size_t index);
// The root over `count` leaves that `leaf` and its path lead to.
Hash root_by(const Hash& leaf, const Path& path, std::uint64_t count);

}  // namespace holdfast::engine
