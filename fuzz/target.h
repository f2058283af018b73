// What a fuzzer calls with bytes of its own making. A fault is a failed VERIFY, which nobody
// catches here, or what the sanitizers see. libFuzzer calls it by this name; replay.cpp calls it
// with files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace holdfast::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

// What stands before the first `mark`, which is taken out with it; all of it where there is none.
inline std::string_view take_until(std::string_view& text, char mark) {
    const auto end = text.find(mark);
    const auto taken = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return taken;
}

}  // namespace holdfast::fuzz
