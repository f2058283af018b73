// Heads of all streams, noted outside the store, so that what is dropped, cut off or written anew
// in it shows.
//
// An anchor file has one JSON object a line, one line an anchor (docs/anchors.md). A line holds the
// root over the heads of all streams as they stood, the hash of the line before it, and the heads
// that are new since then; so a file says by itself what every anchor covered, grows with what
// happened and not with what there is, and cannot be changed in the middle. Who keeps the last
// line's hash elsewhere can prove the whole file.
#pragma once

#include "engine/merkle.h"
#include "store/sqlite/heads.h"

#include <array>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::engine {

using HeadMap = std::map<store::StreamId, store::StreamHead>;

struct Anchor {
    std::uint64_t no = 0;  // from 1
    Instant at{};
    std::map<store::StreamKind, std::uint64_t> streams = {};  // how many, of kinds that there are
    std::uint64_t events = 0;
    Hash root{};
    Hash previous{};                            // of the line before; of the first all zeros
    std::vector<store::StreamHead> heads = {};  // that moved since the anchor before
    Hash line{};                                // of this line

    std::uint64_t stream_count() const;
};

struct Anchors {
    std::vector<Anchor> all;  // oldest first
    HeadMap heads;            // as of the last
};

Hash leaf_of(const store::StreamHead& head);

// What does not fit names its line.
[[nodiscard]] std::expected<Anchors, std::string> parse_anchors(std::string_view text);
[[nodiscard]] std::expected<Anchors, std::string> read_anchors(const std::filesystem::path& file);

// Adds a line to `file`, which is made where there is none, and has it on the disk. A store that
// has lost what was anchored before gets no anchor: the error names the first such stream.
[[nodiscard]] std::expected<Anchor, std::string> append_anchor(const std::filesystem::path& file,
                                                               store::HeadReader& store,
                                                               Instant now);

// Each stream that is not there any more with what was anchored of it, in words. Says nothing of
// events whose own hash does not fit; that is Store::find_damage().
std::vector<std::string> find_lost(const Anchors& anchors, store::HeadReader& store);

// That a stream stood as it did at an anchor.
struct AnchorProof {
    std::uint64_t no = 0;
    Instant at{};
    Hash line{}, root{};
    std::uint64_t streams = 0;
    std::uint64_t version = 0;  // of the stream
    Path path = {};
    bool operator==(const AnchorProof&) const = default;
};

// From each anchor that noted a new head of the stream.
std::vector<AnchorProof> proofs_of(const Anchors& anchors, const store::StreamId& stream);

}  // namespace holdfast::engine
