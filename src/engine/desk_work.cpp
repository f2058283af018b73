#include "engine/desk_work.h"

#include "base/id.h"
#include "desk/whereis.h"
#include "store/codec/event_reader.h"
#include "store/codec/event_writer.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace holdfast::engine {
namespace {

constexpr std::string_view system_name = "desk_work";

store::StreamId stream_of(const store::StreamId& purchase) {
    return store::stream_id_of(store::StreamKind::system, system_name, "",
                               to_base32(purchase.bytes));
}

template <class T>
std::string text_of(const T& value) {
    std::string text;
    store::EventWriter(text).put(value);
    return text;
}

template <class T>
T read(std::string_view text) {
    T value;
    store::EventReader reader(text);
    if (!reader.read_whole(value))
        throw store::StoreDown("what was done about a row cannot be read: " +
                               reader.error().pointer + ' ' + reader.error().problem);
    return value;
}

RowEvent event_of(const store::Event& event) {
    if (event.kind == RowAssigned::name) return read<RowAssigned>(event.payload);
    if (event.kind == RowSnoozed::name) return read<RowSnoozed>(event.payload);
    if (event.kind == ClaimFiled::name) return read<ClaimFiled>(event.payload);
    if (event.kind == RemedyChosen::name) return read<RemedyChosen>(event.payload);
    if (event.kind == RowNoted::name) return read<RowNoted>(event.payload);
    throw store::StoreDown("a row of the worklist has an event that is not known: " + event.kind);
}

struct Fold {
    RowState& state;
    Instant at;
    void operator()(const RowAssigned& done) const { state.assignee = done.to; }
    void operator()(const RowSnoozed& done) const { state.snoozed_until = done.until; }
    void operator()(const ClaimFiled& done) const {
        state.filed_at = at;
        state.case_number = done.case_number;
        state.dispute_system = done.dispute_system;
        state.dispute_reference = done.dispute_reference;
    }
    void operator()(const RemedyChosen& done) const { state.remedy = done.way; }
    void operator()(const RowNoted& /*done*/) const {}  // read where the row is looked at
};

}  // namespace

std::optional<Instant> sleeps_until(std::optional<Instant> snoozed_until,
                                    std::optional<Instant> closes_at, Instant now) {
    constexpr std::chrono::days awake{1};
    if (!snoozed_until || *snoozed_until <= now) return std::nullopt;
    if (!closes_at || *closes_at <= now) return snoozed_until;
    const auto until = std::min(*snoozed_until, *closes_at - awake);
    return now < until ? std::optional(until) : std::nullopt;
}

std::optional<store::StreamId> DeskWork::purchase_of(const store::IndexRow& row) {
    if (row.system != system_name) return std::nullopt;
    const auto bytes = parse_base32(row.reference);
    return bytes ? std::optional(store::StreamId{*bytes}) : std::nullopt;
}

RowState DeskWork::find(const store::StreamId& purchase) {
    const auto row = store_.find(stream_of(purchase));
    return row ? read<RowState>(row->facts) : RowState{};
}

std::vector<RowDone> DeskWork::history(const store::StreamId& purchase) {
    std::vector<RowDone> done;
    for (const auto& event : store_.load(stream_of(purchase)).events)
        done.push_back({.at = event.at, .by = event.cause, .what = event_of(event)});
    return done;
}

void DeskWork::each(
    const std::function<void(const store::StreamId& purchase, const RowState&)>& visit) {
    store_.scan(store::StreamKind::system, [&](const store::IndexRow& row) {
        if (const auto purchase = purchase_of(row)) visit(*purchase, read<RowState>(row.facts));
        return true;
    });
}

std::optional<DeskWork::Written> DeskWork::write(const store::StreamId& purchase,
                                                 const RowAsk& ask) {
    const auto stream = stream_of(purchase);
    const auto row = store_.find(stream);
    Written written{.state = row ? read<RowState>(row->facts) : RowState{}};
    std::visit(Fold{written.state, ask.at}, ask.what);
    store::Change change{.stream = stream,
                         .kind = store::StreamKind::system,
                         .expected_version = row ? row->version : 0};
    std::visit(
        [&]<class E>(const E& event) {
            change.events.push_back(
                {.at = ask.at, .kind = std::string(E::name), .v = 1, .payload = text_of(event)});
        },
        ask.what);
    change.cause = ask.by;
    change.request_key = ask.key;
    if (!ask.key.empty()) change.request_hash = ask.hash;
    if (const auto& number = written.state.case_number; !number.empty())
        change.search_terms = std::vector{desk::normalise_search(number)};
    change.index = store::IndexRow{.stream = stream,
                                   .kind = store::StreamKind::system,
                                   .system = std::string(system_name),
                                   .reference = to_base32(purchase.bytes),
                                   .seen_at = ask.at,
                                   .facts = text_of(written.state)};
    const auto receipt = store_.write(change);
    if (!receipt) {
        if (receipt.error() == store::NotWritten::key_used_for_another_request) return std::nullopt;
        throw store::StoreDown("rows of the worklist are written by another program");
    }
    if (receipt->replayed) return Written{.state = find(purchase), .is_repeated = true};
    return written;
}

}  // namespace holdfast::engine
