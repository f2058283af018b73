// Keys, users, sessions, links and passwords, each by itself.
#include "api/keys.h"
#include "api/links.h"
#include "api/passwords.h"
#include "api/seal.h"
#include "api/sessions.h"
#include "api/sign_in_guard.h"
#include "api/tokens.h"
#include "api/users.h"
#include "api/work_desk.h"
#include "store/memory/memory_store.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <future>
#include <string>
#include <vector>

namespace holdfast::api {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

constexpr Instant start{Duration{1'770'000'000'000}};

// Other bytes each time, the same in each run.
store::Random counting() {
    return [next = std::uint8_t{0}](std::span<std::uint8_t> bytes) mutable {
        for (auto& byte : bytes) byte = ++next;
    };
}

struct People {
    std::unique_ptr<store::Store> store = store::make_memory_store();
    store::Random random = counting();
    UserBook users;

    std::expected<MadeUser, UserFault> add(std::string name, Roles roles,
                                           std::optional<IdBytes> party = {},
                                           const KeyRequest& request = {}) {
        return users.create(
            *store, {.name = std::move(name), .roles = roles, .party = party, .password = "hash"},
            start, random, request);
    }
};

constexpr IdBytes shop{7};

TEST_CASE("a user is what was written of it, in this book and in one that reads it later") {
    People people;
    CHECK(people.users.is_empty());
    const auto made = people.add("Anna", operating | mediator);
    REQUIRE(made.has_value());
    const auto sold = people.add("shop", seller, shop);
    REQUIRE(sold.has_value());
    UserBook later;
    later.load(*people.store);
    for (const auto* book : {&people.users, &later}) {
        CHECK_FALSE(book->is_empty());
        const auto anna = book->named("aNNA");
        REQUIRE(anna.has_value());
        CHECK(anna->id == made->user.id);
        CHECK(anna->name == "Anna");
        CHECK(anna->roles == (operating | mediator));
        CHECK(anna->password == "hash");
        CHECK(anna->created_at == start);
        CHECK(book->find(sold->user.id)->party == shop);
        CHECK(book->all().size() == 2);
    }
    CHECK_FALSE(people.users.named("nobody"));
    CHECK_FALSE(people.users.find({1}));
}

TEST_CASE("a name is one user's, and a request makes its user once") {
    People people;
    REQUIRE(people.add("anna", admin).has_value());
    CHECK(people.add("ANNA", admin).error() == UserFault::name_taken);
    const KeyRequest request{.key = "k", .hash = hash_of("1")};
    const auto made = people.add("bert", admin, {}, request);
    REQUIRE(made.has_value());
    CHECK_FALSE(made->is_repeated);
    const auto again = people.add("bert", admin, {}, request);
    REQUIRE(again.has_value());
    CHECK(again->is_repeated);
    CHECK(again->user.id == made->user.id);
    CHECK(people.add("carl", admin, {}, {.key = "k", .hash = hash_of("2")}).error() ==
          UserFault::key_reused);
    CHECK(people.users.all().size() == 2);
}

TEST_CASE("who is a party is nothing else, and nobody else is one") {
    People people;
    CHECK(people.add("a", 0).error() == UserFault::not_sensible);
    CHECK(people.add("a", seller).error() == UserFault::not_sensible);
    CHECK(people.add("a", seller | operating, shop).error() == UserFault::not_sensible);
    CHECK(people.add("a", seller | buyer, shop).error() == UserFault::not_sensible);
    CHECK(people.add("a", operating, shop).error() == UserFault::not_sensible);
    CHECK(people.add("a", buyer, shop).has_value());
    for (const auto* good : {"a", "anna@shop.example", "~!"}) CHECK(is_user_name(good));
    for (const auto* bad : {"", "a b", "\xc3\xa4", "a\n"}) CHECK_FALSE(is_user_name(bad));
    CHECK(is_user_name(std::string(64, 'a')));
    CHECK_FALSE(is_user_name(std::string(65, 'a')));
}

TEST_CASE("a change changes what it names, and an admin is left") {
    People people;
    const auto anna = people.add("anna", admin)->user.id;
    const auto change = [&](const IdBytes& id, const UserChange& what) {
        return people.users.change(*people.store, id, what, start);
    };
    CHECK(change({9}, {}).error() == UserFault::not_found);
    CHECK(change(anna, {.roles = operating}).error() == UserFault::last_admin);
    CHECK(change(anna, {.is_disabled = true}).error() == UserFault::last_admin);
    CHECK(change(anna, {.roles = Roles{0}}).error() == UserFault::not_sensible);
    CHECK(change(anna, {.roles = seller}).error() == UserFault::not_sensible);
    CHECK(people.users.find(anna)->version == 1);

    const auto fresh = change(anna, {.password = "other"});
    REQUIRE(fresh.has_value());
    CHECK(fresh->password == "other");
    CHECK(fresh->roles == admin);
    CHECK_FALSE(fresh->is_disabled);
    CHECK(fresh->version == 2);

    const auto bert = people.add("bert", admin | operating)->user.id;
    CHECK(change(bert, {.is_disabled = true})->is_disabled);
    CHECK(change(anna, {.roles = operating}).error() == UserFault::last_admin);
    CHECK_FALSE(change(bert, {.is_disabled = false})->is_disabled);
    CHECK(change(anna, {.roles = operating})->roles == operating);
    UserBook later;
    later.load(*people.store);
    CHECK(later.find(anna)->roles == operating);
    CHECK(later.find(anna)->password == "other");
    CHECK(later.find(bert)->version == 3);
}

TEST_CASE("a session is found by its token until it is old, idle or ended") {
    Sessions sessions;
    auto random = counting();
    const auto made = sessions.begin(shop, start, random);
    CHECK(made.token.starts_with("ses_"));
    CHECK(made.session.csrf.starts_with("csrf_"));
    CHECK(sessions.find(made.token, start)->csrf == made.session.csrf);
    CHECK(sessions.find(made.token, start)->user == shop);
    CHECK_FALSE(sessions.find("ses_", start));

    CHECK(sessions.find(made.token, start + minutes{59}));
    CHECK(sessions.find(made.token, start + minutes{59} + hours{1} - Duration{1}));
    CHECK_FALSE(sessions.find(made.token, start + minutes{59} + hours{2} - Duration{1}));

    const auto long_one = sessions.begin(shop, start, random);
    for (auto at = start; at < start + hours{12}; at += minutes{30})
        CHECK(sessions.find(long_one.token, at));
    CHECK(sessions.find(long_one.token, start + hours{12} - Duration{1}));
    CHECK_FALSE(sessions.find(long_one.token, start + hours{12}));

    const auto one = sessions.begin(shop, start, random);
    const auto two = sessions.begin(shop, start, random);
    const auto other = sessions.begin({8}, start, random);
    sessions.end(one.token);
    CHECK_FALSE(sessions.find(one.token, start));
    CHECK(sessions.find(two.token, start));
    sessions.end_all(shop);
    CHECK_FALSE(sessions.find(two.token, start));
    CHECK(sessions.find(other.token, start));
}

TEST_CASE("with too many sessions of a user the oldest ends") {
    Sessions sessions;
    auto random = counting();
    const auto other = sessions.begin({8}, start, random);
    std::vector<std::string> tokens;
    for (std::size_t i = 0; i <= Sessions::of_a_user; ++i)
        tokens.push_back(sessions.begin(shop, start + minutes{static_cast<int>(i)}, random).token);
    const auto now = start + minutes{30};
    CHECK_FALSE(sessions.find(tokens[0], now));
    for (std::size_t i = 1; i < tokens.size(); ++i) CHECK(sessions.find(tokens[i], now));
    CHECK(sessions.find(other.token, now));
}

TEST_CASE("a link opens what it was signed for, and nothing else") {
    const auto store = store::make_memory_store();
    auto random = counting();
    LinkBook links;
    const auto until = start + days{1};
    const auto [link, token] =
        links.sign(*store, {1, 2, 3}, order::Party::seller, until, start, random);
    CHECK(link.order == IdBytes{1, 2, 3});
    CHECK(link.party == order::Party::seller);
    CHECK(link.expires_at == until);
    CHECK(token.size() == 4 + 98);
    CHECK(links.find(token, start) == link);
    CHECK(links.find(token, until - Duration{1}) == link);
    CHECK_FALSE(links.find(token, until));

    for (std::size_t i = 0; i < token.size(); ++i) {
        auto forged = token;
        forged[i] = forged[i] == 'A' ? 'B' : 'A';
        CHECK_FALSE(links.find(forged, start));
    }
    for (const auto& bad : {std::string(), std::string("lnk_"), token.substr(0, token.size() - 4),
                            token + "AAAA", token + "=", "sk_" + token})
        CHECK_FALSE(links.find(bad, start));

    LinkBook later, elsewhere;
    later.load(*store);
    CHECK(later.find(token, start) == link);
    CHECK_FALSE(elsewhere.find(token, start));
    const auto other_store = store::make_memory_store();
    static_cast<void>(
        elsewhere.sign(*other_store, {1, 2, 3}, order::Party::seller, until, start, random));
    CHECK_FALSE(elsewhere.find(token, start));
}

TEST_CASE("a link can be ended, alone or with all of its order") {
    const auto store = store::make_memory_store();
    auto random = counting();
    LinkBook links;
    const auto until = start + days{1};
    const auto make = [&](const IdBytes& order, Instant now) {
        return links.sign(*store, order, order::Party::buyer, until, now, random);
    };
    const IdBytes ours{1}, theirs{2};
    const auto first = make(ours, start), second = make(ours, start), other = make(theirs, start);
    CHECK(first.token != second.token);

    CHECK(links.end(*store, *first.link.id, start));
    CHECK_FALSE(links.find(first.token, start));
    CHECK(links.find(second.token, start));
    CHECK_FALSE(links.end(*store, *first.link.id, start));  // it is
    auto guessed = *second.link.id;
    ++guessed[15];
    CHECK_FALSE(links.end(*store, guessed, start));
    CHECK_FALSE(links.end(*store, {}, start));
    CHECK_FALSE(links.end(*store, *second.link.id, until));  // it has ended by itself

    links.end_all(*store, ours, start);
    CHECK_FALSE(links.find(second.token, start));
    CHECK(links.find(other.token, start));
    const auto fresh = make(ours, start);  // in the very same millisecond
    CHECK(links.find(fresh.token, start));

    LinkBook later;
    later.load(*store);
    CHECK_FALSE(later.find(first.token, start));
    CHECK_FALSE(later.find(second.token, start));
    CHECK(later.find(other.token, start));
    CHECK(later.find(fresh.token, start));
    CHECK(later.kept() == 2);

    // What has expired is forgotten.
    const auto much_later = start + link_lives_most + days{1};
    const auto last =
        links.sign(*store, theirs, order::Party::buyer, much_later + days{1}, much_later, random);
    CHECK(links.end(*store, *last.link.id, much_later));
    CHECK(links.kept() == 1);
}

TEST_CASE("a link of before there were ids is good as long as it said, and ends with all others") {
    const auto store = store::make_memory_store();
    SettingStream stream("links");
    Seal seal("lnk_", "link_key_made");
    static_cast<void>(stream.load(*store));
    auto random = counting();
    seal.make(stream, *store, start, random);
    std::array<std::uint8_t, 25> said{1, 2, 3};  // the order, the buyer, when it expires
    said[16] = static_cast<std::uint8_t>(order::Party::buyer);
    const auto until = start + days{1};
    put_number(std::span(said).last(8),
               static_cast<std::uint64_t>(until.time_since_epoch().count()));
    const auto token = seal.close(said);
    CHECK(token.size() == 4 + 76);

    LinkBook links;
    links.load(*store);
    const auto found = links.find(token, start);
    REQUIRE(found);
    CHECK(*found == Link{.order = {1, 2, 3}, .party = order::Party::buyer, .expires_at = until});
    CHECK_FALSE(links.find(token, until));
    links.end_all(*store, {1, 2, 3}, start);
    CHECK_FALSE(links.find(token, start));
}

TEST_CASE("an access token says what it is for until it expires, and none is made up") {
    const auto store = store::make_memory_store();
    auto random = counting();
    TokenBook tokens;
    const Token token{.key = {1, 2, 3},
                      .scopes = parse_scopes("orders:read money:write").value(),
                      .expires_at = start + TokenBook::lives};
    const auto text = tokens.sign(*store, token, start, random);
    CHECK(text.starts_with("oat_"));
    CHECK(tokens.find(text, start) == token);
    CHECK(tokens.find(text, token.expires_at - Duration{1}) == token);
    CHECK_FALSE(tokens.find(text, token.expires_at));
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto forged = text;
        forged[i] = forged[i] == 'A' ? 'B' : 'A';
        CHECK_FALSE(tokens.find(forged, start));
    }
    CHECK_FALSE(tokens.find("", start));
    CHECK_FALSE(tokens.find("oat_", start));
    CHECK_FALSE(tokens.find(std::string(10'000, 'A'), start));
    TokenBook later, elsewhere;
    later.load(*store);
    CHECK(later.find(text, start) == token);
    CHECK_FALSE(elsewhere.find(text, start));

    CHECK(text_of(token.scopes) == "orders:read money:write");
    for (const auto* bad : {"", " ", "orders:read ", " orders:read", "orders:read  terms:read",
                            "orders", "public", "known"})
        CHECK_FALSE(parse_scopes(bad));
}

TEST_CASE("a key is found by its id as long as it is in force") {
    const auto store = store::make_memory_store();
    auto random = counting();
    KeyBook keys;
    const auto made =
        keys.create(*store, /*livemode=*/false, all_scopes(), start + days{1}, start, random);
    REQUIRE(made);
    CHECK(keys.find(made->key.id, start)->scopes == all_scopes());
    CHECK_FALSE(keys.find(IdBytes{9}, start));
    CHECK_FALSE(keys.find(made->key.id, start + days{1}));
    CHECK(keys.revoke(*store, made->key.id, /*livemode=*/false, start));
    CHECK_FALSE(keys.find(made->key.id, start));
}

TEST_CASE("a password is known by its hash, and no two hashes are alike") {
    const auto hash = hash_password("correct horse battery");
    CHECK(hash.starts_with("$argon2id$"));
    CHECK(hash_password("correct horse battery") != hash);
    CHECK(is_password("correct horse battery", hash));
    CHECK_FALSE(is_password("correct horse batterz", hash));
    CHECK_FALSE(is_password("", hash));
    CHECK_FALSE(is_password("correct horse battery", ""));
    CHECK_FALSE(is_password("correct horse battery", std::string(500, 'a')));
    CHECK(nobodys_password().starts_with("$argon2id$"));
}

TEST_CASE("the work desk does what it took, in order, and takes no more than it can hold") {
    std::promise<void> may_go;
    std::vector<int> done;
    std::size_t taken = 0;
    {
        WorkDesk desk;
        std::promise<void> has_begun;
        CHECK(desk.submit([&] {
            has_begun.set_value();
            may_go.get_future().wait();
        }));
        has_begun.get_future().wait();
        while (desk.submit([&done, i = static_cast<int>(taken)] { done.push_back(i); })) ++taken;
        may_go.set_value();
    }
    CHECK(taken == WorkDesk::waiting_most);
    CHECK(done.size() == taken);
    CHECK(std::ranges::is_sorted(done));
}

TEST_CASE("after five wrong passwords nothing is looked at until the window is over") {
    SignInGuard guard;
    for (int i = 0; i < 5; ++i) {
        CHECK_FALSE(guard.wait("anna 10.0.0.1", start));
        guard.failed("anna 10.0.0.1", start + minutes{i});
    }
    CHECK(guard.wait("anna 10.0.0.1", start + minutes{5}) == minutes{10});
    CHECK_FALSE(guard.wait("anna 10.0.0.2", start + minutes{5}));
    CHECK(guard.wait("anna 10.0.0.1", start + minutes{15} - Duration{1}) == Duration{1});
    CHECK_FALSE(guard.wait("anna 10.0.0.1", start + minutes{15}));
    for (int i = 0; i < 4; ++i) guard.failed("bert 10.0.0.1", start);
    guard.succeeded("bert 10.0.0.1");
    guard.failed("bert 10.0.0.1", start);
    CHECK_FALSE(guard.wait("bert 10.0.0.1", start));
}

TEST_CASE("guesses under ever other names do not fill the memory") {
    SignInGuard guard;
    for (std::size_t i = 0; i < SignInGuard::known_most; ++i)
        guard.failed(std::to_string(i), start + Duration{static_cast<int>(i)});
    for (int i = 0; i < 5; ++i) guard.failed("anna", start + minutes{1});
    CHECK(guard.wait("anna", start + minutes{1}));
}

TEST_CASE("keys are read again as they were written, and end when they are told to") {
    const auto store = store::make_memory_store();
    auto random = counting();
    KeyBook keys;
    Scopes scopes;
    scopes.set(Key::index_of(Scope::orders_read));
    scopes.set(Key::index_of(Scope::users_write));
    const auto made =
        keys.create(*store, /*livemode=*/false, scopes, start + days{1}, start, random);
    REQUIRE(made.has_value());
    KeyBook later;
    later.load(*store);
    const auto found = later.find(made->secret, start);
    REQUIRE(found.has_value());
    CHECK(found->scopes == scopes);
    CHECK(words_of(found->scopes) == std::vector<std::string_view>{"orders:read", "users:write"});
    CHECK(found->may(Scope::none));
    CHECK(found->may(Scope::anyone));
    CHECK(found->may(Scope::orders_read));
    CHECK_FALSE(found->may(Scope::orders_write));
    CHECK_FALSE(later.find(made->secret, start + days{1}));
    CHECK(keys.revoke(*store, made->key.id, false, start));
    CHECK_FALSE(keys.find(made->secret, start));
    later.load(*store);
    CHECK_FALSE(later.find(made->secret, start));
    for (std::size_t i = 0; i < first_key_scope; ++i)
        CHECK_FALSE(parse_scope(to_string(static_cast<Scope>(i))));
    CHECK(words_of(all_scopes()).size() == static_cast<std::size_t>(Scope::count_) - 2);
}

}  // namespace
}  // namespace holdfast::api
