// The cast of an order in a sandbox: who plays which side, and how. A side that has no part is
// played by nobody: by whoever tests.
//
// An order's cast stands in the causes of its own commits, so that it is there again whenever the
// stream is folded: in that which placed it, and in those that gave it another one.
#pragma once

#include "base/instant.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace holdfast::engine {

enum class BuyerPart : std::uint8_t {
    silent,     // does nothing
    accepting,  // confirms what came, takes every offer, sends agreed returns
    disputing,  // opens a dispute when goods are not there as soon as it may, and wants all back
    appealing,  // the same, and appeals what was decided against it
    count_
};
enum class SellerPart : std::uint8_t {
    silent,      // neither ships nor answers
    prompt,      // ships within a day, and offers what was asked for
    stubborn,    // ships, declines, and offers a tenth
    ships_late,  // ships at the last moment, and is silent then
    count_
};
enum class CarrierPart : std::uint8_t {
    on_time,                // a day before the promise ends, after a week at most
    late,                   // `late_days` after it
    lost,                   // says after ten days that the parcel is lost
    returned,               // says after ten days that it goes back
    delivers_after_refund,  // three days after the buyer has the money back
    count_
};
enum class MediatorPart : std::uint8_t {
    splitting,   // half of what was asked for
    for_buyer,   // all of it
    for_seller,  // nothing
    slow,        // asks the seller for evidence first, and then splits
    count_
};
enum class ProcessorPart : std::uint8_t {
    reliable,  // does what it is told, at once
    flaky,     // by turns: done and no answer; no answer and not done; accepted, and done later
    failing,   // refuses everything
    count_
};
std::string_view to_string(BuyerPart value);
std::string_view to_string(SellerPart value);
std::string_view to_string(CarrierPart value);
std::string_view to_string(MediatorPart value);
std::string_view to_string(ProcessorPart value);

struct Cast {
    static constexpr std::int32_t late_days_most = 60;

    std::optional<BuyerPart> buyer = {};
    std::optional<SellerPart> seller = {};
    std::optional<CarrierPart> carrier = {};
    std::optional<MediatorPart> mediator = {};
    std::optional<ProcessorPart> processor = {};
    std::int32_t late_days = 3;  // 1 to late_days_most; of a carrier that is late

    bool operator==(const Cast&) const = default;
    bool is_empty() const { return *this == Cast{.late_days = late_days}; }
};

// "buyer=accepting,carrier=late,late_days=5"; of nobody "none". Nothing: it is no such text.
std::string to_string(const Cast& cast);
std::optional<Cast> parse_cast(std::string_view text);

// The cause of the commit that gives an order a cast: "cast:" that, and by whom.
std::string casting_cause(const Cast& cast, std::string_view by);
std::optional<Cast> cast_by(std::string_view cause);

// The cause of what a counterparty did, "sandbox:seller.prompt", and back to "seller.prompt".
std::string acting_cause(std::string_view part);
std::string_view acted_by(std::string_view cause);  // empty: no counterparty's

}  // namespace holdfast::engine
