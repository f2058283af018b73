#include "formats/text.h"

#include "base/utf8.h"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace holdfast::formats {
namespace {

constexpr std::string_view no_break_space = "\xC2\xA0";
constexpr std::string_view narrow_no_break_space = "\xE2\x80\xAF";

bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// How many bytes of blank `text` begins or ends with; 0 for none.
std::size_t blank_at_start(std::string_view text) {
    if (text.empty()) return 0;
    if (is_ascii(text.front())) return is_blank(text.front()) ? 1 : 0;
    for (const auto blank : {no_break_space, narrow_no_break_space})
        if (text.starts_with(blank)) return blank.size();
    return 0;
}

std::size_t blank_at_end(std::string_view text) {
    if (text.empty()) return 0;
    if (is_ascii(text.back())) return is_blank(text.back()) ? 1 : 0;
    for (const auto blank : {no_break_space, narrow_no_break_space})
        if (text.ends_with(blank)) return blank.size();
    return 0;
}

// Letters of the blocks Latin-1 Supplement and Latin Extended-A, by what they are without accent.
struct LatinRange {
    char32_t last;
    std::string_view base;
};
constexpr LatinRange latin_ranges[] = {
    {0xBF, ""},    {0xC5, "a"},  {0xC6, "ae"}, {0xC7, "c"},  {0xCB, "e"},  {0xCF, "i"},
    {0xD0, "d"},   {0xD1, "n"},  {0xD6, "o"},  {0xD7, ""},   {0xD8, "o"},  {0xDC, "u"},
    {0xDD, "y"},   {0xDE, "th"}, {0xDF, "ss"}, {0xE5, "a"},  {0xE6, "ae"}, {0xE7, "c"},
    {0xEB, "e"},   {0xEF, "i"},  {0xF0, "d"},  {0xF1, "n"},  {0xF6, "o"},  {0xF7, ""},
    {0xF8, "o"},   {0xFC, "u"},  {0xFD, "y"},  {0xFE, "th"}, {0xFF, "y"},  {0x105, "a"},
    {0x10D, "c"},  {0x111, "d"}, {0x11B, "e"}, {0x123, "g"}, {0x127, "h"}, {0x131, "i"},
    {0x133, "ij"}, {0x135, "j"}, {0x138, "k"}, {0x142, "l"}, {0x14B, "n"}, {0x151, "o"},
    {0x153, "oe"}, {0x159, "r"}, {0x161, "s"}, {0x167, "t"}, {0x173, "u"}, {0x175, "w"},
    {0x178, "y"},  {0x17E, "z"}, {0x17F, "s"},
};

std::string_view latin_base(char32_t code) {
    if (code < 0xC0 || code > 0x17F) return {};
    const auto* range = std::ranges::lower_bound(latin_ranges, code, {}, &LatinRange::last);
    return range->base;
}

void append_code(std::string& text, char32_t code) {
    if (code < 0x800) {
        text += static_cast<char>(0xC0 | (code >> 6));
        text += static_cast<char>(0x80 | (code & 0x3F));
    }
}

// Upper-case Cyrillic as lower case, or 0 for anything else.
char32_t lower_cyrillic(char32_t code) {
    if (code >= 0x410 && code <= 0x42F) return code + 0x20;
    if (code >= 0x400 && code <= 0x40F) return code + 0x50;
    return 0;
}

void append_folded(std::string& text, std::string_view bytes, char32_t code) {
    if (code < 0x80)
        text += code >= 'A' && code <= 'Z' ? static_cast<char>(code + 0x20) : bytes.front();
    else if (const auto base = latin_base(code); !base.empty())
        text += base;
    else if (const auto lower = lower_cyrillic(code))
        append_code(text, lower);
    else
        text += bytes;
}

}  // namespace

std::string_view trimmed(std::string_view text) {
    while (const auto size = blank_at_start(text)) text.remove_prefix(size);
    while (const auto size = blank_at_end(text)) text.remove_suffix(size);
    return text;
}

Character character_at(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) {
        return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U;
    };
    const auto first = byte(0);
    const auto tail = [&](std::size_t i) { return static_cast<char32_t>(byte(i) & 0x3F); };
    if (first < 0xC0) return {first, 1};
    if (first < 0xE0) return {static_cast<char32_t>(first & 0x1F) << 6 | tail(1), 2};
    if (first < 0xF0)
        return {static_cast<char32_t>(first & 0x0F) << 12 | tail(1) << 6 | tail(2), 3};
    return {static_cast<char32_t>(first & 0x07) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3), 4};
}

std::string folded(std::string_view text) {
    text = trimmed(text);
    std::string result;
    result.reserve(text.size());
    while (!text.empty()) {
        if (const auto blank = blank_at_start(text)) {
            if (!result.ends_with(' ')) result += ' ';
            text.remove_prefix(blank);
            continue;
        }
        const auto [code, size] = character_at(text, 0);
        append_folded(result, text.substr(0, size), code);
        text.remove_prefix(std::min(size, text.size()));
    }
    return result;
}

std::string header_key(std::string_view text) {
    auto key = folded(text);
    std::erase_if(key, [](char c) { return c == ' ' || c == '-' || c == '_'; });
    return key;
}

std::string_view without_guard(std::string_view cell) {
    cell = trimmed(cell);
    constexpr std::string_view guarded = "0123456789=+-@";
    if (cell.size() > 1 && cell[0] == '\'' && contains(guarded, cell.substr(1, 1)))
        cell.remove_prefix(1);
    return cell;
}

bool is_digits(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

std::optional<std::int64_t> parse_count(std::string_view text, std::int64_t max) {
    text = trimmed(text);
    if (!is_digits(text)) return std::nullopt;
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value > max)
        return std::nullopt;
    return value;
}

std::string shown(std::string_view text) {
    constexpr std::size_t size_max = 60;
    bool cut = text.size() > size_max;
    text = text.substr(0, size_max);
    if (const auto broken = find_invalid_utf8(text); broken && *broken + 4 > size_max)
        text = text.substr(0, *broken);  // the cut went through a character
    std::string result = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        result += byte < 0x20 || byte == 0x7F ? '?' : c;
    }
    if (find_invalid_utf8(result))
        for (char& c : result)
            if (static_cast<unsigned char>(c) >= 0x80) c = '?';
    return result + (cut ? "…\"" : "\"");
}

std::vector<std::string_view> split(std::string_view text, std::string_view separators) {
    std::vector<std::string_view> parts;
    while (true) {
        const auto end = text.find_first_of(separators);
        const auto part = trimmed(text.substr(0, end));
        if (!part.empty()) parts.push_back(part);
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

std::string joined(const std::vector<std::string_view>& parts, std::string_view between) {
    std::string text;
    for (const auto part : parts) {
        if (part.empty()) continue;
        if (!text.empty()) text += between;
        text += part;
    }
    return text;
}

}  // namespace holdfast::formats
