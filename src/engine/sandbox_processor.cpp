#include "engine/sandbox_processor.h"

#include "base/verify.h"

#include <algorithm>

namespace holdfast::engine {

// The same key again is the same payment: the script is for new ones.
Sending SandboxProcessor::send(const Outgoing& outgoing) {
    ++requests_;
    const auto known = kept_.find(outgoing.key);
    if (known != kept_.end()) {
        if (known->second.outgoing.amount != outgoing.amount)
            return {.fate = Fate::unknown, .problem = "the key was used for another amount"};
        return {.fate = known->second.fate};
    }
    auto next = Script::settle;
    if (!script_.empty()) {
        next = script_.front();
        script_.pop_front();
    }
    const auto keep = [&](Fate fate) {
        kept_.insert_or_assign(outgoing.key, Kept{outgoing, fate});
    };
    switch (next) {
    case Script::settle: keep(Fate::succeeded); return {.fate = Fate::succeeded};
    case Script::accept: keep(Fate::succeeded); return {.fate = Fate::under_way};
    case Script::fail:
        keep(Fate::failed);
        return {.fate = Fate::failed, .problem = "refused by the script"};
    case Script::execute_and_break:
        keep(Fate::succeeded);
        return {.fate = Fate::unknown, .problem = "no answer"};
    case Script::break_before: return {.fate = Fate::unknown, .problem = "no answer"};
    case Script::count_:       break;
    }
    VERIFY(false);
}

Sending SandboxProcessor::ask(const Outgoing& outgoing) {
    ++requests_;
    const auto known = kept_.find(outgoing.key);
    if (known == kept_.end()) return {.fate = Fate::never_heard};
    return {.fate = known->second.fate};
}

std::expected<std::vector<Listed>, std::string> SandboxProcessor::list() {
    std::vector<Listed> all;
    for (const auto& [key, kept] : kept_)
        all.push_back({.key = key, .amount = kept.outgoing.amount, .fate = kept.fate});
    return all;
}

std::size_t SandboxProcessor::executed() const {
    return static_cast<std::size_t>(std::ranges::count_if(
        kept_, [](const auto& entry) { return entry.second.fate == Fate::succeeded; }));
}

}  // namespace holdfast::engine
