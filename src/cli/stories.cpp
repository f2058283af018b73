#include "cli/stories.h"

#include "base/verify.h"

#include <boost/json/array.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <span>

namespace holdfast::cli {
namespace {

namespace json = boost::json;
using json::object;
using std::chrono::days;

constexpr auto evidence = "3e2c08ce3771e0227f78b279de6d510e5f338704f93ac5c50c4127acfdd25619";
constexpr auto delivery_time = days{20};

object eur(std::int64_t minor) { return {{"amount", minor}, {"currency", "EUR"}}; }
object as(std::string_view who) { return {{"as", json::string(who)}}; }
object with(object body, std::string_view name, const json::value& value) {
    body[name] = value;
    return body;
}
object captured() {
    return {{"seen", "captured"}, {"amount", eur(Life::total)}, {"reference", "pi_1"}};
}
object not_received() {
    return {{"as", "buyer"}, {"reason", "not_received"}, {"wanted", "full_refund"}};
}
object offer_of(const object& settlement, Instant expires_at) {
    return {{"as", "seller"},
            {"plan", object{{"then", settlement}}},
            {"expires_at", to_string(expires_at)}};
}
object verdict() {
    return {{"verdict", object{{"settlement", object{{"remedy", "full_refund"}}},
                               {"winner", "buyer"},
                               {"codes", json::array{"no_proof_of_delivery"}}}}};
}

void open_damaged(Life& life) {
    life.pass(days{1});
    life.act("/disputes", {{"as", "buyer"},
                           {"reason", "damaged"},
                           {"wanted", "return_for_full_refund"},
                           {"has_evidence", true}});
}
void agree_on(Life& life, std::string_view remedy) {
    object settlement{{"remedy", json::string(remedy)}};
    if (remedy == "return_for_full_refund") settlement["amount"] = eur(Life::total);
    life.act_on("dispute", "/offers", offer_of(settlement, life.shows() + days{5}));
    life.act_on("offer", "/accept", as("buyer"));
}

// clang-format off
constexpr std::array all{
    Story{"order.placed", "", [](Life& life) { life.place(); }},
    Story{"payment.authorised", "order.placed", [](Life& life) {
        life.act("/payments", {{"seen", "authorised"}, {"amount", eur(Life::total)}, {"reference", "pi_1"},
                               {"until", to_string(life.shows() + days{7})}}); }},
    Story{"order.authorisation_ended", "payment.authorised", [](Life& life) {
        life.act("/payments", {{"seen", "authorisation_ended"}}); }},
    Story{"payment.captured", "order.placed", [](Life& life) { life.act("/payments", captured()); }},
    Story{"order.cancelled", "payment.captured", [](Life& life) { life.act("/cancel", as("buyer")); }},
    Story{"order.cancel_requested", "", [](Life& life) {
        life.place({{"item_marks", json::array{"custom_made"}}});
        life.act("/payments", captured());
        life.act("/cancel", as("buyer")); }},
    Story{"order.cancel_declined", "order.cancel_requested", [](Life& life) {
        life.act("/decline_cancel", as("seller")); }},
    Story{"order.shipped", "payment.captured", [](Life& life) {
        life.pass(days{1});
        life.act("/shipments", {{"tracking", "RR123456785DE"}}); }},
    Story{"order.scanned", "order.shipped", [](Life& life) {
        life.pass(days{3});
        life.act_on("shipment", "/scans", {{"kind", "delivered"}}); }},
    Story{"order.scan_withdrawn", "order.scanned", [](Life& life) {
        life.act_on("shipment", "/withdraw_scan", {{"kind", "delivered"}}); }},
    Story{"order.extension_requested", "order.shipped", [](Life& life) {
        life.act("/request_extension", with(as("buyer"), "days", 10)); }},
    Story{"order.extended", "order.extension_requested", [](Life& life) {
        life.act("/extend", with(as("seller"), "days", 10)); }},
    Story{"order.receipt_confirmed", "order.scanned", [](Life& life) {
        life.act("/confirm_receipt", as("buyer")); }},
    Story{"order.completed", "order.scanned", [](Life& life) { life.pass(days{15}); }},
    Story{"order.released", "order.completed", [](Life&) {}},
    Story{"order.default_struck", "order.completed", [](Life&) {}},
    Story{"order.compensated", "order.shipped", [](Life& life) {
        life.act("/compensations", {{"as", "seller"}, {"what", "goodwill"}, {"amount", eur(100)}}); }},
    Story{"order.gift_promised", "order.shipped", [](Life& life) {
        life.act("/gifts", with(as("seller"), "sku", "sticker")); }},
    Story{"order.message_sent", "order.shipped", [](Life& life) {
        life.act("/messages", with(as("buyer"), "text", "Where is my order?")); }},

    Story{"dispute.opened", "order.shipped", [](Life& life) {
        life.pass(delivery_time + days{1});
        life.act("/disputes", not_received()); }},
    Story{"dispute.modified", "dispute.opened", [](Life& life) {
        life.act_on("dispute", "/modify", {{"as", "buyer"}, {"wanted", "partial_refund_keep"}, {"amount", eur(3000)}}); }},
    Story{"dispute.withdrawn", "dispute.opened", [](Life& life) {
        life.act_on("dispute", "/withdraw", as("buyer")); }},
    Story{"dispute.answered", "dispute.opened", [](Life& life) {
        life.act_on("dispute", "/respond", as("seller")); }},
    Story{"evidence.submitted", "dispute.opened", [](Life& life) {
        life.act_on("dispute", "/evidence", {{"as", "buyer"}, {"kind", "photo"}, {"content", evidence}}); }},
    Story{"offer.made", "dispute.opened", [](Life& life) {
        life.act_on("dispute", "/offers", offer_of({{"remedy", "partial_refund_keep"}, {"amount", eur(1000)}},
                                                   life.shows() + days{3})); }},
    Story{"offer.accepted", "offer.made", [](Life& life) { life.act_on("offer", "/accept", as("buyer")); }},
    Story{"offer.declined", "offer.made", [](Life& life) { life.act_on("offer", "/decline", as("buyer")); }},
    Story{"refund.issued", "dispute.opened", [](Life& life) { life.pass(days{6}); }},
    Story{"dispute.closed", "refund.issued", [](Life&) {}},
    Story{"instruction.settled", "refund.issued", [](Life& life) {
        life.act_on_instruction("/settle", {{"state", "succeeded"}}); }},
    Story{"instruction.repeated", "refund.issued", [](Life& life) {
        life.act_on_instruction("/settle", {{"state", "failed"}});
        life.act_on_instruction("/repeat", {}); }},
    Story{"order.arrived_after_refund", "instruction.settled", [](Life& life) {
        life.act_on("shipment", "/scans", {{"kind", "delivered"}}); }},
    Story{"arrival.settled", "order.arrived_after_refund", [](Life& life) {
        life.act_on("shipment", "/settle_arrival", {{"as", "buyer"}, {"choice", "pay"}}); }},
    Story{"upstream.linked", "dispute.opened", [](Life& life) {
        life.act_on("dispute", "/link_upstream", {{"as", "seller"}, {"system", "aliexpress"}, {"reference", "3099"}}); }},
    Story{"upstream.granted", "upstream.linked", [](Life& life) {
        life.act_on("dispute", "/upstream_granted", {{"amount", eur(500)}}); }},

    Story{"order.escalated", "dispute.answered", [](Life& life) {
        life.pass(days{4});
        life.act_on("dispute", "/escalate", {}); }},
    Story{"evidence.requested", "order.escalated", [](Life& life) {
        life.act_on("dispute", "/request_evidence", {{"of", "seller"}, {"due_at", to_string(life.shows() + days{3})}}); }},
    Story{"evidence.lapsed", "evidence.requested", [](Life& life) { life.pass(days{4}); }},
    Story{"order.decided", "order.escalated", [](Life& life) { life.act_on("dispute", "/decide", verdict()); }},
    Story{"order.appealed", "order.decided", [](Life& life) {
        life.act_on("dispute", "/appeal", with(as("seller"), "has_new_information", true)); }},

    Story{"return.agreed", "order.scanned", [](Life& life) {
        open_damaged(life);
        agree_on(life, "return_for_full_refund"); }},
    Story{"return.prepared", "return.agreed", [](Life& life) {
        life.act_on("dispute", "/prepare_return", {{"as", "seller"}, {"address_text", "1 Kiln Lane"}, {"label", "seller"}}); }},
    Story{"return.sent", "return.agreed", [](Life& life) {
        life.pass(days{1});
        life.act_on("dispute", "/send_return", with(as("buyer"), "tracking", "RR987654321DE")); }},
    Story{"return.delivered", "return.sent", [](Life& life) {
        life.pass(days{2});
        life.act_on("dispute", "/return_delivered", {}); }},
    Story{"return.received", "return.delivered", [](Life& life) {
        life.act_on("dispute", "/receive_return", as("seller")); }},
    Story{"return.contested", "return.delivered", [](Life& life) {
        life.act_on("dispute", "/contest_return", with(as("seller"), "condition", "other_item")); }},
    Story{"replacement.agreed", "order.scanned", [](Life& life) {
        open_damaged(life);
        agree_on(life, "replacement"); }},

    Story{"chargeback.opened", "order.shipped", [](Life& life) {
        life.act("/chargebacks", {{"amount", eur(1000)}, {"evidence_due", to_string(life.shows() + days{10})}}); }},
    Story{"chargeback.answered", "chargeback.opened", [](Life& life) {
        life.act_on("chargeback", "/answer", with(as("seller"), "content", evidence)); }},
    Story{"chargeback.resolved", "chargeback.answered", [](Life& life) {
        life.act_on("chargeback", "/resolve", {{"state", "won"}}); }},
};
// clang-format on

constexpr bool goes_back() {  // each story stands behind the one that it goes on from
    for (auto story = all.begin(); story != all.end(); ++story)
        if (!story->after.empty() && std::none_of(all.begin(), story, [&](const Story& one) {
                return one.type == story->after;
            }))
            return false;
    return true;
}
static_assert(goes_back());

}  // namespace

void Life::place(const object& more) {
    clock_ = text_of(api_.post("/v1/test_clocks", {{"shows", to_string(shows_)}}), "id");
    const auto promised = std::chrono::floor<days>(shows_ + delivery_time);
    object body{{"reference", "trigger-" + fresh_name()},
                {"placed_at", to_string(shows_)},
                {"clock", clock_},
                {"buyer", object{{"reference", "trigger-buyer"}}},
                {"seller", object{{"reference", "trigger-seller"}}},
                {"currency", "EUR"},
                {"lines", json::array{object{
                              {"sku", "mug-blue"}, {"quantity", 2}, {"unit_price", eur(4990)}}}},
                {"shipping", eur(490)},
                {"commission_basis_points", 1000},
                {"terms", object{{"terms_id", "marketplace"}}},
                {"promised_by", to_string(promised).substr(0, 10)}};
    for (const auto& [name, value] : more) body[name] = value;
    order_ = text_of(ask("/v1/orders", body), "order_id");
}

void Life::pass(Duration time) {
    shows_ += time;
    api_.post("/v1/test_clocks/" + clock_ + "/advance", {{"to", to_string(shows_)}});
}

void Life::act(std::string_view path, const object& body) {
    ask("/v1/orders/" + order_ + std::string(path), body);
}

void Life::act_on(const std::string& thing, std::string_view path, const object& body) {
    ask("/v1/" + thing + "s/" + made_[thing + "_id"] + std::string(path), body);
}

void Life::act_on_instruction(std::string_view path, const object& body) {
    const auto all_of_it = api_.get("/v1/orders/" + order_ + "/instructions");
    const auto& newest = all_of_it.at("data").as_array().at(0).as_object();
    ask("/v1/instructions/" + text_of(newest, "id") + std::string(path), body);
}

std::vector<object> Life::events() {
    std::vector<object> found;
    const auto page = api_.get("/v1/orders/" + order_ + "/events?limit=100");
    for (const auto& event : page.at("data").as_array()) found.push_back(event.as_object());
    return found;
}

object Life::ask(const std::string& path, const object& body) {
    auto receipt = api_.post(path, body);
    if (const auto* made = receipt.if_contains("made"); made && made->is_object())
        for (const auto& [name, id] : made->get_object())
            if (id.is_string()) made_[name] = std::string(id.get_string());
    return receipt;
}

const Story* find_story(std::string_view type) {
    const auto found = std::ranges::find(all, type, &Story::type);
    return found == all.end() ? nullptr : &*found;
}

void tell(const Story& story, Life& life) {
    if (!story.after.empty()) {
        const auto* first = find_story(story.after);
        VERIFY(first);
        tell(*first, life);
    }
    story.tell(life);
}

std::vector<std::string_view> story_types() {
    std::vector<std::string_view> types;
    for (const auto& story : all) types.push_back(story.type);
    return types;
}

}  // namespace holdfast::cli
