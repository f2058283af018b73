// holdfast serve: the marketplace's HTTP interface over one database.

#include "api/openapi.h"
#include "api/secret.h"
#include "api/service.h"
#include "cli/commands.h"
#include "cli/demo_year.h"
#include "cli/desk_shell.h"
#include "cli/engine_shell.h"
#include "cli/key_file.h"
#include "cli/mailer.h"
#include "cli/metrics_listener.h"
#include "cli/notify.h"
#include "cli/payer.h"
#include "cli/rounds.h"
#include "cli/serve_log.h"
#include "cli/serve_settings.h"
#include "cli/teller.h"
#include "engine/engine.h"
#include "engine/work_counters.h"
#include "http/server.h"
#include "store/sqlite/sqlite_store.h"

#include <CLI/CLI.hpp>

#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <utility>

namespace holdfast::cli {
namespace {

struct Asked {
    std::string address = "127.0.0.1";
    std::uint16_t port = 8080;
    unsigned threads = 1;
    bool live = false, demo = false;
    std::int64_t drain_seconds = 30;
    std::string metrics_address;                // empty: as set
    std::optional<std::uint16_t> metrics_port;  // none: as set
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
    const auto file = shell.database().string() + ".setup";
    if (!service.users().is_empty()) {
        std::filesystem::remove(file);  // it was used
        return;
    }
    const auto token = api::make_secret("setup_", store::fill_from_system);
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

api::RateLimits limits_of(const Config& config) {
    return {.of_key = static_cast<std::uint32_t>(config.key_requests),
            .of_address = static_cast<std::uint32_t>(config.address_requests),
            .failed_of_address = static_cast<std::uint32_t>(config.failed_requests)};
}

// "500.00 EUR, 500.00 USD".
std::map<Currency, order::Minor> alone_most_of(const Config& config) {
    std::map<Currency, order::Minor> most;
    std::string_view rest = config.alone_most;
    while (!rest.empty()) {
        const auto one = http::trimmed(rest.substr(0, rest.find(',')));
        rest.remove_prefix(std::min(rest.find(','), rest.size() - 1) + 1);
        const auto amount = parse_amount(one);
        if (!amount) throw Stop(Exit::configuration, "serve.alone_most: " + amount.error());
        most[amount->currency()] = amount->minor();
    }
    return most;
}

http::ServerOptions listener(engine::Engine& engine, std::string address, std::uint16_t port) {
    http::ServerOptions options{.address = std::move(address), .port = port};
    options.problem_types = api::ServiceOptions{}.problem_types;
    options.now = [&engine] { return engine.now(); };
    options.next_request_id = [&engine] { return next_request_id(engine.now()); };
    return options;
}

// What somebody else listens at already is no bug of ours.
template <class Listener, class... Arguments>
std::unique_ptr<Listener> listen(Arguments&&... arguments) {
    try {
        return std::make_unique<Listener>(std::forward<Arguments>(arguments)...);
    } catch (const std::runtime_error& error) {
        throw Stop(Exit::failure, error.what());
    }
}

std::string openapi_of(const Shell& shell) {
    auto openapi = api::load_openapi(shell.data_folder / "api" / "openapi.yaml");
    if (!openapi) throw Stop(Exit::configuration, openapi.error());
    return *std::move(openapi);
}

// All that runs while a server does. What is made later uses what was made before it, and ends
// first.
class Serving {
public:
    Serving(Shell& shell, const Asked& asked)
        : asked_(asked),
          path_(shell.database().string()),
          processor_(asked.demo ? ProcessorSettings{.kind = ProcessorKind::sandbox}
                                : processor_settings(shell.config(), asked.live)),
          mail_(asked.demo ? std::nullopt : mail_settings(shell.config())),  // it invents people
          rules_(rules_book(shell.rules(), std::chrono::hours{shell.config().remind_hours})),
          store_(store::open_sqlite(path_, {.exclusive = true})),
          engine_(*store_, rules_, shell.clock,
                  {.writer = {.observer = &works_, .telling = telling_of(mail_)}}),
          log_(shell.err, [this] { return engine_.now(); }),
          service_(
              engine_, rules_, shell.rules(), [this] { return open_to_read(64); },
              service_options(shell)) {
        require_mode(service_.keys(), asked.live);
        make_first_key(shell, engine_, service_, asked.live);
        offer_setup(shell, service_, engine_.now());
        payer_ = std::make_unique<Payer>(
            engine_, log_, processor_, [this] { return open_to_read(16); }, asked.live);
        teller_ = std::make_unique<Teller>(engine_, log_, mail_);
        desk_ = std::make_unique<Rounds>(
            "desk", log_, [this] { return service_.keep_desk_up(); }, std::chrono::seconds{1});
        if (mail_) mailer_ = std::make_unique<Mailer>(engine_, rules_, log_, *mail_);
        listen_for_metrics(shell.config());
        auto options = listener(engine_, asked.address, asked.port);
        options.threads = asked.threads;
        server_ = listen<http::Server>(std::move(options), api::routes(), service_, log_);
    }

    // Says so to the service manager, and from then on at least twice in each of its watchdog's
    // times that the engine's thread still turns.
    void be_watched(const Supervision& supervision) {
        notify(supervision, "READY=1");
        if (supervision.watchdog <= std::chrono::microseconds{0}) return;
        watched_ = std::make_unique<Rounds>(
            "watchdog", log_,
            [this, supervision] {
                engine_.with_store([](store::Store&, engine::Writer&) {});
                notify(supervision, "WATCHDOG=1");
                return std::size_t{0};
            },
            std::chrono::duration_cast<std::chrono::milliseconds>(supervision.watchdog) / 3);
    }

    void announce(std::ostream& out) const {
        out << "Serving " << (asked_.live ? "live" : "the sandbox of") << ' ' << path_
            << " on http://" << asked_.address << ':' << server_->port() << std::endl;
        if (metrics_) out << "Metrics on port " << metrics_->port() << std::endl;
    }

    void stop() {
        service_.drain();
        server_->stop(std::chrono::seconds{asked_.drain_seconds});
        metrics_.reset();
        desk_.reset();
        mailer_.reset();
        teller_.reset();
        payer_.reset();
        watched_.reset();
        engine_.stop();
    }

private:
    std::unique_ptr<store::Store> open_to_read(std::int64_t cache_mib) const {
        return store::open_sqlite(path_, {.cache_mib = cache_mib, .read_only = true});
    }

    api::ServiceOptions service_options(Shell& shell) {
        const auto& config = shell.config();
        return {.livemode = asked_.live,
                .openapi_json = openapi_of(shell),
                .evidence_folder = path_ + ".evidence",
                .desk = desk_settings(shell),
                .limits = limits_of(config),
                .alone_most = alone_most_of(config),
                .frame_ancestors = frame_ancestors_of(config),
                .stripe_signing_secret = config.stripe_signing_secret,
                .pushes = config.pushes,
                .on_payment_news = [this](const std::string& key) { payer_->hint(key); }};
    }

    void listen_for_metrics(const Config& config) {
        const auto set_port = static_cast<std::uint16_t>(config.metrics_port);
        if (!asked_.metrics_port && set_port == 0) return;
        const auto& address = asked_.metrics_address;
        api::MetricsSources sources{.engine = engine_,
                                    .requests = log_,
                                    .works = works_,
                                    .notices = [this] { return teller_->counts(); },
                                    .differences = [this] { return payer_->differences(); },
                                    .version = HOLDFAST_VERSION};
        metrics_ = listen<MetricsListener>(
            std::move(sources), open_to_read(16), std::chrono::seconds{config.ledger_seconds},
            listener(engine_, address.empty() ? config.metrics_address : address,
                     asked_.metrics_port.value_or(set_port)));
    }

    Asked asked_;
    std::string path_;
    ProcessorSettings processor_;
    std::optional<MailSettings> mail_;
    engine::RulesBook rules_;
    std::unique_ptr<store::Store> store_;
    engine::WorkCounters works_;
    engine::Engine engine_;
    ServeLog log_;
    std::unique_ptr<Rounds> watched_;
    std::unique_ptr<Payer> payer_;
    std::unique_ptr<Teller> teller_;
    std::unique_ptr<Mailer> mailer_;
    api::Service service_;
    std::unique_ptr<Rounds> desk_;
    std::unique_ptr<MetricsListener> metrics_;
    std::unique_ptr<http::Server> server_;
};

// The demo's database, made where it is not there yet.
void set_demo(Shell& shell) {
    const auto database = demo_database(shell);
    if (!std::filesystem::exists(database))
        make_demo_year(shell, database, {});
    else if (!is_demo_database(database))
        throw Stop(Exit::conflict,
                   database.string() + ": no demo made it; serve it without --demo");
    shell.database_text = database.string();
}

Exit serve(Shell& shell, const Asked& asked) {
    if (asked.demo) set_demo(shell);
    // Blocked before any thread begins, so that all of them leave the signals to this one.
    const auto ends = end_signals();
    pthread_sigmask(SIG_BLOCK, &ends, nullptr);

    Serving serving(shell, asked);
    serving.announce(shell.err);
    if (asked.demo) print_sign_ins(shell.database(), shell.err);
    serving.be_watched(shell.supervision);
    int signal = 0;
    sigwait(&ends, &signal);
    notify(shell.supervision, "STOPPING=1");
    serving.stop();
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
    command->add_option("--metrics-address", asked->metrics_address,
                        "numeric address for /metrics; 127.0.0.1 unless it is set");
    command->add_option(
        "--metrics-port", asked->metrics_port,
        "/metrics there, for Prometheus; 0: one that is free; none unless it is set");
    auto* live = command->add_flag("--live", asked->live,
                                   "real money; without it, a sandbox with test clocks");
    command
        ->add_flag("--demo", asked->demo,
                   "the demo's own database, a made year, which the first start makes")
        ->excludes(live);
    command->footer(
        "Without a key in the database, the first start writes one beside it (DATABASE.key).\n"
        "Examples:\n"
        "  holdfast serve --database shop.db\n"
        "  curl -H \"Authorization: Bearer $(cat shop.db.key)\" http://127.0.0.1:8080/v1/orders");
    command->callback(
        [asked, &run] { run = [asked](Shell& shell) { return serve(shell, *asked); }; });
}

}  // namespace holdfast::cli
