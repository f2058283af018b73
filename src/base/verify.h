// VERIFY states what must be true of our own data. A failure is a bug, never bad input: it throws
// VerifyFailed in every build, and only the boundary of a request or job catches it.
#pragma once

#include <stdexcept>

namespace holdfast {

class VerifyFailed : public std::logic_error {
public:
    using std::logic_error::logic_error;
};

[[noreturn]] void verify_failed(const char* condition, const char* file, int line);

}  // namespace holdfast

#define VERIFY(condition) \
    ((condition) ? void() : ::holdfast::verify_failed(#condition, __FILE__, __LINE__))
