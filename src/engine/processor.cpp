#include "engine/processor.h"

#include "base/enum_word.h"

#include <array>

namespace holdfast::engine {

std::string_view to_string(Payment value) {
    static constexpr std::array<std::string_view, 4> words{"refund", "compensation",
                                                           "void_authorisation", "payout"};
    return enum_word(words, value);
}

std::string_view to_string(Fate value) {
    static constexpr std::array<std::string_view, 5> words{"succeeded", "failed", "under_way",
                                                           "unknown", "never_heard"};
    return enum_word(words, value);
}

}  // namespace holdfast::engine
