// Parties and the books of their money.
#include "api/json_out.h"
#include "api/party_requests.h"
#include "api/receipt.h"
#include "api/service.h"
#include "base/verify.h"
#include "ledger/party_evolve.h"
#include "ledger/statement.h"
#include "store/codec/event_codec.h"

#include <algorithm>
#include <utility>

namespace holdfast::api {
namespace {

namespace json = boost::json;

constexpr std::size_t payouts_shown = 100;
constexpr std::uint64_t payout_most = 4'294'967'295;

json::object payout_view(const FoundParty& found, std::size_t i) {
    const auto& payout = found.book.payouts[i];
    json::object out;
    out["id"] = thing_id("pyo", found.stream.bytes, i + 1);
    out["amount"] = money_view(payout.amount, payout.currency);
    out["state"] = ledger::to_string(payout.state);
    if (payout.state != ledger::PayoutState::in_flight) put(out, "told_at", payout.told_at);
    return out;
}

json::object party_view(const FoundParty& found, bool livemode) {
    const auto& book = found.book;
    json::array holds, payouts;
    for (const auto& hold : book.holds) {
        json::object row;
        row["reason"] = ledger::to_string(hold.reason);
        row["by"] = terms::to_string(hold.by);
        put(row, "since", hold.since);
        holds.push_back(std::move(row));
    }
    for (auto i = book.payouts.size(); i > 0 && payouts.size() < payouts_shown; --i)
        payouts.push_back(payout_view(found, i - 1));
    json::object out;
    out["object"] = "party";
    out["id"] = party_id(found.stream.bytes);
    if (!found.reference.empty()) out["reference"] = found.reference;
    out["livemode"] = livemode;
    out["version"] = found.version;
    out["holds"] = std::move(holds);
    out["reserve"] = {{"basis_points", book.reserve.basis_points}, {"days", book.reserve.days}};
    out["deposit_covers_debt"] = book.deposit_covers_debt;
    if (!book.payout_account.empty()) out["payout_account"] = book.payout_account;
    out["payouts"] = std::move(payouts);
    return out;
}

// A statement's page and an entry list want the party's events as the ledger knows them.
std::vector<ledger::Recorded> events_of(const store::History& history) {
    std::vector<ledger::Recorded> events;
    for (const auto& event : history.events) {
        auto decoded = store::decode_party_event(event);
        VERIFY(decoded.has_value());
        events.push_back(*std::move(decoded));
    }
    return events;
}

}  // namespace

std::optional<FoundParty> Service::find_party(Call& call) {
    const auto id = parse_prefixed("pty", call.parameter("party_id"));
    const auto& caller = call.caller();
    if (!id || !(caller.sees_all() || caller.party == *id))
        return call.send("not_found"), std::nullopt;
    auto found = reads_.party(*id);
    if (found) return *std::move(found);
    call.send(found.error());
    return std::nullopt;
}

void Service::create_party(const Shared& call) {
    call->read_query({});
    std::string reference;
    const auto request = call->read_request(Body::needed, [&](Members& body) {
        body.need("reference", reference, TextRule{.least = 1, .allows = has_no_controls});
    });
    if (!request) return;
    const auto id = engine::party_of(engine::marketplace_account, reference).bytes;
    auto work = work_of(*call, {id}, *request);
    work.what = ledger::Command{.request = ledger::BeginBooks{}};
    work.cause = engine::naming_cause(reference);
    ask_engine(call, std::move(work),
               [=, this](const engine::Answer& given) { show_named(*call, id, given); });
}

void Service::show_named(Call& call, const IdBytes& id, const engine::Answer& given) {
    const bool is_replay = given.outcome == engine::Outcome::replayed;
    if (given.outcome != engine::Outcome::done && !is_replay)
        return call.send(problem_of(given, /*places=*/false));
    const auto found = afterwards_.party(id);
    if (!found) return call.send(found.error());
    std::vector<http::Header> more{{"Location", "/v1/parties/" + party_id(id)},
                                   etag(found->version)};
    if (is_replay) more.push_back({"Idempotency-Replayed", "true"});
    call.send(201, party_view(*found, options_.livemode), std::move(more));
}

void Service::ask_party(const Shared& call) {
    call->read_query({"preview"});
    const bool is_preview = call->query_flag("preview");
    const auto version = call->if_match();
    const auto id = parse_prefixed("pty", call->parameter("party_id"));
    std::uint64_t payout = 0;
    bool is_known = id.has_value();
    if (call->operation() == Operation::settle_payout) {
        const auto thing = parse_thing("pyo", call->parameter("payout_id"), payout_most);
        is_known = is_known && thing && thing->stream == *id;
        payout = thing ? thing->number : 0;
    }
    std::optional<PartyAsk> ask;
    const auto request = call->read_request(Body::needed, [&](Members& body) {
        ask = read_party_ask(call->operation(), payout, body);
        VERIFY(ask.has_value());
    });
    if (!request) return;
    if (!is_known) return call->send("not_found");
    if (is_preview) return preview_party(*call, *ask, version);
    if (const auto weighed = weigh(*call, *id, *ask))
        return ask_second(*call, *weighed, *request, call->body());
    auto work = work_of(*call, {*id}, *request);
    set_ask(work, *std::move(ask));
    work.if_version = version;
    work.begins_party = false;
    submit(call, std::move(work), store::StreamKind::party, 200);
}

void Service::preview_party(Call& call, const PartyAsk& ask, std::optional<std::uint64_t> version) {
    const auto found = find_party(call);
    if (!found) return;
    if (version && *version != found->version) return call.send("version_differs");
    const auto decision = decision_on(*found, ask, call.now());
    if (!decision)
        return refuse_preview(call, found->stream, store::StreamKind::party, decision.error(),
                              found->version);
    call.send(200, preview(found->stream.bytes, found->book, *decision), {etag(found->version)});
}

void Service::get_party(Call& call) {
    call.read_query({});
    if (call.has_faults()) return;
    if (const auto found = find_party(call))
        call.send(200, party_view(*found, options_.livemode), {etag(found->version)});
}

void Service::get_party_balances(Call& call) {
    call.read_query({});
    if (call.has_faults()) return;
    const auto found = find_party(call);
    if (!found) return;
    using ledger::Account;
    json::array balances;
    for (const auto& purse : found->book.purses) {
        json::object row;
        row["currency"] = code_of(purse.balances.currency());
        row["own"] = ledger::own_balance(purse.balances);
        for (const auto account :
             {Account::payable, Account::reserve, Account::debt, Account::payout, Account::deposit,
              Account::fines, Account::bank, Account::transit})
            row[ledger::to_string(account)] = purse.balances.of(account);
        balances.push_back(std::move(row));
    }
    json::object out;
    out["object"] = "balances";
    out["party_id"] = party_id(found->stream.bytes);
    out["version"] = found->version;
    out["balances"] = std::move(balances);
    call.send(200, out, {etag(found->version)});
}

void Service::get_party_statement(Call& call) {
    call.read_query({"currency", "from", "until", "limit", "cursor"});
    const auto from = call.query_instant("from");
    const auto until = call.query_instant("until");
    const auto code = call.query("currency");
    const auto currency = code ? parse_currency(*code) : std::nullopt;
    for (const auto& [name, is_there] : {std::pair("currency", currency.has_value()),
                                         std::pair("from", call.query("from").has_value()),
                                         std::pair("until", call.query("until").has_value())})
        if (!is_there)
            call.reading().faults.push_back(
                {.parameter = name, .code = call.query(name) ? "invalid" : "missing"});
    if (from && until && *until <= *from)
        call.reading().faults.push_back({.parameter = "until", .code = "too_small"});
    if (call.has_faults()) return;
    const auto found = find_party(call);
    if (!found) return;
    const auto events = events_of(found->history);
    const auto statement = ledger::statement_of(events, *currency, *from, *until);
    json::object head;
    head["object"] = "statement";
    head["party_id"] = party_id(found->stream.bytes);
    put(head, "from", *from);
    put(head, "until", *until);
    head["opening_balance"] = money_view(statement.opening_balance(), *currency);
    head["closing_balance"] = money_view(statement.closing_balance(), *currency);
    const auto list = call.request().target.path + "?" + std::string(*code) +
                      holdfast::to_string(*from) + holdfast::to_string(*until);
    send_page(
        call, list, statement.lines.size(),
        [&](std::size_t i) {
            const auto& line = statement.lines[i];
            json::object row;
            row["sequence"] = line.seq;
            put(row, "at", line.at);
            put(row, "when", line.when);
            row["what"] = line.what;
            if (line.transfer) row["order_id"] = order_id(line.transfer->stream);
            if (line.payout)
                row["payout_id"] = thing_id("pyo", found->stream.bytes, line.payout->value);
            row["account"] = ledger::to_string(line.account);
            row["amount"] = money_view(line.amount, *currency);
            return row;
        },
        std::move(head));
}

void Service::list_party_entries(Call& call) {
    call.read_query({"limit", "cursor"});
    const auto found = find_party(call);
    if (!found) return;
    ledger::PartyBook book;
    std::vector<json::object> entries;
    for (const auto& event : events_of(found->history)) {
        const auto seq = book.version + 1;
        add_entries(entries, found->stream.bytes, seq, event.at, ledger::postings_of(book, event));
        ledger::evolve(book, event);
    }
    send_entries(call, entries);
}

}  // namespace holdfast::api
