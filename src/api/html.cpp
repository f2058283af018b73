#include "api/html.h"

#include "base/verify.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>
#include <sodium.h>

#include <array>
#include <cstdlib>
#include <memory>

namespace holdfast::api {
namespace {

constexpr std::string_view style = R"(
:root { color-scheme: light dark; --text: #1b1f24; --dim: #57606a; --page: #ffffff; --raised: #f3f5f7;
        --line: #d0d7de; --link: #0550ae; --get: #116329; --post: #0550ae; --other: #953800 }
@media (prefers-color-scheme: dark) {
  :root { --text: #e6edf3; --dim: #9da7b1; --page: #0d1117; --raised: #161b22; --line: #30363d;
          --link: #79c0ff; --get: #7ee787; --post: #79c0ff; --other: #ffa657 } }
* { box-sizing: border-box }
body { margin: 0; background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif }
a { color: var(--link) }
a:focus-visible, summary:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--link); outline-offset: 2px }
code, pre { font: .875em/1.45 ui-monospace, monospace; overflow-wrap: anywhere }
pre { background: var(--raised); padding: .75rem; overflow: auto }
main { max-width: 60rem; min-width: 0; margin: 0 auto; padding: 1rem 1.25rem 4rem }
h1, h2, h3, h4 { line-height: 1.25; scroll-margin-top: 1rem }
h2 { margin-top: 3rem; border-bottom: 1px solid var(--line); padding-bottom: .25rem }
article { margin: 2rem 0; border-top: 1px solid var(--line); padding-top: .5rem }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 }
th, td { text-align: left; vertical-align: top; padding: .3rem .75rem .3rem 0; border-bottom: 1px solid var(--line) }
td p, li p, dd p { margin: 0 }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem } dd { margin: 0; min-width: 0 }
ul.members { padding-left: 1.25rem; list-style: none; border-left: 2px solid var(--line) } .members li { margin: .25rem 0 }
.dim { color: var(--dim) }
.method { font: 700 .875em ui-monospace, monospace; color: var(--other) }
.GET { color: var(--get) } .POST { color: var(--post) }
.skip { position: absolute; left: -99rem } .skip:focus { left: 1rem; top: .25rem; background: var(--page) }
@media (min-width: 75rem) {
  body.wide { display: grid; grid-template-columns: 20rem 1fr }
  body.wide > nav { position: sticky; top: 0; height: 100vh; overflow: auto; border-right: 1px solid var(--line) } }
body.wide > nav { padding: 1rem 1.25rem; background: var(--raised) }
nav ul { padding-left: 1rem; list-style: none; margin: .25rem 0 }
summary { cursor: pointer; font-weight: 600 }
)";

// 'sha256-…' of the style: the one thing that a page may use.
std::string style_source() {
    std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
    crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(style.data()),
                       style.size());
    std::string text(sodium_base64_encoded_len(hash.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(text.data(), text.size(), hash.data(), hash.size(),
                      sodium_base64_VARIANT_ORIGINAL);
    text.pop_back();  // the end of a C string
    return "'sha256-" + text + "'";
}

struct FreeParser {
    void operator()(cmark_parser* parser) const { cmark_parser_free(parser); }
};
struct FreeNode {
    void operator()(cmark_node* node) const { cmark_node_free(node); }
};
struct FreeText {
    void operator()(char* text) const { std::free(text); }  // NOLINT: a C library's
};

}  // namespace

std::string escaped(std::string_view text) {
    std::string html;
    for (const char c : text) switch (c) {
        case '&':  html += "&amp;"; break;
        case '<':  html += "&lt;"; break;
        case '>':  html += "&gt;"; break;
        case '"':  html += "&quot;"; break;
        case '\'': html += "&#39;"; break;
        default:   html += c;
        }
    return html;
}

std::string html_of_markdown(std::string_view text) {
    cmark_gfm_core_extensions_ensure_registered();
    const std::unique_ptr<cmark_parser, FreeParser> parser(cmark_parser_new(CMARK_OPT_DEFAULT));
    auto* const tables = cmark_find_syntax_extension("table");
    VERIFY(parser && tables && cmark_parser_attach_syntax_extension(parser.get(), tables));
    cmark_parser_feed(parser.get(), text.data(), text.size());
    const std::unique_ptr<cmark_node, FreeNode> document(cmark_parser_finish(parser.get()));
    VERIFY(document);
    const std::unique_ptr<char, FreeText> html(cmark_render_html(
        document.get(), CMARK_OPT_DEFAULT, cmark_parser_get_syntax_extensions(parser.get())));
    VERIFY(html);
    return html.get();
}

http::Answer page(std::string_view title, std::string_view body) {
    static const auto policy = "default-src 'none'; style-src " + style_source() +
                               "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    std::string html =
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
    html.append("<title>").append(escaped(title)).append("</title>\n");
    html.append("<style>").append(style).append("</style>\n</head>\n");
    html.append(body).append("\n</html>\n");
    return {.status = 200,
            .headers = {{"Content-Type", "text/html; charset=utf-8"},
                        {"Content-Security-Policy", policy}},
            .body = std::move(html)};
}

}  // namespace holdfast::api
