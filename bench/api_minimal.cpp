// The HTTP server that writes the service's rows and does nothing else: what its answers cost where
// nobody decides, folds, hashes or encodes anything.
//
//   api_minimal FOLDER REFERENCE
//
// FOLDER/{place,pay,look}.json are its answers; before.db, placed.db and paid.db there differ by
// one life of this reference.
//
// Ends when standard input does. Prints the port that it listens on.

#include "api_answers.h"
#include "engine_recipe.h"
#include "recipe.h"

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace holdfast::bench {
namespace {

constexpr std::size_t batch_most = 256;  // as the engine's

// What waits is written in one transaction, and answered when that is durable.
class Minimal final : public http::Handler {
public:
    explicit Minimal(const std::string& folder)
        : answers_(folder), writer_([this](const std::stop_token& stop) { write(stop); }) {}

    void handle(http::ServerRequest request, http::Reply reply) override {
        const auto operation = request.route.route->operation;
        if (operation == look) return answers_.send(operation, reply);
        {
            const std::scoped_lock lock(mutex_);
            waiting_.push_back({operation, std::move(reply)});
        }
        arrived_.notify_one();
    }

private:
    struct Asked {
        http::Operation operation;
        http::Reply reply;
    };

    void write(const std::stop_token& stop) {
        std::deque<life> unpaid;
        std::int64_t number = 0;
        for (;;) {
            std::vector<Asked> batch;
            {
                std::unique_lock lock(mutex_);
                if (!arrived_.wait(lock, stop, [&] { return !waiting_.empty(); })) return;
                while (!waiting_.empty() && batch.size() < batch_most) {
                    batch.push_back(std::move(waiting_.front()));
                    waiting_.pop_front();
                }
            }
            run("BEGIN IMMEDIATE");
            for (const auto& asked : batch) {
                if (asked.operation == place) begin_life(&unpaid.emplace_back(), ++number);
                if (unpaid.empty()) die("a payment for no order");
                do_step(asked.operation == place ? &unpaid.back() : &unpaid.front(),
                        asked.operation == place ? 0 : 1);
                if (asked.operation == pay) unpaid.pop_front();
            }
            run("COMMIT");
            for (auto& asked : batch) answers_.send(asked.operation, asked.reply);
        }
    }

    Answers answers_;
    std::mutex mutex_;
    std::condition_variable_any arrived_;
    std::deque<Asked> waiting_;
    std::jthread writer_;
};

void serve(const std::string& folder, const std::string& reference) {
    const auto recipe = folder + "/recipe";
    write_recipe_of({folder + "/before.db", folder + "/placed.db", folder + "/paid.db"}, reference,
                    recipe);
    open_for_writing((folder + "/paid.db").c_str());
    read_recipe(recipe.c_str());
    if (step_count != 2) die("a recipe of other than two steps");
    {
        Minimal handler(folder);
        serve_until_input_ends(handler);
    }
    close_all();
}

}  // namespace
}  // namespace holdfast::bench

int main(int count, char** words) {
    if (count != 3) return 64;
    holdfast::bench::serve(words[1], words[2]);
}
