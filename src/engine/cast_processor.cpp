#include "engine/cast_processor.h"

#include "base/verify.h"
#include "engine/courier.h"

#include <array>
#include <iterator>

namespace holdfast::engine {
namespace {

// By turns, so that each happens to an order with three instructions.
Script flaky_script(std::uint32_t no) {
    constexpr std::array turns{Script::accept, Script::execute_and_break, Script::break_before};
    return turns[no % turns.size()];
}

Script script_of(ProcessorPart part, std::uint32_t no) {
    switch (part) {
    case ProcessorPart::reliable: return Script::settle;
    case ProcessorPart::flaky:    return flaky_script(no);
    case ProcessorPart::failing:  return Script::fail;
    case ProcessorPart::count_:   break;
    }
    VERIFY(!"a ProcessorPart outside its list");
}

Sending said_by(ProcessorPart part, Sending sending) {
    sending.part = std::string("processor.").append(to_string(part));
    return sending;
}

}  // namespace

std::optional<ProcessorPart> CastProcessor::part_of(const Outgoing& outgoing) {
    const auto key = parse_key(outgoing.key);
    if (!key || key->kind != instruction_kind) return std::nullopt;
    std::optional<ProcessorPart> part;
    port_.use([&](store::Store&, Writer& writer) {
        const auto found = writer.look_up(key->stream);
        if (!found || !*found) return;
        if (const auto* order = std::get_if<LiveOrder>(&(*found)->what))
            part = order->cast.processor;
    });
    return part;
}

Sending CastProcessor::send(const Outgoing& outgoing) {
    const auto part = part_of(outgoing);
    if (!part) return others_.send(outgoing);
    const bool is_first = sent_.insert(outgoing.key).second;
    if (is_first) played_.script(script_of(*part, parse_key(outgoing.key)->no));
    return said_by(*part, played_.send(outgoing));
}

// What it never heard of may have been told to the other one, before the order had this cast.
Sending CastProcessor::ask(const Outgoing& outgoing) {
    const auto part = part_of(outgoing);
    if (!part) return others_.ask(outgoing);
    auto sending = played_.ask(outgoing);
    if (sending.fate == Fate::never_heard) {
        const auto other = others_.ask(outgoing);
        if (other.fate == Fate::succeeded || other.fate == Fate::failed) return other;
    }
    return said_by(*part, std::move(sending));
}

std::expected<std::vector<Listed>, std::string> CastProcessor::list() {
    auto all = others_.list();
    auto played = played_.list();
    if (all)
        all->insert(all->end(), std::make_move_iterator(played->begin()),
                    std::make_move_iterator(played->end()));
    return all;
}

}  // namespace holdfast::engine
