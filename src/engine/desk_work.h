// What people do about rows of the worklist, which itself is derived and never stored: whose a row
// is, until when it sleeps, which claims were filed by hand, which remedies were chosen, and what
// they note for each other.
//
// A stream for each purchase that anybody did something about. Whoever asks is named as in the
// cause of a commit ("usr_01…"). One program writes.
#pragma once

#include "base/hash.h"
#include "base/instant.h"
#include "store/store.h"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace holdfast::engine {

struct RowAssigned {
    static constexpr std::string_view name = "row_assigned";
    std::string to = {};  // empty: nobody's
    template <class F>
    void fields(F&& f) const {
        f("to", to);
    }
};
struct RowSnoozed {
    static constexpr std::string_view name = "row_snoozed";
    std::optional<Instant> until = {};  // none: awake
    template <class F>
    void fields(F&& f) const {
        f("until", until);
    }
};
struct ClaimFiled {  // by hand, at the platform
    static constexpr std::string_view name = "claim_filed";
    std::string case_number = {};                             // the platform's; empty: it gave none
    std::string reason = {};                                  // of the terms' vocabulary
    std::string dispute_system = {}, dispute_reference = {};  // of the customer; empty: none
    template <class F>
    void fields(F&& f) const {
        f("case_number", case_number);
        f("reason", reason);
        f("dispute_system", dispute_system);
        f("dispute_reference", dispute_reference);
    }
};
struct RemedyChosen {  // for the complaint of a sale that the purchase serves
    static constexpr std::string_view name = "remedy_chosen";
    std::string sale_system = {}, sale_reference = {};
    std::string complaint = {};  // of the terms' vocabulary
    std::string way = {};        // "claim_then_resend"
    std::string shown = {};      // the ways that were allowed, with their outcomes: JSON
    template <class F>
    void fields(F&& f) const {
        f("sale_system", sale_system);
        f("sale_reference", sale_reference);
        f("complaint", complaint);
        f("way", way);
        f("shown", shown);
    }
};
struct RowNoted {
    static constexpr std::string_view name = "row_noted";
    Hash text{};  // of Store::keep_text(), owned by the purchase
    template <class F>
    void fields(F&& f) const {
        f("text", text);
    }
};
using RowEvent = std::variant<RowAssigned, RowSnoozed, ClaimFiled, RemedyChosen, RowNoted>;

// What was done, by whom and when.
struct RowDone {
    Instant at{};
    std::string by;
    RowEvent what;
};

// Where a row stands with people.
struct RowState {
    std::string assignee = {};  // empty: nobody's
    std::optional<Instant> snoozed_until = {};
    std::optional<Instant> filed_at = {};  // of the last claim
    std::string case_number = {};
    std::string dispute_system = {}, dispute_reference = {};  // of the customer, for whom it was
    std::string remedy = {};  // the way that was chosen last; empty: none

    bool operator==(const RowState&) const = default;
    template <class F>
    void fields(F&& f) const {
        f("assignee", assignee);
        f("snoozed_until", snoozed_until);
        f("filed_at", filed_at);
        f("case_number", case_number);
        f("dispute_system", dispute_system);
        f("dispute_reference", dispute_reference);
        f("remedy", remedy);
    }
};

// Until when a row sleeps: a claim that nobody has filed is awake for its last day, whatever was
// said. `closes_at`: of such a claim.
std::optional<Instant> sleeps_until(std::optional<Instant> snoozed_until,
                                    std::optional<Instant> closes_at, Instant now);

struct RowAsk {
    RowEvent what;
    std::string by;
    Instant at{};
    std::string key = {};  // of idempotency
    Hash hash{};           // with a key: of the request
};

class DeskWork {
public:
    explicit DeskWork(store::Store& store) : store_(store) {}

    RowState find(const store::StreamId& purchase);
    std::vector<RowDone> history(const store::StreamId& purchase);  // oldest first
    void each(const std::function<void(const store::StreamId& purchase, const RowState&)>& visit);

    // The row after it; what the same request did before is not done again. Nothing: the key
    // belongs to another request.
    struct Written {
        RowState state;
        bool is_repeated = false;
    };
    std::optional<Written> write(const store::StreamId& purchase, const RowAsk& ask);

    // The purchase that an index row of kind system is about; nothing: it is of something else.
    static std::optional<store::StreamId> purchase_of(const store::IndexRow& row);

private:
    store::Store& store_;
};

}  // namespace holdfast::engine
