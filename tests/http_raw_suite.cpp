// The HTTP server by its bytes: what is sent, what is answered, and whether the connection goes on.
//
// Behind every row goes a probe. Where a row says "close" the probe must not be answered: bytes of
// a request that was refused are nobody's next request. Each row is sent at once, byte by byte, and
// with the client's side closed behind it.
#include "http_server_fixture.h"
#include "raw_client.h"

#include <boost/beast/http.hpp>

#include <algorithm>
#include <set>
#include <sstream>

namespace holdfast::test {
namespace {

using namespace std::string_literals;

const http::ServerLimits small{.head = {.field_bytes = 500, .fields = 10, .target_bytes = 100},
                               .skipped_bytes = 50};

struct Row {
    std::string name, bytes, expected;  // "200 404": and it goes on; "200 400 close"
};

std::string get(const std::string& target) {
    return "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n";
}
std::string line(const std::string& request_line) { return request_line + "\r\nHost: a\r\n\r\n"; }
std::string with(const std::string& fields) {
    return "GET /echo HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n\r\n";
}
std::string host(const std::string& fields) {
    return "GET /echo HTTP/1.1\r\n" + fields + "\r\n\r\n";
}
std::string post(const std::string& fields, const std::string& body,
                 const std::string& target = "/echo") {
    return "POST " + target + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n\r\n" + body;
}
std::string chunks(const std::string& body) { return post("Transfer-Encoding: chunked", body); }
std::string times(std::size_t count, const std::string& text) {
    std::string all;
    for (std::size_t i = 0; i < count; ++i) all += text;
    return all;
}

const std::string probe = "GET /e/probe HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

// clang-format off
const std::vector<Row> rows{
    // Request lines.
    {"plain",                          get("/echo"),                                      "200"},
    {"root",                           get("/"),                                          "200"},
    {"an empty line before it",        "\r\n" + get("/echo"),                             "200"},
    {"two empty lines before it",      "\r\n\r\n" + get("/echo"),                         "400 close"},
    {"a lone LF before it",            "\n" + get("/echo"),                               "400 close"},
    {"a space before it",              " " + get("/echo"),                                "400 close"},
    {"a tab before it",                "\t" + get("/echo"),                               "400 close"},
    {"a NUL before it",                "\0"s + get("/echo"),                              "400 close"},
    {"junk before it",                 "junk\r\n" + get("/echo"),                         "400 close"},
    {"TLS",                            "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"s,   "400 close"},
    {"HTTP/2 preface",                 "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",                "505 close"},
    {"HTTP/0.9",                       "GET /echo\r\n",                                   "400 close"},
    {"no target",                      line("GET HTTP/1.1"),                              "400 close"},
    {"no method",                      line("/echo HTTP/1.1"),                            "400 close"},
    {"two spaces before the target",   line("GET  /echo HTTP/1.1"),                       "400 close"},
    {"two spaces behind the target",   line("GET /echo  HTTP/1.1"),                       "400 close"},
    {"a space at the end",             line("GET /echo HTTP/1.1 "),                       "400 close"},
    {"a tab for a space",              line("GET\t/echo HTTP/1.1"),                       "400 close"},
    {"a tab in the target",            line("GET /ec\tho HTTP/1.1"),                      "400 close"},
    {"a space in the target",          line("GET /ec ho HTTP/1.1"),                       "400 close"},
    {"a NUL in the target",            line("GET /ec\0ho HTTP/1.1"s),                     "400 close"},
    {"a CR in the target",             line("GET /ec\rho HTTP/1.1"),                      "400 close"},
    {"an LF in the target",            line("GET /ec\nho HTTP/1.1"),                      "400 close"},
    {"DEL in the target",              line("GET /ec\x7Fho HTTP/1.1"),                    "400 close"},
    {"a byte past ASCII",              line("GET /\xC3\xBC HTTP/1.1"),                    "400 close"},
    {"line ends with LF",              "GET /echo HTTP/1.1\nHost: a\n\n",                 "400 close"},
    {"request line ends with LF",      "GET /echo HTTP/1.1\nHost: a\r\n\r\n",             "400 close"},
    {"request line ends with CR",      "GET /echo HTTP/1.1\rHost: a\r\n\r\n",             "400 close"},
    {"head ends with LF",              "GET /echo HTTP/1.1\r\nHost: a\r\n\n",             "400 close"},
    {"head ends with CR CR",           "GET /echo HTTP/1.1\r\nHost: a\r\n\r\r",           "400 close"},
    {"version 1.0",                    line("GET /echo HTTP/1.0"),                        "200 close"},
    {"version 1.0 kept alive",         "GET /echo HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "200"},
    {"version 1.0 without host",       "GET /echo HTTP/1.0\r\n\r\n",                      "200 close"},
    {"version 1.2 is 1.1",             line("GET /echo HTTP/1.2"),                        "200"},
    {"version 1.9 is 1.1",             line("GET /echo HTTP/1.9"),                        "200"},
    {"version 2.0",                    line("GET /echo HTTP/2.0"),                        "505 close"},
    {"version 0.9",                    line("GET /echo HTTP/0.9"),                        "505 close"},
    {"version 1.10",                   line("GET /echo HTTP/1.10"),                       "400 close"},
    {"version 11",                     line("GET /echo HTTP/11"),                         "400 close"},
    {"version in small letters",       line("GET /echo http/1.1"),                        "400 close"},
    {"version of another protocol",    line("GET /echo ICAP/1.0"),                        "400 close"},
    {"version without a number",       line("GET /echo HTTP/"),                           "400 close"},
    {"version with a letter",          line("GET /echo HTTP/1.x"),                        "400 close"},

    // Methods.
    {"HEAD",                           line("HEAD /echo HTTP/1.1"),                       "200"},
    {"OPTIONS",                        line("OPTIONS /echo HTTP/1.1"),                    "204"},
    {"OPTIONS of the server",          line("OPTIONS * HTTP/1.1"),                        "204"},
    {"OPTIONS of nothing",             line("OPTIONS /none HTTP/1.1"),                    "404"},
    {"a method that is not there",     line("DELETE /echo HTTP/1.1"),                     "405"},
    {"another one that is not there",  line("PUT /stream HTTP/1.1"),                      "405"},
    {"an unknown method",              line("BREW /echo HTTP/1.1"),                       "405"},
    {"an unknown method nowhere",      line("BREW /none HTTP/1.1"),                       "404"},
    {"small letters",                  line("get /echo HTTP/1.1"),                        "405"},
    {"a method of signs",              line("!#$%&'*+-.^_`|~ /echo HTTP/1.1"),            "405"},
    {"a method with a colon",          line("GE:T /echo HTTP/1.1"),                       "400 close"},
    {"a method with a slash",          line("GE/T /echo HTTP/1.1"),                       "400 close"},
    {"a method in quotes",             line("\"GET\" /echo HTTP/1.1"),                    "400 close"},
    {"a method past ASCII",            line("G\xC3\x8BT /echo HTTP/1.1"),                 "400 close"},
    {"a long method",                  line(times(33, "G") + " /echo HTTP/1.1"),          "400 close"},
    {"CONNECT",                        line("CONNECT a:443 HTTP/1.1"),                    "501 close"},
    {"TRACE",                          line("TRACE /echo HTTP/1.1"),                      "405"},

    // Targets.
    {"a query",                        get("/echo?a=b&c=d+e%20f"),                        "200"},
    {"an empty query",                 get("/echo?"),                                     "200"},
    {"a question in the query",        get("/echo?a=b?c"),                                "200"},
    {"brackets in the query",          get("/echo?expand[]=a|b"),                         "200"},
    {"a name in the path",             get("/e/x%20y"),                                   "200"},
    {"two names in the path",          get("/e/x/f/y"),                                   "200"},
    {"UTF-8 in the path",              get("/e/%C3%BC"),                                  "200"},
    {"no UTF-8 in the path",           get("/e/%C3"),                                     "400 close"},
    {"overlong UTF-8",                 get("/e/%C0%AF"),                                  "400 close"},
    {"a surrogate",                    get("/e/%ED%A0%80"),                               "400 close"},
    {"no UTF-8 in the query",          get("/echo?a=%FF"),                                "400 close"},
    {"half an escape",                 get("/e/%4"),                                      "400 close"},
    {"an escape of no digits",         get("/e/%zz"),                                     "400 close"},
    {"an escape with a sign",          get("/e/%+1"),                                     "400 close"},
    {"a NUL, escaped",                 get("/e/%00"),                                     "400 close"},
    {"a line end, escaped",            get("/e/%0D%0A"),                                  "400 close"},
    {"a slash, escaped",               get("/e/a%2Fb"),                                   "400 close"},
    {"a backslash, escaped",           get("/e/a%5Cb"),                                   "400 close"},
    {"a NUL in the query",             get("/echo?a=%00"),                                "400 close"},
    {"half an escape in the query",    get("/echo?a=%4"),                                 "400 close"},
    {"up",                             get("/e/../echo"),                                 "400 close"},
    {"up, escaped",                    get("/e/%2e%2E/echo"),                             "400 close"},
    {"up at the end",                  get("/e/.."),                                      "400 close"},
    {"here",                           get("/./echo"),                                    "400 close"},
    {"up, escaped twice is a name",    get("/e/%252e%252e"),                              "200"},
    {"a slash twice",                  get("//echo"),                                     "404"},
    {"a slash behind it",              get("/echo/"),                                     "404"},
    {"an empty name",                  get("/e/"),                                        "404"},
    {"nothing there",                  get("/none"),                                      "404"},
    {"a fragment",                     get("/echo#a"),                                    "400 close"},
    {"a quote",                        get("/e/\"a\""),                                   "400 close"},
    {"angle brackets",                 get("/e/<a>"),                                     "400 close"},
    {"a backslash",                    get("/e\\a"),                                      "400 close"},
    {"no slash in front",              get("echo"),                                       "400 close"},
    {"a star",                         get("*"),                                          "400 close"},
    {"absolute",                       get("http://a/echo"),                              "200"},
    {"absolute, in capitals",          get("HTTP://A/echo"),                              "200"},
    {"absolute, https",                get("https://a/echo"),                             "200"},
    {"absolute, no path",              get("http://a"),                                   "200"},
    {"absolute, a query only",         get("http://a?b=c"),                               "200"},
    {"absolute, another host",         get("http://b/echo"),                              "400 close"},
    {"absolute, another port",         get("http://a:81/echo"),                           "400 close"},
    {"absolute, a user",               get("http://u@a/echo"),                            "400 close"},
    {"absolute, no host",              get("http:///echo"),                               "400 close"},
    {"absolute, another scheme",       get("ftp://a/echo"),                               "400 close"},
    {"absolute, up",                   get("http://a/e/../echo"),                         "400 close"},
    {"authority",                      get("a:80"),                                       "400 close"},
    {"as long as it may be",           get("/e/" + times(97, "x")),                       "200"},
    {"too long",                       get("/e/" + times(98, "x")),                       "414 close"},
    {"endless",                        "GET /" + times(400, "x"),                         "414 close"},

    // Hosts.
    {"a name and a port",              host("Host: shop.example:8080"),                   "200"},
    {"IPv4",                           host("Host: 127.0.0.1:80"),                        "200"},
    {"IPv6",                           host("Host: [::1]:80"),                            "200"},
    {"spaces around",                  host("Host: \t a \t"),                             "200"},
    {"in capitals",                    host("HOST: a"),                                   "200"},
    {"no host",                        host("X: y"),                                      "400 close"},
    {"an empty host",                  host("Host:"),                                     "400 close"},
    {"two hosts",                      host("Host: a\r\nHost: b"),                        "400 close"},
    {"one host twice",                 host("Host: a\r\nHost: a"),                        "400 close"},
    {"two in one",                     host("Host: a, b"),                                "400 close"},
    {"a space in it",                  host("Host: a b"),                                 "400 close"},
    {"a path in it",                   host("Host: a/b"),                                 "400 close"},
    {"a user in it",                   host("Host: u@a"),                                 "400 close"},
    {"a port of letters",              host("Host: a:b"),                                 "400 close"},
    {"a port too large",               host("Host: a:65536"),                             "400 close"},
    {"a bracket open",                 host("Host: [::1"),                                "400 close"},
    {"a bracket with a name",          host("Host: [name]"),                              "400 close"},
    {"two of version 1.0",             "GET /echo HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", "400 close"},

    // Header fields.
    {"an empty value",                 with("X:"),                                        "200"},
    {"no space",                       with("X:y"),                                       "200"},
    {"a tab in the value",             with("X: a\tb"),                                   "200"},
    {"a value past ASCII",             with("X: \xC3\xBC"),                               "200"},
    {"a colon in the value",           with("X: a:b"),                                    "200"},
    {"a space before the colon",       with("X : y"),                                     "400 close"},
    {"a tab before the colon",         with("X\t: y"),                                    "400 close"},
    {"a space in the name",            with("X y: z"),                                    "400 close"},
    {"no colon",                       with("X"),                                         "400 close"},
    {"no name",                        with(": y"),                                       "400 close"},
    {"a name in brackets",             with("(X): y"),                                    "400 close"},
    {"a name past ASCII",              with("\xC3\x9C: y"),                               "400 close"},
    {"a folded field",                 with("X: a\r\n b"),                                "400 close"},
    {"a field folded by a tab",        with("X: a\r\n\tb"),                               "400 close"},
    {"a folded empty line",            with("X: a\r\n "),                                 "400 close"},
    {"a space before the first field", "GET /echo HTTP/1.1\r\n Host: a\r\n\r\n",          "400 close"},
    {"a NUL in the value",             with("X: a\0b"s),                                  "400 close"},
    {"a CR in the value",              with("X: a\rb"),                                   "400 close"},
    {"an LF in the value",             with("X: a\nY: b"),                                "400 close"},
    {"an escape in the value",         with("X: \x1B[31m"),                               "400 close"},
    {"DEL in the value",               with("X: \x7F"),                                   "400 close"},
    {"a NUL in the name",              with("X\0: a"s),                                   "400 close"},
    {"as many as there may be",        with(times(8, "X: y\r\n") + "X: y"),               "200"},
    {"too many",                       with(times(9, "X: y\r\n") + "X: y"),               "431 close"},
    {"too large",                      with("X: " + times(500, "y")),                     "431 close"},
    {"too large together",             with(times(5, "X: " + times(100, "y") + "\r\n") + "X: y"), "431 close"},
    {"endless",                        "GET /echo HTTP/1.1\r\nX: " + times(600, "y"),     "431 close"},

    // Bodies of a length.
    {"a body",                         post("Content-Length: 3", "abc"),                  "200"},
    {"no body",                        post("Content-Length: 0", ""),                     "200"},
    {"no length is no body",           post("X: y", ""),                                  "200"},
    {"zeros in front",                 post("Content-Length: 003", "abc"),                "200"},
    {"a body of GET",                  with("Content-Length: 3") + "abc",                 "200"},
    {"a body that looks like a request", post("Content-Length: " + std::to_string(get("/echo").size()), get("/echo")), "200"},
    {"as large as it may be",          post("Content-Length: 100", times(100, "x")),      "200"},
    {"too large",                      post("Content-Length: 101", times(101, "x")),      "413 close"},
    {"far too large",                  post("Content-Length: 99999999999999999999999", ""), "413 close"},
    {"a sign",                         post("Content-Length: +3", "abc"),                 "400 close"},
    {"a minus",                        post("Content-Length: -3", "abc"),                 "400 close"},
    {"a fraction",                     post("Content-Length: 3.0", "abc"),                "400 close"},
    {"hexadecimal",                    post("Content-Length: 0x3", "abc"),                "400 close"},
    {"a space in it",                  post("Content-Length: 3 3", "abc"),                "400 close"},
    {"no number",                      post("Content-Length: abc", "abc"),                "400 close"},
    {"nothing",                        post("Content-Length:", "abc"),                    "400 close"},
    {"a list",                         post("Content-Length: 3, 3", "abc"),               "400 close"},
    {"twice",                          post("Content-Length: 3\r\nContent-Length: 4", "abcd"), "400 close"},
    {"twice the same",                 post("Content-Length: 3\r\nContent-Length: 3", "abc"), "400 close"},
    {"beside a coding",                post("Content-Length: 3\r\nTransfer-Encoding: chunked", "0\r\n\r\n"), "400 close"},
    {"behind a coding",                post("Transfer-Encoding: chunked\r\nContent-Length: 3", "0\r\n\r\n"), "400 close"},
    {"nobody wants a short one",       post("Content-Length: 3", "abc", "/none"),         "404"},
    {"nobody wants a long one",        post("Content-Length: 51", times(51, "x"), "/none"), "404 close"},
    {"refused before a short one",     post("Content-Length: 3", "abc", "/denied"),       "401"},
    {"refused before a long one",      post("Content-Length: 51", times(51, "x"), "/denied"), "401 close"},
    {"refused before chunks",          post("Transfer-Encoding: chunked", "0\r\n\r\n", "/denied"), "401 close"},
    {"a sink",                         post("Content-Length: 300", times(300, "x"), "/sink"), "200"},
    {"a sink that says no",            post("Content-Length: 300", "!" + times(299, "x"), "/sink"), "422 close"},

    // Chunks.
    {"one chunk",                      chunks("3\r\nabc\r\n0\r\n\r\n"),                   "200"},
    {"two chunks",                     chunks("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"),        "200"},
    {"no chunk",                       chunks("0\r\n\r\n"),                               "200"},
    {"capitals and zeros",             chunks("00A\r\n0123456789\r\n000\r\n\r\n"),        "200"},
    {"an extension",                   chunks("3;a=b;c=\"d;e\";f\r\nabc\r\n0;g\r\n\r\n"), "200"},
    {"a trailer",                      chunks("0\r\nX: y\r\n\r\n"),                       "200"},
    {"a trailer of framing is dropped", chunks("0\r\nContent-Length: 9\r\n\r\n"),         "200"},
    {"the coding in capitals",         post("Transfer-Encoding: CHUNKED", "0\r\n\r\n"),   "200"},
    {"no size",                        chunks("\r\nabc\r\n0\r\n\r\n"),                    "400 close"},
    {"no digit",                       chunks("g\r\nabc\r\n0\r\n\r\n"),                   "400 close"},
    {"a size with 0x",                 chunks("0x3\r\nabc\r\n0\r\n\r\n"),                 "400 close"},
    {"a size with a sign",             chunks("+3\r\nabc\r\n0\r\n\r\n"),                  "400 close"},
    {"a size with a minus",            chunks("-3\r\nabc\r\n0\r\n\r\n"),                  "400 close"},
    {"a space before the size",        chunks(" 3\r\nabc\r\n0\r\n\r\n"),                  "400 close"},
    {"a space behind the size",        chunks("3 \r\nabc\r\n0\r\n\r\n"),                  "400 close"},
    {"a size past 64 bits",            chunks("10000000000000003\r\nabc\r\n0\r\n\r\n"),   "400 close"},
    {"a size of 64 bits",              chunks("ffffffffffffffff\r\nabc\r\n0\r\n\r\n"),    "413 close"},
    {"a size line ends with LF",       chunks("3\nabc\r\n0\r\n\r\n"),                     "400 close"},
    {"a size line ends with CR",       chunks("3\rabc\r\n0\r\n\r\n"),                     "400 close"},
    {"a chunk ends with LF",           chunks("3\r\nabc\n0\r\n\r\n"),                     "400 close"},
    {"a chunk too short",              chunks("4\r\nabc\r\n0\r\n\r\n"),                   "400 close"},
    {"a chunk too long",               chunks("2\r\nabc\r\n0\r\n\r\n"),                   "400 close"},
    {"an extension without a name",    chunks("3;\r\nabc\r\n0\r\n\r\n"),                  "400 close"},
    {"an extension without a value",   chunks("3;a=\r\nabc\r\n0\r\n\r\n"),                "400 close"},
    {"an extension with a quote open", chunks("3;a=\"b\r\nabc\r\n0\r\n\r\n"),             "400 close"},
    {"an extension with an LF",        chunks("3;a\nb\r\nabc\r\n0\r\n\r\n"),              "400 close"},
    {"an extension with a NUL",        chunks("3;a\0\r\nabc\r\n0\r\n\r\n"s),              "400 close"},
    {"extensions without end",         chunks("3;" + times(4'200, "a")),                  "400 close"},
    {"a trailer that is none",         chunks("0\r\nX\r\n\r\n"),                          "400 close"},
    {"a folded trailer",               chunks("0\r\nX: y\r\n z\r\n\r\n"),                 "400 close"},
    {"trailers without end",           chunks("0\r\n" + times(1'100, "Xx: yy\r\n")),      "400 close"},
    {"the last chunk ends with LF",    chunks("0\r\n\n"),                                 "400 close"},
    {"chunks as large as they may be", chunks("64\r\n" + times(100, "x") + "\r\n0\r\n\r\n"), "200"},
    {"chunks too large",               chunks("64\r\n" + times(100, "x") + "\r\n1\r\nx\r\n0\r\n\r\n"), "413 close"},
    {"gzip",                           post("Transfer-Encoding: gzip", "abc"),            "400 close"},
    {"gzip, chunked",                  post("Transfer-Encoding: gzip, chunked", "0\r\n\r\n"), "400 close"},
    {"chunked, gzip",                  post("Transfer-Encoding: chunked, gzip", "0\r\n\r\n"), "400 close"},
    {"chunked twice",                  post("Transfer-Encoding: chunked, chunked", "0\r\n\r\n"), "400 close"},
    {"chunked in two fields",          post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "0\r\n\r\n"), "400 close"},
    {"identity",                       post("Transfer-Encoding: identity", ""),           "400 close"},
    {"xchunked",                       post("Transfer-Encoding: xchunked", "0\r\n\r\n"),  "400 close"},
    {"an empty coding",                post("Transfer-Encoding:", "0\r\n\r\n"),           "400 close"},
    {"a coding in quotes",             post("Transfer-Encoding: \"chunked\"", "0\r\n\r\n"), "400 close"},
    {"a coding with a tab",            post("Transfer-Encoding:\tchunked", "0\r\n\r\n"),  "200"},
    {"a coding with a VT",             post("Transfer-Encoding: \vchunked", "0\r\n\r\n"), "400 close"},
    {"a coding of version 1.0",        "POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400 close"},

    // What is expected, and connections.
    {"100-continue",                   post("Content-Length: 3\r\nExpect: 100-continue", "abc"), "200"},
    {"100-continue of no body",        with("Expect: 100-continue"),                      "200"},
    {"another expectation",            post("Content-Length: 3\r\nExpect: more", "abc"),  "417 close"},
    {"100-continue of version 1.0",    "POST /echo HTTP/1.0\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\nabc", "200 close"},
    {"100-continue refused",           post("Content-Length: 3\r\nExpect: 100-continue", "abc", "/denied"), "401 close"},
    {"close",                          with("Connection: close"),                         "200 close"},
    {"close in a list",                with("Connection: x, CLOSE"),                      "200 close"},
    {"close in a second field",        with("Connection: x\r\nConnection: close"),        "200 close"},
    {"closely is not close",           with("Connection: closely"),                       "200"},
    {"an upgrade is not taken",        with("Connection: Upgrade\r\nUpgrade: h2c"),       "200"},
    {"the handler throws",             get("/throw"),                                     "500"},
    {"the handler forgets",            get("/drop"),                                      "500"},

    // Several at once.
    {"two",                            times(2, get("/echo")),                            "200 200"},
    {"twenty",                         times(20, get("/echo")),                           times(19, "200 ") + "200"},
    {"a body between",                 post("Content-Length: 3", "abc") + get("/none"),   "200 404"},
    {"chunks between",                 chunks("3\r\nabc\r\n0\r\n\r\n") + get("/none"),    "200 404"},
    {"HEAD between",                   line("HEAD /echo HTTP/1.1") + get("/none"),        "200 404"},
    {"a bad one in the middle",        get("/echo") + with("X : y") + get("/echo"),       "200 400 close"},
    {"the last one in the middle",     get("/echo") + with("Connection: close") + get("/echo"), "200 200 close"},
    {"an empty line between",          get("/echo") + "\r\n" + get("/echo"),              "200 200"},
    {"a body longer than said",        post("Content-Length: 3", "abcd"),                 "200 405 close"},
    {"smuggled behind both lengths",   post("Content-Length: 6\r\nTransfer-Encoding: chunked", "0\r\n\r\nG") + get("/echo"), "400 close"},
    {"smuggled behind an odd coding",  post("Transfer-Encoding : chunked\r\nContent-Length: 5", "0\r\n\r\n") + get("/echo"), "400 close"},
};
// clang-format on

bool goes_on(const Row& row) { return !row.expected.ends_with("close"); }

// The statuses, in words, as a row expects them; the probe's own is left out.
std::string statuses_of(const Row& row, const std::vector<RawAnswer>& answers) {
    std::string statuses;
    bool is_probed = false;
    for (const auto& answer : answers) {
        is_probed |= answer.body.starts_with("GET /e/probe");
        if (is_probed || answer.status == 100) continue;
        statuses += (statuses.empty() ? "" : " ") + std::to_string(answer.status);
    }
    CHECK(is_probed == goes_on(row));
    return statuses + (is_probed ? "" : " close");
}

enum class Way : std::uint8_t { at_once, bytewise, half_closed };

std::string sent(TestServer& server, const std::string& bytes, Way way) {
    RawClient client(server.server.port());
    if (way == Way::bytewise)
        client.send_bytewise(bytes);
    else
        client.send(bytes);
    if (way == Way::half_closed) client.say_no_more();
    return client.read_all();
}

// How many requests Beast's parser finds in the bytes, and where it stops.
std::size_t requests_by_beast(const std::string& bytes) {
    namespace beast = boost::beast;
    std::size_t count = 0, used = 0;
    while (used < bytes.size()) {
        beast::http::request_parser<beast::http::string_body> parser;
        parser.eager(true);
        boost::system::error_code error;
        const boost::asio::const_buffer rest(bytes.data() + used, bytes.size() - used);
        used += parser.put(rest, error);
        if (error || !parser.is_done()) break;
        ++count;
    }
    return count;
}

}  // namespace

TEST_CASE("http server, raw: every request is read in one way only") {
    std::set<std::string> seen;
    std::size_t refused = 0;
    for (const auto way : {Way::at_once, Way::bytewise, Way::half_closed}) {
        TestServer server(small);
        std::map<int, std::size_t> statuses;
        for (const auto& row : rows) {
            CAPTURE(row.name);
            CAPTURE(row.bytes.substr(0, 300));
            const auto answers = answers_in(sent(server, row.bytes + probe, way));
            CHECK(statuses_of(row, answers) == row.expected);
            for (const auto& answer : answers) {
                if (answer.status == 100) continue;
                ++statuses[answer.status];
                CHECK(answer.says("Request-Id: req_"));
                CHECK(answer.says("X-Content-Type-Options: nosniff"));
                if (answer.status >= 400 && answer.status != 401 && answer.status != 422)
                    CHECK(answer.says("Content-Type: application/problem+json"));
            }
            seen.insert(row.expected);
            refused += goes_on(row) ? 0 : 1;
        }
        server.server.stop(Duration{0});
        CHECK(server.observer.statuses() == statuses);
        CHECK(server.handler.handled == statuses[200] + statuses[500]);
        CHECK(statuses.size() >= 12);
    }
    CHECK(rows.size() >= 150);
    CHECK(refused >= 3 * 100);
    CHECK(seen.contains("414 close"));
}

// A second reader that is not ours must find the same requests in whatever we let through.
TEST_CASE("http server, raw: what is taken is read alike by another parser") {
    std::size_t compared = 0;
    for (const auto& row : rows) {
        const bool is_odd = row.name.contains("empty line") || row.name.contains("version 1.2") ||
                            row.name.contains("version 1.9") || row.name.contains("is dropped");
        if (!goes_on(row) || is_odd) continue;
        CAPTURE(row.name);
        const auto own = static_cast<std::size_t>(std::ranges::count(row.expected, ' ')) + 1;
        CHECK(requests_by_beast(row.bytes + probe) == own + 1);
        ++compared;
    }
    CHECK(compared >= 60);
}

TEST_CASE("http server, raw: a request may arrive in any two pieces") {
    TestServer server(small);
    const auto bytes = post("Content-Length: 3", "abc") +
                       chunks("3;a=b\r\nabc\r\n0\r\nX: y\r\n\r\n") + line("HEAD /echo HTTP/1.1") +
                       probe;
    for (std::size_t i = 1; i < bytes.size(); ++i) {
        CAPTURE(i);
        RawClient client(server.server.port());
        client.send(bytes.substr(0, i));
        std::this_thread::yield();
        client.send(bytes.substr(i));
        const auto answers = answers_in(client.read_all());
        REQUIRE(answers.size() == 4);
        CHECK(answers[0].body == "POST /echo|abc");
        CHECK(answers[1].body == "POST /echo|abc");
        CHECK(answers[2].says("Content-Length: 11"));
        CHECK(answers[3].body == "GET /e/probe name=probe|");
    }
    CHECK(server.handler.handled == 4 * (bytes.size() - 1));
}

TEST_CASE("http server, raw: a client may leave at any byte") {
    TestServer server(small);
    const auto bytes = post("Content-Length: 3", "abc") + chunks("3\r\nabc\r\n0\r\n\r\n");
    const auto first = post("Content-Length: 3", "abc").size();
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        CAPTURE(i);
        RawClient resets(server.server.port());
        resets.send(bytes.substr(0, i));
        resets.reset();
        RawClient ends(server.server.port());
        ends.send(bytes.substr(0, i));
        ends.say_no_more();
        const auto answers = answers_in(ends.read_all());
        const std::size_t whole = i >= first ? 1 : 0;
        const std::size_t partial = i == 0 || i == first ? 0 : 1;  // it is told so
        REQUIRE(answers.size() == whole + partial);
        if (partial == 1) CHECK(answers.back().status == 400);
    }
    const auto after = answers_in(sent(server, probe, Way::at_once));
    REQUIRE(after.size() == 1);
    CHECK(after[0].status == 200);
}

}  // namespace holdfast::test
