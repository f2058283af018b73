// What one transaction of an import writes: observations folded into their streams.
//
// Knows no store: whoever uses it says what is there of a stream before its first observation, and
// writes the changes. An observation that changes nothing of the state is not written, and the fold
// is a join, so importing is idempotent and free of order.
#pragma once

#include "engine/summary.h"
#include "store/store.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::engine {

enum class RowFate : std::uint8_t { added, changed, same, rejected, noted };
std::string_view to_string(RowFate fate);  // "new", "changed", …

// What a stream is called by its system.
struct Subject {
    store::StreamKind kind;
    std::string system, reference;
};
Subject subject_of(const desk::Observation& observation);
store::StreamId stream_of(const Subject& subject);

// Of a sale, the mark stands for the customer in the state, and is what finds the sale.
Part part_of(desk::Observation observation, std::string customer_mark);
// Whom a mark is needed for; without a mail address nobody.
store::Person customer_of(const desk::Observation& observation);

class ImportBatch {
public:
    // What there is of a stream: its index row's facts and its version.
    struct Known {
        std::string facts;
        std::uint64_t version = 0;
    };

    static std::optional<Known> known_of(std::optional<store::IndexRow> row);

    bool has(const store::StreamId& id) const { return streams_.contains(id); }
    void begin(const store::StreamId& id, std::optional<Known> known);
    RowFate add(const store::StreamId& id, Subject subject, Part part);  // has() the stream

    std::size_t size() const { return streams_.size(); }
    // In order of stream; the batch is empty then.
    std::vector<store::Change> take_changes(Instant now, const std::string& cause);

private:
    struct Stream {
        Subject subject{};
        std::string stored = {};       // the index row's facts; taken apart only where they must be
        bool is_open = false;          // `parts` hold what `stored` holds
        std::vector<Part> parts = {};  // what the index row is to keep
        std::uint64_t version = 0;
        std::vector<std::string> added = {};  // lines of parts, to be written as events
    };

    static void open(Stream& stream);
    static bool holds(const Stream& stream, const std::string& line);
    template <class Seen>
    static RowFate add_to(Stream& stream, Part part);
    static store::Change change_of(const store::StreamId& id, Stream& stream, Instant now,
                                   const std::string& cause);

    std::map<store::StreamId, Stream> streams_;
};

// Writes them in one transaction, in order of stream. A stream that another program wrote meanwhile
// is looked up and folded again, and so are those of `again`, in order. Gives all that were: what a
// change of theirs says of the state is not what the store has.
std::vector<store::StreamId> write_changes(store::Store& store,
                                           const std::vector<store::Change>& changes,
                                           const std::vector<store::StreamId>& again = {});

}  // namespace holdfast::engine
