#include "api/links.h"

#include "base/verify.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

namespace holdfast::api {
namespace {

constexpr std::string_view key_kind = "link_key_made";
constexpr std::string_view prefix = "lnk_";

struct KeyText {
    Hash key{};
    template <class F>
    void fields(F&& f) const {
        f("key", key);
    }
};

// The order, the party, milliseconds; and what signs them.
constexpr std::size_t said_bytes = 16 + 1 + 8;
constexpr std::size_t token_bytes = said_bytes + 32;

std::array<std::uint8_t, said_bytes> said_of(const Link& link) {
    std::array<std::uint8_t, said_bytes> said{};
    std::ranges::copy(link.order, said.begin());
    said[16] = static_cast<std::uint8_t>(link.party);
    auto milliseconds = static_cast<std::uint64_t>(link.expires_at.time_since_epoch().count());
    for (std::size_t i = 0; i < 8; ++i, milliseconds >>= 8U)
        said[24 - i] = static_cast<std::uint8_t>(milliseconds);
    return said;
}

Link link_of(std::span<const std::uint8_t> said) {
    Link link;
    std::ranges::copy(said.first(16), link.order.begin());
    link.party = static_cast<order::Party>(said[16]);
    Duration::rep milliseconds = 0;
    for (std::size_t i = 17; i < said_bytes; ++i) milliseconds = milliseconds << 8 | said[i];
    link.expires_at = Instant{Duration{milliseconds}};
    return link;
}

Hash signature_of(std::span<const std::uint8_t> said, const Hash& key) {
    return keyed_hash({reinterpret_cast<const char*>(said.data()), said.size()}, key);
}

constexpr int base64 = sodium_base64_VARIANT_URLSAFE_NO_PADDING;

}  // namespace

void LinkBook::load(store::Store& store) {
    const std::scoped_lock lock(mutex_);
    read(store);
}

void LinkBook::read(store::Store& store) {
    for (const auto& event : stream_.load(store).events)
        if (event.kind == key_kind) key_ = stream_.text_of<KeyText>(event).key;
}

std::string LinkBook::sign(store::Store& store, const Link& link, Instant now,
                           const store::Random& random) {
    VERIFY(link.party == order::Party::buyer || link.party == order::Party::seller);
    const std::scoped_lock lock(mutex_);
    if (!key_) {
        read(store);
        KeyText text;
        random(text.key);
        if (!key_) stream_.append(store, key_kind, text, now);
        read(store);
    }
    std::array<std::uint8_t, token_bytes> token{};
    const auto said = said_of(link);
    std::ranges::copy(said, token.begin());
    std::ranges::copy(signature_of(said, *key_), token.begin() + said_bytes);
    std::array<char, sodium_base64_ENCODED_LEN(token_bytes, base64)> text{};
    sodium_bin2base64(text.data(), text.size(), token.data(), token.size(), base64);
    return std::string(prefix) + text.data();
}

std::optional<Link> LinkBook::find(std::string_view token, Instant now) const {
    std::array<std::uint8_t, token_bytes> bytes{};
    std::size_t length = 0;
    if (!token.starts_with(prefix)) return std::nullopt;
    token.remove_prefix(prefix.size());
    if (sodium_base642bin(bytes.data(), bytes.size(), token.data(), token.size(), nullptr, &length,
                          nullptr, base64) != 0 ||
        length != bytes.size())
        return std::nullopt;
    const auto said = std::span(bytes).first(said_bytes);
    const std::scoped_lock lock(mutex_);
    if (!key_) return std::nullopt;
    const auto signature = signature_of(said, *key_);
    if (sodium_memcmp(signature.data(), bytes.data() + said_bytes, signature.size()) != 0)
        return std::nullopt;
    const auto link = link_of(said);
    return now < link.expires_at ? std::optional(link) : std::nullopt;
}

}  // namespace holdfast::api
