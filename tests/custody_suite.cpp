// What an operator proves with the program itself: case files, anchors, the outbox, reconciliation
// and the doctor, on real files.

#include "cli_fixture.h"

#include "engine/engine.h"
#include "engine/service_log.h"
#include "engine/test_support.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/sqlite_store.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace holdfast::test {
namespace {

using namespace std::chrono;
namespace engine_test = holdfast::engine_test;
using engine_test::place;
using engine_test::seen;
using engine_test::stream_of;
using engine_test::work;

const auto placed_at = engine_test::start;

// A marketplace's database in the folder: two orders, one with a refund that waits to be sent.
class Shop {
public:
    Shop() {
        run([](engine::Writer& writer) {
            for (const auto* reference : {"A-1", "A-2"})
                done(writer, engine_test::shipped(reference));
            done(writer, {work("A-1", order::Party::seller, order::Refund{.amount = 1'000},
                               placed_at + 2h)});
        });
    }

    const Folder folder;

    Ran operator()(const std::string& arguments) const { return folder.run(arguments); }
    std::string database() const { return folder.file("holdfast.db"); }

    void run(const std::function<void(engine::Writer&)>& use) const {
        const auto store = store::open_sqlite(database());
        engine::Writer writer(*store, engine_test::rules());
        use(writer);
    }
    static void done(engine::Writer& writer, const std::vector<engine::Work>& works) {
        for (const auto& answer : writer.run(works))
            REQUIRE(answer.outcome == engine::Outcome::done);
    }
    void tamper(const std::string& sql) const { store::sqlite::Connection(database()).run(sql); }
    std::unique_ptr<store::Store> server() const {
        return store::open_sqlite(database(), {.exclusive = true});
    }
};

std::string id_of(std::string_view reference) {
    return "ord_" + to_base32(stream_of(place(reference)).bytes);
}

std::string health_of(const Ran& ran, std::string_view check) {
    const auto answer = json_of(ran);
    for (const auto& one : answer.at("checks").as_array())
        if (one.at("check").as_string() == check) return std::string(one.at("health").as_string());
    return "";
}

}  // namespace

TEST_CASE("export: a case file that a stranger checks without the database") {
    const Shop shop;
    REQUIRE(shop("anchor create --to anchors.jsonl").code == 0);
    const auto ran = shop("export A-1 --to case.json --anchor anchors.jsonl");
    REQUIRE_MESSAGE(ran.code == 0, ran.err);
    CHECK(holds(ran.out, id_of("A-1")));

    const Folder elsewhere;
    elsewhere.write("case.json", read_text(shop.folder.file("case.json")));
    elsewhere.write("anchors.jsonl", read_text(shop.folder.file("anchors.jsonl")));
    const auto alone = elsewhere.run("verify --case case.json");
    CHECK_MESSAGE(alone.code == 0, alone.out);
    CHECK(holds(alone.out, "(A-1)"));
    const auto anchored = elsewhere.run("verify --case case.json --anchor anchors.jsonl --json");
    CHECK(anchored.code == 0);
    const auto answer = json_of(anchored);
    CHECK(answer.at("whole").as_bool());
    CHECK(answer.at("id").as_string() == id_of("A-1"));
    CHECK(answer.at("anchors").as_int64() == 1);
    CHECK_FALSE(fs::exists(elsewhere.file("holdfast.db")));

    auto text = read_text(elsewhere.file("case.json"));
    text.replace(text.find("\"amount\":-4500"), 14, "\"amount\":-4400");
    elsewhere.write("changed.json", text);
    const auto changed = elsewhere.run("verify --case changed.json");
    CHECK(changed.code == 1);
    CHECK_MESSAGE(holds(changed.out, "/events/1/postings/0/amount"), changed.out);
    CHECK(elsewhere.run("verify --case nowhere.json").code == 5);
}

TEST_CASE("export: an order is found by each of its names, and beside a server") {
    const Shop shop;
    shop.run([](engine::Writer& writer) {
        auto other = place("A-1");
        other.account = "bazaar";
        Shop::done(writer, {work(other)});
    });
    const auto server = shop.server();
    CHECK(shop("export shop:A-1 --to 1.json").code == 0);
    CHECK(shop("export " + id_of("A-1") + " --to 2.json").code == 0);
    CHECK(shop("export A-2 --to 3.json").code == 0);
    CHECK(read_text(shop.folder.file("1.json")).find(id_of("A-1")) != std::string::npos);

    const auto ambiguous = shop("export A-1 --to 4.json");
    CHECK(ambiguous.code == 6);
    CHECK(holds(ambiguous.err, "bazaar:A-1"));
    CHECK(holds(ambiguous.err, "shop:A-1"));
    CHECK(shop("export A-9 --to 4.json").code == 5);
    CHECK(shop("export pty_" + id_of("A-1").substr(4) + " --to 4.json").code == 5);
    CHECK(shop("export A-2 --to 3.json").code == 6);  // nothing is written over
    CHECK(shop("export A-2 --to nowhere/4.json").code == 1);
    CHECK(shop("export A-2 --to 4.json --anchor nowhere").code == 1);
    CHECK(shop("export A-2 --to 4.json --database nowhere.db").code == 5);
    CHECK_FALSE(fs::exists(shop.folder.file("4.json")));
}

TEST_CASE("anchor: what an anchor covers must be there for ever after") {
    const Shop shop;
    const auto first = json_of(shop("anchor create --to anchors.jsonl --json"));
    CHECK(first.at("anchor").as_int64() == 1);
    CHECK(first.at("streams").at("order").as_int64() == 2);
    {
        const auto server = shop.server();
        CHECK(shop("anchor create --to anchors.jsonl").code == 0);  // beside a server
    }
    const auto whole = shop("verify --anchor anchors.jsonl");
    CHECK_MESSAGE(whole.code == 0, whole.out);
    CHECK(holds(whole.out, "2 streams of 2 anchors"));

    shop.tamper(
        "DELETE FROM events WHERE n = 1; DELETE FROM index_rows WHERE n = 1; "
        "DELETE FROM streams WHERE n = 1; DELETE FROM entries WHERE n = 1; "
        "DELETE FROM search WHERE n = 1; DELETE FROM outbox WHERE n = 1");
    CHECK(shop("verify").code == 0);  // it cannot know
    const auto dropped = shop("verify --anchor anchors.jsonl");
    CHECK(dropped.code == 1);
    CHECK_MESSAGE(holds(dropped.out, id_of("A-1").substr(4) + ": is gone"), dropped.out);
    const auto answer = json_of(shop("verify --anchor anchors.jsonl --json"));
    CHECK_FALSE(answer.at("whole").as_bool());
    CHECK(answer.at("not_as_anchored").as_array().size() == 1);
    CHECK(shop("anchor create --to anchors.jsonl").code == 1);

    auto text = read_text(shop.folder.file("anchors.jsonl"));
    auto& letter = text[text.find("root") + 10];
    letter = letter == '0' ? '1' : '0';
    shop.folder.write("changed.jsonl", text);
    const auto changed = shop("verify --anchor changed.jsonl");
    CHECK(changed.code == 1);
    CHECK_MESSAGE(holds(changed.err, "line 1/root"), changed.err);
    CHECK(shop("verify --anchor nowhere.jsonl").code == 1);
    shop.folder.write("empty.jsonl", "");
    CHECK(shop("verify --anchor empty.jsonl").code == 1);
    CHECK(shop("anchor create").code == 2);
}

TEST_CASE("backup: a copy brings an anchor, which the database must keep to") {
    const Shop shop;
    const auto made = shop("backup create copy.holdfast");
    REQUIRE_MESSAGE(made.code == 0, made.err);
    CHECK(holds(made.out, "verify --anchor copy.holdfast.anchor"));
    shop.run([](engine::Writer& writer) { Shop::done(writer, engine_test::shipped("A-3")); });
    CHECK(shop("verify --anchor copy.holdfast.anchor").code == 0);
    shop.tamper("UPDATE events SET hash = zeroblob(32) WHERE n = 2 AND seq = 3");
    const auto rewritten = shop("verify --anchor copy.holdfast.anchor");
    CHECK(rewritten.code == 1);
    CHECK(holds(rewritten.out, "was written anew at or before event 3"));
}

TEST_CASE("outbox: a person lists, tries again and says what became of a row") {
    const Shop shop;
    const auto rows = json_of(shop("outbox list --json"));
    REQUIRE(rows.as_array().size() == 1);
    const auto row = std::ranges::find_if(rows.as_array(), [](const json::value& one) {
        return one.at("kind").as_string() == "instruction";
    });
    REQUIRE(row != rows.as_array().end());
    CHECK(row->at("key").as_string() == id_of("A-1") + ":instruction:1");
    CHECK(row->at("amount").at("amount").as_int64() == 1'000);
    CHECK(row->at("state").as_string() == "pending");
    const auto no = std::to_string(row->at("no").as_int64());

    CHECK(holds(shop("outbox list --needs-attention").out, "nothing waits for a person"));
    shop.tamper("UPDATE outbox SET state = 4, attempts = 9, problem = 'no answer' WHERE no = " +
                no);
    const auto listed = shop("outbox list --needs-attention");
    CHECK(holds(listed.out, "needs_attention"));
    CHECK(holds(listed.out, "no answer"));
    CHECK(shop("doctor").code == 1);
    const auto again = json_of(shop("outbox retry " + no + " --json"));
    CHECK(again.at("state").as_string() == "unknown");  // asked about before it is sent
    CHECK(holds(shop("outbox list --needs-attention").out, "nothing waits for a person"));

    CHECK(shop("outbox settle " + no).code == 2);
    CHECK(shop("outbox settle " + no + " --succeeded --failed").code == 2);
    CHECK(shop("outbox settle 999 --succeeded").code == 5);
    CHECK(shop("outbox retry 999").code == 5);
    {
        const auto server = shop.server();
        CHECK(shop("outbox list").code == 0);
        const auto refused = shop("outbox settle " + no + " --succeeded");
        CHECK(refused.code == 1);
        CHECK(holds(refused.err, "a Holdfast server has it open"));
    }
    const auto settled = shop("outbox settle " + no + " --succeeded");
    CHECK_MESSAGE(settled.code == 0, settled.err);
    CHECK(shop("outbox settle " + no + " --succeeded").code == 5);  // done already
    const auto store = store::open_sqlite(shop.database());
    CHECK(engine_test::replayed(*store, stream_of(place("A-1"))).instructions.at(0).state ==
          order::InstructionState::succeeded);
    const auto verified = shop("verify");
    CHECK_MESSAGE(verified.code == 0, verified.out);
}

TEST_CASE("outbox: a transfer is not for a person to settle, a failure keeps the money") {
    const Shop shop;
    shop.run([](engine::Writer& writer) {
        Shop::done(writer, {work("A-2", order::Party::buyer, order::ConfirmReceipt{},
                                 placed_at + days{3})});
    });
    const auto rows = json_of(shop("outbox list --json"));
    std::string transfer, instruction;
    for (const auto& row : rows.as_array())
        (row.at("kind").as_string() == "transfer" ? transfer : instruction) =
            std::to_string(row.at("no").as_int64());
    REQUIRE_FALSE(transfer.empty());
    const auto refused = shop("outbox settle " + transfer + " --succeeded");
    CHECK(refused.code == 6);
    CHECK(holds(refused.err, "carried by the program itself"));
    CHECK(shop("outbox retry " + transfer).code == 0);
    CHECK(shop("outbox settle " + instruction + " --failed").code == 0);
    const auto store = store::open_sqlite(shop.database());
    CHECK(engine_test::replayed(*store, stream_of(place("A-1"))).instructions.at(0).state ==
          order::InstructionState::failed);
}

TEST_CASE("reconcile: after a restore no money leaves until there is no difference") {
    const Shop shop;
    REQUIRE(shop("backup create copy.holdfast").code == 0);
    const auto row = json_of(shop("outbox list --json")).as_array();
    std::string no;
    for (const auto& one : row)
        if (one.at("kind").as_string() == "instruction")
            no = std::to_string(one.at("no").as_int64());
    REQUIRE(shop("restore copy.holdfast --database new.db").code == 0);
    const std::string key = id_of("A-1") + ":instruction:1";
    shop.folder.write("theirs.csv", "key,amount,currency,state\n" + key + ",10.00,EUR,succeeded\n");
    const std::string command = "reconcile --database new.db --lift-fence --against ";
    CHECK(health_of(shop("doctor --json --database new.db"), "fence") == "problem");

    const auto differs = shop(command + "theirs.csv");
    CHECK(differs.code == 1);
    CHECK_MESSAGE(holds(differs.out, key + ": open in our books, executed at the processor"),
                  differs.out);
    CHECK(holds(differs.out, "outbox settle " + no + " --succeeded"));
    CHECK(holds(differs.out, "the fence stands"));
    CHECK(health_of(shop("doctor --json --database new.db"), "fence") == "problem");

    REQUIRE(shop("outbox settle " + no + " --succeeded --database new.db").code == 0);
    const auto looked = json_of(shop("reconcile --json --database new.db --against theirs.csv"));
    CHECK(looked.at("fenced").as_bool());  // nobody asked for more
    CHECK(looked.at("differences").as_array().empty());
    const auto lifted = shop(command + "theirs.csv");
    CHECK(lifted.code == 0);
    CHECK(holds(lifted.out, "the fence is lifted"));
    CHECK(health_of(shop("doctor --json --database new.db"), "fence") == "ok");

    shop.folder.write("theirs.json", "[{\"key\":\"" + key +
                                         "\",\"amount\":999,\"currency\":\"EUR\","
                                         "\"state\":\"succeeded\"}]");
    const auto other = shop("reconcile --database new.db --against theirs.json");
    CHECK(other.code == 1);
    CHECK(holds(other.out, "10.00 EUR in our books, 9.99 EUR at the processor"));
    shop.folder.write("broken.csv", "key,amount,currency,state\nx,1.00,EUR,maybe\n");
    const auto broken = shop("reconcile --database new.db --against broken.csv");
    CHECK(broken.code == 1);
    CHECK(holds(broken.err, "broken.csv:2: state"));
    CHECK(shop("reconcile --against nowhere.csv").code == 5);
    CHECK(shop("reconcile").code == 2);
}

TEST_CASE("migrate: looks without changing, and brings up to date when told") {
    const Shop shop;
    const auto now = json_of(shop("migrate status --json"));
    CHECK_FALSE(now.at("needed").as_bool());
    const auto schema = std::to_string(now.at("schema").as_int64());
    CHECK(holds(shop("migrate run").out, "nothing was to do"));

    shop.tamper("UPDATE schema SET version = 99");
    const auto newer = shop("migrate status");
    CHECK(newer.code == 1);
    CHECK(holds(newer.out, "a newer Holdfast wrote it"));
    CHECK(shop("migrate run").code == 1);
    CHECK(health_of(shop("doctor --json"), "schema") == "problem");

    store::sqlite::Connection(shop.folder.file("old.db"))
        .run(read_text(HOLDFAST_SOURCE_DIR "/tests/data/schema_1.sql"));
    const auto old = [&](const std::string& command) {
        return shop(command + " --database old.db");
    };
    const auto older = json_of(old("migrate status --json"));
    CHECK(older.at("needed").as_bool());
    CHECK(older.at("schema").as_int64() == 1);
    CHECK(json_of(old("migrate status --json")).at("schema").as_int64() == 1);  // nothing changed
    CHECK(health_of(old("doctor --json"), "schema") == "warning");
    const auto refused = old("export A-1 --to case.json");
    CHECK(refused.code == 1);
    CHECK(holds(refused.err, "holdfast migrate run"));
    CHECK(holds(old("migrate run").out, "schema 1 is now schema " + schema));
    CHECK(std::to_string(json_of(old("migrate status --json")).at("schema").as_int64()) == schema);
    CHECK(old("verify").code == 0);
    CHECK(shop("migrate status --database nowhere.db").code == 5);
    shop.folder.write("other.db", "this is no database at all, only a line of text\n");
    CHECK(shop("migrate status --database other.db").code == 1);
}

TEST_CASE("doctor: a healthy place, and each thing that is wrong") {
    const Folder fresh;
    const auto before = fresh.run("doctor --json");
    CHECK(before.code == 0);
    CHECK(health_of(before, "database") == "warning");  // not there yet
    CHECK_FALSE(fs::exists(fresh.file("holdfast.db")));
    CHECK_FALSE(fs::exists(fresh.file("holdfast.db-lock")));

    const Shop shop;
    const auto doctor = [&](const std::string& more = "") {
        return shop("doctor --json --at 2026-03-05T00:00:00Z" + more);
    };
    REQUIRE(shop("backup create copy.holdfast").code == 0);
    const auto bytes = read_text(shop.database());
    const auto ran = doctor();
    CHECK(read_text(shop.database()) == bytes);
    CHECK_MESSAGE(ran.code == 0, ran.out);
    for (const auto* check :
         {"configuration", "terms", "time_zone_data", "sqlite", "folder", "space", "file_system",
          "disk_sync", "database", "schema", "journal", "server", "clock", "outages", "fence",
          "outbox", "deadlines", "terms_of_orders", "backup"})
        CHECK_MESSAGE(!health_of(ran, check).empty(), check);
    CHECK(health_of(ran, "backup") == "ok");
    CHECK(health_of(ran, "deadlines") == "ok");
    const auto late = shop("doctor --json --at 2026-06-05T00:00:00Z");
    CHECK(late.code == 0);
    CHECK(health_of(late, "deadlines") == "warning");  // no server runs
    CHECK(health_of(late, "outbox") == "warning");
    const auto text = shop("doctor --at 2026-03-05T00:00:00Z");
    CHECK(holds(text.out, "0 problems"));
    CHECK(widest_line(text.out) <= 240);
    {
        const auto server = shop.server();
        CHECK(holds(shop("doctor").out, "a server has the database open"));
    }

    shop.folder.write("holdfast.toml", "nonsense = 1\n");
    const auto misconfigured = doctor();
    CHECK(misconfigured.code == 1);
    CHECK(health_of(misconfigured, "configuration") == "problem");
    fs::remove(shop.folder.file("holdfast.toml"));

    shop.folder.write("other.db", "this is no database at all, only a line of text\n");
    CHECK(health_of(doctor(" --database other.db"), "database") == "problem");
    CHECK(health_of(doctor(" --database nowhere/x.db"), "folder") == "problem");

    fs::create_directory(shop.folder.file("terms"));
    shop.folder.write("terms/marketplace.toml",
                      read_text(HOLDFAST_SOURCE_DIR "/terms/marketplace.toml") + "# another\n");
    const auto other_terms = doctor(" --terms-folder terms");
    CHECK(other_terms.code == 1);
    CHECK(health_of(other_terms, "terms_of_orders") == "problem");

    shop.run([](engine::Writer& writer) {
        Shop::done(writer, {work(place("A-9"), Instant{sys_days{year{2900} / 1 / 1}})});
    });
    const auto early = doctor();
    CHECK(early.code == 1);
    CHECK(health_of(early, "clock") == "problem");
}

TEST_CASE("custody: every command explains itself") {
    const Folder folder;
    for (const auto* command :
         {"export", "anchor create", "outbox", "reconcile", "doctor", "migrate", "verify"}) {
        const auto help = folder.run(std::string(command) + " --help");
        CHECK(help.code == 0);
        CHECK_MESSAGE(holds(help.out, "Examples:"), command);
    }
}

}  // namespace holdfast::test
