// The spelling of every word of this folder, the enumerator's own, and what words mean.
#include "order/event.h"
#include "order/order.h"
#include "order/refusal.h"

#include "base/enum_word.h"
#include "base/verify.h"

#include <algorithm>
#include <array>

namespace holdfast::order {
bool is_processor_name(std::string_view text) {
    return !text.empty() && text.size() <= 255 &&
           std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

bool is_delivery(ScanKind kind) {
    return kind == ScanKind::delivered || kind == ScanKind::delivered_signed;
}

std::string_view to_string(Custody value) {
    return enum_word(std::array<std::string_view, 3>{"held", "with_seller", "outside"}, value);
}

std::string_view to_string(Decider value) {
    return enum_word(std::array<std::string_view, 2>{"here", "elsewhere"}, value);
}

std::string_view to_string(ScanKind value) {
    return enum_word(
        std::array<std::string_view, 12>{"accepted", "moving", "out_for_delivery", "pickup_waiting",
                                         "delivered", "delivered_signed", "returned_to_sender",
                                         "lost", "damaged", "customs", "refused", "exception"},
        value);
}

std::string_view to_string(Condition value) {
    return enum_word(std::array<std::string_view, 7>{"as_sent_out", "opened", "used", "damaged",
                                                     "incomplete", "other_item", "empty_parcel"},
                     value);
}

std::string_view to_string(VerdictCode value) {
    return enum_word(
        std::array<std::string_view, 14>{"tracking_shows_delivery", "no_proof_of_delivery",
                                         "delivered_late", "delivered_elsewhere", "item_differs",
                                         "item_damaged", "parts_missing", "counterfeit_shown",
                                         "as_described", "no_evidence_from_buyer",
                                         "no_evidence_from_seller", "return_not_as_sent_out",
                                         "settled_by_terms", "new_information"},
        value);
}

std::string_view to_string(Compensation value) {
    return enum_word(std::array<std::string_view, 3>{"goodwill", "coupon", "return_postage"},
                     value);
}

std::string_view to_string(ArrivalChoice value) {
    return enum_word(std::array<std::string_view, 3>{"pay", "send_back", "keep"}, value);
}

std::string_view to_string(Audience value) {
    return enum_word(std::array<std::string_view, 2>{"everyone", "platform"}, value);
}

std::string_view to_string(DisputePhase value) {
    return enum_word(
        std::array<std::string_view, 8>{"negotiating", "escalated", "decided", "appealed",
                                        "sleeping", "returning", "replacing", "closed"},
        value);
}

std::string_view to_string(InstructionKind value) {
    return enum_word(
        std::array<std::string_view, 3>{"refund", "compensation", "void_authorisation"}, value);
}

std::string_view to_string(InstructionState value) {
    return enum_word(std::array<std::string_view, 3>{"pending", "succeeded", "failed"}, value);
}

std::string_view to_string(NoticeWay value) {
    return enum_word(std::array<std::string_view, 5>{"mail", "webhook", "portal", "app", "letter"},
                     value);
}

std::string_view to_string(NoticeState value) {
    return enum_word(
        std::array<std::string_view, 5>{"queued", "sent", "delivered", "bounced", "failed"}, value);
}

std::string_view to_string(ChargebackState value) {
    return enum_word(std::array<std::string_view, 4>{"open", "answered", "won", "lost"}, value);
}

std::string_view to_string(RefusalCode value) {
    return enum_word(std::array<std::string_view, 35>{"not_placed",
                                                      "already_placed",
                                                      "wrong_role",
                                                      "malformed",
                                                      "unknown_line",
                                                      "quantity_too_large",
                                                      "unknown_shipment",
                                                      "unknown_dispute",
                                                      "unknown_offer",
                                                      "unknown_instruction",
                                                      "unknown_chargeback",
                                                      "unknown_notice",
                                                      "order_over",
                                                      "nothing_unshipped",
                                                      "not_negotiating",
                                                      "not_under_review",
                                                      "dispute_closed",
                                                      "offer_not_open",
                                                      "offer_expired",
                                                      "own_offer",
                                                      "no_return",
                                                      "no_arrival",
                                                      "not_failed",
                                                      "no_cancel_request",
                                                      "evidence_not_in_time",
                                                      "code_missing",
                                                      "messages_ended",
                                                      "too_many_messages",
                                                      "not_granted",
                                                      "lines_in_dispute",
                                                      "remedy_not_offered",
                                                      "amount_exceeds",
                                                      "nothing_refundable",
                                                      "due_in_past",
                                                      "default_pending"},
                     value);
}

std::string_view text_of(RefusalCode code) {
    using enum RefusalCode;
    switch (code) {
    case not_placed:           return "There is no such order.";
    case already_placed:       return "The order was placed before.";
    case wrong_role:           return "This is not for this party to do.";
    case malformed:            return "The request names no goods, no sum, or one that cannot be.";
    case unknown_line:         return "The order has no such line, or it is named twice.";
    case quantity_too_large:   return "That is more than there is of the line.";
    case unknown_shipment:     return "The order has no such parcel.";
    case unknown_dispute:      return "The order has no such dispute.";
    case unknown_offer:        return "The order has no such offer.";
    case unknown_instruction:  return "The order has no such instruction.";
    case unknown_chargeback:   return "The order has no such chargeback.";
    case unknown_notice:       return "The order has no such notice.";
    case order_over:           return "The order is completed or cancelled.";
    case nothing_unshipped:    return "Nothing is left that was not shipped.";
    case not_negotiating:      return "The dispute is past the stage in which this can be done.";
    case not_under_review:     return "The dispute is not at the stage in which this can be done.";
    case dispute_closed:       return "The dispute is settled.";
    case offer_not_open:       return "The offer was accepted, declined or replaced.";
    case offer_expired:        return "The offer has expired.";
    case own_offer:            return "One's own offer is for the other side to answer.";
    case no_return:            return "There is no return with which this can be done now.";
    case no_arrival:           return "Nothing came after a refund, or it is settled.";
    case not_failed:           return "Only an instruction that failed is repeated, and once.";
    case no_cancel_request:    return "Nobody asked to cancel, or it was answered.";
    case evidence_not_in_time: return "The chargeback takes no more evidence.";
    case code_missing:         return "A verdict names at least one published reason.";
    case messages_ended:       return "The order has been over for too long to write about it.";
    case too_many_messages:    return "The party has written all that it may about this order.";
    case not_granted:          return "The terms do not grant this; the clause says why.";
    case lines_in_dispute:     return "Another dispute about these goods is not over.";
    case remedy_not_offered:   return "The terms do not grant this remedy here.";
    case amount_exceeds:       return "That is more than can be granted; the limit says how much can.";
    case nothing_refundable:   return "Nothing is left to refund for these goods.";
    case due_in_past:          return "The instant must lie ahead.";
    case default_pending:      return "A deadline has passed, and what follows is being carried out.";
    case count_:               break;
    }
    VERIFY(!"a RefusalCode outside its list");
    return {};
}

std::string_view name_of(const Event& event) {
    return std::visit([](const auto& one) { return one.name; }, event);
}

}  // namespace holdfast::order
