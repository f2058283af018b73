#include "base/word.h"

#include <doctest/doctest.h>

#include <string>

using namespace holdfast;

TEST_CASE("words hold up to 39 bytes") {
    const std::string longest(39, 'x');
    const std::string too_long(40, 'x');

    CHECK(Word().empty());
    CHECK(Word("").empty());
    CHECK(Word("CN").view() == "CN");
    CHECK_FALSE(Word("CN").empty());
    CHECK(Word(longest).view() == longest);
    CHECK_THROWS_AS(Word{too_long}, VerifyFailed);

    CHECK(to_word("") == Word());
    CHECK(to_word(longest) == Word(longest));
    CHECK_FALSE(to_word(too_long));
    CHECK(Word::cut(too_long) == Word(longest));
    CHECK(Word::cut("CN") == Word("CN"));
    static_assert(Word("in_transit").view() == "in_transit");
}

TEST_CASE("words compare as their text does") {
    CHECK(Word("a") == Word("a"));
    CHECK(Word("a") != Word("A"));
    CHECK(Word("a") < Word("b"));
    CHECK(Word("a") < Word("aa"));
    CHECK(Word() < Word("a"));
    CHECK(Word(std::string_view("a\0b", 3)) != Word("a"));
}
