#include "engine/service_log.h"

#include "store/codec/event_reader.h"
#include "store/codec/event_writer.h"

#include <string>
#include <string_view>
#include <utility>

namespace holdfast::engine {
namespace {

constexpr std::string_view began_kind = "service_began";
constexpr std::string_view outage_kind = "outage";
constexpr std::string_view fenced_kind = "fenced";
constexpr std::string_view fence_lifted_kind = "fence_lifted";

std::vector<store::NewEvent> event(Instant at, std::string_view kind, std::string payload) {
    return {{.at = at, .kind = std::string(kind), .v = 1, .payload = std::move(payload)}};
}

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

void ServiceLog::read() {
    const auto history = store_.load(log_stream());
    version_ = history.version;
    outages_.clear();
    is_fenced_ = false;
    for (const auto& event : history.events) {
        if (event.kind == fenced_kind) is_fenced_ = true;
        if (event.kind == fence_lifted_kind) is_fenced_ = false;
        if (event.kind != outage_kind) continue;
        OutageText text;
        store::EventReader reader(event.payload);
        if (!reader.read_whole(text))
            throw store::StoreDown("the log of the service, event " + std::to_string(event.seq) +
                                   reader.error().pointer + ": " + reader.error().problem);
        outages_.push_back({.from = text.from, .until = text.until});
    }
}

std::optional<Instant> ServiceLog::last_beat() {
    const auto row = store_.find(log_stream());
    return row ? std::optional(row->seen_at) : std::nullopt;
}

void ServiceLog::begin(Instant now, Duration least) {
    read();
    if (version_ == 0) return write(event(now, began_kind, "{}"), now);

    const auto row = store_.find(log_stream());
    if (!row || now - row->seen_at <= least) return beat(now);
    const OutageText outage{.from = row->seen_at, .until = now};
    std::string text;
    store::EventWriter(text).put(outage);
    write(event(now, outage_kind, std::move(text)), now);
    outages_.push_back({.from = outage.from, .until = outage.until});
}

void ServiceLog::fence(Instant now, const std::string& why) {
    std::string text = R"({"why":)";
    store::EventWriter(text).put(why);
    write(event(now, fenced_kind, text + "}"), now);
    is_fenced_ = true;
}

void ServiceLog::lift_fence(Instant now) {
    write(event(now, fence_lifted_kind, "{}"), now);
    is_fenced_ = false;
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
