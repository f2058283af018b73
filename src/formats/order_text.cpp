#include "formats/order_text.h"

#include "base/hash.h"
#include "base/money.h"

#include <algorithm>
#include <type_traits>
#include <utility>

namespace holdfast::formats {
namespace {

using namespace order;
namespace json = boost::json;

std::string listed(std::string text, const std::string& more) {
    if (!text.empty() && !more.empty()) text += ", ";
    return text + more;
}

std::string when_text(const When& when) {
    if (!when.known()) return {};
    return when.is_day() ? holdfast::to_string(when.day()) : instant_text(when.instant());
}

std::string percent_text(std::int32_t basis_points) {
    auto text = to_decimal(holdfast::Money::of_minor(basis_points, Currency::eur));
    if (text.ends_with(".00")) text.resize(text.size() - 3);
    return text + " %";
}

// --- A member's value, for people. An empty text: not given.

using Figures = std::vector<std::pair<terms::Number, std::int64_t>>;

class Text {
public:
    explicit Text(Currency currency) : currency_(currency) {}

    template <class E>
        requires std::is_enum_v<E>
    std::string of(E value) const {
        return std::string(to_string(value));
    }
    template <class Tag>
    std::string of(Ordinal<Tag> value) const {
        return value.value == 0 ? "" : std::to_string(value.value);
    }
    template <class T>
    std::string of(const std::optional<T>& value) const {
        return value ? of(*value) : "";
    }
    std::string of(Minor value) const { return amount_text(value, currency_); }
    std::string of(std::int32_t value) const { return std::to_string(value); }
    std::string of(bool value) const { return value ? "yes" : "no"; }
    std::string of(const Word& value) const { return std::string(value.view()); }
    std::string of(const std::string& value) const { return value; }
    std::string of(Instant value) const { return instant_text(value); }
    std::string of(const When& value) const { return when_text(value); }
    std::string of(const Hash& value) const {
        return value == Hash{} ? "" : to_hex(value).substr(0, 16);
    }
    std::string of(const Lines& lines) const {
        std::string text;
        for (const auto& one : lines)
            text = listed(
                text, std::to_string(one.quantity) + " of line " + std::to_string(one.line.value));
        return text;
    }
    std::string of(const std::vector<Remedy>& remedies) const {
        std::string text;
        for (const auto one : remedies) text = listed(text, of(one));
        return text;
    }
    std::string of(const std::vector<Hash>& hashes) const {
        std::string text;
        for (const auto& one : hashes) text = listed(text, of(one));
        return text;
    }
    std::string of(std::uint64_t value) const { return std::to_string(value); }
    std::string of(const Figures& figures) const {
        std::string text;
        for (const auto& [number, value] : figures)
            text = listed(text, of(number) + " " + std::to_string(value));
        return text;
    }
    std::string of(const order::EvidenceRecord& record) const {
        std::string text;
        const auto add = [&](std::string_view name, const std::string& value) {
            if (!value.empty()) text = listed(text, std::string(name) + " " + value);
        };
        add("shipment", of(record.shipment));
        add("carrier", of(record.carrier));
        add("tracking", of(record.tracking_number));
        add("shipped", of(record.shipped_at));
        add("delivered", of(record.delivered_at));
        add("refund", of(record.refund));
        add("reference", record.reference);
        add("amount", of(record.amount));
        return text;
    }
    std::string of(const Parts& parts) const {
        std::string text;
        for (const auto& [line, sum] : parts.goods)
            if (sum != 0) text = listed(text, "line " + std::to_string(line.value) + " " + of(sum));
        text = listed(text, extra("shipping", parts.shipping));
        text = listed(text, extra("tax", parts.tax));
        text = listed(text, extra("fee", parts.fee));
        return listed(text, extra("excess", parts.excess));
    }
    std::string of(const Settlement& settlement) const {
        if (!settlement.remedy) return "nothing";
        const auto remedy = std::string(to_string(*settlement.remedy));
        return settlement.amount == 0 ? remedy : remedy + " " + of(settlement.amount);
    }
    std::string of(const Plan& plan) const {
        if (!plan.arrives_by) return of(plan.then);
        return of(plan.then) + " if arrives by " + of(*plan.arrives_by) + " else " +
               of(plan.otherwise);
    }
    std::string of(const Verdict& verdict) const {
        std::string codes;
        for (const auto code : verdict.codes) codes = listed(codes, of(code));
        return of(verdict.settlement) + " for " + of(verdict.winner) +
               (codes.empty() ? "" : " because " + codes);
    }
    std::string of(const Placement& placement) const {
        std::string text;
        for (const auto& line : placement.lines)
            text = listed(text, std::to_string(line.quantity) + " x " + of(line.sku) + " at " +
                                    of(line.unit_price));
        text = listed(text, extra("shipping", placement.shipping));
        text = listed(text, extra("tax", placement.tax));
        text = listed(text, extra("fee", placement.fee));
        if (placement.commission_basis_points > 0)
            text = listed(text, "commission " + percent_text(placement.commission_basis_points));
        if (placement.promised_by.known())
            text = listed(text, "promised by " + when_text(placement.promised_by));
        if (placement.ship_by.known())
            text = listed(text, "ship by " + when_text(placement.ship_by));
        if (placement.custody != Custody::held)
            text = listed(text, "custody " + of(placement.custody));
        if (placement.decider != Decider::here)
            text = listed(text, "decided " + of(placement.decider));
        return text;
    }

private:
    std::string extra(std::string_view name, Minor sum) const {
        return sum == 0 ? "" : std::string(name) + " " + of(sum);
    }
    Currency currency_;
};

// A sum of 0 says something only where it is the point.
bool is_idle(std::string_view name, Minor value) {
    return value == 0 && name != "amount" && name != "gross" && name != "requested";
}
bool is_idle(std::string_view name, const Word& value) { return value.empty() && name != "clause"; }
bool is_idle(std::string_view, const std::string& value) { return value.empty(); }
// What the terms grant stands in the terms.
bool is_idle(std::string_view, const std::vector<Remedy>&) { return true; }
template <class T>
bool is_idle(std::string_view name, const std::optional<T>& value) {
    return !value || name == "most";
}
template <class T>
bool is_idle(std::string_view, const T&) {
    return false;
}

// --- A member's value in JSON

struct Value {
    template <class E>
        requires std::is_enum_v<E>
    json::value of(E value) const {
        return json::value(to_string(value));
    }
    template <class Tag>
    json::value of(Ordinal<Tag> value) const {
        return value.value;
    }
    template <class T>
    json::value of(const std::optional<T>& value) const {
        return value ? of(*value) : json::value();
    }
    json::value of(Minor value) const { return value; }
    json::value of(std::int32_t value) const { return value; }
    json::value of(bool value) const { return value; }
    json::value of(const Word& value) const { return json::value(value.view()); }
    json::value of(const std::string& value) const { return json::value(value); }
    json::value of(Instant value) const { return json::value(holdfast::to_string(value)); }
    json::value of(const When& value) const {
        return value.known() ? json::value(when_text(value)) : json::value();
    }
    json::value of(const Hash& value) const {
        return value == Hash{} ? json::value() : json::value(to_hex(value));
    }
    json::value of(const Lines& lines) const {
        json::array rows;
        for (const auto& one : lines)
            rows.push_back({{"line", of(one.line)}, {"quantity", one.quantity}});
        return rows;
    }
    json::value of(const std::vector<Remedy>& remedies) const {
        json::array words;
        for (const auto one : remedies) words.push_back(of(one));
        return words;
    }
    json::value of(const std::vector<Hash>& hashes) const {
        json::array all;
        for (const auto& one : hashes) all.push_back(of(one));
        return all;
    }
    json::value of(std::uint64_t value) const { return value; }
    json::value of(const Figures& figures) const {
        json::object out;
        for (const auto& [number, value] : figures) out[to_string(number)] = value;
        return out;
    }
    json::value of(const order::EvidenceRecord& record) const {
        if (record.empty()) return {};
        return json::object{{"shipment", of(record.shipment)},
                            {"carrier", of(record.carrier)},
                            {"tracking_number", of(record.tracking_number)},
                            {"shipped_at", of(record.shipped_at)},
                            {"delivered_at", of(record.delivered_at)},
                            {"refund", of(record.refund)},
                            {"reference", of(record.reference)},
                            {"amount", of(record.amount)}};
    }
    json::value of(const Parts& parts) const {
        json::array goods;
        for (const auto& [line, sum] : parts.goods)
            goods.push_back({{"line", of(line)}, {"amount", sum}});
        return json::object{{"goods", goods},
                            {"shipping", parts.shipping},
                            {"tax", parts.tax},
                            {"fee", parts.fee},
                            {"excess", parts.excess}};
    }
    json::value of(const Settlement& settlement) const {
        return json::object{{"remedy", of(settlement.remedy)}, {"amount", settlement.amount}};
    }
    json::value of(const Plan& plan) const {
        return json::object{{"then", of(plan.then)},
                            {"arrives_by", of(plan.arrives_by)},
                            {"otherwise", of(plan.otherwise)}};
    }
    json::value of(const Verdict& verdict) const {
        json::array codes;
        for (const auto code : verdict.codes) codes.push_back(of(code));
        return json::object{{"settlement", of(verdict.settlement)},
                            {"winner", of(verdict.winner)},
                            {"codes", codes}};
    }
    json::value of(const Placement& placement) const {
        json::array lines;
        for (const auto& line : placement.lines)
            lines.push_back({{"sku", of(line.sku)},
                             {"quantity", line.quantity},
                             {"unit_price", line.unit_price}});
        return json::object{{"buyer", holdfast::to_string(placement.buyer)},
                            {"seller", holdfast::to_string(placement.seller)},
                            {"currency", code_of(placement.currency)},
                            {"lines", lines},
                            {"shipping", placement.shipping},
                            {"tax", placement.tax},
                            {"fee", placement.fee},
                            {"commission_basis_points", placement.commission_basis_points},
                            {"custody", of(placement.custody)},
                            {"decider", of(placement.decider)},
                            {"terms", placement.terms.terms_id},
                            {"content_hash", to_hex(placement.terms.content_hash)},
                            {"promised_by", of(placement.promised_by)},
                            {"ship_by", of(placement.ship_by)}};
    }
};

// One event of each kind, for the names of their members.
template <std::size_t... I>
std::vector<Event> each_event(std::index_sequence<I...>) {
    return {Event(std::in_place_index<I>)...};
}
const std::vector<Event>& each_event() {
    static const auto all = each_event(std::make_index_sequence<std::variant_size_v<Event>>{});
    return all;
}

json::value instant_json(const std::optional<Instant>& at) { return Value{}.of(at); }

json::value clause_json(std::int32_t clause, const terms::Terms& terms) {
    const auto* found = terms.clause_at(clause);
    return found ? json::value(found->id) : json::value();
}

}  // namespace

std::string instant_text(Instant at) {
    auto text = holdfast::to_string(at);  // "2026-11-25T00:00:00.000Z"
    if (text.ends_with(".000Z")) text.replace(text.size() - 5, 5, "Z");
    return text;
}

std::string amount_text(Minor amount, Currency currency) {
    return to_decimal(holdfast::Money::of_minor(amount, currency));
}

std::vector<Member> members_of(const Event& event, Currency currency) {
    std::vector<Member> members;
    std::visit(
        [&](const auto& one) {
            one.fields([&](std::string_view name, const auto& value) {
                auto text = Text(currency).of(value);
                const bool idle = text.empty() || is_idle(name, value);
                members.push_back({.name = name, .text = std::move(text), .idle = idle});
            });
        },
        event);
    return members;
}

std::string text_of(const Event& event, Currency currency) {
    std::string text;
    for (const auto& member : members_of(event, currency)) {
        if (member.idle) continue;
        const bool is_whole = member.name == "placement";
        text = listed(text, is_whole ? member.text : std::string(member.name) + " " + member.text);
    }
    const std::string name(order::name_of(event));
    return text.empty() ? name : name + ": " + text;
}

json::object json_of(const Recorded& recorded) {
    json::object object{{"event", order::name_of(recorded.event)},
                        {"at", holdfast::to_string(recorded.at)},
                        {"when", holdfast::to_string(recorded.when)}};
    std::visit(
        [&](const auto& one) {
            one.fields([&](std::string_view name, const auto& value) {
                object[name] = Value{}.of(value);
            });
        },
        recorded.event);
    return object;
}

std::vector<std::string_view> event_names() {
    std::vector<std::string_view> names;
    for (const auto& event : each_event()) names.push_back(order::name_of(event));
    return names;
}

std::vector<std::string_view> member_names(std::string_view event) {
    std::vector<std::string_view> names;
    for (const auto& one : each_event())
        if (order::name_of(one) == event)
            for (const auto& member : members_of(one, Currency::eur)) names.push_back(member.name);
    return names;
}

std::string_view word_of(const Refusal& refusal) {
    return refusal.code == RefusalCode::not_granted ? to_string(refusal.outcome)
                                                    : to_string(refusal.code);
}

std::string text_of(const Refusal& refusal, const terms::Terms& terms, Currency currency) {
    std::string text(word_of(refusal));
    if (const auto* clause = terms.clause_at(refusal.clause)) text += " by " + clause->id;
    if (refusal.opens_at) text += ", opens " + instant_text(*refusal.opens_at);
    if (refusal.closes_at) text += ", closes " + instant_text(*refusal.closes_at);
    if (refusal.limit) text += ", at most " + amount_text(*refusal.limit, currency);
    return text;
}

json::object json_of(const Refusal& refusal, const terms::Terms& terms) {
    const bool by_terms = refusal.code == RefusalCode::not_granted;
    return {{"code", to_string(refusal.code)},
            {"outcome", by_terms ? json::value(to_string(refusal.outcome)) : json::value()},
            {"clause", clause_json(refusal.clause, terms)},
            {"opens_at", instant_json(refusal.opens_at)},
            {"closes_at", instant_json(refusal.closes_at)},
            {"limit", Value{}.of(refusal.limit)}};
}

std::string name_of(const Due& due, const terms::Terms& terms) {
    switch (due.kind) {
    case Due::Kind::clause:        return terms.clause_at(due.clause)->id;
    case Due::Kind::offer:         return "offer";
    case Due::Kind::settlement:    return "settlement";
    case Due::Kind::evidence:      return "evidence";
    case Due::Kind::authorisation: return "authorisation";
    }
    return {};
}

std::string text_of(const Due& due, const terms::Terms& terms) {
    auto text = instant_text(due.legal_at) + " " + name_of(due, terms);
    if (due.kind == Due::Kind::clause)
        text += " " + std::string(to_string(terms.clause_at(due.clause)->action));
    if (due.kind == Due::Kind::offer) text += " " + std::to_string(due.offer.value) + " expires";
    if (due.dispute) text += ", dispute " + std::to_string(due.dispute->value);
    return text;
}

json::object json_of(const Due& due, const terms::Terms& terms) {
    const auto* clause = due.kind == Due::Kind::clause ? terms.clause_at(due.clause) : nullptr;
    return {{"at", holdfast::to_string(due.legal_at)},
            {"what", name_of(due, terms)},
            {"action", clause ? json::value(to_string(clause->action)) : json::value()},
            {"dispute", Value{}.of(due.dispute)},
            {"offer", due.kind == Due::Kind::offer ? Value{}.of(due.offer) : json::value()}};
}

}  // namespace holdfast::formats
