#include "store/sqlite/lock.h"

#include "store/sqlite/test_support.h"

#include <doctest/doctest.h>

#include <sys/wait.h>
#include <unistd.h>
#include <csignal>

namespace holdfast::store {
namespace {

using namespace store_test;

const SqliteOptions server{.exclusive = true};
const SqliteOptions program{};

TEST_CASE("a server has a store alone") {
    struct Row {
        const char* name;
        SqliteOptions first, second;
        const char* expected;
    };
    // clang-format off
    const Row rows[] = {
        {"two servers",          server,  server,  "another Holdfast server has it open"},
        {"a program at a server", server, program, "a Holdfast server has it open; stop it, or go through it"},
        {"a server at a program", program, server, "another program has it open; wait until it has ended"},
        {"two programs",         program, program, ""},
    };
    // clang-format on
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const Directory directory;
        const std::string path = directory.file("store.db");
        auto first = open_small(path, row.first);
        const std::string failure = open_failure(path, row.second);
        CAPTURE(failure);
        CHECK(failure.empty() == std::string_view(row.expected).empty());
        CHECK(contains(failure, row.expected));
        if (!failure.empty()) CHECK(contains(failure, path + ": "));
        CHECK(first->write(change_of("1", 0, {"a"})));

        first.reset();
        CHECK(open_failure(path, row.second) == "");
    }
}

TEST_CASE("programs go through a lock that servers leave, one by one") {
    const Directory directory;
    const std::string path = directory.file("store.db");
    auto one = open_small(path, program);
    auto other = open_small(path, program);
    one.reset();
    CHECK(contains(open_failure(path, server), "another program has it open"));
    other.reset();
    CHECK(open_failure(path, server) == "");
}

TEST_CASE("a store that cannot be opened leaves no lock behind") {
    const Directory directory;
    CHECK(open_failure(directory.file("none/store.db")) != "");
    CHECK(open_failure(directory.file("")) != "");
    CHECK_FALSE(std::filesystem::exists(directory.file("-lock")));
}

// A child that has the store open until it is killed or told to go.
class Holder {
public:
    Holder(const std::string& path, const SqliteOptions& options) {
        int ready[2];
        REQUIRE(pipe(ready) == 0);
        REQUIRE(pipe(go_) == 0);
        child_ = fork();
        REQUIRE(child_ >= 0);
        if (child_ == 0) {
            close(go_[1]);
            hold(path, options, ready[1]);
        }
        close(go_[0]);
        close(ready[1]);
        char said = 0;
        REQUIRE(read(ready[0], &said, 1) == 1);
        close(ready[0]);
    }
    ~Holder() { let_go(0); }

    int let_go(int signal) {
        if (child_ == 0) return 0;
        if (signal) kill(child_, signal);
        close(go_[1]);
        int status = 0;
        waitpid(child_, &status, 0);
        child_ = 0;
        return status;
    }

private:
    [[noreturn]] void hold(const std::string& path, const SqliteOptions& options, int ready) const {
        int code = 1;
        try {
            const auto store = open_small(path, options);
            char end = 0;
            if (write(ready, "r", 1) == 1 && read(go_[0], &end, 1) == 0) code = 0;
        } catch (...) {
        }
        _exit(code);
    }

    pid_t child_ = 0;
    int go_[2] = {};
};

TEST_CASE("another process's server is seen, and gone with it") {
    for (const int signal : {0, SIGKILL}) {
        CAPTURE(signal);
        const Directory directory;
        const std::string path = directory.file("store.db");
        Holder holder(path, server);
        CHECK(contains(open_failure(path, server), "another Holdfast server has it open"));
        CHECK(contains(open_failure(path, program), "a Holdfast server has it open"));
        const int status = holder.let_go(signal);
        CHECK((signal ? WTERMSIG(status) == signal : WEXITSTATUS(status) == 0));
        CHECK(open_failure(path, server) == "");

        Holder reader(path, program);
        CHECK(contains(open_failure(path, server), "another program has it open"));
        CHECK(open_failure(path, program) == "");
    }
}

}  // namespace
}  // namespace holdfast::store
