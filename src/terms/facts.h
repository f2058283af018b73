// What is known about one order: the only input of terms.
//
// Facts come from live orders, imports, what-if questions and worked cases alike, in any order and
// with any of them missing. Each keeps who said it and when that was seen.
#pragma once

#include "base/instant.h"
#include "base/word.h"
#include "terms/vocabulary.h"

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace holdfast::terms {

// A point in time as facts and clauses know it: nothing, an Instant, or a Day. A Day waits for a
// zone to end in.
class When {
public:
    constexpr When() = default;
    constexpr When(Instant at)
        : kind_(Kind::instant), value_(at.time_since_epoch().count()) {}                   // NOLINT
    constexpr When(Day day) : kind_(Kind::day), value_(day.time_since_epoch().count()) {}  // NOLINT

    constexpr bool known() const { return kind_ != Kind::none; }
    constexpr bool is_instant() const { return kind_ == Kind::instant; }
    constexpr bool is_day() const { return kind_ == Kind::day; }
    constexpr Instant instant() const { return Instant{Duration{value_}}; }
    constexpr Day day() const { return Day{std::chrono::days{value_}}; }

    friend constexpr bool operator==(const When&, const When&) = default;

private:
    enum class Kind : std::uint8_t { none, instant, day };
    Kind kind_ = Kind::none;
    std::int64_t value_ = 0;
};

// Who said a fact, and when that was seen. `source` indexes Facts::sources; 0 is "given".
struct Known {
    std::uint16_t source = 0;
    Instant seen_at{};
    friend bool operator==(const Known&, const Known&) = default;
};

// A time in which the service was down, [from, until): nobody could use their window in it.
struct Outage {
    Instant from, until;
    friend bool operator==(const Outage&, const Outage&) = default;
};

class Facts {
public:
    When at(Moment moment) const { return moments_[index_of(moment)]; }
    void set(Moment moment, When when, Known known = {});

    const Word& word(Attribute attribute) const {
        return words_[index_of(attribute)];
    }  // empty: unknown
    void set(Attribute attribute, Word word, Known known = {});

    // Counters are 0 and `total` is a sum until set; everything else is unknown until set.
    std::optional<std::int64_t> number(Number number) const;
    void set(Number number, std::int64_t value, Known known = {});
    void clear(Moment moment) { moments_[index_of(moment)] = When{}; }
    void clear(Attribute attribute) { words_[index_of(attribute)] = Word{}; }
    void clear(Number number) { numbers_[index_of(number)].reset(); }

    bool has_mark(Marks set, const Word& mark) const;
    const std::vector<Word>& marks(Marks set) const { return marks_[index_of(set)]; }
    void add_mark(Marks set, Word mark);
    void remove_mark(Marks set, const Word& mark);

    Known known(Moment moment) const { return moments_known_[index_of(moment)]; }
    Known known(Attribute attribute) const { return words_known_[index_of(attribute)]; }
    Known known(Number number) const { return numbers_known_[index_of(number)]; }

    std::uint16_t source(std::string name);  // makes or finds it
    const std::string& source_name(std::uint16_t index) const { return sources_.at(index); }

    // Sorted, and apart from one another: what overlaps or touches becomes one.
    const std::vector<Outage>& outages() const { return outages_; }
    void add_outage(Instant from, Instant until);

    friend bool operator==(const Facts&, const Facts&) = default;

private:
    std::array<When, count_of<Moment>> moments_{};
    std::array<Word, count_of<Attribute>> words_{};
    std::array<std::optional<std::int64_t>, count_of<Number>> numbers_{};
    std::array<std::vector<Word>, count_of<Marks>> marks_{};
    std::array<Known, count_of<Moment>> moments_known_{};
    std::array<Known, count_of<Attribute>> words_known_{};
    std::array<Known, count_of<Number>> numbers_known_{};
    std::vector<std::string> sources_{"given"};
    std::vector<Outage> outages_;
};

// Where order and dispute stand, and whether `who` is waited for: docs/terms-language.md,
// section 6. A Day among the facts counts as its first midnight in UTC here, where only the order
// of things matters.
Stage order_stage(const Facts& facts);
Stage dispute_stage(const Facts& facts);
bool is_open(Stage dispute);
bool waits_for(const Facts& facts, Waiting who);

}  // namespace holdfast::terms
