// Bytes as a client may send them: read in one piece and byte by byte they are the same requests,
// and no more is taken than there is.
#include "target.h"

#include "base/verify.h"
#include "http/body.h"
#include "http/head.h"
#include "http/target.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace holdfast::fuzz {
namespace {

constexpr std::uint64_t body_most = 2'000;

struct Request {
    std::string method, path, body = {};
    std::size_t fields = 0, ends_at = 0;
    bool operator==(const Request&) const = default;
};

// The requests of a connection, up to the first fault or the end of what came.
struct Heard {
    std::vector<Request> requests;
    std::optional<http::WireFault> fault;
    bool operator==(const Heard&) const = default;
};

// Bytes that arrive `step` at a time.
class Arriving {
public:
    Arriving(std::string_view all, std::size_t step) : all_(all), step_(step) { more(); }

    std::string_view rest() const { return all_.substr(begin_, end_ - begin_); }
    bool more() {
        if (end_ == all_.size()) return false;
        end_ = std::min(end_ + step_, all_.size());
        return true;
    }
    void use(std::size_t bytes) {
        VERIFY(bytes <= end_ - begin_);
        begin_ += bytes;
    }
    std::size_t place() const { return begin_; }

private:
    std::string_view all_;
    std::size_t step_, begin_ = 0, end_ = 0;
};

using Fault = std::optional<http::WireFault>;

Fault read_head(Arriving& bytes, http::Head& head) {
    http::HeadReader reader({});
    while (true) {
        const auto is_whole = reader.read(bytes.rest());
        if (!is_whole) return is_whole.error();
        if (*is_whole) break;
        if (!bytes.more()) return http::WireFault::incomplete;
    }
    bytes.use(reader.used());
    head = reader.take();
    return std::nullopt;
}

Fault read_body(Arriving& bytes, const http::Head& head, std::string& body) {
    http::BodyReader reader(head, body_most);
    if (reader.is_too_large()) return http::WireFault::body_too_large;
    while (!reader.is_whole()) {
        const auto step = reader.next(bytes.rest());
        if (!step) return step.error();
        VERIFY(step->piece.size() <= step->used);
        body += step->piece;
        VERIFY(body.size() <= body_most);
        bytes.use(step->used);
        if (step->used == 0 && !bytes.more()) return http::WireFault::incomplete;
    }
    return std::nullopt;
}

Heard hear(std::string_view all, std::size_t step) {
    Heard heard;
    Arriving bytes(all, step);
    while (!bytes.rest().empty() || bytes.more()) {
        http::Head head;
        heard.fault = read_head(bytes, head);
        if (heard.fault) return heard;
        const auto target = http::parse_target(head);
        if (!target) return heard.fault = target.error(), heard;
        Request request{.method = head.method, .path = target->path, .fields = head.headers.size()};
        heard.fault = read_body(bytes, head, request.body);
        if (heard.fault) return heard;
        request.ends_at = bytes.place();
        heard.requests.push_back(std::move(request));
        if (!head.keeps_alive) return heard;
    }
    return heard;
}

}  // namespace
}  // namespace holdfast::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace holdfast::fuzz;
    const auto bytes = text_of(data, size);
    const auto at_once = hear(bytes, std::max<std::size_t>(size, 1));
    for (const std::size_t step : {1U, 7U}) VERIFY(hear(bytes, step) == at_once);
    return 0;
}
