#include "api/desk_service.h"

#include "api/desk_json.h"
#include "api/json_out.h"
#include "api/wire_id.h"
#include "desk/arrival.h"

#include <memory>
#include <utility>

namespace holdfast::api {
namespace {

// A request waits no longer for the rows than this; the first look at a large store takes longer.
constexpr auto waits_most = std::chrono::seconds{2};
constexpr std::size_t looks_of_request = 5'000, looks_of_round = 20'000;
constexpr std::size_t size_of_small_store = 2'000;  // purchases
constexpr auto learns_again_after = std::chrono::hours{6};

}  // namespace

DeskService::DeskService(engine::Engine& engine, const formats::Rulebook& book,
                         engine::DeskSettings settings, OpenStore open_store)
    : engine_(engine),
      book_(book),
      settings_(std::move(settings)),
      open_store_(std::move(open_store)),
      store_(open_store_()),
      view_(*store_, book_, settings_, Instant{}),
      board_(*store_, view_) {}

void DeskService::handle(const Shared& call, const KnowsUser& knows_user) {
    switch (call->operation()) {
    case Operation::create_import:      return create_import(call);
    case Operation::preview_import:     return preview_import(call);
    case Operation::list_imports:       return list_imports(*call);
    case Operation::list_mappings:      return list_mappings(*call);
    case Operation::get_mapping:        return get_mapping(*call);
    case Operation::save_mapping:       return save_mapping(*call);
    case Operation::delete_mapping:     return delete_mapping(*call);
    case Operation::get_import:         return get_import(*call);
    case Operation::get_worklist:       return get_worklist(*call);
    case Operation::change_rows:        return change_rows(*call, knows_user);
    case Operation::get_lapse_curve:    return get_lapse_curve(*call);
    case Operation::get_purchase:       return get_purchase(*call);
    case Operation::assign_row:
    case Operation::snooze_row:
    case Operation::note_row:
    case Operation::record_filed_claim: return change_row(*call, knows_user);
    case Operation::search_desk:        return search(*call);
    case Operation::get_audit:          return audit(call);
    case Operation::get_report:         return report(call);
    case Operation::get_arrivals:       return get_arrivals(call);
    case Operation::get_arrival:        return get_arrival(*call);
    case Operation::get_scorecards:     return get_scorecards(call);
    case Operation::get_recovery:       return get_recovery(call);
    case Operation::get_gap:            return get_gap(call);
    case Operation::get_filing_plan:    return get_filing_plan(call);
    case Operation::get_remedies:       return get_remedies(*call);
    case Operation::choose_remedy:      return choose_remedy(*call);
    case Operation::get_regrets:        return get_regrets(call);
    case Operation::get_claim_packet:   return get_claim_packet(*call);
    case Operation::list_desk_links:    return list_links(*call);
    case Operation::create_desk_link:   return create_link(*call);
    case Operation::confirm_desk_link:  return answer_link(*call, desk::LinkSeen::State::confirmed);
    default:                            return answer_link(*call, desk::LinkSeen::State::rejected);
    }
}

bool DeskService::with_board(Call& call, const std::function<void()>& use) {
    const std::unique_lock lock(mutex_, waits_most);
    if (!lock) return call.send("busy"), false;
    board_.refresh(call.now(), looks_of_request);
    use();
    return true;
}

std::size_t DeskService::keep_up() {
    std::size_t looked_at = 0, size = 0;
    {
        const std::scoped_lock lock(mutex_);
        looked_at = board_.refresh(engine_.now(), looks_of_round);
        size = board_.size();
    }
    learn(size);
    return looked_at;
}

// A small store's history is read again whenever it grew, a large one's when it grew by a tenth,
// and any every few hours: parcels arrive, claims are decided.
void DeskService::learn(std::size_t size) {
    const auto now = engine_.now();
    const bool has_grown = size > learned_size_ && (size < size_of_small_store ||
                                                    size - learned_size_ > learned_size_ / 10);
    if (learned_at_ && !has_grown && now - *learned_at_ < learns_again_after) return;
    const auto reads = open_store_();
    engine::DeskView view(*reads, book_, settings_, now);
    auto model = std::make_shared<desk::ArrivalModel>(view.journeys());
    auto claims = std::make_shared<const desk::ClaimHistory>(view.claim_history());
    learned_at_ = now;
    learned_size_ = size;
    const std::scoped_lock lock(mutex_);
    view_.use_arrivals(std::move(model));
    view_.use_claims(std::move(claims));
}

std::string purchase_id(const store::StreamId& stream) { return "pur_" + to_base32(stream.bytes); }

boost::json::object row_view(const engine::RowView& view, const engine::RowState& state,
                             Instant now) {
    auto out = without_blanks(item_json(view.item));
    out["object"] = view.item.is_dispute ? "customer_dispute" : "purchase";
    out["id"] =
        view.item.is_dispute ? "mov_" + to_base32(view.stream.bytes) : purchase_id(view.stream);
    if (!view.account.empty()) out["account"] = view.account;
    if (!state.assignee.empty()) out["assignee"] = state.assignee;
    put(out, "snoozed_until", engine::sleeps_until(state.snoozed_until, view.item.closes_at, now));
    put(out, "filed_at", state.filed_at);
    if (!state.case_number.empty()) out["case_number"] = state.case_number;
    if (!state.dispute_reference.empty())
        out["filed_for"] = boost::json::object{{"system", state.dispute_system},
                                               {"reference", state.dispute_reference}};
    if (!state.remedy.empty()) out["remedy"] = state.remedy;
    return out;
}

}  // namespace holdfast::api
