// The shipped terms files, for tests: the one place in this folder's tests that reads from disk.
#include "order/test_support.h"

#include <fstream>
#include <iterator>

namespace holdfast::order::test {

std::string shipped_terms_text(std::string_view id) {
    std::ifstream file(std::string(HOLDFAST_SOURCE_DIR "/terms/") + std::string(id) + ".toml",
                       std::ios::binary);
    REQUIRE(file);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace holdfast::order::test
