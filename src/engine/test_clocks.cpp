#include "engine/test_clocks.h"

#include "base/verify.h"
#include "store/codec/event_reader.h"
#include "store/codec/event_writer.h"

#include <utility>

namespace holdfast::engine {
namespace {

constexpr std::string_view made_kind = "clock_made";
constexpr std::string_view advanced_kind = "clock_advanced";

struct ShowsText {
    Instant shows{};
    template <class F>
    void fields(F&& f) const {
        f("shows", shows);
    }
};

store::StreamId clock_stream(std::string_view clock) {
    return store::stream_id_of(store::StreamKind::system, "clock", "", clock);
}

}  // namespace

std::vector<std::string> test_clocks(store::Store& store) {
    std::vector<std::string> names;
    store.scan(store::StreamKind::system, [&](const store::IndexRow& row) {
        if (row.system == "clock") names.push_back(row.reference);
        return true;
    });
    return names;
}

std::string clock_term(std::string_view clock) { return "clock:" + std::string(clock); }

const TestClocks::Known* TestClocks::load(std::string_view clock) {
    if (const auto found = known_.find(clock); found != known_.end()) return &found->second;
    const auto history = store_.load(clock_stream(clock));
    if (history.version == 0) return nullptr;
    Known known{.shows = {}, .version = history.version};
    for (const auto& event : history.events) {
        ShowsText text;
        store::EventReader reader(event.payload);
        if (!reader.read_whole(text))
            throw store::StoreDown("the clock " + std::string(clock) + ", event " +
                                   std::to_string(event.seq) + reader.error().pointer + ": " +
                                   reader.error().problem);
        known.shows = text.shows;
    }
    return &known_.emplace(clock, known).first->second;
}

std::optional<Instant> TestClocks::find(std::string_view clock) {
    const auto* known = load(clock);
    return known ? std::optional(known->shows) : std::nullopt;
}

std::uint64_t TestClocks::version(std::string_view clock) {
    const auto* known = load(clock);
    return known ? known->version : 0;
}

bool TestClocks::make(std::string_view clock, Instant shows, Instant now) {
    if (load(clock)) return false;
    return write(clock, made_kind, {.shows = shows, .version = 0}, now);
}

void TestClocks::advance(std::string_view clock, Instant to, Instant now) {
    const auto* known = load(clock);
    VERIFY(known && to >= known->shows);
    if (to == known->shows) return;
    if (!write(clock, advanced_kind, {.shows = to, .version = known->version}, now))
        throw store::StoreDown("the clock " + std::string(clock) +
                               " was moved by another program meanwhile");
}

// False: somebody else was faster.
bool TestClocks::write(std::string_view clock, std::string_view kind, Known to, Instant now) {
    std::string payload;
    store::EventWriter(payload).put(ShowsText{to.shows});
    store::Change change{.stream = clock_stream(clock),
                         .kind = store::StreamKind::system,
                         .expected_version = to.version};
    change.events = {{.at = now, .kind = std::string(kind), .v = 1, .payload = std::move(payload)}};
    change.cause = "clock";
    change.index = store::IndexRow{.stream = change.stream,
                                   .kind = change.kind,
                                   .system = "clock",
                                   .reference = std::string(clock),
                                   .seen_at = now};
    const auto receipt = store_.write(change);
    if (!receipt) {
        known_.erase(std::string(clock));
        return false;
    }
    known_.insert_or_assign(std::string(clock),
                            Known{.shows = to.shows, .version = receipt->version});
    return true;
}

}  // namespace holdfast::engine
