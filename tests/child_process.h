// A program that runs beside a test and talks to it by lines; it ends when the test does. What it
// says on its standard error is nobody's.
#pragma once

#include <doctest/doctest.h>

#include <sys/wait.h>
#include <unistd.h>
#include <array>
#include <csignal>
#include <cstdio>
#include <string>
#include <vector>

namespace holdfast::test {

class ChildProcess {
public:
    explicit ChildProcess(std::vector<std::string> command) {
        std::array<int, 2> in{}, out{};
        REQUIRE(::pipe(in.data()) == 0);
        REQUIRE(::pipe(out.data()) == 0);
        child_ = ::fork();
        REQUIRE(child_ >= 0);
        if (child_ == 0) {
            ::dup2(in[0], STDIN_FILENO);
            ::dup2(out[1], STDOUT_FILENO);
            for (const int end : {in[0], in[1], out[0], out[1]}) ::close(end);
            if (std::freopen("/dev/null", "w", stderr) == nullptr) ::_exit(127);
            std::vector<char*> words;
            for (auto& word : command) words.push_back(word.data());
            words.push_back(nullptr);
            ::execv(words[0], words.data());
            ::_exit(127);
        }
        ::close(in[0]);
        ::close(out[1]);
        in_ = in[1];
        out_ = ::fdopen(out[0], "r");
        REQUIRE(out_ != nullptr);
    }
    ~ChildProcess() {
        ::close(in_);
        if (child_ > 0) {
            ::kill(child_, SIGTERM);
            ::waitpid(child_, nullptr, 0);
        }
        std::fclose(out_);
    }
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    // Until it ends by itself.
    void wait() {
        while (!read_line().empty()) {
        }
        REQUIRE(::waitpid(child_, nullptr, 0) == child_);
        child_ = -1;
    }

    std::string read_line() {  // without its end; empty: there is no more
        std::string line;
        for (int c = std::fgetc(out_); c != EOF && c != '\n'; c = std::fgetc(out_))
            line += static_cast<char>(c);
        return line;
    }

private:
    pid_t child_ = -1;
    int in_ = -1;
    std::FILE* out_ = nullptr;
};

}  // namespace holdfast::test
