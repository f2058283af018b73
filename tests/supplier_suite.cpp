// What a reseller asks about suppliers, by the joint sample, as a person asks for it.

#include "cli_fixture.h"

#include <string>

namespace holdfast::test {
namespace {

const std::string samples = HOLDFAST_SOURCE_DIR "/samples/";
const std::string at = " --at 2026-11-23T12:00:00Z";

void fill(const Folder& folder) {
    const auto ran = folder.run("import " + samples + "aliexpress/ds_order_get_309900000000010* " +
                                samples + "aliexpress/social_order_details_* " + samples +
                                "aliexpress/ds_tracking_3099000000000103_wrapped.json " + samples +
                                "aliexpress/issue_detail_seller_side.json " + samples +
                                "aliexpress/account_data_backup_orders.csv " + samples +
                                "shopify/orders_export.csv " + samples + "tracking/*.json " +
                                samples + "scenario/*.csv" + at);
    REQUIRE(ran.code == 1);  // a broken sample is among them
}

json::value said(const Folder& folder, const std::string& command) {
    const auto ran = folder.run(command + " --json" + at);
    REQUIRE_MESSAGE(ran.code == 0, ran.err);
    return json_of(ran);
}

// On the screen, and as the file that `--out` writes.
void check_shown(const Folder& folder, const std::string& command) {
    const auto text = folder.run(command + at);
    CHECK_MESSAGE(text.code == 0, text.err);
    CHECK(!text.out.empty());
    CHECK(widest_line(text.out) <= 84);  // dashes and dots of more than a byte
    for (const auto* ending : {".csv", ".xlsx"}) {
        const auto ran = folder.run(command + " --out report" + ending + at);
        CHECK_MESSAGE(ran.code == 0, ran.err);
        CHECK(fs::file_size(folder.file(std::string("report") + ending)) > 20);
    }
}

}  // namespace

TEST_CASE("scorecard: every purchase is some supplier's") {
    const Folder folder;
    fill(folder);
    std::int64_t purchases = 0, claims = 0;
    const auto cards = said(folder, "scorecard");
    for (const auto& one : cards.at("suppliers").as_array()) {
        purchases += one.at("purchases").as_int64();
        claims += one.at("claims").at("all").as_int64();
    }
    CHECK(purchases == said(folder, "audit").at("purchases").as_int64());
    CHECK(claims >= 1);
    check_shown(folder, "scorecard");
}

TEST_CASE("recovery: a cancelled order that was paid is owed") {
    const Folder folder;
    fill(folder);
    const auto found = said(folder, "recovery");
    bool owed = false;
    for (const auto& one : found.at("owed").as_array())
        if (one.at("reference").as_string() == "3099000000000105") {
            owed = true;
            CHECK(one.at("owed").at("amount").as_int64() == 1149);
            CHECK(one.at("why").as_string() == "cancelled after payment");
        }
    CHECK(owed);
    // What `scan` says to check of order …106: 11.49 and 34.00 of its cancelled line.
    CHECK(found.at("currencies").at("USD").at("owed").at("amount").as_int64() == 1149 + 3400);
    CHECK(found.at("currencies").at("USD").at("hoped_for").at("amount").as_int64() == 3900);
    check_shown(folder, "recovery");
}

TEST_CASE("gap: a sale whose customer may ask for longer than the supplier covers") {
    const Folder folder;
    fill(folder);
    const auto rows = said(folder, "gap").at("rows").as_array();
    REQUIRE(!rows.empty());
    for (const auto& one : rows) {
        CHECK(!one.at("sale").at("reference").as_string().empty());
        CHECK(!one.at("basis").as_string().empty());
    }
    check_shown(folder, "gap");
}

TEST_CASE("budget: a cap files no more than its share, and says what that costs") {
    const Folder folder;
    fill(folder);
    std::int64_t open = 0, lost = 0;
    const auto nothing = said(folder, "budget --cap 0"), all = said(folder, "budget --cap 100");
    for (const auto& one : nothing.at("accounts").as_array()) {
        CHECK(one.at("allowed").as_int64() == 0);
        for (const auto& filing : one.at("filings").as_array()) {
            CHECK(filing.at("system") == one.at("system"));
            CHECK(filing.at("file_at").is_null());
            ++open;
        }
        lost += one.at("lost").at("amount").as_int64();
    }
    CHECK(open >= 3);
    CHECK(lost >= 9476);
    for (const auto& one : all.at("accounts").as_array())
        CHECK(one.at("filings").as_array().size() >=
              one.at("lost_without_sum").to_number<std::size_t>());
    CHECK(folder.run("budget" + at).code == 2);
    CHECK(folder.run("budget --cap much" + at).code == 2);
    check_shown(folder, "budget --cap 50");
}

TEST_CASE("packet: a claim to paste, and why there is none") {
    const Folder folder;
    fill(folder);
    const auto packet = said(folder, "packet 3099000000000104");
    CHECK(packet.at("reason").as_string() == "not_received");
    CHECK(holds(std::string(packet.at("text").as_string()), "3099000000000104"));
    CHECK(packet.at("steps").as_array().back().as_string() ==
          "Enter the case number that the platform gives.");
    CHECK(folder.run("packet 3099000000000104" + at).code == 0);
    const auto refused =
        folder.run("packet 3099000000000104 --complaint not_received --reason damaged" + at);
    CHECK(refused.code == 6);
    CHECK(holds(refused.err, "nothing came"));
    CHECK(folder.run("packet 3099000000000104 --reason nonsense" + at).code == 2);
    CHECK(folder.run("packet 123" + at).code == 5);
}

TEST_CASE("regret: a choice is kept with what was shown, and held against what came") {
    const Folder folder;
    fill(folder);
    CHECK(said(folder, "regret").at("choices").as_array().empty());
    const std::string ask = "remedy '#1052' --complaint not_received ";
    CHECK(folder.run(ask + "--choose gift" + at).code == 2);
    REQUIRE(folder.run(ask + "--choose refund" + at).code == 0);
    const auto choices = said(folder, "regret").at("choices").as_array();
    REQUIRE(choices.size() == 1);
    CHECK(choices.at(0).at("way").as_string() == "refund");
    CHECK(choices.at(0).at("sale").at("reference").as_string() == "#1052");
    CHECK(folder.run("regret" + at).code == 0);
    CHECK(folder.run("verify").code == 0);
}

}  // namespace holdfast::test
