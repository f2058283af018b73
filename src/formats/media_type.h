// What a file is by its content, whatever its sender calls it: by libmagic.
#pragma once

#include <memory>
#include <string>
#include <string_view>

struct magic_set;

namespace holdfast::formats {

// Used by one thread at a time. Throws std::runtime_error if libmagic's data cannot be read.
class MediaTypes {
public:
    MediaTypes();
    ~MediaTypes();
    std::string of(std::string_view bytes) const;  // "image/jpeg"

private:
    struct Closer {
        void operator()(magic_set* set) const;
    };
    std::unique_ptr<magic_set, Closer> set_;
};

}  // namespace holdfast::formats
