// tests/data/evidence holds one picture in three forms, each with the place where it was taken, a
// maker, a comment or the like.
#include "formats/image_metadata.h"

#include "formats/media_type.h"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace holdfast::formats {
namespace {

std::string sample(const std::string& name) {
    std::ifstream in(HOLDFAST_SOURCE_DIR "/tests/data/evidence/" + name, std::ios::binary);
    REQUIRE(in.good());
    return {std::istreambuf_iterator<char>(in), {}};
}

using Strip = std::optional<std::string> (*)(std::string_view);

struct Row {
    std::string name;
    Strip strip;
    std::string media_type;
    std::vector<std::string> secrets = {};
};
const std::vector<Row> rows{
    {"photo.jpg",
     jpeg_without_metadata,
     "image/jpeg",
     {"Maker of cameras", "2026:03:30", "taken at home"}},
    {"photo.png", png_without_metadata, "image/png", {"Maker of cameras", "Jane Doe", "xmpmeta"}},
    {"photo.webp", webp_without_metadata, "image/webp", {"Maker of cameras", "xmpmeta"}},
};

}  // namespace

TEST_CASE("an image is kept without what it says beside the picture") {
    const MediaTypes types;
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto image = sample(row.name);
        const auto kept = row.strip(image);
        REQUIRE(kept.has_value());
        for (const auto& secret : row.secrets) {
            CHECK(image.contains(secret));
            CHECK_FALSE(kept->contains(secret));
        }
        CHECK(types.of(image) == row.media_type);
        CHECK(types.of(*kept) == row.media_type);
        CHECK(row.strip(*kept) == kept);
        CHECK(row.strip(image + "behind the end") == kept);
        CHECK_FALSE(row.strip(""));
        CHECK_FALSE(row.strip("x" + image));
    }
}

TEST_CASE("an image that is cut off anywhere is malformed or the same, and never more") {
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto image = sample(row.name);
        const auto kept = row.strip(image);
        std::size_t refused = 0;
        for (std::size_t size = 0; size < image.size(); ++size) {
            const auto cut = row.strip(image.substr(0, size));
            if (!cut)
                ++refused;
            else
                CHECK(cut == kept);
        }
        CHECK(refused > image.size() / 2);
    }
}

TEST_CASE("a changed byte anywhere brings no metadata through and no fault") {
    for (const auto& row : rows) {
        const auto image = sample(row.name);
        for (std::size_t at = 0; at < image.size(); ++at)
            for (const int change : {0x01, 0x80, 0xFF}) {
                auto changed = image;
                changed[at] = static_cast<char>(changed[at] ^ change);
                const auto kept = row.strip(changed);
                if (kept) CHECK(kept->size() <= changed.size());
            }
    }
}

TEST_CASE("a JPEG keeps how it is to be turned, its colours and its JFIF header, and no preview") {
    const auto kept = *jpeg_without_metadata(sample("photo.jpg"));
    const std::string turned(
        "\xFF\xD8\xFF\xE1\x00\x22"
        "Exif\0\0MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01"
        "\0\x06\0\0\0\0\0\0",
        38);
    CHECK(kept.substr(0, turned.size()) == turned);

    const std::string little(
        "\xFF\xE1\x00\x22"
        "Exif\0\0II\x2A\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0"
        "\x03\0\0\0\0\0\0\0",
        36);
    const std::string start("\xFF\xD8"), colours("\xFF\xE2\x00\x10ICC_PROFILE\0\1\1", 18);
    const std::string preview("\xFF\xE2\x00\x06MPF\0", 8), jfif("\xFF\xE0\x00\x07JFIF\0", 9);
    const std::string adobe(
        "\xFF\xEE\x00\x07"
        "Adobe",
        9),
        other("\xFF\xE0\x00\x07JFXX\0", 9);
    const std::string scan(
        "\xFF\xDA\x00\x02"
        "a\xFF\0b\xFF\xD0"
        "c",
        11),
        end("\xFF\xD9");
    const auto strip = [&](const std::string& middle) {
        return jpeg_without_metadata(start + middle + end);
    };
    CHECK(strip(jfif + colours + preview + adobe + other + scan) ==
          start + jfif + colours + adobe + scan + end);
    CHECK(strip(little + scan)->substr(30, 2) == std::string("\0\x03", 2));
    CHECK(strip("\xFF\xFF" + scan.substr(1)) == start + scan + end);   // a fill byte
    CHECK(strip(scan + "\xFF\xFE\x00\x04hi" + scan) == std::nullopt);  // cut by its own zero byte
    CHECK(strip(scan + std::string("\xFF\xFE\x00\x04hi", 6) + scan) == start + scan + scan + end);
    CHECK_FALSE(strip(""));
    CHECK_FALSE(strip(std::string("\xFF\xE1\x00\x01", 4) + scan));
    CHECK_FALSE(strip(std::string("\xFF\xE1\xFF\xFF", 4) + scan));
    CHECK_FALSE(strip("x" + scan));
}

TEST_CASE("a file is what its content says") {
    const MediaTypes types;
    CHECK(types.of("%PDF-1.7\n1 0 obj\n") == "application/pdf");
    CHECK(types.of("plain words\n") == "text/plain");
    CHECK(types.of("<html><script>alert(1)</script></html>") == "text/html");
    CHECK(types.of("PK\x03\x04") != "text/plain");
    CHECK(types.of(std::string("\x7F"
                               "ELF\x02\x01\x01\0",
                               8)) != "text/plain");
}

}  // namespace holdfast::formats
