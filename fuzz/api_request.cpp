// A request to the API: two bytes say which operation on which of an order's things, the rest is
// the body, or a cursor. What is read without a fault is decided, and what comes of it keeps the
// books.
#include "target.h"

#include "api/call.h"
#include "api/order_requests.h"
#include "api/party_requests.h"
#include "base/verify.h"
#include "engine/rules_book.h"
#include "formats/rulebook.h"
#include "ledger/party_decide.h"
#include "ledger/party_evolve.h"
#include "order/decide.h"
#include "order/evolve.h"
#include "store/codec/event_codec.h"
#include "store/codec/strict_json.h"

#include <array>
#include <optional>

namespace holdfast::fuzz {
namespace {

const Instant now = *parse_instant("2026-03-01T09:00:00.000Z");

// The shipped terms, read once.
struct World {
    World() {
        auto loaded = formats::load_rulebook(HOLDFAST_SOURCE_DIR);
        VERIFY(loaded.has_value());
        book = *std::move(loaded);
        for (const auto& one : book->terms)
            if (one.role != terms::Role::law) rules.add(one);
    }
    std::optional<terms::Pin> pin_of(std::string_view id) const {
        const auto* found = book->find(id);
        if (!found || found->role == terms::Role::law) return std::nullopt;
        return terms::pin_of(*found);
    }
    order::Rules rules_for(const terms::Pin& pin) const {
        return rules.rules_for(*rules.find(pin));
    }

    std::unique_ptr<const formats::Rulebook> book;
    engine::RulesBook rules;
};
const World& world() {
    static const World made;
    return made;
}

// Nothing: it is at fault.
template <class Read>
auto read(const boost::json::object& json, Read reader)
    -> decltype(reader(std::declval<api::Members&>())) {
    api::Reading reading;
    api::Members body(json, "", reading);
    auto result = reader(body);
    body.done();
    for (const auto& fault : reading.faults) VERIFY(!fault.code.empty());
    if (!reading.faults.empty() || reading.currencies_differ) return std::nullopt;
    return result;
}

template <class Event>
void check_kept(const Event& event) {
    const auto text = store::encode_event(event);
    if constexpr (std::same_as<Event, order::Recorded>)
        VERIFY(store::decode_order_event(event.at, text.kind, text.v, text.payload) == event);
    else
        VERIFY(store::decode_party_event(event.at, text.kind, text.v, text.payload) == event);
}

void carry_out(order::Order& order, const order::Decision& decision) {
    if (!decision) return;
    for (const auto& event : *decision) {
        check_kept(event);
        order::evolve(order, event);
        VERIFY(order::is_balanced(order.money));
    }
}

order::Rules rules_of(const order::Order& order) {
    return world().rules_for(order.terms_of_sale.terms);
}

void ask(order::Order& order, const api::OrderAsk& what) {
    if (const auto* command = std::get_if<order::Command>(&what))
        carry_out(order, order::decide(order, rules_of(order), *command, now));
    else
        carry_out(order,
                  order::observe(order, rules_of(order), std::get<order::Observation>(what), now));
}

void place(order::Order& order, const boost::json::object& json) {
    const auto placing = read(json, [](api::Members& body) {
        return std::optional(api::read_placing(
            body, "shop", [](std::string_view id) { return world().pin_of(id); }));
    });
    if (!placing || !placing->knows_terms) return;
    const auto& placement = placing->place.placement;
    const order::Command command{order::Party::platform, order::Place{placement}};
    carry_out(order, order::decide(order, world().rules_for(placement.terms), command, now));
}

void tell_order(order::Order& order, api::Operation operation, std::uint64_t number,
                const boost::json::object& json) {
    const api::ThingId subject{.stream = {}, .number = number};
    const auto what = read(
        json, [&](api::Members& body) { return api::read_order_ask(operation, subject, body); });
    if (what) ask(order, *what);
}

// An order that was paid, shipped and complained about, with an offer on the table.
const order::Order& quarrel() {
    static const auto made = [] {
        using api::Operation;
        struct Step {
            Operation operation;
            std::string_view body;
        };
        constexpr std::array steps{
            Step{Operation::record_payment,
                 R"({"seen":"captured","amount":{"amount":10470,"currency":"EUR"}})"},
            Step{Operation::record_shipment, R"({"tracking":"RR1"})"},
            Step{Operation::open_dispute, R"({"as":"buyer","reason":"damaged"})"},
            Step{Operation::make_offer, R"({"as":"seller","plan":{"then":
                 {"remedy":"partial_refund_keep","amount":{"amount":500,"currency":"EUR"}}}})"}};
        order::Order order;
        place(order, store::parse_strict(R"({"reference":"R","placed_at":"2026-03-01T09:00:00.000Z",
            "buyer":{"reference":"b"},"seller":{"reference":"s"},"currency":"EUR",
            "lines":[{"sku":"mug","quantity":2,"unit_price":{"amount":4990,"currency":"EUR"}}],
            "shipping":{"amount":490,"currency":"EUR"},"commission_basis_points":1000,
            "terms":{"terms_id":"marketplace"},"promised_by":"2026-03-31"})",
                                         {})
                         ->get_object());
        VERIFY(order.placed);
        for (const auto& step : steps)
            tell_order(order, step.operation, 1, store::parse_strict(step.body, {})->get_object());
        VERIFY(order.disputes.size() == 1 && order.offers.size() == 1);
        return order;
    }();
    return made;
}

void tell_party(const api::PartyAsk& what) {
    ledger::PartyBook book;
    const auto* command = std::get_if<ledger::Command>(&what);
    const auto decision = command ? ledger::decide(book, *command, now)
                                  : ledger::observe(book, std::get<ledger::Observation>(what), now);
    if (!decision) return;
    for (const auto& event : *decision) {
        check_kept(event);
        ledger::evolve(book, event);
        VERIFY(ledger::is_sound(book));
    }
}

void check_cursor(std::string_view text) {
    constexpr std::string_view list = "/v1/orders";
    if (const auto place = api::place_of(text, list)) VERIFY(api::cursor_of(*place, list) == text);
}

}  // namespace
}  // namespace holdfast::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace holdfast;
    if (size < 2) return 0;
    const auto operation = static_cast<api::Operation>(data[0] % api::operation_count);
    const std::uint64_t number = data[1] % 4;
    const auto text = fuzz::text_of(data + 2, size - 2);
    fuzz::check_cursor(text);
    const auto parsed = store::parse_strict(text, {});
    if (!parsed) return 0;
    const auto& body = parsed->get_object();

    order::Order fresh;
    fuzz::place(fresh, body);
    auto order = fuzz::quarrel();
    fuzz::tell_order(order, operation, number, body);
    const auto of_party = fuzz::read(body, [&](api::Members& members) {
        return api::read_party_ask(operation, number, members);
    });
    if (of_party) fuzz::tell_party(*of_party);
    return 0;
}
