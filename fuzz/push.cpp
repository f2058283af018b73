// What is pushed, a line each: the sender, its signature, the time that it names; the rest is the
// body. What is believed is believed as it is and no other way, and a mapping that is read is the
// one that its own text says.
#include "target.h"

#include "base/verify.h"
#include "formats/mapping.h"
#include "formats/push.h"

#include <string>

namespace holdfast::fuzz {
namespace {

const Instant now = *parse_instant("2026-11-23T02:13:22Z");

// Of the samples, so that what is kept gets as far as it can.
std::vector<std::string> secrets() {
    return {"demo_shopify_client_secret_not_real", "demo_woo_webhook_secret_not_real",
            "demo_aftership_webhook_secret_not_real", "DEMO17TRACKKEYNOTREAL00000000000",
            "whsec_demo_stripe_secret_not_real"};
}

void check(formats::PushSender sender, std::string_view signature, std::string_view time,
           const std::string& body) {
    const formats::PushRules rules{
        .sender = sender, .secrets = secrets(), .webhook_id = "W", .certificate = "none"};
    const auto header = [&](std::string_view name) -> std::string_view {
        if (name == "paypal-transmission-time") return time;
        if (name == "paypal-auth-algo") return "SHA256withRSA";
        if (name == "paypal-cert-url") return "https://api.paypal.com/c";
        return signature;
    };
    const auto problem = formats::check_push(rules, header, body, now);
    if (problem || sender == formats::PushSender::aliexpress) return;
    VERIFY(sender != formats::PushSender::paypal);  // nobody has its key
    VERIFY(formats::check_push(rules, header, body + ' ', now) == formats::PushProblem::wrong);
    if (!body.empty()) {
        auto changed = body;
        changed.back() = static_cast<char>(changed.back() ^ 1);
        VERIFY(formats::check_push(rules, header, changed, now) == formats::PushProblem::wrong);
    }
}

void check_mapping(std::string_view text) {
    const auto mapping = formats::parse_mapping(text);
    if (mapping) VERIFY(formats::parse_mapping(formats::to_text(*mapping)) == mapping);
}

}  // namespace
}  // namespace holdfast::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace holdfast;
    auto rest = fuzz::text_of(data, size);
    fuzz::check_mapping(rest);
    const auto sender = formats::parse_push_sender(fuzz::take_until(rest, '\n'));
    const auto signature = fuzz::take_until(rest, '\n');
    const auto time = fuzz::take_until(rest, '\n');
    if (sender) fuzz::check(*sender, signature, time, std::string(rest));
    return 0;
}
