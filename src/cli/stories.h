// Stories by which `holdfast trigger` makes an event of some type happen: each goes on from where
// another ends, on an order of its own that lives by a test clock of its own.
#pragma once

#include "cli/api_client.h"

#include "base/instant.h"

#include <boost/json/object.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::cli {

// One order of a sandbox, as a marketplace's backend lets it live.
class Life {
public:
    // Of `total` cents; its clock shows `now` and moves by pass() alone.
    static constexpr std::int64_t total = 10'470;
    Life(ApiClient& api, Instant now) : api_(api), shows_(now) {}

    const std::string& order() const { return order_; }
    const std::string& clock() const { return clock_; }
    Instant shows() const { return shows_; }

    void place(const boost::json::object& more = {});
    void pass(Duration time);
    // "/v1/orders/ord_…" and `path`.
    void act(std::string_view path, const boost::json::object& body);
    // The same of what was made last: "dispute", "offer", "shipment", "chargeback".
    void act_on(const std::string& thing, std::string_view path, const boost::json::object& body);
    // The last that was told to move money.
    void act_on_instruction(std::string_view path, const boost::json::object& body);
    std::vector<boost::json::object> events();

private:
    boost::json::object ask(const std::string& path, const boost::json::object& body);

    ApiClient& api_;
    Instant shows_;
    std::string order_, clock_;
    std::map<std::string, std::string> made_;  // "dispute_id"
};

struct Story {
    std::string_view type;   // of the event that it ends with
    std::string_view after;  // the type of the story that comes first; empty: none
    void (*tell)(Life& life);
};

// Nothing: no story leads there.
const Story* find_story(std::string_view type);
void tell(const Story& story, Life& life);
std::vector<std::string_view> story_types();

}  // namespace holdfast::cli
