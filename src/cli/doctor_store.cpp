#include "cli/desk_shell.h"
#include "cli/doctor_checks.h"
#include "engine/clock_guard.h"
#include "engine/live.h"
#include "engine/outbox_desk.h"
#include "engine/outbox_words.h"
#include "engine/service_log.h"
#include "store/sqlite/heads.h"
#include "store/sqlite/inspect.h"
#include "store/sqlite/lock.h"
#include "terms/choose.h"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace holdfast::cli {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono;

std::string number(std::uint64_t count) { return std::to_string(count); }

// --- Time

Finding check_clock(Shell& shell) {
    constexpr auto not_before = sys_days{year{2026} / 1 / 1};  // this program is no older
    if (shell.at() < not_before)
        return {"clock", Health::problem, "it is " + holdfast::to_string(shell.at()) + " by it",
                "set the clock; deadlines strike by it"};
    const auto newest = store::HeadReader(shell.database().string()).newest_event();
    auto last = newest.value_or(shell.at());
    if (const auto beat = engine::ServiceLog(shell.read_store()).last_beat())
        last = std::max(last, *beat);
    if (last > shell.at() + engine::ClockGuard::jump_least)
        return {"clock", Health::problem,
                "the store has seen " + holdfast::to_string(last) + ", and now it is " +
                    holdfast::to_string(shell.at()),
                "set the clock; until then no deadline strikes in time"};
    return {"clock", Health::ok, holdfast::to_string(shell.at())};
}

Finding check_outages(Shell& shell) {
    engine::ServiceLog log(shell.read_store());
    log.read();
    Duration all{};
    for (const auto& outage : log.outages()) all += outage.until - outage.from;
    auto text = number(log.outages().size()) + " recorded" +
                (log.outages().empty() ? std::string() : ", " + to_words(all) + " in all");
    const auto beat = log.last_beat();
    if (beat) text += "; a server was last seen " + from_now(*beat, shell.at());
    return {"outages", Health::ok, text};
}

Finding check_fence(Shell& shell) {
    engine::ServiceLog log(shell.read_store());
    log.read();
    if (!log.is_fenced()) return {"fence", Health::ok, "money may leave"};
    return {"fence", Health::problem, "restored and not reconciled: no money leaves",
            "`holdfast reconcile --against FILE --lift-fence` with the processor's list"};
}

// --- What platforms say themselves

Finding check_rules(Shell& shell) {
    engine::DeskView view(shell.read_store(), shell.rules(), desk_settings(shell), shell.at());
    desk::DriftWatch drift;
    view.each_purchase([&](const engine::PurchaseView& one) {
        engine::watch(drift, one, view.settings().options, view.now());
        return true;
    });
    std::string text;
    for (const auto& one : drift.found())
        text += (text.empty() ? "" : " ") + desk::sentence_of(one);
    if (text.empty()) return {"rules", Health::ok, "no platform's countdown speaks against ours"};
    return {
        "rules", Health::warning, text,
        "look at the platform's own page, and at the terms file; `explain` shows both countdowns"};
}

// --- What waits

Finding check_outbox(Shell& shell) {
    constexpr auto too_old = hours{1};
    std::map<store::OutboxState, std::uint64_t> count;
    std::optional<Instant> oldest;  // due, of those that the program itself takes on
    engine::each_row(shell.read_store(), [&](const store::OutboxRow& row) {
        ++count[row.state];
        const bool is_taken_on =
            row.state == store::OutboxState::pending || row.state == store::OutboxState::unknown;
        if (is_taken_on && (!oldest || row.item.due < *oldest)) oldest = row.item.due;
        return true;
    });
    std::string text;
    for (const auto& [state, rows] : count)
        text +=
            (text.empty() ? "" : ", ") + number(rows) + " " + std::string(engine::word_of(state));
    if (text.empty()) return {"outbox", Health::ok, "nothing is left to be sent"};
    if (oldest) text += "; the oldest was due " + from_now(*oldest, shell.at());
    if (count[store::OutboxState::needs_attention] + count[store::OutboxState::failed] > 0)
        return {"outbox", Health::problem, text,
                "`holdfast outbox list --needs-attention`; then retry or settle each"};
    if (oldest && *oldest + too_old < shell.at())
        return {"outbox", Health::warning, text,
                "is a server running, and does the processor answer?"};
    if (count[store::OutboxState::unknown] > 0)
        return {"outbox", Health::warning, text, "the program asks the processor by itself"};
    return {"outbox", Health::ok, text};
}

Finding check_deadlines(Shell& shell) {
    constexpr std::size_t most = 10'000;
    constexpr auto lag_most = minutes{1};
    const auto due = shell.read_store().due(shell.at(), most);
    if (due.empty()) return {"deadlines", Health::ok, "none is overdue"};
    const auto oldest = *due.front().next_deadline;
    const auto text = (due.size() == most ? "at least " : "") + number(due.size()) +
                      " overdue, the oldest by " + to_words(shell.at() - oldest);
    if (!store::sqlite::is_served(shell.database().string()))
        return {"deadlines", Health::warning, text + "; no server runs",
                "start one; what is overdue is carried out first"};
    if (shell.at() - oldest <= lag_most) return {"deadlines", Health::ok, text};
    return {"deadlines", Health::problem, text + ", though a server runs",
            "look into its log: are these orders set aside, or is its clock not believed?"};
}

Finding check_terms_of_orders(Shell& shell) {
    auto& store = shell.read_store();
    const auto& rules = shell.rules();
    std::uint64_t open = 0;
    std::map<std::string, std::uint64_t> missing;  // id and hash -> orders
    std::string unread;
    store.scan(store::StreamKind::order, [&](const store::IndexRow& row) {
        if (!row.next_deadline) return true;  // nothing happens to it by itself any more
        ++open;
        const auto live = engine::fold(row.stream, store.load(row.stream));
        if (!live) {
            unread = live.error();
            return false;
        }
        const auto& pin = std::get<engine::LiveOrder>(live->what).state.terms_of_sale.terms;
        const auto* found = rules.find(pin.terms_id);
        if (!found || terms::pin_of(*found) != pin)
            ++missing[pin.terms_id + " " + to_hex(pin.content_hash).substr(0, 16) + "…"];
        return true;
    });
    if (!unread.empty())
        return {"terms_of_orders", Health::problem, unread, "`holdfast verify` says more"};
    if (missing.empty())
        return {"terms_of_orders", Health::ok,
                "those of all " + number(open) + " orders with a deadline are loaded"};
    std::string text;
    for (const auto& [pin, orders] : missing)
        text += (text.empty() ? "" : ", ") + number(orders) + " under " + pin;
    return {"terms_of_orders", Health::problem, "orders whose terms are not loaded: " + text,
            "put the very files back that they were placed under (--terms-folder)"};
}

// --- Copies

Finding check_backup(Shell& shell) {
    constexpr auto too_old = days{7};
    const auto note = fs::path(shell.database().string() + "-backup");
    if (!fs::exists(note))
        return {"backup", Health::warning, "none is known", "`holdfast backup create FILE`"};
    const auto text = read_file(note);
    const auto at = parse_instant(std::string_view(text).substr(0, text.find(' ')));
    if (!at) return {"backup", Health::warning, note.string() + ": cannot be read"};
    const auto file = text.substr(text.find(' ') + 1, text.find('\n') - text.find(' ') - 1);
    const auto found = "the last was made " + from_now(*at, shell.at()) + ", " + file;
    if (*at + too_old < shell.at())
        return {"backup", Health::warning, found, "`holdfast backup create FILE`"};
    return {"backup", Health::ok, found};
}

struct Check {
    std::string_view name;
    Finding (*run)(Shell&);
};

constexpr Check checks[] = {
    {"clock", check_clock},         {"outages", check_outages},
    {"fence", check_fence},         {"outbox", check_outbox},
    {"deadlines", check_deadlines}, {"terms_of_orders", check_terms_of_orders},
    {"rules", check_rules},         {"backup", check_backup},
};

bool is_readable(Shell& shell) {
    try {
        const auto path = shell.database();
        if (!fs::exists(path)) return false;
        const auto file = store::inspect_sqlite(path.string());
        return file.is_store && file.schema == file.program_schema;
    } catch (const std::exception&) {  // check_surroundings() has told it
        return false;
    }
}

}  // namespace

std::vector<Finding> check_store(Shell& shell) {
    std::vector<Finding> all;
    if (!is_readable(shell)) return all;
    for (const auto& [name, run] : checks) {
        try {
            all.push_back(run(shell));
        } catch (const std::exception& error) {
            all.push_back({std::string(name), Health::problem, error.what(),
                           "`holdfast verify` says whether the store is whole"});
        }
    }
    return all;
}

}  // namespace holdfast::cli
