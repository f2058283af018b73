#include "engine/summary.h"

#include "store/codec/observation_codec.h"

#include <charconv>

namespace holdfast::engine {

// One line a part: kind, version and JSON with tabs between. JSON text holds neither raw.
std::string encode_parts(const std::vector<Part>& parts) {
    std::string text;
    for (const auto& part : parts) {
        const auto encoded = store::encode_observation(part.observation, part.customer_mark);
        text += encoded.kind;
        text += '\t' + std::to_string(encoded.v) + '\t' + encoded.payload + '\n';
    }
    return text;
}

std::expected<std::vector<Part>, std::string> decode_parts(std::string_view text) {
    std::vector<Part> parts;
    while (!text.empty()) {
        const auto end = text.find('\n');
        const auto line = text.substr(0, end);
        const auto first = line.find('\t');
        const auto second = line.find('\t', first + 1);
        std::int32_t version = 0;
        if (end == text.npos || first == line.npos || second == line.npos)
            return std::unexpected("an index row is cut off");
        std::from_chars(line.data() + first + 1, line.data() + second, version);
        auto decoded =
            store::decode_observation(line.substr(0, first), version, line.substr(second + 1));
        if (!decoded)
            return std::unexpected("an index row does not decode: " + decoded.error().pointer +
                                   ' ' + decoded.error().problem);
        parts.push_back({std::move(decoded->observation), std::move(decoded->customer_mark)});
        text.remove_prefix(end + 1);
    }
    return parts;
}

}  // namespace holdfast::engine
