#include "engine/importer.h"

#include "desk/link.h"
#include "desk/movement.h"
#include "desk/parcel.h"
#include "desk/purchase.h"
#include "desk/rates.h"
#include "desk/sale.h"
#include "engine/folded.h"

#include <algorithm>
#include <map>
#include <utility>
#include <variant>

namespace holdfast::engine {
namespace {

using store::StreamId;
using store::StreamKind;

constexpr std::size_t streams_per_batch = 4000;
constexpr std::size_t marks_max = 100'000;

// --- What stream an observation belongs to ---------------------------------------------------

struct Subject {
    StreamKind kind;
    std::string system, reference;
};

Subject subject_of(const desk::PurchaseSeen& seen) {
    return {StreamKind::purchase, seen.system, seen.reference};
}
Subject subject_of(const desk::SaleSeen& seen) {
    return {StreamKind::sale, seen.system, seen.reference};
}
Subject subject_of(const desk::ParcelSeen& seen) {
    return {StreamKind::parcel, "parcel", seen.tracking_number};
}
Subject subject_of(const desk::LinkSeen& seen) {
    return {StreamKind::link, "link",
            seen.sale_system + ' ' + seen.sale_reference + ' ' + seen.sale_sku + " > " +
                seen.purchase_system + ' ' + seen.purchase_reference + ' ' +
                seen.purchase_product_id};
}
Subject subject_of(const desk::RateSeen&) { return {StreamKind::system, "rates", "rates"}; }
Subject subject_of(const desk::MovementSeen& seen) {
    return {StreamKind::system, std::string(movement_system), seen.system + ' ' + seen.reference};
}

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

// --- One stream while its batch is open ------------------------------------------------------

struct Pending {
    Subject subject;
    std::string stored;       // the index row's text; taken apart only where it must be
    bool is_open = false;     // `parts` hold what `stored` holds
    std::vector<Part> parts;  // what the index row keeps
    std::uint64_t version = 0;
    bool is_new = true;
    std::vector<Part> added;  // to be written as events
};

Instant newest_of(const std::vector<Part>& parts) {
    Instant newest = parts.front().observation.origin.seen_at;
    for (const auto& part : parts) newest = std::max(newest, part.observation.origin.seen_at);
    return newest;
}

std::string file_name(const std::filesystem::path& file) { return file.filename().string(); }

}  // namespace

struct Importer::Batch {
    store::Store& store;
    Instant now;
    std::string cause;
    std::map<StreamId, Pending> pending;
    std::map<std::string, std::string> marks;  // mail address -> mark

    Pending& pending_of(const Subject& subject, const StreamId& id) {
        const auto [found, made] = pending.try_emplace(id);
        if (!made) return found->second;
        found->second.subject = subject;
        if (auto row = store.find(id)) {
            found->second.stored = std::move(row->facts);
            found->second.version = row->version;
            found->second.is_new = false;
        }
        return found->second;
    }

    static void open(Pending& stream) {
        if (std::exchange(stream.is_open, true)) return;
        auto parts = decode_parts(stream.stored);
        if (!parts)
            throw store::StoreDown(stream.subject.system + ' ' + stream.subject.reference + ": " +
                                   parts.error());
        stream.parts = std::move(*parts);
    }

    // Is the very same observation there already? Most of a file that comes again is.
    static bool holds(const Pending& stream, const std::string& line) {
        if (!stream.is_open) return stream.stored.find(line) != std::string::npos;
        return std::ranges::any_of(stream.parts,
                                   [&](const Part& part) { return part.encoded == line; });
    }

    void meet(std::span<const desk::Observation> observations) {
        std::vector<store::Person> people;
        for (const auto& one : observations) {
            const auto* sale = std::get_if<desk::SaleSeen>(&one.seen);
            if (sale && !sale->customer.email.empty()) people.push_back(person_of(sale->customer));
        }
        const auto made = store.person_marks(people);
        for (std::size_t i = 0; i < people.size(); ++i) marks[people[i].email] = made[i];
    }

    std::string mark_of(const desk::PersonSeen& person) {
        if (person.email.empty()) return {};
        const auto known = marks.find(person.email);
        if (known != marks.end()) return known->second;
        return marks[person.email] = store.person_mark(person_of(person));
    }

    static store::Person person_of(const desk::PersonSeen& seen) {
        return {seen.email, seen.name, seen.phone, seen.address};
    }

    RowFate add(desk::Observation observation) {
        Part part{std::move(observation)};
        if (auto* sale = std::get_if<desk::SaleSeen>(&part.observation.seen)) {
            part.customer_mark = mark_of(sale->customer);
            // The mark stands for the customer in the state, and is what finds the sale.
            sale->customer = {.email = part.customer_mark, .name = {}, .phone = {}, .address = {}};
        }
        return add(std::move(part));
    }

    RowFate add(Part part) {
        const auto with = [&](const auto& seen) { return subject_of(seen); };
        const auto subject = std::visit(with, part.observation.seen);
        const auto id = store::stream_id_of(subject.kind, subject.system, "", subject.reference);
        part.encoded = encode_part(part);
        auto& stream = pending_of(subject, id);
        if (holds(stream, part.encoded)) return RowFate::same;
        open(stream);
        const auto fold_in = [&]<class Seen>(const Seen&) { return add_to<Seen>(stream, part); };
        return std::visit(fold_in, part.observation.seen);
    }

    template <class Seen>
    static RowFate add_to(Pending& stream, Part& part) {
        using State = StateOf<Seen>::type;
        if (stream.is_new && stream.added.empty()) {
            stream.parts.push_back(part);
            stream.added.push_back(std::move(part));
            return RowFate::added;
        }
        const auto before = fold<State, Seen>(stream.parts);
        auto after = before;
        evolve(after, std::get<Seen>(part.observation.seen), part.observation.origin);
        if (after == before) return RowFate::same;
        stream.parts.push_back(part);
        // Every rate is a row of its own: none takes another's place but by its very day.
        if constexpr (!std::is_same_v<Seen, desk::RateSeen>)
            shrink<State, Seen>(stream.parts, after);
        stream.added.push_back(std::move(part));
        return same_values(before, after) ? RowFate::same : RowFate::changed;
    }

    std::vector<std::string> terms_of(const Pending& stream) const {
        switch (stream.subject.kind) {
        case StreamKind::purchase:
            return desk::search_terms(fold<desk::Purchase, desk::PurchaseSeen>(stream.parts));
        case StreamKind::parcel:
            return desk::search_terms(fold<desk::Parcel, desk::ParcelSeen>(stream.parts));
        case StreamKind::sale:
            return desk::search_terms(fold<desk::Sale, desk::SaleSeen>(stream.parts));
        case StreamKind::system:
            if (stream.subject.system != movement_system) return {};
            return desk::search_terms(fold<desk::Movement, desk::MovementSeen>(stream.parts));
        default: return {};
        }
    }

    store::Change change_of(const StreamId& id, const Pending& stream) const {
        store::Change change{.stream = id,
                             .kind = stream.subject.kind,
                             .expected_version = stream.version,
                             .events = {},
                             .cause = cause,
                             .request_key = {},
                             .request_hash = {},
                             .index = {},
                             .search_terms = terms_of(stream),
                             .entries = {},
                             .outbox = {}};
        for (const auto& part : stream.added) change.events.push_back(event_of(part, now));
        change.index = store::IndexRow{.stream = id,
                                       .kind = stream.subject.kind,
                                       .version = 0,
                                       .system = stream.subject.system,
                                       .reference = stream.subject.reference,
                                       .seen_at = newest_of(stream.parts),
                                       .next_deadline = {},
                                       .facts = encode_parts(stream.parts)};
        return change;
    }

    void flush() {
        std::vector<store::Change> changes;
        std::vector<std::vector<Part>> added;
        for (auto& [id, stream] : pending) {
            if (stream.added.empty()) continue;
            changes.push_back(change_of(id, stream));
            added.push_back(std::move(stream.added));
        }
        pending.clear();
        if (marks.size() > marks_max) marks.clear();
        if (changes.empty()) return;
        const auto results = store.write_all(changes);
        for (std::size_t i = 0; i < results.size(); ++i)
            if (!results[i]) write_again(added[i]);
    }

    // Another process wrote this stream in between: load it and fold once more.
    void write_again(const std::vector<Part>& parts) {
        for (int attempt = 0; attempt < 20; ++attempt) {
            for (const auto& part : parts) add(Part(part));
            std::vector<store::Change> changes;
            for (auto& [id, stream] : pending)
                if (!stream.added.empty()) changes.push_back(change_of(id, stream));
            pending.clear();
            if (changes.empty() || store.write_all(changes).front()) return;
        }
        throw store::StoreDown("another process keeps writing the same order; try again later");
    }
};

Importer::Importer(store::Store& store, Instant now, std::string cause)
    : batch_(new Batch{store, now, std::move(cause), {}, {}}) {}
Importer::~Importer() = default;

RowFate Importer::add(desk::Observation observation) {
    const auto fate = batch_->add(std::move(observation));
    if (batch_->pending.size() >= streams_per_batch) flush();
    return fate;
}

void Importer::meet(std::span<const desk::Observation> observations) { batch_->meet(observations); }

void Importer::flush() { batch_->flush(); }

namespace {

std::string what_of(const desk::Observation& observation) {
    struct Name {
        std::string operator()(const desk::PurchaseSeen& seen) const {
            return "purchase " + seen.system + ' ' + seen.reference;
        }
        std::string operator()(const desk::SaleSeen& seen) const {
            return "sale " + seen.system + ' ' + seen.reference;
        }
        std::string operator()(const desk::ParcelSeen& seen) const {
            return "parcel " + seen.tracking_number;
        }
        std::string operator()(const desk::LinkSeen& seen) const {
            return "link " + seen.sale_reference + " to " + seen.purchase_reference;
        }
        std::string operator()(const desk::RateSeen& seen) const {
            return "rate " + std::string(code_of(seen.from)) + " to " +
                   std::string(code_of(seen.to));
        }
        std::string operator()(const desk::MovementSeen& seen) const {
            return std::string(to_string(seen.kind)) + ' ' + seen.system + ' ' + seen.reference;
        }
    };
    return std::visit(Name{}, observation.seen);
}

// A parcel that names its purchase also says that the purchase has this parcel.
std::optional<desk::Observation> purchase_side(const desk::Observation& observation) {
    const auto* parcel = std::get_if<desk::ParcelSeen>(&observation.seen);
    if (!parcel || parcel->purchase_reference.empty() || parcel->tracking_number.empty())
        return std::nullopt;
    desk::PurchaseSeen purchase;
    purchase.system = parcel->purchase_system.empty() ? "aliexpress" : parcel->purchase_system;
    purchase.reference = parcel->purchase_reference;
    purchase.tracking_numbers = {parcel->tracking_number};
    return desk::Observation{observation.origin, std::move(purchase)};
}

constexpr std::size_t observations_per_turn = 1000;

class ImportSink : public formats::Sink {
public:
    ImportSink(store::Store& store, const ImportOptions& options, const std::string& cause,
               ImportReport& report)
        : importer_(store, options.now, cause), options_(options), report_(report) {}

    void observed(desk::Observation observation) override {
        waiting_.push_back(std::move(observation));
        if (waiting_.size() >= observations_per_turn) take_in();
    }
    void rejected(const formats::Place& place, std::string reason) override {
        take_in();  // so that rows are told in the order of the file
        ++report_.rows_rejected;
        if (options_.on_row) options_.on_row({RowFate::rejected, place, {}, std::move(reason)});
    }
    void noted(const formats::Place& place, std::string text) override {
        take_in();
        ++report_.notes;
        if (options_.on_row) options_.on_row({RowFate::noted, place, {}, std::move(text)});
    }
    void finish() {
        take_in();
        importer_.flush();
    }

private:
    void take_in() {
        importer_.meet(waiting_);
        for (auto& observation : waiting_) take_in(std::move(observation));
        waiting_.clear();
    }

    void take_in(desk::Observation observation) {
        report_.seen_at = std::max(report_.seen_at, observation.origin.seen_at);
        const formats::Place place{observation.origin.line, {}};
        auto what = options_.on_row ? what_of(observation) : std::string{};
        auto other = purchase_side(observation);
        const auto fate = importer_.add(std::move(observation));
        if (other) importer_.add(std::move(*other));
        if (fate == RowFate::added) ++report_.rows_new;
        if (fate == RowFate::changed) ++report_.rows_changed;
        if (fate == RowFate::same) ++report_.rows_same;
        if (options_.on_row) options_.on_row({fate, place, std::move(what), {}});
    }

    Importer importer_;
    const ImportOptions& options_;
    ImportReport& report_;
    std::vector<desk::Observation> waiting_;
};

}  // namespace

store::StreamId link_stream(const desk::LinkSeen& seen) {
    const auto subject = subject_of(seen);
    return store::stream_id_of(subject.kind, subject.system, "", subject.reference);
}

std::size_t write_guesses(store::Store& store, DeskView& view, Instant now) {
    Importer importer(store, now, "guess");
    std::size_t open = 0;
    for (auto& guess : view.new_guesses()) {
        open += guess.state == desk::LinkSeen::State::open;
        importer.add(
            {{.format = "guess", .seen_at = view.now(), .file = {}, .line = 0}, std::move(guess)});
    }
    importer.flush();
    return open;
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

std::expected<ImportReport, formats::FileError> import_file(store::Store& store,
                                                            const std::filesystem::path& file,
                                                            const ImportOptions& options) {
    const auto hash = formats::hash_file(file);
    if (!hash) return std::unexpected(hash.error());
    const auto before = store.find_import(*hash);

    ImportReport report;
    report.known_file = before.has_value();
    // The same file without a time of its own was true when it was first brought in, not again now.
    const auto fallback = before ? before->seen_at : options.now;
    formats::ReadOptions reading;
    reading.zones = options.zones;
    reading.seen_at = options.seen_at;
    reading.now = fallback;
    reading.progress = options.progress;
    reading.currency = options.currency;
    reading.mapping = options.mapping;
    ImportSink sink(store, options, "import:" + to_hex(*hash), report);
    const auto read = formats::read_file(file, reading, sink);
    sink.finish();
    if (!read) return std::unexpected(read.error());
    report.file = *read;
    if (report.seen_at == Instant{}) report.seen_at = options.seen_at.value_or(fallback);
    store.record_import({*hash, file_name(file), report.file.format, report.seen_at, options.now,
                         report.rows_new, report.rows_changed, report.rows_same,
                         report.rows_rejected});
    return report;
}

}  // namespace holdfast::engine
