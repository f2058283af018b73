#include "api/evidence_files.h"

#include "api/secret.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace holdfast::api {
namespace {

namespace fs = std::filesystem;

struct Folder {
    fs::path path = fs::temp_directory_path() / make_secret("holdfast_", store::fill_from_system);
    EvidenceFiles files{path};
    ~Folder() { fs::remove_all(path); }

    std::expected<KeptFile, FileFault> keep(const EvidencePlace& place, std::string_view bytes) {
        IncomingFile file(path, store::fill_from_system);
        file.write(bytes.substr(0, bytes.size() / 2));
        file.write(bytes.substr(bytes.size() / 2));
        return files.keep(place, file);
    }
    std::size_t count(const fs::path& folder) const {
        return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), {}));
    }
};

const EvidencePlace here{.order = {1}, .dispute = 2};

}  // namespace

TEST_CASE("a file is found by what is in it, in its own dispute") {
    Folder folder;
    const auto kept = folder.keep(here, "It came broken.\n");
    REQUIRE(kept.has_value());
    CHECK(kept->media_type == "text/plain");
    CHECK(kept->bytes == 16);
    CHECK(kept->content == hash_of("It came broken.\n"));
    const auto found = folder.files.find(here, kept->content);
    REQUIRE(found.has_value());
    CHECK(found->bytes == "It came broken.\n");
    CHECK(found->extension == "txt");
    CHECK_FALSE(folder.files.find({.order = {1}, .dispute = 3}, kept->content));
    CHECK_FALSE(folder.files.find({.order = {2}, .dispute = 2}, kept->content));
    CHECK_FALSE(folder.files.find(here, hash_of("")));
    CHECK(folder.keep(here, "It came broken.\n")->content == kept->content);
    CHECK(folder.count(folder.path / to_base32(here.order) / "2") == 1);
    CHECK(folder.count(folder.path / "incoming") == 0);
}

TEST_CASE("what is kept of an image is what its hash is of") {
    Folder folder;
    std::ifstream in(HOLDFAST_SOURCE_DIR "/tests/data/evidence/photo.jpg", std::ios::binary);
    const std::string image{std::istreambuf_iterator<char>(in), {}};
    const auto kept = folder.keep(here, image);
    REQUIRE(kept.has_value());
    CHECK(kept->content != hash_of(image));
    const auto found = folder.files.find(here, kept->content);
    CHECK(hash_of(found->bytes) == kept->content);
    CHECK(kept->bytes == found->bytes.size());
    CHECK_FALSE(found->bytes.contains("Maker of cameras"));
    CHECK(folder.keep(here, image.substr(0, 300)).error() == FileFault::malformed);
}

TEST_CASE("what is not allowed leaves nothing behind") {
    Folder folder;
    for (const auto* bad : {"", "<html><script>1</script></html>", "PK\x03\x04"})
        CHECK(folder.keep(here, bad).error() == FileFault::type_not_allowed);
    CHECK_FALSE(fs::exists(folder.path / to_base32(here.order)));
    CHECK(folder.count(folder.path / "incoming") == 0);
}

TEST_CASE("a dispute has so many files at most") {
    Folder folder;
    for (std::size_t i = 0; i < EvidenceFiles::of_a_dispute; ++i)
        REQUIRE(folder.keep(here, "text " + std::to_string(i)).has_value());
    CHECK(folder.keep(here, "one more").error() == FileFault::too_many);
    CHECK(folder.keep(here, "text 0").has_value());
    CHECK(folder.keep({.order = {1}, .dispute = 3}, "one more").has_value());
}

TEST_CASE("what was coming in when a server ended is gone when the next one begins") {
    Folder folder;
    const auto kept = folder.keep(here, "It came broken.\n");
    std::ofstream(folder.path / "incoming" / "half") << "It ca";
    const EvidenceFiles next(folder.path);
    CHECK_FALSE(fs::exists(folder.path / "incoming"));
    CHECK(next.find(here, kept->content).has_value());
}

TEST_CASE("a folder that cannot be written is said to be so") {
    CHECK_THROWS_AS(IncomingFile("/proc/nowhere", store::fill_from_system), store::StoreDown);
}

}  // namespace holdfast::api
