#include "engine/anchor.h"

#include "engine/test_support.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/sqlite_store.h"
#include "store/test_support.h"

#include <boost/json.hpp>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>

namespace holdfast::engine_test {
namespace {

// A store in a file of its own, and anchors beside it.
class Anchored {
public:
    void run(const std::vector<Work>& works) const {
        const auto store = store::open_sqlite(database());
        Writer writer(*store, engine_test::rules());
        for (const auto& answer : writer.run(works)) REQUIRE(answer.outcome == Outcome::done);
    }
    std::expected<Anchor, std::string> anchor(Instant at = start) const {
        store::HeadReader heads(database());
        return append_anchor(anchors(), heads, at);
    }
    std::vector<std::string> lost() const {
        store::HeadReader heads(database());
        const auto read = read_anchors(anchors());
        REQUIRE(read.has_value());
        return find_lost(*read, heads);
    }
    // What somebody with another program could do to the file.
    void tamper(const std::string& sql) const { store::sqlite::Connection(database()).run(sql); }

    std::string database() const { return folder_.file("store.db"); }
    std::string anchors() const { return folder_.file("anchors.jsonl"); }
    std::string text() const {
        std::ifstream file(anchors(), std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    void write(const std::string& text) const {
        std::ofstream(anchors(), std::ios::binary) << text;
    }

private:
    store_test::Directory folder_;
};

std::string id_of(std::string_view reference) {
    return to_base32(stream_of(place(reference)).bytes);
}

std::string row_of(std::string_view reference) {
    return "(SELECT n FROM streams WHERE hex(stream_id) = upper('" +
           to_hex(stream_of(place(reference)).bytes) + "'))";
}

}  // namespace

TEST_CASE("anchors note what moved, and a store that goes on is as anchored") {
    const Anchored one;
    one.run(shipped("R1"));
    one.run(shipped("R2"));
    const auto first = one.anchor();
    REQUIRE(first.has_value());
    CHECK(first->stream_count() == 2);
    CHECK(first->heads.size() == 2);
    CHECK(first->events == 6);

    one.run({work("R1", order::Party::buyer, order::ConfirmReceipt{}, start + days{3})});
    const auto second = one.anchor(start + days{3});
    REQUIRE(second.has_value());
    CHECK(second->no == 2);
    CHECK(second->heads.size() == 1);
    CHECK(second->heads[0].stream == stream_of(place("R1")));
    CHECK(second->previous == first->line);
    CHECK(second->root != first->root);
    const auto third = one.anchor(start + days{4});  // nothing happened, and that is anchored
    REQUIRE(third.has_value());
    CHECK(third->heads.empty());
    CHECK(third->root == second->root);

    CHECK(one.lost().empty());
    one.run({work("R2", order::Party::seller, order::Refund{.amount = 1'000}, start + days{5})});
    CHECK(one.lost().empty());
    CHECK_FALSE(one.anchor(start + days{1}).has_value());  // the clock went back
}

TEST_CASE("a dropped, a cut off and a rewritten stream are named") {
    struct Row {
        const char* name;
        std::string sql, expected;
    };
    const auto r1 = row_of("R1");
    const std::string other(64, 'a');
    const Row rows[] = {
        {"dropped", "DELETE FROM events WHERE n = " + r1 + "; DELETE FROM streams WHERE n = " + r1,
         "order stream " + id_of("R1") + ": is gone; it had event 3, as anchor 1 of"},
        {"cut off", "DELETE FROM events WHERE seq > 1 AND n = " + r1,
         "order stream " + id_of("R1") + ": was cut off after event 1; it had event 3"},
        {"rewritten", "UPDATE events SET hash = x'" + other + "' WHERE seq >= 3 AND n = " + r1,
         "order stream " + id_of("R1") + ": was written anew at or before event 3"},
        {"rewritten later", "UPDATE events SET hash = x'" + other + "' WHERE seq = 5 AND n = " + r1,
         "order stream " + id_of("R1") + ": was written anew at or before event 5, as anchor 2"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const Anchored one;
        one.run(shipped("R1"));
        one.run(shipped("R2"));
        REQUIRE(one.anchor().has_value());
        one.run({work("R1", order::Party::seller, order::Refund{.amount = 100}, start + days{1}),
                 work("R1", order::Party::seller, order::Refund{.amount = 200}, start + days{2})});
        REQUIRE(one.anchor(start + days{2}).has_value());
        one.tamper(row.sql);
        const auto lost = one.lost();
        REQUIRE(lost.size() == 1);
        CHECK_MESSAGE(lost[0].starts_with(row.expected), lost[0]);
        const auto refused = one.anchor(start + days{3});  // a loss is not anchored over
        REQUIRE_FALSE(refused.has_value());
        CHECK(refused.error().find(id_of("R1")) != std::string::npos);
    }
}

TEST_CASE("a changed anchor file is refused, whatever is changed") {
    const Anchored one;
    one.run(shipped("R1"));
    REQUIRE(one.anchor().has_value());
    one.run(shipped("R2"));
    REQUIRE(one.anchor(start + days{1}).has_value());
    one.run(shipped("R3"));
    REQUIRE(one.anchor(start + days{2}).has_value());
    const auto text = one.text();
    REQUIRE(parse_anchors(text).has_value());
    const auto last_line = text.rfind('\n', text.size() - 2) + 1;

    std::size_t unfound = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto changed = text;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        if (!parse_anchors(changed).has_value()) continue;
        // Nothing stands behind the last line: when it was made is what its hash alone holds.
        ++unfound;
        CHECK(i > last_line);
        CHECK(parse_anchors(changed)->all.back().line != parse_anchors(text)->all.back().line);
    }
    CHECK(unfound < 20);
    const auto first_end = text.find('\n') + 1;
    CHECK_FALSE(parse_anchors(text.substr(first_end)).has_value());  // without the first line
    CHECK(parse_anchors(text.substr(0, last_line)).has_value());     // as it was before
    const auto torn = parse_anchors(text.substr(0, text.size() - 9));
    REQUIRE_FALSE(torn.has_value());
    CHECK(torn.error().starts_with("line 3: is cut off"));
    one.write(text.substr(0, text.size() - 9));
    CHECK_FALSE(one.anchor(start + days{3}).has_value());
    CHECK_THROWS_AS(static_cast<void>(read_anchors("/nowhere/anchors")), store::StoreDown);
}

TEST_CASE("an anchor proves a stream by a short path") {
    const Anchored one;
    for (const auto* reference : {"R1", "R2", "R3", "R4", "R5"}) one.run(shipped(reference));
    REQUIRE(one.anchor().has_value());
    one.run(shipped("R6"));
    REQUIRE(one.anchor(start + days{1}).has_value());
    one.run({work("R4", order::Party::seller, order::Refund{.amount = 100}, start + days{2})});
    REQUIRE(one.anchor(start + days{2}).has_value());

    const auto anchors = read_anchors(one.anchors());
    REQUIRE(anchors.has_value());
    const auto stream = stream_of(place("R4"));
    const auto proofs = proofs_of(*anchors, stream);
    REQUIRE(proofs.size() == 2);  // the second anchor has nothing new of it
    CHECK(proofs[0].no == 1);
    CHECK(proofs[1].no == 3);
    store::HeadReader heads(one.database());
    for (const auto& proof : proofs) {
        const store::StreamHead head{
            .stream = stream,
            .kind = store::StreamKind::order,
            .head = {.version = proof.version, .hash = *heads.hash_at(stream, proof.version)}};
        CHECK(root_by(leaf_of(head), proof.path, proof.streams) == proof.root);
        CHECK(proof.path.size() <= 3);
    }
    CHECK(proofs_of(*anchors, stream_of(place("R9"))).empty());
    for (const auto* reference : {"R1", "R2", "R3", "R4", "R5"})
        CHECK(proofs_of(*anchors, stream_of(place(reference))).at(0).no == 1);
}

TEST_CASE("a line that does not follow says what of it does not") {
    const Anchored one;
    one.run({work(place("R1"))});
    one.run(shipped("R2"));
    REQUIRE(one.anchor().has_value());
    one.run({seen("R1", order::SeeCaptured{.amount = 4'500}),
             work("R2", order::Party::seller, order::Refund{.amount = 1}, start + 2h)});
    REQUIRE(one.anchor().has_value());  // at the same instant: that is no step back
    const auto text = one.text();
    REQUIRE(parse_anchors(text).has_value());

    namespace json = boost::json;
    struct Row {
        std::size_t line;
        std::function<void(json::object&)> change;
        const char* expected;
    };
    const auto head = [](json::object& line, std::size_t i) -> json::array& {
        return line["heads"].as_array()[i].as_array();
    };
    const Row rows[] = {
        {0, [&](auto& line) { head(line, 0).push_back(1); }, "/heads/0: is not a head"},
        {0, [&](auto& line) { head(line, 1).pop_back(); }, "/heads/1: is not a head"},
        {0, [&](auto& line) { line["heads"].as_array()[0] = "x"; }, "/heads/0: is not a head"},
        {0, [&](auto& line) { head(line, 0)[2] = "3"; }, "/heads/0: is not a head"},
        {0, [&](auto& line) { head(line, 0)[2] = 0; }, "/heads/0: is not a head"},
        {0, [&](auto& line) { head(line, 0)[3] = "00"; }, "/heads/0: is not a head"},
        {0, [&](auto& line) { head(line, 0)[1] = "thing"; }, "/heads/0: is not a head"},
        {0, [&](auto& line) { head(line, 0)[0] = "!"; }, "/heads/0: is not a head"},
        {0, [&](auto& line) { line["heads"] = 1; }, "/heads: is not a list"},
        {0, [&](auto& line) { line["at"] = "today"; }, "/at: is not an instant"},
        {1, [&](auto& line) { line["at"] = "2026-03-02T08:59:59.999Z"; },
         "/at: is before that of the line before it"},
        {1, [&](auto& line) { head(line, 0)[2] = 1; },
         "/heads/0: does not go on from the anchors before it"},
        {1, [&](auto& line) { head(line, 1)[2] = 1; },
         "/heads/1: does not go on from the anchors before it"},
        {1, [&](auto& line) { head(line, 0)[1] = "party"; },
         "/heads/0: does not go on from the anchors before it"},
        {1, [&](auto& line) { head(line, 1)[1] = "party"; },
         "/heads/1: does not go on from the anchors before it"},
        {1,
         [&](auto& line) { std::swap(line["heads"].as_array()[0], line["heads"].as_array()[1]); },
         "/heads/1: is not in order"},
        {1,
         [&](auto& line) {
             auto again = line["heads"].as_array()[1];
             again.as_array()[2] = 9;
             line["heads"].as_array().push_back(again);
         },
         "/heads/2: is not in order"},
        {1, [&](auto& line) { line["events"] = 9; },
         "/events: does not follow from the lines before it"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.expected);
        std::vector<std::string> lines{text.substr(0, text.find('\n')),
                                       text.substr(text.find('\n') + 1)};
        lines[1].pop_back();
        auto line = json::parse(lines[row.line]).as_object();
        row.change(line);
        lines[row.line] = json::serialize(line);
        const auto read = parse_anchors(lines[0] + '\n' + lines[1] + '\n');
        REQUIRE_FALSE(read.has_value());
        CHECK(read.error() == "line " + std::to_string(row.line + 1) + row.expected);
    }
    auto spaced = text;
    spaced.insert(spaced.find(':') + 1, " ");
    CHECK(parse_anchors(spaced).error() == "line 1: is not written as an anchor is");

    // Said with the file's name where there is a file.
    one.write(spaced);
    CHECK(read_anchors(one.anchors()).error().starts_with(one.anchors() + ", line 1: "));
    store::HeadReader heads(one.database());
    try {
        static_cast<void>(append_anchor("/nowhere/anchors", heads, start));
        FAIL("there is no such folder");
    } catch (const store::StoreDown& error) {
        CHECK(std::string(error.what()).find("/nowhere/anchors: cannot be opened") !=
              std::string::npos);
    }
}

TEST_CASE("an anchor is written beside the caller as well, and leaves no file open") {
    const Anchored one;
    one.run(shipped("R1"));
    const auto open = [] {
        const std::filesystem::directory_iterator all("/proc/self/fd");
        return std::distance(begin(all), end(all));
    };
    const auto before = open();
    REQUIRE(one.anchor().has_value());
    CHECK(open() == before);
    const auto home = std::filesystem::current_path();
    std::filesystem::current_path(std::filesystem::path(one.database()).parent_path());
    store::HeadReader heads(one.database());
    const auto here = append_anchor("here.jsonl", heads, start);
    std::filesystem::current_path(home);
    CHECK(here.has_value());
}

TEST_CASE(
    "a head stands in the tree by its stream, its kind, eight bytes of its version and its hash") {
    store::StreamHead head{.stream = {}, .kind = store::StreamKind::order};
    for (std::uint8_t i = 0; i < 16; ++i) head.stream.bytes[i] = i;
    head.head = {.version = 0x0102030405060708, .hash = hash_of("head")};
    std::string bytes;
    for (char i = 0; i < 16; ++i) bytes += i;
    bytes += '\6';
    for (char i = 1; i <= 8; ++i) bytes += i;
    bytes.append(reinterpret_cast<const char*>(head.head.hash.data()), head.head.hash.size());
    CHECK(leaf_of(head) == hash_of(std::string(1, '\0') + bytes));
}

}  // namespace holdfast::engine_test
