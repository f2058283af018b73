// How a call to AliExpress is signed: all its parameters but `sign`, in the order of their names'
// bytes, name and value one after the other, before any URL encoding.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace holdfast::formats {

enum class AliExpressSigning : std::uint8_t {
    md5,     // the secret before and behind the text
    sha256,  // HMAC, the path of the call before the text; no path for business calls (/sync)
};

std::string aliexpress_signed_text(const std::map<std::string, std::string>& parameters,
                                   std::string_view api_path = {});

// Hex, upper case.
std::string sign_aliexpress(const std::map<std::string, std::string>& parameters,
                            std::string_view secret, AliExpressSigning how,
                            std::string_view api_path = {});

}  // namespace holdfast::formats
