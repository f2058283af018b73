#include "store/person.h"

#include <sodium.h>

namespace holdfast::store {

void fill_from_system(std::span<std::uint8_t> bytes) {
    randombytes_buf(bytes.data(), bytes.size());
}

std::string fold_email(std::string_view email) {
    std::string folded(email);
    for (auto& c : folded)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return folded;
}

std::string mark_of(std::string_view folded_email, const PersonKey& key) {
    return to_hex(keyed_hash(folded_email, key)).substr(0, 32);
}

Person completed(const Person& known, const Person& seen) {
    const auto newer = [](const std::string& old, const std::string& given) {
        return given.empty() ? old : given;
    };
    return {.email = known.email,
            .name = newer(known.name, seen.name),
            .phone = newer(known.phone, seen.phone),
            .address = newer(known.address, seen.address)};
}

}  // namespace holdfast::store
