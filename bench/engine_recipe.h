// The rows that one life leaves in the database, step by step, as a text that engine_reference.c
// writes again and again.
#pragma once

#include "engine_world.h"

#include <string>

namespace holdfast::bench {

// Makes `folder`/template.db, with one life in it, and `folder`/recipe.
void write_recipe(const std::string& folder, Keys keys);

}  // namespace holdfast::bench
