#include "formats/tracking_number.h"

#include "formats/text.h"

#include <algorithm>

namespace holdfast::formats {
namespace {

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

// ISO 3166 alpha-2 codes, and those that the postal union uses beside them.
constexpr std::string_view countries =
    "AD AE AF AG AI AL AM AN AO AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR "
    "BS BT BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC "
    "EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GT GU GW GY HK "
    "HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB "
    "LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY "
    "MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO "
    "RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK "
    "TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW";

bool is_country(std::string_view code) { return contains(countries, code); }

bool has_s10_form(std::string_view number) {
    return number.size() == 13 && std::ranges::all_of(number.substr(0, 2), is_upper) &&
           is_digits(number.substr(2, 9)) && std::ranges::all_of(number.substr(11), is_upper);
}

int s10_digit(std::string_view eight_digits) {
    constexpr int weights[] = {8, 6, 4, 2, 3, 5, 9, 7};
    int sum = 0;
    for (std::size_t i = 0; i < 8; ++i) sum += weights[i] * (eight_digits[i] - '0');
    const int check = 11 - sum % 11;
    if (check == 10) return 0;
    return check == 11 ? 5 : check;
}

}  // namespace

std::string to_tracking_number(std::string_view text) {
    std::string number;
    for (const char c : without_guard(text)) {
        if (c == ' ' || c == '-' || c == '\t') continue;
        number += c >= 'a' && c <= 'z' ? static_cast<char>(c - 0x20) : c;
    }
    return number;
}

S10 check_s10(std::string_view number) {
    if (!has_s10_form(number)) return S10::not_s10;
    if (s10_digit(number.substr(2, 8)) != number[10] - '0') return S10::wrong_digit;
    return is_country(number.substr(11)) ? S10::valid : S10::unknown_country;
}

std::string_view doubt_about(std::string_view number) {
    switch (check_s10(number)) {
    case S10::wrong_digit:     return "its check digit is wrong: it may be mistyped";
    case S10::unknown_country: return "its country code is not in use: it may be mistyped";
    case S10::valid:
    case S10::not_s10:         return {};
    }
    return {};
}

std::vector<std::string> to_tracking_numbers(std::string_view cell) {
    std::vector<std::string> numbers;
    for (const auto part : split(cell, ",;|\n\r")) {
        auto number = to_tracking_number(part);
        if (!number.empty() && std::ranges::find(numbers, number) == numbers.end())
            numbers.push_back(std::move(number));
    }
    return numbers;
}

}  // namespace holdfast::formats
