// /metrics on a listener of its own, so that whoever may read it need not reach the interface, and
// no proxy in front of that hands it out.
#pragma once

#include "api/metrics.h"
#include "http/server.h"

#include <chrono>
#include <cstdint>
#include <memory>

namespace holdfast::cli {

class MetricsListener {
public:
    MetricsListener(api::MetricsSources sources, std::unique_ptr<store::Store> store,
                    std::chrono::seconds ledger_every, http::ServerOptions options)
        : metrics_(std::move(sources), std::move(store), ledger_every),
          server_(std::move(options), api::Metrics::routes(), metrics_, observer_) {}

    std::uint16_t port() const { return server_.port(); }

private:
    http::ServerObserver observer_;
    api::Metrics metrics_;
    http::Server server_;  // ends first
};

}  // namespace holdfast::cli
