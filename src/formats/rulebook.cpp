#include "formats/rulebook.h"

#include "formats/zone_file.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>

namespace holdfast::formats {
namespace {

namespace fs = std::filesystem;
using terms::LoadError;

std::string read_text(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

bool is_zone_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '/' || c == '-' ||
           c == '+' || (c >= '0' && c <= '9');
}

// Texts in quotes that look like "Area/Place". One that is no zone is left for load() to name.
void add_zone_names(std::string_view text, std::set<std::string>& names) {
    for (std::size_t at = 0; (at = text.find('"', at)) != text.npos; ++at) {
        auto end = at + 1;
        while (end < text.size() && is_zone_letter(text[end])) ++end;
        const auto word = text.substr(at + 1, end - at - 1);
        const bool closes = end < text.size() && (text[end] == '"' || text[end] == '\\');
        if (closes && word.find('/') != word.npos) names.emplace(word);
        if (word == "UTC") names.emplace(word);
    }
}

// In order of name. Nothing: the folder cannot be read, and that is among the errors.
std::optional<std::vector<fs::path>> toml_files(const fs::path& folder,
                                                std::vector<LoadError>& errors) {
    std::error_code error;
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder, error))
        if (entry.path().extension() == ".toml") files.push_back(entry.path());
    if (error) {
        errors.push_back({folder.string(), 0, 0, "cannot be read: " + error.message()});
        return std::nullopt;
    }
    std::ranges::sort(files);
    return files;
}

// By id; a later folder's file takes the place of an earlier one's.
void add_folder(const fs::path& folder, TermsTexts& texts, std::vector<LoadError>& errors) {
    const auto files = toml_files(folder, errors);
    if (!files) return;
    for (const auto& file : *files) {
        auto text = read_text(file);
        const auto id = terms::id_of(text);
        texts[id.value_or(file.string())] = {file.string(), std::move(text)};
    }
}

void load_named_zones(const std::set<std::string>& names, Zones& zones) {
    for (const auto& name : names) {
        auto loaded = load_zones({name});
        if (!loaded) continue;  // load() names it where it is used
        zones.version = loaded->version;
        zones.add(*loaded->find(name));
    }
}

// Sorted by file name, so that of two files of one language the later stands.
desk::Languages load_languages(const fs::path& folder, std::vector<LoadError>& errors) {
    desk::Languages languages;
    const auto files = toml_files(folder, errors);
    if (!files) return languages;
    for (const auto& file : *files) {
        auto phrases = desk::parse_phrases(read_text(file));
        if (phrases)
            languages.insert_or_assign(phrases->language(), *std::move(phrases));
        else
            errors.push_back({file.string(), 0, 0, phrases.error()});
    }
    if (!languages.contains("en"))
        errors.push_back({folder.string(), 0, 0, "no file is in English (language = \"en\")"});
    return languages;
}

std::expected<std::unique_ptr<Rulebook>, std::vector<LoadError>> load_book(TermsTexts texts,
                                                                           const fs::path& folder) {
    auto book = std::make_unique<Rulebook>();
    book->texts = std::move(texts);
    std::vector<LoadError> errors;
    std::set<std::string> names{"America/Los_Angeles", "UTC"};
    for (const auto& [id, text] : book->texts) add_zone_names(text.text, names);
    load_named_zones(names, book->zones);
    auto calendars = load_calendars(folder / "calendars");
    if (!calendars)
        errors.push_back({(folder / "calendars").string(), 0, 0, calendars.error()});
    else
        book->calendars = std::move(*calendars);
    if (!errors.empty()) return std::unexpected(std::move(errors));

    const terms::LoadOptions options{
        .zones = &book->zones,
        .calendars = &book->calendars,
        .text_of = [&](std::string_view id) -> std::optional<std::string> {
            const auto found = book->texts.find(std::string(id));
            return found == book->texts.end() ? std::nullopt : std::optional(found->second.text);
        }};
    for (const auto& [id, text] : book->texts) {
        auto loaded = terms::load(text.text, text.file, options);
        if (loaded && loaded->role != terms::Role::checklist)
            book->terms.push_back(std::move(*loaded));
        else if (loaded && book->find_checklist(loaded->programme))
            errors.push_back({text.file, 0, 0,
                              "a second checklist of the programme \"" + loaded->programme + '"'});
        else if (loaded)
            book->checklists.push_back(std::move(*loaded));
        else
            errors.insert(errors.end(), loaded.error().begin(), loaded.error().end());
    }
    if (!errors.empty()) return std::unexpected(std::move(errors));
    return book;
}

}  // namespace

const terms::Terms* Rulebook::find(std::string_view id) const {
    const auto found = std::ranges::find(terms, id, &terms::Terms::id);
    return found == terms.end() ? nullptr : &*found;
}

const terms::Terms* Rulebook::choose(std::string_view programme, Instant placed_at) const {
    return terms::choose_edition(terms, programme, placed_at);
}

const terms::Terms* Rulebook::find_checklist(std::string_view programme) const {
    const auto found = std::ranges::find(checklists, programme, &terms::Terms::programme);
    return found == checklists.end() ? nullptr : &*found;
}

std::vector<const terms::Terms*> Rulebook::law() const {
    std::vector<const terms::Terms*> found;
    for (const auto& one : terms)
        if (one.role == terms::Role::law) found.push_back(&one);
    return found;
}

std::expected<std::unique_ptr<const Rulebook>, std::vector<LoadError>> load_rulebook(
    const fs::path& folder, const fs::path& own_terms) {
    std::vector<LoadError> errors;
    TermsTexts texts;
    add_folder(folder / "terms", texts, errors);
    if (!own_terms.empty()) add_folder(own_terms, texts, errors);
    auto languages = load_languages(folder / "replies", errors);
    if (errors.empty()) {
        auto book = load_book(std::move(texts), folder);
        if (!book) return std::unexpected(std::move(book.error()));
        (*book)->languages = std::move(languages);
        return *std::move(book);
    }

    auto others = load_rulebook_of({}, folder);  // what the calendars have to say goes with it
    if (!others) errors.insert(errors.end(), others.error().begin(), others.error().end());
    return std::unexpected(std::move(errors));
}

std::expected<std::unique_ptr<const Rulebook>, std::vector<LoadError>> load_rulebook_of(
    TermsTexts texts, const fs::path& folder) {
    return load_book(std::move(texts), folder);
}

std::expected<terms::Terms, std::vector<LoadError>> load_terms_file(const Rulebook& book,
                                                                    const fs::path& file) {
    std::error_code error;
    if (!fs::is_regular_file(file, error))
        return std::unexpected(std::vector<LoadError>{{file.string(), 0, 0, "no such file"}});
    TermsTexts texts;
    std::vector<LoadError> unread;
    add_folder(file.parent_path().empty() ? fs::path(".") : file.parent_path(), texts, unread);
    const terms::LoadOptions options{
        .zones = &book.zones,
        .calendars = &book.calendars,
        .text_of = [&](std::string_view id) -> std::optional<std::string> {
            const auto found = texts.find(std::string(id));
            return found == texts.end() ? std::nullopt : std::optional(found->second.text);
        }};
    return terms::load(read_text(file), file.string(), options);
}

}  // namespace holdfast::formats
