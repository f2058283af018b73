#include "api/passwords.h"

#include "base/verify.h"

#include <sodium.h>

#include <array>
#include <new>

namespace holdfast::api {

std::string hash_password(std::string_view password) {
    VERIFY(sodium_init() >= 0);
    std::array<char, crypto_pwhash_STRBYTES> text{};
    if (crypto_pwhash_str_alg(
            text.data(), password.data(), password.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
            crypto_pwhash_MEMLIMIT_INTERACTIVE, crypto_pwhash_ALG_ARGON2ID13) != 0)
        throw std::bad_alloc();
    return text.data();
}

bool is_password(std::string_view password, const std::string& hash) {
    VERIFY(sodium_init() >= 0);
    return hash.size() < crypto_pwhash_STRBYTES &&
           crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

const std::string& nobodys_password() {
    static const auto hash = hash_password("nobody signs in with this");
    return hash;
}

}  // namespace holdfast::api
