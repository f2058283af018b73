// `holdfast remedy` as a person runs it: the real binary on the demo's database.

#include "cli_fixture.h"

#include <cstdlib>
#include <string>

namespace holdfast::test {
namespace {

// The demo's database in a folder of its own, gone at the end.
class Demo {
public:
    Demo() { REQUIRE(run("demo --database demo.db", "").code == 0); }

    void write(const std::string& name, const std::string& text) const {
        folder_.write(name, text);
    }
    Ran run(const std::string& arguments,
            const std::string& data = " --database demo.db --at 2026-11-23T12:00:00Z") const {
        return folder_.run(arguments + data);
    }
    json::value json_of(const std::string& arguments) const {
        const auto ran = run(arguments + " --json");
        REQUIRE_MESSAGE(ran.code == 0, ran.err);
        return test::json_of(ran);
    }

private:
    Folder folder_;
};

const json::object& way(const json::value& report, std::string_view name) {
    for (const auto& one : report.at("ways").as_array())
        if (one.at("way").as_string() == name) return one.as_object();
    FAIL(std::string(name));
    std::abort();
}
std::int64_t cents(const json::object& way, const char* what) {
    REQUIRE_FALSE(way.at(what).is_null());
    return way.at(what).at("amount").as_int64();
}

}  // namespace

TEST_CASE("remedy: a sale whose supplier order is on its way") {
    const Demo demo;
    const auto report = demo.json_of("remedy '#1052' --complaint not_received --arrival 30");
    // Every sum is the sum of its terms, in each outcome.
    for (const auto& one : report.at("ways").as_array())
        for (const auto& outcome : one.at("outcomes").as_array()) {
            if (outcome.at("profit").is_null()) continue;
            std::int64_t sum = 0;
            for (const auto& term : outcome.at("terms").as_array())
                sum += term.at("report").at("amount").as_int64();
            CHECK(sum == outcome.at("profit").at("amount").as_int64());
        }
    const auto& refund = way(report, "refund");
    const auto& resend = way(report, "resend");
    CHECK(refund.at("allowed").as_bool());
    // The goods cost the same again: sold - 2 * 41.06; refunded: -41.06.
    CHECK(cents(refund, "expected") == -4106);
    CHECK(cents(resend, "best") == cents(resend, "worst"));
    const auto& waited = way(report, "wait_then_refund");
    // arrives: sold - 41.06 (0.3), else -41.06 (0.7), rounded once.
    const auto arrived = cents(waited, "best");
    const auto expected = 3 * arrived + 7 * cents(waited, "worst");
    CHECK(std::abs(10 * cents(waited, "expected") - expected) <= 5);
    CHECK_FALSE(way(report, "wait").at("allowed").as_bool());
}

TEST_CASE("remedy: without a chance no expected value is invented") {
    const Demo demo;
    const auto report = demo.json_of("remedy '#1052' --complaint not_received");
    const auto& waited = way(report, "wait_then_refund");
    CHECK(waited.at("expected").is_null());
    CHECK_FALSE(waited.at("best").is_null());
    REQUIRE_FALSE(waited.at("missing").as_array().empty());
    CHECK(waited.at("missing").as_array().front().as_string() == "the chance that it arrives");
    CHECK_FALSE(way(report, "refund").at("expected").is_null());
}

TEST_CASE("remedy: the supplier's refund is a term of the sum") {
    const Demo demo;
    const auto sum = [&](const std::string& claim, const char* name) {
        const auto report =
            demo.json_of("remedy '#1052' --complaint not_received --claim " + claim);
        return cents(way(report, name), "worst");
    };
    CHECK(sum("granted", "refund") == 0);
    CHECK(sum("none", "refund") == -4106);
    CHECK(sum("granted", "resend") - sum("none", "resend") == 4106);
}

TEST_CASE("remedy: less than is due is shown and not allowed") {
    const Demo demo;
    const auto report = demo.json_of(
        "remedy '#1051' --complaint damaged --part 5 --gift-cost 3 --return-postage 4");
    for (const auto* name : {"gift", "part_refund"}) {
        CAPTURE(name);
        CHECK_FALSE(way(report, name).at("allowed").as_bool());
        CHECK_FALSE(way(report, name).at("reason").as_string().empty());
        CHECK_FALSE(way(report, name).at("best").is_null());
    }
    CHECK(way(report, "part_refund_then_refund").at("allowed").as_bool());
    bool allowed = true;
    for (const auto& one : report.at("ways").as_array()) {
        CHECK((allowed || !one.at("allowed").as_bool()));
        allowed = one.at("allowed").as_bool();
    }
}

TEST_CASE("remedy: the table fits 80 columns, and details show every term") {
    const Demo demo;
    const auto ran = demo.run("remedy '#1052' --complaint not_received --arrival 30 --details");
    REQUIRE_MESSAGE(ran.code == 0, ran.err);
    for (const auto* part : {"Due to the customer:", "Claim on aliexpress 3099000000000103:",
                             "Allowed, by expected profit", "Not allowed", "sold",
                             "bought:", "if it arrives", "profit"})
        CHECK_MESSAGE(holds(ran.out, part), part);
    CHECK_MESSAGE(widest_line(ran.out) <= 80, ran.out);
}

TEST_CASE("remedy: drafts state facts") {
    const Demo demo;
    const auto report = demo.json_of("remedy '#1053' --complaint not_received --message");
    const auto& texts = report.at("texts").as_array();
    REQUIRE(texts.size() == 2);
    const std::string claim(texts[0].as_string()), message(texts[1].as_string());
    CHECK_MESSAGE(holds(claim, "Claim for order 3099000000000104"), claim);
    CHECK_MESSAGE(holds(claim, "Reason: not received"), claim);
    CHECK_MESSAGE(holds(claim, "We ask for a refund of 31.70 USD."), claim);
    CHECK_MESSAGE(holds(message, "Could you help us with a discount"), message);
    CHECK_FALSE(holds(message, "Claim"));
    const auto shown = demo.run("remedy '#1053' --complaint not_received --message");
    CHECK_MESSAGE(holds(shown.out, "Reason: not received"), shown.out);
}

TEST_CASE("remedy: one of two purchases") {
    const Demo demo;
    const auto report =
        demo.json_of("remedy '#1051' --complaint damaged --purchase 3099000000000101 --message");
    CHECK(report.at("claims").at(0).at("state").as_string() == "open");
    CHECK(report.at("claims").at(1).at("state").as_string() == "none");
    CHECK(report.at("texts").as_array().size() == 2);  // of the one purchase
    // Both cost something, only one is bought again: sold 94.90 - 22.00 - 22.80 - 22.00.
    CHECK(cents(way(report, "resend"), "expected") == 2810);
}

TEST_CASE("remedy: settings count, flags go over them") {
    const Demo demo;
    demo.write("holdfast.toml",
               "[desk.remedy]\nfee_basis_points = 290\nfee_fixed = \"0.30 USD\"\n"
               "gift_cost = \"3.00 USD\"\n");
    const auto set = demo.json_of("remedy '#1051' --complaint late");
    const auto flag = demo.json_of("remedy '#1051' --complaint late --gift-cost 5");
    CHECK(cents(way(set, "gift"), "cash_now") == -300);
    CHECK(cents(way(flag, "gift"), "cash_now") == -500);
    bool fee = false;
    for (const auto& term : way(set, "refund").at("outcomes").at(0).at("terms").as_array())
        fee = fee || term.at("label").as_string() == "processing fee";
    CHECK(fee);
    demo.write("holdfast.toml", "[desk.remedy]\nfee_fixed = \"0.305 USD\"\n");
    const auto off = demo.run("remedy '#1051' --complaint late");
    CHECK(off.code == 3);
    CHECK_MESSAGE(holds(off.err, "holdfast.toml:2: desk.remedy.fee_fixed"), off.err);
    demo.write("holdfast.toml", "[desk.remedy]\nfee_kept_basis_points = 10001\n");
    CHECK(demo.run("remedy '#1051' --complaint late").code == 3);
    demo.write("holdfast.toml", "[desk.remedy]\nunknown = 1\n");
    CHECK(demo.run("remedy '#1051' --complaint late").code == 3);
}

TEST_CASE("remedy: bad input is refused with its place and reason") {
    const Demo demo;
    const std::string damaged = "remedy '#1051' --complaint damaged ";
    struct Row {
        std::string arguments;
        int code;
        const char *place, *reason;
    };
    const Row rows[] = {
        {"remedy '#1051' --complaint nonsense", 2, "--complaint", "change_of_mind"},
        {"remedy '#1051' --complaint refund_overdue", 2, "--complaint", "expected one of"},
        {"remedy '#9999' --complaint damaged", 5, "#9999", "no sale"},
        {damaged + "--arrival 101", 2, "--arrival", "0 to 100"},
        {damaged + "--arrival=-1", 2, "--arrival", "0 to 100"},
        {damaged + "--arrival 1e1", 2, "--arrival", "0 to 100"},
        {damaged + "--claim-chance 0.001", 2, "--claim-chance", "0 to 100"},
        {damaged + "--part 0", 2, "--part", "more than 0"},
        {damaged + "--part 99999", 2, "--part", "at most"},
        {damaged + "--part '5 EUR'", 2, "--part", "paid in USD"},
        {damaged + "--part 1.234", 2, "--part", "too_many_decimals"},
        {damaged + "--gift-cost ten", 2, "--gift-cost", "12.50"},
        {damaged + "--gift-cost=-3", 2, "--gift-cost", "malformed"},
        {damaged + "--resend-cost '3 XXX'", 2, "--resend-cost", "expected an amount"},
        {damaged + "--return-postage 99999999999999999999", 2, "--return-postage", "out_of_range"},
        {damaged + "--claim maybe", 2, "--claim", "granted, open or none"},
        {damaged + "--purchase 17", 2, "--purchase", "3099000000000101"},
        {damaged + "--currency QQQ", 2, "--currency", "ISO 4217"},
        {"remedy --complaint damaged", 2, "SALE", ""},
        {"remedy '#1051'", 2, "--complaint", ""},
    };
    for (const auto& row : rows) {
        CAPTURE(row.arguments);
        const auto ran = demo.run(row.arguments);
        CHECK(ran.code == row.code);
        CHECK_MESSAGE(holds(ran.err, row.place), ran.err);
        CHECK_MESSAGE(holds(ran.err, row.reason), ran.err);
        CHECK(ran.out.empty());
    }
}

TEST_CASE("remedy: a currency without a rate leaves the sum open and says so") {
    const Demo demo;
    const auto report = demo.json_of("remedy '#1051' --complaint damaged --currency KWD");
    const auto& refund = way(report, "refund");
    CHECK(refund.at("best").is_null());
    REQUIRE_FALSE(refund.at("missing").as_array().empty());
    const std::string missing(refund.at("missing").as_array().front().as_string());
    CHECK_MESSAGE(holds(missing, "a rate USD to KWD"), missing);
}

}  // namespace holdfast::test
