#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace holdfast {

// For the tests of the pure folders: the one place where they read from disk.
std::string shipped_terms_text(std::string_view id);

std::string shipped_terms_text(std::string_view id) {
    std::ifstream file(std::string(HOLDFAST_SOURCE_DIR "/terms/") + std::string(id) + ".toml",
                       std::ios::binary);
    REQUIRE(file);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace holdfast
