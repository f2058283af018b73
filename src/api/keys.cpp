#include "api/keys.h"

#include "store/codec/event_reader.h"
#include "store/codec/event_writer.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace holdfast::api {
namespace {

constexpr std::string_view created_kind = "key_created";
constexpr std::string_view revoked_kind = "key_revoked";

store::StreamId key_stream() {
    return store::stream_id_of(store::StreamKind::system, "api", "", "keys");
}

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

template <class Text>
Text text_of(const store::Event& event) {
    Text text;
    store::EventReader reader(event.payload);
    if (!reader.read_whole(text))
        throw store::StoreDown("the keys, event " + std::to_string(event.seq) +
                               reader.error().pointer + ": " + reader.error().problem);
    return text;
}

Key key_of(const CreatedText& text, Instant created_at) {
    Key key{.id = text.id,
            .livemode = text.livemode,
            .created_at = created_at,
            .expires_at = text.expires_at};
    for (const auto& name : text.scopes)
        if (const auto scope = parse_scope(name)) key.scopes.set(Key::index_of(*scope));
    return key;
}

// 160 bits in 32 characters.
std::string base32(std::span<const std::uint8_t> bytes) {
    constexpr std::string_view alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    std::string text;
    std::uint32_t bits = 0;
    int count = 0;
    for (const auto byte : bytes) {
        bits = bits << 8U | byte;
        for (count += 8; count >= 5; count -= 5) text += alphabet[bits >> (count - 5) & 31U];
        bits &= 0xFFU;
    }
    return text;
}

}  // namespace

std::optional<Scope> parse_scope(std::string_view text) {
    for (std::size_t i = 1; i < static_cast<std::size_t>(Scope::count_); ++i)
        if (to_string(static_cast<Scope>(i)) == text) return static_cast<Scope>(i);
    return std::nullopt;
}

Scopes all_scopes() {
    auto all = Scopes{}.set();
    return all.reset(Key::index_of(Scope::none));
}

std::vector<std::string_view> words_of(const Scopes& scopes) {
    std::vector<std::string_view> words;
    for (std::size_t i = 1; i < scopes.size(); ++i)
        if (scopes[i]) words.push_back(to_string(static_cast<Scope>(i)));
    return words;
}

void KeyBook::load(store::Store& store) {
    const std::scoped_lock lock(mutex_);
    read(store);
}

void KeyBook::read(store::Store& store) {
    const auto history = store.load(key_stream());
    version_ = history.version;
    auto before = std::exchange(by_secret_, {});
    for (const auto& event : history.events) {
        if (event.kind == created_kind) {
            const auto text = text_of<CreatedText>(event);
            Known known{.key = key_of(text, event.at), .secret = text.secret};
            if (const auto found = before.find(text.secret); found != before.end())
                known.key.last_used_at = found->second.key.last_used_at;
            by_secret_.emplace(text.secret, known);
        } else if (event.kind == revoked_kind) {
            const auto id = text_of<RevokedText>(event).id;
            for (auto& [secret, known] : by_secret_)
                if (known.key.id == id) known.is_revoked = true;
        }
    }
}

bool KeyBook::is_in_force(const Known& known, Instant now) const {
    return !known.is_revoked && now < known.key.expires_at;
}

std::optional<Key> KeyBook::find(std::string_view secret, Instant now) {
    const auto hash = hash_of(secret);
    const std::scoped_lock lock(mutex_);
    const auto found = by_secret_.find(hash);
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
    std::array<std::uint8_t, 20> secret_bytes{};
    std::array<std::uint8_t, 10> id_rest{};
    random(secret_bytes);
    random(id_rest);
    const auto secret = (livemode ? "sk_live_" : "sk_test_") + base32(secret_bytes);
    CreatedText text{.id = id_bytes(now, id_rest),
                     .livemode = livemode,
                     .expires_at = expires_at,
                     .secret = hash_of(secret)};
    for (const auto word : words_of(scopes)) text.scopes.emplace_back(word);
    std::string payload;
    store::EventWriter(payload).put(text);

    const std::scoped_lock lock(mutex_);
    read(store);
    if (!request.key.empty()) {
        const auto history = store.load(key_stream());
        const auto known =
            std::ranges::find(history.requests, request.key, &store::KeptRequest::key);
        if (known != history.requests.end()) {
            if (known->hash != request.hash) return std::nullopt;
            const auto& event = history.events.at(known->first_seq - 1);
            return NewKey{.key = key_of(text_of<CreatedText>(event), event.at)};
        }
    }
    write(store, created_kind, std::move(payload), now, request);
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
    std::string payload;
    store::EventWriter(payload).put(RevokedText{id});
    write(store, revoked_kind, std::move(payload), now, {});
    return true;
}

void KeyBook::write(store::Store& store, std::string_view kind, std::string payload, Instant now,
                    const KeyRequest& request) {
    store::Change change{
        .stream = key_stream(), .kind = store::StreamKind::system, .expected_version = version_};
    change.events.push_back(
        {.at = now, .kind = std::string(kind), .v = 1, .payload = std::move(payload)});
    change.cause = "keys";
    if (!request.key.empty()) {
        change.request_key = request.key;
        change.request_hash = request.hash;
    }
    if (!store.write(change)) throw store::StoreDown("the keys are written by another program");
    read(store);
}

}  // namespace holdfast::api
