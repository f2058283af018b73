#include "api/followers.h"

#include "engine/event_text.h"

#include <utility>

namespace holdfast::api {
namespace {

using Steady = std::chrono::steady_clock;

constexpr auto look_every = std::chrono::milliseconds{100};
constexpr auto heartbeat_every = std::chrono::seconds{15};
constexpr std::size_t slice = 100;

std::string text_of(const store::FeedEvent& event) {
    return "id: " + engine::event_id(event) +
           "\nevent: " + engine::event_type(event.kind, event.event.kind) +
           "\ndata: " + engine::event_body(event) + "\n\n";
}

}  // namespace

Followers::Followers(Reads& reads)
    : reads_(reads), thread_([this](const std::stop_token& stop) { run(stop); }) {}

void Followers::add(http::AnswerStream stream, std::uint64_t position,
                    std::vector<std::string> types) {
    const std::scoped_lock lock(mutex_);
    all_.push_back({.stream = std::move(stream),
                    .position = position,
                    .types = std::move(types),
                    .last_word = Steady::now()});
}

void Followers::run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        {
            const std::scoped_lock lock(mutex_);
            const auto end = all_.empty() ? 0 : feed_end();
            std::erase_if(all_, [&](Follower& one) { return !serve(one, end); });
        }
        std::this_thread::sleep_for(look_every);
    }
}

// 0 where it cannot be read now: another time.
std::uint64_t Followers::feed_end() {
    try {
        return reads_.with([](store::Store& store) { return store.feed_end(); });
    } catch (const store::StoreDown&) {
        return 0;
    }
}

bool Followers::serve(Follower& one, std::uint64_t feed_end) {
    if (one.stream.is_ending()) {
        one.stream.finish();
        return false;
    }
    if (one.position < feed_end) tell(one);
    if (Steady::now() - one.last_word >= heartbeat_every &&
        one.stream.write(":\n\n") == http::Written::taken)
        one.last_word = Steady::now();
    return true;
}

// As much of what is new as the stream takes.
void Followers::tell(Follower& one) {
    try {
        const auto events =
            reads_.with([&](store::Store& store) { return store.feed(one.position, slice); });
        for (const auto& event : events) {
            if (engine::is_told(event, one.types)) {
                if (one.stream.write(text_of(event)) != http::Written::taken) return;
                one.last_word = Steady::now();
            }
            one.position = event.position;
        }
    } catch (const store::StoreDown&) {  // it cannot be read now: another time
    }
}

}  // namespace holdfast::api
