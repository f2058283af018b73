// Our outgoing money against a processor's list, after a restore and whenever somebody wants to
// know.
//
// What was told to leave is taken from the streams themselves: an outbox forgets what is done, and
// a restored one never heard of what came after its backup.
#pragma once

#include "engine/courier.h"
#include "store/store.h"

#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <vector>

namespace holdfast::engine {

struct OurPayment {
    Outgoing outgoing;
    Fate fate = Fate::under_way;  // succeeded, failed, or under_way: open here
    std::uint64_t row = 0;        // of the outbox; 0: none
};

// Every instruction of every order and every payout of every party, in order of key. A stream that
// cannot be read is an error that names it.
[[nodiscard]] std::expected<std::vector<OurPayment>, std::string> payments_of(store::Store& store);

// One line a difference, in order of key; none: every unit is explained. Ours that is open and not
// in the list is no difference, it was not heard of yet; nor is an authorisation given up, which
// moves nothing.
std::vector<std::string> find_differences(std::span<const OurPayment> ours,
                                          std::span<const Listed> theirs);

}  // namespace holdfast::engine
