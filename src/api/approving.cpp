// Two people for much money: what a user asks for beyond a limit waits until another user agrees.
//
// How much a request would move is worked out as its preview is, and the version that it was worked
// out for goes along: what changed meanwhile is not carried out.
#include "api/approvals.h"
#include "api/json_out.h"
#include "api/receipt.h"
#include "api/service.h"
#include "base/verify.h"
#include "ledger/party_evolve.h"
#include "ledger/posting.h"
#include "order/evolve.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <utility>

namespace holdfast::api {
namespace {

namespace json = boost::json;

std::string approval_id(const IdBytes& id) { return "apv_" + to_base32(id); }

json::object approval_view(const Approval& one) {
    json::object out;
    out["object"] = "approval";
    out["id"] = approval_id(one.id);
    out["state"] = to_string(one.state);
    out["operation"] = one.operation;
    out["path"] = one.path;
    out["request"] = json::parse(one.body);
    out["amount"] = money_view(one.amount.minor(), one.amount.currency());
    out["asked_by"] = "usr_" + to_base32(one.asked_by);
    put(out, "asked_at", one.asked_at);
    if (one.decided_by) out["decided_by"] = "usr_" + to_base32(*one.decided_by);
    put(out, "decided_at", one.decided_at);
    return out;
}

// What the events bring to the account that money leaves by.
template <class State, class Events, class Evolve>
Money leaving(State state, const Events& events, ledger::Account by, Currency currency,
              const Evolve& evolve) {
    order::Minor sum = 0;
    for (const auto& event : events) {
        for (const auto& [account, amount] : ledger::postings_of(state, event))
            if (account == by && amount.currency() == currency)
                sum += std::max<order::Minor>(amount.minor(), 0);
        evolve(state, event);
    }
    return Money::of_minor(sum, currency);
}

// A verdict is one person's word even where its money leaves later.
order::Minor decided_in(const order::Events& events) {
    order::Minor sum = 0;
    for (const auto& event : events)
        if (const auto* decided = std::get_if<order::Decided>(&event.event))
            sum = std::max(sum, decided->verdict.settlement.amount);
    return sum;
}

// The value that `path` has where `pattern` has {name}.
std::string_view segment_of(std::string_view path, std::string_view pattern,
                            std::string_view name) {
    const auto next = [](std::string_view& text) {
        text.remove_prefix(1);
        const auto segment = text.substr(0, text.find('/'));
        text.remove_prefix(segment.size());
        return segment;
    };
    while (!pattern.empty() && !path.empty()) {
        const auto here = next(path);
        if (next(pattern) == "{" + std::string(name) + "}") return here;
    }
    return {};
}

}  // namespace

// What a user may not move alone, and by how much more; nothing: they may.
std::optional<Service::Weighed> Service::too_much(Money amount, std::uint64_t version) const {
    if (amount.minor() <= 0) return std::nullopt;
    const auto most = options_.alone_most.find(amount.currency());
    if (most != options_.alone_most.end() && amount.minor() <= most->second) return std::nullopt;
    return Weighed{amount, version};
}

// What is refused anyway is for the engine to refuse.
std::optional<Service::Weighed> Service::weigh(const Call& call, const IdBytes& stream,
                                               const OrderAsk& ask) {
    if (!call.caller().is_person() || options_.alone_most.empty()) return std::nullopt;
    auto found = reads_.order(stream, call.now());
    if (!found) return std::nullopt;
    reads_.see_standing(*found);
    const auto decision = decision_on(*found, ask);
    if (!decision) return std::nullopt;
    const auto& order = found->live.state;
    const auto sum = leaving(order, *decision, ledger::Account::processor, order.currency(),
                             [](auto& state, const auto& event) { order::evolve(state, event); });
    const auto said = Money::of_minor(decided_in(*decision), order.currency());
    return too_much(std::max(sum, said), found->version);
}

std::optional<Service::Weighed> Service::weigh(const Call& call, const IdBytes& stream,
                                               const PartyAsk& ask) {
    if (!call.caller().is_person() || options_.alone_most.empty()) return std::nullopt;
    const auto found = reads_.party(stream);
    if (!found || !std::holds_alternative<ledger::Command>(ask)) return std::nullopt;
    const auto decision = decision_on(*found, ask, call.now());
    if (!decision) return std::nullopt;
    for (const auto& purse : found->book.purses) {  // each currency by itself
        const auto sum =
            leaving(found->book, *decision, ledger::Account::payout, purse.balances.currency(),
                    [](auto& state, const auto& event) { ledger::evolve(state, event); });
        if (auto weighed = too_much(sum, found->version)) return weighed;
    }
    return std::nullopt;
}

void Service::ask_second(Call& call, const Weighed& weighed, const KeyRequest& request,
                         const json::object& body) {
    Approval asked{.asked_by = call.caller().user,
                   .operation = std::string(access_of(call.operation()).name),
                   .path = call.request().target.path,
                   .body = json::serialize(body),
                   .version = weighed.version,
                   .amount = weighed.amount};
    std::optional<std::expected<Approval, KeyReused>> made;
    engine_.with_store([&](store::Store& store, engine::Writer&) {
        made = approvals_.ask(store, std::move(asked), call.now(), options_.random, request);
    });
    if (!*made) return call.send("key_reused");
    call.send(202, approval_view(**made),
              {{"Location", "/v1/approvals/" + approval_id((*made)->id)}});
}

// --- Looking and deciding

void Service::list_approvals(Call& call) {
    call.read_query({"limit", "cursor"});
    const auto all = approvals_.all();
    send_page(call, "/v1/approvals", all.size(),
              [&](std::size_t i) { return approval_view(all[i]); });
}

std::optional<Approval> Service::find_approval(Call& call) {
    call.read_query({});
    if (call.has_faults()) return std::nullopt;
    const auto id = parse_prefixed("apv", call.parameter("approval_id"));
    auto found = id ? approvals_.find(*id) : std::nullopt;
    if (!found) call.send("not_found");
    return found;
}

void Service::get_approval(Call& call) {
    if (const auto found = find_approval(call)) call.send(200, approval_view(*found));
}

// One that the caller may decide. Nothing: it was answered.
std::optional<Approval> Service::find_undecided(Call& call) {
    if (!call.read_body(Body::needed, [](Members&) {})) return std::nullopt;
    auto found = find_approval(call);
    if (!found) return std::nullopt;
    const auto& caller = call.caller();
    std::string_view wrong;
    if (!caller.is_person() || !caller.may(access_of(*operation_named(found->operation))))
        wrong = "wrong_role";
    else if (caller.user == found->asked_by)
        wrong = "own_approval";
    else if (found->state != ApprovalState::waiting)
        wrong = "approval_over";
    if (wrong.empty()) return found;
    call.send(wrong);
    return std::nullopt;
}

void Service::decline_approval(Call& call) {
    const auto found = find_undecided(call);
    if (!found) return;
    std::optional<Approval> decided;
    engine_.with_store([&](store::Store& store, engine::Writer&) {
        decided = approvals_.decide(store, found->id, ApprovalState::declined, call.caller().user,
                                    call.now());
    });
    if (!decided) return call.send("approval_over");
    call.send(200, approval_view(*decided));
}

// It is carried out first and noted as approved then. Whoever comes after a crash in between
// carries it out again under the same key, which changes nothing, and notes it.
void Service::approve(const Shared& call) {
    const auto found = find_undecided(*call);
    if (!found) return;
    const auto operation = *operation_named(found->operation);
    const auto parameter = [&](std::string_view name) {
        return segment_of(found->path, access_of(operation).path, name);
    };
    const auto body = json::parse(found->body).as_object();
    Reading reading;
    Members members(body, "", reading);
    const KeyRequest request{.key = approval_id(found->id), .hash = hash_of(found->body)};
    const bool is_of_party = access_of(operation).path.contains("{party_id}");
    engine::Work work;
    if (is_of_party) {
        const auto party = parse_prefixed("pty", parameter("party_id"));
        const auto ask = read_party_ask(operation, 0, members);
        VERIFY(party && ask);
        work = work_of(*call, {*party}, request);
        set_ask(work, *ask);
        work.begins_party = false;
    } else {
        const auto subject = subject_in(operation, parameter);
        const auto ask = subject ? read_order_ask(operation, *subject, members) : std::nullopt;
        VERIFY(ask.has_value());
        work = work_of(*call, {subject->stream}, request);
        set_ask(work, *ask);
        work.currency = reading.currency;
    }
    work.if_version = found->version;
    work.cause = "usr_" + to_base32(found->asked_by) + " " + call->caller().name;
    const auto stream = work.stream;
    const auto kind = is_of_party ? store::StreamKind::party : store::StreamKind::order;
    ask_engine(call, std::move(work), [=, this, id = found->id](const engine::Answer& given) {
        const bool is_done =
            given.outcome == engine::Outcome::done || given.outcome == engine::Outcome::replayed;
        if (!is_done) return answer(*call, stream, kind, given, 200);
        at_work_desk(call, [=, this](Call& asked) {  // the engine's thread cannot wait for itself
            engine_.with_store([&](store::Store& store, engine::Writer&) {
                static_cast<void>(approvals_.decide(store, id, ApprovalState::approved,
                                                    asked.caller().user, asked.now()));
            });
            answer(asked, stream, kind, given, 200);
        });
    });
}

}  // namespace holdfast::api
