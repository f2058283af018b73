// Who follows the feed of events as they happen: server-sent events.
//
// One thread looks for what is new and hands it to each stream as far as that takes it; a stream
// that is slow is behind, and nobody else waits for it.
#pragma once

#include "api/reads.h"
#include "http/reply.h"

#include <chrono>
#include <cstdint>
#include <list>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace holdfast::api {

class Followers {
public:
    explicit Followers(Reads& reads);

    // From the event behind `position` on; of these types, none named: all.
    void add(http::AnswerStream stream, std::uint64_t position, std::vector<std::string> types);

private:
    struct Follower {
        http::AnswerStream stream;
        std::uint64_t position = 0;
        std::vector<std::string> types;
        std::chrono::steady_clock::time_point last_word{};
    };
    void run(const std::stop_token& stop);
    std::uint64_t feed_end();
    void tell(Follower& one);
    bool serve(Follower& one, std::uint64_t feed_end);  // false: it is over

    Reads& reads_;
    std::mutex mutex_;
    std::list<Follower> all_;
    std::jthread thread_;
};

}  // namespace holdfast::api
