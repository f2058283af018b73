#include "cli/shell.h"

#include "cli/table.h"
#include "store/sqlite/sqlite_store.h"

#include <fcntl.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

namespace holdfast::cli {

namespace fs = std::filesystem;

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

namespace {

void need(const fs::path& database) {
    if (!fs::exists(database))
        throw Stop(Exit::not_found,
                   database.string() + ": no such database; `holdfast import FILE…` makes one");
}

}  // namespace

store::Store& Shell::store(Missing missing) {
    if (store_) return *store_;
    const auto path = database();
    if (missing == Missing::stop) need(path);
    store_ = store::open_sqlite(path.string());
    return *store_;
}

store::Store& Shell::read_store() {
    if (read_store_) return *read_store_;
    const auto path = database();
    need(path);
    read_store_ = store::open_sqlite(path.string(), {.read_only = true});
    return *read_store_;
}

std::string read_file(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::error_code error;
    if (!file || fs::is_directory(path, error))
        throw Stop(Exit::not_found, path.string() + ": no such file, or it cannot be read");
    return {std::istreambuf_iterator<char>(file), {}};
}

void write_new_file(const fs::path& path, std::string_view text) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file < 0 && errno == EEXIST)
        throw Stop(Exit::conflict, path.string() + ": is there already; name another file");
    if (file < 0) throw Stop(Exit::failure, path.string() + ": " + std::strerror(errno));
    bool is_written = true;
    while (is_written && !text.empty()) {
        const auto written = ::write(file, text.data(), text.size());
        is_written = written >= 0 || errno == EINTR;
        if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
    }
    is_written = is_written && ::fsync(file) == 0;
    const std::string problem = is_written ? "" : std::strerror(errno);
    ::close(file);
    if (is_written) return;
    std::error_code ignored;
    fs::remove(path, ignored);
    throw Stop(Exit::failure, path.string() + ": cannot be written: " + problem);
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
