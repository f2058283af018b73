// People: users, sessions, and links that open one order to one of its parties.
#include "api/json_out.h"
#include "api/secret.h"
#include "api/service.h"
#include "api/wire_id.h"

#include <boost/json/array.hpp>

#include <utility>

namespace holdfast::api {
namespace {

namespace json = boost::json;

const TextRule name_rule{.least = 1, .most = 64, .allows = is_user_name};
const TextRule password_rule{.least = password_least, .most = password_most};

json::array words_view(const std::vector<std::string_view>& words) {
    json::array all;
    for (const auto one : words) all.push_back(word(one));
    return all;
}

json::object user_view(const User& user) {
    json::object out;
    out["object"] = "user";
    out["id"] = "usr_" + to_base32(user.id);
    out["version"] = user.version;
    out["name"] = user.name;
    out["roles"] = words_view(words_of(user.roles));
    if (user.party) out["party"] = party_id(*user.party);
    out["disabled"] = user.is_disabled;
    put(out, "created_at", user.created_at);
    return out;
}

json::object session_view(const User& user, const Session& session) {
    json::object out;
    out["object"] = "session";
    out["user"] = user_view(user);
    out["csrf_token"] = session.csrf;
    put(out, "expires_at", session.began_at + Sessions::lives);
    return out;
}

Roles read_roles(Members& body) {
    Roles roles = 0;
    body.each_value("roles", 1, words_of(any_role).size(),
                    [&](const json::value& value, const std::string& pointer) {
                        std::string text;
                        if (!body.read(value, pointer, text, TextRule{.least = 1})) return;
                        const auto role = parse_role(text);
                        if (!role || (roles & *role) != 0)
                            body.reading().fault(pointer, role ? "not_unique" : "invalid");
                        else
                            roles |= *role;
                    });
    return roles;
}

struct NamePassword {
    std::string name, password;
};
NamePassword read_sign_in(Members& body) {
    NamePassword read;
    body.need("name", read.name, name_rule);
    body.need("password", read.password, TextRule{.least = 1, .most = password_most});
    return read;
}

std::string_view code_of(UserFault fault) {
    switch (fault) {
    case UserFault::name_taken:   return "name_taken";
    case UserFault::key_reused:   return "key_reused";
    case UserFault::not_found:    return "not_found";
    case UserFault::last_admin:   return "last_admin";
    case UserFault::not_sensible: return "roles_differ";
    }
    return "internal_error";
}

// "127.0.0.1" of "127.0.0.1:40312".
std::string host_of(std::string_view peer) { return std::string(peer.substr(0, peer.rfind(':'))); }

}  // namespace

void Service::set_setup(std::string token, Instant until) {
    const std::scoped_lock lock(setup_mutex_);
    setup_token_ = std::move(token);
    setup_until_ = until;
}

void Service::at_work_desk(const Shared& call, std::function<void(Call&)> work) {
    if (!desk_.submit([call, work = std::move(work)] { do_work(*call, work); })) call->send("busy");
}

// --- Signing in

void Service::create_session(const Shared& call) {
    call->read_query({});
    NamePassword given;
    if (!call->read_body(Body::needed, [&](Members& body) { given = read_sign_in(body); })) return;
    at_work_desk(call, [this, given, from = host_of(call->request().peer)](Call& asked) {
        sign_in(asked, given.name, given.password, from);
    });
}

void Service::sign_in(Call& call, const std::string& name, const std::string& password,
                      const std::string& from) {
    const auto who = name + " " + from;
    if (const auto wait = guard_.wait(who, call.now()))
        return call.send(problem("rate_limited"), *wait);
    const auto user = users_.named(name);
    const bool is_right = is_password(password, user ? user->password : nobodys_password());
    if (!user || !is_right || user->is_disabled) {
        guard_.failed(who, call.now());
        return call.send("credentials_invalid");
    }
    guard_.succeeded(who);
    const auto made = sessions_.begin(user->id, call.now(), options_.random);
    call.send(201, session_view(*user, made.session),
              {session_header(made.token, Sessions::lives)});
}

void Service::end_session(Call& call) {
    call.read_query({});
    if (call.has_faults()) return;
    if (call.caller().user == IdBytes{}) return call.send("not_found");
    sessions_.end(session_token(call.request()));
    call.send_nothing({session_header("", std::chrono::seconds{0})});
}

void Service::get_caller(Call& call) {
    call.read_query({});
    if (call.has_faults()) return;
    const auto& caller = call.caller();
    json::object out;
    out["object"] = "caller";
    out["livemode"] = options_.livemode;
    if (caller.key) {
        out["kind"] = "key";
        out["scopes"] = words_view(words_of(caller.key->scopes));
    } else if (caller.order) {
        out["kind"] = "link";
        out["roles"] = words_view(words_of(caller.roles));
        out["order_id"] = order_id(*caller.order);
    } else {
        out["kind"] = "user";
        out["roles"] = words_view(words_of(caller.roles));
        const auto user = users_.find(caller.user);
        const auto session = sessions_.find(session_token(call.request()), call.now());
        if (!user || !session) return call.send("credentials_invalid");
        out["session"] = session_view(*user, *session);
    }
    call.send(200, out);
}

void Service::change_password(const Shared& call) {
    call->read_query({});
    std::string old, fresh;
    const bool is_read = call->read_body(Body::needed, [&](Members& body) {
        body.need("old", old, TextRule{.least = 1, .most = password_most});
        body.need("new", fresh, password_rule);
    });
    if (!is_read) return;
    const auto id = call->caller().user;
    if (id == IdBytes{}) return call->send("not_found");
    at_work_desk(call, [=, this](Call& asked) {
        const auto who = to_base32(id) + " " + host_of(asked.request().peer);
        if (const auto wait = guard_.wait(who, asked.now()))
            return asked.send(problem("rate_limited"), *wait);
        const auto user = users_.find(id);
        if (!user || !is_password(old, user->password)) {
            guard_.failed(who, asked.now());
            return asked.send("credentials_invalid");
        }
        std::optional<std::expected<User, UserFault>> done;
        const UserChange change{.password = hash_password(fresh)};
        engine_.with_store([&](store::Store& store, engine::Writer&) {
            done = users_.change(store, id, change, asked.now());
        });
        if (!*done) return asked.send(code_of(done->error()));
        sessions_.end_all(id);  // whoever else knew it
        const auto made = sessions_.begin(id, asked.now(), options_.random);
        asked.send(200, session_view(**done, made.session),
                   {session_header(made.token, Sessions::lives)});
    });
}

// --- Users

void Service::create_first_user(const Shared& call) {
    call->read_query({});
    std::string token;
    NamePassword given;
    const bool is_read = call->read_body(Body::needed, [&](Members& body) {
        body.need("token", token, TextRule{.least = 1});
        body.need("name", given.name, name_rule);
        body.need("password", given.password, password_rule);
    });
    if (!is_read) return;
    {
        const std::scoped_lock lock(setup_mutex_);
        if (setup_token_.empty() || call->now() >= setup_until_ || !users_.is_empty() ||
            hash_of(token) != hash_of(setup_token_))
            return call->send("credentials_invalid");
        setup_token_.clear();  // it is good once, even if what follows fails
    }
    at_work_desk(call, [=, this](Call& asked) {
        add_user(asked, {.name = given.name, .roles = admin}, given.password, {});
    });
}

void Service::create_user(const Shared& call) {
    call->read_query({});
    User user;
    std::string password;
    const auto request = call->read_request(Body::needed, [&](Members& body) {
        body.need("name", user.name, name_rule);
        body.need("password", password, password_rule);
        user.roles = read_roles(body);
        std::optional<order::PartyId> party;
        body.may("party", party);
        if (party) user.party = party->bytes;
    });
    if (!request) return;
    if (!is_sensible(user)) return call->send("roles_differ");
    at_work_desk(call, [=, this](Call& asked) { add_user(asked, user, password, *request); });
}

void Service::add_user(Call& call, User user, const std::string& password,
                       const KeyRequest& request) {
    user.password = hash_password(password);
    std::optional<std::expected<MadeUser, UserFault>> made;
    engine_.with_store([&](store::Store& store, engine::Writer&) {
        made = users_.create(store, std::move(user), call.now(), options_.random, request);
    });
    if (!*made) return call.send(code_of(made->error()));
    const auto& [one, is_repeated] = **made;
    std::vector<http::Header> more{{"Location", "/v1/users/usr_" + to_base32(one.id)},
                                   etag(one.version)};
    if (is_repeated) more.push_back({"Idempotency-Replayed", "true"});
    call.send(201, user_view(one), std::move(more));
}

void Service::list_users(Call& call) {
    call.read_query({"limit", "cursor"});
    const auto users = users_.all();
    send_page(call, "/v1/users", users.size(), [&](std::size_t i) { return user_view(users[i]); });
}

void Service::list_desk_people(Call& call) {
    call.read_query({"limit", "cursor"});
    auto people = users_.all();
    std::erase_if(people, [](const User& user) { return !api::works_desk(user); });
    send_page(call, "/v1/desk/people", people.size(), [&](std::size_t i) {
        return json::object{{"object", "desk_person"},
                            {"id", "usr_" + to_base32(people[i].id)},
                            {"name", people[i].name}};
    });
}

void Service::get_user(Call& call) {
    call.read_query({});
    if (call.has_faults()) return;
    const auto id = parse_prefixed("usr", call.parameter("user_id"));
    const auto user = id ? users_.find(*id) : std::nullopt;
    if (!user) return call.send("not_found");
    call.send(200, user_view(*user), {etag(user->version)});
}

void Service::update_user(const Shared& call) {
    call->read_query({});
    const auto if_version = call->if_match();
    UserChange change;
    std::string password;
    const bool is_read = call->read_body(Body::needed, [&](Members& body) {
        if (body.has("roles")) change.roles = read_roles(body);
        body.may("disabled", change.is_disabled);
        body.may("password", password, password_rule);
    });
    if (!is_read) return;
    const auto id = parse_prefixed("usr", call->parameter("user_id"));
    if (!id) return call->send("not_found");
    if (!if_version) return call->send("version_missing");
    at_work_desk(call,
                 [=, this](Call& asked) { set_user(asked, *id, change, password, *if_version); });
}

void Service::set_user(Call& call, const IdBytes& id, UserChange change,
                       const std::string& password, std::uint64_t if_version) {
    if (!password.empty()) change.password = hash_password(password);
    std::optional<std::expected<User, UserFault>> done;
    bool has_moved = false;
    engine_.with_store([&](store::Store& store, engine::Writer&) {
        const auto user = users_.find(id);
        has_moved = user && user->version != if_version;
        if (!has_moved) done = users_.change(store, id, change, call.now());
    });
    if (has_moved) return call.send("version_differs");
    if (!*done) return call.send(code_of(done->error()));
    if (change.roles || change.password || (*done)->is_disabled) sessions_.end_all(id);
    call.send(200, user_view(**done), {etag((*done)->version)});
}

// --- Links

void Service::create_link(Call& call) {
    call.read_query({});
    auto party = order::Party::either;
    Instant expires_at{};
    const bool is_read = call.read_body(Body::needed, [&](Members& body) {
        body.need("as", party);
        if (body.has("as") && party != order::Party::buyer && party != order::Party::seller)
            body.reading().fault("/as", "invalid");
        body.need("expires_at", expires_at);
        if (!body.has("expires_at")) return;
        if (expires_at <= call.now()) body.reading().fault("/expires_at", "too_small");
        if (expires_at > call.now() + link_lives_most)
            body.reading().fault("/expires_at", "too_large");
    });
    if (!is_read) return;
    const auto found = find_order(call);
    if (!found) return;
    LinkBook::Signed made;
    engine_.with_store([&](store::Store& store, engine::Writer&) {
        made =
            links_.sign(store, found->stream.bytes, party, expires_at, call.now(), options_.random);
    });
    json::object out;
    out["object"] = "link";
    out["id"] = "lid_" + to_base32(*made.link.id);
    out["order_id"] = order_id(made.link.order);
    out["as"] = terms::to_string(party);
    put(out, "expires_at", expires_at);
    out["token"] = made.token;
    call.send(201, out);
}

void Service::end_link(Call& call) {
    call.read_query({});
    if (call.has_faults()) return;
    const auto id = parse_prefixed("lid", call.parameter("link_id"));
    bool is_ended = false;
    if (id)
        engine_.with_store([&](store::Store& store, engine::Writer&) {
            is_ended = links_.end(store, *id, call.now());
        });
    if (!is_ended) return call.send("not_found");
    call.send_nothing();
}

void Service::end_order_links(Call& call) {
    call.read_query({});
    if (call.has_faults()) return;
    const auto found = find_order(call);
    if (!found) return;
    engine_.with_store([&](store::Store& store, engine::Writer&) {
        links_.end_all(store, found->stream.bytes, call.now());
    });
    call.send_nothing();
}

}  // namespace holdfast::api
