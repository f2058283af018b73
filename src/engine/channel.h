// Hands things from one thread to another in their order; whoever is ahead by `most` waits.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace holdfast::engine {

template <class T>
class Channel {
public:
    explicit Channel(std::size_t most) : most_(most) {}

    // False: it was closed, and nothing more is wanted.
    bool push(T thing) {
        std::unique_lock lock(mutex_);
        moved_.wait(lock, [&] { return is_closed_ || things_.size() < most_; });
        if (is_closed_) return false;
        things_.push_back(std::move(thing));
        moved_.notify_all();
        return true;
    }

    // Nothing: it was closed, and all that was pushed before is out.
    std::optional<T> pop() {
        std::unique_lock lock(mutex_);
        moved_.wait(lock, [&] { return is_closed_ || !things_.empty(); });
        if (things_.empty()) return std::nullopt;
        std::optional<T> thing(std::move(things_.front()));
        things_.pop_front();
        moved_.notify_all();
        return thing;
    }

    // Either side may.
    void close() {
        const std::lock_guard lock(mutex_);
        is_closed_ = true;
        moved_.notify_all();
    }

private:
    std::size_t most_;
    std::mutex mutex_;
    std::condition_variable moved_;
    std::deque<T> things_;
    bool is_closed_ = false;
};

}  // namespace holdfast::engine
