#include "cli/engine_shell.h"

#include "base/verify.h"
#include "cli/serve_settings.h"
#include "engine/engine.h"
#include "engine/service_log.h"

#include <utility>

namespace holdfast::cli {
namespace {

Exit exit_of(engine::Outcome outcome) {
    using engine::Outcome;
    switch (outcome) {
    case Outcome::refused:
    case Outcome::key_reused:
    case Outcome::version_differs:
    case Outcome::currency_differs:
    case Outcome::reference_taken:  return Exit::conflict;
    case Outcome::not_found:        return Exit::not_found;
    case Outcome::terms_unknown:    return Exit::configuration;
    case Outcome::damaged:          return Exit::failure;
    case Outcome::busy:
    case Outcome::timed_out:
    case Outcome::unavailable:
    case Outcome::stopping:         return Exit::try_again;
    case Outcome::done:
    case Outcome::replayed:
    case Outcome::count_:           break;
    }
    VERIFY(false);
}

}  // namespace

engine::RulesBook rules_book(const formats::Rulebook& rules, Duration remind_before) {
    engine::RulesBook book(order::Rules{}.grace, remind_before);
    for (const auto& one : rules.terms)
        if (one.role != terms::Role::law) book.add(one);
    for (const auto* law : rules.law()) book.add_law(*law);
    return book;
}

engine::Answer run_work(Shell& shell, engine::Work work) {
    auto& store = shell.store(Shell::Missing::stop);
    const auto rules = rules_book(shell.rules());
    engine::ServiceLog log(store);
    log.begin(shell.now, engine::EngineOptions{}.outage_least);
    engine::Writer writer(store, rules, {.telling = telling_of(mail_settings(shell.config()))});
    writer.set_outages(log.outages());
    return writer.run({&work, 1}).front();
}

void stop_for(const engine::Answer& answer, const std::string& what) {
    std::string why(to_string(answer.outcome));
    if (const auto* refusal = std::get_if<order::Refusal>(&answer.refusal))
        why += ", " + std::string(to_string(refusal->code));
    if (const auto* refusal = std::get_if<ledger::Refusal>(&answer.refusal))
        why += ", " + std::string(to_string(refusal->code));
    if (!answer.problem.empty()) why += ": " + answer.problem;
    throw Stop(exit_of(answer.outcome), what + ": " + why);
}

}  // namespace holdfast::cli
