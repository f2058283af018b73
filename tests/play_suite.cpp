// holdfast play: the shipped scenarios hold what they expect, and so does the command itself.

#include "cli_fixture.h"

#include <algorithm>
#include <string>
#include <vector>

namespace holdfast::test {
namespace {

Ran play(const Folder& folder, const std::string& arguments) {
    return folder.run("play " + arguments);
}

const fs::path scenarios = fs::path(HOLDFAST_SOURCE_DIR) / "samples/scenarios";
std::string shipped(const std::string& name) { return (scenarios / name).string(); }

const std::string story = R"(# A parcel that never came
terms marketplace
order placed 2026-01-05T12:00:00Z by buyer anna from seller bert in EUR
  line 1: 2 x lamp at 45.00
  shipping 5.00, commission 5 %
  promised by 2026-02-04T12:00:00Z
on 2026-01-05T12:01:00Z: captured 95.00
on 2026-01-08T09:00:00Z: shipped as parcel 1 tracking LX123
on 2026-02-06T08:00:00Z: buyer opens dispute, not_received
)";

}  // namespace

TEST_CASE("play: every shipped scenario meets what it expects") {
    const Folder folder;
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(scenarios)) files.push_back(entry.path());
    std::ranges::sort(files);
    CHECK(files.size() >= 18);
    for (const auto& file : files) {
        CAPTURE(file.string());
        const auto ran = play(folder, file.string());
        CHECK_MESSAGE(ran.code == 0, (ran.out + ran.err));
        CHECK(holds(ran.out, " expectations, all met"));
        CHECK(widest_line(ran.out) <= 80);
        CHECK(ran.out.find('\x1b') == std::string::npos);
    }
}

TEST_CASE("play: what happened, why, the accounts, what comes next") {
    const Folder folder;
    const auto ran = play(folder, shipped("lost.txt"));
    for (const auto* part :
         {"payment_captured: amount 105.00", "balances: escrow 105.00, buyer -105.00",
          "refused: blocked_until_promise_expires by MP-1, opens 2026-02-04T12:00:00Z",
          "\"If your goods are not there when the delivery time is over",
          "next: 2026-02-11T08:00:00Z MP-26 refund, dispute 1", "time alone",
          "default_struck: clause MP-29, dispute 1 (as of 2026-02-23T09:01:00Z)",
          "may still go back: 105.00"})
        CHECK_MESSAGE(holds(ran.out, part), part);
}

TEST_CASE("docs/tour.md prints what the program prints") {
    const Folder folder;
    std::string all, name;
    std::size_t blocks = 0;
    bool in_block = false;
    std::ifstream tour(HOLDFAST_SOURCE_DIR "/docs/tour.md");
    for (std::string line, block; std::getline(tour, line);) {
        if (const auto at = line.find("play samples/scenarios/"); at != line.npos) {
            name = line.substr(at + 23, line.find(".txt") + 4 - at - 23);
            all = '\n' + play(folder, shipped(name)).out;
        }
        if (line != "```") {
            block += line + '\n';
            continue;
        }
        // Whole turns: each part of a block, up to an empty line, is in the output as it stands.
        if (in_block) {
            ++blocks;
            for (std::size_t begin = 0; begin < block.size();) {
                const auto end = std::min(block.find("\n\n", begin), block.size() - 1);
                CHECK_MESSAGE(holds(all, '\n' + block.substr(begin, end - begin) + "\n\n"),
                              (name + ":\n" + block));
                begin = end + 2;
            }
        }
        in_block = !in_block;
        block.clear();
    }
    CHECK(blocks >= 15);
}

TEST_CASE("play: each kind of mismatch is told with its line, found and expected") {
    const Folder folder;
    const struct {
        const char *line, *found;
    } rows[] = {
        {"expect event offer_made", "found events: dispute_opened, expected such an event"},
        {"expect event dispute_opened requested 94.00", "found dispute_opened: dispute 1,"},
        {"expect no event dispute_opened", "expected no such event"},
        {"expect refused too_late", "found not refused, expected refused too_late"},
        {"expect balance escrow 1.00", "found 95.00, expected 1.00"},
        {"expect money held 1.00", "found 95.00, expected 1.00"},
        {"expect exposure 1.00", "found 95.00, expected 1.00"},
        {"expect next nothing", "found 2026-02-11T08:00:00Z, expected nothing"},
        {"expect next 2026-02-11T08:00:00Z MP-27",
         "found 2026-02-11T08:00:00Z MP-26, expected 2026-02-11T08:00:00Z MP-27"},
        {"expect ahead 2026-02-11T08:00:00Z MP-27", "found 2026-02-11T08:00:00Z MP-26"},
        {"expect answer buyer open_dispute late: not_late",
         "found dispute_open, expected not_late"},
        {"expect dispute 1 closed", "found negotiating, expected closed"},
        {"expect dispute 2 closed", "found no such dispute, expected closed"},
        {"expect order completed", "found shipped, expected completed"},
        {"on 2026-02-06T09:00:00Z: buyer opens dispute, late\nexpect refused not_late",
         "found dispute_open by MP-42, expected expect refused not_late"},
        {"expect next 2026-02-11T08:00:00Z\non 2026-02-06T09:00:00Z: buyer opens dispute, late",
         "found refused dispute_open by MP-42, expected not to be refused"},
        {"expect order shipped\non 2026-02-06T09:00:00Z: seller offers dispute 1 nothing as "
         "offer 2",
         "found offer 1, expected offer 2"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.line);
        const auto ran = play(folder, folder.write("story.txt", story + row.line + "\n"));
        CHECK(ran.code == 1);
        CHECK(holds(ran.out, "story.txt:1"));  // line 10 or 11
        auto flat = ran.out;
        for (auto at = flat.find("\n    "); at != flat.npos; at = flat.find("\n    ", at))
            flat.replace(at, 5, " ");
        CHECK_MESSAGE(holds(flat, row.found), flat.substr(flat.rfind("story.txt")));
        CHECK(play(folder, "story.txt --no-check").code == 0);
    }
}

TEST_CASE("play: a refusal without expectations is no mismatch, unless it is checked") {
    const Folder folder;
    const auto file =
        folder.write("story.txt", story + "on 2026-02-06T09:00:00Z: buyer opens dispute, late\n");
    CHECK(play(folder, file).code == 0);
    CHECK(play(folder, file + " --check").code == 1);
    CHECK(play(folder, file + " --check --no-check").code == 2);
}

TEST_CASE("play --until: time passes to then, and what is written after it is left out") {
    const Folder folder;
    const auto file = folder.write("story.txt", story);
    const auto before = play(folder, file + " --until 2026-02-11T08:01:59.999Z");
    CHECK(before.code == 0);
    CHECK_FALSE(holds(before.out, "default_struck"));
    const auto after = play(folder, file + " --until 2026-02-11T08:02:00Z");
    CHECK(holds(after.out, "default_struck: clause MP-26"));
    CHECK(holds(after.out, "refund_issued: instruction 1, dispute 1, amount 95.00"));
    const auto early = play(folder, file + " --until 2026-01-06T00:00:00Z");
    CHECK(holds(early.out, "payment_captured"));
    CHECK_FALSE(holds(early.out, "shipped:"));
    const auto wrong = play(folder, file + " --until tomorrow");
    CHECK(wrong.code == 2);
    CHECK(holds(wrong.err, "found \"tomorrow\", expected an instant"));
}

TEST_CASE("play --json: one document a scenario, sums in minor units") {
    const Folder folder;
    const auto ran = play(folder, "--json " + shipped("lost.txt") + " " + shipped("late.txt"));
    CHECK(ran.code == 0);
    REQUIRE(std::ranges::count(ran.out, '\n') == 2);
    const auto document = json_of(ran.out.substr(0, ran.out.find('\n')));
    CHECK(document.at("terms") == "marketplace");
    CHECK(document.at("mismatches").as_array().empty());
    CHECK(document.at("checked") == true);
    const auto& turns = document.at("turns").as_array();
    const auto& first = turns.at(0).at("events").at(0);
    CHECK(first.at("event") == "placed");
    CHECK(first.at("placement").at("lines").at(0).at("unit_price") == 4500);
    CHECK(turns.at(1).at("balances").at("escrow") == 10500);
    CHECK(turns.at(1).at("next").at("what") == "MP-21");
    const auto refused = std::ranges::find_if(
        turns, [](const json::value& turn) { return !turn.at("refused").is_null(); });
    REQUIRE(refused != turns.end());
    CHECK(refused->at("refused").at("code") == "not_granted");
    CHECK(refused->at("refused").at("clause") == "MP-1");
    CHECK(std::ranges::any_of(turns,
                              [](const json::value& turn) { return turn.at("cause") == "time"; }));
    CHECK(play(folder, "--json " + shipped("lost.txt")).out ==
          play(folder, "--json " + shipped("lost.txt")).out);
}

TEST_CASE("play --terms: the same story under other terms, by id or by file") {
    const Folder folder;
    const auto file = folder.write("story.txt", story + "time passes to 2026-03-01T00:00:00Z\n");
    const auto other = play(folder, file + " --terms aliexpress-2017");
    CHECK(other.code == 0);
    CHECK(holds(other.out, "default_struck: clause AE17-4, dispute 1"));
    std::string text = read_text(fs::path(HOLDFAST_SOURCE_DIR) / "terms/marketplace.toml");
    const auto at = text.find("dispute.modified) + 5d");
    REQUIRE(at != text.npos);
    text.replace(at, 22, "dispute.modified) + 2d");
    const auto faster = play(folder, file + " --terms " + folder.write("faster.toml", text));
    CHECK_MESSAGE(faster.code == 0, faster.err);
    CHECK(holds(faster.out,
                "default_struck: clause MP-26, dispute 1 (as of "
                "2026-02-08T08:00:00Z)"));
    const auto unknown = play(folder, file + " --terms nowhere");
    CHECK(unknown.code == 5);
    CHECK(holds(unknown.err, "found no terms \"nowhere\""));
}

TEST_CASE("play: what cannot be read ends with its file and line") {
    const Folder folder;
    const auto ran = play(
        folder, folder.write("story.txt",
                             story + "on 2026-02-07T08:00:00Z: seller respnds to dispute 1\n"));
    CHECK(ran.code == 1);
    CHECK(holds(ran.err, "story.txt:10: found \"respnds\", expected cancels"));
    CHECK(holds(ran.err, "nearest: responds"));
    CHECK(ran.out.empty());
    CHECK(play(folder, "nowhere.txt").code == 5);
    CHECK(play(folder, "").code == 2);
    auto without = story;
    without.erase(without.find("terms marketplace\n"), 18);
    const auto nameless = play(folder, folder.write("nameless.txt", without));
    CHECK(nameless.code == 2);
    CHECK(holds(nameless.err, "names no terms"));
    CHECK(play(folder, "nameless.txt --terms marketplace").code == 0);
}

}  // namespace holdfast::test
