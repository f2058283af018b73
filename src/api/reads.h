// Streams as they stand committed, read beside the engine: one at a time, from any thread.
#pragma once

#include "api/order_requests.h"
#include "api/order_view.h"
#include "api/party_requests.h"
#include "engine/conduct.h"
#include "engine/live.h"
#include "engine/live_cache.h"
#include "engine/rules_book.h"
#include "engine/work.h"
#include "ledger/party_decide.h"
#include "order/decide.h"
#include "store/store.h"

#include <cstdint>
#include <expected>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace holdfast::api {

// An order as it stands now: what time has done to it since its last event is carried out here,
// though nobody has written it yet.
struct FoundOrder {
    store::StreamId stream;
    engine::LiveOrder live;
    order::Rules rules;
    std::vector<order::Due> ahead;
    SeenTexts addresses;                           // of its returns
    Instant now{};                                 // of the clock that it lives by
    Instant created_at{};                          // recorded
    std::uint64_t version = 0;                     // of what is written: what If-Match compares
    order::Events caught_up = {};                  // behind what is written
    std::optional<order::Standing> standing = {};  // see Reads::see_standing()

    OrderSeen seen(order::Party reader, bool livemode) const {
        return {.id = stream.bytes,
                .live = live,
                .rules = rules,
                .ahead = ahead,
                .addresses = addresses,
                .reader = reader,
                .now = now,
                .created_at = created_at,
                .livemode = livemode,
                .standing = standing};
    }
};

struct FoundParty {
    store::StreamId stream;
    store::History history;
    ledger::PartyBook book;
    std::uint64_t version = 0;
    std::string reference = {};  // empty: not known
};

// What would become of a request as things stand; nothing is written.
order::Decision decision_on(const FoundOrder& found, const OrderAsk& ask);
ledger::Decision decision_on(const FoundParty& found, const PartyAsk& ask, Instant now);

// A request as what the engine is asked.
template <class Ask>
void set_ask(engine::Work& work, Ask ask) {
    std::visit([&](auto& one) { work.what = std::move(one); }, ask);
}

// A text as `store` has it; `owner`: whose it is.
SeenText see_text(store::Store& store, const Hash& text, const IdBytes& owner);

// Why something cannot be shown, in a code of the contract.
using ReadFailure = std::string_view;

class Reads {
public:
    Reads(std::unique_ptr<store::Store> store, const engine::RulesBook& rules)
        : store_(std::move(store)), rules_(rules) {}

    // Throws StoreDown where nothing can be read.
    std::expected<FoundOrder, ReadFailure> order(const IdBytes& id, Instant now);
    std::expected<FoundParty, ReadFailure> party(const IdBytes& id);
    // Is this its buyer, or its seller? An order that is not there, and one of others, cost the
    // same.
    bool is_of(const IdBytes& order, order::PartyId party, bool as_buyer);
    // How its parties stand now, where its terms ask for it: what a dispute would be decided with.
    void see_standing(FoundOrder& found);
    engine::ConductOf conduct(order::PartyId party, bool as_buyer, Instant since, Instant until);

    template <class F>
    auto with(F&& use) {
        const std::scoped_lock lock(mutex_);
        return use(*store_);
    }

private:
    // An order as its events leave it, before time does anything to it.
    struct Written {
        engine::LiveOrder live;
        order::Rules rules;
        std::vector<order::Due> ahead;
        Instant created_at{};
        std::uint64_t version = 0;
    };
    // Good until the next call.
    std::expected<const Written*, ReadFailure> written(const store::StreamId& stream);

    std::mutex mutex_;
    std::unique_ptr<store::Store> store_;
    const engine::RulesBook& rules_;
    engine::StreamCache<Written> kept_{4096};  // each at the version that it was read at
};

}  // namespace holdfast::api
