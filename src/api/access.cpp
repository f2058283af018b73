// Who asks, whether they may ask this at all, and whose orders they see.
#include "api/service.h"

#include <algorithm>
#include <utility>

namespace holdfast::api {
namespace {

constexpr std::string_view session_cookie = "__Host-session";

bool changes_nothing(std::string_view method) { return method == "GET" || method == "HEAD"; }

std::string_view bearer(const http::ServerRequest& request) {
    constexpr std::string_view scheme = "bearer ";
    const auto text = request.header("authorization");
    if (text.size() <= scheme.size() || !http::is_same_name(text.substr(0, scheme.size()), scheme))
        return {};
    return http::trimmed(text.substr(scheme.size()));
}

// What the client proves itself by; empty: nothing. A calendar cannot say "Bearer", so that what
// only reads takes HTTP Basic, too. Browsers send that to whoever asks, so it changes nothing.
std::string secret_in(const http::ServerRequest& request) {
    if (changes_nothing(request.method))
        if (auto basic = basic_of(request.header("authorization"))) return std::move(basic->secret);
    return std::string(bearer(request));
}

// Is `type`, as "application/json", among what the client takes?
bool takes(std::string_view accept, std::string_view type) {
    const auto any_of_its_kind = std::string(type.substr(0, type.find('/'))) + "/*";
    return accept.empty() || accept.contains(type) || accept.contains(any_of_its_kind) ||
           accept.contains("*/*");
}

std::string_view media_type(Operation operation) {
    const bool is_page =
        operation == Operation::get_docs || operation == Operation::get_problem_page ||
        operation == Operation::open_console || operation == Operation::find_console ||
        operation == Operation::get_console;
    if (is_page) return "text/html";
    return operation == Operation::stream_events ? "text/event-stream" : "application/json";
}

// A client that only wants to hear of problems hears of them.
bool takes_answer(std::string_view accept, Operation operation) {
    // It is what was submitted, or what the path says.
    if (operation == Operation::get_file || operation == Operation::get_report ||
        operation == Operation::get_console_file || operation == Operation::get_console_asset)
        return true;
    return takes(accept, media_type(operation)) || accept.contains("application/problem+json");
}

// Not counted: probes, and what is let in by its signature.
bool is_free(Operation operation) {
    return operation == Operation::get_health || operation == Operation::get_readiness ||
           operation == Operation::take_stripe_callback || operation == Operation::take_push;
}

Caller caller_of(const Key& key) { return {.name = "key_" + to_base32(key.id), .key = key}; }

Caller caller_of(const Link& link) {
    const bool is_buyer = link.party == order::Party::buyer;
    return {.name = is_buyer ? "link_buyer" : "link_seller",
            .roles = is_buyer ? buyer : seller,
            .acts_as = link.party,
            .order = link.order};
}

Caller caller_of(const User& user) {
    Caller caller{.name = "usr_" + to_base32(user.id), .roles = user.roles, .user = user.id};
    if (user.roles == buyer) caller.acts_as = order::Party::buyer;
    if (user.roles == seller) caller.acts_as = order::Party::seller;
    if (user.roles == mediator) caller.acts_as = order::Party::platform;
    if (user.is_party()) caller.party = user.party;
    return caller;
}

// A browser sends its cookie whoever asks it to; that it is our own page that asks shows in a token
// that only our page knows, and in the origin.
bool is_of_our_page(const http::ServerRequest& request, const Session& session) {
    const auto origin = request.header("origin");
    const auto scheme_end = origin.find("://");
    if (!origin.empty() &&
        (scheme_end == std::string_view::npos || origin.substr(scheme_end + 3) != request.host))
        return false;
    return hash_of(request.header("x-csrf-token")) == hash_of(session.csrf);
}

}  // namespace

std::string_view session_token(const http::ServerRequest& request) {
    auto cookies = request.header("cookie");
    while (!cookies.empty()) {
        const auto end = std::min(cookies.find(';'), cookies.size());
        const auto one = http::trimmed(cookies.substr(0, end));
        cookies.remove_prefix(std::min(end + 1, cookies.size()));
        const auto equals = one.find('=');
        if (equals != std::string_view::npos && one.substr(0, equals) == session_cookie)
            return one.substr(equals + 1);
    }
    return {};
}

http::Header session_header(std::string_view token, std::chrono::seconds lives) {
    return {"Set-Cookie", std::string(session_cookie) + "=" + std::string(token) +
                              "; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=" +
                              std::to_string(lives.count())};
}

// Who asks, how often they did, and whether they may do this at all. Whoever is known is let in
// whatever else came from their address: behind a proxy all addresses are one.
bool Service::let_in(Call& call) {
    const auto& access = access_of(call.operation());
    if (!takes_answer(call.request().header("accept"), call.operation()))
        return call.send("not_acceptable"), false;
    if (is_free(call.operation())) return true;
    const bool is_public = access.scope == Scope::none;
    auto caller = is_public ? std::unexpected(std::string_view()) : find_caller(call.request());
    if (!caller) {
        const auto address = subject_of_peer(call.request().peer);
        if (!may_ask(call, address_limit_, address)) return false;
        if (is_public) return true;
        if (caller.error() == "credentials_invalid" && !may_ask(call, failure_limit_, address))
            return false;
        return call.send(caller.error()), false;
    }
    if (!may_ask(call, caller_limit_, caller->limited_as())) return false;
    if (!caller->may(access)) return call.send(caller->key ? "scope_missing" : "wrong_role"), false;
    call.set_caller(*std::move(caller));
    return true;
}

// False: it was answered.
bool Service::may_ask(Call& call, RateLimiter& limiter, std::string_view subject) {
    if (!limiter.is_on()) return true;
    const auto standing = limiter.take(subject, call.now());
    call.set_rate(limiter.limit(), standing);
    if (!standing.is_within) call.send("rate_limited");
    return standing.is_within;
}

std::expected<Caller, std::string_view> Service::find_caller(const http::ServerRequest& request) {
    const auto secret = secret_in(request);
    if (secret.empty()) {
        const auto token = session_token(request);
        if (token.empty()) return std::unexpected("credentials_missing");
        return find_signed_in(request, token);
    }
    if (const auto link = links_.find(secret, request.received_at)) return caller_of(*link);
    const auto token = tokens_.find(secret, request.received_at);
    auto key = token ? keys_.find(token->key, request.received_at)
                     : keys_.find(secret, request.received_at);
    if (key && token) key->scopes &= token->scopes;
    if (key && key->livemode == options_.livemode) return caller_of(*key);
    return std::unexpected("credentials_invalid");
}

std::expected<Caller, std::string_view> Service::find_signed_in(const http::ServerRequest& request,
                                                                std::string_view token) {
    const auto session = sessions_.find(token, request.received_at);
    const auto user = session ? users_.find(session->user) : std::nullopt;
    if (!user || user->is_disabled) return std::unexpected("credentials_invalid");
    if (!changes_nothing(request.method) && !is_of_our_page(request, *session))
        return std::unexpected("csrf_missing");
    return caller_of(*user);
}

// Before anything of the order is read: nobody learns from the time it takes that it is there.
bool Service::may_see_order(const Caller& caller, const IdBytes& order) {
    if (caller.order) return *caller.order == order;
    if (!caller.party) return true;
    return reads_.is_of(order, order::PartyId{*caller.party},
                        caller.acts_as != order::Party::seller);
}

bool Service::may_act(const Caller& caller, const OrderAsk& ask) const {
    const auto* command = std::get_if<order::Command>(&ask);
    return !command || !caller.acts_as || *caller.acts_as == command->by;
}

}  // namespace holdfast::api
