// Where a new secret key goes, and which keys a database takes.
#pragma once

#include "api/keys.h"
#include "cli/shell.h"

#include <filesystem>
#include <string>

namespace holdfast::cli {

// To a file that only its owner can read, never to the screen or a log. One that is there is
// written over.
void write_secret_file(const std::filesystem::path& path, const std::string& secret);

// A database is live or a sandbox for ever: stops with conflict where it is the other.
void require_mode(const api::KeyBook& keys, bool live);

}  // namespace holdfast::cli
