// One header field, and what each side of HTTP asks about the text in it (RFC 9110, section 5).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::http {

struct Header {
    std::string name, value;
    bool operator==(const Header&) const = default;
};

// The first of that name, in whatever case; empty: none.
std::string_view find_header(const std::vector<Header>& headers, std::string_view name);

bool is_same_name(std::string_view a, std::string_view b);  // ASCII, in whatever case
bool is_token(std::string_view text);                       // RFC 9110, 5.6.2; not empty

// No control character but tab: nothing in it can end the line and begin another header.
bool is_line(std::string_view text);

std::string_view trimmed(std::string_view text);  // of spaces, tabs and line ends on both sides

// "text/html" of "text/html; charset=utf-8".
std::string_view without_parameters(std::string_view value);

std::optional<unsigned> hex_value(char digit);  // in either case

bool has_controls(std::string_view text);  // tab among them
bool is_visible(std::string_view text);    // ASCII from '!' to '~' alone; also if empty

// Is `token` one of a comma-separated list such as "keep-alive, Upgrade"?
bool lists_token(std::string_view list, std::string_view token);

}  // namespace holdfast::http
