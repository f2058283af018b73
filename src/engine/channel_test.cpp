#include "engine/channel.h"

#include <doctest/doctest.h>

#include <thread>
#include <vector>

namespace holdfast::engine {

TEST_CASE("a channel hands on in order, and no more than it may hold waits in it") {
    Channel<int> channel(2);
    int pushed = 0;
    std::jthread giver([&] {
        for (int i = 0; i < 1000; ++i)
            if (channel.push(i)) ++pushed;
        channel.close();
    });
    std::vector<int> taken;
    while (auto next = channel.pop()) taken.push_back(*next);
    giver.join();
    CHECK(pushed == 1000);
    REQUIRE(taken.size() == 1000);
    for (int i = 0; i < 1000; ++i) CHECK(taken[static_cast<std::size_t>(i)] == i);
    CHECK_FALSE(channel.pop());
}

TEST_CASE("who waits to push into a channel is let go when nobody takes any more") {
    Channel<int> channel(1);
    CHECK(channel.push(1));
    bool was_taken = true;
    std::jthread giver([&] { was_taken = channel.push(2); });
    channel.close();
    giver.join();
    CHECK_FALSE(was_taken);
    CHECK(channel.pop() == 1);  // was in it before
    CHECK_FALSE(channel.pop());
}

}  // namespace holdfast::engine
