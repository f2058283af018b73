#include "store/person.h"

#include <sodium.h>

#include <algorithm>
#include <cstddef>

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

PersonKey KeyMaker::make() {
    PersonKey key{};
    random_(key);
    if (first_)
        std::copy_n(first_->begin(), shared, key.begin());
    else
        first_ = key;
    return key;
}

std::string mark_of(std::string_view folded_email, const PersonKey& key) {
    constexpr std::size_t own = 4;  // bytes of the key that the mark begins with
    const Hash hash = keyed_hash(folded_email, key);
    return to_hex(std::span(key).first<own>()) + to_hex(std::span(hash).first<16 - own>());
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
