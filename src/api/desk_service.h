// The reseller's desk over HTTP: imports, the worklist and what people do about its rows, search,
// audit and links, remedies and claim packets, and the reports about suppliers.
//
// Reads a store of its own beside the engine's and keeps the worklist's rows in memory; what takes
// long (imports, audits) is done by a thread of its own. Writes go through the engine's thread.
#pragma once

#include "api/call.h"
#include "api/evidence_files.h"
#include "api/setting_stream.h"
#include "api/work_desk.h"
#include "desk/audit.h"
#include "engine/desk_board.h"
#include "engine/desk_view.h"
#include "engine/desk_work.h"
#include "engine/engine.h"
#include "engine/importer.h"
#include "formats/mapping.h"
#include "formats/push.h"
#include "formats/rulebook.h"
#include "formats/sheet.h"
#include "store/store.h"

#include <boost/json/object.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::api {

class DeskService {
public:
    static constexpr std::uint64_t file_bytes_most = std::uint64_t{256} << 20U;  // of an import

    using OpenStore = std::function<std::unique_ptr<store::Store>()>;
    using KnowsUser = std::function<bool(const IdBytes& user)>;  // to whom a row can be given
    // All of it outlives the service.
    DeskService(engine::Engine& engine, const formats::Rulebook& book,
                engine::DeskSettings settings, OpenStore open_store);

    // Answers an operation of the desk.
    void handle(const std::shared_ptr<Call>& call, const KnowsUser& knows_user);

    // Reads what a sender has signed; `file` holds the bytes as they came.
    void take_push(const std::shared_ptr<Call>& call, formats::PushSender sender,
                   std::shared_ptr<IncomingFile> file);

    // Brings the rows up to date; how many were looked at. Again and again by one thread, so that
    // a request finds little to do.
    std::size_t keep_up();

private:
    using Shared = std::shared_ptr<Call>;

    // `use` has the view and the board to itself, both as of now. False: they are busy for longer
    // than a request waits, and it was answered.
    bool with_board(Call& call, const std::function<void()>& use);

    // desk_imports.cpp
    void create_import(const Shared& call);
    void run_import(Call& call, engine::ImportOptions options,
                    std::optional<formats::Mapping> mapping);
    void list_imports(Call& call);
    void get_import(Call& call);
    void run_push(Call& call, formats::PushSender sender, const IncomingFile& file);

    // desk_mappings.cpp
    void preview_import(const Shared& call);
    void run_preview(Call& call, std::optional<Currency> currency,
                     std::optional<formats::Mapping> mapping);
    void list_mappings(Call& call);
    void get_mapping(Call& call);
    void save_mapping(Call& call);
    void delete_mapping(Call& call);
    std::optional<formats::Mapping> mapping_named(std::string_view name) const;

    // desk_rows.cpp
    void get_worklist(Call& call);
    void get_lapse_curve(Call& call);
    void get_purchase(Call& call);
    void change_row(Call& call, const KnowsUser& knows_user);
    void change_rows(Call& call, const KnowsUser& knows_user);
    std::optional<engine::PurchaseView> find_purchase(Call& call);
    std::optional<engine::RowView> find_row(Call& call);
    // Of a claim that names no dispute of a customer: the one that runs, where there is but one.
    bool find_dispute_of(engine::ClaimFiled& filed, const desk::WorkItem& item);
    bool may_touch(const Caller& caller, const engine::RowState& state) const;
    // Or a code of the contract.
    std::expected<engine::DeskWork::Written, std::string_view> write(
        const Caller& caller, const store::StreamId& purchase, const engine::RowAsk& ask);

    // desk_search.cpp
    void search(Call& call);
    void audit(const Shared& call);
    void report(const Shared& call);
    desk::AuditTotals audit_all(Instant now, engine::StoreAge* age = nullptr,
                                desk::DriftWatch* drift = nullptr) const;
    std::vector<desk::WorkItem> rank_all(Instant now, bool with_arrivals) const;
    std::vector<formats::Sheet> sheets_of(std::string_view what, Instant now) const;
    void list_links(Call& call);
    void create_link(Call& call);
    void answer_link(Call& call, desk::LinkSeen::State state);
    desk::Link say(Call& call, const desk::LinkSeen& seen);

    // desk_reports.cpp: all of the store is read, by the thread of its own.
    using Make = std::function<boost::json::object(store::Store&, engine::DeskView&)>;
    void report_on(const Shared& call, Make make);
    void get_arrivals(const Shared& call);
    void get_scorecards(const Shared& call);
    void get_recovery(const Shared& call);
    void get_gap(const Shared& call);
    void get_filing_plan(const Shared& call);
    void get_regrets(const Shared& call);

    // desk_complaints.cpp
    void get_arrival(Call& call);
    void get_remedies(Call& call);
    void choose_remedy(Call& call);
    void get_claim_packet(Call& call);

    void learn(std::size_t size);

    engine::Engine& engine_;
    const formats::Rulebook& book_;
    engine::DeskSettings settings_;
    OpenStore open_store_;
    std::timed_mutex mutex_;  // of what follows
    std::unique_ptr<store::Store> store_;
    engine::DeskView view_;
    engine::DeskBoard board_;
    // Of the thread that keeps up.
    std::optional<Instant> learned_at_;
    std::size_t learned_size_ = 0;  // purchases
    WorkDesk long_work_;            // ends first
};

std::string purchase_id(const store::StreamId& stream);  // "pur_…"

// Why a file was not read.
void refuse_file(Call& call, const formats::FileError& error);

// A system, or the number of an order or a dispute there.
inline const TextRule order_name_rule{.least = 1, .most = 255, .allows = has_no_controls};

// A row of the worklist as an answer has it.
boost::json::object row_view(const engine::RowView& view, const engine::RowState& state,
                             Instant now);

}  // namespace holdfast::api
