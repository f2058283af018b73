#include "terms/parse.h"

#include "base/try.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>
#include <vector>

namespace holdfast::terms {
namespace {

using Root = std::expected<std::int32_t, ParseError>;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' ||
           c == '.' || c == '-';
}

std::string quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

// How many letters must change to get from `a` to `b`.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t before = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const auto above = row[j];
            row[j] =
                std::min({row[j] + 1, row[j - 1] + 1, before + (a[i - 1] == b[j - 1] ? 0 : 1)});
            before = above;
        }
    }
    return row[b.size()];
}

constexpr std::array<std::pair<std::string_view, Span>, 7> units = {{
    {"min", {Unit::elapsed_ms, 60'000}},
    {"mo", {Unit::months, 1}},
    {"bd", {Unit::business_days, 1}},
    {"d", {Unit::days, 1}},
    {"h", {Unit::elapsed_ms, 3'600'000}},
    {"w", {Unit::weeks, 1}},
    {"y", {Unit::years, 1}},
}};

// The most of a unit that a span may count: beyond any promise, and no sum of times leaves its
// range.
constexpr std::int64_t count_max(Unit unit) {
    return unit == Unit::elapsed_ms ? 1'000'000 : 10'000;
}

// Walks one text and appends what it reads to the arrays of `terms`.
class Reader {
public:
    Reader(Terms& terms, std::string_view text, const Zones* zones)
        : terms_(terms), text_(text), zones_(zones) {}

    Root time() {
        auto root = TRY(time_sum());
        while (take_word("or")) {
            const auto other = TRY(time_sum());
            root = join(Op::either, {root, other});
        }
        return root;
    }

    Root number() {
        auto root = TRY(product());
        for (;;) {
            const bool add = take('+');
            if (!add && !take_minus()) return root;
            root = join(add ? Op::add : Op::subtract, {root, TRY(product())});
        }
    }

    bool done() {
        skip();
        return at_ == text_.size();
    }
    std::size_t offset() const { return at_; }

    std::expected<Span, ParseError> span() {
        const auto begin = at_;
        const auto count = TRY(whole());
        for (const auto& [word, unit] : units) {
            if (!take_word(word)) continue;
            if (count <= count_max(unit.unit)) return Span{unit.unit, unit.count * count};
            at_ = begin;
            return wrong("at most " + std::to_string(count_max(unit.unit)) + std::string(word));
        }
        return wrong("a unit: d, h, min, bd, w, mo or y");
    }

    std::unexpected<ParseError> wrong(std::string expected) {
        skip();
        const auto found =
            at_ == text_.size() ? std::string("the end") : quoted(std::string(rest_word()));
        return std::unexpected(
            ParseError{at_, "found " + found + ", expected " + std::move(expected)});
    }

    std::string_view name() {
        skip();
        const auto begin = at_;
        while (at_ < text_.size() && is_name(text_[at_])) {
            // A minus is part of a name only inside it: "in-transit", not "x -3d".
            if (text_[at_] == '-' && (at_ == begin || at_ + 1 == text_.size() ||
                                      !is_name(text_[at_ + 1]) || is_digit(text_[at_ + 1])))
                break;
            ++at_;
        }
        return text_.substr(begin, at_ - begin);
    }

    bool take(char c) {
        skip();
        if (at_ == text_.size() || text_[at_] != c) return false;
        ++at_;
        return true;
    }

    bool take_word(std::string_view word) {
        skip();
        if (!text_.substr(at_).starts_with(word)) return false;
        const auto end = at_ + word.size();
        if (end < text_.size() && is_name(text_[end])) return false;
        at_ = end;
        return true;
    }

    bool take_symbol(std::string_view symbol) {
        skip();
        if (!text_.substr(at_).starts_with(symbol)) return false;
        at_ += symbol.size();
        return true;
    }

private:
    void skip() {
        while (at_ < text_.size() && is_space(text_[at_])) ++at_;
    }
    bool take_minus() { return take('-'); }

    std::string_view rest_word() const {
        auto end = at_;
        while (end < text_.size() && is_name(text_[end])) ++end;
        return text_.substr(at_, std::max(end, at_ + 1) - at_);
    }

    std::int32_t push(Node node) {
        terms_.nodes.push_back(node);
        return static_cast<std::int32_t>(terms_.nodes.size() - 1);
    }

    std::int32_t join(Op op, const std::vector<std::int32_t>& parts, std::int64_t value = 0,
                      Span span = {}) {
        for (std::size_t i = 0; i + 1 < parts.size(); ++i)
            terms_.nodes[static_cast<std::size_t>(parts[i])].next = parts[i + 1];
        return push({op, parts.front(), -1, value, span});
    }

    std::expected<std::int64_t, ParseError> whole() {
        skip();
        std::int64_t value = 0;
        const auto* begin = text_.data() + at_;
        const auto [end, error] = std::from_chars(begin, text_.data() + text_.size(), value);
        if (error != std::errc{} || !is_digit(*begin)) return wrong("a whole number");
        at_ += static_cast<std::size_t>(end - begin);
        return value;
    }

    template <class T, class Name>
    std::int64_t find(const std::vector<T>& all, std::string_view wanted, Name name_of) {
        for (std::size_t i = 0; i < all.size(); ++i)
            if (name_of(all[i]) == wanted) return static_cast<std::int64_t>(i);
        return -1;
    }
    std::int64_t find_table(std::string_view wanted) {
        return find(terms_.tables, wanted, [](const Table& table) { return table.name; });
    }
    std::int64_t find_moment(std::string_view wanted) {
        return find(terms_.moments, wanted, [](const NamedMoment& moment) { return moment.name; });
    }

    Root time_sum() {
        auto root = TRY(time_atom());
        for (;;) {
            const bool plus = take('+');
            if (!plus && !take_minus()) return root;
            skip();
            if (at_ < text_.size() && is_digit(text_[at_])) {
                const auto amount = TRY(span());
                root = join(plus ? Op::plus : Op::minus, {root}, 0, amount);
                continue;
            }
            if (!plus) return wrong("a span of time such as 10d");
            root = TRY(plus_name(root));
        }
    }

    Root plus_name(std::int32_t root) {
        const auto begin = at_;
        const auto word = name();
        if (word == "days" && take('(')) {
            const auto number = parse_word<Number>(name());
            if (!number) return wrong("a number of the order, such as seller_delivery_days");
            if (!take(')')) return wrong("\")\"");
            return join(Op::plus_number, {root}, static_cast<std::int64_t>(*number));
        }
        const auto table = find_table(word);
        if (table >= 0 && terms_.tables[static_cast<std::size_t>(table)].is_durations)
            return join(Op::plus_table, {root}, table);
        at_ = begin;
        return wrong("a span of time such as 10d, a table of durations, or days(a number)");
    }

    Root time_atom() {
        skip();
        const auto begin = at_;
        if (take('(')) {
            const auto inner = TRY(time());
            if (!take(')')) return wrong("\")\"");
            return inner;
        }
        const auto word = name();
        if (const auto named = find_moment(word); named >= 0)
            return push({Op::named, -1, -1, named});
        if (take('(')) {
            if (const auto moment = bracketed_moment(word))
                return push({Op::moment, -1, -1, static_cast<std::int64_t>(*moment)});
            return function(word, begin);
        }
        if (const auto moment = parse_word<Moment>(word))
            return push({Op::moment, -1, -1, static_cast<std::int64_t>(*moment)});
        at_ = begin;
        return unknown_moment(word);
    }

    Root unknown_moment(std::string_view word) {
        // With its brackets, if it has any: "shiped(all)" is nearest to "shipped(all)".
        const auto rest = text_.substr(at_);
        const auto close = rest.find(')');
        if (rest.substr(word.size()).starts_with('(') && close != rest.npos)
            word = rest.substr(0, close + 1);
        std::vector<std::string_view> known{"shipped", "delivered", "scanned"};  // the short words
        known.insert(known.end(), words_of<Moment>().begin(), words_of<Moment>().end());
        for (const auto& moment : terms_.moments) known.push_back(moment.name);
        return wrong("a moment; nearest: " + nearest(word, known));
    }

    // "shipped(all)": the brackets are part of the name. Leaves the place as it was if it is none.
    std::optional<Moment> bracketed_moment(std::string_view word) {
        const auto inside = at_;
        const auto part = name();
        if (!part.empty() && take(')'))
            if (const auto moment =
                    parse_word<Moment>(std::string(word) + '(' + std::string(part) + ')'))
                return moment;
        at_ = inside;
        return std::nullopt;
    }

    Root function(std::string_view word, std::size_t begin) {
        static constexpr std::array<std::pair<std::string_view, Op>, 8> functions = {{
            {"day", Op::day},
            {"end", Op::end},
            {"start", Op::start},
            {"roll", Op::roll},
            {"latest", Op::latest},
            {"last", Op::last},
            {"earliest", Op::earliest},
            {"held", Op::held},
        }};
        const auto found =
            std::ranges::find(functions, word, [](const auto& f) { return f.first; });
        if (found == functions.end()) {
            at_ = begin;
            return unknown_moment(word);
        }
        std::vector<std::int32_t> parts{TRY(time())};
        std::int64_t value = found->second == Op::day ? -1 : 0;
        Span least{};
        while (take(',')) {
            if (found->second == Op::day) {
                value = TRY(zone());
            } else if (take_word("least")) {
                least = TRY(span());
            } else {
                parts.push_back(TRY(time()));
            }
        }
        if (!take(')')) return wrong("\",\" or \")\"");
        const bool many = found->second == Op::latest || found->second == Op::last ||
                          found->second == Op::earliest;
        const std::size_t wanted = found->second == Op::held ? 3 : 1;
        if (!many && parts.size() != wanted)
            return wrong(std::to_string(wanted) + " parts in " + quoted(word));
        return join(found->second, parts, value, least);
    }

    std::expected<std::int64_t, ParseError> zone() {
        if (!take('"')) return wrong("a zone in quotes");
        const auto begin = at_;
        while (at_ < text_.size() && text_[at_] != '"') ++at_;
        const auto zone_name = text_.substr(begin, at_ - begin);
        if (!take('"')) return wrong("a closing quote");
        VERIFY(zones_);  // only numbers are read without
        const auto* found = zones_->find(zone_name);
        if (!found) return wrong("a loaded time zone instead of " + quoted(zone_name));
        terms_.zones.push_back(found);
        return static_cast<std::int64_t>(terms_.zones.size() - 1);
    }

    Root product() {
        skip();
        if (at_ < text_.size() && is_digit(text_[at_])) {
            const auto literal = push({Op::literal, -1, -1, TRY(whole())});
            if (!take_word("x")) return literal;
            return join(Op::multiply, {literal, TRY(number_atom())});
        }
        return number_atom();
    }

    Root number_atom() {
        skip();
        const auto begin = at_;
        if (take('(')) {
            const auto inner = TRY(number());
            if (!take(')')) return wrong("\")\"");
            return inner;
        }
        if (at_ < text_.size() && is_digit(text_[at_]))
            return push({Op::literal, -1, -1, TRY(whole())});
        const auto word = name();
        if (word == "count" && take('(')) return counter();
        if ((word == "min" || word == "max") && take('('))
            return list(word == "min" ? Op::min : Op::max);
        if (word == "share" && take('(')) return share();
        if (const auto known = parse_word<Number>(word))
            return push({Op::number, -1, -1, static_cast<std::int64_t>(*known)});
        if (const auto table = find_table(word);
            table >= 0 && !terms_.tables[static_cast<std::size_t>(table)].is_durations)
            return push({Op::table, -1, -1, table});
        at_ = begin;
        return wrong("a number of the order, a table or a whole number; nearest: " +
                     nearest(word, words_of<Number>()));
    }

    Root counter() {
        const auto known = parse_word<Number>(name());
        if (!known || *known < Number::disputes)
            return wrong("disputes, appeals, labels, credits, extensions or returns");
        if (!take(')')) return wrong("\")\"");
        return push({Op::number, -1, -1, static_cast<std::int64_t>(*known)});
    }

    Root list(Op op) {
        std::vector<std::int32_t> parts{TRY(number())};
        while (take(',')) parts.push_back(TRY(number()));
        if (!take(')')) return wrong("\",\" or \")\"");
        return join(op, parts);
    }

    Root share() {
        const auto amount = TRY(number());
        if (!take(',')) return wrong("\",\" and basis points");
        const auto points = TRY(whole());
        if (!take(')')) return wrong("\")\"");
        return join(Op::share, {amount}, points);
    }

    Terms& terms_;
    std::string_view text_;
    const Zones* zones_;
    std::size_t at_ = 0;
};

using Parsed = std::expected<Condition, ParseError>;

constexpr std::array<std::pair<std::string_view, Test>, 5> comparisons = {{
    {"<=", Test::less_equal},
    {">=", Test::greater_equal},
    {"==", Test::equal},
    {"<", Test::less},
    {">", Test::greater},
}};

Parsed with_words(Reader& reader, Terms& terms, Condition condition) {
    condition.words_begin = static_cast<std::uint32_t>(terms.words.size());
    do {
        const auto word = reader.name();
        if (word.empty()) return reader.wrong("a word");
        if (word.size() > Word::max_size) return reader.wrong("a word of at most 39 letters");
        const auto subject = static_cast<Attribute>(condition.subject);
        if ((condition.test == Test::word_in || condition.test == Test::word_not_in) &&
            (subject == Attribute::tracking || subject == Attribute::dispute_tracking) &&
            !is_tracking_word(word))
            return std::unexpected(ParseError{reader.offset() - word.size(),
                                              "found " + quoted(word) +
                                                  ", expected a tracking word such as abnormal, "
                                                  "in_transit or delivered"});
        terms.words.emplace_back(word);
    } while (reader.take(','));
    condition.words_end = static_cast<std::uint32_t>(terms.words.size());
    return condition;
}

Parsed in_stages(Reader& reader, bool negated) {
    Condition condition{.test = negated ? Test::stage_not_in : Test::stage_in};
    do {
        const auto stage = parse_word<Stage>(reader.name());
        if (!stage) return reader.wrong("a stage such as shipped or negotiating");
        condition.stages.set(index_of(*stage));
    } while (reader.take(','));
    return condition;
}

Parsed knows(Reader& reader, bool negated) {
    auto name = std::string(reader.name());
    if (reader.take('(')) {
        name += '(' + std::string(reader.name()) + ')';
        if (!reader.take(')')) return reader.wrong("\")\"");
    }
    Condition condition{.negated = negated};
    if (const auto moment = parse_word<Moment>(name)) {
        condition.test = Test::knows_moment;
        condition.subject = static_cast<std::int32_t>(*moment);
    } else if (const auto attribute = parse_word<Attribute>(name)) {
        condition.test = Test::knows_word;
        condition.subject = static_cast<std::int32_t>(*attribute);
    } else if (const auto number = parse_word<Number>(name)) {
        condition.test = Test::knows_number;
        condition.subject = static_cast<std::int32_t>(*number);
    } else {
        return reader.wrong("a moment, attribute or number instead of " + quoted(name));
    }
    return condition;
}

// "shipped before promise" and the like: the text is split at the word between the two.
Parsed two_times(Terms& terms, std::string_view text, std::string_view word, Test test,
                 const Zones& zones) {
    const auto at = text.find(word);
    Condition condition{.test = test};
    condition.left = TRY(parse_time(terms, text.substr(0, at), zones));
    auto right = parse_time(terms, text.substr(at + word.size()), zones);
    if (!right) {
        right.error().offset += at + word.size();
        return std::unexpected(std::move(right).error());
    }
    condition.right = *right;
    return condition;
}

Parsed two_numbers(Terms& terms, std::string_view text) {
    Reader reader(terms, text, nullptr);
    Condition condition;
    condition.left = TRY(reader.number());
    const auto found = std::ranges::find_if(
        comparisons, [&](const auto& one) { return reader.take_symbol(one.first); });
    if (found == comparisons.end())
        return reader.wrong("in, not in, has, lacks, before, after, or one of < <= > >= ==");
    condition.test = found->second;
    condition.right = TRY(reader.number());
    if (!reader.done()) return reader.wrong("the end");
    return condition;
}

Parsed after_first_word(Terms& terms, Reader& reader, std::string_view word) {
    const bool negated = reader.take_word("not");
    if (reader.take_word("in")) {
        if (word == "stage") return in_stages(reader, negated);
        const auto attribute = parse_word<Attribute>(word);
        if (!attribute)
            return std::unexpected(ParseError{0, "found " + quoted(word) +
                                                     ", expected an attribute; nearest: " +
                                                     nearest(word, words_of<Attribute>())});
        return with_words(reader, terms,
                          {.test = negated ? Test::word_not_in : Test::word_in,
                           .subject = static_cast<std::int32_t>(*attribute)});
    }
    const bool has = reader.take_word("has");
    if (has || reader.take_word("lacks")) {
        const auto marks = parse_word<Marks>(word);
        if (!marks)
            return std::unexpected(ParseError{
                0, "found " + quoted(word) + ", expected item, return.missing or request"});
        return with_words(reader, terms,
                          {.test = has ? Test::has_mark : Test::lacks_mark,
                           .subject = static_cast<std::int32_t>(*marks)});
    }
    return reader.wrong("in, not in, has, lacks, before, after, or one of < <= > >= ==");
}

Parsed parse_condition_text(Terms& terms, std::string_view text, const Zones& zones) {
    Reader reader(terms, text, &zones);
    if (reader.take_word("dispute.open") && reader.done())
        return Condition{.test = Test::dispute_open};
    Reader again(terms, text, &zones);
    if (again.take_word("has")) return knows(again, /*negated=*/false);
    if (again.take_word("lacks")) return knows(again, /*negated=*/true);
    const bool before = again.take_word("before");
    if (before || again.take_word("after")) {
        Condition condition{.test = before ? Test::at_before : Test::at_after};
        condition.left = TRY(again.time());
        if (!again.done()) return again.wrong("the end");
        return condition;
    }
    if (text.find(" before ") != text.npos)
        return two_times(terms, text, " before ", Test::before, zones);
    if (text.find(" after ") != text.npos)
        return two_times(terms, text, " after ", Test::after, zones);
    if (text.find_first_of("<>=") != text.npos) return two_numbers(terms, text);
    const auto word = again.name();
    auto condition = TRY(after_first_word(terms, again, word));
    if (!again.done()) return again.wrong("the end");
    return condition;
}

}  // namespace

std::expected<std::int32_t, ParseError> parse_time(Terms& terms, std::string_view text,
                                                   const Zones& zones) {
    Reader reader(terms, text, &zones);
    const auto root = TRY(reader.time());
    if (!reader.done()) return reader.wrong("+, -, or, or the end");
    return root;
}

std::expected<std::int32_t, ParseError> parse_amount(Terms& terms, std::string_view text) {
    Reader reader(terms, text, nullptr);
    const auto root = TRY(reader.number());
    if (!reader.done()) return reader.wrong("+, - or the end");
    return root;
}

std::expected<Condition, ParseError> parse_condition(Terms& terms, std::string_view text,
                                                     const Zones& zones) {
    auto condition = TRY(parse_condition_text(terms, text, zones));
    condition.text = text;
    return condition;
}

std::expected<Span, ParseError> parse_span(std::string_view text) {
    Terms scratch;
    Reader reader(scratch, text, nullptr);
    const auto span = reader.span();
    if (!span || !reader.done())
        return std::unexpected(
            ParseError{0, "found " + quoted(text) + ", expected a span such as 10d"});
    return span;
}

std::string nearest(std::string_view written, std::span<const std::string_view> words) {
    std::vector<std::pair<std::size_t, std::string_view>> ranked;
    for (const auto word : words) ranked.emplace_back(distance(written, word), word);
    std::ranges::sort(ranked);
    std::string text;
    for (std::size_t i = 0; i < std::min<std::size_t>(3, ranked.size()); ++i)
        text += (i ? ", " : "") + std::string(ranked[i].second);
    return text;
}

}  // namespace holdfast::terms
