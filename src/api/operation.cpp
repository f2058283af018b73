#include "api/operation.h"

#include "base/enum_word.h"

#include <algorithm>

namespace holdfast::api {
namespace {

constexpr std::array<Access, operation_count> table{{
    {Operation::place_order, "place_order", "POST", "/v1/orders", Scope::orders_write,
     admin | operating},
    {Operation::list_orders, "list_orders", "GET", "/v1/orders", Scope::orders_read, everybody},
    {Operation::place_orders, "place_orders", "POST", "/v1/orders/batch", Scope::orders_write,
     admin | operating},
    {Operation::get_order, "get_order", "GET", "/v1/orders/{order_id}", Scope::orders_read,
     everybody},
    {Operation::cancel_order, "cancel_order", "POST", "/v1/orders/{order_id}/cancel",
     Scope::orders_write, admin | operating | seller | buyer},
    {Operation::decline_cancel, "decline_cancel", "POST", "/v1/orders/{order_id}/decline_cancel",
     Scope::orders_write, admin | operating | seller},
    {Operation::request_extension, "request_extension", "POST",
     "/v1/orders/{order_id}/request_extension", Scope::orders_write, admin | operating | buyer},
    {Operation::extend_order, "extend_order", "POST", "/v1/orders/{order_id}/extend",
     Scope::orders_write, admin | operating | seller},
    {Operation::confirm_receipt, "confirm_receipt", "POST", "/v1/orders/{order_id}/confirm_receipt",
     Scope::orders_write, admin | operating | buyer},
    {Operation::explain_order, "explain_order", "GET", "/v1/orders/{order_id}/explain",
     Scope::orders_read, everybody},
    {Operation::list_order_events, "list_order_events", "GET", "/v1/orders/{order_id}/events",
     Scope::events_read, everybody},
    {Operation::list_order_entries, "list_order_entries", "GET", "/v1/orders/{order_id}/entries",
     Scope::ledger_read, admin | operating | mediator},
    {Operation::create_link, "create_link", "POST", "/v1/orders/{order_id}/links",
     Scope::links_write, admin | operating},
    {Operation::record_payment, "record_payment", "POST", "/v1/orders/{order_id}/payments",
     Scope::money_write, admin | operating},
    {Operation::record_shipment, "record_shipment", "POST", "/v1/orders/{order_id}/shipments",
     Scope::orders_write, admin | operating | seller},
    {Operation::record_chargeback, "record_chargeback", "POST", "/v1/orders/{order_id}/chargebacks",
     Scope::money_write, admin | operating},
    {Operation::answer_chargeback, "answer_chargeback", "POST",
     "/v1/chargebacks/{chargeback_id}/answer", Scope::disputes_write, admin | operating | seller},
    {Operation::resolve_chargeback, "resolve_chargeback", "POST",
     "/v1/chargebacks/{chargeback_id}/resolve", Scope::money_write, admin | operating},
    {Operation::record_scan, "record_scan", "POST", "/v1/shipments/{shipment_id}/scans",
     Scope::orders_write, admin | operating},
    {Operation::withdraw_scan, "withdraw_scan", "POST", "/v1/shipments/{shipment_id}/withdraw_scan",
     Scope::orders_write, admin | operating},
    {Operation::settle_arrival, "settle_arrival", "POST",
     "/v1/shipments/{shipment_id}/settle_arrival", Scope::orders_write, admin | operating | buyer},
    {Operation::record_scans, "record_scans", "POST", "/v1/scans/batch", Scope::orders_write,
     admin | operating},
    {Operation::refund_order, "refund_order", "POST", "/v1/orders/{order_id}/refunds",
     Scope::money_write, admin | operating | seller},
    {Operation::compensate_buyer, "compensate_buyer", "POST", "/v1/orders/{order_id}/compensations",
     Scope::money_write, admin | operating | seller},
    {Operation::promise_gift, "promise_gift", "POST", "/v1/orders/{order_id}/gifts",
     Scope::money_write, admin | operating | seller},
    {Operation::list_instructions, "list_instructions", "GET", "/v1/orders/{order_id}/instructions",
     Scope::orders_read, everybody},
    {Operation::settle_instruction, "settle_instruction", "POST",
     "/v1/instructions/{instruction_id}/settle", Scope::money_write, admin | operating},
    {Operation::repeat_instruction, "repeat_instruction", "POST",
     "/v1/instructions/{instruction_id}/repeat", Scope::money_write, admin | operating},
    {Operation::list_disputes, "list_disputes", "GET", "/v1/orders/{order_id}/disputes",
     Scope::orders_read, everybody},
    {Operation::open_dispute, "open_dispute", "POST", "/v1/orders/{order_id}/disputes",
     Scope::disputes_write, admin | operating | buyer},
    {Operation::get_dispute, "get_dispute", "GET", "/v1/disputes/{dispute_id}", Scope::orders_read,
     everybody},
    {Operation::modify_dispute, "modify_dispute", "POST", "/v1/disputes/{dispute_id}/modify",
     Scope::disputes_write, admin | operating | buyer},
    {Operation::withdraw_dispute, "withdraw_dispute", "POST", "/v1/disputes/{dispute_id}/withdraw",
     Scope::disputes_write, admin | operating | buyer},
    {Operation::respond_dispute, "respond_dispute", "POST", "/v1/disputes/{dispute_id}/respond",
     Scope::disputes_write, admin | operating | seller},
    {Operation::make_offer, "make_offer", "POST", "/v1/disputes/{dispute_id}/offers",
     Scope::disputes_write, admin | operating | seller | buyer},
    {Operation::accept_offer, "accept_offer", "POST", "/v1/offers/{offer_id}/accept",
     Scope::disputes_write, admin | operating | seller | buyer},
    {Operation::decline_offer, "decline_offer", "POST", "/v1/offers/{offer_id}/decline",
     Scope::disputes_write, admin | operating | seller | buyer},
    {Operation::escalate_dispute, "escalate_dispute", "POST", "/v1/disputes/{dispute_id}/escalate",
     Scope::disputes_write, everybody},
    {Operation::request_evidence, "request_evidence", "POST",
     "/v1/disputes/{dispute_id}/request_evidence", Scope::disputes_write, admin | mediator},
    {Operation::submit_evidence, "submit_evidence", "POST", "/v1/disputes/{dispute_id}/evidence",
     Scope::disputes_write, admin | operating | seller | buyer},
    {Operation::upload_file, "upload_file", "POST", "/v1/disputes/{dispute_id}/files",
     Scope::disputes_write, admin | operating | seller | buyer},
    {Operation::get_file, "get_file", "GET", "/v1/disputes/{dispute_id}/files/{content}",
     Scope::orders_read, everybody},
    {Operation::decide_dispute, "decide_dispute", "POST", "/v1/disputes/{dispute_id}/decide",
     Scope::disputes_write, admin | mediator},
    {Operation::appeal_dispute, "appeal_dispute", "POST", "/v1/disputes/{dispute_id}/appeal",
     Scope::disputes_write, admin | operating | seller | buyer},
    {Operation::prepare_return, "prepare_return", "POST",
     "/v1/disputes/{dispute_id}/prepare_return", Scope::disputes_write,
     admin | operating | mediator | seller},
    {Operation::send_return, "send_return", "POST", "/v1/disputes/{dispute_id}/send_return",
     Scope::disputes_write, admin | operating | buyer},
    {Operation::record_return_delivered, "record_return_delivered", "POST",
     "/v1/disputes/{dispute_id}/return_delivered", Scope::orders_write, admin | operating},
    {Operation::receive_return, "receive_return", "POST",
     "/v1/disputes/{dispute_id}/receive_return", Scope::disputes_write, admin | operating | seller},
    {Operation::contest_return, "contest_return", "POST",
     "/v1/disputes/{dispute_id}/contest_return", Scope::disputes_write, admin | operating | seller},
    {Operation::link_upstream, "link_upstream", "POST", "/v1/disputes/{dispute_id}/link_upstream",
     Scope::disputes_write, admin | operating | seller},
    {Operation::record_upstream_granted, "record_upstream_granted", "POST",
     "/v1/disputes/{dispute_id}/upstream_granted", Scope::orders_write, admin | operating},
    {Operation::create_party, "create_party", "POST", "/v1/parties", Scope::orders_write,
     admin | operating},
    {Operation::get_party, "get_party", "GET", "/v1/parties/{party_id}", Scope::ledger_read,
     everybody},
    {Operation::get_party_balances, "get_party_balances", "GET", "/v1/parties/{party_id}/balances",
     Scope::ledger_read, admin | operating | seller},
    {Operation::get_party_statement, "get_party_statement", "GET",
     "/v1/parties/{party_id}/statement", Scope::ledger_read, admin | operating | seller},
    {Operation::list_party_entries, "list_party_entries", "GET", "/v1/parties/{party_id}/entries",
     Scope::ledger_read, admin | operating | seller},
    {Operation::hold_payouts, "hold_payouts", "POST", "/v1/parties/{party_id}/holds",
     Scope::money_write, admin | operating},
    {Operation::lift_hold, "lift_hold", "POST", "/v1/parties/{party_id}/lift_hold",
     Scope::money_write, admin | operating},
    {Operation::batch_payout, "batch_payout", "POST", "/v1/parties/{party_id}/payouts",
     Scope::money_write, admin | operating},
    {Operation::settle_payout, "settle_payout", "POST",
     "/v1/parties/{party_id}/payouts/{payout_id}/settle", Scope::money_write, admin | operating},
    {Operation::set_reserve, "set_reserve", "POST", "/v1/parties/{party_id}/set_reserve",
     Scope::money_write, admin | operating},
    {Operation::set_deposit_cover, "set_deposit_cover", "POST",
     "/v1/parties/{party_id}/set_deposit_cover", Scope::money_write, admin | operating},
    {Operation::set_payout_account, "set_payout_account", "POST",
     "/v1/parties/{party_id}/set_payout_account", Scope::money_write, admin | operating},
    {Operation::record_deposit, "record_deposit", "POST", "/v1/parties/{party_id}/deposits",
     Scope::money_write, admin | operating},
    {Operation::return_deposit, "return_deposit", "POST", "/v1/parties/{party_id}/return_deposit",
     Scope::money_write, admin | operating},
    {Operation::fine_party, "fine_party", "POST", "/v1/parties/{party_id}/fines",
     Scope::money_write, admin | operating},
    {Operation::record_debt_payment, "record_debt_payment", "POST",
     "/v1/parties/{party_id}/debt_payments", Scope::money_write, admin | operating},
    {Operation::write_off_debt, "write_off_debt", "POST", "/v1/parties/{party_id}/write_off_debt",
     Scope::money_write, admin},
    {Operation::list_terms, "list_terms", "GET", "/v1/terms", Scope::terms_read, any_role},
    {Operation::get_terms, "get_terms", "GET", "/v1/terms/{terms_id}", Scope::terms_read, any_role},
    {Operation::list_events, "list_events", "GET", "/v1/events", Scope::events_read,
     admin | operating},
    {Operation::stream_events, "stream_events", "GET", "/v1/events/stream", Scope::events_read,
     admin | operating},
    {Operation::get_event, "get_event", "GET", "/v1/events/{event_id}", Scope::events_read,
     admin | operating},
    {Operation::create_webhook_endpoint, "create_webhook_endpoint", "POST", "/v1/webhook_endpoints",
     Scope::endpoints_write, admin},
    {Operation::list_webhook_endpoints, "list_webhook_endpoints", "GET", "/v1/webhook_endpoints",
     Scope::endpoints_write, admin},
    {Operation::get_webhook_endpoint, "get_webhook_endpoint", "GET",
     "/v1/webhook_endpoints/{endpoint_id}", Scope::endpoints_write, admin},
    {Operation::update_webhook_endpoint, "update_webhook_endpoint", "PATCH",
     "/v1/webhook_endpoints/{endpoint_id}", Scope::endpoints_write, admin},
    {Operation::delete_webhook_endpoint, "delete_webhook_endpoint", "DELETE",
     "/v1/webhook_endpoints/{endpoint_id}", Scope::endpoints_write, admin},
    {Operation::rotate_webhook_secret, "rotate_webhook_secret", "POST",
     "/v1/webhook_endpoints/{endpoint_id}/rotate_secret", Scope::endpoints_write, admin},
    {Operation::list_webhook_deliveries, "list_webhook_deliveries", "GET",
     "/v1/webhook_endpoints/{endpoint_id}/deliveries", Scope::endpoints_write, admin | operating},
    {Operation::replay_webhook_delivery, "replay_webhook_delivery", "POST",
     "/v1/webhook_deliveries/{delivery_id}/replay", Scope::endpoints_write, admin | operating},
    {Operation::create_key, "create_key", "POST", "/v1/keys", Scope::keys_write, admin},
    {Operation::list_keys, "list_keys", "GET", "/v1/keys", Scope::keys_write, admin},
    {Operation::revoke_key, "revoke_key", "DELETE", "/v1/keys/{key_id}", Scope::keys_write, admin},
    {Operation::create_first_user, "create_first_user", "POST", "/v1/setup", Scope::none, any_role},
    {Operation::create_session, "create_session", "POST", "/v1/sessions", Scope::none, any_role},
    {Operation::end_session, "end_session", "DELETE", "/v1/sessions/current", Scope::anyone,
     any_role},
    {Operation::get_caller, "get_caller", "GET", "/v1/me", Scope::anyone, any_role},
    {Operation::change_password, "change_password", "POST", "/v1/me/password", Scope::anyone,
     any_role},
    {Operation::create_user, "create_user", "POST", "/v1/users", Scope::users_write, admin},
    {Operation::list_users, "list_users", "GET", "/v1/users", Scope::users_write, admin},
    {Operation::get_user, "get_user", "GET", "/v1/users/{user_id}", Scope::users_write, admin},
    {Operation::update_user, "update_user", "PATCH", "/v1/users/{user_id}", Scope::users_write,
     admin},
    {Operation::list_approvals, "list_approvals", "GET", "/v1/approvals", Scope::orders_read,
     admin | operating | mediator},
    {Operation::get_approval, "get_approval", "GET", "/v1/approvals/{approval_id}",
     Scope::orders_read, admin | operating | mediator},
    {Operation::give_approval, "give_approval", "POST", "/v1/approvals/{approval_id}/approve",
     Scope::anyone, admin | operating | mediator},
    {Operation::decline_approval, "decline_approval", "POST", "/v1/approvals/{approval_id}/decline",
     Scope::anyone, admin | operating | mediator},
    {Operation::create_test_clock, "create_test_clock", "POST", "/v1/test_clocks",
     Scope::clocks_write, admin | operating},
    {Operation::list_test_clocks, "list_test_clocks", "GET", "/v1/test_clocks", Scope::clocks_write,
     admin | operating},
    {Operation::get_test_clock, "get_test_clock", "GET", "/v1/test_clocks/{clock_id}",
     Scope::clocks_write, admin | operating},
    {Operation::advance_test_clock, "advance_test_clock", "POST",
     "/v1/test_clocks/{clock_id}/advance", Scope::clocks_write, admin | operating},
    {Operation::create_import, "create_import", "POST", "/v1/imports", Scope::desk_write,
     desk_staff},
    {Operation::list_imports, "list_imports", "GET", "/v1/imports", Scope::desk_read, desk_staff},
    {Operation::get_import, "get_import", "GET", "/v1/imports/{import_id}", Scope::desk_read,
     desk_staff},
    {Operation::get_worklist, "get_worklist", "GET", "/v1/desk/worklist", Scope::desk_read,
     desk_staff},
    {Operation::change_rows, "change_rows", "POST", "/v1/desk/worklist/batch", Scope::desk_write,
     desk_staff},
    {Operation::get_lapse_curve, "get_lapse_curve", "GET", "/v1/desk/lapse_curve", Scope::desk_read,
     admin | operating | lead},
    {Operation::get_purchase, "get_purchase", "GET", "/v1/desk/purchases/{purchase_id}",
     Scope::desk_read, desk_staff},
    {Operation::assign_row, "assign_row", "POST", "/v1/desk/purchases/{purchase_id}/assign",
     Scope::desk_write, desk_staff},
    {Operation::snooze_row, "snooze_row", "POST", "/v1/desk/purchases/{purchase_id}/snooze",
     Scope::desk_write, desk_staff},
    {Operation::record_filed_claim, "record_filed_claim", "POST",
     "/v1/desk/purchases/{purchase_id}/claims", Scope::desk_write, desk_staff},
    {Operation::search_desk, "search_desk", "GET", "/v1/desk/search", Scope::desk_read, desk_staff},
    {Operation::get_audit, "get_audit", "GET", "/v1/desk/audit", Scope::desk_read,
     admin | operating | lead},
    {Operation::get_report, "get_report", "GET", "/v1/desk/reports/{report}", Scope::desk_read,
     admin | operating | lead},
    {Operation::list_desk_links, "list_desk_links", "GET", "/v1/desk/links", Scope::desk_read,
     desk_staff},
    {Operation::create_desk_link, "create_desk_link", "POST", "/v1/desk/links", Scope::desk_write,
     desk_staff},
    {Operation::confirm_desk_link, "confirm_desk_link", "POST", "/v1/desk/links/{link_id}/confirm",
     Scope::desk_write, desk_staff},
    {Operation::reject_desk_link, "reject_desk_link", "POST", "/v1/desk/links/{link_id}/reject",
     Scope::desk_write, desk_staff},
    {Operation::take_stripe_callback, "take_stripe_callback", "POST",
     "/v1/processors/stripe/callbacks", Scope::none, 0},
    {Operation::get_openapi, "get_openapi", "GET", "/openapi.json", Scope::none, any_role},
    {Operation::get_docs, "get_docs", "GET", "/docs", Scope::none, any_role},
    {Operation::get_problem_page, "get_problem_page", "GET", "/problems/{code}", Scope::none,
     any_role},
    {Operation::get_health, "get_health", "GET", "/healthz", Scope::none, any_role},
    {Operation::get_readiness, "get_readiness", "GET", "/readyz", Scope::none, any_role},
}};

constexpr bool is_complete() {
    for (std::size_t i = 0; i < table.size(); ++i)
        if (table[i].operation != static_cast<Operation>(i)) return false;
    return true;
}
static_assert(is_complete(), "an operation without a row, or one out of order");

}  // namespace

std::string_view to_string(Scope value) {
    static constexpr std::array<std::string_view, static_cast<std::size_t>(Scope::count_)> words{
        "public",          "known",       "orders:read",  "orders:write",
        "disputes:write",  "money:write", "ledger:read",  "events:read",
        "endpoints:write", "keys:write",  "clocks:write", "terms:read",
        "links:write",     "users:write", "desk:read",    "desk:write"};
    return enum_word(words, value);
}

namespace {

struct RoleWord {
    Roles role;
    std::string_view word;
};
constexpr std::array role_words{RoleWord{admin, "admin"},         RoleWord{operating, "operator"},
                                RoleWord{mediator, "mediator"},   RoleWord{lead, "lead"},
                                RoleWord{assistant, "assistant"}, RoleWord{seller, "seller"},
                                RoleWord{buyer, "buyer"}};

}  // namespace

std::optional<Roles> parse_role(std::string_view word) {
    const auto found = std::ranges::find(role_words, word, &RoleWord::word);
    return found == role_words.end() ? std::nullopt : std::optional(found->role);
}

std::vector<std::string_view> words_of(Roles roles) {
    std::vector<std::string_view> words;
    for (const auto& [role, word] : role_words)
        if ((roles & role) != 0) words.push_back(word);
    return words;
}

const Access& access_of(Operation operation) {
    return table.at(static_cast<std::size_t>(operation));
}

std::optional<Operation> operation_named(std::string_view name) {
    const auto found = std::ranges::find(table, name, &Access::name);
    return found == table.end() ? std::nullopt : std::optional(found->operation);
}

const std::array<Access, operation_count>& all_access() { return table; }

}  // namespace holdfast::api
