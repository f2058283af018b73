#include "formats/date_text.h"
#include "formats/sample_reader.h"
#include "formats/text.h"

#include <doctest/doctest.h>

namespace holdfast::formats {
namespace {

using desk::MovementSeen;
using Kind = MovementSeen::Kind;
using State = MovementSeen::State;
using Texts = std::vector<std::string>;

Instant at(const char* text) { return *parse_instant(text); }
Money usd(std::int64_t minor) { return Money::of_minor(minor, Currency::usd); }

}  // namespace

TEST_CASE("Stripe: a refund that succeeded names the store's order in its metadata") {
    const auto refund = read_sample("stripe/refund.json").one<MovementSeen>();
    CHECK(refund.system == "stripe");
    CHECK(refund.reference == "re_demo1054");
    CHECK(refund.kind == Kind::refund);
    CHECK(refund.state == State::made);
    CHECK(refund.amount == usd(27'00));
    CHECK(refund.sale_reference == "#1054");
    CHECK(refund.payment_ids == Texts{"ch_demo1054", "pi_demo1054"});
    CHECK(refund.opened == seen_exactly(at("2026-11-23T12:05:00Z")));
}

TEST_CASE("Stripe: a refund that failed later, in a currency without decimals") {
    const auto refund =
        read_sample("stripe/refund_failed_zero_decimal_currency.json").one<MovementSeen>();
    CHECK(refund.state == State::not_made);
    CHECK(refund.amount == Money::of_minor(163'056, Currency::clp));
    CHECK(refund.status == "failed, expired_or_canceled_card");
}

TEST_CASE("Stripe: a dispute by webhook and on a page of the list is one dispute") {
    const auto told = read_sample("stripe/webhook_charge_dispute_created.body.json");
    CHECK(told.observations[0].origin.seen_at == at("2026-11-23T02:13:21Z"));
    const auto dispute = told.one<MovementSeen>();
    CHECK(dispute.reference == "du_demo1051");
    CHECK(dispute.kind == Kind::dispute);
    CHECK(dispute.state == State::pending);
    CHECK(dispute.our_turn == true);
    CHECK(dispute.answer_by == at("2026-11-30T23:59:59Z"));
    CHECK(dispute.reason == "not_received");
    CHECK(dispute.amount == usd(94'90));
    CHECK(dispute.fee == usd(15'00));
    CHECK(dispute.payment_ids == Texts{"ch_demo1051", "pi_demo1051"});
    CHECK(dispute.test);

    const auto page = read_sample("stripe/list_disputes_page.json");
    CHECK(page.one<MovementSeen>() == dispute);
    CHECK(page.notes_say("more than this page"));
}

TEST_CASE("Stripe: a transfer, a part of which was taken back") {
    const auto transfer = read_sample("stripe/transfer.json").one<MovementSeen>();
    CHECK(transfer.kind == Kind::transfer);
    CHECK(transfer.state == State::made);
    CHECK(transfer.amount == usd(41'06));
    CHECK(transfer.taken_back == usd(10'26));
    CHECK(transfer.sale_reference == "#1052");
}

TEST_CASE("Stripe: a charge names the sale and the payment, and carries its refunds") {
    const auto reading = read_bytes(
        R"({"object":"list","has_more":false,"data":[{"id":"ch_1","object":"charge","amount":9490,)"
        R"("currency":"usd","status":"succeeded","captured":true,"created":1795400000,)"
        R"("payment_intent":"pi_1","metadata":{"order_name":"#1051"},"livemode":true,)"
        R"("balance_transaction":{"id":"txn_1","fee":305,"currency":"usd"},)"
        R"("refunds":{"object":"list","data":[{"id":"re_1","object":"refund","amount":1000,)"
        R"("currency":"usd","status":"succeeded","charge":"ch_1"}]}}]})");
    REQUIRE(reading.observations.size() == 2);
    const auto charge = std::get<MovementSeen>(reading.observations[0].seen);
    CHECK(charge.kind == Kind::payment);
    CHECK(charge.state == State::made);
    CHECK(charge.amount == usd(94'90));
    CHECK(charge.fee == usd(3'05));
    CHECK(charge.sale_reference == "#1051");
    CHECK(charge.payment_ids == Texts{"pi_1", "ch_1"});
    const auto refund = std::get<MovementSeen>(reading.observations[1].seen);
    CHECK(refund.kind == Kind::refund);
    CHECK(refund.payment_ids == Texts{"ch_1"});
    CHECK(refund.amount == usd(10'00));
}

TEST_CASE("Stripe: a payout names no sale, and that is said") {
    for (const auto* text :
         {R"({"id":"po_1","object":"payout","amount":1000,"currency":"usd","status":"paid"})",
          R"({"object":"list","has_more":false,"data":[{"id":"po_1","object":"payout"}]})"}) {
        const auto reading = read_bytes(text);
        CHECK(reading.observations.empty());
        CHECK(reading.result.value().why_no_orders.find("names no sale") != std::string::npos);
    }
}

TEST_CASE("the states of Stripe's charges, refunds and disputes") {
    struct Row {
        const char* object;
        const char* status;
        State state;
    };
    const Row rows[] = {
        {"charge", "succeeded", State::made},
        {"charge", "pending", State::pending},
        {"charge", "failed", State::not_made},
        {"refund", "pending", State::pending},
        {"refund", "requires_action", State::pending},
        {"refund", "succeeded", State::made},
        {"refund", "canceled", State::not_made},
        {"refund", "something_new", State::unknown},
        {"dispute", "warning_needs_response", State::pending},
        {"dispute", "warning_under_review", State::pending},
        {"dispute", "warning_closed", State::not_made},
        {"dispute", "needs_response", State::pending},
        {"dispute", "under_review", State::pending},
        {"dispute", "won", State::not_made},
        {"dispute", "lost", State::made},
        {"dispute", "prevented", State::not_made},
        {"dispute", "charge_refunded", State::made},
    };
    for (const auto& row : rows) {
        CAPTURE(row.status);
        const auto reading = read_bytes(std::string(R"({"id":"x_1","object":")") + row.object +
                                        R"(","status":")" + row.status + R"("})");
        CHECK(reading.one<MovementSeen>().state == row.state);
    }
}

TEST_CASE("a sum that Stripe cannot mean is refused with its place") {
    const auto reading =
        read_bytes(R"({"id":"re_1","object":"refund","amount":1.5,"currency":"usd"})");
    REQUIRE(reading.rejects.size() == 1);
    CHECK(reading.rejects[0].first.column == "/amount");
    CHECK(read_bytes(R"({"id":"re_1","object":"refund","amount":1,"currency":"xyz"})")
              .rejects.size() == 1);
    CHECK(read_bytes(R"({"object":"refund"})").rejects.size() == 1);
}

TEST_CASE("PayPal: a dispute in detail leads to the store's order") {
    const auto reading = read_sample("paypal/dispute_detail_inr.json");
    CHECK(reading.observations[0].origin.seen_at == at("2026-11-21T00:00:00Z"));
    const auto dispute = reading.one<MovementSeen>();
    CHECK(dispute.system == "paypal");
    CHECK(dispute.reference == "PP-D-100052");
    CHECK(dispute.kind == Kind::dispute);
    CHECK(dispute.state == State::pending);
    CHECK(dispute.our_turn == true);
    CHECK(dispute.answer_by == at("2026-11-30T08:09:10Z"));
    CHECK(dispute.reason == "not_received");
    CHECK(dispute.amount == usd(78'30));
    CHECK(dispute.sale_reference == "JW-1052");
    CHECK(dispute.sale_id == "7100000001052");
    CHECK(dispute.payment_ids == Texts{"DEMO0SELLER000052", "DEMO0BUYER0000052"});
}

TEST_CASE("PayPal: the disputes of a page, and the one that a webhook tells of") {
    const auto page = read_sample("paypal/disputes_list_page.json");
    const auto disputes = page.all<MovementSeen>();
    REQUIRE(disputes.size() == 2);
    CHECK(disputes[0].our_turn == true);
    CHECK(disputes[1].reference == "PP-D-100049");
    CHECK(disputes[1].amount == Money::of_minor(5400, Currency::jpy));
    CHECK(disputes[1].state == State::ended);  // resolved, and the page does not say for whom
    CHECK(disputes[1].our_turn == false);
    CHECK(page.notes_say("more pages"));

    const auto told = read_sample("paypal/webhook_dispute_created.body.json").one<MovementSeen>();
    CHECK(told.reference == "PP-D-100052");
    CHECK(told.status == "OPEN");
    CHECK(!told.our_turn);
}

TEST_CASE("PayPal: a refund that is not settled yet") {
    const auto refund = read_sample("paypal/capture_refund_response.json").one<MovementSeen>();
    CHECK(refund.reference == "DEMO0REFUND000052");
    CHECK(refund.kind == Kind::refund);
    CHECK(refund.state == State::pending);
    CHECK(refund.status == "PENDING, ECHECK");
    CHECK(refund.amount == usd(39'15));
    CHECK(refund.payment_ids == Texts{"DEMO0CAPTURE0052"});
    CHECK(refund.opened == seen_exactly(at("2026-11-23T12:30:00Z")));
}

TEST_CASE("how PayPal's disputes end") {
    struct Row {
        const char* outcome;
        State state;
    };
    const Row rows[] = {
        {"RESOLVED_BUYER_FAVOUR", State::made},
        {"ACCEPTED", State::made},
        {"RESOLVED_SELLER_FAVOUR", State::not_made},
        {"CANCELED_BY_BUYER", State::not_made},
        {"DENIED", State::not_made},
        {"RESOLVED_WITH_PAYOUT", State::ended},
        {"NONE", State::ended},
    };
    for (const auto& row : rows) {
        CAPTURE(row.outcome);
        const auto reading = read_bytes(
            std::string(R"({"dispute_id":"PP-1","status":"RESOLVED","dispute_outcome":{)") +
            R"("outcome_code":")" + row.outcome + R"("}})");
        CHECK(reading.one<MovementSeen>().state == row.state);
    }
}

TEST_CASE("requests and refusals of processors and marketplaces say what they are") {
    struct Row {
        const char* name;
        const char* format;
        const char* says;
    };
    const Row rows[] = {
        {"stripe/error_charge_already_refunded.json", "stripe_error", "charge_already_refunded"},
        {"stripe/error_idempotency.json", "stripe_error", "idempotency_error"},
        {"stripe/refund_create_request.http", "http_request", "a request"},
        {"stripe/webhook_charge_dispute_created.headers.txt", "http_headers", "another file"},
        {"paypal/accept_claim_request.json", "paypal_request", "a request"},
        {"paypal/make_offer_partial_refund_request.json", "paypal_request", "a request"},
        {"paypal/make_offer_replacement_request.json", "paypal_request", "a request"},
        {"paypal/verify_webhook_signature_request.json", "paypal_request", "a request"},
        {"paypal/error_unprocessable.json", "paypal_error", "INVALID_OFFER_AMOUNT"},
        {"amazon/error.json", "amazon_error", "wait, then ask again"},
        {"ebay/error.json", "ebay_error", "1617"},
        {"woocommerce/refund_create_request.json", "woocommerce_json", "a request"},
        {"woocommerce/rest_error_invalid_id.json", "woocommerce_json", "refusal"},
        {"woocommerce/rest_error_refund_gateway.json", "woocommerce_json", "refusal"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto reading = read_sample(row.name);
        CHECK(reading.observations.empty());
        CHECK(reading.result.value().format == row.format);
        CHECK(contains(reading.result.value().why_no_orders, row.says));
    }
}

}  // namespace holdfast::formats
