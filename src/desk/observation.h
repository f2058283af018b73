// What outside sources say about purchases, sales, parcels and the money of sales.
//
// An observation has happened: it is dated, names its source and is never refused for being
// inconvenient. It says only what its source said; whatever the source left out stays absent.
// Readers (formats/) make observations, streams keep them, the state of a purchase, sale or parcel
// is folded from them (desk/purchase.h, sale.h, parcel.h, movement.h). The fold gives the same
// state in whatever order the observations came.
#pragma once

#include "base/instant.h"
#include "base/money.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace holdfast::desk {

// A time as a source gave it. `at` is the earliest instant that it can mean, and what we act on.
struct SeenTime {
    enum class Kind : std::uint8_t {
        exact,          // or_at is empty
        repeated_hour,  // a local time that came twice: `or_at` is the second instant
        skipped_hour,   // a local time that never was: moved forward by the gap
        date_only,      // a date of unknown zone: from `at` until `or_at`
    };
    Instant at;
    Kind kind = Kind::exact;
    std::optional<Instant> or_at;
    bool operator==(const SeenTime&) const = default;
};

// Where an observation came from.
struct Origin {
    std::string format;  // the reader's name, e.g. "aliexpress_order_api"
    Instant seen_at;     // when the source knew this: from the file, else `--at`, else now
    std::string file;    // as named at import; empty when given by hand
    std::uint64_t line =
        0;  // first line of the record in the file, from 1; 0 where lines mean nothing
    bool operator==(const Origin&) const = default;
};

// How far a platform has taken an order; the words are those of docs/glossary.md.
enum class Phase : std::uint8_t {
    unpaid,
    paid,
    part_shipped,
    shipped,
    delivered,
    completed,
    cancelled,
    disputed,
    frozen,
    unknown
};

// Where a parcel is, in one vocabulary for all carriers and trackers.
enum class ParcelStatus : std::uint8_t {
    unknown,  // nothing known
    label_only,
    moving,
    out_for_delivery,
    pickup_waiting,
    attempt_failed,
    delivered,
    returning,  // going or gone back to the sender
    lost,
    damaged,
    held,    // held, refused, customs, any other exception
    silent,  // the tracker gave up: no news for long
};

enum class Confidence : std::uint8_t { low, medium, high, given };

// One line of a purchase or a sale. Ids and texts are empty where the source has none.
struct LineSeen {
    std::string line_id;
    std::string product_id;
    std::string sku;
    std::string title;
    std::optional<std::int32_t> quantity;
    std::optional<Money> price;  // of one piece
    std::string end_reason;      // the platform's raw word, where this line has ended
    Phase phase = Phase::unknown;
    bool operator==(const LineSeen&) const = default;
};

// A moment of the terms' vocabulary ("escalated", "return.agreed") that a platform tells as such.
struct MomentSeen {
    std::string moment;
    Instant at;
    auto operator<=>(const MomentSeen&) const = default;
};

// A dispute that a platform shows on a purchase.
struct DisputeSeen {
    std::string dispute_id;
    std::string line_id;
    std::string reason;  // not_received | not_as_described | the platform's raw word
    std::string status;  // raw
    std::optional<SeenTime> opened;
    std::optional<SeenTime> answered;  // the seller's last answer
    std::optional<SeenTime> ended;
    std::optional<Money> requested;
    std::optional<Money> maximum;
    std::string tracking = {};          // the terms' word for it when the dispute was opened
    std::vector<MomentSeen> told = {};  // all that happened in it so far, where a platform tells it
    bool operator==(const DisputeSeen&) const = default;
};

// A promise (latest delivery date) that a source states or lets us compute from its own figures.
struct PromiseSeen {
    Instant at;
    Confidence confidence = Confidence::low;
    std::string basis;  // a short sentence: "answer time + rest of 129600000 ms"
    bool operator==(const PromiseSeen&) const = default;
};

// What one source said about one order at a supplier ("purchase").
struct PurchaseSeen {
    std::string system;     // "aliexpress"
    std::string reference;  // the supplier's order id, all digits kept
    std::string account;    // the supplier account it was bought with, where known
    std::optional<SeenTime> created;
    std::optional<SeenTime> paid;
    std::optional<SeenTime> shipped;  // declared or first scan; `shipped_basis` says which
    std::optional<SeenTime> delivered;
    std::optional<SeenTime> completed;  // confirmed, by hand or by itself
    std::optional<SeenTime> ended;
    std::optional<SeenTime> pay_before;  // end of the payment window of an unpaid order
    std::optional<SeenTime> ship_by;     // end of the shipping window of an unshipped order
    std::string shipped_basis;
    std::optional<std::int32_t> commit_days;
    std::optional<PromiseSeen> promise;
    Phase phase = Phase::unknown;
    std::string status;      // the platform's raw word or text
    std::string end_reason;  // raw
    std::optional<bool> in_dispute;
    std::optional<bool> can_extend;
    std::optional<Money> total;
    std::optional<Money> refunded;             // money that really came back
    std::optional<SeenTime> refunded_at = {};  // the last of it
    std::string store_name;
    std::string ship_method;
    std::string destination;  // ISO 3166 alpha-2, or the source's word
    std::string title;        // a word for people where there are no lines
    std::vector<LineSeen> lines;
    std::vector<std::string> tracking_numbers;
    std::vector<DisputeSeen> disputes;
    bool operator==(const PurchaseSeen&) const = default;
};

// A person's words. They are kept outside the streams, which carry only a keyed hash.
struct PersonSeen {
    std::string email;
    std::string name;
    std::string phone;
    std::string address;
    bool operator==(const PersonSeen&) const = default;
};

// What one source said about one order in the reseller's own store ("sale").
struct SaleSeen {
    std::string system;     // "shopify"
    std::string reference;  // what people call it: "#1051"
    std::string sale_id;    // the store's id: "7100000001051"
    std::optional<SeenTime> created;
    std::optional<SeenTime> paid;
    std::optional<SeenTime> cancelled;
    std::optional<SeenTime> fulfilled;
    std::optional<Money> total;              // in the shop's currency, not lowered by refunds
    std::optional<Money> presentment_total;  // what the customer paid, where another currency
    std::optional<Money> refunded;           // money that moved
    std::string financial_status;
    std::string fulfillment_status;
    std::string destination;
    bool test = false;
    PersonSeen customer;
    std::vector<LineSeen> lines;
    std::vector<std::string> tracking_numbers;
    std::vector<std::string> payment_ids = {};  // at whoever took the money: "ch_…"
    std::optional<Instant> deliver_by = {};     // what the customer was told at the latest
    bool operator==(const SaleSeen&) const = default;
};

struct ScanSeen {
    SeenTime at;
    ParcelStatus status = ParcelStatus::moving;
    std::string text;
    bool operator==(const ScanSeen&) const = default;
};

// What one source said about one parcel.
struct ParcelSeen {
    std::string tracking_number;     // upper case, no spaces
    std::string purchase_system;     // with purchase_reference: the purchase that it belongs to,
    std::string purchase_reference;  //   where the source says so
    std::string carrier;
    ParcelStatus status = ParcelStatus::unknown;
    std::string raw_status;
    std::optional<SeenTime> shipped;
    std::optional<SeenTime> delivered;
    std::optional<Instant> expected_by;
    std::vector<ScanSeen> scans;  // any order
    std::vector<std::string> product_ids;
    std::string last_mile_number;
    bool stopped = false;  // the tracker no longer follows it
    bool operator==(const ParcelSeen&) const = default;
};

// What a processor or a marketplace said about one movement of a sale's money, asked for or made.
struct MovementSeen {
    enum class Kind : std::uint8_t {
        refund,
        dispute,          // at the processor or by the marketplace's staff
        inquiry,          // the customer asks where the goods are, through the marketplace
        return_of_goods,  // the goods back for the money
        transfer,         // money sent on to an account of somebody else
        payment,          // the customer's money that came for the sale
    };
    enum class State : std::uint8_t {
        unknown,
        pending,   // asked for, or under way
        ended,     // and nobody says whether money moved
        made,      // the money moved
        not_made,  // it failed, or whoever asked gave up or lost
    };
    std::string system;     // "stripe"
    std::string reference;  // its id there: "re_…", "PP-D-…"
    Kind kind = Kind::refund;
    State state = State::unknown;
    std::string sale_system;               // with one of the next three: the sale that it
    std::string sale_reference;            //   belongs to, where the source says so
    std::string sale_id;                   //
    std::vector<std::string> payment_ids;  // "ch_…", "pi_…"
    std::optional<Money> amount;           // asked for or moved
    std::optional<Money> taken_back;       // of a transfer: what came back of it
    std::optional<Money> fee;              // what it cost us beside the amount
    std::string status;                    // raw
    std::string reason;                    // not_received | not_as_described | the raw word
    std::optional<SeenTime> opened;
    std::optional<SeenTime> ended;
    std::optional<Instant> answer_by;  // by whoever's turn it is
    std::optional<bool> our_turn;
    bool test = false;
    bool operator==(const MovementSeen&) const = default;
};

// A sale line and a purchase line belong together.
struct LinkSeen {
    enum class How : std::uint8_t { given, by_reference, by_tracking, guess };
    enum class State : std::uint8_t {
        open,
        confirmed,
        rejected
    };  // open: a guess waiting for a yes
    std::string sale_system;
    std::string sale_reference;
    std::string sale_sku;            // empty: the whole sale
    std::int32_t sale_quantity = 0;  // 0: not said
    std::string purchase_system;
    std::string purchase_reference;
    std::string purchase_product_id;
    std::int32_t purchase_quantity = 0;
    How how = How::given;
    State state = State::confirmed;
    std::string reason;  // for people, of a guess
    bool operator==(const LinkSeen&) const = default;
};

// From this day on, one `from` is worth numerator / denominator `to` (major units).
struct RateSeen {
    Currency from;
    Currency to;
    Day on;
    std::int64_t numerator = 0;
    std::int64_t denominator = 1;
    bool operator==(const RateSeen&) const = default;
};

using Seen = std::variant<PurchaseSeen, SaleSeen, ParcelSeen, LinkSeen, RateSeen, MovementSeen>;

struct Observation {
    Origin origin;
    Seen seen;
    bool operator==(const Observation&) const = default;
};

std::string_view to_string(SeenTime::Kind kind);
std::string_view to_string(Phase phase);
std::string_view to_string(ParcelStatus status);
std::string_view to_string(Confidence confidence);
std::string_view to_string(LinkSeen::How how);
std::string_view to_string(LinkSeen::State state);
std::string_view to_string(MovementSeen::Kind kind);
std::string_view to_string(MovementSeen::State state);
std::optional<SeenTime::Kind> parse_seen_time_kind(std::string_view text);
std::optional<Phase> parse_phase(std::string_view text);
std::optional<ParcelStatus> parse_parcel_status(std::string_view text);
std::optional<Confidence> parse_confidence(std::string_view text);
std::optional<LinkSeen::How> parse_link_how(std::string_view text);
std::optional<LinkSeen::State> parse_link_state(std::string_view text);
std::optional<MovementSeen::Kind> parse_movement_kind(std::string_view text);
std::optional<MovementSeen::State> parse_movement_state(std::string_view text);

}  // namespace holdfast::desk
