// What the client and the mail sender share of libcurl.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace holdfast::http {

struct CloseHandle {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using CurlHandle = std::unique_ptr<CURL, CloseHandle>;
using CurlList = std::unique_ptr<curl_slist, FreeList>;

// Throws std::runtime_error where libcurl does not work at all.
CurlHandle open_handle();

template <class Value>
void set(const CurlHandle& handle, CURLoption option, Value value) {
    if (curl_easy_setopt(handle.get(), option, value) != CURLE_OK)
        throw std::runtime_error("libcurl lacks option " + std::to_string(option));
}

void append(CurlList& list, const std::string& line);

// libcurl's own words for what went wrong.
std::string words_of(CURLcode code, const char* details);

}  // namespace holdfast::http
