// What an operator watches moves when what it stands for does. The whole text is parsed, and the
// rest moved, by tests/api/operate.py.
#include "api/metrics.h"

#include "engine/test_support.h"
#include "http/client.h"
#include "store/sqlite/sqlite_store.h"
#include "store/sqlite/test_support.h"
#include "store/test_support.h"

#include <doctest/doctest.h>

#include <atomic>
#include <charconv>
#include <memory>
#include <string>
#include <thread>

namespace holdfast::api {
namespace {

using namespace std::chrono;
using engine_test::place;
using engine_test::seen;
using engine_test::shipped;
using engine_test::start;

// A store in a file, an engine that knows some rules, and the listener.
class Watched {
public:
    explicit Watched(const engine::RulesBook& rules, Instant at = start) : wall_(ms(at)) {
        engine_ = std::make_unique<engine::Engine>(*store_, rules, clock(), options());
        listen();
    }
    // The same store by another engine; the rules outlive it.
    void restart(const engine::RulesBook& rules, Instant at) {
        server_.reset();
        metrics_.reset();
        engine_.reset();
        wall_ = ms(at);
        engine_ = std::make_unique<engine::Engine>(*store_, rules, clock(), options());
        listen();
    }

    engine::Engine& engine() { return *engine_; }
    void jump(Duration off) { wall_ += off.count(); }
    void tamper(const std::string& sql) { store_test::tamper(path_, sql); }

    std::string text() {
        http::Client client({.allow_private = true, .allow_http = true});
        const auto answer = client.send(
            {.url = "http://127.0.0.1:" + std::to_string(server_->port()) + "/metrics"});
        REQUIRE(answer.has_value());
        REQUIRE(answer->status == 200);
        CHECK(answer->header("content-type") == "text/plain; version=0.0.4; charset=utf-8");
        return answer->body;
    }
    double value(const std::string& name) {
        const auto all = text();
        const auto at = all.find("\n" + name + " ");
        CAPTURE(name);
        REQUIRE(at != std::string::npos);
        double value = -1;
        const auto* begin = all.data() + at + name.size() + 2;
        std::from_chars(begin, all.data() + all.size(), value);
        return value;
    }
    // Waits for what the engine does by itself; a test that hangs here has failed.
    bool becomes(const std::string& name, double wanted) {
        for (int i = 0; i < 500; ++i) {
            if (value(name) == wanted) return true;
            std::this_thread::sleep_for(10ms);
        }
        return false;
    }

private:
    static std::int64_t ms(Instant at) { return at.time_since_epoch().count(); }
    static engine::EngineOptions options() { return {.look_every = 5ms}; }
    engine::Clock clock() {
        return {.wall = [this] { return Instant{Duration{wall_.load()}}; },
                .monotonic = [] { return nanoseconds{0}; }};
    }
    void listen() {
        metrics_ = std::make_unique<Metrics>(
            MetricsSources{.engine = *engine_,
                           .requests = requests_,
                           .works = works_,
                           .notices = [] { return engine::NoticeCounts{}; },
                           .differences = [] { return std::optional<std::size_t>(); },
                           .version = "1.2.3"},
            store::open_sqlite(path_, {.cache_mib = 8, .read_only = true}), 0s);
        http::ServerOptions listening;
        listening.now = [] { return start; };
        listening.next_request_id = [] { return http::RequestId{}; };
        server_ = std::make_unique<http::Server>(std::move(listening), Metrics::routes(), *metrics_,
                                                 observer_);
    }

    store_test::Directory folder_;
    std::string path_ = folder_.file("watched.db");
    std::atomic<std::int64_t> wall_;
    std::unique_ptr<store::Store> store_ = store_test::open_small(path_);
    http::RequestCounters requests_;
    engine::WorkCounters works_;
    http::ServerObserver observer_;
    std::unique_ptr<engine::Engine> engine_;
    std::unique_ptr<Metrics> metrics_;
    std::unique_ptr<http::Server> server_;
};

TEST_CASE(
    "metrics: an order whose terms are not loaded is set aside, and time goes on without it") {
    const engine::RulesBook without_terms;
    Watched watched(engine_test::rules());
    for (auto& work : shipped("R1")) watched.engine().run(std::move(work));
    CHECK(watched.value("holdfast_quarantined_orders") == 0);
    CHECK(watched.value("holdfast_sweeper_lag_seconds") == 0);
    watched.restart(without_terms, start + days{400});
    CHECK(watched.becomes("holdfast_quarantined_orders", 1));
    CHECK(watched.value("holdfast_sweeper_lag_seconds") > 86'400 * 100);
}

TEST_CASE("metrics: a wall clock that jumped is off by its jump") {
    Watched watched(engine_test::rules());
    CHECK(watched.value("holdfast_clock_offset_seconds") == 0);
    watched.jump(-90min);
    CHECK(watched.value("holdfast_clock_offset_seconds") == -5'400);
}

TEST_CASE("metrics: a unit that somebody took from the books is missed") {
    Watched watched(engine_test::rules());
    for (auto& work : shipped("R1")) watched.engine().run(std::move(work));
    CHECK(watched.value("holdfast_ledger_imbalance") == 0);
    watched.tamper(
        "UPDATE entries SET amount = amount - 7 WHERE (n, seq, i) IN "
        "(SELECT n, seq, i FROM entries ORDER BY amount LIMIT 1)");
    CHECK(watched.value("holdfast_ledger_imbalance") == 7);
}

TEST_CASE("metrics: what cannot be read is not there, and the rest is") {
    Watched watched(engine_test::rules());
    watched.tamper("ALTER TABLE entries RENAME TO hidden");
    const auto text = watched.text();
    CHECK(text.find("holdfast_ledger_imbalance") == std::string::npos);
    CHECK(text.find("holdfast_build_info{version=\"1.2.3\"} 1\n") != std::string::npos);
    watched.tamper("ALTER TABLE hidden RENAME TO entries");
    CHECK(watched.value("holdfast_ledger_imbalance") == 0);
}

}  // namespace
}  // namespace holdfast::api
