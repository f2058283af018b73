#include "desk/due.h"
#include "desk/test_support.h"

#include <algorithm>

namespace holdfast::desk {
namespace {

using namespace test;
using terms::Reason;
using What = Due::What;

const terms::Terms* law_of(std::string_view destination) {
    static const auto eu = shipped_law("law-eu");
    static const auto uk = shipped_law("law-uk");
    const auto name = law_for(destination);
    if (name.empty()) return nullptr;
    return name == "eu-crd" ? &eu : &uk;
}

}  // namespace

TEST_CASE("due: what the customer may ask for") {
    const auto paid = instant("2026-10-20T12:00:00Z");
    const auto had = instant("2026-11-10T12:00:00Z");  // the goods
    // clang-format off
    struct Row { const char* name; const char* destination; DueQuestion question; Instant at; What expected; };
    const Row rows[] = {
        {"within 30 days", "DE", {.reason = Reason::not_received, .paid = paid}, paid + days{29}, What::goods},
        {"after 30 days", "DE", {.reason = Reason::not_received, .paid = paid}, paid + days{35}, What::goods_or_refund},
        {"60 days were agreed", "DE", {.reason = Reason::not_received, .paid = paid, .promise = {.delivery_days = 60}}, paid + days{60} - 1ms, What::goods},
        {"60 days were agreed, and are over", "DE", {.reason = Reason::not_received, .paid = paid, .promise = {.delivery_days = 60}}, paid + days{60}, What::goods_or_refund},
        {"no law, a promise", "US", {.reason = Reason::not_received, .paid = paid, .promise = {.delivery_days = 60}}, paid + days{59}, What::goods},
        {"no law, no promise", "US", {.reason = Reason::not_received, .paid = paid}, paid + days{1}, What::goods_or_refund},
        {"late and there", "DE", {.reason = Reason::late, .paid = paid, .delivered = had, .goods_there = true}, now, What::nothing},
        {"late and not there", "DE", {.reason = Reason::late, .paid = paid}, now, What::goods_or_refund},
        {"damaged, EU", "FR", {.reason = Reason::damaged, .paid = paid, .delivered = had, .goods_there = true}, now, What::goods_or_refund},
        {"damaged, EU, after two years", "FR", {.reason = Reason::damaged, .paid = paid, .delivered = had, .goods_there = true}, had + days{800}, What::nothing},
        {"damaged, UK, within 30 days", "GB", {.reason = Reason::damaged, .paid = paid, .delivered = had, .goods_there = true}, had + days{30}, What::refund},
        {"damaged, UK, later", "GB", {.reason = Reason::damaged, .paid = paid, .delivered = had, .goods_there = true}, had + days{40}, What::goods_or_refund},
        {"damaged, no law", "US", {.reason = Reason::damaged, .paid = paid, .delivered = had, .goods_there = true}, now, What::goods_or_refund},
        {"damaged, no scan", "GB", {.reason = Reason::wrong_item, .paid = paid, .goods_there = true}, now, What::refund},
        {"change of mind, 14 days", "DE", {.reason = Reason::change_of_mind, .paid = paid, .delivered = had, .goods_there = true}, had + days{13}, What::return_for_refund},
        {"change of mind, later", "DE", {.reason = Reason::change_of_mind, .paid = paid, .delivered = had, .goods_there = true}, had + days{20}, What::nothing},
        {"change of mind, the store gives 30", "DE", {.reason = Reason::change_of_mind, .paid = paid, .delivered = had, .goods_there = true, .promise = {.return_days = 30}}, had + days{20}, What::return_for_refund},
        {"change of mind, the last instant", "US", {.reason = Reason::change_of_mind, .paid = paid, .delivered = had, .goods_there = true, .promise = {.return_days = 30}}, had + days{30} - 1ms, What::return_for_refund},
        {"change of mind, the first too late", "US", {.reason = Reason::change_of_mind, .paid = paid, .delivered = had, .goods_there = true, .promise = {.return_days = 30}}, had + days{30}, What::nothing},
        {"change of mind, no law", "US", {.reason = Reason::change_of_mind, .paid = paid, .delivered = had, .goods_there = true}, now, What::nothing},
        {"change of mind before it came", "DE", {.reason = Reason::change_of_mind, .paid = paid}, now, What::refund},
        {"all refunded", "DE", {.reason = Reason::damaged, .paid = paid, .goods_there = true, .all_refunded = true}, now, What::nothing},
    };
    // clang-format on
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto due = due_of(row.question, law_of(row.destination), row.at);
        CHECK(to_string(due.what) == to_string(row.expected));
        CHECK_FALSE(due.basis.empty());
    }
}

TEST_CASE("due: who pays for the way back") {
    const DueQuestion question{.reason = Reason::change_of_mind,
                               .paid = instant("2026-10-20T12:00:00Z"),
                               .delivered = instant("2026-11-20T12:00:00Z"),
                               .goods_there = true};
    CHECK(due_of(question, law_of("DE"), now).customer_bears_postage);
    auto damaged = question;
    damaged.reason = Reason::damaged;
    CHECK_FALSE(due_of(damaged, law_of("DE"), now).customer_bears_postage);
}

TEST_CASE("due: no date is told from a guessed delivery as if it were known") {
    const auto has = [](const Due& due, std::string_view part) {
        return std::ranges::any_of(due.basis,
                                   [&](const std::string& one) { return one.contains(part); });
    };
    const auto paid = instant("2026-09-01T12:00:00Z");
    for (const bool guessed : {false, true}) {
        CAPTURE(guessed);
        DueQuestion question{.reason = Reason::late,
                             .paid = paid,
                             .delivered = instant("2026-11-20T12:00:00Z"),
                             .delivered_estimated = guessed,
                             .goods_there = true};
        const auto late = due_of(question, law_of("DE"), now);
        CHECK(has(late, "the goods came late") != guessed);
        CHECK(has(late, "whether they were late is not known") == guessed);
        CHECK(has(late, "an estimate, counted from 2026-11-20 12:00 UTC") == guessed);
        question.reason = Reason::change_of_mind;
        CHECK(has(due_of(question, law_of("DE"), now), "is an estimate, counted from") == guessed);
    }
    // Nobody says since when the customer has them.
    const DueQuestion damaged{.reason = Reason::damaged, .paid = paid, .goods_there = true};
    const auto reject = due_of(damaged, law_of("GB"), now);
    REQUIRE(reject.by);
    CHECK(has(reject, "is an estimate, counted from 2026-11-23 12:00 UTC"));
}

TEST_CASE("due: which law covers a destination") {
    CHECK(law_for("DE") == "eu-crd");
    CHECK(law_for("GB") == "uk-cra");
    CHECK(law_for("US").empty());
    CHECK(law_for("").empty());
}

}  // namespace holdfast::desk
