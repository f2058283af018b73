#include "desk/drift.h"

#include "desk/purchase_facts.h"
#include "desk/text.h"

#include <algorithm>

namespace holdfast::desk {
namespace {

// The answers in which a platform says what is left; everybody else repeats or computes it.
bool is_platforms_own(std::string_view format) {
    return format.contains("details") || format.contains("social");
}

std::optional<Instant> platforms_of(const Purchase& purchase) {
    const Held<PromiseSeen>* newest = nullptr;
    for (const auto& [format, promise] : purchase.promises)
        if (is_platforms_own(format) &&
            (!newest || newest->origin.seen_at < promise.origin.seen_at))
            newest = &promise;
    if (!newest) return std::nullopt;
    return newest->value.at;
}

// As we would know it without what the platform told.
std::optional<Instant> ours_of(Purchase purchase, std::span<const Parcel> parcels,
                               const DeskOptions& options, Instant now, const terms::Terms& terms) {
    purchase.promise.reset();
    for (const auto& [format, promise] : purchase.promises)
        if (!is_platforms_own(format)) take(purchase.promise, promise.value, promise.origin);
    purchase.promises.clear();
    const auto found = facts_of(purchase, parcels, options, now, terms);
    constexpr auto moment = terms::Moment::promised_by;
    if (found.is_estimate(moment) || !found.facts.at(moment).known()) return std::nullopt;
    return found.facts.at(moment).instant();
}

}  // namespace

std::optional<BothCountdowns> countdown_of(const Purchase& purchase,
                                           std::span<const Parcel> parcels,
                                           const DeskOptions& options, Instant now,
                                           const terms::Terms& terms) {
    const auto platform = platforms_of(purchase);
    if (!platform) return std::nullopt;
    const auto ours = ours_of(purchase, parcels, options, now, terms);
    if (!ours) return std::nullopt;
    return BothCountdowns{*platform, *ours};
}

void DriftWatch::add(const Purchase& purchase, const terms::Terms& terms,
                     const BothCountdowns& countdown) {
    seen_[{purchase.system, terms.id}].push_back(
        {countdown.platform - countdown.ours, purchase.reference});
}

std::vector<Drift> DriftWatch::found() const {
    std::vector<Drift> drifts;
    for (const auto& [key, seen] : seen_) {
        std::vector<Seen> later, earlier;
        for (const auto& one : seen) {
            if (one.apart > tolerance) later.push_back(one);
            if (one.apart < -tolerance) earlier.push_back(one);
        }
        auto& differing = later.size() >= earlier.size() ? later : earlier;
        if (seen.size() < compared_least || differing.size() * 10 < seen.size() * of_ten_least)
            continue;
        std::ranges::sort(differing, {}, [](const Seen& one) {
            return std::pair(one.apart, std::string_view(one.reference));
        });
        Drift drift{.system = key.first,
                    .terms = key.second,
                    .compared = seen.size(),
                    .differing = differing.size(),
                    .typical = differing[differing.size() / 2].apart,
                    .examples = {}};
        constexpr std::size_t examples_most = 3;
        for (const auto& one : differing)
            if (drift.examples.size() < examples_most) drift.examples.push_back(one.reference);
        drifts.push_back(std::move(drift));
    }
    return drifts;
}

std::string sentence_of(const Drift& drift) {
    const bool is_later = drift.typical > Duration{0};
    return drift.system + ", under " + drift.terms + ": the platform's countdown ends " +
           holdfast::to_words(is_later ? drift.typical : -drift.typical) +
           (is_later ? " later" : " earlier") + " than ours on " + std::to_string(drift.differing) +
           " of " + std::to_string(drift.compared) + " orders (" + join(drift.examples, ", ") +
           "): the rule may have changed, or the answers are older than the time they were read "
           "with.";
}

}  // namespace holdfast::desk
