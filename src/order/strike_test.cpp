// When a default strikes and when it must not: whose it is, what puts it off and what it does; and
// who is reminded of it before.
#include "order/quarrel_test_support.h"

namespace holdfast::order {
namespace {

using namespace test;
using std::chrono::minutes;

const Instant paid_at = noon + minutes{1};
const OpenDispute about_lamps{.lines = {{{1}, 2}}, .reason = Reason::damaged};
const OpenDispute about_shade{.lines = {{{2}, 1}}, .reason = Reason::damaged};

// Anybody may dispute, and this happens by itself.
terms::Terms with(const std::string& conditions, std::string_view at, std::string_view then) {
    return little(right("O", "buyer", "open_dispute") + "[[default]]\nid = \"D\"\n" + conditions +
                  "at = \"" + std::string(at) + "\"\nthen = { do = " + std::string(then) + " }\n");
}

Life settled(const terms::Terms& terms, Settlement settlement) {
    auto life = disputed(terms, {.reason = Reason::damaged});
    REQUIRE(life.ask(Party::seller, day6, MakeOffer{first, {settlement}}).has_value());
    REQUIRE(life.ask(Party::buyer, day6, AcceptOffer{{1}}).has_value());
    return life;
}
Life decided(const terms::Terms& terms, Settlement settlement) {
    auto life = disputed(terms);
    REQUIRE(life.ask(Party::platform, day6, Escalate{first}).has_value());
    const Verdict verdict{settlement, Party::buyer, {VerdictCode::item_damaged}};
    REQUIRE(life.ask(Party::platform, day6, Decide{first, verdict}).has_value());
    return life;
}

std::optional<Instant> legal(const Life& life) {
    const auto due = next_deadline(life.order, life.rules);
    return due ? std::optional(due->legal_at) : std::nullopt;
}

std::optional<Reminder> reminder(const Life& life) {
    return next_reminder(life.order, life.rules, deadlines(life.order, life.rules));
}

}  // namespace

TEST_CASE("whose a default is, by its stage and by who is waited for") {
    struct Row {
        const char* conditions;
        std::optional<DisputeNo> whose;
    };
    const Row rows[] = {
        {"in = [\"negotiating\"]\n", first},
        {"waits_for = \"seller\"\n", first},
        {"in = [\"shipped\"]\n", {}},
        {"", {}},
    };
    for (const auto& row : rows) {
        CAPTURE(row.conditions);
        const auto terms = with(row.conditions, "paid + 9d", "\"escalate\"");
        const auto due = next_deadline(disputed(terms).order, {.terms = &terms});
        REQUIRE(due.has_value());
        CHECK(due->dispute == row.whose);
        CHECK(due->legal_at == paid_at + days{9});
    }
}

TEST_CASE("a default strikes no earlier than the state that it waits for began") {
    const auto escalated = with("in = [\"escalated\"]\n", "dispute.opened + 1d", "\"close\"");
    auto life = disputed(escalated);
    REQUIRE(life.ask(Party::platform, day6 + days{3}, Escalate{first}).has_value());
    CHECK(legal(life) == day6 + days{3});

    // Of the order: when the last of its quarrels had ended…
    const auto quiet = with("unless = [\"dispute.open\"]\n", "paid + 8d", "\"complete\"");
    auto two = disputed(quiet, about_lamps);
    REQUIRE(two.ask(Party::buyer, day6, about_shade).has_value());
    REQUIRE(two.ask(Party::buyer, day6 + days{4}, WithdrawDispute{second}).has_value());
    CHECK_FALSE(legal(two));
    REQUIRE(two.ask(Party::buyer, day6 + days{6}, WithdrawDispute{first}).has_value());
    CHECK(legal(two) == day6 + days{6});
    // … while one that runs does not put it off, where the terms do not say so.
    const auto loud = with("when = [\"count(disputes) > 0\"]\n", "paid + 1d", "\"complete\"");
    CHECK(legal(disputed(loud)) == paid_at + days{1});

    // A payment that was lost begins a state of the order, not of its disputes.
    const auto unpaid = with("in = [\"negotiating\"]\nwhen = [\"lacks paid\"]\n",
                             "dispute.opened + 1d", "\"close\"");
    Life lost(unpaid);
    REQUIRE(lost.see(noon, SeeAuthorised{.amount = 10500}).has_value());
    REQUIRE(lost.see(noon, SeeCaptured{.amount = 500}).has_value());
    REQUIRE(lost.ask(Party::buyer, day6, OpenDispute{}).has_value());
    CHECK_FALSE(legal(lost));
    REQUIRE(lost.see(day6 + days{3}, SeeAuthorisationEnded{}).has_value());
    CHECK(lost.order.payment_lost == day6 + days{3});
    CHECK(legal(lost) == day6 + days{1});
}

TEST_CASE("notice is given of moments that a clause speaks of and that were seen late") {
    const auto noticed = [](std::string_view at, When promised_by, bool is_shipped) {
        auto terms = with("", at, "\"complete\"");
        terms.notice = Duration{days{5}};
        auto placement = lamps();
        placement.promised_by = promised_by;
        Life life(terms, placement);
        life.paid();
        if (is_shipped)
            REQUIRE(
                life.see(noon + days{8}, noon + days{1}, SeeShipped{.tracking = "A"}).has_value());
        return legal(life);
    };
    const When promised(noon + days{30});
    struct Row {
        const char* name;
        const char* at;
        When promised_by;
        bool is_shipped;
        Instant expected;
    };
    const Row rows[] = {
        {"seen as it happened", "paid + 1d", promised, false, paid_at + days{1}},
        {"another was seen late", "paid + 9d", promised, true, paid_at + days{9}},
        {"seen late", "shipped + 10d", promised, true, noon + days{13}},
        {"seen late, long before", "shipped + 20d", promised, true, noon + days{21}},
        {"a day", "promised_by + 1d", When(Day{std::chrono::year{2026} / 1 / 6}), false,
         at("2026-01-08T00:00:00Z")},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        CHECK(noticed(row.at, row.promised_by, row.is_shipped) == row.expected);
    }
}

TEST_CASE("no default of an order that is over, nor of a dispute that is closed or sleeps") {
    const auto of_order = with("", "paid + 20d", "\"complete\"");
    auto over = shipped(of_order);
    CHECK(legal(over) == paid_at + days{20});
    REQUIRE(over.ask(Party::buyer, day6, ConfirmReceipt{}).has_value());
    CHECK_FALSE(legal(over));

    const auto of_dispute = with("", "dispute.opened + 20d", "\"close\"");
    auto closed = disputed(of_dispute);
    CHECK(legal(closed) == day6 + days{20});
    REQUIRE(closed.ask(Party::buyer, day6, WithdrawDispute{first}).has_value());
    CHECK_FALSE(legal(closed));

    auto asleep = disputed(of_dispute);
    const Plan plan{.then = {Remedy::partial_refund_keep, 500}, .arrives_by = day6 + days{40}};
    REQUIRE(asleep.ask(Party::seller, day6, MakeOffer{first, plan}).has_value());
    REQUIRE(asleep.ask(Party::buyer, day6, AcceptOffer{{1}}).has_value());
    const auto ahead = deadlines(asleep.order, asleep.rules);
    REQUIRE(ahead.size() == 1);
    CHECK(ahead[0].kind == Due::Kind::settlement);
    CHECK(ahead[0].legal_at == day6 + days{40});
}

TEST_CASE("a default takes effect at its instant, and is recorded when its grace is over") {
    const auto terms = with("", "paid + 1d", "\"complete\"");
    auto life = shipped(terms);
    life.pass(day6);
    REQUIRE(life.count("default_struck") == 1);
    for (const auto& event : life.events)
        if (name_of(event.event) == "default_struck") {
            CHECK(event.when == paid_at + days{1});
            CHECK(event.at == paid_at + days{1} + life.rules.grace);
        }
}

TEST_CASE("how a dispute ends by itself: what was agreed, decided, or nothing more") {
    const auto after = [](Life life) {
        life.pass(day6 + days{15});
        CHECK(life.order.dispute(first).is_closed());
        return life;
    };
    const auto of_return = with("", "return.agreed + 14d", "\"refund\"");
    CHECK(after(settled(of_return, {Remedy::return_for_full_refund, 4000})).order.money.refunded ==
          4000);
    const auto of_verdict = with("in = [\"decided\"]\n", "decided + 7d", "\"close\"");
    const auto waiting = decided(of_verdict, {Remedy::partial_refund_keep, 700});
    CHECK(waiting.order.money.refunded == 0);
    CHECK(after(waiting).order.money.refunded == 700);
    // The verdict was a replacement and was carried out; it is not once more.
    const auto of_replacement = with("", "replacement.agreed + 10d", "\"close\"");
    const auto replaced = after(decided(of_replacement, {Remedy::replacement, 0}));
    CHECK(replaced.count("replacement_agreed") == 1);
}

TEST_CASE("a credit by default: the least, and none") {
    const auto credited = [](const char* then) {
        const auto terms = with("in = [\"negotiating\"]\n", "dispute.opened + 1d", then);
        auto life = disputed(terms);
        life.pass(day6 + days{2});
        CHECK(life.order.dispute(first).is_closed());
        return std::pair{life.count("compensated"), life.order.money.compensated};
    };
    CHECK(credited("\"credit\", amount = \"1\"") == std::pair{1UZ, Minor{1}});
    CHECK(credited("\"credit\", amount = \"requested - requested\"") == std::pair{0UZ, Minor{0}});
}

TEST_CASE("a replacement that came waits for the buyer where its own default says so") {
    const auto came = [](const terms::Terms& terms) {
        auto life = disputed(terms, about_lamps);
        REQUIRE(life.ask(Party::buyer, day6, about_shade).has_value());
        REQUIRE(life.ask(Party::seller, day6, MakeOffer{first, {{Remedy::replacement, 0}}})
                    .has_value());
        REQUIRE(life.ask(Party::buyer, day6, AcceptOffer{{1}}).has_value());
        REQUIRE(life.see(day6, SeeShipped{.tracking = "R", .replaces = first}).has_value());
        REQUIRE(life.see(day6 + days{1}, SeeScan{{2}, ScanKind::delivered}).has_value());
        return life;
    };
    const auto of_another = with("in = [\"negotiating\"]\n", "dispute.opened + 30d", "\"close\"");
    auto life = came(of_another);
    CHECK(has_default(life.order, life.rules, second));
    CHECK_FALSE(has_default(life.order, life.rules, first));
    CHECK(life.order.dispute(first).is_closed());

    const auto of_its_own = with("", "replacement.delivered + 14d", "\"close\"");
    auto waiting = came(of_its_own);
    CHECK(waiting.order.dispute(first).phase == DisputePhase::replacing);
    waiting.pass(day6 + days{15} + waiting.rules.grace);
    CHECK(waiting.order.dispute(first).is_closed());
}

TEST_CASE("a default gives nobody a right") {
    const auto terms =
        little("[[default]]\nid = \"D\"\nat = \"paid + 30d\"\nthen = { do = \"complete\" }\n");
    CHECK(code(shipped(terms).ask(Party::buyer, day6, OpenDispute{})) == RefusalCode::wrong_role);
}

TEST_CASE("outages that began together are given back in the order of the table") {
    auto life = shipped(silence());
    const terms::Outage longer{noon + days{2}, noon + days{4}};
    const terms::Outage shorter{noon + days{2}, noon + days{3}};
    life.pass(day6, {longer, shorter});
    CHECK(life.order.outages == std::vector{longer, shorter});
}

// --- Reminders

TEST_CASE("whoever loses by what strikes next is reminded of it") {
    struct Row {
        const char* conditions;
        const char* then;
        std::optional<Party> of;
    };
    const Row rows[] = {
        {"waits_for = \"seller\"\n", "\"release\"", Party::seller},
        {"", "\"refund\"", Party::seller},
        {"", "\"claw_back\"", Party::seller},
        {"", "\"credit\"", Party::seller},
        {"", "\"cancel_order\"", Party::seller},
        {"", "\"release\"", Party::buyer},
        {"", "\"complete\"", Party::buyer},
        {"", "\"close\"", Party::buyer},
        {"", "\"cancel_return\"", Party::buyer},
        {"", "\"escalate\"", {}},
    };
    for (const auto& row : rows) {
        CAPTURE(row.conditions);
        CAPTURE(row.then);
        const auto terms = with(row.conditions, "dispute.opened + 5d", row.then);
        auto life = disputed(terms);
        life.rules.remind_before = days{1};
        const auto next = reminder(life);
        REQUIRE(next.has_value() == row.of.has_value());
        if (!row.of) continue;
        CHECK(next->at == day6 + days{4});
        CHECK(next->event == Reminded{*row.of, "D", first, day6 + days{5}});
    }
}

TEST_CASE("who is reminded of an offer, of evidence, and of what is nobody's") {
    const auto terms = little(right("O", "buyer", "open_dispute"));
    const auto escalated = [&] {
        auto life = disputed(terms);
        life.rules.remind_before = days{1};
        REQUIRE(life.ask(Party::platform, day6, Escalate{first}).has_value());
        return life;
    };
    const auto due = day6 + days{3};
    for (const auto by : {Party::seller, Party::buyer}) {
        auto life = escalated();
        const Plan plan{.then = {Remedy::partial_refund_keep, 500}};
        REQUIRE(life.ask(by, day6, MakeOffer{first, plan, due}).has_value());
        const auto of = by == Party::seller ? Party::buyer : Party::seller;
        CHECK(reminder(life).value().event == Reminded{of, "offer", first, due});
    }

    auto life = escalated();
    const auto ask = [&](Party of, Instant due_at) {
        REQUIRE(life.ask(Party::platform, day6, RequestEvidence{first, of, due_at}).has_value());
    };
    ask(Party::buyer, due);
    ask(Party::seller, due);
    REQUIRE(life.ask(Party::seller, day6, SubmitEvidence{first, "photo", Hash{}}).has_value());
    ask(Party::seller, due + days{1});
    CHECK(reminder(life).value().event == Reminded{Party::buyer, "evidence", first, due});
    REQUIRE(life.ask(Party::buyer, day6, SubmitEvidence{first, "photo", Hash{}}).has_value());
    CHECK(reminder(life).value().event ==
          Reminded{Party::seller, "evidence", first, due + days{1}});

    // An authorisation that ends is nobody's loss; what comes after it is told of all the same.
    Life authorised(marketplace());
    authorised.rules.remind_before = days{1};
    REQUIRE(authorised.see(noon, SeeAuthorised{.amount = 1, .until = noon + days{2}}).has_value());
    REQUIRE(next_deadline(authorised.order, authorised.rules)->kind == Due::Kind::authorisation);
    CHECK(reminder(authorised).value().event ==
          Reminded{Party::buyer, "MP-20", {}, noon + days{3}});
}

TEST_CASE("a reminder comes once, in time, and not where the window is shorter than that") {
    const auto terms = with("in = [\"negotiating\"]\n", "dispute.opened + 5d", "\"refund\"");
    const auto window = [&](Duration before) {
        auto life = disputed(terms);
        life.rules.remind_before = before;
        return life;
    };
    CHECK_FALSE(reminder(window(Duration{})));
    CHECK_FALSE(reminder(window(days{5})));
    CHECK(reminder(window(days{5} - milliseconds{1})).value().at == day6 + milliseconds{1});

    auto life = window(days{1});
    const auto told = [&](Instant now) {
        return remind(life.order, life.rules, now, deadlines(life.order, life.rules));
    };
    const auto closes_at = day6 + days{5};
    CHECK(told(closes_at - days{1} - milliseconds{1}).empty());
    CHECK(told(closes_at - days{1}).size() == 1);
    CHECK(told(closes_at - milliseconds{1}).size() == 1);
    CHECK(told(closes_at).empty());
    const auto events = told(closes_at - hours{3});
    REQUIRE(events.size() == 1);
    CHECK(events[0].at == closes_at - hours{3});
    CHECK(events[0].when == closes_at - hours{3});
    evolve(life.order, events[0]);
    CHECK_FALSE(reminder(life));
    CHECK(told(closes_at - hours{2}).empty());

    // Of the order's own, counted from when it was placed.
    const auto of_order = with("", "paid + 9d", "\"complete\"");
    auto paid = shipped(of_order);
    paid.rules.remind_before = days{1};
    const Reminded completes{Party::buyer, "D", {}, paid_at + days{9}};
    CHECK(reminder(paid).value().event == completes);
    CHECK(reminder(paid).value().at == paid_at + days{8});
    auto silent = shipped(silence());
    silent.rules.remind_before = days{1};
    CHECK(remind(silent.order, silent.rules, noon + days{99}, deadlines(silent.order, silent.rules))
              .empty());
}

}  // namespace holdfast::order
