// The processor of orders in a sandbox whose cast has one; all other money is for the processor
// that the server is set up with. It keeps to the real time, and what it did is in memory alone.
#pragma once

#include "engine/cast.h"
#include "engine/outbox_port.h"
#include "engine/processor.h"
#include "engine/sandbox_processor.h"

#include <expected>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::engine {

class CastProcessor final : public Processor {
public:
    CastProcessor(OutboxPort& port, Processor& others) : port_(port), others_(others) {}

    std::string_view name() const override { return others_.name(); }
    Sending send(const Outgoing& outgoing) override;
    Sending ask(const Outgoing& outgoing) override;
    std::expected<std::vector<Listed>, std::string> list() override;

private:
    std::optional<ProcessorPart> part_of(const Outgoing& outgoing);

    OutboxPort& port_;
    Processor& others_;
    SandboxProcessor played_;
    std::set<std::string> sent_;  // keys that were answered as their part has it
};

}  // namespace holdfast::engine
