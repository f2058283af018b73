// A client's socket, what was received on it and not yet used, and one time limit for whatever is
// going on. Inside the server only; everything here runs on the connection's strand.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace holdfast::http {

using SteadyTime = std::chrono::steady_clock::time_point;

// The client has gone, or was too slow to take what it asked for, or the server cuts it off.
struct ClientGone {};

enum class Got : std::uint8_t {
    bytes,
    end,  // the client sends no more; it may still read
    too_late,
};

class Wire {
public:
    explicit Wire(boost::asio::ip::tcp::socket socket);

    boost::asio::any_io_executor executor() { return socket_.get_executor(); }
    std::string peer() const;  // "127.0.0.1:40312"

    std::string_view received() const { return std::string_view(buffer_).substr(begin_); }
    void use(std::size_t bytes) { begin_ += bytes; }

    // These throw ClientGone.
    boost::asio::awaitable<Got> receive(SteadyTime until);
    boost::asio::awaitable<Got> receive();  // without a limit, beside a send()
    boost::asio::awaitable<void> send(std::span<const std::string_view> pieces, SteadyTime until);

    // Says that nothing more comes, and drops what the client still sends until it does the same.
    boost::asio::awaitable<void> linger(SteadyTime until, std::size_t bytes_max);

    void cancel();  // whatever is going on
    void cut();     // for good
    bool is_cut() const { return is_cut_; }

private:
    void limit(SteadyTime until);
    void unlimit();

    boost::asio::ip::tcp::socket socket_;
    boost::asio::steady_timer timer_;
    std::shared_ptr<std::uint64_t> limits_set_ = std::make_shared<std::uint64_t>(0);
    bool is_too_late_ = false, is_cut_ = false;
    std::string buffer_;
    std::size_t begin_ = 0;
};

}  // namespace holdfast::http
