// The rows of `endpoints`: who is told of events.
#pragma once

#include "store/sqlite/connection.h"
#include "store/store.h"

#include <vector>

namespace holdfast::store::sqlite {

std::vector<Endpoint> endpoints(Connection& connection);
void put_endpoint(Connection& connection, const Endpoint& endpoint);
bool remove_endpoint(Connection& connection, const IdBytes& id);
// Its position forward; false: there is none, or it stands elsewhere.
bool move_endpoint(Connection& connection, const FanOut& fan_out);

}  // namespace holdfast::store::sqlite
