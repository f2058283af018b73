// What belongs to no order: keys, test clocks, and who is told of events.
//
// Requests that make or move something here keep their idempotency keys in one system stream.
#include "api/json_out.h"
#include "api/receipt.h"
#include "api/service.h"
#include "base/verify.h"
#include "engine/event_text.h"
#include "engine/outbox_desk.h"
#include "engine/outbox_text.h"
#include "engine/outbox_words.h"
#include "engine/test_clocks.h"
#include "engine/webhook_signature.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace holdfast::api {
namespace {

namespace json = boost::json;
using engine::Writer;

constexpr auto secret_overlap = std::chrono::hours{24};  // the one before is still used
constexpr std::size_t types_most = 100;

enum class Before : std::uint8_t { fresh, repeated, reused };

struct DoneText {  // that it was done is all there is to say
    template <class F>
    void fields(F&&) const {}
};

// An id that follows from the key of the request that makes the thing: a repeat meets it.
IdBytes id_of(const KeyRequest& request) {
    const auto hash = hash_of("made by " + request.key);
    std::array<std::uint8_t, 10> rest{};
    std::copy_n(hash.begin(), rest.size(), rest.begin());
    return id_bytes(Instant{}, rest);
}

// With Location, where something was made, and whether it was made before.
std::vector<http::Header> made_headers(Before before, std::string location = {}) {
    std::vector<http::Header> more;
    if (!location.empty()) more.push_back({"Location", std::move(location)});
    if (before == Before::repeated) more.push_back({"Idempotency-Replayed", "true"});
    return more;
}

// --- Keys

json::object key_view(const Key& key, const std::string& secret = {}) {
    json::object out;
    out["object"] = "key";
    out["id"] = "key_" + to_base32(key.id);
    out["livemode"] = key.livemode;
    json::array scopes;
    for (const auto scope : words_of(key.scopes)) scopes.push_back(word(scope));
    out["scopes"] = std::move(scopes);
    put(out, "created_at", key.created_at);
    put(out, "expires_at", key.expires_at);
    put(out, "last_used_at", key.last_used_at);
    if (!secret.empty()) out["secret"] = secret;
    return out;
}

Scopes read_scopes(Members& body) {
    Scopes scopes;
    body.each_value("scopes", 1, static_cast<std::size_t>(Scope::count_) - first_key_scope,
                    [&](const json::value& value, const std::string& pointer) {
                        std::string text;
                        if (!body.read(value, pointer, text, TextRule{.least = 1})) return;
                        const auto scope = parse_scope(text);
                        if (!scope || scopes[Key::index_of(*scope)])
                            body.reading().fault(pointer, scope ? "not_unique" : "invalid");
                        else
                            scopes.set(Key::index_of(*scope));
                    });
    return scopes;
}

// --- Endpoints

std::string endpoint_id(const IdBytes& id) { return "whk_" + to_base32(id); }
std::string delivery_id(std::uint64_t no) {
    IdBytes bytes{};
    for (std::size_t i = 0; i < 8; ++i) bytes[15 - i] = static_cast<std::uint8_t>(no >> (8 * i));
    return "dlv_" + to_base32(bytes);
}
std::optional<std::uint64_t> parse_delivery(std::string_view text) {
    const auto bytes = parse_prefixed("dlv", text);
    if (!bytes) return std::nullopt;
    std::uint64_t no = 0;
    for (std::size_t i = 8; i < 16; ++i) no = no << 8U | (*bytes)[i];
    return no;
}

// It changes with what can be changed.
http::Header etag(const store::Endpoint& one) {
    auto text = one.url + "\n" + one.secret + "\n" + one.disabled;
    for (const auto& type : one.types) text += "\n" + type;
    const auto hash = hash_of(text);
    return {"ETag", "\"" + to_hex(std::span(hash).first(8)) + "\""};
}

json::object endpoint_view(const store::Endpoint& one, bool livemode, bool with_secret) {
    json::object out;
    out["object"] = "webhook_endpoint";
    out["id"] = endpoint_id(one.id);
    out["livemode"] = livemode;
    out["url"] = one.url;
    json::array types;
    for (const auto& type : one.types) types.push_back(word(type));
    out["types"] = std::move(types);
    if (!one.disabled.empty()) out["disabled"] = one.disabled;
    put(out, "created_at", one.created_at);
    if (!one.previous_secret.empty()) put(out, "previous_until", one.previous_until);
    if (with_secret) out["secret"] = one.secret;
    return out;
}

bool is_endpoint_url(std::string_view text) {
    return (text.starts_with("https://") || text.starts_with("mailto:")) && http::is_visible(text);
}

bool is_type(std::string_view text) {
    const auto dot = text.find('.');
    return dot != std::string_view::npos && dot > 0 && dot + 1 < text.size() &&
           http::is_visible(text) && !text.contains(',');
}

void read_endpoint(Members& body, store::Endpoint& one, bool is_new) {
    const TextRule url{.least = 1, .most = 2048, .allows = is_endpoint_url};
    if (is_new)
        body.need("url", one.url, url);
    else
        body.may("url", one.url, url);
    if (!body.has("types")) return;
    one.types.clear();
    body.each_value("types", 0, types_most, [&](const json::value& value, const std::string& at) {
        std::string type;
        if (body.read(value, at, type, TextRule{.least = 3, .most = 100, .allows = is_type}))
            one.types.push_back(type);
    });
}

std::optional<store::Endpoint> find_endpoint(store::Store& store, const IdBytes& id) {
    auto all = store.endpoints();
    const auto found = std::ranges::find(all, id, &store::Endpoint::id);
    return found == all.end() ? std::nullopt : std::optional(std::move(*found));
}

std::optional<json::object> delivery_view(store::Store& store, const store::OutboxRow& row,
                                          const IdBytes& endpoint) {
    const auto text = engine::decode_notice(row.item.payload);
    if (!text || text->endpoint != endpoint) return std::nullopt;
    const auto events = store.feed(static_cast<std::uint64_t>(text->position) - 1, 1);
    if (events.empty()) return std::nullopt;
    const auto& event = events.front();
    json::object out;
    out["object"] = "webhook_delivery";
    out["id"] = delivery_id(row.no);
    out["endpoint_id"] = endpoint_id(endpoint);
    out["event_id"] = engine::event_id(event);
    out["type"] = engine::event_type(event.kind, event.event.kind);
    out["state"] = engine::word_of(row.state);
    out["attempts"] = row.attempts;
    if (row.state == store::OutboxState::pending) put(out, "due_at", row.item.due);
    if (!row.problem.empty()) out["problem"] = row.problem;
    return out;
}

}  // namespace

// --- Once, whatever is repeated

// What became of a request: `wrong` is a code of the contract, or empty.
struct Service::Once {
    Before before = Before::fresh;
    std::string_view wrong = {};
    bool is_fresh() const { return before == Before::fresh; }
};

// `act` does it if it is fresh and shows it in any case; it says what is wrong. What was done and
// not kept, because the process died between, is met again by its id.
Service::Once Service::do_once(Call& call, const KeyRequest& request, const Act& act) {
    Once once;
    engine_.with_store([&](store::Store& store, Writer& writer) {
        SettingStream requests("requests", "api");
        const auto before = SettingStream::find(requests.load(store), request);
        if (before)
            once.before = *before ? Before::repeated : Before::fresh;
        else
            once.before = Before::reused;
        once.wrong =
            once.before == Before::reused ? "key_reused" : act(store, writer, once.is_fresh());
        if (once.wrong.empty() && once.is_fresh())
            requests.append(store, "request_done", DoneText{}, call.now(), request);
    });
    if (!once.wrong.empty()) call.send(once.wrong);
    return once;
}

// --- Keys

void Service::create_key(Call& call) {
    call.read_query({});
    Scopes scopes;
    Instant expires_at{};
    const auto request = call.read_request(Body::needed, [&](Members& body) {
        scopes = read_scopes(body);
        body.need("expires_at", expires_at);
        if (body.has("expires_at") && expires_at <= call.now())
            call.reading().fault("/expires_at", "too_small");
    });
    if (!request) return;
    if (const auto& key = call.caller().key; key && (scopes & ~key->scopes).any())
        return call.send("scope_missing");
    std::optional<NewKey> made;
    engine_.with_store([&](store::Store& store, Writer&) {
        made = keys_.create(store, options_.livemode, scopes, expires_at, call.now(),
                            options_.random, *request);
    });
    if (!made) return call.send("key_reused");
    const auto before = made->secret.empty() ? Before::repeated : Before::fresh;
    call.send(201, key_view(made->key, made->secret),
              made_headers(before, "/v1/keys/key_" + to_base32(made->key.id)));
}

void Service::list_keys(Call& call) {
    call.read_query({"limit", "cursor"});
    auto keys = keys_.all(call.now());
    send_page(call, "/v1/keys", keys.size(), [&](std::size_t i) { return key_view(keys[i]); });
}

void Service::revoke_key(Call& call) {
    call.read_query({});
    if (call.has_faults()) return;
    const auto id = parse_prefixed("key", call.parameter("key_id"));
    bool is_done = false;
    if (id)
        engine_.with_store([&](store::Store& store, Writer&) {
            is_done = keys_.revoke(store, *id, options_.livemode, call.now());
        });
    if (!is_done) return call.send("not_found");
    call.send_nothing();
}

// --- Test clocks

void Service::test_clocks(const Shared& call) {
    if (call->operation() == Operation::list_test_clocks)
        call->read_query({"limit", "cursor"});
    else
        call->read_query({});
    if (call->has_faults()) return;
    if (options_.livemode) return call->send("sandbox_only");
    switch (call->operation()) {
    case Operation::create_test_clock: return create_test_clock(*call);
    case Operation::list_test_clocks:  return list_test_clocks(*call);
    case Operation::get_test_clock:    return get_test_clock(*call);
    default:                           return advance_test_clock(*call);
    }
}

struct Service::ClockSeen {
    json::object view = {};
    std::uint64_t version = 0;
};

Service::ClockSeen Service::see_clock(store::Store& store, const std::string& clock) {
    engine::TestClocks clocks(store);
    const auto shows = clocks.find(clock);
    if (!shows) return {};
    ClockSeen seen{.version = clocks.version(clock)};
    seen.view["object"] = "test_clock";
    seen.view["id"] = clock;
    seen.view["version"] = seen.version;
    put(seen.view, "shows", *shows);
    seen.view["orders"] =
        store.search(engine::clock_term(clock), /*prefix=*/false, SIZE_MAX).size();
    return seen;
}

void Service::create_test_clock(Call& call) {
    Instant shows{};
    const auto request =
        call.read_request(Body::needed, [&](Members& body) { body.need("shows", shows); });
    if (!request) return;
    const auto clock = "clk_" + to_base32(id_of(*request));
    ClockSeen seen;
    const auto once = do_once(call, *request, [&](store::Store& store, Writer& writer, bool) {
        writer.make_clock(clock, shows, call.now());  // it may be there
        seen = see_clock(store, clock);
        return std::string_view();
    });
    if (call.is_answered()) return;
    auto more = made_headers(once.before, "/v1/test_clocks/" + clock);
    more.push_back(etag(seen.version));
    call.send(201, seen.view, std::move(more));
}

void Service::list_test_clocks(Call& call) {
    const auto names = reads_.with([](store::Store& store) { return engine::test_clocks(store); });
    send_page(call, "/v1/test_clocks", names.size(), [&](std::size_t i) {
        return reads_.with([&](store::Store& store) { return see_clock(store, names[i]).view; });
    });
}

void Service::get_test_clock(Call& call) {
    const std::string clock(call.parameter("clock_id"));
    const auto seen = reads_.with([&](store::Store& store) { return see_clock(store, clock); });
    if (seen.version == 0) return call.send("not_found");
    call.send(200, seen.view, {etag(seen.version)});
}

void Service::advance_test_clock(Call& call) {
    const auto if_match = call.if_match();
    Instant to{};
    const auto request =
        call.read_request(Body::needed, [&](Members& body) { body.need("to", to); });
    if (!request) return;
    const std::string clock(call.parameter("clock_id"));
    ClockSeen seen;
    const auto advance = [&](store::Store& store, Writer& writer,
                             bool is_fresh) -> std::string_view {
        const auto version = engine::TestClocks(store).version(clock);
        if (version == 0) return "not_found";
        if (is_fresh && if_match && version != *if_match) return "version_differs";
        if (is_fresh && !writer.advance_clock(clock, to, call.now())) return "clock_backwards";
        seen = see_clock(store, clock);
        return {};
    };
    const auto once = do_once(call, *request, advance);
    if (call.is_answered()) return;
    auto more = made_headers(once.before);
    more.push_back(etag(seen.version));
    call.send(200, seen.view, std::move(more));
}

// --- Endpoints

void Service::endpoints(const Shared& call) {
    switch (call->operation()) {
    case Operation::create_webhook_endpoint: return create_endpoint(*call);
    case Operation::list_webhook_endpoints:  return list_endpoints(*call);
    case Operation::get_webhook_endpoint:    return get_endpoint(*call);
    case Operation::update_webhook_endpoint: return update_endpoint(*call);
    case Operation::delete_webhook_endpoint: return delete_endpoint(*call);
    case Operation::rotate_webhook_secret:   return rotate_secret(*call);
    case Operation::list_webhook_deliveries: return list_deliveries(*call);
    default:                                 return replay_delivery(*call);
    }
}

void Service::create_endpoint(Call& call) {
    call.read_query({});
    store::Endpoint one{.created_at = call.now()};
    const auto request = call.read_request(
        Body::needed, [&](Members& body) { read_endpoint(body, one, /*is_new=*/true); });
    if (!request) return;
    one.id = id_of(*request);
    one.secret = engine::to_text(engine::make_webhook_secret(options_.random));
    const auto make = [&](store::Store& store, Writer&, bool is_fresh) {
        if (auto there = find_endpoint(store, one.id)) {
            one = *std::move(there);
        } else if (is_fresh) {
            one.position = store.feed_end();  // of what happens from now on
            store.put_endpoint(one);
        }
        return std::string_view();
    };
    const auto once = do_once(call, *request, make);
    if (call.is_answered()) return;
    auto more = made_headers(once.before, "/v1/webhook_endpoints/" + endpoint_id(one.id));
    more.push_back(etag(one));
    call.send(201, endpoint_view(one, options_.livemode, once.is_fresh()), std::move(more));
}

void Service::list_endpoints(Call& call) {
    call.read_query({"limit", "cursor"});
    auto all = reads_.with([](store::Store& store) { return store.endpoints(); });
    std::ranges::sort(all, std::greater{},
                      [](const store::Endpoint& one) { return std::pair(one.created_at, one.id); });
    send_page(call, "/v1/webhook_endpoints", all.size(), [&](std::size_t i) {
        return endpoint_view(all[i], options_.livemode, /*with_secret=*/false);
    });
}

// Nothing: it has been answered.
std::optional<store::Endpoint> Service::need_endpoint(Call& call) {
    const auto id = parse_prefixed("whk", call.parameter("endpoint_id"));
    auto found = id ? reads_.with([&](store::Store& store) { return find_endpoint(store, *id); })
                    : std::nullopt;
    if (!found) call.send("not_found");
    return found;
}

void Service::get_endpoint(Call& call) {
    call.read_query({});
    if (call.has_faults()) return;
    if (const auto one = need_endpoint(call))
        call.send(200, endpoint_view(*one, options_.livemode, /*with_secret=*/false), {etag(*one)});
}

void Service::update_endpoint(Call& call) {
    call.read_query({});
    const std::string tag(call.request().header("if-match"));
    std::optional<std::string> url, disabled;
    std::optional<std::vector<std::string>> types;
    const bool is_read = call.read_body(Body::needed, [&](Members& body) {
        store::Endpoint wanted;
        read_endpoint(body, wanted, /*is_new=*/false);
        if (body.has("url")) url = wanted.url;
        if (body.has("types")) types = wanted.types;
        body.may("disabled", disabled, TextRule{.most = 255, .allows = has_no_controls});
    });
    if (!is_read) return;
    if (tag.empty()) return call.send("version_missing");
    auto one = need_endpoint(call);
    if (!one) return;
    bool is_current = false;
    engine_.with_store([&](store::Store& store, Writer&) {
        one = find_endpoint(store, one->id);  // it may have gone meanwhile
        is_current = one && etag(*one).value == tag;
        if (!is_current) return;
        if (url) one->url = *url;
        if (types) one->types = *types;
        if (disabled) one->disabled = *disabled;
        store.put_endpoint(*one);
    });
    if (!one) return call.send("not_found");
    if (!is_current) return call.send("version_differs");
    call.send(200, endpoint_view(*one, options_.livemode, /*with_secret=*/false), {etag(*one)});
}

void Service::delete_endpoint(Call& call) {
    call.read_query({});
    if (call.has_faults()) return;
    const auto one = need_endpoint(call);
    if (!one) return;
    bool is_there = false;
    engine_.with_store([&](store::Store& store, Writer&) {
        is_there = find_endpoint(store, one->id).has_value();  // it may have gone meanwhile
        if (is_there) store.remove_endpoint(one->id);
    });
    if (!is_there) return call.send("not_found");
    call.send_nothing();
}

void Service::rotate_secret(Call& call) {
    call.read_query({});
    const auto request = call.read_request(Body::may_be_empty, [](Members&) {});
    if (!request) return;
    auto one = need_endpoint(call);
    if (!one) return;
    const auto rotate = [&](store::Store& store, Writer&, bool is_fresh) -> std::string_view {
        one = find_endpoint(store, one->id);
        if (!one) return "not_found";
        if (!is_fresh) return {};
        one->previous_secret = one->secret;
        one->previous_until = call.now() + secret_overlap;
        one->secret = engine::to_text(engine::make_webhook_secret(options_.random));
        store.put_endpoint(*one);
        return {};
    };
    const auto once = do_once(call, *request, rotate);
    if (call.is_answered()) return;
    auto more = made_headers(once.before);
    more.push_back(etag(*one));
    call.send(200, endpoint_view(*one, options_.livemode, once.is_fresh()), std::move(more));
}

void Service::list_deliveries(Call& call) {
    call.read_query({"state", "limit", "cursor"});
    const auto word = call.query("state");
    const auto state = engine::parse_outbox_state(word.value_or(""));
    if (word && !state) call.fault("state", "invalid");
    if (call.has_faults()) return;
    const auto one = need_endpoint(call);
    if (!one) return;
    std::vector<json::object> rows;
    reads_.with([&](store::Store& store) {
        engine::each_row(store, [&](const store::OutboxRow& row) {
            if (row.item.kind != engine::notice_kind) return true;
            if (state && row.state != *state) return true;
            if (auto view = delivery_view(store, row, one->id)) rows.push_back(*std::move(view));
            return true;
        });
    });
    const auto list = call.request().target.path + "?" + std::string(word.value_or(""));
    send_page(call, list, rows.size(), [&](std::size_t i) { return rows[rows.size() - 1 - i]; });
}

void Service::replay_delivery(Call& call) {
    call.read_query({});
    const auto request = call.read_request(Body::may_be_empty, [](Members&) {});
    if (!request) return;
    const auto no = parse_delivery(call.parameter("delivery_id"));
    if (!no) return call.send("not_found");
    json::object view;
    const auto replay = [&](store::Store& store, Writer&, bool is_fresh) -> std::string_view {
        auto row = engine::find_row(store, *no);
        if (!row || row->item.kind != engine::notice_kind) return "not_found";
        const auto text = engine::decode_notice(row->item.payload);
        if (!text) return "not_found";
        if (is_fresh) {
            const auto again = engine::retry_of(*row, call.now());
            if (!again) return "unavailable";
            store.update_outbox({&*again, 1});
            row = engine::find_row(store, *no);
        }
        auto shown = delivery_view(store, *row, text->endpoint);
        if (!shown) return "not_found";
        view = *std::move(shown);
        return {};
    };
    const auto once = do_once(call, *request, replay);
    if (!call.is_answered()) call.send(200, view, made_headers(once.before));
}

}  // namespace holdfast::api
