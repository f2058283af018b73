// Sends the parties of orders the mails that are theirs, and records in the order's stream what
// became of each.
//
// A mail stands in the outbox since the very change that it tells of (engine/live.h). It is sent at
// least once, under the notice's own id, so that a second copy shows; that it was sent, bounced or
// failed is recorded once, by the change that does away with its row.
#pragma once

#include "engine/outbox_port.h"
#include "engine/rules_book.h"
#include "http/mail.h"
#include "store/store.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace holdfast::engine {

struct PartyMailCounts {
    std::uint64_t sent = 0, bounced = 0, failed = 0, put_off = 0;
};

class PartyMails {
public:
    using Send = std::function<http::MailOutcome(const http::MailMessage&)>;
    using Random = std::function<void(std::span<std::uint8_t>)>;  // fills what it is given

    // `rules` and `port` outlive it.
    PartyMails(OutboxPort& port, const RulesBook& rules, http::MailAddress from, Send send,
               Random random)
        : port_(port),
          rules_(rules),
          from_(std::move(from)),
          send_(std::move(send)),
          random_(std::move(random)) {}

    // Sends what is due; how many rows were tried. None while fenced.
    std::size_t deliver(Instant now, std::size_t limit);

    const PartyMailCounts& counts() const { return counts_; }

private:
    struct End;

    void take(const store::OutboxRow& row, Instant now);
    void finish(const store::OutboxRow& row, const End& end, Instant now);
    void put_off(const store::OutboxRow& row, const std::string& problem, Instant now,
                 const std::optional<End>& at_last);
    void note_bounced(order::PartyId party, const End& end, Instant now);

    OutboxPort& port_;
    const RulesBook& rules_;
    http::MailAddress from_;
    Send send_;
    Random random_;
    PartyMailCounts counts_;
};

// "ntc_…": of the n-th notice of an order.
std::string notice_id(const IdBytes& order, order::NoticeNo notice);

// The codes that a mail server's answer begins with: "550 5.1.1" of "550 5.1.1 no such mailbox",
// "250" of "250 OK"; none: the text is no answer. The rest may name whoever it was for.
std::optional<Word> code_of(std::string_view answer);

// Does the answer say that the address is no good, and not that this one mail is not welcome?
// RFC 3463: class 5.1 is about addresses, 5.2 about mailboxes.
bool is_about_address(std::string_view code);

}  // namespace holdfast::engine
