// Orders and disputes: placing, asking, telling, and looking.
#include "api/json_out.h"
#include "api/order_requests.h"
#include "api/receipt.h"
#include "api/service.h"
#include "base/verify.h"
#include "engine/event_text.h"
#include "ledger/posting.h"
#include "order/evolve.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <atomic>
#include <utility>

namespace holdfast::api {
namespace {

namespace json = boost::json;

constexpr std::size_t batch_most = 100;

std::optional<ThingId> subject_of(const Call& call) {
    return subject_in(call.operation(),
                      [&](std::string_view name) { return call.parameter(name); });
}

std::string path_of(const Call& call) { return call.request().target.path; }

engine::Work placing_work(const Call& call, Placing placing, KeyRequest request) {
    const auto stream = engine::order_stream(placing.place.account, placing.place.reference,
                                             placing.place.placed_at);
    auto work = work_of(call, stream, std::move(request));
    work.what = std::move(placing.place);
    return work;
}

// Of a problem that says where things stand: the order's state or the dispute's phase.
void put_state(http::Problem& wrong, const FoundOrder& found, const std::optional<ThingId>& about,
               bool is_dispute) {
    const auto& order = found.live.state;
    auto state = std::string(state_of(order));
    if (about && is_dispute && about->number >= 1 && about->number <= order.disputes.size())
        state = to_string(order.disputes[about->number - 1].phase);
    wrong.members.push_back({"state", state});
}

// A party is told how it stands itself.
void put_standing(http::Problem& wrong, const order::Standing& standing,
                  std::optional<order::Party> reader) {
    json::array figures;
    for (const auto& [number, value] : standing.figures)
        if (may_read(number, reader))
            figures.push_back({{"figure", word(terms::to_string(number))}, {"value", value}});
    wrong.members.push_back({"figures", http::JsonText{json::serialize(figures)}});
}

void put_refusal(http::Problem& wrong, const order::Refusal& refusal, const order::Rules* rules,
                 std::optional<Currency> currency, std::optional<order::Party> reader) {
    if (refusal.code == order::RefusalCode::not_granted) {
        wrong.members.push_back({"outcome", std::string(terms::to_string(refusal.outcome))});
        if (rules && refusal.clause >= 0) {
            const auto* clause = rules->terms->clause_at(refusal.clause);
            if (clause) {
                wrong.members.push_back({"clause", clause->id});
                if (!clause->text.empty()) wrong.detail = clause->text;
            }
        }
    }
    if (refusal.standing) put_standing(wrong, *refusal.standing, reader);
    if (refusal.opens_at)
        wrong.members.push_back({"opens_at", holdfast::to_string(*refusal.opens_at)});
    if (refusal.closes_at)
        wrong.members.push_back({"closes_at", holdfast::to_string(*refusal.closes_at)});
    if (refusal.limit && currency)
        wrong.members.push_back(
            {"limit", http::JsonText{json::serialize(money_view(*refusal.limit, *currency))}});
}

}  // namespace

// --- Asking

void Service::submit(const Shared& call, engine::Work work, store::StreamKind kind, int status) {
    const auto stream = work.stream;
    ask_engine(call, std::move(work), [=, this](const engine::Answer& given) {
        answer(*call, stream, kind, given, status);
    });
}

void Service::answer(Call& call, const store::StreamId& stream, store::StreamKind kind,
                     const engine::Answer& answer, int status) {
    using engine::Outcome;
    if (answer.outcome == Outcome::done || answer.outcome == Outcome::replayed) {
        std::vector<http::Header> more{etag(answer.version)};
        if (answer.outcome == Outcome::replayed) more.push_back({"Idempotency-Replayed", "true"});
        auto body = receipt(stream, kind, answer);
        if (status == 201) {
            const auto& made = body.at("made").as_object();
            const auto* dispute = made.if_contains("dispute_id");
            more.push_back({"Location", dispute
                                            ? "/v1/disputes/" + std::string(dispute->as_string())
                                            : "/v1/orders/" + order_id(stream.bytes)});
        }
        return call.send(status, body, std::move(more));
    }
    auto wrong = problem_of(answer, call.operation() == Operation::place_order);
    if (answer.version > 0)
        wrong.members.push_back({"version", static_cast<std::int64_t>(answer.version)});
    if (kind == store::StreamKind::order && answer.outcome == Outcome::refused) {
        const auto found = afterwards_.order(stream.bytes, call.now());
        const auto& refusal = std::get<order::Refusal>(answer.refusal);
        if (found) {
            const bool is_dispute = access_of(call.operation()).path.contains("{dispute_id}");
            if (wrong.status == 409) put_state(wrong, *found, subject_of(call), is_dispute);
            put_refusal(wrong, refusal, &found->rules, found->live.state.currency(),
                        call.caller().acts_as);
        } else {
            put_refusal(wrong, refusal, nullptr, {}, call.caller().acts_as);
        }
    }
    call.send(std::move(wrong));
}

void Service::ask_order(const Shared& call) {
    call->read_query({"preview"});
    const bool is_preview = call->query_flag("preview");
    const auto version = call->if_match();
    const auto subject = subject_of(*call);
    std::optional<OrderAsk> ask;
    FreeText text;
    const auto& caller = call->caller();
    auto request = call->read_request(Body::needed, [&](Members& body) {
        text = read_free_text(call->operation(), body);
        ask = read_order_ask(call->operation(), subject.value_or(ThingId{}), body,
                             caller.acts_as.value_or(order::Party::platform));
        VERIFY(ask.has_value());
    });
    if (!request) return;
    if (!subject || !may_see_order(caller, subject->stream)) return call->send("not_found");
    if (!may_act(caller, *ask)) return call->send("wrong_role");
    if (is_preview) return preview_order(*call, *ask);
    if (const auto weighed = weigh(*call, subject->stream, *ask))
        return ask_second(*call, *weighed, *request, call->body());
    note_bounced(*call, *subject, *ask);
    if (!text.text.empty()) {
        const auto found = find_order(*call);
        if (!found) return;
        ask_with_text(*call, *found, std::get<order::Command>(*ask), text, *request, version);
        if (call->is_answered()) return;
    }
    auto work = work_of(*call, {subject->stream}, *request);
    set_ask(work, *std::move(ask));
    work.if_version = version;
    work.currency = call->reading().currency;
    submit(call, std::move(work), store::StreamKind::order,
           call->operation() == Operation::open_dispute ? 201 : 200);
}

void Service::preview_order(Call& call, const OrderAsk& ask) {
    auto found = find_order(call);
    if (!found) return;
    reads_.see_standing(*found);
    const auto& order = found->live.state;
    if (call.reading().currency && *call.reading().currency != order.currency())
        return call.send("currency_differs");
    if (const auto version = call.if_match(); version && *version != found->version)
        return call.send("version_differs");
    const auto decision = decision_on(*found, ask);
    if (!decision)
        return refuse_preview(call, found->stream, store::StreamKind::order, decision.error(),
                              found->version);
    auto shown = preview(found->stream.bytes, found->live, found->rules, *decision, found->now,
                         found->standing);
    if (call.operation() == Operation::decide_dispute) put_letter(shown, call, *found, *decision);
    call.send(200, shown, {etag(found->version)});
}

// --- Placing

void Service::place_order(const Shared& call) {
    call->read_query({"preview"});
    const bool is_preview = call->query_flag("preview");
    Placing placing;
    const auto request =
        call->read_request(Body::needed, [&](Members& body) { placing = read_placing_of(body); });
    if (!request) return;
    if (const auto wrong = problem_with(placing); !wrong.empty()) return call->send(wrong);
    auto work = placing_work(*call, std::move(placing), *request);
    if (!is_preview) return submit(call, std::move(work), store::StreamKind::order, 201);
    const auto& placement = std::get<engine::PlaceOrder>(work.what).placement;
    const auto* terms = rules_.find(placement.terms);
    VERIFY(terms != nullptr);
    const auto rules = rules_.rules_for(*terms);
    const engine::LiveOrder fresh;
    const auto decision = order::decide(
        fresh.state, rules, {order::Party::platform, order::Place{placement}}, call->now());
    if (!decision)
        return refuse_preview(*call, work.stream, store::StreamKind::order, decision.error(), 0);
    call->send(200, preview(work.stream.bytes, fresh, rules, *decision, call->now()));
}

// In a sandbox an order has the cast that it names, or else the sandbox's own.
Placing Service::read_placing_of(Members& body) {
    auto placing = read_placing(body, engine::marketplace_account, pins());
    if (!placing.names_cast) placing.place.cast = sandbox_cast_.cast();
    return placing;
}

std::string_view Service::problem_with(const Placing& placing) const {
    if (!placing.knows_terms) return "terms_unknown";
    if (options_.livemode && (!placing.place.clock.empty() || placing.names_cast))
        return "sandbox_only";
    return {};
}

PinOf Service::pins() const {
    return [this](std::string_view id) -> std::optional<terms::Pin> {
        const auto* terms = book_.find(id);
        if (!terms || terms->role == terms::Role::law) return std::nullopt;
        return terms::pin_of(*terms);
    };
}

// --- Many at once: each by itself, and one answer when the last of them has its own.

namespace {

class Batch {
public:
    Batch(std::shared_ptr<Call> call, std::size_t size)
        : call_(std::move(call)), results_(size), left_(size) {}

    void set(std::size_t i, int status, json::object receipt) {
        results_[i] = {{"status", status}, {"receipt", std::move(receipt)}};
        take_one();
    }
    void set(std::size_t i, http::Problem wrong, const std::string& types) {
        wrong.type = types + wrong.code;
        wrong.request_id = to_string(call_->request().id);
        results_[i] = {{"status", wrong.status}, {"problem", json::parse(http::to_json(wrong))}};
        take_one();
    }

private:
    void take_one() {
        if (left_.fetch_sub(1) != 1) return;
        json::array all;
        for (auto& one : results_) all.push_back(std::move(one));
        call_->send(200, {{"object", "batch"}, {"results", std::move(all)}});
    }

    std::shared_ptr<Call> call_;
    std::vector<json::object> results_;
    std::atomic<std::size_t> left_;
};

}  // namespace

void Service::run_batch(const Shared& call, std::string_view list, int status,
                        const ReadItem& read_item) {
    call->read_query({});
    std::vector<std::expected<engine::Work, std::string_view>> works;
    const auto request = call->read_request(Body::needed, [&](Members& body) {
        body.each_of(list, 1, batch_most, [&](Members& one) {
            works.push_back(read_item(one));
            call->reading().currency.reset();  // each has its own
        });
    });
    if (!request) return;
    const auto batch = std::make_shared<Batch>(call, works.size());
    for (std::size_t i = 0; i < works.size(); ++i) {
        if (!works[i]) {
            batch->set(i, problem(works[i].error()), options_.problem_types);
            continue;
        }
        auto& work = *works[i];
        work.key = request->key + "#" + std::to_string(i);
        const auto stream = work.stream;
        ask_engine(call, std::move(work), [=, this](const engine::Answer& given) {
            if (given.outcome == engine::Outcome::done ||
                given.outcome == engine::Outcome::replayed)
                batch->set(i, status, receipt(stream, store::StreamKind::order, given));
            else
                batch->set(i, problem_of(given, /*places=*/status == 201), options_.problem_types);
        });
    }
}

void Service::place_orders(const Shared& call) {
    run_batch(call, "orders", 201,
              [&](Members& one) -> std::expected<engine::Work, std::string_view> {
                  auto placing = read_placing_of(one);
                  if (const auto wrong = problem_with(placing); !wrong.empty())
                      return std::unexpected(wrong);
                  return placing_work(*call, std::move(placing), call->key_request({}, one.json()));
              });
}

void Service::record_scans(const Shared& call) {
    run_batch(
        call, "scans", 200, [&](Members& one) -> std::expected<engine::Work, std::string_view> {
            std::string text;
            one.need("shipment_id", text, TextRule{.least = 1, .most = 100});
            const auto shipment = parse_thing("shp", text);
            auto ask = read_order_ask(Operation::record_scan, shipment.value_or(ThingId{}), one);
            if (!shipment) {
                if (!text.empty()) one.reading().fault(one.pointer_to("shipment_id"), "invalid");
                return std::unexpected("not_found");
            }
            auto work = work_of(*call, {shipment->stream}, call->key_request({}, one.json()));
            set_ask(work, *std::move(ask));
            return work;
        });
}

// --- Looking

// For whom a view is drawn. Nothing: there is a fault, or it was answered.
std::optional<order::Party> Service::reader_of(Call& call) {
    const auto& caller = call.caller();
    const auto usual = usual_reader(caller);
    if (!call.query("as")) return usual;
    const auto party = call.query_word<order::Party>("as");
    if (party && *party == order::Party::either) call.fault("as", "invalid");
    if (call.has_faults()) return std::nullopt;
    if (caller.sees_all() || party == usual) return party;
    call.send("wrong_role");
    return std::nullopt;
}

std::optional<FoundOrder> Service::find_order(Call& call) {
    const auto subject = subject_of(call);
    if (!subject) return call.send("not_found"), std::nullopt;
    if (!may_see_order(call.caller(), subject->stream)) return call.send("not_found"), std::nullopt;
    auto found = reads_.order(subject->stream, call.now());
    if (found) return *std::move(found);
    call.send(found.error());
    return std::nullopt;
}

std::optional<store::History> Service::find_order_history(Call& call, store::StreamId& stream) {
    const auto subject = subject_of(call);
    if (subject && may_see_order(call.caller(), subject->stream)) {
        stream = {subject->stream};
        auto history = reads_.with([&](store::Store& store) { return store.load(stream); });
        if (history.kind == store::StreamKind::order) return history;
    }
    return call.send("not_found"), std::nullopt;
}

void Service::get_order(Call& call) {
    call.read_query({"as"});
    const auto reader = reader_of(call);
    if (!reader || call.has_faults()) return;
    auto found = find_order(call);
    if (!found) return;
    reads_.see_standing(*found);
    call.send(200, order_view(found->seen(*reader, options_.livemode), Detail::whole),
              {etag(found->version)});
}

void Service::get_dispute(Call& call) {
    call.read_query({"as"});
    const auto reader = reader_of(call);
    if (!reader || call.has_faults()) return;
    const auto found = find_order(call);
    if (!found) return;
    const auto no = dispute_of(call);
    if (!order::has(found->live.state.disputes, no)) return call.send("not_found");
    call.send(200, dispute_view(found->seen(*reader, options_.livemode), no, Detail::whole),
              {etag(found->version)});
}

// A list of an order, `count` long, from behind the cursor's place.
// Things of an order, the newest first.
template <class No, class Things, class View>
void Service::list_things(Call& call, Things order::Order::* things, const View& view) {
    call.read_query({"limit", "cursor"});
    const auto found = find_order(call);
    if (!found) return;
    const auto seen = found->seen(usual_reader(call.caller()), options_.livemode);
    const auto count = (found->live.state.*things).size();
    send_page(call, path_of(call), count,
              [&](std::size_t i) { return view(seen, order::nth<No>(count - 1 - i)); });
}

void Service::list_disputes(Call& call) {
    list_things<order::DisputeNo>(call, &order::Order::disputes,
                                  [](const OrderSeen& seen, order::DisputeNo no) {
                                      return dispute_view(seen, no, Detail::brief);
                                  });
}

void Service::list_instructions(Call& call) {
    list_things<order::InstructionNo>(call, &order::Order::instructions, &instruction_view);
}

void Service::list_order_events(Call& call) {
    call.read_query({"limit", "cursor"});
    store::StreamId stream;
    const auto history = find_order_history(call, stream);
    if (!history) return;
    const bool shows_all = call.caller().sees_all();
    send_page(call, path_of(call), history->events.size(), [&](std::size_t i) {
        auto body = json::parse(engine::event_body(
            {.stream = stream, .kind = history->kind, .event = history->events[i]}));
        // What the other side and the marketplace have between them stands in the details.
        if (!shows_all) body.at("data").as_object().erase("details");
        return body;
    });
}

}  // namespace holdfast::api
