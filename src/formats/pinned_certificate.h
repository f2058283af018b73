// A certificate that we hold, and whether a text was signed by its key: RSA over SHA-256.
//
// Nothing is asked of the network: who put the certificate here vouches for it. Only its own term
// is looked at.
#pragma once

#include "base/instant.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace holdfast::formats {

bool is_certificate(std::string_view pem);  // of an RSA key

// False as well where the certificate cannot be read, or is not in force at `now`.
bool is_signed_by(std::string_view pem, std::string_view text,
                  std::span<const std::uint8_t> signature, Instant now);

}  // namespace holdfast::formats
