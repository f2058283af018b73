// A processor for tests and demos that really keeps what it was told, and answers as a script says.
#pragma once

#include "engine/processor.h"

#include <deque>
#include <map>
#include <string>

namespace holdfast::engine {

// How the next send is answered.
enum class Script : std::uint8_t {
    settle,             // executed, and said so
    fail,               // refused for good
    accept,             // executed later: under way now, succeeded when asked
    execute_and_break,  // executed, then no answer or a 500
    break_before,       // no answer, and nothing happened
    count_
};

class SandboxProcessor final : public Processor {
public:
    void script(Script next) { script_.push_back(next); }  // after the script: settle

    std::string_view name() const override { return "sandbox"; }
    Sending send(const Outgoing& outgoing) override;
    Sending ask(const Outgoing& outgoing) override;
    std::expected<std::vector<Listed>, std::string> list() override;

    std::size_t executed() const;  // payments that really happened
    std::size_t requests() const { return requests_; }

private:
    struct Kept {
        Outgoing outgoing;
        Fate fate = Fate::succeeded;
    };
    std::map<std::string, Kept> kept_;
    std::deque<Script> script_;
    std::size_t requests_ = 0;
};

}  // namespace holdfast::engine
