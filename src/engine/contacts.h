// Where a party is reached: a mail address and a name among the people outside the streams, of
// which the party's stream carries the mark alone.
#pragma once

#include "engine/work.h"
#include "engine/writer.h"
#include "ledger/party.h"
#include "store/store.h"

#include <optional>
#include <string>
#include <string_view>

namespace holdfast::engine {

struct Reached {
    store::Person person;
    ledger::Contact contact;
};
// None: nobody said, or the person was erased.
std::optional<Reached> find_contact(store::Store& store, order::PartyId party);

// Who is told from now on; `person` has a mail address. The one before is forgotten where no other
// party and no sale knows them.
Answer set_contact(store::Store& store, Writer& writer, order::PartyId party,
                   const store::Person& person, const Word& language, Instant now,
                   const std::string& cause);

// The party has no contact any more, and the person is forgotten as above. A party that has none is
// left as it is.
Answer erase_contact(store::Store& store, Writer& writer, order::PartyId party, Instant now,
                     const std::string& cause);

// "b***@h***.example": enough to know one's own by.
std::string masked(std::string_view email);

}  // namespace holdfast::engine
