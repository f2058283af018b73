// Gathers the neighbouring records of one order into one observation.
//
// Rows of an order are neighbours in real files. Where they are not, each run of them becomes an
// observation of its own, and whoever folds the observations brings them together: so memory stays
// bounded.
#pragma once

#include "formats/csv_table.h"
#include "formats/tracking_number.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace holdfast::formats {

template <class Order>
class OrderRun {
public:
    OrderRun(const CsvJob& job, std::string_view system, std::string_view format)
        : job_(job), system_(system), format_(format) {}

    // The order in hand, or a new one with `reference`; the one before it goes out.
    Order& open(const std::string& reference, std::uint64_t line) {
        if (order_ && order_->reference == reference) return *order_;
        flush();
        order_.emplace();
        order_->system = system_;
        order_->reference = reference;
        line_ = line;
        return *order_;
    }

    bool holds(std::string_view reference) const {
        return order_ && order_->reference == reference;
    }

    void flush() {
        if (!order_) return;
        for (const auto& number : order_->tracking_numbers)
            if (const auto doubt = doubt_about(number); !doubt.empty())
                job_.sink.noted({line_, {}},
                                "tracking number " + number + ": " + std::string(doubt));
        job_.sink.observed({job_.origin(format_, line_), *std::exchange(order_, std::nullopt)});
    }

private:
    const CsvJob& job_;
    std::string system_;
    std::string_view format_;
    std::optional<Order> order_;
    std::uint64_t line_ = 0;
};

// Adds what is not there yet.
inline void add_once(std::vector<std::string>& list, std::string text) {
    if (!text.empty() && std::ranges::find(list, text) == list.end())
        list.push_back(std::move(text));
}

}  // namespace holdfast::formats
