#include "terms/facts.h"

#include "terms/test_support.h"

#include <vector>

namespace holdfast::terms {
namespace {

using namespace test;

const Instant noon = instant("2021-01-05T12:00:00Z");

// The n-th moment is n hours after noon.
Facts facts_of(const std::vector<Moment>& moments) {
    Facts facts;
    auto at = noon;
    for (const auto moment : moments) facts.set(moment, When{at += std::chrono::hours{1}});
    return facts;
}

}  // namespace

TEST_CASE("whom an order waits for") {
    struct Row {
        Waiting who;
        std::vector<Moment> known;  // in this order
        bool expected;
    };
    using enum Moment;
    // clang-format off
    const Row rows[] = {
        {Waiting::seller,             {},                                            false},
        {Waiting::seller,             {asked},                                       true},
        {Waiting::seller,             {asked, dispute_answered},                     false},
        {Waiting::seller,             {dispute_opened},                              true},
        {Waiting::seller,             {dispute_opened, dispute_closed},              false},
        {Waiting::seller,             {dispute_opened, dispute_answered, escalated}, true},
        {Waiting::buyer,              {dispute_opened},                              false},
        {Waiting::buyer,              {dispute_opened, offer_made},                  true},
        {Waiting::buyer,              {dispute_opened, offer_made, dispute_modified}, false},
        {Waiting::buyer,              {dispute_opened, offer_made, dispute_closed},  false},
        {Waiting::platform,           {dispute_opened},                              false},
        {Waiting::platform,           {dispute_opened, escalated},                   true},
        {Waiting::platform,           {dispute_opened, escalated, decided},          false},
        {Waiting::platform,           {dispute_opened, decided, appealed},           true},
        {Waiting::platform,           {decided, appealed, appeal_decided},           false},
        {Waiting::buyer_return,       {return_agreed},                               true},
        {Waiting::buyer_return,       {return_requested},                            true},
        {Waiting::buyer_return,       {return_agreed, return_sent},                  false},
        {Waiting::buyer_return,       {return_agreed, return_tracking_given},        false},
        {Waiting::buyer_return,       {return_agreed, return_delivered},             false},
        {Waiting::buyer_return,       {return_agreed, return_received},              false},
        {Waiting::seller_return,      {},                                            false},
        {Waiting::seller_return,      {return_sent},                                 true},
        {Waiting::seller_return,      {return_tracking_given},                       true},
        {Waiting::seller_return,      {return_delivered},                            true},
        {Waiting::seller_return,      {notified_return},                             true},
        {Waiting::seller_return,      {return_sent, return_received},                false},
        {Waiting::seller_return,      {return_sent, return_contested},               false},
        {Waiting::seller_cancel,      {cancel_requested},                            true},
        {Waiting::seller_cancel,      {cancel_requested, cancel_answered},           false},
        {Waiting::seller_cancel,      {cancel_requested, cancelled},                 false},
        {Waiting::seller_cancel,      {cancel_requested, shipped_first},             false},
        {Waiting::seller_cancel,      {cancel_requested, shipped_all},               false},
        {Waiting::seller_shipment,    {},                                            false},
        {Waiting::seller_shipment,    {paid},                                        true},
        {Waiting::seller_shipment,    {paid, shipped_all},                           false},
        {Waiting::seller_shipment,    {paid, cancelled},                             false},
        {Waiting::shop,               {},                                            false},
        {Waiting::shop,               {shop_closed},                                 true},
        {Waiting::seller_replacement, {},                                            false},
        {Waiting::seller_replacement, {replacement_agreed},                          true},
        {Waiting::seller_replacement, {replacement_agreed, replacement_shipped},     false},
        {Waiting::seller_replacement, {replacement_agreed, replacement_delivered},   false},
        {Waiting::payment,            {},                                            false},
        {Waiting::payment,            {placed},                                      true},
        {Waiting::payment,            {placed, paid},                                false},
        {Waiting::payment,            {placed, cancelled},                           false},
    };
    // clang-format on
    for (const auto& row : rows) {
        CAPTURE(to_string(row.who));
        CAPTURE(&row - rows);
        CHECK(waits_for(facts_of(row.known), row.who) == row.expected);
    }
}

TEST_CASE("moments known by their day only stand in their order") {
    Facts facts;
    facts.set(Moment::dispute_opened, When{day("2021-01-05")});
    facts.set(Moment::dispute_answered, When{day("2021-01-06")});
    CHECK(!waits_for(facts, Waiting::seller));
    facts.set(Moment::dispute_modified, When{day("2021-01-06")});
    CHECK(waits_for(facts, Waiting::seller));
}

}  // namespace holdfast::terms
