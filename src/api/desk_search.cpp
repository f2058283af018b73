// Where an order is, what lapsed, and which sale is which purchase.
#include "api/beside_engine.h"
#include "api/desk_json.h"
#include "api/desk_service.h"
#include "api/json_out.h"
#include "api/wire_id.h"
#include "engine/desk_reports.h"
#include "formats/desk_sheets.h"
#include "formats/supplier_sheets.h"

#include <algorithm>
#include <filesystem>
#include <utility>

namespace holdfast::api {
namespace {

namespace json = boost::json;

using State = desk::LinkSeen::State;

std::string link_id(const desk::Link& link) {
    return "lin_" + to_base32(engine::link_stream(desk::said_of(link, State::open)).bytes);
}

struct ReportKind {
    std::string_view ending, media_type;
};
constexpr ReportKind report_kinds[] = {
    {"csv", "text/csv; charset=utf-8"},
    {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    {"ics", "text/calendar; charset=utf-8"},
};

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
        auto found = view_.search(text);
        for (auto& one : found.purchases) view_.tell_arrival(one);
        engine::DeskWork work(*store_);
        json::array sales, purchases, parcels;
        const auto rows_of = [&](const std::vector<engine::PurchaseView>& views) {
            json::array rows;
            for (const auto& one : views) {
                const auto state = work.find(one.stream);
                if (may_touch(call.caller(), state))
                    rows.push_back(row_view(engine::to_row(one), state, call.now()));
            }
            return rows;
        };
        for (auto& sale : found.sales) {
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

desk::AuditTotals DeskService::audit_all(Instant now, engine::StoreAge* age,
                                         desk::DriftWatch* drift) const {
    const auto reads = open_store_();
    engine::DeskView view(*reads, book_, settings_, now);
    desk::Audit audited(now);
    view.each_purchase([&](const engine::PurchaseView& one) {
        audited.add(one.item, one.purchase);
        if (drift) engine::watch(*drift, one, settings_.options, now);
        return true;
    });
    if (age) *age = view.age();
    return audited.totals();
}

std::vector<desk::WorkItem> DeskService::rank_all(Instant now, bool with_arrivals) const {
    const auto reads = open_store_();
    engine::DeskView view(*reads, book_, settings_, now);
    if (with_arrivals) view.learn_arrivals();
    return engine::worklist_of(view);
}

void DeskService::audit(const Shared& call) {
    call->read_query({});
    if (call->has_faults()) return;
    const bool is_taken = long_work_.submit([this, call] {
        do_work(*call, [&](Call& asked) {
            engine::StoreAge age;
            desk::DriftWatch drift;
            const auto totals = audit_all(asked.now(), &age, &drift);
            json::object out;
            put(out, "at", asked.now());
            out["currencies"] = currencies_json(totals);
            out["purchases"] = totals.purchases;
            out["settled"] = totals.settled;
            out["unknown"] = totals.unknown;
            out["estimated"] = totals.estimated;
            out["tasks"] = tasks_json(drift.found());
            out["based_on"] = without_blanks(age_json(age));
            asked.send(200, out);
        });
    });
    if (!is_taken) call->send("busy");
}

// The sheets of a report; none: there is no such report.
std::vector<formats::Sheet> DeskService::sheets_of(std::string_view what, Instant now) const {
    if (what == "worklist") return {formats::worklist_sheet(rank_all(now, /*with_arrivals=*/true))};
    if (what == "audit") return formats::audit_sheets(audit_all(now));
    const auto reads = open_store_();
    engine::DeskView view(*reads, book_, settings_, now);
    if (what == "arrivals") return {formats::lanes_sheet(desk::lanes_of(view.journeys()))};
    if (what == "scorecards") return formats::scorecard_sheets(engine::scorecards_of(view));
    if (what == "recovery") return formats::recovery_sheets(engine::recovery_of(view));
    if (what == "gap") return formats::gap_sheets(engine::gap_of(view, book_));
    return {};
}

// "worklist.csv", "audit.xlsx", …; of the worklist also "worklist.ics".
void DeskService::report(const Shared& call) {
    call->read_query({});
    if (call->has_faults()) return;
    const std::string name(call->parameter("report"));
    const auto dot = name.find('.');
    const auto what = name.substr(0, dot);
    const auto ending = dot == name.npos ? std::string() : name.substr(dot + 1);
    const auto* const kind = std::ranges::find(report_kinds, ending, &ReportKind::ending);
    if (kind == std::end(report_kinds) || (ending == "ics" && what != "worklist"))
        return call->send("not_found");
    const bool is_taken = long_work_.submit([this, call, name, what, kind] {
        do_work(*call, [&](Call& asked) {
            http::Answer answer{
                .headers = {{"Content-Type", std::string(kind->media_type)},
                            {"Content-Disposition", "attachment; filename=\"" + name + "\""}}};
            std::vector<formats::Sheet> sheets;
            if (kind->ending == "ics") {
                answer.body = formats::closing_calendar(
                    rank_all(asked.now(), /*with_arrivals=*/false), asked.now());
            } else {
                sheets = sheets_of(what, asked.now());
                if (sheets.empty()) return asked.send("not_found");
            }
            if (kind->ending == "csv") answer.body = formats::to_csv(sheets.front());
            if (kind->ending == "xlsx") {
                auto book = formats::to_xlsx(sheets, std::filesystem::temp_directory_path());
                if (!book) return asked.send("unavailable");
                answer.body = *std::move(book);
            }
            asked.send(std::move(answer));
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
        const auto link = view_.find_link(engine::link_stream(seen));
        importer.add(desk::said_now(seen, link ? &*link : nullptr, call.now()));
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
                order.need("system", system, order_name_rule);
                order.need("reference", reference, order_name_rule);
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
