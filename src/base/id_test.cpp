#include "base/id.h"

#include "base/verify.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>

using namespace holdfast;

namespace {

struct OrderTag {
    static constexpr std::string_view prefix = "ord";
};
struct DisputeTag {
    static constexpr std::string_view prefix = "dsp";
};
using OrderId = Id<OrderTag>;

IdBytes all(std::uint8_t byte) {
    IdBytes bytes;
    bytes.fill(byte);
    return bytes;
}

constexpr IdBytes counting{0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef,
                           0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef};

}  // namespace

TEST_CASE("base 32 is written and read back") {
    struct Row {
        IdBytes bytes;
        const char* text;
    };
    const Row rows[] = {
        {all(0), "00000000000000000000000000"},
        {all(255), "7zzzzzzzzzzzzzzzzzzzzzzzzz"},
        {counting, "014d2pf2dbsqqg28t5cy4tqkff"},
        {{1}, "01000000000000000000000000"},
        {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, "00000000000000000000000001"},
    };
    for (const auto& row : rows) {
        CHECK(to_base32(row.bytes) == row.text);
        CHECK(parse_base32(row.text) == row.bytes);
    }
    CHECK(parse_base32("7ZZZZZZZZZZZZZZZZZZZZZZZZZ") == all(255));
    CHECK(parse_base32("014D2PF2DBSQQG28T5CY4TQKFF") == counting);
}

TEST_CASE("what is not base 32 is nothing") {
    for (const auto* text : {
             "",
             "0000000000000000000000000",    // one short
             "000000000000000000000000000",  // one long
             "80000000000000000000000000",   // 129 bits
             "z0000000000000000000000000",
             "0000000000000000000000000i",
             "0000000000000000000000000L",
             "0000000000000000000000000o",
             "0000000000000000000000000U",
             "0000000000000-000000000000",
             " 0000000000000000000000000",
             "0000000000000000000000000\xff",
         }) {
        CAPTURE(text);
        CHECK_FALSE(parse_base32(text));
    }
}

TEST_CASE("an id begins with its time") {
    const std::array<std::uint8_t, 10> rest{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    CHECK(id_bytes(Instant{}, rest) == IdBytes{0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
    CHECK(id_bytes(Instant{Duration{0x0102'0304'0506}}, rest) ==
          IdBytes{1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
    CHECK(id_bytes(Instant{Duration{0xffff'ffff'ffff}}, rest)[0] == 255);
    for (const auto ms : {Duration{0}, Duration{0x0102'0304'0506}, Duration{0xffff'ffff'ffff}})
        CHECK(time_of(id_bytes(Instant{ms}, rest)) == Instant{ms});
    CHECK_THROWS_AS(id_bytes(Instant{Duration{0x1'0000'0000'0000}}, rest), VerifyFailed);
    CHECK_THROWS_AS(id_bytes(Instant{Duration{-1}}, rest), VerifyFailed);

    const OrderId earlier{id_bytes(Instant{Duration{1}}, rest)};
    const OrderId later{id_bytes(Instant{Duration{2}}, {})};
    CHECK(earlier < later);
    CHECK(to_string(earlier) < to_string(later));
}

TEST_CASE("ids are written with their prefix and read back") {
    const OrderId id{counting};
    CHECK(to_string(id) == "ord_014d2pf2dbsqqg28t5cy4tqkff");
    CHECK(parse_id<OrderTag>("ord_014d2pf2dbsqqg28t5cy4tqkff") == id);
    CHECK(parse_id<OrderTag>("ord_014D2PF2DBSQQG28T5CY4TQKFF") == id);
    for (const auto* text :
         {"", "ord", "ord_", "014d2pf2dbsqqg28t5cy4tqkff", "dsp_014d2pf2dbsqqg28t5cy4tqkff",
          "ORD_014d2pf2dbsqqg28t5cy4tqkff", "ord-014d2pf2dbsqqg28t5cy4tqkff",
          "ord_014d2pf2dbsqqg28t5cy4tqkff ", "ord__014d2pf2dbsqqg28t5cy4tqkf"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_id<OrderTag>(text));
    }
    CHECK_FALSE(parse_id<DisputeTag>("ord_014d2pf2dbsqqg28t5cy4tqkff"));
}
