// What the stores share about people: how a mail address becomes the hash that events carry.
#pragma once

#include "store/store.h"

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace holdfast::store {

// Fills the bytes with what nobody can guess; tests put a seeded source in its place.
using Random = std::function<void(std::span<std::uint8_t>)>;
void fill_from_system(std::span<std::uint8_t> bytes);

using PersonKey = std::array<std::uint8_t, 32>;

std::string fold_email(std::string_view email);  // ASCII letters to lower case
std::string mark_of(std::string_view folded_email, const PersonKey& key);  // 32 hex characters

// `known` with what `seen` tells: a text that is given replaces, an empty one leaves.
Person completed(const Person& known, const Person& seen);

}  // namespace holdfast::store
