// A terms file: it is refused with places in it, or loaded; then it answers whatever is asked.
#include "target.h"

#include "base/verify.h"
#include "formats/rulebook.h"
#include "terms/ask.h"
#include "terms/lint.h"
#include "terms/load.h"

#include <algorithm>

namespace holdfast::fuzz {
namespace {

const formats::Rulebook& shipped() {
    static const auto book = formats::load_rulebook(HOLDFAST_SOURCE_DIR);
    VERIFY(book.has_value());
    return **book;
}

terms::LoadOptions options() {
    const auto text_of = [](std::string_view id) -> std::optional<std::string> {
        const auto found = shipped().texts.find(std::string(id));
        if (found == shipped().texts.end()) return std::nullopt;
        return found->second.text;
    };
    return {.zones = &shipped().zones, .calendars = &shipped().calendars, .text_of = text_of};
}

void ask_all(const terms::Terms& terms) {
    const Instant now = *parse_instant("2026-03-01T09:00:00.000Z");
    terms::Facts facts;
    using Kind = terms::Question::Kind;
    for (int verb = 0; verb < static_cast<int>(terms::Verb::count_); ++verb)
        for (const auto by : {terms::Party::buyer, terms::Party::seller}) {
            const terms::Question question{
                .at = now, .by = by, .verb = static_cast<terms::Verb>(verb)};
            const auto answer = terms::ask(terms, facts, question);
            VERIFY(!answer.allowed || answer.clause >= 0);
        }
    static_cast<void>(terms::ask(terms, facts, {.kind = Kind::fallback, .at = now}));
    static_cast<void>(terms::ask(terms, facts, {.kind = Kind::award, .at = now}));
}

}  // namespace
}  // namespace holdfast::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace holdfast;
    const auto text = fuzz::text_of(data, size);
    static_cast<void>(terms::id_of(text));
    const auto loaded = terms::load(text, "fuzz.toml", fuzz::options());
    if (!loaded) {
        VERIFY(!loaded.error().empty());
        for (const auto& error : loaded.error()) VERIFY(!error.message.empty());
        return 0;
    }
    static_cast<void>(terms::lint(*loaded, "fuzz.toml"));
    fuzz::ask_all(*loaded);
    return 0;
}
