// Passwords: Argon2id by libsodium (RFC 9106), worked out by one thread of its own, since each
// takes 64 MiB and about a tenth of a second of a processor.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace holdfast::api {

// OWASP ASVS 5.0, 6.2: no rules of composition, long ones are taken as they are.
inline constexpr std::size_t password_least = 12, password_most = 1024;  // bytes

// With a salt of its own. Throws std::bad_alloc where there is no memory for it.
std::string hash_password(std::string_view password);
bool is_password(std::string_view password, const std::string& hash);
// Of nobody's password, so that a name that is not known takes as long as one that is.
const std::string& nobodys_password();

}  // namespace holdfast::api
