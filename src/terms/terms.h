// A programme's terms, compiled: flat arrays that ask() walks without allocating.
//
// Made by load() from a terms file (docs/terms-language.md); never changed afterwards. Zones and
// calendars are borrowed and must outlive it.
#pragma once

#include "base/calendar.h"
#include "base/hash.h"
#include "base/instant.h"
#include "base/word.h"
#include "base/zone.h"
#include "terms/vocabulary.h"

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace holdfast::terms {

enum class Unit : std::uint8_t { elapsed_ms, days, business_days, weeks, months, years };

struct Span {
    Unit unit = Unit::elapsed_ms;
    std::int64_t count = 0;  // of the unit; of milliseconds for elapsed_ms
    friend bool operator==(const Span&, const Span&) = default;
};

enum class Op : std::uint8_t {
    // Time: give a When.
    moment,
    named,
    plus,
    minus,
    plus_table,
    plus_number,
    day,
    end,
    start,
    roll,
    latest,
    last,
    earliest,
    either,
    held,
    // Number: give whole units, or nothing.
    literal,
    number,
    table,
    add,
    subtract,
    multiply,
    min,
    max,
    share,
};

// One step of an expression; its parts are a chain of siblings from `part` over `next`.
struct Node {
    Op op = Op::literal;
    std::int32_t part = -1;
    std::int32_t next = -1;
    std::int64_t value = 0;  // a moment, number, table, named moment, literal or zone, by op
    Span span{};
};

enum class Test : std::uint8_t {
    word_in,
    word_not_in,  // subject: Attribute; words
    has_mark,
    lacks_mark,  // subject: Marks; words[0]
    knows_moment,
    knows_word,
    knows_number,  // subject; `negated` for "lacks"
    less,
    less_equal,
    greater,
    greater_equal,
    equal,  // left, right: number expressions
    at_before,
    at_after,  // left: time expression, against the question's instant
    before,
    after,  // left, right: time expressions
    dispute_open,
    stage_in,
    stage_not_in,  // stages
    any,           // parts: or
};

struct Condition {
    Test test = Test::dispute_open;
    std::int32_t subject = -1;
    std::int32_t left = -1;
    std::int32_t right = -1;
    bool negated = false;
    std::uint32_t words_begin = 0, words_end = 0;
    std::uint32_t parts_begin = 0, parts_end = 0;
    StageSet stages = {};
    std::optional<Outcome> otherwise =
        {};                            // the outcome when it fails; none: the clause does not apply
    std::optional<Party> winner = {};  // with `otherwise`
    std::string text = {};             // as written
};

struct Conditions {
    std::uint32_t begin = 0, end = 0;
};

enum class Grade : std::uint8_t { primary, copy, secondary, inferred, law };
std::string_view to_string(Grade grade);

struct Source {
    std::string key, url, date;
    Grade grade = Grade::secondary;
    std::string note;
};

enum class Kind : std::uint8_t { right, fallback, limit, award, info };  // fallback: a default
std::string_view to_string(Kind kind);                                   // "right", "default", …

// A clause of any kind; which members mean something follows from the kind.
struct Clause {
    Kind kind = Kind::info;
    std::string id, text, reading, note;
    std::vector<std::string> sources;  // keys
    std::optional<Grade> grade;
    std::string carried_from;  // the file that it was taken over from; empty: this one
    std::uint32_t line = 0;

    ReasonSet reasons;  // none: whatever the reason
    Conditions when, unless;
    std::optional<Outcome> says;
    std::optional<Party> winner;
    RemedySet remedies;
    std::optional<bool> return_required;
    std::int32_t amount = -1;

    // right
    Party who = Party::buyer;
    Verb verb = Verb::open_dispute;
    std::int32_t opens = -1, closes = -1;  // time expressions; -1: no bound
    std::int32_t times = 0;                // 0: no limit
    Outcome early = Outcome::too_early;    // also of a default
    Outcome spent = Outcome::already_disputed;
    std::optional<Party> lapse_winner;
    std::int32_t award = -1;  // index of a clause
    std::string award_id;
    std::optional<Moment> moves;

    // default
    std::optional<Waiting> waits_for;
    StageSet in;
    std::int32_t at = -1;
    Action action = Action::refund;

    // limit
    std::int32_t after = -1;
    VerbSet bars;
    ActionSet bars_actions;

    // award
    Topic topic = Topic::refund;
    std::optional<Party> postage;
    std::optional<Funder> funded_by;

    // Worked out once all is loaded, since every question wants it: the moments that `at` speaks
    // of, those that anything here speaks of, and whether a condition asks for the tracking word.
    MomentSet at_moments, all_moments;
    bool asks_tracking = false;
};

// What one side of a dispute should show: guidance for people, which decides nothing.
struct ChecklistItem {
    std::string id, text;
    std::vector<std::string> sources;  // keys
    std::uint32_t line = 0;
    Party of = Party::buyer;  // buyer or seller
    ReasonSet reasons;        // none: whatever the reason
    Conditions when;
    std::vector<EvidenceKind> kinds;  // each once, one or more
    Need need = Need::helpful;
};

struct NamedMoment {
    std::string name;
    std::int32_t expression = -1;
    std::string clause;
    std::string text;
};

struct TableRow {
    Word key;  // empty: else
    Span span{};
    std::int64_t number = 0;
};

struct Table {
    std::string name;
    Attribute by = Attribute::destination;
    bool is_durations = false;
    std::vector<TableRow> rows;
};

enum class Role : std::uint8_t { platform, seller, law, checklist };

struct Terms {
    std::string id, programme, title, zone_basis, extends;
    Role role = Role::platform;
    std::optional<Day> from, until;  // orders placed from…, before…
    const Zone* zone = nullptr;
    std::vector<const Zone*> zones;  // named in day(x, "…")
    const Calendars* calendars = nullptr;
    std::string calendar = "weekdays";
    std::optional<Duration> silent_after;
    // Where money is held here, a default takes effect no earlier than the sight of its anchor plus
    // this.
    std::optional<Duration> notice;
    // How a party stands is counted over the orders placed so long before.
    Duration looks_back = std::chrono::days{365};
    Hash content_hash{};  // of the file's text and its parents'

    std::vector<Source> sources;
    std::vector<NamedMoment> moments;
    std::vector<Table> tables;
    std::vector<Node> nodes;
    std::vector<Condition> conditions;
    std::vector<Word> words;
    std::vector<Clause> clauses;
    // Which of them a question can be about, in the order of the file: what time does, what bars
    // it; what may be done, by its verb, what bars that; what something comes to.
    std::vector<std::int32_t> defaults, action_limits, awards;
    std::array<std::vector<std::int32_t>, count_of<Verb>> rights, verb_limits;
    NumberSet asks_standing = {};          // how the parties stand: what of it a clause speaks of
    std::vector<ChecklistItem> checklist;  // of a checklist, which has no clauses

    bool speaks_of(Verb verb) const { return !rights[index_of(verb)].empty(); }
    const Clause* find(std::string_view clause_id) const;
    const Clause* clause_at(std::int32_t index) const;  // of an answer; -1: none
    const Source* find_source(std::string_view key) const;
};

// The text of an expression, for people: "shipped(all) + 10d".
std::string to_text(const Terms& terms, std::int32_t index);
std::string to_text(const Span& span);

}  // namespace holdfast::terms
