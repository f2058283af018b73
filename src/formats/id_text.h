// Ids of orders and products: digits, all of them kept as text.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace holdfast::formats {

// Digits only, 5 to 24 of them. "3,099E+15" is refused as what a spreadsheet leaves of an id.
[[nodiscard]] std::expected<std::string, std::string> parse_id_text(std::string_view text);

// The 15 or 16 digits that stand alone in a file's name, or nothing.
std::string order_id_in_name(std::string_view file_name);

// The product in ".../item/1005000000000101.html", or nothing.
std::string product_id_in_link(std::string_view link);

// Watches the ids of one file for those whose last digits a spreadsheet has turned to zero.
class IdWatch {
public:
    void add(std::string_view id);
    bool looks_rounded() const;  // at least 5 end in 0, and they are more than half
    std::string warning() const;

private:
    std::uint64_t ids_ = 0;
    std::uint64_t ending_in_zero_ = 0;
};

}  // namespace holdfast::formats
