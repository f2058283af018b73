// Sums as Stripe writes them: whole numbers of its own smallest unit, which is not always ISO's.
//
// By Stripe's page on currencies (docs.stripe.com/currencies): some have no decimals there; of the
// five with three decimals the last digit has to be 0; ISK and UGX have lost their decimals and are
// written with two zeros all the same. Every other currency has two.
#pragma once

#include "base/money.h"

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace holdfast::formats {

// Says why not, where Stripe has no such sum: it is never rounded.
[[nodiscard]] std::expected<std::int64_t, std::string> to_stripe_amount(Money money);
std::string to_stripe_currency(Currency currency);  // "eur"

std::optional<Money> parse_stripe_money(std::int64_t amount, std::string_view currency);

}  // namespace holdfast::formats
