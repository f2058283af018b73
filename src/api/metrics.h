// What /metrics answers: how the service works and stands, in Prometheus' text.
//
// Counters come from where the work is done; what the store says is read beside the engine, when
// it is asked for and on a thread of its own, so that neither engine nor requests wait for it. An
// engine that hangs shows: what should have struck is seen by another. docs/operation.md lists the
// names.
#pragma once

#include "engine/engine.h"
#include "engine/notices.h"
#include "engine/work_counters.h"
#include "http/request_counters.h"
#include "http/server.h"
#include "store/store.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace holdfast::api {

struct MetricsSources {
    engine::Engine& engine;
    const http::RequestCounters& requests;
    const engine::WorkCounters& works;
    std::function<engine::NoticeCounts()> notices;
    std::function<std::optional<std::size_t>()> differences;  // to the processor's list
    std::string version = {};
};

class Metrics final : public http::Handler {
public:
    // The whole ledger is summed at most once in `ledger_every`. What the sources name outlives
    // this.
    Metrics(MetricsSources sources, std::unique_ptr<store::Store> store,
            std::chrono::seconds ledger_every);

    static http::Router routes();
    void handle(http::ServerRequest request, http::Reply reply) override;

private:
    void run(const std::stop_token& stop);
    std::string text();
    void look_at_ledger();

    MetricsSources sources_;
    std::unique_ptr<store::Store> store_;  // of the thread, as are these
    std::chrono::seconds ledger_every_;
    std::optional<std::chrono::steady_clock::time_point> ledger_at_;
    std::optional<std::uint64_t> imbalance_;  // none: it could not be read

    std::mutex mutex_;  // of what waits
    std::condition_variable_any has_one_;
    std::vector<http::Reply> waiting_;
    std::jthread thread_;  // ends first
};

}  // namespace holdfast::api
