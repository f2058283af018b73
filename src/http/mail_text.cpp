// How a mail is written.
#include "http/mail.h"

#include "http/date.h"
#include "http/header.h"

#include "base/try.h"
#include "base/utf8.h"

#include <algorithm>
#include <cctype>
#include <optional>

namespace holdfast::http {
namespace {

constexpr std::size_t line_max = 76;  // of what is encoded; a header may have two more
constexpr std::string_view hex = "0123456789ABCDEF";

bool is_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

void append_escaped(std::string& out, char c) {
    const auto byte = static_cast<unsigned char>(c);
    out.append({'=', hex[byte >> 4U], hex[byte & 15U]});
}

// RFC 2047: words of at most 75 bytes, each whole characters, joined by a line's end and a space.
// `column` is where the first begins.
std::string encoded_words(std::string_view text, std::size_t column) {
    constexpr std::string_view before = "=?UTF-8?Q?", after = "?=";
    std::string words(before);
    std::size_t begin = 0;
    while (!text.empty()) {
        const auto size = utf8_character(text);
        std::string one;
        for (const char c : text.substr(0, size)) {
            const auto byte = static_cast<unsigned char>(c);
            if (c == ' ')
                one += '_';
            else if (byte < 0x80 && std::isalnum(byte))
                one += c;
            else
                append_escaped(one, c);
        }
        if (column + (words.size() - begin) + one.size() + after.size() > line_max) {
            words.append(after).append("\r\n ");
            begin = words.size();
            words += before;
            column = 1;
        }
        words += one;
        text.remove_prefix(size);
    }
    return words.append(after);
}

// Free text as a header's value, which begins at `column`.
std::string header_text(std::string_view text, std::size_t column) {
    const bool is_plain =
        is_ascii(text) && !text.contains("=?") && column + text.size() <= line_max;
    return is_plain ? std::string(text) : encoded_words(text, column);
}

std::string mailbox(const MailAddress& who, std::size_t column) {
    if (who.name.empty()) return who.address;
    const bool is_words = std::ranges::all_of(who.name, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x80 && (std::isalnum(byte) || c == ' ');
    });
    const bool is_plain = is_words && column + who.name.size() <= line_max;
    const auto name = is_plain ? who.name : encoded_words(who.name, column);
    const auto last = name.rfind('\n');
    const auto used = last == std::string::npos ? column + name.size() : name.size() - last - 1;
    const bool fits = used + who.address.size() + 3 <= line_max;
    return name + (fits ? " " : "\r\n ") + "<" + who.address + ">";
}

// RFC 2045, 6.7. Spaces at the end of a line are escaped, and so is a dot at its beginning, which
// some servers on the way would take for the end of the mail.
std::string quoted_printable(std::string_view text) {
    std::string out;
    std::size_t column = 0;
    const auto room_for = [&](std::size_t size) {
        if (column + size >= line_max) {
            out += "=\r\n";
            column = 0;
        }
        column += size;
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\r' || c == '\n') {
            if (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n') ++i;
            out += "\r\n";
            column = 0;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        const bool is_last = i + 1 == text.size() || text[i + 1] == '\r' || text[i + 1] == '\n';
        const bool begins = column == 0 || column + 1 >= line_max;
        const bool is_space = c == ' ' || c == '\t';
        const bool is_graph = byte > 0x20 && byte < 0x7F && c != '=' && !(c == '.' && begins);
        const bool is_plain = is_space ? !is_last : is_graph;
        room_for(is_plain ? 1 : 3);
        if (is_plain)
            out += c;
        else
            append_escaped(out, c);
    }
    if (column > 0) out += "\r\n";
    return out;
}

using Check = std::expected<void, std::string>;

Check check_address(const MailAddress& who, std::string_view field) {
    if (!is_mail_address(who.address))
        return std::unexpected(std::string(field) + " is no address");
    if (has_controls(who.name) || !is_utf8(who.name))
        return std::unexpected("the name of " + std::string(field) + " cannot be written");
    return {};
}

bool is_header_name(std::string_view name) {
    return !name.empty() && name.size() <= 60 && std::ranges::all_of(name, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return c == '-' || (byte < 0x80 && std::isalnum(byte));
    });
}

Check check(const MailMessage& message) {
    TRY(check_address(message.from, "from"));
    TRY(check_address(message.to, "to"));
    if (has_controls(message.subject) || !is_utf8(message.subject))
        return std::unexpected("the subject cannot be written");
    if (!is_utf8(message.text)) return std::unexpected("the text is not UTF-8");
    if (!is_mail_address(message.message_id)) return std::unexpected("the message id is none");
    for (const auto& [name, value] : message.headers)
        if (!is_header_name(name) || has_controls(value) || !is_ascii(value) ||
            name.size() + 2 + value.size() > line_max + 2)
            return std::unexpected("a header cannot be written: " + name);
    return {};
}

}  // namespace

bool is_mail_address(std::string_view text) {
    constexpr std::string_view atom_others = "!#$%&'*+-/=?^_`{|}~";
    const auto at = text.find('@');
    if (at == std::string_view::npos || at == 0 || at > 64 || text.size() > 254) return false;
    const auto parts_are = [](std::string_view parts, auto&& is_good) {
        while (true) {
            const auto dot = parts.find('.');
            const auto part = parts.substr(0, dot);
            if (part.empty() || part.size() > 64 || !std::ranges::all_of(part, is_good))
                return false;
            if (dot == std::string_view::npos) return true;
            parts.remove_prefix(dot + 1);
        }
    };
    const auto is_alnum = [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x80 && std::isalnum(byte) != 0;
    };
    return parts_are(text.substr(0, at),
                     [&](char c) { return is_alnum(c) || atom_others.contains(c); }) &&
           parts_are(text.substr(at + 1), [&](char c) { return is_alnum(c) || c == '-'; });
}

std::expected<std::string, std::string> compose(const MailMessage& message) {
    TRY(check(message));
    std::string mail;
    const auto add = [&](std::string_view name, std::string_view value) {
        mail.append(name).append(": ").append(value).append("\r\n");
    };
    add("Date", to_mail_date(message.date));
    add("From", mailbox(message.from, 6));
    add("To", mailbox(message.to, 4));
    add("Message-ID", "<" + message.message_id + ">");
    add("Subject", header_text(message.subject, 9));
    for (const auto& [name, value] : message.headers) add(name, value);
    add("MIME-Version", "1.0");
    add("Content-Type", "text/plain; charset=utf-8");
    add("Content-Transfer-Encoding", "quoted-printable");
    return mail + "\r\n" + quoted_printable(message.text);
}

}  // namespace holdfast::http
