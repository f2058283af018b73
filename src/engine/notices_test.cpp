#include "engine/notices.h"

#include "engine/event_text.h"
#include "engine/outbox_desk.h"
#include "engine/test_support.h"
#include "engine/webhook_signature.h"
#include "store/codec/event_codec.h"

#include <algorithm>
#include <memory>
#include <set>

namespace holdfast::engine_test {
namespace {

using Fate = NoticeReply::Fate;

constexpr const char* secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3";
constexpr const char* old_secret = "whsec_YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4";

struct Desk {
    std::unique_ptr<store::Store> store = store::make_memory_store();
    Writer writer{*store, engine_test::rules()};
    DirectPort port{*store, writer};
    std::vector<Notice> brought;
    std::vector<NoticeReply> replies;  // taken from the front; none left: taken
    Notices notices = make();

    Notices make() {
        return {port,
                [this](const Notice& notice) {
                    brought.push_back(notice);
                    if (replies.empty()) return NoticeReply{.fate = Fate::taken};
                    auto reply = replies.front();
                    replies.erase(replies.begin());
                    return reply;
                },
                [](std::span<std::uint8_t> bytes) { std::ranges::fill(bytes, 128); }};
    }

    void add_endpoint(std::uint8_t number, std::vector<std::string> types = {}) {
        store->put_endpoint({.id = IdBytes{number},
                             .url = "https://shop.example/hooks/" + std::to_string(number),
                             .secret = secret,
                             .types = std::move(types),
                             .created_at = start});
    }
    void tell_all(Instant now) {
        while (notices.fan_out(now, 3) > 0) {
        }
        while (notices.deliver(now, 2) > 0) {
        }
    }
    std::string types() const {
        std::string text;
        for (const auto& notice : brought) text += notice.type + " ";
        return text;
    }
};

}  // namespace

TEST_CASE("an endpoint is told of each event once, signed, in the words of the feed") {
    Desk desk;
    desk.add_endpoint(1);
    desk.writer.run(shipped("R1"));
    desk.tell_all(start + 1h);
    CHECK(desk.types() == "order.placed payment.captured order.shipped ");
    REQUIRE(desk.brought.size() == 3);
    const auto& notice = desk.brought[1];
    CHECK(notice.to == "https://shop.example/hooks/1");
    const auto stream = to_base32(stream_of(place("R1")).bytes);
    CHECK(notice.body ==
          R"({"id":")" + notice.id +
              R"(","type":"payment.captured","timestamp":"2026-03-02T09:00:00.000Z",)" +
              R"("sequence":2,"data":{"order_id":"ord_)" + stream +
              R"(","version":2,"details":{"amount":4500}}})");
    CHECK(notice.id.starts_with("evt_"));
    std::set<std::string> ids;
    for (const auto& one : desk.brought) ids.insert(one.id);
    CHECK(ids.size() == 3);

    const auto header = [&](std::string_view name) {
        for (const auto& [known, value] : notice.headers)
            if (known == name) return value;
        return std::string();
    };
    const WebhookHeaders headers{header("webhook-id"), header("webhook-timestamp"),
                                 header("webhook-signature")};
    CHECK(headers.id == notice.id);
    const std::vector<WebhookSecret> secrets{parse_webhook_secret(secret).value()};
    CHECK_FALSE(check_webhook(headers, notice.body, secrets, start + 1h));
    CHECK(check_webhook(headers, notice.body + " ", secrets, start + 1h));

    CHECK(desk.store->outbox(0, 99).empty());
    desk.tell_all(start + 2h);
    CHECK(desk.brought.size() == 3);
}

TEST_CASE("while a secret is being changed both sign") {
    Desk desk;
    desk.store->put_endpoint({.id = IdBytes{1},
                              .url = "https://shop.example/",
                              .secret = secret,
                              .previous_secret = old_secret,
                              .previous_until = start + 2h});
    desk.writer.run({{work(place("R1")), work(place("R2"))}});
    desk.notices.fan_out(start, 9);
    CHECK(desk.notices.deliver(start + 2h - 1ms, 1) == 1);
    CHECK(desk.notices.deliver(start + 2h, 1) == 1);
    const auto fits = [&](const Notice& notice, const char* by, Instant now) {
        const WebhookHeaders headers{notice.headers[1].second, notice.headers[2].second,
                                     notice.headers[3].second};
        const std::vector<WebhookSecret> secrets{parse_webhook_secret(by).value()};
        return !check_webhook(headers, notice.body, secrets, now);
    };
    REQUIRE(desk.brought.size() == 2);
    CHECK(fits(desk.brought[0], secret, start + 2h));
    CHECK(fits(desk.brought[0], old_secret, start + 2h));
    CHECK(fits(desk.brought[1], secret, start + 2h));
    CHECK_FALSE(fits(desk.brought[1], old_secret, start + 2h));
}

TEST_CASE("an endpoint is told of what it asked for, and of nothing before it was there") {
    Desk desk;
    desk.writer.run({{work(place("R1"))}});
    desk.add_endpoint(1, {"payment.*"});
    auto endpoint = desk.store->endpoints()[0];
    desk.store->remove_endpoint(endpoint.id);
    endpoint.position = desk.store->feed_end();
    desk.store->put_endpoint(endpoint);
    desk.add_endpoint(2, {"order.placed", "dispute.opened"});
    desk.writer.run({{seen("R1", order::SeeCaptured{.amount = 4'500}), work(place("R2"))}});
    desk.tell_all(start);
    std::string told;
    for (const auto& notice : desk.brought) told += notice.to.back() + (" " + notice.type) + "; ";
    CHECK(told == "1 payment.captured; 2 order.placed; 2 order.placed; ");
}

TEST_CASE("what is not taken comes again by the schedule, and is given up in the end") {
    Desk desk;
    desk.add_endpoint(1);
    desk.writer.run({{work(place("R1"))}});
    desk.notices.fan_out(start, 9);
    desk.replies.assign(99, {.fate = Fate::not_now, .problem = "500"});
    auto now = start;
    for (const auto gap : tell_again_after) {
        CHECK(desk.notices.deliver(now, 9) == 1);
        CHECK(desk.notices.deliver(now + gap - 1ms, 9) == 0);
        CHECK(desk.store->outbox(0, 9)[0].problem == "500");
        now += gap;
    }
    CHECK(desk.notices.deliver(now, 9) == 1);
    CHECK(desk.brought.size() == tell_again_after.size() + 1);
    for (const auto& notice : desk.brought) CHECK(notice.id == desk.brought[0].id);
    CHECK(now - start == 5s + 5min + 30min + 2h + 5h + 10h + 14h + 20h + 24h);
    const auto row = desk.store->outbox(0, 9).at(0);
    CHECK(row.state == store::OutboxState::failed);
    CHECK(desk.notices.deliver(now + days{30}, 9) == 0);
    CHECK(desk.notices.counts().gave_up == 1);

    // Until somebody has it sent again.
    desk.replies.clear();
    const auto again = retry_of(row, now).value();
    CHECK(desk.store->update_outbox({&again, 1}) == 1);
    CHECK(desk.notices.deliver(now, 9) == 1);
    CHECK(desk.store->outbox(0, 9).empty());
}

TEST_CASE("chance moves an attempt by a tenth at most") {
    for (const auto& [byte, least, most] :
         {std::tuple{0, 269'000, 270'000}, {255, 329'000, 330'000}}) {
        Desk desk;
        desk.add_endpoint(1);
        desk.writer.run({{work(place("R1"))}});
        Notices notices(
            desk.port, [](const Notice&) { return NoticeReply{}; },
            [&](std::span<std::uint8_t> bytes) {
                std::ranges::fill(bytes, static_cast<std::uint8_t>(byte));
            });
        notices.fan_out(start, 9);
        REQUIRE(notices.deliver(start, 9) == 1);
        REQUIRE(notices.deliver(start + 6s, 9) == 1);
        const auto gap = desk.store->outbox(0, 9)[0].item.due - (start + 6s);
        CHECK(gap.count() >= least);
        CHECK(gap.count() <= most);
    }
}

TEST_CASE("an endpoint that is gone is told nothing more, and others are") {
    Desk desk;
    desk.add_endpoint(1);
    desk.add_endpoint(2);
    desk.writer.run({{work(place("R1")), work(place("R2"))}});
    desk.notices.fan_out(start, 9);
    desk.replies = {{.fate = Fate::gone, .problem = "410 Gone"}};
    while (desk.notices.deliver(start, 9) > 0) {
    }
    CHECK(desk.store->endpoints()[0].disabled == "410 Gone");
    CHECK(desk.store->endpoints()[1].disabled.empty());
    CHECK(desk.brought.size() == 3);  // one refusal, two taken
    std::size_t failed = 0;
    for (const auto& row : desk.store->outbox(0, 9))
        failed += row.state == store::OutboxState::failed ? 1 : 0;
    CHECK(failed == 2);
    desk.writer.run({{work(place("R3"))}});
    desk.tell_all(start + 1h);
    CHECK(desk.brought.size() == 4);
    CHECK(desk.notices.counts().disabled == 1);

    // What was still under way to one that was taken away ends by itself.
    desk.add_endpoint(3);
    desk.notices.fan_out(start + 1h, 99);
    desk.store->remove_endpoint(IdBytes{3});
    while (desk.notices.deliver(start + 1h, 9) > 0) {
    }
    CHECK(desk.notices.counts().dropped == 3);
    CHECK(desk.brought.size() == 4);
}

TEST_CASE("an endpoint whose secret cannot be read is told nothing, and holds up no other") {
    Desk desk;
    desk.store->put_endpoint({.id = IdBytes{1}, .url = "https://a.example/", .secret = "whsec_!"});
    desk.add_endpoint(2);
    desk.writer.run({{work(place("R1"))}});
    desk.tell_all(start);
    REQUIRE(desk.brought.size() == 1);
    CHECK(desk.brought[0].to == "https://shop.example/hooks/2");
    const auto rows = desk.store->outbox(0, 9);
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].state == store::OutboxState::failed);
    CHECK(rows[0].problem == "the endpoint's secret cannot be read");
}

TEST_CASE("a fenced store tells nobody anything, and forgets nothing") {
    Desk desk;
    desk.add_endpoint(1);
    desk.writer.run({{work(place("R1"))}});
    desk.port.set_fenced(true);
    desk.tell_all(start);
    CHECK(desk.brought.empty());
    desk.port.set_fenced(false);
    desk.tell_all(start);
    CHECK(desk.brought.size() == 1);
}

TEST_CASE("two at work on one outbox: a notice is brought by one of them at a time") {
    Desk desk;
    desk.add_endpoint(1);
    desk.writer.run({{work(place("R1"))}});
    desk.notices.fan_out(start, 9);
    Desk* other = &desk;
    std::size_t by_other = 99;
    Notices slow(
        desk.port,
        [&](const Notice&) {  // while it is on its way, the other looks
            by_other = other->notices.deliver(start + 1s, 9);
            return NoticeReply{.fate = Fate::taken};
        },
        [](std::span<std::uint8_t>) {});
    CHECK(slow.deliver(start, 9) == 1);
    CHECK(by_other == 0);
    CHECK(desk.brought.empty());
    CHECK(desk.store->outbox(0, 9).empty());
}

TEST_CASE("every kind of event has a type, and no two the same") {
    std::set<std::string> types;
    std::size_t kinds = 0;
    const auto add = [&](store::StreamKind stream, std::string_view kind) {
        ++kinds;
        const auto type = event_type(stream, kind);
        CHECK(std::ranges::count(type, '.') == 1);
        types.insert(type);
    };
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        (add(store::StreamKind::order, std::variant_alternative_t<I, order::Event>::name), ...);
    }(std::make_index_sequence<std::variant_size_v<order::Event>>{});
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        (add(store::StreamKind::party, std::variant_alternative_t<I, ledger::Event>::name), ...);
    }(std::make_index_sequence<std::variant_size_v<ledger::Event>>{});
    CHECK(types.size() == kinds);
    CHECK(event_type(store::StreamKind::order, "dispute_opened") == "dispute.opened");
    CHECK(event_type(store::StreamKind::order, "placed") == "order.placed");
    CHECK(event_type(store::StreamKind::party, "fined") == "party.fined");
    CHECK(event_type(store::StreamKind::order, "return_sent") == "return.sent");
}

TEST_CASE("a body that would be too long leaves the details out") {
    store::FeedEvent event{
        .position = 1, .stream = stream_of(place("R1")), .kind = store::StreamKind::order};
    event.event = {.seq = 7, .at = start, .kind = "dispute_opened", .payload = "{}", .cause = ""};
    event.event.payload = R"({"text":")" + std::string(event_body_most, 'x') + R"("})";
    const auto body = event_body(event);
    CHECK(body.size() < 300);
    CHECK(body.ends_with(R"("version":7}})"));
}

}  // namespace holdfast::engine_test
