#include "desk/share.h"

#include "base/verify.h"

#include <boost/math/special_functions/beta.hpp>

#include <algorithm>
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

Share share_of_beta(double yes, double no) {
    const auto a = std::max(1e-6, yes), b = std::max(1e-6, no);
    return {.seen = basis_points(a / (a + b)),
            .low = basis_points(boost::math::ibeta_inv(a, b, outside)),
            .high = basis_points(boost::math::ibetac_inv(a, b, outside))};
}

std::string to_text(const Share& share) {
    return std::to_string(percent_of(share.seen)) + " % (" + std::to_string(percent_of(share.low)) +
           " to " + std::to_string(percent_of(share.high)) + " %)";
}

}  // namespace holdfast::desk
