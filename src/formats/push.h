// What other systems push by themselves, and whether it is theirs: a signature over the raw bytes,
// compared in constant time, before anything of the body is read.
//
// Senders sign in their own ways (docs/facts/formats.md, section 7). AliExpress names none that is
// settled in public: whoever knows the path is believed, and what comes is the weakest of readings.
// Nothing here reads a clock, a file or the network; PayPal's certificate is handed in.
#pragma once

#include "base/instant.h"

#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::formats {

enum class PushSender : std::uint8_t {
    shopify,
    woocommerce,
    aftership,
    seventeen_track,
    stripe,
    paypal,
    aliexpress,
    count_
};
std::string_view to_string(PushSender sender);  // "shopify", …, "17track"
std::optional<PushSender> parse_push_sender(std::string_view word);

struct PushRules {
    PushSender sender = PushSender::shopify;
    std::vector<std::string> secrets = {};  // any one of them; two while it is being changed
    std::string webhook_id = {};            // PayPal's id of the endpoint
    std::string certificate = {};           // PayPal's, as PEM
};

// What is missing for rules to prove anything, as a sentence; empty: nothing. `name` is the last
// part of the path that the sender is given.
std::string why_incomplete(const PushRules& rules, std::string_view name);

enum class PushProblem : std::uint8_t { no_signature, malformed, too_old, too_new, wrong, count_ };
std::string_view to_string(PushProblem problem);

// Of both ways that a clock can be wrong, where the sender signs a time.
inline constexpr Duration push_tolerance = std::chrono::minutes{5};

// What a sender sends to see whether anybody is there: it is signed by nobody and says nothing.
bool is_ping(PushSender sender, std::string_view body);

using FindHeader = std::function<std::string_view(std::string_view name)>;  // any case; or empty

// Nothing: the body is the sender's, as it is.
[[nodiscard]] std::optional<PushProblem> check_push(const PushRules& rules,
                                                    const FindHeader& header, std::string_view body,
                                                    Instant now);

// Whether files of this format (formats/reader.h) may come from the sender: who can sign for one
// system does not speak for another.
bool may_send(PushSender sender, std::string_view format);

// What PayPal signs: "id|time|webhook|crc32 of the body".
std::string paypal_signed_text(std::string_view transmission_id, std::string_view time,
                               std::string_view webhook_id, std::string_view body);

}  // namespace holdfast::formats
