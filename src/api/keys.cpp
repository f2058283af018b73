#include "api/keys.h"

#include "api/secret.h"

#include <algorithm>
#include <utility>

namespace holdfast::api {
namespace {

constexpr std::string_view created_kind = "key_created";
constexpr std::string_view revoked_kind = "key_revoked";

struct CreatedText {
    IdBytes id{};
    bool livemode = false;
    std::vector<std::string> scopes = {};
    Instant expires_at{};
    Hash secret{};
    template <class F>
    void fields(F&& f) const {
        f("id", id);
        f("livemode", livemode);
        f("scopes", scopes);
        f("expires_at", expires_at);
        f("secret", secret);
    }
};
struct RevokedText {
    IdBytes id{};
    template <class F>
    void fields(F&& f) const {
        f("id", id);
    }
};

Key key_of(const CreatedText& text, Instant created_at) {
    Key key{.id = text.id,
            .livemode = text.livemode,
            .created_at = created_at,
            .expires_at = text.expires_at};
    for (const auto& name : text.scopes)
        if (const auto scope = parse_scope(name)) key.scopes.set(Key::index_of(*scope));
    return key;
}

}  // namespace

std::optional<Scope> parse_scope(std::string_view text) {
    for (auto i = first_key_scope; i < static_cast<std::size_t>(Scope::count_); ++i)
        if (to_string(static_cast<Scope>(i)) == text) return static_cast<Scope>(i);
    return std::nullopt;
}

Scopes all_scopes() {
    auto all = Scopes{}.set();
    for (std::size_t i = 0; i < first_key_scope; ++i) all.reset(i);
    return all;
}

std::vector<std::string_view> words_of(const Scopes& scopes) {
    std::vector<std::string_view> words;
    for (auto i = first_key_scope; i < scopes.size(); ++i)
        if (scopes[i]) words.push_back(to_string(static_cast<Scope>(i)));
    return words;
}

void KeyBook::load(store::Store& store) {
    const std::scoped_lock lock(mutex_);
    read(store);
}

store::History KeyBook::read(store::Store& store) {
    auto history = stream_.load(store);
    auto before = std::exchange(by_secret_, {});
    secrets_.clear();
    for (const auto& event : history.events) {
        if (event.kind == created_kind) {
            const auto text = stream_.text_of<CreatedText>(event);
            Known known{.key = key_of(text, event.at), .secret = text.secret};
            if (const auto found = before.find(text.secret); found != before.end())
                known.key.last_used_at = found->second.key.last_used_at;
            by_secret_.emplace(text.secret, known);
            secrets_.emplace(text.id, text.secret);
        } else if (event.kind == revoked_kind) {
            const auto id = stream_.text_of<RevokedText>(event).id;
            for (auto& [secret, known] : by_secret_)
                if (known.key.id == id) known.is_revoked = true;
        }
    }
    return history;
}

bool KeyBook::is_in_force(const Known& known, Instant now) const {
    return !known.is_revoked && now < known.key.expires_at;
}

std::optional<Key> KeyBook::find(std::string_view secret, Instant now) {
    const auto hash = hash_of(secret);
    const std::scoped_lock lock(mutex_);
    return use(hash, now);
}

std::optional<Key> KeyBook::find(const IdBytes& id, Instant now) {
    const std::scoped_lock lock(mutex_);
    const auto found = secrets_.find(id);
    return found == secrets_.end() ? std::nullopt : use(found->second, now);
}

std::optional<Key> KeyBook::use(const Hash& secret, Instant now) {
    const auto found = by_secret_.find(secret);
    if (found == by_secret_.end() || !is_in_force(found->second, now)) return std::nullopt;
    auto& key = found->second.key;
    key.last_used_at = std::max(key.last_used_at.value_or(now), now);
    return key;
}

std::vector<Key> KeyBook::all(Instant now) const {
    const std::scoped_lock lock(mutex_);
    std::vector<Key> keys;
    for (const auto& [secret, known] : by_secret_)
        if (is_in_force(known, now)) keys.push_back(known.key);
    std::ranges::sort(keys, std::greater{},
                      [](const Key& key) { return std::pair(key.created_at, key.id); });
    return keys;
}

std::optional<bool> KeyBook::livemode() const {
    const std::scoped_lock lock(mutex_);
    if (by_secret_.empty()) return std::nullopt;
    return by_secret_.begin()->second.key.livemode;
}

std::optional<NewKey> KeyBook::create(store::Store& store, bool livemode, Scopes scopes,
                                      Instant expires_at, Instant now, const store::Random& random,
                                      const KeyRequest& request) {
    const auto secret = make_secret(livemode ? "sk_live_" : "sk_test_", random);
    CreatedText text{.id = make_id(now, random),
                     .livemode = livemode,
                     .expires_at = expires_at,
                     .secret = hash_of(secret)};
    for (const auto word : words_of(scopes)) text.scopes.emplace_back(word);

    const std::scoped_lock lock(mutex_);
    const auto before = stream_.find(read(store), request);
    if (!before) return std::nullopt;
    if (const auto& event = *before)
        return NewKey{.key = key_of(stream_.text_of<CreatedText>(*event), event->at)};
    stream_.append(store, created_kind, text, now, request);
    read(store);
    return NewKey{.key = by_secret_.at(text.secret).key, .secret = secret};
}

bool KeyBook::revoke(store::Store& store, const IdBytes& id, bool livemode, Instant now) {
    const std::scoped_lock lock(mutex_);
    read(store);
    const auto found = std::ranges::find_if(by_secret_, [&](const auto& entry) {
        return entry.second.key.id == id && entry.second.key.livemode == livemode &&
               is_in_force(entry.second, now);
    });
    if (found == by_secret_.end()) return false;
    stream_.append(store, revoked_kind, RevokedText{id}, now);
    read(store);
    return true;
}

}  // namespace holdfast::api
