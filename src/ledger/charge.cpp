#include "ledger/charge.h"

#include "base/verify.h"

namespace holdfast::ledger {
namespace {

using order::Minor;

__extension__ using Wide = __int128;  // 2^53 times 2^53 fits

// `part` of the booked sum in the charge's currency, half to even.
Money at_rate(const Charge& charge, Minor part) {
    const Wide product = Wide{charge.charged.minor()} * part;
    const Wide booked = charge.booked.minor();
    auto minor = static_cast<Minor>(product / booked);
    const Wide rest = product % booked * 2;
    if (rest > booked || (rest == booked && minor % 2 != 0)) ++minor;
    return Money::of_minor(minor, charge.charged.currency());
}

}  // namespace

Money refund_in_charge_currency(const Charge& charge, Minor refunded_before, Minor refund) {
    VERIFY(charge.charged.is_positive() && charge.booked.is_positive());
    VERIFY(refunded_before >= 0 && refund >= 0);
    VERIFY(refunded_before <= charge.booked.minor() &&
           refund <= charge.booked.minor() - refunded_before);
    return at_rate(charge, refunded_before + refund) - at_rate(charge, refunded_before);
}

}  // namespace holdfast::ledger
