// What is wrong with a case file, by its first place and its word; and what is not wrong.
#include "engine/case_test_support.h"

#include <functional>
#include <memory>

namespace holdfast::engine_test {
namespace {

namespace json = boost::json;

// R1: a refund that has left, one that has not, and a dispute. R2: confirmed, with its money in
// transit, or, if it was carried, told to leave as a payout.
std::unique_ptr<store::Store> lived_store(bool is_carried = false) {
    auto store = store::make_memory_store();
    Writer writer(*store, engine_test::rules());
    for (const auto* reference : {"R1", "R2"}) writer.run(shipped(reference));
    const auto run = [&](const Work& one) {
        REQUIRE(writer.run({&one, 1}).front().outcome == Outcome::done);
    };
    run(work("R1", order::Party::seller, order::Refund{.amount = 500}, start + 2h));
    auto arrived = seen("R1", order::SeeInstruction{.instruction = {1}}, start + 3h);
    arrived.delivers = {store->outbox(0, 1).at(0).no};
    run(arrived);
    run(work("R1", order::Party::seller, order::Refund{.amount = 300}, start + 4h));
    run(work("R1", order::Party::seller, order::Refund{.amount = 200}, start + 4h));
    run(work("R1", order::Party::buyer, order::OpenDispute{}, start + days{21}));
    run(work("R2", order::Party::buyer, order::ConfirmReceipt{}, start + days{21}));
    if (!is_carried) return store;
    REQUIRE(writer.carry(start + days{22}, 9) == 1);
    run({.stream = party_stream(party(2)),
         .what = ledger::Command{.request = ledger::BatchPayout{}},
         .received_at = start + days{22}});
    return store;
}

std::string resealed(json::value document) {
    auto& object = document.as_object();
    object.erase("hash");
    return text_of(std::move(object));
}

// "pointer: problem", or nothing.
std::string misfit(std::string_view text, const Anchors* anchors = nullptr) {
    CaseCounts counts;
    const auto found = find_misfit(text, HOLDFAST_SOURCE_DIR, anchors, counts);
    return found ? found->pointer + ": " + found->problem : "";
}

// Anchors of the stream alone, at its second event and at its last.
Anchors anchors_of(const Case& one) {
    Anchors anchors;
    for (const std::uint64_t version : {std::uint64_t{2}, one.history.version}) {
        Anchor anchor{.no = anchors.all.size() + 1, .at = start + days{version}};
        const store::StreamHead own{
            .stream = one.stream,
            .kind = one.history.kind,
            .head = {.version = version, .hash = one.history.events[version - 1].hash}};
        const store::StreamHead other{.stream = {},
                                      .kind = store::StreamKind::purchase,
                                      .head = {.version = version, .hash = {}}};
        anchor.heads = {other, own};
        for (const auto& head : anchor.heads) anchors.heads[head.stream] = head;
        anchor.root = root_of(std::vector{leaf_of(other), leaf_of(own)});
        anchor.streams = {{store::StreamKind::purchase, 1}, {one.history.kind, 1}};
        anchor.line = hash_of(std::to_string(version));
        anchors.all.push_back(std::move(anchor));
    }
    return anchors;
}

}  // namespace

TEST_CASE("the first thing that is wrong with a case file is named") {
    const auto store = lived_store();
    auto one = taken(*store, stream_of(place("R1")));
    const auto anchors = anchors_of(one);
    one.anchors = proofs_of(anchors, one.stream);
    REQUIRE(one.anchors.size() == 2);
    REQUIRE(one.outbox.size() == 2);
    const auto text = written(*store, one);
    REQUIRE(misfit(text, &anchors).empty());
    const auto document = parsed(text);
    const auto version = one.history.version;
    const auto seller_id = "pty_" + to_base32(one.stream.bytes);
    struct Row {
        const char* pointer;
        json::value value;
        std::string expected;  // what it begins with
    };
    // clang-format off
    const Row rows[] = {
        {"/format", "another", "/format: is not \"holdfast-case\""},
        {"/format_version", 2, "/format_version: is not 1, "},
        {"/stream/id", "ord_", "/stream/id: is not an id"},
        {"/stream/id", "or", "/stream/id: is not an id"},
        {"/stream/id", json::value(seller_id), "/stream/id: is not an id"},
        {"/events", json::array{}, "/events: are none"},
        {"/events/0/v", 2'147'483'648, "/events/0/v: is not a whole number in range"},
        {"/events/0/v", -2'147'483'649, "/events/0/v: is not a whole number in range"},
        {"/events/0/v", 2'147'483'647, "/events/0/hash: does not fit"},
        {"/events/0/v", -2'147'483'648, "/events/0/hash: does not fit"},
        {"/events/1/seq", 5, "/events/1/seq: expected 2"},
        {"/outbox/1/no", one.outbox[0].no, "/outbox/1/no: is not in order"},
        {"/outbox/0/event", 0, "/outbox/0/event: is none of the stream's"},
        {"/outbox/0/event", version + 1, "/outbox/0/event: is none of the stream's"},
        {"/outbox/0/event", version, ""},
        {"/outbox/0/event", 1, ""},
        {"/outbox/0/state", "", "/outbox/0/state: is no state of a row"},
        {"/outbox", json::array{}, "/outbox: lacks the instruction "},
        {"/anchors/0/version", 0, "/anchors/0/version: is none of the stream's"},
        {"/anchors/0/version", version + 1, "/anchors/0/version: is none of the stream's"},
        {"/anchors/0/anchor", 0, "/anchors/0/anchor: is not in the anchor file"},
        {"/anchors/1/anchor", 3, "/anchors/1/anchor: is not in the anchor file"},
        {"/anchors/1/anchor", 1, "/anchors/1/anchor: is not in order"},
        {"/anchors/0/at", "2026-03-04T09:00:00.001Z", "/anchors/0/at: is not the anchor's"},
        {"/anchors/0/line", json::string(64, '0'), "/anchors/0/line: is not the anchor's"},
        {"/anchors/0/path/0", "x", "/anchors/0/path/0: is not a step"},
        {"/anchors/0/path/0/0", "up", "/anchors/0/path/0/0: is neither"},
    };
    // clang-format on
    for (const auto& row : rows) {
        CAPTURE(row.pointer);
        CAPTURE(row.expected);
        auto changed = document;
        std::error_code error;
        auto* place = changed.find_pointer(row.pointer, error);
        REQUIRE(place != nullptr);
        *place = row.value;
        const auto found = misfit(resealed(changed), &anchors);
        CHECK_MESSAGE((row.expected.empty() ? found.empty() : found.starts_with(row.expected)),
                      found);
    }
    auto other = anchors;
    other.all[0].root = hash_of("another");
    CHECK(misfit(text, &other) == "/anchors/0/root: is not the anchor's");
}

TEST_CASE("an anchor that was made after the case need not be named, one of its instant must") {
    const auto store = lived_store();
    auto one = taken(*store, stream_of(place("R1")));
    const auto anchors = anchors_of(one);
    one.anchors = proofs_of(anchors, one.stream);
    one.anchors.pop_back();
    one.made_at = anchors.all[1].at - 1ms;
    CHECK(misfit(written(*store, one), &anchors).empty());
    one.made_at = anchors.all[1].at;
    CHECK(misfit(written(*store, one), &anchors).starts_with("/anchors: lack anchor 2 "));
}

TEST_CASE("transfers and payouts of a case are those that its events sent, each once") {
    const auto store = lived_store();
    const auto text = written(*store, taken(*store, stream_of(place("R2"))));
    CHECK(misfit(text).empty());
    const auto with = [&](const std::function<void(json::array&)>& change) {
        auto document = parsed(text);
        change(document.at("outbox").as_array());
        return misfit(resealed(document));
    };
    const auto payload = [](json::array& rows) -> json::string& {
        return rows.at(0).at("payload").as_string();
    };
    const std::string foreign = "/outbox/0/payload: is nothing that the events sent";
    CHECK(with([](json::array& rows) { rows.clear(); }).empty());  // it has arrived
    CHECK(with([&](json::array& rows) { payload(rows).append(" "); }) == foreign);
    CHECK(with([&](json::array& rows) { payload(rows) = "{}"; }) == foreign);
    CHECK(with([&](json::array& rows) { payload(rows) = "{"; }) == foreign);
    CHECK(with([&](json::array& rows) {
              auto& one = payload(rows);
              const std::string said(one);
              const auto at = said.find("\"amount\":") + 9;
              one = said.substr(0, at) + "1" + said.substr(at);
          }) == foreign);
    CHECK(with([](json::array& rows) {
              auto again = rows.at(0);
              again.as_object()["no"] = again.at("no").to_number<std::int64_t>() + 1;
              rows.push_back(again);
          }) == "/outbox/1/payload: is nothing that the events sent");

    const auto carried = lived_store(/*is_carried=*/true);
    const auto of_party = written(*carried, taken(*carried, party_stream(party(2))));
    CHECK(misfit(of_party).empty());
    auto document = parsed(of_party);
    REQUIRE(document.at("outbox").as_array().size() == 1);
    document.at("outbox").as_array().clear();
    CHECK(misfit(resealed(document)).starts_with("/outbox: lacks the payout "));
}

TEST_CASE("a case of what names its payment or its account is whole while that is under way") {
    const auto store = store::make_memory_store();
    Writer writer(*store, engine_test::rules());
    const auto run = [&](const Work& one) {
        REQUIRE(writer.run({&one, 1}).front().outcome == Outcome::done);
    };
    const auto seller = party_stream(party(2));
    const auto to_seller = [&](ledger::Request request) {
        run({.stream = seller,
             .what = ledger::Command{.request = std::move(request)},
             .received_at = start + days{4}});
    };
    run(work(place("R1")));
    run(seen("R1", order::SeeCaptured{.amount = 4'500, .reference = "pi_1"}));
    run(seen("R1", order::SeeShipped{.lines = {}, .tracking = Word("LP1")}, start + 1h));
    run(work("R1", order::Party::seller, order::Refund{.amount = 500}, start + 2h));
    CHECK(misfit(written(*store, taken(*store, stream_of(place("R1"))))).empty());

    run(work("R1", order::Party::buyer, order::ConfirmReceipt{}, start + days{3}));
    REQUIRE(writer.carry(start + days{4}, 9) == 1);
    to_seller(ledger::SetPayoutAccount{"acct_1"});
    to_seller(ledger::BatchPayout{});
    to_seller(ledger::SetPayoutAccount{"acct_2"});  // what is told stays what it was
    CHECK(misfit(written(*store, taken(*store, seller))).empty());
}

TEST_CASE("a case counts what is in it") {
    const auto store = lived_store();
    const auto one = taken(*store, stream_of(place("R1")));
    CaseCounts counts;
    REQUIRE_FALSE(find_misfit(written(*store, one), HOLDFAST_SOURCE_DIR, nullptr, counts));
    CHECK(counts.events == one.history.version);
    CHECK(counts.outbox == 2);
    CHECK(counts.anchors == 0);
    CHECK(counts.reference == "R1");
    CHECK(counts.postings == 2 + 2 + 2 + 2 + 2);  // captured, three refunds, one that arrived
}

TEST_CASE("a stream that cannot be read or is not there is no case") {
    const auto store = lived_store();
    CHECK_FALSE(take_case(*store, stream_of(place("R9")), rulebook()).has_value());
    const auto stream = stream_of(place("R1"));
    store::Change change{.stream = stream, .kind = store::StreamKind::order};
    change.expected_version = store->load(stream).version;
    change.cause = "meddling";
    change.events = {{.at = start + days{30}, .kind = "scanned", .v = 1, .payload = "{"}};
    REQUIRE(store->write(change));
    const auto found = take_case(*store, stream, rulebook());
    REQUIRE_FALSE(found.has_value());
    CHECK(found.error().find("(scanned)") != std::string::npos);
}

TEST_CASE("what no document can be made of is named by its place") {
    const auto store = lived_store(/*is_carried=*/true);
    const auto of_order = taken(*store, stream_of(place("R1")));
    const auto of_party = taken(*store, party_stream(party(2)));
    const auto made = [](Case one, const std::function<void(Case&)>& change) {
        change(one);
        const auto document = document_of(one, HOLDFAST_SOURCE_DIR);
        return document ? "" : to_string(document.error());
    };
    const auto with_terms = [&](const std::function<void(formats::TermsTexts&)>& change) {
        return made(of_order, [&](Case& one) { change(one.terms); });
    };
    const auto torn = [](Case& one) { one.history.events[0].payload = "{"; };
    CHECK(made(of_order, [](Case&) {}).empty());
    CHECK(made(of_party, [](Case&) {}).empty());
    CHECK(made(of_order, torn).starts_with("/events/0/payload: "));
    CHECK(made(of_party, torn).starts_with("/events/0/payload: "));
    CHECK(made(of_order, [](Case& one) { one.history.events.erase(one.history.events.begin()); }) ==
          "/events/0: cannot follow the events before it");

    using Texts = formats::TermsTexts;
    CHECK(with_terms([](Texts& texts) {
              texts.at("marketplace").text = "[";
          }).starts_with("/terms/files: marketplace:1:"));
    CHECK(with_terms([](Texts& texts) { texts.clear(); }) ==
          "/terms/files: the order's terms are not among them");
    CHECK(with_terms([](Texts& texts) {
              texts.at("marketplace").text += "# more\n";
          }).starts_with("/terms/files: their content hash is "));
    CHECK(with_terms([](Texts& texts) { texts["other"] = texts.at("marketplace"); }) ==
          "/terms/files: the file of other gives itself another id");
}

TEST_CASE("terms that extend a file of another name are no terms of a case") {
    const auto head = [](const std::string& id, const std::string& more) {
        return "[terms]\nlanguage = 1\nid = \"" + id + "\"\nprogramme = \"p\"\n" +
               "title = \"T\"\nzone = \"UTC\"\n" + more;
    };
    const auto with = [&](const std::string& own_id_of_base) {
        formats::TermsTexts texts{{"edition", {"edition", head("edition", "extends = \"base\"\n")}},
                                  {"base", {"base", head(own_id_of_base, "")}}};
        const auto book = formats::load_rulebook_of(texts, HOLDFAST_SOURCE_DIR);
        REQUIRE(book.has_value());
        auto placed = placement();
        placed.terms = terms::pin_of(*(*book)->find("edition"));
        Case one{.stream = stream_of(place("R1")), .terms = texts};
        one.history.kind = store::StreamKind::order;
        auto event = store::encode_event(order::Recorded{
            .at = start, .when = start, .event = order::Placed{.placement = placed}});
        one.history.events = {{.seq = 1,
                               .at = start,
                               .kind = event.kind,
                               .v = event.v,
                               .payload = event.payload,
                               .cause = "place:shop:R1"}};
        return document_of(one, HOLDFAST_SOURCE_DIR);
    };
    const auto document = with("base");
    REQUIRE_MESSAGE(document.has_value(), to_string(document.error()));
    const auto& files = document->at("terms").at("files").as_array();
    REQUIRE(files.size() == 2);
    CHECK(text_in(files[0].at("id")) == "edition");
    CHECK(text_in(files[1].at("id")) == "base");
    CHECK(to_string(with("stranger").error()) ==
          "/terms/files: the file of base gives itself another id");
}

TEST_CASE("what happened to an order before it was placed has no terms to be traced to") {
    Case one{.stream = stream_of(place("R1"))};
    one.history.kind = store::StreamKind::order;
    const auto event = store::encode_event(order::Recorded{
        .at = start, .when = start, .event = order::DefaultStruck{.clause = Word("MP-20")}});
    one.history.events = {{.seq = 1,
                           .at = start,
                           .kind = event.kind,
                           .v = event.v,
                           .payload = event.payload,
                           .cause = ""}};
    CHECK(to_string(document_of(one, HOLDFAST_SOURCE_DIR).error()) ==
          "/events/0: cannot follow the events before it");
}

TEST_CASE("a case file has a member a line, and an element a line in its lists") {
    const auto store = lived_store();
    const auto one = taken(*store, stream_of(place("R1")));
    const auto text = written(*store, one);
    CHECK(text.starts_with("{\n\"format\": \"holdfast-case\",\n\"format_version\": 1,\n"));
    CHECK(text.contains(",\n\"events\": [\n  {\"seq\":1,"));
    CHECK(text.contains("},\n  {\"seq\":2,"));
    CHECK(text.contains("}],\n\"balances\": [\n  {"));
    CHECK(text.contains(",\n\"anchors\": [],\n"));
    CHECK(text.ends_with("\"\n}\n"));
    CHECK(to_string(Misfit{"", "is torn"}) == "the file: is torn");
    CHECK(to_string(Misfit{"/a", "is torn"}) == "/a: is torn");
}

TEST_CASE("a case is taken under the very terms of its order, and written of what can be read") {
    const auto store = lived_store();
    const auto stream = stream_of(place("R1"));
    auto texts = rulebook().texts;
    texts.at("marketplace").text += "# another edition of the same id\n";
    const auto other = formats::load_rulebook_of(texts, HOLDFAST_SOURCE_DIR);
    REQUIRE(other.has_value());
    const auto untermed = take_case(*store, stream, **other);
    REQUIRE_FALSE(untermed.has_value());
    CHECK(untermed.error().find("are not loaded") != std::string::npos);

    auto one = taken(*store, stream);
    one.history.events[1].payload = "{";
    const auto text = text_of(one, *store, HOLDFAST_SOURCE_DIR);
    REQUIRE_FALSE(text.has_value());
    CHECK(text.error().pointer == "/events/1/payload");
}

}  // namespace holdfast::engine_test
