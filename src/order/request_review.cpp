#include "order/deadlines.h"
#include "order/evidence.h"
#include "order/handle.h"
#include "order/money.h"
#include "order/settle.h"

#include "base/try.h"

#include <algorithm>

namespace holdfast::order {
namespace {

using terms::Verb;

Check need_review(const Asked& asked, DisputeNo dispute) {
    TRY(need_quarrel(asked, dispute));
    const auto phase = asked.order().dispute(dispute).phase;
    if (phase != DisputePhase::escalated && phase != DisputePhase::appealed)
        return no(RefusalCode::not_under_review);
    return {};
}

// A return of this dispute that is under way and neither accepted nor refused.
Check need_return(const Asked& asked, DisputeNo dispute, bool sent) {
    TRY(need_dispute(asked, dispute));
    const auto& one = asked.order().dispute(dispute);
    if (one.phase != DisputePhase::returning || one.back->sent.has_value() != sent)
        return no(RefusalCode::no_return);
    return {};
}

}  // namespace

Check handle(const Asked& asked, const Escalate& escalate) {
    TRY(need_quarrel(asked, escalate.dispute));
    if (asked.order().dispute(escalate.dispute).phase != DisputePhase::negotiating)
        return no(RefusalCode::not_negotiating);
    if (asked.by != Party::platform)
        TRY(need_right(asked, {.verb = Verb::escalate, .scope = {.dispute = escalate.dispute}}));
    asked.draft.add(Escalated{.dispute = escalate.dispute});
    return {};
}

Check handle(const Asked& asked, const RequestEvidence& request) {
    TRY(need_role(asked, {Party::platform}));
    if (request.of != Party::buyer && request.of != Party::seller)
        return no(RefusalCode::malformed);
    TRY(need_review(asked, request.dispute));
    if (request.due_at <= asked.received_at) return no(RefusalCode::due_in_past);
    asked.draft.add(
        EvidenceRequested{.dispute = request.dispute, .of = request.of, .due_at = request.due_at});
    return {};
}

Check handle(const Asked& asked, const SubmitEvidence& submit) {
    const auto kind = terms::parse_word<terms::EvidenceKind>(submit.kind.view());
    if (!kind || !faults_of(*kind, submit.content.has_value(), submit.record).empty())
        return no(RefusalCode::malformed);
    const auto& order = asked.order();
    const auto& record = submit.record;
    if (record.shipment && !has(order.shipments, *record.shipment))
        return no(RefusalCode::unknown_shipment);
    TRY(need_dispute(asked, submit.dispute));
    if (record.refund && !find_refund(order, *record.refund))
        return no(RefusalCode::unknown_instruction);
    TRY(need_quarrel(asked, submit.dispute));
    TRY(need_right(asked, {.verb = Verb::submit_evidence, .scope = {.dispute = submit.dispute}}));
    asked.draft.add(EvidenceSubmitted{.dispute = submit.dispute,
                                      .by = asked.by,
                                      .kind = submit.kind,
                                      .content = submit.content.value_or(content_of(*kind, record)),
                                      .record = record});
    return {};
}

Check handle(const Asked& asked, const Decide& decide) {
    TRY(need_role(asked, {Party::platform}));
    auto verdict = decide.verdict;
    if (!is_sum(verdict.settlement) || verdict.winner == Party::platform)
        return no(RefusalCode::malformed);
    TRY(need_review(asked, decide.dispute));
    if (verdict.codes.empty()) return no(RefusalCode::code_missing);
    verdict.settlement = with_sum(asked, decide.dispute, verdict.settlement);
    if (const auto most = most_of(asked, decide.dispute, verdict.settlement);
        verdict.settlement.amount > most)
        return exceeds(most);

    const bool on_appeal = asked.order().dispute(decide.dispute).phase == DisputePhase::appealed;
    asked.draft.add(Decided{.dispute = decide.dispute, .verdict = std::move(verdict)});
    // Where time carries the verdict out, an appeal can come before it.
    if (on_appeal || !has_default(asked.order(), asked.draft.rules(), decide.dispute))
        carry_out_verdict(asked.draft, decide.dispute);
    return {};
}

Check handle(const Asked& asked, const Appeal& appeal) {
    TRY(need_quarrel(asked, appeal.dispute));
    if (asked.order().dispute(appeal.dispute).phase != DisputePhase::decided)
        return no(RefusalCode::not_under_review);
    TRY(need_right(asked, {.verb = Verb::appeal,
                           .scope = {.dispute = appeal.dispute},
                           .has_new_information = appeal.has_new_information}));
    asked.draft.add(Appealed{.dispute = appeal.dispute, .by = asked.by});
    return {};
}

Check handle(const Asked& asked, const PrepareReturn& prepare) {
    TRY(need_role(asked, {Party::seller, Party::platform}));
    TRY(need_return(asked, prepare.dispute, /*sent=*/false));
    asked.draft.add(ReturnPrepared{.dispute = prepare.dispute,
                                   .address = prepare.address,
                                   .label = prepare.label,
                                   .by = asked.by});
    return {};
}

Check handle(const Asked& asked, const SendReturn& send) {
    if (send.tracking.empty()) return no(RefusalCode::malformed);
    TRY(need_return(asked, send.dispute, /*sent=*/false));
    TRY(need_right(asked, {.verb = Verb::send_return, .scope = {.dispute = send.dispute}}));
    asked.draft.add(ReturnSent{.dispute = send.dispute, .tracking = send.tracking});
    return {};
}

Check handle(const Asked& asked, const ReceiveReturn& receive) {
    TRY(need_return(asked, receive.dispute, /*sent=*/true));
    TRY(need_right(asked, {.verb = Verb::complete_return, .scope = {.dispute = receive.dispute}}));
    asked.draft.add(ReturnReceived{.dispute = receive.dispute, .condition = receive.condition});
    const auto lines = asked.order().dispute(receive.dispute).lines;
    refund(asked.draft, receive.dispute, lines, return_due(asked.order(), receive.dispute));
    close(asked.draft, receive.dispute, Party::buyer);
    return {};
}

Check handle(const Asked& asked, const ContestReturn& contest) {
    if (contest.condition == Condition::as_sent_out) return no(RefusalCode::malformed);
    TRY(need_return(asked, contest.dispute, /*sent=*/true));
    TRY(need_right(asked, {.verb = Verb::contest_return, .scope = {.dispute = contest.dispute}}));
    asked.draft.add(ReturnContested{.dispute = contest.dispute, .condition = contest.condition});
    asked.draft.add(Escalated{.dispute = contest.dispute});
    return {};
}

}  // namespace holdfast::order
