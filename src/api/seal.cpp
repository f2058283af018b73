#include "api/seal.h"

#include "base/verify.h"

#include <sodium.h>

#include <algorithm>

namespace holdfast::api {
namespace {

struct KeyText {
    Hash key{};
    template <class F>
    void fields(F&& f) const {
        f("key", key);
    }
};

constexpr int base64 = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
constexpr std::size_t text_most = 4'096;
constexpr std::size_t signature_bytes = std::tuple_size_v<Hash>;

}  // namespace

void Seal::read(const SettingStream& stream, const store::Event& event) {
    if (event.kind == kind_) key_ = stream.text_of<KeyText>(event).key;
}

void Seal::make(SettingStream& stream, store::Store& store, Instant now,
                const store::Random& random) {
    KeyText text;
    random(text.key);
    stream.append(store, kind_, text, now);
    key_ = text.key;
}

Hash Seal::signature_of(std::span<const std::uint8_t> said) const {
    VERIFY(key_.has_value());
    return keyed_hash({reinterpret_cast<const char*>(said.data()), said.size()}, *key_);
}

std::string Seal::close(std::span<const std::uint8_t> said) const {
    Bytes bytes(said.begin(), said.end());
    const auto signature = signature_of(said);
    bytes.insert(bytes.end(), signature.begin(), signature.end());
    std::string text(sodium_base64_encoded_len(bytes.size(), base64), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), base64);
    text.pop_back();  // its NUL
    return prefix_ + text;
}

std::optional<Seal::Bytes> Seal::open(std::string_view text) const {
    if (!key_ || !text.starts_with(prefix_) || text.size() > text_most) return std::nullopt;
    text.remove_prefix(prefix_.size());
    if (text.empty()) return std::nullopt;
    Bytes bytes(text.size());
    std::size_t length = 0;
    if (sodium_base642bin(bytes.data(), bytes.size(), text.data(), text.size(), nullptr, &length,
                          nullptr, base64) != 0 ||
        length <= signature_bytes)
        return std::nullopt;
    bytes.resize(length);
    const auto said = std::span(bytes).first(length - signature_bytes);
    const auto signature = signature_of(said);
    if (sodium_memcmp(signature.data(), bytes.data() + said.size(), signature.size()) != 0)
        return std::nullopt;
    bytes.resize(said.size());
    return bytes;
}

void put_number(std::span<std::uint8_t> bytes, std::uint64_t number) {
    for (std::size_t i = bytes.size(); i > 0; --i, number >>= 8U)
        bytes[i - 1] = static_cast<std::uint8_t>(number);
}

std::uint64_t number_in(std::span<const std::uint8_t> bytes) {
    std::uint64_t number = 0;
    for (const auto byte : bytes) number = number << 8U | byte;
    return number;
}

}  // namespace holdfast::api
