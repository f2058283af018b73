// What can be asked of the service: the operations of api/openapi.yaml, and who may ask them.
//
// One table. An operation without a row does not compile, and a test holds the table against the
// contract.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace holdfast::api {

enum class Operation : std::uint8_t {
    // Orders
    place_order,
    list_orders,
    place_orders,
    get_order,
    cancel_order,
    decline_cancel,
    request_extension,
    extend_order,
    confirm_receipt,
    explain_order,
    forecast_order,
    list_order_events,
    list_order_entries,
    create_link,
    end_order_links,
    end_link,
    give_cast,
    get_cast,
    get_overview,
    // What has happened to an order
    record_payment,
    record_shipment,
    record_chargeback,
    answer_chargeback,
    resolve_chargeback,
    record_scan,
    withdraw_scan,
    settle_arrival,
    record_scans,
    // Money
    refund_order,
    compensate_buyer,
    promise_gift,
    list_instructions,
    list_outgoing,
    settle_instruction,
    repeat_instruction,
    // Disputes
    list_open_disputes,
    list_disputes,
    open_dispute,
    get_dispute,
    modify_dispute,
    withdraw_dispute,
    respond_dispute,
    make_offer,
    accept_offer,
    decline_offer,
    escalate_dispute,
    request_evidence,
    submit_evidence,
    upload_file,
    get_file,
    get_checklist,
    list_similar_disputes,
    list_decisions,
    decide_dispute,
    appeal_dispute,
    prepare_return,
    send_return,
    record_return_delivered,
    receive_return,
    contest_return,
    link_upstream,
    record_upstream_granted,
    // Messages
    send_message,
    list_messages,
    // Notices: who was told of what
    list_notices,
    record_notice,
    report_notice,
    // Parties
    create_party,
    get_party,
    get_contact,
    set_contact,
    delete_contact,
    get_party_balances,
    get_party_statement,
    list_party_entries,
    hold_payouts,
    lift_hold,
    batch_payout,
    settle_payout,
    set_reserve,
    set_deposit_cover,
    set_payout_account,
    record_deposit,
    return_deposit,
    fine_party,
    record_debt_payment,
    write_off_debt,
    erase_party,
    get_party_metrics,
    list_metric_causes,
    tell_identity,
    list_linked_parties,
    // Terms
    list_terms,
    get_terms,
    // Events
    list_events,
    stream_events,
    get_event,
    // Webhook endpoints
    create_webhook_endpoint,
    list_webhook_endpoints,
    get_webhook_endpoint,
    update_webhook_endpoint,
    delete_webhook_endpoint,
    rotate_webhook_secret,
    list_webhook_deliveries,
    replay_webhook_delivery,
    // Keys
    create_key,
    list_keys,
    revoke_key,
    // People
    create_first_user,
    create_session,
    end_session,
    get_caller,
    change_password,
    create_user,
    list_users,
    get_user,
    update_user,
    list_approvals,
    get_approval,
    give_approval,
    decline_approval,
    // Test clocks
    create_test_clock,
    list_test_clocks,
    get_test_clock,
    advance_test_clock,
    // The desk
    create_import,
    preview_import,
    list_imports,
    get_import,
    list_mappings,
    get_mapping,
    save_mapping,
    delete_mapping,
    get_worklist,
    change_rows,
    list_desk_people,
    get_lapse_curve,
    get_purchase,
    assign_row,
    snooze_row,
    note_row,
    record_filed_claim,
    search_desk,
    get_audit,
    get_report,
    get_arrivals,
    get_arrival,
    get_scorecards,
    get_recovery,
    get_gap,
    get_filing_plan,
    get_remedies,
    choose_remedy,
    get_regrets,
    get_claim_packet,
    list_desk_links,
    create_desk_link,
    confirm_desk_link,
    reject_desk_link,
    give_sandbox_cast,
    get_sandbox_cast,
    // What others push
    take_stripe_callback,
    take_push,
    // Tokens of keys
    create_token,
    // The console
    open_console,
    find_console,
    get_console,
    get_console_file,
    get_console_asset,
    // The server itself
    get_openapi,
    get_docs,
    get_problem_page,
    get_health,
    get_readiness,
    count_
};
inline constexpr std::size_t operation_count = static_cast<std::size_t>(Operation::count_);

// What a key must have. Money, keys and settings stand apart.
enum class Scope : std::uint8_t {
    none,    // whoever asks
    anyone,  // whoever is known
    orders_read,
    orders_write,
    disputes_write,
    money_write,
    ledger_read,
    events_read,
    endpoints_write,
    keys_write,
    clocks_write,
    terms_read,
    links_write,
    users_write,
    desk_read,
    desk_write,
    count_
};
// "orders:read"; of none "public", of anyone "known"
std::string_view to_string(Scope value);
inline constexpr std::size_t first_key_scope = 2;  // from here on a key has them or not

// Who people are to the service. A set of bits.
using Roles = std::uint8_t;
inline constexpr Roles admin = 1, operating = 2, mediator = 4, seller = 8, buyer = 16;
inline constexpr Roles lead = 32, assistant = 64;  // of the reseller's desk
inline constexpr Roles everybody = admin | operating | mediator | seller | buyer;  // of an order
inline constexpr Roles desk_staff = admin | operating | lead | assistant;
inline constexpr Roles any_role = everybody | desk_staff;
std::optional<Roles> parse_role(std::string_view word);  // "operator"
std::vector<std::string_view> words_of(Roles roles);

struct Access {
    Operation operation = Operation::count_;
    std::string_view name, method, path;  // "get_order", "GET", "/v1/orders/{order_id}"
    Scope scope = Scope::none;
    Roles roles = 0;
};

const Access& access_of(Operation operation);
std::optional<Operation> operation_named(std::string_view name);
const std::array<Access, operation_count>& all_access();

}  // namespace holdfast::api
