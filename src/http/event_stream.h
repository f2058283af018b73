// Server-sent events as they come in: pieces of a stream in, whole events out.
//
// As the HTML standard reads them, but for `retry`, which nobody here waits by. Where a line is
// longer than `line_most` the stream makes no sense any more, and says so.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::http {

struct StreamEvent {
    std::string id, type, data;  // id: the last that was named, also by an event before
    bool operator==(const StreamEvent&) const = default;
};

class EventStreamReader {
public:
    static constexpr std::size_t line_most = std::size_t{1} << 20U;

    // Those that are whole with this piece.
    std::vector<StreamEvent> take(std::string_view piece);

    // What to come back with. It may have been named without an event.
    const std::string& last_id() const { return last_id_; }
    // Has anything whole been heard, be it a comment?
    bool has_begun() const { return has_begun_; }
    bool is_broken() const { return is_broken_; }

private:
    void take_line(std::string_view line, std::vector<StreamEvent>& whole);
    void take_field(std::string_view name, std::string_view value);

    std::string line_;  // not whole yet
    std::string last_id_, id_, type_, data_;
    bool after_return_ = false;  // "\r": a "\n" behind it belongs to it
    bool has_data_ = false, has_begun_ = false, is_broken_ = false;
};

}  // namespace holdfast::http
