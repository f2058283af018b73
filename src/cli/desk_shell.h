// What the desk's commands share on the command line: their view of the store, words in colour, and
// the line that says how old the data is.
#pragma once

#include "cli/shell.h"
#include "engine/desk_view.h"

#include <boost/json.hpp>

#include <optional>
#include <string>

namespace holdfast::cli {

engine::DeskSettings desk_settings(Shell& shell);
engine::DeskView desk_view(Shell& shell);

// Writes down the links that the data suggest and nobody has spoken of: those that share a tracking
// number, and guesses that wait for a yes. Gives the number of guesses.
std::size_t write_guesses(Shell& shell);

std::string style_of(desk::WorkWord word);

// "Data: 8 purchases, … from 14 files; the newest was true 3 h ago, the oldest 2 d 4 h ago."
std::string age_text(const engine::StoreAge& age, Instant now);
boost::json::object age_json(const engine::StoreAge& age);

boost::json::value instant_json(const std::optional<Instant>& at);
boost::json::value money_json(const std::optional<Money>& amount);
boost::json::array texts_json(const std::vector<std::string>& texts);
boost::json::object item_json(const desk::WorkItem& item);

}  // namespace holdfast::cli
