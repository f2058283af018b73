// Takes money told to leave to the processor that is set, while a server runs, and holds the books
// against the processor's list from time to time.
//
// What a processor tells by itself is only a hint: the row of the payment becomes due at once, and
// the processor is asked. So it does not matter how often, or in which order, hints come; one that
// is lost is made up for by the next usual question.
#pragma once

#include "cli/rounds.h"
#include "cli/serve_log.h"
#include "cli/serve_settings.h"
#include "engine/courier.h"
#include "engine/engine.h"
#include "engine/outbox_port.h"
#include "engine/processor.h"
#include "http/client.h"
#include "store/store.h"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

namespace holdfast::cli {

class Payer {
public:
    using OpenStore = std::function<std::unique_ptr<store::Store>()>;  // to read, beside the engine
    // The engine runs for longer.
    // In a sandbox an order's cast may have a processor of its own.
    Payer(engine::Engine& engine, ServeLog& log, const ProcessorSettings& settings,
          OpenStore open_store, bool is_live);

    // Something happened to the payment with this key. From any thread.
    void hint(const std::string& key);
    // Of the last reconciliation; none: there was none, or the list could not be had.
    std::optional<std::size_t> differences() const;

private:
    std::size_t round();
    void take_hints();
    void say_what_happened(const engine::CourierCounts& before);
    bool is_time_to_reconcile() const;
    void reconcile();

    engine::Engine& engine_;
    ServeLog& log_;
    OpenStore open_store_;
    engine::EnginePort port_;
    http::Client client_;
    std::unique_ptr<engine::Processor> processor_, played_;
    engine::Courier courier_;
    std::chrono::seconds reconcile_every_;
    std::optional<std::chrono::steady_clock::time_point> reconciled_at_;

    mutable std::mutex mutex_;  // of what follows
    std::set<std::string> hints_;
    std::optional<std::size_t> differences_;

    Rounds rounds_;  // ends first
};

}  // namespace holdfast::cli
