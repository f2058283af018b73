// The contract as a page to read, at /docs: operations by tag, schemas, and the problems with their
// pages. Made from api/openapi.yaml alone, so that it cannot say something else.
#pragma once

#include "http/answer.h"

#include <string_view>

namespace holdfast::api {

// `openapi_json`: as load_openapi() gives it; empty: of a service that was given none.
http::Answer reference_page(std::string_view openapi_json);

}  // namespace holdfast::api
