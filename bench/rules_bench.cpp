// What the rules cost: `ask` per second and allocations per `ask`, over the worked cases of the
// shipped terms; and the helpers that bench/rules needs (a CSV to import, a bare libcsv pass).
//
//   rules_bench ask
//   rules_bench make-csv ROWS FILE     an exporter CSV of that many rows
//   rules_bench libcsv FILE            counts its fields and records with libcsv alone

#include "allocations.h"

#include "formats/rulebook.h"
#include "formats/worked_cases.h"

#include <benchmark/benchmark.h>
#include <csv.h>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

namespace holdfast::bench {
namespace {

struct Asked {
    const terms::Terms* terms;
    terms::Facts facts;
    terms::Question question;
};

std::vector<Asked> all_asked(const formats::Rulebook& rules, const std::string& cases_file) {
    std::ifstream file(cases_file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const auto cases = formats::read_cases(text);
    if (!cases) throw std::runtime_error(cases.error().reason);
    std::vector<Asked> asked;
    for (const auto& one : *cases)
        if (const auto* terms = rules.find(one.programme); terms && one.question)
            asked.push_back({terms, one.facts, *one.question});
    return asked;
}

void run_ask(benchmark::State& state, const std::vector<Asked>& asked) {
    std::size_t next = 0;
    const auto before = allocations.load();
    std::uint64_t answers = 0;
    for (auto _ : state) {
        const auto& one = asked[next];
        benchmark::DoNotOptimize(terms::ask(*one.terms, one.facts, one.question));
        next = next + 1 == asked.size() ? 0 : next + 1;
        ++answers;
    }
    state.counters["asks_per_second"] =
        benchmark::Counter(static_cast<double>(answers), benchmark::Counter::kIsRate);
    state.counters["allocations_per_ask"] =
        static_cast<double>(allocations.load() - before) / static_cast<double>(answers);
}

int ask(int argc, char** argv) {
    const auto rules = formats::load_rulebook(HOLDFAST_SOURCE_DIR);
    if (!rules) {
        for (const auto& error : rules.error()) std::cerr << to_string(error) << '\n';
        return 1;
    }
    const auto asked = all_asked(**rules, HOLDFAST_SOURCE_DIR "/docs/facts/cases.json");
    benchmark::RegisterBenchmark("ask", [&](benchmark::State& state) { run_ask(state, asked); });
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}

constexpr const char* header =
    "\"Order Id\",\"Order date\",\"Order Status\",\"Order detail url\",\"Store Name\",\"Store "
    "url\",\"Currency\",\"Tracking number\",\"Tracking link\","
    "\"Item title\",\"Item price\",\"Item quantity\",\"Item attributes\",\"Item image url\",\"Item "
    "product link\",\"Total order net price\",\"Total Shipping\","
    "\"Total price adjustments\",\"Total discount\",\"Total EU Tax\",\"Total VAT\",\"Total "
    "price\",\"Buyer Full Name\",\"Buyer address\",\"Buyer Phone Number\","
    "\"Buyer country\",\"Buyer region\",\"Buyer ZIP\",\"Buyer city\",\"Payment method\"\n";

int make_csv(std::uint64_t rows, const char* path) {
    static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                             "Jul", "Aug", "Sep", "Oct", "Nov"};
    std::ofstream file(path, std::ios::binary);
    file << header;
    for (std::uint64_t i = 0; i < rows; ++i) {
        const auto id = std::to_string(3'000'000'000'000'001 + i * 7);
        const auto cents = 500 + (i * 7919) % 9000;
        const auto price =
            std::to_string(cents / 100) + '.' + std::to_string(cents % 100 + 100).substr(1);
        file << '"' << id << "\",\"" << months[i % 11] << ' ' << 1 + i % 28 << ", 2026\",\""
             << (i % 3 ? "Awaiting delivery" : "Completed")
             << "\",\"https://www.aliexpress.com/p/order/detail.html?orderId=" << id
             << "\",\"Store " << i % 500
             << "\",\"https://www.aliexpress.com/store/1\",\"USD\",\"\",\"\",\"Item, number "
             << i % 10000 << "\",\"" << price
             << "\",\"1\",\"Color: Oak\",\"\",\"https://www.aliexpress.com/item/"
             << 1005000000000000 + i % 10000 << ".html\",\"" << price
             << "\",\"0.00\",\"0.00\",\"0.00\",\"0.00\",\"0.00\",\"" << price
             << "\",\"Ada Sample\",\"1 Sample "
                "Street\",\"\",\"Germany\",\"\",\"10115\",\"Berlin\",\"Visa\"\n";
    }
    return file ? 0 : 1;
}

struct Counted {
    std::uint64_t fields = 0, records = 0;
};

int libcsv_pass(const char* path) {
    Counted counted;
    csv_parser parser;
    csv_init(&parser, CSV_STRICT | CSV_APPEND_NULL);
    std::ifstream file(path, std::ios::binary);
    std::vector<char> buffer(1 << 20);
    const auto field = [](void*, std::size_t, void* data) {
        ++static_cast<Counted*>(data)->fields;
    };
    const auto record = [](int, void* data) { ++static_cast<Counted*>(data)->records; };
    while (file.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) ||
           file.gcount() > 0) {
        const auto read = static_cast<std::size_t>(file.gcount());
        if (csv_parse(&parser, buffer.data(), read, field, record, &counted) != read) return 1;
    }
    csv_fini(&parser, field, record, &counted);
    csv_free(&parser);
    std::cout << counted.records << " records, " << counted.fields << " fields\n";
    return 0;
}

int run(int argc, char** argv) {
    const std::string verb = argc > 1 ? argv[1] : "";
    if (verb == "ask") return ask(argc - 1, argv + 1);
    if (verb == "make-csv" && argc == 4) return make_csv(std::stoull(argv[2]), argv[3]);
    if (verb == "libcsv" && argc == 3) return libcsv_pass(argv[2]);
    std::cerr << "usage: rules_bench ask | make-csv ROWS FILE | libcsv FILE\n";
    return 2;
}

}  // namespace
}  // namespace holdfast::bench

int main(int argc, char** argv) { return holdfast::bench::run(argc, argv); }
