// The worklist kept in memory says what a scan of everything says, whatever was imported since and
// however much time has passed.
#include "engine/desk_board.h"
#include "engine/desk_reports.h"
#include "engine/importer.h"
#include "rules_fixture.h"
#include "store/memory/memory_store.h"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

namespace holdfast::engine {
namespace {

using namespace std::chrono_literals;
using desk::WorkWord;

const Instant start = *parse_instant("2026-06-01T08:00:00Z");
constexpr int purchases = 60;

DeskSettings settings() { return {.options = {}, .programme = "aliexpress", .programmes = {}}; }

std::string reference(int n) { return "30990000000" + std::to_string(10'000 + n); }
std::string tracking(int n) { return "LP00" + std::to_string(100'000 + n) + "CN"; }

using Rows = std::vector<std::string>;  // "3099… claim_now, and act by …"

std::string row_of(const desk::WorkItem& item) {
    return item.reference + ' ' + std::string(to_string(item.word)) +
           (item.act_by ? ", " + item.act_by->why : "");
}

desk::SeenTime exactly(Instant at) {
    desk::SeenTime time;
    time.at = at;
    return time;
}

// What a scan of all says.
Rows scanned(store::Store& store, Instant now) {
    DeskView view(store, test::rules(), settings(), now);
    Rows rows;
    for (const auto& item : worklist_of(view)) rows.push_back(row_of(item));
    return rows;
}

Rows kept(DeskBoard& board) {
    Rows rows;
    for (std::size_t from = 0;; from += 7) {
        const auto page = board.page({}, from, 7);
        for (const auto& one : page.lines) rows.push_back(row_of(one.view.item));
        if (!page.has_more) return rows;
    }
}

class World {
public:
    explicit World(std::uint32_t seed) : random_(seed) {}

    store::Store& store() { return *store_; }
    Instant now = start;

    // Something that happens to one of the purchases, as a source says it.
    void happen() {
        const int n = upto(purchases);
        Importer importer(*store_, now, "test");
        switch (upto(9)) {
        case 0:
        case 1: importer.add({origin("aliexpress_order_api"), placed(n)}); break;
        case 2: importer.add({origin("aftership"), parcel(n, desk::ParcelStatus::moving)}); break;
        case 3:
            importer.add({origin("aftership"), parcel(n, desk::ParcelStatus::delivered)});
            break;
        case 4: importer.add({origin("given"), link(n)}); break;
        case 5: importer.add({origin("stripe_json"), dispute(n)}); break;
        case 6: importer.add({origin("shopify_order_json"), sale(n)}); break;
        case 7: file_claim(n); break;
        default:
            importer.add(
                {origin("given_rates_csv"),
                 desk::RateSeen{
                     .from = Currency::eur,
                     .to = Currency::usd,
                     .on = Day{std::chrono::floor<std::chrono::days>(now).time_since_epoch()},
                     .numerator = 90 + upto(40),
                     .denominator = 100}});
        }
        importer.flush();
    }
    int upto(int most) { return static_cast<int>(random_() % static_cast<unsigned>(most)); }

private:
    // On one purchase, now and then for the dispute of another's customer.
    void file_claim(int n) {
        ClaimFiled filed{.case_number = "C-" + std::to_string(n), .reason = "not_received"};
        if (upto(2) == 0) {
            filed.dispute_system = "stripe";
            filed.dispute_reference = "du_" + std::to_string(upto(purchases));
        }
        const auto stream =
            store::stream_id_of(store::StreamKind::purchase, "aliexpress", "", reference(n));
        if (store_->find(stream))
            DeskWork(*store_).write(stream, {.what = filed, .by = "usr_a", .at = now});
    }
    desk::Origin origin(std::string format) {
        return {.format = std::move(format), .seen_at = now, .file = "f", .line = 0};
    }
    desk::PurchaseSeen placed(int n) {
        desk::PurchaseSeen seen;
        seen.system = "aliexpress";
        seen.reference = reference(n);
        seen.account = n % 2 ? "main" : "second";
        seen.store_name = "store " + std::to_string(n % 3);
        seen.created = seen.paid = exactly(now - 24h * (n % 50));
        seen.shipped = exactly(now - 24h * (n % 50) + 48h);
        seen.commit_days = 20 + n % 40;
        seen.phase = upto(8) == 0 ? desk::Phase::completed : desk::Phase::shipped;
        if (n % 10 != 0)
            seen.total = Money::of_minor(500 + 37 * n, n % 4 ? Currency::usd : Currency::eur);
        seen.tracking_numbers = {tracking(n)};
        return seen;
    }
    desk::ParcelSeen parcel(int n, desk::ParcelStatus status) {
        desk::ParcelSeen seen;
        seen.tracking_number = tracking(n);
        seen.status = status;
        seen.scans = {{.at = exactly(now - 1h), .status = status, .text = "scan"}};
        if (status == desk::ParcelStatus::delivered) seen.delivered = exactly(now - 1h);
        return seen;
    }
    desk::SaleSeen sale(int n) {
        desk::SaleSeen seen;
        seen.system = n % 2 ? "shopify" : "woocommerce";
        seen.reference = "#" + std::to_string(n);
        seen.payment_ids = {"ch_" + std::to_string(n)};
        return seen;
    }
    desk::MovementSeen dispute(int n) {
        desk::MovementSeen seen;
        seen.system = "stripe";
        seen.reference = "du_" + std::to_string(n);
        seen.kind = desk::MovementSeen::Kind::dispute;
        seen.state =
            upto(4) == 0 ? desk::MovementSeen::State::not_made : desk::MovementSeen::State::pending;
        if (n % 3)
            seen.payment_ids = {"ch_" + std::to_string(n)};
        else
            seen.sale_reference = "#" + std::to_string(n);
        seen.amount = Money::of_minor(900 + n, Currency::usd);
        seen.our_turn = upto(3) != 0;
        seen.answer_by = now + 24h * upto(20);
        return seen;
    }
    desk::LinkSeen link(int n) {
        desk::LinkSeen seen;
        seen.sale_system = n % 2 ? "shopify" : "woocommerce";
        seen.sale_reference = "#" + std::to_string(n);
        seen.purchase_system = "aliexpress";
        seen.purchase_reference = reference(n);
        return seen;
    }

    std::unique_ptr<store::Store> store_ = store::make_memory_store();
    std::mt19937 random_;
};

}  // namespace

TEST_CASE("desk board: whatever happens, it says what a scan says") {
    for (std::uint32_t seed = 1; seed <= 6; ++seed) {
        CAPTURE(seed);
        World world(seed);
        for (int i = 0; i < 40; ++i) world.happen();
        DeskView view(world.store(), test::rules(), settings(), start);
        DeskBoard board(world.store(), view);
        std::size_t shown = 0;
        for (int step = 0; step < 80; ++step) {
            for (int i = world.upto(4); i > 0; --i) world.happen();
            world.now += 1h * world.upto(30) + 17min;
            board.refresh(world.now);
            const auto rows = kept(board);
            shown += rows.size();
            const auto all = scanned(world.store(), world.now);
            REQUIRE(rows.size() == all.size());
            for (std::size_t i = 0; i < all.size(); ++i) REQUIRE(rows[i] == all[i]);
        }
        CHECK(shown > 500);
    }
}

TEST_CASE("desk board: small steps come to the same") {
    World world(77);
    for (int i = 0; i < 200; ++i) world.happen();
    DeskView view(world.store(), test::rules(), settings(), start);
    DeskBoard board(world.store(), view);
    board.refresh(world.now);
    for (int i = 0; i < 50; ++i) world.happen();
    world.now += 24h * 20;
    int steps = 1;
    while (board.refresh(world.now, 3) == 3) ++steps;
    CHECK(steps > 5);
    CHECK(kept(board) == scanned(world.store(), world.now));
}

TEST_CASE("desk board: rows are given, sleep, and count as filed") {
    World world(5);
    for (int i = 0; i < 200; ++i) world.happen();
    DeskView view(world.store(), test::rules(), settings(), start);
    DeskBoard board(world.store(), view);
    world.now += 24h * 10;
    board.refresh(world.now);
    const auto all = board.page({}, 0, 1000);
    REQUIRE(all.lines.size() > 10);
    const auto first = all.lines[0].view.stream, second = all.lines[1].view.stream;
    const auto filed = board.curve(30).filed_in_span;

    DeskWork work(world.store());
    const RowAsk take{.what = RowAssigned{.to = "usr_a"},
                      .by = "usr_a",
                      .at = world.now,
                      .key = "k",
                      .hash = hash_of("a")};
    CHECK_FALSE(work.write(first, take)->is_repeated);
    CHECK(work.write(first, take)->is_repeated);
    auto other = take;
    other.hash = hash_of("b");
    CHECK_FALSE(work.write(first, other).has_value());
    REQUIRE(work.write(
        second, {.what = RowSnoozed{.until = world.now + 2h}, .by = "usr_b", .at = world.now}));
    REQUIRE(work.write(second, {.what = ClaimFiled{.case_number = "C-1", .reason = "late"},
                                .by = "usr_b",
                                .at = world.now}));
    board.refresh(world.now);

    CHECK(board.page({.assignee = "usr_a"}, 0, 10).lines.size() == 1);
    CHECK(board.page({.assignee = "usr_nobody"}, 0, 10).lines.empty());
    CHECK(board.page({.unassigned = true}, 0, 1000).lines.size() == all.lines.size() - 2);
    CHECK(board.page({.seen_by = "usr_b"}, 0, 1000).lines.size() == all.lines.size() - 2);
    CHECK(board.page({.seen_by = "usr_a"}, 0, 1000).lines.size() == all.lines.size() - 1);
    CHECK(board.page({.snoozed = true}, 0, 1000).lines.size() == all.lines.size());
    CHECK(board.curve(30).filed_in_span == filed + 1);
    CHECK(board.state_of(second)->case_number == "C-1");
    CHECK(work.history(second).size() == 2);

    world.now += 2h;  // to the millisecond: it is awake again
    board.refresh(world.now);
    CHECK(board.page({.seen_by = "usr_a"}, 0, 1000).lines.size() ==
          scanned(world.store(), world.now).size());

    // By store, account and the supplier's store.
    std::size_t of_main = 0, of_shopify = 0;
    for (const auto& one : board.page({}, 0, 1000).lines) {
        of_main += one.view.account == "main";
        of_shopify += one.view.stores.contains("shopify");
    }
    REQUIRE(of_main > 0);
    REQUIRE(of_shopify > 0);
    CHECK(board.page({.account = "main"}, 0, 1000).lines.size() == of_main);
    CHECK(board.page({.store = "shopify"}, 0, 1000).lines.size() == of_shopify);
    CHECK(board.page({.store = "ebay"}, 0, 1000).lines.empty());
}

TEST_CASE("desk board: the lapse curve adds up to what may still be claimed") {
    World world(9);
    for (int i = 0; i < 300; ++i) world.happen();
    world.now += 24h * 15;
    DeskView view(world.store(), test::rules(), settings(), start);
    DeskBoard board(world.store(), view);
    board.refresh(world.now);
    std::int64_t wanted = 0, told = 0;
    std::uint64_t rows = 0, without = 0;
    const auto end = std::chrono::floor<std::chrono::days>(world.now) + std::chrono::days{30};
    for (const auto& one : board.page({}, 0, 1000).lines) {
        const auto& item = one.view.item;
        const bool can_lapse = item.word != WorkWord::missed && item.word != WorkWord::recovered &&
                               item.word != WorkWord::answer_due &&
                               item.word != WorkWord::return_due;
        if (!can_lapse || !item.closes_at || *item.closes_at <= world.now || *item.closes_at >= end)
            continue;
        ++rows;
        const auto urgency = desk::urgency_of(item, view.rates(), settings().options, world.now);
        if (urgency.converted)
            wanted += urgency.stake;
        else
            ++without;
    }
    REQUIRE(rows > 3);
    const auto curve = board.curve(30);
    CHECK(curve.days.size() == 30);
    std::uint64_t counted = 0;
    for (const auto& day : curve.days) {
        told += day.money.minor();
        counted += day.rows;
    }
    CHECK(told == wanted);
    CHECK(counted == rows);
    CHECK(curve.without_sum == without);
}

TEST_CASE("desk board: a row sleeps no longer than to its claim's last day") {
    const auto now = start, asked = start + 72h;
    struct Row {
        const char* name;
        std::optional<Instant> snoozed_until, closes_at, expected;
    };
    const Row rows[] = {
        {"awake", {}, {}, {}},
        {"as asked", asked, {}, asked},
        {"it has slept", now, {}, {}},
        {"closes long after", asked, asked + 48h, asked},
        {"closes a day after", asked, asked + 24h, asked},
        {"closes before", asked, now + 48h, now + 24h},
        {"closes within a day", asked, now + 24h, {}},
        {"has closed", asked, now, asked},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        CHECK(sleeps_until(row.snoozed_until, row.closes_at, now) == row.expected);
    }
}

TEST_CASE("desk view: a claim's case number finds its purchase") {
    World world(11);
    for (int i = 0; i < 100; ++i) world.happen();
    DeskView view(world.store(), test::rules(), settings(), world.now);
    std::optional<store::StreamId> one;
    view.each_purchase([&](const PurchaseView& purchase) {
        one = purchase.stream;
        return false;
    });
    REQUIRE(one);
    DeskWork work(world.store());
    const ClaimFiled filed{.case_number = "Case 77-A", .reason = "not_received"};
    work.write(*one, {.what = filed, .by = "usr_a", .at = world.now});
    work.write(*one, {.what = RowAssigned{"usr_b"}, .by = "usr_a", .at = world.now});
    const auto found = view.search("case 77-a");
    const bool is_there =
        std::ranges::any_of(found.purchases,
                            [&](const auto& seen) { return seen.stream == *one; }) ||
        std::ranges::any_of(found.sales, [&](const auto& sale) {
            return std::ranges::any_of(sale.purchases,
                                       [&](const auto& seen) { return seen.stream == *one; });
        });
    CHECK(is_there);
    CHECK(view.search("case 77-b").purchases.empty());
}

}  // namespace holdfast::engine
