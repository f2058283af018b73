// What a server says while it runs: one line of JSON for every request that was served and for
// whatever else is worth one, on standard error. It counts requests, too.
//
// Used from several threads. Nothing secret is handed to it, and it writes no bodies.
#pragma once

#include "base/instant.h"
#include "http/request_counters.h"

#include <boost/json/object.hpp>

#include <functional>
#include <iosfwd>
#include <mutex>
#include <string_view>

namespace holdfast::cli {

class ServeLog final : public http::RequestCounters {
public:
    ServeLog(std::ostream& out, std::function<Instant()> now) : out_(out), now_(std::move(now)) {}

    void served(const http::ServedRequest& request) override;
    void failed(const http::RequestId& id, std::string_view what) override;

    void info(std::string_view event, std::string_view msg, boost::json::object more = {});
    void error(std::string_view event, std::string_view msg, boost::json::object more = {});

private:
    void write(std::string_view level, std::string_view event, std::string_view msg,
               boost::json::object more);

    std::mutex mutex_;
    std::ostream& out_;
    std::function<Instant()> now_;
};

}  // namespace holdfast::cli
