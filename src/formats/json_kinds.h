// The kinds of JSON that we know, and what their readers share.
#pragma once

#include "formats/file_notes.h"
#include "formats/json_file.h"
#include "formats/reader.h"

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::formats {

// Why a record cannot be read, and where in it ("/order_amount/amount").
struct JsonTrouble {
    std::string path;
    std::string reason;
};

template <class T>
using JsonResult = std::expected<T, JsonTrouble>;

// What one file is read with, and what becomes of it.
class JsonJob {
public:
    JsonJob(const Json& root_value, const ReadOptions& read_options, Sink& to, std::string file)
        : root(root_value), options(read_options), sink(to), file_(std::move(file)) {}

    const Json& root;
    const ReadOptions& options;
    Sink& sink;
    FileReport report;
    FileNotes notes;  // told when everything is read

    const Zone& pacific() const;
    const std::string& file_name() const { return file_; }

    // Without an instant of the file itself, `--at` counts, else now.
    void observed(desk::Seen seen, std::optional<Instant> seen_at = {});
    void rejected(std::string path, std::string reason);
    // Rejects what could not be read, with its place below `path`.
    template <class T>
    bool is_rejected(const std::string& path, const JsonResult<T>& read) {
        if (!read) rejected(path + read.error().path, read.error().reason);
        return !read;
    }
    void noted(std::string path, std::string text);
    void no_orders(std::string why) { report.why_no_orders = std::move(why); }

    // Notes what is odd about tracking numbers.
    void check_numbers(const std::vector<std::string>& numbers);

private:
    std::string file_;
};

struct JsonKind {
    std::string_view format;
    std::string_view description;
    bool (*is)(const Json& root);
    void (*read)(JsonJob& job);
};

// In the order in which they are tried.
std::span<const JsonKind> aliexpress_order_kinds();
std::span<const JsonKind> aliexpress_list_kinds();
std::span<const JsonKind> aliexpress_tracking_kinds();
std::span<const JsonKind> aliexpress_error_kinds();
std::span<const JsonKind> shopify_kinds();
std::span<const JsonKind> tracker_kinds();
std::span<const JsonKind> holdfast_kinds();
std::span<const JsonKind> woocommerce_kinds();
std::span<const JsonKind> amazon_kinds();
std::span<const JsonKind> ebay_kinds();
std::span<const JsonKind> stripe_kinds();
std::span<const JsonKind> paypal_kinds();
std::span<const JsonKind> json_without_orders();

// Members of `object`, absent where they are missing, null or empty.
JsonResult<std::string> id_in(const Json& object, std::string_view name);  // must be there
JsonResult<std::optional<std::int32_t>> count_in(const Json& object, std::string_view name);
JsonResult<std::optional<Money>> decimal_in(const Json& object, std::string_view name,
                                            std::optional<Currency> currency);
JsonResult<std::optional<desk::SeenTime>> clock_in(const Json& object, std::string_view name,
                                                   const Zone& zone);
JsonResult<std::optional<desk::SeenTime>> date_in(const Json& object, std::string_view name);
JsonResult<std::optional<Instant>> epoch_in(const Json& object, std::string_view name);
JsonResult<std::optional<Instant>> instant_in(const Json& object, std::string_view name);
// Many APIs say no more than a day here, which is no instant: then nothing.
JsonResult<std::optional<Instant>> instant_or_day_in(const Json& object, std::string_view name);
JsonResult<std::optional<Currency>> currency_in(const Json& object, std::string_view name);

// What the order says, else what was given for amounts that name none. Noted where there is neither
// and `total` is an amount.
JsonResult<std::optional<Currency>> currency_of(JsonJob& job, const Json& order,
                                                std::string_view name, std::string_view total);

// {"amount":"22.00","currency_code":"USD"}, also with currencyCode.
JsonResult<std::optional<Money>> money_object(const Json& object, std::string_view name);

std::string text_in(const Json& object, std::string_view name);

// What stands inside {"aliexpress_…_response": …}, or the value itself.
const Json& without_envelope(const Json& root);
const Json& without_envelope(Json&& root) = delete;

// The order that an answer without its id belongs to, by the digits in the file's name; told as a
// note. Empty where the name has none.
std::string order_by_file_name(JsonJob& job);

}  // namespace holdfast::formats
