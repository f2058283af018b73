#include "engine/notices.h"

#include "base/id.h"
#include "engine/event_text.h"
#include "engine/outbox_text.h"
#include "engine/webhook_signature.h"

#include <algorithm>

namespace holdfast::engine {
namespace {

using store::OutboxState;

// Longer than any attempt takes.
constexpr Duration lease_time = std::chrono::minutes{2};

// What `endpoint` is to be told of `events`, and its position behind them.
store::FanOut fan_out_of(const store::Endpoint& endpoint, std::span<const store::FeedEvent> events,
                         Instant now) {
    store::FanOut out{
        .endpoint = endpoint.id, .from = endpoint.position, .to = events.back().position};
    for (const auto& event : events) {
        if (!is_told(event, endpoint.types)) continue;
        out.items.push_back({.stream = event.stream,
                             .seq = event.event.seq,
                             .item = {.kind = std::string(notice_kind),
                                      .payload = encode(NoticeText{
                                          .endpoint = endpoint.id,
                                          .position = static_cast<std::int64_t>(event.position)}),
                                      .due = now}});
    }
    return out;
}

std::vector<WebhookSecret> secrets_of(const store::Endpoint& endpoint, Instant now) {
    std::vector<WebhookSecret> secrets;
    if (auto secret = parse_webhook_secret(endpoint.secret)) secrets.push_back(std::move(*secret));
    if (now < endpoint.previous_until)
        if (auto secret = parse_webhook_secret(endpoint.previous_secret))
            secrets.push_back(std::move(*secret));
    return secrets;
}

Notice notice_of(const store::Endpoint& endpoint, const store::FeedEvent& event, Instant now,
                 std::span<const WebhookSecret> secrets) {
    Notice notice{.to = endpoint.url,
                  .id = event_id(event),
                  .type = event_type(event.kind, event.event.kind),
                  .body = event_body(event)};
    const auto signature = sign_webhook(notice.id, now, notice.body, secrets);
    notice.headers = {{"content-type", "application/json"},
                      {"webhook-id", signature.id},
                      {"webhook-timestamp", signature.timestamp},
                      {"webhook-signature", signature.signature}};
    return notice;
}

}  // namespace

std::size_t Notices::fan_out(Instant now, std::size_t events_most) {
    std::size_t looked_at = 0;
    port_.use([&](store::Store& store, Writer&) {
        for (const auto& endpoint : store.endpoints()) {
            if (!endpoint.disabled.empty()) continue;
            const auto events = store.feed(endpoint.position, events_most);
            if (events.empty()) continue;
            store.fan_out(fan_out_of(endpoint, events, now));
            looked_at += events.size();
        }
    });
    return looked_at;
}

std::size_t Notices::deliver(Instant now, std::size_t limit) {
    if (port_.is_fenced()) return 0;
    const auto rows = port_.lease(notice_kind, now, now + lease_time, limit);
    for (const auto& row : rows) take(row, now);
    return rows.size();
}

void Notices::take(const store::OutboxRow& row, Instant now) {
    const auto text = decode_notice(row.item.payload);
    std::optional<store::Endpoint> endpoint;
    std::vector<store::FeedEvent> events;
    port_.use([&](store::Store& store, Writer&) {
        if (text) {
            for (auto& one : store.endpoints())
                if (one.id == text->endpoint) endpoint = std::move(one);
            if (text->position > 0)
                events = store.feed(static_cast<std::uint64_t>(text->position - 1), 1);
        }
    });
    if (!endpoint) {  // nobody is there to be told
        port_.end(row.no);
        ++counts_.dropped;
        return;
    }
    const auto reject = [&](std::string problem) {
        put_off(row, {.fate = NoticeReply::Fate::rejected, .problem = std::move(problem)}, now);
    };
    if (events.empty()) return reject("no such event");
    if (!endpoint->disabled.empty()) return reject("disabled: " + endpoint->disabled);
    const auto secrets = secrets_of(*endpoint, now);
    if (secrets.empty()) return reject("the endpoint's secret cannot be read");

    const auto reply = bring_(notice_of(*endpoint, events.front(), now, secrets));
    if (reply.fate == NoticeReply::Fate::taken) {
        port_.end(row.no);
        ++counts_.told;
        return;
    }
    if (reply.fate == NoticeReply::Fate::gone) disable(endpoint->id, reply.problem);
    put_off(row, reply, now);
}

void Notices::put_off(const store::OutboxRow& row, const NoticeReply& reply, Instant now) {
    ++counts_.failed_attempts;
    const auto tries = static_cast<std::size_t>(row.attempts);
    const bool again = reply.fate == NoticeReply::Fate::not_now && tries < tell_again_after.size();
    if (!again) ++counts_.gave_up;
    const store::OutboxUpdate update{
        .no = row.no,
        .lease = row.lease,
        .state = again ? OutboxState::pending : OutboxState::failed,
        .due = again ? now + with_jitter(tell_again_after[tries], random_) : now,
        .attempts = row.attempts + 1,
        .problem = reply.problem};
    port_.update(update);
}

void Notices::disable(const IdBytes& endpoint, const std::string& why) {
    port_.use([&](store::Store& store, Writer&) {
        for (auto& one : store.endpoints()) {
            if (one.id != endpoint || !one.disabled.empty()) continue;
            one.disabled = why;
            store.put_endpoint(one);
            ++counts_.disabled;
        }
    });
}

Duration with_jitter(Duration gap, const std::function<void(std::span<std::uint8_t>)>& random) {
    std::array<std::uint8_t, 1> byte{};
    random(byte);
    return gap + gap * (byte[0] - 128) / 1280;
}

}  // namespace holdfast::engine
