#include "api/reference.h"

#include "api/html.h"
#include "api/problem_pages.h"
#include "api/problems.h"
#include "base/verify.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace holdfast::api {
namespace {

namespace json = boost::json;

std::string text_of(const json::object& object, std::string_view member) {
    const auto* value = object.if_contains(member);
    return value && value->is_string() ? std::string(value->get_string()) : "";
}
const json::object& object_in(const json::object& object, std::string_view member) {
    static const json::object none;
    const auto* value = object.if_contains(member);
    return value && value->is_object() ? value->get_object() : none;
}
const json::array& list_in(const json::object& object, std::string_view member) {
    static const json::array none;
    const auto* value = object.if_contains(member);
    return value && value->is_array() ? value->get_array() : none;
}
// As it is written: 100, "EUR", true.
std::string written(const json::value& value) {
    return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

std::string code(std::string_view text) { return "<code>" + escaped(text) + "</code>"; }
std::string link(const std::string& to, const std::string& html) {
    return "<a href=\"" + escaped(to) + "\">" + html + "</a>";
}
std::string last_segment(const std::string& reference) {
    return reference.substr(reference.rfind('/') + 1);
}

// JSON for people: two spaces a level.
std::string pretty(const json::value& value, const std::string& margin = "") {
    const auto inner = margin + "  ";
    std::string text;
    const auto add = [&](const std::string& line) {
        text += (text.empty() ? "\n" : ",\n") + inner + line;
    };
    if (value.is_array())
        for (const auto& one : value.get_array()) add(pretty(one, inner));
    else if (value.is_object())
        for (const auto& [name, one] : value.get_object())
            add(json::serialize(json::value(name)) + ": " + pretty(one, inner));
    else
        return json::serialize(value);
    if (!text.empty()) text += "\n" + margin;
    return value.is_array() ? "[" + text + "]" : "{" + text + "}";
}

// What a schema allows, in words and, where it has members, as a list of them.
class SchemaText {
public:
    static std::string words(const json::object& schema) {
        if (const auto reference = text_of(schema, "$ref"); !reference.empty()) {
            const auto name = last_segment(reference);
            return link("#schema-" + name, escaped(name));
        }
        std::string html;
        if (const auto* only = schema.if_contains("const")) html = code(written(*only));
        if (const auto& all = list_in(schema, "enum"); !all.empty()) html = "one of" + codes(all);
        if (!list_in(schema, "oneOf").empty()) html = "one of these";
        if (!list_in(schema, "allOf").empty()) html = "all of these";
        if (html.empty()) html = kind(schema);
        return html + limits(schema);
    }

    static std::string block(const json::object& schema) {
        std::string html;
        for (const auto* choice : {"oneOf", "allOf"})
            for (const auto& one : list_in(schema, choice))
                html += "<li>" + whole(one.as_object()) + "</li>\n";
        const auto& required = list_in(schema, "required");
        for (const auto& [name, member] : object_in(schema, "properties")) {
            const bool is_required =
                std::ranges::any_of(required, [&](const auto& one) { return one == name; });
            html += "<li>" + code(name) + (is_required ? " <strong>required</strong> " : " ") +
                    whole(member.as_object()) + "</li>\n";
        }
        if (!html.empty()) html = "<ul class=\"members\">\n" + html + "</ul>\n";
        const auto& items = object_in(schema, "items");
        return html + (items.empty() ? "" : block(items));
    }

    static std::string whole(const json::object& schema) {
        const auto description = text_of(schema, "description");
        return "<span class=\"dim\">" + words(schema) + "</span>\n" +
               (description.empty() ? "" : html_of_markdown(description)) + block(schema);
    }

private:
    static std::string codes(const json::array& all) {
        std::string html;
        for (const auto& one : all) html += (html.empty() ? " " : ", ") + code(written(one));
        return html;
    }

    static std::string kind(const json::object& schema) {
        const auto type = text_of(schema, "type");
        if (const auto& items = object_in(schema, "items"); !items.empty())
            return "list of " + words(items);
        if (const auto& values = object_in(schema, "additionalProperties"); !values.empty())
            return "object, each value " + words(values);
        const auto format = text_of(schema, "format");
        return escaped(type.empty() ? "any" : type) +
               (format.empty() ? "" : " (" + escaped(format) + ")");
    }

    static std::string limits(const json::object& schema) {
        constexpr std::array<std::pair<std::string_view, std::string_view>, 9> known{{
            {"minimum", "at least"},
            {"exclusiveMinimum", "more than"},
            {"maximum", "at most"},
            {"minLength", "characters at least"},
            {"maxLength", "characters at most"},
            {"minItems", "items at least"},
            {"maxItems", "items at most"},
            {"default", "left out:"},
            {"pattern", "pattern"},
        }};
        std::string html;
        for (const auto& [name, words_before] : known)
            if (const auto* value = schema.if_contains(name))
                html += ", " + std::string(words_before) + " " + code(written(*value));
        return html;
    }
};

class Reference {
public:
    explicit Reference(const json::object& contract) : contract_(contract) { collect(); }

    std::string html() {
        html_ = "<body class=\"wide\">\n<a class=\"skip\" href=\"#main\">Skip to the text</a>\n";
        add_navigation();
        html_ += "<main id=\"main\" tabindex=\"-1\">\n<h1>" + escaped(title()) + "</h1>\n";
        html_ += html_of_markdown(text_of(object_in(contract_, "info"), "description"));
        html_ +=
            "<p>The same for programs: " + link("/openapi.json", code("/openapi.json")) + "</p>\n";
        add_credentials();
        for (const auto& tag : list_in(contract_, "tags")) add_tag(tag.as_object());
        add_schemas();
        add_problems();
        html_ += "</main>\n</body>";
        return std::move(html_);
    }
    std::string title() const {
        return text_of(object_in(contract_, "info"), "title") + " over HTTP";
    }

private:
    struct Operation {
        std::string method, path;
        const json::object* item = nullptr;
        const json::object* what = nullptr;
    };

    void collect() {
        for (const auto& [path, item] : object_in(contract_, "paths"))
            for (const auto& [method, what] : item.as_object()) {
                if (method == "parameters") continue;
                std::string upper(method);
                for (auto& c : upper) c = static_cast<char>(c - 'a' + 'A');
                const auto tag = std::string(list_in(what.as_object(), "tags").at(0).as_string());
                by_tag_[tag].push_back(
                    {upper, std::string(path), &item.as_object(), &what.as_object()});
            }
    }

    // What "#/components/parameters/limit" stands for.
    const json::object& resolved(const json::object& node) const {
        const auto reference = text_of(node, "$ref");
        if (reference.empty()) return node;
        const auto* found = contract_.if_contains("components");
        VERIFY(found && reference.starts_with("#/components/"));
        const auto rest = reference.substr(std::string_view("#/components/").size());
        const auto slash = rest.find('/');
        return object_in(object_in(found->as_object(), rest.substr(0, slash)),
                         rest.substr(slash + 1));
    }

    void add_navigation() {
        html_ += "<nav aria-label=\"Contents\">\n";
        for (const auto& tag : list_in(contract_, "tags")) {
            const auto name = text_of(tag.as_object(), "name");
            html_ += "<details open><summary>" + escaped(name) + "</summary>\n<ul>\n";
            for (const auto& one : by_tag_[name])
                html_ += "<li>" + link("#" + id_of(one), escaped(text_of(*one.what, "summary"))) +
                         "</li>\n";
            html_ += "</ul></details>\n";
        }
        html_ +=
            "<p><a href=\"#credentials\">Credentials</a> <a href=\"#schemas\">Schemas</a> <a "
            "href=\"#problems\">Problems</a></p>\n</nav>\n";
    }

    static std::string id_of(const Operation& one) { return text_of(*one.what, "operationId"); }

    void add_tag(const json::object& tag) {
        const auto name = text_of(tag, "name");
        html_ += "<section aria-labelledby=\"tag-" + escaped(name) + "\">\n<h2 id=\"tag-" +
                 escaped(name) + "\">" + escaped(name) + "</h2>\n" +
                 html_of_markdown(text_of(tag, "description"));
        for (const auto& one : by_tag_[name]) add_operation(one);
        html_ += "</section>\n";
    }

    void add_operation(const Operation& one) {
        const auto& what = *one.what;
        html_ += "<article id=\"" + escaped(id_of(one)) + "\">\n<h3><span class=\"method " +
                 one.method + "\">" + one.method + "</span> " + code(one.path) +
                 "</h3>\n<p><strong>" + escaped(text_of(what, "summary")) + "</strong></p>\n" +
                 html_of_markdown(text_of(what, "description")) + "<dl>\n";
        html_ += "<dt>Asked with</dt><dd>" + credentials_of(what) + "</dd>\n";
        html_ +=
            "<dt>Scope</dt><dd>" + code(text_of(what, "x-scope")) + "</dd>\n<dt>Roles</dt><dd>";
        std::string roles;
        for (const auto& role : list_in(what, "x-roles"))
            roles += (roles.empty() ? "" : ", ") + written(role);
        html_ += escaped(roles) + "</dd>\n</dl>\n";
        add_parameters(one);
        add_body(what);
        add_answers(what);
        html_ += "</article>\n";
    }

    static std::string credentials_of(const json::object& what) {
        std::string html;
        for (const auto& one : list_in(what, "security"))
            for (const auto& [name, scopes] : one.as_object())
                html += (html.empty() ? "" : ", ") +
                        link("#credentials-" + std::string(name), escaped(name));
        return html.empty() ? "nothing" : html;
    }

    void add_credentials() {
        html_ +=
            "<section aria-labelledby=\"credentials\">\n<h2 id=\"credentials\">Credentials</h2>\n";
        for (const auto& [name, scheme] :
             object_in(object_in(contract_, "components"), "securitySchemes"))
            html_ += "<h3 id=\"credentials-" + escaped(name) + "\">" + escaped(name) + "</h3>\n" +
                     html_of_markdown(text_of(scheme.as_object(), "description"));
        html_ += "</section>\n";
    }

    void add_parameters(const Operation& one) {
        std::string rows;
        for (const auto* from : {one.item, one.what})
            for (const auto& given : list_in(*from, "parameters")) {
                const auto& parameter = resolved(given.as_object());
                const bool is_required =
                    parameter.contains("required") && parameter.at("required") == true;
                rows += "<tr><td>" + code(text_of(parameter, "name")) +
                        (is_required ? " <strong>required</strong>" : "") + "</td><td>" +
                        escaped(text_of(parameter, "in")) + "</td><td>" +
                        SchemaText::words(object_in(parameter, "schema")) + "</td><td>" +
                        html_of_markdown(text_of(parameter, "description")) + "</td></tr>\n";
            }
        if (rows.empty()) return;
        html_ +=
            "<h4>Parameters</h4>\n<table>\n<thead><tr><th scope=\"col\">Name</th>"
            "<th scope=\"col\">In</th><th scope=\"col\">Kind</th>"
            "<th scope=\"col\">Meaning</th></tr></thead>\n<tbody>\n" +
            rows + "</tbody>\n</table>\n";
    }

    void add_body(const json::object& what) {
        const auto& body = resolved(object_in(what, "requestBody"));
        if (body.empty()) return;
        html_ += "<h4>Body</h4>\n";
        add_content(body);
    }

    // A schema and its examples, for each media type.
    void add_content(const json::object& carrier) {
        for (const auto& [type, content] : object_in(carrier, "content")) {
            const auto& media = content.as_object();
            html_ += "<div>" + code(type) + " " + SchemaText::whole(object_in(media, "schema")) +
                     "</div>\n";
            if (const auto* example = media.if_contains("example")) add_example(*example);
            for (const auto& [name, example] : object_in(media, "examples"))
                if (const auto* value = resolved(example.as_object()).if_contains("value"))
                    add_example(*value);
        }
    }

    void add_example(const json::value& example) {
        html_ += "<details><summary>Example</summary><pre tabindex=\"0\">" +
                 escaped(example.is_string() ? written(example) : pretty(example)) +
                 "</pre></details>\n";
    }

    void add_answers(const json::object& what) {
        html_ += "<h4>Answers</h4>\n<dl>\n";
        for (const auto& [status, given] : object_in(what, "responses")) {
            const auto& answer = resolved(given.as_object());
            html_ += "<dt>" + code(status) + "</dt><dd>" +
                     html_of_markdown(text_of(answer, "description"));
            if (object_in(answer, "content").contains("application/problem+json"))
                html_ += problems_of_status(status);
            else
                add_content(answer);
            html_ += "</dd>\n";
        }
        html_ += "</dl>\n";
    }

    static std::string problems_of_status(std::string_view status) {
        for (const auto known : problem_codes())
            if (std::to_string(problem(known).status) == status)
                return link("#problems-" + std::string(status),
                            "Problems with " + std::string(status)) +
                       "\n";
        return link("#schema-Problem", "Problem") + "\n";
    }

    void add_schemas() {
        html_ += "<section aria-labelledby=\"schemas\">\n<h2 id=\"schemas\">Schemas</h2>\n";
        for (const auto& [name, schema] : object_in(object_in(contract_, "components"), "schemas"))
            html_ += "<article id=\"schema-" + escaped(name) + "\">\n<h3>" + escaped(name) +
                     "</h3>\n<div>" + SchemaText::whole(schema.as_object()) +
                     "</div>\n</article>\n";
        html_ += "</section>\n";
    }

    void add_problems() {
        std::map<int, std::string> by_status;
        for (const auto known : problem_codes()) {
            const auto what = problem(known);
            by_status[what.status] +=
                "<li>" + link(std::string(problem_pages) + what.code, code(what.code)) + " " +
                html_of_markdown(what.detail) + "</li>\n";
        }
        html_ +=
            "<section aria-labelledby=\"problems\">\n<h2 id=\"problems\">Problems</h2>\n"
            "<p>Each has a page that says what to do.</p>\n";
        for (const auto& [status, rows] : by_status) {
            const auto text = std::to_string(status);
            html_ += "<h3 id=\"problems-" + text + "\">" + text + " " +
                     escaped(http::reason_of(status)) + "</h3>\n<ul>\n" + rows + "</ul>\n";
        }
        html_ += "</section>\n";
    }

    const json::object& contract_;
    std::map<std::string, std::vector<Operation>, std::less<>> by_tag_;
    std::string html_;
};

}  // namespace

http::Answer reference_page(std::string_view openapi_json) {
    const auto contract =
        openapi_json.empty() ? json::value(json::object{}) : json::parse(openapi_json);
    Reference reference(contract.as_object());
    return page(reference.title(), reference.html());
}

}  // namespace holdfast::api
