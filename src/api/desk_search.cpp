// Where an order is, what lapsed, and which sale is which purchase.
#include "api/beside_engine.h"
#include "api/desk_json.h"
#include "api/desk_service.h"
#include "api/json_out.h"
#include "api/wire_id.h"

#include <algorithm>
#include <utility>

namespace holdfast::api {
namespace {

namespace json = boost::json;

using State = desk::LinkSeen::State;

const TextRule name_rule{.least = 1, .most = 255, .allows = has_no_controls};

std::string link_id(const desk::Link& link) {
    return "lin_" + to_base32(engine::link_stream(desk::said_of(link, State::open)).bytes);
}

json::object link_view(const desk::Link& link) {
    json::object out;
    out["object"] = "desk_link";
    out["id"] = link_id(link);
    out["sale"] = json::object{{"system", link.sale_system}, {"reference", link.sale_reference}};
    out["purchase"] =
        json::object{{"system", link.purchase_system}, {"reference", link.purchase_reference}};
    if (!link.sale_sku.empty()) out["sku"] = link.sale_sku;
    if (!link.purchase_product_id.empty()) out["product_id"] = link.purchase_product_id;
    out["how"] = to_string(link.how());
    out["state"] = to_string(link.state());
    if (link.decision && !link.decision->value.reason.empty())
        out["reason"] = link.decision->value.reason;
    return out;
}

}  // namespace

// --- Search and audit

void DeskService::search(Call& call) {
    call.read_query({"q", "language"});
    const auto text = call.query("q").value_or("");
    const auto phrases = book_.languages.find(call.query("language").value_or("en"));
    if (phrases == book_.languages.end()) call.fault("language", "invalid");
    if (text.empty()) call.fault("q", "missing");
    if (call.has_faults()) return;
    with_board(call, [&] {
        const auto found = view_.search(text);
        engine::DeskWork work(*store_);
        json::array sales, purchases, parcels;
        const auto rows_of = [&](const std::vector<engine::PurchaseView>& views) {
            json::array rows;
            for (const auto& one : views) {
                const auto state = work.find(one.stream);
                if (may_touch(call.caller(), state)) rows.push_back(row_view(one, state));
            }
            return rows;
        };
        for (const auto& sale : found.sales) {
            auto out =
                without_blanks(where_json(sale, engine::where_is(view_, sale, phrases->second)));
            out["object"] = "sale";
            out["purchases"] = rows_of(sale.purchases);
            sales.push_back(std::move(out));
        }
        purchases = rows_of(found.purchases);
        for (const auto& parcel : found.parcels)
            parcels.push_back(json::object{{"tracking_number", parcel.tracking_number}});
        call.send(200, {{"sales", sales}, {"purchases", purchases}, {"parcels", parcels}});
    });
}

void DeskService::audit(const Shared& call) {
    call->read_query({});
    if (call->has_faults()) return;
    const bool is_taken = long_work_.submit([this, call] {
        do_work(*call, [&](Call& asked) {
            const auto reads = open_store_();
            engine::DeskView view(*reads, book_, settings_, asked.now());
            desk::Audit audited(asked.now());
            view.each_purchase([&](const engine::PurchaseView& one) {
                audited.add(one.item, one.purchase);
                return true;
            });
            const auto& totals = audited.totals();
            json::object out;
            put(out, "at", asked.now());
            out["currencies"] = currencies_json(totals);
            out["purchases"] = totals.purchases;
            out["settled"] = totals.settled;
            out["unknown"] = totals.unknown;
            out["estimated"] = totals.estimated;
            out["based_on"] = without_blanks(age_json(view.age()));
            asked.send(200, out);
        });
    });
    if (!is_taken) call->send("busy");
}

// --- Links

void DeskService::list_links(Call& call) {
    call.read_query({"state", "limit", "cursor"});
    const auto text = call.query("state");
    const auto state = text ? desk::parse_link_state(*text) : std::nullopt;
    if (text && !state) call.fault("state", "invalid");
    if (call.has_faults()) return;
    std::vector<desk::Link> links;
    if (!with_board(call, [&] { links = view_.links(); })) return;
    if (state) std::erase_if(links, [&](const auto& one) { return one.state() != *state; });
    std::ranges::sort(links, {}, [](const desk::Link& link) {
        return std::tuple(!link.is_open(), link.sale_reference, link.sale_sku,
                          link.purchase_reference);
    });
    const auto list = "/v1/desk/links\n" + std::string(text.value_or(""));
    send_page(call, list, links.size(), [&](std::size_t i) { return link_view(links[i]); });
}

// A person's word; the same again changes nothing.
desk::Link DeskService::say(Call& call, const desk::LinkSeen& seen) {
    {
        BesideEngine store(engine_, *store_);
        engine::Importer importer(store, call.now(), call.caller().name);
        importer.add(
            {{.format = "given", .seen_at = call.now(), .file = {}, .line = 0}, desk::Seen(seen)});
        importer.flush();
    }
    board_.refresh(call.now());
    return *view_.find_link(engine::link_stream(seen));
}

void DeskService::create_link(Call& call) {
    call.read_query({});
    desk::LinkSeen seen;
    const auto request = call.read_request(Body::needed, [&](Members& body) {
        const auto read_order = [&](std::string_view name, std::string& system,
                                    std::string& reference) {
            const bool is_there = body.object(name, [&](Members& order) {
                order.need("system", system, name_rule);
                order.need("reference", reference, name_rule);
            });
            if (!is_there && !body.has(name)) body.need(name);
        };
        read_order("sale", seen.sale_system, seen.sale_reference);
        read_order("purchase", seen.purchase_system, seen.purchase_reference);
    });
    if (!request) return;
    with_board(call, [&] {
        if (!view_.find_sale(seen.sale_system, seen.sale_reference))
            return call.send("unknown_sale");
        if (!view_.find_purchase(seen.purchase_system, seen.purchase_reference))
            return call.send("unknown_purchase");
        const auto link = say(call, seen);
        call.send(201, link_view(link), {{"Location", "/v1/desk/links/" + link_id(link)}});
    });
}

void DeskService::answer_link(Call& call, State state) {
    call.read_query({});
    const auto request = call.read_request(Body::may_be_empty, [](Members&) {});
    if (!request) return;
    with_board(call, [&] {
        const auto id = parse_prefixed("lin", call.parameter("link_id"));
        const auto link = id ? view_.find_link(store::StreamId{*id}) : std::nullopt;
        if (!link) return call.send("not_found");
        call.send(200, link_view(say(call, desk::said_of(*link, state))));
    });
}

}  // namespace holdfast::api
