#include "http/curl.h"

#include <new>

namespace holdfast::http {

CurlHandle open_handle() {
    static const auto started = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (started != CURLE_OK) throw std::runtime_error("libcurl does not start");
    CurlHandle handle(curl_easy_init());
    if (!handle) throw std::runtime_error("libcurl gives no handle");
    return handle;
}

void append(CurlList& list, const std::string& line) {
    auto* grown = curl_slist_append(list.get(), line.c_str());
    if (!grown) throw std::bad_alloc();
    static_cast<void>(list.release());  // it is `grown` now, or its beginning
    list.reset(grown);
}

std::string words_of(CURLcode code, const char* details) {
    return details && *details ? details : curl_easy_strerror(code);
}

}  // namespace holdfast::http
