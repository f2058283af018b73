#include "engine/service_log.h"

#include "store/codec/event_reader.h"
#include "store/codec/event_writer.h"

#include <string>
#include <string_view>
#include <utility>

namespace holdfast::engine {
namespace {

constexpr std::string_view outage_kind = "outage";

struct OutageText {
    Instant from{}, until{};
    template <class F>
    void fields(F&& f) const {
        f("from", from);
        f("until", until);
    }
};

store::StreamId log_stream() {
    return store::stream_id_of(store::StreamKind::system, "service", "", "log");
}

}  // namespace

void ServiceLog::begin(Instant now, Duration least) {
    const auto history = store_.load(log_stream());
    version_ = history.version;
    for (const auto& event : history.events) {
        if (event.kind != outage_kind) continue;
        OutageText text;
        store::EventReader reader(event.payload);
        if (!reader.read_whole(text))
            throw store::StoreDown("the log of the service, event " + std::to_string(event.seq) +
                                   reader.error().pointer + ": " + reader.error().problem);
        outages_.push_back({.from = text.from, .until = text.until});
    }
    if (version_ == 0)
        return write({{.at = now, .kind = "service_began", .v = 1, .payload = "{}"}}, now);

    const auto row = store_.find(log_stream());
    if (!row || now - row->seen_at <= least) return beat(now);
    const OutageText outage{.from = row->seen_at, .until = now};
    std::string text;
    store::EventWriter(text).put(outage);
    write({{.at = now, .kind = std::string(outage_kind), .v = 1, .payload = std::move(text)}}, now);
    outages_.push_back({.from = outage.from, .until = outage.until});
}

void ServiceLog::beat(Instant now) { write({}, now); }

void ServiceLog::write(std::vector<store::NewEvent> events, Instant now) {
    store::Change change{.stream = log_stream(),
                         .kind = store::StreamKind::system,
                         .expected_version = version_,
                         .events = std::move(events)};
    change.cause = "service";
    change.index = store::IndexRow{.stream = change.stream,
                                   .kind = change.kind,
                                   .system = "service",
                                   .reference = "log",
                                   .seen_at = now};
    const auto receipt = store_.write(change);
    if (!receipt) throw store::StoreDown("the log of the service is written by another program");
    version_ = receipt->version;
}

}  // namespace holdfast::engine
