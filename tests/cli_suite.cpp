// The program as a person runs it: the real binary, real files, its output and exit codes.

#include "cli_fixture.h"

#include "base/instant.h"

#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <string>

namespace holdfast::test {
namespace {

const std::string samples = HOLDFAST_SOURCE_DIR "/samples/";
const std::string at = " --at 2026-11-23T12:00:00Z";

std::string scenario() {
    return samples + "aliexpress/ds_order_get_309900000000010* " + samples +
           "aliexpress/social_order_details_* " + samples +
           "aliexpress/ds_tracking_3099000000000103_wrapped.json " + samples +
           "aliexpress/issue_detail_seller_side.json " + samples +
           "aliexpress/account_data_backup_orders.csv " + samples + "shopify/orders_export.csv " +
           samples + "tracking/*.json " + samples + "scenario/*.csv";
}

// An address cannot be broken and does not count.
std::size_t widest_text(std::string_view text) {
    std::size_t widest = 0;
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        const auto letters = std::ranges::count_if(
            line, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
        if (!line.contains("://")) widest = std::max(widest, static_cast<std::size_t>(letters));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
    }
    return widest;
}

}  // namespace

TEST_CASE("demo: worklist, audit, one answer and what to type next") {
    const Folder folder;
    const auto ran = folder.run("demo --database demo.db");
    CHECK_MESSAGE(ran.code == 0, ran.err);
    // README shows just this: the sample and the program change together, or neither.
    const auto readme = read_text(HOLDFAST_SOURCE_DIR "/README.md");
    const auto begin = readme.find("A small store's files, read as of");
    REQUIRE(begin != std::string::npos);
    CHECK(ran.out.starts_with(readme.substr(begin, readme.find("```", begin) - begin)));
    for (const auto* part : {"claim_now", "3099000000000104", "31.70 USD", "to claim or to answer",
                             "Why, for the first of them:", "Next, with the same data:"})
        CHECK_MESSAGE(holds(ran.out, part), part);
    CHECK(widest_text(ran.out.substr(0, ran.out.find("\nNext"))) <= 80);
    CHECK(ran.out.find('\x1b') == std::string::npos);        // no colour off a terminal
    CHECK(folder.run("demo --database demo.db").code == 6);  // never over somebody's data
}

TEST_CASE("import: every row is told, the second time nothing changes") {
    const Folder folder;
    const auto file = samples + "aliexpress/order_exporter_30col.csv";
    const auto first = json_of(folder.run("import --json --rows " + file + at));
    CHECK(first.at("files").at(0).at("format").as_string() == "aliexpress_exporter_csv");
    CHECK(first.at("files").at(0).at("new").as_int64() +
              first.at("files").at(0).at("changed").as_int64() >=
          4);
    CHECK(first.at("rows").as_array().size() >= 4);
    const auto second = json_of(folder.run("import --json " + file));
    CHECK(second.at("files").at(0).at("new").as_int64() == 0);
    CHECK(second.at("files").at(0).at("changed").as_int64() == 0);
    CHECK(second.at("files").at(0).at("imported_before").as_bool());
}

TEST_CASE("import: what is broken is refused with its place, and the rest stands") {
    const Folder folder;
    const auto damaged =
        folder.run("import " + samples +
                   "aliexpress/order_exporter_30col_semicolon_bom_crlf_localized.csv" + at);
    CHECK(damaged.code == 1);
    CHECK_MESSAGE(holds(damaged.err, ":4: "),
                  damaged.err);  // the third record, after a two-line cell
    CHECK(holds(damaged.err, "3,099E+15"));
    const auto list = json_of(folder.run("scan --json --all" + at));
    CHECK(list.at("data").at("purchases").as_int64() == 2);

    const auto missing = folder.run("import nowhere.csv");
    CHECK(missing.code == 1);
    CHECK(holds(missing.err, "nowhere.csv"));
    const auto cut = folder.write(
        "cut.csv", read_text(samples + "aliexpress/order_exporter_30col.csv").substr(0, 2000));
    const auto cut_off = folder.run("import " + cut + at);
    CHECK(holds(cut_off.err, "cut.csv:"));
    const auto nul = folder.run(
        "import " + folder.write("nul.csv", std::string("Order Id,Order\0date\n", 20)) + at);
    CHECK(nul.code == 1);
    CHECK(holds(nul.err, "nul.csv"));
}

TEST_CASE("import: a gigabyte of garbage ends in an error, in little memory") {
    const Folder folder;
    const auto file = folder.file("garbage.bin");
    // Sparse: a gigabyte of NUL bytes, and one without a line break.
    REQUIRE(std::system(("truncate -s 1G " + file).c_str()) == 0);
    const auto nul = folder.run("import " + file + at);
    CHECK(nul.code == 1);
    CHECK(holds(nul.err, "garbage.bin"));
    REQUIRE(std::system(
                ("yes 'no,line,break,here' | head -c 1G | tr '\\n' 'x' > " + file).c_str()) == 0);
    const auto endless = folder.run("import " + file + at);
    CHECK(endless.code == 1);
    CHECK(holds(endless.err, "garbage.bin"));
    rusage used{};
    REQUIRE(getrusage(RUSAGE_CHILDREN, &used) == 0);
    CHECK(used.ru_maxrss < 600'000);  // KiB, of the largest program that this one ran
}

TEST_CASE("scan: the worklist fits 80 columns and sorts what lapses first to the top") {
    const Folder folder;
    REQUIRE(folder.run("import " + scenario() + at).code == 1);
    const auto table = folder.run("scan" + at);
    CHECK(table.code == 0);
    CHECK(widest_text(table.out) <= 80);
    const auto list = json_of(folder.run("scan --json" + at));
    REQUIRE(list.at("items").as_array().size() >= 5);
    double before = 1e300;
    for (const auto& item : list.at("items").as_array()) {
        if (item.at("closes_at").is_null() || item.at("word").as_string() == "missed") break;
        const auto closes = *parse_instant(std::string(item.at("closes_at").as_string()));
        const auto hours =
            static_cast<double>((closes - *parse_instant("2026-11-23T12:00:00Z")).count()) / 3.6e6;
        const auto rate = static_cast<double>(item.at("at_stake").at("amount").as_int64()) / hours;
        CHECK(rate <= before);
        before = rate;
    }
    const auto claims = json_of(folder.run("scan --json --word claim_now" + at));
    for (const auto& item : claims.at("items").as_array())
        CHECK(item.at("word").as_string() == "claim_now");
    CHECK(folder.run("scan --word nonsense" + at).code == 2);
}

TEST_CASE("scan: rows of a marketplace fit 80 columns, ids and countdowns whole") {
    const Folder folder;
    const auto file = folder.write("order.json", R"({"object":"order",
        "id":"ord_01kjma0fm057ebe6p38y71tzxa","seller":"pty_401rdagwm3rp9rgfc90jmtw5pp",
        "waits_for":["completion"],"state":"shipped","placed_at":"2026-11-01T09:00:00.000Z",
        "paid_at":"2026-11-01T09:05:00.000Z","promised_by":"2026-11-28T09:00:00.000Z",
        "attributes":{"destination":"DE"},
        "currency":"EUR","total":{"amount":50000,"currency":"EUR"},"lines":[{"line":1,
        "sku":"MUG-7","quantity":1,"unit_price":{"amount":50000,"currency":"EUR"},"cancelled":0,
        "refunded":{"amount":0,"currency":"EUR"}}],"shipments":[{"object":"shipment",
        "tracking":"UB000109035CN","when":"2026-11-02T09:00:00.000Z","scans":[{"kind":"moving",
        "when":"2026-11-20T09:00:00.000Z"}]}],"disputes":[]})");
    const auto imported = folder.run("import " + file + at);
    REQUIRE_MESSAGE(imported.code == 0, imported.err);
    const auto table = folder.run("scan" + at);
    CAPTURE(table.out);
    CHECK(widest_text(table.out) <= 80);
    CHECK(holds(table.out, "ord_01kjma0fm057ebe6p38y71tzxa  500.00 EUR"));
    CHECK(holds(table.out, "\n    promise ends in 4 d 21 h. "));
    CHECK_FALSE(holds(table.out, "…"));
    const auto item = json_of(folder.run("scan --json" + at)).at("items").at(0);
    CHECK(item.at("title").as_string() == "MUG-7");
    CHECK(item.at("seller").as_string() == "pty_401rdagwm3rp9rgfc90jmtw5pp");
}

TEST_CASE("scan: months later the money has lapsed, and the audit says so") {
    const Folder folder;
    REQUIRE(folder.run("import " + scenario() + at).code == 1);
    const auto audit = json_of(folder.run("audit --json --at 2027-03-01T00:00:00Z"));
    CHECK(audit.at("currencies").at("USD").at("lapsed").at("count").as_int64() >= 3);
    CHECK(audit.at("currencies").at("USD").at("open_now").at("count").as_int64() == 0);
    const auto now = json_of(folder.run("audit --json" + at));
    CHECK(now.at("currencies").at("USD").at("open_now").at("count").as_int64() >= 3);
}

TEST_CASE("explain: answer, clause, facts with sources, and a flip that flips") {
    const Folder folder;
    REQUIRE(folder.run("import " + scenario() + at).code == 1);
    const auto text = folder.run("explain 3099000000000104" + at);
    CHECK(text.code == 0);
    CHECK(widest_text(text.out) <= 80);
    for (const auto* part :
         {"AE17-1", "returned_to_sender", "The answer would be no:", "content hash"})
        CHECK_MESSAGE(holds(text.out, part), part);
    const auto answer = json_of(folder.run("explain --json 3099000000000104" + at));
    CHECK(answer.at("allowed").as_bool());
    REQUIRE(!answer.at("closes_at").is_null());
    const std::string closes(answer.at("closes_at").as_string());
    const auto later = json_of(folder.run("explain --json 3099000000000104 --at " + closes));
    CHECK(!later.at("allowed").as_bool());
    CHECK(later.at("outcome").as_string() == "too_late");
    // Silent from 2026-11-11 on: the window is the worklist's.
    const auto silent = json_of(folder.run("explain --json 3099000000000103" + at));
    CHECK(silent.at("opens_at").as_string() == "2026-11-11T12:00:00.000Z");
    CHECK(silent.at("clauses").at(0).at("opens_at") == silent.at("opens_at"));
    // Only the order that was named, in one document; and no second dispute beside an open one.
    const auto open = json_of(folder.run("explain --json 3099000000000106" + at));
    CHECK(open.at("reference").as_string() == "3099000000000106");
    CHECK(!open.at("allowed").as_bool());
    CHECK(open.at("outcome").as_string() == "dispute_open");
    CHECK(folder.run("scan" + at, "HOLDFAST_DESK_PROGRAMME=nosuch").code == 3);
    CHECK(folder.run("explain 123").code == 5);
    CHECK(folder.run("explain 3099000000000104 --verb fly" + at).code == 2);
    CHECK(folder.run("explain 3099000000000104 --at yesterday").code == 2);
}

TEST_CASE("whereis: by order number, mail address and tracking number") {
    const Folder folder;
    REQUIRE(folder.run("import " + scenario() + at).code == 1);
    for (const auto* text : {"'#1052'", "1052", "tomas@example.com", "TOMAS@example.com",
                             "ub000101035cn", "'UB 0001 01035 CN'"}) {
        CAPTURE(text);
        const auto found = json_of(folder.run("whereis --json " + std::string(text) + at));
        REQUIRE(found.at("sales").as_array().size() == 1);
        CHECK(found.at("sales").at(0).at("reference").as_string() == "#1052");
        CHECK(!found.at("sales").at(0).at("reply").as_string().empty());
    }
    CHECK(folder.run("whereis nobody@example.com" + at).code == 5);
    CHECK(folder.run("whereis '#1052'" + at).code == 0);
    REQUIRE(folder.run("demo --database demo.db").code == 0);
    const auto refunded = folder.run("whereis '#1055' --database demo.db" + at);
    for (const auto* part : {"62.10 USD of 133.20 USD refunded", "no scan since 2026-09-16",
                             "no scan of the carrier since 2026-09-16"})
        CHECK_MESSAGE(holds(refunded.out, part), refunded.out);
    CHECK_FALSE(holds(refunded.out, "on its way"));
}

TEST_CASE("links: a guess waits for a yes, and a no is kept") {
    const Folder folder;
    REQUIRE(folder
                .run("import " + samples + "shopify/orders_export.csv " + samples +
                     "aliexpress/ds_order_get_3099000000000103*" + at)
                .code == 0);
    CHECK(json_of(folder.run("whereis --json '#1052'" + at))
              .at("sales")
              .at(0)
              .at("purchases")
              .as_array()
              .empty());
    CHECK(folder.run("links confirm '#1052' 3099000000000103" + at).code == 0);
    CHECK(json_of(folder.run("whereis --json '#1052'" + at))
              .at("sales")
              .at(0)
              .at("purchases")
              .as_array()
              .size() == 1);
    CHECK(folder.run("links reject '#1052' 3099000000000103 --at 2026-11-23T13:00:00Z").code == 0);
    CHECK(json_of(folder.run("whereis --json '#1052'" + at))
              .at("sales")
              .at(0)
              .at("purchases")
              .as_array()
              .empty());
    CHECK(folder.run("links confirm '#9999' 3099000000000103" + at).code == 5);
    CHECK(folder.run("links list" + at).code == 0);
}

TEST_CASE("rates: taken in once, and a wrong row is refused with its place") {
    const Folder folder;
    const auto good = folder.write(
        "rates.csv", "from,to,on,rate\nEUR,USD,2026-11-20,1.0871\nGBP,USD,2026-11-20,1.26\n");
    CHECK(json_of(folder.run("rates import --json " + good)).at("new").as_int64() == 2);
    CHECK(json_of(folder.run("rates import --json " + good)).at("new").as_int64() == 0);
    const auto bad = folder.run(
        "rates import " +
        folder.write("bad.csv", "from,to,on,rate\nEUR,USD,2026-11-20,1e3\nEUR,XYZ,2026-11-20,1\n"));
    CHECK(bad.code == 1);
    CHECK(holds(bad.err, "bad.csv:2"));
    CHECK(holds(bad.err, "bad.csv:3"));
    CHECK(folder.run("rates import " + samples + "shopify/orders_export.csv").code == 1);
}

TEST_CASE("terms: list, show, lint") {
    const Folder folder;
    CHECK(json_of(folder.run("terms list --json")).as_array().size() >= 9);
    CHECK(holds(folder.run("terms show aliexpress-2017").out, "AE17-4"));
    CHECK(folder.run("terms show nowhere").code == 5);
    CHECK_MESSAGE(folder.run("terms lint " HOLDFAST_SOURCE_DIR "/terms/*.toml").code == 0,
                  folder.run("terms lint " HOLDFAST_SOURCE_DIR "/terms/*.toml").out);
    const auto bad = folder.write("bad.toml",
                                  "[terms]\nlanguage = 1\nid = \"x\"\nprogramme = \"x\"\ntitle = "
                                  "\"x\"\nzone = \"UTC\"\n[[right]]\nid = \"X-1\"\nwho = "
                                  "\"buyer\"\nmay = \"open_dispute\"\nopens = \"payd\"\n");
    const auto linted = folder.run("terms lint " + bad);
    CHECK(linted.code == 1);
    CHECK_MESSAGE(holds(linted.out, "bad.toml:11:10"), linted.out);
    CHECK(holds(linted.out, "nearest: paid"));
}

TEST_CASE("terms: what to show in a dispute") {
    const Folder folder;
    const auto shown = folder.run("terms show marketplace").out;
    CHECK(holds(shown, "MP-26"));
    CHECK(holds(shown, "ME-12  buyer shows video or expert_report, for not_as_described"));
    CHECK(holds(shown, "item has electronics"));
    const auto own = folder.run("terms show marketplace-evidence").out;
    CHECK(holds(own, "ME-12"));
    CHECK_FALSE(holds(own, "MP-26"));
    CHECK_FALSE(holds(folder.run("terms show paypal").out, "buyer shows"));
    const auto items =
        json_of(folder.run("terms show marketplace --json")).at("checklist").at("items").as_array();
    CHECK(items.size() > 10);
    CHECK(items.front().at("need").as_string() == "one_of");
    CHECK_FALSE(json_of(folder.run("terms show paypal --json")).as_object().contains("checklist"));
    // A checklist is no edition.
    CHECK_FALSE(holds(folder.run("terms list").out, "marketplace-evidence"));

    const std::string head =
        "[terms]\nlanguage = 1\nid = \"mine\"\nprogramme = \"marketplace\"\ntitle = \"x\"\n"
        "zone = \"UTC\"\nrole = \"checklist\"\n[[evidence]]\nid = \"X-1\"\nof = \"buyer\"\n"
        "need = \"required\"\n";
    const auto unknown =
        folder.run("terms lint " + folder.write("bad.toml", head + "kinds = [\"fotos\"]\n"));
    CHECK(unknown.code == 1);
    CHECK_MESSAGE(holds(unknown.out, "bad.toml:12:10: found \"fotos\""), unknown.out);
    const auto idle =
        folder.run("terms lint " +
                   folder.write("idle.toml", head + "kinds = [\"photo\"]\ntext = \"Show it.\"\n"
                                                    "for = [\"refund_overdue\"]\n"));
    CHECK(idle.code == 1);
    CHECK_MESSAGE(holds(idle.out,
                        "idle.toml:8: X-1: no dispute under these terms is for "
                        "refund_overdue"),
                  idle.out);
    CHECK(holds(idle.out, "idle.toml:8: X-1: no source"));

    // Of the operator's own folder: with its id it goes before the shipped one, beside it it is one
    // too many.
    const std::string good = head + "kinds = [\"photo\"]\n";
    auto renamed = good;
    renamed.replace(renamed.find("\"mine\""), 6, "\"marketplace-evidence\"");
    std::filesystem::create_directory(folder.file("own"));
    folder.write("own/list.toml", renamed);
    const auto with_own = "--terms-folder " + folder.file("own") + " terms show marketplace";
    CHECK(holds(folder.run(with_own).out, "X-1"));
    CHECK_FALSE(holds(folder.run(with_own).out, "ME-12"));
    folder.write("own/list.toml", good);
    const auto twice = folder.run(with_own);
    CHECK(twice.code == 3);
    CHECK_MESSAGE(holds(twice.err, "a second checklist of the programme \"marketplace\""),
                  twice.err);
}

TEST_CASE("cases: the shipped cases pass, and a wrong one is told with member and clause") {
    const Folder folder;
    const auto all = folder.run("cases " HOLDFAST_SOURCE_DIR "/docs/facts/cases.json");
    CHECK(all.code == 0);
    CHECK_MESSAGE(holds(all.out, " 0 failed, "), all.out);
    auto wrong = json::parse(read_text(HOLDFAST_SOURCE_DIR "/docs/facts/cases.json"));
    for (auto& one : wrong.at("cases").as_array())
        if (one.at("id").as_string() == "AE17-18") one.at("expected").at("allowed") = true;
    const auto told = folder.run("cases " + folder.write("wrong.json", json::serialize(wrong)));
    CHECK(told.code == 1);
    CHECK_MESSAGE(holds(told.out, "AE17-18: allowed: expected true, got false, by AE17-4"),
                  told.out);
}

TEST_CASE("the frame: exit codes, help, settings") {
    const Folder folder;
    CHECK(folder.run("").code == 2);
    CHECK(folder.run("fly").code == 2);
    CHECK(folder.run("scan").code == 5);  // no database yet
    for (const auto* command : {"import", "scan", "audit", "explain", "whereis", "links", "rates",
                                "terms", "cases", "demo"}) {
        const auto help = folder.run(std::string(command) + " --help");
        CAPTURE(command);
        CHECK(help.code == 0);
        CHECK(holds(help.out, "Example"));
    }
    folder.write("holdfast.toml", "[desk]\ndelivery_days = 45\n");
    CHECK(holds(folder.run("config print").out, "45"));
    const auto over = folder.run("config print", "HOLDFAST_DESK_DELIVERY_DAYS=30");
    CHECK(holds(over.out, "HOLDFAST_DESK_DELIVERY_DAYS"));
    folder.write("holdfast.toml", "[desk]\ndelivry_days = 45\n");
    const auto unknown = folder.run("config print");
    CHECK(unknown.code == 3);
    CHECK_MESSAGE(holds(unknown.err, "holdfast.toml:2"), unknown.err);
    folder.write("holdfast.toml", "");
    CHECK(folder.run("version").code == 0);
}

TEST_CASE("backup: a copy is proven by restoring it, and a changed one is named") {
    const Folder folder;
    REQUIRE(folder.run("demo --database holdfast.db").code == 0);
    const auto made = folder.run("backup create copy.holdfast");
    CHECK(made.code == 0);
    CHECK(made.out.find("its hash beside it") != std::string::npos);
    CHECK(folder.run("backup create copy.holdfast").code == 1);  // nothing is written over
    CHECK(folder.run("backup verify copy.holdfast").code == 0);

    const auto taken = folder.run("restore copy.holdfast");
    CHECK(taken.code == 6);
    CHECK(taken.err.find("is there already") != std::string::npos);
    const auto restored = folder.run("restore copy.holdfast --database new.db");
    CHECK(restored.code == 0);
    CHECK(folder.run("verify --database new.db").code == 0);
    CHECK_FALSE(fs::exists(folder.file("new.db.restoring")));
    CHECK_FALSE(fs::exists(folder.file("new.db.restoring-lock")));
    const auto scan = "scan --json --at 2026-04-10T00:00:00Z --database ";
    const auto before = folder.run(scan + std::string("holdfast.db"));
    CHECK(before.out.size() > 100);
    CHECK(folder.run(scan + std::string("new.db")).out == before.out);

    auto bytes = read_text(folder.file("copy.holdfast"));
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    folder.write("copy.holdfast", bytes);
    for (const auto* command :
         {"backup verify copy.holdfast", "restore copy.holdfast --database other.db"}) {
        const auto refused = folder.run(command);
        CHECK(refused.code == 1);
        CHECK(refused.err.find("is not what was written") != std::string::npos);
    }
    CHECK_FALSE(fs::exists(folder.file("other.db")));
    CHECK(folder.run("backup create x --database nowhere.db").code == 5);
}

TEST_CASE("verify: a whole database, and a damaged one") {
    const Folder folder;
    REQUIRE(folder.run("import " + scenario() + at).code == 1);
    CHECK(folder.run("verify").code == 0);
    folder.write("holdfast.toml", "");
    folder.write("not-ours.db", "this is no database at all, only a line of text\n");
    const auto other = folder.run("verify --database not-ours.db");
    CHECK(other.code == 1);
    CHECK(holds(other.err, "not-ours.db"));
}

}  // namespace holdfast::test
