// JSON of other systems as a tree that keeps every number as it was written.
//
// Ids are longer than a floating-point number can hold and amounts must not pass through one, so a
// number here is its text. A missing member is null, so members can be asked for in a chain. At
// most 64 levels deep and 64 MiB long; of a name that stands twice the last one counts.
#pragma once

#include "formats/reader.h"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::formats {

class Json {
public:
    enum class Kind : std::uint8_t { null, no, yes, number, text, list, object };

    Json() = default;
    explicit Json(Kind kind) : kind_(kind) {}
    Json(Kind kind, std::string text) : kind_(kind), text_(std::move(text)) {}

    Kind kind() const { return kind_; }
    bool is_null() const { return kind_ == Kind::null; }
    bool is_object() const { return kind_ == Kind::object; }
    bool is_list() const { return kind_ == Kind::list; }
    bool is_yes() const { return kind_ == Kind::yes || text_ == "true"; }

    // Of a text or a number; "true" or "false"; else empty.
    std::string_view text() const;

    // The member, or null.
    const Json& operator[](std::string_view name) const;
    bool has(std::string_view name) const { return find(name) != nullptr; }

    std::span<const Json> items() const { return items_; }  // of a list or an object
    const std::string& name(std::size_t item) const { return names_[item]; }  // of an object

    // For whoever builds a tree.
    void add(Json item) { items_.push_back(std::move(item)); }
    void add(std::string name, Json item);

private:
    const Json* find(std::string_view name) const;

    Kind kind_ = Kind::null;
    std::string text_;
    std::vector<Json> items_;
    std::vector<std::string> names_;
};

// The list in `value`: as it is, inside an object under `key`, or a lone object in its place.
std::span<const Json> list_in(const Json& value, std::string_view key);

// A byte order mark and a JSONP call around the value are taken off.
[[nodiscard]] std::expected<Json, FileError> parse_json(std::string_view bytes);

}  // namespace holdfast::formats
