#include "http/multipart.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

namespace holdfast::http {
namespace {

struct Parts final : PartSink {
    std::vector<std::pair<FormPart, std::string>> all;
    std::size_t ended = 0;
    bool begin(const FormPart& part) override { return all.emplace_back(part, ""), true; }
    bool take(std::string_view piece) override { return all.back().second += piece, true; }
    bool end() override { return ++ended, true; }
};

struct Read {
    bool is_right = true, is_whole = false;
    Parts parts;
};

Read read(std::string_view body, std::size_t step) {
    Read read;
    MultipartReader reader("b1");
    for (std::size_t at = 0; at < body.size() && read.is_right; at += step)
        read.is_right = reader.take(body.substr(at, step), read.parts);
    read.is_whole = reader.is_whole();
    return read;
}

const std::string head = "--b1\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n";

}  // namespace

TEST_CASE("a form's parts are the same in whatever pieces they come") {
    const std::string body =
        "--b1\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a \\\"b\\\";.jpg\"\r\n"
        "Content-Type: image/jpeg; x=1\r\n\r\n\r\n--b\r\n\r\n--b0 -\r\r\n"
        "\r\n--b1\r\ncontent-disposition: form-data;name=kind\r\n\r\nphoto"
        "\r\n--b1\r\nContent-Disposition: form-data; name=\"none\"\r\n\r\n"
        "\r\n--b1--\r\n";
    for (std::size_t step = 1; step <= body.size(); ++step) {
        const auto got = read(body, step);
        CAPTURE(step);
        CHECK(got.is_right);
        CHECK(got.is_whole);
        REQUIRE(got.parts.all.size() == 3);
        CHECK(got.parts.ended == 3);
        CHECK(got.parts.all[0].first ==
              FormPart{.name = "file", .file_name = "a \"b\";.jpg", .media_type = "image/jpeg"});
        CHECK(got.parts.all[0].second == "\r\n--b\r\n\r\n--b0 -\r\r\n");
        CHECK(got.parts.all[1].first == FormPart{.name = "kind"});
        CHECK(got.parts.all[1].second == "photo");
        CHECK(got.parts.all[2].second.empty());
    }
}

TEST_CASE("a form that ends too early is not whole, and needs no line end behind it") {
    const auto body = head + "text\r\n--b1--";
    CHECK(read(body, 7).is_whole);
    for (std::size_t size = 0; size < body.size(); ++size) {
        const auto got = read(body.substr(0, size), 5);
        CHECK(got.is_right);
        CHECK_FALSE(got.is_whole);
    }
}

TEST_CASE("what is no form is refused") {
    for (const auto& bad : {
             std::string("preamble\r\n") + head + "x\r\n--b1--",
             "--b2\r\n" + head,
             "\r\n" + head + "x\r\n--b1--",
             std::string("--b1 \r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--b1--"),
             std::string("--b1\r\n\r\nx\r\n--b1--\r\n\r\n"),
             std::string("--b1\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b1--"),
             std::string("--b1\r\nContent-Disposition: form-data; name=\"\"\r\n\r\nx\r\n--b1--"),
             std::string("--b1\r\nContent-Disposition: attachment; name=a\r\n\r\nx\r\n--b1--"),
             std::string(
                 "--b1\r\nContent-Disposition: form-data; name=a; name=b\r\n\r\n\r\n--b1--"),
             std::string("--b1\r\nContent-Disposition: form-data; name=\"a\r\n\r\nx\r\n--b1--"),
             std::string("--b1\r\nContent-Disposition: form-data; name=a x\r\n\r\nx\r\n--b1--"),
             std::string("--b1\r\nContent-Disposition form-data; name=a\r\n\r\nx\r\n--b1--"),
             std::string("--b1\r\nContent-Disposition: form-data; name=a\r\n"
                         "Content-Disposition: form-data; name=b\r\n\r\nx\r\n--b1--"),
             std::string("--b1\r\nContent-Disposition: form-data; name=a\r\n"
                         "Content-Transfer-Encoding: base64\r\n\r\nx\r\n--b1--"),
             head + "x\r\n--b1-x",
             head + "x\r\n--b1--\r\nepilogue",
             head + "x\r\n--b1--\r\n\r\n",
         }) {
        CAPTURE(bad);
        for (const std::size_t step : {std::size_t{1}, std::size_t{6}, bad.size()})
            CHECK_FALSE((read(bad, step).is_right && read(bad, step).is_whole));
    }
    const auto padding = std::string(MultipartReader::head_most, 'a');
    CHECK_FALSE(read("--b1\r\nX: " + padding + padding, 100).is_right);
}

TEST_CASE("a boundary is read from its header") {
    CHECK(form_boundary("multipart/form-data; boundary=b1") == "b1");
    CHECK(form_boundary("Multipart/Form-Data; charset=utf-8; boundary=\"b 1\"") == "b 1");
    for (const auto* bad :
         {"", "multipart/form-data", "multipart/mixed; boundary=b1",
          "multipart/form-data; boundary=", "multipart/form-data; boundary=\"\"",
          "multipart/form-data; boundary=\"a \"", "multipart/form-data; boundary=a; boundary=b",
          "multipart/form-data; boundary=\"a", "multipart/form-data; boundary=\"\xc3\xa4\""})
        CHECK_FALSE(form_boundary(bad));
    CHECK(form_boundary("multipart/form-data; boundary=" + std::string(70, 'a')));
    CHECK_FALSE(form_boundary("multipart/form-data; boundary=" + std::string(71, 'a')));
}

}  // namespace holdfast::http
