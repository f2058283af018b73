// Status words, ids and tracking numbers.
#include "formats/id_text.h"
#include "formats/sample_reader.h"
#include "formats/status_words.h"
#include "formats/text.h"
#include "formats/tracking_number.h"

#include <doctest/doctest.h>

#include <fstream>

namespace holdfast::formats {

using desk::Phase;

TEST_CASE("an order's phase is its status, and its end reason where it has ended") {
    struct Row {
        const char* status;
        const char* logistics;
        const char* reason;
        Phase expected;
    };
    // clang-format off
    const Row rows[] = {
        {"PLACE_ORDER_SUCCESS",     "NO_LOGISTICS",       "",                                    Phase::unpaid},
        {"RISK_CONTROL",            "",                   "",                                    Phase::paid},
        {"wait_seller_send_goods",  "",                   "",                                    Phase::paid},
        {"SELLER_PART_SEND_GOODS",  "",                   "",                                    Phase::part_shipped},
        {"WAIT_BUYER_ACCEPT_GOODS", "SELLER_SEND_GOODS",  "",                                    Phase::shipped},
        {"WAIT_BUYER_ACCEPT_GOODS", "",                   "CANCELED",                            Phase::cancelled},
        {"IN_ISSUE",                "",                   "",                                    Phase::disputed},
        {"IN_FROZEN",               "",                   "",                                    Phase::frozen},
        {"FUND_PROCESSING",         "",                   "",                                    Phase::completed},
        {"FINISH",                  "BUYER_ACCEPT_GOODS", "buyer_accept_goods",                  Phase::completed},
        {"FINISH",                  "BUYER_ACCEPT_GOODS", "buyer_accept_goods_timeout",          Phase::completed},
        {"FINISH",                  "NO_LOGISTICS",       "seller_send_goods_timeout",           Phase::cancelled},
        {"FINISH",                  "",                   "risk_reject_closed",                  Phase::cancelled},
        {"FINISH",                  "",                   "cancel_order_close_trade",            Phase::cancelled},
        {"FINISH",                  "",                   "seller_accept_issue_no_goods_return", Phase::cancelled},
        {"FINISH",                  "BUYER_ACCEPT_GOODS", "",                                    Phase::completed},
        {"FINISH",                  "",                   "",                                    Phase::unknown},
        {"FINISH",                  "BUYER_ACCEPT_GOODS", "a new reason",                        Phase::unknown},
        {"A_NEW_STATUS",            "",                   "",                                    Phase::unknown},
    };
    // clang-format on
    for (const auto& row : rows) {
        CAPTURE(row.status);
        CAPTURE(row.reason);
        CHECK(phase_of_order(row.status, row.logistics, row.reason) == row.expected);
    }
}

TEST_CASE("status texts of pages in nine languages") {
    CHECK(phase_of_status_text("Awaiting delivery") == Phase::shipped);
    CHECK(phase_of_status_text("En attente de livraison") == Phase::shipped);
    CHECK(phase_of_status_text("Annulée") == Phase::cancelled);
    CHECK(phase_of_status_text("Warten auf Lieferung") == Phase::shipped);
    CHECK(phase_of_status_text("Pendiente de pago") == Phase::unpaid);
    CHECK(phase_of_status_text("In attesa di spedizione") == Phase::paid);
    CHECK(phase_of_status_text("Concluído") == Phase::completed);
    CHECK(phase_of_status_text("Geannuleerd") == Phase::cancelled);
    CHECK(phase_of_status_text("Oczekiwanie na dostawę") == Phase::shipped);
    CHECK(phase_of_status_text("ОЖИДАЕТ ДОСТАВКИ") == Phase::shipped);
    CHECK(phase_of_status_text("Expired") == Phase::cancelled);
    CHECK(phase_of_status_text("WAIT_BUYER_ACCEPT_GOODS") == Phase::shipped);
    CHECK(phase_of_status_text("Order cancelled") == Phase::cancelled);
    CHECK(phase_of_status_text("In transit") == Phase::shipped);
    CHECK(phase_of_status_text("Dispatched") == Phase::shipped);
    CHECK(phase_of_status_text("Dispute in progress") == Phase::disputed);
    CHECK(phase_of_status_text("Refunded") == Phase::unknown);
    CHECK(!is_known_status("Refunded"));
    CHECK(is_known_status("FINISH"));
    CHECK(is_known_status(""));
    CHECK(phase_of_status_text("something new") == Phase::unknown);
    CHECK(phase_of_status_text("") == Phase::unknown);
}

TEST_CASE("ids keep every digit, and damaged ones are refused") {
    CHECK(parse_id_text(" '3099000000000101 ") == "3099000000000101");
    CHECK(parse_id_text("30990000000000000103") == "30990000000000000103");
    CHECK(parse_id_text("007100000001051") == "007100000001051");
    for (const auto* text : {"3.07E+15", "3,099E+15", "3.1e15", "3099000000000101.0"}) {
        CAPTURE(text);
        const auto id = parse_id_text(text);
        REQUIRE(!id);
        CHECK(contains(id.error(), "damaged by a spreadsheet"));
    }
    for (const auto* text : {"", "abc", "-3099000000000101", "3099 0000", "#1051", "1234"}) {
        CAPTURE(text);
        CHECK(!parse_id_text(text));
    }
}

TEST_CASE("ids in names and links") {
    CHECK(order_id_in_name("ds_order_get_3099000000000101_x2.json") == "3099000000000101");
    CHECK(order_id_in_name("2026-11-23_309900000000101.json") == "309900000000101");
    CHECK(order_id_in_name("12345678901234567.json").empty());  // 17 digits are no order
    CHECK(order_id_in_name("order.json").empty());
    CHECK(product_id_in_link("https://www.aliexpress.com/item/1005000000000101.html") ==
          "1005000000000101");
    CHECK(product_id_in_link("https://x.example/?productId=77&a=1") == "77");
    CHECK(product_id_in_link("https://x.example/").empty());
}

TEST_CASE("many ids that end in 0 look rounded") {
    IdWatch few;
    for (int i = 0; i < 4; ++i) few.add("3099000000000200");
    CHECK(!few.looks_rounded());
    few.add("3099000000000300");
    CHECK(few.looks_rounded());
    for (int i = 0; i < 5; ++i) few.add("3099000000000201");
    CHECK(!few.looks_rounded());  // half is not more than half
}

TEST_CASE("tracking numbers are spelled one way") {
    CHECK(to_tracking_number(" rb 123 456 785 gb") == "RB123456785GB");
    CHECK(to_tracking_number("") == "");
    CHECK(to_tracking_numbers("LX1, lx1;YT2\n") == std::vector<std::string>{"LX1", "YT2"});
    CHECK(doubt_about("LP00012345678901").empty());
    CHECK(!doubt_about("RR123456789CN").empty());
}

// The vectors' last column may hold a comma; the three before it never do.
TEST_CASE("the check digit of postal numbers agrees with the vectors") {
    std::ifstream file(HOLDFAST_SOURCE_DIR "/samples/tracking/s10_vectors.csv");
    std::string line;
    std::getline(file, line);
    int rows = 0;
    while (std::getline(file, line)) {
        std::vector<std::string> cells;
        for (std::size_t at = 0; cells.size() < 3;) {
            const auto comma = line.find(',', at);
            cells.push_back(line.substr(at, comma - at));
            at = comma + 1;
        }
        CAPTURE(line);
        CHECK(to_tracking_number(cells[0]) == cells[1]);
        const auto check = check_s10(cells[1]);
        CHECK((check == S10::valid) == (cells[2] == "true"));
        CHECK((check == S10::not_s10) == cells[2].empty());
        ++rows;
    }
    CHECK(rows == 18);
}

}  // namespace holdfast::formats
