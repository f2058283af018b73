#include "api/desk_service.h"

#include "api/desk_json.h"
#include "api/json_out.h"
#include "api/wire_id.h"

#include <utility>

namespace holdfast::api {
namespace {

// A request waits no longer for the rows than this; the first look at a large store takes longer.
constexpr auto waits_most = std::chrono::seconds{2};
constexpr std::size_t looks_of_request = 5'000, looks_of_round = 20'000;

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
    case Operation::record_filed_claim: return change_row(*call, knows_user);
    case Operation::search_desk:        return search(*call);
    case Operation::get_audit:          return audit(call);
    case Operation::get_report:         return report(call);
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
    const std::scoped_lock lock(mutex_);
    return board_.refresh(engine_.now(), looks_of_round);
}

std::string purchase_id(const store::StreamId& stream) { return "pur_" + to_base32(stream.bytes); }

boost::json::object row_view(const engine::PurchaseView& view, const engine::RowState& state) {
    auto out = without_blanks(item_json(view.item));
    out["object"] = "purchase";
    out["id"] = purchase_id(view.stream);
    if (const auto account = desk::text_of(view.purchase.account); !account.empty())
        out["account"] = account;
    if (!state.assignee.empty()) out["assignee"] = state.assignee;
    put(out, "snoozed_until", state.snoozed_until);
    put(out, "filed_at", state.filed_at);
    if (!state.case_number.empty()) out["case_number"] = state.case_number;
    return out;
}

}  // namespace holdfast::api
