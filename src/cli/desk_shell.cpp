#include "cli/desk_shell.h"

#include "base/currency.h"
#include "desk/complaint.h"
#include "desk/text.h"
#include "engine/importer.h"

#include <set>

namespace holdfast::cli {

namespace {

void check_programme(Shell& shell, const std::string& name) {
    std::set<std::string> known;
    for (const auto& one : shell.rules().terms)
        if (one.role != terms::Role::law) known.insert(one.programme);
    if (name.empty() || known.contains(name)) return;
    std::string all;
    for (const auto& one : known) all += (all.empty() ? "" : ", ") + one;
    throw Stop(Exit::configuration,
               "desk.programme: found \"" + name + "\", expected one of " + all);
}

engine::DeskCosts costs_of(const Config& config) {
    const auto amount = [](const std::string& text) -> std::optional<Money> {
        if (text.empty()) return std::nullopt;
        return *parse_amount(text);  // load_config() has read it once
    };
    const auto number = [](std::int64_t value) { return static_cast<std::int32_t>(value); };
    return {.rules = {.fee_basis_points = number(config.remedy_fee_basis_points),
                      .fee_fixed = amount(config.remedy_fee_fixed),
                      .fee_kept_basis_points = number(config.remedy_fee_kept_basis_points),
                      .chargeback_basis_points = number(config.remedy_chargeback_basis_points),
                      .chargeback_fee = amount(config.remedy_chargeback_fee),
                      .resend_days = number(config.processing_days + config.delivery_days)},
            .promise = {.delivery_days = number(config.remedy_delivery_days),
                        .return_days = number(config.remedy_return_days)},
            .gift = amount(config.remedy_gift_cost),
            .return_postage = amount(config.remedy_return_postage)};
}

}  // namespace

engine::DeskSettings desk_settings(Shell& shell) {
    using std::chrono::days;
    const auto& config = shell.config();
    check_programme(shell, config.programme);
    for (const auto& [system, programme] : config.programmes) check_programme(shell, programme);
    for (const auto& [name, language] : config.claim_languages)
        static_cast<void>(
            phrases_of(shell, "desk.claim_languages." + name, language, Exit::configuration));
    engine::DeskSettings settings;
    settings.claim_languages = config.claim_languages;
    settings.programme = config.programme;
    settings.programmes = config.programmes;
    settings.options.processing_days_default = static_cast<std::int32_t>(config.processing_days);
    settings.options.delivery_days_default = static_cast<std::int32_t>(config.delivery_days);
    for (const auto& [method, promised] : config.method_days)
        settings.options.method_days[method] = static_cast<std::int32_t>(promised);
    settings.options.closing_soon = days{config.closing_soon_days};
    settings.options.extension_before = days{config.extension_before_days};
    if (const auto currency = parse_currency(config.currency))
        settings.options.currency = *currency;
    settings.costs = costs_of(config);
    return settings;
}

const desk::Phrases& phrases_of(Shell& shell, const std::string& name, const std::string& language,
                                Exit exit) {
    const auto& known = shell.rules().languages;
    const auto found = known.find(language);
    if (found != known.end()) return found->second;
    std::string all;
    for (const auto& [one, phrases] : known) all += (all.empty() ? "" : ", ") + one;
    throw Stop(exit, name + ": found \"" + language + "\", expected one of " + all);
}

engine::DeskView desk_view(Shell& shell) {
    return {shell.store(Shell::Missing::stop), shell.rules(), desk_settings(shell), shell.at()};
}

std::size_t write_guesses(Shell& shell) {
    auto view = desk_view(shell);
    return engine::write_guesses(shell.store(Shell::Missing::stop), view, shell.now);
}

terms::Reason complaint_of(std::string_view option, const std::string& text) {
    if (const auto found = terms::parse_word<terms::Reason>(text);
        found && desk::is_complaint(*found))
        return *found;
    std::vector<std::string> all;
    for (const auto word : terms::words_of<terms::Reason>())
        if (desk::is_complaint(*terms::parse_word<terms::Reason>(word))) all.emplace_back(word);
    throw Stop(Exit::usage, std::string(option) + ": found \"" + text + "\", expected one of " +
                                desk::join(all, ", "));
}

void print_more(Shell& shell, std::size_t all, std::size_t limit) {
    if (all > limit) shell.out << "… and " << all - limit << " more; --limit shows them\n";
}

std::string style_of(desk::WorkWord word) {
    using desk::WorkWord;
    switch (word) {
    case WorkWord::claim_now:
    case WorkWord::late_claim_now: return "bold green";
    case WorkWord::closing_soon:
    case WorkWord::answer_due:
    case WorkWord::return_due:     return "bold red";
    case WorkWord::ask_extension:
    case WorkWord::do_not_confirm: return "yellow";
    case WorkWord::missed:         return "red";
    case WorkWord::recovered:      return "green";
    case WorkWord::waiting:
    case WorkWord::none:           return "";
    }
    return {};
}

namespace {

// A reading may be dated after the instant that is asked for (`--at`).
std::string read_text(Instant at, Instant now) {
    return at > now ? to_words(at - now) + " after the instant asked for" : from_now(at, now);
}

}  // namespace

std::string age_text(const engine::StoreAge& age, Instant now) {
    if (age.imports == 0 && age.purchases + age.sales + age.parcels == 0)
        return "No file has been imported yet.";
    if (age.imports == 0) return "An import was cut off; importing the file again finishes it.";
    auto text = "Data: " + std::to_string(age.purchases) + " purchases, " +
                std::to_string(age.sales) + " sales, " + std::to_string(age.parcels) +
                " parcels from " + std::to_string(age.imports) +
                (age.imports == 1 ? " file" : " files") + "; the newest was true " +
                read_text(*age.newest_import, now);
    if (age.oldest_import != age.newest_import)
        text += ", the oldest " + read_text(*age.oldest_import, now);
    text += '.';
    if (age.rows_rejected)
        text += ' ' + std::to_string(age.rows_rejected) +
                (age.rows_rejected == 1 ? " row" : " rows") +
                " could not be read; importing the file again says which and why.";
    return text;
}

}  // namespace holdfast::cli
