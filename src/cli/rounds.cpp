#include "cli/rounds.h"

#include <condition_variable>
#include <exception>
#include <mutex>
#include <utility>

namespace holdfast::cli {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds after_failure{5'000};

// Ends at once when the thread is to stop.
void rest(const std::stop_token& stop, milliseconds time) {
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    never.wait_for(lock, stop, time, [] { return false; });
}

}  // namespace

Rounds::Rounds(std::string event, ServeLog& log, std::function<std::size_t()> round,
               milliseconds pause)
    : event_(std::move(event)),
      log_(log),
      round_(std::move(round)),
      pause_(pause),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

void Rounds::run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        try {
            if (round_() == 0) rest(stop, pause_);
        } catch (const std::exception& failure) {
            log_.error(event_, failure.what());
            rest(stop, after_failure);
        }
    }
}

}  // namespace holdfast::cli
