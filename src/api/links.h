// Links that open one order to one party of it until a time: signed, so that nothing is kept of
// them. The key that signs them is made with the first one, as an event of one system stream.
#pragma once

#include "api/setting_stream.h"
#include "base/id.h"
#include "base/instant.h"
#include "order/command.h"
#include "store/person.h"
#include "store/store.h"

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace holdfast::api {

struct Link {
    IdBytes order{};
    order::Party party = order::Party::buyer;  // or seller
    Instant expires_at{};
    bool operator==(const Link&) const = default;
};

inline constexpr std::chrono::days link_lives_most{180};

class LinkBook {
public:
    void load(store::Store& store);

    // "lnk_…": of the same link always the same.
    std::string sign(store::Store& store, const Link& link, Instant now,
                     const store::Random& random);
    // Nothing: it was not signed here, or has expired.
    std::optional<Link> find(std::string_view token, Instant now) const;

private:
    void read(store::Store& store);

    mutable std::mutex mutex_;
    SettingStream stream_{"links"};
    std::optional<Hash> key_;
};

}  // namespace holdfast::api
