// What the desk's commands share on the command line: their view of the store, words in colour, and
// the line that says how old the data is.
#pragma once

#include "api/desk_json.h"
#include "cli/shell.h"
#include "engine/desk_view.h"

#include <optional>
#include <string>

namespace holdfast::cli {

using api::age_json;
using api::instant_json;
using api::item_json;
using api::money_json;
using api::texts_json;

engine::DeskSettings desk_settings(Shell& shell);
engine::DeskView desk_view(Shell& shell);
// The sentences in a language; `name` is what named it, `exit` how an unknown one ends the program.
const desk::Phrases& phrases_of(Shell& shell, const std::string& name, const std::string& language,
                                Exit exit = Exit::usage);

// Writes down the links that the data suggest and nobody has spoken of: those that share a tracking
// number, and guesses that wait for a yes. Gives the number of guesses.
std::size_t write_guesses(Shell& shell);

std::string style_of(desk::WorkWord word);

// A reason that a customer complains for; the option is named where the text is none.
terms::Reason complaint_of(std::string_view option, const std::string& text);

// Says how many rows of `all` are not shown; nothing where all are.
void print_more(Shell& shell, std::size_t all, std::size_t limit);

// "Data: 8 purchases, … from 14 files; the newest was true 3 h ago, the oldest 2 d 4 h ago."
std::string age_text(const engine::StoreAge& age, Instant now);

}  // namespace holdfast::cli
