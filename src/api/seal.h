// A key that signs what is handed out and not kept: links, tokens. It is made when it is first
// needed, as an event of the system stream of those that it signs.
#pragma once

#include "api/setting_stream.h"
#include "base/hash.h"
#include "base/instant.h"
#include "store/person.h"
#include "store/store.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::api {

class Seal {
public:
    using Bytes = std::vector<std::uint8_t>;

    // `prefix` of what it signs, `kind` of the event that made it.
    Seal(std::string prefix, std::string kind)
        : prefix_(std::move(prefix)), kind_(std::move(kind)) {}

    // Takes the key from its event; others say nothing to it.
    void read(const SettingStream& stream, const store::Event& event);
    bool has_key() const { return key_.has_value(); }
    // After the stream was loaded. Throws StoreDown where another program has written meanwhile.
    void make(SettingStream& stream, store::Store& store, Instant now, const store::Random& random);

    // The prefix, then what is said and its signature in base64url; of the same always the same.
    // VERIFYs that there is a key.
    std::string close(std::span<const std::uint8_t> said) const;
    // Nothing: it was not signed by this key.
    std::optional<Bytes> open(std::string_view text) const;
    Hash signature_of(std::span<const std::uint8_t> said) const;

private:
    std::string prefix_, kind_;
    std::optional<Hash> key_;
};

// A number's bytes, the highest first, and back.
void put_number(std::span<std::uint8_t> bytes, std::uint64_t number);
std::uint64_t number_in(std::span<const std::uint8_t> bytes);

}  // namespace holdfast::api
