#include "engine/plain_words.h"

#include "base/money.h"
#include "base/word.h"

namespace holdfast::engine {

using order::Party;

std::string clock_of(Instant at) {
    const auto text = holdfast::to_string(at);
    return text.substr(0, 10) + " " + text.substr(11, 5) + " UTC";
}

std::string_view side(Party party) {
    switch (party) {
    case Party::buyer:    return "buyer";
    case Party::seller:   return "seller";
    case Party::platform: return "marketplace";
    case Party::either:   break;
    }
    return "other side";
}

std::string sum_of(order::Minor amount, Currency currency) {
    return holdfast::to_string(Money::of_minor(amount, currency));
}

std::string settlement_of(const order::Settlement& settlement, Currency currency) {
    if (!settlement.remedy) return "nothing is owed";
    const auto remedy = spaced(terms::to_string(*settlement.remedy));
    return settlement.amount == 0 ? remedy : remedy + ", " + sum_of(settlement.amount, currency);
}

std::string plan_of(const order::Plan& plan, Currency currency) {
    const auto then = settlement_of(plan.then, currency);
    if (!plan.arrives_by) return then;
    return then + " if the goods arrive by " + clock_of(*plan.arrives_by) + ", else " +
           settlement_of(plan.otherwise, currency);
}

std::string verdict_of(const order::Verdict& verdict, Currency currency) {
    const auto whom = verdict.winner == Party::either
                          ? std::string("for both sides in part")
                          : "for the " + std::string(side(verdict.winner));
    return "The marketplace decided the dispute " + whom + ": " +
           settlement_of(verdict.settlement, currency) + ".";
}

}  // namespace holdfast::engine
