#include "api/mapping_json.h"

#include "base/currency.h"

namespace holdfast::api {

namespace json = boost::json;

json::object mapping_json(const formats::Mapping& mapping) {
    json::object columns;
    for (const auto& [field, column] : mapping.columns) columns[to_string(field)] = column;
    json::object out{
        {"object", "mapping"}, {"of", to_string(mapping.of)}, {"system", mapping.system}};
    if (mapping.of == formats::Mapping::Of::purchase) out["sale_system"] = mapping.sale_system;
    if (mapping.currency) out["currency"] = code_of(*mapping.currency);
    if (const auto dates = to_string(mapping.dates); !dates.empty()) out["dates"] = dates;
    out["columns"] = std::move(columns);
    return out;
}

}  // namespace holdfast::api
