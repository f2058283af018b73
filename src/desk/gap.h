// The gap between two promises: what a customer may still ask of the store when nothing can be
// asked of the supplier any more.
//
// A row is a purchase of a sale and one kind of complaint: goods that did not come, or goods that
// came and are not as described. The supplier's cover ends where its claim window closes, by its
// terms; what the customer is due after that comes from law and from the store's own promise
// (desk/due.h). What is uncovered is what the purchase could have brought back.
#pragma once

#include "base/currency.h"
#include "base/instant.h"
#include "base/money.h"
#include "desk/audit.h"
#include "desk/complaint.h"
#include "desk/due.h"
#include "desk/sale.h"
#include "terms/terms.h"
#include "terms/vocabulary.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace holdfast::desk {

struct GapRow {
    std::string sale_system, sale_reference, system, reference, seller;
    terms::Reason reason = terms::Reason::not_received;  // or not_as_described
    Instant cover_ends;
    bool is_over = false;    // the cover, by now
    bool estimated = false;  // it rests on a date that no source stated
    // The customer's right: its exact end, whatever `now` is. Absent: for longer than two years
    // after the cover.
    std::optional<Instant> due_until;
    std::string basis;               // a sentence: why the customer is due something then
    std::optional<Money> uncovered;  // absent: no source names a sum
    bool operator==(const GapRow&) const = default;
};

// What would close the gap: a store that promises delivery within `delivery_days` of payment, and
// takes complaints within `complaint_days` of delivery, leaves itself three days to claim in nine
// of ten cases. Law may give the customer more than any store's terms.
struct GapSupplier {
    std::string system, seller;
    std::map<Currency, AuditSum> over, coming;  // by whether the cover has ended
    std::uint64_t without_sum = 0;
    std::optional<std::int32_t> delivery_days = {}, complaint_days = {};
    std::uint64_t sample = 0;  // purchases behind them
    bool operator==(const GapSupplier&) const = default;
};

class TwoPromiseGap {
public:
    TwoPromiseGap(StorePromise promise, DeskOptions options, Instant now)
        : promise_(promise), options_(std::move(options)), now_(now) {}

    // `law` may be nothing; a purchase without terms is passed over.
    void add(const Sale& sale, const PurchaseSide& side, const std::string& seller,
             const terms::Terms* law);

    // What is over first, then by the end of the cover.
    std::vector<GapRow> rows() const;
    // The largest sums first; of one currency each.
    std::vector<GapSupplier> suppliers() const;

private:
    struct Days {
        std::vector<std::int32_t> to_claim, to_complain;
    };
    using Supplier = std::pair<std::string, std::string>;

    StorePromise promise_;
    DeskOptions options_;
    Instant now_;
    std::vector<GapRow> rows_;
    std::map<Supplier, Days> days_;
};

}  // namespace holdfast::desk
