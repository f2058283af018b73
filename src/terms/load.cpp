#include "terms/load.h"

#include "terms/evaluate.h"
#include "terms/parse.h"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>

namespace holdfast::terms {
namespace {

std::string quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

std::string type_name(const toml::node& node) {
    switch (node.type()) {
    case toml::node_type::table:          return "a table";
    case toml::node_type::array:          return "a list";
    case toml::node_type::string:         return "a text";
    case toml::node_type::integer:        return "a whole number";
    case toml::node_type::floating_point: return "a number with decimals";
    case toml::node_type::boolean:        return "true or false";
    case toml::node_type::date:           return "a date";
    case toml::node_type::time:           return "a time";
    case toml::node_type::date_time:      return "a date and time";
    case toml::node_type::none:           break;
    }
    return "nothing";
}

template <class E>
std::string list_of_words() {
    std::string text;
    for (const auto word : words_of<E>()) text += (text.empty() ? "" : ", ") + std::string(word);
    return text;
}

// The library tells a syntax error by an exception; here it becomes a value.
std::expected<toml::table, toml::parse_error> parse_toml(std::string_view text,
                                                         std::string_view file) {
    try {
        return toml::parse(text, file);
    } catch (const toml::parse_error& error) {
        return std::unexpected(error);
    }
}

// Of a clause that was dropped, too: asking for more than is needed does no harm.
NumberSet standing_numbers_of(const Terms& terms) {
    NumberSet numbers;
    const auto add = [&](std::int64_t value) {
        if (is_standing(static_cast<Number>(value))) numbers.set(static_cast<std::size_t>(value));
    };
    for (const auto& node : terms.nodes)
        if (node.op == Op::number || node.op == Op::plus_number) add(node.value);
    for (const auto& condition : terms.conditions)
        if (condition.test == Test::knows_number) add(condition.subject);
    return numbers;
}

void mark_carried(Terms& terms) {
    for (auto& clause : terms.clauses)
        if (clause.carried_from.empty()) clause.carried_from = terms.id;
}

class Loader {
public:
    Loader(std::string_view file, const LoadOptions& options) : file_(file), options_(options) {}

    std::expected<Terms, std::vector<LoadError>> load_text(std::string_view text, int depth) {
        const auto parsed = parse_toml(text, file_);
        if (!parsed) {
            add(parsed.error().source().begin, std::string(parsed.error().description()));
            return std::unexpected(std::move(errors_));
        }
        const auto& root = *parsed;
        only(root, {"terms", "sources", "moments", "tables", "right", "default", "limit", "award",
                    "info", "evidence"});
        head(root, text, depth);
        if (!errors_.empty()) return std::unexpected(std::move(errors_));

        sources(root);
        moment_names(root);
        tables(root);
        moments(root);
        clauses(root);
        checklist(root);
        settle();
        if (!errors_.empty()) return std::unexpected(std::move(errors_));
        return std::move(terms_);
    }

private:
    // --- Errors and typed access -----------------------------------------------------------

    void add(const toml::source_position& at, std::string message) {
        errors_.push_back({std::string(file_), at.line, at.column, std::move(message)});
    }
    void add(const toml::node& node, std::string message) {
        add(node.source().begin, std::move(message));
    }

    void only(const toml::table& table, std::initializer_list<std::string_view> keys) {
        for (const auto& [key, value] : table) {
            if (std::ranges::find(keys, key.str()) != keys.end()) continue;
            const std::vector<std::string_view> known(keys);
            add(key.source().begin,
                "found the key " + quoted(key.str()) +
                    ", which means nothing here; nearest: " + nearest(key.str(), known));
        }
    }

    std::string text(const toml::table& table, std::string_view key, bool needed = false) {
        const auto* node = table.get(key);
        if (!node) {
            if (needed) add(table, "found no " + quoted(key) + ", expected a text");
            return {};
        }
        if (!node->is_string()) {
            add(*node, "found " + type_name(*node) + ", expected a text for " + quoted(key));
            return {};
        }
        return node->as_string()->get();
    }

    template <class E>
    std::optional<E> word_in(const toml::node& node) {
        if (!node.is_string()) {
            add(node, "found " + type_name(node) + ", expected one of " + list_of_words<E>());
            return std::nullopt;
        }
        const auto& written = node.as_string()->get();
        const auto word = parse_word<E>(written);
        if (!word)
            add(node, "found " + quoted(written) + ", expected one of " + list_of_words<E>() +
                          "; nearest: " + nearest(written, words_of<E>()));
        return word;
    }

    template <class E>
    std::optional<E> word(const toml::table& table, std::string_view key) {
        const auto* node = table.get(key);
        return node ? word_in<E>(*node) : std::nullopt;
    }

    // One text or a list of texts, each handed to `take`.
    void each(const toml::table& table, std::string_view key, auto take) {
        const auto* node = table.get(key);
        if (!node) return;
        if (!node->is_array()) return take(*node);
        for (const auto& item : *node->as_array()) take(item);
    }

    template <class E>
    std::bitset<count_of<E>> words(const toml::table& table, std::string_view key) {
        std::bitset<count_of<E>> set;
        each(table, key, [&](const toml::node& node) {
            if (const auto one = word_in<E>(node)) set.set(index_of(*one));
        });
        return set;
    }

    std::optional<std::int64_t> whole(const toml::table& table, std::string_view key) {
        const auto* node = table.get(key);
        if (!node) return std::nullopt;
        if (!node->is_integer()) {
            add(*node,
                "found " + type_name(*node) + ", expected a whole number for " + quoted(key));
            return std::nullopt;
        }
        return node->as_integer()->get();
    }

    std::optional<bool> boolean(const toml::table& table, std::string_view key) {
        const auto* node = table.get(key);
        if (!node) return std::nullopt;
        if (!node->is_boolean()) {
            add(*node, "found " + type_name(*node) + ", expected true or false for " + quoted(key));
            return std::nullopt;
        }
        return node->as_boolean()->get();
    }

    std::optional<Day> date(const toml::table& table, std::string_view key) {
        const auto* node = table.get(key);
        if (!node) return std::nullopt;
        if (!node->is_date()) {
            add(*node, "found " + type_name(*node) + ", expected a date such as 2026-01-31 for " +
                           quoted(key));
            return std::nullopt;
        }
        const auto value = node->as_date()->get();
        return Day{
            std::chrono::local_days{std::chrono::year{value.year} / value.month / value.day}};
    }

    // An error inside an expression, placed at its character in the file's line where the
    // expression stands on one line, as it nearly always does.
    void expression_error(const toml::node& node, const std::string& written,
                          const ParseError& error) {
        auto at = node.source().begin;
        at.column += static_cast<toml::source_index>(error.offset + 1);
        add(at, "in " + quoted(written) + ": " + error.message);
    }

    std::int32_t expression(const toml::table& table, std::string_view key, bool is_time) {
        const auto* node = table.get(key);
        if (!node) return -1;
        if (!node->is_string()) {
            add(*node, "found " + type_name(*node) + ", expected a text for " + quoted(key));
            return -1;
        }
        const auto& written = node->as_string()->get();
        const auto root =
            is_time ? parse_time(terms_, written, *options_.zones) : parse_amount(terms_, written);
        if (root) return *root;
        expression_error(*node, written, root.error());
        return -1;
    }

    // --- The head --------------------------------------------------------------------------

    void head(const toml::table& root, std::string_view file_text, int depth) {
        const auto* table = root.get_as<toml::table>("terms");
        if (!table) return add(toml::source_position{1, 1}, "found no table [terms], expected one");
        only(*table,
             {"language", "id", "programme", "title", "from", "until", "zone", "zone_basis",
              "calendar", "silent_after", "notice", "looks_back", "extends", "drops", "role"});
        const auto language = whole(*table, "language");
        if (!language || *language != 1)
            add(*table, "expected language = 1, the only version this program reads");
        const auto extends = text(*table, "extends");
        if (!extends.empty()) parent(*table, extends, depth);
        if (!errors_.empty()) return;

        terms_.extends = extends;
        terms_.id = text(*table, "id", /*needed=*/true);
        terms_.programme = text(*table, "programme", /*needed=*/true);
        terms_.title = text(*table, "title", /*needed=*/true);
        terms_.from = date(*table, "from");
        terms_.until = date(*table, "until");
        terms_.role = role(*table);
        zone(*table);
        if (auto basis = text(*table, "zone_basis"); !basis.empty()) terms_.zone_basis = basis;
        calendar(*table);
        if (const auto time = elapsed(*table, "silent_after")) terms_.silent_after = time;
        if (const auto time = elapsed(*table, "notice")) terms_.notice = time;
        if (const auto time = elapsed(*table, "looks_back")) terms_.looks_back = *time;
        drops(*table);
        const auto parent_hash = terms_.content_hash;
        terms_.content_hash =
            hash_of(std::string(file_text) + (extends.empty() ? "" : to_hex(parent_hash)));
    }

    void parent(const toml::table& table, const std::string& id, int depth) {
        const auto parent_text = options_.text_of ? options_.text_of(id) : std::nullopt;
        if (!parent_text)
            return add(*table.get("extends"), "found no terms file with the id " + quoted(id));
        if (depth > 8) return add(*table.get("extends"), "files extend each other in a circle");
        Loader loader(id, options_);
        auto loaded = loader.load_text(*parent_text, depth + 1);
        if (!loaded) {
            errors_.insert(errors_.end(), loaded.error().begin(), loaded.error().end());
            return;
        }
        if (loaded->role == Role::checklist)
            add(*table.get("extends"), quoted(id) + " is a checklist, which nothing extends");
        terms_ = std::move(*loaded);
        mark_carried(terms_);
    }

    Role role(const toml::table& table) {
        const auto written = text(table, "role");
        if (written.empty() || written == "operator") return Role::platform;
        if (written == "seller") return Role::seller;
        if (written == "law") return Role::law;
        if (written == "checklist") {
            if (const auto* extends = table.get("extends"))
                add(*extends, "a checklist stands by itself and extends nothing");
            return Role::checklist;
        }
        add(*table.get("role"),
            "found " + quoted(written) + ", expected operator, seller, law or checklist");
        return Role::platform;
    }

    void zone(const toml::table& table) {
        const auto name = text(table, "zone", /*needed=*/!terms_.zone);
        if (name.empty()) return;
        terms_.zone = options_.zones->find(name);
        if (!terms_.zone)
            add(*table.get("zone"), "found " + quoted(name) + ", expected a loaded time zone");
    }

    void calendar(const toml::table& table) {
        terms_.calendars = options_.calendars;
        const auto name = text(table, "calendar");
        if (name.empty()) return;
        if (!options_.calendars->find(name))
            add(*table.get("calendar"),
                "found " + quoted(name) + ", expected a calendar of calendars/");
        terms_.calendar = name;
    }

    std::optional<Duration> elapsed(const toml::table& table, std::string_view key) {
        const auto written = text(table, key);
        if (written.empty()) return std::nullopt;
        const auto span = parse_span(written);
        if (!span || (span->unit != Unit::days && span->unit != Unit::elapsed_ms)) {
            add(*table.get(key),
                "found " + quoted(written) + ", expected a span such as 30d or 48h");
            return std::nullopt;
        }
        return span->unit == Unit::days ? Duration{std::chrono::days{span->count}}
                                        : Duration{span->count};
    }

    void drops(const toml::table& table) {
        each(table, "drops", [&](const toml::node& node) { drop(node); });
    }

    void drop(const toml::node& node) {
        const auto* id = node.as_string();
        const auto dropped =
            id ? std::erase_if(terms_.clauses, [&](const Clause& c) { return c.id == id->get(); })
               : 0;
        if (dropped == 0)
            add(node, "expected the id of a clause of the file that this one extends");
    }

    // --- Sources, tables, moments ----------------------------------------------------------

    template <class Each>
    void members(const toml::table& root, std::string_view key, Each take) {
        const auto* node = root.get(key);
        if (!node) return;
        if (!node->is_table())
            return add(*node, "found " + type_name(*node) + ", expected a table");
        for (const auto& [name, value] : *node->as_table()) {
            if (!value.is_table()) {
                add(value,
                    "found " + type_name(value) + ", expected a table for " + quoted(name.str()));
                continue;
            }
            take(name.str(), *value.as_table());
        }
    }

    Grade grade(const toml::table& table, bool needed) {
        const auto written = text(table, "grade", needed);
        static constexpr std::array<std::pair<std::string_view, Grade>, 5> grades = {{
            {"primary", Grade::primary},
            {"copy", Grade::copy},
            {"secondary", Grade::secondary},
            {"inferred", Grade::inferred},
            {"law", Grade::law},
        }};
        const auto found =
            std::ranges::find(grades, written, [](const auto& g) { return g.first; });
        if (found != grades.end()) return found->second;
        if (!written.empty())
            add(*table.get("grade"), "found " + quoted(written) +
                                         ", expected primary, copy, secondary, inferred or law");
        return Grade::secondary;
    }

    void sources(const toml::table& root) {
        members(root, "sources", [&](std::string_view key, const toml::table& table) {
            only(table, {"url", "date", "grade", "note"});
            std::erase_if(terms_.sources, [&](const Source& source) { return source.key == key; });
            terms_.sources.push_back({std::string(key), text(table, "url", true),
                                      text(table, "date", true), grade(table, true),
                                      text(table, "note")});
        });
    }

    void tables(const toml::table& root) {
        members(root, "tables", [&](std::string_view key, const toml::table& table) {
            Table made{.name = std::string(key), .rows = {}};
            if (const auto by = word<Attribute>(table, "by"))
                made.by = *by;
            else if (!table.contains("by"))
                add(table, "found no \"by\", expected the attribute that picks a row");
            for (const auto& [name, value] : table)
                if (name.str() != "by") row(made, name.str(), value);
            std::erase_if(terms_.tables, [&](const Table& old) { return old.name == key; });
            terms_.tables.push_back(std::move(made));
        });
    }

    void row(Table& table, std::string_view key, const toml::node& value) {
        TableRow made{.key = key == "else" ? Word{} : Word::cut(key)};
        if (value.is_integer()) {
            made.number = value.as_integer()->get();
        } else if (value.is_string()) {
            const auto span = parse_span(value.as_string()->get());
            if (!span) return add(value, span.error().message);
            made.span = *span;
        } else {
            return add(value, "found " + type_name(value) +
                                  ", expected a span such as \"23d\" or a whole number");
        }
        if (!table.rows.empty() && table.is_durations != value.is_string())
            return add(value, "a table holds spans or whole numbers, not both");
        table.is_durations = value.is_string();
        table.rows.push_back(made);
    }

    // Names first, so that moments may use one another wherever they stand.
    void moment_names(const toml::table& root) {
        members(root, "moments", [&](std::string_view key, const toml::table& table) {
            only(table, {"is", "clause"});
            if (parse_word<Moment>(key))
                add(table,
                    quoted(key) + " is a moment of every order already; expected another name");
            const auto old = std::ranges::find(terms_.moments, key, &NamedMoment::name);
            auto& moment = old == terms_.moments.end() ? terms_.moments.emplace_back() : *old;
            moment.name = key;
            moment.clause = text(table, "clause");
            moment.text = text(table, "is", /*needed=*/true);
        });
    }

    void moments(const toml::table& root) {
        members(root, "moments", [&](std::string_view key, const toml::table& table) {
            const auto root_node = expression(table, "is", /*is_time=*/true);
            std::ranges::find(terms_.moments, key, &NamedMoment::name)->expression = root_node;
        });
        for (std::size_t i = 0; i < terms_.moments.size(); ++i)
            if (uses(terms_.moments[i].expression, static_cast<std::int64_t>(i), 0))
                errors_.push_back(
                    {std::string(file_), 0, 0,
                     "the moment " + quoted(terms_.moments[i].name) + " uses itself"});
    }

    bool uses(std::int32_t node, std::int64_t moment, int depth) {
        if (node < 0 || depth > 64) return depth > 64;
        const auto& step = terms_.nodes[static_cast<std::size_t>(node)];
        if (step.op == Op::named) {
            if (step.value == moment) return true;
            return uses(terms_.moments[static_cast<std::size_t>(step.value)].expression, moment,
                        depth + 1);
        }
        for (auto part = step.part; part >= 0;
             part = terms_.nodes[static_cast<std::size_t>(part)].next)
            if (uses(part, moment, depth + 1)) return true;
        return false;
    }

    // --- Clauses ---------------------------------------------------------------------------

    void clauses(const toml::table& root) {
        static constexpr std::array<std::pair<std::string_view, Kind>, 5> kinds = {{
            {"right", Kind::right},
            {"default", Kind::fallback},
            {"limit", Kind::limit},
            {"award", Kind::award},
            {"info", Kind::info},
        }};
        for (const auto& [key, kind] : kinds) {
            const auto* node = root.get(key);
            if (!node) continue;
            if (!node->is_array_of_tables()) {
                add(*node, "found " + type_name(*node) + ", expected [[" + std::string(key) + "]]");
                continue;
            }
            for (const auto& item : *node->as_array()) clause(*item.as_table(), kind);
        }
    }

    void clause(const toml::table& table, Kind kind) {
        Clause made;
        made.kind = kind;
        made.line = table.source().begin.line;
        made.id = text(table, "id", /*needed=*/true);
        made.text = text(table, "text");
        made.reading = text(table, "reading");
        made.note = text(table, "note");
        // Left out, it is for lint to say: terms that nobody can trace still run in a test.
        if (table.contains("grade")) made.grade = grade(table, /*needed=*/false);
        each(table, "source", [&](const toml::node& node) { source(made, node); });
        each(table, "replaces", [&](const toml::node& node) { drop(node); });
        switch (kind) {
        case Kind::right:    right(made, table); break;
        case Kind::fallback: fallback(made, table); break;
        case Kind::limit:    limit(made, table); break;
        case Kind::award:    award(made, table); break;
        case Kind::info:
            only(table, {"id", "text", "source", "grade", "reading", "note", "replaces"});
            break;
        }
        if (terms_.find(made.id))
            add(table, "found a second clause with the id " + quoted(made.id));
        terms_.clauses.push_back(std::move(made));
    }

    void source(auto& made, const toml::node& node) {
        const auto* key = node.as_string();
        if (!key || !terms_.find_source(key->get()))
            return add(node, "expected a key of [sources]");
        made.sources.push_back(key->get());
    }

    void right(Clause& made, const toml::table& table) {
        only(table,
             {"id",       "text",         "source",   "grade", "reading", "note",
              "replaces", "who",          "may",      "for",   "when",    "unless",
              "opens",    "closes",       "early",    "times", "spent",   "says",
              "winner",   "lapse_winner", "remedies", "award", "moves",   "return_required"});
        made.who = word<Party>(table, "who").value_or(Party::buyer);
        if (!table.contains("who"))
            add(table, "found no \"who\", expected buyer, seller, platform or either");
        if (const auto verb = word<Verb>(table, "may")) made.verb = *verb;
        if (!table.contains("may")) add(table, "found no \"may\", expected a verb");
        made.reasons = words<Reason>(table, "for");
        made.when = conditions(table, "when");
        made.unless = conditions(table, "unless");
        made.opens = expression(table, "opens", true);
        made.closes = expression(table, "closes", true);
        made.early = word<Outcome>(table, "early").value_or(Outcome::too_early);
        made.times = times(table);
        made.spent = word<Outcome>(table, "spent").value_or(Outcome::already_disputed);
        made.says = word<Outcome>(table, "says");
        made.winner = word<Party>(table, "winner");
        made.lapse_winner = word<Party>(table, "lapse_winner");
        made.remedies = words<Remedy>(table, "remedies");
        made.return_required = boolean(table, "return_required");
        made.award_id = text(table, "award");
        made.moves = word<Moment>(table, "moves");
    }

    std::int32_t times(const toml::table& table) {
        const auto written = whole(table, "times");
        if (!written) return 0;
        if (*written < 1 || *written > 1000) add(*table.get("times"), "expected 1 to 1000");
        return static_cast<std::int32_t>(*written);
    }

    void fallback(Clause& made, const toml::table& table) {
        only(table, {"id", "text", "source", "grade", "reading", "note", "replaces", "waits_for",
                     "in", "when", "unless", "at", "then", "winner", "early", "says",
                     "return_required", "remedies"});
        made.waits_for = word<Waiting>(table, "waits_for");
        made.in = words<Stage>(table, "in");
        made.when = conditions(table, "when");
        made.unless = conditions(table, "unless");
        made.at = expression(table, "at", true);
        if (!table.contains("at")) add(table, "found no \"at\", expected a time expression");
        made.winner = word<Party>(table, "winner");
        made.early = word<Outcome>(table, "early").value_or(Outcome::pending);
        made.says = word<Outcome>(table, "says");
        made.return_required = boolean(table, "return_required");
        made.remedies = words<Remedy>(table, "remedies");
        const auto* then = table.get_as<toml::table>("then");
        if (!then) return add(table, "found no \"then\", expected { do = \"…\" }");
        only(*then, {"do", "amount"});
        if (const auto action = word<Action>(*then, "do")) made.action = *action;
        if (!then->contains("do"))
            add(*then, "found no \"do\", expected one of " + list_of_words<Action>());
        made.amount = expression(*then, "amount", false);
    }

    void limit(Clause& made, const toml::table& table) {
        only(table, {"id", "text", "source", "grade", "reading", "note", "replaces", "after",
                     "when", "unless", "for", "bars", "says", "amount", "winner"});
        made.after = expression(table, "after", true);
        made.when = conditions(table, "when");
        made.unless = conditions(table, "unless");
        made.reasons = words<Reason>(table, "for");
        made.says = word<Outcome>(table, "says");
        if (!table.contains("says")) add(table, "found no \"says\", expected an outcome");
        if (!table.contains("bars")) add(table, "found no \"bars\", expected verbs");
        made.amount = expression(table, "amount", false);
        made.winner = word<Party>(table, "winner");
        each(table, "bars", [&](const toml::node& node) { bar(made, node); });
    }

    // "escalate" bars a party's wish, "default.escalate" what would happen by itself.
    void bar(Clause& made, const toml::node& node) {
        const auto* written = node.as_string();
        static constexpr std::string_view prefix = "default.";
        if (written && written->get().starts_with(prefix)) {
            if (const auto action = parse_word<Action>(written->get().substr(prefix.size()))) {
                made.bars_actions.set(index_of(*action));
                return;
            }
        }
        if (const auto verb = word_in<Verb>(node)) made.bars.set(index_of(*verb));
    }

    void award(Clause& made, const toml::table& table) {
        only(table, {"id", "text", "source", "grade", "reading", "note", "replaces", "on", "for",
                     "when", "unless", "amount", "says", "postage", "funded_by", "return_required",
                     "remedies", "winner"});
        if (const auto topic = word<Topic>(table, "on")) made.topic = *topic;
        if (!table.contains("on"))
            add(table, "found no \"on\", expected one of " + list_of_words<Topic>());
        made.reasons = words<Reason>(table, "for");
        made.when = conditions(table, "when");
        made.unless = conditions(table, "unless");
        made.amount = expression(table, "amount", false);
        made.says = word<Outcome>(table, "says");
        made.postage = word<Party>(table, "postage");
        made.funded_by = word<Funder>(table, "funded_by");
        made.return_required = boolean(table, "return_required");
        made.remedies = words<Remedy>(table, "remedies");
        made.winner = word<Party>(table, "winner");
    }

    // --- Checklists ------------------------------------------------------------------------

    void checklist(const toml::table& root) {
        const auto* node = root.get("evidence");
        if (terms_.role != Role::checklist) {
            if (node)
                add(*node,
                    "found [[evidence]] among terms, expected it in a file of its own with "
                    "role = \"checklist\"");
            return;
        }
        for (const auto& clause : terms_.clauses)
            add(toml::source_position{clause.line, 1},
                clause.id + ": a checklist has no clauses, expected [[evidence]] alone");
        if (!node) return add(root, "found no [[evidence]] in a checklist");
        if (!node->is_array_of_tables())
            return add(*node, "found " + type_name(*node) + ", expected [[evidence]]");
        for (const auto& one : *node->as_array()) item(*one.as_table());
    }

    void item(const toml::table& table) {
        only(table, {"id", "text", "source", "of", "for", "when", "kinds", "need"});
        ChecklistItem made;
        made.line = table.source().begin.line;
        made.id = text(table, "id", /*needed=*/true);
        made.text = text(table, "text");
        each(table, "source", [&](const toml::node& node) { source(made, node); });
        if (const auto of = word<Party>(table, "of")) made.of = *of;
        if (!table.contains("of") || (made.of != Party::buyer && made.of != Party::seller))
            add(table, "expected of = \"buyer\" or \"seller\", whose evidence it is");
        made.reasons = words<Reason>(table, "for");
        made.when = conditions(table, "when");
        for (auto i = made.when.begin; i < made.when.end; ++i)
            if (terms_.conditions[i].otherwise || terms_.conditions[i].winner)
                add(*table.get("when"), "an item decides nothing: found \"else\" or \"winner\"");
        kinds(made, table);
        if (const auto need = word<Need>(table, "need")) made.need = *need;
        if (!table.contains("need"))
            add(table, "found no \"need\", expected one of " + list_of_words<Need>());
        if (std::ranges::find(terms_.checklist, made.id, &ChecklistItem::id) !=
            terms_.checklist.end())
            add(table, "found a second item with the id " + quoted(made.id));
        terms_.checklist.push_back(std::move(made));
    }

    void kinds(ChecklistItem& made, const toml::table& table) {
        each(table, "kinds", [&](const toml::node& node) {
            const auto kind = word_in<EvidenceKind>(node);
            if (!kind) return;
            if (std::ranges::find(made.kinds, *kind) != made.kinds.end())
                return add(node, "found " + quoted(to_string(*kind)) + " twice");
            made.kinds.push_back(*kind);
        });
        const auto* node = table.get("kinds");
        if (!node) return add(table, "found no \"kinds\", expected kinds of evidence");
        if (node->is_array() && node->as_array()->empty())
            add(*node, "found an empty list, expected kinds of evidence");
    }

    // --- Conditions ------------------------------------------------------------------------

    Conditions conditions(const toml::table& table, std::string_view key) {
        std::vector<Condition> made;
        each(table, key, [&](const toml::node& node) {
            if (auto condition = one_condition(node)) made.push_back(std::move(*condition));
        });
        Conditions range;
        range.begin = static_cast<std::uint32_t>(terms_.conditions.size());
        terms_.conditions.insert(terms_.conditions.end(), made.begin(), made.end());
        range.end = static_cast<std::uint32_t>(terms_.conditions.size());
        return range;
    }

    std::optional<Condition> one_condition(const toml::node& node) {
        if (node.is_string()) return condition_text(node);
        if (!node.is_table()) {
            add(node, "found " + type_name(node) +
                          ", expected a condition: a text, or { if = …, else = … }");
            return std::nullopt;
        }
        const auto& table = *node.as_table();
        only(table, {"if", "any", "else", "winner"});
        auto condition = table.contains("any") ? any_of(table) : if_of(table);
        if (!condition) return std::nullopt;
        condition->otherwise = word<Outcome>(table, "else");
        condition->winner = word<Party>(table, "winner");
        return condition;
    }

    std::optional<Condition> if_of(const toml::table& table) {
        if (const auto* node = table.get("if")) return condition_text(*node);
        add(table, "found neither \"if\" nor \"any\" in a condition");
        return std::nullopt;
    }

    std::optional<Condition> any_of(const toml::table& table) {
        std::vector<Condition> parts;
        const auto* list = table.get_as<toml::array>("any");
        if (list && list->empty()) add(*list, "found an empty list, expected conditions");
        each(table, "any", [&](const toml::node& node) {
            if (auto part = condition_text(node)) parts.push_back(std::move(*part));
        });
        if (parts.empty()) return std::nullopt;
        Condition made{.test = Test::any};
        for (const auto& part : parts) made.text += (made.text.empty() ? "" : " or ") + part.text;
        made.parts_begin = static_cast<std::uint32_t>(terms_.conditions.size());
        terms_.conditions.insert(terms_.conditions.end(), parts.begin(), parts.end());
        made.parts_end = static_cast<std::uint32_t>(terms_.conditions.size());
        return made;
    }

    std::optional<Condition> condition_text(const toml::node& node) {
        if (!node.is_string()) {
            add(node, "found " + type_name(node) + ", expected a condition as text");
            return std::nullopt;
        }
        const auto& written = node.as_string()->get();
        auto condition = parse_condition(terms_, written, *options_.zones);
        if (condition) return std::move(*condition);
        expression_error(node, written, condition.error());
        return std::nullopt;
    }

    // --- At the end ------------------------------------------------------------------------

    void settle() {
        for (auto& clause : terms_.clauses) {
            if (clause.award_id.empty()) continue;
            const auto found = std::ranges::find(terms_.clauses, clause.award_id, &Clause::id);
            if (found == terms_.clauses.end() || found->kind != Kind::award) {
                errors_.push_back({std::string(file_), clause.line, 0,
                                   clause.id + ": found the award " + quoted(clause.award_id) +
                                       ", expected the id of an [[award]]"});
                continue;
            }
            clause.award = static_cast<std::int32_t>(found - terms_.clauses.begin());
        }
        for (auto* all : {&terms_.defaults, &terms_.action_limits, &terms_.awards})
            all->clear();  // the extended file's
        terms_.rights.fill({});
        terms_.verb_limits.fill({});
        for (std::size_t i = 0; i < terms_.clauses.size(); ++i) note(terms_.clauses[i], i);
        terms_.asks_standing = standing_numbers_of(terms_);
    }

    void note(Clause& clause, std::size_t index) {
        clause.at_moments.reset();
        moments_in(terms_, clause.at, clause.at_moments);
        clause.all_moments = moments_of(terms_, clause);
        clause.asks_tracking = asks_tracking(clause.when) || asks_tracking(clause.unless);
        const auto number = static_cast<std::int32_t>(index);
        switch (clause.kind) {
        case Kind::right:    terms_.rights[index_of(clause.verb)].push_back(number); break;
        case Kind::fallback: terms_.defaults.push_back(number); break;
        case Kind::award:    terms_.awards.push_back(number); break;
        case Kind::limit:
            if (clause.bars_actions.any()) terms_.action_limits.push_back(number);
            for (std::size_t verb = 0; verb < clause.bars.size(); ++verb)
                if (clause.bars[verb]) terms_.verb_limits[verb].push_back(number);
            break;
        case Kind::info: break;
        }
    }

    bool asks_tracking(const Conditions& conditions) const {
        for (auto i = conditions.begin; i < conditions.end; ++i) {
            const auto& one = terms_.conditions[i];
            const bool of_word = one.test == Test::word_in || one.test == Test::word_not_in;
            if (of_word && one.subject == static_cast<std::int32_t>(Attribute::tracking))
                return true;
            if (one.test == Test::any && asks_tracking({one.parts_begin, one.parts_end}))
                return true;
        }
        return false;
    }

    std::string_view file_;
    const LoadOptions& options_;
    Terms terms_;
    std::vector<LoadError> errors_;
};

}  // namespace

std::string to_string(const LoadError& error) {
    std::string place = error.file;
    if (error.line) place += ':' + std::to_string(error.line);
    if (error.line && error.column) place += ':' + std::to_string(error.column);
    return place + ": " + error.message;
}

std::expected<Terms, std::vector<LoadError>> load(std::string_view text, std::string_view file,
                                                  const LoadOptions& options) {
    VERIFY(options.zones && options.calendars);
    return Loader(file, options).load_text(text, 0);
}

std::optional<std::string> id_of(std::string_view text) {
    const auto parsed = parse_toml(text, "");
    if (!parsed) return std::nullopt;
    return (*parsed)["terms"]["id"].value<std::string>();
}

}  // namespace holdfast::terms
