// What to do about a customer's complaint: whether it still arrives, every way out, the one that
// was chosen, and the packet for a claim.
#include "api/arrival_json.h"
#include "api/desk_json.h"
#include "api/desk_service.h"
#include "api/json_out.h"
#include "api/packet_json.h"
#include "api/remedy_json.h"
#include "desk/customer_dispute.h"
#include "engine/desk_choices.h"

#include <utility>

namespace holdfast::api {
namespace {

std::optional<terms::Reason> may_complaint(Call& call) {
    const auto text = call.query("complaint");
    if (!text) return std::nullopt;
    const auto reason = terms::parse_word<terms::Reason>(*text);
    if (!reason || !desk::is_complaint(*reason))
        return call.fault("complaint", "invalid"), std::nullopt;
    return reason;
}

std::optional<terms::Reason> read_complaint(Call& call) {
    if (!call.query("complaint")) call.fault("complaint", "missing");
    return may_complaint(call);
}

std::optional<std::int32_t> read_chance(Call& call, std::string_view name) {
    const auto number = call.query_number(name, 0, 10'000);
    return number ? std::optional(static_cast<std::int32_t>(*number)) : std::nullopt;
}

// Of the sale's currency, in minor units.
std::optional<Money> read_amount(Call& call, std::string_view name, const desk::Sale& sale) {
    const auto minor = call.query_number(name, 1, Money::max_minor);
    if (!minor || !sale.total) return std::nullopt;
    return Money::of_minor(*minor, sale.total->value.currency());
}

std::optional<desk::ClaimState> read_claim_state(Call& call) {
    const auto text = call.query("claim");
    if (!text) return std::nullopt;
    for (const auto state :
         {desk::ClaimState::none, desk::ClaimState::open, desk::ClaimState::granted})
        if (*text == to_string(state)) return state;
    return call.fault("claim", "invalid"), std::nullopt;
}

http::Problem told(std::string_view code, std::string sentence) {
    auto problem = api::problem(code);
    problem.detail = std::move(sentence);
    return problem;
}

}  // namespace

void DeskService::get_arrival(Call& call) {
    call.read_query({});
    if (call.has_faults()) return;
    with_board(call, [&] {
        const auto found = find_purchase(call);
        if (!found) return;
        boost::json::object out{{"chances", chances_json(view_, *found)}};
        out = without_blanks(out);
        put(out, "at", call.now());
        call.send(200, out);
    });
}

void DeskService::get_remedies(Call& call) {
    call.read_query({"system", "reference", "complaint", "claim", "arrival_chance", "claim_chance",
                     "accept_chance", "part", "resend", "resend_other", "gift", "return_postage"});
    const auto complaint = read_complaint(call);
    engine::RemedyAsk ask{.claim = read_claim_state(call)};
    ask.chances.arrival = read_chance(call, "arrival_chance");
    ask.chances.claim = read_chance(call, "claim_chance");
    ask.chances.accept = read_chance(call, "accept_chance");
    for (const auto* name : {"system", "reference"})
        if (!call.query(name)) call.fault(name, "missing");
    for (const auto* name : {"part", "resend", "resend_other", "gift", "return_postage"})
        static_cast<void>(call.query_number(name, 1, Money::max_minor));
    if (call.has_faults()) return;
    ask.reason = *complaint;
    with_board(call, [&] {
        const auto sale = view_.find_sale(*call.query("system"), *call.query("reference"));
        if (!sale) return call.send("unknown_sale");
        ask.part = read_amount(call, "part", sale->sale);
        ask.resend = read_amount(call, "resend", sale->sale);
        ask.resend_other = read_amount(call, "resend_other", sale->sale);
        ask.gift = read_amount(call, "gift", sale->sale);
        ask.return_postage = read_amount(call, "return_postage", sale->sale);
        const auto found = engine::remedies_of(view_, book_, *sale, ask);
        if (!found) return call.send(told("malformed", found.error().sentence));
        auto out = without_blanks(remedies_json(*found));
        out["system"] = sale->sale.system;
        out["reference"] = sale->sale.reference;
        put(out, "at", call.now());
        call.send(200, out);
    });
}

// What is kept is what the desk shows for this complaint now.
void DeskService::choose_remedy(Call& call) {
    call.read_query({});
    std::string system, reference, way;
    engine::RemedyAsk ask;
    const auto request = call.read_request(Body::needed, [&](Members& body) {
        const bool is_there = body.object("sale", [&](Members& sale) {
            sale.need("system", system, order_name_rule);
            sale.need("reference", reference, order_name_rule);
        });
        if (!is_there) body.reading().fault(body.pointer_to("sale"), "missing");
        body.need("complaint", ask.reason);
        body.need("way", way, order_name_rule);
    });
    if (!request) return;
    if (!desk::is_complaint(ask.reason)) return call.send("malformed");
    with_board(call, [&] {
        const auto purchase = find_purchase(call);
        if (!purchase) return;
        const auto sale = view_.find_sale(system, reference);
        if (!sale) return call.send("unknown_sale");
        if (std::ranges::find(sale->purchases, purchase->stream, &engine::PurchaseView::stream) ==
            sale->purchases.end())
            return call.send(told("remedy_not_offered", "the purchase does not serve this sale"));
        const auto found = engine::remedies_of(view_, book_, *sale, ask);
        if (!found) return call.send(told("malformed", found.error().sentence));
        const auto choice = engine::chosen_of(*sale, *found, way);
        if (!choice) return call.send(told("remedy_not_offered", "no such way is allowed here"));
        const auto written = write(call.caller(), purchase->stream,
                                   {.what = *choice,
                                    .by = call.caller().name,
                                    .at = call.now(),
                                    .key = request->key,
                                    .hash = request->hash});
        if (!written) return call.send(written.error());
        std::vector<http::Header> more;
        if (written->is_repeated) more.push_back({"Idempotency-Replayed", "true"});
        call.send(200, row_view(engine::to_row(*purchase), written->state, call.now()),
                  std::move(more));
    });
}

void DeskService::get_claim_packet(Call& call) {
    constexpr std::int64_t letters_most = 1'000'000;
    call.read_query({"complaint", "reason", "text_most", "language"});
    const auto complaint = may_complaint(call);
    const auto reason = call.query_word<terms::Reason>("reason");
    const auto most = call.query_number("text_most", 1, letters_most);
    const auto language = call.query("language");
    const auto asked = language ? book_.languages.find(*language) : book_.languages.end();
    if (language && asked == book_.languages.end()) call.fault("language", "invalid");
    if (call.has_faults()) return;
    with_board(call, [&] {
        const auto found = find_purchase(call);
        if (!found) return;
        const auto& phrases =
            language ? asked->second
                     : engine::phrases_for(settings_, book_.languages, found->purchase);
        auto form = desk::form_of(found->purchase.system);
        if (most) form.text_most = static_cast<std::size_t>(*most);
        const auto packet =
            desk::claim_packet(found->purchase, found->parcels, found->terms, settings_.options,
                               {.complaint = complaint,
                                .reason = reason,
                                .customer_due_by = desk::first_answer_due(found->item.disputes),
                                .filed = found->filed},
                               form, phrases, call.now());
        if (!packet) return call.send(told("not_granted", packet.error()));
        auto out = without_blanks(packet_json(*packet));
        put(out, "at", call.now());
        call.send(200, out);
    });
}

}  // namespace holdfast::api
