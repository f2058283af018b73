// The desk's states as an index row of a store keeps them.
#pragma once

#include "desk/movement.h"
#include "desk/parcel.h"
#include "desk/purchase.h"
#include "desk/sale.h"
#include "engine/summary.h"
#include "store/store.h"

#include <string>
#include <string_view>
#include <vector>

namespace holdfast::engine {

// The system of the streams that keep the movements of sales' money; they are system streams.
inline constexpr std::string_view movement_system = "movement";

inline std::vector<Part> parts_of(const store::IndexRow& row) {
    auto parts = decode_parts(row.facts);
    if (!parts) throw store::StoreDown(row.system + ' ' + row.reference + ": " + parts.error());
    return std::move(*parts);
}

inline desk::Purchase purchase_of(const store::IndexRow& row) {
    return fold<desk::Purchase, desk::PurchaseSeen>(parts_of(row));
}
inline desk::Sale sale_of(const store::IndexRow& row) {
    return fold<desk::Sale, desk::SaleSeen>(parts_of(row));
}
inline desk::Parcel parcel_of(const store::IndexRow& row) {
    return fold<desk::Parcel, desk::ParcelSeen>(parts_of(row));
}
inline desk::Movement movement_of(const store::IndexRow& row) {
    return fold<desk::Movement, desk::MovementSeen>(parts_of(row));
}
inline bool is_movement(const store::IndexRow& row) {
    return row.kind == store::StreamKind::system && row.system == movement_system;
}

inline std::string order_key(std::string_view system, std::string_view reference) {
    return std::string(system) + ' ' + std::string(reference);
}

}  // namespace holdfast::engine
