// Refusals of the AliExpress gateway: with a wrapper, without one, or inside a result.
#include "formats/json_kinds.h"
#include "formats/text.h"

#include <fmt/format.h>

#include <algorithm>

namespace holdfast::formats {
namespace {

// What to do about a code.
struct Advice {
    std::string_view code;  // folded
    std::string_view text;
};
constexpr Advice advices[] = {
    {"illegalaccesstoken", "renew the access token, or sign in again"},
    {"isv.invalid-authorization", "renew the access token, or sign in again"},
    {"incompletesignature",
     "check how the request is signed: values before URL encoding, with "
     "`method`"},
    {"missingparameter", "complete the request"},
    {"isv.insufficient-permission",
     "the order id is wrong, or belongs to another account: check both"},
    {"insufficientpermission", "the order id is wrong, or belongs to another account: check both"},
    {"internalerror", "ask again later"},
};

// "this ban will last 1 seconds" is 1.
std::string_view seconds_in(std::string_view text) {
    const auto unit = text.find(" second");
    if (unit == std::string_view::npos) return {};
    const auto before = text.substr(0, unit);
    const auto begins = before.find_last_not_of("0123456789");
    return before.substr(begins == std::string_view::npos ? 0 : begins + 1);
}

std::string advice_for(std::string_view code, std::string_view sub_code, std::string_view type,
                       std::string_view text) {
    if (folded(code) == "apicalllimit") {
        const auto seconds = seconds_in(text);
        if (seconds.empty()) return "wait, then ask again";
        return fmt::format("wait {} s, then ask again", seconds);
    }
    for (const auto& key : {folded(sub_code), folded(code)}) {
        const auto found = std::ranges::find(advices, key, &Advice::code);
        if (found != std::end(advices)) return std::string(found->text);
    }
    // The finer code says best whose fault it is.
    const bool theirs = sub_code.empty() ? folded(type) != "isv" : !sub_code.starts_with("isv.");
    return theirs ? "ask again later" : "correct the request";
}

std::string why(const Json& error) {
    const auto code = error["code"].text();
    const auto sub_code = error["sub_code"].text();
    const auto text = error.has("msg") ? error["msg"].text() : error["message"].text();
    return fmt::format("AliExpress refused the call: {}{}{} ({}): {}", code,
                       sub_code.empty() ? "" : " ", sub_code, text,
                       advice_for(code, sub_code, error["type"].text(), text));
}

bool is_refusal(const Json& root) {
    if (root["error_response"].is_object()) return true;
    return root.has("code") && root.has("request_id") && (root.has("msg") || root.has("message")) &&
           !root.has("result");
}

void read_refusal(JsonJob& job) {
    job.no_orders(why(job.root.has("error_response") ? job.root["error_response"] : job.root));
}

// "aliexpress_…_response" whose inside is none of the answers we read.
bool is_answer(const Json& root) {
    return root.is_object() && !root.items().empty() && root.name(0).starts_with("aliexpress_") &&
           root.name(0).ends_with("_response");
}

std::string failure_in(const Json& answer) {
    const auto& result = answer["result"];
    for (const auto& [holder, code, text] :
         {std::tuple{&answer, "rsp_code", "rsp_msg"},
          std::tuple{&result, "error_code", "error_message"}, std::tuple{&result, "code", "msg"},
          std::tuple{&answer, "code", "msg"}}) {
        const auto value = (*holder)[code].text();
        if (value.empty() || value == "200" || value == "0") continue;
        return fmt::format("AliExpress refused the call: {} ({})", value, (*holder)[text].text());
    }
    return {};
}

void read_answer(JsonJob& job) {
    const auto failure = failure_in(without_envelope(job.root));
    if (!failure.empty()) return job.no_orders(failure);
    job.report.format = "aliexpress_answer";
    job.report.description = "AliExpress answer";
    job.no_orders("the answer " + job.root.name(0) + " holds no order, dispute or tracking");
}

constexpr JsonKind kinds[] = {
    {"aliexpress_error", "AliExpress refusal", is_refusal, read_refusal},
    {"aliexpress_error", "AliExpress refusal", is_answer, read_answer},
};

}  // namespace

std::span<const JsonKind> aliexpress_error_kinds() { return kinds; }

}  // namespace holdfast::formats
