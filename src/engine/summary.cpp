#include "engine/summary.h"

#include "store/codec/observation_codec.h"

#include "base/verify.h"

#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>

namespace holdfast::engine {
namespace {

struct Fields {
    std::string_view kind;
    std::int32_t version = 0;
    std::string_view payload;
};

std::optional<Fields> fields_of(std::string_view line) {
    const auto first = line.find('\t');
    const auto second = line.find('\t', first + 1);
    if (first == line.npos || second == line.npos) return std::nullopt;
    Fields fields{line.substr(0, first), 0, line.substr(second + 1)};
    std::from_chars(line.data() + first + 1, line.data() + second, fields.version);
    return fields;
}

}  // namespace

// JSON text holds neither a raw tab nor a raw line break.
std::string encode_part(const Part& part) {
    const auto encoded = store::encode_observation(part.observation, part.customer_mark);
    return store::line_of(encoded.kind, encoded.v, encoded.payload);
}

std::string encode_parts(std::vector<Part> parts) {
    if (parts.size() == 1 && !parts.front().encoded.empty())
        return std::move(parts.front().encoded);
    std::string text;
    for (const auto& part : parts) text += part.encoded.empty() ? encode_part(part) : part.encoded;
    return text;
}

store::NewEvent event_of(std::string_view line, Instant at) {
    const auto fields = fields_of(line.substr(0, line.size() - 1));
    VERIFY(fields.has_value());
    return {at, std::string(fields->kind), fields->version, std::string(fields->payload)};
}

std::expected<std::vector<Part>, std::string> decode_parts(std::string_view text) {
    std::vector<Part> parts;
    while (!text.empty()) {
        const auto end = text.find('\n');
        const auto line = text.substr(0, end);
        const auto fields = fields_of(line);
        if (end == text.npos || !fields) return std::unexpected("an index row is cut off");
        auto decoded = store::decode_observation(fields->kind, fields->version, fields->payload);
        if (!decoded)
            return std::unexpected("an index row does not decode: " + decoded.error().pointer +
                                   ' ' + decoded.error().problem);
        if (auto* sale = std::get_if<desk::SaleSeen>(&decoded->observation.seen))
            sale->customer.email = decoded->customer_mark;
        parts.push_back({std::move(decoded->observation), std::move(decoded->customer_mark),
                         std::string(line) + '\n'});
        text.remove_prefix(end + 1);
    }
    return parts;
}

}  // namespace holdfast::engine
