// The console: pages that people work on in a browser, compiled into the program.
//
// web/console/dist is what was built and committed; CMake compiles it in (web/console/embed.cmake).
// Names in assets/ carry a hash of what is in them and may be kept for ever; all else is asked for
// anew, and answered 304 where nothing has changed. Nothing in the pages may be run or loaded but
// what comes from this server.
#pragma once

#include "http/answer.h"
#include "http/server_request.h"

#include <optional>
#include <span>
#include <string_view>

namespace holdfast::api {

inline constexpr std::string_view console_place = "/console/";
// The page of whoever holds a link to one order: the only one that others may put into a frame.
inline constexpr std::string_view portal_page = "portal.html";
inline constexpr std::string_view no_frames = "'none'";

struct ConsoleFile {
    std::string_view name;     // "index.html", "assets/app-1a2b3c4d.js"
    std::string_view plain;    // as it was built
    std::string_view gzipped;  // the same, as gzip makes it
};
// All of them, sorted by name.
std::span<const ConsoleFile> console_files();

// Nothing: there is no such file. `request` says what it takes (Accept-Encoding) and what it has
// already (If-None-Match). `frame_ancestors`: who may frame the portal's page, as the policy's
// directive says it.
std::optional<http::Answer> console_answer(std::string_view name,
                                           const http::ServerRequest& request,
                                           std::string_view frame_ancestors = no_frames);

}  // namespace holdfast::api
