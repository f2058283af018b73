// The rows that one life leaves in the database, step by step, as a text that recipe.c
// writes again and again.
#pragma once

#include "engine_world.h"

#include <string>
#include <vector>

namespace holdfast::bench {

// Makes `folder`/template.db, with one life in it, and `folder`/recipe.
void write_recipe(const std::string& folder, Keys keys);

// The rows by which each of these databases differs from the one before it: one life between the
// first and the last, and nothing else. `reference`: what the life goes by, as long as
// reference_of() makes them.
void write_recipe_of(const std::vector<std::string>& files, const std::string& reference,
                     const std::string& recipe);

}  // namespace holdfast::bench
