#include "engine/merkle.h"

#include "base/verify.h"

#include <string>

namespace holdfast::engine {
namespace {

std::string_view text_of(const Hash& hash) {
    return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

Hash pair_hash(const Hash& left, const Hash& right) {
    std::string bytes(1, '\1');
    bytes += text_of(left);
    bytes += text_of(right);
    return hash_of(bytes);
}

Hash root_hash(const Hash& top, std::uint64_t count) {
    std::string bytes(1, '\2');
    for (int shift = 56; shift >= 0; shift -= 8)
        bytes += static_cast<char>(static_cast<std::uint8_t>(count >> shift));
    bytes += text_of(top);
    return hash_of(bytes);
}

std::vector<Hash> level_above(std::span<const Hash> level) {
    std::vector<Hash> above;
    above.reserve((level.size() + 1) / 2);
    for (std::size_t i = 0; i + 1 < level.size(); i += 2)
        above.push_back(pair_hash(level[i], level[i + 1]));
    if (level.size() % 2 == 1) above.push_back(level.back());
    return above;
}

}  // namespace

Hash leaf_hash(std::string_view bytes) {
    std::string whole(1, '\0');
    whole += bytes;
    return hash_of(whole);
}

Hash root_of(std::span<const Hash> leaves) {
    if (leaves.empty()) return root_hash({}, 0);
    std::vector<Hash> level(leaves.begin(), leaves.end());
    while (level.size() > 1) level = level_above(level);
    return root_hash(level.front(), leaves.size());
}

Path path_of(std::span<const Hash> leaves, std::size_t index) {
    VERIFY(index < leaves.size());
    Path path;
    std::vector<Hash> level(leaves.begin(), leaves.end());
    for (; level.size() > 1; level = level_above(level), index /= 2) {
        const std::size_t beside = index ^ 1U;
        if (beside < level.size())
            path.push_back({.is_left = beside < index, .hash = level[beside]});
    }
    return path;
}

Hash root_by(const Hash& leaf, const Path& path, std::uint64_t count) {
    Hash top = leaf;
    for (const auto& [is_left, hash] : path)
        top = is_left ? pair_hash(hash, top) : pair_hash(top, hash);
    return root_hash(top, count);
}

}  // namespace holdfast::engine
