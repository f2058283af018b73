#include "http/router.h"

#include "base/verify.h"

#include <doctest/doctest.h>

namespace holdfast::http {
namespace {

using Segments = std::vector<std::string>;

Router routes() {
    Router router;
    router.add({"GET", "/", 1});
    router.add({"GET", "/orders", 2});
    router.add({"POST", "/orders", 3});
    router.add({"GET", "/orders/{order_id}", 4});
    router.add({"DELETE", "/orders/latest", 5});
    router.add({"GET", "/orders/latest/lines", 6});
    router.add({"POST", "/orders/{order_id}/lines/{line}", 7});
    router.add({"HEAD", "/orders/{order_id}/lines/{line}", 8});
    return router;
}

}  // namespace

TEST_CASE("a route is found by method and path") {
    const auto router = routes();
    const auto operation = [&](const char* method, const Segments& segments) -> Operation {
        const auto found = router.find(method, segments);
        return found ? found->route->operation : 0;
    };
    CHECK(operation("GET", {}) == 1);
    CHECK(operation("GET", {"orders"}) == 2);
    CHECK(operation("HEAD", {"orders"}) == 2);
    CHECK(operation("POST", {"orders"}) == 3);
    CHECK(operation("GET", {"orders", "x"}) == 4);
    CHECK(operation("DELETE", {"orders", "latest"}) == 5);
    CHECK(operation("GET", {"orders", "latest"}) == 4);  // past a literal without the method
    CHECK(operation("GET", {"orders", "latest", "lines"}) == 6);
    CHECK(operation("POST", {"orders", "latest", "lines", "1"}) == 7);
    CHECK(operation("HEAD", {"orders", "x", "lines", "1"}) == 8);
    CHECK(operation("GET", {"orders", ""}) == 0);
    CHECK(operation("GET", {""}) == 0);
    CHECK(operation("get", {"orders"}) == 0);
}

TEST_CASE("a pattern's names come with what stands in their place") {
    const auto router = routes();
    const auto found = router.find("POST", {"orders", "a/b", "lines", "{x}"});
    REQUIRE(found);
    CHECK(found->parameters ==
          std::vector<std::pair<std::string, std::string>>{{"order_id", "a/b"}, {"line", "{x}"}});
}

TEST_CASE("what a path has instead is named, over all patterns that lead there") {
    const auto router = routes();
    const auto allow = [&](const char* method, const Segments& segments) {
        return router.find(method, segments).error().allow;
    };
    CHECK(allow("PUT", {"orders"}) == "GET, HEAD, OPTIONS, POST");
    CHECK(allow("PUT", {"orders", "latest"}) == "DELETE, GET, HEAD, OPTIONS");
    CHECK(allow("OPTIONS", {"orders", "x", "lines", "1"}) == "HEAD, OPTIONS, POST");
    CHECK(allow("GET", {"none"}).empty());
    CHECK(allow("GET", {"orders", "x", "lines"}).empty());
}

TEST_CASE("a pattern that cannot be meant is a bug") {
    auto router = routes();
    for (const auto* pattern : {"", "orders", "/{}", "/{a b}", "/a{b}", "/{a}b", "/a?b", "/orders",
                                "/orders/{other_name}"}) {
        CAPTURE(pattern);
        CHECK_THROWS_AS(router.add({"GET", pattern}), VerifyFailed);
    }
    CHECK_THROWS_AS(router.add({"G T", "/x"}), VerifyFailed);
}

}  // namespace holdfast::http
