// What the process ends with; the numbers are part of the interface (docs/cli.md).
#pragma once

namespace holdfast::cli {

enum class Exit : int {
    ok = 0,
    failure = 1,
    usage = 2,
    configuration = 3,
    not_allowed = 4,
    not_found = 5,
    conflict = 6,
    try_again = 7,
    interrupted = 130,
};

}  // namespace holdfast::cli
