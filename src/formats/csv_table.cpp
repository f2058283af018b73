#include "formats/csv_table.h"

#include "base/utf8.h"

#include "base/try.h"
#include "formats/csv_kinds.h"
#include "formats/file_source.h"
#include "formats/id_text.h"
#include "formats/mapping.h"
#include "formats/status_words.h"
#include "formats/text.h"

#include <algorithm>
#include <utility>

namespace holdfast::formats {
namespace {

// So many broken records in a row, and the file is not what its header says.
constexpr std::uint64_t rejects_max_at_first = 1000;
constexpr std::uint64_t rejects_max_later = 10'000;

std::unexpected<FileError> no(std::uint64_t line, std::string column, std::string reason) {
    return std::unexpected(FileError{{line, std::move(column)}, std::move(reason)});
}

// The first of the column's names that the header has.
std::size_t position_of(const CsvColumn& column, const std::vector<std::string>& keys) {
    for (const auto name : split(column.names, "|")) {
        const auto found = std::ranges::find(keys, header_key(name));
        if (found != keys.end()) return static_cast<std::size_t>(found - keys.begin());
    }
    return CsvHeader::npos;
}

// The header's position of each column of `kind`, or nothing where a required one is missing.
std::optional<std::vector<std::size_t>> positions_in(const CsvKind& kind,
                                                     const std::vector<std::string>& keys) {
    std::vector<std::size_t> positions;
    for (const auto& column : kind.columns) {
        positions.push_back(position_of(column, keys));
        if (positions.back() == CsvHeader::npos && column.required) return std::nullopt;
    }
    return positions;
}

std::vector<const CsvKind*> all_kinds() {
    std::vector<const CsvKind*> kinds = {
        &aliexpress_exporter_csv, &aliexpress_shopper_csv,    &aliexpress_account_csv,
        &shopify_orders_csv,      &scenario_links_csv,        &scenario_shipments_csv,
        &given_rates_csv,         &woocommerce_analytics_csv, &woocommerce_packed_csv,
    };
    for (const auto& kind : csv_without_orders()) kinds.push_back(&kind);
    return kinds;
}

std::string_view separator_name(char separator) {
    switch (separator) {
    case '\t': return "tabs";
    case ';':  return "\";\"";
    case '|':  return "\"|\"";
    default:   return "\",\"";
    }
}

struct Table {
    const CsvKind* kind = nullptr;
    CsvHeader header;
    std::vector<std::string> cells;  // of the header, for when it comes again
};

// Which columns a table of this one kind should have and has not.
std::vector<std::string_view> missing_in(const CsvKind& kind,
                                         const std::vector<std::string>& keys) {
    std::vector<std::string_view> missing;
    for (const auto& column : kind.columns)
        if (column.required && position_of(column, keys) == CsvHeader::npos)
            missing.push_back(column.names);
    return missing;
}

// "Order Id" or "Order No", "Title"
std::string names_of(const std::vector<std::string_view>& columns) {
    std::string all;
    for (const auto column : columns) {
        all += all.empty() ? "" : ", ";
        bool is_first = true;
        for (const auto name : split(column, "|"))
            all += (std::exchange(is_first, false) ? "" : " or ") + shown(name);
    }
    return all;
}

std::string with_article(std::string_view description) {
    const bool is_many = description.ends_with('s') || description.ends_with("data");
    const bool has_vowel = std::string_view("AEIOUaeiou").contains(description.front());
    return (is_many ? "" : has_vowel ? "an " : "a ") + std::string(description);
}

// The kind that this header would be with one or two columns more, and those: of a few columns
// that stand in any table nothing follows.
std::string nearly(const std::vector<std::string>& keys) {
    const CsvKind* nearest = nullptr;
    std::vector<std::string_view> missing;
    for (const auto* kind : all_kinds()) {
        auto lacks = missing_in(*kind, keys);
        const auto required =
            static_cast<std::size_t>(std::ranges::count(kind->columns, true, &CsvColumn::required));
        if (!kind->make || lacks.size() > 2 || required < lacks.size() * 2 + 2) continue;
        if (nearest && missing.size() <= lacks.size()) continue;
        nearest = kind;
        missing = std::move(lacks);
    }
    if (!nearest) return {};
    return "nearly " + with_article(nearest->description) + ": it has no column " +
           names_of(missing);
}

// `mapped`: the only kind that it may be.
std::expected<Table, FileError> table_of(const CsvRecord& record, const CsvKind* mapped) {
    if (const auto at = find_invalid_utf8(record.bytes))
        return no(record.line, {}, "the header is not UTF-8: save the file as UTF-8");
    Table table;
    std::vector<std::string> keys;
    for (const auto cell : record.cells) {
        table.header.names.emplace_back(trimmed(cell));
        table.cells.emplace_back(cell);
        keys.push_back(header_key(cell));
    }
    if (mapped)
        if (const auto missing = missing_in(*mapped, keys); !missing.empty())
            return no(record.line, {}, "the header has no column " + names_of(missing));
    for (const auto* kind : mapped ? std::vector{mapped} : all_kinds()) {
        auto positions = positions_in(*kind, keys);
        if (!positions) continue;
        table.kind = kind;
        table.header.positions = std::move(*positions);
        for (const auto position : table.header.positions) {
            if (position == CsvHeader::npos || std::ranges::count(keys, keys[position]) == 1)
                continue;
            return no(record.line, table.header.names[position],
                      "the header has this column twice");
        }
        return table;
    }
    if (record.cells.size() == 1)
        return no(record.line, {},
                  "neither CSV nor JSON that we know: it begins with " + shown(record.bytes));
    if (const auto near = nearly(keys); !near.empty()) return no(record.line, {}, near);
    return no(record.line, {},
              "a CSV of an unknown kind, which a mapping of its columns can read (import "
              "--propose): its header is " +
                  shown(joined(record.cells, ", ")));
}

bool is_header(const Table& table, const CsvRecord& record) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (record.cells.size() != table.cells.size()) return false;
    auto first = record.cells[0];
    if (first.starts_with(byte_order_mark)) first.remove_prefix(byte_order_mark.size());
    return first == table.cells[0] &&
           std::equal(record.cells.begin() + 1, record.cells.end(), table.cells.begin() + 1);
}

// The cell in which the byte at `offset` of the record stands.
std::string column_of_byte(const Table& table, const CsvRecord& record, std::size_t offset) {
    for (std::size_t i = 0; i < record.cells.size(); ++i) {
        const auto end = static_cast<std::size_t>(record.cells[i].data() - record.bytes.data()) +
                         record.cells[i].size();
        if (offset < end && i < table.header.names.size()) return table.header.names[i];
    }
    return {};
}

// What makes a record unreadable before anyone looks at its fields.
std::optional<Trouble> broken_bytes(const Table& table, const CsvRecord& record) {
    const auto fields = table.header.names.size();
    if (record.cells.size() != fields)
        return Trouble{{},
                       "it has " + std::to_string(record.cells.size()) +
                           " fields, the header has " + std::to_string(fields)};
    if (const auto at = record.bytes.find('\0'); at != std::string_view::npos)
        return Trouble{column_of_byte(table, record, at), "a NUL byte"};
    if (const auto at = find_invalid_utf8(record.bytes))
        return Trouble{column_of_byte(table, record, *at),
                       "not UTF-8: save the file as UTF-8 (it may be Latin-1)"};
    return std::nullopt;
}

// Learns marks and the order of days from the rows that prove one.
class StyleWatch {
public:
    void look_at(const CsvRow& row, std::span<const CsvColumn> columns) {
        for (std::size_t i = 0; i < columns.size(); ++i) {
            if (columns[i].holds == CsvColumn::Holds::money) {
                const auto mark = decimal_mark_of(row[i]);
                commas_ |= mark == DecimalMark::comma;
                points_ |= mark == DecimalMark::point;
            } else if (columns[i].holds == CsvColumn::Holds::date) {
                const auto order = day_order_of(row[i]);
                days_first_ |= order == DayOrder::day_first;
                months_first_ |= order == DayOrder::month_first;
            }
        }
    }

    // A file that proves both ways proves nothing.
    CsvStyle style() const {
        CsvStyle style;
        if (commas_ != points_) style.mark = commas_ ? DecimalMark::comma : DecimalMark::point;
        if (days_first_ != months_first_)
            style.order = days_first_ ? DayOrder::day_first : DayOrder::month_first;
        return style;
    }

private:
    bool commas_ = false;
    bool points_ = false;
    bool days_first_ = false;
    bool months_first_ = false;
};

// The record that the file begins with, and where the ones after it stand.
struct Head {
    char separator;
    std::uint64_t line;  // on which the text begins
    Table table;
};

// The first record of `text` outside quotes, with its line end.
std::size_t header_size(std::string_view text) {
    bool quoted = false;
    bool filled = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"') quoted = !quoted;
        const bool ends = text[i] == '\n' || text[i] == '\r';
        if (ends && !quoted && filled) return i + 1;
        filled |= !ends && text[i] != ' ';
    }
    return text.size();
}

std::expected<Head, FileError> head_of(std::string_view text,
                                       const std::optional<SeparatorLine>& named,
                                       const CsvKind* mapped) {
    constexpr std::size_t header_max = std::size_t{64} * 1024;
    const auto size = header_size(text.substr(0, header_max));
    if (size == header_max && text.size() > header_max)
        return no(1, {}, "neither CSV nor JSON: no header line in the first 65536 bytes");
    const auto line = text.substr(0, size);
    if (const auto at = line.find('\0'); at != std::string_view::npos)
        return no(1, {}, "neither CSV nor JSON: a NUL byte at offset " + std::to_string(at));

    const char separator = named ? named->separator : separator_of(line);
    const std::uint64_t first_line = named ? 2 : 1;
    std::expected<Table, FileError> table = no(1, {}, "neither CSV nor JSON: no header line");
    const auto take = [&](const CsvRecord& record) {
        table = table_of(record, mapped);
        return false;
    };
    CsvParser parser(separator, take, first_line);
    TRY(parser.feed(line));
    TRY(parser.finish());
    return Head{separator, first_line, TRY(std::move(table))};
}

CsvStyle style_of(std::string_view text, const Head& head) {
    StyleWatch watch;
    bool is_first = true;
    CsvParser parser(head.separator, [&](const CsvRecord& record) {
        if (!std::exchange(is_first, false) && !is_header(head.table, record) &&
            !broken_bytes(head.table, record))
            watch.look_at(CsvRow(record, head.table.header), head.table.kind->columns);
        return true;
    });
    // What is broken here is told when it is read.
    if (!parser.feed(text)) return {};
    return watch.style();
}

// Reads the rows of one table and keeps count.
class TableReader {
public:
    TableReader(const Head& head, const CsvJob& job) : table_(head.table), job_(job) {
        if (table_.kind->make) records_ = table_.kind->make(job_);
    }

    bool take(const CsvRecord& record) {
        if (is_header(table_, record)) return true;
        ++count_;
        if (auto broken = broken_bytes(table_, record)) return reject(record.line, *broken);
        if (!records_) return true;
        const CsvRow row(record, table_.header);
        watch_ids(row);
        if (auto read = records_->row(row); !read) return reject(record.line, read.error());
        rejected_in_a_row_ = 0;
        any_read_ = true;
        return true;
    }

    void cut_off(std::uint64_t line) {
        ++count_;
        job_.sink.rejected({line, {}},
                           "the file ends inside the quoted cell that begins here: it was cut off");
    }

    void finish() {
        if (!records_) return;
        records_->finish();
        if (ids_.looks_rounded()) job_.sink.noted({}, ids_.warning());
    }

    std::uint64_t count() const { return count_; }
    bool gave_up() const {
        return rejected_in_a_row_ >= (any_read_ ? rejects_max_later : rejects_max_at_first);
    }
    std::string why_gave_up() const {
        return std::to_string(rejected_in_a_row_) +
               " records in a row cannot be read, the last because: " + last_reason_;
    }

private:
    bool reject(std::uint64_t line, const Trouble& trouble) {
        job_.sink.rejected({line, trouble.column}, trouble.reason);
        ++rejected_in_a_row_;
        if (gave_up()) last_reason_ = trouble.reason;
        return !gave_up();
    }

    // Counts each order once, though it takes several rows.
    void watch_ids(const CsvRow& row) {
        for (std::size_t i = 0; i < table_.kind->columns.size(); ++i) {
            if (table_.kind->columns[i].holds != CsvColumn::Holds::id) continue;
            const auto id = row[i];
            if (id.empty() || id == last_id_) continue;
            last_id_ = id;
            ids_.add(id);
        }
    }

    const Table& table_;
    const CsvJob& job_;
    std::unique_ptr<CsvRecords> records_;
    IdWatch ids_;
    std::string last_id_;
    std::uint64_t count_ = 0;
    std::uint64_t rejected_in_a_row_ = 0;
    bool any_read_ = false;
    std::string last_reason_;
};

// A person knows which number of a date is the day, and a mapping is where they say it.
std::string_view how_to_settle(bool has_mapping) {
    return has_mapping
               ? "; the mapping can, above [columns]: dates = \"day_first\", or \"month_first\""
               : "; a mapping can (import --propose, mappings save, import --mapping): "
                 "dates = \"day_first\", or \"month_first\"";
}

Trouble trouble_at(const CsvRow& row, std::size_t column, std::string reason) {
    return {row.name(column), std::move(reason)};
}

}  // namespace

std::string_view CsvRow::operator[](std::size_t column) const {
    const auto position = header_.positions[column];
    return position == CsvHeader::npos ? std::string_view{}
                                       : without_guard(record_.cells[position]);
}

std::string_view CsvRow::cell(std::size_t position) const {
    return without_guard(record_.cells[position]);
}

std::string CsvRow::name(std::size_t column) const {
    const auto position = header_.positions[column];
    return position == CsvHeader::npos ? std::string{} : header_.names[position];
}

desk::Origin CsvJob::origin(std::string_view format, std::uint64_t line) const {
    return {.format = std::string(format),
            .seen_at = options.seen_at.value_or(options.now),
            .file = file,
            .line = line};
}

Result<std::string> id_at(const CsvRow& row, std::size_t column) {
    auto id = parse_id_text(row[column]);
    if (!id) return std::unexpected(trouble_at(row, column, std::move(id.error())));
    return *std::move(id);
}

Result<std::optional<Currency>> currency_at(const CsvRow& row, std::size_t column,
                                            const CsvJob& job) {
    const auto text = row[column];
    if (text.empty()) return job.options.currency;
    const auto currency = parse_currency(text);
    if (currency) return currency;
    return std::unexpected(trouble_at(row, column, shown(text) + " is no currency"));
}

Result<std::optional<Money>> money_at(const CsvRow& row, std::size_t column,
                                      std::optional<Currency> currency, const CsvJob& job) {
    const auto text = row[column];
    if (text.empty()) return std::nullopt;
    if (!currency) {
        job.notes->no_currency({row.line(), row.name(column)});
        return std::nullopt;
    }
    auto money = parse_money_text(text, *currency, job.style.mark);
    if (!money) return std::unexpected(trouble_at(row, column, std::move(money.error())));
    return *money;
}

Result<std::optional<desk::SeenTime>> date_at(const CsvRow& row, std::size_t column,
                                              const CsvJob& job) {
    const auto text = row[column];
    if (text.empty()) return std::nullopt;
    const auto order = job.style.order;
    auto seen = parse_date_text(text, order);
    if (seen) return *seen;
    auto reason = std::move(seen.error());
    if (order == DayOrder::unknown && parse_date_text(text, DayOrder::day_first))
        reason += how_to_settle(job.options.mapping != nullptr);
    return std::unexpected(trouble_at(row, column, std::move(reason)));
}

Result<std::optional<std::int32_t>> count_at(const CsvRow& row, std::size_t column) {
    const auto text = row[column];
    if (text.empty()) return std::nullopt;
    const auto count = parse_count(text, 1'000'000);
    if (!count) return std::unexpected(trouble_at(row, column, shown(text) + " is no quantity"));
    return static_cast<std::int32_t>(*count);
}

desk::Phase phase_at(const CsvRow& row, std::size_t column, const CsvJob& job) {
    const auto text = row[column];
    const auto phase = phase_of_status_text(text);
    if (phase == desk::Phase::unknown && !is_known_status(text))
        job.notes->unknown_status({row.line(), row.name(column)}, text);
    return phase;
}

std::expected<FileReport, FileError> read_csv(std::string_view first, FileSource& source,
                                              const CsvJob& file_job) {
    std::optional<MappedKind> mapped;
    if (file_job.options.mapping) mapped.emplace(*file_job.options.mapping);
    const auto named = separator_line(first);
    if (named) first.remove_prefix(named->size);
    const auto head = TRY(head_of(first, named, mapped ? &mapped->kind() : nullptr));
    CsvJob job = file_job;
    job.style = style_of(first, head);
    // What the file proves goes before what a person says of it.
    if (job.style.order == DayOrder::unknown && job.options.mapping)
        job.style.order = job.options.mapping->dates;
    FileNotes notes;
    job.notes = &notes;

    const auto& kind = *head.table.kind;
    TableReader reader(head, job);
    const auto take = [&](const CsvRecord& record) { return reader.take(record); };
    CsvParser parser(head.separator, take, head.line);
    for (auto piece = first; !piece.empty(); piece = TRY(source.next())) {
        TRY(parser.feed(piece));
        if (reader.gave_up()) return no(0, {}, reader.why_gave_up());
    }
    if (const auto line = TRY(parser.finish())) reader.cut_off(*line);
    reader.finish();
    notes.tell(job.sink);

    return FileReport{.format = std::string(kind.format),
                      .description = std::string(kind.description) + ", " +
                                     std::to_string(head.table.header.names.size()) +
                                     " columns, separated by " +
                                     std::string(separator_name(head.separator)),
                      .why_no_orders = std::string(kind.why_no_orders),
                      .records = reader.count()};
}

}  // namespace holdfast::formats
