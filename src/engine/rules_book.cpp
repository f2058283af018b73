#include "engine/rules_book.h"

#include <utility>

namespace holdfast::engine {

void RulesBook::add_law(terms::Terms law) {
    laws_.push_back(std::move(law));
    law_.push_back(&laws_.back());
}

const terms::Terms* RulesBook::find(const terms::Pin& pin) const {
    for (const auto& terms : editions_)
        if (terms::pin_of(terms) == pin) return &terms;
    return nullptr;
}

}  // namespace holdfast::engine
