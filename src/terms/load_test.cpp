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

TEST_CASE("what is not of the type that is expected") {
    struct Row {
        std::string clauses;
        const char* error;
    };
    const std::string right = "[[right]]\nid = \"X\"\nwho = \"buyer\"\nmay = \"appeal\"\n";
    const std::string fallback = "[[default]]\nid = \"X\"\nat = \"paid\"\n";
    const std::string limit = "[[limit]]\nid = \"X\"\n";
    const std::string table = "[tables.t]\nby = \"currency\"\n";
    const std::string source = "[sources]\np = { url = \"u\", date = \"d\", grade = ";
    // clang-format off
    const Row rows[] = {
        {"[[right]]\nid = [\"X\"]\n",                "t.toml:8:6: found a list, expected a text for \"id\""},
        {"[[right]]\nid = {}\n",                     "t.toml:8:6: found a table, expected a text for \"id\""},
        {"[[right]]\nid = 1.5\n",                    "t.toml:8:6: found a number with decimals, expected a text"},
        {"[[right]]\nid = true\n",                   "t.toml:8:6: found true or false, expected a text"},
        {"[[right]]\nid = 2020-01-01\n",             "t.toml:8:6: found a date, expected a text"},
        {"[[right]]\nid = 12:00:00\n",               "t.toml:8:6: found a time, expected a text"},
        {"[[right]]\nid = 2020-01-01T12:00:00Z\n",   "t.toml:8:6: found a date and time, expected a text"},
        {"[[right]]\nwho = \"buyer\"\nmay = \"appeal\"\n", "t.toml:7:1: found no \"id\", expected a text"},
        {"[[right]]\nid = \"X\"\nmay = \"appeal\"\n", "t.toml:7:1: found no \"who\", expected buyer"},
        {"[[right]]\nid = \"X\"\nwho = \"buyer\"\n",  "t.toml:7:1: found no \"may\", expected a verb"},
        {"[[right]]\nid = \"X\"\nwho = \"buyer\"\nmay = 3\n", "t.toml:10:7: found a whole number, expected one of open_dispute"},
        {right + "for = [\"late\", \"lost\"]\n",      "t.toml:11:16: found \"lost\", expected one of not_received"},
        {right + "times = \"once\"\n",                "t.toml:11:9: found a text, expected a whole number for \"times\""},
        {right + "times = 0\n",                       "t.toml:11:9: expected 1 to 1000"},
        {right + "times = 1001\n",                    "t.toml:11:9: expected 1 to 1000"},
        {right + "times = 4294967297\n",              "t.toml:11:9: expected 1 to 1000"},
        {right + "times = 1000\n",                    "none"},
        {right + "return_required = \"yes\"\n",       "t.toml:11:19: found a text, expected true or false for"},
        {right + "return_required = false\n",         "none"},
        {right + "opens = 10\n",                      "t.toml:11:9: found a whole number, expected a text for \"opens\""},
        {right + "award = \"Y\"\n",                   "t.toml:7: X: found the award \"Y\", expected the id of an [[award]]"},
        {right + "award = \"X\"\n",                   "t.toml:7: X: found the award \"X\", expected the id of an [[award]]"},
        {right + "when = [7]\n",                      "t.toml:11:9: found a whole number, expected a condition: a text, or"},
        {right + "when = [{ else = \"excluded\" }]\n", "t.toml:11:9: found neither \"if\" nor \"any\" in a condition"},
        {right + "when = [{ if = 7 }]\n",             "t.toml:11:16: found a whole number, expected a condition as text"},
        {right + "when = [{ any = [\"item\"] }]\n",   "t.toml:11:23: in \"item\": found the end, expected in, not in"},
        {right + "when = [{ any = [\"item\", \"has paid\"] }]\n", "t.toml:11:23: in \"item\": found the end"},
        {right + "when = [{ any = [] }]\n",           "t.toml:11:17: found an empty list, expected conditions"},
        {right + "when = [{ any = \"has paid\" }]\n", "none"},
        {right + "when = \"has paid\"\n",             "none"},
        {right + "grade = \"hearsay\"\n",             "t.toml:11:9: found \"hearsay\", expected primary, copy, secondary"},
        {right + "grade = \"\"\n",                    "none"},
        {right + "source = 7\n",                      "t.toml:11:10: expected a key of [sources]"},
        {right + "replaces = [7]\n",                  "t.toml:11:13: expected the id of a clause of the file"},
        {right + "replaces = [\"Z\"]\n",              "t.toml:11:13: expected the id of a clause of the file"},
        {"[right]\nid = \"X\"\n",                    "t.toml:7:1: found a table, expected [[right]]"},
        {"[[default]]\nid = \"X\"\nthen = { do = \"refund\" }\n", "t.toml:7:1: found no \"at\", expected a time"},
        {fallback + "then = {}\n",                    "t.toml:10:8: found no \"do\", expected one of refund"},
        {fallback + "then = { do = \"reward\" }\n",   "t.toml:10:15: found \"reward\", expected one of refund"},
        {limit + "bars = [\"appeal\"]\n",             "t.toml:7:1: found no \"says\", expected an outcome"},
        {limit + "says = \"excluded\"\n",             "t.toml:7:1: found no \"bars\", expected verbs"},
        {limit + "says = \"excluded\"\nbars = [7]\n", "t.toml:10:9: found a whole number, expected one of open_dispute"},
        {limit + "says = \"excluded\"\nbars = [\"default.reward\"]\n", "t.toml:10:9: found \"default.reward\", expected one"},
        {"[[award]]\nid = \"X\"\n",                  "t.toml:7:1: found no \"on\", expected one of refund"},
        {"[[award]]\nid = \"X\"\non = \"mercy\"\n", "t.toml:9:6: found \"mercy\", expected one of refund"},
        {source + "\"copy\" }\n",                     "none"},
        {source + "\"hearsay\" }\n",                  "t.toml:8:38: found \"hearsay\", expected primary, copy, secondary"},
        {"[sources]\np = \"u\"\n",                   "t.toml:8:5: found a text, expected a table for \"p\""},
        {"[[moments]]\nid = \"X\"\n",                "t.toml:7:1: found a list, expected a table"},
        {"[moments]\npaid = { is = \"placed\" }\n",  "t.toml:8:8: \"paid\" is a moment of every order already"},
        {"[moments]\np = {}\n",                      "t.toml:8:5: found no \"is\", expected a text"},
        {"[moments]\na = { is = \"b + 1d\" }\nb = { is = \"b + 1d\" }\n", "t.toml: the moment \"a\" uses itself"},
        {table + "USD = 1\nEUR = 2\n",               "none"},
        {"[tables.t]\nUSD = 1\n",                    "t.toml:7:1: found no \"by\", expected the attribute that picks a row"},
        {"[tables.t]\nby = \"weather\"\n",           "t.toml:8:6: found \"weather\", expected one of"},
        {table + "USD = \"soon\"\n",                  "t.toml:9:7: found \"soon\", expected a span such as 10d"},
        {table + "USD = 1.5\n",                       "t.toml:9:7: found a number with decimals, expected a span such as"},
        {table + "EUR = 1\nUSD = \"2d\"\n",          "t.toml:10:7: a table holds spans or whole numbers, not both"},
    };
    // clang-format on
    for (const auto& row : rows) {
        CAPTURE(row.clauses);
        CHECK_MESSAGE(first_error(row.clauses).starts_with(row.error), first_error(row.clauses));
    }
}

TEST_CASE("a head whose parts are not right") {
    struct Row {
        const char* line;
        const char* error;
    };
    const std::string start = "[terms]\nlanguage = 1\nid = \"t\"\nprogramme = \"t\"\n";
    // clang-format off
    const Row rows[] = {
        {"title = \"t\"\nzone = \"UTC\"\nfrom = \"2020\"\n",  "t.toml:7:8: found a text, expected a date such as 2026-01-31"},
        {"title = \"t\"\nzone = \"UTC\"\nrole = \"judge\"\n", "t.toml:7:8: found \"judge\", expected operator, seller, law or checklist"},
        {"title = \"t\"\nzone = \"UTC\"\nrole = \"operator\"\n", "none"},
        {"title = \"t\"\nzone = \"UTC\"\ncalendar = \"moon\"\n", "t.toml:7:12: found \"moon\", expected a calendar of calendars/"},
        {"title = \"t\"\nzone = \"UTC\"\ncalendar = \"test\"\n", "none"},
        {"title = \"t\"\nzone = \"UTC\"\nnotice = \"soon\"\n", "t.toml:7:10: found \"soon\", expected a span such as 30d or 48h"},
        {"title = \"t\"\nzone = \"UTC\"\ndrops = [\"A\"]\n",  "t.toml:7:10: expected the id of a clause of the file"},
        {"zone = \"UTC\"\n",                                  "t.toml:1:1: found no \"title\", expected a text"},
        {"title = \"t\"\n",                                   "t.toml:1:1: found no \"zone\", expected a text"},
    };
    // clang-format on
    for (const auto& row : rows) {
        CAPTURE(row.line);
        CHECK_MESSAGE(first_error(row.line, start).starts_with(row.error),
                      first_error(row.line, start));
    }
    CHECK(first_error("", "[terms]\nid = \"t\"\n").find("expected language = 1") !=
          std::string::npos);
}

TEST_CASE("law is a role") {
    const auto law = terms_of("", std::string(head) + "role = \"law\"\n");
    CHECK(law.role == Role::law);
    CHECK(terms_of("").role == Role::platform);
}

TEST_CASE("what a parent breaks is told, with the parent's name") {
    const std::string child =
        "[terms]\nlanguage = 1\nid = \"c\"\nprogramme = \"t\"\ntitle = \"C\"\nextends = \"p\"\n";
    auto options = test::options();
    options.text_of = [&](std::string_view) { return std::optional(std::string("x = 1\n")); };
    const auto broken = load(child, "c.toml", options);
    REQUIRE(!broken.has_value());
    CHECK(to_string(broken.error().front()) ==
          "p:1:1: found the key \"x\", which means nothing here; nearest: info, award, limit");

    options.text_of = [&](std::string_view) { return std::optional(child); };
    const auto circle = load(child, "c.toml", options);
    REQUIRE(!circle.has_value());
    CHECK(to_string(circle.error().front()) == "p:6:11: files extend each other in a circle");
}

TEST_CASE("what a grandparent says is carried as the grandparent's") {
    auto options = test::options();
    const std::string parent =
        "[terms]\nlanguage = 1\nid = \"p\"\nprogramme = \"t\"\ntitle = \"P\"\nextends = \"g\"\n"
        "[[info]]\nid = \"P-1\"\n";
    options.text_of = [&](std::string_view id) {
        return std::optional(id == "p" ? parent : std::string(head) + "[[info]]\nid = \"G-1\"\n");
    };
    const auto child = load(
        "[terms]\nlanguage = 1\nid = \"c\"\nprogramme = \"t\"\ntitle = \"C\"\nextends = \"p\"\n",
        "c.toml", options);
    REQUIRE(child.has_value());
    CHECK(child->find("G-1")->carried_from == "t");
    CHECK(child->find("P-1")->carried_from == "p");
}

TEST_CASE("the id of a file is found without reading the rest") {
    CHECK(id_of(head) == "t");
    CHECK(id_of("[terms]\n") == std::nullopt);
    CHECK(id_of("x = [") == std::nullopt);
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
    // One without a beginning stands behind each that has one, wherever it is listed.
    auto always = base();
    always.id = "always";
    always.from.reset();
    always.until.reset();
    editions.insert(editions.begin(), always);
    editions.push_back(always);
    CHECK(choose_edition(editions, "shop", instant("2019-12-31T23:00:00Z"))->id == "always");
    CHECK(choose_edition(editions, "shop", instant("2020-06-01T00:00:00Z"))->id == "base");
    // Of two at once the one that began later.
    editions.push_back(base());
    editions.back().until.reset();
    CHECK(choose_edition(editions, "shop", instant("2022-06-01T00:00:00Z"))->id == "child");
    editions.push_back(child_of(""));
    editions.back().from = day("2022-01-01");
    CHECK(choose_edition(editions, "shop", instant("2022-06-01T00:00:00Z")) == &editions.back());
    editions.erase(editions.begin());
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

TEST_CASE("load: a checklist, and what is wrong in one") {
    const auto start = std::string(head) + "role = \"checklist\"\n";
    const auto item = [](std::string_view more) {
        return "[[evidence]]\nid = \"C-1\"\ntext = \"Show it.\"\n" + std::string(more);
    };
    const auto made = terms_of(item("of = \"buyer\"\nfor = [\"damaged\", \"late\"]\n"
                                    "when = [\"item has glass\", \"total >= 100\"]\n"
                                    "kinds = [\"video\", \"photo\"]\nneed = \"one_of\"\n"),
                               start);
    CHECK(made.role == Role::checklist);
    REQUIRE(made.checklist.size() == 1);
    const auto& one = made.checklist.front();
    CHECK(one.id == "C-1");
    CHECK(one.of == Party::buyer);
    CHECK(one.need == Need::one_of);
    CHECK(one.kinds == std::vector{EvidenceKind::video, EvidenceKind::photo});
    CHECK(one.reasons.count() == 2);
    CHECK(made.conditions.at(one.when.begin + 1).text == "total >= 100");
    CHECK(made.clauses.empty());

    const std::string good = "of = \"buyer\"\nkinds = [\"photo\"]\nneed = \"helpful\"\n";
    struct Row {
        std::string items;
        std::string_view error;
    };
    const Row rows[] = {
        {item("of = \"buyer\"\nkinds = [\"fotos\"]\nneed = \"required\"\n"),
         "t.toml:12:10: found \"fotos\", expected one of photo, video, product_description"},
        {item("of = \"buyer\"\nkinds = [\"photo\", \"photo\"]\nneed = \"required\"\n"),
         "t.toml:12:19: found \"photo\" twice"},
        {item("of = \"buyer\"\nkinds = []\nneed = \"required\"\n"),
         "t.toml:12:9: found an empty list"},
        {item("of = \"buyer\"\nneed = \"required\"\n"), "t.toml:8:1: found no \"kinds\""},
        {item("of = \"buyer\"\nkinds = [\"photo\"]\nneed = \"must\"\n"),
         "t.toml:13:8: found \"must\", expected one of required, one_of, helpful"},
        {item("of = \"buyer\"\nkinds = [\"photo\"]\n"), "t.toml:8:1: found no \"need\""},
        {item("of = \"platform\"\nkinds = [\"photo\"]\nneed = \"required\"\n"),
         "t.toml:8:1: expected of = \"buyer\" or \"seller\""},
        {item("kinds = [\"photo\"]\nneed = \"required\"\n"),
         "t.toml:8:1: expected of = \"buyer\" or \"seller\""},
        {item(good + "may = \"offer\"\n"), "t.toml:14:1: found the key \"may\""},
        {item(good + "source = \"nowhere\"\n"), "t.toml:14:10: expected a key of [sources]"},
        {item(good + "when = \"item hass x\"\n"), "t.toml:14:14: in \"item hass x\""},
        {item(good + "when = [{ if = \"item has x\", else = \"excluded\" }]\n"),
         "t.toml:14:8: an item decides nothing"},
        {item(good) + item(good), "t.toml:14:1: found a second item with the id \"C-1\""},
        {item(good) + "[[info]]\nid = \"I\"\n", "t.toml:14:1: I: a checklist has no clauses"},
        {"evidence = 1\n", "t.toml:8:"},
        {"", "t.toml:1:1: found no [[evidence]] in a checklist"},
    };
    for (const auto& row : rows)
        CHECK_MESSAGE(first_error(row.items, start).starts_with(row.error),
                      first_error(row.items, start));
    CHECK_MESSAGE(
        first_error(item(good))
            .starts_with("t.toml:7:1: found [[evidence]] among terms, expected it in a file of its "
                         "own"),
        first_error(item(good)));
    CHECK_MESSAGE(first_error("", std::string(head) + "role = \"list\"\n")
                      .contains("expected operator, seller, law or checklist"),
                  first_error("", std::string(head) + "role = \"list\"\n"));

    // Neither way round does a checklist extend or is extended.
    auto with_parent = options();
    with_parent.text_of = [&](std::string_view id) {
        return std::optional(id == "c" ? start + item(good) : std::string(head));
    };
    const auto child = load(std::string(head) + "extends = \"c\"\n", "t.toml", with_parent);
    REQUIRE_FALSE(child);
    CHECK(to_string(child.error().front()).contains("\"c\" is a checklist, which nothing extends"));
    const auto extending = load(start + "extends = \"p\"\n" + item(good), "t.toml", with_parent);
    REQUIRE_FALSE(extending);
    CHECK(to_string(extending.error().front()).contains("a checklist stands by itself"));
}

}  // namespace holdfast::terms
