#include "cli/progress.h"

#include <ostream>
#include <string_view>

namespace holdfast::cli {

using namespace std::chrono_literals;

Progress::Progress(std::ostream& err, bool is_terminal, std::string what)
    : err_(err),
      is_terminal_(is_terminal),
      what_(std::move(what)),
      begun_(Clock::now()),
      shown_(begun_) {}

Progress::~Progress() {
    if (line_is_up_) err_ << "\r\x1b[K" << std::flush;
}

void Progress::show(std::uint64_t done, std::uint64_t all, std::string_view unit) {
    const auto now = Clock::now();
    if (now - begun_ < 1s || now - shown_ < (is_terminal_ ? 200ms : 10s)) return;
    shown_ = now;
    std::string text = what_ + ": " + std::to_string(done) + ' ' + std::string(unit);
    if (all) text += ", " + std::to_string(done * 100 / all) + " %";
    if (is_terminal_)
        err_ << '\r' << text << "\x1b[K" << std::flush;
    else
        err_ << text << std::endl;
    line_is_up_ = is_terminal_;
}

}  // namespace holdfast::cli
