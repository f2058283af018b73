#include "api/openapi.h"

#include <yaml-cpp/yaml.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <cstdint>

namespace holdfast::api {
namespace {

namespace json = boost::json;

// A plain word is a number or a truth where it reads like one; a quoted text stays one.
json::value scalar(const YAML::Node& node) {
    constexpr auto quoted = "!";
    const auto& text = node.Scalar();
    if (node.Tag() == quoted) return json::string(text);
    if (text == "true" || text == "false") return text == "true";
    std::int64_t number = 0;
    double fraction = 0;
    if (YAML::convert<std::int64_t>::decode(node, number)) return number;
    if (YAML::convert<double>::decode(node, fraction)) return fraction;
    return json::string(text);
}

json::value value_of(const YAML::Node& node) {
    switch (node.Type()) {
    case YAML::NodeType::Scalar:   return scalar(node);
    case YAML::NodeType::Sequence: {
        json::array list;
        for (const auto& one : node) list.push_back(value_of(one));
        return list;
    }
    case YAML::NodeType::Map: {
        json::object object;
        for (const auto& member : node) object[member.first.Scalar()] = value_of(member.second);
        return object;
    }
    case YAML::NodeType::Null:
    case YAML::NodeType::Undefined: break;
    }
    return nullptr;
}

// What a key may do, an access token of it may: each operation says so with its scope, which the
// file says once, in `x-scope`.
void add_tokens(json::object& operation) {
    auto* security = operation.if_contains("security");
    if (!security || !security->is_array()) return;
    auto& ways = security->get_array();
    for (const auto& way : ways) {
        if (!way.is_object() || !way.get_object().contains("secret_key")) continue;
        json::array scopes;
        const auto* scope = operation.if_contains("x-scope");
        if (scope && scope->is_string() && scope->get_string().find(':') != json::string::npos)
            scopes.push_back(*scope);
        ways.push_back(json::object{{"client_credentials", std::move(scopes)}});
        return;
    }
}

void add_tokens_everywhere(json::value& document) {
    auto* object = document.if_object();
    auto* paths = object ? object->if_contains("paths") : nullptr;
    if (!paths || !paths->is_object()) return;
    for (auto& path : paths->get_object())
        if (auto* operations = path.value().if_object())
            for (auto& operation : *operations)
                if (auto* one = operation.value().if_object()) add_tokens(*one);
}

}  // namespace

std::expected<std::string, std::string> load_openapi(const std::filesystem::path& file) {
    try {
        auto document = value_of(YAML::LoadFile(file.string()));
        add_tokens_everywhere(document);
        return json::serialize(document);
    } catch (const YAML::Exception& error) {
        return std::unexpected(file.string() + ": " + error.what());
    }
}

}  // namespace holdfast::api
