// The words by which a person may look for an order, a parcel or a movement of money.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::desk {

// As people type it: order numbers with or without '#', tracking numbers in any case and with
// spaces, mail addresses in any case.
std::string normalise_search(std::string_view text);

// Each word normalised, in order and once; empty ones left out.
std::vector<std::string> search_terms_of(std::span<const std::string> words);

}  // namespace holdfast::desk
