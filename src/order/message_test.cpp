// What the parties write: who reads it, until when, how much of it, and that it moves nothing else.
#include "order/actions.h"
#include "order/facts.h"
#include "order/test_support.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace holdfast::order {
namespace {

using namespace test;
using std::chrono::days;

constexpr DisputeNo first{1};
const Hash text{7};

bool is_sent(const Decision& decision) {
    return decision.has_value() && decision->size() == 1 &&
           std::holds_alternative<MessageSent>(decision->front().event);
}

TEST_CASE("a message is kept, in its order, and moves nothing") {
    Life life;
    life.paid().shipped();
    const auto before = life.order;
    const auto ahead = deadlines(life.order, life.rules);
    CHECK(is_sent(life.ask(Party::buyer, noon + days{2}, SendMessage{.text = text})));
    const std::vector<Hash> files{{1}, {2}};
    REQUIRE(life.ask(Party::seller, noon + days{2}, Extend{.days = 3}).has_value());
    CHECK(is_sent(life.ask(Party::platform, noon + days{3},
                           SendMessage{.to = Audience::platform, .text = {8}})));
    REQUIRE(life.order.messages.size() == 2);
    CHECK(life.order.messages[0] == Message{.text = text, .at = noon + days{2}});
    CHECK(life.order.messages[1] ==
          Message{
              .by = Party::platform, .to = Audience::platform, .text = {8}, .at = noon + days{3}});
    CHECK(life.order.money == before.money);

    Life silent;
    silent.paid().shipped();
    CHECK(is_sent(silent.ask(Party::seller, noon + days{2}, SendMessage{.text = text})));
    CHECK(deadlines(silent.order, silent.rules) == ahead);
}

TEST_CASE("a message about a dispute names it and its files, also once it is closed") {
    Life life;
    life.paid().shipped().delivered(noon + days{5});
    REQUIRE(
        life.ask(Party::buyer, noon + days{6}, OpenDispute{.reason = Reason::damaged}).has_value());
    std::vector<Hash> files(message_files_most);
    for (std::size_t i = 0; i < files.size(); ++i) files[i] = {static_cast<std::uint8_t>(i)};
    CHECK(is_sent(life.ask(Party::buyer, noon + days{6},
                           SendMessage{.dispute = first, .text = text, .files = files})));
    CHECK(life.order.messages[0].dispute == first);
    CHECK(life.order.messages[0].files == files);
    REQUIRE(life.ask(Party::buyer, noon + days{7}, WithdrawDispute{first}).has_value());
    CHECK(is_sent(
        life.ask(Party::seller, noon + days{7}, SendMessage{.dispute = first, .text = text})));
}

TEST_CASE("a message is for its writer and the platform, and for the other side where it says so") {
    const Message to_all{.by = Party::buyer};
    const Message to_platform{.by = Party::buyer, .to = Audience::platform};
    for (const auto reader : {Party::buyer, Party::seller, Party::platform}) {
        CHECK(to_all.is_for(reader));
        CHECK(to_platform.is_for(reader) == (reader != Party::seller));
    }
    const Message note{.by = Party::platform, .to = Audience::platform};
    CHECK(note.is_for(Party::platform));
    CHECK_FALSE(note.is_for(Party::buyer));
    CHECK_FALSE(note.is_for(Party::seller));
}

TEST_CASE("messages end 180 days after the order and its last dispute") {
    Life life;
    life.paid().shipped().delivered(noon + days{5});
    CHECK_FALSE(messages_end(life.order));
    REQUIRE(life.ask(Party::buyer, noon + days{6}, ConfirmReceipt{}).has_value());
    const auto over = noon + days{6};
    REQUIRE(messages_end(life.order) == over + days{180});

    const auto dispute =
        life.ask(Party::buyer, over + days{1}, OpenDispute{.reason = Reason::damaged});
    REQUIRE(dispute.has_value());
    CHECK_FALSE(messages_end(life.order));  // a dispute runs
    REQUIRE(life.ask(Party::buyer, over + days{2}, WithdrawDispute{first}).has_value());
    const auto end = over + days{182};
    REQUIRE(messages_end(life.order) == end);

    const auto told = actions(life.order, life.rules, Party::seller, over + days{3}, {});
    const auto action = std::ranges::find(told, SendMessage::name, &Action::request);
    REQUIRE(action != told.end());
    CHECK(action->closes_at == end);
    CHECK(is_sent(life.ask(Party::seller, end - Duration{1}, SendMessage{.text = text})));
    const auto late = life.ask(Party::seller, end, SendMessage{.text = text});
    CHECK(code(late) == RefusalCode::messages_ended);
    CHECK(late.error().closes_at == end);
    const auto then = actions(life.order, life.rules, Party::seller, end, {});
    CHECK(std::ranges::find(then, SendMessage::name, &Action::request) == then.end());
}

TEST_CASE("a cancelled order takes messages for as long") {
    Life life;
    life.paid();
    REQUIRE(life.ask(Party::seller, noon + days{1}, Cancel{}).has_value());
    REQUIRE(life.order.cancelled);
    CHECK(messages_end(life.order) == noon + days{181});
}

TEST_CASE("each party writes at most 200 messages, whatever the others wrote") {
    Life life(silence());
    for (std::size_t i = 0; i < messages_most; ++i)
        REQUIRE(is_sent(life.ask(Party::buyer, noon, SendMessage{.text = text})));
    CHECK(code(life.ask(Party::buyer, noon, SendMessage{.text = text})) ==
          RefusalCode::too_many_messages);
    CHECK(is_sent(life.ask(Party::seller, noon, SendMessage{.text = text})));
    CHECK(is_sent(life.ask(Party::platform, noon, SendMessage{.text = text})));
}

TEST_CASE("the buyer has contacted the seller with the first message that the seller may read") {
    Life life;
    life.paid();
    const auto contacted = [&](Instant at) {
        return facts_of(life.order, life.rules, {}, at).at(terms::Moment::contacted);
    };
    REQUIRE(is_sent(life.ask(Party::seller, noon + days{1}, SendMessage{.text = text})));
    REQUIRE(is_sent(life.ask(Party::buyer, noon + days{2},
                             SendMessage{.to = Audience::platform, .text = text})));
    CHECK_FALSE(contacted(noon + days{3}).known());
    REQUIRE(is_sent(life.ask(Party::buyer, noon + days{3}, SendMessage{.text = text})));
    REQUIRE(is_sent(life.ask(Party::buyer, noon + days{4}, SendMessage{.text = text})));
    CHECK(contacted(noon + days{5}) == When(noon + days{3}));
}

}  // namespace
}  // namespace holdfast::order
