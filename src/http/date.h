// Instants as headers say them; what is finer than a second is cut.
#pragma once

#include "base/instant.h"

#include <string>

namespace holdfast::http {

std::string to_http_date(Instant at);  // "Sun, 06 Nov 1994 08:49:37 GMT"
std::string to_mail_date(Instant at);  // "Sun, 06 Nov 1994 08:49:37 +0000"

}  // namespace holdfast::http
