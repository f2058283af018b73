#include "engine/import_batch.h"

#include "base/verify.h"
#include "desk/link.h"
#include "desk/movement.h"
#include "desk/parcel.h"
#include "desk/purchase.h"
#include "desk/rates.h"
#include "desk/sale.h"
#include "engine/folded.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <type_traits>
#include <utility>
#include <variant>

namespace holdfast::engine {
namespace {

using store::StreamId;
using store::StreamKind;

struct Naming {
    Subject operator()(const desk::PurchaseSeen& seen) const {
        return {StreamKind::purchase, seen.system, seen.reference};
    }
    Subject operator()(const desk::SaleSeen& seen) const {
        return {StreamKind::sale, seen.system, seen.reference};
    }
    Subject operator()(const desk::ParcelSeen& seen) const {
        return {StreamKind::parcel, "parcel", seen.tracking_number};
    }
    Subject operator()(const desk::LinkSeen& seen) const {
        return {StreamKind::link, "link",
                seen.sale_system + ' ' + seen.sale_reference + ' ' + seen.sale_sku + " > " +
                    seen.purchase_system + ' ' + seen.purchase_reference + ' ' +
                    seen.purchase_product_id};
    }
    Subject operator()(const desk::RateSeen&) const {
        return {StreamKind::system, "rates", "rates"};
    }
    Subject operator()(const desk::MovementSeen& seen) const {
        return {StreamKind::system, std::string(movement_system),
                seen.system + ' ' + seen.reference};
    }
};

template <class Seen>
struct StateOf;
template <>
struct StateOf<desk::PurchaseSeen> {
    using type = desk::Purchase;
};
template <>
struct StateOf<desk::SaleSeen> {
    using type = desk::Sale;
};
template <>
struct StateOf<desk::ParcelSeen> {
    using type = desk::Parcel;
};
template <>
struct StateOf<desk::LinkSeen> {
    using type = desk::Link;
};
template <>
struct StateOf<desk::RateSeen> {
    using type = desk::Rates;
};
template <>
struct StateOf<desk::MovementSeen> {
    using type = desk::Movement;
};

Instant newest_of(const std::vector<Part>& parts) {
    Instant newest = parts.front().observation.origin.seen_at;
    for (const auto& part : parts) newest = std::max(newest, part.observation.origin.seen_at);
    return newest;
}

// The words that find the state of these parts. One part's are told without a fold: most orders
// have no more.
std::vector<std::string> terms_of(const std::vector<Part>& parts) {
    return std::visit(
        [&]<class Seen>(const Seen& first) -> std::vector<std::string> {
            if constexpr (std::is_same_v<Seen, desk::LinkSeen> ||
                          std::is_same_v<Seen, desk::RateSeen>)
                return {};
            else if constexpr (requires { desk::search_terms(first); })
                if (parts.size() == 1) return desk::search_terms(first);
            if constexpr (requires(StateOf<Seen>::type state) { desk::search_terms(state); })
                return desk::search_terms(fold<typename StateOf<Seen>::type, Seen>(parts));
        },
        parts.front().observation.seen);
}

std::vector<Part> decoded(std::string_view lines, const Subject& subject) {
    auto parts = decode_parts(lines);
    if (parts) return *std::move(parts);
    throw store::StoreDown(subject.system + ' ' + subject.reference + ": " + parts.error());
}

// Another program wrote the stream of this change in between.
void write_again(store::Store& store, const store::Change& change) {
    const Subject subject{change.kind, change.index->system, change.index->reference};
    for (int attempt = 0; attempt < 20; ++attempt) {
        ImportBatch batch;
        batch.begin(change.stream, ImportBatch::known_of(store.find(change.stream)));
        for (const auto& event : change.events) {
            const auto line = store::line_of(event.kind, event.v, event.payload);
            for (auto& part : decoded(line, subject))
                batch.add(change.stream, subject, std::move(part));
        }
        const auto changes = batch.take_changes(change.events.front().at, change.cause);
        if (changes.empty() || store.write_all(changes).front()) return;
    }
    throw store::StoreDown("another process keeps writing the same order; try again later");
}

}  // namespace

Subject subject_of(const desk::Observation& observation) {
    return std::visit(Naming{}, observation.seen);
}

StreamId stream_of(const Subject& subject) {
    return store::stream_id_of(subject.kind, subject.system, "", subject.reference);
}

Part part_of(desk::Observation observation, std::string customer_mark) {
    Part part{std::move(observation), std::move(customer_mark)};
    if (auto* sale = std::get_if<desk::SaleSeen>(&part.observation.seen))
        sale->customer = {.email = part.customer_mark, .name = {}, .phone = {}, .address = {}};
    return part;
}

store::Person customer_of(const desk::Observation& observation) {
    const auto* sale = std::get_if<desk::SaleSeen>(&observation.seen);
    if (!sale || sale->customer.email.empty()) return {};
    const auto& seen = sale->customer;
    return {seen.email, seen.name, seen.phone, seen.address};
}

std::optional<ImportBatch::Known> ImportBatch::known_of(std::optional<store::IndexRow> row) {
    if (!row) return std::nullopt;
    return Known{std::move(row->facts), row->version};
}

void ImportBatch::begin(const StreamId& id, std::optional<Known> known) {
    auto& stream = streams_[id];
    if (!known) return;
    stream.stored = std::move(known->facts);
    stream.version = known->version;
}

void ImportBatch::open(Stream& stream) {
    if (std::exchange(stream.is_open, true)) return;
    stream.parts = decoded(stream.stored, stream.subject);
}

// Is the very same observation there already? Most of a file that comes again is.
bool ImportBatch::holds(const Stream& stream, const std::string& line) {
    if (!stream.is_open) return stream.stored.find(line) != std::string::npos;
    return std::ranges::any_of(stream.parts,
                               [&](const Part& part) { return part.encoded == line; });
}

RowFate ImportBatch::add(const StreamId& id, Subject subject, Part part) {
    const auto found = streams_.find(id);
    VERIFY(found != streams_.end());
    auto& stream = found->second;
    stream.subject = std::move(subject);
    part.encoded = encode_part(part);
    if (holds(stream, part.encoded)) return RowFate::same;
    open(stream);
    return std::visit(
        [&]<class Seen>(const Seen&) { return add_to<Seen>(stream, std::move(part)); },
        part.observation.seen);
}

template <class Seen>
RowFate ImportBatch::add_to(Stream& stream, Part part) {
    using State = StateOf<Seen>::type;
    if (stream.version == 0 && stream.added.empty()) {
        stream.added.push_back(part.encoded);
        stream.parts.push_back(std::move(part));
        return RowFate::added;
    }
    const auto before = fold<State, Seen>(stream.parts);
    auto after = before;
    evolve(after, std::get<Seen>(part.observation.seen), part.observation.origin);
    if (after == before) return RowFate::same;
    stream.added.push_back(part.encoded);
    stream.parts.push_back(std::move(part));
    // Every rate is a row of its own: none takes another's place but by its very day.
    if constexpr (!std::is_same_v<Seen, desk::RateSeen>) shrink<State, Seen>(stream.parts, after);
    return same_values(before, after) ? RowFate::same : RowFate::changed;
}

store::Change ImportBatch::change_of(const StreamId& id, Stream& stream, Instant now,
                                     const std::string& cause) {
    store::Change change{.stream = id,
                         .kind = stream.subject.kind,
                         .expected_version = stream.version,
                         .events = {},
                         .cause = cause,
                         .request_key = {},
                         .request_hash = {},
                         .index = {},
                         .search_terms = terms_of(stream.parts),
                         .entries = {},
                         .outbox = {}};
    change.events.reserve(stream.added.size());
    for (const auto& line : stream.added) change.events.push_back(event_of(line, now));
    change.index = store::IndexRow{.stream = id,
                                   .kind = stream.subject.kind,
                                   .version = 0,
                                   .system = std::move(stream.subject.system),
                                   .reference = std::move(stream.subject.reference),
                                   .seen_at = newest_of(stream.parts),
                                   .next_deadline = {},
                                   .facts = encode_parts(std::move(stream.parts))};
    return change;
}

std::vector<store::Change> ImportBatch::take_changes(Instant now, const std::string& cause) {
    std::vector<store::Change> changes;
    changes.reserve(streams_.size());
    for (auto& [id, stream] : streams_)
        if (!stream.added.empty()) changes.push_back(change_of(id, stream, now, cause));
    streams_.clear();
    return changes;
}

std::vector<StreamId> write_changes(store::Store& store, const std::vector<store::Change>& changes,
                                    const std::vector<StreamId>& again) {
    std::vector<StreamId> folded;
    if (changes.empty()) return folded;
    const auto is_doubtful = [&](const store::Change& change) {
        return std::ranges::binary_search(again, change.stream);
    };
    std::vector<std::expected<store::Receipt, store::NotWritten>> results;
    if (std::ranges::none_of(changes, is_doubtful)) {
        results = store.write_all(changes);
    } else {
        std::vector<store::Change> others;
        std::ranges::copy_if(changes, std::back_inserter(others), std::not_fn(is_doubtful));
        auto written = store.write_all(others);
        auto next = written.begin();
        for (const auto& change : changes)
            results.push_back(is_doubtful(change)
                                  ? std::unexpected(store::NotWritten::version_conflict)
                                  : *next++);
    }
    for (std::size_t i = 0; i < results.size(); ++i) {
        if (results[i]) continue;
        write_again(store, changes[i]);
        folded.push_back(changes[i].stream);
    }
    return folded;
}

std::string_view to_string(RowFate fate) {
    switch (fate) {
    case RowFate::added:    return "new";
    case RowFate::changed:  return "changed";
    case RowFate::same:     return "same";
    case RowFate::rejected: return "rejected";
    case RowFate::noted:    return "noted";
    }
    return "";
}

}  // namespace holdfast::engine
