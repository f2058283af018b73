// What the processor makes of what Stripe should never say or says seldom: a server that answers as
// it is told. The usual is in stripe_suite.cpp.
#include "local_http_server.h"

#include "engine/stripe_processor.h"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::test {
namespace {

using namespace engine;

Money eur(std::int64_t minor) { return Money::of_minor(minor, Currency::eur); }

// Answers in this order, and then no more; keeps what it was asked.
struct Desk {
    explicit Desk(std::vector<std::string> bodies, unsigned status = 200) {
        for (auto& body : bodies) answers.push_back({.status = status, .body = std::move(body)});
    }

    StripeOptions options() const { return {.secret_key = "sk_test_local", .url = server.url()}; }
    std::string last_target() const { return asked.back().method + " " + asked.back().target; }

    std::vector<LocalAnswer> answers;
    std::vector<LocalRequest> asked = {};
    LocalHttpServer server{[this](const LocalRequest& request) {
        asked.push_back(request);
        return asked.size() > answers.size() ? LocalAnswer{.end = LocalAnswer::End::none}
                                             : answers[asked.size() - 1];
    }};
    http::Client client{{.allow_private = true, .allow_http = true}};
    StripeProcessor processor{client, options()};
};

const Outgoing refund{
    .key = "k1", .what = Payment::refund, .amount = eur(1'000), .source = "pi_paid"};
const Outgoing payout{
    .key = "k1", .what = Payment::payout, .amount = eur(1'000), .destination = "acct_1"};
const Outgoing voiding{
    .key = "k1", .what = Payment::void_authorisation, .amount = eur(1'000), .source = "pi_held"};

// Something that was made there under a key; `more` says its state.
std::string made(std::string_view key, std::string_view more, std::string_view id = "re_1",
                 int amount = 1'000) {
    return R"({"id":")" + std::string(id) + R"(","amount":)" + std::to_string(amount) +
           R"(,"currency":"eur","metadata":{"holdfast_key":")" + std::string(key) + R"("},)" +
           std::string(more) + "}";
}
std::string page(const std::string& objects, bool has_more = false) {
    return R"({"data":[)" + objects + R"(],"has_more":)" + (has_more ? "true}" : "false}");
}

constexpr const char* done = R"("status":"succeeded")";
constexpr const char* kept = R"("reversed":false)";

void check(const Sending& sending, Fate fate, std::string_view problem) {
    CHECK(sending.fate == fate);
    CHECK(sending.problem == problem);
}

}  // namespace

TEST_CASE("stripe: an answer is believed if it is about what was told, and says its state") {
    struct Row {
        std::string body;
        Fate fate;
        const char* problem;
    };
    using enum Fate;
    const auto unnamed = R"("status":"failed","failure_reason":"Mr Smith")";
    // clang-format off
    const Row rows[] = {
        {made("k1", done),                               succeeded, ""},
        {made("k2", done),                               unknown, "the answer is about something else"},
        {made("k1", done, "re_1", 999),                  unknown, "the answer is about another sum"},
        {R"({"metadata":{"holdfast_key":"k1"},"status":"succeeded"})", unknown, "the answer is about another sum"},
        {made("k1", R"("status":"new")"),                unknown, "the answer has a state that is not known"},
        {made("k1", R"("status":"pending","failure_reason":"lost_or_stolen_card")"), under_way, ""},
        {made("k1", R"("status":"failed","failure_reason":"lost_or_stolen_card")"), failed, "lost_or_stolen_card"},
        {made("k1", R"("status":"failed")", "re_1", 999), failed, ""},
        {made("k1", unnamed),                            failed, ""},
        {"[]",                                           unknown, "the answer cannot be read"},
        {"{",                                            unknown, "the answer cannot be read"},
    };
    // clang-format on
    for (const auto& row : rows) {
        CAPTURE(row.body);
        Desk desk({row.body});
        check(desk.processor.send(refund), row.fate, row.problem);
    }
}

TEST_CASE("stripe: every 2xx is an answer, and nothing else is") {
    for (const unsigned status : {200U, 299U})
        check(Desk({made("k1", done)}, status).processor.send(refund), Fate::succeeded, "");
    check(Desk({made("k1", done)}, 300).processor.send(refund), Fate::unknown, "300");
}

TEST_CASE("stripe: a payment is given back by the name that Stripe has for its kind") {
    const std::pair<const char*, const char*> rows[] = {
        {"pi_1", "payment_intent=pi_1"}, {"ch_1", "charge=ch_1"}, {"py_1", "charge=py_1"}};
    for (const auto& [source, field] : rows) {
        Desk desk({made("k1", done), page("")});
        auto one = refund;
        one.source = source;
        CHECK(desk.processor.send(one).fate == Fate::succeeded);
        CHECK(desk.asked[0].body ==
              std::string(field) + "&amount=1000&metadata%5Bholdfast_key%5D=k1");
        CHECK(desk.processor.ask(one).fate == Fate::never_heard);
        CHECK(desk.last_target() == "GET /v1/refunds?" + std::string(field) + "&limit=100");
    }
}

TEST_CASE("stripe: what was asked to be voided has a state, or the answer is none") {
    struct Row {
        const char* body;
        Fate fate;
        const char* problem;
    };
    const Row rows[] = {{R"({"status":"canceled"})", Fate::succeeded, ""},
                        {R"({"status":"requires_capture"})", Fate::never_heard, ""},
                        {"{}", Fate::unknown, "the answer has no state"}};
    for (const auto& row : rows) {
        Desk desk({row.body});
        check(desk.processor.ask(voiding), row.fate, row.problem);
        CHECK(desk.last_target() == "GET /v1/payment_intents/pi_held");
    }
    check(Desk({"{}"}, 500).processor.ask(voiding), Fate::unknown, "500");
}

TEST_CASE("stripe: what is looked for is the first under its key, and then no more is asked") {
    const auto other = made("k2", done, "re_9"), same = made("k1", done, "re_8", 7);
    Desk refunds({page(other + "," + made("k1", done) + "," + same, /*has_more=*/true)});
    CHECK(refunds.processor.ask(refund).fate == Fate::succeeded);
    CHECK(refunds.asked.size() == 1);
    Desk transfers({page(made("k2", kept) + "," + made("k1", kept), /*has_more=*/true)});
    CHECK(transfers.processor.ask(payout).fate == Fate::succeeded);
    CHECK(transfers.asked.size() == 1);
    Desk later({page(other, /*has_more=*/true), page(made("k1", done))});
    CHECK(later.processor.ask(refund).fate == Fate::succeeded);
    CHECK(later.last_target() ==
          "GET /v1/refunds?payment_intent=pi_paid&limit=100&starting_after=re_9");
}

TEST_CASE("stripe: a list that cannot be read or does not end is no answer") {
    const auto unread = "the list cannot be read", endless = "the list does not end";
    struct Row {
        std::vector<std::string> pages;
        const char* problem;
    };
    const auto first = page(made("k2", done), /*has_more=*/true);
    const Row rows[] = {{{R"({"has_more":false})"}, unread},
                        {{R"({"data":[]})"}, unread},
                        {{page("1")}, unread},
                        {{page("", /*has_more=*/true)}, endless},
                        {{first, page("", /*has_more=*/true)}, endless},
                        {{first, first}, endless}};
    for (const auto& row : rows) {
        CAPTURE(row.pages.back());
        Desk desk(row.pages);
        check(desk.processor.ask(refund), Fate::unknown, row.problem);
        CHECK(desk.asked.size() == row.pages.size());
    }
}

TEST_CASE("stripe: its list is of what is ours and was done, whole or not at all") {
    const std::string foreign = R"({"id":"re_7","amount":5,"currency":"eur","status":"succeeded"})";
    Desk desk({page(foreign + "," + made("k1", done)), page(made("k2", kept)),
               page(made("k3", R"("status":"requires_capture")") + "," +
                    made("k4", R"("status":"canceled")"))});
    const auto listed = desk.processor.list();
    REQUIRE(listed.has_value());
    std::string keys;
    for (const auto& one : *listed) {
        keys += one.key + " ";
        CHECK(one.amount == eur(1'000));
        CHECK(one.fate == Fate::succeeded);
    }
    CHECK(keys == "k1 k2 k4 ");

    const auto sumless = R"({"id":"re_1","metadata":{"holdfast_key":"k"},"status":"succeeded"})";
    CHECK(Desk({page(sumless)}).processor.list().error() == "re_1 cannot be read");
    Desk unclear({page(""), page(made("k2", R"("reversed":7)", "tr_1") + ",1")});
    CHECK(unclear.processor.list().error() == "tr_1 cannot be read");
    CHECK(unclear.asked.size() == 2);
}

TEST_CASE("stripe: a payout is back if the answer is about it, and about that taking back") {
    const auto found = page(made("k1", kept, "tr_1"));
    const auto reversed = [&](const std::string& body) {
        Desk desk({found, body});
        auto sending = desk.processor.reverse(payout, "k1:back");
        CHECK(desk.last_target() == "POST /v1/transfers/tr_1/reversals");
        return sending;
    };
    const auto elsewhere = "the answer is about something else";
    check(reversed(made("k1:back", R"("transfer":"tr_1")")), Fate::succeeded, "");
    check(reversed(made("k1", R"("transfer":"tr_1")")), Fate::unknown, elsewhere);
    check(reversed(made("k1:back", R"("transfer":"tr_2")")), Fate::unknown, elsewhere);
    Desk none({page("")});
    check(none.processor.reverse(payout, "k1:back"), Fate::failed, "there is no such payout");
    Desk silent({"{}"}, 500);
    check(silent.processor.reverse(payout, "k1:back"), Fate::unknown, "500");
}

TEST_CASE("stripe: the version is named where one is set") {
    const auto version_of = [](const LocalRequest& request) {
        std::string found = "none";
        for (const auto& [name, value] : request.headers)
            if (name == "Stripe-Version") found = value;
        return found;
    };
    Desk desk({"{}", "{}"});
    static_cast<void>(desk.processor.ask(voiding));
    CHECK(version_of(desk.asked[0]) == "none");
    auto options = desk.options();
    options.version = "2024-06-20";
    static_cast<void>(StripeProcessor(desk.client, options).ask(voiding));
    CHECK(version_of(desk.asked[1]) == "2024-06-20");
    for (const auto& request : desk.asked)
        CHECK(request.header("Authorization") == "Bearer sk_test_local");
}

TEST_CASE("stripe: what cannot have left is told apart from what may have") {
    auto desk = std::make_unique<Desk>(std::vector<std::string>{});
    CHECK_FALSE(desk->processor.send(refund).problem.starts_with("not sent: "));
    CHECK(desk->asked.size() == 1);
    const auto options = desk->options();
    desk.reset();
    http::Client client({.allow_private = true, .allow_http = true});
    const auto sending = StripeProcessor(client, options).send(refund);
    CHECK(sending.fate == Fate::unknown);
    CHECK(sending.problem.starts_with("not sent: cannot_connect"));
}

}  // namespace holdfast::test
