#include "api/work_desk.h"

#include <utility>

namespace holdfast::api {

WorkDesk::WorkDesk() : thread_([this] { run(); }) {}

WorkDesk::~WorkDesk() {
    {
        const std::scoped_lock lock(mutex_);
        is_ending_ = true;
    }
    changed_.notify_one();
    thread_.join();
}

bool WorkDesk::submit(std::function<void()> work) {
    {
        const std::scoped_lock lock(mutex_);
        if (is_ending_ || waiting_.size() >= waiting_most) return false;
        waiting_.push_back(std::move(work));
    }
    changed_.notify_one();
    return true;
}

void WorkDesk::run() {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [&] { return is_ending_ || !waiting_.empty(); });
        if (waiting_.empty()) return;
        const auto work = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        work();
        lock.lock();
    }
}

}  // namespace holdfast::api
