#include "formats/scenario_line.h"

#include "formats/money_text.h"
#include "formats/text.h"
#include "terms/parse.h"

#include <algorithm>
#include <utility>

namespace holdfast::formats {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r'; }
bool is_mark(char c) { return c == ',' || c == ';' || c == ':'; }

constexpr std::int32_t count_max = 60'000;

std::string listed(std::span<const std::string_view> words) {
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
        text += words[i];
    }
    return text;
}

}  // namespace

template <>
std::vector<std::string_view> spellings<terms::Party>() {
    const auto words = terms::words_of<terms::Party>();
    return {words.begin(), words.end()};
}

ScenarioLine::ScenarioLine(std::string_view text) : line_(text) {
    std::size_t at = 0;
    while (true) {
        while (at < text.size() && is_space(text[at])) ++at;
        if (at == text.size()) break;
        if (text[at] == '#') {
            line_ = text.substr(0, at);
            break;
        }
        const bool quoted = text[at] == '"' && text.find('"', at + 1) != text.npos;
        Part part{.text = {}, .at = at, .colon = false};
        if (quoted) {
            const auto end = text.find('"', at + 1);
            part.text = text.substr(at + 1, end - at - 1);
            at = end + 1;
        }
        const auto begin = at;
        while (at < text.size() && !is_space(text[at])) ++at;
        auto bare = text.substr(begin, at - begin);
        while (!bare.empty() && is_mark(bare.back())) {
            part.colon = part.colon || bare.back() == ':';
            bare.remove_suffix(1);
        }
        if (!quoted) part.text = bare;
        if (!part.text.empty() || quoted)
            words_.push_back(part);
        else if (!words_.empty())
            words_.back().colon = words_.back().colon || part.colon;
    }
    line_ = trimmed(line_);
}

std::string_view ScenarioLine::rest() const {
    if (is_done()) return {};
    // Words point into the line as it was handed in; `line_` is its trimmed front.
    const auto* from = words_[next_].text.data();
    if (from > line_.data() && from[-1] == '"') --from;
    return {from, static_cast<std::size_t>(line_.data() + line_.size() - from)};
}

std::string_view ScenarioLine::take() { return words_[next_++].text; }

bool ScenarioLine::take(std::string_view phrase) {
    const auto before = next_;
    for (const auto word : split(phrase, " ")) {
        if (peek() != word) {
            next_ = before;
            return false;
        }
        ++next_;
    }
    return true;
}

Parsed<void> ScenarioLine::need(std::string_view phrase) {
    for (const auto word : split(phrase, " ")) {
        if (peek() != word) return std::unexpected(fault_of({word}));
        ++next_;
    }
    return {};
}

Parsed<void> ScenarioLine::need_end() const {
    if (!is_done()) return std::unexpected(fault("the end of the line"));
    return {};
}

Parsed<Instant> ScenarioLine::instant() {
    const auto parsed = parse_instant(peek());
    if (!parsed) return std::unexpected(fault("an instant such as 2026-01-05T12:00:00Z"));
    ++next_;
    return *parsed;
}

Parsed<terms::When> ScenarioLine::when() {
    if (const auto day = parse_day(peek())) {
        ++next_;
        return terms::When(*day);
    }
    const auto parsed = parse_instant(peek());
    if (!parsed)
        return std::unexpected(
            fault("a day such as 2026-02-04 or an instant such as 2026-02-04T12:00:00Z"));
    ++next_;
    return terms::When(*parsed);
}

bool ScenarioLine::is_amount(Currency currency) const {
    return !is_done() && parse_decimal(peek(), currency).has_value();
}

Parsed<order::Minor> ScenarioLine::amount(Currency currency) {
    const auto parsed = parse_decimal(peek(), currency);
    if (is_done() || !parsed)
        return std::unexpected(
            fault("an amount in " + std::string(code_of(currency)) + ", such as " +
                  to_decimal(Money::of_minor(exponent_of(currency) == 0 ? 45 : 4500, currency))));
    ++next_;
    return parsed->minor();
}

Parsed<std::int32_t> ScenarioLine::count(std::string_view what, std::int32_t least) {
    auto text = peek();
    const bool below = text.starts_with('-') && least < 0;
    if (below) text.remove_prefix(1);
    const auto parsed = parse_count(text, count_max);
    const auto number = parsed ? static_cast<std::int32_t>(below ? -*parsed : *parsed) : 0;
    if (!parsed || number < least) return std::unexpected(fault(std::string(what)));
    ++next_;
    return number;
}

Parsed<std::int32_t> ScenarioLine::basis_points() {
    auto text = peek();
    const bool closed = text.ends_with('%');
    if (closed) text.remove_suffix(1);
    // Two decimals of a percent are basis points, as two decimals of a euro are cents.
    const auto parsed = parse_decimal(text, Currency::eur);
    if (is_done() || !parsed || parsed->minor() < 0 || parsed->minor() > 1'000'000)
        return std::unexpected(fault("a percentage such as 5 %"));
    ++next_;
    if (!closed)
        if (auto sign = need("%"); !sign) return std::unexpected(sign.error());
    return static_cast<std::int32_t>(parsed->minor());
}

Parsed<Word> ScenarioLine::word(std::string_view what) {
    if (is_done() || peek().size() > Word::max_size || peek().empty())
        return std::unexpected(
            fault(std::string(what) + ", at most " + std::to_string(Word::max_size) + " bytes"));
    return Word(take());
}

std::optional<std::size_t> ScenarioLine::find(std::span<const std::string_view> all) {
    const auto found = std::ranges::find(all, peek());
    if (is_done() || found == all.end()) return std::nullopt;
    ++next_;
    return static_cast<std::size_t>(found - all.begin());
}

Fault ScenarioLine::fault(std::string expected) const {
    return {is_done() ? "the end of the line" : shown(peek()), std::move(expected), {}};
}

Fault ScenarioLine::fault_of(std::span<const std::string_view> words, std::string what) const {
    auto made = fault(what.empty() ? listed(words) : std::move(what));
    if (!is_done() && words.size() > 1) made.nearest = terms::nearest(peek(), words);
    return made;
}

Fault ScenarioLine::fault_of(std::initializer_list<std::string_view> words) const {
    return fault_of(std::span(words.begin(), words.size()));
}

}  // namespace holdfast::formats
