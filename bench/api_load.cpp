// Clients of the HTTP interface, each with a connection that stays open and one request under way.
//
//   api_load record PORT KEY_FILE FOLDER              the answers of one life, for api_bare
//   api_load place PORT KEY_FILE NAME                 one order; prints its path
//   api_load pay PORT KEY_FILE PATH                   pays it
//   api_load lives PORT KEY_FILE CONNECTIONS SECONDS  orders placed and paid, one after the other
//   api_load looks PORT KEY_FILE CONNECTIONS SECONDS  orders looked at, of a hundred
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
    ~Connection() { ::close(socket_); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    std::string get(const std::string& path) { return exchange("GET " + path, "", ""); }
    std::string post(const std::string& path, const std::string& body, const std::string& once) {
        return exchange("POST " + path,
                        "Content-Type: application/json\r\nIdempotency-Key: " + once +
                            "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n",
                        body);
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

// How long each request of one connection took, in microseconds.
using Times = std::vector<double>;

template <class Ask>
void timed(Times& times, const Ask& ask) {
    const auto begun = Steady::now();
    ask();
    times.push_back(std::chrono::duration<double, std::micro>(Steady::now() - begun).count());
}

void live(Connection& connection, std::size_t number, Steady::time_point until, Times& times) {
    for (std::size_t life = 0; Steady::now() < until; ++life) {
        const auto name = name_of(number, life);
        std::string order;
        timed(times, [&] { order = place(connection, name); });
        timed(times, [&] { connection.post(order + "/payments", payment, "pay-" + name); });
    }
}

void look(Connection& connection, const std::vector<std::string>& orders, std::size_t number,
          Steady::time_point until, Times& times) {
    for (auto i = number; Steady::now() < until; ++i)
        timed(times, [&] { connection.get(orders[i % orders.size()]); });
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

int load(bool looks, int port, const std::string& key, std::size_t connections, int seconds) {
    const auto orders = looks ? hundred_orders(port, key) : std::vector<std::string>{};
    std::vector<Times> times(connections);
    const auto begun = Steady::now();
    const auto until = begun + std::chrono::seconds{seconds};
    const auto cpu = cpu_seconds();
    {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < connections; ++i)
            threads.emplace_back([&, i] {
                Connection connection(port, key);
                looks ? look(connection, orders, i, until, times[i])
                      : live(connection, i, until, times[i]);
            });
    }
    const auto took = std::chrono::duration<double>(Steady::now() - begun).count();
    Times all;
    for (const auto& one : times) all.insert(all.end(), one.begin(), one.end());
    std::ranges::sort(all);
    const auto at = [&](double part) {
        return all[static_cast<std::size_t>(part * static_cast<double>(all.size() - 1))] / 1'000;
    };
    std::printf("requests_per_s=%.0f p50_ms=%.3f p99_ms=%.3f client_cpu_ms=%.4f\n",
                static_cast<double>(all.size()) / took, at(0.5), at(0.99),
                (cpu_seconds() - cpu) * 1'000 / static_cast<double>(all.size()));
    return 0;
}

}  // namespace
}  // namespace holdfast::bench

int main(int count, char** words) {
    using namespace holdfast::bench;
    const std::vector<std::string> given(words + 1, words + count);
    if (given.size() < 4) return 64;
    const auto port = std::stoi(given[1]);
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
    if (given.size() != 5) return 64;
    return load(given[0] == "looks", port, key, std::stoul(given[3]), std::stoi(given[4]));
}
