// The head of a request: its request line and header fields, up to the empty line (RFC 9112).
//
// Two programs that disagree about where a request ends can be made to disagree about whose it is.
// So there is one reading of every byte, and what could be read in two ways is refused: the list
// is WireFault's. The same reader says where the body ends, from the fields it has judged.
#pragma once

#include "http/header.h"
#include "http/wire_fault.h"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::http {

struct Head {
    std::string method, target;        // as sent
    std::string host = {};             // empty: none, as HTTP/1.0 may
    int minor = 1;                     // of HTTP/1.0 or HTTP/1.1
    std::vector<Header> headers = {};  // in the order in which they came
    std::optional<std::uint64_t> content_length = {};
    bool is_chunked = false;
    bool keeps_alive = true;
    bool expects_continue = false;

    bool has_body() const { return is_chunked || content_length.value_or(0) > 0; }
};

struct HeadLimits {
    static constexpr std::size_t kib = 1'024;

    std::size_t field_bytes = 32 * kib;  // all header fields together
    std::size_t fields = 100;
    std::size_t target_bytes = 8 * kib;
};

// Reads one head as its bytes arrive; a fault shows with the first line that has it.
class HeadReader {
public:
    explicit HeadReader(const HeadLimits& limits) : limits_(limits) {}

    // `bytes` is all that was received since this request began, each time more of it. True: the
    // head is whole, and used() bytes long.
    [[nodiscard]] std::expected<bool, WireFault> read(std::string_view bytes);
    std::size_t used() const { return used_; }
    Head take() { return std::move(head_); }

private:
    using Checked = std::expected<void, WireFault>;

    Checked read_line(std::string_view line);
    Checked read_request_line(std::string_view line);
    Checked read_version(std::string_view text);
    Checked add(Header field);
    Checked note(const Header& field);
    Checked note_host(const Header& field);
    Checked note_length(const Header& field);
    Checked note_coding(const Header& field);
    Checked note_connection(const Header& field);
    Checked note_expect(const Header& field);
    Checked check_room(std::size_t line_bytes) const;
    Checked finish();

    HeadLimits limits_;
    Head head_;
    std::size_t used_ = 0;
    std::size_t fields_begin_ = 0;  // 0: the request line has not been read
    bool is_whole_ = false, has_coding_ = false;
    bool says_close_ = false, says_keep_alive_ = false;
};

}  // namespace holdfast::http
