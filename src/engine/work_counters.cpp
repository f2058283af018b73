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
        made.emplace_back("give_cast");
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
    constexpr auto cast = party_seen + std::variant_size_v<ledger::Seen>;
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
        std::size_t operator()(const GiveCast&) const { return cast; }
    };
    static_assert(std::is_same_v<std::variant_alternative_t<0, order::Request>, order::Place>);
    return std::visit(Visitor{}, work.what);
}

std::optional<order::NoticeState> reported_of(const Work& work) {
    const auto* one = std::get_if<order::Observation>(&work.what);
    if (!one) return std::nullopt;
    if (const auto* told = std::get_if<order::SeeTold>(&one->seen)) return told->state;
    if (const auto* seen = std::get_if<order::SeeNotice>(&one->seen)) return seen->state;
    return std::nullopt;
}

}  // namespace

std::string_view command_of(const Work& work) { return all_names()[place_of(work)]; }

void WorkCounters::answered(const Work& work, Outcome outcome) {
    answers_[place_of(work)][static_cast<std::size_t>(outcome)].fetch_add(
        1, std::memory_order_relaxed);
    if (outcome != Outcome::done) return;
    if (const auto state = reported_of(work))
        notices_[static_cast<std::size_t>(*state)].fetch_add(1, std::memory_order_relaxed);
}

std::uint64_t WorkCounters::notices(order::NoticeState state) const {
    return notices_[static_cast<std::size_t>(state)].load(std::memory_order_relaxed);
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
