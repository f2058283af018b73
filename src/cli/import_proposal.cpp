#include "cli/import_proposal.h"

#include "api/mapping_book.h"
#include "cli/table.h"

#include <boost/json.hpp>

#include <algorithm>
#include <ostream>
#include <utility>
#include <vector>

namespace holdfast::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t rows_shown_most = 5;

class FirstRows final : public formats::Sink {
public:
    void observed(desk::Observation observation) override {
        if (++count < rows_shown_most + 1) rows.push_back(std::move(observation));
    }
    void rejected(const formats::Place& place, std::string reason) override {
        if (++rejected_count <= rows_shown_most) rejects.emplace_back(place, std::move(reason));
    }
    void noted(const formats::Place& place, std::string text) override {
        if (notes.size() < rows_shown_most) notes.emplace_back(place, std::move(text));
    }

    std::uint64_t count = 0, rejected_count = 0;
    std::vector<desk::Observation> rows;
    std::vector<std::pair<formats::Place, std::string>> rejects, notes;
};

[[noreturn]] void refuse(const std::filesystem::path& file, const formats::FileError& error) {
    throw Stop(Exit::failure, file.string() + ": " + error.reason);
}

std::string line_of(const desk::Observation& row) {
    auto text = std::to_string(row.origin.line) + ":";
    for (const auto& [name, said] : formats::said_by(row)) text += ' ' + name + ' ' + said + ';';
    text.pop_back();
    return text;
}

// How to say a currency that no column says.
std::string_view about_currency(const formats::Mapping& mapping) {
    using enum formats::MappedField;
    const auto has = [&](formats::MappedField field) { return mapping.columns.contains(field); };
    const bool has_amounts = has(total) || has(refunded) || has(price);
    if (!has_amounts || has(currency) || mapping.currency) return {};
    return "no currency is known, so amounts are left out: above [columns], write currency = "
           "\"USD\"";
}

// Every line of it can stay in the file that is saved.
void print(Shell& shell, const formats::MappingProposal& proposal, const FirstRows& first) {
    shell.out << formats::to_text(proposal.mapping) << '\n';
    for (const auto& guess : proposal.guesses)
        shell.out << "# " << to_string(guess.field) << ": by " << printable(guess.why) << '\n';
    if (!proposal.why_of.empty())
        shell.out << "# of: " << to_string(proposal.mapping.of) << ", since "
                  << printable(proposal.why_of) << '\n';
    for (std::size_t i = 0; i < proposal.left_out.size(); ++i)
        shell.out << "# left out: " << printable(proposal.left_out[i]) << ": "
                  << printable(proposal.why_left_out[i]) << '\n';
    if (const auto about = about_currency(proposal.mapping); !about.empty())
        shell.out << "#\n# " << about << '\n';
    shell.out << "#\n# The first of " << first.count << " that would be read:\n";
    for (const auto& row : first.rows) shell.out << "#   " << printable(line_of(row)) << '\n';
    for (const auto& [place, reason] : first.rejects)
        shell.out << "#   rejected " << place.line << ": " << printable(place.column) << ": "
                  << printable(reason) << '\n';
    for (const auto& [place, text] : first.notes)
        shell.out << "#   note " << printable(place.column) << (place.column.empty() ? "" : ": ")
                  << printable(text) << '\n';
}

void print_json(Shell& shell, const formats::MappingProposal& proposal, const FirstRows& first) {
    json::array guesses, left_out, why_left_out, rows, rejects, notes;
    for (const auto& guess : proposal.guesses)
        guesses.push_back(
            {{"field", to_string(guess.field)}, {"column", guess.column}, {"why", guess.why}});
    for (const auto& column : proposal.left_out) left_out.emplace_back(column);
    for (const auto& why : proposal.why_left_out) why_left_out.emplace_back(why);
    for (const auto& row : first.rows) {
        json::array says;
        for (const auto& [name, said] : formats::said_by(row))
            says.push_back({{"name", name}, {"text", said}});
        rows.push_back({{"line", row.origin.line}, {"says", std::move(says)}});
    }
    for (const auto& [place, reason] : first.rejects)
        rejects.push_back({{"line", place.line}, {"column", place.column}, {"reason", reason}});
    for (const auto& [place, text] : first.notes)
        notes.push_back({{"line", place.line}, {"column", place.column}, {"text", text}});
    shell.out << json::serialize(json::object{{"mapping", formats::to_text(proposal.mapping)},
                                              {"guesses", guesses},
                                              {"left_out", left_out},
                                              {"why_left_out", why_left_out},
                                              {"why_of", proposal.why_of},
                                              {"observed", first.count},
                                              {"rejected", first.rejected_count},
                                              {"rows", rows},
                                              {"rejects", rejects},
                                              {"notes", notes}})
              << '\n';
}

}  // namespace

formats::Mapping mapping_named(Shell& shell, const std::string& name) {
    const auto database = shell.database();
    if (!std::filesystem::exists(database))
        throw Stop(Exit::not_found,
                   database.string() +
                       ": no such database, and mappings are kept in it: `holdfast mappings save " +
                       name + " FILE` makes it; `holdfast import TABLE --propose` writes the FILE");
    auto mappings = api::MappingBook().load(shell.read_store());
    const auto found = mappings.find(name);
    if (found == mappings.end())
        throw Stop(Exit::not_found,
                   "no mapping is called \"" + name + "\": holdfast mappings list");
    return std::move(found->second);
}

Exit propose(Shell& shell, const std::filesystem::path& file, std::optional<Currency> currency,
             std::optional<formats::Mapping> mapping) {
    formats::ReadOptions options;
    options.zones = &shell.rules().zones;
    options.seen_at = shell.given_at();
    options.now = shell.now;
    options.currency = currency;
    formats::MappingProposal proposal;
    if (mapping) {
        proposal.mapping = std::move(*mapping);
    } else {
        auto proposed = formats::propose_mapping(file, options);
        if (!proposed) refuse(file, proposed.error());
        proposal = std::move(*proposed);
    }
    options.mapping = &proposal.mapping;
    FirstRows first;
    const auto report = formats::read_file(file, options, first);
    if (!report) refuse(file, report.error());
    if (shell.json)
        print_json(shell, proposal, first);
    else
        print(shell, proposal, first);
    return Exit::ok;
}

}  // namespace holdfast::cli
