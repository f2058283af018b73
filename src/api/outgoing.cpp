// Money that was told to leave: what is not settled yet, and what failed and waits for a person.
#include "api/json_out.h"
#include "api/service.h"
#include "api/under_way.h"
#include "api/wire_id.h"
#include "engine/outbox_desk.h"
#include "engine/outbox_text.h"
#include "engine/outbox_words.h"
#include "engine/work.h"

#include <algorithm>
#include <span>
#include <utility>
#include <vector>

namespace holdfast::api {
namespace {

namespace json = boost::json;

constexpr std::size_t rows_most = 1'000;

// Of an order's instruction, what its view says and whose it is.
json::object instruction_row(const FoundOrder& found, order::InstructionNo no, bool livemode) {
    auto view = instruction_view(found.seen(order::Party::platform, livemode), no);
    view["object"] = "outgoing";
    view["reference"] = found.live.reference;
    view["version"] = found.version;
    return view;
}

void put_sending(json::object& view, const store::OutboxRow& row) {
    view["sending"] = engine::word_of(row.state);
    view["attempts"] = row.attempts;
    if (!row.problem.empty()) view["problem"] = row.problem;
}

}  // namespace

// Nothing: it was settled in its stream, and whoever sends has not looked since.
std::optional<json::object> Service::outgoing_row(const store::OutboxRow& row, Instant now) {
    if (row.item.kind == engine::instruction_kind) {
        const auto told = engine::decode_instruction(row.item.payload);
        const auto found = reads_.order(row.stream.bytes, now);
        if (!told || !found || !order::has(found->live.state.instructions, told->no) ||
            found->live.state.instructions[order::index_of(told->no)].state !=
                order::InstructionState::pending)
            return std::nullopt;
        return instruction_row(*found, told->no, options_.livemode);
    }
    const auto told = engine::decode_payout(row.item.payload);
    const auto found = reads_.party(row.stream.bytes);
    if (!told || !found || told->no.value < 1 || told->no.value > found->book.payouts.size())
        return std::nullopt;
    const auto& payout = found->book.payouts[told->no.value - 1];
    if (payout.state != ledger::PayoutState::in_flight) return std::nullopt;
    json::object view;
    view["object"] = "outgoing";
    view["id"] = thing_id("pyo", row.stream.bytes, told->no.value);
    view["party_id"] = party_id(row.stream.bytes);
    if (!found->reference.empty()) view["reference"] = found->reference;
    view["kind"] = "payout";
    view["amount"] = money_view(payout.amount, payout.currency);
    view["state"] = "pending";
    view["version"] = found->version;
    return view;
}

void Service::list_outgoing(const Shared& call) {
    call->read_query({});
    if (call->has_faults()) return;
    at_work_desk(call, [this](Call& asked) {
        std::vector<store::OutboxRow> waiting;  // and one more, where there are more
        reads_.with([&](store::Store& store) {
            engine::each_row(store, [&](const store::OutboxRow& row) {
                if (row.item.kind == engine::instruction_kind ||
                    row.item.kind == engine::payout_kind)
                    waiting.push_back(row);
                return waiting.size() <= rows_most;
            });
        });
        json::array data;
        for (const auto& row : std::span(waiting).first(std::min(waiting.size(), rows_most)))
            if (auto view = outgoing_row(row, asked.now())) {
                put_sending(*view, row);
                data.push_back(*std::move(view));
            }
        const auto under_way = orders_under_way(reads_);
        for (const auto& stream : under_way.orders) {
            const auto found = reads_.order(stream.bytes, asked.now());
            if (!found) continue;  // damaged: where it is asked for
            const auto& told = found->live.state.instructions;
            for (std::size_t i = 0; i < told.size(); ++i)
                if (told[i].state == order::InstructionState::failed && !told[i].again)
                    data.push_back(instruction_row(*found, order::nth<order::InstructionNo>(i),
                                                   options_.livemode));
        }
        json::object out;
        out["object"] = "outgoing_list";
        out["is_cut"] = waiting.size() > rows_most || under_way.is_cut;
        out["data"] = std::move(data);
        asked.send(200, out);
    });
}

}  // namespace holdfast::api
