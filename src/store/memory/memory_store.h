// Streams in plain maps: for tests, what-if questions and the demo. Nothing outlives the object.
#pragma once

#include "store/person.h"
#include "store/store.h"

#include <memory>

namespace holdfast::store {

std::unique_ptr<Store> make_memory_store(Random random = fill_from_system);

}  // namespace holdfast::store
