// holdfast whereis TEXT: where an order is, what is open on it, and a reply to the customer.

#include "cli/commands.h"
#include "cli/desk_shell.h"
#include "cli/table.h"
#include "cli/worklist_table.h"

#include <CLI/CLI.hpp>

#include <ostream>

namespace holdfast::cli {
namespace {

namespace json = boost::json;

class WhereIs {
public:
    WhereIs(Shell& shell, engine::DeskView& view, const desk::Phrases& phrases)
        : shell_(shell), view_(view), phrases_(phrases) {}

    void sale(engine::SaleView& sale) {
        const auto answer = engine::where_is(view_, sale, phrases_);
        if (shell_.json) {
            sales_.push_back(api::where_json(sale, answer));
            return;
        }
        text(answer.state);
        if (answer.promised_by)
            text("Promised by " + short_time(*answer.promised_by) +
                 (answer.promise_estimated ? ", an estimate." : "."));
        if (answer.arrival)
            text("The chance that it still arrives: " + desk::to_text(*answer.arrival) + ".");
        if (!answer.last_scan.empty()) text(answer.last_scan);
        for (const auto& open : answer.open) text("- " + open);
        for (const auto& money : answer.money) text("- " + money);
        text(answer.age_text);
        shell_.out << '\n' << shell_.paint("Draft reply", "dim") << '\n';
        paragraphs(answer.reply);
        shell_.out << '\n';
    }

    void purchase(const engine::PurchaseView& one) {
        if (shell_.json) {
            purchases_.push_back(item_json(one.item));
            return;
        }
        print_item(shell_, one.item);
        text("No store order is linked to it.");
        shell_.out << '\n';
    }

    void parcel(const desk::Parcel& one) {
        if (shell_.json)
            parcels_.push_back(json::object{{"tracking_number", one.tracking_number}});
        else
            text("Parcel " + one.tracking_number + " is known, but no purchase names it.");
    }

    void finish() {
        if (shell_.json)
            shell_.out << json::serialize(json::object{
                              {"sales", sales_}, {"purchases", purchases_}, {"parcels", parcels_}})
                       << '\n';
    }

private:
    void text(const std::string& sentence) {
        if (!sentence.empty())
            shell_.out << wrap(printable(sentence), static_cast<std::size_t>(shell_.width), 0)
                       << '\n';
    }
    void paragraphs(std::string_view letter) {
        while (!letter.empty()) {
            const auto end = letter.find('\n');
            const auto row = letter.substr(0, end);
            shell_.out << "  " << wrap(printable(row), static_cast<std::size_t>(shell_.width), 2)
                       << '\n';
            letter.remove_prefix(end == letter.npos ? letter.size() : end + 1);
        }
    }

    Shell& shell_;
    engine::DeskView& view_;
    const desk::Phrases& phrases_;
    json::array sales_, purchases_, parcels_;
};

struct Asked {
    std::string text, language = "en";
};

Exit where_is(Shell& shell, const Asked& asked) {
    const auto& text = asked.text;
    const auto& phrases = phrases_of(shell, "--language", asked.language);
    auto view = desk_view(shell);
    auto found = view.search(text);
    if (found.sales.empty() && found.purchases.empty() && found.parcels.empty())
        throw Stop(Exit::not_found,
                   "nothing is known by \"" + text +
                       "\": neither order number, mail address nor tracking number");
    if (!found.sales.empty() || !found.purchases.empty()) view.learn_arrivals();
    for (auto& purchase : found.purchases) view.tell_arrival(purchase);
    WhereIs where(shell, view, phrases);
    for (auto& sale : found.sales) where.sale(sale);
    for (const auto& purchase : found.purchases) where.purchase(purchase);
    for (const auto& parcel : found.parcels) where.parcel(parcel);
    where.finish();
    return Exit::ok;
}

}  // namespace

void add_whereis(CLI::App& app, Run& run) {
    auto* command = app.add_subcommand(
        "whereis", "Where an order is, by order number, mail address or tracking number");
    auto asked = std::make_shared<Asked>();
    command
        ->add_option("TEXT", asked->text,
                     "What the customer wrote: #1052, tomas@example.com, UB000101035CN")
        ->required();
    command->add_option("--language", asked->language, "Of the draft reply: en, es (en)");
    command->footer(
        "Examples:\n  holdfast whereis '#1052'\n  holdfast whereis tomas@example.com --json");
    command->callback(
        [&run, asked] { run = [asked](Shell& shell) { return where_is(shell, *asked); }; });
}

}  // namespace holdfast::cli
