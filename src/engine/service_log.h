// When the service ran: a stream of its own, so that the time it was down can be given back.
#pragma once

#include "base/instant.h"
#include "store/store.h"
#include "terms/facts.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace holdfast::engine {

class ServiceLog {
public:
    explicit ServiceLog(store::Store& store) : store_(store) {}

    void read();  // what was written so far

    // Reads the log; where the service last was seen longer than `least` ago, records the silence
    // as an outage. Throws StoreDown if an event of the log cannot be read.
    void begin(Instant now, Duration least);
    void beat(Instant now);  // still there

    // After a restore no money leaves until the books are held against the processor's list: what
    // was told after the backup was taken is not in them.
    void fence(Instant now, const std::string& why);
    void lift_fence(Instant now);
    bool is_fenced() const { return is_fenced_; }
    std::optional<Instant> last_beat();  // none: no service ever ran

    const std::vector<terms::Outage>& outages() const { return outages_; }

private:
    void write(std::vector<store::NewEvent> events, Instant now);

    store::Store& store_;
    std::uint64_t version_ = 0;
    bool is_fenced_ = false;
    std::vector<terms::Outage> outages_;
};

}  // namespace holdfast::engine
