// From a sale and the purchases that serve it to a complaint whose remedies can be worked out: what
// was paid, what came back, whether anything is still under way, where our claims stand.
#pragma once

#include "desk/claim.h"
#include "desk/due.h"
#include "desk/movement.h"
#include "desk/options.h"
#include "desk/parcel.h"
#include "desk/purchase.h"
#include "desk/remedy.h"
#include "desk/sale.h"
#include "terms/terms.h"
#include "terms/vocabulary.h"

#include <expected>
#include <span>
#include <string>
#include <vector>

namespace holdfast::desk {

// A purchase as the desk sees it; borrowed for the time of one call.
struct PurchaseSide {
    const Purchase& purchase;
    std::span<const Parcel> parcels;
    const terms::Terms* terms = nullptr;  // nothing: no edition covers it
    std::size_t sales = 1;                // how many sales it serves
    bool concerned = true;                // the complaint is about it
};

struct ComplaintView {
    Complaint complaint;
    DueQuestion due;                   // without what the store promised
    std::vector<ClaimOutlook> claims;  // one a purchase, in their order
    std::vector<std::string> doubts;
};

// Something of it may still arrive: paid for, neither delivered nor cancelled, and its tracking
// does not say that it will not.
bool is_under_way(const Purchase& purchase, const FactsOfPurchase& facts);

// `movements` of the sale's money: what went back by a processor counts whether or not the store
// has heard of it. The error is a sentence: no source says what the customer paid, or the refund is
// of another currency.
[[nodiscard]] std::expected<ComplaintView, std::string> complaint_of(
    const Sale& sale, std::span<const PurchaseSide> purchases, terms::Reason reason,
    const DeskOptions& options, Instant now, std::span<const Movement> movements = {});

}  // namespace holdfast::desk
