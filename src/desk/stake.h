// What is at stake on a purchase: its total, less what came back, less the lines that are settled.
#pragma once

#include "base/money.h"
#include "desk/purchase.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace holdfast::desk {

struct Stake {
    std::optional<Money> total;      // of the order; from its lines where no source has it
    std::optional<Money> open;       // the share of the lines that are not settled, less refunds
    std::optional<Money> cancelled;  // the share of lines cancelled beside others, less refunds
    std::optional<Money> cancelled_in_all;     // the same, before any of it came back
    std::vector<std::string> settled_lines;    // titles; the buyer confirmed them one by one
    std::vector<std::string> cancelled_lines;  // titles
    bool guessed_share = false;  // a line without a price: the whole total counts as open
};

Stake stake_of(const Purchase& purchase);

// What a claim can bring: what is open, and no more than the terms award for it. `award`: minor
// units, as terms::ask answers; nothing where no award bounds it.
std::optional<Money> claimable(const Stake& stake, std::optional<std::int64_t> award);

}  // namespace holdfast::desk
