#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace holdfast {

// For the tests of the pure folders: the one place where they read from disk.
std::string shipped_terms_text(std::string_view id);
std::string shipped_replies(std::string_view language);

namespace {

std::string read_shipped(const std::string& name) {
    std::ifstream file(HOLDFAST_SOURCE_DIR "/" + name + ".toml", std::ios::binary);
    REQUIRE(file);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

std::string shipped_terms_text(std::string_view id) {
    return read_shipped("terms/" + std::string(id));
}
std::string shipped_replies(std::string_view language) {
    return read_shipped("replies/" + std::string(language));
}

}  // namespace holdfast
