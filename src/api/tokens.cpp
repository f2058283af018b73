// Access tokens, and POST /oauth/token, which gives them (RFC 6749 sections 2.3, 4.4 and 5).
#include "api/tokens.h"

#include "api/service.h"
#include "http/target.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace holdfast::api {
namespace {

namespace json = boost::json;

// A token says its key, when it expires and what it may do.
constexpr std::size_t key_bytes = 16, number_bytes = 8, fixed_bytes = key_bytes + number_bytes;

// --- What was sent

using Form = std::vector<std::pair<std::string, std::string>>;

// What is answered instead of a token: an error of section 5.2.
struct TokenFault {
    std::string_view error, description;
    int status = 400;
};
constexpr TokenFault no_form{"invalid_request",
                             "The body is no form (application/x-www-form-urlencoded)."};
constexpr TokenFault has_query{"invalid_request", "What is asked for stands in the body."};
constexpr TokenFault repeated{"invalid_request", "A parameter stands twice."};
constexpr TokenFault two_ways{"invalid_request",
                              "The client says who it is by header or by body, not by both."};
constexpr TokenFault no_grant{"invalid_request", "There is no grant_type."};
constexpr TokenFault other_grant{"unsupported_grant_type",
                                 "Only client_credentials is given here."};
constexpr TokenFault other_scope{"invalid_scope", "The key has not these scopes."};
constexpr TokenFault not_known{"invalid_client", "No key in force has this id and secret.", 401};

std::optional<std::string_view> value_of(const Form& form, std::string_view name) {
    const auto found = std::ranges::find(form, name, &Form::value_type::first);
    // A parameter without a value counts as left out (section 3.2).
    if (found == form.end() || found->second.empty()) return std::nullopt;
    return found->second;
}

bool has_repeated(const Form& form) {
    for (auto i = form.begin(); i != form.end(); ++i)
        if (std::any_of(form.begin(), i, [&](const auto& one) { return one.first == i->first; }))
            return true;
    return false;
}

std::expected<Credentials, TokenFault> credentials_of(const http::ServerRequest& request,
                                                      const Form& form) {
    const auto id = value_of(form, "client_id"), secret = value_of(form, "client_secret");
    const auto header = request.header("authorization");
    if (!header.empty()) {
        if (secret) return std::unexpected(two_ways);
        const auto basic = basic_of(header);
        if (!basic || (id && *id != basic->id)) return std::unexpected(not_known);
        return *basic;
    }
    if (!id || !secret) return std::unexpected(not_known);
    return Credentials{.id = std::string(*id), .secret = std::string(*secret)};
}

std::expected<Form, TokenFault> form_of(const http::ServerRequest& request) {
    if (!http::is_same_name(http::without_parameters(request.header("content-type")),
                            "application/x-www-form-urlencoded"))
        return std::unexpected(no_form);
    if (!request.target.query.empty()) return std::unexpected(has_query);
    auto form = http::parse_form(request.body);
    if (!form) return std::unexpected(no_form);
    if (has_repeated(*form)) return std::unexpected(repeated);
    const auto grant = value_of(*form, "grant_type");
    if (!grant) return std::unexpected(no_grant);
    if (*grant != "client_credentials") return std::unexpected(other_grant);
    return *std::move(form);
}

void send_fault(Call& call, const TokenFault& fault) {
    std::vector<http::Header> more;
    if (fault.status == 401)
        more.push_back({"WWW-Authenticate", "Basic realm=\"holdfast\", charset=\"UTF-8\""});
    call.send(fault.status, {{"error", fault.error}, {"error_description", fault.description}},
              std::move(more));
}

}  // namespace

std::optional<Credentials> basic_of(std::string_view header) {
    constexpr std::string_view scheme = "basic ";
    if (!http::is_same_name(header.substr(0, scheme.size()), scheme)) return std::nullopt;
    const auto text = http::trimmed(header.substr(scheme.size()));
    std::string plain(text.size(), '\0');
    std::size_t length = 0;
    if (sodium_base642bin(reinterpret_cast<unsigned char*>(plain.data()), plain.size(), text.data(),
                          text.size(), nullptr, &length, nullptr,
                          sodium_base64_VARIANT_ORIGINAL) != 0)
        return std::nullopt;
    plain.resize(length);
    const auto colon = plain.find(':');
    if (colon == std::string::npos) return std::nullopt;
    const auto both =
        http::parse_form("id=" + plain.substr(0, colon) + "&secret=" + plain.substr(colon + 1));
    if (!both || both->size() != 2) return std::nullopt;
    return Credentials{.id = (*both)[0].second, .secret = (*both)[1].second};
}

std::optional<Scopes> parse_scopes(std::string_view text) {
    Scopes scopes;
    while (true) {
        const auto word = text.substr(0, text.find(' '));
        const auto scope = parse_scope(word);
        if (!scope) return std::nullopt;
        scopes.set(Key::index_of(*scope));
        if (word.size() == text.size()) return scopes;
        text.remove_prefix(word.size() + 1);
    }
}

std::string text_of(const Scopes& scopes) {
    std::string text;
    for (const auto word : words_of(scopes)) text.append(text.empty() ? "" : " ").append(word);
    return text;
}

// --- Tokens

void TokenBook::load(store::Store& store) {
    const std::scoped_lock lock(mutex_);
    read(store);
}

void TokenBook::read(store::Store& store) {
    for (const auto& event : stream_.load(store).events) seal_.read(stream_, event);
}

std::string TokenBook::sign(store::Store& store, const Token& token, Instant now,
                            const store::Random& random) {
    const std::scoped_lock lock(mutex_);
    if (!seal_.has_key()) {
        read(store);
        if (!seal_.has_key()) seal_.make(stream_, store, now, random);
    }
    Seal::Bytes said(fixed_bytes);
    std::ranges::copy(token.key, said.begin());
    put_number(std::span(said).last(number_bytes),
               static_cast<std::uint64_t>(token.expires_at.time_since_epoch().count()));
    const auto scopes = text_of(token.scopes);
    said.insert(said.end(), scopes.begin(), scopes.end());
    return seal_.close(said);
}

std::optional<Token> TokenBook::find(std::string_view text, Instant now) const {
    const std::scoped_lock lock(mutex_);
    const auto said = seal_.open(text);
    if (!said || said->size() <= fixed_bytes) return std::nullopt;
    Token token;
    const auto bytes = std::span(*said);
    std::ranges::copy(bytes.first(key_bytes), token.key.begin());
    token.expires_at = Instant{
        Duration{static_cast<Duration::rep>(number_in(bytes.subspan(key_bytes, number_bytes)))}};
    const auto scopes = parse_scopes(std::string(said->begin() + fixed_bytes, said->end()));
    if (!scopes || now >= token.expires_at) return std::nullopt;
    token.scopes = *scopes;
    return token;
}

void Service::create_token(Call& call) {
    const auto& request = call.request();
    const auto form = form_of(request);
    if (!form) return send_fault(call, form.error());
    const auto given = credentials_of(request, *form);
    if (!given) return send_fault(call, given.error());
    const auto who = given->id + " " + subject_of_peer(request.peer);
    if (const auto wait = guard_.wait(who, call.now()))
        return call.send(problem("rate_limited"), *wait);
    const auto key = keys_.find(given->secret, call.now());
    if (!key || key->livemode != options_.livemode || given->id != "key_" + to_base32(key->id)) {
        guard_.failed(who, call.now());
        if (may_ask(call, failure_limit_, subject_of_peer(request.peer)))
            send_fault(call, not_known);
        return;
    }
    guard_.succeeded(who);

    Token token{.key = key->id,
                .scopes = key->scopes,
                .expires_at = std::min(call.now() + TokenBook::lives, key->expires_at)};
    if (const auto wanted = value_of(*form, "scope")) {
        const auto scopes = parse_scopes(*wanted);
        if (!scopes || (*scopes & ~key->scopes).any()) return send_fault(call, other_scope);
        token.scopes = *scopes;
    }
    std::string text;
    engine_.with_store([&](store::Store& store, engine::Writer&) {
        text = tokens_.sign(store, token, call.now(), options_.random);
    });
    const auto lives = std::chrono::floor<std::chrono::seconds>(token.expires_at - call.now());
    call.send(200,
              {{"access_token", text},
               {"token_type", "Bearer"},
               {"expires_in", lives.count()},
               {"scope", text_of(token.scopes)}},
              {{"Pragma", "no-cache"}});
}

}  // namespace holdfast::api
