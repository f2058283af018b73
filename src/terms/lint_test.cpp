#include "terms/lint.h"

#include "terms/test_support.h"

#include <algorithm>

namespace holdfast::terms {
namespace {

using namespace test;

std::string all_of(const std::vector<LoadError>& found) {
    std::string text;
    for (const auto& one : found) text += to_string(one) + "\n";
    return text;
}

constexpr std::string_view operators = R"toml([moments]
promise = { is = "promised_by" }
[tables.close]
by = "carrier_class"
else = "30d"
[tables.cap]
by = "currency"
else = 100
[[right]]
id = "R"
who = "buyer"
may = "open_dispute"
for = ["not_received"]
opens = "paid + 10d"
closes = "latest(promise, shipped + 2d) + 10d"
times = 3
unless = ["item has used"]
award = "W"
[[right]]
id = "R2"
who = "buyer"
may = "appeal"
closes = "decided - 3d"
remedies = ["full_refund", "credit"]
[[right]]
id = "R3"
who = "either"
may = "escalate"
closes = "shipped + close"
[[right]]
id = "SR"
who = "seller"
may = "extend"
[[default]]
id = "D"
in = ["shipped"]
waits_for = "seller"
when = ["item has new"]
unless = ["dispute.open"]
at = "shipped + 7d"
then = { do = "refund", amount = "share(total, 5000)" }
winner = "buyer"
[[award]]
id = "W"
on = "refund"
for = ["not_received"]
amount = "total"
postage = "seller"
funded_by = "guarantee"
[[award]]
id = "W2"
on = "compensation"
amount = "min(total, cap)"
[[limit]]
id = "L"
for = ["not_received"]
after = "chargeback"
when = ["item has used"]
unless = ["item has new"]
bars = ["open_dispute", "default.refund"]
says = "excluded"
)toml";

std::string head_of(std::string_view id, std::string_view rest) {
    return "[terms]\nlanguage = 1\nid = \"" + std::string(id) +
           "\"\nprogramme = \"t\"\ntitle = \"T\"\nzone = \"UTC\"\n" + std::string(rest);
}

// What is worse in a seller's file that extends the operator's and says `rest`.
std::string worse(const std::string& rest) {
    const auto parent = head_of("op", operators);
    auto options = test::options();
    options.text_of = [&](std::string_view) { return std::optional(parent); };
    const auto platform = load(parent, "op.toml", options);
    if (!platform) return all_of(platform.error());
    const auto seller =
        load(head_of("s", "extends = \"op\"\nrole = \"seller\"\n" + rest), "s.toml", options);
    if (!seller) return all_of(seller.error());
    const auto found = find_worse(*platform, *seller, "s.toml");
    if (found.empty()) return "nothing";
    std::string text;
    for (const auto& one : found) text += (text.empty() ? "" : "; ") + one.message;
    return text;
}

// The clause of this id again, with one of its lines changed; empty: left out.
std::string changed(const std::string& id, const std::string& line = {},
                    const std::string& instead = {}) {
    std::string text(operators);
    const auto at = text.find("id = \"" + id + "\"");
    const auto begin = text.rfind("[[", at);
    auto clause = text.substr(begin, text.find("[[", at) - begin);
    const auto place = clause.find(line);
    VERIFY(place != clause.npos);
    clause.replace(place, line.size(), instead);
    const auto after_id = clause.find('\n', clause.find("id = ")) + 1;
    clause.insert(after_id, "replaces = [\"" + id + "\"]\n");
    return clause;
}

}  // namespace

TEST_CASE("what a seller changes is worse or not") {
    struct Row {
        const char* name;
        std::string rest;
        const char* expected;
    };
    const std::string other_kind = "[[info]]\nid = \"R3\"\nreplaces = [\"R3\"]\ntext = \"No.\"\n";
    const char* of_right = "R: it is for fewer reasons, another verb or another party";
    const char* of_default = "D: a seller's file may not change a default or an award";
    const char* of_award = "W: a seller's file may not change a default or an award";
    const char* of_limit = "L: the limit bars more than the operator's";
    // clang-format off
    const Row rows[] = {
        {"the same right",      changed("R"), "nothing"},
        {"opens at once",       changed("R", "opens = \"paid + 10d\"\n"), "nothing"},
        {"opens sooner",        changed("R", "paid + 10d", "paid + 9d"), "nothing"},
        {"opens later",         changed("R", "paid + 10d", "paid + 11d"), "R: it opens later than the operator grants"},
        {"in another unit",     changed("R", "paid + 10d", "paid + 9w"), "R: it opens later than the operator grants"},
        {"from another moment", changed("R", "opens = \"paid", "opens = \"placed"), "R: it opens later than the operator grants"},
        {"an opening anew",     changed("R2", "closes =", "opens = \"paid\"\ncloses ="), "R2: it opens later than the operator grants"},
        {"longer inside",       changed("R", "shipped + 2d", "shipped + 3d"), "nothing"},
        {"longer and shorter",  changed("R", "shipped + 2d) + 10d", "shipped + 3d) + 9d"), "R: it closes sooner than the operator grants"},
        {"a part less",         changed("R", "latest(promise, shipped + 2d)", "latest(promise)"), "R: it closes sooner than the operator grants"},
        {"a part more",         changed("R", "latest(promise, ", "latest(promise, paid, "), "R: it closes sooner than the operator grants"},
        {"parts at the end",    changed("R", "shipped + 2d)", "shipped + 2d, paid)"), "R: it closes sooner than the operator grants"},
        {"less taken off",      changed("R2", "- 3d", "- 2d"), "nothing"},
        {"more taken off",      changed("R2", "- 3d", "- 4d"), "R2: it closes sooner than the operator grants"},
        {"the same table",      changed("R3"), "nothing"},
        {"another table",       "[tables.soon]\nby = \"carrier_class\"\nelse = \"3d\"\n" + changed("R3", "+ close", "+ soon"), "R3: it closes sooner than the operator grants"},
        {"as often",            changed("R", "times = 3\n", "times = 4\n"), "nothing"},
        {"without limit",       changed("R", "times = 3\n"), "nothing"},
        {"less often",          changed("R", "times = 3\n", "times = 2\n"), "R: it may be used less often"},
        {"now counted",         changed("R2", "closes", "times = 9\ncloses"), "R2: it may be used less often"},
        {"other exceptions",    changed("R", "item has used", "item has new"), "R: it stands under more conditions"},
        {"no exceptions",       changed("R", "unless = [\"item has used\"]\n"), "nothing"},
        {"remedies named",      changed("R", "times", "remedies = [\"credit\"]\ntimes"), "R: it gives fewer remedies"},
        {"a remedy less",       changed("R2", ", \"credit\""), "R2: it gives fewer remedies"},
        {"another verb",        changed("R2", "appeal", "escalate"), "R2: it is for fewer reasons, another verb or another party"},
        {"every reason",        changed("R", "for = [\"not_received\"]\n"), "nothing"},
        {"a reason more",       changed("R", "\"not_received\"", "\"not_received\", \"counterfeit\""), "nothing"},
        {"another reason",      changed("R", "not_received", "counterfeit"), of_right},
        {"a reason only",       changed("R2", "closes", "for = [\"counterfeit\"]\ncloses"), "R2: it is for fewer reasons, another verb or another party"},
        {"either may",          changed("R", "\"buyer\"", "\"either\""), "nothing"},
        {"the seller may",      changed("R3", "\"either\"", "\"seller\""), "R3: it is for fewer reasons, another verb or another party"},
        {"without its award",   changed("R", "award = \"W\"\n"), "R: its award is another"},
        {"of another kind",     other_kind, "R3: a right of the buyer is taken away"},
        {"a seller's right",    "drops = [\"SR\"]\n", "nothing"},
        {"the same default",    changed("D"), "nothing"},
        {"no default",          "drops = [\"D\"]\n", "D: a default or award of the operator is taken away"},
        {"later",               changed("D", "7d", "8d"), of_default},
        {"a smaller amount",    changed("D", "5000", "4000"), of_default},
        {"another action",      changed("D", "\"refund\"", "\"credit\""), of_default},
        {"another stage",       changed("D", "[\"shipped\"]", "[\"paid\"]"), of_default},
        {"for somebody else",   changed("D", "\"seller\"", "\"buyer\""), of_default},
        {"another winner",      changed("D", "winner = \"buyer\"", "winner = \"seller\""), of_default},
        {"another condition",   changed("D", "item has new", "item has used"), of_default},
        {"another exception",   changed("D", "dispute.open", "item has used"), of_default},
        {"a return first",      changed("D", "winner", "return_required = true\nwinner"), of_default},
        {"only a remedy",       changed("D", "winner", "remedies = [\"credit\"]\nwinner"), of_default},
        {"another word",        changed("D", "winner", "says = \"refund_full\"\nwinner"), of_default},
        {"the same award",      changed("W"), "nothing"},
        {"another postage",     changed("W", "postage = \"seller\"", "postage = \"buyer\""), of_award},
        {"for another reason",  changed("W", "not_received", "counterfeit"), of_award},
        {"on another topic",    changed("W", "on = \"refund\"", "on = \"return_postage\""), of_award},
        {"from another purse",  changed("W", "guarantee", "platform"), of_award},
        {"capped by a table",   changed("W2"), "nothing"},
        {"by another table",    "[tables.low]\nby = \"currency\"\nelse = 9\n" + changed("W2", "cap", "low"), "W2: a seller's file may not change a default or an award"},
        {"the same limit",      changed("L"), "nothing"},
        {"no limit",            "drops = [\"L\"]\n", "nothing"},
        {"a reason less",       changed("L", "\"open_dispute\", "), "nothing"},
        {"one verb more",       changed("L", "\"open_dispute\"", "\"open_dispute\", \"appeal\""), of_limit},
        {"one default more",    changed("L", "\"default.refund\"", "\"default.refund\", \"default.cancel_order\""), of_limit},
        {"whatever the reason", changed("L", "for = [\"not_received\"]\n"), of_limit},
        {"one reason more",     changed("L", "\"not_received\"", "\"not_received\", \"counterfeit\""), of_limit},
        {"under fewer conditions", changed("L", "when = [\"item has used\"]\n"), of_limit},
        {"under one more",      changed("L", "\"item has used\"", "\"item has used\", \"item has new\""), "nothing"},
        {"without exception",   changed("L", "unless = [\"item has new\"]\n"), of_limit},
        {"from another moment", changed("L", "\"chargeback\"", "\"paid\""), of_limit},
        {"at once",             changed("L", "after = \"chargeback\"\n"), of_limit},
        {"a new default",       "[[default]]\nid = \"N\"\nat = \"paid\"\nthen = { do = \"complete\" }\n", "N: a seller's file may not add a default"},
        {"a default for a limit", "[[default]]\nid = \"L\"\nreplaces = [\"L\"]\nat = \"paid\"\nthen = { do = \"complete\" }\n", "L: a seller's file may not add a default"},
        {"a new right",         "[[right]]\nid = \"N\"\nwho = \"buyer\"\nmay = \"appeal\"\n", "nothing"},
    };
    // clang-format on
    for (const auto& row : rows) {
        CAPTURE(row.name);
        CHECK(worse(row.rest) == row.expected);
    }
}

TEST_CASE("lint: sources and tables that stand alone") {
    const auto terms = terms_of(R"toml(
[sources]
page = { url = "https://example.com", date = "", grade = "primary" }
other = { url = "https://example.com/2", date = "2020", grade = "copy" }
[tables.close]
by = "carrier_class"
else = "30d"
[tables.limit]
by = "currency"
USD = 100
[tables.idle]
by = "currency"
USD = 100
[[right]]
id = "R"
text = "The buyer may."
source = "page"
grade = "primary"
who = "buyer"
may = "appeal"
opens = "paid + close"
when = ["total < limit"]
)toml");
    CHECK(all_of(lint(terms, "t.toml")) ==
          "t.toml:20: R: its source \"page\" has no date\n"
          "t.toml: nothing names the source \"other\"\n"
          "t.toml: nothing uses the table \"idle\"\n");
}

TEST_CASE("lint: a default does not hang on the proof of a notice alone") {
    const auto found = [](const std::string& at, const std::string& moments = {}) {
        const auto terms = terms_of(moments + R"toml(
[sources]
page = { url = "https://example.com", date = "2026", grade = "primary" }
[[default]]
id = "D"
text = "A seller who says nothing has agreed."
source = "page"
grade = "primary"
waits_for = "seller"
at = ")toml" + at + R"toml("
then = { do = "refund" }
)toml");
        return lint(terms, "t.toml").size();
    };
    struct Row {
        const char* at;
        std::size_t findings;
    };
    const Row rows[] = {
        {"dispute.notified + 5d", 1},
        {"end(day(dispute.notified))", 1},
        {"latest(dispute.notified, dispute.opened) + 5d", 1},
        {"earliest(dispute.notified + 5d, dispute.notified + 9d)", 1},
        {"earliest(dispute.notified + 5d, dispute.opened + 10d)", 0},
        {"last(dispute.notified, dispute.modified) + 5d", 0},
        {"(dispute.notified + 5d) or (dispute.opened + 10d)", 0},
        {"dispute.opened + 10d", 0},
    };
    for (const auto& row : rows) {
        CAPTURE(row.at);
        CHECK(found(row.at) == row.findings);
    }
    const std::string moments = "[moments]\ntold = { is = \"dispute.notified\" }\n";
    CHECK(found("told + 5d", moments) == 1);
    CHECK(found("earliest(told + 5d, dispute.opened + 10d)", moments) == 0);
}

TEST_CASE("lint: what was carried over is for its own file to answer") {
    const std::string parent = head_of("op",
                                       "[sources]\npage = { url = \"u\", date = \"d\", grade = "
                                       "\"copy\" }\n[[info]]\nid = \"I\"\n");
    auto options = test::options();
    options.text_of = [&](std::string_view) { return std::optional(parent); };
    const auto child = load(head_of("c", "extends = \"op\"\n"), "c.toml", options);
    REQUIRE(child.has_value());
    CHECK(lint(*child, "c.toml").empty());
    CHECK(lint(*load(parent, "op.toml", options), "op.toml").size() == 4);
}

TEST_CASE("lint: a checklist without sentences, and items that can never apply") {
    const auto platform = terms_of(
        "[[right]]\nid = \"R\"\nwho = \"buyer\"\nmay = \"open_dispute\"\n"
        "for = [\"damaged\"]\n[[right]]\nid = \"M\"\nwho = \"buyer\"\n"
        "may = \"return_no_fault\"\n");
    const std::vector<const Terms*> all{&platform};
    const auto list = [](std::string_view items, std::string_view programme = "t") {
        std::string start(head);
        start.replace(start.find("programme = \"t\""), 15,
                      "programme = \"" + std::string(programme) + "\"");
        return terms_of(std::string(items), start + "role = \"checklist\"\n");
    };
    const auto item = [](std::string_view more) {
        return "[[evidence]]\nid = \"C\"\nof = \"buyer\"\nkinds = [\"photo\"]\n"
               "need = \"required\"\n" +
               std::string(more);
    };
    CHECK(all_of(lint(list(item("")), "c.toml")) ==
          "c.toml:8: C: no sentence for people (\"text\")\nc.toml:8: C: no source\n");

    struct Row {
        std::string_view more;
        std::string_view found;
    };
    const Row rows[] = {
        {"for = [\"damaged\", \"change_of_mind\"]\n", ""},
        {"when = [\"item has a\", \"item lacks b\", \"has decided\", \"lacks appealed\"]\n", ""},
        {"when = [\"destination in US, CA\", \"destination not in US\"]\n", ""},
        {"when = [\"tracking in abnormal\", \"tracking in silent\"]\n", ""},
        {"for = [\"late\"]\n", "no dispute under these terms is for late"},
        {"when = [\"item has a\", \"item lacks a\"]\n",
         "\"item has a\" and \"item lacks a\" never hold together"},
        {"when = [\"has decided\", \"lacks decided\"]\n", "never hold together"},
        {"when = [\"destination in US\", \"destination in CA\"]\n", "never hold together"},
        {"when = [\"destination in US\", \"destination not in CA, US\"]\n", "never hold together"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.more);
        const auto found = all_of(find_idle(list(item(row.more)), all, "c.toml"));
        CHECK_MESSAGE((row.found.empty() ? found.empty() : found.contains(row.found)), found);
        if (!row.found.empty()) CHECK(found.starts_with("c.toml:8: C: "));
    }
    CHECK(all_of(find_idle(list(item(""), "nobody"), all, "c.toml")) ==
          "c.toml: no terms are of the programme \"nobody\"\n");
}

}  // namespace holdfast::terms
