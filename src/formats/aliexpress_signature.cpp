#include "formats/aliexpress_signature.h"

#include "base/hash.h"
#include "base/mac.h"
#include "base/verify.h"

#include <openssl/evp.h>

#include <array>
#include <span>

namespace holdfast::formats {
namespace {

std::string upper_hex(std::span<const std::uint8_t> bytes) {
    auto hex = to_hex(bytes);
    for (auto& c : hex)
        if (c >= 'a' && c <= 'f') c = static_cast<char>(c - 'a' + 'A');
    return hex;
}

std::string md5_of(std::string_view text) {
    std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    VERIFY(EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_md5(), nullptr) == 1);
    return upper_hex({digest.data(), size});
}

}  // namespace

std::string aliexpress_signed_text(const std::map<std::string, std::string>& parameters,
                                   std::string_view api_path) {
    std::string text(api_path);
    for (const auto& [name, value] : parameters)
        if (name != "sign") text += name + value;
    return text;
}

std::string sign_aliexpress(const std::map<std::string, std::string>& parameters,
                            std::string_view secret, AliExpressSigning how,
                            std::string_view api_path) {
    switch (how) {
    case AliExpressSigning::md5: {
        const std::string wrap(secret);
        return md5_of(wrap + aliexpress_signed_text(parameters) + wrap);
    }
    case AliExpressSigning::sha256:
        return upper_hex(mac_of(secret, {aliexpress_signed_text(parameters, api_path)}));
    }
    verify_failed("a way to sign", __FILE__, __LINE__);
}

}  // namespace holdfast::formats
