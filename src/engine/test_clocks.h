// Clocks of the sandbox: each moves only when it is told to, and only forward.
//
// An order that was placed on one lives by it: its windows are judged by the clock's time, and
// nothing happens to it by itself until the clock is advanced. Parties, transfers and processors
// keep to the real time.
#pragma once

#include "store/store.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::engine {

class TestClocks {
public:
    explicit TestClocks(store::Store& store) : store_(store) {}

    // What it shows; none: there is no such clock. Throws StoreDown if its stream cannot be read.
    std::optional<Instant> find(std::string_view clock);

    // How often it was set; 0: there is no such clock.
    std::uint64_t version(std::string_view clock);

    // False: there is one of that name already.
    bool make(std::string_view clock, Instant shows, Instant now);
    // To a time that is not before what it shows; VERIFYs both that and that there is one.
    void advance(std::string_view clock, Instant to, Instant now);

    void forget() { known_.clear(); }  // another program may have moved them

private:
    struct Known {
        Instant shows{};
        std::uint64_t version = 0;
    };
    const Known* load(std::string_view clock);
    bool write(std::string_view clock, std::string_view kind, Known to, Instant now);

    store::Store& store_;
    std::map<std::string, Known, std::less<>> known_;
};

// Their names, in an order that stays.
std::vector<std::string> test_clocks(store::Store& store);

// Finds the orders of a clock.
std::string clock_term(std::string_view clock);

}  // namespace holdfast::engine
