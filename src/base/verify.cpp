#include "base/verify.h"

#include <string>

namespace holdfast {

void verify_failed(const char* condition, const char* file, int line) {
    throw VerifyFailed(std::string(file) + ":" + std::to_string(line) +
                       ": must hold: " + condition);
}

}  // namespace holdfast
