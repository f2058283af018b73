// A form with one file, on its way to the disk. What is wrong with it is said when all has come.
#pragma once

#include "api/evidence_files.h"
#include "http/multipart.h"
#include "http/server_request.h"
#include "store/person.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace holdfast::api {

class Upload final : public http::BodySink {
public:
    // At most `bytes_most` of a file, in `folder` while it comes in.
    Upload(std::string_view boundary, const std::filesystem::path& folder, std::uint64_t bytes_most,
           const store::Random& random);

    std::optional<http::Answer> take(std::string_view piece) override;

    std::string_view problem() const;  // a code of the contract; empty: all is well
    const IncomingFile& file() const { return file_; }
    const std::string& file_name() const { return form_.file_name; }  // as the client says

private:
    // One part, "file".
    struct Form final : http::PartSink {
        Form(IncomingFile& where, std::uint64_t most) : file(where), bytes_most(most) {}
        bool begin(const http::FormPart& part) override;
        bool take(std::string_view piece) override;
        bool end() override { return true; }

        IncomingFile& file;
        std::uint64_t bytes_most, bytes = 0;
        std::size_t parts = 0;
        std::string file_name;
    };

    http::MultipartReader reader_;
    IncomingFile file_;
    Form form_;
    bool is_good_ = true, is_down_ = false;
};

}  // namespace holdfast::api
