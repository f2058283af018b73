#include "terms/choose.h"
#include "terms/lint.h"
#include "terms/test_support.h"

namespace holdfast::terms {
namespace {

using namespace test;

std::string first_error(const std::string& clauses, std::string_view start = head) {
    const auto loaded = load(std::string(start) + clauses, "t.toml", options());
    return loaded ? "none" : to_string(loaded.error().front());
}

constexpr std::string_view parent = R"([terms]
language = 1
id = "base"
programme = "shop"
title = "Parent"
from = 2020-01-01
until = 2021-01-01
zone = "America/Los_Angeles"
[sources]
page = { url = "https://example.com", date = "2020", grade = "primary" }
[moments]
promise = { is = "promised_by" }
[[right]]
id = "A-1"
text = "The buyer may open a dispute for ten days."
source = "page"
grade = "primary"
who = "buyer"
may = "open_dispute"
opens = "paid"
closes = "promise + 10d"
remedies = ["full_refund"]
[[limit]]
id = "A-2"
text = "Not after a chargeback."
source = "page"
grade = "primary"
after = "chargeback"
bars = ["open_dispute"]
says = "one_channel_only"
)";

LoadOptions with_parent() {
    auto made = options();
    made.text_of = [](std::string_view id) -> std::optional<std::string> {
        return id == "base" ? std::optional(std::string(parent)) : std::nullopt;
    };
    return made;
}

Terms child_of(const std::string& rest, std::string_view role = "operator") {
    auto loaded = load(
        "[terms]\nlanguage = 1\nid = \"child\"\nprogramme = \"shop\"\ntitle = \"Child\"\nfrom = "
        "2021-01-01\nextends = \"base\"\nrole = \"" +
            std::string(role) + "\"\n" + rest,
        "child.toml", with_parent());
    if (!loaded)
        for (const auto& error : loaded.error()) MESSAGE(to_string(error));
    REQUIRE(loaded.has_value());
    return std::move(*loaded);
}

Terms base() { return terms_of("", parent); }

}  // namespace

TEST_CASE("errors name file, line, column, what was found and what was expected") {
    struct Row {
        const char* clauses;
        const char* error;
    };
    const Row rows[] = {
        {"[[right]]\nid = \"X\"\nwho = \"byer\"\nmay = \"appeal\"\n",
         "t.toml:9:7: found \"byer\", expected one of buyer, seller, platform, either; nearest: "
         "buyer"},
        {"[[right]]\nid = \"X\"\nwho = \"buyer\"\nmay = \"appeal\"\nopns = \"paid\"\n",
         "t.toml:11:1: found the key \"opns\", which means nothing here; nearest: opens"},
        {"[[right]]\nid = \"X\"\nwho = \"buyer\"\nmay = \"appeal\"\nopens = \"paid + 10x\"\n",
         "t.toml:11:19: in \"paid + 10x\": found \"x\", expected a unit"},
        {"[[right]]\nid = 7\nwho = \"buyer\"\nmay = \"appeal\"\n",
         "t.toml:8:6: found a whole number, expected a text for \"id\""},
        {"[[right]]\nid = \"X\"\nwho = \"buyer\"\nmay = \"appeal\"\nwhen = [\"tracking in "
         "lost\"]\n",
         "t.toml:11:22: in \"tracking in lost\": found \"lost\", expected a tracking word"},
        {"[[default]]\nid = \"X\"\nat = \"paid\"\n", "t.toml:7:1: found no \"then\""},
        {"[[limit]]\nid = \"X\"\nbars = [\"opn\"]\nsays = \"excluded\"\n",
         "t.toml:9:9: found \"opn\", expected one of open_dispute"},
        {"[moments]\na = { is = \"b + 1d\" }\nb = { is = \"a + 1d\" }\n",
         "t.toml: the moment \"a\" uses itself"},
        {"[[right]]\nid = \"X\"\nwho = \"buyer\"\nmay = \"appeal\"\n[[right]]\nid = \"X\"\nwho = "
         "\"buyer\"\nmay = \"appeal\"\n",
         "t.toml:11:1: found a second clause with the id \"X\""},
        {"[[right]]\nid = \"X\"\nsource = \"nowhere\"\nwho = \"buyer\"\nmay = \"appeal\"\n",
         "t.toml:9:10: expected a key of [sources]"},
        {"[terms]\n", "t.toml:7:"},
        {"x = [", "t.toml:"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.clauses);
        CHECK_MESSAGE(first_error(row.clauses).starts_with(row.error), first_error(row.clauses));
    }
}

TEST_CASE("a head that is not right") {
    CHECK(first_error("", "[terms]\nlanguage = 2\nid = \"t\"\n").find("expected language = 1") !=
          std::string::npos);
    CHECK(first_error("", "").find("found no table [terms]") != std::string::npos);
    CHECK(first_error(
              "",
              "[terms]\nlanguage = 1\nid=\"t\"\nprogramme=\"t\"\ntitle=\"t\"\nzone=\"Mars/Base\"\n")
              .find("found \"Mars/Base\", expected a loaded time zone") != std::string::npos);
    CHECK(first_error("",
                      "[terms]\nlanguage = "
                      "1\nid=\"t\"\nprogramme=\"t\"\ntitle=\"t\"\nextends=\"gone\"\nzone=\"UTC\"\n")
              .find("found no terms file with the id \"gone\"") != std::string::npos);
}

TEST_CASE("the notice time, carried over unless the child names its own") {
    const std::string noticed = std::string(head) + "notice = \"3d\"\n";
    CHECK(terms_of("", noticed).notice == Duration{std::chrono::days{3}});
    CHECK(!terms_of("").notice);
    CHECK(first_error("", std::string(head) + "notice = \"3bd\"\n") ==
          "t.toml:7:10: found \"3bd\", expected a span such as 30d or 48h");
    auto options = test::options();
    options.text_of = [&](std::string_view) { return std::optional(noticed); };
    const std::string child =
        "[terms]\nlanguage = 1\nid = \"c\"\nprogramme = \"t\"\ntitle = "
        "\"C\"\nextends = \"t\"\n";
    CHECK(load(child, "c.toml", options)->notice == Duration{std::chrono::days{3}});
    CHECK(load(child + "notice = \"48h\"\n", "c.toml", options)->notice ==
          Duration{std::chrono::hours{48}});
}

TEST_CASE("a file extends another") {
    const auto child = child_of(
        "drops = [\"A-2\"]\n[sources]\nnew = { url = \"https://example.com/2\", date = \"2021\", "
        "grade = \"copy\" }\n"
        "[moments]\npromise = { is = \"promised_by + 1d\" }\n"
        "[[right]]\nid = \"B-1\"\ntext = \"More.\"\nsource = [\"new\", \"page\"]\ngrade = "
        "\"copy\"\nwho = \"buyer\"\nmay = \"appeal\"\n");
    CHECK(child.find("A-1") != nullptr);
    CHECK(child.find("A-1")->carried_from == "base");
    CHECK(child.find("B-1")->carried_from.empty());
    CHECK(child.find("A-2") == nullptr);
    CHECK(child.zone->name() == "America/Los_Angeles");

    // What was carried over uses the child's own moment.
    Facts facts;
    facts.set(Moment::paid, When{instant("2021-01-01T00:00:00Z")});
    facts.set(Moment::promised_by, When{instant("2021-01-10T00:00:00Z")});
    const Context context{child, facts, {}};
    CHECK(bound_of(context, child.find("A-1")->closes) == instant("2021-01-21T00:00:00Z"));
}

TEST_CASE("the hash follows the text and its parents") {
    const auto one = child_of("");
    CHECK(one.content_hash == child_of("").content_hash);
    CHECK(one.content_hash != child_of("# a remark\n").content_hash);
    CHECK(one.content_hash != base().content_hash);
}

TEST_CASE("the edition in force when the order was placed is chosen") {
    std::vector<Terms> editions;
    editions.push_back(base());
    editions.push_back(child_of(""));
    struct Row {
        const char* placed;
        const char* id;
    };
    // The editions change at midnight in Los Angeles.
    const Row rows[] = {
        {"2019-12-31T23:00:00Z", "none"},  {"2020-06-01T00:00:00Z", "base"},
        {"2021-01-01T07:59:59Z", "base"},  {"2021-01-01T08:00:00Z", "child"},
        {"2031-01-01T08:00:00Z", "child"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.placed);
        const auto* chosen = choose_edition(editions, "shop", instant(row.placed));
        CHECK((chosen ? chosen->id : "none") == row.id);
    }
    CHECK(choose_edition(editions, "another", instant("2020-06-01T00:00:00Z")) == nullptr);
    CHECK(pin_of(editions[0]).content_hash == editions[0].content_hash);
}

TEST_CASE("lint finds what loads but cannot be traced") {
    const auto bare = terms_of(
        "[[right]]\nid = \"X\"\nwho = \"buyer\"\nmay = \"appeal\"\nopens = \"paid\"\ncloses = "
        "\"paid\"\n"
        "[moments]\nunused = { is = \"paid\" }\n");
    std::string all;
    for (const auto& one : lint(bare, "t.toml")) all += to_string(one) + "\n";
    for (const auto* wanted : {"X: no sentence", "X: no source", "X: no grade",
                               "it can never say yes", "nothing uses the moment \"unused\""})
        CHECK_MESSAGE(all.find(wanted) != std::string::npos, wanted);
    CHECK(lint(base(), "base.toml").empty());
}

TEST_CASE("a seller's file may only better the operator's") {
    struct Row {
        const char* name;
        const char* rest;
        const char* finding;
    };
    const std::string right =
        "[[right]]\nid = \"A-1\"\nreplaces = [\"A-1\"]\nwho = \"buyer\"\nmay = \"open_dispute\"\n";
    const Row rows[] = {
        {"nothing new", "", ""},
        {"longer",
         "opens = \"paid\"\ncloses = \"promise + 20d\"\nremedies = [\"full_refund\", \"credit\"]\n",
         ""},
        {"no end", "opens = \"paid\"\nremedies = [\"full_refund\"]\n", ""},
        {"shorter", "opens = \"paid\"\ncloses = \"promise + 9d\"\nremedies = [\"full_refund\"]\n",
         "it closes sooner"},
        {"later",
         "opens = \"paid + 1d\"\ncloses = \"promise + 10d\"\nremedies = [\"full_refund\"]\n",
         "it opens later"},
        {"another anchor",
         "opens = \"paid\"\ncloses = \"shipped + 90d\"\nremedies = [\"full_refund\"]\n",
         "it closes sooner"},
        {"fewer remedies",
         "opens = \"paid\"\ncloses = \"promise + 10d\"\nremedies = [\"credit\"]\n",
         "fewer remedies"},
        {"a condition",
         "opens = \"paid\"\ncloses = \"promise + 10d\"\nremedies = [\"full_refund\"]\nwhen = "
         "[\"item has new\"]\n",
         "more conditions"},
        {"once",
         "opens = \"paid\"\ncloses = \"promise + 10d\"\nremedies = [\"full_refund\"]\ntimes = 1\n",
         "less often"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto seller = child_of(*row.rest ? right + row.rest : "", "seller");
        const auto found = find_worse(base(), seller, "child.toml");
        if (!*row.finding)
            CHECK(found.empty());
        else
            CHECK_MESSAGE(
                (!found.empty() && found[0].message.find(row.finding) != std::string::npos),
                (found.empty() ? "nothing found" : found[0].message));
    }
    const auto dropped =
        find_worse(base(), child_of("drops = [\"A-1\"]\n", "seller"), "child.toml");
    REQUIRE(dropped.size() == 1);
    CHECK(dropped[0].message == "A-1: a right of the buyer is taken away");
    const auto barred = find_worse(
        base(),
        child_of("[[limit]]\nid = \"S-1\"\nbars = [\"appeal\"]\nsays = \"excluded\"\n", "seller"),
        "child.toml");
    REQUIRE(barred.size() == 1);
    CHECK(barred[0].message == "S-1: a seller's file may not add a limit");
    CHECK(find_worse(base(), child_of("drops = [\"A-2\"]\n", "seller"), "child.toml").empty());
}

}  // namespace holdfast::terms
