#include "engine/year_desk.h"

#include "base/hash.h"
#include "desk/mirror.h"
#include "engine/case_file.h"
#include "engine/conduct.h"
#include "engine/desk_work.h"
#include "engine/importer.h"
#include "engine/live.h"
#include "engine/year_calendar.h"
#include "engine/year_purchase.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace holdfast::engine {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

constexpr Duration read_before_end = minutes{25};
constexpr std::uint64_t first_sale = 2'001;

// Windows that close, and promises that end, so soon after the end.
constexpr std::array closes_after{hours{3},   hours{7},   hours{11},  hours{16},  hours{26},
                                  hours{40},  hours{58},  hours{70},  hours{80},  hours{101},
                                  hours{126}, hours{150}, hours{170}, hours{210}, hours{260}};
constexpr std::array ends_after{hours{20},  hours{44},  hours{75},
                                hours{110}, hours{130}, hours{155}};

class YearDesk {
public:
    YearDesk(store::Store& store, const YearDeskOptions& options)
        : store_(store),
          options_(options),
          chance_(Chance(options.seed).of(77)),
          seen_at_(options.end - read_before_end),
          importer_(store, options.end, "demo") {}

    YearDeskCounts make() {
        buy();
        mirror_own();
        tell_rates();
        importer_.flush();
        record_files();
        work_rows();
        return counts_;
    }

private:
    // --- At the platform

    void buy() {
        const auto end = options_.end;
        const auto edges = std::max<std::uint32_t>(1, options_.purchases / 400);
        for (std::uint32_t again = 0; again < edges; ++again) {
            const auto later = minutes{37} * again;
            for (const auto after : closes_after)
                take(bought_and_lost(chance_, ++number_, end + after + later));
            for (std::size_t i = 0; i < ends_after.size(); ++i)
                take(bought_and_awaited(chance_, ++number_, end + ends_after[i] + later,
                                        /*can_extend=*/i % 2 == 0));
            for (int i = 0; i < 8; ++i) {
                auto one = bought_and_disputed(chance_, ++number_, end);
                if (i % 2 == 0) filed_.push_back(one);
                take(one);
            }
        }
        const auto left = options_.purchases - std::min<std::uint64_t>(options_.purchases, number_);
        for (const auto at : placing_times(chance_.of(9), left, end))
            take(bought(chance_, ++number_, at));
    }

    void take(const Bought& one) {
        if (one.placed_at >= seen_at_) return;
        auto told = told_of(one, seen_at_);
        counts_.parcels += told.size() - 1;
        for (auto& seen : told) importer_.add(std::move(seen));
        ++counts_.purchases;
        const bool is_sent = one.fate != PurchaseFate::cancelled && one.shipped_at < seen_at_;
        sell({.number = {},
              .at = one.placed_at - one.chance.time(minutes{40}, hours{20}, "sold"),
              .sku = "JW-" + one.sku,
              .title = one.title,
              .price = shop_price(one.price, one.chance),
              .quantity = one.quantity,
              .tracking = is_sent ? one.tracking : "",
              .sent_at = is_sent ? std::optional(one.shipped_at) : std::nullopt},
             platform_system, one.reference, one.chance);
    }

    // Two to three times what it cost, and ninety cents.
    static Money shop_price(const Money& cost, const Chance& chance) {
        const auto euros = cost.minor() * chance.between(20, 31, "times") / 1'000 + 1;
        return Money::of_minor(euros * 100 - 10, Currency::eur);
    }

    void sell(SoldFor sold, std::string_view system, const std::string& purchase,
              const Chance& chance) {
        sold.number = std::to_string(first_sale + counts_.sales++);
        const auto number = sold.number;
        const auto sku = sold.sku;
        const auto quantity = sold.quantity;
        importer_.add(sale_of(sold, chance, seen_at_));
        if (chance.happens(60, "unlinked")) return;  // by its tracking number it can be found
        desk::LinkSeen link;
        link.sale_system = shop_system;
        link.sale_reference = "#" + number;
        link.sale_sku = sku;
        link.sale_quantity = quantity;
        link.purchase_system = system;
        link.purchase_reference = purchase;
        link.purchase_quantity = quantity;
        link.how = desk::LinkSeen::How::by_reference;
        link.state = desk::LinkSeen::State::confirmed;
        desk::Observation seen;
        seen.origin.format = "scenario_links_csv";
        seen.origin.seen_at = seen_at_;
        seen.origin.file = "links.csv";
        seen.seen = std::move(link);
        importer_.add(std::move(seen));
    }

    // --- At this marketplace

    void mirror_own() {
        for (const auto& one :
             store_.newest_with(party_term(options_.reseller, /*as_buyer=*/true), UINT64_MAX,
                                std::max<std::size_t>(options_.purchases, 1'000)))
            mirror(one.stream);
    }

    void mirror(const store::StreamId& stream) {
        const auto live = fold(stream, store_.load(stream)).value();
        const auto& order = std::get<LiveOrder>(live.what).state;
        const auto reference = name_of(stream, store::StreamKind::order);
        for (auto& seen :
             desk::observations_of(order, std::string(own_system), reference, seen_at_)) {
            if (std::holds_alternative<desk::ParcelSeen>(seen.seen)) ++counts_.parcels;
            importer_.add(std::move(seen));
        }
        ++counts_.purchases;
        const auto& line = order.lines.front().placed;
        const bool is_sent = !order.shipments.empty();
        const auto chance = chance_.of(++number_);
        sell({.number = {},
              .at = order.placed_at - hours{2},
              .sku = "JW-" + std::string(line.sku.view()),
              .title = std::string(line.sku.view()),
              .price = Money::of_minor(line.unit_price * chance.between(14, 19, "times") / 10,
                                       Currency::eur),
              .quantity = line.quantity,
              .tracking = is_sent ? std::string(order.shipments.front().tracking.view()) : "",
              .sent_at = is_sent ? std::optional(order.shipments.front().when) : std::nullopt},
             own_system, reference, chance);
    }

    // --- What else imports and people leave

    void tell_rates() {
        const auto first = std::chrono::floor<days>(options_.end) - year_long;
        for (int month = 0; month <= 12; ++month) {
            const Day on{(first + days{month * 30}).time_since_epoch()};
            const auto cents =
                chance_.of(500).of(static_cast<std::uint64_t>(month)).between(1'060, 1'140, "rate");
            for (const auto& [from, rate] :
                 {std::pair{Currency::eur, cents}, std::pair{Currency::gbp, cents * 117 / 100}})
                importer_.add({{.format = "given_rates_csv",
                                .seen_at = seen_at_,
                                .file = "rates.csv",
                                .line = 0},
                               desk::RateSeen{.from = from,
                                              .to = Currency::usd,
                                              .on = on,
                                              .numerator = rate,
                                              .denominator = 1'000}});
        }
    }

    void record_files() {
        const auto record = [&](std::string file, std::string format, std::uint64_t rows) {
            const auto name = file + " of " + holdfast::to_string(options_.end);
            store_.record_import({.file_hash = hash_of(name),
                                  .file = std::move(file),
                                  .format = std::move(format),
                                  .seen_at = seen_at_,
                                  .imported_at = options_.end,
                                  .rows_new = rows});
        };
        record("orders.json", "aliexpress_details_api", counts_.purchases);
        record("tracking.json", "aliexpress_tracking_api", counts_.parcels);
        record("orders_export.csv", "shopify_orders_csv", counts_.sales);
    }

    // Claims that a person filed, and rows that sleep.
    void work_rows() {
        DeskWork work(store_);
        for (std::size_t i = 0; i < filed_.size(); ++i) {
            const auto& one = filed_[i];
            const auto purchase = store::stream_id_of(store::StreamKind::purchase, platform_system,
                                                      "", one.reference);
            RowAsk ask{
                .what = ClaimFiled{.case_number = dispute_id_of(one), .reason = "not_received"},
                .by = options_.by,
                .at = seen_at_ - hours{5} * (i + 1)};
            work.write(purchase, ask);
            ++counts_.filed;
            if (i % 3 != 0) continue;
            ask.what = RowSnoozed{.until = options_.end + days{2}};
            ask.at = seen_at_;
            work.write(purchase, ask);
        }
    }

    store::Store& store_;
    const YearDeskOptions& options_;
    Chance chance_;
    Instant seen_at_;
    Importer importer_;
    YearDeskCounts counts_;
    std::uint64_t number_ = 0;  // of purchases, given so far
    std::vector<Bought> filed_;
};

}  // namespace

YearDeskCounts make_year_desk(store::Store& store, const YearDeskOptions& options) {
    return YearDesk(store, options).make();
}

}  // namespace holdfast::engine
