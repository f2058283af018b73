#include "desk/packet.h"

#include "base/currency.h"
#include "base/word.h"
#include "desk/due.h"
#include "desk/purchase_facts.h"
#include "desk/stake.h"
#include "desk/text.h"
#include "terms/ask.h"

#include <algorithm>
#include <utility>

namespace holdfast::desk {
namespace {

using terms::Reason;

constexpr std::size_t paypal_note_letters = 2'000;
constexpr std::size_t cj_message_letters = 500;

// UTF-8: what does not go on with a letter begins one.
std::size_t letters_of(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string joined(const std::vector<ClaimLine>& lines) {
    std::string text;
    for (const auto& line : lines) text += line.text + "\n";
    return text;
}

// Leaves out what is not needed, from the end, until it fits. False: it does not.
bool shorten(std::vector<ClaimLine>& lines, std::size_t most) {
    while (letters_of(joined(lines)) > most) {
        const auto last = std::ranges::find_if(lines.rbegin(), lines.rend(),
                                               [](const ClaimLine& line) { return !line.needed; });
        if (last == lines.rend()) return false;
        lines.erase(std::next(last).base());
    }
    return true;
}

// --- Under the platform's own names

using Fields = std::vector<std::pair<std::string, std::string>>;

void add_money(Fields& fields, const std::string& name, std::string_view currency_name,
               const std::optional<Money>& amount) {
    if (!amount) return;
    fields.emplace_back(name + ".value", to_decimal(*amount));
    fields.emplace_back(name + '.' + std::string(currency_name),
                        std::string(code_of(amount->currency())));
}

// A customer dispute: the words of the interface that sellers read it by.
Fields paypal_fields(const ClaimPacket& packet, const Purchase& purchase) {
    Fields fields;
    if (packet.reason == Reason::not_received)
        fields.emplace_back("reason", "MERCHANDISE_OR_SERVICE_NOT_RECEIVED");
    else if (is_about_the_goods(packet.reason))
        fields.emplace_back("reason", "MERCHANDISE_OR_SERVICE_NOT_AS_DESCRIBED");
    add_money(fields, "dispute_amount", "currency_code", packet.amount);
    fields.emplace_back("messages[0].content", packet.text);
    std::size_t place = 0;
    for (const auto& number : purchase.tracking_numbers)
        fields.emplace_back("evidences[0].evidence_info.tracking_info[" + std::to_string(place++) +
                                "].tracking_number",
                            number);
    return fields;
}

std::string_view ebay_reason(Reason reason) {
    switch (reason) {
    case Reason::wrong_item:
    case Reason::not_as_described: return "NOT_AS_DESCRIBED";
    case Reason::damaged:          return "ARRIVED_DAMAGED";
    case Reason::missing_parts:    return "MISSING_PARTS";
    case Reason::late:             return "ARRIVED_LATE";
    case Reason::change_of_mind:   return "NO_LONGER_NEED_ITEM";
    case Reason::not_received:
    case Reason::counterfeit:
    case Reason::refund_overdue:
    case Reason::count_:           break;
    }
    return {};
}

// An inquiry where nothing came, else a return. An order there is called by item and transaction.
Fields ebay_fields(const ClaimPacket& packet, const Purchase& purchase) {
    Fields fields;
    const bool is_inquiry = packet.reason == Reason::not_received;
    const std::string place = is_inquiry ? "" : "creationInfo.item.";
    const auto dash = purchase.reference.find('-');
    fields.emplace_back(place + "itemId", purchase.reference.substr(0, dash));
    if (dash != std::string::npos)
        fields.emplace_back(place + "transactionId", purchase.reference.substr(dash + 1));
    if (is_inquiry) {
        add_money(fields, "claimAmount", "currency", packet.amount);
        return fields;
    }
    if (const auto reason = ebay_reason(packet.reason); !reason.empty())
        fields.emplace_back("creationInfo.reason", reason);
    fields.emplace_back("creationInfo.comments.content", packet.text);
    return fields;
}

// Of the call that opens a dispute (`disputes/create`). The reason's number and what can be
// disputed are answered by the two calls before it; lines are those that we know by their id there.
Fields cj_fields(const ClaimPacket& packet, const Purchase& purchase) {
    Fields fields;
    fields.emplace_back("orderId", purchase.reference);
    fields.emplace_back("expectType", "1");  // money, and not the goods again
    fields.emplace_back("messageText", packet.text);
    std::size_t place = 0;
    for (const auto& line : lines_of(purchase)) {
        if (!line.line_id) continue;
        const auto name = "productInfoList[" + std::to_string(place++) + "].";
        fields.emplace_back(name + "lineItemId", line.line_id->value);
        if (line.quantity)
            fields.emplace_back(name + "quantity", std::to_string(line.quantity->value));
        if (line.price && line.price->value.currency() == Currency::usd)
            fields.emplace_back(name + "price", to_decimal(line.price->value));
    }
    return fields;
}

Fields fields_of(const ClaimPacket& packet, const Purchase& purchase) {
    if (purchase.system == "paypal") return paypal_fields(packet, purchase);
    if (purchase.system == "ebay") return ebay_fields(packet, purchase);
    if (purchase.system == "cj") return cj_fields(packet, purchase);
    return {};
}

class PacketBuilder {
public:
    PacketBuilder(const Purchase& purchase, std::span<const Parcel> parcels,
                  const terms::Terms& terms, const DeskOptions& options, const PacketAsk& ask,
                  const PacketForm& form, const Phrases& phrases, Instant now)
        : purchase_(purchase),
          parcels_(parcels),
          terms_(terms),
          options_(options),
          ask_(ask),
          form_(form),
          phrases_(phrases),
          now_(now),
          facts_(facts_of(purchase, parcels, options, now, terms)),
          outlook_(claim_outlook(purchase, parcels, &terms, options, ask.complaint, now)) {}

    std::expected<ClaimPacket, std::string> build() {
        if (outlook_.state == ClaimState::granted) return std::unexpected(outlook_.why);
        if (!purchase_.disputes.empty() || is_disputed(purchase_))
            return std::unexpected("a dispute on it was opened already: " + outlook_.why);
        if (auto wrong = choose(); !wrong.empty()) return std::unexpected(std::move(wrong));
        if (ask_.filed)
            return std::unexpected(
                "a claim on it was filed on " + to_minute(ask_.filed->at) +
                (ask_.filed->case_number.empty() ? "" : " (case " + ask_.filed->case_number + ")") +
                ": read the order again to see what became of it");
        auto lines = claim_lines(purchase_, facts_, outlook_, packet_.reason, phrases_);
        const auto all = lines.size();
        if (form_.text_most && !shorten(lines, *form_.text_most))
            return std::unexpected("what has to be said does not fit into " +
                                   std::to_string(*form_.text_most) + " letters");
        packet_.shortened = lines.size() < all;
        packet_.text = joined(lines);
        describe();
        attach();
        list_steps();
        packet_.fields = fields_of(packet_, purchase_);
        return std::move(packet_);
    }

private:
    // Why not; empty where the reason is found.
    std::string choose() {
        const auto wanted = ask_.reason ? ask_.reason : outlook_.reason;
        const auto check = std::ranges::find_if(
            outlook_.reasons, [&](const auto& one) { return one.reason == wanted; });
        if (wanted && check == outlook_.reasons.end())
            return std::string(terms::to_string(*wanted)) + " is no reason for such a claim";
        if (!wanted) return outlook_.why;
        if (!check->supported) return check->why;
        packet_.reason = *wanted;
        packet_.why = check->why;
        if (wanted != outlook_.reason) return ask_terms(*wanted);
        if (outlook_.state != ClaimState::open) return outlook_.why;
        packet_.clause = outlook_.clause;
        packet_.closes_at = outlook_.closes_at;
        return {};
    }

    // Another reason than the facts suggest, which they do not contradict.
    std::string ask_terms(Reason reason) {
        const auto answer = terms::ask(terms_, facts_.facts,
                                       {.at = now_,
                                        .by = terms::Party::buyer,
                                        .verb = terms::Verb::open_dispute,
                                        .reason = reason});
        if (!answer.allowed)
            return "the terms say " + std::string(terms::to_string(answer.outcome));
        outlook_.state = ClaimState::open;
        outlook_.amount = claimable(stake_of(purchase_), answer.amount);
        if (answer.clause >= 0) packet_.clause = terms_.clause_at(answer.clause)->id;
        packet_.closes_at = answer.closes_at;
        return {};
    }

    void describe() {
        packet_.system = purchase_.system;
        packet_.reference = purchase_.reference;
        packet_.amount = outlook_.amount;
        packet_.language = phrases_.language();
        packet_.text_most = form_.text_most;
        packet_.reasons = outlook_.reasons;
    }

    void attach(std::string what, std::string source, bool needed) {
        packet_.attachments.push_back(
            {.number = static_cast<std::uint32_t>(packet_.attachments.size() + 1),
             .what = std::move(what),
             .source = std::move(source),
             .needed = needed});
    }
    void attach() {
        for (const auto& parcel : parcels_) {
            std::string source;
            if (parcel.status) source = source_of(parcel.status->origin);
            attach("The tracking history of " + parcel.tracking_number, source,
                   packet_.reason == Reason::not_received);
        }
        if (purchase_.promise && !facts_.is_estimate(terms::Moment::promised_by))
            attach("The order page with the promised delivery date",
                   source_of(purchase_.promise->origin), /*needed=*/false);
        if (ask_.complaint)
            attach("The customer's message", "", /*needed=*/packet_.reason != Reason::late);
        if (is_about_the_goods(packet_.reason))
            attach("Photos of the goods as they came, and of the parcel", "", /*needed=*/true);
    }

    void list_steps() {
        auto& steps = packet_.steps;
        const auto name = purchase_.system + ' ' + purchase_.reference;
        const auto newest = facts_.age.newest;
        if (newest && now_ - *newest >= options_.stale_after)
            steps.push_back("Read the order again: the newest data is " +
                            holdfast::to_words(now_ - *newest) + " old.");
        if (outlook_.estimated)
            steps.emplace_back(
                "Look at the dates on the order page: the claim rests on an "
                "estimated one.");
        if (facts_.delivery_scan && packet_.reason == Reason::not_received)
            steps.emplace_back(
                "Ask the customer to look once more: a delivery scan exists, and "
                "the text says so.");
        steps.push_back("Open the dispute on " + name + " for " +
                        spaced(terms::to_string(packet_.reason)) +
                        (packet_.closes_at ? " before " + to_minute(*packet_.closes_at) : "") +
                        (packet_.clause.empty() ? "" : " (" + packet_.clause + ")") + ".");
        if (packet_.amount) steps.push_back("Ask for " + to_string(*packet_.amount) + ".");
        steps.emplace_back("Paste the text.");
        for (const auto& one : packet_.attachments)
            steps.push_back("Attach " + std::to_string(one.number) + ": " + one.what +
                            (one.needed ? "." : ", where there is room."));
        note_customer();
        steps.emplace_back("Enter the case number that the platform gives.");
    }

    // Our own promise runs beside the claim.
    void note_customer() {
        if (!ask_.customer_due_by) return;
        packet_.steps.push_back("The customer is due an answer by " +
                                to_minute(*ask_.customer_due_by) +
                                ", whatever becomes of the claim.");
    }

    const Purchase& purchase_;
    std::span<const Parcel> parcels_;
    const terms::Terms& terms_;
    const DeskOptions& options_;
    const PacketAsk& ask_;
    const PacketForm& form_;
    const Phrases& phrases_;
    Instant now_;
    FactsOfPurchase facts_;
    ClaimOutlook outlook_;
    ClaimPacket packet_;
};

}  // namespace

PacketForm form_of(std::string_view system) {
    if (system == "paypal") return {.text_most = paypal_note_letters};
    if (system == "cj") return {.text_most = cj_message_letters};
    return {};
}

std::expected<ClaimPacket, std::string> claim_packet(const Purchase& purchase,
                                                     std::span<const Parcel> parcels,
                                                     const terms::Terms* terms,
                                                     const DeskOptions& options,
                                                     const PacketAsk& ask, const PacketForm& form,
                                                     const Phrases& phrases, Instant now) {
    if (!terms)
        return std::unexpected("no edition of the programme's terms covers the day of this order");
    return PacketBuilder(purchase, parcels, *terms, options, ask, form, phrases, now).build();
}

}  // namespace holdfast::desk
