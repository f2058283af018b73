#include "engine/party_mails.h"

#include "engine/contacts.h"
#include "engine/mail_words.h"
#include "engine/notices.h"
#include "engine/outbox_text.h"
#include "engine/test_clocks.h"
#include "order/evolve.h"
#include "store/codec/event_codec.h"
#include "store/codec/order_history.h"

#include <algorithm>

namespace holdfast::engine {
namespace {

using order::NoticeState;
using store::OutboxState;

// Longer than any attempt takes.
constexpr Duration lease_time = std::chrono::minutes{2};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// How far "5.1.10" goes at the front of `text`; 0: there is none.
std::size_t enhanced_code(std::string_view text) {
    std::size_t size = 0;
    for (int part = 0; part < 3; ++part) {
        const auto begin = size;
        while (size < text.size() && is_digit(text[size]) && size - begin < 3) ++size;
        if (size == begin) return 0;
        if (part < 2 && (size >= text.size() || text[size++] != '.')) return 0;
    }
    return size == text.size() || text[size] == ' ' ? size : 0;
}

order::PartyId party_of(const order::Order& order, order::Party of) {
    return of == order::Party::buyer ? order.terms_of_sale.buyer : order.terms_of_sale.seller;
}

// Which dispute it may have decided.
std::optional<order::DisputeNo> decided_by_event(const order::Event& event) {
    if (const auto* decided = std::get_if<order::Decided>(&event)) return decided->dispute;
    if (const auto* closed = std::get_if<order::DisputeClosed>(&event)) return closed->dispute;
    return std::nullopt;
}

// The decision that was made in the change of this event, which ends where its notices begin.
std::optional<Letter> letter_about(const store::History& history, const order::Rules& rules,
                                   std::uint64_t about) {
    const auto events = store::events_of_order(history, history.version);
    if (!events) return std::nullopt;
    const auto by = [&](std::uint64_t seq) { return decided_by(history.events[seq - 1].cause); };
    for (auto seq = about; seq <= events->size(); ++seq) {
        const auto& event = (*events)[seq - 1].event;
        if (std::holds_alternative<order::NoticeMade>(event)) break;
        const auto dispute = decided_by_event(event);
        if (!dispute) continue;
        for (auto& letter : letters_of(*events, *dispute, rules, by))
            if (letter.seq == seq) return std::move(letter);
    }
    return std::nullopt;
}

}  // namespace

std::string notice_id(const IdBytes& order, order::NoticeNo notice) {
    return "ntc_" + to_base32(order) + "_" + std::to_string(notice.value);
}

std::optional<Word> code_of(std::string_view answer) {
    if (answer.size() < 3 || !std::ranges::all_of(answer.substr(0, 3), is_digit) ||
        (answer.size() > 3 && answer[3] != ' ' && answer[3] != '-'))
        return std::nullopt;
    std::string code(answer.substr(0, 3));
    const auto rest = answer.substr(std::min<std::size_t>(4, answer.size()));
    if (const auto size = enhanced_code(rest)) code.append(" ").append(rest.substr(0, size));
    return Word(code);
}

bool is_about_address(std::string_view code) {
    const auto space = code.find(' ');
    if (space == std::string_view::npos) return true;  // it said nothing else
    const auto enhanced = code.substr(space + 1);
    return enhanced.starts_with("5.1.") || enhanced.starts_with("5.2.");
}

// How a mail ended.
struct PartyMails::End {
    order::NoticeNo notice;
    NoticeState state = NoticeState::failed;
    std::string to = {};
    Word code = {};
};

std::size_t PartyMails::deliver(Instant now, std::size_t limit) {
    if (port_.is_fenced()) return 0;
    const auto rows = port_.lease(mail_kind, now, now + lease_time, limit);
    for (const auto& row : rows) take(row, now);
    return rows.size();
}

void PartyMails::take(const store::OutboxRow& row, Instant now) {
    const auto text = decode_mail(row.item.payload);
    if (!text) return put_off(row, "the row cannot be read", now, {});
    store::History history;
    std::optional<Instant> shows = now;
    std::optional<Reached> reached;
    port_.use([&](store::Store& store, Writer&) { history = store.load(row.stream); });
    auto live = fold(row.stream, history);
    auto* found = live ? std::get_if<LiveOrder>(&live->what) : nullptr;
    if (!found || !order::has(found->state.notices, text->notice))
        return put_off(row, live ? "no such notice" : live.error(), now, {});
    auto& order = found->state;
    const auto notice = order.notices[order::index_of(text->notice)];
    if (notice.state() != NoticeState::queued) return port_.end(row.no);  // somebody said so
    const auto party = party_of(order, notice.of);
    port_.use([&](store::Store& store, Writer&) {
        if (!found->clock.empty()) shows = TestClocks(store).find(found->clock);
        reached = find_contact(store, party);
    });
    const auto* terms = rules_.find(order.terms_of_sale.terms);
    const auto event = store::decode_order_event(history.events.at(notice.about - 1));
    if (!terms || !shows || !event)
        return put_off(row, "the order cannot be read under its terms", now, {});
    End end{.notice = text->notice};
    if (!reached || reached->contact.bounced) {
        end.code = reached ? "contact_bounced" : "no_contact";
        return finish(row, end, now);
    }
    end.to = reached->contact.mark;

    const auto rules = rules_.rules_for(*terms);
    auto ahead = order::deadlines(order, rules);
    for (const auto& change : order::catch_up(order, rules, *shows, {}, ahead))
        for (const auto& one : change) order::evolve(order, one);
    const auto letter = letter_about(history, rules, notice.about);
    const auto words = words_for({.order = order,
                                  .rules = rules,
                                  .ahead = ahead,
                                  .of = notice.of,
                                  .event = event->event,
                                  .reference = found->reference,
                                  .name = reached->person.name,
                                  .now = *shows,
                                  .letter = letter ? &*letter : nullptr});
    const auto host = from_.address.substr(from_.address.find('@') + 1);
    const auto outcome =
        send_({.from = from_,
               .to = {.address = reached->person.email, .name = reached->person.name},
               .subject = words.subject,
               .text = words.text,
               .message_id = notice_id(row.stream.bytes, text->notice) + "@" + host,
               .date = now,
               .headers = {{"Auto-Submitted", "auto-generated"}}});
    const auto code = code_of(outcome.text);
    end.code = code.value_or("no_answer");
    switch (outcome.fate) {
    case http::MailFate::accepted: end.state = NoticeState::sent; return finish(row, end, now);
    case http::MailFate::rejected:
        // What no server has seen did not bounce: it cannot be written.
        if (!code) {
            end.code = "not_written";
            return finish(row, end, now);
        }
        end.state = NoticeState::bounced;
        if (is_about_address(code->view())) note_bounced(party, end, now);
        return finish(row, end, now);
    case http::MailFate::try_later:
    case http::MailFate::count_:    break;
    }
    put_off(row, outcome.text, now, end);
}

// The row goes with the report of it; a failure leaves both, and the mail is sent again.
void PartyMails::finish(const store::OutboxRow& row, const End& end, Instant now) {
    const auto answer =
        port_.run({.stream = row.stream,
                   .what = order::Observation{.when = Instant::max(),
                                              .seen = order::SeeNotice{.notice = end.notice,
                                                                       .state = end.state,
                                                                       .to = end.to,
                                                                       .code = end.code}},
                   .received_at = now,
                   .cause = "mail",
                   .delivers = {row.no}});
    if (answer.outcome != Outcome::done) return;
    if (end.state == NoticeState::sent) ++counts_.sent;
    if (end.state == NoticeState::bounced) ++counts_.bounced;
    if (end.state == NoticeState::failed) ++counts_.failed;
}

// First of the two: if the second is lost, the mail bounces again, and this says nothing new.
void PartyMails::note_bounced(order::PartyId party, const End& end, Instant now) {
    port_.run(
        {.stream = party_stream(party),
         .what = ledger::Observation{.when = Instant::max(),
                                     .seen = ledger::SeeBounced{.mark = end.to, .code = end.code}},
         .received_at = now,
         .cause = "mail",
         .begins_party = false});
}

// Tried again on the same schedule as endpoints are; after that it has failed. A row that cannot be
// read stays for a person to see.
void PartyMails::put_off(const store::OutboxRow& row, const std::string& problem, Instant now,
                         const std::optional<End>& at_last) {
    ++counts_.put_off;
    const auto tries = static_cast<std::size_t>(row.attempts);
    const bool again = tries < tell_again_after.size();
    if (!again && at_last) return finish(row, *at_last, now);
    port_.update({.no = row.no,
                  .lease = row.lease,
                  .state = again ? OutboxState::pending : OutboxState::failed,
                  .due = again ? now + with_jitter(tell_again_after[tries], random_) : now,
                  .attempts = row.attempts + 1,
                  .problem = problem});
}

}  // namespace holdfast::engine
