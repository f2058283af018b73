// How parties behave: the figures of their orders, what each figure comes from, and who shares a
// mark with whom.
#include "api/identities.h"
#include "api/json_out.h"
#include "api/order_view.h"
#include "api/service.h"
#include "store/codec/enum_words.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace holdfast::api {
namespace {

namespace json = boost::json;
using order::Figure;

constexpr std::int64_t days_usual = 90, days_most = 3650;
constexpr std::size_t value_most = 1024;

json::object figure_view(std::span<const order::Conduct> orders, Figure figure) {
    const auto found = order::tally(orders, figure);
    json::object out;
    out["figure"] = order::to_string(figure);
    out["count"] = found.count;
    out["of"] = found.of;
    if (const auto rate = found.rate()) out["rate_basis_points"] = *rate;
    json::array reasons, amounts;
    for (std::size_t i = 0; i < found.by_reason.size(); ++i)
        if (found.by_reason[i] > 0)
            reasons.push_back({{"reason", word(terms::to_string(static_cast<terms::Reason>(i)))},
                               {"count", found.by_reason[i]}});
    for (const auto& [currency, amount] : found.amounts)
        amounts.push_back(money_view(amount, currency));
    if (!reasons.empty()) out["by_reason"] = std::move(reasons);
    if (!amounts.empty()) out["amounts"] = std::move(amounts);
    return out;
}

// A party's orders of each side.
struct Sides {
    engine::ConductOf bought, sold;
};

json::array figures_view(const std::vector<order::Conduct>& bought,
                         const std::vector<order::Conduct>& sold) {
    json::array figures;
    for (std::size_t i = 0; i < terms::count_of<Figure>; ++i) {
        const auto figure = static_cast<Figure>(i);
        figures.push_back(figure_view(order::is_of_buyer(figure) ? bought : sold, figure));
    }
    return figures;
}

json::object cause_view(const store::StreamId& stream, const order::Conduct& conduct,
                        const order::Cause& cause) {
    json::object out;
    out["order_id"] = order_id(stream.bytes);
    out["sequence"] = cause.seq;
    put(out, "at", cause.at);
    out["because"] = order::to_string(cause.because);
    if (cause.dispute) out["dispute_id"] = thing_id("dsp", stream.bytes, *cause.dispute);
    if (cause.chargeback) out["chargeback_id"] = thing_id("chb", stream.bytes, *cause.chargeback);
    if (cause.reason) out["reason"] = terms::to_string(*cause.reason);
    if (cause.amount > 0) out["amount"] = money_view(cause.amount, conduct.currency);
    out["counts"] = !cause.undone;
    if (!cause.undone) return out;
    json::object undone;
    undone["by"] = order::to_string(cause.undone->by);
    undone["sequence"] = cause.undone->seq;
    put(undone, "at", cause.undone->at);
    out["undone"] = std::move(undone);
    return out;
}

json::object linked_view(const LinkedParty& linked) {
    json::array shared;
    for (const auto& one : linked.shared) {
        json::object row{{"kind", word(to_string(one.kind))}};
        put(row, "since", one.since);
        shared.push_back(std::move(row));
    }
    return {{"party_id", party_id(linked.party)}, {"shared", std::move(shared)}};
}

}  // namespace

// --- The span, and whose figures

// Of the path: one that has a book, or orders. Nothing: it was answered.
std::optional<IdBytes> Service::known_party(Call& call) {
    const auto id = parse_prefixed("pty", call.parameter("party_id"));
    const auto& caller = call.caller();
    const bool may_see = id && (caller.sees_all() || caller.party == *id);
    const bool is_known = may_see && reads_.with([&](store::Store& store) {
        if (store.load({*id}).kind == store::StreamKind::party) return true;
        const auto has_orders = [&](bool as_buyer) {
            return !store.newest_with(engine::party_term({*id}, as_buyer), UINT64_MAX, 1).empty();
        };
        return has_orders(/*as_buyer=*/true) || has_orders(/*as_buyer=*/false);
    });
    if (!is_known) return call.send("not_found"), std::nullopt;
    return id;
}

struct Service::ConductAsked {
    order::PartyId party;
    Instant since{}, until{};
};

// Nothing: it was answered. The caller has told its other fields of the query.
std::optional<Service::ConductAsked> Service::conduct_asked(Call& call) {
    const auto until = call.query_instant("until");
    const auto days = call.query_number("days", 1, days_most);
    if (call.has_faults()) return std::nullopt;
    const auto id = known_party(call);
    if (!id) return std::nullopt;
    ConductAsked asked{.party = {*id}, .until = until.value_or(call.now())};
    asked.since = asked.until - std::chrono::days{days.value_or(days_usual)};
    return asked;
}

void Service::get_party_metrics(Call& call) {
    call.read_query({"days", "until"});
    const auto asked = conduct_asked(call);
    if (!asked) return;
    const auto sides_of = [&](order::PartyId party) {
        return Sides{reads_.conduct(party, /*as_buyer=*/true, asked->since, asked->until),
                     reads_.conduct(party, /*as_buyer=*/false, asked->since, asked->until)};
    };
    auto own = sides_of(asked->party);
    json::object out;
    out["object"] = "party_metrics";
    out["party_id"] = party_id(asked->party.bytes);
    put(out, "since", asked->since);
    put(out, "until", asked->until);
    out["figures"] = figures_view(own.bought.conducts, own.sold.conducts);
    out["orders_not_read"] = own.bought.unread + own.sold.unread;
    out["is_cut"] = own.bought.is_cut || own.sold.is_cut;
    const auto linked = call.caller().sees_all() ? reads_.with([&](store::Store& store) {
        return linked_parties(store, asked->party.bytes);
    })
                                                 : std::vector<LinkedParty>{};
    if (!linked.empty()) {
        json::array parties;
        for (const auto& one : linked) {
            const auto other = sides_of({one.party});
            for (const auto& [all, more] :
                 {std::pair(&own.bought, &other.bought), std::pair(&own.sold, &other.sold)})
                all->conducts.insert(all->conducts.end(), more->conducts.begin(),
                                     more->conducts.end());
            parties.push_back(linked_view(one));
        }
        out["with_linked"] = {{"parties", std::move(parties)},
                              {"figures", figures_view(own.bought.conducts, own.sold.conducts)}};
    }
    call.send(200, out);
}

// What one figure comes from, the newest order first, and what of it counts no more.
void Service::list_metric_causes(Call& call) {
    call.read_query({"days", "until", "limit", "cursor"});
    const auto asked = conduct_asked(call);
    if (!asked) return;
    const auto figure = store::find_enumerator<Figure>(call.parameter("figure"));
    if (!figure) return call.send("not_found");
    const auto found =
        reads_.conduct(asked->party, order::is_of_buyer(*figure), asked->since, asked->until);
    std::vector<json::object> rows;
    for (std::size_t i = 0; i < found.orders.size(); ++i) {
        const auto& conduct = found.conducts[i];
        for (auto cause = conduct.causes.rbegin(); cause != conduct.causes.rend(); ++cause)
            if (cause->figure == *figure)
                rows.push_back(cause_view(found.orders[i], conduct, *cause));
    }
    auto list = call.request().target.path;
    for (const auto name : {"days", "until"})
        list += "\n" + std::string(call.query(name).value_or(""));
    json::object head{{"object", "metric_causes"}};
    head["party_id"] = party_id(asked->party.bytes);
    head["figure"] = order::to_string(*figure);
    put(head, "since", asked->since);
    put(head, "until", asked->until);
    send_page(call, list, rows.size(), [&](std::size_t i) { return rows[i]; }, std::move(head));
}

// --- Marks

void Service::tell_identity(Call& call) {
    call.read_query({});
    Identity identity;
    bool is_withdrawn = false;
    const bool is_read = call.read_body(Body::needed, [&](Members& body) {
        body.need("kind", identity.kind);
        body.need("value", identity.value,
                  TextRule{.least = 1, .most = value_most, .allows = has_no_controls});
        body.may("withdrawn", is_withdrawn);
        if (body.has("value") && !identity.value.empty() && folded(identity).empty())
            body.reading().fault("/value", "invalid");
    });
    if (!is_read) return;
    const auto party = known_party(call);
    if (!party) return;
    Instant at{};
    engine_.with_store([&](store::Store& store, engine::Writer&) {
        at = api::tell_identity(store, *party, identity, is_withdrawn, call.now(), options_.random);
    });
    json::object out;
    out["object"] = "identity";
    out["party_id"] = party_id(*party);
    out["kind"] = to_string(identity.kind);
    out["withdrawn"] = is_withdrawn;
    put(out, "at", at);
    call.send(200, out);
}

void Service::list_linked_parties(Call& call) {
    call.read_query({"limit", "cursor"});
    const auto party = known_party(call);
    if (!party) return;
    const auto linked =
        reads_.with([&](store::Store& store) { return linked_parties(store, *party); });
    send_page(call, call.request().target.path, linked.size(),
              [&](std::size_t i) { return linked_view(linked[i]); });
}

}  // namespace holdfast::api
