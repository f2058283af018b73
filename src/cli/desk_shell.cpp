#include "cli/desk_shell.h"

#include "base/currency.h"
#include "engine/importer.h"

#include <set>

namespace holdfast::cli {

namespace {

void check_programme(Shell& shell, const std::string& name) {
    std::set<std::string> known;
    for (const auto& one : shell.rules().terms)
        if (one.role != terms::Role::law) known.insert(one.programme);
    if (known.contains(name)) return;
    std::string all;
    for (const auto& one : known) all += (all.empty() ? "" : ", ") + one;
    throw Stop(Exit::configuration,
               "desk.programme: found \"" + name + "\", expected one of " + all);
}

}  // namespace

engine::DeskSettings desk_settings(Shell& shell) {
    using std::chrono::days;
    const auto& config = shell.config();
    check_programme(shell, config.programme);
    for (const auto& [system, programme] : config.programmes) check_programme(shell, programme);
    engine::DeskSettings settings;
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
    return settings;
}

engine::DeskView desk_view(Shell& shell) {
    return {shell.store(Shell::Missing::stop), shell.rules(), desk_settings(shell), shell.at()};
}

std::size_t write_guesses(Shell& shell) {
    auto view = desk_view(shell);
    engine::Importer importer(shell.store(Shell::Missing::stop), shell.now, "guess");
    std::size_t open = 0;
    for (auto& guess : view.new_guesses()) {
        open += guess.state == desk::LinkSeen::State::open;
        importer.add(
            {{.format = "guess", .seen_at = shell.at(), .file = {}, .line = 0}, std::move(guess)});
    }
    importer.flush();
    return open;
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

std::string age_text(const engine::StoreAge& age, Instant now) {
    if (age.imports == 0 && age.purchases + age.sales + age.parcels == 0)
        return "No file has been imported yet.";
    if (age.imports == 0) return "An import was cut off; importing the file again finishes it.";
    auto text = "Data: " + std::to_string(age.purchases) + " purchases, " +
                std::to_string(age.sales) + " sales, " + std::to_string(age.parcels) +
                " parcels from " + std::to_string(age.imports) +
                (age.imports == 1 ? " file" : " files") + "; the newest was true " +
                from_now(*age.newest_import, now);
    if (age.oldest_import != age.newest_import)
        text += ", the oldest " + from_now(*age.oldest_import, now);
    text += '.';
    if (age.rows_rejected)
        text += ' ' + std::to_string(age.rows_rejected) +
                (age.rows_rejected == 1 ? " row" : " rows") +
                " could not be read; importing the file again says which and why.";
    return text;
}

boost::json::object age_json(const engine::StoreAge& age) {
    return {{"purchases", age.purchases},
            {"sales", age.sales},
            {"parcels", age.parcels},
            {"imports", age.imports},
            {"rows_rejected", age.rows_rejected},
            {"oldest_at", instant_json(age.oldest_import)},
            {"newest_at", instant_json(age.newest_import)}};
}

boost::json::value instant_json(const std::optional<Instant>& at) {
    return at ? boost::json::value(holdfast::to_string(*at)) : boost::json::value();
}

boost::json::value money_json(const std::optional<Money>& amount) {
    if (!amount) return nullptr;
    return boost::json::object{{"amount", amount->minor()},
                               {"currency", code_of(amount->currency())}};
}

boost::json::array texts_json(const std::vector<std::string>& texts) {
    boost::json::array list;
    for (const auto& text : texts) list.emplace_back(text);
    return list;
}

boost::json::object item_json(const desk::WorkItem& item) {
    boost::json::value countdown;
    if (item.countdown)
        countdown = boost::json::object{{"at", holdfast::to_string(item.countdown->at)},
                                        {"what", item.countdown->what}};
    return {{"word", to_string(item.word)},
            {"system", item.system},
            {"reference", item.reference},
            {"title", item.title},
            {"at_stake", money_json(item.at_stake)},
            {"clause", item.clause},
            {"reason", item.reason ? boost::json::value(terms::to_string(*item.reason))
                                   : boost::json::value()},
            {"opens_at", instant_json(item.opens_at)},
            {"closes_at", instant_json(item.closes_at)},
            {"promised_by", instant_json(item.promised_by)},
            {"countdown", countdown},
            {"estimated", item.estimated},
            {"estimates", texts_json(item.estimates)},
            {"doubts", texts_json(item.doubts)},
            {"next_step", item.next_step},
            {"why", item.why},
            {"seller", item.seller},
            {"sales", texts_json(item.sale_references)},
            {"terms", item.terms_id}};
}

}  // namespace holdfast::cli
