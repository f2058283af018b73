// What the operator of the desk chose, and what stands in for facts that no file has.
#pragma once

#include "base/currency.h"
#include "base/instant.h"

#include <cstdint>
#include <map>
#include <string>

namespace holdfast::desk {

struct DeskOptions {
    std::int32_t processing_days_default = 3;         // from payment to shipping
    std::int32_t delivery_days_default = 60;          // promised days
    std::map<std::string, std::int32_t> method_days;  // shipping method -> promised days
    Duration closing_soon = std::chrono::days{3};
    Duration extension_before = std::chrono::days{7};
    Duration stale_after = std::chrono::days{3};  // data older than this is read again first
    Currency currency = Currency::usd;            // for ranking over several currencies
};

}  // namespace holdfast::desk
