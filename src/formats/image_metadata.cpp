#include "formats/image_metadata.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace holdfast::formats {
namespace {

std::uint8_t byte_at(std::string_view text, std::size_t at) {
    return static_cast<std::uint8_t>(text[at]);
}

std::uint32_t number(std::string_view bytes, bool is_big_endian) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        value = value << 8U | byte_at(bytes, is_big_endian ? i : bytes.size() - 1 - i);
    return value;
}

std::string little_endian(std::uint32_t value) {
    std::string bytes;
    for (int i = 0; i < 4; ++i, value >>= 8U) bytes += static_cast<char>(value & 0xFFU);
    return bytes;
}

// --- JPEG

constexpr std::uint8_t start_of_image = 0xD8, end_of_image = 0xD9, start_of_scan = 0xDA;
constexpr std::uint8_t comment = 0xFE, app_0 = 0xE0, app_1 = 0xE1, app_2 = 0xE2, app_14 = 0xEE,
                       app_15 = 0xEF;
constexpr std::string_view exif_name("Exif\0\0", 6);

// What begins at `data` is the header of a TIFF file. 0: it does not say how to turn the picture.
std::uint32_t orientation_of(std::string_view tiff) {
    constexpr std::uint32_t orientation_tag = 0x0112;
    constexpr std::size_t entry_bytes = 12;
    if (tiff.size() < 8 || !(tiff.starts_with("MM") || tiff.starts_with("II"))) return 0;
    const bool is_big = tiff.starts_with("MM");
    const auto read = [&](std::size_t at, std::size_t size) {
        return at + size <= tiff.size() ? number(tiff.substr(at, size), is_big) : 0;
    };
    const std::size_t first = read(4, 4);
    const std::size_t count = first < tiff.size() ? read(first, 2) : 0;
    for (std::size_t i = 0; i < count && first + 2 + (i + 1) * entry_bytes <= tiff.size(); ++i) {
        const auto entry = first + 2 + i * entry_bytes;
        if (read(entry, 2) == orientation_tag) return read(entry + 8, 2);
    }
    return 0;
}

// A segment that says nothing but how to turn the picture.
std::string orientation_segment(std::uint32_t orientation) {
    std::string segment("\xFF\xE1\x00\x22", 4);
    segment += exif_name;
    segment += std::string_view("MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0", 19);
    segment += static_cast<char>(orientation);
    segment += std::string_view("\0\0\0\0\0\0", 6);
    return segment;
}

// Does a picture look the same without the segment?
bool is_beside_the_picture(std::uint8_t marker, std::string_view data) {
    if (marker == comment) return true;
    if (marker < app_0 || marker > app_15) return false;
    if (marker == app_0) return !data.starts_with(std::string_view("JFIF\0", 5));
    if (marker == app_2) return !data.starts_with(std::string_view("ICC_PROFILE\0", 12));
    return marker != app_14 || !data.starts_with("Adobe");
}

bool stands_alone(std::uint8_t marker) { return marker == 1 || (marker >= 0xD0 && marker <= 0xD7); }

class Jpeg {
public:
    explicit Jpeg(std::string_view image) : image_(image) {}

    std::optional<std::string> without_metadata() {
        if (!image_.starts_with("\xFF\xD8")) return std::nullopt;
        at_ = 2;
        while (true) {
            const auto marker = take_marker();
            if (!marker || *marker == start_of_image) return std::nullopt;
            if (*marker == end_of_image) break;
            if (stands_alone(*marker)) continue;
            if (!take_segment(*marker)) return std::nullopt;
            if (*marker == start_of_scan) take_scan();
        }
        if (!has_scan_) return std::nullopt;
        std::string whole("\xFF\xD8");
        if (orientation_ >= 2 && orientation_ <= 8) whole += orientation_segment(orientation_);
        return whole + kept_ + "\xFF\xD9";
    }

private:
    std::optional<std::uint8_t> take_marker() {
        if (at_ >= image_.size() || byte_at(image_, at_) != 0xFF) return std::nullopt;
        while (at_ < image_.size() && byte_at(image_, at_) == 0xFF) ++at_;  // fill bytes
        if (at_ >= image_.size() || byte_at(image_, at_) == 0) return std::nullopt;
        return byte_at(image_, at_++);
    }

    bool take_segment(std::uint8_t marker) {
        if (image_.size() - at_ < 2) return false;
        const auto length = number(image_.substr(at_, 2), true);
        if (length < 2 || image_.size() - at_ < length) return false;
        const auto whole = image_.substr(at_, length);
        const auto data = whole.substr(2);
        at_ += length;
        if (marker == app_1 && data.starts_with(exif_name))
            orientation_ = orientation_of(data.substr(exif_name.size()));
        if (is_beside_the_picture(marker, data)) return true;
        kept_ += '\xFF';
        kept_ += static_cast<char>(marker);
        kept_ += whole;
        return true;
    }

    // The picture's own bytes, to the next marker that is none of theirs.
    void take_scan() {
        has_scan_ = true;
        const auto begin = at_;
        while (at_ < image_.size()) {
            const auto next = image_.find('\xFF', at_);
            at_ = std::min(next, image_.size());
            if (at_ + 1 >= image_.size()) break;
            const auto code = byte_at(image_, at_ + 1);
            if (code != 0 && !(code >= 0xD0 && code <= 0xD7)) break;
            at_ += 2;
        }
        kept_ += image_.substr(begin, at_ - begin);
    }

    std::string_view image_;
    std::size_t at_ = 0;
    std::string kept_;
    std::uint32_t orientation_ = 0;
    bool has_scan_ = false;
};

}  // namespace

std::optional<std::string> jpeg_without_metadata(std::string_view image) {
    return Jpeg(image).without_metadata();
}

std::optional<std::string> png_without_metadata(std::string_view image) {
    constexpr std::string_view signature("\x89PNG\r\n\x1A\n", 8);
    constexpr std::array<std::string_view, 16> pictures{
        "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB",
        "iCCP", "sBIT", "bKGD", "pHYs", "cICP", "acTL", "fcTL", "fdAT"};
    if (!image.starts_with(signature)) return std::nullopt;
    std::string kept(signature);
    image.remove_prefix(signature.size());
    while (image.size() >= 12) {
        const std::size_t length = number(image.substr(0, 4), true);
        if (length > image.size() - 12) return std::nullopt;
        const auto chunk = image.substr(0, length + 12);
        const auto type = chunk.substr(4, 4);
        image.remove_prefix(chunk.size());
        if (std::ranges::find(pictures, type) != pictures.end()) kept += chunk;
        if (type == "IEND") return kept;
    }
    return std::nullopt;
}

std::optional<std::string> webp_without_metadata(std::string_view image) {
    constexpr std::size_t head_bytes = 12;
    constexpr std::array<std::string_view, 7> pictures{"VP8 ", "VP8L", "VP8X", "ANIM",
                                                       "ANMF", "ALPH", "ICCP"};
    constexpr std::uint8_t says_exif = 0x08, says_xmp = 0x04;
    if (image.size() < head_bytes || !image.starts_with("RIFF") || image.substr(8, 4) != "WEBP")
        return std::nullopt;
    const std::size_t said = number(image.substr(4, 4), false);
    if (said < 4 || said > image.size() - 8) return std::nullopt;
    auto rest = image.substr(head_bytes, said - 4);
    std::string kept;
    while (!rest.empty()) {
        if (rest.size() < 8) return std::nullopt;
        const std::size_t length = number(rest.substr(4, 4), false);
        const auto whole = 8 + length + length % 2;
        if (whole > rest.size()) return std::nullopt;
        const auto type = rest.substr(0, 4);
        if (std::ranges::find(pictures, type) != pictures.end()) {
            const auto begin = kept.size();
            kept += rest.substr(0, whole);
            if (type == "VP8X" && length > 0)
                kept[begin + 8] =
                    static_cast<char>(byte_at(kept, begin + 8) & ~(says_exif | says_xmp));
        }
        rest.remove_prefix(whole);
    }
    if (kept.empty()) return std::nullopt;
    return "RIFF" + little_endian(static_cast<std::uint32_t>(kept.size() + 4)) + "WEBP" + kept;
}

}  // namespace holdfast::formats
