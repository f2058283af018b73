// Mappings of columns: proposed with a preview, saved by name.
#include "api/beside_engine.h"
#include "api/desk_json.h"
#include "api/desk_service.h"
#include "api/json_out.h"
#include "api/mapping_book.h"
#include "api/mapping_json.h"
#include "api/upload.h"
#include "base/currency.h"
#include "formats/mapping.h"

#include <optional>
#include <utility>

namespace holdfast::api {
namespace {

namespace json = boost::json;

constexpr std::size_t rows_shown_most = 20;
const TextRule column_rule{.least = 1, .most = 255, .allows = has_no_controls};
const TextRule system_rule{.least = 1, .most = 40, .allows = has_no_controls};

json::object named_view(const std::string& name, const formats::Mapping& mapping) {
    auto out = mapping_json(mapping);
    out["name"] = name;
    return out;
}

// As it was sent; whether it makes sense is asked of its text.
formats::Mapping read_mapping(Members& body) {
    formats::Mapping mapping;
    std::string of, currency, dates;
    body.need("of", of, system_rule);
    body.need("system", mapping.system, system_rule);
    body.may("sale_system", mapping.sale_system, system_rule);
    body.may("currency", currency, system_rule);
    body.may("dates", dates, system_rule);
    if (of == "purchase")
        mapping.of = formats::Mapping::Of::purchase;
    else if (of != "sale" && body.has("of"))
        body.reading().fault(body.pointer_to("of"), "invalid");
    if (!currency.empty()) {
        mapping.currency = parse_currency(currency);
        if (!mapping.currency) body.reading().fault(body.pointer_to("currency"), "invalid");
    }
    if (const auto order = formats::parse_day_order(dates))
        mapping.dates = *order;
    else
        body.reading().fault(body.pointer_to("dates"), "invalid");
    const bool has_columns = body.object("columns", [&](Members& columns) {
        for (const auto& column : columns.json())
            if (const auto field = formats::parse_mapped_field(std::string_view(column.key())))
                columns.need(to_string(*field), mapping.columns[*field], column_rule);
    });
    if (!has_columns && !body.has("columns")) body.need("columns");
    return mapping;
}

// Keeps what would be read, up to what is shown.
class Preview final : public formats::Sink {
public:
    void observed(desk::Observation observation) override {
        ++observed_;
        if (rows_.size() >= rows_shown_most) return;
        json::array says;
        for (const auto& [name, text] : formats::said_by(observation))
            says.push_back({{"name", name}, {"text", text}});
        rows_.push_back({{"line", observation.origin.line}, {"says", std::move(says)}});
    }
    void rejected(const formats::Place& place, std::string reason) override {
        ++rejected_;
        if (rejects_.size() >= rows_shown_most) return;
        rejects_.push_back(
            {{"line", place.line}, {"column", place.column}, {"reason", std::move(reason)}});
    }
    void noted(const formats::Place&, std::string) override {}

    void show(json::object& out) {
        out["observed"] = observed_;
        out["rejected"] = rejected_;
        out["rows"] = std::move(rows_);
        out["rejects"] = std::move(rejects_);
    }

private:
    std::uint64_t observed_ = 0, rejected_ = 0;
    json::array rows_, rejects_;
};

}  // namespace

void refuse_file(Call& call, const formats::FileError& error) {
    auto refused = problem("file_refused");
    refused.detail = error.reason;
    if (error.place.line)
        refused.members.push_back({"line", static_cast<std::int64_t>(error.place.line)});
    if (!error.place.column.empty()) refused.members.push_back({"column", error.place.column});
    call.send(std::move(refused));
}

std::optional<formats::Mapping> DeskService::mapping_named(std::string_view name) const {
    const auto reads = open_store_();
    auto mappings = MappingBook().load(*reads);
    const auto found = mappings.find(name);
    if (found == mappings.end()) return std::nullopt;
    return std::move(found->second);
}

void DeskService::list_mappings(Call& call) {
    call.read_query({"limit", "cursor"});
    if (call.has_faults()) return;
    const auto reads = open_store_();
    const auto mappings = MappingBook().load(*reads);
    std::vector<json::object> views;
    for (const auto& [name, mapping] : mappings) views.push_back(named_view(name, mapping));
    send_page(call, "/v1/mappings", views.size(), [&](std::size_t i) { return views[i]; });
}

void DeskService::get_mapping(Call& call) {
    call.read_query({});
    if (call.has_faults()) return;
    const auto mapping = mapping_named(call.parameter("name"));
    if (!mapping) return call.send("not_found");
    call.send(200, named_view(std::string(call.parameter("name")), *mapping));
}

void DeskService::save_mapping(Call& call) {
    call.read_query({});
    formats::Mapping given;
    if (!call.read_body(Body::needed, [&](Members& body) { given = read_mapping(body); })) return;
    const std::string name(call.parameter("name"));
    const auto mapping = formats::parse_mapping(formats::to_text(given));
    if (!MappingBook::is_name(name) || !mapping) {
        auto refused = problem("invalid_request");
        refused.detail =
            mapping ? "A name has 1 to 64 letters a to z, digits, '-' and '_'." : mapping.error();
        return call.send(std::move(refused));
    }
    engine_.with_store([&](store::Store& store, engine::Writer&) {
        MappingBook().save(store, name, *mapping, call.now());
    });
    call.send(200, named_view(name, *mapping));
}

void DeskService::delete_mapping(Call& call) {
    call.read_query({});
    if (call.has_faults()) return;
    bool was_there = false;
    engine_.with_store([&](store::Store& store, engine::Writer&) {
        was_there = MappingBook().remove(store, std::string(call.parameter("name")), call.now());
    });
    if (!was_there) return call.send("not_found");
    call.send_nothing();
}

void DeskService::preview_import(const Shared& call) {
    call->read_query({"currency", "mapping"});
    std::optional<Currency> currency;
    if (const auto text = call->query("currency")) {
        currency = parse_currency(*text);
        if (!currency) call->fault("currency", "invalid");
    }
    std::optional<formats::Mapping> mapping;
    if (const auto name = call->query("mapping")) {
        mapping = mapping_named(*name);
        if (!mapping) call->fault("mapping", "invalid");
    }
    if (call->has_faults()) return;
    const auto* upload = dynamic_cast<const Upload*>(call->request().sink.get());
    if (!upload) return call->send("invalid_form");
    if (const auto wrong = upload->problem(); !wrong.empty()) return call->send(wrong);
    const bool is_taken = long_work_.submit([this, call, currency, mapping] {
        do_work(*call, [&](Call& asked) { run_preview(asked, currency, mapping); });
    });
    if (!is_taken) call->send("busy");
}

// Nothing is written: a file is read as it would be.
void DeskService::run_preview(Call& call, std::optional<Currency> currency,
                              std::optional<formats::Mapping> mapping) {
    const auto& file = dynamic_cast<const Upload&>(*call.request().sink).file().path();
    formats::ReadOptions options;
    options.zones = &book_.zones;
    options.now = call.now();
    options.currency = currency;
    json::object out{{"object", "import_preview"}};
    json::array guesses, left_out;
    if (!mapping) {
        auto proposal = formats::propose_mapping(file, options);
        if (!proposal) return refuse_file(call, proposal.error());
        for (const auto& guess : proposal->guesses)
            guesses.push_back(
                {{"field", to_string(guess.field)}, {"column", guess.column}, {"why", guess.why}});
        for (const auto& column : proposal->left_out) left_out.emplace_back(column);
        mapping = std::move(proposal->mapping);
    }
    options.mapping = &*mapping;
    Preview preview;
    const auto report = formats::read_file(file, options, preview);
    if (!report) return refuse_file(call, report.error());
    out["mapping"] = mapping_json(*mapping);
    out["guesses"] = std::move(guesses);
    out["left_out"] = std::move(left_out);
    out["records"] = report->records;
    preview.show(out);
    call.send(200, out);
}

}  // namespace holdfast::api
