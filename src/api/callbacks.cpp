// What payment processors and the systems that a desk reads tell by themselves.
//
// Only that something happened is taken from a processor's callback, never what: whoever moves the
// money asks the processor. A push of a store or tracker is read like a file that was imported. So
// either may come twice, late or in another order, and ends in the same state.
#include "api/service.h"
#include "engine/courier.h"
#include "engine/stripe_answer.h"
#include "formats/push.h"

namespace holdfast::api {

void Service::take_stripe_callback(Call& call) {
    const auto& secret = options_.stripe_signing_secret;
    if (secret.empty()) return call.send("not_found");
    const auto& request = call.request();
    const auto header = [&](std::string_view name) { return request.header(name); };
    if (formats::check_push({.sender = formats::PushSender::stripe, .secrets = {secret}}, header,
                            request.body, call.now())) {
        if (may_ask(call, failure_limit_, subject_of_peer(request.peer)))
            call.send("signature_invalid");
        return;
    }
    const auto event = engine::read_stripe_event(request.body);
    if (!event) return call.send("invalid_request");
    // An endpoint of theirs may be told of both modes.
    if (event->is_live == options_.livemode)
        for (const auto& news : event->news)
            if (engine::parse_key(news.key)) options_.on_payment_news(news.key);
    call.send_nothing();
}

void Service::take_push(const Shared& call) {
    const auto& request = call->request();
    const auto rules = options_.pushes.find(call->parameter("name"));
    if (rules == options_.pushes.end()) return call->send("not_found");
    const auto sender = rules->second.sender;
    if (formats::is_ping(sender, request.body)) return call->send_nothing();
    const auto header = [&](std::string_view name) { return request.header(name); };
    if (formats::check_push(rules->second, header, request.body, call->now())) {
        if (may_ask(*call, failure_limit_, subject_of_peer(request.peer)))
            call->send("signature_invalid");
        return;
    }
    auto file = std::make_shared<IncomingFile>(files_.folder(), options_.random);
    file->write(request.body);
    reselling_.take_push(call, sender, std::move(file));
}

}  // namespace holdfast::api
