#include "base/mac.h"

#include "base/hash.h"

#include <doctest/doctest.h>

namespace holdfast {
namespace {

TEST_CASE("a mac is that of RFC 4231, whatever pieces its text comes in") {
    const std::string key(20, '\x0b');
    const auto mac = mac_of(key, {"Hi There"});
    CHECK(to_hex(mac) == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    CHECK(mac_of(key, {"Hi", " ", "", "There"}) == mac);
    CHECK(to_hex(mac_of("Jefe", {"what do ya want for nothing?"})) ==
          "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    CHECK(is_same(mac, mac));
    CHECK_FALSE(is_same(mac, mac_of(key, {"Hi there"})));
    CHECK_FALSE(is_same(mac, std::span(mac).first(31)));
}

TEST_CASE("bytes are read back as they were written, and as nothing else is") {
    const std::vector<std::uint8_t> bytes{0x66, 0x6f, 0x6f, 0x62};
    CHECK(base64_of(bytes) == "Zm9vYg==");
    CHECK(parse_base64("Zm9vYg==", 4) == bytes);
    CHECK(parse_hex("666F6f62") == bytes);
    for (const auto* text : {"Zm9vYg", "Zm9vYg==x", "Zm9v Yg==", "Zm9vYh=="}) {
        CAPTURE(text);
        CHECK_FALSE(parse_base64(text, 9));
    }
    CHECK_FALSE(parse_base64("Zm9vYg==", 3));
    for (const auto* text : {"", "6", "666", "66 6f", "6g"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_hex(text));
    }
}

}  // namespace
}  // namespace holdfast
