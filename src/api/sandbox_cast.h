// The cast that an order of the sandbox has if its placing names none, kept as events of one system
// stream. Used from several threads.
#pragma once

#include "api/setting_stream.h"
#include "base/instant.h"
#include "engine/cast.h"
#include "store/store.h"

#include <mutex>

namespace holdfast::api {

class SandboxCast {
public:
    // Throws StoreDown if an event of the stream cannot be read.
    void load(store::Store& store);
    engine::Cast cast() const;  // nobody, until one was given
    void give(store::Store& store, const engine::Cast& cast, Instant now);

private:
    void read(store::Store& store);

    mutable std::mutex mutex_;
    SettingStream stream_{"sandbox"};
    engine::Cast cast_;
};

}  // namespace holdfast::api
