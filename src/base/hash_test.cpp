#include "base/hash.h"

#include "base/verify.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace holdfast;

namespace {

std::vector<std::uint8_t> key(std::size_t size) {
    std::vector<std::uint8_t> bytes;
    for (std::size_t i = 0; i < size; ++i) bytes.push_back(static_cast<std::uint8_t>(i));
    return bytes;
}

}  // namespace

// The expected values were computed with Python's hashlib.blake2b(digest_size=32).
TEST_CASE("hashes are BLAKE2b-256") {
    CHECK(to_hex(hash_of("")) ==
          "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
    CHECK(to_hex(hash_of("abc")) ==
          "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
    CHECK(to_hex(hash_of(std::string(1000, 'x'))) ==
          "ab75119ede14ef06ebf31f745fb655ed006cccfe8054c635308a557f7c9beaba");
    CHECK(hash_of(std::string_view("a\0", 2)) != hash_of("a"));
}

TEST_CASE("a hash is read as it is written, and nothing else is") {
    const auto text = to_hex(hash_of("abc"));
    CHECK(parse_hash(text) == hash_of("abc"));
    CHECK_FALSE(parse_hash(text.substr(1)));
    CHECK_FALSE(parse_hash(text + "0"));
    CHECK_FALSE(parse_hash("B" + text.substr(1)));  // upper case
    CHECK_FALSE(parse_hash("g" + text.substr(1)));
    CHECK_FALSE(parse_hash(""));
}

TEST_CASE("keyed hashes") {
    CHECK(to_hex(keyed_hash("abc", key(32))) ==
          "d63a32d3e44738d7907f964316c241adaba0abfeabc32349677578a15a203f7f");
    CHECK(keyed_hash("abc", key(16)) != keyed_hash("abc", key(17)));
    CHECK(keyed_hash("abc", key(64)) != hash_of("abc"));
    CHECK_THROWS_AS(keyed_hash("abc", key(15)), VerifyFailed);
    CHECK_THROWS_AS(keyed_hash("abc", key(65)), VerifyFailed);
    CHECK_THROWS_AS(keyed_hash("abc", {}), VerifyFailed);
}

TEST_CASE("pieces hash as the whole does") {
    const std::string text(1000, 'x');
    for (const std::size_t size : {1UZ, 127UZ, 128UZ, 129UZ, 1000UZ}) {
        CAPTURE(size);
        Hasher hasher;
        for (std::size_t i = 0; i < text.size(); i += size)
            hasher.add(std::string_view(text).substr(i, size));
        CHECK(hasher.finish() == hash_of(text));
    }
    CHECK(Hasher().finish() == hash_of(""));

    Hasher used;
    CHECK_NOTHROW(used.finish());
    CHECK_THROWS_AS(used.finish(), VerifyFailed);
}

TEST_CASE("bytes in hexadecimal") {
    CHECK(to_hex({}).empty());
    CHECK(to_hex(std::vector<std::uint8_t>{0, 1, 0x7f, 0x80, 0xff}) == "00017f80ff");
}
