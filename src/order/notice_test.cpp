// Who is told of what, what is known of it, and clocks that start from it.
#include "order/facts.h"
#include "order/quarrel_test_support.h"
#include "order/telling.h"

#include <algorithm>

namespace holdfast::order {
namespace {

using namespace test;
using enum NoticeState;
using terms::Moment;

// The seller has five days from being told, and ten where nobody proves that they were.
const terms::Terms& from_notice() {
    static const auto made =
        little(right("O", "buyer", "open_dispute") + right("S", "seller", "respond", R"toml(
closes = "earliest(dispute.notified + 5d, dispute.opened + 10d)"
)toml") + R"toml([[default]]
id = "N"
text = "A seller who does not answer has agreed."
waits_for = "seller"
at = "earliest(dispute.notified + 5d, dispute.opened + 10d)"
then = { do = "refund", amount = "requested" }
)toml");
    return made;
}

std::uint64_t opening_event(const Life& life) { return life.order.dispute(first).opened_by; }

Seen told(const Life& life, NoticeState state = delivered, NoticeWay by = NoticeWay::mail,
          Party of = Party::seller) {
    return SeeTold{.of = of, .about = opening_event(life), .by = by, .state = state};
}

Instant strikes_at(const Life& life) {
    const auto due = next_deadline(life.order, life.rules);
    REQUIRE(due.has_value());
    return due->legal_at;
}

}  // namespace

TEST_CASE("a dispute knows the event that opened it") {
    const auto life = disputed();
    const auto& event = life.events.at(opening_event(life) - 1).event;
    CHECK(std::holds_alternative<DisputeOpened>(event));
}

TEST_CASE("a clock starts when it is known that the seller was told, and else from the opening") {
    struct Report {
        int day, happened;
        NoticeState state;
        NoticeWay by = NoticeWay::mail;
        Party of = Party::seller;
    };
    struct Row {
        const char* name;
        std::vector<Report> reports;
        int strikes_on;
    };
    const auto portal = NoticeWay::portal;
    // clang-format off
    const Row rows[] = {
        {"nobody is told",               {},                                             16},
        {"sent and no more",             {{6, 6, sent}},                                 16},
        {"delivered",                    {{7, 7, delivered}},                            12},
        {"delivered, and seen late",     {{9, 6, delivered}},                            14},
        {"so late that the end is past", {{13, 7, delivered}},                           16},
        {"it came back",                 {{6, 6, sent}, {7, 7, bounced}},                16},
        {"it came back after all",       {{7, 7, delivered}, {8, 8, bounced}},           16},
        {"the same, told the other way", {{7, 7, bounced}, {8, 8, delivered}},           16},
        {"failed, then told elsewhere",  {{6, 6, failed}, {8, 8, delivered, portal}},    13},
        {"came back, told elsewhere",    {{7, 7, delivered}, {8, 8, delivered, portal}, {9, 9, bounced}}, 13},
        {"the first of two counts",      {{7, 7, delivered}, {8, 8, delivered, portal}}, 12},
        {"an older one is told later",   {{8, 8, delivered}, {9, 6, delivered, portal}}, 13},
        {"the buyer is told",            {{7, 7, delivered, portal, Party::buyer}},      16},
    };
    // clang-format on
    for (const auto& row : rows) {
        CAPTURE(row.name);
        auto life = disputed(from_notice(), {.reason = Reason::damaged});
        for (const auto& report : row.reports) {
            REQUIRE(life.see(noon + days{report.day}, noon + days{report.happened},
                             told(life, report.state, report.by, report.of))
                        .has_value());
        }
        const auto legal = noon + days{row.strikes_on};
        CHECK(strikes_at(life) == legal);
        CHECK(life.order.money.refunded == 0);

        // The right beside it ends at the same instant, and not before.
        auto in_time = life;
        CHECK(in_time.ask(Party::seller, legal - milliseconds{1}, Respond{first}).has_value());
        life.pass(legal + life.rules.grace);
        CHECK(life.order.money.refunded == 10500);
    }
}

TEST_CASE("the fact that a seller was told carries its source and when it was seen") {
    auto life = disputed(from_notice());
    const auto facts = [&] {
        return facts_of(life.order, life.rules, {.dispute = first}, life.order.last_at);
    };
    CHECK_FALSE(facts().at(Moment::dispute_notified).known());
    REQUIRE(life.see(noon + days{8}, day6, told(life)).has_value());
    const auto now = facts();
    CHECK(now.at(Moment::dispute_notified) == When(noon + days{8}));
    CHECK(now.known(Moment::dispute_notified).seen_at == noon + days{8});
    CHECK(now.source_name(now.known(Moment::dispute_notified).source) == "notice");
    CHECK(life.order.notices.at(0).delivered == day6);  // as it was told
}

TEST_CASE("of a second dispute another notice tells") {
    auto life = shipped(from_notice());
    REQUIRE(life.ask(Party::buyer, day6, OpenDispute{.lines = {{{1}, 2}}}).has_value());
    REQUIRE(life.ask(Party::buyer, day6, OpenDispute{.lines = {{{2}, 1}}}).has_value());
    REQUIRE(life.see(noon + days{7}, SeeTold{.about = life.order.dispute(second).opened_by})
                .has_value());
    CHECK_FALSE(life.order.dispute(first).notified.has_value());
    CHECK(life.order.dispute(second).notified == noon + days{7});
}

TEST_CASE("reports leave one state, whatever their order and however often they come") {
    std::vector<NoticeState> reports{sent, delivered, bounced};
    std::sort(reports.begin(), reports.end());
    do {
        auto life = disputed(from_notice());
        for (const auto report : reports) REQUIRE(life.see(day6, told(life, report)).has_value());
        REQUIRE(life.order.notices.size() == 1);
        CHECK(life.order.notices[0].state() == bounced);
        const auto version = life.order.version;
        for (const auto report : reports) {
            REQUIRE(life.see(day6, told(life, report)).has_value());
            REQUIRE(life.see(day6, SeeNotice{.notice = {1}, .state = report}).has_value());
        }
        CHECK(life.order.version == version);
    } while (std::next_permutation(reports.begin(), reports.end()));
    auto life = disputed(from_notice());
    REQUIRE(life.see(day6, told(life, failed)).has_value());
    CHECK(life.order.notices[0].state() == failed);
    REQUIRE(life.see(day6, told(life, sent)).has_value());
    CHECK(life.order.notices[0].state() == sent);
    REQUIRE(life.see(day6, told(life, delivered, NoticeWay::letter)).has_value());
    CHECK(life.order.notices.size() == 2);
    CHECK(life.order.notices[1].is_told());
}

TEST_CASE("what cannot be a notice is refused") {
    auto life = disputed();
    const auto version = life.order.version;
    const auto of = [&](SeeTold seen) { return code(life.see(day6, seen)); };
    CHECK(of({.about = 0}) == RefusalCode::malformed);
    CHECK(of({.about = version + 1}) == RefusalCode::malformed);
    CHECK(of({.of = Party::platform, .about = 1}) == RefusalCode::malformed);
    CHECK(of({.of = Party::either, .about = 1}) == RefusalCode::malformed);
    CHECK(of({.about = 1, .state = queued}) == RefusalCode::malformed);
    CHECK(code(life.see(day6, SeeNotice{.notice = {1}})) == RefusalCode::unknown_notice);
    CHECK(code(life.see(day6, SeeNotice{.notice = {}})) == RefusalCode::unknown_notice);
    CHECK(code(life.see(day6, SeeNotice{.notice = {1}, .state = queued})) ==
          RefusalCode::malformed);
    CHECK(life.order.version == version);
    CHECK(life.see(day6, SeeTold{.about = version}).has_value());
}

TEST_CASE("who is told: whoever has to act, or loses by silence") {
    auto life = disputed();
    REQUIRE(life.ask(Party::seller, day6, MakeOffer{first, {.then = {Remedy::full_refund, 0}}})
                .has_value());
    struct Row {
        Event event;
        Hearers hearers;
    };
    const Hearers nobody{}, buyer{.buyer = true}, seller{.seller = true}, both{true, true};
    const Row rows[] = {
        {DisputeOpened{.dispute = first, .lines = {}}, seller},
        {DisputeAnswered{first}, buyer},
        {OfferMade{.offer = {1}, .dispute = first, .by = Party::seller, .plan = {}}, buyer},
        {OfferMade{.offer = {1}, .dispute = first, .by = Party::buyer, .plan = {}}, seller},
        {OfferMade{.offer = {1}, .dispute = first, .by = Party::platform, .plan = {}}, both},
        {OfferAccepted{{1}}, seller},
        {OfferDeclined{{1}}, seller},
        {EvidenceRequested{.dispute = first, .of = Party::buyer}, buyer},
        {EvidenceRequested{.dispute = first, .of = Party::seller}, seller},
        {Decided{.dispute = first, .verdict = {}}, both},
        {Appealed{.dispute = first, .by = Party::buyer}, seller},
        {ReturnAgreed{.dispute = first}, buyer},
        {ReturnSent{.dispute = first, .tracking = {}}, seller},
        {RefundIssued{.instruction = {1}}, buyer},
        {Reminded{.of = Party::buyer, .clause = "N"}, buyer},
        {Reminded{.of = Party::platform, .clause = "N"}, nobody},
        {Scanned{.shipment = {1}}, nobody},
        {NoticeMade{.notice = {1}}, nobody},
    };
    for (const auto& row : rows) {
        CAPTURE(name_of(row.event));
        CHECK(hearers_of(life.order, row.event) == row.hearers);
    }
}

TEST_CASE("one notice for each party of one change, about the first event that is for them") {
    auto life = disputed();
    REQUIRE(life.ask(Party::seller, day6, MakeOffer{first, {.then = {Remedy::full_refund, 0}}})
                .has_value());
    const auto before = life.events.size();
    REQUIRE(life.ask(Party::buyer, day6, AcceptOffer{{1}}).has_value());
    const Events change(life.events.begin() + static_cast<std::ptrdiff_t>(before),
                        life.events.end());
    REQUIRE(change.size() >= 3);  // accepted, refunded, closed
    const auto notices = notices_of(life.order, change, before + 1);
    REQUIRE(notices.size() == 2);
    const auto about = [&](std::size_t i) {
        const auto& made = std::get<NoticeMade>(notices[i].event);
        CHECK(made.notice == NoticeNo{static_cast<std::uint16_t>(i + 1)});
        CHECK(made.by == NoticeWay::mail);
        return std::pair(made.of, name_of(life.events.at(made.about - 1).event));
    };
    CHECK(about(0) == std::pair(Party::seller, OfferAccepted::name));
    CHECK(about(1) == std::pair(Party::buyer, RefundIssued::name));
    CHECK(notices_of(life.order, {}, 1).empty());
}

}  // namespace holdfast::order
