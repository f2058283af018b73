// Tracking numbers: their one spelling, and the check digit of the postal form (UPU S10).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace holdfast::formats {

// Upper case, without spaces and '-'.
std::string to_tracking_number(std::string_view text);

// Two letters, nine digits, two letters: the last digit checks the eight before it.
enum class S10 {
    not_s10,  // of another form, which says nothing against it
    valid,
    wrong_digit,  // documents are full of such numbers: worth a word, never a refusal
    unknown_country,
};
S10 check_s10(std::string_view tracking_number);

// What a person should know about a number, or nothing.
std::string_view doubt_about(std::string_view tracking_number);

// The numbers of one cell ("LX1, YT2"), each once.
std::vector<std::string> to_tracking_numbers(std::string_view cell);

}  // namespace holdfast::formats
