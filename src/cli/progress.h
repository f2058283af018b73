// A line on stderr that says how far a long job is; silent for the first second and off a terminal,
// where a line every ten seconds stands instead.
#pragma once

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <string>

namespace holdfast::cli {

class Progress {
public:
    Progress(std::ostream& err, bool is_terminal, std::string what);
    ~Progress();  // wipes the line
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    // `all` 0: not known.
    void show(std::uint64_t done, std::uint64_t all, std::string_view unit);

private:
    using Clock = std::chrono::steady_clock;
    std::ostream& err_;
    bool is_terminal_;
    std::string what_;
    Clock::time_point begun_;
    Clock::time_point shown_;
    bool line_is_up_ = false;
};

}  // namespace holdfast::cli
