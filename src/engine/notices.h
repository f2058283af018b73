// Tells endpoints of events: by a signed call (Standard Webhooks 1.0.0), or by mail to where the
// endpoint's address is "mailto:…".
//
// Events are taken from the feed, endpoint by endpoint, each from where it stands; what an endpoint
// is to be told becomes a row of the outbox, in one transaction with its new position. So nothing
// is told of that was not committed, and nothing is forgotten. A row is told of at least once, in
// no certain order, with the same id on each attempt; what no attempt brought stays in the outbox
// as failed, and can be sent again.
#pragma once

#include "engine/outbox_port.h"
#include "store/store.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace holdfast::engine {

// Before the second attempt, the third, …; each a tenth shorter or longer by chance, so that what
// failed together does not come again together. After the last the row has failed.
inline constexpr std::array<Duration, 9> tell_again_after{
    std::chrono::seconds{5}, std::chrono::minutes{5}, std::chrono::minutes{30},
    std::chrono::hours{2},   std::chrono::hours{5},   std::chrono::hours{10},
    std::chrono::hours{14},  std::chrono::hours{20},  std::chrono::hours{24}};

// A tenth shorter or longer; `random` fills what it is given.
Duration with_jitter(Duration gap, const std::function<void(std::span<std::uint8_t>)>& random);

struct Notice {
    std::string to;  // the endpoint's address
    std::string id, type;
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers = {};  // of a call
};

struct NoticeReply {
    enum class Fate : std::uint8_t {
        taken,
        not_now,   // any other answer, or none
        gone,      // the endpoint wants nothing more
        rejected,  // for good, this one alone
    };
    Fate fate = Fate::not_now;
    std::string problem = {};
};

// Brings one notice to where it belongs. May block for as long as a request may take, and never
// throws for what the other side or the network does.
using Bring = std::function<NoticeReply(const Notice&)>;

struct NoticeCounts {
    std::uint64_t told = 0, failed_attempts = 0, gave_up = 0, disabled = 0, dropped = 0;
};

class Notices {
public:
    // `random` fills what it is given.
    using Random = std::function<void(std::span<std::uint8_t>)>;
    Notices(OutboxPort& port, Bring bring, Random random)
        : port_(port), bring_(std::move(bring)), random_(std::move(random)) {}

    // Puts what is new for each endpoint into the outbox; at most so many events looked at for
    // each. How many events were looked at: 0 means that all endpoints are at the end of the feed.
    std::size_t fan_out(Instant now, std::size_t events_most);

    // Brings what is due; how many rows were tried. None while fenced: what a restored store says
    // may not be what became of it.
    std::size_t deliver(Instant now, std::size_t limit);

    const NoticeCounts& counts() const { return counts_; }

private:
    void take(const store::OutboxRow& row, Instant now);
    void put_off(const store::OutboxRow& row, const NoticeReply& reply, Instant now);
    void disable(const IdBytes& endpoint, const std::string& why);

    OutboxPort& port_;
    Bring bring_;
    Random random_;
    NoticeCounts counts_;
};

}  // namespace holdfast::engine
