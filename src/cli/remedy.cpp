// holdfast remedy SALE: every way out of a customer's complaint, what each leaves, what is allowed.

#include "cli/commands.h"
#include "cli/desk_shell.h"
#include "cli/remedy_text.h"
#include "desk/text.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>

namespace holdfast::cli {
namespace {

struct Asked {
    std::string sale, complaint;
    std::string arrival, claim_chance, accept;                 // percent
    std::string resend_cost, gift_cost, part, return_postage;  // amounts
    std::string claim, currency;
    std::vector<std::string> purchases;  // that the complaint is about; none: all of the sale
    bool message = false;
    bool details = false;
};

[[noreturn]] void refuse(std::string_view option, const std::string& sentence) {
    throw Stop(Exit::usage, std::string(option) + ": " + sentence);
}

terms::Reason reason_of(const Asked& asked) {
    const auto found = terms::parse_word<terms::Reason>(asked.complaint);
    if (found && desk::is_complaint(*found)) return *found;
    std::vector<std::string> all;
    for (const auto word : terms::words_of<terms::Reason>())
        if (desk::is_complaint(*terms::parse_word<terms::Reason>(word))) all.emplace_back(word);
    refuse("--complaint",
           "found \"" + asked.complaint + "\", expected one of " + desk::join(all, ", "));
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

// A flag goes over a setting; where neither says anything, nothing is known.
std::optional<Money> amount_of(std::string_view option, const std::string& flag,
                               const std::string& setting, Currency currency) {
    const auto& text = flag.empty() ? setting : flag;
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

bool is_concerned(const Asked& asked, const desk::Purchase& purchase) {
    return asked.purchases.empty() ||
           std::ranges::find(asked.purchases, purchase.reference) != asked.purchases.end();
}

void check_purchases(const Asked& asked, const engine::SaleView& sale) {
    std::vector<std::string> known;
    for (const auto& one : sale.purchases) known.push_back(one.purchase.reference);
    for (const auto& wanted : asked.purchases)
        if (std::ranges::find(known, wanted) == known.end())
            refuse("--purchase", "found \"" + wanted + "\", expected a purchase of " +
                                     sale.sale.reference + ": " +
                                     (known.empty() ? "none is linked" : desk::join(known, ", ")));
}

desk::ComplaintView complaint_of(Shell& shell, const Asked& asked, const engine::SaleView& sale) {
    check_purchases(asked, sale);
    std::vector<desk::PurchaseSide> sides;
    for (const auto& one : sale.purchases)
        sides.push_back({.purchase = one.purchase,
                         .parcels = one.parcels,
                         .terms = one.terms,
                         .sales = std::max<std::size_t>(1, one.sale_references.size()),
                         .concerned = is_concerned(asked, one.purchase)});
    auto found = desk::complaint_of(sale.sale, sides, reason_of(asked),
                                    desk_settings(shell).options, shell.at());
    if (!found) throw Stop(Exit::failure, found.error());
    return std::move(*found);
}

desk::ClaimState claim_state(const std::string& text) {
    for (const auto state :
         {desk::ClaimState::granted, desk::ClaimState::open, desk::ClaimState::none})
        if (text == to_string(state)) return state;
    refuse("--claim", "found \"" + text + "\", expected granted, open or none");
}

void take_claim(const Asked& asked, desk::ComplaintView& view) {
    if (asked.claim.empty()) return;
    const auto state = claim_state(asked.claim);
    for (auto& supply : view.complaint.supplies) {
        if (supply.claim == state || !supply.concerned) continue;
        supply.claim = state;
        supply.claim_why = "as given by --claim; by the data: " + supply.claim_why;
    }
}

void take_amounts(Shell& shell, const Asked& asked, desk::Complaint& complaint) {
    const auto& config = shell.config();
    const auto currency = complaint.paid.amount.currency();
    const auto today = Day{std::chrono::floor<std::chrono::days>(shell.at()).time_since_epoch()};
    const auto dated = [&](std::string_view option, const std::string& flag,
                           const std::string& setting) -> std::optional<desk::Dated> {
        const auto amount = amount_of(option, flag, setting, currency);
        return amount ? std::optional(desk::Dated{*amount, today}) : std::nullopt;
    };
    complaint.resend = dated("--resend-cost", asked.resend_cost, {});
    complaint.gift = dated("--gift-cost", asked.gift_cost, config.remedy_gift_cost);
    complaint.return_postage =
        dated("--return-postage", asked.return_postage, config.remedy_return_postage);
    complaint.part = dated("--part", asked.part, {});
    if (!complaint.part) return;
    const auto& part = complaint.part->amount;
    const auto paid = complaint.paid.amount;
    const auto rest = complaint.refunded ? paid - complaint.refunded->amount : paid;
    if (part.currency() != currency)
        refuse("--part", "found " + to_string(part) + ", but the sale was paid in " +
                             std::string(code_of(currency)));
    if (!part.is_positive() || part > rest)
        refuse("--part", "found " + to_string(part) + ", expected more than 0 and at most the " +
                             to_string(rest) + " that the customer has not had back");
}

desk::RemedyRules rules_of(Shell& shell) {
    const auto& config = shell.config();
    const auto amount = [](const std::string& text) -> std::optional<Money> {
        if (text.empty()) return std::nullopt;
        return *parse_amount(text);  // load_config() has read it once
    };
    const auto number = [](std::int64_t value) { return static_cast<std::int32_t>(value); };
    return {.fee_basis_points = number(config.remedy_fee_basis_points),
            .fee_fixed = amount(config.remedy_fee_fixed),
            .fee_kept_basis_points = number(config.remedy_fee_kept_basis_points),
            .chargeback_basis_points = number(config.remedy_chargeback_basis_points),
            .chargeback_fee = amount(config.remedy_chargeback_fee),
            .resend_days = number(config.processing_days + config.delivery_days)};
}

desk::Due due_of(Shell& shell, const desk::Sale& sale, desk::DueQuestion question) {
    const auto& config = shell.config();
    question.promise = {.delivery_days = static_cast<std::int32_t>(config.remedy_delivery_days),
                        .return_days = static_cast<std::int32_t>(config.remedy_return_days)};
    const auto programme = desk::law_for(desk::text_of(sale.destination));
    const auto placed = question.placed ? question.placed : question.paid;
    const auto* law =
        programme.empty() ? nullptr : shell.rules().choose(programme, placed.value_or(shell.at()));
    return desk::due_of(question, law, shell.at());
}

std::vector<std::string> texts_of(Shell& shell, const Asked& asked, const engine::SaleView& sale,
                                  const desk::ComplaintView& view) {
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < sale.purchases.size(); ++i) {
        const auto& one = sale.purchases[i];
        if (!one.terms || !is_concerned(asked, one.purchase)) continue;
        const auto facts = desk::facts_of(one.purchase, one.parcels, desk_settings(shell).options,
                                          shell.at(), *one.terms);
        auto claim = desk::claim_text(one.purchase, facts, view.claims[i]);
        if (!claim.empty()) texts.push_back(std::move(claim));
        texts.push_back(desk::discount_message(one.purchase, facts, view.complaint.reason));
    }
    return texts;
}

Currency currency_of(const Asked& asked, const desk::Complaint& complaint) {
    if (asked.currency.empty()) return complaint.paid.amount.currency();
    const auto currency = parse_currency(asked.currency);
    if (!currency)
        refuse("--currency",
               "found \"" + asked.currency + "\", expected an ISO 4217 code such as USD");
    return *currency;
}

Exit remedy(Shell& shell, const Asked& asked) {
    const desk::Chances chances{.arrival = chance_of("--arrival", asked.arrival),
                                .claim = chance_of("--claim-chance", asked.claim_chance),
                                .accept = chance_of("--accept", asked.accept)};
    static_cast<void>(reason_of(asked));  // a wrong word is told before the database is opened
    auto desk_of = desk_view(shell);
    const auto sale = sale_of(desk_of, asked.sale);
    auto view = complaint_of(shell, asked, sale);
    take_claim(asked, view);
    take_amounts(shell, asked, view.complaint);
    const auto currency = currency_of(asked, view.complaint);
    const auto remedies =
        desk::remedies_of(view.complaint, due_of(shell, sale.sale, view.due), chances,
                          rules_of(shell), desk_of.rates(), currency, shell.at());
    RemedyReport report{.sale = sale.sale,
                        .view = view,
                        .remedies = remedies,
                        .currency = currency,
                        .details = asked.details};
    if (asked.message) report.texts = texts_of(shell, asked, sale, view);
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
                        "The chance in percent that it arrives after all (not known)");
    command->add_option("--claim-chance", asked->claim_chance,
                        "The chance in percent that our claim is granted (not known)");
    command->add_option("--accept", asked->accept,
                        "The chance in percent that the customer accepts an offer (not known)");
    command->add_option("--resend-cost", asked->resend_cost,
                        "What sending again costs (what was paid before)");
    command->add_option("--gift-cost", asked->gift_cost, "What a free extra item costs");
    command->add_option("--part", asked->part, "What a partial refund gives");
    command->add_option("--return-postage", asked->return_postage,
                        "The way back, where we bear it");
    command->add_option("--claim", asked->claim,
                        "granted, open or none, where you know better than the data");
    command->add_option("--purchase", asked->purchases,
                        "Supplier order that the complaint is about (all of the sale's)");
    command->add_option("--currency", asked->currency, "For the sums (the sale's)");
    command->add_flag("--message", asked->message,
                      "Drafts: the claim, and a message to the seller");
    command->add_flag("--details", asked->details, "Every term of every sum");
    command->footer(
        "Amounts are of the sale's currency, or name one: 3, 3.50, \"3.50 EUR\".\n"
        "Examples:\n  holdfast remedy '#1052' --complaint not_received --arrival 30\n"
        "  holdfast remedy '#1051' --complaint damaged --part 10 --gift-cost 3 --details");
    command->callback(
        [&run, asked] { run = [asked](Shell& shell) { return remedy(shell, *asked); }; });
}

}  // namespace holdfast::cli
