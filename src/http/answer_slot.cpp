#include "http/answer_slot.h"

#include <utility>

namespace holdfast::http {

AnswerSlot::AnswerSlot(std::function<void()> wake, std::size_t stream_bytes_max)
    : wake_(std::move(wake)), stream_bytes_max_(stream_bytes_max) {}

void AnswerSlot::give(Given given) {
    const std::lock_guard lock(mutex_);
    if (is_gone_) return;
    given_ = std::move(given);
    wake_();
}

// One piece may pass the bound, so that a large one is taken, too.
Written AnswerSlot::write(std::string_view bytes) {
    const std::lock_guard lock(mutex_);
    if (is_gone_) return Written::gone;
    is_full_ = pieces_.bytes.size() >= stream_bytes_max_;
    if (is_full_) return Written::full;
    pieces_.bytes += bytes;
    wake_();
    return Written::taken;
}

void AnswerSlot::finish(StreamEnd end) {
    std::function<void()> dropped;  // after the lock: what it holds may come back here
    const std::lock_guard lock(mutex_);
    dropped.swap(on_change_);
    if (is_gone_) return;
    pieces_.end = end;
    wake_();
}

void AnswerSlot::on_change(const std::function<void()>& call) {
    {
        const std::lock_guard lock(mutex_);
        if (!is_gone_) on_change_ = call;
        if (!is_gone_ && !is_ending_) return;
    }
    call();
}

bool AnswerSlot::is_ending() const {
    const std::lock_guard lock(mutex_);
    return is_ending_ || is_gone_;
}

bool AnswerSlot::is_gone() const {
    const std::lock_guard lock(mutex_);
    return is_gone_;
}

std::optional<AnswerSlot::Given> AnswerSlot::take_answer() {
    const std::lock_guard lock(mutex_);
    return std::exchange(given_, std::nullopt);
}

AnswerSlot::Pieces AnswerSlot::take_pieces() {
    Pieces taken;
    bool had_no_room = false;
    {
        const std::lock_guard lock(mutex_);
        taken = {.bytes = std::exchange(pieces_.bytes, {}), .end = pieces_.end};
        had_no_room = std::exchange(is_full_, false);
    }
    if (had_no_room) tell_change();
    return taken;
}

void AnswerSlot::ask_to_end() {
    {
        const std::lock_guard lock(mutex_);
        is_ending_ = true;
    }
    tell_change();
}

void AnswerSlot::close() {
    std::function<void()> call;
    {
        const std::lock_guard lock(mutex_);
        if (std::exchange(is_gone_, true)) return;
        wake_ = nullptr;
        pieces_.bytes.clear();
        call.swap(on_change_);
    }
    if (call) call();
}

void AnswerSlot::tell_change() {
    std::function<void()> call;
    {
        const std::lock_guard lock(mutex_);
        call = on_change_;
    }
    if (call) call();
}

}  // namespace holdfast::http
