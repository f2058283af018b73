#include "api/service.h"

#include "api/console.h"
#include "api/reference.h"
#include "api/wire_id.h"
#include "base/verify.h"

#include <utility>

namespace holdfast::api {
namespace {

constexpr std::uint64_t batch_body_most = std::uint64_t{1} << 22U;
constexpr std::uint64_t push_body_most = std::uint64_t{1} << 22U;
constexpr std::uint64_t form_overhead = std::uint64_t{1} << 16U;

bool is_batch(Operation operation) {
    return operation == Operation::place_orders || operation == Operation::record_scans;
}

}  // namespace

bool is_upload(Operation operation) {
    return operation == Operation::upload_file || operation == Operation::create_import ||
           operation == Operation::preview_import;
}

std::uint64_t bytes_most_of(Operation upload) {
    return upload == Operation::upload_file ? EvidenceFiles::bytes_most
                                            : DeskService::file_bytes_most;
}

http::Router routes() {
    http::Router router;
    for (const auto& one : all_access()) {
        http::Route route{.method = std::string(one.method),
                          .pattern = std::string(one.path),
                          .operation = static_cast<http::Operation>(one.operation)};
        if (is_batch(one.operation)) route.body_bytes_max = batch_body_most;
        if (one.operation == Operation::take_push) route.body_bytes_max = push_body_most;
        if (is_upload(one.operation))
            route.body_bytes_max = bytes_most_of(one.operation) + form_overhead;
        router.add(std::move(route));
    }
    return router;
}

Service::Service(engine::Engine& engine, const engine::RulesBook& rules,
                 const formats::Rulebook& book,
                 const std::function<std::unique_ptr<store::Store>()>& open_store,
                 ServiceOptions options)
    : engine_(engine),
      rules_(rules),
      book_(book),
      options_(std::move(options)),
      docs_(reference_page(options_.openapi_json)),
      reads_(open_store(), rules),
      afterwards_(open_store(), rules),
      files_(options_.evidence_folder),
      caller_limit_({.requests = options_.limits.of_key}),
      address_limit_({.requests = options_.limits.of_address}),
      failure_limit_({.requests = options_.limits.failed_of_address}),
      reselling_(engine, book, options_.desk, open_store) {
    reads_.with([&](store::Store& store) {
        keys_.load(store);
        users_.load(store);
        links_.load(store);
        tokens_.load(store);
        approvals_.load(store);
        if (!options_.livemode) sandbox_cast_.load(store);
    });
}

void Service::handle(http::ServerRequest request, http::Reply reply) {
    const auto operation = static_cast<Operation>(request.route.route->operation);
    auto call = std::make_shared<Call>(operation, std::move(request), std::move(reply),
                                       options_.problem_types);
    try {
        if (let_in(*call)) dispatch(call);
    } catch (const store::StoreDown&) {
        if (!call->is_answered()) call->send("unavailable");
    } catch (const VerifyFailed&) {
        if (!call->is_answered()) call->send("damaged");
    }
}

void Service::dispatch(const Shared& call) {
    switch (call->operation()) {
    case Operation::place_order:             return place_order(call);
    case Operation::place_orders:            return place_orders(call);
    case Operation::record_scans:            return record_scans(call);
    case Operation::list_orders:             return list_orders(*call);
    case Operation::get_order:               return get_order(*call);
    case Operation::explain_order:           return explain_order(*call);
    case Operation::forecast_order:          return forecast_order(*call);
    case Operation::list_order_events:       return list_order_events(*call);
    case Operation::list_order_entries:      return list_order_entries(*call);
    case Operation::list_instructions:       return list_instructions(*call);
    case Operation::list_outgoing:           return list_outgoing(call);
    case Operation::list_disputes:           return list_disputes(*call);
    case Operation::get_dispute:             return get_dispute(*call);
    case Operation::get_checklist:           return get_checklist(*call);
    case Operation::list_decisions:          return list_decisions(*call);
    case Operation::list_open_disputes:      return list_open_disputes(call);
    case Operation::get_overview:            return get_overview(call);
    case Operation::list_similar_disputes:   return list_similar_disputes(call);
    case Operation::create_party:            return create_party(call);
    case Operation::get_party:               return get_party(*call);
    case Operation::get_party_balances:      return get_party_balances(*call);
    case Operation::get_party_statement:     return get_party_statement(*call);
    case Operation::list_party_entries:      return list_party_entries(*call);
    case Operation::get_party_metrics:       return get_party_metrics(*call);
    case Operation::list_metric_causes:      return list_metric_causes(*call);
    case Operation::tell_identity:           return tell_identity(*call);
    case Operation::list_linked_parties:     return list_linked_parties(*call);
    case Operation::hold_payouts:
    case Operation::lift_hold:
    case Operation::batch_payout:
    case Operation::settle_payout:
    case Operation::set_reserve:
    case Operation::set_deposit_cover:
    case Operation::set_payout_account:
    case Operation::record_deposit:
    case Operation::return_deposit:
    case Operation::fine_party:
    case Operation::record_debt_payment:
    case Operation::write_off_debt:          return ask_party(call);
    case Operation::list_messages:           return list_messages(*call);
    case Operation::erase_party:             return erase_party(*call);
    case Operation::get_contact:             return get_contact(*call);
    case Operation::set_contact:             return set_contact(*call);
    case Operation::delete_contact:          return delete_contact(*call);
    case Operation::list_notices:            return list_notices(*call);
    case Operation::list_terms:              return list_terms(*call);
    case Operation::get_terms:               return get_terms(*call);
    case Operation::list_events:             return list_events(*call);
    case Operation::stream_events:           return stream_events(*call);
    case Operation::get_event:               return get_event(*call);
    case Operation::create_webhook_endpoint:
    case Operation::list_webhook_endpoints:
    case Operation::get_webhook_endpoint:
    case Operation::update_webhook_endpoint:
    case Operation::delete_webhook_endpoint:
    case Operation::rotate_webhook_secret:
    case Operation::list_webhook_deliveries:
    case Operation::replay_webhook_delivery: return endpoints(call);
    case Operation::list_approvals:          return list_approvals(*call);
    case Operation::get_approval:            return get_approval(*call);
    case Operation::give_approval:           return approve(call);
    case Operation::decline_approval:        return decline_approval(*call);
    case Operation::create_link:             return create_link(*call);
    case Operation::end_link:                return end_link(*call);
    case Operation::end_order_links:         return end_order_links(*call);
    case Operation::create_token:            return create_token(*call);
    case Operation::create_first_user:       return create_first_user(call);
    case Operation::create_session:          return create_session(call);
    case Operation::end_session:             return end_session(*call);
    case Operation::get_caller:              return get_caller(*call);
    case Operation::change_password:         return change_password(call);
    case Operation::create_user:             return create_user(call);
    case Operation::list_users:              return list_users(*call);
    case Operation::list_desk_people:        return list_desk_people(*call);
    case Operation::get_user:                return get_user(*call);
    case Operation::update_user:             return update_user(call);
    case Operation::upload_file:             return upload_file(call);
    case Operation::get_file:                return get_file(*call);
    case Operation::create_key:              return create_key(*call);
    case Operation::list_keys:               return list_keys(*call);
    case Operation::revoke_key:              return revoke_key(*call);
    case Operation::create_test_clock:
    case Operation::list_test_clocks:
    case Operation::get_test_clock:
    case Operation::advance_test_clock:      return test_clocks(call);
    case Operation::give_cast:
    case Operation::get_cast:
    case Operation::give_sandbox_cast:
    case Operation::get_sandbox_cast:        return casts(call);
    case Operation::create_import:
    case Operation::preview_import:
    case Operation::list_imports:
    case Operation::get_import:
    case Operation::list_mappings:
    case Operation::get_mapping:
    case Operation::save_mapping:
    case Operation::delete_mapping:
    case Operation::get_worklist:
    case Operation::change_rows:
    case Operation::get_lapse_curve:
    case Operation::get_purchase:
    case Operation::assign_row:
    case Operation::snooze_row:
    case Operation::note_row:
    case Operation::record_filed_claim:
    case Operation::search_desk:
    case Operation::get_audit:
    case Operation::get_report:
    case Operation::get_arrivals:
    case Operation::get_arrival:
    case Operation::get_scorecards:
    case Operation::get_recovery:
    case Operation::get_gap:
    case Operation::get_filing_plan:
    case Operation::get_remedies:
    case Operation::choose_remedy:
    case Operation::get_regrets:
    case Operation::get_claim_packet:
    case Operation::list_desk_links:
    case Operation::create_desk_link:
    case Operation::confirm_desk_link:
    case Operation::reject_desk_link:
        return reselling_.handle(call, [this](const IdBytes& id) { return works_desk(id); });
    case Operation::take_stripe_callback: return take_stripe_callback(*call);
    case Operation::take_push:            return take_push(call);
    case Operation::open_console:
    case Operation::find_console:
    case Operation::get_console:
    case Operation::get_console_file:
    case Operation::get_console_asset:    return get_console(*call);
    case Operation::get_openapi:
        return call->send(
            {.headers = {{"Content-Type", "application/json"}}, .body = options_.openapi_json});
    case Operation::get_docs:         return call->send(docs_);
    case Operation::get_problem_page: return get_problem_page(*call);
    case Operation::get_health:       return call->send(200, {{"status", "ok"}});
    case Operation::get_readiness:    return get_readiness(*call);
    default:                          return ask_order(call);
    }
}

bool Service::works_desk(const IdBytes& user) const {
    const auto found = users_.find(user);
    return found && api::works_desk(*found);
}

void Service::ask_engine(const Shared& call, engine::Work work,
                         const std::function<void(const engine::Answer&)>& give) {
    engine_.submit(std::move(work), [call, give](const engine::Answer& answer) {
        try {
            give(answer);
        } catch (const std::exception&) {  // what was committed stays: the same key tells
            if (!call->is_answered()) call->send("unavailable");
        }
    });
}

order::DisputeNo dispute_of(const Call& call) {
    const auto thing = parse_thing("dsp", call.parameter("dispute_id"));
    return {static_cast<std::uint16_t>(thing ? thing->number : 0)};
}

engine::Work work_of(const Call& call, const store::StreamId& stream, KeyRequest request) {
    engine::Work work{.stream = stream, .what = engine::Tick{}};
    work.cause = call.caller().name;
    work.key = std::move(request.key);
    work.request_hash = request.hash;
    work.wants_events = true;
    return work;
}

void Service::get_problem_page(Call& call) {
    auto page = problem_page(call.parameter("code"));
    if (!page) return call.send("not_found");
    call.send(*std::move(page));
}

void Service::get_console(Call& call) {
    if (call.operation() == Operation::open_console || call.operation() == Operation::find_console)
        return call.send({.status = 302, .headers = {{"Location", std::string(console_place)}}});
    std::string name = "index.html";
    if (call.operation() != Operation::get_console) name = call.parameter("file");
    if (call.operation() == Operation::get_console_asset) name.insert(0, "assets/");
    auto answer = console_answer(name, call.request(), options_.frame_ancestors);
    if (!answer) return call.send("not_found");
    call.send(*std::move(answer));
}

void Service::get_readiness(Call& call) {
    if (is_draining_) return call.send("stopping");
    if (!engine_.is_clock_believed() || !engine_.health().problem.empty())
        return call.send("unavailable");
    call.send(200, {{"status", "ok"}});
}

}  // namespace holdfast::api
