#include "store/codec/strict_json.h"

#include "store/codec/json_pointer.h"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/parse.hpp>

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace holdfast::store {
namespace {

namespace json = boost::json;

// Boost keeps the last of two members with one name and says nothing. This handler for its parser
// only listens to names, and stops at the first that was there before.
class NameChecker {
public:
    static constexpr std::size_t max_object_size = SIZE_MAX;
    static constexpr std::size_t max_array_size = SIZE_MAX;
    static constexpr std::size_t max_key_size = SIZE_MAX;
    static constexpr std::size_t max_string_size = SIZE_MAX;
    using Code = json::error_code;

    bool on_object_begin(Code&) { return begin(/*is_array=*/false); }
    bool on_object_end(std::size_t, Code&) { return end(); }
    bool on_array_begin(Code&) { return begin(/*is_array=*/true); }
    bool on_array_end(std::size_t, Code&) { return end(); }

    bool on_key_part(json::string_view part, std::size_t, Code&) {
        name_ += part;
        return true;
    }
    bool on_key(json::string_view part, std::size_t, Code& error) {
        name_ += part;
        auto& level = levels_.back();
        level.name = std::exchange(name_, {});
        const bool is_new = level.names.insert(level.name).second;
        if (!is_new) error = json::error::extra_data;
        return is_new;
    }

    bool on_document_begin(Code&) { return true; }
    bool on_document_end(Code&) { return true; }
    bool on_string_part(json::string_view, std::size_t, Code&) { return true; }
    bool on_string(json::string_view, std::size_t, Code&) { return value(); }
    bool on_number_part(json::string_view, Code&) { return true; }
    bool on_int64(std::int64_t, json::string_view, Code&) { return value(); }
    bool on_uint64(std::uint64_t, json::string_view, Code&) { return value(); }
    bool on_double(double, json::string_view, Code&) { return value(); }
    bool on_bool(bool, Code&) { return value(); }
    bool on_null(Code&) { return value(); }
    bool on_comment_part(json::string_view, Code&) { return true; }
    bool on_comment(json::string_view, Code&) { return true; }

    std::string pointer() const {
        std::string text;
        for (const auto& level : levels_)
            add_step(text, level.is_array ? std::to_string(level.index) : level.name);
        return text;
    }

private:
    struct Level {
        bool is_array = false;
        std::size_t index = 0;
        std::string name;             // the newest
        std::set<std::string> names;  // so many that a list would be searched for ever
    };

    bool begin(bool is_array) {
        levels_.push_back({.is_array = is_array, .index = 0, .name = {}, .names = {}});
        return true;
    }
    bool end() {
        levels_.pop_back();
        return value();
    }
    bool value() {
        if (!levels_.empty()) ++levels_.back().index;
        return true;
    }

    std::vector<Level> levels_;
    std::string name_;
};

}  // namespace

std::expected<json::value, DecodeError> parse_strict(std::string_view text,
                                                     json::storage_ptr storage) {
    // What a source wrote in broken UTF-8 must still be readable after it was stored.
    json::parse_options options;
    options.allow_invalid_utf8 = true;

    json::error_code error;
    json::value value = json::parse({text.data(), text.size()}, error, std::move(storage), options);
    if (error) return std::unexpected(DecodeError{"", "is not JSON: " + error.message()});
    if (!value.is_object()) return std::unexpected(DecodeError{"", "is not an object"});

    json::basic_parser<NameChecker> names(options);
    names.write_some(/*more=*/false, text.data(), text.size(), error);
    if (error) return std::unexpected(DecodeError{names.handler().pointer(), "stands twice"});
    return value;
}

}  // namespace holdfast::store
