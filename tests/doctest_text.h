// Included first by every test: doctest 2.4.9 prints the address of a C string where a row's name
// is captured, and its own switch for that does not compile.
#pragma once

#include <doctest/doctest.h>

namespace doctest {

template <>
struct StringMaker<const char*> {
    static String convert(const char* text) { return text == nullptr ? "(null)" : text; }
};

}  // namespace doctest
