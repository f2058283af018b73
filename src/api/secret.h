// Secrets that are shown once and known again by their hash.
#pragma once

#include "store/person.h"

#include <string>
#include <string_view>

namespace holdfast::api {

// `prefix` and 160 random bits in 32 characters.
std::string make_secret(std::string_view prefix, const store::Random& random);

// An id that begins with its time, the rest at random.
IdBytes make_id(Instant now, const store::Random& random);

}  // namespace holdfast::api
