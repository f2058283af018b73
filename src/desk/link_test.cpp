#include "desk/link.h"
#include "desk/test_support.h"

#include <algorithm>
#include <span>

namespace holdfast::desk {
namespace {

using namespace test;

SaleSeen sale_seen(std::string reference, std::string_view created, std::string title) {
    SaleSeen seen;
    seen.system = "shopify";
    seen.reference = std::move(reference);
    seen.created = test::seen(created);
    seen.destination = "FR";
    LineSeen line;
    line.title = std::move(title);
    line.sku = "JW-1";
    line.quantity = 2;
    seen.lines = {line};
    return seen;
}
Sale sale_of(const SaleSeen& seen) {
    return fold<Sale, SaleSeen>({{origin("shopify_order_json"), seen}});
}

Purchase bought(std::string reference, std::string_view created, std::string title,
                std::string destination = "FR", std::int32_t quantity = 2) {
    auto seen = purchase_seen(std::move(reference));
    seen.created = test::seen(created);
    seen.destination = std::move(destination);
    auto line = line_seen("77", quantity, 500);
    line.title = std::move(title);
    seen.lines = {line};
    return purchase_of({api(seen)});
}

LinkSeen decision(LinkSeen::How how, LinkSeen::State state) {
    LinkSeen seen;
    seen.sale_system = "shopify", seen.sale_reference = "#1";
    seen.purchase_system = "aliexpress", seen.purchase_reference = "1";
    seen.how = how, seen.state = state;
    return seen;
}

const Sale stool = sale_of(sale_seen("#1", "2026-09-24T21:10:12Z", "Oak folding stool"));

}  // namespace

TEST_CASE("guesses wait for a yes") {
    using How = LinkSeen::How;
    using State = LinkSeen::State;
    const auto later = now + days{1};
    struct Row {
        const char* name;
        std::vector<Observation> observations;
        State expected;
    };
    const Row rows[] = {
        {"a guess is open",
         {{origin("guess", now), decision(How::guess, State::open)}},
         State::open},
        {"a yes confirms it",
         {{origin("guess", now), decision(How::guess, State::open)},
          {origin("given", later), decision(How::given, State::confirmed)}},
         State::confirmed},
        {"a later guess does not undo a yes",
         {{origin("given", now), decision(How::given, State::confirmed)},
          {origin("guess", later), decision(How::guess, State::open)}},
         State::confirmed},
        {"nor a no",
         {{origin("given", now), decision(How::given, State::rejected)},
          {origin("x", later), decision(How::by_tracking, State::confirmed)}},
         State::rejected},
        {"the newer word of a person counts",
         {{origin("given", now), decision(How::given, State::confirmed)},
          {origin("given", later), decision(How::given, State::rejected)}},
         State::rejected},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        auto reversed = row.observations;
        std::ranges::reverse(reversed);
        const auto link = fold<Link, LinkSeen>(row.observations);
        CHECK(link.state() == row.expected);
        CHECK(fold<Link, LinkSeen>(reversed) == link);
    }
}

TEST_CASE("links: a guess needs the same words, days, place and quantity") {
    struct Row {
        const char* name;
        Purchase purchase;
        bool expected;
    };
    const Row rows[] = {
        {"alike", bought("1", "2026-09-25T05:47:30Z", "Folding Stool Oak Wood"), true},
        {"three days to the millisecond",
         bought("1", "2026-09-27T21:10:12Z", "Folding Stool Oak Wood"), true},
        {"a millisecond more", bought("1", "2026-09-27T21:10:12.001Z", "Folding Stool Oak Wood"),
         false},
        {"elsewhere", bought("1", "2026-09-25T05:47:30Z", "Folding Stool Oak Wood", "DE"), false},
        {"another quantity", bought("1", "2026-09-25T05:47:30Z", "Folding Stool Oak Wood", "FR", 1),
         false},
        {"other words", bought("1", "2026-09-25T05:47:30Z", "Wool throw grey"), false},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto links = guess_links(std::span(&stool, 1), std::span(&row.purchase, 1), {});
        REQUIRE(links.size() == (row.expected ? 1 : 0));
        if (!row.expected) continue;
        CHECK(links[0].state == LinkSeen::State::open);
        CHECK(links[0].how == LinkSeen::How::guess);
        CHECK(links[0].purchase_product_id == "77");
        CHECK(links[0].reason.find("both say folding oak stool") != std::string::npos);
    }
}

TEST_CASE("links: what a person says last counts, within a millisecond and by a clock set back") {
    using enum LinkSeen::State;
    Link link;
    const auto say = [&](LinkSeen::State state, Instant now) {
        const auto said = said_now(said_of(link, state), &link, now);
        evolve(link, std::get<LinkSeen>(said.seen), said.origin);
        return link.state();
    };
    const auto now = *parse_instant("2026-11-30T12:00:00Z");
    const auto first = said_now(said_of(link, confirmed), nullptr, now);
    CHECK(first.origin.seen_at == now);
    evolve(link, std::get<LinkSeen>(first.seen), first.origin);
    CHECK(say(rejected, now) == rejected);
    CHECK(say(confirmed, now) == confirmed);
    CHECK(say(rejected, now - std::chrono::hours{1}) == rejected);
    CHECK(say(confirmed, now + std::chrono::hours{1}) == confirmed);
    CHECK(link.decision->origin.seen_at == now + std::chrono::hours{1});
}

TEST_CASE("links: two purchases that fit as well give no guess") {
    const std::vector<Purchase> both = {bought("1", "2026-09-25T05:47:30Z", "Folding Stool Oak"),
                                        bought("2", "2026-09-25T06:47:30Z", "Folding Stool Oak")};
    CHECK(guess_links(std::span(&stool, 1), both, {}).empty());
}

TEST_CASE("links: a shared tracking number confirms") {
    auto sale = sale_seen("#1", "2026-01-01T00:00:00Z", "Something");
    sale.tracking_numbers = {"UB1"};
    auto purchase = purchase_seen("1");
    purchase.tracking_numbers = {"UB1"};
    const std::vector<Sale> sales = {sale_of(sale)};
    const std::vector<Purchase> purchases = {purchase_of({api(purchase)})};
    const auto links = guess_links(sales, purchases, {});
    REQUIRE(links.size() == 1);
    CHECK(links[0].how == LinkSeen::How::by_tracking);
    CHECK(links[0].state == LinkSeen::State::confirmed);

    Link existing;
    evolve(existing, links[0], origin("given"));
    CHECK(guess_links(sales, purchases, std::span(&existing, 1)).empty());
}

}  // namespace holdfast::desk
