#include "http/server_request.h"

#include "base/verify.h"

namespace holdfast::http {

std::string_view ServerRequest::parameter(std::string_view name) const {
    for (const auto& [own, value] : route.parameters)
        if (own == name) return value;
    VERIFY(!"a name in the route's pattern");
    return {};
}

}  // namespace holdfast::http
