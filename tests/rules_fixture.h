// The shipped rules, loaded once for every suite of a program.
#pragma once

#include "formats/rulebook.h"
#include "formats/worked_cases.h"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

namespace holdfast::test {

inline const formats::Rulebook& rules() {
    static const auto loaded = [] {
        auto book = formats::load_rulebook(HOLDFAST_SOURCE_DIR);
        if (!book)
            for (const auto& error : book.error()) MESSAGE(to_string(error));
        REQUIRE(book.has_value());
        return std::move(*book);
    }();
    return *loaded;
}

inline std::string read_whole(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    REQUIRE(file);
    return {std::istreambuf_iterator<char>(file), {}};
}

inline const std::vector<formats::WorkedCase>& cases() {
    static const auto read =
        formats::read_cases(read_whole(HOLDFAST_SOURCE_DIR "/docs/facts/cases.json"));
    REQUIRE(read.has_value());
    return *read;
}

}  // namespace holdfast::test
