#include "cli/payer.h"

#include "base/verify.h"
#include "engine/cast_processor.h"
#include "engine/outbox_desk.h"
#include "engine/reconciliation.h"
#include "engine/sandbox_processor.h"
#include "engine/stripe_processor.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

namespace holdfast::cli {
namespace {

constexpr std::size_t hints_most = 10'000;
constexpr std::size_t lines_most = 100;  // of one reconciliation, in the log

std::unique_ptr<engine::Processor> make_processor(const ProcessorSettings& settings,
                                                  http::Client& client) {
    switch (settings.kind) {
    case ProcessorKind::manual:  return std::make_unique<engine::ManualProcessor>();
    case ProcessorKind::sandbox: return std::make_unique<engine::SandboxProcessor>();
    case ProcessorKind::stripe:
        return std::make_unique<engine::StripeProcessor>(client, settings.stripe);
    }
    VERIFY(!"a kind of processor");
}

// Without what is still to be asked about: the next answer to it is no difference.
void leave_out_open(std::vector<engine::Listed>& theirs,
                    const std::vector<engine::OurPayment>& ours) {
    std::map<std::string_view, Money> open;
    for (const auto& our : ours)
        if (our.row != 0 && our.fate == engine::Fate::under_way)
            open.emplace(our.outgoing.key, our.outgoing.amount);
    std::erase_if(theirs, [&](const engine::Listed& one) {
        const auto found = open.find(one.key);
        return found != open.end() && found->second == one.amount;
    });
}

}  // namespace

Payer::Payer(engine::Engine& engine, ServeLog& log, const ProcessorSettings& settings,
             OpenStore open_store, bool is_live)
    : engine_(engine),
      log_(log),
      open_store_(std::move(open_store)),
      port_(engine),
      client_(settings.client),
      processor_(make_processor(settings, client_)),
      played_(is_live ? nullptr : std::make_unique<engine::CastProcessor>(port_, *processor_)),
      courier_(port_, played_ ? *played_ : *processor_),
      reconcile_every_(settings.reconcile_every),
      rounds_("payments", log, [this] { return round(); }) {}

void Payer::hint(const std::string& key) {
    const std::scoped_lock lock(mutex_);
    if (hints_.size() < hints_most) hints_.insert(key);
}

std::optional<std::size_t> Payer::differences() const {
    const std::scoped_lock lock(mutex_);
    return differences_;
}

std::size_t Payer::round() {
    constexpr std::size_t rows_most = 1;  // of each kind: a stop waits for no more
    take_hints();
    const auto before = courier_.counts();
    const auto done = courier_.round(engine_.now(), rows_most);
    if (done > 0) say_what_happened(before);
    if (done == 0 && is_time_to_reconcile()) reconcile();
    return done;
}

void Payer::take_hints() {
    std::set<std::string> hints;
    {
        const std::scoped_lock lock(mutex_);
        hints.swap(hints_);
    }
    if (hints.empty()) return;
    std::vector<store::OutboxUpdate> due;
    port_.use([&](store::Store& store, engine::Writer&) {
        engine::each_row(store, [&](const store::OutboxRow& row) {
            const auto outgoing = engine::outgoing_of(row);
            if (!outgoing || !hints.contains(outgoing->key)) return true;
            if (auto update = engine::retry_of(row, engine_.now())) due.push_back(*update);
            return true;
        });
        store.update_outbox(due);
    });
}

void Payer::say_what_happened(const engine::CourierCounts& before) {
    const auto& now = courier_.counts();
    log_.info("payments", "told the processor, or asked it",
              {{"processor", processor_->name()},
               {"sent", now.sent - before.sent},
               {"asked", now.asked - before.asked},
               {"settled", now.settled - before.settled},
               {"gave_up", now.gave_up - before.gave_up},
               {"dropped", now.dropped - before.dropped}});
}

bool Payer::is_time_to_reconcile() const {
    if (reconcile_every_ == std::chrono::seconds{0}) return false;
    const auto now = std::chrono::steady_clock::now();
    return !reconciled_at_ || now - *reconciled_at_ >= reconcile_every_;
}

// On the thread that sends, so that nothing is sent while the two are compared.
void Payer::reconcile() {
    reconciled_at_ = std::chrono::steady_clock::now();
    std::optional<std::size_t> found;
    auto theirs = (played_ ? played_ : processor_)->list();
    const auto ours = engine::payments_of(*open_store_());
    if (!theirs || !ours) {
        log_.error("reconciliation", theirs ? ours.error() : theirs.error());
    } else {
        leave_out_open(*theirs, *ours);
        const auto lines = engine::find_differences(*ours, *theirs);
        for (std::size_t i = 0; i < std::min(lines.size(), lines_most); ++i)
            log_.error("reconciliation", lines[i]);
        log_.info(
            "reconciliation", "held against the processor's list",
            {{"ours", ours->size()}, {"theirs", theirs->size()}, {"differences", lines.size()}});
        found = lines.size();
    }
    const std::scoped_lock lock(mutex_);
    differences_ = found;
}

}  // namespace holdfast::cli
