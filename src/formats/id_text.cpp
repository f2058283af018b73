#include "formats/id_text.h"

#include "formats/text.h"

#include <algorithm>

namespace holdfast::formats {
namespace {

// "3.07E+15", "3,099E+15", "3.1e15": what a spreadsheet shows of a long number.
bool is_scientific(std::string_view text) {
    const auto at = text.find_first_of("eE");
    if (at == std::string_view::npos || at == 0) return false;
    auto exponent = text.substr(at + 1);
    if (exponent.starts_with('+')) exponent.remove_prefix(1);
    return is_digits(exponent) &&
           text.substr(0, at).find_first_not_of("0123456789.,") == std::string_view::npos;
}

}  // namespace

std::expected<std::string, std::string> parse_id_text(std::string_view text) {
    text = without_guard(text);
    if (text.empty()) return std::unexpected("the id is missing");
    if (is_scientific(text))
        return std::unexpected("the id " + shown(text) +
                               " was damaged by a spreadsheet and has lost its last digits: export "
                               "the file again and do not open it there");
    if (text.ends_with(".0") && is_digits(text.substr(0, text.size() - 2)))
        return std::unexpected("the id " + shown(text) +
                               " was damaged by a spreadsheet: it was read as a number");
    if (!is_digits(text) || text.size() < 5 || text.size() > 24)
        return std::unexpected("the id " + shown(text) + " is not 5 to 24 digits");
    return std::string(text);
}

std::string order_id_in_name(std::string_view name) {
    constexpr std::string_view digits = "0123456789";
    while (true) {
        const auto begins = name.find_first_of(digits);
        if (begins == std::string_view::npos) return {};
        name.remove_prefix(begins);
        const auto size = std::min(name.find_first_not_of(digits), name.size());
        if (size == 15 || size == 16) return std::string(name.substr(0, size));
        name.remove_prefix(size);
    }
}

std::string product_id_in_link(std::string_view link) {
    for (const std::string_view lead : {"/item/", "productId=", "/i/"}) {
        const auto at = link.find(lead);
        if (at == std::string_view::npos) continue;
        const auto rest = link.substr(at + lead.size());
        const auto digits = rest.substr(0, rest.find_first_not_of("0123456789"));
        if (!digits.empty()) return std::string(digits);
    }
    return {};
}

void IdWatch::add(std::string_view id) {
    ++ids_;
    if (id.ends_with('0')) ++ending_in_zero_;
}

bool IdWatch::looks_rounded() const { return ending_in_zero_ >= 5 && ending_in_zero_ * 2 > ids_; }

std::string IdWatch::warning() const {
    return std::to_string(ending_in_zero_) + " of " + std::to_string(ids_) +
           " order ids end in 0: a spreadsheet may have rounded them";
}

}  // namespace holdfast::formats
