// A payment processor's own list of what it was told to pay: key, amount, currency, state.
//
// As CSV with these columns (amounts as decimals, "12.50") or as JSON, a list of objects with these
// members (amounts in minor units). Money is at stake: a list that is not understood to the last
// row is refused whole.
#pragma once

#include "base/money.h"
#include "formats/reader.h"

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::formats {

enum class ListedState : std::uint8_t { succeeded, failed, pending };

struct ListedPayment {
    std::string key;
    Money amount;
    ListedState state = ListedState::succeeded;
    bool operator==(const ListedPayment&) const = default;
};

[[nodiscard]] std::expected<std::vector<ListedPayment>, FileError> parse_processor_list(
    std::string_view text);

}  // namespace holdfast::formats
