#include "formats/worked_cases.h"

#include "base/try.h"

#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace holdfast::formats {
namespace {

namespace json = boost::json;
using terms::Action;
using terms::Attribute;
using terms::Facts;
using terms::Marks;
using terms::Moment;
using terms::Number;
using terms::Party;
using terms::Question;
using terms::Reason;
using terms::Topic;
using terms::Verb;
using terms::Waiting;
using terms::When;

std::string_view text_of(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value && value->is_string() ? std::string_view(value->as_string()) : std::string_view{};
}

const json::value* given(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value && !value->is_null() ? value : nullptr;
}

When when_of(std::string_view text) {
    if (const auto instant = parse_instant(text)) return *instant;
    if (const auto day = parse_day(text)) return *day;
    return {};
}

Word tracking_word(std::string_view text) {
    return text == "in_transit_normal" ? Word("in_transit") : Word::cut(text);
}

// --- Facts ---------------------------------------------------------------------------------

struct MomentKey {
    std::string_view key;
    Moment moment;
};
constexpr std::array moment_keys = {
    MomentKey{"paid_at", Moment::paid},
    MomentKey{"promised_by", Moment::promised_by},
    MomentKey{"completed_at", Moment::completed},
    MomentKey{"processing_at", Moment::processed},
    MomentKey{"ship_by", Moment::ship_by},
    MomentKey{"guarantee_until", Moment::guarantee_until},
    MomentKey{"availability_confirmed_at", Moment::availability_confirmed},
    MomentKey{"stock_available_at", Moment::in_stock},
};

struct NumberKey {
    std::string_view key;
    Number number;
};
constexpr std::array number_keys = {
    NumberKey{"item_minor", Number::item},
    NumberKey{"shipping_minor", Number::shipping},
    NumberKey{"protection_fee_minor", Number::fee},
    NumberKey{"seller_delivery_days", Number::seller_delivery_days},
    NumberKey{"ordered_qty", Number::ordered_quantity},
    NumberKey{"received_qty", Number::received_quantity},
    NumberKey{"gift_market_minor", Number::gift_market},
    NumberKey{"free_shipping_threshold_minor", Number::free_shipping_threshold},
    NumberKey{"shipping_borne_by_seller_minor", Number::shipping_borne_by_seller},
    NumberKey{"return_shipping_minor", Number::return_shipping},
    NumberKey{"tax_on_return_minor", Number::tax_on_return},
};

struct WordKey {
    std::string_view key;
    Attribute attribute;
};
constexpr std::array word_keys = {
    WordKey{"carrier_class", Attribute::carrier_class},
    WordKey{"destination", Attribute::destination},
    WordKey{"seller_origin", Attribute::seller_origin},
    WordKey{"seller_class", Attribute::seller_class},
    WordKey{"failure_cause", Attribute::failure_cause},
    WordKey{"terms_variant", Attribute::terms_variant},
    WordKey{"currency", Attribute::currency},
    WordKey{"holidays", Attribute::holidays},
    WordKey{"jurisdiction", Attribute::jurisdiction},
};

// First, last and all of what each parcel says; `whole` where no parcel says anything of its own.
void set_parcel_moments(Facts& facts, const json::array* parcels, std::string_view key, When whole,
                        Moment first, Moment last, Moment all) {
    When earliest, latest;
    bool every = true;
    bool any = false;
    if (parcels) {
        for (const auto& parcel : *parcels) {
            if (!parcel.as_object().contains(key)) continue;
            any = true;
            const auto when = when_of(text_of(parcel.as_object(), key));
            every = every && when.known();
            if (!when.known()) continue;
            if (!earliest.known() || when.instant() < earliest.instant()) earliest = when;
            if (!latest.known() || when.instant() > latest.instant()) latest = when;
        }
    }
    if (!any) earliest = latest = whole;
    facts.set(first, earliest);
    facts.set(last, latest);
    if (every) facts.set(all, latest);
}

struct EventKey {
    std::string_view type;
    Moment moment;
};
constexpr std::array event_moments = {
    EventKey{"dispute_opened", Moment::dispute_opened},
    EventKey{"dispute_modified", Moment::dispute_modified},
    EventKey{"seller_rejected", Moment::dispute_answered},
    EventKey{"seller_offered", Moment::dispute_answered},
    EventKey{"buyer_accepted", Moment::offer_accepted},
    EventKey{"platform_decided", Moment::decided},
    EventKey{"platform_asked_seller", Moment::asked},
    EventKey{"buyer_contacted_seller", Moment::contacted},
    EventKey{"help_request_sent", Moment::contacted},
    EventKey{"escalated", Moment::escalated},
    EventKey{"dispute_auto_closed", Moment::dispute_closed},
    EventKey{"buyer_confirmed", Moment::completed},
    EventKey{"return_agreed", Moment::return_agreed},
    EventKey{"return_requested", Moment::return_requested},
    EventKey{"return_shipped", Moment::return_sent},
    EventKey{"return_tracking_submitted", Moment::return_tracking_given},
    EventKey{"return_delivered", Moment::return_delivered},
    EventKey{"return_received", Moment::return_received},
    EventKey{"return_contested", Moment::return_contested},
    EventKey{"appeal_filed", Moment::appealed},
    EventKey{"appeal_decided", Moment::appeal_decided},
    EventKey{"coupon_issued", Moment::credited},
    EventKey{"store_closed", Moment::shop_closed},
    EventKey{"order_cancelled", Moment::cancelled},
    EventKey{"cancellation_requested", Moment::cancel_requested},
    EventKey{"refunded", Moment::refunded},
    EventKey{"chargeback_opened", Moment::chargeback},
    EventKey{"address_changed", Moment::address_changed},
    EventKey{"extension_granted", Moment::extended},
    EventKey{"released_to_seller", Moment::released},
    EventKey{"notified_should_be_delivered", Moment::notified_delivery},
    EventKey{"notified_return_should_be_delivered", Moment::notified_return},
    EventKey{"installation_notified", Moment::notified_installation},
    EventKey{"repair_requested", Moment::repair_began},
    EventKey{"repaired_returned", Moment::repair_ended},
    EventKey{"seller_ceased_trading", Moment::ceased_trading},
    EventKey{"withdrawal_notified", Moment::withdrawn},
};

struct CountKey {
    std::string_view type;
    Number counter;
};
constexpr std::array event_counters = {
    CountKey{"dispute_opened", Number::disputes},      CountKey{"appeal_filed", Number::appeals},
    CountKey{"return_label_used", Number::labels},     CountKey{"coupon_issued", Number::credits},
    CountKey{"extension_granted", Number::extensions}, CountKey{"return_received", Number::returns},
};

struct SumKey {
    std::string_view type, key;
    Number number;
};
constexpr std::array event_sums = {
    SumKey{"dispute_opened", "requested_minor", Number::requested},
    SumKey{"dispute_modified", "requested_minor", Number::requested},
    SumKey{"seller_offered", "offer_minor", Number::offered},
    SumKey{"buyer_accepted", "offer_minor", Number::accepted},
    SumKey{"platform_decided", "amount_minor", Number::decided_amount},
    SumKey{"refunded", "amount_minor", Number::refunded_amount},
    SumKey{"return_received", "value_minor", Number::returned_value},
};

struct EventWord {
    std::string_view type, key;
    Attribute attribute;
};
constexpr std::array event_words = {
    EventWord{"dispute_opened", "reason", Attribute::dispute_reason},
    EventWord{"platform_decided", "finding", Attribute::finding},
    EventWord{"return_tracking_submitted", "label", Attribute::return_label},
};

void set_event(Facts& facts, const json::object& event) {
    const auto type = text_of(event, "type");
    const auto at = when_of(text_of(event, "at"));
    for (const auto& row : event_moments)
        if (row.type == type) facts.set(row.moment, at);
    if (type == "seller_offered") facts.set(Moment::offer_made, at);
    for (const auto& row : event_counters)
        if (row.type == type) facts.set(row.counter, facts.number(row.counter).value_or(0) + 1);
    for (const auto& row : event_sums)
        if (const auto* value = given(event, row.key);
            value && row.type == type && value->is_int64())
            facts.set(row.number, value->as_int64());
    for (const auto& row : event_words)
        if (row.type == type && !text_of(event, row.key).empty())
            facts.set(row.attribute, Word::cut(text_of(event, row.key)));
    if (type == "dispute_opened" && !text_of(event, "tracking").empty())
        facts.set(Attribute::dispute_tracking, tracking_word(text_of(event, "tracking")));
    if (const auto* missing = given(event, "missing"); missing && missing->is_array())
        for (const auto& mark : missing->as_array())
            facts.add_mark(Marks::return_missing, Word::cut(std::string_view(mark.as_string())));
}

// What the returned lines and the kept ones cost, where the case lists lines.
void set_line_values(Facts& facts, const json::object& object) {
    const auto* lines = given(object, "order_items");
    if (!lines) return;
    std::int64_t all = 0, back = 0;
    bool any_back = false;
    for (const auto& line : lines->as_array()) {
        const auto id = text_of(line.as_object(), "id");
        const auto value = line.as_object().at("minor").as_int64();
        all += value;
        for (const auto& event : object.at("events").as_array()) {
            const auto* items = given(event.as_object(), "items");
            if (!items || text_of(event.as_object(), "type") != "return_received") continue;
            any_back = true;
            for (const auto& item : items->as_array())
                if (std::string_view(item.as_string()) == id) back += value;
        }
    }
    if (!facts.number(Number::item)) facts.set(Number::item, all);
    if (!any_back) return;
    facts.set(Number::returned_value, back);
    facts.set(Number::kept_value, all - back);
}

Facts facts_of(const json::object& object) {
    Facts facts;
    for (const auto& row : moment_keys)
        if (const auto when = when_of(text_of(object, row.key)); when.known())
            facts.set(row.moment, when);
    for (const auto& row : number_keys)
        if (const auto* value = given(object, row.key)) facts.set(row.number, value->as_int64());
    for (const auto& row : word_keys)
        if (!text_of(object, row.key).empty())
            facts.set(row.attribute, Word::cut(text_of(object, row.key)));
    if (!text_of(object, "tracking").empty())
        facts.set(Attribute::tracking, tracking_word(text_of(object, "tracking")));
    if (const auto* marks = given(object, "attributes"))
        for (const auto& mark : marks->as_array())
            facts.add_mark(Marks::item, Word::cut(std::string_view(mark.as_string())));
    const auto* parcels = given(object, "parcels");
    const auto* list = parcels ? &parcels->as_array() : nullptr;
    set_parcel_moments(facts, list, "shipped_at", when_of(text_of(object, "shipped_at")),
                       Moment::shipped_first, Moment::shipped_last, Moment::shipped_all);
    set_parcel_moments(facts, list, "delivered_at", when_of(text_of(object, "delivered_at")),
                       Moment::delivered_first, Moment::delivered_last, Moment::delivered_all);
    if (const auto* events = given(object, "events"))
        for (const auto& event : events->as_array()) set_event(facts, event.as_object());
    set_line_values(facts, object);
    return facts;
}

// --- The question --------------------------------------------------------------------------

struct RightKind {
    std::string_view kind;
    Verb verb;
    std::optional<Reason> reason;
    Party by;
};
const std::array right_kinds = {
    RightKind{"not_received", Verb::open_dispute, Reason::not_received, Party::buyer},
    RightKind{"not_as_described", Verb::open_dispute, Reason::not_as_described, Party::buyer},
    RightKind{"late", Verb::open_dispute, Reason::late, Party::buyer},
    RightKind{"second_dispute", Verb::open_dispute, std::nullopt, Party::buyer},
    RightKind{"change_of_mind", Verb::return_no_fault, std::nullopt, Party::buyer},
    RightKind{"late_coupon", Verb::claim_credit, std::nullopt, Party::buyer},
    RightKind{"use_coupon", Verb::use_credit, std::nullopt, Party::buyer},
    RightKind{"escalate", Verb::escalate, std::nullopt, Party::buyer},
    RightKind{"refund_overdue", Verb::escalate, Reason::refund_overdue, Party::buyer},
    RightKind{"appeal", Verb::appeal, std::nullopt, Party::buyer},
    RightKind{"return_in_time", Verb::send_return, std::nullopt, Party::buyer},
    RightKind{"return_complete", Verb::complete_return, std::nullopt, Party::buyer},
    RightKind{"extension", Verb::extend, std::nullopt, Party::buyer},
    RightKind{"seller_proof", Verb::prove_delivery, std::nullopt, Party::seller},
    RightKind{"modify_dispute", Verb::modify_dispute, std::nullopt, Party::buyer},
    RightKind{"change_reason", Verb::change_reason, std::nullopt, Party::buyer},
    RightKind{"free_label", Verb::use_label, std::nullopt, Party::buyer},
    RightKind{"case_state", Verb::respond, std::nullopt, Party::buyer},
    RightKind{"delivered_after_refund", Verb::claim_back, std::nullopt, Party::seller},
    RightKind{"withdraw", Verb::withdraw_contract, std::nullopt, Party::buyer},
    RightKind{"reject_goods", Verb::reject_goods, std::nullopt, Party::buyer},
    RightKind{"chargeback_not_received", Verb::chargeback, Reason::not_received, Party::buyer},
};

struct DefaultKind {
    std::string_view kind;
    std::optional<Waiting> waits_for;
    std::array<Action, 2> actions;
};
const std::array default_kinds = {
    DefaultKind{"auto_complete", {}, {Action::complete, Action::release}},
    DefaultKind{"auto_escalate", {}, {Action::escalate, Action::escalate}},
    DefaultKind{"auto_close", {}, {Action::close, Action::close}},
    DefaultKind{"auto_compensate", {}, {Action::credit, Action::credit}},
    DefaultKind{"seller_silent", Waiting::seller, {}},
    DefaultKind{"buyer_silent_on_offer", Waiting::buyer, {}},
    DefaultKind{"return_not_shipped", Waiting::buyer_return, {}},
    DefaultKind{"return_unconfirmed", Waiting::seller_return, {}},
    DefaultKind{"cancel_silent", Waiting::seller_cancel, {}},
    DefaultKind{"not_shipped", Waiting::seller_shipment, {}},
    DefaultKind{"store_closed", Waiting::shop, {}},
};

struct AwardKind {
    std::string_view kind;
    Topic topic;
};
constexpr std::array award_kinds = {
    AwardKind{"refund_amount", Topic::refund},
    AwardKind{"return_cost", Topic::return_postage},
    AwardKind{"counterfeit_remedy", Topic::counterfeit},
    AwardKind{"who_funds", Topic::funding},
    AwardKind{"partial_delivery", Topic::part_delivery},
};

std::optional<Question> question_of(std::string_view kind) {
    for (const auto& row : right_kinds)
        if (row.kind == kind)
            return Question{.kind = Question::Kind::right,
                            .by = row.by,
                            .verb = row.verb,
                            .reason = row.reason};
    for (const auto& row : default_kinds) {
        if (row.kind != kind) continue;
        Question question{.kind = Question::Kind::fallback, .waits_for = row.waits_for};
        if (!row.waits_for)
            for (const auto action : row.actions) question.actions.set(terms::index_of(action));
        return question;
    }
    for (const auto& row : award_kinds)
        if (row.kind == kind) return Question{.kind = Question::Kind::award, .topic = row.topic};
    return std::nullopt;
}

void set_request(Facts& facts, Question& question, const json::object& ask) {
    if (const auto by = terms::parse_word<Party>(text_of(ask, "by"))) question.by = *by;
    if (const auto reason = text_of(ask, "reason"); !reason.empty()) {
        facts.set(Attribute::request_reason, Word::cut(reason));
        // A finer reason tells more about the case, not what is asked for.
        if (!question.reason) question.reason = terms::parse_word<Reason>(reason);
    }
    if (!text_of(ask, "forum").empty())
        facts.set(Attribute::request_forum, Word::cut(text_of(ask, "forum")));
    if (!text_of(ask, "to").empty())
        facts.set(Attribute::request_to, Word::cut(text_of(ask, "to")));
    if (const auto* days = given(ask, "days")) facts.set(Number::request_days, days->as_int64());
    if (const auto* sum = given(ask, "requested_minor"))
        facts.set(Number::request_amount, sum->as_int64());
    if (const auto* fresh = given(ask, "new_information"); fresh && fresh->as_bool())
        facts.add_mark(Marks::request, "new_information");
    if (const auto* evidence = given(ask, "evidence")) {
        for (const auto& kind : evidence->as_array()) {
            facts.add_mark(Marks::request, "evidence");
            facts.add_mark(Marks::request, Word::cut(std::string_view(kind.as_string())));
        }
    }
}

// --- Expected ------------------------------------------------------------------------------

std::optional<std::string> optional_text(const json::object& object, std::string_view key) {
    const auto text = text_of(object, key);
    return text.empty() ? std::nullopt : std::optional<std::string>(text);
}

Expected expected_of(const json::object& object) {
    Expected expected;
    if (const auto* allowed = given(object, "allowed")) expected.allowed = allowed->as_bool();
    expected.outcome = optional_text(object, "outcome");
    expected.opens_at = parse_instant(text_of(object, "opens_at"));
    expected.closes_at = parse_instant(text_of(object, "deadline"));
    expected.winner = optional_text(object, "winner");
    if (const auto* amount = given(object, "amount_minor")) expected.amount = amount->as_int64();
    if (const auto* remedies = given(object, "remedies")) {
        expected.remedies.emplace();
        for (const auto& remedy : remedies->as_array())
            expected.remedies->emplace_back(std::string_view(remedy.as_string()));
        std::ranges::sort(*expected.remedies);
    }
    if (const auto* required = given(object, "return_required"))
        expected.return_required = required->as_bool();
    expected.return_shipping_paid_by = optional_text(object, "return_shipping_paid_by");
    expected.funded_by = optional_text(object, "funded_by");
    return expected;
}

WorkedCase case_of(const json::object& object) {
    WorkedCase made;
    made.id = text_of(object, "id");
    made.programme = text_of(object, "programme");
    made.title = text_of(object, "title");
    made.clause = text_of(object, "clause");
    if (const auto* inferred = given(object, "inferred")) made.inferred = inferred->as_bool();
    const auto counting = text_of(object, "counting");
    made.uses_calendar = counting.starts_with("business_day") || counting == "eu_1182_71";
    const auto& ask = object.at("ask").as_object();
    made.kind = text_of(ask, "kind");
    made.facts = facts_of(object.at("facts").as_object());
    made.question = question_of(made.kind);
    if (made.question) {
        made.question->at = parse_instant(text_of(ask, "at")).value();
        if (made.kind == "second_dispute")
            made.question->reason =
                terms::parse_word<Reason>(made.facts.word(Attribute::dispute_reason).view());
        set_request(made.facts, *made.question, ask);
    }
    made.expected = expected_of(object.at("expected").as_object());
    return made;
}

template <class Value, class Text>
void check(std::vector<Mismatch>& found, std::string_view member, const Value& expected,
           const Value& got, Text text) {
    if (!expected || expected == got) return;
    found.push_back(
        {std::string(member), text(*expected), got ? text(*got) : std::string("nothing")});
}

template <class E>
std::optional<std::string> word_of(const std::optional<E>& value) {
    return value ? std::optional<std::string>(to_string(*value)) : std::nullopt;
}

std::optional<std::vector<std::string>> remedies_of(const terms::Answer& answer) {
    std::vector<std::string> words;
    for (std::size_t i = 0; i < answer.remedies.size(); ++i)
        if (answer.remedies[i]) words.emplace_back(to_string(static_cast<terms::Remedy>(i)));
    std::ranges::sort(words);
    return words;
}

}  // namespace

std::expected<std::vector<WorkedCase>, CasesError> read_cases(std::string_view text) {
    boost::system::error_code error;
    json::stream_parser parser;
    parser.write(text.data(), text.size(), error);
    if (!error) parser.finish(error);
    if (error) return std::unexpected(CasesError{"the file", "not JSON: " + error.message()});
    const auto root = parser.release();
    const auto* object = root.if_object();
    const auto* cases = object ? object->if_contains("cases") : nullptr;
    if (!cases || !cases->is_array())
        return std::unexpected(CasesError{"/cases", "found no list of cases"});
    std::vector<WorkedCase> made;
    for (std::size_t i = 0; i < cases->as_array().size(); ++i) {
        const auto place = "/cases/" + std::to_string(i);
        try {
            made.push_back(case_of(cases->as_array()[i].as_object()));
        } catch (
            const std::exception& wrong) {  // Boost.JSON says so when a member has another type
            return std::unexpected(CasesError{
                place, std::string("a member is missing or of another type: ") + wrong.what()});
        }
    }
    return made;
}

std::vector<Mismatch> compare(const Expected& expected, const terms::Answer& answer) {
    std::vector<Mismatch> found;
    const auto same = [](const std::string& text) { return text; };
    const auto yes_no = [](bool yes) { return std::string(yes ? "true" : "false"); };
    const auto instant = [](Instant at) { return holdfast::to_string(at); };
    const auto list = [](const std::vector<std::string>& words) {
        std::string text;
        for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
        return text;
    };
    check(found, "allowed", expected.allowed, std::optional(answer.allowed), yes_no);
    check(found, "outcome", expected.outcome, std::optional<std::string>(to_string(answer.outcome)),
          same);
    check(found, "opens_at", expected.opens_at, answer.opens_at, instant);
    check(found, "deadline", expected.closes_at, answer.closes_at, instant);
    check(found, "winner", expected.winner, word_of(answer.winner), same);
    check(found, "amount_minor", expected.amount, answer.amount,
          [](std::int64_t sum) { return std::to_string(sum); });
    check(found, "remedies", expected.remedies, remedies_of(answer), list);
    check(found, "return_required", expected.return_required, answer.return_required, yes_no);
    check(found, "return_shipping_paid_by", expected.return_shipping_paid_by,
          word_of(answer.return_shipping_paid_by), same);
    check(found, "funded_by", expected.funded_by, word_of(answer.funded_by), same);
    return found;
}

}  // namespace holdfast::formats
