#include "order/decide.h"

#include "base/try.h"
#include "base/verify.h"
#include "order/handle.h"
#include "order/settle.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace holdfast::order {
namespace {

// Numbers of instructions are no part of what a default does.
Event without_numbers(Event event) {
    if (auto* one = std::get_if<RefundIssued>(&event)) one->instruction = {};
    if (auto* one = std::get_if<Compensated>(&event)) one->instruction = {};
    if (auto* one = std::get_if<AuthorisationEnded>(&event)) one->instruction = {};
    return event;
}

// What the defaults that have struck at `now` will do, their grace aside.
std::vector<std::pair<Instant, Event>> pending_effects(const Order& order, const Rules& rules,
                                                       Instant now) {
    auto at_once = rules;
    at_once.grace = Duration{};
    std::vector<std::pair<Instant, Event>> effects;
    for (const auto& change : catch_up(order, at_once, now))
        for (const auto& recorded : change)
            effects.emplace_back(recorded.when, without_numbers(recorded.event));
    return effects;
}

// A default has struck and is about to be carried out: nothing may change what it does.
Check need_no_pending_default(const Order& before, const Draft& draft, const Due& due,
                              Instant received_at) {
    const auto& rules = draft.rules();
    if (pending_effects(before, rules, received_at) ==
        pending_effects(draft.order(), rules, received_at))
        return {};
    return std::unexpected(Refusal{.code = RefusalCode::default_pending,
                                   .outcome = terms::Outcome::pending,
                                   .clause = due.clause,
                                   .closes_at = due.legal_at});
}

// What the terms said no with.
Refusal with_standing(Refusal refusal, const std::optional<Standing>& standing) {
    if (refusal.code == RefusalCode::not_granted) refusal.standing = standing;
    return refusal;
}

}  // namespace

Decision decide(const Order& order, const Rules& rules, const Command& command,
                Instant received_at) {
    return decide(order, rules, command, received_at, deadlines(order, rules));
}

Decision decide(const Order& order, const Rules& rules, const Command& command, Instant received_at,
                std::span<const Due> ahead) {
    const bool places = std::holds_alternative<Place>(command.request);
    if (!order.placed && !places) return no(RefusalCode::not_placed);
    if (order.placed && places) return no(RefusalCode::already_placed);

    const auto* next = ahead.empty() ? nullptr : &ahead.front();
    VERIFY(!next || next->legal_at + rules.grace > received_at);  // caught up

    const bool opens = std::holds_alternative<OpenDispute>(command.request);
    Draft draft(order, rules, received_at);
    if (opens && command.standing)
        draft.add(StandingSeen{command.standing->since, command.standing->figures});
    const Asked asked{draft, command.by, received_at};
    const auto check =
        std::visit([&](const auto& request) { return handle(asked, request); }, command.request);
    if (!check) return std::unexpected(with_standing(check.error(), command.standing));
    if (opens) strike_at_once(draft, nth<DisputeNo>(draft.order().disputes.size() - 1));
    settle_up(draft);
    if (next && next->legal_at <= received_at)
        TRY(need_no_pending_default(order, draft, *next, received_at));
    return draft.take();
}

}  // namespace holdfast::order
