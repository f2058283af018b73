// What takes long, such as passwords and files of evidence, is done here and not by the threads
// that serve connections: one after the other by one thread, with a bounded queue before it.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace holdfast::api {

class WorkDesk {
public:
    static constexpr std::size_t waiting_most = 16;

    WorkDesk();
    ~WorkDesk();  // what waits is done first

    // `work` is done by the desk's thread. False: too many wait.
    [[nodiscard]] bool submit(std::function<void()> work);

private:
    void run();

    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::function<void()>> waiting_;
    bool is_ending_ = false;
    std::thread thread_;  // begins last
};

}  // namespace holdfast::api
