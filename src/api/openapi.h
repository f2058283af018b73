// The contract as it is served: api/openapi.yaml, as JSON.
#pragma once

#include <expected>
#include <filesystem>
#include <string>

namespace holdfast::api {

// Why it cannot be read, with its place.
[[nodiscard]] std::expected<std::string, std::string> load_openapi(
    const std::filesystem::path& file);

}  // namespace holdfast::api
