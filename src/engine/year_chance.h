// Throws for a made year: what comes out follows from a seed and the question alone, so that the
// same question has the same answer whenever it is asked, and no question moves another's answer.
#pragma once

#include "base/instant.h"
#include "base/verify.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace holdfast::engine {

class Chance {
public:
    constexpr explicit Chance(std::uint64_t seed) : seed_(seed) {}

    // The throws of one among many: of an order, of a dispute of it.
    constexpr Chance of(std::uint64_t number) const {
        return Chance(mixed(seed_ ^ mixed(number + step)));
    }

    constexpr std::uint64_t about(std::string_view question) const {
        auto sum = seed_;
        for (const char one : question) sum = mixed(sum ^ static_cast<unsigned char>(one));
        return mixed(sum);
    }
    constexpr bool happens(int in_a_thousand, std::string_view question) const {
        return about(question) % 1'000 < static_cast<std::uint64_t>(in_a_thousand);
    }
    // Both ends are among them; `last` is not below `first`.
    constexpr std::int64_t between(std::int64_t first, std::int64_t last,
                                   std::string_view question) const {
        const auto width = static_cast<std::uint64_t>(last - first) + 1;
        return first + static_cast<std::int64_t>(about(question) % width);
    }
    // To the second: nothing that people do is more exact.
    constexpr Duration time(Duration least, Duration most, std::string_view question) const {
        using std::chrono::seconds;
        return seconds{between(std::chrono::floor<seconds>(least).count(),
                               std::chrono::floor<seconds>(most).count(), question)};
    }
    template <class Range>
    constexpr const auto& one_of(const Range& range, std::string_view question) const {
        return range[about(question) % std::size(range)];
    }
    // An index, each as often as its weight says; not all are 0.
    constexpr std::size_t weighed(std::span<const int> weights, std::string_view question) const {
        std::uint64_t sum = 0;
        for (const int one : weights) sum += static_cast<std::uint64_t>(one);
        auto left = about(question) % sum;
        for (std::size_t i = 0; i < weights.size(); ++i) {
            if (left < static_cast<std::uint64_t>(weights[i])) return i;
            left -= static_cast<std::uint64_t>(weights[i]);
        }
        VERIFY(!"a throw beyond its weights");
    }

private:
    static constexpr std::uint64_t step = 0x9e3779b97f4a7c15ULL;

    // The finisher of SplitMix64 (Steele, Lea and Flood, 2014).
    static constexpr std::uint64_t mixed(std::uint64_t value) {
        value += step;
        value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9ULL;
        value = (value ^ (value >> 27U)) * 0x94d049bb133111ebULL;
        return value ^ (value >> 31U);
    }

    std::uint64_t seed_;
};

}  // namespace holdfast::engine
