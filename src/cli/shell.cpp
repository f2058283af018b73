#include "cli/shell.h"

#include "cli/table.h"
#include "store/sqlite/sqlite_store.h"

#include <array>

namespace holdfast::cli {

std::optional<Instant> Shell::given_at() const {
    if (at_text.empty()) return std::nullopt;
    if (const auto parsed = parse_instant(at_text)) return parsed;
    throw Stop(Exit::usage,
               "--at: found \"" + at_text + "\", expected an instant such as 2026-11-23T12:00:00Z");
}

Instant Shell::at() const { return given_at().value_or(now); }

const Config& Shell::config() {
    if (config_) return *config_;
    const auto file =
        config_text.empty() ? working_folder / "holdfast.toml" : std::filesystem::path(config_text);
    auto loaded = load_config(file, /*must_exist=*/!config_text.empty(), variables);
    if (!loaded) throw Stop(Exit::configuration, loaded.error());
    config_ = std::move(*loaded);
    return *config_;
}

const formats::Rulebook& Shell::rules() {
    if (rules_) return *rules_;
    const auto own = terms_folder.empty() ? config().terms_folder : terms_folder;
    auto loaded = formats::load_rulebook(data_folder, own);
    if (!loaded) {
        std::string lines;
        for (const auto& error : loaded.error())
            lines += (lines.empty() ? "" : "\n") + to_string(error);
        throw Stop(Exit::configuration, lines);
    }
    rules_ = std::move(*loaded);
    return *rules_;
}

std::filesystem::path Shell::database() {
    return database_text.empty() ? std::filesystem::path(config().database)
                                 : std::filesystem::path(database_text);
}

store::Store& Shell::store(Missing missing) {
    if (store_) return *store_;
    const auto path = database();
    if (missing == Missing::stop && !std::filesystem::exists(path))
        throw Stop(Exit::not_found,
                   path.string() + ": no such database; `holdfast import FILE…` makes one");
    store_ = store::open_sqlite(path.string());
    return *store_;
}

std::string Shell::paint(std::string_view text, std::string_view style) const {
    return cli::paint(text, style, colour);
}

std::string from_now(Instant at, Instant now) {
    if (at == now) return "now";
    return at > now ? "in " + to_words(at - now) : to_words(now - at) + " ago";
}

std::string short_time(Instant at) {
    auto text = holdfast::to_string(at);  // "2026-11-25T00:00:00.000Z"
    text[10] = ' ';
    return text.substr(0, 16) + 'Z';
}

}  // namespace holdfast::cli
