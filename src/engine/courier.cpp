#include "engine/courier.h"

#include "base/verify.h"
#include "engine/cast.h"
#include "engine/outbox_text.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

namespace holdfast::engine {
namespace {

using store::OutboxState;

// Longer than a few requests take that all run into their time-out.
constexpr Duration lease_time = std::chrono::minutes{5};

Payment payment_of(order::InstructionKind kind) {
    switch (kind) {
    case order::InstructionKind::refund:             return Payment::refund;
    case order::InstructionKind::compensation:       return Payment::compensation;
    case order::InstructionKind::void_authorisation: return Payment::void_authorisation;
    case order::InstructionKind::count_:             break;
    }
    VERIFY(false);
}

std::string key_of(std::string_view prefix, const store::StreamId& stream, std::string_view kind,
                   std::uint32_t ordinal) {
    return std::string(prefix) + "_" + to_base32(stream.bytes) + ":" + std::string(kind) + ":" +
           std::to_string(ordinal);
}

bool is_done(const Answer& answer) {
    return answer.outcome == Outcome::done || answer.outcome == Outcome::replayed;
}

}  // namespace

Outgoing outgoing_of(const store::StreamId& stream, const InstructionText& told) {
    return {.key = key_of("ord", stream, instruction_kind, told.no.value),
            .what = payment_of(told.kind),
            .amount = Money::of_minor(told.amount, told.currency),
            .source = told.source};
}

Outgoing outgoing_of(const store::StreamId& stream, const PayoutText& told) {
    return {.key = key_of("pty", stream, payout_kind, told.no.value),
            .what = Payment::payout,
            .amount = Money::of_minor(told.amount, told.currency),
            .destination = told.destination};
}

std::optional<Outgoing> outgoing_of(const store::OutboxRow& row) {
    if (row.item.kind == instruction_kind) {
        const auto told = decode_instruction(row.item.payload);
        return told ? std::optional(outgoing_of(row.stream, *told)) : std::nullopt;
    }
    const auto told = decode_payout(row.item.payload);
    if (row.item.kind != payout_kind || !told) return std::nullopt;
    return outgoing_of(row.stream, *told);
}

// "ord_<stream>:instruction:<no>" or "pty_<stream>:payout:<no>", spelled as key_of() does.
std::optional<KeyParts> parse_key(std::string_view key) {
    constexpr std::size_t prefix_size = 4, stream_size = 26;
    const bool is_order = key.starts_with("ord_");
    const auto bytes = parse_base32(key.substr(std::min(prefix_size, key.size()), stream_size));
    if (!bytes || (!is_order && !key.starts_with("pty_"))) return std::nullopt;
    const auto kind = is_order ? instruction_kind : payout_kind;
    const auto digits = key.substr(std::min(key.rfind(':') + 1, key.size()));
    KeyParts parts{.stream = {*bytes}, .kind = kind};
    std::from_chars(digits.data(), digits.data() + digits.size(), parts.no);
    const bool is_ours = key == key_of(key.substr(0, 3), parts.stream, kind, parts.no);
    return is_ours && parts.no > 0 ? std::optional(parts) : std::nullopt;
}

std::optional<Work> work_of_end(const KeyParts& key, Fate fate, Instant now) {
    if (fate != Fate::succeeded && fate != Fate::failed) return std::nullopt;
    const bool is_good = fate == Fate::succeeded;
    Work work{.stream = key.stream, .what = Tick{}, .received_at = now};
    if (key.kind == payout_kind) {
        const auto state = is_good ? ledger::PayoutState::succeeded : ledger::PayoutState::failed;
        work.what = ledger::Observation{
            .when = now, .seen = ledger::SeePayout{.payout = {key.no}, .state = state}};
        return work;
    }
    if (key.no > std::numeric_limits<std::uint16_t>::max()) return std::nullopt;
    const order::InstructionNo no{static_cast<std::uint16_t>(key.no)};
    const auto state =
        is_good ? order::InstructionState::succeeded : order::InstructionState::failed;
    work.what = order::Observation{
        .when = now, .seen = order::SeeInstruction{.instruction = no, .state = state}};
    return work;
}

std::optional<Work> ending_of(const store::OutboxRow& row, Fate fate, Instant now) {
    const auto outgoing = outgoing_of(row);
    const auto key = outgoing ? parse_key(outgoing->key) : std::nullopt;
    auto work = key ? work_of_end(*key, fate, now) : std::nullopt;
    if (work) work->delivers = {row.no};
    return work;
}

namespace {

// In its stream, by whatever way.
bool is_settled(Writer& writer, const store::OutboxRow& row) {
    const auto live = writer.look_up(row.stream);
    if (!live || !*live) return false;
    if (const auto* order = std::get_if<LiveOrder>(&(*live)->what)) {
        const auto told = decode_instruction(row.item.payload);
        return told && order::has(order->state.instructions, told->no) &&
               order->state.instructions[order::index_of(told->no)].state !=
                   order::InstructionState::pending;
    }
    const auto told = decode_payout(row.item.payload);
    const auto& payouts = std::get<LiveParty>((*live)->what).state.payouts;
    return told && told->no.value >= 1 && told->no.value <= payouts.size() &&
           payouts[told->no.value - 1].state != ledger::PayoutState::in_flight;
}

}  // namespace

std::size_t Courier::round(Instant now, std::size_t limit) {
    if (port_.is_fenced()) return 0;
    std::size_t taken = 0;
    for (const auto kind : {instruction_kind, payout_kind}) {
        const auto rows = port_.lease(kind, now, now + lease_time, limit);
        for (const auto& row : rows) take(row, now);
        taken += rows.size();
    }
    return taken;
}

void Courier::take(const store::OutboxRow& row, Instant now) {
    // Settled by another way (a callback, an operator) while the row waited: nothing is left to do.
    bool settled = false;
    port_.use([&](store::Store&, Writer& writer) { settled = is_settled(writer, row); });
    if (settled) {
        port_.end(row.no);
        ++counts_.dropped;
        return;
    }
    const auto outgoing = outgoing_of(row);
    if (!outgoing) {
        put_off(row, OutboxState::needs_attention, row.item.due, row.attempts,
                "the row cannot be read");
        return;
    }

    Sending sending{.fate = Fate::never_heard};
    if (row.state == OutboxState::unknown) {
        sending = processor_.ask(*outgoing);
        ++counts_.asked;
    }
    const auto attempts = row.attempts + 1;
    if (sending.fate == Fate::never_heard) {
        if (!put_off(row, OutboxState::unknown, now + lease_time, attempts,
                     "sent, and not answered yet"))
            return;  // it is in other hands by now
        sending = processor_.send(*outgoing);
        ++counts_.sent;
    }
    switch (sending.fate) {
    case Fate::succeeded:
    case Fate::failed:    return settle(row, sending, now);
    case Fate::under_way:
        put_off(row, OutboxState::unknown, now + ask_under_way_every, 0, "under way");
        return;
    case Fate::never_heard:
    case Fate::unknown:
    case Fate::count_:      break;
    }
    const auto tries = static_cast<std::size_t>(attempts);
    if (tries <= ask_again_after.size()) {
        put_off(row, OutboxState::unknown, now + ask_again_after[tries - 1], attempts,
                sending.problem);
        return;
    }
    ++counts_.gave_up;
    put_off(row, OutboxState::needs_attention, now, attempts, sending.problem);
}

// The row ends with the commit that records its end, so neither is ever without the other.
void Courier::settle(const store::OutboxRow& row, const Sending& sending, Instant now) {
    auto work = ending_of(row, sending.fate, now);
    VERIFY(work.has_value());
    work->cause = sending.part.empty() ? "processor:" + std::string(processor_.name())
                                       : acting_cause(sending.part);
    if (sending.fate == Fate::failed && !sending.problem.empty())
        work->cause += ": " + sending.problem;
    const auto answer = port_.run(std::move(*work));
    if (is_done(answer)) {
        ++counts_.settled;
        return;
    }
    if (is_passing(answer.outcome)) return;
    put_off(row, OutboxState::needs_attention, now, row.attempts + 1,
            "its end cannot be recorded: " + std::string(to_string(answer.outcome)));
}

bool Courier::put_off(const store::OutboxRow& row, OutboxState state, Instant due,
                      std::int32_t attempts, std::string problem) {
    const store::OutboxUpdate update{.no = row.no,
                                     .lease = row.lease,
                                     .state = state,
                                     .due = due,
                                     .attempts = attempts,
                                     .problem = std::move(problem)};
    return port_.update(update);
}

}  // namespace holdfast::engine
