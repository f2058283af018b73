// The lapsed-money audit: over many purchases, what could have been claimed, and what still can.
//
// Items go in one at a time; memory grows with sellers and months, not with purchases. Each
// currency keeps its own sums.
#pragma once

#include "base/currency.h"
#include "base/instant.h"
#include "base/money.h"
#include "desk/purchase.h"
#include "desk/worklist.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace holdfast::desk {

struct AuditSum {
    std::uint64_t count = 0;
    std::int64_t minor = 0;
    bool operator==(const AuditSum&) const = default;
    void add(const Money& money) { ++count, minor += money.minor(); }
};

struct AuditCurrency {
    AuditSum open_now;  // claim_now, closing_soon, late_claim_now, answer_due, return_due
    AuditSum closing_3_days, closing_7_days, closing_30_days;  // each includes the shorter ones
    AuditSum lapsed;                                           // missed
    AuditSum recovered;                                        // all that came, of any purchase
    AuditSum waiting;                                          // also what opens later
    std::map<std::string, AuditSum> lapsed_by_month;   // "2026-08", of the day the window closed
    std::map<std::string, AuditSum> lapsed_by_seller;  // "" where no source names it
    std::map<std::string, AuditSum> open_by_seller;
    bool operator==(const AuditCurrency&) const = default;
};

struct AuditTotals {
    std::map<Currency, AuditCurrency> currencies;
    std::uint64_t purchases = 0;
    std::uint64_t settled = 0;    // none
    std::uint64_t unknown = 0;    // neither phase nor times are known, or no sum
    std::uint64_t estimated = 0;  // whose word rests on an estimate
    DataAge age;
    bool operator==(const AuditTotals&) const = default;
};

class Audit {
public:
    explicit Audit(Instant now) : now_(now) {}
    void add(const WorkItem& item, const Purchase& purchase);
    const AuditTotals& totals() const { return totals_; }

private:
    Instant now_;
    AuditTotals totals_;
};

// The `limit` sellers with the largest sums, largest first.
std::vector<std::pair<std::string, AuditSum>> top_sellers(
    const std::map<std::string, AuditSum>& by_seller, std::size_t limit);

}  // namespace holdfast::desk
