#include "desk/packet.h"
#include "desk/test_support.h"
#include "desk/text.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <sstream>

namespace holdfast::desk {
namespace {

using namespace test;
using terms::Reason;

std::expected<ClaimPacket, std::string> unsaid_packet_of(const Scenario& scenario,
                                                         PacketAsk ask = {}, PacketForm form = {},
                                                         Instant at = now,
                                                         std::string_view language = "en") {
    static const Languages languages = {{"en", phrases("en")}, {"es", phrases("es")}};
    return claim_packet(purchase_of(scenario.purchase), parcels_of(scenario), &small_terms(), {},
                        ask, form, languages.find(language)->second, at);
}

// Of a customer who says that it has not come, unless `ask` says otherwise.
std::expected<ClaimPacket, std::string> packet_of(const Scenario& scenario, PacketAsk ask = {},
                                                  PacketForm form = {}, Instant at = now,
                                                  std::string_view language = "en") {
    if (!ask.complaint) ask.complaint = Reason::not_received;
    return unsaid_packet_of(scenario, ask, form, at, language);
}

bool holds(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

std::size_t letters(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

// An order with what a random source says of it.
Scenario random_order(Dice& dice) {
    const auto day = [&](std::size_t from, std::size_t days) {
        return holdfast::to_string(instant("2026-09-05T07:11:00Z") +
                                   std::chrono::days{static_cast<int>(from + dice.below(days))} +
                                   std::chrono::minutes{static_cast<int>(dice.below(600))});
    };
    auto told = api_order(900, day(0, 5), Phase::shipped, "WAIT_BUYER",
                          static_cast<std::int64_t>(1 + dice.below(9'000)));
    if (!dice.once_in(3)) told.paid = seen(day(5, 2));
    if (!dice.once_in(3)) told.shipped = seen(day(8, 5));
    if (dice.once_in(2)) told.commit_days = static_cast<std::int32_t>(20 + dice.below(60));
    Scenario scenario;
    for (std::size_t i = 0; i < dice.below(3); ++i) {
        const auto number = "LB00010101" + std::to_string(i) + "CN";
        told.tracking_numbers.push_back(number);
        const auto status = dice.once_in(3)   ? ParcelStatus::delivered
                            : dice.once_in(4) ? ParcelStatus::returning
                                              : ParcelStatus::moving;
        const auto first = day(12, 5), last = day(20, 50);
        scenario.parcels.push_back(
            tracked(parcel_seen(number, status, {{first, ParcelStatus::moving}, {last, status}})));
    }
    scenario.purchase = {api(told)};
    return scenario;
}

// All times that any source named of the order, as a text says them.
std::set<std::string> times_of(const Scenario& scenario) {
    const auto purchase = purchase_of(scenario.purchase);
    std::set<std::string> times;
    if (purchase.paid) times.insert(to_minute(purchase.paid->value.at));
    if (purchase.shipped) times.insert(to_minute(purchase.shipped->value.time.at));
    for (const auto& parcel : parcels_of(scenario))
        for (const auto& [scan, origin] : parcel.scans) times.insert(to_minute(scan.at.at));
    return times;
}

// How lines of a claim begin in a language.
struct Labels {
    std::string_view language;
    std::array<std::string_view, 3> times;
    std::string_view tracking, delivery, amount, promise, carrier_shows;
};
constexpr std::array all_labels = {
    Labels{"en",
           {"Paid: ", "Shipped: ", "Last scan: "},
           "Tracking number: ",
           "A delivery scan of ",
           "We ask for",
           "Promised by: ",
           "The carrier shows a delivery"},
    Labels{"es",
           {"Pagado: ", "Enviado: ", "Último registro: "},
           "Número de seguimiento: ",
           "Existe un registro de entrega del ",
           "Pedimos",
           "Prometido para: ",
           "El transportista muestra una entrega"},
};
constexpr std::size_t time_length = std::string_view("2026-11-25 00:00 UTC").size();

// Every time, number and sum of the text stands in the order. A promise that a source's own figures
// give is stated, too.
void check_lines(const Scenario& scenario, const ClaimPacket& packet, const Labels& labels) {
    const auto purchase = purchase_of(scenario.purchase);
    const auto times = times_of(scenario);
    std::istringstream lines(packet.text);
    for (std::string line; std::getline(lines, line);) {
        CAPTURE(line);
        bool is_known = !holds(line, "20");
        const auto after = [&](std::string_view label) {
            if (!line.starts_with(label)) return std::string();
            is_known = true;
            return line.substr(label.size());
        };
        for (const auto label : labels.times)
            if (const auto rest = after(label); !rest.empty())
                CHECK(times.contains(rest.substr(0, time_length)));
        if (const auto rest = after(labels.tracking); !rest.empty())
            CHECK(purchase.tracking_numbers.contains(rest));
        if (const auto rest = after(labels.delivery); !rest.empty())
            CHECK(times.contains(rest.substr(0, time_length)));
        if (const auto rest = after(labels.amount); !rest.empty())
            CHECK(holds(rest, to_string(purchase.total->value)));
        if (const auto rest = after(labels.promise); !rest.empty()) CHECK(purchase.commit_days);
        CHECK((is_known || holds(line, purchase.reference)));  // no line that nobody has checked
    }
}

}  // namespace

TEST_CASE(
    "packets: no text states what no source said, or hides a delivery scan, in any language") {
    for (const auto& labels : all_labels) {
        CAPTURE(labels.language);
        Dice dice(31);
        int given = 0, with_scan = 0;
        for (int round = 0; round < 3'000; ++round) {
            CAPTURE(round);
            const auto scenario = random_order(dice);
            PacketForm form;
            if (dice.once_in(2)) form.text_most = 60 + dice.below(500);
            const auto packet = packet_of(scenario, {}, form, now, labels.language);
            if (!packet) continue;
            ++given;
            CHECK(packet->language == labels.language);
            CHECK(packet->text_most == form.text_most);
            check_lines(scenario, *packet, labels);
            if (form.text_most) CHECK(letters(packet->text) <= *form.text_most);
            bool delivered = false;
            for (const auto& parcel : parcels_of(scenario))
                delivered = delivered || delivered_at(parcel).has_value();
            with_scan += delivered;
            CHECK(holds(packet->text, labels.delivery) == delivered);
            CHECK(holds(packet->text, labels.carrier_shows) == delivered);
        }
        CHECK(given > 300);
        CHECK(with_scan > 20);
    }
}

TEST_CASE("packets: steps end with the case number, attachments are numbered") {
    const auto packet = packet_of(scenario_104());
    REQUIRE_MESSAGE(packet, packet.error());
    CHECK(packet->reason == Reason::not_received);
    CHECK(packet->clause == "AE17-1");
    CHECK(packet->amount == usd(31'70));
    CHECK(packet->steps.back() == "Enter the case number that the platform gives.");
    CHECK(std::ranges::find(packet->steps, "Paste the text.") != packet->steps.end());
    for (std::size_t i = 0; i < packet->attachments.size(); ++i)
        CHECK(packet->attachments[i].number == i + 1);
    CHECK(holds(packet->attachments.front().what, "LP000101049CN"));
    CHECK(packet->attachments.back().what == "The customer's message");
}

TEST_CASE("packets: a reason that the facts contradict is refused, and why is said") {
    const auto damaged = packet_of(scenario_104(), {.reason = Reason::damaged});
    REQUIRE_FALSE(damaged);
    CHECK(holds(damaged.error(), "nothing came"));
    const auto late = packet_of(scenario_104(), {.reason = Reason::late});
    REQUIRE_FALSE(late);
    CHECK(holds(late.error(), "no delivery is known"));
    const auto none = packet_of(scenario_104(), {.reason = Reason::counterfeit});
    REQUIRE_FALSE(none);
    CHECK(holds(none.error(), "no reason for such a claim"));
}

TEST_CASE("packets: what a form does not take is left out, but nothing that is needed") {
    const auto whole = packet_of(scenario_104());
    REQUIRE(whole);
    const auto less = packet_of(scenario_104(), {}, {.text_most = whole->text.size() - 1});
    REQUIRE(less);
    CHECK(less->shortened);
    CHECK_FALSE(whole->shortened);
    CHECK(holds(less->text, "were not received"));
    CHECK(holds(less->text, "31.70 USD"));
    const auto too_little = packet_of(scenario_104(), {}, {.text_most = 40});
    REQUIRE_FALSE(too_little);
    CHECK(holds(too_little.error(), "40 letters"));
}

TEST_CASE("packets: what we owe the customer runs beside the claim") {
    const auto packet = packet_of(scenario_104(), {.customer_due_by = now + std::chrono::days{2}});
    REQUIRE(packet);
    CHECK(std::ranges::any_of(packet->steps, [](const std::string& step) {
        return holds(step, "The customer is due an answer by 2026-11-25");
    }));
}

TEST_CASE("packets: a platform with an interface of its own gets its fields") {
    const auto fields_on = [](std::string_view system, std::string reference) {
        auto purchase = purchase_of(scenario_104().purchase);
        purchase.system = system;
        purchase.reference = std::move(reference);
        const auto packet = claim_packet(purchase, parcels_of(scenario_104()), &small_terms(), {},
                                         {}, {}, phrases(), now);
        std::map<std::string, std::string> fields;
        REQUIRE_MESSAGE(packet, packet.error());
        for (const auto& [name, value] : packet->fields) fields[name] = value;
        CHECK(packet->fields.size() == fields.size());  // no name twice
        return fields;
    };
    auto paypal = fields_on("paypal", "PP-1");
    CHECK(paypal["reason"] == "MERCHANDISE_OR_SERVICE_NOT_RECEIVED");
    CHECK(paypal["dispute_amount.value"] == "31.70");
    CHECK(paypal["dispute_amount.currency_code"] == "USD");
    CHECK(holds(paypal["messages[0].content"], "Claim for order PP-1"));
    CHECK(paypal["evidences[0].evidence_info.tracking_info[0].tracking_number"] == "LP000101049CN");
    auto inquiry = fields_on("ebay", "110550000001-28020000");
    CHECK(inquiry["itemId"] == "110550000001");
    CHECK(inquiry["transactionId"] == "28020000");
    CHECK(inquiry["claimAmount.value"] == "31.70");
    auto cj = fields_on("cj", "75727832844206081");
    CHECK(cj["orderId"] == "75727832844206081");
    CHECK(cj["expectType"] == "1");
    CHECK(holds(cj["messageText"], "Claim for order 75727832844206081"));
    CHECK(form_of("cj").text_most == 500);
    CHECK(form_of("aliexpress").text_most == std::nullopt);
    CHECK(fields_on("aliexpress", order(104)).empty());
}

TEST_CASE("packets: goods that CJ knows by an id of its own are named by it") {
    auto scenario = scenario_104();
    auto& seen = std::get<PurchaseSeen>(scenario.purchase.front().seen);
    seen.system = "cj";
    seen.lines = {{.line_id = "27572784056172547",
                   .product_id = {},
                   .sku = {},
                   .title = "Bowl",
                   .quantity = 2,
                   .price = Money::of_minor(11'50, Currency::usd),
                   .end_reason = {}},
                  {.line_id = {},
                   .product_id = "7",
                   .sku = {},
                   .title = "Lid",
                   .quantity = 1,
                   .price = {},
                   .end_reason = {}},
                  {.line_id = "27572784056172548",
                   .product_id = {},
                   .sku = {},
                   .title = "Spoon",
                   .quantity = {},
                   .price = Money::of_minor(9'00, Currency::eur),
                   .end_reason = {}}};
    scenario.purchase.resize(1);
    const auto packet = claim_packet(purchase_of(scenario.purchase), parcels_of(scenario),
                                     &small_terms(), {}, {}, form_of("cj"), phrases(), now);
    REQUIRE_MESSAGE(packet, packet.error());
    CHECK(packet->text_most == 500);
    std::map<std::string, std::string> goods;
    for (const auto& [name, value] : packet->fields)
        if (name.starts_with("productInfoList")) goods[name] = value;
    CHECK(goods == std::map<std::string, std::string>{
                       {"productInfoList[0].lineItemId", "27572784056172547"},
                       {"productInfoList[0].price", "11.50"},
                       {"productInfoList[0].quantity", "2"},
                       {"productInfoList[1].lineItemId", "27572784056172548"}});
}

TEST_CASE("packets: none where a dispute was opened, or no claim is open") {
    CHECK(holds(packet_of(scenario_106()).error(), "opened already"));
    const auto again = packet_of(scenario_104(), {.filed = FiledClaim{now, "C1"}});
    REQUIRE_FALSE(again);
    CHECK(holds(again.error(), "was filed on 2026-11-23 12:00 UTC (case C1)"));
    CHECK_FALSE(packet_of(scenario_107()));
    CHECK_FALSE(packet_of(scenario_104(), {}, {}, now + std::chrono::days{365}));
}

TEST_CASE("packets: where no customer has said anything, nobody is quoted") {
    const auto packet = unsaid_packet_of(scenario_104());
    REQUIRE(packet);
    CHECK(packet->reason == Reason::not_received);
    CHECK(holds(packet->text, "No delivery of the goods is known."));
    CHECK_FALSE(holds(packet->text, "recipient"));
    CHECK(std::ranges::none_of(packet->attachments, [](const PacketAttachment& one) {
        return holds(one.what, "customer");
    }));

    // A delivery scan is contradicted by a customer's word alone.
    auto there = scenario_104();
    there.parcels = {tracked(parcel_seen("LP000101049CN", ParcelStatus::delivered,
                                         {{"2026-11-10T10:00:00Z", ParcelStatus::delivered}}))};
    const auto arrived = unsaid_packet_of(there);
    if (arrived)
        CHECK(arrived->reason == Reason::late);
    else
        CHECK(holds(arrived.error(), "no customer says so"));
}

}  // namespace holdfast::desk
