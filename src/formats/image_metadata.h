// Images without what they say beside the picture: where and when it was taken and with what,
// comments, previews, and whatever stands behind the end. How a JPEG is to be turned is kept, and
// so are colour profiles.
//
// JPEG: ITU-T T.81, annex B; Exif 2.32. PNG: RFC 2083 and its extensions. WebP: RFC 9649.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace holdfast::formats {

// Nothing: the image is malformed.
std::optional<std::string> jpeg_without_metadata(std::string_view image);
std::optional<std::string> png_without_metadata(std::string_view image);
std::optional<std::string> webp_without_metadata(std::string_view image);

}  // namespace holdfast::formats
