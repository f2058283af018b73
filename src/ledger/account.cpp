#include "ledger/account.h"

#include "base/verify.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace holdfast::ledger {

std::string_view to_string(Account value) {
    static constexpr std::array<std::string_view, account_count> words = {
        "escrow",  "buyer",   "seller", "fee",    "processor", "guarantee", "transit",
        "payable", "reserve", "debt",   "payout", "deposit",   "fines",     "bank"};
    VERIFY(value < Account::count_);
    return words[static_cast<std::size_t>(value)];
}

bool is_zero_sum(const Postings& postings) {
    return std::ranges::all_of(postings, [&](const Posting& one) {
        auto sum = Money::zero(one.amount.currency());
        for (const auto& other : postings)
            if (other.amount.currency() == sum.currency()) sum = sum + other.amount;
        return sum.is_zero();
    });
}

Transaction& Transaction::add(Account account, Minor amount) {
    if (amount != 0) postings_.push_back({account, Money::of_minor(amount, currency_)});
    return *this;
}

Postings Transaction::take() {
    VERIFY(is_zero_sum(postings_));
    return std::move(postings_);
}

Minor Balances::sum() const { return std::accumulate(minor_.begin(), minor_.end(), Minor{0}); }

void Balances::post(const Posting& posting) {
    auto& minor = minor_[static_cast<std::size_t>(posting.account)];
    minor = (Money::of_minor(minor, currency_) + posting.amount).minor();
}

void Balances::post(const Postings& postings) {
    for (const auto& posting : postings)
        if (posting.amount.currency() == currency_) post(posting);
}

}  // namespace holdfast::ledger
