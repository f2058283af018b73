#include "api/identities.h"

#include "api/setting_stream.h"
#include "api/wire_id.h"
#include "base/enum_word.h"
#include "store/codec/enum_words.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace holdfast::api {
namespace {

constexpr std::string_view key_kind = "identity_key_made";
constexpr std::string_view told_kind = "identity_told";
constexpr std::string_view withdrawn_kind = "identity_withdrawn";
constexpr std::string_view system_name = "identities";
constexpr std::size_t sharers_most = 100;

struct KeyText {
    Hash key{};
    template <class F>
    void fields(F&& f) const {
        f("key", key);
    }
};
struct MarkText {
    IdentityKind kind = IdentityKind::other;
    Hash mark{};
    template <class F>
    void fields(F&& f) const {
        f("kind", kind);
        f("mark", mark);
    }
};

Hash key_of(store::Store& store, Instant now, const store::Random& random) {
    SettingStream stream{std::string(system_name)};
    for (const auto& event : stream.load(store).events)
        if (event.kind == key_kind) return stream.text_of<KeyText>(event).key;
    KeyText text;
    random(text.key);
    stream.append(store, key_kind, text, now);
    return text.key;
}

using Mark = std::pair<IdentityKind, Hash>;

std::string term_of(const Mark& mark) {
    return "mark:" + std::string(to_string(mark.first)) + ":" + to_hex(mark.second);
}

// The marks of one party, each since when.
struct Marks {
    store::StreamId stream;
    std::uint64_t version = 0;
    std::map<Mark, Instant> known = {};
};

Marks load(store::Store& store, const store::StreamId& stream) {
    Marks marks{.stream = stream};
    const auto history = store.load(stream);
    marks.version = history.version;
    for (const auto& event : history.events) {
        MarkText text;
        store::EventReader reader(event.payload);
        if (!reader.read_whole(text))
            throw store::StoreDown("the identities of a party, event " + std::to_string(event.seq) +
                                   reader.error().pointer + ": " + reader.error().problem);
        if (event.kind == told_kind)
            marks.known.emplace(Mark{text.kind, text.mark}, event.at);
        else
            marks.known.erase(Mark{text.kind, text.mark});
    }
    return marks;
}

store::StreamId marks_stream(const IdBytes& party) {
    return store::stream_id_of(store::StreamKind::system, system_name, "", party_id(party));
}

void write(store::Store& store, const Marks& marks, const IdBytes& party, std::string_view kind,
           const Mark& mark, Instant now) {
    store::Change change{.stream = marks.stream,
                         .kind = store::StreamKind::system,
                         .expected_version = marks.version};
    std::string payload;
    store::EventWriter(payload).put(MarkText{mark.first, mark.second});
    change.events = {{.at = now, .kind = std::string(kind), .v = 1, .payload = std::move(payload)}};
    change.cause = system_name;
    change.index = store::IndexRow{.stream = change.stream,
                                   .kind = change.kind,
                                   .system = std::string(system_name),
                                   .reference = party_id(party),
                                   .seen_at = now};
    change.search_terms.emplace();
    for (const auto& [known, since] : marks.known) change.search_terms->push_back(term_of(known));
    if (!store.write(change))
        throw store::StoreDown("the identities of a party are written by another program");
}

}  // namespace

std::string_view to_string(IdentityKind value) {
    static constexpr std::array<std::string_view, static_cast<std::size_t>(IdentityKind::count_)>
        words{"email",          "phone",  "address", "device", "payment_instrument",
              "payout_account", "tax_id", "other"};
    return enum_word(words, value);
}

std::string folded(const Identity& identity) {
    std::string text;
    for (const char c : store::fold_email(identity.value)) {
        const bool is_space = c == ' ';
        if (identity.kind == IdentityKind::phone) {
            if (c >= '0' && c <= '9') text += c;
        } else if (!is_space || (!text.empty() && text.back() != ' ')) {
            text += c;
        }
    }
    if (!text.empty() && text.back() == ' ') text.pop_back();
    return text;
}

Instant tell_identity(store::Store& store, const IdBytes& party, const Identity& identity,
                      bool is_withdrawn, Instant now, const store::Random& random) {
    const auto key = key_of(store, now, random);
    const Mark mark{
        identity.kind,
        keyed_hash(std::string(to_string(identity.kind)) + "\n" + folded(identity), key)};
    auto marks = load(store, marks_stream(party));
    const auto known = marks.known.find(mark);
    const bool is_known = known != marks.known.end();
    if (is_known != is_withdrawn) return is_known ? known->second : now;
    if (is_withdrawn)
        marks.known.erase(known);
    else
        marks.known.emplace(mark, now);
    write(store, marks, party, is_withdrawn ? withdrawn_kind : told_kind, mark, now);
    return now;
}

std::vector<LinkedParty> linked_parties(store::Store& store, const IdBytes& party) {
    const auto own = load(store, marks_stream(party));
    std::map<IdBytes, LinkedParty> found;
    for (const auto& [mark, since] : own.known) {
        for (const auto& stream : store.search(term_of(mark), /*prefix=*/false, sharers_most)) {
            if (stream == own.stream) continue;
            const auto row = store.find(stream);
            const auto other = row ? parse_prefixed("pty", row->reference) : std::nullopt;
            if (!other) continue;
            const auto marks = load(store, stream);
            const auto shared = marks.known.find(mark);
            if (shared == marks.known.end()) continue;
            auto& linked = found[*other];
            linked.party = *other;
            linked.shared.push_back({.kind = mark.first, .since = std::max(since, shared->second)});
        }
    }
    std::vector<LinkedParty> all;
    for (auto& [id, linked] : found) all.push_back(std::move(linked));
    return all;
}

}  // namespace holdfast::api
