// A filing budget: how many claims an account may file without standing out, which of the open ones
// to file now, which later, and what the cap costs.
//
// The cap is a share of the account's orders of the last days; a claim counts against it for as
// many days. A claim frees its place again after that, so some may wait, as long as their windows
// allow it. Of all plans that keep the cap, this one loses the least money. It takes the number of
// orders to stay as it is.
#pragma once

#include "base/currency.h"
#include "base/instant.h"
#include "base/money.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace holdfast::desk {

struct FilingRule {
    std::int32_t cap_basis_points = 0;  // claims of orders, 0 to 10,000
    std::int32_t days = 90;             // 1 or more
    bool operator==(const FilingRule&) const = default;
};

struct AccountUse {
    std::string system;          // an account of one platform means nothing on another
    std::string account;         // "" where no source names it
    std::uint64_t orders = 0;    // of the last days
    std::vector<Instant> filed;  // claims of the last days, in any order
};

// A claim that is open now.
struct FilingWish {
    std::string system, reference;
    std::optional<Money> worth;  // in the plan's currency; absent goes after all that have a sum
    std::optional<Money> stake = {};   // as the order has it; without worth: no rate is known
    std::optional<Instant> closes_at;  // absent: never
};

struct Filing {
    FilingWish wish;
    std::optional<Instant> at;  // now or later; absent: the cap has no place for it
};

struct FilingPlan {
    std::string system, account;
    std::uint64_t orders = 0, filed = 0, allowed = 0;
    std::vector<Filing> filings;  // by when; then what is left out, the largest first
    Money lost;                   // what the cap costs: the worth of all that is left out
    std::uint64_t lost_without_sum = 0;
    std::set<Currency> without_rate = {};  // of claims that no rate compares with the others
};

FilingPlan plan_filings(const AccountUse& use, std::span<const FilingWish> wishes,
                        const FilingRule& rule, Currency currency, Instant now);

}  // namespace holdfast::desk
