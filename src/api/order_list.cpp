// Orders, the newest first.
#include "api/json_out.h"
#include "api/service.h"

#include <algorithm>
#include <utility>

namespace holdfast::api {
namespace {

namespace json = boost::json;

constexpr std::size_t looked_at_most = 1'000;

struct Span {
    std::optional<Instant> from, before;
    bool holds(Instant at) const { return (!from || at >= *from) && (!before || at < *before); }
};

std::optional<order::PartyId> query_party(Call& call, std::string_view name) {
    const auto text = call.query(name);
    if (!text) return std::nullopt;
    const auto id = parse_prefixed("pty", *text);
    if (!id) call.fault(name, "invalid");
    return id ? std::optional(order::PartyId{*id}) : std::nullopt;
}

// What finds no more orders than need be looked at; empty: any may be among them.
std::string term_of(const Caller& caller, const std::optional<order::PartyId>& bought_by,
                    const std::optional<order::PartyId>& sold_by) {
    if (caller.party)
        return engine::party_term(order::PartyId{*caller.party},
                                  caller.acts_as != order::Party::seller);
    if (bought_by) return engine::party_term(*bought_by, /*as_buyer=*/true);
    if (sold_by) return engine::party_term(*sold_by, /*as_buyer=*/false);
    return {};
}

}  // namespace

void Service::list_orders(Call& call) {
    call.read_query({"reference", "buyer_id", "seller_id", "created_at_gte", "created_at_lt",
                     "limit", "cursor"});
    const auto limit = call.limit();
    const Span span{call.query_instant("created_at_gte"), call.query_instant("created_at_lt")};
    const auto reference = call.query("reference");
    const auto cursor = call.query("cursor");
    const auto& caller = call.caller();
    const auto bought_by = query_party(call, "buyer_id"), sold_by = query_party(call, "seller_id");
    if (call.has_faults()) return;
    std::string list = "/v1/orders";
    for (const auto name :
         {"reference", "buyer_id", "seller_id", "created_at_gte", "created_at_lt"})
        list += "\n" + std::string(call.query(name).value_or(""));
    const auto place = cursor ? place_of(*cursor, list) : UINT64_MAX;
    if (!place) return call.send("invalid_cursor");

    std::vector<store::Store::Begun> begun;
    if (caller.order)
        begun.push_back({.place = 0, .stream = {*caller.order}});
    else if (reference)
        begun = orders_named(*reference);
    else
        begun = reads_.with([&](store::Store& store) {
            const auto term = term_of(caller, bought_by, sold_by);
            return term.empty() ? store.newest(store::StreamKind::order, *place, looked_at_most)
                                : store.newest_with(term, *place, looked_at_most);
        });
    json::array data;
    std::uint64_t last = 0;
    bool has_more = !caller.order && !reference && begun.size() == looked_at_most;
    for (std::size_t i = 0; i < begun.size(); ++i) {
        if (data.size() == limit) {
            has_more = true;
            break;
        }
        last = begun[i].place;
        if (!may_see_order(caller, begun[i].stream.bytes)) continue;
        const auto found = reads_.order(begun[i].stream.bytes, call.now());
        if (!found) continue;  // damaged: where it is asked for
        if (reference && found->live.reference != *reference) continue;
        const auto& sale = found->live.state.terms_of_sale;
        if ((bought_by && sale.buyer != *bought_by) || (sold_by && sale.seller != *sold_by))
            continue;
        if (span.from && found->created_at < *span.from) {
            has_more = false;  // those that follow began before it
            break;
        }
        if (!span.holds(found->created_at)) continue;
        data.push_back(
            order_view(found->seen(usual_reader(caller), options_.livemode), Detail::brief));
    }
    json::object page;
    page["data"] = std::move(data);
    page["has_more"] = has_more;
    if (has_more) page["next_cursor"] = cursor_of(last, list);
    call.send(200, page);
}

std::vector<store::Store::Begun> Service::orders_named(std::string_view reference) {
    const auto term = engine::reference_term(engine::marketplace_account, reference);
    const auto found =
        reads_.with([&](store::Store& store) { return store.search(term, /*prefix=*/false, 1); });
    std::vector<store::Store::Begun> all;
    for (const auto& stream : found) all.push_back({.place = 0, .stream = stream});
    return all;
}

}  // namespace holdfast::api
