// A case file: one stream with all that a stranger needs to check it, as one JSON document
// (docs/case-file.md).
//
// What a Case holds is what was kept; everything else in the document (postings, balances, the
// trace, what evidence is named) is made from it, and made anew and compared when a file is
// checked. Neither reads a clock or a store. Persons' names, addresses and mails are in no stream
// and so in no case file.
#pragma once

#include "engine/anchor.h"
#include "formats/rulebook.h"
#include "store/store.h"

#include <boost/json.hpp>

#include <cstdint>
#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::engine {

struct Case {
    Instant made_at{};
    std::string program = {}, time_zone_data = {};  // versions
    store::StreamId stream = {};
    store::History history = {};
    formats::TermsTexts terms = {};  // of an order: its edition's file and those that it extends
    std::vector<AnchorProof> anchors = {};
    std::vector<store::OutboxRow> outbox = {};  // of the stream, in order of number
};

// The first thing that does not fit.
struct Misfit {
    std::string pointer;  // RFC 6901
    std::string problem;
    bool operator==(const Misfit&) const = default;
};
std::string to_string(const Misfit& misfit);

// The name of an order's or a party's stream: "ord_…", "pty_…".
std::string name_of(const store::StreamId& stream, store::StreamKind kind);

// Everything of the stream that is in the store. `rules` must hold the terms of an order; a stream
// that cannot be read is an error.
[[nodiscard]] std::expected<Case, std::string> take_case(store::Store& store,
                                                         const store::StreamId& stream,
                                                         const formats::Rulebook& rules);

// The document of a case, all but its seal; `folder` gives the calendars of the terms.
[[nodiscard]] std::expected<boost::json::object, Misfit> document_of(
    const Case& one, const std::filesystem::path& folder);

// As it is written: a member a line, and an element a line in lists of events and the like. Ends
// with the seal, a hash of all that stands before it.
std::string text_of(boost::json::object document);
std::string seal_of(const boost::json::object& document);  // the member "hash" left out

// The text of a case whose books in the store say what its events say; otherwise where not.
[[nodiscard]] std::expected<std::string, Misfit> text_of(const Case& one, store::Store& store,
                                                         const std::filesystem::path& folder);

[[nodiscard]] std::expected<Case, Misfit> read_case(const boost::json::value& document);

struct CaseCounts {
    store::StreamKind kind = store::StreamKind::order;
    std::string id, reference;
    std::uint64_t events = 0, postings = 0, anchors = 0, outbox = 0;
};

// Checks a case file by itself; with `anchors`, also that the anchors it names are among them.
std::optional<Misfit> find_misfit(std::string_view text, const std::filesystem::path& folder,
                                  const Anchors* anchors, CaseCounts& counts);

}  // namespace holdfast::engine
