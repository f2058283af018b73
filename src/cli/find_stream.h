// Which stream a person means: an order or a party.
#pragma once

#include "cli/shell.h"

#include <string>

namespace holdfast::cli {

// By id ("ord_…", "pty_…"), by ACCOUNT:REFERENCE, or by a reference that only one account has. What
// is not there stops with not_found, a reference of several accounts with conflict, naming them.
store::StreamId find_stream(store::Store& store, const std::string& text);

}  // namespace holdfast::cli
