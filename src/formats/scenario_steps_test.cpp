// Reading scenarios: every request and observation has words, and what cannot be read is told with
// its line, what was found and what would do.
#include "formats/order_text.h"
#include "formats/scenario.h"

#include <doctest/doctest.h>

#include <set>
#include <string>

namespace holdfast::formats {
namespace {

using order::Command;
using order::Minor;
using order::Observation;

const std::string opening = R"(# A story
terms marketplace
order placed 2026-01-05T12:00:00Z by buyer anna from seller bert in EUR
  line 1: 2 x "desk lamp" at 45.00
  line 2: 1 x shade at 10.00
)";

Scenario read(const std::string& lines) {
    auto scenario = read_scenario(opening + lines);
    if (!scenario)
        for (const auto& error : scenario.error()) MESSAGE(to_string(error, "t"));
    REQUIRE(scenario.has_value());
    return std::move(*scenario);
}

std::string error_of(const std::string& line) {
    const auto scenario = read_scenario(opening + line);
    REQUIRE_FALSE(scenario.has_value());
    return to_string(scenario.error().front(), "t");
}

template <class T>
T request_of(const std::string& line) {
    const auto scenario = read("on 2026-02-06T08:00:00Z: " + line);
    return std::get<T>(std::get<Command>(scenario.steps.back().what).request);
}

template <class T>
T seen_of(const std::string& line) {
    const auto scenario = read("on 2026-02-06T08:00:00Z: " + line);
    return std::get<T>(std::get<Observation>(scenario.steps.back().what).seen);
}

const char* requests[] = {
    "order placed 2026-02-06T08:00:00Z by buyer anna from seller bert in EUR",
    "buyer cancels",
    "seller refuses to cancel",
    "buyer requests extension of 10 days",
    "seller extends by 1 day",
    "buyer confirms receipt",
    "buyer opens dispute, not_received, wants full_refund",
    "buyer modifies dispute 1, reason damaged, wants partial_refund_keep, amount 20.00",
    "buyer withdraws dispute 1",
    "seller responds to dispute 1",
    "seller offers dispute 1 nothing",
    "buyer accepts offer 1",
    "buyer declines offer 1",
    "buyer escalates dispute 1",
    "platform requests evidence of seller on dispute 1 due 2026-02-09T08:00:00Z",
    "seller submits evidence photo on dispute 1 content \"lamp.jpg\"",
    "platform decides dispute 1: nothing for seller because as_described",
    "buyer appeals dispute 1 with new information",
    "seller prepares return of dispute 1, label seller, to \"12 Harbour Street\"",
    "buyer sends return of dispute 1, tracking RT1",
    "seller receives return of dispute 1 used",
    "seller contests return of dispute 1 empty_parcel",
    "seller refunds 5.00 for line 1",
    "seller compensates goodwill 5.00 on dispute 1",
    "seller promises gift bulb on dispute 1",
    "platform repeats instruction 1",
    "seller answers chargeback 1 content proof",
    "platform links dispute 1 to aliexpress 3099",
    "buyer settles arrival of parcel 1: send_back",
    "buyer writes",
    "seller writes to platform on dispute 1",
};

const char* observations[] = {
    "authorised 100.00 until 2026-03-01T00:00:00Z",
    "captured 100.00",
    "authorisation ended",
    "shipped line 1 as parcel 1 tracking LX1",
    "parcel 1 scanned delivered, seen 2026-02-07T08:00:00Z",
    "parcel 1 withdrawn delivered",
    "return of dispute 1 delivered",
    "instruction 1 succeeded",
    "chargeback opened 100.00 evidence due 2026-03-01T00:00:00Z as chargeback 1",
    "chargeback 1 won",
    "upstream of dispute 1 granted 15.00",
    "told seller of event 6 by portal delivered",
    "notice 1 bounced",
};

}  // namespace

TEST_CASE("every request and every observation has its words") {
    std::set<std::size_t> asked, seen;
    for (const std::string line : requests) {
        CAPTURE(line);
        const auto scenario =
            read(line.starts_with("order") ? line : "on 2026-02-06T08:00:00Z: " + line);
        asked.insert(std::get<Command>(scenario.steps.back().what).request.index());
        CHECK(scenario.steps.back().text.substr(0, 5) == line.substr(0, 5));
    }
    CHECK(asked.size() == std::variant_size_v<order::Request>);
    for (const std::string line : observations) {
        CAPTURE(line);
        const auto scenario = read("on 2026-02-06T08:00:00Z: " + line);
        seen.insert(std::get<Observation>(scenario.steps.back().what).seen.index());
    }
    CHECK(seen.size() == std::variant_size_v<order::Seen>);
}

TEST_CASE("the order: goods, extras, dates, facts") {
    const auto scenario = read(R"(  shipping 5.00, tax 1.20, fee 0.30, commission 2.5 %
  promised by 2026-02-04, ship by 2026-01-10T00:00:00Z
  custody with_seller, decided elsewhere
  fact destination DE, fact seller_delivery_days 30
  item custom_made, perishable   # and a comment
)");
    CHECK(scenario.title == "A story");
    CHECK(scenario.terms == "marketplace");
    REQUIRE(scenario.steps.size() == 1);
    const auto& command = std::get<Command>(scenario.steps[0].what);
    CHECK(command.by == terms::Party::platform);
    const auto& placed = std::get<order::Place>(command.request).placement;
    REQUIRE(placed.lines.size() == 2);
    CHECK(placed.lines[0] == order::PlacedLine{"desk lamp", 2, 4500});
    CHECK(placed.shipping == 500);
    CHECK(placed.tax == 120);
    CHECK(placed.fee == 30);
    CHECK(placed.commission_basis_points == 250);
    CHECK(placed.promised_by.is_day());
    CHECK(placed.ship_by == terms::When(*parse_instant("2026-01-10T00:00:00Z")));
    CHECK(placed.custody == order::Custody::with_seller);
    CHECK(placed.decider == order::Decider::elsewhere);
    CHECK(placed.attributes.front().second == Word("DE"));
    CHECK(placed.numbers.front().second == 30);
    CHECK(placed.item_marks.size() == 2);
    CHECK_FALSE(placed.buyer == placed.seller);
}

TEST_CASE("requests say all that they can") {
    const auto open = request_of<order::OpenDispute>(
        "buyer opens dispute, damaged, detail cracked, wants partial_refund_keep amount 30.00 "
        "for 1 of line 1, line 2 with evidence as dispute 3");
    CHECK(open.reason == terms::Reason::damaged);
    CHECK(open.sub_reason == Word("cracked"));
    CHECK(open.wanted == terms::Remedy::partial_refund_keep);
    CHECK(open.amount == Minor{3000});
    CHECK(open.lines == order::Lines{{{1}, 1}, {{2}, 1}});
    CHECK(open.has_evidence);

    const auto offer = request_of<order::MakeOffer>(
        "seller offers dispute 2 nothing, if arrives by 2026-02-20T00:00:00Z else full_refund "
        "105.00 until 2026-02-10T00:00:00Z");
    CHECK(offer.dispute.value == 2);
    CHECK_FALSE(offer.plan.then.remedy.has_value());
    CHECK(offer.plan.arrives_by == parse_instant("2026-02-20T00:00:00Z"));
    CHECK(offer.plan.otherwise ==
          order::Settlement{.remedy = terms::Remedy::full_refund, .amount = 10500});
    CHECK(offer.expires_at == parse_instant("2026-02-10T00:00:00Z"));

    const auto decide = request_of<order::Decide>(
        "platform decides dispute 1: full_refund 105.00 for buyer because no_proof_of_delivery, "
        "delivered_late");
    CHECK(decide.verdict.winner == terms::Party::buyer);
    CHECK(decide.verdict.codes.size() == 2);

    CHECK(request_of<order::Extend>("seller extends by -3 days").days == -3);
    CHECK_FALSE(
        request_of<order::SubmitEvidence>("buyer submits evidence photo on dispute 1").content);
    const auto message = request_of<order::SendMessage>("seller writes to platform on dispute 2");
    CHECK(message.to == order::Audience::platform);
    CHECK(message.dispute == order::DisputeNo{2});
    CHECK(request_of<order::Refund>("seller refunds").amount == std::nullopt);
    CHECK(seen_of<order::SeeShipped>("shipped in place of dispute 1").replaces ==
          order::DisputeNo{1});
}

TEST_CASE("a thing told late happened then and comes in now") {
    const auto scenario = read(
        "on 2026-01-20T10:00:00Z: parcel 1 scanned moving, seen 2026-01-21T08:00:00Z\n"
        "on 2026-01-21T07:00:00Z: parcel 1 scanned moving, seen 2026-01-21T09:00:00Z");
    const auto& step = scenario.steps[1];
    CHECK(step.at == parse_instant("2026-01-21T08:00:00Z"));
    CHECK(std::get<Observation>(step.what).when == parse_instant("2026-01-20T10:00:00Z"));
}

TEST_CASE("what cannot be read is told with its line and what would do") {
    const struct {
        std::string line, error;
    } rows[] = {
        {"onn 2026-02-06T08:00:00Z: captured 1.00", "t:6: found \"onn\", expected terms, law"},
        {"on 2026-02-06: captured 1.00",
         "t:6: found \"2026-02-06\", expected an instant such as 2026-01-05T12:00:00Z"},
        {"on 2026-02-06T08:00:00Z: buyer opns dispute, late", "nearest: opens"},
        {"on 2026-02-06T08:00:00Z: buyr opens dispute, late", "nearest: buyer"},
        {"on 2026-02-06T08:00:00Z: buyer opens dispute, not_recieved",
         "t:6: found \"not_recieved\", expected not_received, late,"},
        {"on 2026-02-06T08:00:00Z: captured 12.999",
         "t:6: found \"12.999\", expected an amount in EUR, such as 45.00"},
        {"on 2026-02-06T08:00:00Z: captured",
         "t:6: found the end of the line, expected an amount in EUR, such as 45.00"},
        {"on 2026-02-06T08:00:00Z: captured 1.00 twice",
         "t:6: found \"twice\", expected the end of the line"},
        {"on 2026-02-06T08:00:00Z: parcel one scanned lost",
         "t:6: found \"one\", expected the number of the parcel"},
        {"on 2026-01-01T00:00:00Z: captured 1.00",
         "t:6: found 2026-01-01T00:00:00Z, expected no time before 2026-01-05T12:00:00Z"},
        {"line 4: 1 x lamp at 1.00", "t:6: found \"4\", expected 3, the line's number"},
        {"time passes to 2026-02-01T00:00:00Z\n  shipping 5.00",
         "t:7: found \"shipping\", expected this right below the order that it belongs to"},
        {"outage 2026-02-13T07:00:00Z to 2026-02-13T07:00:00Z", "expected a time after"},
        {"grace 2 days", "t:6: found \"days\", expected s, min or h"},
        {"expect event dispute_openned", "expected the name of an event; nearest: dispute_opened"},
        {"expect event refund_issued amonut 1.00", "nearest: amount"},
        {"expect event refund_issued amount", "expected what amount is"},
        {"expect refused to_late", "nearest: too_late"},
        {"expect balance escro 1.00", "nearest: escrow"},
        {"expect answer buyer open_dispute late not_late", "expected a colon and the answer"},
        {"expect order negotiating", "expected placed, paid, shipped, completed or cancelled"},
        {"  commission five %", "expected a percentage such as 5 %"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.line);
        const auto error = error_of(row.line);
        CHECK_MESSAGE(error.find(row.error) != std::string::npos, error);
    }
    CHECK(read_scenario("").error().front().fault.found == "no order");
    CHECK(read_scenario("expect order placed\xff\n").error().front().line == 1);
    CHECK(read_scenario(opening + "x\ny\nz\n").error().size() == 3);  // all of them at once
}

TEST_CASE("an answer stands behind a colon, since late is a reason and an answer") {
    const auto one = read("expect answer buyer open_dispute late: not_late by MP-2");
    const auto& asked = std::get<ExpectAnswer>(std::get<Expectation>(one.steps.back().what));
    CHECK(asked.reason == terms::Reason::late);
    CHECK(asked.outcome == terms::Outcome::not_late);
    CHECK(asked.clause == "MP-2");
    const auto other = read("expect answer buyer open_dispute for 1 of line 1: late");
    const auto& plain = std::get<ExpectAnswer>(std::get<Expectation>(other.steps.back().what));
    CHECK_FALSE(plain.reason.has_value());
    CHECK(plain.scope.lines.size() == 1);
    CHECK(other.has_expectations());
}

TEST_CASE("events as text and as JSON, from their own members") {
    const order::Event refund =
        order::RefundIssued{.instruction = {2},
                            .dispute = order::DisputeNo{1},
                            .amount = 1050,
                            .from_held = 1050,
                            .parts = {.goods = {{{2}, 1000}}, .shipping = 50}};
    CHECK(text_of(refund, Currency::eur) ==
          "refund_issued: instruction 2, dispute 1, amount 10.50, from_held 10.50, parts line 2 "
          "10.00, shipping 0.50");
    CHECK(text_of(order::Completed{}, Currency::eur) == "completed");
    CHECK(text_of(order::PaymentCaptured{.amount = 0}, Currency::jpy) ==
          "payment_captured: amount 0");

    const auto at = *parse_instant("2026-02-13T08:00:00.5Z");
    const auto json = json_of({.at = at, .when = at, .event = refund});
    CHECK(json.at("event") == "refund_issued");
    CHECK(json.at("at") == "2026-02-13T08:00:00.500Z");
    CHECK(json.at("amount") == 1050);
    CHECK(json.at("from_seller") == 0);
    CHECK(json.at("parts").at("goods").at(0).at("amount") == 1000);
    CHECK(instant_text(at) == "2026-02-13T08:00:00.500Z");
    CHECK(event_names().size() == std::variant_size_v<order::Event>);
    CHECK(member_names("extended") == std::vector<std::string_view>{"days", "promised_by"});
    CHECK(member_names("no_such_event").empty());
}

}  // namespace holdfast::formats
