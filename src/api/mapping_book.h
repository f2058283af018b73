// Mappings of columns (formats/mapping.h) by name: events of one system stream.
#pragma once

#include "api/setting_stream.h"
#include "formats/mapping.h"
#include "store/store.h"

#include <map>
#include <string>
#include <string_view>

namespace holdfast::api {

class MappingBook {
public:
    using Mappings = std::map<std::string, formats::Mapping, std::less<>>;

    // Small letters, digits, '-' and '_', at most 64.
    static bool is_name(std::string_view name);

    Mappings load(store::Store& store);
    // What is saved already is not written again.
    void save(store::Store& store, const std::string& name, const formats::Mapping& mapping,
              Instant now);
    bool remove(store::Store& store, const std::string& name, Instant now);  // false: none is there

private:
    SettingStream stream_{"mappings"};
};

}  // namespace holdfast::api
