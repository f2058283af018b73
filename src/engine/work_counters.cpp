#include "engine/work_counters.h"

#include <algorithm>

namespace holdfast::engine {
namespace {

// The names of a variant's alternatives, behind those of the variants before it.
template <class... Alternatives>
void add_names(std::vector<std::string_view>& names, const std::variant<Alternatives...>*) {
    (names.push_back(Alternatives::name), ...);
}

const std::vector<std::string_view>& all_names() {
    static const auto names = [] {
        std::vector<std::string_view> made{"time"};
        add_names(made, static_cast<const order::Request*>(nullptr));
        add_names(made, static_cast<const order::Seen*>(nullptr));
        add_names(made, static_cast<const ledger::Request*>(nullptr));
        add_names(made, static_cast<const ledger::Seen*>(nullptr));
        return made;
    }();
    return names;
}

// Where the name of what is asked stands among all names. PlaceOrder carries an order's first
// request, Place.
std::size_t place_of(const Work& work) {
    constexpr std::size_t request = 1;
    constexpr auto seen = request + std::variant_size_v<order::Request>;
    constexpr auto party_request = seen + std::variant_size_v<order::Seen>;
    constexpr auto party_seen = party_request + std::variant_size_v<ledger::Request>;
    struct Visitor {
        std::size_t operator()(const Tick&) const { return 0; }
        std::size_t operator()(const PlaceOrder&) const { return request; }
        std::size_t operator()(const order::Command& one) const {
            return request + one.request.index();
        }
        std::size_t operator()(const order::Observation& one) const {
            return seen + one.seen.index();
        }
        std::size_t operator()(const ledger::Command& one) const {
            return party_request + one.request.index();
        }
        std::size_t operator()(const ledger::Observation& one) const {
            return party_seen + one.seen.index();
        }
    };
    static_assert(std::is_same_v<std::variant_alternative_t<0, order::Request>, order::Place>);
    return std::visit(Visitor{}, work.what);
}

}  // namespace

std::string_view command_of(const Work& work) { return all_names()[place_of(work)]; }

void WorkCounters::answered(const Work& work, Outcome outcome) {
    answers_[place_of(work)][static_cast<std::size_t>(outcome)].fetch_add(
        1, std::memory_order_relaxed);
}

void WorkCounters::committed(std::chrono::nanoseconds duration) {
    const auto bound = std::ranges::lower_bound(bounds, duration);
    const std::scoped_lock lock(mutex_);
    ++commits_.counts[static_cast<std::size_t>(bound - bounds.begin())];
    commits_.sum += duration;
}

std::vector<WorkCounters::Answered> WorkCounters::answers() const {
    std::vector<Answered> all;
    for (std::size_t kind = 0; kind < answers_.size(); ++kind)
        for (std::size_t outcome = 0; outcome < answers_[kind].size(); ++outcome)
            if (const auto count = answers_[kind][outcome].load(std::memory_order_relaxed))
                all.push_back({all_names()[kind], to_string(static_cast<Outcome>(outcome)), count});
    return all;
}

WorkCounters::Durations WorkCounters::commits() const {
    const std::scoped_lock lock(mutex_);
    return commits_;
}

}  // namespace holdfast::engine
