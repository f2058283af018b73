// Money that leaves by Stripe: the processor and the courier against a server that speaks like it,
// with every fault that a network and a busy service have.
#include "engine_world.h"
#include "stripe_server.h"

#include "engine/courier.h"
#include "engine/reconciliation.h"
#include "engine/stripe_answer.h"
#include "engine/stripe_processor.h"
#include "store/memory/memory_store.h"

#include <doctest/doctest.h>

#include <set>

namespace holdfast::test {
namespace {

using namespace engine;
using namespace std::chrono;

constexpr Instant begin{sys_days{year{2026} / 3 / 2} + 9h};

Money eur(std::int64_t minor) { return Money::of_minor(minor, Currency::eur); }

// The server, and the processor that talks to it.
struct Desk {
    StripeServer server;
    http::Client client{{.allow_private = true, .allow_http = true}};
    StripeProcessor processor{client, options(10s)};
    StripeProcessor hasty{client, options(200ms)};  // where the server never answers

    StripeOptions options(Duration limit) const {
        return {.secret_key = StripeServer::secret_key,
                .url = server.url(),
                .limits = {.connect = limit, .total = limit}};
    }
    Desk() {
        server.add_intent("pi_paid", 4'500, "eur", "succeeded");
        server.add_intent("pi_held", 4'500, "eur", "requires_capture");
        server.add_account("acct_1");
    }
    // The next request, and only that, meets `fault`.
    void once(StripeFault fault) {
        server.fault = [fault, met = false](const LocalRequest&) mutable {
            return std::exchange(met, true) ? StripeFault::none : fault;
        };
    }
};

Outgoing refund(std::string key, std::int64_t minor) {
    return {
        .key = std::move(key), .what = Payment::refund, .amount = eur(minor), .source = "pi_paid"};
}
Outgoing payout(std::string key, std::int64_t minor) {
    return {.key = std::move(key),
            .what = Payment::payout,
            .amount = eur(minor),
            .destination = "acct_1"};
}
Outgoing voiding(std::string key) {
    return {.key = std::move(key),
            .what = Payment::void_authorisation,
            .amount = eur(4'500),
            .source = "pi_held"};
}

// As our books have what was sent and settled.
std::vector<OurPayment> executed(const std::vector<Outgoing>& all) {
    std::vector<OurPayment> ours;
    for (const auto& outgoing : all)
        ours.push_back({.outgoing = outgoing, .fate = Fate::succeeded});
    return ours;
}

}  // namespace

TEST_CASE("stripe: each kind of payment is made, found again by its key, and listed") {
    Desk desk;
    desk.server.page_size = 1;
    for (const auto& one :
         {refund("k1", 1'000), refund("k2", 500), payout("k3", 900), voiding("k4")}) {
        CAPTURE(one.key);
        CHECK(desk.processor.ask(one).fate == Fate::never_heard);
        CHECK(desk.processor.send(one).fate == Fate::succeeded);
        CHECK(desk.processor.ask(one).fate == Fate::succeeded);
        CHECK(desk.processor.send(one).fate == Fate::succeeded);  // the same key, the same effect
    }
    const std::vector ours{refund("k1", 1'000), refund("k2", 500), payout("k3", 900),
                           voiding("k4")};
    const auto listed = desk.processor.list();
    REQUIRE(listed);
    CHECK(listed->size() == 4);
    CHECK(find_differences(executed(ours), *listed).empty());
    CHECK(desk.server.effects().size() == 4);
    CHECK(desk.server.complaints().empty());
}

TEST_CASE("stripe: what can never be paid is failed, and nothing is asked for it") {
    Desk desk;
    auto nameless = refund("k1", 100), foreign = nameless, homeless = payout("k2", 100),
         unvoidable = voiding("k3"), odd = nameless, odd_payout = homeless;
    nameless.source.clear();
    foreign.source = "4711";
    homeless.destination.clear();
    unvoidable.source = "ch_1";
    odd.amount = odd_payout.amount = Money::of_minor(5'124, Currency::kwd);
    auto compensation = refund("k4", 100);
    compensation.what = Payment::compensation;
    const std::pair<Outgoing, std::string> rows[] = {
        {nameless, "the order names no payment"},
        {foreign, "the order's payment is not of Stripe"},
        {homeless, "the seller has no account to be paid to"},
        {unvoidable, "only a payment intent can be voided"},
        {odd, "amount_not_possible: 5.124 KWD"},
        {odd_payout, "amount_not_possible: 5.124 KWD"},
        {compensation, "more than was paid is no refund: it has to be paid by another way"}};
    for (const auto& [one, problem] : rows) {
        CAPTURE(problem);
        const auto sending = desk.processor.send(one);
        CHECK(sending.fate == Fate::failed);
        CHECK(sending.problem == problem);
    }
    for (const auto& one : {nameless, foreign, unvoidable, compensation})
        CHECK(desk.processor.ask(one).fate == Fate::never_heard);
    CHECK(desk.server.requests() == 0);
}

TEST_CASE("stripe: what it refuses for good is failed") {
    Desk desk;
    CHECK(desk.processor.send(refund("k1", 4'501)).problem ==
          "400 invalid_request_error amount_too_large");
    CHECK(desk.processor.send(refund("k2", 4'500)).fate == Fate::succeeded);
    const auto again = desk.processor.send(refund("k3", 1));
    CHECK(again.fate == Fate::failed);
    CHECK(again.problem == "400 invalid_request_error charge_already_refunded");
    auto nowhere = payout("k4", 1);
    nowhere.destination = "acct_2";
    CHECK(desk.processor.send(nowhere).fate == Fate::failed);
    auto captured = voiding("k5");
    captured.source = "pi_paid";
    const auto voided = desk.processor.send(captured);
    CHECK(voided.fate == Fate::failed);
    CHECK(voided.problem == "400 invalid_request_error payment_intent_unexpected_state");
    CHECK(desk.processor.ask(captured).fate == Fate::never_heard);
    captured.key = "k6";
    captured.source = "pi_none";
    CHECK(desk.processor.send(captured).fate == Fate::failed);
    CHECK(desk.server.effects().size() == 1);
}

TEST_CASE("stripe: no answer that can be believed is unknown, and asking tells the truth") {
    struct Row {
        StripeFault fault;
        bool happened;
    };
    using enum StripeFault;
    const Row rows[] = {{error_before, false}, {error_after, true},  {drop_before, false},
                        {drop_after, true},    {hang_before, false}, {hang_after, true},
                        {half_answer, true},   {broken_json, true},  {too_many, false},
                        {conflict, false},     {unauthorised, false}};
    for (const auto& row : rows)
        for (const auto& one : {refund("k1", 1'000), payout("k2", 900)}) {
            CAPTURE(static_cast<int>(row.fault));
            CAPTURE(one.key);
            Desk desk;
            const bool hangs = row.fault == hang_before || row.fault == hang_after;
            auto& processor = hangs ? desk.hasty : desk.processor;
            desk.once(row.fault);
            const auto sending = processor.send(one);
            CHECK(sending.fate == Fate::unknown);
            CHECK_FALSE(sending.problem.empty());
            CHECK(desk.server.effects().size() == (row.happened ? 1 : 0));
            CHECK(desk.processor.ask(one).fate ==
                  (row.happened ? Fate::succeeded : Fate::never_heard));
            desk.once(row.fault);
            // A question on a connection that proves dead is asked again by libcurl itself.
            const bool is_repeated = row.fault == drop_before || row.fault == drop_after;
            const auto truth = row.happened ? Fate::succeeded : Fate::never_heard;
            CHECK(processor.ask(one).fate == (is_repeated ? truth : Fate::unknown));
        }
}

TEST_CASE("stripe: a void that met a fault on either of its two requests is done again in peace") {
    for (const auto fault : {StripeFault::drop_before, StripeFault::drop_after,
                             StripeFault::broken_json, StripeFault::too_many})
        for (const int which : {0, 1}) {
            Desk desk;
            desk.server.fault = [fault, which, count = 0](const LocalRequest&) mutable {
                return count++ == which ? fault : StripeFault::none;
            };
            CHECK(desk.processor.send(voiding("k1")).fate == Fate::unknown);
            const auto asked = desk.processor.ask(voiding("k1")).fate;
            const bool is_done =
                which == 1 && fault != StripeFault::drop_before && fault != StripeFault::too_many;
            CHECK(asked == (is_done ? Fate::succeeded : Fate::never_heard));
            CHECK(desk.processor.send(voiding("k1")).fate == Fate::succeeded);
            CHECK(desk.server.effects().size() == 1);
        }
    // An authorisation that was cancelled by somebody else is void, too.
    Desk desk;
    CHECK(desk.processor.send(voiding("k1")).fate == Fate::succeeded);
    CHECK(desk.processor.send(voiding("k2")).fate == Fate::succeeded);
    CHECK(desk.server.effects().size() == 1);
}

TEST_CASE("stripe: what is pending is under way until it settles") {
    Desk desk;
    desk.once(StripeFault::settles_later);
    CHECK(desk.processor.send(refund("k1", 100)).fate == Fate::under_way);
    desk.once(StripeFault::refused_settles);
    CHECK(desk.processor.send(refund("k2", 200)).fate == Fate::under_way);
    CHECK(desk.processor.ask(refund("k1", 100)).fate == Fate::under_way);
    CHECK(desk.processor.list()->size() == 2);
    desk.server.settle();
    CHECK(desk.processor.ask(refund("k1", 100)).fate == Fate::succeeded);
    CHECK(desk.processor.ask(refund("k2", 200)).fate == Fate::failed);
    const std::vector ours{refund("k1", 100)};
    CHECK(find_differences(executed(ours), *desk.processor.list()).empty());
}

TEST_CASE("stripe: the same key for another sum is refused there and unknown here") {
    Desk desk;
    CHECK(desk.processor.send(refund("k1", 100)).fate == Fate::succeeded);
    CHECK(desk.processor.send(refund("k1", 101)).fate == Fate::unknown);
    CHECK(desk.processor.ask(refund("k1", 101)).fate == Fate::unknown);
    CHECK(desk.server.effects().size() == 1);
}

TEST_CASE("stripe: a payout is taken back whole, once, and is failed then") {
    Desk desk;
    CHECK(desk.processor.reverse(payout("k1", 900), "k1:back").fate == Fate::failed);
    CHECK(desk.processor.send(payout("k1", 900)).fate == Fate::succeeded);
    for (int i = 0; i < 2; ++i)
        CHECK(desk.processor.reverse(payout("k1", 900), "k1:back").fate == Fate::succeeded);
    CHECK(desk.processor.reverse(payout("k1", 900), "k1:other").fate == Fate::failed);
    CHECK(desk.processor.ask(payout("k1", 900)).fate == Fate::failed);
    CHECK(desk.server.effects().empty());
}

TEST_CASE("stripe: half a list is none") {
    Desk desk;
    desk.server.page_size = 2;
    for (int i = 1; i <= 5; ++i)
        CHECK(desk.processor.send(refund("k" + std::to_string(i), i)).fate == Fate::succeeded);
    CHECK(desk.processor.list()->size() == 5);
    for (int page = 0; page < 5; ++page) {
        desk.server.fault = [page, count = 0](const LocalRequest&) mutable {
            return count++ == page ? StripeFault::too_many : StripeFault::none;
        };
        const auto listed = desk.processor.list();
        REQUIRE_FALSE(listed.has_value());
        CHECK(listed.error() == "429 invalid_request_error rate_limit");
    }
    desk.server.page_size = 0;  // a list that never ends
    desk.server.fault = [](const LocalRequest&) { return StripeFault::none; };
    CHECK_FALSE(desk.processor.list().has_value());
}

TEST_CASE("stripe: a key that does not open is a person's to mend, and nothing is lost") {
    Desk desk;
    StripeProcessor stranger(desk.client,
                             {.secret_key = "sk_test_other", .url = desk.server.url()});
    CHECK(stranger.send(refund("k1", 100)).fate == Fate::unknown);
    CHECK(stranger.ask(refund("k1", 100)).fate == Fate::unknown);
    CHECK_FALSE(stranger.list().has_value());
    CHECK(desk.processor.ask(refund("k1", 100)).fate == Fate::never_heard);
}

// --- Many orders, a courier, and chance

namespace {

// Places orders that were paid by Stripe, asks for money back in all ways, lets a courier carry it
// through a network that fails by chance, and holds both sides' books against each other.
class StripeLives {
public:
    explicit StripeLives(std::uint64_t seed) : random_(seed), seed_(seed) {
        desk_.server.page_size = static_cast<std::size_t>(random_.between(3, 7));
        desk_.server.fault = [this](const LocalRequest&) { return next_fault(); };
        seller_.bytes[15] = 9;
    }

    void run() {
        ask_party(ledger::SetPayoutAccount{"acct_1"});
        for (std::uint64_t number = 1; number <= 12; ++number) live(number);
        pay_out();
        for (int round = 0; round < 4; ++round) carry(minutes{random_.between(1, 600)});
        is_healed_ = true;
        for (int round = 0; round < 20 && !store_->outbox(0, 1).empty(); ++round) {
            desk_.server.settle();
            carry(days{4});
        }
        check();
    }

    std::size_t faults() const { return faults_; }
    std::size_t effects() { return desk_.server.effects().size(); }
    std::size_t failures() const { return failures_; }

private:
    StripeFault next_fault() {
        if (is_healed_ || !random_.chance(35)) return StripeFault::none;
        ++faults_;
        // Those that cost time are rare.
        const auto fault = random_.any<StripeFault>();
        const bool hangs = fault == StripeFault::hang_before || fault == StripeFault::hang_after;
        return hangs && random_.chance(80) ? StripeFault::drop_after : fault;
    }

    void must(Work work) {
        work.cause = "test";
        const auto answer = writer_.run({&work, 1}).front();
        CAPTURE(to_string(answer.outcome));
        REQUIRE(answer.outcome == Outcome::done);
    }
    void ask_party(ledger::Request request) {
        must({.stream = party_stream(seller_),
              .what = ledger::Command{.request = std::move(request)},
              .received_at = now_});
    }

    void live(std::uint64_t number) {
        order::Placement placement;
        placement.buyer.bytes[15] = 1;
        placement.seller = seller_;
        placement.lines = {{.sku = Word("mug"), .quantity = 1, .unit_price = 4'500}};
        placement.commission_basis_points = 800;
        placement.terms = terms::pin_of(marketplace_terms());
        placement.promised_by = now_ + days{20};
        const PlaceOrder place{.account = "shop",
                               .reference = "R" + std::to_string(number),
                               .placed_at = now_,
                               .placement = placement};
        const auto stream = order_stream(place.account, place.reference, place.placed_at);
        streams_.push_back(stream);
        must({.stream = stream, .what = place, .received_at = now_});
        const auto see = [&](order::Seen seen) {
            must({.stream = stream,
                  .what = order::Observation{.when = now_, .seen = std::move(seen)},
                  .received_at = now_});
        };
        const auto ask = [&](order::Party by, order::Request request) {
            must({.stream = stream,
                  .what = order::Command{.by = by, .request = std::move(request)},
                  .received_at = now_});
        };
        const auto name = "pi_" + std::to_string(number);
        switch (number % 4) {
        case 0:  // authorised only, and cancelled: voided
            desk_.server.add_intent(name, 4'500, "eur", "requires_capture");
            see(order::SeeAuthorised{.amount = 4'500, .reference = name});
            ask(order::Party::buyer, order::Cancel{});
            return;
        case 1:  // paid by two, given back in pieces
            desk_.server.add_intent(name, 2'000, "eur", "succeeded");
            desk_.server.add_intent(name + "b", 2'500, "eur", "succeeded");
            see(order::SeeCaptured{.amount = 2'000, .reference = name});
            see(order::SeeCaptured{.amount = 2'500, .reference = name + "b"});
            for (const auto amount : {1'500, 1'500, 400, 900})
                ask(order::Party::platform, order::Refund{.amount = amount});
            return;
        case 2:  // received, and the seller paid, after a piece went back
            desk_.server.add_intent(name, 4'500, "eur", "succeeded");
            see(order::SeeCaptured{.amount = 4'500, .reference = name});
            see(order::SeeShipped{.lines = {}, .tracking = "LP", .replaces = {}});
            ask(order::Party::seller, order::Refund{.amount = random_.between(1, 1'000)});
            ask(order::Party::buyer, order::ConfirmReceipt{});
            return;
        default:  // cancelled: all of it goes back
            desk_.server.add_intent(name, 4'500, "eur", "succeeded");
            see(order::SeeCaptured{.amount = 4'500, .reference = name});
            ask(order::Party::buyer, order::Cancel{});
        }
    }

    void pay_out() {
        now_ += days{40};
        desk_.server.add_account("acct_1");
        for (const auto& stream : streams_)
            must({.stream = stream, .what = Tick{}, .received_at = now_});
        writer_.carry(now_, 1'000);
        ask_party(ledger::BatchPayout{});
    }

    void carry(Duration passed) {
        now_ += passed;
        if (passed >= hours{24}) desk_.server.forget_keys();
        DirectPort port(*store_, writer_);
        Courier(port, desk_.hasty).round(now_, 1'000);
    }

    order::Order order_of(const store::StreamId& stream) {
        return std::get<LiveOrder>((*writer_.look_up(stream))->what).state;
    }

    void check() {
        CAPTURE(seed_);
        for (const auto& row : store_->outbox(0, 1'000)) FAIL_CHECK("left over: " << row.problem);
        CHECK(desk_.server.complaints() == std::vector<std::string>{});
        std::vector<Outgoing> ours;
        const auto add = [&](const store::StreamId& stream, std::string_view kind,
                             std::string payload) {
            ours.push_back(*outgoing_of(
                {.stream = stream,
                 .item = {.kind = std::string(kind), .payload = std::move(payload), .due = {}}}));
        };
        for (const auto& stream : streams_) {
            const auto order = order_of(stream);
            for (std::size_t i = 0; i < order.instructions.size(); ++i) {
                const auto& told = order.instructions[i];
                REQUIRE(told.state != order::InstructionState::pending);
                failures_ += told.state == order::InstructionState::failed;
                if (told.state == order::InstructionState::succeeded)
                    add(stream, instruction_kind,
                        encode(InstructionText{.no = order::nth<order::InstructionNo>(i),
                                               .kind = told.kind,
                                               .currency = order.currency(),
                                               .amount = told.amount}));
            }
        }
        const auto seller = party_stream(seller_);
        const auto book = std::get<LiveParty>((*writer_.look_up(seller))->what).state;
        for (std::uint32_t i = 0; i < book.payouts.size(); ++i) {
            CHECK(book.payouts[i].state == ledger::PayoutState::succeeded);
            add(seller, payout_kind,
                encode(PayoutText{.no = {i + 1}, .amount = book.payouts[i].amount}));
        }
        const auto listed = desk_.processor.list();
        REQUIRE(listed);
        CHECK(find_differences(payments_of(*store_).value(), *listed) ==
              std::vector<std::string>{});
        check_effects(ours);
    }

    // By the server's own books, not by what the processor read of them.
    void check_effects(const std::vector<Outgoing>& ours) {
        std::map<std::string, std::int64_t> happened;
        for (const auto& effect : desk_.server.effects()) {
            CHECK(happened.emplace(effect.key, effect.amount).second);  // one key, one effect
            CHECK(effect.currency == "eur");
        }
        CHECK(happened.size() == ours.size());
        for (const auto& one : ours) CHECK(happened[one.key] == one.amount.minor());
    }

    Random random_;
    std::uint64_t seed_;
    Instant now_ = begin;
    Desk desk_;
    std::unique_ptr<store::Store> store_ = store::make_memory_store();
    Writer writer_{*store_, marketplace_book()};
    order::PartyId seller_;
    std::vector<store::StreamId> streams_;
    bool is_healed_ = false;
    std::size_t faults_ = 0, failures_ = 0;
};

}  // namespace

TEST_CASE("stripe: whatever is lost on the way, every unit is explained and moved once") {
    const auto first = number_of("HOLDFAST_SEED", 1);
    const auto runs = number_of("HOLDFAST_LONG", 5);
    std::size_t faults = 0, effects = 0, failures = 0;
    for (auto seed = first; seed < first + runs; ++seed) {
        StripeLives lives(seed);
        lives.run();
        faults += lives.faults();
        effects += lives.effects();
        failures += lives.failures();
    }
    MESSAGE(runs << " runs from seed " << first << ": " << effects << " payments, " << faults
                 << " faults, " << failures << " refused for good");
    CHECK(faults > runs * 5);
    CHECK(effects > runs * 10);
}

}  // namespace holdfast::test
