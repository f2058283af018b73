// The heads of all streams of a SQLite store, and the hash of any event: what anchors stand on.
//
// Reads beside whoever has the store open, and writes nothing.
#pragma once

#include "store/chain.h"
#include "store/sqlite/connection.h"
#include "store/store.h"

#include <functional>
#include <optional>
#include <string>

namespace holdfast::store {

struct StreamHead {
    StreamId stream;
    StreamKind kind = StreamKind::system;
    Head head = {};
    bool operator==(const StreamHead&) const = default;
};

std::string_view to_string(StreamKind kind);  // "order"
std::optional<StreamKind> parse_stream_kind(std::string_view word);

class HeadReader {
public:
    // Throws StoreDown if the file is no store of this program's schema.
    explicit HeadReader(const std::string& path);

    // Every stream as it stands at one instant, in order of stream id.
    void scan(const std::function<void(const StreamHead&)>& visit);
    // As it stands now; nothing: no such stream.
    std::optional<StreamHead> find(const StreamId& stream);
    // When the event was recorded that was written last; nothing: there is none.
    std::optional<Instant> newest_event();
    // Of event `seq`; nothing: the stream has no such event.
    std::optional<Hash> hash_at(const StreamId& stream, std::uint64_t seq);

private:
    sqlite::Connection connection_;
};

}  // namespace holdfast::store
