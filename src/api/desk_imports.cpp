// Files of stores, suppliers and trackers, and what these push by themselves, taken in while the
// server runs.
#include "api/beside_engine.h"
#include "api/desk_json.h"
#include "api/desk_service.h"
#include "api/json_out.h"
#include "api/upload.h"
#include "api/wire_id.h"
#include "base/currency.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <utility>

namespace holdfast::api {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::size_t rows_at_once = 4000;            // more, and others wait too long to write
constexpr std::size_t rows_told_most = 200;           // of those that were rejected or noted
constexpr std::uint64_t orders_linked_most = 20'000;  // above, links are looked for only on demand

// The last part of a name as a client gives it, of letters that every file system takes. Readers
// look at it: some exports say the order in it.
std::string safe_name(std::string_view given) {
    given = given.substr(given.find_last_of("/\\") + 1);
    std::string name;
    for (const char c : given.substr(0, 150)) {
        const bool is_plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                              (c >= 'A' && c <= 'Z') || c == '.' || c == '-' || c == '_';
        name += is_plain ? c : '_';
    }
    while (name.starts_with('.')) name.erase(0, 1);
    return name.empty() ? "file" : name;
}

// The upload under its own name, in a folder of its own, for as long as this lives.
class NamedFile {
public:
    NamedFile(const IncomingFile& file, const std::string& name)
        : folder_(file.path().string() + ".named") {
        fs::create_directory(folder_);
        fs::create_hard_link(file.path(), path_ = folder_ / name);
    }
    ~NamedFile() {
        std::error_code error;
        fs::remove_all(folder_, error);
    }
    NamedFile(const NamedFile&) = delete;
    NamedFile& operator=(const NamedFile&) = delete;

    const fs::path& path() const { return path_; }

private:
    fs::path folder_, path_;
};

// For finding out what a file is.
class Deaf final : public formats::Sink {
public:
    void observed(desk::Observation) override {}
    void rejected(const formats::Place&, std::string) override {}
    void noted(const formats::Place&, std::string) override {}
};

IdBytes id_of(const Hash& file) {
    IdBytes bytes{};
    std::copy_n(file.begin(), bytes.size(), bytes.begin());
    return bytes;
}

json::object record_view(const store::ImportRecord& record) {
    json::object out;
    out["object"] = "import";
    out["id"] = "imp_" + to_base32(id_of(record.file_hash));
    out["file"] = record.file;
    out["format"] = record.format;
    out["new"] = record.rows_new;
    out["changed"] = record.rows_changed;
    out["same"] = record.rows_same;
    out["rejected"] = record.rows_rejected;
    put(out, "seen_at", record.seen_at);
    put(out, "imported_at", record.imported_at);
    return out;
}

// The newest first; of a file that came twice, its last coming.
std::vector<store::ImportRecord> newest_imports(store::Store& store) {
    auto all = store.imports();
    std::ranges::reverse(all);
    std::vector<store::ImportRecord> kept;
    std::set<Hash> seen;
    for (auto& one : all)
        if (seen.insert(one.file_hash).second) kept.push_back(std::move(one));
    return kept;
}

}  // namespace

void DeskService::create_import(const Shared& call) {
    call->read_query({"currency", "mapping", "seen_at"});
    engine::ImportOptions options{.zones = &book_.zones,
                                  .seen_at = call->query_instant("seen_at"),
                                  .now = call->now(),
                                  .currency = {},
                                  .mapping = nullptr,
                                  .on_row = {},
                                  .progress = {},
                                  .rows_at_once = rows_at_once};
    if (const auto text = call->query("currency")) {
        options.currency = parse_currency(*text);
        if (!options.currency) call->fault("currency", "invalid");
    }
    std::optional<formats::Mapping> mapping;
    if (const auto name = call->query("mapping")) {
        mapping = mapping_named(*name);
        if (!mapping) call->fault("mapping", "invalid");
    }
    if (call->has_faults()) return;
    const auto* upload = dynamic_cast<const Upload*>(call->request().sink.get());
    if (!upload) return call->send("invalid_form");  // no body at all
    if (const auto wrong = upload->problem(); !wrong.empty()) return call->send(wrong);
    const bool is_taken = long_work_.submit([this, call, options, mapping] {
        do_work(*call, [&](Call& asked) { run_import(asked, options, mapping); });
    });
    if (!is_taken) call->send("busy");
}

void DeskService::run_import(Call& call, engine::ImportOptions options,
                             std::optional<formats::Mapping> mapping) {
    const auto& upload = dynamic_cast<const Upload&>(*call.request().sink);
    const NamedFile file(upload.file(), safe_name(upload.file_name()));
    if (mapping) options.mapping = &*mapping;
    json::array rows;
    options.on_row = [&](const engine::RowReport& row) {
        const bool is_told =
            row.fate == engine::RowFate::rejected || row.fate == engine::RowFate::noted;
        if (is_told && rows.size() < rows_told_most) rows.push_back(without_blanks(row_json(row)));
    };
    const auto reads = open_store_();
    BesideEngine store(engine_, *reads);
    const auto report = engine::import_file(store, file.path(), options);
    if (!report) return refuse_file(call, report.error());
    std::size_t guesses = 0;
    engine::DeskView view(*reads, book_, settings_, call.now());
    const auto age = view.age();
    if (age.sales && age.purchases && age.sales + age.purchases <= orders_linked_most)
        guesses = engine::write_guesses(store, view, call.now());
    const auto hash = formats::hash_file(file.path());
    const auto record = hash ? reads->find_import(*hash) : std::nullopt;
    if (!record) return call.send("unavailable");
    auto out = record_view(*record);
    for (const auto& member : without_blanks(report_json(*report)))
        out[member.key()] = member.value();
    out["rows"] = std::move(rows);
    out["guesses"] = guesses;
    call.send(201, out, {{"Location", "/v1/imports/imp_" + to_base32(id_of(record->file_hash))}});
}

void DeskService::take_push(const Shared& call, formats::PushSender sender,
                            std::shared_ptr<IncomingFile> file) {
    const bool is_taken = long_work_.submit([this, call, sender, file = std::move(file)] {
        do_work(*call, [&](Call& asked) { run_push(asked, sender, *file); });
    });
    if (!is_taken) call->send("busy");
}

// What is signed is answered with 200 even where nothing could be made of it: a sender that is
// refused sends it again for days, or stops sending anything.
void DeskService::run_push(Call& call, formats::PushSender sender, const IncomingFile& file) {
    // Not by the path's name, which may be a secret.
    const NamedFile named(file, "push-" + std::string(to_string(sender)) + ".json");
    formats::ReadOptions reading;
    reading.zones = &book_.zones;
    reading.now = call.now();
    Deaf deaf;
    const auto told = formats::read_file(named.path(), reading, deaf);
    json::object out{{"object", "push"}, {"taken", false}};
    if (!told || !formats::may_send(sender, told->format)) {
        out["reason"] = told ? std::string("it is ") + told->description + ", which " +
                                   std::string(to_string(sender)) + " does not speak for"
                             : told.error().reason;
        return call.send(200, out);
    }
    const auto reads = open_store_();
    BesideEngine store(engine_, *reads);
    const auto report = engine::import_file(store, named.path(),
                                            {.zones = &book_.zones,
                                             .seen_at = {},
                                             .now = call.now(),
                                             .currency = {},
                                             .mapping = nullptr,
                                             .on_row = {},
                                             .progress = {},
                                             .rows_at_once = rows_at_once});
    if (!report) return call.send("unavailable");
    out["taken"] = report->file.why_no_orders.empty();
    if (!report->file.why_no_orders.empty()) out["reason"] = report->file.why_no_orders;
    out["format"] = report->file.format;
    out["new"] = report->rows_new;
    out["changed"] = report->rows_changed;
    out["same"] = report->rows_same;
    out["rejected"] = report->rows_rejected;
    call.send(200, out);
}

void DeskService::list_imports(Call& call) {
    call.read_query({"limit", "cursor"});
    if (call.has_faults()) return;
    std::vector<store::ImportRecord> all;
    if (!with_board(call, [&] { all = newest_imports(*store_); })) return;
    send_page(call, "/v1/imports", all.size(), [&](std::size_t i) { return record_view(all[i]); });
}

void DeskService::get_import(Call& call) {
    call.read_query({});
    if (call.has_faults()) return;
    const auto id = parse_prefixed("imp", call.parameter("import_id"));
    std::vector<store::ImportRecord> all;
    if (!with_board(call, [&] { all = newest_imports(*store_); })) return;
    for (const auto& one : all)
        if (id && id_of(one.file_hash) == *id) return call.send(200, record_view(one));
    call.send("not_found");
}

}  // namespace holdfast::api
