// kill -9 against a running engine on a real file, with a witness outside: what was acknowledged is
// there, what was not is there whole or not at all, and repeating its key tells which.
#include "engine_world.h"

#include "cli_fixture.h"
#include "engine/auditor.h"
#include "engine/engine.h"
#include "store/sqlite/sqlite_store.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <semaphore>

namespace holdfast::test {
namespace {

using namespace engine;
using namespace std::chrono;

constexpr std::size_t steps_of_life = 4;
constexpr std::uint64_t in_flight = 16;

PlaceOrder order_of(std::uint64_t number) {
    order::Placement placed;
    placed.buyer.bytes[15] = 1;
    placed.seller.bytes[15] = static_cast<std::uint8_t>(2 + number % 3);
    placed.lines = {{.sku = Word("mug"), .quantity = 1, .unit_price = 4'500}};
    placed.terms = terms::pin_of(marketplace_terms());
    return {.account = "shop",
            .reference = std::to_string(number),
            .placed_at = sys_days{year{2026} / 3 / 2},
            .placement = placed};
}

// The n-th work of an order's life: place, pay, ship, confirm.
Work work_of(std::uint64_t number, std::size_t step) {
    const auto placing = order_of(number);
    Work work{.stream = order_stream(placing.account, placing.reference, placing.placed_at),
              .what = placing,
              .cause = "test"};
    const auto when = placing.placed_at;
    if (step == 1) work.what = order::Observation{when, order::SeeCaptured{.amount = 4'500}};
    if (step == 2)
        work.what = order::Observation{
            when, order::SeeShipped{.lines = {}, .tracking = Word("T"), .replaces = {}}};
    if (step == 3)
        work.what = order::Command{.by = order::Party::buyer, .request = order::ConfirmReceipt{}};
    work.key = "k" + std::to_string(number) + "-" + std::to_string(step);
    work.request_hash = hash_of(work.key);
    return work;
}

// What the child tells of each acknowledged work: whole or not at all in a pipe, being so short.
struct Told {
    std::uint64_t number = 0, step = 0, version = 0;
};

// Runs until it is killed: `in_flight` orders at once, each answer followed by the next work.
[[noreturn]] void live(const std::string& path, std::uint64_t first, int pipe) {
    const auto store = store::open_sqlite(path, {.exclusive = true});
    Engine engine(*store, marketplace_book(), system_clock());
    std::atomic<std::uint64_t> next = first;
    std::counting_semaphore<> never(0);
    std::function<void(std::uint64_t, std::size_t)> go = [&](std::uint64_t number,
                                                             std::size_t step) {
        engine.submit(work_of(number, step), [&, number, step](const Answer& answer) {
            if (answer.outcome != Outcome::done && answer.outcome != Outcome::replayed)
                ::_exit(EXIT_FAILURE);
            const Told told{.number = number, .step = step, .version = answer.version};
            if (::write(pipe, &told, sizeof told) != sizeof told) ::_exit(EXIT_FAILURE);
            if (step + 1 < steps_of_life)
                go(number, step + 1);
            else
                go(next++, 0);
        });
    };
    for (std::uint64_t i = 0; i < in_flight; ++i) go(next++, 0);
    never.acquire();
    std::abort();
}

}  // namespace

TEST_CASE("kill -9: what was acknowledged is there, and a repeated key tells the rest") {
    const Folder folder;
    const auto path = folder.file("store.db");
    const auto kills = number_of("HOLDFAST_LONG", is_sanitized ? 4 : 20);
    std::uint64_t killed = 0;
    Random random(7);
    static_cast<void>(marketplace_book());  // before the fork
    std::uint64_t first = 0, acknowledged = 0, kills_with_some = 0, repeated = 0, found_whole = 0;

    for (; killed < kills || (repeated == 0 && killed < 20 * kills); ++killed) {
        const auto told = told_until_killed<Told>([&](int pipe) { live(path, first, pipe); },
                                                  milliseconds(random.between(1, 60)));
        acknowledged += told.size();
        if (!told.empty()) ++kills_with_some;

        const auto store = store::open_sqlite(path, {.exclusive = true});
        CHECK(store->find_damage() == std::nullopt);
        AuditCounts counts;
        CHECK(find_disagreement(*store, counts) == std::nullopt);
        std::uint64_t last = first + in_flight;
        for (const auto& [number, step, version] : told) {
            const auto work = work_of(number, step);
            const auto history = store->load(work.stream);
            const auto kept =
                std::ranges::find(history.requests, work.key, &store::KeptRequest::key);
            REQUIRE(kept != history.requests.end());
            CHECK(kept->version == version);
            last = std::max(last, number + 1);
        }
        // Everything again, by its own key: each work has one effect, whoever was told of it.
        Writer writer(*store, marketplace_book());
        const auto now = std::chrono::floor<Duration>(system_clock::now());
        for (auto number = first; number < last; ++number)
            for (std::size_t step = 0; step < steps_of_life; ++step) {
                auto work = work_of(number, step);
                work.received_at = now;
                const auto answer = writer.run({&work, 1}).front();
                CHECK((answer.outcome == Outcome::done || answer.outcome == Outcome::replayed));
                (answer.outcome == Outcome::done ? repeated : found_whole) += 1;
            }
        while (writer.carry(now + days{1}, 100) > 0) {
        }
        for (auto number = first; number < last; ++number) {
            const auto balances = store->balances(work_of(number, 0).stream);
            for (const auto& [account, amount] : balances) CHECK(account != "escrow");
        }
        first = last;
    }
    MESSAGE("kills: " << killed << ", acknowledged: " << acknowledged
                      << ", found whole: " << found_whole << ", done by repeating: " << repeated);
    CHECK(kills_with_some == killed);
    CHECK(found_whole >= acknowledged);
    CHECK(repeated > 0);
}

}  // namespace holdfast::test
