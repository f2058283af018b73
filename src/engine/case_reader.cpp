// A case out of its document. Only what is kept is read; the rest is made anew and compared.
#include "engine/case_file.h"

#include "base/try.h"
#include "engine/json_members.h"
#include "engine/outbox_words.h"

#include <limits>
#include <utility>

namespace holdfast::engine {
namespace {

namespace json = boost::json;

template <class T>
using Read = std::expected<T, Misfit>;

std::unexpected<Misfit> no(const std::string& pointer, std::string problem) {
    return std::unexpected(Misfit{pointer, std::move(problem)});
}

// A member and where it stands.
struct Place {
    const json::value& value;
    std::string pointer;

    Place operator[](std::string_view name) const {
        return {member(value, name), pointer + '/' + std::string(name)};
    }
};

Read<std::string> text(const Place& place) {
    const auto* found = place.value.if_string();
    if (!found) return no(place.pointer, "is not a text");
    return std::string(*found);
}

Read<std::uint64_t> count(const Place& place) {
    const auto found = count_in(place.value);
    if (!found) return no(place.pointer, "is not a whole number from 0");
    return *found;
}

Read<std::int32_t> small(const Place& place) {
    const auto found = number_in(place.value);
    if (!found || *found < std::numeric_limits<std::int32_t>::min() ||
        *found > std::numeric_limits<std::int32_t>::max())
        return no(place.pointer, "is not a whole number in range");
    return static_cast<std::int32_t>(*found);
}

Read<Instant> instant(const Place& place) {
    const auto found = parse_instant(text_in(place.value));
    if (!found) return no(place.pointer, "is not an instant");
    return *found;
}

Read<Hash> hash(const Place& place) {
    const auto found = parse_hash(text_in(place.value));
    if (!found) return no(place.pointer, "is not a hash");
    return *found;
}

template <class T, class F>
Read<std::vector<T>> list(const Place& place, F&& read) {
    const auto* found = place.value.if_array();
    if (!found) return no(place.pointer, "is not a list");
    std::vector<T> all;
    for (std::size_t i = 0; i < found->size(); ++i)
        all.push_back(TRY(read(Place{(*found)[i], place.pointer + '/' + std::to_string(i)})));
    return all;
}

Read<store::StreamKind> read_kind(const Place& place) {
    const auto kind = store::parse_stream_kind(text_in(place.value));
    if (kind != store::StreamKind::order && kind != store::StreamKind::party)
        return no(place.pointer, "is neither \"order\" nor \"party\"");
    return *kind;
}

Read<store::StreamId> read_id(const Place& place, store::StreamKind kind) {
    const auto written = text_in(place.value);
    const auto bytes = written.size() > 4 ? parse_base32(written.substr(4)) : std::nullopt;
    if (!bytes || name_of({*bytes}, kind) != written) return no(place.pointer, "is not an id");
    return store::StreamId{*bytes};
}

Read<store::Event> read_event(const Place& place) {
    store::Event event;
    event.seq = TRY(count(place["seq"]));
    event.at = TRY(instant(place["at"]));
    event.kind = TRY(text(place["kind"]));
    event.v = TRY(small(place["v"]));
    event.payload = TRY(text(place["payload"]));
    event.cause = TRY(text(place["cause"]));
    event.hash = TRY(hash(place["hash"]));
    return event;
}

Read<store::History> read_history(const Place& document) {
    store::History history;
    history.kind = TRY(read_kind(document["stream"]["kind"]));
    const auto events = document["events"];
    history.events = TRY(list<store::Event>(events, read_event));
    history.version = history.events.size();
    if (history.events.empty()) return no(events.pointer, "are none");
    for (std::size_t i = 0; i < history.events.size(); ++i) {
        const Place event{events.value.get_array()[i], events.pointer + '/' + std::to_string(i)};
        const auto request = event["request"];
        if (request.value.is_null()) continue;
        auto& kept = history.requests.emplace_back();
        kept.key = TRY(text(request["key"]));
        kept.hash = TRY(hash(request["hash"]));
        kept.first_seq = history.events[i].seq;
        kept.version = TRY(count(request["version"]));
    }
    return history;
}

Read<formats::TermsTexts> read_terms(const Place& place) {
    formats::TermsTexts texts;
    if (place.value.is_null()) return texts;
    const auto files = place["files"];
    const auto* found = files.value.if_array();
    if (!found) return no(files.pointer, "is not a list");
    for (std::size_t i = 0; i < found->size(); ++i) {
        const Place file{(*found)[i], files.pointer + '/' + std::to_string(i)};
        const auto id = TRY(text(file["id"]));
        auto content = TRY(text(file["text"]));
        if (!texts.emplace(id, formats::TermsText{id, std::move(content)}).second)
            return no(file.pointer, "is of an id that was there");
    }
    return texts;
}

Read<PathStep> read_step(const Place& place) {
    const auto* pair = place.value.if_array();
    if (!pair || pair->size() != 2) return no(place.pointer, "is not a step");
    const auto side = text_in((*pair)[0]);
    if (side != "left" && side != "right")
        return no(place.pointer + "/0", "is neither \"left\" nor \"right\"");
    const auto beside = TRY(hash(Place{(*pair)[1], place.pointer + "/1"}));
    return PathStep{.is_left = side == "left", .hash = beside};
}

Read<AnchorProof> read_anchor(const Place& place) {
    AnchorProof proof;
    proof.no = TRY(count(place["anchor"]));
    proof.at = TRY(instant(place["at"]));
    proof.line = TRY(hash(place["line"]));
    proof.root = TRY(hash(place["root"]));
    proof.streams = TRY(count(place["streams"]));
    proof.version = TRY(count(place["version"]));
    proof.path = TRY(list<PathStep>(place["path"], read_step));
    return proof;
}

Read<store::OutboxRow> read_row(const Place& place) {
    const auto state = parse_outbox_state(text_in(place["state"].value));
    if (!state) return no(place["state"].pointer, "is no state of a row");
    store::OutboxRow row;
    row.no = TRY(count(place["no"]));
    row.seq = TRY(count(place["event"]));
    row.item.kind = TRY(text(place["kind"]));
    row.item.payload = TRY(text(place["payload"]));
    row.item.due = TRY(instant(place["due"]));
    row.state = *state;
    row.attempts = TRY(small(place["attempts"]));
    row.problem = TRY(text(place["problem"]));
    return row;
}

}  // namespace

std::expected<Case, Misfit> read_case(const json::value& value) {
    const Place document{value, ""};
    if (text_in(document["format"].value) != "holdfast-case")
        return no("/format", "is not \"holdfast-case\"");
    if (count_in(document["format_version"].value) != 1)
        return no("/format_version", "is not 1, the only one that this program reads");
    Case one;
    one.made_at = TRY(instant(document["made_at"]));
    one.program = TRY(text(document["program"]));
    one.time_zone_data = TRY(text(document["time_zone_data"]));
    one.history = TRY(read_history(document));
    one.stream = TRY(read_id(document["stream"]["id"], one.history.kind));
    one.terms = TRY(read_terms(document["terms"]));
    one.anchors = TRY(list<AnchorProof>(document["anchors"], read_anchor));
    one.outbox = TRY(list<store::OutboxRow>(document["outbox"], read_row));
    for (auto& row : one.outbox) row.stream = one.stream;
    return one;
}

}  // namespace holdfast::engine
