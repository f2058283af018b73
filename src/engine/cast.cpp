#include "engine/cast.h"

#include "base/enum_word.h"
#include "store/codec/enum_words.h"

#include <array>
#include <charconv>

namespace holdfast::engine {
namespace {

constexpr std::string_view casting = "cast:", acting = "sandbox:", nobody = "none";

template <class Part>
constexpr std::size_t parts = static_cast<std::size_t>(Part::count_);

// Each side's name and its part, in the order of the text.
template <class CastKind, class Each>
void each_side(CastKind& cast, Each&& each) {
    each("buyer", cast.buyer);
    each("seller", cast.seller);
    each("carrier", cast.carrier);
    each("mediator", cast.mediator);
    each("processor", cast.processor);
}

bool read_days(std::string_view text, std::int32_t& days) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), days);
    return error == std::errc() && end == text.data() + text.size() && days >= 1 &&
           days <= Cast::late_days_most;
}

// False: there is no such member, or it has no such value.
bool read_member(Cast& cast, std::string_view name, std::string_view value) {
    if (name == "late_days") return read_days(value, cast.late_days);
    bool is_read = false;
    each_side(cast, [&]<class Part>(std::string_view side, std::optional<Part>& part) {
        if (side != name || part) return;
        part = store::find_enumerator<Part>(value);
        is_read = part.has_value();
    });
    return is_read;
}

}  // namespace

std::string_view to_string(BuyerPart value) {
    static constexpr std::array<std::string_view, parts<BuyerPart>> words{"silent", "accepting",
                                                                          "disputing", "appealing"};
    return enum_word(words, value);
}

std::string_view to_string(SellerPart value) {
    static constexpr std::array<std::string_view, parts<SellerPart>> words{
        "silent", "prompt", "stubborn", "ships_late"};
    return enum_word(words, value);
}

std::string_view to_string(CarrierPart value) {
    static constexpr std::array<std::string_view, parts<CarrierPart>> words{
        "on_time", "late", "lost", "returned", "delivers_after_refund"};
    return enum_word(words, value);
}

std::string_view to_string(MediatorPart value) {
    static constexpr std::array<std::string_view, parts<MediatorPart>> words{
        "splitting", "for_buyer", "for_seller", "slow"};
    return enum_word(words, value);
}

std::string_view to_string(ProcessorPart value) {
    static constexpr std::array<std::string_view, parts<ProcessorPart>> words{"reliable", "flaky",
                                                                              "failing"};
    return enum_word(words, value);
}

std::string to_string(const Cast& cast) {
    std::string text;
    const auto add = [&](std::string_view name, std::string_view value) {
        text.append(text.empty() ? "" : ",").append(name).append("=").append(value);
    };
    each_side(cast, [&](std::string_view side, const auto& part) {
        if (part) add(side, to_string(*part));
    });
    if (cast.carrier == CarrierPart::late) add("late_days", std::to_string(cast.late_days));
    return text.empty() ? std::string(nobody) : text;
}

std::optional<Cast> parse_cast(std::string_view text) {
    Cast cast;
    if (text == nobody) return cast;
    while (true) {
        const auto member = text.substr(0, text.find(','));
        const auto equals = member.find('=');
        if (equals == std::string_view::npos ||
            !read_member(cast, member.substr(0, equals), member.substr(equals + 1)))
            return std::nullopt;
        if (member.size() == text.size()) return cast;
        text.remove_prefix(member.size() + 1);
    }
}

std::string casting_cause(const Cast& cast, std::string_view by) {
    return std::string(casting).append(to_string(cast)).append(":").append(by);
}

std::optional<Cast> cast_by(std::string_view cause) {
    if (!cause.starts_with(casting)) return std::nullopt;
    cause.remove_prefix(casting.size());
    return parse_cast(cause.substr(0, cause.find(':')));
}

std::string acting_cause(std::string_view part) { return std::string(acting).append(part); }

std::string_view acted_by(std::string_view cause) {
    return cause.starts_with(acting) ? cause.substr(acting.size()) : std::string_view();
}

}  // namespace holdfast::engine
