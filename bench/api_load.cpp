// Clients of the HTTP interface, each with a connection that stays open and one request under way.
//
//   api_load record PORT KEY_FILE FOLDER              the answers of one life, for api_bare
//   api_load place PORT KEY_FILE NAME                 one order; prints its path
//   api_load pay PORT KEY_FILE PATH                   pays it
//   api_load lives PORT KEY_FILE CONNECTIONS SECONDS [RATE]  orders placed and paid in turn
//   api_load looks PORT KEY_FILE CONNECTIONS SECONDS [RATE]  orders looked at, of a hundred
//   api_load slow PORT CONNECTIONS SECONDS            a byte of a request's head each, a second
//
// With a RATE there are so many requests a second, evenly, and each is timed from when it was due.
//
// Prints one line of name=number. An answer that is no success ends it.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace holdfast::bench {
namespace {

using Steady = std::chrono::steady_clock;

std::string text_in(const std::string& path) {
    std::ifstream file(path);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    while (!text.empty() && text.back() == '\n') text.pop_back();
    return text;
}

class Connection {
public:
    Connection(int port, std::string key) : key_(std::move(key)) {
        socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(static_cast<std::uint16_t>(port));
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0)
            throw std::runtime_error("cannot connect");
        const int yes = 1;
        ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    }
    ~Connection() {
        if (socket_ >= 0) ::close(socket_);
    }
    Connection(Connection&& other) noexcept
        : socket_(std::exchange(other.socket_, -1)), key_(std::move(other.key_)) {}
    Connection& operator=(Connection&& other) noexcept {
        std::swap(socket_, other.socket_);
        std::swap(key_, other.key_);
        return *this;
    }

    std::string get(const std::string& path) { return exchange("GET " + path, "", ""); }
    std::string post(const std::string& path, const std::string& body, const std::string& once) {
        return exchange("POST " + path,
                        "Content-Type: application/json\r\nIdempotency-Key: " + once +
                            "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n",
                        body);
    }

    // False where the server has hung up.
    bool offer(std::string_view bytes) const {
        char gone = 0;
        if (::recv(socket_, &gone, 1, MSG_DONTWAIT) >= 0) return false;
        return ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL) > 0;
    }

private:
    std::string exchange(const std::string& line, const std::string& fields,
                         const std::string& body) {
        send(line + " HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer " + key_ + "\r\n" + fields +
             "\r\n" + body);
        std::string got;
        std::size_t head = std::string::npos;
        while ((head = got.find("\r\n\r\n")) == std::string::npos) receive(got);
        const auto size = length_in(std::string_view(got).substr(0, head));
        while (got.size() < head + 4 + size) receive(got);
        if (got.compare(0, 10, "HTTP/1.1 2") != 0) throw std::runtime_error(line + ": " + got);
        return got.substr(head + 4);
    }
    void send(std::string_view bytes) const {
        while (!bytes.empty()) {
            const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) throw std::runtime_error("cannot send");
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
    }
    void receive(std::string& bytes) const {
        char piece[16'384];
        const auto got = ::recv(socket_, piece, sizeof piece, 0);
        if (got <= 0) throw std::runtime_error("the server has closed the connection");
        bytes.append(piece, static_cast<std::size_t>(got));
    }
    static std::size_t length_in(std::string_view head) {
        constexpr std::string_view name = "Content-Length: ";
        const auto at = head.find(name);
        if (at == std::string_view::npos) throw std::runtime_error("an answer without a length");
        std::size_t size = 0;
        std::from_chars(head.data() + at + name.size(), head.data() + head.size(), size);
        return size;
    }

    int socket_ = -1;
    std::string key_;
};

// Names that no other run over the same database uses.
std::string name_of(std::size_t connection, std::size_t life) {
    static const auto run = std::to_string(Steady::now().time_since_epoch().count());
    return run + "-" + std::to_string(connection) + "-" + std::to_string(life);
}

std::string placement(const std::string& name) {
    return R"({"reference":")" + name +
           R"(","placed_at":"2026-03-01T09:00:00.000Z",)"
           R"("buyer":{"reference":"customer-42"},"seller":{"reference":"shop-17"},"currency":"EUR",)"
           R"("lines":[{"sku":"mug-blue","quantity":2,"unit_price":{"amount":4990,"currency":"EUR"}}],)"
           R"("shipping":{"amount":490,"currency":"EUR"},"commission_basis_points":1000,)"
           R"("terms":{"terms_id":"marketplace"},"promised_by":"2999-03-31"})";
}

constexpr const char* payment =
    R"({"seen":"captured","amount":{"amount":10470,"currency":"EUR"},"reference":"pi_1"})";

std::string place(Connection& connection, const std::string& name, std::string* answer = nullptr) {
    const auto receipt = connection.post("/v1/orders", placement(name), "place-" + name);
    constexpr std::string_view member = R"("order_id":")";
    const auto at = receipt.find(member);
    if (at == std::string::npos) throw std::runtime_error("no order_id: " + receipt);
    if (answer) *answer = receipt;
    return "/v1/orders/" + receipt.substr(at + member.size(), 30);
}

void keep(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

int record(int port, const std::string& key, const std::string& folder) {
    Connection connection(port, key);
    std::string receipt;
    const auto order = place(connection, name_of(0, 0), &receipt);
    keep(folder + "/place.json", receipt);
    keep(folder + "/pay.json", connection.post(order + "/payments", payment, "pay"));
    keep(folder + "/look.json", connection.get(order));
    return 0;
}

// One connection's requests: when each is due, and how long it took, in microseconds.
class Pace {
public:
    // `between`: zero is as fast as the answers come.
    Pace(Steady::time_point first, Steady::duration between, Steady::time_point until)
        : due_(first), between_(between), until_(until) {}

    bool goes_on() const { return Steady::now() < until_; }

    template <class Ask>
    void timed(const Ask& ask) {
        if (between_ == Steady::duration::zero())
            due_ = Steady::now();
        else
            std::this_thread::sleep_until(due_);
        ask();
        times_.push_back(std::chrono::duration<double, std::micro>(Steady::now() - due_).count());
        due_ += between_;
    }

    const std::vector<double>& times() const { return times_; }

private:
    Steady::time_point due_;
    Steady::duration between_;
    Steady::time_point until_;
    std::vector<double> times_;
};

void live(Connection& connection, std::size_t number, Pace& pace) {
    for (std::size_t life = 0; pace.goes_on(); ++life) {
        const auto name = name_of(number, life);
        std::string order;
        pace.timed([&] { order = place(connection, name); });
        pace.timed([&] { connection.post(order + "/payments", payment, "pay-" + name); });
    }
}

void look(Connection& connection, const std::vector<std::string>& orders, std::size_t number,
          Pace& pace) {
    for (auto i = number; pace.goes_on(); ++i)
        pace.timed([&] { connection.get(orders[i % orders.size()]); });
}

double cpu_seconds() {
    timespec time{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

std::vector<std::string> hundred_orders(int port, const std::string& key) {
    Connection connection(port, key);
    std::vector<std::string> orders;
    for (std::size_t i = 0; i < 100; ++i) {
        const auto name = name_of(9'999, i);
        orders.push_back(place(connection, name));
        connection.post(orders.back() + "/payments", payment, "pay-" + name);
    }
    return orders;
}

struct Load {
    bool looks = false;
    int port = 0;
    std::string key;
    std::size_t connections = 1;
    int seconds = 1;
    int rate = 0;  // requests a second of all together; 0: as fast as the answers come
};

int run(const Load& load) {
    const auto orders =
        load.looks ? hundred_orders(load.port, load.key) : std::vector<std::string>{};
    const auto begun = Steady::now();
    const auto until = begun + std::chrono::seconds{load.seconds};
    const Steady::duration between =
        load.rate ? std::chrono::nanoseconds{1'000'000'000 / load.rate} : Steady::duration::zero();
    std::vector<Pace> paces;
    for (std::size_t i = 0; i < load.connections; ++i)
        paces.emplace_back(begun + between * i, between * load.connections, until);
    const auto cpu = cpu_seconds();
    {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < load.connections; ++i)
            threads.emplace_back([&, i] {
                Connection connection(load.port, load.key);
                load.looks ? look(connection, orders, i, paces[i]) : live(connection, i, paces[i]);
            });
    }
    const auto took = std::chrono::duration<double>(Steady::now() - begun).count();
    std::vector<double> all;
    for (const auto& one : paces) all.insert(all.end(), one.times().begin(), one.times().end());
    std::ranges::sort(all);
    const auto at = [&](double part) {
        return all[static_cast<std::size_t>(part * static_cast<double>(all.size() - 1))] / 1'000;
    };
    std::printf("requests_per_s=%.0f p50_ms=%.3f p99_ms=%.3f client_cpu_ms=%.4f\n",
                static_cast<double>(all.size()) / took, at(0.5), at(0.99),
                (cpu_seconds() - cpu) * 1'000 / static_cast<double>(all.size()));
    return 0;
}

// Connections that never get to the end of a head; the server hangs up on them, and they come back.
int be_slow(int port, std::size_t connections, int seconds) {
    constexpr std::string_view head = "GET /v1/orders HTTP/1.1\r\nHost: bench\r\nX-Slow: ";
    std::vector<Connection> all;
    for (std::size_t i = 0; i < connections; ++i) all.emplace_back(port, "");
    std::size_t hung_up = 0;
    auto due = Steady::now();
    const auto between = std::chrono::nanoseconds{1'000'000'000} / connections;
    for (int second = 0; second < seconds; ++second) {
        const auto byte = static_cast<std::size_t>(second) % head.size();
        for (auto& one : all) {  // spread over the second
            std::this_thread::sleep_until(due += between);
            if (one.offer(head.substr(byte, 1))) continue;
            ++hung_up;
            one = Connection(port, "");
        }
    }
    std::printf("slow=%zu hung_up=%zu\n", connections, hung_up);
    return 0;
}

}  // namespace
}  // namespace holdfast::bench

int main(int count, char** words) {
    using namespace holdfast::bench;
    const std::vector<std::string> given(words + 1, words + count);
    if (given.size() < 4) return 64;
    const auto port = std::stoi(given[1]);
    if (given[0] == "slow") return be_slow(port, std::stoul(given[2]), std::stoi(given[3]));
    const auto key = text_in(given[2]);
    if (given[0] == "record") return record(port, key, given[3]);
    if (given[0] == "place" || given[0] == "pay") {
        Connection connection(port, key);
        if (given[0] == "place")
            std::puts(place(connection, given[3]).c_str());
        else
            connection.post(given[3] + "/payments", payment, "pay-R000000000");
        return 0;
    }
    if (given.size() < 5) return 64;
    Load load{.looks = given[0] == "looks", .port = port, .key = key};
    load.connections = std::stoul(given[3]);
    load.seconds = std::stoi(given[4]);
    if (given.size() > 5) load.rate = std::stoi(given[5]);
    return run(load);
}
