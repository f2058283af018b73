// TRY(expression) is the value inside a std::expected, or returns its error from the function that
// says it. For plain functions only: it does not compile in a coroutine.
#pragma once

#include <expected>
#include <utility>

#define TRY(...)                                                                  \
    __extension__({                                                               \
        auto try_result_ = (__VA_ARGS__);                                         \
        if (!try_result_) return std::unexpected(std::move(try_result_).error()); \
        *std::move(try_result_);                                                  \
    })
