// A body that is read strictly: what is taken has each name once, and written and read again it is
// the same.
#include "target.h"

#include "base/verify.h"
#include "store/codec/strict_json.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace holdfast::fuzz {
namespace {

namespace json = boost::json;

// Numbers with a fraction or an exponent are in nothing that we take; of them no bit is promised.
bool has_double(const json::value& value) {
    if (const auto* list = value.if_array()) return std::ranges::any_of(*list, &has_double);
    if (const auto* object = value.if_object())
        return std::ranges::any_of(*object,
                                   [](const auto& one) { return has_double(one.value()); });
    return value.is_double();
}

}  // namespace
}  // namespace holdfast::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace holdfast;
    const auto parsed = store::parse_strict(fuzz::text_of(data, size), {});
    if (!parsed) {
        VERIFY(!parsed.error().problem.empty());
        return 0;
    }
    if (fuzz::has_double(*parsed)) return 0;
    const auto again = store::parse_strict(boost::json::serialize(*parsed), {});
    VERIFY(again && *again == *parsed);
    return 0;
}
