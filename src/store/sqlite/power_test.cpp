// The power goes at any moment: what was said to be written is there, the rest whole or absent.
#include "store/random_script.h"
#include "store/sqlite/fault_vfs.h"
#include "store/sqlite/test_support.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <random>

namespace holdfast::store {
namespace {

using namespace store_test;

struct Totals {
    int cuts = 0, while_opening = 0, under_way_kept = 0, under_way_gone = 0;
    std::uint64_t lost = 0;
};

// The script goes on from step `done` until the power goes; how many steps are done then. Which is
// one more than `done` of an open that failed: none.
std::size_t run_until_cut(const Script& script, std::size_t done, const std::string& path,
                          FaultVfs& disk, bool& is_open) {
    is_open = false;
    try {
        const auto store = open_small(
            path, {.random = seeded_random(1), .log_pages_most = 40, .vfs = disk.name()});
        is_open = true;
        for (; done < script.steps.size(); ++done) {
            const std::string answer = script.steps[done](*store);  // CHECK would keep the throw
            CHECK(answer == script.answers[done]);
        }
        disk.cut_power();  // before the file is closed
    } catch (const StoreDown& down) {
        CHECK(disk.is_off());
        CHECK(contains(down.what(), path));
    }
    return done;
}

// The files as they are now, opened elsewhere, so that whoever opens them next has it to do too.
std::string content_after(const std::string& path) {
    const Directory elsewhere;
    for (const char* end : {"", "-wal", "-journal"})
        if (std::filesystem::exists(path + end))
            std::filesystem::copy(path + end, elsewhere.file("store.db") + end);
    const FaultVfs quick(0);
    const auto store = open_small(elsewhere.file("store.db"), {.vfs = quick.name()});
    const auto damage = store->find_damage();
    CHECK(damage.value_or("") == "");
    return content_of(*store);
}

void play(std::uint64_t seed, Totals& totals) {
    CAPTURE(seed);
    constexpr std::size_t steps = 12;
    const Script script = random_script(seed, steps);
    std::mt19937_64 random(seed);
    const Directory directory;
    const std::string path = directory.file("store.db");
    FaultVfs disk(seed);
    // Early and late moments alike, so early that opening it takes several; each other time just
    // when something is to last.
    for (std::size_t done = 0; done < steps; ++totals.cuts) {
        if (random() % 2)
            disk.cut_power_at(1 + random() % (std::uint64_t{8} << (random() % 8)));
        else
            disk.cut_power_at(1 + random() % 12, call_sync);
        bool is_open = false;
        done = run_until_cut(script, done, path, disk, is_open);
        const auto lost_before = disk.lost();
        disk.come_back();
        totals.lost += disk.lost() - lost_before;
        if (!is_open) ++totals.while_opening;

        const std::string content = content_after(path);
        CAPTURE(done);
        if (content == script.contents[done]) {
            if (is_open && done < steps) ++totals.under_way_gone;
            continue;
        }
        REQUIRE(is_open);
        REQUIRE(done < steps);
        REQUIRE(content == script.contents[++done]);
        ++totals.under_way_kept;
    }
}

TEST_CASE("power: what was answered outlives a cut, and what was under way is whole or absent") {
    const char* rounds = std::getenv("HOLDFAST_LONG");
    const int cuts_least = rounds ? std::max(200, std::atoi(rounds)) : 200;
    Totals totals;
    for (std::uint64_t seed = 1; totals.cuts < cuts_least; ++seed) play(seed, totals);

    INFO(totals.cuts, " cuts, ", totals.while_opening, " while opening, ", totals.lost,
         " writes lost; under way: kept ", totals.under_way_kept, ", gone ", totals.under_way_gone);
    CHECK(totals.while_opening > 20);
    CHECK(totals.under_way_kept > 5);
    CHECK(totals.under_way_gone > 20);
    CHECK(totals.lost > 200);
}

}  // namespace
}  // namespace holdfast::store
