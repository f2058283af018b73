// Where a connection may go: addresses of the open internet, and no others.
//
// Refused is whatever a stranger's host name could be pointed at to reach what stands behind us:
// loopback, private and link-local networks, shared and test ranges, multicast, the unspecified
// address, and every IPv6 form that carries such an IPv4 address inside.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace holdfast::http {

struct Address {
    bool is_v6 = false;
    std::array<std::uint8_t, 16> bytes{};  // of IPv4 the first four
    bool operator==(const Address&) const = default;
};

// "192.0.2.1", "2001:db8::1"; nothing else, no port, no zone.
std::optional<Address> parse_address(std::string_view text);

// What the system hands to connect(): a sockaddr of `family`.
std::optional<Address> address_of(int family, const void* socket_address);

bool is_public(const Address& address);

}  // namespace holdfast::http
