#include "http/event_stream.h"

#include <doctest/doctest.h>

namespace holdfast::http {
namespace {

using Events = std::vector<StreamEvent>;

const StreamEvent opened{.id = "evt_1", .type = "dispute.opened", .data = R"({"n":1})"};
const std::string opened_text = "id: evt_1\nevent: dispute.opened\ndata: {\"n\":1}\n\n";

TEST_CASE("an event comes whole, in whatever pieces it arrives") {
    CHECK(EventStreamReader().take(opened_text) == Events{opened});
    for (std::size_t at = 1; at < opened_text.size(); ++at) {
        EventStreamReader reader;
        auto got = reader.take(opened_text.substr(0, at));
        for (auto& one : reader.take(opened_text.substr(at))) got.push_back(std::move(one));
        CHECK(got == Events{opened});
    }
}

TEST_CASE("lines may end in any of three ways") {
    CHECK(EventStreamReader().take(
              "id: evt_1\r\nevent: dispute.opened\r\ndata: {\"n\":1}\r\n\r\n") == Events{opened});
    CHECK(EventStreamReader().take("id: evt_1\revent: dispute.opened\rdata: {\"n\":1}\r\r") ==
          Events{opened});
    EventStreamReader reader;
    CHECK(reader.take("data: a\r").empty());
    CHECK(reader.take("\n\r") == Events{{.id = "", .type = "", .data = "a"}});
    CHECK(reader.take("\n").empty());
}

TEST_CASE("comments and unknown fields say nothing, and data of several lines is one") {
    EventStreamReader reader;
    CHECK(reader.take(":\n\n").empty());
    CHECK(reader.has_begun());
    CHECK(reader.take("retry: 3\nwhat: x\ndata\ndata:b\ndata:  c\n\n") ==
          Events{{.id = "", .type = "", .data = "\nb\n c"}});
}

TEST_CASE("an id is kept for the events behind it, and can come without one") {
    EventStreamReader reader;
    CHECK_FALSE(reader.has_begun());
    CHECK(reader.take("id: evt_0\n\n").empty());
    CHECK(reader.last_id() == "evt_0");
    CHECK(reader.take("data: x\n\n") == Events{{.id = "evt_0", .type = "", .data = "x"}});
    CHECK(reader.take("id: evt_2\ndata: y\n").empty());
    CHECK(reader.last_id() == "evt_0");  // what is not whole was not received
}

TEST_CASE("a line without end breaks the stream instead of filling the memory") {
    EventStreamReader reader;
    reader.take(std::string(EventStreamReader::line_most, 'x'));
    CHECK_FALSE(reader.is_broken());
    reader.take("x");
    CHECK(reader.is_broken());
}

}  // namespace
}  // namespace holdfast::http
