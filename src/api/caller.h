// Who asks: a secret key, somebody who is signed in, or whoever holds a link.
//
// A key stands for the platform. People have roles, and those who are a party see and touch what is
// theirs alone; so does the holder of a link, which opens one order to one party of it.
#pragma once

#include "api/keys.h"
#include "api/operation.h"
#include "base/id.h"
#include "order/command.h"

#include <optional>
#include <string>

namespace holdfast::api {

struct Caller {
    std::string name;                          // of the cause: "key_01…", "usr_01…", "link_buyer"
    std::optional<Key> key = {};               // its scopes say what it may do
    Roles roles = 0;                           // of the others
    std::optional<order::Party> acts_as = {};  // for this party alone; none: whom it names
    std::optional<IdBytes> party = {};         // whose orders and books it sees; none: all
    std::optional<IdBytes> order = {};         // the only one that it sees
    IdBytes user{};                            // who is signed in

    bool may(const Access& access) const {
        return key ? key->may(access.scope) : (roles & access.roles) != 0;
    }
    // What it is told apart by where it is counted how often it asks.
    std::string limited_as() const { return order ? name + to_base32(*order) : name; }
    bool is_person() const { return user != IdBytes{}; }
    bool sees_all() const { return !party && !order; }
};

// For whom a view is drawn that does not say.
inline order::Party usual_reader(const Caller& caller) {
    return caller.sees_all() ? order::Party::platform : *caller.acts_as;
}

}  // namespace holdfast::api
