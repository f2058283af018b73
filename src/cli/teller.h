// Tells endpoints of events while a server runs.
#pragma once

#include "cli/rounds.h"
#include "cli/serve_log.h"
#include "engine/engine.h"
#include "engine/notices.h"
#include "engine/outbox_port.h"
#include "http/client.h"

#include <mutex>

namespace holdfast::cli {

class Teller {
public:
    // The engine runs for longer.
    Teller(engine::Engine& engine, ServeLog& log);

    engine::NoticeCounts counts() const;  // as of the last round

private:
    std::size_t round();

    engine::Engine& engine_;
    engine::EnginePort port_;
    http::Client client_{{}};
    engine::Notices notices_;
    mutable std::mutex mutex_;
    engine::NoticeCounts counts_;
    Rounds rounds_;  // ends first
};

}  // namespace holdfast::cli
