// Where an answer waits between the thread that gives it and the connection that writes it.
//
//   waiting --give--> given --take_answer--> taken
//      |                                       ^
//      +--begin_stream--> streaming: write* then finish or break_off
//
// From close() on the connection is gone: what is given is dropped, and nothing is woken.
#pragma once

#include "http/answer.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace holdfast::http {

enum class Written : std::uint8_t {
    taken,
    full,  // nothing was taken: the client has to catch up first
    gone,  // nobody is there to read
};

class AnswerSlot {
public:
    struct Unanswered {};  // the handle was dropped
    struct Stream {
        Answer head;
    };
    using Given = std::variant<Answer, Stream, Unanswered>;

    enum class StreamEnd : std::uint8_t { none, finished, broken_off };
    struct Pieces {
        std::string bytes;
        StreamEnd end = StreamEnd::none;  // after these bytes
    };

    // `wake` tells the connection to look again. It is called under the lock, so it must not call
    // back into the slot.
    AnswerSlot(std::function<void()> wake, std::size_t stream_bytes_max);

    // The giver's side, from any thread.
    void give(Given given);
    Written write(std::string_view bytes);
    void finish(StreamEnd end);
    void on_change(const std::function<void()>& call);
    bool is_ending() const;
    bool is_gone() const;

    // The connection's side.
    std::optional<Given> take_answer();
    Pieces take_pieces();
    void ask_to_end();
    void close();

private:
    void tell_change();

    mutable std::mutex mutex_;
    std::function<void()> wake_;
    const std::size_t stream_bytes_max_;
    std::optional<Given> given_;
    Pieces pieces_;
    std::function<void()> on_change_;
    bool is_full_ = false, is_ending_ = false, is_gone_ = false;
};

}  // namespace holdfast::http
