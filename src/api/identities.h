// Marks by which the platform knows a party: a mail address, a device, an account that is paid
// out to. Of a mark only its keyed hash is kept, under a key that is made with the first one.
//
// Parties that share a mark are linked. They are shown as such and never taken for one: a shared
// address may be a family, a shared phone a shop.
#pragma once

#include "base/id.h"
#include "base/instant.h"
#include "store/person.h"
#include "store/store.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::api {

enum class IdentityKind : std::uint8_t {
    email,
    phone,
    address,
    device,
    payment_instrument,
    payout_account,
    tax_id,
    other,
    count_
};
std::string_view to_string(IdentityKind value);

struct Identity {
    IdentityKind kind = IdentityKind::other;
    std::string value = {};
};

// What counts as the same: of a mail address and the rest its letters in lower case and single
// spaces, of a telephone its digits.
std::string folded(const Identity& identity);

// The party is known by it, or is not any more. The same again changes nothing. Gives since when it
// is known by it, or when that was taken back; taking back what was never said changes nothing.
Instant tell_identity(store::Store& store, const IdBytes& party, const Identity& identity,
                      bool is_withdrawn, Instant now, const store::Random& random);

struct LinkedParty {
    struct Shared {
        IdentityKind kind = IdentityKind::other;
        Instant since{};  // when the second of the two was told of
        bool operator==(const Shared&) const = default;
    };
    IdBytes party{};
    std::vector<Shared> shared = {};
    bool operator==(const LinkedParty&) const = default;
};

// Those that share a mark with it, in order of id; of a mark that very many share, the first.
std::vector<LinkedParty> linked_parties(store::Store& store, const IdBytes& party);

}  // namespace holdfast::api
