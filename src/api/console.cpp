#include "api/console.h"

#include "base/hash.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

namespace holdfast::api {
namespace {

std::string policy(std::string_view frame_ancestors) {
    return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
           "connect-src 'self'; base-uri 'none'; form-action 'none'; "
           "require-trusted-types-for 'script'; trusted-types svelte-trusted-html; "
           "frame-ancestors " +
           std::string(frame_ancestors);
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 6> media_types{{
    {".css", "text/css; charset=utf-8"},
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".json", "application/json"},
    {".svg", "image/svg+xml"},
    {".txt", "text/plain; charset=utf-8"},
}};

std::string_view media_type_of(std::string_view name) {
    for (const auto& [ending, type] : media_types)
        if (name.ends_with(ending)) return type;
    return "application/octet-stream";
}

// Of what is named "gzip;q=0" nothing is taken.
bool takes_gzip(std::string_view list) {
    while (!list.empty()) {
        const auto end = std::min(list.find(','), list.size());
        const auto one = list.substr(0, end);
        list.remove_prefix(std::min(end + 1, list.size()));
        const auto coding = http::trimmed(one.substr(0, one.find(';')));
        if (!http::is_same_name(coding, "gzip") && coding != "*") continue;
        const auto quality = one.find("q=0");
        return quality == std::string_view::npos ||
               one.find_first_of("123456789", quality) != std::string_view::npos;
    }
    return false;
}

// Of each file, in their order, made once. Weak: what is sent may be compressed.
const std::vector<std::string>& tags() {
    static const auto made = [] {
        constexpr std::size_t digits = 32;
        std::vector<std::string> all;
        for (const auto& file : console_files())
            all.push_back("W/\"" + to_hex(hash_of(file.plain)).substr(0, digits) + '"');
        return all;
    }();
    return made;
}

}  // namespace

std::optional<http::Answer> console_answer(std::string_view name,
                                           const http::ServerRequest& request,
                                           std::string_view frame_ancestors) {
    const auto files = console_files();
    const auto file = std::ranges::lower_bound(files, name, {}, &ConsoleFile::name);
    if (file == files.end() || file->name != name) return std::nullopt;

    http::Answer answer;
    const auto& tag = tags()[static_cast<std::size_t>(file - files.begin())];
    const bool is_kept = name.starts_with("assets/");
    answer.headers = {
        {"Cache-Control", is_kept ? "public, max-age=31536000, immutable" : "no-cache"},
        {"ETag", tag},
        {"Vary", "Accept-Encoding"},
        {"Content-Security-Policy", policy(name == portal_page ? frame_ancestors : no_frames)},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"}};
    if (http::lists_token(request.header("if-none-match"), tag)) {
        answer.status = 304;
        return answer;
    }
    answer.headers.push_back({"Content-Type", std::string(media_type_of(name))});
    if (takes_gzip(request.header("accept-encoding"))) {
        answer.headers.push_back({"Content-Encoding", "gzip"});
        answer.body = file->gzipped;
    } else {
        answer.body = file->plain;
    }
    return answer;
}

}  // namespace holdfast::api
