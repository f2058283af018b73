// What the outbox's rows say, as JSON texts.
#pragma once

#include "ledger/party.h"
#include "ledger/transfer.h"
#include "order/order.h"
#include "store/codec/observation_codec.h"

#include <expected>
#include <string>
#include <string_view>

namespace holdfast::engine {

std::string encode(const ledger::Transfer& transfer);
[[nodiscard]] std::expected<ledger::Transfer, store::DecodeError> decode_transfer(
    std::string_view text);

// Money told to leave an order's stream, or a party's.
struct InstructionText {
    order::InstructionNo no;
    order::InstructionKind kind = order::InstructionKind::refund;
    Currency currency = Currency::eur;
    order::Minor amount = 0;
    std::string source = {};  // the processor's payment that it gives back or voids
    bool operator==(const InstructionText&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("no", no);
        f("kind", kind);
        f("currency", currency);
        f("amount", amount);
        f("source", source);
    }
};
struct PayoutText {
    ledger::PayoutNo no;
    Currency currency = Currency::eur;
    order::Minor amount = 0;
    std::string destination = {};  // the processor's account that it goes to
    bool operator==(const PayoutText&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("no", no);
        f("currency", currency);
        f("amount", amount);
        f("destination", destination);
    }
};
// An event that an endpoint is to be told of.
struct NoticeText {
    IdBytes endpoint{};
    std::int64_t position = 0;  // in the feed
    bool operator==(const NoticeText&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("endpoint", endpoint);
        f("position", position);
    }
};
// A notice of the order that a party is to be sent by mail.
struct MailText {
    order::NoticeNo notice;
    bool operator==(const MailText&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("notice", notice);
    }
};
std::string encode(const InstructionText& instruction);
std::string encode(const PayoutText& payout);
std::string encode(const NoticeText& notice);
std::string encode(const MailText& mail);
[[nodiscard]] std::expected<InstructionText, store::DecodeError> decode_instruction(
    std::string_view text);
[[nodiscard]] std::expected<PayoutText, store::DecodeError> decode_payout(std::string_view text);
[[nodiscard]] std::expected<NoticeText, store::DecodeError> decode_notice(std::string_view text);
[[nodiscard]] std::expected<MailText, store::DecodeError> decode_mail(std::string_view text);

}  // namespace holdfast::engine
