#include "formats/json_file.h"

#include "base/utf8.h"

#include "base/verify.h"
#include "formats/text.h"

#include <boost/json/basic_parser_impl.hpp>

#include <algorithm>
#include <memory>
#include <utility>

namespace holdfast::formats {
namespace {

// Builds the tree from the parser's events.
class Builder {
public:
    static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

    using Error = boost::system::error_code;
    using Text = boost::json::string_view;

    bool on_document_begin(Error&) { return true; }
    bool on_document_end(Error&) { return true; }
    bool on_object_begin(Error&) { return begin(Json::Kind::object); }
    bool on_object_end(std::size_t, Error&) { return end(); }
    bool on_array_begin(Error&) { return begin(Json::Kind::list); }
    bool on_array_end(std::size_t, Error&) { return end(); }

    bool on_key_part(Text part, std::size_t, Error&) { return gather(part); }
    bool on_key(Text part, std::size_t, Error&) {
        gather(part);
        names_.push_back(std::exchange(text_, {}));
        return true;
    }
    bool on_string_part(Text part, std::size_t, Error&) { return gather(part); }
    bool on_string(Text part, std::size_t, Error&) { return leaf(part, Json::Kind::text); }
    bool on_number_part(Text part, Error&) { return gather(part); }
    bool on_int64(std::int64_t, Text part, Error&) { return leaf(part, Json::Kind::number); }
    bool on_uint64(std::uint64_t, Text part, Error&) { return leaf(part, Json::Kind::number); }
    bool on_double(double, Text part, Error&) { return leaf(part, Json::Kind::number); }
    bool on_bool(bool value, Error&) { return put(Json(value ? Json::Kind::yes : Json::Kind::no)); }
    bool on_null(Error&) { return put(Json()); }
    bool on_comment_part(Text, Error&) { return true; }
    bool on_comment(Text, Error&) { return true; }

    Json take() { return std::move(root_); }

private:
    bool gather(Text part) {
        text_.append(part.data(), part.size());
        return true;
    }

    bool leaf(Text part, Json::Kind kind) {
        gather(part);
        return put(Json(kind, std::exchange(text_, {})));
    }

    bool begin(Json::Kind kind) {
        open_.emplace_back(kind);
        return true;
    }

    bool end() {
        Json done = std::move(open_.back());
        open_.pop_back();
        return put(std::move(done));
    }

    bool put(Json value) {
        if (open_.empty()) {
            root_ = std::move(value);
        } else if (open_.back().is_list()) {
            open_.back().add(std::move(value));
        } else {
            open_.back().add(std::move(names_.back()), std::move(value));
            names_.pop_back();
        }
        return true;
    }

    std::string text_;
    std::vector<std::string> names_;
    std::vector<Json> open_;
    Json root_;
};

// "callback({...});" as what stands between the brackets.
std::string_view without_call(std::string_view text) {
    text = trimmed(text);
    const auto open = text.find('(');
    const auto close = text.rfind(')');
    if (text.starts_with('{') || text.starts_with('[') || open == std::string_view::npos ||
        close == std::string_view::npos || close < open)
        return text;
    return text.substr(open + 1, close - open - 1);
}

FileError error_at(std::string_view whole, std::size_t at, const std::string& reason) {
    const auto before = whole.substr(0, at);
    const auto line = static_cast<std::uint64_t>(std::ranges::count(before, '\n')) + 1;
    return {{line, {}}, "broken JSON: " + reason};
}

}  // namespace

std::string_view Json::text() const {
    switch (kind_) {
    case Kind::text:
    case Kind::number: return text_;
    case Kind::yes:    return "true";
    case Kind::no:     return "false";
    case Kind::null:
    case Kind::list:
    case Kind::object: return {};
    }
    verify_failed("a kind of JSON", __FILE__, __LINE__);
}

const Json* Json::find(std::string_view name) const {
    for (std::size_t i = names_.size(); i-- > 0;)
        if (names_[i] == name) return &items_[i];
    return nullptr;
}

const Json& Json::operator[](std::string_view name) const {
    static const Json nothing;
    const auto* found = find(name);
    return found ? *found : nothing;
}

void Json::add(std::string name, Json item) {
    names_.push_back(std::move(name));
    items_.push_back(std::move(item));
}

std::span<const Json> list_in(const Json& value, std::string_view key) {
    if (value.is_list()) return value.items();
    if (value.has(key)) return list_in(value[key], key);
    if (value.is_object() && !value.items().empty()) return {&value, 1};
    return {};
}

std::expected<Json, FileError> parse_json(std::string_view bytes) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    auto text = bytes;
    if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    text = without_call(text);
    const auto begins = static_cast<std::size_t>(text.begin() - bytes.begin());
    if (const auto at = find_invalid_utf8(text))
        return std::unexpected(error_at(bytes, begins + *at, "not UTF-8"));

    boost::json::parse_options options;
    options.max_depth = 64;
    const auto parser = std::make_unique<boost::json::basic_parser<Builder>>(options);
    boost::system::error_code error;
    const auto done = parser->write_some(/*more=*/false, text.data(), text.size(), error);
    if (error) return std::unexpected(error_at(bytes, begins + done, error.message()));
    if (!trimmed(text.substr(done)).empty())
        return std::unexpected(error_at(bytes, begins + done, "more after its end"));
    return parser->handler().take();
}

}  // namespace holdfast::formats
