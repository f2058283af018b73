// Pages for people: HTML that runs no script and asks nobody else for anything.
#pragma once

#include "http/answer.h"

#include <string>
#include <string_view>

namespace holdfast::api {

// For text and for values of attributes in double quotes.
std::string escaped(std::string_view text);

// As CommonMark with tables has it; what is HTML in `text` is left out.
std::string html_of_markdown(std::string_view text);

// A whole page; `body` is HTML. It may load nothing but the style that it brings with it.
http::Answer page(std::string_view title, std::string_view body);

}  // namespace holdfast::api
