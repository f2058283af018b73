// How a change becomes events that are chained by their hashes: the same bytes in every store.
//
// Each event's hash covers all that is kept of it and the hash of the event before it, so that a
// row which was changed, moved or taken out of the middle no longer fits.
#pragma once

#include "store/store.h"

#include <algorithm>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace holdfast::store {

// The key of a request stands on the first event of its commit.
struct RequestMark {
    std::string key;
    Hash hash{};
    std::uint64_t version = 0;  // that the commit led to: what a replay answers
};

struct KeptEvent {
    Event event;  // its hash included
    std::optional<RequestMark> request;
};

// The state of a stream that a change builds on.
struct Head {
    std::uint64_t version = 0;
    Hash hash{};
    bool operator==(const Head&) const = default;
};

// What must hold of a change whatever the stream looks like; the rest is for the store to check.
void verify_change(const Change& change);

// Calls `write_one` for each change but those that come after one of their stream that was not
// written though they build on it.
template <class WriteOne>
void write_each(std::span<const Change> changes,
                std::vector<std::expected<Receipt, NotWritten>>& results, WriteOne&& write_one) {
    std::vector<StreamId> conflicts;  // seldom any
    for (const auto& change : changes) {
        if (std::ranges::find(conflicts, change.stream) != conflicts.end()) {
            results.emplace_back(std::unexpected(NotWritten::version_conflict));
            continue;
        }
        results.push_back(write_one(change));
        const auto& last = results.back();
        if (last ? last->replayed : last.error() != NotWritten::key_used_for_another_request)
            conflicts.push_back(change.stream);
    }
}

// The events of `change` as they are kept behind `head`.
std::vector<KeptEvent> to_kept_events(const Change& change, const Head& head);

// BLAKE2b over the previous hash and every part of `kept` but its own hash.
Hash chain_hash(const Hash& previous, const StreamId& stream, StreamKind kind,
                const KeptEvent& kept);

// What is wrong with `kept` as the event behind `last`, in words, or nothing.
std::optional<std::string> find_misfit(const Head& last, const StreamId& stream, StreamKind kind,
                                       const KeptEvent& kept);

}  // namespace holdfast::store
