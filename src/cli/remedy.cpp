// holdfast remedy SALE: every way out of a customer's complaint, what each leaves, what is allowed.

#include "cli/commands.h"
#include "cli/desk_shell.h"
#include "cli/remedy_text.h"
#include "desk/text.h"
#include "engine/desk_choices.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>

namespace holdfast::cli {
namespace {

struct Asked {
    std::string sale, complaint;
    std::string arrival, claim_chance, accept;                                    // percent
    std::string resend_cost, resend_other_cost, gift_cost, part, return_postage;  // amounts
    std::string claim, currency;
    std::vector<std::string> purchases;  // that the complaint is about; none: all of the sale
    std::string choose;                  // a way
    bool message = false;
    bool details = false;
};

[[noreturn]] void refuse(std::string_view option, const std::string& sentence) {
    throw Stop(Exit::usage, std::string(option) + ": " + sentence);
}

// "30", "12.5", "12.5%": hundredths of a percent are basis points, as cents are of an amount.
std::optional<std::int32_t> chance_of(std::string_view option, const std::string& text) {
    if (text.empty()) return std::nullopt;
    auto digits = std::string_view(text);
    if (digits.ends_with('%')) digits.remove_suffix(1);
    const auto percent = parse_money(digits, Currency::eur);
    if (!percent || percent->minor() > 10'000)
        refuse(option, "found \"" + text + "\", expected a percentage from 0 to 100, such as 30");
    return static_cast<std::int32_t>(percent->minor());
}

// "40", or by the share that is offered: "10:20,30:60".
void take_accept(const std::string& text, desk::Chances& chances) {
    if (!text.contains(':')) {
        chances.accept = chance_of("--accept", text);
        return;
    }
    for (auto rest = text; !rest.empty();) {
        const auto end = std::min(rest.find(','), rest.size());
        const auto pair = rest.substr(0, end);
        rest.erase(0, end + 1);
        const auto colon = pair.find(':');
        if (colon == 0 || colon == pair.npos || colon + 1 == pair.size())
            refuse("--accept", "found \"" + pair + "\", expected SHARE:CHANCE such as 30:60");
        const desk::AcceptPoint point{.share = *chance_of("--accept", pair.substr(0, colon)),
                                      .chance = *chance_of("--accept", pair.substr(colon + 1))};
        auto& points = chances.accept_part;
        if (point.share <= (points.empty() ? 0 : points.back().share))
            refuse("--accept", "found \"" + text + "\", expected shares that grow from above 0");
        points.push_back(point);
    }
}

std::optional<Money> amount_of(std::string_view option, const std::string& text,
                               Currency currency) {
    if (text.empty()) return std::nullopt;
    const auto amount = parse_amount(text, currency);
    if (!amount) refuse(option, amount.error());
    return *amount;
}

engine::SaleView sale_of(engine::DeskView& view, const std::string& text) {
    auto found = view.search(text);
    if (found.sales.empty())
        throw Stop(Exit::not_found,
                   "no sale is known by \"" + text + "\"" +
                       (found.purchases.empty() ? "" : ": no sale is linked to that purchase"));
    if (found.sales.size() == 1) return std::move(found.sales.front());
    // Whoever wrote a sale's own number means that one.
    const auto wanted = desk::normalise_search(text);
    std::vector<std::string> names;
    for (auto& one : found.sales) {
        if (desk::normalise_search(one.sale.reference) == wanted) return std::move(one);
        names.push_back(one.sale.reference);
    }
    throw Stop(Exit::usage, "several sales are known by \"" + text +
                                "\": " + desk::join(names, ", ") + "; name one of them");
}

desk::ClaimState claim_state(const std::string& text) {
    for (const auto state :
         {desk::ClaimState::granted, desk::ClaimState::open, desk::ClaimState::none})
        if (text == to_string(state)) return state;
    refuse("--claim", "found \"" + text + "\", expected granted, open or none");
}

std::optional<Currency> currency_of(const Asked& asked) {
    if (asked.currency.empty()) return std::nullopt;
    const auto currency = parse_currency(asked.currency);
    if (!currency)
        refuse("--currency",
               "found \"" + asked.currency + "\", expected an ISO 4217 code such as USD");
    return *currency;
}

engine::RemedyAsk ask_of(const Asked& asked, const engine::SaleView& sale) {
    engine::RemedyAsk ask{.reason = complaint_of("--complaint", asked.complaint),
                          .purchases = asked.purchases};
    if (!asked.claim.empty()) ask.claim = claim_state(asked.claim);
    ask.chances.arrival = chance_of("--arrival", asked.arrival);
    ask.chances.claim = chance_of("--claim-chance", asked.claim_chance);
    take_accept(asked.accept, ask.chances);
    ask.currency = currency_of(asked);
    if (!sale.sale.total) return ask;
    const auto currency = sale.sale.total->value.currency();
    ask.resend = amount_of("--resend-cost", asked.resend_cost, currency);
    ask.resend_other = amount_of("--resend-other-cost", asked.resend_other_cost, currency);
    ask.gift = amount_of("--gift-cost", asked.gift_cost, currency);
    ask.return_postage = amount_of("--return-postage", asked.return_postage, currency);
    ask.part = amount_of("--part", asked.part, currency);
    return ask;
}

// Written with the first purchase that the complaint is about.
void choose(Shell& shell, const Asked& asked, const engine::SaleView& sale,
            const engine::RemedyAsk& ask, const engine::RemedyFound& found) {
    const auto purchase = std::ranges::find_if(
        sale.purchases, [&](const auto& one) { return engine::is_concerned(ask, one.purchase); });
    if (purchase == sale.purchases.end())
        refuse("--choose", sale.sale.reference + " has no purchase to keep the choice with");
    const auto choice = engine::chosen_of(sale, found, asked.choose);
    if (!choice)
        refuse("--choose", "found \"" + asked.choose + "\", expected a way that is allowed here");
    engine::DeskWork(shell.store(Shell::Missing::stop))
        .write(purchase->stream, {.what = *choice, .by = "cli", .at = shell.at()});
}

Exit remedy(Shell& shell, const Asked& asked) {
    static_cast<void>(complaint_of(
        "--complaint", asked.complaint));  // a wrong word is told before the database is opened
    static_cast<void>(chance_of("--arrival", asked.arrival));
    auto view = desk_view(shell);
    const auto sale = sale_of(view, asked.sale);
    const auto ask = ask_of(asked, sale);
    if (!ask.chances.arrival) view.learn_arrivals();
    if (!ask.chances.claim)
        view.use_claims(std::make_shared<const desk::ClaimHistory>(view.claim_history()));
    const auto found = engine::remedies_of(view, shell.rules(), sale, ask);
    if (!found) {
        const auto& [field, sentence] = found.error();
        if (field.empty()) throw Stop(Exit::failure, sentence);
        refuse("--" + field, sentence);
    }
    if (!asked.choose.empty()) choose(shell, asked, sale, ask, *found);
    RemedyReport report{.sale = sale.sale, .found = *found, .details = asked.details};
    if (asked.message)
        report.texts = engine::drafts_of(view, sale, ask, found->view, shell.rules().languages);
    if (shell.json)
        print_remedies_json(shell, report);
    else
        print_remedies(shell, report);
    return Exit::ok;
}

}  // namespace

void add_remedy(CLI::App& app, Run& run) {
    auto* command = app.add_subcommand(
        "remedy", "Every way out of a customer's complaint: what is due, allowed, and left");
    auto asked = std::make_shared<Asked>();
    command->add_option("SALE", asked->sale, "The sale's number, or what finds it")->required();
    command
        ->add_option("--complaint", asked->complaint,
                     "not_received, late, not_as_described, damaged, wrong_item, missing_parts, "
                     "change_of_mind")
        ->required();
    command->add_option("--arrival", asked->arrival,
                        "The chance in percent that it arrives after all (by your own history)");
    command->add_option("--claim-chance", asked->claim_chance,
                        "The chance in percent that our claim is granted (by your own history)");
    command->add_option("--accept", asked->accept,
                        "The chance in percent that the customer accepts an offer, or by the share "
                        "of the money that is offered: 10:20,30:60 (not known)");
    command->add_option("--resend-cost", asked->resend_cost,
                        "What sending again costs (what was paid before)");
    command->add_option("--resend-other-cost", asked->resend_other_cost,
                        "What sending again from another supplier costs");
    command->add_option("--gift-cost", asked->gift_cost, "What a free extra item costs");
    command->add_option("--part", asked->part, "What a partial refund gives");
    command->add_option("--return-postage", asked->return_postage,
                        "The way back, where we bear it");
    command->add_option("--claim", asked->claim,
                        "granted, open or none, where you know better than the data");
    command->add_option("--purchase", asked->purchases,
                        "Supplier order that the complaint is about (all of the sale's)");
    command->add_option("--currency", asked->currency, "For the sums (the sale's)");
    command->add_option("--choose", asked->choose,
                        "Keep this way as chosen, with all that is shown: see holdfast regret");
    command->add_flag("--message", asked->message,
                      "Drafts: the claim, and a message to the seller");
    command->add_flag("--details", asked->details, "Every term of every sum");
    command->footer(
        "Amounts are of the sale's currency, or name one: 3, 3.50, \"3.50 EUR\".\n"
        "Examples:\n  holdfast remedy '#1052' --complaint not_received --arrival 30\n"
        "  holdfast remedy '#1051' --complaint damaged --part 10 --gift-cost 3 --details\n"
        "  holdfast remedy '#1051' --complaint damaged --accept 10:20,30:60,50:80");
    command->callback(
        [&run, asked] { run = [asked](Shell& shell) { return remedy(shell, *asked); }; });
}

}  // namespace holdfast::cli
