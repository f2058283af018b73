// Who really moves money: the port between the engine and a payment processor.
//
// Money leaves by a key that comes from (stream, kind, ordinal) and from nothing else, so that the
// same intent told twice has one effect. A time-out is `unknown`, never `failed`.
#pragma once

#include "base/id.h"
#include "base/money.h"

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::engine {

enum class Payment : std::uint8_t { refund, compensation, void_authorisation, payout, count_ };
std::string_view to_string(Payment value);

struct Outgoing {
    std::string key;  // "ord_…:instruction:2"
    Payment what = Payment::refund;
    Money amount;
    std::string source = {};       // the processor's payment that is given back or voided
    std::string destination = {};  // the processor's account that a payout goes to
};

enum class Fate : std::uint8_t {
    succeeded,
    failed,       // for good; nothing moved and nothing will
    under_way,    // accepted; how it ends is told or asked later
    unknown,      // no answer that could be believed
    never_heard,  // to a question only: no such key
    count_
};
std::string_view to_string(Fate value);

struct Sending {
    Fate fate = Fate::unknown;
    std::string problem = {};  // of failed and unknown, for people
    std::string part = {};     // of the sandbox's cast that it is played by; empty: no such
};

// One payment as the processor's own list has it, for reconciliation.
struct Listed {
    std::string key;
    Money amount;
    Fate fate = Fate::succeeded;
};

class Processor {
public:
    virtual ~Processor() = default;
    virtual std::string_view name() const = 0;
    // Both may block for as long as a request may take, and never throw for what the processor
    // or the network does.
    virtual Sending send(const Outgoing& outgoing) = 0;
    virtual Sending ask(const Outgoing& outgoing) = 0;
    // All of it, or the reason why it cannot be had: half a list explains nothing.
    virtual std::expected<std::vector<Listed>, std::string> list() = 0;
};

// A person moves the money by hand and confirms it: everything told is under way until they do.
class ManualProcessor final : public Processor {
public:
    std::string_view name() const override { return "manual"; }
    Sending send(const Outgoing&) override { return {.fate = Fate::under_way}; }
    Sending ask(const Outgoing&) override { return {.fate = Fate::under_way}; }
    std::expected<std::vector<Listed>, std::string> list() override {
        return std::unexpected("money moved by hand is in nobody's list");
    }
};

}  // namespace holdfast::engine
