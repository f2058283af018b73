// Takes money told to leave to the processor, and what became of it back to its stream.
//
// A row is marked unknown on the disk before it is sent: a process that dies in between finds it as
// what it is. An unknown row is asked about, on a written schedule; only a processor that never
// heard of it is told again, by the same key. What no answer settles needs a person.
#pragma once

#include "engine/processor.h"
#include "engine/work.h"
#include "store/store.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace holdfast::engine {

// When an unknown row is asked about again, counted from the try before; after the last, a person.
inline constexpr std::array<Duration, 8> ask_again_after{
    std::chrono::seconds{5},  std::chrono::minutes{1}, std::chrono::minutes{5},
    std::chrono::minutes{30}, std::chrono::hours{2},   std::chrono::hours{6},
    std::chrono::hours{24},   std::chrono::hours{72}};
// One that is under way (accepted, or in a person's hands) is asked about this often, for ever.
inline constexpr Duration ask_under_way_every = std::chrono::hours{1};

struct CourierCounts {
    std::uint64_t sent = 0, asked = 0, settled = 0, gave_up = 0, dropped = 0;
};

class Courier {
public:
    // How works get to the engine; waits for their answers.
    using Run = std::function<std::vector<Answer>(std::vector<Work>)>;
    // What is the instruction's state in its stream? none: there is no such instruction.
    using StateOf =
        std::function<std::optional<order::InstructionState>(const store::OutboxRow& row)>;

    Courier(store::Store& store, Processor& processor, Run run, StateOf state_of);

    // While fenced nothing is sent: after a restore, until reconciled.
    void set_fenced(bool fenced) { is_fenced_ = fenced; }
    bool is_fenced() const { return is_fenced_; }

    // One round over what is due at `now`, at most `limit` rows of each kind; how many were.
    std::size_t round(Instant now, std::size_t limit);

    const CourierCounts& counts() const { return counts_; }

private:
    void take(const store::OutboxRow& row, Instant now);
    void settle(const store::OutboxRow& row, bool succeeded, Instant now);
    void put_off(const store::OutboxRow& row, store::OutboxState state, Instant due,
                 std::int32_t attempts, std::string problem);

    store::Store& store_;
    Processor& processor_;
    Run run_;
    StateOf state_of_;
    bool is_fenced_ = false;
    CourierCounts counts_;
};

// What a row tells the processor; none if its text cannot be read.
std::optional<Outgoing> outgoing_of(const store::OutboxRow& row);

// What differs between our books and the processor's list, one line each; empty: every unit is
// explained.
std::vector<std::string> reconcile(std::span<const Outgoing> ours, std::span<const Listed> theirs);

}  // namespace holdfast::engine
