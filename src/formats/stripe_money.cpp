#include "formats/stripe_money.h"

#include <algorithm>
#include <array>

namespace holdfast::formats {
namespace {

struct Decimals {
    std::string_view code;
    int count;
};

constexpr std::array other_than_two{
    Decimals{"BIF", 0}, Decimals{"CLP", 0}, Decimals{"DJF", 0}, Decimals{"GNF", 0},
    Decimals{"JPY", 0}, Decimals{"KMF", 0}, Decimals{"KRW", 0}, Decimals{"MGA", 0},
    Decimals{"PYG", 0}, Decimals{"RWF", 0}, Decimals{"VND", 0}, Decimals{"VUV", 0},
    Decimals{"XAF", 0}, Decimals{"XOF", 0}, Decimals{"XPF", 0}, Decimals{"BHD", 3},
    Decimals{"JOD", 3}, Decimals{"KWD", 3}, Decimals{"OMR", 3}, Decimals{"TND", 3}};
constexpr std::array<std::string_view, 2> written_with_zeros{"ISK", "UGX"};

// None: ISO's are not two, and Stripe says nothing of it.
std::optional<int> decimals_of(Currency currency) {
    const auto code = code_of(currency);
    const auto found = std::ranges::find(other_than_two, code, &Decimals::code);
    if (found != other_than_two.end()) return found->count;
    if (exponent_of(currency) == 2 ||
        std::ranges::find(written_with_zeros, code) != written_with_zeros.end())
        return 2;
    return std::nullopt;
}

std::int64_t power_of_ten(int exponent) {
    std::int64_t power = 1;
    for (int i = 0; i < exponent; ++i) power *= 10;
    return power;
}

}  // namespace

std::expected<std::int64_t, std::string> to_stripe_amount(Money money) {
    const auto currency = money.currency();
    const auto decimals = decimals_of(currency);
    if (!decimals) return std::unexpected("currency_unknown: " + std::string(code_of(currency)));
    const auto more = power_of_ten(std::max(0, *decimals - exponent_of(currency)));
    const auto less = power_of_ten(std::max(0, exponent_of(currency) - *decimals));
    const auto minor = money.minor();
    if (minor <= 0 || minor > Money::max_minor / more || minor % less != 0 ||
        (*decimals == 3 && minor % 10 != 0))
        return std::unexpected("amount_not_possible: " + to_string(money));
    return minor * more / less;
}

std::string to_stripe_currency(Currency currency) {
    std::string code(code_of(currency));
    for (auto& c : code) c = static_cast<char>(c - 'A' + 'a');
    return code;
}

std::optional<Money> parse_stripe_money(std::int64_t amount, std::string_view currency) {
    const auto known = parse_currency(currency);
    if (!known) return std::nullopt;
    const auto decimals = decimals_of(*known);
    if (!decimals) return std::nullopt;
    const auto more = power_of_ten(std::max(0, exponent_of(*known) - *decimals));
    const auto less = power_of_ten(std::max(0, *decimals - exponent_of(*known)));
    if (amount < 0 || amount > Money::max_minor / more || amount % less != 0) return std::nullopt;
    return Money::of_minor(amount * more / less, *known);
}

}  // namespace holdfast::formats
