// The worklist, its rows, and what people do about them.
#include "api/desk_json.h"
#include "api/desk_service.h"
#include "api/json_out.h"
#include "api/wire_id.h"
#include "desk/text.h"

#include <algorithm>
#include <set>
#include <utility>

namespace holdfast::api {
namespace {

namespace json = boost::json;

constexpr std::size_t rows_most = 100;  // that one request changes
constexpr std::size_t days_of_curve = 30;

const TextRule case_rule{.least = 1, .most = 100, .allows = has_no_controls};

std::string user_name(const IdBytes& user) { return "usr_" + to_base32(user); }

bool is_assistant(const Caller& caller) { return !caller.key && caller.roles == assistant; }

// "claim_now,closing_soon"
std::set<desk::WorkWord> read_words(Call& call) {
    std::set<desk::WorkWord> words;
    auto rest = call.query("word").value_or("");
    while (!rest.empty()) {
        const auto end = std::min(rest.find(','), rest.size());
        const auto word = desk::parse_work_word(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (word)
            words.insert(*word);
        else
            call.fault("word", "invalid");
    }
    return words;
}

std::string text_query(const Call& call, std::string_view name) {
    return std::string(call.query(name).value_or(""));
}

engine::BoardFilter read_filter(Call& call) {
    engine::BoardFilter filter{.words = read_words(call),
                               .store = text_query(call, "store"),
                               .account = text_query(call, "account"),
                               .seller = text_query(call, "seller"),
                               .snoozed = call.query_flag("snoozed")};
    const auto& caller = call.caller();
    if (is_assistant(caller)) filter.seen_by = caller.name;
    const auto whose = call.query("assignee");
    if (!whose) return filter;
    if (*whose == "none")
        filter.unassigned = true;
    else if (*whose == "me" && caller.is_person())
        filter.assignee = caller.name;
    else if (parse_prefixed("usr", *whose))
        filter.assignee = *whose;
    else
        call.fault("assignee", "invalid");
    return filter;
}

json::object line_view(const desk::Line& line) {
    json::object out;
    const auto put_text = [&](std::string_view name, const desk::MaybeHeld<std::string>& text) {
        if (text && !text->value.empty()) out[name] = text->value;
    };
    put_text("product_id", line.product_id);
    put_text("sku", line.sku);
    put_text("title", line.title);
    put_text("end_reason", line.end_reason);
    if (line.quantity) out["quantity"] = line.quantity->value;
    if (line.price) out["price"] = money_json(line.price->value);
    return out;
}

json::object parcel_view(const desk::Parcel& parcel) {
    json::object out;
    out["tracking_number"] = parcel.tracking_number;
    if (const auto carrier = desk::text_of(parcel.carrier); !carrier.empty())
        out["carrier"] = carrier;
    out["status"] = to_string(desk::status_of(parcel));
    if (const auto scan = desk::last_scan(parcel)) {
        put(out, "last_scan_at", scan->at.at);
        if (!scan->text.empty()) out["last_scan"] = scan->text;
    }
    if (const auto delivered = desk::delivered_at(parcel))
        put(out, "delivered_at", delivered->at.at);
    return out;
}

// What each source says of the order's state, apart.
json::array readings_view(const desk::Purchase& purchase) {
    json::array readings;
    for (const auto& [format, one] : purchase.readings) {
        json::object out;
        out["source"] = desk::source_of(one.origin);
        put(out, "seen_at", one.origin.seen_at);
        out["phase"] = to_string(one.phase);
        if (!one.status.empty()) out["status"] = one.status;
        if (!one.end_reason.empty()) out["end_reason"] = one.end_reason;
        if (const auto promise = purchase.promises.find(format); promise != purchase.promises.end())
            put(out, "promised_by", promise->second.value.at);
        readings.push_back(std::move(out));
    }
    return readings;
}

json::object done_view(store::Store& store, const engine::RowDone& done) {
    json::object out;
    put(out, "at", done.at);
    out["by"] = done.by;
    struct Tell {
        store::Store& store;
        json::object& out;
        void operator()(const engine::RowAssigned& what) const {
            out["what"] = "assigned";
            if (!what.to.empty()) out["to"] = what.to;
        }
        void operator()(const engine::RowSnoozed& what) const {
            out["what"] = "snoozed";
            put(out, "until", what.until);
        }
        void operator()(const engine::ClaimFiled& what) const {
            out["what"] = "claim_filed";
            if (!what.case_number.empty()) out["case_number"] = what.case_number;
            if (!what.reason.empty()) out["reason"] = what.reason;
            if (!what.dispute_reference.empty())
                out["customer_dispute"] = json::object{{"system", what.dispute_system},
                                                       {"reference", what.dispute_reference}};
        }
        void operator()(const engine::RemedyChosen& what) const {
            out["what"] = "remedy_chosen";
            out["sale"] =
                json::object{{"system", what.sale_system}, {"reference", what.sale_reference}};
            out["complaint"] = what.complaint;
            out["way"] = what.way;
        }
        void operator()(const engine::RowNoted& what) const {
            out["what"] = "noted";
            if (auto text = store.text_of(what.text)) out["text"] = *std::move(text);
        }
    };
    std::visit(Tell{store, out}, done.what);
    return out;
}

}  // namespace

// --- Reading

void DeskService::get_worklist(Call& call) {
    call.read_query(
        {"word", "store", "account", "seller", "assignee", "snoozed", "limit", "cursor"});
    const auto filter = read_filter(call);
    const auto limit = call.limit();
    const auto cursor = call.query("cursor");
    if (call.has_faults()) return;
    std::string list = "/v1/desk/worklist\n" + filter.seen_by;
    for (const auto name : {"word", "store", "account", "seller", "assignee", "snoozed"})
        list += "\n" + text_query(call, name);
    const auto from = cursor ? place_of(*cursor, list) : std::uint64_t{0};
    if (!from) return call.send("invalid_cursor");
    engine::BoardPage rows;
    json::object age;
    if (!with_board(call, [&] {
            rows = board_.page(filter, *from, limit);
            age = age_json(view_.age());
        }))
        return;
    json::array data;
    for (const auto& one : rows.lines) data.push_back(row_view(one.view, one.state, call.now()));
    json::object counts;
    for (const auto& [word, count] : rows.counts) counts[to_string(word)] = count;
    json::object page;
    page["data"] = std::move(data);
    page["has_more"] = rows.has_more;
    if (rows.has_more) page["next_cursor"] = cursor_of(*from + limit, list);
    page["counts"] = std::move(counts);
    page["stores"] = texts_json(rows.stores);
    page["accounts"] = texts_json(rows.accounts);
    page["based_on"] = without_blanks(age);
    put(page, "at", call.now());
    call.send(200, page);
}

void DeskService::get_lapse_curve(Call& call) {
    call.read_query({});
    if (call.has_faults()) return;
    engine::LapseCurve curve;
    if (!with_board(call, [&] { curve = board_.curve(days_of_curve); })) return;
    json::array days;
    for (const auto& one : curve.days)
        days.push_back({{"on", holdfast::to_string(one.on)},
                        {"rows", one.rows},
                        {"amount", money_json(one.money)}});
    json::object out;
    out["days"] = std::move(days);
    out["open_rows"] = curve.open_rows;
    out["without_sum"] = curve.without_sum;
    const auto span = static_cast<std::uint64_t>(engine::DeskBoard::pace_span.count());
    out["claims_filed"] = curve.filed_in_span;
    out["pace_days"] = span;
    put(out, "at", call.now());
    call.send(200, out);
}

std::optional<engine::PurchaseView> DeskService::find_purchase(Call& call) {
    const auto id = parse_prefixed("pur", call.parameter("purchase_id"));
    auto found = id ? view_.find_purchase(store::StreamId{*id}) : std::nullopt;
    if (!found || !may_touch(call.caller(), engine::DeskWork(*store_).find(found->stream)))
        return call.send("not_found"), std::nullopt;
    return found;
}

// Of a purchase, or of a customer's dispute.
std::optional<engine::RowView> DeskService::find_row(Call& call) {
    const auto id = parse_prefixed("mov", call.parameter("purchase_id"));
    if (!id) {
        auto purchase = find_purchase(call);
        if (!purchase) return std::nullopt;
        return engine::to_row(*purchase);
    }
    auto found = view_.find_dispute(store::StreamId{*id});
    if (!found || !may_touch(call.caller(), engine::DeskWork(*store_).find(found->stream)))
        return call.send("not_found"), std::nullopt;
    return found;
}

// An assistant sees rows that are nobody's or their own.
bool DeskService::may_touch(const Caller& caller, const engine::RowState& state) const {
    return !is_assistant(caller) || state.assignee.empty() || state.assignee == caller.name;
}

void DeskService::get_purchase(Call& call) {
    call.read_query({});
    if (call.has_faults()) return;
    with_board(call, [&] {
        auto found = find_purchase(call);
        if (!found) return;
        view_.tell_arrival(*found);
        engine::DeskWork work(*store_);
        auto out = row_view(engine::to_row(*found), work.find(found->stream), call.now());
        json::array lines, parcels, done;
        for (const auto& line : desk::lines_of(found->purchase)) lines.push_back(line_view(line));
        for (const auto& parcel : found->parcels) parcels.push_back(parcel_view(parcel));
        for (const auto& one : work.history(found->stream)) done.push_back(done_view(*store_, one));
        out["lines"] = std::move(lines);
        out["parcels"] = std::move(parcels);
        out["readings"] = readings_view(found->purchase);
        out["done"] = std::move(done);
        call.send(200, out);
    });
}

// --- What people do

namespace {

struct RowWish {
    engine::RowEvent what;
    std::optional<IdBytes> to = {};  // of an assignment
    std::string note = {};           // of a note
};

void read_assignee(Call& call, Members& body, RowWish& wish) {
    engine::RowAssigned assigned;
    if (body.has("to")) {
        std::string text;
        body.may("to", text, TextRule{.least = 1});
        if (text == "me" && call.caller().is_person()) text = call.caller().name;
        wish.to = parse_prefixed("usr", text);
        if (!text.empty() && !wish.to) body.reading().fault(body.pointer_to("to"), "invalid");
        assigned.to = text;
    }
    wish.what = assigned;
}

void read_until(Call& call, Members& body, RowWish& wish) {
    engine::RowSnoozed snoozed;
    body.may("until", snoozed.until);
    if (snoozed.until && *snoozed.until <= call.now())
        body.reading().fault(body.pointer_to("until"), "too_small");
    wish.what = snoozed;
}

void read_claim(Members& body, RowWish& wish) {
    engine::ClaimFiled filed;
    terms::Reason reason{};
    body.need("reason", reason);
    body.may("case_number", filed.case_number, case_rule);
    body.object("customer_dispute", [&](Members& dispute) {
        dispute.need("system", filed.dispute_system, order_name_rule);
        dispute.need("reference", filed.dispute_reference, order_name_rule);
    });
    filed.reason = terms::to_string(reason);
    wish.what = filed;
}

void read_note(Members& body, RowWish& wish) {
    constexpr std::size_t bytes_most = 4'000;
    body.need("text", wish.note, TextRule{.least = 1, .most = bytes_most});
    wish.what = engine::RowNoted{};
}

// Whether this caller may give a row to that user; a code of the contract, or empty.
std::string_view wrong_with(const Caller& caller, const RowWish& wish,
                            const DeskService::KnowsUser& knows_user) {
    if (!wish.to) return {};
    if (!knows_user(*wish.to)) return "assignee_unknown";
    return is_assistant(caller) && user_name(*wish.to) != caller.name ? "wrong_role" : "";
}

engine::RowAsk ask_of(const Call& call, const RowWish& wish, const KeyRequest& request) {
    return {.what = wish.what,
            .by = call.caller().name,
            .at = call.now(),
            .key = request.key,
            .hash = request.hash};
}

}  // namespace

std::expected<engine::DeskWork::Written, std::string_view> DeskService::write(
    const Caller& caller, const store::StreamId& purchase, const engine::RowAsk& ask) {
    std::optional<engine::DeskWork::Written> written;
    bool is_taken = false;
    engine_.with_store([&](store::Store& store, engine::Writer&) {
        engine::DeskWork work(store);
        // Somebody may have taken it since it was looked at.
        is_taken = !may_touch(caller, work.find(purchase));
        if (!is_taken) written = work.write(purchase, ask);
    });
    if (is_taken) return std::unexpected("row_taken");
    if (!written) return std::unexpected("key_reused");
    return *written;
}

bool DeskService::find_dispute_of(engine::ClaimFiled& filed, const desk::WorkItem& item) {
    if (!filed.dispute_reference.empty())
        return view_
            .find_dispute(engine::movement_stream(filed.dispute_system, filed.dispute_reference))
            .has_value();
    if (item.disputes.size() == 1) {
        filed.dispute_system = item.disputes.front().system;
        filed.dispute_reference = item.disputes.front().reference;
    }
    return true;
}

void DeskService::change_row(Call& call, const KnowsUser& knows_user) {
    call.read_query({});
    RowWish wish;
    const auto request = call.read_request(Body::may_be_empty, [&](Members& body) {
        switch (call.operation()) {
        case Operation::assign_row: return read_assignee(call, body, wish);
        case Operation::snooze_row: return read_until(call, body, wish);
        case Operation::note_row:   return read_note(body, wish);
        default:                    return read_claim(body, wish);
        }
    });
    if (!request) return;
    if (const auto wrong = wrong_with(call.caller(), wish, knows_user); !wrong.empty())
        return call.send(wrong);
    with_board(call, [&] {
        auto found = find_row(call);
        if (!found) return;
        if (auto* filed = std::get_if<engine::ClaimFiled>(&wish.what)) {
            if (found->item.is_dispute) return call.send("not_found");
            if (!find_dispute_of(*filed, found->item)) return call.send("unknown_customer_dispute");
        }
        if (!wish.note.empty())
            engine_.with_store([&](store::Store& store, engine::Writer&) {
                wish.what = engine::RowNoted{store.keep_text(found->stream.bytes, wish.note)};
            });
        const auto written = write(call.caller(), found->stream, ask_of(call, wish, *request));
        if (!written) return call.send(written.error());
        // Nothing else that is done to a row changes what it says.
        if (std::holds_alternative<engine::ClaimFiled>(wish.what)) {
            board_.refresh(call.now());
            found = find_row(call);
            if (!found) return;
        }
        std::vector<http::Header> more;
        if (written->is_repeated) more.push_back({"Idempotency-Replayed", "true"});
        call.send(200, row_view(*found, written->state, call.now()), std::move(more));
    });
}

void DeskService::change_rows(Call& call, const KnowsUser& knows_user) {
    call.read_query({});
    RowWish wish;
    std::vector<std::pair<std::string, store::StreamId>> rows;  // by their ids
    const auto request = call.read_request(Body::needed, [&](Members& body) {
        std::string action;
        body.need("action", action, TextRule{.least = 1});
        if (action == "assign")
            read_assignee(call, body, wish);
        else if (action == "snooze")
            read_until(call, body, wish);
        else if (!action.empty())
            body.reading().fault("/action", "invalid");
        body.each_value("purchases", 1, rows_most,
                        [&](const json::value& value, const std::string& pointer) {
                            std::string text;
                            if (!body.read(value, pointer, text, TextRule{.least = 1})) return;
                            auto id = parse_prefixed("pur", text);
                            if (!id) id = parse_prefixed("mov", text);
                            if (id)
                                rows.emplace_back(text, store::StreamId{*id});
                            else
                                body.reading().fault(pointer, "invalid");
                        });
    });
    if (!request) return;
    if (const auto wrong = wrong_with(call.caller(), wish, knows_user); !wrong.empty())
        return call.send(wrong);
    with_board(call, [&] {
        json::array data;
        for (const auto& [id, stream] : rows) {
            json::object one{{"id", id}};
            const auto state = board_.state_of(stream);
            const bool is_seen = state && may_touch(call.caller(), *state);
            const auto written = is_seen
                                     ? write(call.caller(), stream, ask_of(call, wish, *request))
                                     : std::unexpected(std::string_view("not_found"));
            if (!written) one["problem"] = word(written.error());
            one["done"] = written.has_value();
            data.push_back(std::move(one));
        }
        call.send(200, {{"data", data}});
    });
}

}  // namespace holdfast::api
