#include "cli/teller.h"

#include "engine/notice_ways.h"
#include "store/person.h"

#include <optional>

namespace holdfast::cli {

Teller::Teller(engine::Engine& engine, ServeLog& log)
    : engine_(engine),
      port_(engine),
      notices_(port_, engine::bring_by(client_, std::nullopt), store::fill_from_system),
      rounds_("notices", log, [this] { return round(); }) {}

engine::NoticeCounts Teller::counts() const {
    const std::scoped_lock lock(mutex_);
    return counts_;
}

std::size_t Teller::round() {
    constexpr std::size_t events_most = 200, rows_most = 20;
    const auto done =
        notices_.fan_out(engine_.now(), events_most) + notices_.deliver(engine_.now(), rows_most);
    const std::scoped_lock lock(mutex_);
    counts_ = notices_.counts();
    return done;
}

}  // namespace holdfast::cli
