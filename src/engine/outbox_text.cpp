#include "engine/outbox_text.h"

#include "store/codec/event_reader.h"
#include "store/codec/event_writer.h"

namespace holdfast::engine {
namespace {

template <class T>
std::string written(const T& value) {
    std::string text;
    store::EventWriter(text).put(value);
    return text;
}

template <class T>
std::expected<T, store::DecodeError> read(std::string_view text) {
    T value;
    store::EventReader reader(text);
    if (!reader.read_whole(value)) return std::unexpected(reader.error());
    return value;
}

}  // namespace

std::string encode(const ledger::Transfer& transfer) { return written(transfer); }
std::string encode(const InstructionText& instruction) { return written(instruction); }
std::string encode(const PayoutText& payout) { return written(payout); }
std::string encode(const NoticeText& notice) { return written(notice); }
std::string encode(const MailText& mail) { return written(mail); }

std::expected<ledger::Transfer, store::DecodeError> decode_transfer(std::string_view text) {
    return read<ledger::Transfer>(text);
}
std::expected<InstructionText, store::DecodeError> decode_instruction(std::string_view text) {
    return read<InstructionText>(text);
}
std::expected<PayoutText, store::DecodeError> decode_payout(std::string_view text) {
    return read<PayoutText>(text);
}
std::expected<NoticeText, store::DecodeError> decode_notice(std::string_view text) {
    return read<NoticeText>(text);
}
std::expected<MailText, store::DecodeError> decode_mail(std::string_view text) {
    return read<MailText>(text);
}

}  // namespace holdfast::engine
