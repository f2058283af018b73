// holdfast listen: brings a running server's events to an address on this machine, signed as a
// webhook endpoint gets them, for as long as it runs.

#include "cli/api_client.h"
#include "cli/commands.h"
#include "cli/table.h"
#include "engine/webhook_signature.h"
#include "store/person.h"

#include <CLI/CLI.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <ostream>
#include <thread>
#include <utility>

namespace holdfast::cli {
namespace {

namespace json = boost::json;

constexpr std::chrono::milliseconds wait_least{500}, wait_most{30'000};

struct Asked {
    ApiAsked api;
    std::string forward_to, types, after, secret_file;
    std::uint64_t count = 0;  // 0: no end
};

engine::WebhookSecret secret_for(const Shell& shell, const std::string& file) {
    const auto text = secret_of(shell, file, "HOLDFAST_WEBHOOK_SECRET");
    if (text.empty()) return engine::make_webhook_secret(store::fill_from_system);
    auto secret = engine::parse_webhook_secret(text);
    if (secret) return *std::move(secret);
    throw Stop(Exit::configuration,
               "the webhook secret: expected whsec_ and the base64 of 24 to "
               "64 bytes");
}

std::string checked_target(const std::string& url) {
    if (url.starts_with("http://") || url.starts_with("https://")) return url;
    throw Stop(Exit::usage, "--forward-to: " + url + ": expected http://… or https://…");
}

// What the local program said to one event.
struct Said {
    int status = 0;
    std::string problem = {};  // of no answer at all
};

class Forwarder {
public:
    Forwarder(Shell& shell, const Asked& asked)
        : shell_(shell),
          to_(checked_target(asked.forward_to)),
          secret_(secret_for(shell, asked.secret_file)),
          most_(asked.count),
          last_(asked.after) {}

    std::string secret() const { return engine::to_text(secret_); }
    const std::string& last() const { return last_; }
    bool is_done() const { return most_ > 0 && forwarded_ == most_; }

    // False: that was the last one asked for.
    bool take(const std::string& id, const std::string& type, const std::string& body) {
        if (is_done()) return false;
        show(id, type, body, forward(id, body));
        last_ = id;
        ++forwarded_;
        return !is_done();
    }
    void come_back_with(const std::string& id) {
        if (!id.empty()) last_ = id;
    }

private:
    Said forward(const std::string& id, const std::string& body) {
        const auto headers =
            engine::sign_webhook(id, shell_.clock.wall(), body, std::span(&secret_, 1));
        const auto answer = client_.send({.method = http::Method::post,
                                          .url = to_,
                                          .headers = {{"Content-Type", "application/json"},
                                                      {"webhook-id", headers.id},
                                                      {"webhook-timestamp", headers.timestamp},
                                                      {"webhook-signature", headers.signature}},
                                          .body = body});
        if (!answer) return {.problem = answer.error().text};
        return {.status = answer->status};
    }

    void show(const std::string& id, const std::string& type, const std::string& body,
              const Said& said) {
        if (shell_.json) {
            json::object line{{"event_id", id}, {"type", type}};
            if (said.status > 0) line["status"] = said.status;
            if (!said.problem.empty()) line["problem"] = said.problem;
            shell_.out << json::serialize(line) << std::endl;
            return;
        }
        const bool is_taken = said.status >= 200 && said.status < 300;
        const auto result = said.status > 0 ? std::to_string(said.status) : said.problem;
        shell_.out << shell_.paint(printable(result), is_taken ? "green" : "red") << "  "
                   << printable(type) << "  " << printable(subject_of(body)) << "  "
                   << printable(id) << std::endl;
    }

    static std::string subject_of(const std::string& body) {
        boost::system::error_code error;
        const auto event = json::parse(body, error);
        const auto* data =
            !error && event.is_object() ? event.get_object().if_contains("data") : nullptr;
        if (!data || !data->is_object()) return "-";
        const auto order = text_of(data->get_object(), "order_id");
        return order.empty() ? text_of(data->get_object(), "party_id") : order;
    }

    Shell& shell_;
    std::string to_;
    engine::WebhookSecret secret_;
    std::uint64_t most_ = 0, forwarded_ = 0;
    std::string last_;  // what to come back with
    http::Client client_{{.allow_private = true, .allow_http = true}};
};

// The stream, taken up again as often as it breaks.
class Listening {
public:
    Listening(Shell& shell, const Asked& asked)
        : shell_(shell), asked_(asked), forwarder_(shell, asked), api_(shell, asked.api) {}

    void run() {
        while (!forwarder_.is_done()) {
            const auto followed = api_.follow(
                {.types = asked_.types, .after = forwarder_.last()},
                [&](const auto& reader, const auto& events) { return take(reader, events); });
            if (!missed_.empty())
                catch_up();
            else if (!followed.is_left)
                wait_after(followed.problem);
        }
    }

private:
    bool take(const http::EventStreamReader& reader, const std::vector<http::StreamEvent>& events) {
        if (!has_stood_) say_hello();
        wait_ = wait_least;
        const bool was_empty = is_again_ && forwarder_.last().empty();
        if (was_empty && !reader.last_id().empty()) {
            missed_ = reader.last_id();
            return false;
        }
        has_stood_ = true;
        for (const auto& event : events)
            if (!forwarder_.take(event.id, event.type, event.data)) return false;
        forwarder_.come_back_with(reader.last_id());
        return true;
    }

    void say_hello() {
        shell_.err << "Signed with " << forwarder_.secret() << '\n'
                   << "Listening to " << api_.url() << ", forwarding to " << asked_.forward_to
                   << std::endl;
    }

    // The stream that broke had begun before anything had happened, and named nothing to come back
    // with: all that there is now was missed.
    void catch_up() {
        const auto last = std::exchange(missed_, {});
        api_.each_event({.types = asked_.types}, [&](const json::object& event) {
            return forwarder_.take(text_of(event, "id"), text_of(event, "type"),
                                   json::serialize(event));
        });
        if (forwarder_.last().empty()) forwarder_.come_back_with(last);
    }

    void wait_after(const std::string& problem) {
        if (!has_stood_) throw Stop(Exit::try_again, api_.url() + ": " + problem);
        is_again_ = true;
        shell_.err << "The stream broke (" << problem << "); again in " << wait_.count() << " ms"
                   << std::endl;
        std::this_thread::sleep_for(wait_);
        wait_ = std::min(wait_ * 2, wait_most);
    }

    Shell& shell_;
    const Asked& asked_;
    Forwarder forwarder_;
    ApiClient api_;
    bool has_stood_ = false, is_again_ = false;
    std::string missed_;  // the last event of those that were
    std::chrono::milliseconds wait_ = wait_least;
};

Exit listen(Shell& shell, const Asked& asked) {
    Listening(shell, asked).run();
    return Exit::ok;
}

}  // namespace

void add_listen(CLI::App& app, Run& run) {
    auto* command = app.add_subcommand(
        "listen", "forward a server's events to a local address, signed as webhooks");
    auto asked = std::make_shared<Asked>();
    command->add_option("--forward-to", asked->forward_to, "where each event is posted")
        ->required();
    command->add_option("--types", asked->types, "of events, as dispute.*,refund.issued");
    command->add_option("--after", asked->after, "begin behind this event, evt_…");
    command->add_option("--count", asked->count, "end after so many events");
    command->add_option("--secret-file", asked->secret_file,
                        "file with a whsec_ secret; else HOLDFAST_WEBHOOK_SECRET, else a new one");
    add_api_options(*command, asked->api);
    command->footer(
        "Each event is one POST by Standard Webhooks 1.0.0; the secret to verify it with is shown\n"
        "first. A stream that breaks is taken up again where it was.\n"
        "Example:\n  holdfast listen --forward-to http://localhost:3000/holdfast");
    command->callback(
        [asked, &run] { run = [asked](Shell& shell) { return listen(shell, *asked); }; });
}

}  // namespace holdfast::cli
