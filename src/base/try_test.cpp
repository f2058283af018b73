#include "base/try.h"

#include <doctest/doctest.h>

#include <expected>
#include <memory>
#include <string>

namespace {

std::expected<int, std::string> half_of(int number) {
    if (number % 2 != 0) return std::unexpected("odd: " + std::to_string(number));
    return number / 2;
}

std::expected<int, std::string> quarter_of(int number) {
    const int half = TRY(half_of(number));
    return TRY(half_of(half));
}

std::expected<void, std::string> check_even(int number) {
    TRY(half_of(number));
    return {};
}

std::expected<std::unique_ptr<int>, std::string> owned_half_of(int number) {
    return std::make_unique<int>(TRY(half_of(number)));
}

std::expected<int, std::string> moved_half_of(int number) {
    const auto owned = TRY(owned_half_of(number));
    return *owned;
}

}  // namespace

TEST_CASE("TRY takes the value or returns the error") {
    CHECK(quarter_of(8) == 2);
    CHECK(quarter_of(6) == std::unexpected(std::string("odd: 3")));
    CHECK(quarter_of(5) == std::unexpected(std::string("odd: 5")));
    CHECK(check_even(2).has_value());
    CHECK(check_even(3).error() == "odd: 3");
    CHECK(moved_half_of(8) == 4);
    CHECK(moved_half_of(7).error() == "odd: 7");
}
