#include "formats/status_words.h"

#include "formats/text.h"

#include <algorithm>
#include <span>
#include <string>

namespace holdfast::formats {
namespace {

using desk::Phase;

struct PhaseWord {
    std::string_view word;  // folded
    Phase phase;
};

Phase find(std::span<const PhaseWord> words, std::string_view text) {
    const auto plain = folded(text);
    const auto found = std::ranges::find(words, plain, &PhaseWord::word);
    return found == words.end() ? Phase::unknown : found->phase;
}

constexpr PhaseWord order_statuses[] = {
    {"place_order_success", Phase::unpaid},
    {"payment_processing", Phase::unpaid},
    {"wait_seller_examine_money", Phase::unpaid},
    {"risk_control", Phase::paid},
    {"risk_control_hold", Phase::paid},
    {"wait_group", Phase::paid},
    {"wait_complete_address", Phase::paid},
    {"wait_seller_send_goods", Phase::paid},
    {"in_cancel", Phase::paid},
    {"seller_part_send_goods", Phase::part_shipped},
    {"wait_buyer_accept_goods", Phase::shipped},
    {"fund_processing", Phase::completed},
    {"in_issue", Phase::disputed},
    {"in_frozen", Phase::frozen},
};

constexpr PhaseWord end_reasons[] = {
    {"buyer_accept_goods", Phase::completed},
    {"buyer_accept_goods_timeout", Phase::completed},
    {"seller_send_goods_timeout", Phase::cancelled},
    {"cancel_order_close_trade", Phase::cancelled},
    {"buyer_cancel_order_in_risk", Phase::cancelled},
    {"canceled", Phase::cancelled},
    {"cancelled", Phase::cancelled},
    {"buyer_pay_timeout", Phase::cancelled},
    {"buyer_cancel_notpay_order", Phase::cancelled},
    {"risk_reject_closed", Phase::cancelled},
    {"seller_accept_issue_no_goods_return", Phase::cancelled},
    {"seller_response_issue_timeout", Phase::cancelled},
};

constexpr PhaseWord pushes[] = {
    {"ordercreated", Phase::unpaid},       {"paymentauthorized", Phase::paid},
    {"paymentfailedevent", Phase::unpaid}, {"ordershipped", Phase::shipped},
    {"orderconfirmed", Phase::completed},  {"orderclosed", Phase::cancelled},
};

// What pages and extensions show. One block per language: unpaid, paid, shipped, completed,
// cancelled, expired, in dispute. "Refunded" is not here: of an order that is cancelled the money
// is still due, and of one that goes on a part of it may have come back.
constexpr PhaseWord texts[] = {
    {"awaiting payment", Phase::unpaid},
    {"to pay", Phase::unpaid},
    {"unpaid", Phase::unpaid},
    {"pending payment", Phase::unpaid},
    {"awaiting shipment", Phase::paid},
    {"awaiting dispatch", Phase::paid},
    {"to ship", Phase::paid},
    {"processing", Phase::paid},
    {"partially shipped", Phase::part_shipped},
    {"awaiting delivery", Phase::shipped},
    {"shipped", Phase::shipped},
    {"order shipped", Phase::shipped},
    {"dispatched", Phase::shipped},
    {"in transit", Phase::shipped},
    {"out for delivery", Phase::shipped},
    {"delivered", Phase::delivered},
    {"completed", Phase::completed},
    {"order completed", Phase::completed},
    {"finished", Phase::completed},
    {"fulfilled", Phase::completed},
    {"canceled", Phase::cancelled},
    {"cancelled", Phase::cancelled},
    {"order canceled", Phase::cancelled},
    {"order cancelled", Phase::cancelled},
    {"closed", Phase::cancelled},
    {"expired", Phase::cancelled},
    {"in dispute", Phase::disputed},
    {"dispute in progress", Phase::disputed},
    {"frozen", Phase::frozen},

    {"en attente de paiement", Phase::unpaid},
    {"a payer", Phase::unpaid},
    {"en attente d'expedition", Phase::paid},
    {"en attente d’expedition", Phase::paid},
    {"en attente d'envoi", Phase::paid},
    {"en attente de livraison", Phase::shipped},
    {"en cours de livraison", Phase::shipped},
    {"expedie", Phase::shipped},
    {"expediee", Phase::shipped},
    {"livre", Phase::delivered},
    {"livree", Phase::delivered},
    {"terminee", Phase::completed},
    {"termine", Phase::completed},
    {"annulee", Phase::cancelled},
    {"commande annulee", Phase::cancelled},
    {"annule", Phase::cancelled},
    {"expiree", Phase::cancelled},
    {"expire", Phase::cancelled},
    {"en litige", Phase::disputed},

    {"zahlung ausstehend", Phase::unpaid},
    {"warten auf zahlung", Phase::unpaid},
    {"zu bezahlen", Phase::unpaid},
    {"versand ausstehend", Phase::paid},
    {"warten auf versand", Phase::paid},
    {"warten auf den versand", Phase::paid},
    {"warten auf lieferung", Phase::shipped},
    {"lieferung ausstehend", Phase::shipped},
    {"versendet", Phase::shipped},
    {"versandt", Phase::shipped},
    {"unterwegs", Phase::shipped},
    {"zugestellt", Phase::delivered},
    {"abgeschlossen", Phase::completed},
    {"beendet", Phase::completed},
    {"storniert", Phase::cancelled},
    {"abgebrochen", Phase::cancelled},
    {"abgelaufen", Phase::cancelled},

    {"pendiente de pago", Phase::unpaid},
    {"a la espera del pago", Phase::unpaid},
    {"pendiente de envio", Phase::paid},
    {"a la espera del envio", Phase::paid},
    {"pendiente de entrega", Phase::shipped},
    {"a la espera de la entrega", Phase::shipped},
    {"esperando entrega", Phase::shipped},
    {"enviado", Phase::shipped},
    {"en transito", Phase::shipped},
    {"entregado", Phase::delivered},
    {"completado", Phase::completed},
    {"finalizado", Phase::completed},
    {"cancelado", Phase::cancelled},
    {"pedido cancelado", Phase::cancelled},
    {"caducado", Phase::cancelled},
    {"expirado", Phase::cancelled},

    {"in attesa di pagamento", Phase::unpaid},
    {"in attesa di spedizione", Phase::paid},
    {"in attesa di consegna", Phase::shipped},
    {"in attesa della consegna", Phase::shipped},
    {"spedito", Phase::shipped},
    {"in transito", Phase::shipped},
    {"consegnato", Phase::delivered},
    {"completato", Phase::completed},
    {"terminato", Phase::completed},
    {"annullato", Phase::cancelled},
    {"ordine annullato", Phase::cancelled},
    {"scaduto", Phase::cancelled},

    {"aguardando pagamento", Phase::unpaid},
    {"aguardando o pagamento", Phase::unpaid},
    {"aguardando envio", Phase::paid},
    {"aguardando o envio", Phase::paid},
    {"aguardando entrega", Phase::shipped},
    {"aguardando a entrega", Phase::shipped},
    {"a aguardar entrega", Phase::shipped},
    {"em transito", Phase::shipped},
    {"entregue", Phase::delivered},
    {"concluido", Phase::completed},
    {"finalizado", Phase::completed},
    {"cancelado", Phase::cancelled},

    {"wachten op betaling", Phase::unpaid},
    {"in afwachting van betaling", Phase::unpaid},
    {"wachten op verzending", Phase::paid},
    {"in afwachting van verzending", Phase::paid},
    {"wachten op levering", Phase::shipped},
    {"in afwachting van levering", Phase::shipped},
    {"verzonden", Phase::shipped},
    {"onderweg", Phase::shipped},
    {"bezorgd", Phase::delivered},
    {"voltooid", Phase::completed},
    {"afgerond", Phase::completed},
    {"geannuleerd", Phase::cancelled},
    {"verlopen", Phase::cancelled},

    {"oczekiwanie na platnosc", Phase::unpaid},
    {"oczekuje na platnosc", Phase::unpaid},
    {"oczekiwanie na wysylke", Phase::paid},
    {"oczekuje na wysylke", Phase::paid},
    {"oczekiwanie na dostawe", Phase::shipped},
    {"oczekuje na dostawe", Phase::shipped},
    {"w drodze", Phase::shipped},
    {"dostarczone", Phase::delivered},
    {"zakonczone", Phase::completed},
    {"zakonczono", Phase::completed},
    {"ukonczone", Phase::completed},
    {"anulowane", Phase::cancelled},
    {"anulowano", Phase::cancelled},
    {"wygasle", Phase::cancelled},
    {"wygaslo", Phase::cancelled},

    {"ожидает оплаты", Phase::unpaid},
    {"ожидание оплаты", Phase::unpaid},
    {"ожидает отправки", Phase::paid},
    {"ожидание отправки", Phase::paid},
    {"ожидает доставки", Phase::shipped},
    {"ожидание доставки", Phase::shipped},
    {"отправлен", Phase::shipped},
    {"в пути", Phase::shipped},
    {"доставлен", Phase::delivered},
    {"завершен", Phase::completed},
    {"завершён", Phase::completed},
    {"выполнен", Phase::completed},
    {"отменен", Phase::cancelled},
    {"отменён", Phase::cancelled},
    {"истек", Phase::cancelled},
    {"истёк", Phase::cancelled},
};

bool is_ended_for_any_reason(std::string_view status) {
    const auto plain = folded(status);
    return plain == "finish" || plain == "archive";
}

}  // namespace

Phase phase_of_order_status(std::string_view status) { return find(order_statuses, status); }

Phase phase_of_end_reason(std::string_view reason) { return find(end_reasons, reason); }

Phase phase_of_order(std::string_view status, std::string_view logistics_status,
                     std::string_view end_reason) {
    if (!is_ended_for_any_reason(status)) {
        const auto ended = phase_of_end_reason(end_reason);
        return ended == Phase::unknown ? phase_of_order_status(status) : ended;
    }
    if (!end_reason.empty()) return phase_of_end_reason(end_reason);
    if (folded(logistics_status) == "buyer_accept_goods") return Phase::completed;
    return Phase::unknown;
}

Phase phase_of_status_text(std::string_view text) {
    const auto phase = find(texts, text);
    return phase == Phase::unknown ? phase_of_order(text, {}, {}) : phase;
}

bool is_known_status(std::string_view text) {
    return trimmed(text).empty() || is_ended_for_any_reason(text) ||
           phase_of_status_text(text) != Phase::unknown;
}

Phase phase_of_push(std::string_view status) { return find(pushes, status); }

}  // namespace holdfast::formats
