// One handler per request and per observation; each fills the draft or says no.
// Inside this folder only: decide.h is the way in.
#pragma once

#include "order/door.h"

namespace holdfast::order {

// request_order.cpp: placing, cancelling, extending, receiving, money without a dispute
Check handle(const Asked& asked, const Place& place);
Check handle(const Asked& asked, const Cancel& cancel);
Check handle(const Asked& asked, const DeclineCancel& decline);
Check handle(const Asked& asked, const RequestExtension& request);
Check handle(const Asked& asked, const Extend& extend);
Check handle(const Asked& asked, const ConfirmReceipt& confirm);
Check handle(const Asked& asked, const Refund& request);
Check handle(const Asked& asked, const Compensate& request);
Check handle(const Asked& asked, const PromiseGift& gift);
Check handle(const Asked& asked, const RepeatInstruction& repeat);
Check handle(const Asked& asked, const AnswerChargeback& answer);
Check handle(const Asked& asked, const SettleArrival& settle);

// request_dispute.cpp: the quarrel
Check handle(const Asked& asked, const OpenDispute& open);
Check handle(const Asked& asked, const ModifyDispute& modify);
Check handle(const Asked& asked, const WithdrawDispute& withdraw);
Check handle(const Asked& asked, const Respond& respond);
Check handle(const Asked& asked, const MakeOffer& make);
Check handle(const Asked& asked, const AcceptOffer& accept);
Check handle(const Asked& asked, const DeclineOffer& decline);
Check handle(const Asked& asked, const LinkUpstream& link);

// request_review.cpp: the platform's part, and the return
Check handle(const Asked& asked, const Escalate& escalate);
Check handle(const Asked& asked, const RequestEvidence& request);
Check handle(const Asked& asked, const SubmitEvidence& submit);
Check handle(const Asked& asked, const Decide& decide);
Check handle(const Asked& asked, const Appeal& appeal);
Check handle(const Asked& asked, const PrepareReturn& prepare);
Check handle(const Asked& asked, const SendReturn& send);
Check handle(const Asked& asked, const ReceiveReturn& receive);
Check handle(const Asked& asked, const ContestReturn& contest);

// request_message.cpp
Check handle(const Asked& asked, const SendMessage& send);

}  // namespace holdfast::order
