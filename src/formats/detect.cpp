// read_file(): what kind of file this is, by its first bytes.
#include "base/try.h"
#include "base/verify.h"
#include "formats/csv_table.h"
#include "formats/file_source.h"
#include "formats/json_kinds.h"
#include "formats/text.h"

#include <algorithm>
#include <array>
#include <utility>

namespace holdfast::formats {
namespace {

constexpr std::size_t json_max = std::size_t{64} << 20;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

std::unexpected<FileError> no(std::string reason) {
    return std::unexpected(FileError{{}, std::move(reason)});
}

// Files that are neither CSV nor JSON and that people hand in all the same.
struct Magic {
    std::string_view begins;
    std::string_view reason;
};
constexpr Magic magics[] = {
    {{"\xFF\xFE\0\0", 4}, "UTF-32: save the file as UTF-8"},
    {{"\0\0\xFE\xFF", 4}, "UTF-32: save the file as UTF-8"},
    {"\xFF\xFE", "UTF-16: save the file as UTF-8"},
    {"\xFE\xFF", "UTF-16: save the file as UTF-8"},
    {"PK\x03\x04", "an Excel workbook or a ZIP archive: save it as CSV, or unpack it"},
    {"\xD0\xCF\x11\xE0", "an old Excel workbook: save it as CSV"},
    {"\x1F\x8B", "compressed with gzip: unpack it"},
    {"%PDF", "a PDF: export CSV or JSON instead"},
    {"<", "a web page or XML: export CSV or JSON instead"},
};

// Why nobody can read it, or nothing.
std::string_view unreadable(std::string_view first) {
    if (trimmed(first).empty()) return "the file is empty";
    for (const auto& magic : magics)
        if (first.starts_with(magic.begins)) return magic.reason;
    return {};
}

std::string_view first_line(std::string_view text) {
    return trimmed(text.substr(0, text.find_first_of("\r\n")));
}

bool is_word_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '$' || c == '.';
}

// A value, or a JSONP call around one.
bool is_json(std::string_view text) {
    text = trimmed(text);
    if (text.starts_with('{') || text.starts_with('[')) return true;
    const auto word =
        static_cast<std::size_t>(std::ranges::find_if_not(text, is_word_char) - text.begin());
    if (word == 0 || word > 64 || word >= text.size() || text[word] != '(') return false;
    const auto inside = trimmed(text.substr(word + 1));
    return inside.starts_with('{') || inside.starts_with('[');
}

bool is_http_request(std::string_view text) {
    const auto line = first_line(text);
    return line.ends_with(" HTTP/1.1") || line.ends_with(" HTTP/1.0");
}

bool is_header_line(std::string_view line) {
    const auto colon = line.find(": ");
    return colon != std::string_view::npos && colon > 0 &&
           std::ranges::all_of(line.substr(0, colon), [](char c) {
               return c != '.' && c != '$' && (is_word_char(c) || c == '-');
           });
}

// A few lines "Name: value" and nothing else.
bool is_header_list(std::string_view text) {
    constexpr std::size_t size_max = std::size_t{16} * 1024;
    if (text.size() > size_max) return false;
    const auto lines = split(text, "\n");
    return !lines.empty() && std::ranges::all_of(lines, is_header_line);
}

// The ping that WooCommerce sends before its first webhook.
bool is_ping(std::string_view text) { return trimmed(text).starts_with("webhook_id="); }

struct PlainKind {
    bool (*is)(std::string_view text);
    std::string_view format;
    std::string_view description;
    std::string_view why_no_orders;
};
constexpr PlainKind plain_kinds[] = {
    {is_http_request, "http_request", "an HTTP request",
     "a request to another system, not its answer"},
    {is_header_list, "http_headers", "HTTP headers",
     "the headers of a message: its body is another file"},
    {is_ping, "woocommerce_ping", "WooCommerce ping",
     "the test message that WooCommerce sends first: it says nothing"},
};

std::expected<FileReport, FileError> read_plain(const PlainKind& kind, FileSource& source) {
    while (!TRY(source.next()).empty()) {
    }
    return FileReport{.format = std::string(kind.format),
                      .description = std::string(kind.description),
                      .why_no_orders = std::string(kind.why_no_orders),
                      .records = 0};
}

std::vector<std::span<const JsonKind>> all_kinds() {
    return {aliexpress_order_kinds(),
            aliexpress_list_kinds(),
            aliexpress_tracking_kinds(),
            aliexpress_error_kinds(),
            tracker_kinds(),
            holdfast_kinds(),
            woocommerce_kinds(),
            shopify_kinds(),
            amazon_kinds(),
            ebay_kinds(),
            stripe_kinds(),
            paypal_kinds(),
            json_without_orders()};
}

const JsonKind* kind_of(const Json& root) {
    for (const auto kinds : all_kinds())
        for (const auto& kind : kinds)
            if (kind.is(root)) return &kind;
    return nullptr;
}

std::string members_of(const Json& root) {
    std::vector<std::string_view> names;
    for (std::size_t i = 0; root.is_object() && i < root.items().size() && i < 8; ++i)
        names.emplace_back(root.name(i));
    return names.empty() ? "it has no members" : "its members are " + shown(joined(names, ", "));
}

std::expected<FileReport, FileError> read_json(std::string_view first, FileSource& source,
                                               const ReadOptions& options, Sink& sink,
                                               std::string file) {
    const auto bytes = TRY(source.rest(first, json_max));
    const auto root = TRY(parse_json(bytes));
    const auto* kind = kind_of(root);
    if (!kind) return no("JSON of an unknown kind: " + members_of(root));

    JsonJob job(root, options, sink, std::move(file));
    job.report.format = kind->format;
    job.report.description = kind->description;
    kind->read(job);
    job.notes.tell(sink);
    return std::move(job.report);
}

}  // namespace

std::expected<FileReport, FileError> read_file(const std::filesystem::path& path,
                                               const ReadOptions& options, Sink& sink) {
    VERIFY(options.zones && options.zones->find("America/Los_Angeles"));
    auto source = TRY(FileSource::open(path, options));
    std::string_view first = TRY(source.next());
    if (first.starts_with(byte_order_mark)) first.remove_prefix(byte_order_mark.size());
    if (const auto why = unreadable(first); !why.empty()) return no(std::string(why));

    auto file = path.filename().string();
    if (is_json(first)) return read_json(first, source, options, sink, std::move(file));
    for (const auto& kind : plain_kinds)
        if (kind.is(first)) return read_plain(kind, source);
    return read_csv(first, source, {options, sink, std::move(file), {}});
}

}  // namespace holdfast::formats
