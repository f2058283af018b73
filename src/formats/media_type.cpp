#include "formats/media_type.h"

#include <magic.h>

#include <stdexcept>

namespace holdfast::formats {

void MediaTypes::Closer::operator()(magic_set* set) const { magic_close(set); }

MediaTypes::MediaTypes() : set_(magic_open(MAGIC_MIME_TYPE | MAGIC_ERROR)) {
    if (!set_ || magic_load(set_.get(), nullptr) != 0)
        throw std::runtime_error("libmagic: its data cannot be read");
}

MediaTypes::~MediaTypes() = default;

std::string MediaTypes::of(std::string_view bytes) const {
    const char* found = magic_buffer(set_.get(), bytes.data(), bytes.size());
    return found ? found : "application/octet-stream";
}

}  // namespace holdfast::formats
