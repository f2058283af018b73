// Any call to the disk fails: the failure is told, nothing is half written, and what failed once
// works the next time.
#include "store/random_script.h"
#include "store/sqlite/fault_vfs.h"
#include "store/sqlite/test_support.h"

#include <doctest/doctest.h>

#include <cstdlib>

namespace holdfast::store {
namespace {

using namespace store_test;

SqliteOptions on(const FaultVfs& disk) {
    return {.random = seeded_random(1), .log_pages_most = 12, .vfs = disk.name()};
}

struct Totals {
    int runs = 0, told = 0, lost = 0, full = 0, not_opened = 0, kept = 0, gone = 0;
};

// One run of the script with one fault.
class Run {
public:
    Run(const Script& script, const Fault& fault, Totals& totals)
        : script_(script), fault_(fault), totals_(totals), disk_(fault.at) {}

    // False if the whole script needs fewer calls than that.
    bool play() {
        disk_.fail(fault_);
        while (done_ < script_.steps.size()) {
            if (!store_ && !open()) continue;
            take_step();
        }
        const bool is_hit = disk_.hits() > 0;
        if (is_hit) ++totals_.runs;
        store_.reset();
        disk_.mend();
        check_file();
        CHECK(told_ <= disk_.hits());
        return is_hit;
    }

private:
    bool open() {
        try {
            store_ = open_small(path_, on(disk_));
            return true;
        } catch (const StoreDown& down) {
            ++totals_.not_opened;
            note(down);
            return false;
        }
    }

    void take_step() {
        try {
            const std::string answer = script_.steps[done_](*store_);
            CHECK(answer == script_.answers[done_]);
            ++done_;
        } catch (const StoreLost& lost) {
            ++totals_.lost;
            note(lost);
            CHECK_THROWS_AS(store_->record_import({}), StoreLost);  // it stays so
            store_.reset();
            disk_.cut_power();
            disk_.come_back();
            check_step();
        } catch (const StoreFull& full) {
            ++totals_.full;
            note(full);
            check_step();
        } catch (const StoreDown& down) {
            note(down);
            check_step();
        }
    }

    void note(const StoreDown& down) {
        ++told_;
        ++totals_.told;
        CHECK(contains(down.what(), path_));
        CHECK(disk_.hits() > 0);
        disk_.mend();  // what fails for good does so until somebody comes
    }

    // The step that failed is whole or absent, also for the store that it failed in.
    void check_step() {
        const std::string content = store_ ? content_of(*store_) : content_of(*open_again());
        if (content == script_.contents[done_]) {
            ++totals_.gone;
            return;
        }
        REQUIRE(content == script_.contents[done_ + 1]);
        ++done_;
        ++totals_.kept;
    }

    std::unique_ptr<Store> open_again() const { return open_small(path_, on(disk_)); }

    void check_file() const {
        const auto store = open_again();
        CHECK(store->find_damage().value_or("") == "");
        CHECK(content_of(*store) == script_.contents.back());
    }

    const Script& script_;
    const Fault& fault_;
    Totals& totals_;
    Directory directory_;
    std::string path_ = directory_.file("store.db");
    FaultVfs disk_;
    std::unique_ptr<Store> store_;
    std::size_t done_ = 0;
    std::uint64_t told_ = 0;
};

// Every call of a short script, or of a long one if there is time.
TEST_CASE("fault: each call to the disk fails once and for good") {
    const std::size_t steps = std::getenv("HOLDFAST_LONG") ? 30 : 8;
    const Script script = random_script(5, steps);
    struct Row {
        const char* name;
        Failing failing;
        Failure failure;
        unsigned calls;
    };
    // clang-format off
    const Row rows[] = {
        {"once",               Failing::once,     Failure::broken, call_any},
        {"for good",           Failing::for_good, Failure::broken, call_any},
        {"a full disk, once",  Failing::once,     Failure::full,   call_write},
        {"a full disk",        Failing::for_good, Failure::full,   call_write},
    };
    // clang-format on
    Totals totals;
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const int before = totals.runs;
        bool is_hit = true;
        for (std::uint64_t at = 1; is_hit; ++at) {
            CAPTURE(at);
            const Fault fault{
                .at = at, .calls = row.calls, .failing = row.failing, .failure = row.failure};
            is_hit = Run(script, fault, totals).play();
        }
        CHECK(totals.runs - before > 40);
    }
    INFO(totals.runs, " faults, ", totals.told, " told: ", totals.not_opened, " not opened, ",
         totals.lost, " lost, ", totals.full, " full; the step kept ", totals.kept, ", gone ",
         totals.gone);
    CHECK(totals.told > totals.runs / 2);
    CHECK(totals.lost > 5);
    CHECK(totals.full > 20);
    CHECK(totals.gone > 50);
    CHECK(totals.kept > 0);
}

}  // namespace
}  // namespace holdfast::store
