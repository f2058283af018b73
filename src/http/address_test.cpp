#include "http/address.h"

#include <doctest/doctest.h>

namespace holdfast::http {

TEST_CASE("only addresses of the open internet are public") {
    struct Row {
        const char* address;
        bool is_public;
    };
    // clang-format off
    const Row rows[] = {
        {"1.1.1.1",          true},  {"9.255.255.255",    true},  {"11.0.0.0",         true},
        {"0.0.0.0",          false}, {"0.1.2.3",          false}, {"10.0.0.1",         false},
        {"100.63.255.255",   true},  {"100.64.0.0",       false}, {"100.127.255.255",  false},
        {"100.128.0.0",      true},  {"127.0.0.1",        false}, {"127.255.255.254",  false},
        {"169.254.169.254",  false}, {"172.15.255.255",   true},  {"172.16.0.0",       false},
        {"172.31.255.255",   false}, {"172.32.0.0",       true},  {"192.0.0.8",        false},
        {"192.0.2.1",        false}, {"192.168.1.1",      false}, {"192.169.0.1",      true},
        {"198.17.255.255",   true},  {"198.18.0.0",       false}, {"198.19.255.255",   false},
        {"198.51.100.7",     false}, {"203.0.113.7",      false}, {"223.255.255.255",  true},
        {"224.0.0.1",        false}, {"239.255.255.255",  false}, {"240.0.0.1",        false},
        {"255.255.255.255",  false},
        {"::",               false}, {"::1",              false}, {"2606:4700::1111",  true},
        {"fe80::1",          false}, {"fc00::1",          false}, {"fd12::1",          false},
        {"fec0::1",          false}, {"ff02::1",          false}, {"2001:db8::1",      false},
        {"2001::1",          false}, {"2001:1ff::1",      false}, {"2001:200::1",      true},
        {"2002:7f00:1::",    false}, {"3fff:fff::1",      false}, {"100::1",           false},
        {"::ffff:127.0.0.1", false}, {"::ffff:10.1.1.1",  false}, {"::ffff:1.1.1.1",   true},
        {"::127.0.0.1",      false}, {"64:ff9b::a00:1",   false}, {"64:ff9b::101:101", true},
        {"64:ff9b:1::1",     false},
    };
    // clang-format on
    for (const auto& row : rows) {
        CAPTURE(row.address);
        const auto address = parse_address(row.address);
        REQUIRE(address);
        CHECK(is_public(*address) == row.is_public);
    }
}

TEST_CASE("an address is written in one way only") {
    for (const auto* text : {"", "localhost", "127.1", "0x7f.0.0.1", "2130706433", "1.1.1.1 ",
                             "1.1.1.256", "fe80::1%eth0", "[::1]", "::ffff:1.1.1"})
        CHECK_FALSE(parse_address(text));
}

}  // namespace holdfast::http
