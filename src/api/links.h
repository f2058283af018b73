// Links that open one order to one party of it until a time: signed, so that nothing is kept of
// them but that some were ended before it. The key that signs them, and what was ended, are events
// of one system stream. Used from several threads.
#pragma once

#include "api/seal.h"
#include "api/setting_stream.h"
#include "base/id.h"
#include "base/instant.h"
#include "order/command.h"
#include "store/person.h"
#include "store/store.h"

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace holdfast::api {

struct Link {
    IdBytes order{};
    order::Party party = order::Party::buyer;  // or seller
    Instant expires_at{};
    // Of links made before there were ids: none, and the beginning of time.
    std::optional<IdBytes> id = {};
    Instant made_at{};
    bool operator==(const Link&) const = default;
};

inline constexpr std::chrono::days link_lives_most{180};

class LinkBook {
public:
    void load(store::Store& store);

    struct Signed {
        Link link;
        std::string token;  // "lnk_…"
    };
    // A new link, with an id of its own: no two are the same.
    Signed sign(store::Store& store, const IdBytes& order, order::Party party, Instant expires_at,
                Instant now, const store::Random& random);
    // Nothing: it was not signed here, has expired or was ended.
    std::optional<Link> find(std::string_view token, Instant now) const;

    // False: it is no id of a link in force that was signed here.
    bool end(store::Store& store, const IdBytes& id, Instant now);
    // All that were made of an order until now.
    void end_all(store::Store& store, const IdBytes& order, Instant now);
    std::size_t kept() const;  // how many ends are known

private:
    void read(store::Store& store);
    void forget_old(Instant now);
    bool is_ours(const IdBytes& id) const;
    bool is_ended(const Link& link) const;

    mutable std::mutex mutex_;
    SettingStream stream_{"links"};
    Seal seal_{"lnk_", "link_key_made"};
    std::map<IdBytes, Instant> ended_;         // until when each would have lived
    std::map<IdBytes, Instant> ended_orders_;  // what was made of them until then
};

}  // namespace holdfast::api
