#include "api/metrics.h"

#include "engine/standing.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <utility>

namespace holdfast::api {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<ClientMetric::Label>;

double seconds(auto duration) { return std::chrono::duration<double>(duration).count(); }

// Families in the order in which they are written.
class Page {
public:
    MetricFamily& add(std::string_view name, MetricType type, std::string_view help) {
        auto& family = families_.emplace_back();
        family.name = "holdfast_" + std::string(name);
        family.help = help;
        family.type = type;
        return family;
    }
    void add_gauge(std::string_view name, std::string_view help, double value) {
        auto& family = add(name, MetricType::Gauge, help);
        family.metric.emplace_back().gauge.value = value;
    }
    std::string text() const { return prometheus::TextSerializer().Serialize(families_); }

private:
    std::vector<MetricFamily> families_;
};

void count(MetricFamily& family, Labels labels, std::uint64_t value) {
    auto& metric = family.metric.emplace_back();
    metric.label = std::move(labels);
    metric.counter.value = static_cast<double>(value);
}

// `durations` has a count for each bound and one for what is longer.
void spread(MetricFamily& family, Labels labels, const auto& bounds, const auto& durations) {
    auto& metric = family.metric.emplace_back();
    metric.label = std::move(labels);
    auto& histogram = metric.histogram;
    for (std::size_t i = 0; i < bounds.size(); ++i) {
        histogram.sample_count += durations.counts[i];
        histogram.bucket.push_back(
            {.cumulative_count = histogram.sample_count, .upper_bound = seconds(bounds[i])});
    }
    histogram.sample_count += durations.counts.back();
    histogram.sample_sum = seconds(durations.sum);
}

std::string word(std::string_view text) { return text.empty() ? "none" : std::string(text); }

void add_requests(Page& page, const http::RequestCounters::Snapshot& counts) {
    auto& requests = page.add("http_requests_total", MetricType::Counter,
                              "Requests that were served; status 0: the client went before.");
    for (const auto& [key, value] : counts.requests)
        count(requests,
              {{"route", word(key.route)},
               {"method", key.method},
               {"status", std::to_string(key.status)}},
              value);
    auto& durations = page.add("http_request_duration_seconds", MetricType::Histogram,
                               "From a request's first byte to the end of its answer.");
    for (const auto& [route, spent] : counts.durations)
        spread(durations, {{"route", word(route)}}, http::RequestCounters::bounds, spent);
}

void add_works(Page& page, const engine::WorkCounters& works) {
    auto& commands = page.add("commands_total", MetricType::Counter,
                              "What the engine was asked, and how it answered.");
    for (const auto& [command, outcome, value] : works.answers())
        count(commands, {{"command", std::string(command)}, {"outcome", std::string(outcome)}},
              value);
    auto& commits = page.add("store_commit_duration_seconds", MetricType::Histogram,
                             "Transactions of the engine, to the disk and back.");
    spread(commits, {}, engine::WorkCounters::bounds, works.commits());
}

void add_notices(Page& page, const engine::WorkCounters& works) {
    auto& notices = page.add("notices_total", MetricType::Counter,
                             "What became of telling the parties of orders, as it was reported.");
    for (const auto state : {order::NoticeState::sent, order::NoticeState::delivered,
                             order::NoticeState::bounced, order::NoticeState::failed})
        count(notices, {{"outcome", std::string(to_string(state))}}, works.notices(state));
}

void add_deliveries(Page& page, const engine::NoticeCounts& counts) {
    auto& deliveries = page.add("webhook_deliveries_total", MetricType::Counter,
                                "Attempts to tell an endpoint of an event, by call or mail.");
    count(deliveries, {{"outcome", "delivered"}}, counts.told);
    count(deliveries, {{"outcome", "failed"}}, counts.failed_attempts - counts.gave_up);
    count(deliveries, {{"outcome", "gave_up"}}, counts.gave_up);
    count(deliveries, {{"outcome", "dropped"}}, counts.dropped);
}

void add_standing(Page& page, const engine::Standing& standing) {
    page.add_gauge("sweeper_lag_seconds", "How late the most overdue deadline is.",
                   seconds(standing.sweeper_lag));
    page.add_gauge("outbox_oldest_age_seconds",
                   "Since the oldest row of the outbox that is still to be sent was told.",
                   seconds(standing.outbox_oldest_age));
    page.add_gauge("instruction_unknown_oldest_age_seconds",
                   "Since the oldest payment that was sent and not answered was told.",
                   seconds(standing.unknown_oldest_age));
    auto& instructions =
        page.add("instructions", MetricType::Gauge, "Payments of the outbox that are not settled.");
    for (std::size_t i = 0; i < standing.instructions.size(); ++i) {
        auto& metric = instructions.metric.emplace_back();
        const auto state = static_cast<engine::MoneyState>(i);
        metric.label = {{"state", std::string(to_string(state))}};
        metric.gauge.value = static_cast<double>(standing.instructions[i]);
    }
}

void add_version(Page& page, const std::string& version) {
    auto& metric = page.add("build_info", MetricType::Gauge, "Always 1.").metric.emplace_back();
    metric.label = {{"version", version}};
    metric.gauge.value = 1;
}

}  // namespace

Metrics::Metrics(MetricsSources sources, std::unique_ptr<store::Store> store,
                 std::chrono::seconds ledger_every)
    : sources_(std::move(sources)),
      store_(std::move(store)),
      ledger_every_(ledger_every),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

http::Router Metrics::routes() {
    http::Router router;
    router.add({.method = "GET", .pattern = "/metrics", .body_bytes_max = 0});
    return router;
}

void Metrics::handle(http::ServerRequest, http::Reply reply) {
    const std::scoped_lock lock(mutex_);
    waiting_.push_back(std::move(reply));
    has_one_.notify_one();
}

// Who asks while a page is made gets the next one.
void Metrics::run(const std::stop_token& stop) {
    while (true) {
        std::vector<http::Reply> some;
        {
            std::unique_lock lock(mutex_);
            if (!has_one_.wait(lock, stop, [this] { return !waiting_.empty(); })) return;
            some.swap(waiting_);
        }
        const http::Answer answer{
            .headers = {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"}},
            .body = text()};
        for (auto& reply : some) reply.send(answer);
    }
}

// What cannot be read is left out: its absence is what an alert sees.
std::string Metrics::text() {
    Page page;
    add_requests(page, sources_.requests.snapshot());
    add_works(page, sources_.works);
    add_deliveries(page, sources_.notices());
    add_notices(page, sources_.works);
    page.add_gauge("clock_offset_seconds",
                   "How far the wall clock has jumped from what was expected of it.",
                   seconds(sources_.engine.clock_offset()));
    page.add_gauge("quarantined_orders",
                   "Orders and parties that cannot be caught up and were set aside.",
                   static_cast<double>(sources_.engine.health().set_aside));
    try {
        add_standing(page, engine::read_standing(*store_, sources_.engine.now()));
        look_at_ledger();
    } catch (const store::StoreDown&) {
        imbalance_.reset();
        ledger_at_.reset();
    }
    if (imbalance_)
        page.add_gauge("ledger_imbalance", "What all entries come to beside zero, in minor units.",
                       static_cast<double>(*imbalance_));
    if (const auto differences = sources_.differences())
        page.add_gauge("reconciliation_difference",
                       "Payments that differ between our books and the processor's list.",
                       static_cast<double>(*differences));
    add_version(page, sources_.version);
    return page.text();
}

void Metrics::look_at_ledger() {
    const auto now = std::chrono::steady_clock::now();
    if (ledger_at_ && now - *ledger_at_ < ledger_every_) return;
    imbalance_ = engine::ledger_imbalance(*store_);
    ledger_at_ = now;
}

}  // namespace holdfast::api
