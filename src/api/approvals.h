// What one person asked for and another has to agree to: kept as events of one system stream, with
// the request as it was. Used from several threads.
#pragma once

#include "api/setting_stream.h"
#include "base/id.h"
#include "base/instant.h"
#include "base/money.h"
#include "store/person.h"
#include "store/store.h"

#include <cstdint>
#include <expected>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace holdfast::api {

enum class ApprovalState : std::uint8_t { waiting, approved, declined, count_ };
std::string_view to_string(ApprovalState value);

struct Approval {
    IdBytes id{};
    IdBytes asked_by{};  // a user
    Instant asked_at{};
    std::string operation = {};                 // "refund_order"
    std::string path = {};                      // "/v1/orders/ord_…/refunds"
    std::string body = {};                      // as JSON
    std::uint64_t version = 0;                  // that the order or party had
    Money amount = Money::zero(Currency::eur);  // what it would move
    ApprovalState state = ApprovalState::waiting;
    std::optional<IdBytes> decided_by = {};  // a user
    std::optional<Instant> decided_at = {};
};

class ApprovalBook {
public:
    void load(store::Store& store);

    std::optional<Approval> find(const IdBytes& id) const;
    std::vector<Approval> all() const;  // the newest first

    // `asked`: who, what and how much. The same request again is the same approval.
    std::expected<Approval, KeyReused> ask(store::Store& store, Approval asked, Instant now,
                                           const store::Random& random, const KeyRequest& request);
    // Of one that waits; nothing: it waits no more.
    std::optional<Approval> decide(store::Store& store, const IdBytes& id, ApprovalState state,
                                   const IdBytes& by, Instant now);

private:
    store::History read(store::Store& store);

    mutable std::mutex mutex_;
    SettingStream stream_{"approvals"};
    std::map<IdBytes, Approval> approvals_;
};

}  // namespace holdfast::api
