#include "formats/text.h"

#include "base/utf8.h"

#include <doctest/doctest.h>

namespace holdfast::formats {

TEST_CASE("text is folded for comparison") {
    CHECK(folded("  Annulée ") == "annulee");
    CHECK(folded("MÄRZ") == "marz");
    CHECK(folded("Łódź Straße") == "lodz strasse");
    CHECK(folded("ОЖИДАЕТ Доставки") == "ожидает доставки");
    CHECK(folded("a\u00A0 \t b") == "a b");
    CHECK(folded("₩日本") == "₩日本");
    CHECK(header_key("Lineitem compare-at price") == header_key("lineitem_compare AT Price"));
}

TEST_CASE("guards of spreadsheets are taken off, apostrophes are not") {
    CHECK(without_guard("'75002") == "75002");
    CHECK(without_guard("'=x") == "=x");
    CHECK(without_guard("'tis") == "'tis");
    CHECK(without_guard("'") == "'");
    CHECK(without_guard("''5") == "''5");
}

TEST_CASE("the first byte that is not UTF-8 is found") {
    CHECK(!find_invalid_utf8(""));
    CHECK(!find_invalid_utf8("plain ascii of some length, then é, €, 𝄞"));
    CHECK(find_invalid_utf8("12345678\xE9t\xE9") == 8);
    CHECK(find_invalid_utf8("\xC0\x80") == 0);          // overlong
    CHECK(find_invalid_utf8("a\xED\xA0\x80") == 1);     // a surrogate
    CHECK(find_invalid_utf8("\xF4\x90\x80\x80") == 0);  // past the last character
    CHECK(find_invalid_utf8("ab\xE2\x82") == 2);        // cut off
}

TEST_CASE("what is shown is short and harmless") {
    CHECK(shown("a\nb\x1b[31m") == "\"a?b?[31m\"");
    CHECK(shown("caf\xE9") == "\"caf?\"");
    CHECK(shown(std::string(59, 'x') + "é") == "\"" + std::string(59, 'x') + "…\"");
}

TEST_CASE("counts are plain digits") {
    CHECK(parse_count("0", 10) == 0);
    CHECK(parse_count(" 10 ", 10) == 10);
    CHECK(!parse_count("11", 10));
    CHECK(!parse_count("-1", 10));
    CHECK(!parse_count("1.0", 10));
    CHECK(!parse_count("99999999999999999999", 1'000'000'000'000));
    CHECK(!parse_count("", 10));
}

}  // namespace holdfast::formats
