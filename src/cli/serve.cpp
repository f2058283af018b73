// holdfast serve: the marketplace's HTTP interface over one database.

#include "api/openapi.h"
#include "api/secret.h"
#include "api/service.h"
#include "cli/commands.h"
#include "cli/engine_shell.h"
#include "cli/key_file.h"
#include "engine/engine.h"
#include "engine/notice_ways.h"
#include "engine/outbox_port.h"
#include "http/request_counters.h"
#include "http/server.h"
#include "store/sqlite/sqlite_store.h"

#include <CLI/CLI.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <pthread.h>

#include <chrono>
#include <csignal>
#include <memory>
#include <mutex>
#include <ostream>
#include <thread>
#include <utility>

namespace holdfast::cli {
namespace {

namespace json = boost::json;

struct Asked {
    std::string address = "127.0.0.1";
    std::uint16_t port = 8080;
    unsigned threads = 1;
    bool live = false;
    std::int64_t drain_seconds = 30;
};

// One line of JSON for every request that was served.
class AccessLog final : public http::RequestCounters {
public:
    AccessLog(std::ostream& out, std::function<Instant()> now) : out_(out), now_(std::move(now)) {}

    void served(const http::ServedRequest& request) override {
        RequestCounters::served(request);
        json::object line{{"ts", to_string(now_())},
                          {"level", request.status >= 500 ? "error" : "info"},
                          {"event", "request"},
                          {"msg", std::string(request.method) + " " + std::string(request.path)},
                          {"request_id", to_string(request.id)},
                          {"route", request.route},
                          {"status", request.status},
                          {"duration_ms", request.duration.count() / 1000}};
        if (!request.trace_id.empty()) line["trace_id"] = request.trace_id;
        write(line);
    }
    void failed(const http::RequestId& id, std::string_view what) override {
        write({{"ts", to_string(now_())},
               {"level", "error"},
               {"event", "handler_failed"},
               {"msg", what},
               {"request_id", to_string(id)}});
    }
    void write(const json::object& line) {
        const std::scoped_lock lock(mutex_);
        out_ << json::serialize(line) + "\n" << std::flush;
    }

private:
    std::mutex mutex_;
    std::ostream& out_;
    std::function<Instant()> now_;
};

// Tells endpoints of events, from a thread of its own.
class Teller {
public:
    Teller(engine::Engine& engine, AccessLog& log)
        : engine_(engine),
          port_(engine),
          notices_(port_, engine::bring_by(client_, std::nullopt), store::fill_from_system),
          log_(log),
          thread_([this](const std::stop_token& stop) { run(stop); }) {}

private:
    void run(const std::stop_token& stop) {
        constexpr std::size_t events_most = 200, rows_most = 20;
        while (!stop.stop_requested()) {
            std::size_t done = 0;
            try {
                done = notices_.fan_out(engine_.now(), events_most) +
                       notices_.deliver(engine_.now(), rows_most);
            } catch (const store::StoreDown& error) {
                log_.write({{"ts", to_string(engine_.now())},
                            {"level", "error"},
                            {"event", "notices"},
                            {"msg", error.what()}});
            }
            if (done == 0) std::this_thread::sleep_for(std::chrono::milliseconds{200});
        }
    }

    engine::Engine& engine_;
    engine::EnginePort port_;
    http::Client client_{{}};
    engine::Notices notices_;
    AccessLog& log_;
    std::jthread thread_;  // ends first
};

// The first start of a store makes one key that may do all, for 30 days.
void make_first_key(Shell& shell, engine::Engine& engine, api::Service& service, bool live) {
    if (service.keys().livemode()) return;
    std::optional<api::NewKey> made;
    engine.with_store([&](store::Store& store, engine::Writer&) {
        made = service.keys().create(store, live, api::all_scopes(),
                                     engine.now() + std::chrono::days{30}, engine.now(),
                                     store::fill_from_system);
    });
    const auto file = shell.database().string() + ".key";
    write_secret_file(file, made->secret);
    shell.err << "The first key, good for 30 days, is in " << file << '\n';
}

// While there are no users, whoever can read this file makes the first admin.
void offer_setup(Shell& shell, api::Service& service, Instant now) {
    if (!service.users().is_empty()) return;
    const auto token = api::make_secret("setup_", store::fill_from_system);
    const auto file = shell.database().string() + ".setup";
    write_secret_file(file, token);
    service.set_setup(token, now + std::chrono::minutes{30});
    shell.err << "There is no user yet: for 30 minutes POST /v1/setup makes the first admin, with "
                 "the token in "
              << file << '\n';
}

http::RequestId next_request_id(Instant now) {
    std::array<std::uint8_t, 10> rest{};
    store::fill_from_system(rest);
    return {id_bytes(now, rest)};
}

sigset_t end_signals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    return set;
}

Exit serve(Shell& shell, const Asked& asked) {
    // Blocked before any thread begins, so that all of them leave the signals to this one.
    const auto ends = end_signals();
    pthread_sigmask(SIG_BLOCK, &ends, nullptr);

    const auto path = shell.database().string();
    const auto openapi = api::load_openapi(shell.data_folder / "api" / "openapi.yaml");
    if (!openapi) throw Stop(Exit::configuration, openapi.error());
    const auto rules = rules_book(shell.rules());
    const auto store = store::open_sqlite(path, {.exclusive = true});
    engine::Engine engine(*store, rules, shell.clock);
    api::Service service(
        engine, rules, shell.rules(),
        [&] { return store::open_sqlite(path, {.cache_mib = 64, .read_only = true}); },
        {.livemode = asked.live, .openapi_json = *openapi, .evidence_folder = path + ".evidence"});
    require_mode(service.keys(), asked.live);
    make_first_key(shell, engine, service, asked.live);
    offer_setup(shell, service, engine.now());

    AccessLog log(shell.err, [&] { return engine.now(); });
    http::ServerOptions options{.address = asked.address, .port = asked.port};
    options.threads = asked.threads;
    options.problem_types = api::ServiceOptions{}.problem_types;
    options.now = [&] { return engine.now(); };
    options.next_request_id = [&] { return next_request_id(engine.now()); };
    std::unique_ptr<http::Server> server;
    try {
        server = std::make_unique<http::Server>(std::move(options), api::routes(), service, log);
    } catch (const std::runtime_error& error) {
        throw Stop(Exit::failure, error.what());
    }
    auto teller = std::make_unique<Teller>(engine, log);
    shell.err << "Serving " << (asked.live ? "live" : "the sandbox of") << ' ' << path
              << " on http://" << asked.address << ':' << server->port() << std::endl;

    int signal = 0;
    sigwait(&ends, &signal);
    service.drain();
    server->stop(std::chrono::seconds{asked.drain_seconds});
    teller.reset();  // it waits for the engine
    engine.stop();
    return Exit::ok;
}

}  // namespace

void add_serve(CLI::App& app, Run& run) {
    auto* command = app.add_subcommand("serve", "serve the marketplace's HTTP interface");
    auto asked = std::make_shared<Asked>();
    command->add_option("--address", asked->address, "numeric address to listen on");
    command->add_option("--port", asked->port, "0: one that is free");
    command->add_option("--threads", asked->threads, "of connections")->check(CLI::Range(1, 64));
    command
        ->add_option("--drain-seconds", asked->drain_seconds,
                     "how long requests may be answered after SIGTERM")
        ->check(CLI::Range(0, 3600));
    command->add_flag("--live", asked->live, "real money; without it, a sandbox with test clocks");
    command->footer(
        "Without a key in the database, the first start writes one beside it (DATABASE.key).\n"
        "Examples:\n"
        "  holdfast serve --database shop.db\n"
        "  curl -H \"Authorization: Bearer $(cat shop.db.key)\" http://127.0.0.1:8080/v1/orders");
    command->callback(
        [asked, &run] { run = [asked](Shell& shell) { return serve(shell, *asked); }; });
}

}  // namespace holdfast::cli
