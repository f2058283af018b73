// Does a store still say one thing? Everything derived is made anew from the events and compared.
#pragma once

#include "store/store.h"

#include <cstdint>
#include <optional>
#include <string>

namespace holdfast::engine {

struct AuditCounts {
    std::uint64_t orders = 0, parties = 0, events = 0, entries = 0, on_its_way = 0;
    std::uint64_t texts = 0, texts_erased = 0;  // that orders name
};

// Folds every order and party from its events (each must follow from the one before it) and holds
// the books against it: entries sum to zero and say what the money says, the index knows the
// version, what parties wrote is there or was erased, and what is in transit over all streams is
// what the outbox still has to carry. The first thing that does not fit, in words, or nothing.
std::optional<std::string> find_disagreement(store::Store& store, AuditCounts& counts);

// The store's own damage first (Store::find_damage), since nothing can be said of events that are
// not what was written; then a disagreement.
std::optional<std::string> find_problem(store::Store& store, AuditCounts& counts);

}  // namespace holdfast::engine
