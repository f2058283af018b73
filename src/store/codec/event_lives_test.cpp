// Lives of orders through the codec: what was written gives the same order again.
#include "store/codec/event_codec.h"

#include "order/test_support.h"

#include <algorithm>
#include <random>

namespace holdfast::store {
namespace {

using namespace order;
using order::test::Life;

// The life as the store would keep it and give it back.
Events through_store(const Events& events) {
    Events read;
    for (const auto& event : events) {
        const auto encoded = encode_event(event);
        auto decoded = decode_order_event(encoded.at, encoded.kind, encoded.v, encoded.payload);
        REQUIRE(decoded);
        read.push_back(std::move(*decoded));
    }
    return read;
}

std::size_t size_of(const Events& events) {
    std::size_t size = 0;
    for (const auto& event : events) size += encode_event(event).payload.size();
    return size;
}

Placement sold() {
    auto placement = test::lamps();
    placement.buyer = {id_bytes(test::noon, {1})};
    placement.seller = {id_bytes(test::noon, {2})};
    placement.terms = terms::pin_of(test::marketplace());
    return placement;
}

// A step that often makes sense.
void step(Life& life, Instant now, std::mt19937_64& random) {
    const auto below = [&](std::uint64_t end) { return random() % end; };
    const auto last = [](const auto& things) { return static_cast<std::uint16_t>(things.size()); };
    const DisputeNo dispute{last(life.order.disputes)};
    const auto by = below(2) == 0 ? Party::buyer : Party::seller;
    const Settlement settlement{static_cast<Remedy>(below(4)), static_cast<Minor>(below(6000))};
    switch (below(18)) {
    case 0: life.see(now, SeeShipped{.lines = {{{1}, 1}}, .tracking = "LX"}); break;
    case 1:
        life.see(now, now - 3h, SeeScan{{last(life.order.shipments)}, ScanKind::delivered});
        break;
    case 2: life.see(now, SeeScan{{1}, static_cast<ScanKind>(below(12))}); break;
    case 3:
    case 4:
    case 5:
        life.ask(Party::buyer, now,
                 OpenDispute{.lines = {{{1}, 1}}, .reason = static_cast<Reason>(below(9))});
        break;
    case 6:
    case 7:  life.ask(by, now, MakeOffer{dispute, {.then = settlement}}); break;
    case 8:  life.ask(by, now, AcceptOffer{{last(life.order.offers)}}); break;
    case 9:  life.ask(Party::seller, now, Respond{dispute}); break;
    case 10: life.ask(Party::buyer, now, Escalate{dispute}); break;
    case 11:
        life.ask(Party::platform, now,
                 Decide{.dispute = dispute,
                        .verdict = {settlement,
                                    Party::buyer,
                                    {VerdictCode::item_differs, VerdictCode::item_damaged}}});
        break;
    case 12:
        life.ask(by, now,
                 SubmitEvidence{.dispute = dispute, .kind = "photo", .content = hash_of("photo")});
        break;
    case 13: life.ask(Party::seller, now, Extend{7}); break;
    case 14: life.ask(Party::seller, now, Cancel{}); break;
    case 15: life.see(now, SeeChargeback{.amount = 300}); break;
    case 16:
        life.see(now, SeeInstruction{.instruction = {last(life.order.instructions)},
                                     .state = InstructionState::failed});
        break;
    default: life.ask(Party::buyer, now, SendReturn{.dispute = dispute, .tracking = "RX1"}); break;
    }
}

}  // namespace

TEST_CASE("events: random lives replay to the same order") {
    std::vector<std::size_t> seen(std::variant_size_v<order::Event>);
    for (std::uint64_t seed = 1; seed <= 150; ++seed) {
        CAPTURE(seed);
        std::mt19937_64 random(seed);
        Life life(seed % 3 == 0 ? test::silence() : test::marketplace(), sold());
        life.paid();
        if (seed % 2 == 0) life.shipped();
        auto now = test::noon + std::chrono::days{2};
        for (int i = 0; i < 30; ++i)
            step(life, now += std::chrono::minutes{random() % 4000}, random);
        const auto read = through_store(life.events);
        CHECK(read == life.events);
        CHECK(replay(read) == life.order);
        for (const auto& event : read) ++seen[event.event.index()];
    }
    CHECK(std::ranges::count_if(seen, [](std::size_t count) { return count > 0; }) >= 20);
}

TEST_CASE("events: the life of an order takes about a kilobyte") {
    Life life(test::marketplace(), sold());
    life.paid().shipped().delivered(test::noon + std::chrono::days{5});
    life.pass(test::noon + std::chrono::days{60});
    CHECK(life.order.completed);
    CHECK(size_of(life.events) < 800);
}

}  // namespace holdfast::store
