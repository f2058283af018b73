#include "formats/money_text.h"

#include "base/try.h"
#include "formats/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <utility>

namespace holdfast::formats {
namespace {

// An amount taken apart: what stands around the digits, and the digits with their marks.
struct Parts {
    bool negative = false;
    std::string prefix;  // folded, without sign
    std::string suffix;
    std::string core;  // digits, ',' and '.' only, from a digit to a digit
};

std::unexpected<std::string> no(std::string_view text, std::string_view why) {
    return std::unexpected(fmt::format("the amount {} {}", shown(text), why));
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Counts and removes minus signs and the brackets of accounting.
int take_signs(std::string& text) {
    int signs = 0;
    for (const std::string_view sign : {"\u2212", "-", "("}) {
        for (auto at = text.find(sign); at != std::string::npos; at = text.find(sign)) {
            text.erase(at, sign.size());
            ++signs;
        }
    }
    std::erase_if(text, [](char c) { return c == '+' || c == ')'; });
    text = std::string(trimmed(text));
    return signs;
}

// Spaces (a plain one, U+00A0, U+2009, U+202F) and apostrophes only group.
std::optional<std::string> core_of(std::string_view text) {
    std::string core;
    while (!text.empty()) {
        const char c = text.front();
        std::size_t size = 1;
        if (is_digit(c) || c == '.' || c == ',')
            core += c;
        else if (c != ' ' && c != '\'') {
            size = 0;
            for (const std::string_view group : {"\u00A0", "\u2009", "\u202F", "\u2019"})
                if (text.starts_with(group)) size = group.size();
            if (size == 0) return std::nullopt;
        }
        text.remove_prefix(size);
    }
    return core;
}

// "12,-" is twelve: the dash stands for no cents.
std::string_view without_empty_cents(std::string_view after) {
    for (const std::string_view dash : {",-", ".-", ",\u2013", ",\u2014"})
        if (after.starts_with(dash)) return after.substr(dash.size());
    return after;
}

std::expected<Parts, std::string> take_apart(std::string_view text) {
    constexpr std::string_view digits = "0123456789";
    const auto first = text.find_first_of(digits);
    if (first == std::string_view::npos) return no(text, "has no digits");
    const auto last = text.find_last_of(digits);

    Parts parts;
    const auto before = text.substr(0, first);
    const bool mark_before = before.ends_with('.') || before.ends_with(',');
    const bool after_letter =
        before.size() > 1 && std::isalpha(static_cast<unsigned char>(before[before.size() - 2]));
    if (mark_before && !after_letter) return no(text, "begins with its decimals");
    parts.prefix = folded(before);
    parts.suffix = folded(without_empty_cents(text.substr(last + 1)));
    const int signs = take_signs(parts.prefix) + take_signs(parts.suffix);
    if (signs > 1) return no(text, "has two signs");
    if (parts.prefix.size() > 11 || parts.suffix.size() > 11)
        return no(text, "stands among other words");
    parts.negative = signs == 1;

    auto core = core_of(text.substr(first, last - first + 1));
    if (!core) return no(text, "is not one number");
    parts.core = std::move(*core);
    return parts;
}

struct Symbol {
    std::string_view text;  // folded
    Currency currency;
};

// Symbols that can mean only one currency.
constexpr Symbol symbols[] = {
    {"€", Currency::eur},    {"us $", Currency::usd}, {"us$", Currency::usd},
    {"£", Currency::gbp},    {"₩", Currency::krw},    {"zł", Currency::pln},
    {"zl", Currency::pln},   {"₹", Currency::inr},    {"r$", Currency::brl},
    {"c$", Currency::cad},   {"ca $", Currency::cad}, {"ca$", Currency::cad},
    {"au $", Currency::aud}, {"au$", Currency::aud},  {"a$", Currency::aud},
    {"৳", Currency{50}},     {"₽", Currency{643}},    {"₴", Currency{980}},
    {"₪", Currency{376}},    {"chf", Currency::chf},  {"cn ¥", Currency::cny},
};

std::optional<Currency> currency_said(std::string_view symbol) {
    for (const auto& row : symbols)
        if (row.text == symbol) return row.currency;
    return symbol.size() == 3 ? parse_currency(symbol) : std::nullopt;
}

std::size_t count_of(std::string_view text, char mark) {
    return static_cast<std::size_t>(std::ranges::count(text, mark));
}

// Groups of three, or Indian ones: two digits each, three at the end.
bool is_grouped(std::string_view digits, char mark) {
    const auto first = digits.find(mark);
    if (first == std::string_view::npos) return true;
    if (first == 0 || first > 3) return false;
    auto rest = digits.substr(first + 1);
    for (auto at = rest.find(mark); at != std::string_view::npos; at = rest.find(mark)) {
        if (at != 2 && at != 3) return false;
        rest.remove_prefix(at + 1);
    }
    return rest.size() == 3;
}

// Where the decimals of a core begin, or what is grouped throughout.
enum class Shape { whole, grouped, decimals, either };

Shape shape_of(std::string_view core) {
    const auto commas = count_of(core, ',');
    const auto points = count_of(core, '.');
    if (commas + points == 0) return Shape::whole;
    if (commas != 0 && points != 0) return Shape::decimals;
    if (commas + points > 1) return Shape::grouped;
    const auto at = core.find_first_of(",.");
    const auto behind = core.size() - at - 1;
    if (behind != 3 || at > 3 || core.starts_with('0')) return Shape::decimals;
    return Shape::either;
}

std::string without(std::string_view text, char mark) {
    std::string result(text);
    std::erase(result, mark);
    return result;
}

// "1.018,90" as "1018.90"; nothing where the grouping is broken.
std::optional<std::string> plain_decimals(std::string_view core) {
    const auto at = core.find_last_of(",.");
    const char group = core[at] == ',' ? '.' : ',';
    const auto whole = core.substr(0, at);
    if (contains(whole, core.substr(at, 1)) || !is_grouped(whole, group)) return std::nullopt;
    return fmt::format("{}.{}", without(whole, group), core.substr(at + 1));
}

std::optional<std::string> plain_group(std::string_view core) {
    const char mark = core[core.find_first_of(",.")];
    if (!is_grouped(core, mark)) return std::nullopt;
    return without(core, mark);
}

DecimalMark mark_of(char c) { return c == ',' ? DecimalMark::comma : DecimalMark::point; }

// Settles a core such as "1,018", of which both readings make sense by themselves.
std::expected<Shape, std::string> settled(std::string_view text, std::string_view core,
                                          Currency currency, DecimalMark mark) {
    const auto own = mark_of(core[core.find_first_of(",.")]);
    if (exponent_of(currency) == 0) return Shape::grouped;
    if (mark == own) return Shape::decimals;
    if (mark != DecimalMark::unknown || exponent_of(currency) < 3) return Shape::grouped;
    return no(text, "can mean a thousand times as much: nothing else in the file settles it");
}

std::expected<Money, std::string> money_of(std::string_view text, std::string_view plain,
                                           bool negative, Currency currency) {
    const auto money = parse_money(plain, currency);
    if (!money && money.error() == MoneyError::too_many_decimals)
        return no(text, "has more decimals than " + std::string(code_of(currency)));
    if (!money) return no(text, "is " + std::string(to_string(money.error())));
    return negative ? -*money : *money;
}

}  // namespace

std::expected<Money, std::string> parse_money_text(std::string_view text, Currency currency,
                                                   DecimalMark mark) {
    text = trimmed(text);
    const auto parts = TRY(take_apart(text));
    for (const auto& symbol : {parts.prefix, parts.suffix})
        if (const auto said = currency_said(symbol); said && *said != currency)
            return no(text, "is not in " + std::string(code_of(currency)));

    auto shape = shape_of(parts.core);
    if (shape == Shape::either) shape = TRY(settled(text, parts.core, currency, mark));
    std::optional<std::string> plain = parts.core;
    if (shape == Shape::grouped) plain = plain_group(parts.core);
    if (shape == Shape::decimals) plain = plain_decimals(parts.core);
    if (!plain) return no(text, "is not one number");
    return money_of(text, *plain, parts.negative, currency);
}

std::expected<Money, std::string> parse_decimal(std::string_view text, Currency currency) {
    text = trimmed(text);
    const bool negative = text.starts_with('-');
    return money_of(text, text.substr(negative ? 1 : 0), negative, currency);
}

std::expected<Money, std::string> parse_price_parts(std::string_view text, Currency currency) {
    const auto first = text.find('|');
    const auto second = text.find('|', first == std::string_view::npos ? first : first + 1);
    if (second == std::string_view::npos) return no(text, "is not text|whole|decimals");
    std::string plain(text.substr(first + 1, second - first - 1));
    std::erase_if(plain, [](char c) { return !is_digit(c); });
    const auto decimals = trimmed(text.substr(second + 1));
    if (!decimals.empty()) plain.append(".").append(decimals);
    return money_of(text, plain, /*negative=*/false, currency);
}

std::expected<Money, std::string> parse_minor(std::string_view text, Currency currency) {
    text = trimmed(text);
    const bool negative = text.starts_with('-');
    const auto minor = parse_count(text.substr(negative ? 1 : 0), Money::max_minor);
    if (!minor) return no(text, "is not a whole number of cents");
    return Money::of_minor(negative ? -*minor : *minor, currency);
}

std::optional<Money> sum_of(std::optional<Money> a, Money b) {
    if (!a) return b;
    const auto minor = a->minor() + b.minor();
    const bool fits = minor >= -Money::max_minor && minor <= Money::max_minor;
    if (a->currency() != b.currency() || !fits) return std::nullopt;
    return Money::of_minor(minor, b.currency());
}

DecimalMark decimal_mark_of(std::string_view text) {
    const auto parts = take_apart(trimmed(text));
    if (!parts || shape_of(parts->core) != Shape::decimals) return DecimalMark::unknown;
    return mark_of(parts->core[parts->core.find_last_of(",.")]);
}

}  // namespace holdfast::formats
