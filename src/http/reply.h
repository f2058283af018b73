// The handle by which one request is answered, exactly once, now or later and from any thread.
//
// A Reply that is dropped unanswered answers 500. Who answers after the client has gone answers
// nobody: nothing happens. A second answer, or one that cannot be sent (answer.h), is a bug.
#pragma once

#include "http/answer.h"
#include "http/answer_slot.h"

#include <functional>
#include <memory>
#include <string_view>

namespace holdfast::http {

// An answer whose body comes piece by piece, such as server-sent events. Nothing here blocks. One
// that is dropped without finish() breaks the connection off, so that the client cannot take it for
// a whole answer.
class AnswerStream {
public:
    explicit AnswerStream(std::shared_ptr<AnswerSlot> slot) : slot_(std::move(slot)) {}
    ~AnswerStream();
    AnswerStream(AnswerStream&&) noexcept = default;
    AnswerStream& operator=(AnswerStream&& other) noexcept;

    // All of `bytes`, or none of it where more than ServerLimits::stream_bytes wait already.
    [[nodiscard]] Written write(std::string_view bytes);
    void finish();

    // `call` is called, on one of the server's threads or at once on this one, when there is room
    // again after `full`, when the server stops, and when the client has gone. It may come once
    // more while the stream is dropped elsewhere: let it hold what it uses.
    void on_change(const std::function<void()>& call);
    bool is_ending() const;  // the server stops, or the client has gone: finish
    bool is_gone() const;

private:
    std::shared_ptr<AnswerSlot> slot_;  // none: finished or moved from
};

class Reply {
public:
    explicit Reply(std::shared_ptr<AnswerSlot> slot) : slot_(std::move(slot)) {}
    ~Reply();
    Reply(Reply&&) noexcept = default;
    Reply& operator=(Reply&& other) noexcept;

    void send(Answer answer);
    // `head` has no body. To HEAD the head is all that is sent, and the stream is gone.
    [[nodiscard]] AnswerStream stream(Answer head);

private:
    std::shared_ptr<AnswerSlot> take_slot(const Answer& answer);

    std::shared_ptr<AnswerSlot> slot_;  // none: answered or moved from
};

}  // namespace holdfast::http
