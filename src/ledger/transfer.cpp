#include "ledger/transfer.h"

#include "base/verify.h"

#include <array>
#include <map>
#include <utility>

namespace holdfast::ledger {

std::string_view to_string(TransferCause value) {
    static constexpr std::array<std::string_view, static_cast<std::size_t>(TransferCause::count_)>
        words = {"release", "refund", "compensation", "chargeback", "write_off"};
    VERIFY(value < TransferCause::count_);
    return words[static_cast<std::size_t>(value)];
}

std::vector<Net> net_of(std::span<const Transfer> transfers) {
    std::map<std::pair<order::PartyId, Currency>, Net> nets;
    for (const auto& transfer : transfers) {
        auto& net = nets[{transfer.to, transfer.currency}];
        net.party = transfer.to;
        net.currency = transfer.currency;
        (transfer.amount > 0 ? net.in : net.out) +=
            transfer.amount > 0 ? transfer.amount : -transfer.amount;
    }
    std::vector<Net> all;
    all.reserve(nets.size());
    for (const auto& [key, net] : nets) all.push_back(net);
    return all;
}

}  // namespace holdfast::ledger
