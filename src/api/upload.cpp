#include "api/upload.h"

namespace holdfast::api {

bool Upload::Form::begin(const http::FormPart& part) {
    ++parts;
    file_name = part.file_name;
    return part.name == "file" && parts == 1;
}

bool Upload::Form::take(std::string_view piece) {
    bytes += piece.size();
    if (bytes > bytes_most) return false;
    file.write(piece);
    return true;
}

Upload::Upload(std::string_view boundary, const std::filesystem::path& folder,
               std::uint64_t bytes_most, const store::Random& random)
    : reader_(boundary), file_(folder, random), form_(file_, bytes_most) {}

std::optional<http::Answer> Upload::take(std::string_view piece) {
    try {
        if (is_good_) is_good_ = reader_.take(piece, form_);
    } catch (const store::StoreDown&) {
        is_good_ = false;
        is_down_ = true;
    }
    return std::nullopt;
}

std::string_view Upload::problem() const {
    if (is_down_) return "unavailable";
    if (form_.bytes > form_.bytes_most) return "body_too_large";
    return is_good_ && reader_.is_whole() && form_.parts == 1 ? "" : "invalid_form";
}

}  // namespace holdfast::api
