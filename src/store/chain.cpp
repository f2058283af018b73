#include "store/chain.h"

#include "base/verify.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string_view>

namespace holdfast::store {
namespace {

// Texts go in behind their length, so that no two lists of parts give the same bytes.
void add_number(std::string& bytes, std::uint64_t number) {
    for (int shift = 56; shift >= 0; shift -= 8)
        bytes += static_cast<char>(static_cast<std::uint8_t>(number >> shift));
}

void add_text(std::string& bytes, std::string_view text) {
    add_number(bytes, text.size());
    bytes += text;
}

void add_bytes(std::string& bytes, std::span<const std::uint8_t> more) {
    bytes.append(reinterpret_cast<const char*>(more.data()), more.size());
}

}  // namespace

std::string line_of(std::string_view kind, std::int32_t v, std::string_view payload) {
    const auto version = std::to_string(v);
    std::string line;
    line.reserve(kind.size() + version.size() + payload.size() + 3);
    line.append(kind).append(1, '\t').append(version).append(1, '\t').append(payload);
    line += '\n';
    return line;
}

StreamId stream_id_of(StreamKind kind, std::string_view system, std::string_view account,
                      std::string_view reference) {
    std::string bytes;
    add_number(bytes, static_cast<std::uint64_t>(kind));
    add_text(bytes, system);
    add_text(bytes, account);
    add_text(bytes, reference);
    const Hash hash = hash_of(bytes);

    std::array<std::uint8_t, 10> rest{};
    std::copy_n(hash.begin(), rest.size(), rest.begin());
    return {id_bytes(Instant{}, rest)};
}

void verify_change(const Change& change) {
    VERIFY(change.request_key.empty() == !change.request_hash);
    if (change.events.empty()) {
        VERIFY(change.expected_version > 0);
        VERIFY(change.request_key.empty());
        VERIFY(change.entries.empty());
        VERIFY(change.outbox.empty());
    }
    VERIFY(change.own_term.empty() || change.expected_version == 0);
    VERIFY(!change.own_term.contains('\n'));
    for (const auto& term : change.search_terms.value_or(std::vector<std::string>{}))
        VERIFY(!term.contains('\n'));
    if (change.index) {
        VERIFY(change.index->stream == change.stream);
        VERIFY(change.index->kind == change.kind);
    }

    std::map<Currency, Money> sums;
    for (const auto& [account, amount] : change.entries) {
        auto& sum =
            sums.try_emplace(amount.currency(), Money::zero(amount.currency())).first->second;
        sum = sum + amount;
    }
    for (const auto& [currency, sum] : sums) VERIFY(sum.is_zero());
}

std::vector<KeptEvent> to_kept_events(const Change& change, const Head& head) {
    std::vector<KeptEvent> kept;
    kept.reserve(change.events.size());
    Head last = head;
    for (const auto& event : change.events) {
        auto& next = kept.emplace_back();
        next.event = {.seq = last.version + 1,
                      .at = event.at,
                      .kind = event.kind,
                      .v = event.v,
                      .payload = event.payload,
                      .cause = change.cause};
        if (kept.size() == 1 && change.request_hash)
            next.request = {change.request_key, *change.request_hash,
                            head.version + change.events.size()};
        next.event.hash = chain_hash(last.hash, change.stream, change.kind, next);
        last = {next.event.seq, next.event.hash};
    }
    return kept;
}

Hash chain_hash(const Hash& previous, const StreamId& stream, StreamKind kind,
                const KeptEvent& kept) {
    const auto& event = kept.event;
    std::string bytes;
    bytes.reserve(160 + event.kind.size() + event.payload.size() + event.cause.size());
    add_bytes(bytes, previous);
    add_bytes(bytes, stream.bytes);
    add_number(bytes, static_cast<std::uint64_t>(kind));
    add_number(bytes, event.seq);
    add_number(bytes, static_cast<std::uint64_t>(event.at.time_since_epoch().count()));
    add_text(bytes, event.kind);
    add_number(bytes, static_cast<std::uint64_t>(event.v));
    add_text(bytes, event.payload);
    add_text(bytes, event.cause);
    if (kept.request) {
        add_text(bytes, kept.request->key);
        add_bytes(bytes, kept.request->hash);
        add_number(bytes, kept.request->version);
    }
    return hash_of(bytes);
}

std::optional<std::string> find_misfit(const Head& last, const StreamId& stream, StreamKind kind,
                                       const KeptEvent& kept) {
    const auto at = [&] {
        return "stream " + to_base32(stream.bytes) + ", event " + std::to_string(kept.event.seq);
    };
    if (kept.event.seq != last.version + 1)
        return at() + ": expected event " + std::to_string(last.version + 1);
    if (kept.event.hash != chain_hash(last.hash, stream, kind, kept))
        return at() + ": the hash does not fit";
    return std::nullopt;
}

}  // namespace holdfast::store
