#include "desk/movement.h"

#include "desk/search.h"
#include "desk/text.h"

#include <algorithm>

namespace holdfast::desk {
namespace {

template <class AnyMovement, class Visit>
void each_held(AnyMovement& one, const Visit& visit) {
    visit(one.kind), visit(one.state), visit(one.sale_system), visit(one.sale_reference);
    visit(one.sale_id), visit(one.status), visit(one.reason), visit(one.amount);
    visit(one.taken_back), visit(one.fee), visit(one.opened), visit(one.ended);
    visit(one.answer_by), visit(one.our_turn), visit(one.test);
}

Movement without_origins(Movement movement) {
    each_held(movement, [](auto& held) {
        if (held) held->origin = {};
    });
    return movement;
}

std::string_view word_of(MovementSeen::State state) {
    switch (state) {
    case MovementSeen::State::unknown:  return "of unknown state";
    case MovementSeen::State::pending:  return "under way";
    case MovementSeen::State::ended:    return "it has ended";
    case MovementSeen::State::made:     return "the money moved";
    case MovementSeen::State::not_made: return "no money moved";
    }
    return {};
}

std::string state_of(const Movement& movement) {
    if (is_ours_to_answer(movement)) {
        if (!movement.answer_by) return "ours to answer";
        return "ours to answer until " + to_minute(movement.answer_by->value);
    }
    // Where a source has but a word of its own, that word says more than that we know none.
    if (!movement.state && movement.status) return movement.status->value;
    return std::string(
        word_of(movement.state ? movement.state->value : MovementSeen::State::unknown));
}

bool is_same_word(const std::string& a, const std::string& b) {
    return !a.empty() && normalise_search(a) == normalise_search(b);
}

}  // namespace

void evolve(Movement& movement, const MovementSeen& seen, const Origin& origin) {
    if (movement.reference.empty()) {
        movement.system = seen.system;
        movement.reference = seen.reference;
    }
    take(movement.kind, seen.kind, origin);
    if (seen.state != MovementSeen::State::unknown) take(movement.state, seen.state, origin);
    take_text(movement.sale_system, seen.sale_system, origin);
    take_text(movement.sale_reference, seen.sale_reference, origin);
    take_text(movement.sale_id, seen.sale_id, origin);
    take_text(movement.status, seen.status, origin);
    take_text(movement.reason, seen.reason, origin);
    take(movement.amount, seen.amount, origin);
    take(movement.taken_back, seen.taken_back, origin);
    take(movement.fee, seen.fee, origin);
    take(movement.opened, seen.opened, origin);
    take(movement.ended, seen.ended, origin);
    take(movement.answer_by, seen.answer_by, origin);
    take(movement.our_turn, seen.our_turn, origin);
    if (seen.test) take(movement.test, true, origin);
    movement.payment_ids.insert(seen.payment_ids.begin(), seen.payment_ids.end());
}

bool same_values(const Movement& a, const Movement& b) {
    return without_origins(a) == without_origins(b);
}

DataAge age_of(const Movement& movement) {
    DataAge age;
    each_held(movement, [&](const auto& held) { age.add(held); });
    return age;
}

std::vector<std::string> search_terms(const Movement& movement) {
    std::vector<std::string> words{movement.reference, text_of(movement.sale_reference),
                                   text_of(movement.sale_id)};
    words.insert(words.end(), movement.payment_ids.begin(), movement.payment_ids.end());
    return search_terms_of(words);
}

Belongs belongs_to(const Movement& movement, const Sale& sale) {
    if (movement.sale_system && movement.sale_system->value != sale.system) return Belongs::no;
    const auto has_payment = [&](const std::string& id) { return sale.payment_ids.contains(id); };
    if (is_same_word(text_of(movement.sale_id), text_of(sale.sale_id)) ||
        std::ranges::any_of(movement.payment_ids, has_payment))
        return Belongs::by_id;
    if (!is_same_word(text_of(movement.sale_reference), sale.reference)) return Belongs::no;
    return movement.sale_system ? Belongs::by_id : Belongs::by_reference;
}

bool is_payment_of(const Movement& payment, const Movement& movement) {
    return payment.kind && payment.kind->value == MovementSeen::Kind::payment &&
           payment.system == movement.system &&
           std::ranges::any_of(movement.payment_ids, [&](const std::string& id) {
               return payment.payment_ids.contains(id);
           });
}

std::set<std::string> names_of(const Sale& sale) {
    std::set<std::string> names{normalise_search(sale.reference),
                                normalise_search(text_of(sale.sale_id))};
    for (const auto& id : sale.payment_ids) names.insert(normalise_search(id));
    names.erase("");
    return names;
}

std::string_view word_of(MovementSeen::Kind kind) {
    switch (kind) {
    case MovementSeen::Kind::refund:          return "refund";
    case MovementSeen::Kind::dispute:         return "dispute";
    case MovementSeen::Kind::inquiry:         return "inquiry";
    case MovementSeen::Kind::return_of_goods: return "return";
    case MovementSeen::Kind::transfer:        return "transfer";
    case MovementSeen::Kind::payment:         return "payment";
    }
    return {};
}

bool is_over(const Movement& movement) {
    return movement.state && movement.state->value != MovementSeen::State::pending;
}

bool is_ours_to_answer(const Movement& movement) {
    return !is_over(movement) && movement.our_turn && movement.our_turn->value;
}

std::string sentence_of(const Movement& movement) {
    const auto state = state_of(movement);
    auto text = movement.system + ' ' +
                std::string(movement.kind ? word_of(movement.kind->value) : "movement of money") +
                ' ' + movement.reference;
    if (movement.amount) text += " of " + holdfast::to_string(movement.amount->value);
    if (movement.reason) text += " for " + movement.reason->value;
    text += ": " + state;
    if (movement.taken_back && movement.taken_back->value.minor() != 0)
        text += ", " + holdfast::to_string(movement.taken_back->value) + " of it taken back";
    if (movement.fee && movement.fee->value.minor() != 0)
        text += ", with a fee of " + holdfast::to_string(movement.fee->value);
    if (movement.status && movement.status->value != state)
        text += " (" + movement.status->value + ")";
    return text + '.';
}

}  // namespace holdfast::desk
