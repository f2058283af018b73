#include "engine/merkle.h"

#include <doctest/doctest.h>

#include <string>

namespace holdfast::engine_test {
namespace {

using namespace engine;

std::vector<Hash> leaves(std::size_t count) {
    std::vector<Hash> all;
    for (std::size_t i = 0; i < count; ++i) all.push_back(leaf_hash(std::to_string(i)));
    return all;
}

}  // namespace

TEST_CASE("every leaf's path leads to the root, and is no longer than it must be") {
    for (std::size_t count = 1; count <= 33; ++count) {
        const auto all = leaves(count);
        const auto root = root_of(all);
        std::size_t most = 0;
        while ((std::size_t{1} << most) < count) ++most;
        for (std::size_t i = 0; i < count; ++i) {
            const auto path = path_of(all, i);
            CHECK(root_by(all[i], path, count) == root);
            CHECK(path.size() <= most);
        }
    }
}

TEST_CASE("another leaf, another path and another count lead elsewhere") {
    const auto all = leaves(7);
    const auto root = root_of(all);
    const auto path = path_of(all, 4);
    CHECK(root_by(all[5], path, 7) != root);
    CHECK(root_by(all[4], path_of(all, 3), 7) != root);
    CHECK(root_by(all[4], path, 8) != root);
    for (std::size_t i = 0; i < path.size(); ++i) {
        auto turned = path;
        turned[i].is_left = !turned[i].is_left;
        CHECK(root_by(all[4], turned, 7) != root);
        auto longer = path;
        longer.insert(longer.begin() + static_cast<std::ptrdiff_t>(i), path[i]);
        CHECK(root_by(all[4], longer, 7) != root);
    }
}

TEST_CASE("a root says in eight bytes of how many leaves it is") {
    const auto leaf = leaf_hash("a");
    std::string bytes("\2\0\0\0\0\0\0\0\1", 9);
    bytes.append(reinterpret_cast<const char*>(leaf.data()), leaf.size());
    CHECK(root_of(std::vector{leaf}) == hash_of(bytes));
    bytes.replace(1, 8, "\1\2\3\4\5\6\7\10");
    CHECK(root_by(leaf, {}, 0x0102030405060708) == hash_of(bytes));
}

TEST_CASE("roots of different lists differ") {
    auto swapped = leaves(4);
    std::swap(swapped[1], swapped[2]);
    CHECK(root_of(swapped) != root_of(leaves(4)));
    CHECK(root_of(leaves(0)) != root_of(leaves(1)));
    // A pair is no leaf: what stands for two cannot be passed off as one.
    const auto two = leaves(2);
    CHECK(root_of(two) != root_of(std::vector{root_by(two[0], {{.hash = two[1]}}, 2)}));
    CHECK(root_of(leaves(3)) != root_of(leaves(4)));
}

}  // namespace holdfast::engine_test
