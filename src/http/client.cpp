#include "http/client.h"

#include "http/address.h"
#include "http/curl.h"
#include "http/header.h"

#include "base/enum_word.h"
#include "base/verify.h"

#include <sys/socket.h>
#include <unistd.h>
#include <array>
#include <cctype>
#include <chrono>
#include <utility>

namespace holdfast::http {
namespace {

HttpProblem never_sent(HttpProblemKind kind, std::string text) {
    return {.kind = kind, .text = std::move(text), .may_have_had_effect = false};
}

using Steady = std::chrono::steady_clock;

// What one request leaves behind, filled by libcurl's calls.
struct Exchange {
    const ClientOptions& options;
    CURL* handle = nullptr;
    std::size_t bytes_max = 0;
    const Client::Take* take = nullptr;  // of an answer without end
    Duration silence = {};               // of it, at most
    Response response = {};
    std::size_t header_bytes = 0;
    bool is_sent = false;  // from here on a byte may have left
    bool met_refused = false, is_too_large = false;
    bool is_left = false, is_silent = false;  // an answer without end
    Steady::time_point last_word = Steady::now();

    bool may_reach(const std::optional<Address>& address) {
        const bool may = options.allow_private || (address && is_public(*address));
        met_refused |= !may;
        return may;
    }
    int status() const {
        long status = 0;
        curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
        return static_cast<int>(status);
    }
};

curl_socket_t open_socket(void* data, curlsocktype, curl_sockaddr* to) {
    auto& exchange = *static_cast<Exchange*>(data);
    if (!exchange.may_reach(address_of(to->family, &to->addr))) return CURL_SOCKET_BAD;
    return ::socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

// Called once the connection stands (a kept one, too) and before the first byte goes out.
int before_request(void* data, char* address, char*, int, int) {
    auto& exchange = *static_cast<Exchange*>(data);
    if (!exchange.may_reach(parse_address(address ? address : ""))) return CURL_PREREQFUNC_ABORT;
    exchange.is_sent = true;
    return CURL_PREREQFUNC_OK;
}

std::size_t take_header(char* text, std::size_t, std::size_t size, void* data) {
    auto& exchange = *static_cast<Exchange*>(data);
    const std::string_view line(text, size);
    exchange.header_bytes += size;
    if (exchange.header_bytes > exchange.bytes_max) {
        exchange.is_too_large = true;
        return 0;
    }
    if (line.starts_with("HTTP/")) exchange.response.headers.clear();  // after a 1xx
    const auto colon = line.find(':');
    if (colon != std::string_view::npos)
        exchange.response.headers.push_back(
            {.name = std::string(trimmed(line.substr(0, colon))),
             .value = std::string(trimmed(line.substr(colon + 1)))});
    return size;
}

std::size_t take_body(char* text, std::size_t, std::size_t size, void* data) {
    auto& exchange = *static_cast<Exchange*>(data);
    exchange.last_word = Steady::now();
    if (exchange.take && exchange.status() == 200) {
        exchange.is_left = !(*exchange.take)({text, size});
        return exchange.is_left ? 0 : size;
    }
    if (exchange.response.body.size() + size > exchange.bytes_max) {
        exchange.is_too_large = true;
        return 0;
    }
    exchange.response.body.append(text, size);
    return size;
}

// Called every second or so.
int look_at_silence(void* data, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    auto& exchange = *static_cast<Exchange*>(data);
    exchange.is_silent = Steady::now() - exchange.last_word > exchange.silence;
    return exchange.is_silent ? 1 : 0;
}

HttpProblemKind kind_of(CURLcode code, const Exchange& exchange) {
    if (exchange.is_too_large) return HttpProblemKind::too_large;
    if (exchange.met_refused && !exchange.is_sent) return HttpProblemKind::refused_address;
    if (exchange.is_silent) return HttpProblemKind::timed_out;
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:    return HttpProblemKind::cannot_resolve;
    case CURLE_COULDNT_CONNECT:          return HttpProblemKind::cannot_connect;
    case CURLE_OPERATION_TIMEDOUT:       return HttpProblemKind::timed_out;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_SSL_INVALIDCERTSTATUS:    return HttpProblemKind::tls;
    default:                             return HttpProblemKind::other;
    }
}

}  // namespace

std::string_view to_string(Method value) {
    return enum_word(std::array<std::string_view, 2>{"GET", "POST"}, value);
}

std::string_view to_string(HttpProblemKind value) {
    static constexpr std::array<std::string_view, 7> words{
        "refused_address", "cannot_resolve", "cannot_connect", "timed_out", "tls",
        "too_large",       "other"};
    return enum_word(words, value);
}

std::string_view Response::header(std::string_view name) const {
    return find_header(headers, name);
}

struct Client::Curl {
    CurlHandle handle = open_handle();
    std::array<char, CURL_ERROR_SIZE> details{};

    void prepare(const ClientOptions& options) {
        curl_easy_reset(handle.get());  // connections stay
        const char* const protocols = options.allow_http ? "http,https" : "https";
        set(handle, CURLOPT_PROTOCOLS_STR, protocols);
        set(handle, CURLOPT_PROXY, "");  // also of the environment
        set(handle, CURLOPT_NOSIGNAL, 1L);
        set(handle, CURLOPT_FOLLOWLOCATION, 0L);
        set(handle, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
        set(handle, CURLOPT_DNS_CACHE_TIMEOUT, 0L);
        set(handle, CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1});
        set(handle, CURLOPT_ERRORBUFFER, details.data());
        if (!options.certificates.empty())
            set(handle, CURLOPT_CAINFO, options.certificates.c_str());
    }

    void listen(Exchange& exchange) {
        set(handle, CURLOPT_OPENSOCKETFUNCTION, &open_socket);
        set(handle, CURLOPT_OPENSOCKETDATA, static_cast<void*>(&exchange));
        set(handle, CURLOPT_PREREQFUNCTION, &before_request);
        set(handle, CURLOPT_PREREQDATA, static_cast<void*>(&exchange));
        set(handle, CURLOPT_HEADERFUNCTION, &take_header);
        set(handle, CURLOPT_HEADERDATA, static_cast<void*>(&exchange));
        set(handle, CURLOPT_WRITEFUNCTION, &take_body);
        set(handle, CURLOPT_WRITEDATA, static_cast<void*>(&exchange));
        if (!exchange.take) return;
        set(handle, CURLOPT_NOPROGRESS, 0L);
        set(handle, CURLOPT_XFERINFOFUNCTION, &look_at_silence);
        set(handle, CURLOPT_XFERINFODATA, static_cast<void*>(&exchange));
    }

    void say(const Request& request, const CurlList& headers) {
        set(handle, CURLOPT_URL, request.url.c_str());
        set(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(request.limits.total.count()));
        set(handle, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.limits.connect.count()));
        set(handle, CURLOPT_HTTPHEADER, headers.get());
        if (request.method != Method::post) return;
        set(handle, CURLOPT_POST, 1L);
        set(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
        set(handle, CURLOPT_POSTFIELDS, request.body.c_str());
        set(handle, CURLOPT_FRESH_CONNECT, 1L);
        set(handle, CURLOPT_FORBID_REUSE, 1L);
    }

    Outcome perform(const Request& request, Exchange& exchange) {
        CurlList headers;
        append(headers, "Expect:");  // no waiting for a 100
        for (const auto& [name, value] : request.headers) {
            if (!is_token(name) || !is_line(value))
                return std::unexpected(
                    never_sent(HttpProblemKind::other, "a header cannot be sent: " + name));
            append(headers, value.empty() ? name + ";" : name + ": " + value);
        }
        if (!is_line(request.url) || request.url.contains('\t'))
            return std::unexpected(
                never_sent(HttpProblemKind::other, "the address cannot be sent"));
        exchange.handle = handle.get();
        prepare(exchange.options);
        listen(exchange);
        say(request, headers);
        details.fill('\0');
        const auto code = curl_easy_perform(handle.get());
        if (code != CURLE_OK && !exchange.is_left) return std::unexpected(problem(code, exchange));
        exchange.response.status = exchange.status();
        return std::move(exchange.response);
    }

    HttpProblem problem(CURLcode code, const Exchange& exchange) const {
        const auto kind = kind_of(code, exchange);
        const auto words = exchange.is_silent ? "nothing came" : words_of(code, details.data());
        return {.kind = kind,
                .text = std::string(to_string(kind)) + ": " + words,
                .may_have_had_effect = exchange.is_sent};
    }
};

Client::Client(ClientOptions options)
    : options_(std::move(options)), curl_(std::make_unique<Curl>()) {}
Client::~Client() = default;

Outcome Client::send(const Request& request) {
    VERIFY(request.limits.connect > 0ms && request.limits.total > 0ms);  // 0 would be: no limit
    Exchange exchange{.options = options_, .bytes_max = request.limits.response_bytes};
    return curl_->perform(request, exchange);
}

Outcome Client::follow(const Request& request, Duration silence, const Take& take) {
    VERIFY(request.method == Method::get && request.limits.connect > 0ms && silence > 0ms);
    auto endless = request;
    endless.limits.total = 0ms;
    Exchange exchange{.options = options_,
                      .bytes_max = request.limits.response_bytes,
                      .take = &take,
                      .silence = silence};
    return curl_->perform(endless, exchange);
}

std::string percent_encoded(std::string_view text) {
    constexpr std::string_view plain = "-._~", digits = "0123456789ABCDEF";
    std::string encoded;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool is_plain = byte < 0x80 && (std::isalnum(byte) || plain.contains(c));
        if (is_plain)
            encoded += c;
        else
            encoded.append({'%', digits[byte >> 4U], digits[byte & 15U]});
    }
    return encoded;
}

std::string form_of(const std::vector<std::pair<std::string, std::string>>& fields) {
    std::string form;
    for (const auto& [name, value] : fields) {
        if (!form.empty()) form += '&';
        form += percent_encoded(name) + '=' + percent_encoded(value);
    }
    return form;
}

}  // namespace holdfast::http
