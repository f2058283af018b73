// An answer before it is written, and the head that goes out with it.
//
// Every answer says which request it answers (Request-Id), when (Date), that nobody keeps it
// (Cache-Control: no-store) and that a browser must not guess, frame or run it; an answer may say
// otherwise for the last two. How long it is and what becomes of the connection is the server's
// business alone.
#pragma once

#include "http/header.h"

#include "base/id.h"
#include "base/instant.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::http {

struct RequestTag {
    static constexpr std::string_view prefix = "req";
};
using RequestId = Id<RequestTag>;

struct Answer {
    int status = 200;
    std::vector<Header> headers = {};  // Content-Type among them
    std::string body = {};
};

// May it be sent? A status from 200 to 599, header fields that stay on their lines and are not the
// server's, no body where the status has none.
bool is_sendable(const Answer& answer);

bool has_no_body(int status);            // 204 and 304
std::string_view reason_of(int status);  // "Not Found"; empty: none is known

enum class BodyForm : std::uint8_t {
    counted,   // Content-Length
    chunked,   // of a stream
    to_close,  // of a stream to an HTTP/1.0 client
};

struct HeadFacts {
    RequestId request;
    Instant now{};
    BodyForm form = BodyForm::counted;
    bool keeps_alive = true;
    int minor = 1;  // of the request
};

// Status line and header fields, with the empty line.
std::string render_head(const Answer& answer, const HeadFacts& facts);

}  // namespace holdfast::http
