// What to do about each problem: the page that a problem's `type` leads to.
#pragma once

#include "http/answer.h"

#include <optional>
#include <string_view>
#include <vector>

namespace holdfast::api {

// Where the pages are, of this server: a problem's type is this and its code.
inline constexpr std::string_view problem_pages = "/problems/";

// What it means beyond its sentence, and what to do. As CommonMark.
struct Remedy {
    std::string_view code;
    std::string_view means;
    std::string_view to_do;
};
const std::vector<Remedy>& remedies();

// Nothing: there is no such code.
std::optional<http::Answer> problem_page(std::string_view code);

}  // namespace holdfast::api
