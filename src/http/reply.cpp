#include "http/reply.h"

#include "base/verify.h"

#include <utility>

namespace holdfast::http {

AnswerStream::~AnswerStream() {
    if (slot_) slot_->finish(AnswerSlot::StreamEnd::broken_off);
}

AnswerStream& AnswerStream::operator=(AnswerStream&& other) noexcept {
    AnswerStream taken(std::move(other));
    std::swap(slot_, taken.slot_);
    return *this;
}

Written AnswerStream::write(std::string_view bytes) {
    VERIFY(slot_);
    return slot_->write(bytes);
}

void AnswerStream::finish() {
    VERIFY(slot_);
    std::exchange(slot_, nullptr)->finish(AnswerSlot::StreamEnd::finished);
}

void AnswerStream::on_change(const std::function<void()>& call) {
    VERIFY(slot_);
    slot_->on_change(call);
}

bool AnswerStream::is_ending() const { return !slot_ || slot_->is_ending(); }
bool AnswerStream::is_gone() const { return !slot_ || slot_->is_gone(); }

Reply::~Reply() {
    if (slot_) slot_->give(AnswerSlot::Unanswered{});
}

Reply& Reply::operator=(Reply&& other) noexcept {
    Reply taken(std::move(other));
    std::swap(slot_, taken.slot_);
    return *this;
}

void Reply::send(Answer answer) { take_slot(answer)->give(std::move(answer)); }

AnswerStream Reply::stream(Answer head) {
    VERIFY(head.body.empty() && !has_no_body(head.status));
    auto slot = take_slot(head);
    slot->give(AnswerSlot::Stream{std::move(head)});
    return AnswerStream(std::move(slot));
}

std::shared_ptr<AnswerSlot> Reply::take_slot(const Answer& answer) {
    VERIFY(slot_ && is_sendable(answer));
    return std::exchange(slot_, nullptr);
}

}  // namespace holdfast::http
