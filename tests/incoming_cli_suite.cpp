// What comes in, on the command line: mappings of columns, the money of sales, senders in the
// settings, and the platform's countdown against ours.
#include "cli_fixture.h"

#include <string>

namespace holdfast::test {
namespace {

const std::string samples = HOLDFAST_SOURCE_DIR "/samples/";
const std::string at = " --at 2026-11-23T12:00:00Z";
const std::string list = samples + "woocommerce/plugin_order_list_decimal_comma.csv";

}  // namespace

TEST_CASE("a table of an unknown kind: proposed, saved by name, imported by it") {
    const Folder folder;
    const auto proposed = folder.run("import " + list + " --propose --currency EUR");
    CHECK_MESSAGE(proposed.code == 0, proposed.err);
    for (const auto* part :
         {"reference = \"Order ID\"", "total = \"Order Total\"", "currency = \"EUR\"",
          "# left out: Payment Method", "77.00 EUR", "The first of 2"})
        CHECK_MESSAGE(holds(proposed.out, part), proposed.out);
    const auto file = folder.write("list.toml", proposed.out);  // as it is
    const auto without = folder.run("import " + list + " --propose");
    for (const auto* part :
         {"# no currency is known", "# of: sale, since", "#   note Order Total: "})
        CHECK_MESSAGE(holds(without.out, part), without.out);
    const auto early = folder.run("import --mapping shop " + list);
    CHECK(early.code == 5);
    CHECK_MESSAGE(holds(early.err, "`holdfast mappings save shop FILE` makes it"), early.err);

    CHECK(folder.run("mappings save Shop " + file).code == 2);
    CHECK(folder.run("mappings save shop " + folder.file("nowhere.toml")).code == 5);
    CHECK(folder.run("mappings save shop " + folder.write("bad.toml", "of = 1\n")).code == 2);
    const auto saved = folder.run("mappings save shop " + file);
    CHECK_MESSAGE(saved.code == 0, saved.err);
    CHECK(holds(folder.run("mappings list").out, "shop"));
    CHECK(json_of(folder.run("mappings list --json")).at("mappings").as_array().size() == 1);
    CHECK(holds(folder.run("mappings show shop").out, "total = \"Order Total\""));
    CHECK(folder.run("mappings show other").code == 5);

    const auto first = json_of(folder.run("import --json --mapping shop " + list + at));
    CHECK(first.at("files").at(0).at("new").as_int64() == 2);
    const auto again = json_of(folder.run("import --json --mapping shop " + list + at));
    CHECK(again.at("files").at(0).at("same").as_int64() == 2);
    CHECK(folder.run("whereis 2051").code == 0);
    CHECK(folder.run("import --mapping other " + list).code == 5);
    CHECK(folder.run("import --mapping shop " + samples + "shopify/orders_export.csv").code == 1);
    const auto shown = folder.run("import --propose --mapping shop " + list + " --json");
    CHECK(json_of(shown).at("observed").as_int64() == 2);

    CHECK(folder.run("mappings delete shop").code == 0);
    CHECK(folder.run("mappings delete shop").code == 5);
    CHECK(folder.run("import --propose " + samples + "ebay/error.json").code == 1);
    CHECK(folder.run("import --propose " + list + " " + list).code == 2);
}

TEST_CASE("whereis: what processors say of the money") {
    const Folder folder;
    CHECK(folder
              .run("import " + samples + "shopify/orders_export.csv " + samples +
                   "stripe/refund.json " + samples + "paypal/dispute_detail_inr.json" + at)
              .code == 0);
    const auto refund = folder.run("whereis '#1054'" + at);
    CHECK_MESSAGE(holds(refund.out, "stripe refund re_demo1054 of 27.00 USD"), refund.out);
    const auto dispute = json_of(folder.run("whereis PP-D-100052 --json" + at));
    const auto& sale = dispute.at("sales").at(0);
    CHECK(sale.at("reference").as_string() == "#1052");
    CHECK(holds(std::string(sale.at("money").at(0).as_string()),
                "ours to answer until 2026-11-30 08:09 UTC"));
}

TEST_CASE(
    "senders in the settings: shown without their secrets, refused where they prove nothing") {
    const Folder folder;
    folder.write("secret.txt", "a secret of the file\n");
    folder.write("holdfast.toml",
                 "[push.shop]\nfrom = \"shopify\"\nsecret = \"a secret of the settings\"\n"
                 "[push.parcels]\nfrom = \"17track\"\nsecret_file = \"secret.txt\"\n"
                 "[push.kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk]\nfrom = \"aliexpress\"\n");
    const auto shown = folder.run("config print");
    CHECK_MESSAGE(shown.code == 0, shown.err);
    for (const auto* part : {"push.shop.from", "push.parcels.secret_file", "push.(secret).from"})
        CHECK_MESSAGE(holds(shown.out, part), shown.out);
    for (const auto* part : {"a secret of", "kkkkkkkk"})
        CHECK_MESSAGE(!holds(shown.out, part), shown.out);

    struct Row {
        const char* text;
        const char* says;
    };
    const Row rows[] = {
        {"[push.shop]\nfrom = \"shopify\"\n", "no secret is set"},
        {"[push.shop]\nfrom = \"shopify\"\nsecret = \"\"\n", "no secret is set"},
        {"[push.shop]\nsecret = \"x\"\n", "from: is missing"},
        {"[push.shop]\nfrom = \"ebay\"\nsecret = \"x\"\n", "expected shopify"},
        {"[push.Shop]\nfrom = \"shopify\"\nsecret = \"x\"\n", "a name has"},
        {"[push.shop]\nfrom = \"shopify\"\nsecret_file = \"nowhere\"\n", "cannot be read"},
        {"[push.shop]\nfrom = \"shopify\"\nsecret = 1\n", "expected a text"},
        {"[push.shop]\nfrom = \"shopify\"\nsekret = \"x\"\n", "unknown key"},
        {"[push.pay]\nfrom = \"paypal\"\nwebhook_id = \"W\"\n", "certificate_file"},
        {"[push.ali]\nfrom = \"aliexpress\"\n", "32 letters"},
        {"[push]\nshop = 1\n", "expected a table"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        folder.write("holdfast.toml", row.text);
        const auto ran = folder.run("config print");
        CHECK(ran.code == 3);
        CHECK_MESSAGE(holds(ran.err, row.says), ran.err);
    }
}

TEST_CASE("a platform's countdown that differs on many orders is a task") {
    const Folder folder;
    std::string shipments = "supplier_order_id,shipped_at_utc,commit_days\n", files;
    for (int i = 1; i <= 6; ++i) {
        const auto id = "309900000000020" + std::to_string(i);
        shipments += id + ",2026-10-01T00:00:00Z,60\n";
        files += ' ' + folder.write("details_" + id + ".json",
                                    R"({"result":{"order_id":)" + id +
                                        R"(,"status":"WAIT_BUYER_ACCEPT_GOODS",)" +
                                        R"("creation_time":"2026-09-28 08:00:00",)" +
                                        R"("show_status":"WAIT_BUYER_ACCEPT_GOODS",)" +
                                        R"("over_time_milliseconds":1468800000}})");
    }
    CHECK(folder.run("import " + folder.write("shipments.csv", shipments) + files + at).code == 0);
    // 17 days left on 23 November at noon: 10 December, ten days and a half after ours.
    const auto scan = folder.run("scan" + at);
    CHECK_MESSAGE(holds(scan.out, "Task: aliexpress, under"), scan.out);
    const auto task = json_of(folder.run("scan --json" + at)).at("tasks").at(0);
    CHECK(task.at("kind").as_string() == "rule_may_have_changed");
    CHECK(task.at("compared").as_int64() == 6);
    CHECK(task.at("differing").as_int64() == 6);
    const auto doctor = folder.run("doctor" + at);
    CHECK_MESSAGE(holds(doctor.out, "the rule may have changed"), doctor.out);
}

}  // namespace holdfast::test
