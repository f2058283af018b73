// holdfast packet: what it takes to file a claim by hand: the text to paste, attachments, steps.

#include "desk/packet.h"
#include "api/packet_json.h"
#include "cli/commands.h"
#include "cli/desk_shell.h"
#include "cli/table.h"
#include "desk/customer_dispute.h"
#include "desk/text.h"

#include <CLI/CLI.hpp>

#include <memory>
#include <ostream>

namespace holdfast::cli {
namespace {

namespace json = boost::json;

struct Asked {
    std::string order, complaint, reason, language;
    std::size_t text_most = 0;  // 0: as far as the platform's form is known
};

engine::PurchaseView purchase_of(engine::DeskView& view, const std::string& text) {
    auto found = view.search(text);
    for (auto& sale : found.sales)
        for (auto& one : sale.purchases) found.purchases.push_back(std::move(one));
    if (found.purchases.size() == 1) return std::move(found.purchases.front());
    std::vector<std::string> names;
    for (auto& one : found.purchases) {
        if (one.purchase.reference == text) return std::move(one);
        names.push_back(one.purchase.reference);
    }
    if (names.empty())
        throw Stop(Exit::not_found, "no supplier order is known by \"" + text + "\"");
    throw Stop(Exit::usage, "several supplier orders are known by \"" + text +
                                "\": " + desk::join(names, ", ") + "; name one of them");
}

void print(Shell& shell, const desk::ClaimPacket& packet) {
    const auto line = [&](const std::string& text, std::size_t indent = 0) {
        shell.out << std::string(indent, ' ')
                  << wrap(printable(text), static_cast<std::size_t>(shell.width), indent) << '\n';
    };
    line("A claim on " + packet.system + ' ' + packet.reference + ": " +
         std::string(terms::to_string(packet.reason)) + ", " + packet.why + ".");
    shell.out << '\n' << shell.paint("Do this", "bold") << '\n';
    for (std::size_t i = 0; i < packet.steps.size(); ++i)
        line(std::to_string(i + 1) + ". " + packet.steps[i], 2);
    shell.out << '\n'
              << shell.paint(packet.shortened ? "The text, shortened for the form" : "The text",
                             "bold")
              << '\n'
              << packet.text << '\n'
              << (packet.text_most
                      ? "The form takes " + std::to_string(*packet.text_most) + " letters.\n\n"
                      : "How much text the form takes is not known.\n\n")
              << shell.paint("Attachments", "bold") << '\n';
    for (const auto& one : packet.attachments)
        line(std::to_string(one.number) + ". " + one.what +
                 (one.source.empty() ? "" : " (" + one.source + ")"),
             2);
    shell.out << '\n' << shell.paint("Reasons that cannot be chosen", "bold") << '\n';
    for (const auto& one : packet.reasons)
        if (!one.supported) line(std::string(terms::to_string(one.reason)) + ": " + one.why, 2);
}

Exit packet(Shell& shell, const Asked& asked) {
    desk::PacketAsk ask;
    if (!asked.complaint.empty()) ask.complaint = complaint_of("--complaint", asked.complaint);
    if (!asked.reason.empty()) ask.reason = complaint_of("--reason", asked.reason);
    auto view = desk_view(shell);
    const auto one = purchase_of(view, asked.order);
    auto form = desk::form_of(one.purchase.system);
    if (asked.text_most > 0) form.text_most = asked.text_most;
    ask.customer_due_by = desk::first_answer_due(one.item.disputes);
    ask.filed = one.filed;
    const auto& phrases =
        asked.language.empty()
            ? engine::phrases_for(view.settings(), shell.rules().languages, one.purchase)
            : phrases_of(shell, "--language", asked.language);
    const auto found = desk::claim_packet(one.purchase, one.parcels, one.terms,
                                          view.settings().options, ask, form, phrases, shell.at());
    if (!found) throw Stop(Exit::conflict, found.error());
    if (shell.json) {
        auto document = api::packet_json(*found);
        document["at"] = holdfast::to_string(shell.at());
        shell.out << json::serialize(document) << '\n';
    } else {
        print(shell, *found);
    }
    return Exit::ok;
}

}  // namespace

void add_packet(CLI::App& app, Run& run) {
    auto* command = app.add_subcommand(
        "packet", "A claim to file by hand: text to paste, attachments, one step after the other");
    auto asked = std::make_shared<Asked>();
    command->add_option("ORDER", asked->order, "The supplier order, or what finds it")->required();
    command->add_option("--complaint", asked->complaint,
                        "What the customer says (nothing: the dates alone)");
    command->add_option("--reason", asked->reason,
                        "Of the claim (from the facts); one that they contradict is refused");
    command->add_option("--language", asked->language,
                        "Of the text: en, es (as set for the account or the system, else en)");
    command->add_option("--text-most", asked->text_most, "Letters that the form takes")
        ->check(CLI::Range(1, 1'000'000));
    command->footer(
        "Examples:\n  holdfast packet 3099000000000104\n  holdfast packet 3099000000000104 "
        "--text-most 500 --json");
    command->callback(
        [&run, asked] { run = [asked](Shell& shell) { return packet(shell, *asked); }; });
}

}  // namespace holdfast::cli
