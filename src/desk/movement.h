// One movement of a sale's money, asked for or made: a payment, a refund, a dispute, an inquiry, a
// return, a transfer. Folded from what every source said about it.
//
// The customer's side of a sale comes from the store; what really happened to the money is said
// by whoever holds it. A refund may fail days after it was said to be done: the newest word counts.
#pragma once

#include "desk/held.h"
#include "desk/observation.h"
#include "desk/sale.h"

#include <set>
#include <string>
#include <vector>

namespace holdfast::desk {

struct Movement {
    std::string system, reference;
    MaybeHeld<MovementSeen::Kind> kind;
    MaybeHeld<MovementSeen::State> state;
    MaybeHeld<std::string> sale_system, sale_reference, sale_id, status, reason;
    MaybeHeld<Money> amount, taken_back, fee;
    MaybeHeld<SeenTime> opened, ended;
    MaybeHeld<Instant> answer_by;
    MaybeHeld<bool> our_turn, test;
    std::set<std::string> payment_ids;
    bool operator==(const Movement&) const = default;
};

void evolve(Movement& movement, const MovementSeen& seen, const Origin& origin);
bool same_values(const Movement& a, const Movement& b);
DataAge age_of(const Movement& movement);
std::vector<std::string> search_terms(const Movement& movement);

// How sure it is that a movement belongs to a sale.
enum class Belongs : std::uint8_t {
    no,
    by_reference,  // the number that people know: another store may have the same
    by_id,         // the store's id, or the id of the payment
};
Belongs belongs_to(const Movement& movement, const Sale& sale);
// The customer's payment itself: it may name the sale where another movement of it names but the
// payment.
bool is_payment_of(const Movement& payment, const Movement& movement);
// What a movement may name a sale by, normalised; neither its mail address nor its parcels.
std::set<std::string> names_of(const Sale& sale);

// "dispute", "refund".
std::string_view word_of(MovementSeen::Kind kind);

bool is_over(const Movement& movement);
// Whether it waits for an answer of ours.
bool is_ours_to_answer(const Movement& movement);

// "stripe dispute du_demo1051 of 94.90 USD for not_received: ours to answer until 2026-11-30 23:59
// UTC (needs_response)."
std::string sentence_of(const Movement& movement);

}  // namespace holdfast::desk
