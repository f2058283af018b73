#include "http/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <algorithm>
#include <cstring>
#include <span>

namespace holdfast::http {
namespace {

using Bytes = std::span<const std::uint8_t>;

struct Network {
    std::array<std::uint8_t, 16> bytes{};
    unsigned bits = 0;
};

bool lies_in(const Network& network, Bytes address) {
    for (unsigned bit = 0; bit < network.bits; ++bit) {
        const auto mask = static_cast<std::uint8_t>(0x80U >> (bit % 8));
        if ((network.bytes[bit / 8] & mask) != (address[bit / 8] & mask)) return false;
    }
    return true;
}

bool lies_in_any(std::span<const Network> networks, Bytes address) {
    return std::ranges::any_of(networks, [&](const Network& one) { return lies_in(one, address); });
}

// IANA's registry of special-purpose IPv4 addresses (RFC 6890 and what came after it), multicast,
// and what is reserved above it.
constexpr std::array special_v4{Network{{0}, 8},
                                Network{{10}, 8},
                                Network{{100, 64}, 10},
                                Network{{127}, 8},
                                Network{{169, 254}, 16},
                                Network{{172, 16}, 12},
                                Network{{192, 0, 0}, 24},
                                Network{{192, 0, 2}, 24},
                                Network{{192, 88, 99}, 24},
                                Network{{192, 168}, 16},
                                Network{{198, 18}, 15},
                                Network{{198, 51, 100}, 24},
                                Network{{203, 0, 113}, 24},
                                Network{{224}, 4},
                                Network{{240}, 4}};

// The only IPv6 space that is handed out, and what is special inside it: Teredo and its
// neighbours, documentation, 6to4 (an IPv4 address inside), documentation again.
constexpr Network global_v6{{0x20}, 3};
constexpr std::array special_v6{Network{{0x20, 0x01, 0x00}, 23},
                                Network{{0x20, 0x01, 0x0d, 0xb8}, 32}, Network{{0x20, 0x02}, 16},
                                Network{{0x3f, 0xff, 0x00}, 20}};

// Forms with an IPv4 address in the last four bytes that really reach it: mapped, and translated
// by NAT64 where a network has no IPv4.
constexpr std::array carries_v4{Network{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96},
                                Network{{0x00, 0x64, 0xff, 0x9b}, 96}};

}  // namespace

std::optional<Address> parse_address(std::string_view text) {
    const std::string copy(text);
    Address address;
    if (::inet_pton(AF_INET, copy.c_str(), address.bytes.data()) == 1) return address;
    address.is_v6 = true;
    if (::inet_pton(AF_INET6, copy.c_str(), address.bytes.data()) == 1) return address;
    return std::nullopt;
}

std::optional<Address> address_of(int family, const void* socket_address) {
    Address address;
    if (family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, socket_address, sizeof v4);
        std::memcpy(address.bytes.data(), &v4.sin_addr, sizeof v4.sin_addr);
        return address;
    }
    if (family != AF_INET6) return std::nullopt;
    sockaddr_in6 v6{};
    std::memcpy(&v6, socket_address, sizeof v6);
    std::memcpy(address.bytes.data(), &v6.sin6_addr, sizeof v6.sin6_addr);
    address.is_v6 = true;
    return address;
}

bool is_public(const Address& address) {
    const Bytes bytes(address.bytes);
    if (!address.is_v6) return !lies_in_any(special_v4, bytes);
    if (lies_in_any(carries_v4, bytes)) return !lies_in_any(special_v4, bytes.subspan(12));
    return lies_in(global_v6, bytes) && !lies_in_any(special_v6, bytes);
}

}  // namespace holdfast::http
