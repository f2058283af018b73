// Mails to the parties of orders, by a real mail server beside the test (smtp_server.py).
#include "mail_server.h"

#include "engine/contacts.h"
#include "engine/notices.h"
#include "engine/outbox_desk.h"
#include "engine/party_mails.h"
#include "engine/test_support.h"
#include "ledger/party_command.h"

#include <algorithm>
#include <memory>
#include <string>

namespace holdfast::test {
namespace {

using namespace engine;
using namespace engine_test;
using order::NoticeState;

constexpr Instant sent_at = start + days{21};

order::OpenDispute not_received() {
    return {.reason = order::Reason::not_received, .wanted = order::Remedy::full_refund};
}

// A mail without the line ends that its encoding put into long lines.
std::string mail_text(std::string_view base64) {
    auto mail = decoded(base64);
    constexpr std::string_view soft = "=\r\n";
    for (auto at = mail.find(soft); at != std::string::npos; at = mail.find(soft, at))
        mail.erase(at, soft.size());
    return mail;
}

// An order whose goods did not come, and a service that tells its parties by mail.
struct Shop {
    MailServer server;
    http::MailSender sender{server.settings()};
    std::unique_ptr<store::Store> store = store::make_memory_store();
    Writer writer{*store, rules(), {.telling = Telling::by_mail}};
    DirectPort port{*store, writer};
    std::uint64_t handed_over = 0;
    PartyMails mails{port,
                     rules(),
                     {.address = "help@shop.example"},
                     [this](const http::MailMessage& message) {
                         ++handed_over;
                         return sender.send(message);
                     },
                     [](std::span<std::uint8_t> bytes) { std::ranges::fill(bytes, 128); }};

    Shop() { writer.run(shipped("R1")); }

    store::StreamId stream() const { return stream_of(place("R1")); }
    void reach(order::PartyId of, const std::string& email) {
        const Work begin{.stream = party_stream(of),
                         .what = ledger::Command{.request = ledger::BeginBooks{}},
                         .received_at = start,
                         .key = "begin",
                         .request_hash = Hash{}};
        writer.run({&begin, 1});
        CHECK(set_contact(*store, writer, of,
                          {.email = email, .name = "Mug Shop", .phone = {}, .address = {}}, "de",
                          start, "test")
                  .outcome == Outcome::done);
    }
    void ask(order::Party by, order::Request request, Instant at = sent_at) {
        const auto asked = work("R1", by, std::move(request), at);
        const auto answer = writer.run({&asked, 1}).front();
        CAPTURE(to_string(answer.outcome));
        REQUIRE(answer.outcome == Outcome::done);
    }
    void dispute() { ask(order::Party::buyer, not_received()); }
    order::Notice notice(std::size_t i = 0) { return replayed(*store, stream()).notices.at(i); }
    std::size_t rows() {
        std::size_t count = 0;
        each_row(*store, [&](const store::OutboxRow& row) {
            count += row.item.kind == mail_kind;
            return true;
        });
        return count;
    }
};

}  // namespace

TEST_CASE("party mails: the seller is told of a dispute, once, and the order says so") {
    Shop shop;
    shop.reach(party(2), "seller@mugs.example");
    shop.dispute();
    CHECK(shop.rows() == 1);
    CHECK(shop.notice().state() == NoticeState::queued);
    CHECK(shop.mails.deliver(sent_at, 9) == 1);
    const auto taken = shop.server.taken();
    CHECK(taken.at("to") == "seller@mugs.example");
    const auto mail = mail_text(taken.at("mail").as_string());
    CHECK(mail.contains("Message-ID: <" + notice_id(shop.stream().bytes, {1}) + "@shop.example>"));
    CHECK(mail.contains("Subject: About order R1: the dispute"));
    CHECK(mail.contains("Hello Mug Shop,"));
    CHECK(
        mail.contains("The buyer opened a dispute (not received) and asks for full refund, 45.00"));
    CHECK(mail.contains("- answer that you do not agree"));
    CHECK(mail.contains("- make an offer"));
    // Silence, by the same function as the views: five days from the opening.
    CHECK(mail.contains("this happens on 2026-03-28 09:00 UTC"));
    CHECK(mail.contains("(MP-26)"));

    const auto notice = shop.notice();
    CHECK(notice.state() == NoticeState::sent);
    CHECK(notice.code.view() == "250 2.0.0");
    CHECK(notice.to == find_contact(*shop.store, party(2))->contact.mark);
    CHECK(shop.rows() == 0);
    CHECK(shop.mails.deliver(sent_at + 1h, 9) == 0);
    CHECK(shop.handed_over == 1);
    CHECK_FALSE(replayed(*shop.store, shop.stream()).disputes.at(0).notified.has_value());
}

TEST_CASE("party mails: the mail of a decision has its reasons, and those before have none") {
    Shop shop;
    shop.reach(party(2), "seller@mugs.example");
    shop.dispute();
    shop.ask(order::Party::seller, order::Respond{{1}}, sent_at + 1h);
    shop.ask(order::Party::buyer, order::Escalate{{1}}, sent_at + days{3});
    const order::Settlement half{.remedy = order::Remedy::partial_refund_keep, .amount = 2000};
    shop.ask(order::Party::platform,
             order::Decide{.dispute = {1},
                           .verdict = {.settlement = half,
                                       .winner = order::Party::buyer,
                                       .codes = {order::VerdictCode::no_proof_of_delivery}}},
             sent_at + days{4});
    shop.mails.deliver(sent_at + days{4}, 9);
    const auto next = [&] { return mail_text(shop.server.taken().at("mail").as_string()); };
    CHECK_FALSE(next().contains("What was relied on:"));  // of the opening
    CHECK_FALSE(next().contains("What was relied on:"));  // of the escalation
    const auto mail = next();
    CHECK(mail.contains("The marketplace decided the dispute for the buyer"));
    CHECK(mail.contains("What was relied on:"));
    CHECK(mail.contains("- There is no proof of delivery."));
    CHECK(mail.contains("The marketplace's own system sent this decision."));
    CHECK(mail.contains("- The seller may appeal until 2026-04-03 09:00 UTC"));
}

TEST_CASE("party mails: where time decided, both sides are told why") {
    Shop shop;
    shop.reach(party(1), "buyer@home.example");
    shop.dispute();
    const auto later = sent_at + days{6};
    const Work tick{.stream = shop.stream(), .what = Tick{}, .received_at = later, .cause = "time"};
    shop.writer.run({&tick, 1});
    shop.mails.deliver(later, 9);
    const auto mail = mail_text(shop.server.taken().at("mail").as_string());
    CHECK(mail.contains("A refund of 45.00 EUR is on its way to you."));
    CHECK(mail.contains("- MP-26: "));
    CHECK(mail.contains("This was decided automatically, under the terms. No person decided it."));
}

TEST_CASE("party mails: who has no contact is told nothing, and the order says so") {
    Shop shop;
    shop.dispute();
    CHECK(shop.mails.deliver(sent_at, 9) == 1);
    CHECK(shop.notice().state() == NoticeState::failed);
    CHECK(shop.notice().code.view() == "no_contact");
    CHECK(shop.handed_over == 0);
    CHECK(shop.rows() == 0);
}

TEST_CASE("party mails: an address that is refused bounced at once, and is not used again") {
    Shop shop;
    shop.reach(party(2), "refuse@mugs.example");
    shop.dispute();
    CHECK(shop.mails.deliver(sent_at, 9) == 1);
    CHECK(shop.notice().state() == NoticeState::bounced);
    CHECK(shop.notice().code.view() == "550 5.1.1");
    CHECK(shop.rows() == 0);
    CHECK(find_contact(*shop.store, party(2))->contact.bounced.has_value());
    CHECK(kinds(*shop.store, party_stream(party(2))).back() == "contact_bounced");

    shop.ask(order::Party::buyer, order::WithdrawDispute{{1}});
    CHECK(shop.mails.deliver(sent_at, 9) == 1);
    CHECK(shop.notice(1).state() == NoticeState::failed);
    CHECK(shop.notice(1).code.view() == "contact_bounced");
    CHECK(shop.handed_over == 1);

    shop.reach(party(2), "seller@mugs.example");  // said anew
    CHECK_FALSE(find_contact(*shop.store, party(2))->contact.bounced.has_value());
}

TEST_CASE("party mails: a text that is not welcome says nothing of the address") {
    Shop shop;
    shop.reach(party(2), "refuse-data@mugs.example");
    shop.dispute();
    CHECK(shop.mails.deliver(sent_at, 9) == 1);
    CHECK(shop.notice().state() == NoticeState::bounced);
    CHECK(shop.notice().code.view() == "554 5.7.1");
    CHECK_FALSE(find_contact(*shop.store, party(2))->contact.bounced.has_value());
}

TEST_CASE("party mails: what is refused for now is tried again, and has failed at last") {
    Shop shop;
    shop.reach(party(2), "later@mugs.example");
    shop.dispute();
    auto now = sent_at;
    for (std::size_t i = 0; i < tell_again_after.size(); ++i) {
        CAPTURE(i);
        CHECK(shop.mails.deliver(now, 9) == 1);
        CHECK(shop.notice().state() == NoticeState::queued);
        CHECK(shop.mails.deliver(now + tell_again_after[i] - 1s, 9) == 0);
        now += tell_again_after[i];
    }
    CHECK(shop.mails.deliver(now, 9) == 1);
    CHECK(shop.notice().state() == NoticeState::failed);
    CHECK(shop.notice().code.view() == "450 4.2.1");
    CHECK(shop.rows() == 0);
    CHECK(shop.handed_over == tell_again_after.size() + 1);
    CHECK_FALSE(find_contact(*shop.store, party(2))->contact.bounced.has_value());
}

TEST_CASE("party mails: a server that comes back takes what waited for it") {
    Shop shop;
    shop.reach(party(2), "seller@mugs.example");
    shop.dispute();
    http::MailSender away({.host = "127.0.0.1", .port = 9, .tls = http::SmtpTls::none});
    PartyMails broken(
        shop.port, rules(), {.address = "help@shop.example"},
        [&](const http::MailMessage& message) { return away.send(message); },
        [](std::span<std::uint8_t> bytes) { std::ranges::fill(bytes, 128); });
    CHECK(broken.deliver(sent_at, 9) == 1);
    CHECK(shop.notice().state() == NoticeState::queued);
    CHECK(shop.mails.deliver(sent_at + tell_again_after[0], 9) == 1);
    CHECK(shop.notice().state() == NoticeState::sent);
    CHECK(shop.server.taken().at("to") == "seller@mugs.example");
}

TEST_CASE("party mails: after a restore none is sent") {
    Shop shop;
    shop.reach(party(2), "seller@mugs.example");
    shop.dispute();
    shop.port.set_fenced(true);
    CHECK(shop.mails.deliver(sent_at, 9) == 0);
    CHECK(shop.handed_over == 0);
    CHECK(shop.rows() == 1);
}

TEST_CASE("party mails: one that was handed over but not recorded comes again under its own id") {
    Shop shop;
    shop.reach(party(2), "seller@mugs.example");
    shop.dispute();
    // Taken by a courier that sends and then dies.
    const auto rows = shop.port.lease(mail_kind, sent_at, sent_at + 2min, 9);
    REQUIRE(rows.size() == 1);
    CHECK(shop.mails.deliver(sent_at + 1min, 9) == 0);
    CHECK(shop.mails.deliver(sent_at + 3min, 9) == 1);
    CHECK(shop.notice().state() == NoticeState::sent);
    CHECK(shop.writer.counts().failed_checks == 0);
}

TEST_CASE("party mails: without telling nothing is queued, and with it both sides are told") {
    {
        const auto store = store::make_memory_store();
        Writer writer(*store, rules());
        writer.run(shipped("R1"));
        const auto asked = work("R1", order::Party::buyer, not_received(), sent_at);
        writer.run({&asked, 1});
        CHECK(replayed(*store, stream_of(place("R1"))).notices.empty());
    }
    Shop shop;
    shop.reach(party(1), "buyer@home.example");
    shop.reach(party(2), "seller@mugs.example");
    shop.dispute();
    shop.ask(
        order::Party::seller,
        order::MakeOffer{.dispute = {1}, .plan = {.then = {order::Remedy::full_refund, 4500}}});
    shop.ask(order::Party::buyer, order::AcceptOffer{{1}});
    CHECK(shop.mails.deliver(sent_at, 9) == 4);
    std::vector<std::string> to;
    for (int i = 0; i < 4; ++i) {
        const auto taken = shop.server.taken();
        to.emplace_back(taken.at("to").as_string());
    }
    const std::vector<std::string> wanted{"seller@mugs.example", "buyer@home.example",
                                          "seller@mugs.example", "buyer@home.example"};
    CHECK(to == wanted);
}

TEST_CASE("contacts: one person of two parties is forgotten with the second") {
    Shop shop;
    shop.reach(party(1), "both@home.example");
    shop.reach(party(2), "both@home.example");
    const auto mark = find_contact(*shop.store, party(1))->contact.mark;
    CHECK(find_contact(*shop.store, party(2))->contact.mark == mark);
    CHECK(erase_contact(*shop.store, shop.writer, party(1), start, "test").outcome ==
          Outcome::done);
    CHECK_FALSE(find_contact(*shop.store, party(1)).has_value());
    CHECK(shop.store->person_of(mark).has_value());
    shop.reach(party(2), "other@home.example");
    CHECK_FALSE(shop.store->person_of(mark).has_value());
    CHECK(erase_contact(*shop.store, shop.writer, party(2), start, "test").outcome ==
          Outcome::done);
    CHECK_FALSE(shop.store->find_person_mark("other@home.example").has_value());
    // No stream ever had the address.
    for (const auto of : {party(1), party(2)})
        for (const auto& event : shop.store->load(party_stream(of)).events)
            CHECK_FALSE(event.payload.contains("home.example"));
}

TEST_CASE("mail codes: what an answer begins with, and no more of it") {
    CHECK(code_of("550 5.1.1 <buyer@home.example>: unknown") == Word("550 5.1.1"));
    CHECK(code_of("250 OK") == Word("250"));
    CHECK(code_of("250") == Word("250"));
    CHECK(code_of("421-4.3.2 going down") == Word("421 4.3.2"));
    CHECK(code_of("550 5.1 is no code") == Word("550"));
    CHECK(code_of("550 5.1.1x") == Word("550"));
    CHECK_FALSE(code_of("could not connect").has_value());
    CHECK_FALSE(code_of("12").has_value());
    CHECK_FALSE(code_of("").has_value());
    CHECK(is_about_address("550 5.1.1"));
    CHECK(is_about_address("552 5.2.2"));
    CHECK(is_about_address("550"));
    CHECK_FALSE(is_about_address("554 5.7.1"));
    CHECK(masked("buyer@home.example") == "b***@h***.example");
    CHECK(masked("nonsense") == "***");
}

}  // namespace holdfast::test
