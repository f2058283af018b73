// What the stores share about people: how a mail address becomes the hash that events carry.
#pragma once

#include "store/store.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace holdfast::store {

// Fills the bytes with what nobody can guess; tests put a seeded source in its place.
using Random = std::function<void(std::span<std::uint8_t>)>;
void fill_from_system(std::span<std::uint8_t> bytes);

using PersonKey = std::array<std::uint8_t, 32>;

// The keys of people who are met in one go begin alike, and so do their marks: they lie beside each
// other wherever marks are kept in order. All is chance, and says nothing of who or how many.
class KeyMaker {
public:
    explicit KeyMaker(const Random& random) : random_(random) {}
    PersonKey make();

private:
    static constexpr std::size_t shared = 4;  // bytes
    const Random& random_;
    std::optional<PersonKey> first_;
};

std::string fold_email(std::string_view email);  // ASCII letters to lower case
// 32 hex characters: how the key begins, then the keyed hash.
std::string mark_of(std::string_view folded_email, const PersonKey& key);

// `known` with what `seen` tells: a text that is given replaces, an empty one leaves.
Person completed(const Person& known, const Person& seen);

}  // namespace holdfast::store
