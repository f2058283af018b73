#include "api/mapping_book.h"

#include <algorithm>

namespace holdfast::api {
namespace {

constexpr std::string_view saved_kind = "mapping_saved", removed_kind = "mapping_removed";

struct SavedText {
    std::string name = {}, text = {};
    template <class F>
    void fields(F&& f) const {
        f("name", name);
        f("text", text);
    }
};

struct RemovedText {
    std::string name = {};
    template <class F>
    void fields(F&& f) const {
        f("name", name);
    }
};

}  // namespace

bool MappingBook::is_name(std::string_view name) {
    constexpr std::size_t most = 64;
    return !name.empty() && name.size() <= most && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
}

MappingBook::Mappings MappingBook::load(store::Store& store) {
    Mappings mappings;
    for (const auto& event : stream_.load(store).events) {
        if (event.kind == removed_kind) {
            mappings.erase(stream_.text_of<RemovedText>(event).name);
        } else if (event.kind == saved_kind) {
            const auto saved = stream_.text_of<SavedText>(event);
            auto mapping = formats::parse_mapping(saved.text);
            if (!mapping)
                throw store::StoreDown("the mapping " + saved.name + ": " + mapping.error());
            mappings.insert_or_assign(saved.name, std::move(*mapping));
        }
    }
    return mappings;
}

void MappingBook::save(store::Store& store, const std::string& name,
                       const formats::Mapping& mapping, Instant now) {
    const auto mappings = load(store);
    const auto found = mappings.find(name);
    if (found != mappings.end() && found->second == mapping) return;
    stream_.append(store, saved_kind, SavedText{name, formats::to_text(mapping)}, now);
}

bool MappingBook::remove(store::Store& store, const std::string& name, Instant now) {
    if (!load(store).contains(name)) return false;
    stream_.append(store, removed_kind, RemovedText{name}, now);
    return true;
}

}  // namespace holdfast::api
