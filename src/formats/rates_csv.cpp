// Exchange rates that people write for us: from,to,on,rate. From that day on, one `from` is worth
// `rate` of `to`.
#include "base/try.h"
#include "formats/csv_kinds.h"
#include "formats/text.h"

#include <memory>

namespace holdfast::formats {
namespace {

using Holds = CsvColumn::Holds;

enum Column : std::size_t { from, to, on, rate };

constexpr CsvColumn columns[] = {
    {"from|from_currency|base", Holds::text, true},
    {"to|to_currency|quote", Holds::text, true},
    {"on|date|day|valid_from", Holds::text, true},
    {"rate|value", Holds::text, true},
};

struct Fraction {
    std::int64_t numerator = 0;
    std::int64_t denominator = 1;
};

// "1.0871" exactly, as 10871 / 10000; up to nine digits on each side of the point.
std::optional<Fraction> parse_fraction(std::string_view text) {
    Fraction made;
    std::size_t whole = 0, decimals = 0;
    bool after_point = false;
    for (const auto c : text) {
        if (c == '.' && !after_point) {
            after_point = true;
            continue;
        }
        if (c < '0' || c > '9') return std::nullopt;
        auto& digits = after_point ? decimals : whole;
        if (++digits > 9) return std::nullopt;
        made.numerator = made.numerator * 10 + (c - '0');
        if (after_point) made.denominator *= 10;
    }
    if (whole == 0 || (after_point && decimals == 0) || made.numerator == 0) return std::nullopt;
    return made;
}

class Records : public CsvRecords {
public:
    explicit Records(const CsvJob& job) : job_(job) {}

    Result<void> row(const CsvRow& row) override {
        const auto source = TRY(currency(row, from));
        const auto target = TRY(currency(row, to));
        if (source == target)
            return std::unexpected(Trouble{row.name(to), "the same currency twice"});
        const auto day = parse_day(row[on]);
        if (!day)
            return std::unexpected(
                Trouble{row.name(on), shown(row[on]) + " is not a day like 2026-11-20"});
        const auto worth = parse_fraction(row[rate]);
        if (!worth)
            return std::unexpected(
                Trouble{row.name(rate), shown(row[rate]) + " is not a rate above 0 like 1.0871"});
        job_.sink.observed(
            {job_.origin(given_rates_csv.format, row.line()),
             desk::RateSeen{source, target, *day, worth->numerator, worth->denominator}});
        return {};
    }

private:
    static Result<Currency> currency(const CsvRow& row, std::size_t column) {
        if (const auto known = parse_currency(row[column])) return *known;
        return std::unexpected(
            Trouble{row.name(column), shown(row[column]) + " is not an ISO 4217 code like EUR"});
    }

    const CsvJob& job_;
};

std::unique_ptr<CsvRecords> make(const CsvJob& job) { return std::make_unique<Records>(job); }

}  // namespace

constinit const CsvKind given_rates_csv = {"given_rates_csv", "exchange rates", {}, columns, make};

}  // namespace holdfast::formats
