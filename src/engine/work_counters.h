// Counts of works by what was asked and how it was answered, and how long commits took, as metrics
// want them: holdfast_commands_total, holdfast_store_commit_duration_seconds.
#pragma once

#include "engine/observer.h"

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

namespace holdfast::engine {

// What a work asks for, as one word of a fixed set: "open_dispute", "instruction_settled".
std::string_view command_of(const Work& work);

class WorkCounters final : public Observer {
public:
    // How many commits took at most so long; the last count is of the longer ones.
    static constexpr std::array<std::chrono::microseconds, 11> bounds{
        std::chrono::microseconds{250},
        std::chrono::microseconds{500},
        std::chrono::microseconds{1'000},
        std::chrono::microseconds{2'500},
        std::chrono::microseconds{5'000},
        std::chrono::microseconds{10'000},
        std::chrono::microseconds{25'000},
        std::chrono::microseconds{100'000},
        std::chrono::microseconds{500'000},
        std::chrono::seconds{2},
        std::chrono::seconds{10}};
    struct Durations {
        std::array<std::uint64_t, bounds.size() + 1> counts{};
        std::chrono::nanoseconds sum{};
    };
    struct Answered {
        std::string_view command, outcome;
        std::uint64_t count = 0;
    };

    void answered(const Work& work, Outcome outcome) override;
    void committed(std::chrono::nanoseconds duration) override;

    std::vector<Answered> answers() const;  // those that there were
    // Reports of notices that were taken, by what became of them.
    std::uint64_t notices(order::NoticeState state) const;
    Durations commits() const;

private:
    template <class Variant>
    static constexpr std::size_t kinds_of = std::variant_size_v<Variant>;
    static constexpr std::size_t kinds = 2 + kinds_of<order::Request> + kinds_of<order::Seen> +
                                         kinds_of<ledger::Request> + kinds_of<ledger::Seen>;
    using Row = std::array<std::atomic<std::uint64_t>, static_cast<std::size_t>(Outcome::count_)>;

    std::array<Row, kinds> answers_{};
    std::array<std::atomic<std::uint64_t>, static_cast<std::size_t>(order::NoticeState::count_)>
        notices_{};
    mutable std::mutex mutex_;
    Durations commits_;
};

}  // namespace holdfast::engine
