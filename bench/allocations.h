// Every allocation of the program is counted, so that "none" can be shown and not only said. To be
// included once by a program.
#pragma once

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <new>

namespace holdfast::bench {

inline std::atomic<std::uint64_t> allocations{0};

}  // namespace holdfast::bench

[[gnu::noinline]] void* operator new(std::size_t size) {
    holdfast::bench::allocations.fetch_add(1, std::memory_order_relaxed);
    if (auto* memory = std::malloc(size ? size : 1)) return memory;
    throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
