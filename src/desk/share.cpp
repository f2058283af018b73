#include "desk/share.h"

#include "base/verify.h"

#include <boost/math/special_functions/beta.hpp>

#include <cmath>

namespace holdfast::desk {
namespace {

constexpr double outside = 0.05;  // on either side

std::int32_t basis_points(double share) {
    return static_cast<std::int32_t>(std::lround(share * 10'000));
}

}  // namespace

std::optional<Share> share_seen(std::uint64_t yes, std::uint64_t all) {
    VERIFY(yes <= all);
    if (all == 0) return std::nullopt;
    const auto a = static_cast<double>(yes), b = static_cast<double>(all - yes);
    return Share{
        .seen = basis_points(a / (a + b)),
        .low = yes == 0 ? 0 : basis_points(boost::math::ibeta_inv(a + 0.5, b + 0.5, outside)),
        .high =
            yes == all ? 10'000 : basis_points(boost::math::ibetac_inv(a + 0.5, b + 0.5, outside))};
}

}  // namespace holdfast::desk
