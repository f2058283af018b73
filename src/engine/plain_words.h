// Words of the core as people read them in mails and letters. In English.
#pragma once

#include "order/order.h"

#include <string>
#include <string_view>

namespace holdfast::engine {

std::string clock_of(Instant at);           // "2026-04-07 08:30 UTC"
std::string_view side(order::Party party);  // "marketplace"
std::string sum_of(order::Minor amount, Currency currency);
// "partial refund keep, 15.00 EUR"; without a remedy "nothing is owed"
std::string settlement_of(const order::Settlement& settlement, Currency currency);
// The same; with a day of arrival "… if the goods arrive by 2026-04-07 08:30 UTC, else …"
std::string plan_of(const order::Plan& plan, Currency currency);
// "The marketplace decided the dispute for the buyer: partial refund keep, 15.00 EUR."
std::string verdict_of(const order::Verdict& verdict, Currency currency);

}  // namespace holdfast::engine
