// The life of one order of a made year: what was meant to become of it, and what those who have to
// do with it do next. All of it follows from the order as it stands and from chance; nothing here
// writes.
#pragma once

#include "engine/year_people.h"

#include "order/command.h"
#include "order/order.h"
#include "store/store.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace holdfast::engine {

// What becomes of the parcel, if nobody does anything about it.
enum class ParcelEnd : std::uint8_t { in_time, late, lost, goes_back, silent, elsewhere, count_ };

// What waits for somebody at the very end, written down in advance so that there is some of each.
enum class Plot : std::uint8_t {
    unanswered,  // a dispute that the seller has not answered
    offered,     // a part, which the buyer has neither taken nor declined
    countered,   // and the buyer named another sum
    asked_in,    // the mediator was
    evidence,    // was asked for, of the seller
    explained,   // was asked for, of the buyer
    decided,     // and may be appealed
    appealed,
    sleeping,      // settled, if the parcel comes
    to_send_back,  // by the buyer
    sent_back,
    came_back,   // and the seller has not looked at it
    to_replace,  // by the seller
    to_cancel,   // the buyer asked, for goods that are made for them
    came_late,   // to the reseller, who has not said so
    count_
};

struct Says {  // a message to everyone
    order::Party by = order::Party::buyer;
    std::optional<order::DisputeNo> dispute = {};
    std::string_view text;
};

struct Deed {
    Instant at{};
    std::string name;  // with what it is about: "accept_offer 2"
    std::variant<order::Command, order::Observation, Says> what;
};

struct Life {
    // `end`: of the year.
    Life(const Chance& order, std::uint32_t order_number, const YearPeople& people, Instant placed,
         Instant end);

    Chance chance;
    std::uint32_t number = 0;  // from 1
    const YearSeller* seller = nullptr;
    const YearBuyer* buyer = nullptr;
    std::string reference;
    Instant placed_at{};
    Instant promised_by{};
    // The last weeks of the year, in which more goes wrong, and who decides has more to do.
    Instant rush_from{};
    ParcelEnd parcel = ParcelEnd::in_time;
    std::optional<order::Reason> fault = {};  // of the goods, or a change of mind
    bool is_made_to_order = false;
    store::StreamId stream = {};

    // What was tried and is not to be had: not again, or not before that instant.
    struct Refused {
        std::string what;
        std::optional<Instant> again_at = {};
    };
    std::vector<Refused> refused = {};

    std::vector<Deed> script = {};  // of a plot: all that is done, in order; empty: chance
    std::size_t done = 0;           // of the script

    bool is_abroad() const { return buyer->currency != seller->currency; }
    bool is_in_rush() const { return placed_at >= rush_from; }
};

// One at least.
order::Minor percent_of(order::Minor amount, order::Minor percent);

// The order as it is placed; `terms` is what it pins.
order::Placement placement_of(const Life& life, const terms::Pin& terms);

// What they would do, gathered; of one order as it stands.
class Deeds {
public:
    Deeds(const order::Order& order, const Life& life) : order_(order), life_(life) {}

    const order::Order& order() const { return order_; }
    const Life& life() const { return life_; }
    const Chance& chance() const { return life_.chance; }

    void ask(Instant at, order::Party by, order::Request request, std::uint64_t about = 0);
    void see(Instant at, order::Seen seen, std::uint64_t about = 0);
    // Once: a party that has written as often about this has said it.
    void say(Instant at, order::Party by, std::optional<order::DisputeNo> dispute, int nth,
             std::string_view text);

    // The earliest that was not refused, not before the order's newest event.
    std::optional<Deed> first() &&;

private:
    void add(Instant at, std::string_view name, std::uint64_t about, decltype(Deed::what) what);

    const order::Order& order_;
    const Life& life_;
    std::vector<Deed> all_;
};

void add_payment(Deeds& deeds);
void add_shipping(Deeds& deeds);  // and what the carriers say
void add_ends(Deeds& deeds);      // receipt, more time, disputes, chargebacks, what comes later
void add_disputes(Deeds& deeds);  // all that is done in those that run

std::optional<Deed> next_deed(const order::Order& order, const Life& life);

// When a life with this plot begins, and what is done in it up to `end`.
Instant beginning_of(Plot plot, const Chance& chance, Instant end);
void write_script(Life& life, Plot plot, Instant end);

}  // namespace holdfast::engine
