#include "formats/pinned_certificate.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <chrono>
#include <ctime>
#include <memory>

namespace holdfast::formats {
namespace {

struct Free {
    void operator()(BIO* bio) const { BIO_free(bio); }
    void operator()(X509* certificate) const { X509_free(certificate); }
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

Owned<X509> load(std::string_view pem) {
    const Owned<BIO> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    if (!bio) return nullptr;
    return Owned<X509>(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
}

bool is_rsa(const X509& certificate) {
    const auto* const key = X509_get0_pubkey(&certificate);
    return key && EVP_PKEY_base_id(key) == EVP_PKEY_RSA;
}

bool is_in_force(const X509& certificate, Instant now) {
    auto at = static_cast<std::time_t>(
        std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count());
    return X509_cmp_time(X509_get0_notBefore(&certificate), &at) < 0 &&
           X509_cmp_time(X509_get0_notAfter(&certificate), &at) > 0;
}

}  // namespace

bool is_certificate(std::string_view pem) {
    const auto certificate = load(pem);
    return certificate && is_rsa(*certificate);
}

bool is_signed_by(std::string_view pem, std::string_view text,
                  std::span<const std::uint8_t> signature, Instant now) {
    const auto certificate = load(pem);
    if (!certificate || !is_rsa(*certificate) || !is_in_force(*certificate, now)) return false;
    const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
    return context &&
           EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr,
                                X509_get0_pubkey(certificate.get())) == 1 &&
           EVP_DigestVerify(context.get(), signature.data(), signature.size(),
                            reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1;
}

}  // namespace holdfast::formats
