#include "base/word.h"

#include <algorithm>

namespace holdfast {

std::string spaced(std::string_view word) {
    std::string text(word);
    std::ranges::replace(text, '_', ' ');
    return text;
}

}  // namespace holdfast
