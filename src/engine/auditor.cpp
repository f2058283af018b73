#include "engine/auditor.h"

#include "engine/live.h"
#include "engine/outbox_text.h"
#include "engine/texts.h"
#include "engine/work.h"
#include "ledger/posting.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

namespace holdfast::engine {
namespace {

using Sums = std::map<Currency, order::Minor>;

std::string name_of(const store::IndexRow& row) {
    return "stream " + to_base32(row.stream.bytes) +
           (row.reference.empty() ? "" : " (" + row.system + " " + row.reference + ")");
}

std::string sum_text(order::Minor amount, Currency currency) {
    return to_string(Money::of_minor(amount, currency));
}

class Audit {
public:
    Audit(store::Store& store, AuditCounts& counts) : store_(store), counts_(counts) {}

    std::optional<std::string> run() {
        for (const auto kind : {store::StreamKind::order, store::StreamKind::party}) {
            if (problem_) break;
            store_.scan(kind, [&](const store::IndexRow& row) {
                problem_ = check(row);
                return !problem_;
            });
        }
        return problem_ ? problem_ : check_transit();
    }

private:
    std::optional<std::string> check(const store::IndexRow& row) {
        const auto history = store_.load(row.stream);
        if (history.version != row.version)
            return name_of(row) + ": the index knows version " + std::to_string(row.version) +
                   ", the stream has " + std::to_string(history.version);
        const auto live = fold(row.stream, history);
        if (!live) return live.error();
        counts_.events += history.events.size();
        const auto entries = store_.balances(row.stream);
        counts_.entries += entries.size();

        Sums sums;
        for (const auto& [account, amount] : entries) {
            sums[amount.currency()] += amount.minor();
            if (account == to_string(ledger::Account::transit))
                transit_[amount.currency()] += amount.minor();
        }
        for (const auto& [currency, sum] : sums)
            if (sum != 0) return name_of(row) + ": its entries sum to " + sum_text(sum, currency);

        std::size_t expected = 0;
        if (const auto* order = std::get_if<LiveOrder>(&live->what)) {
            ++counts_.orders;
            if (auto problem = compare(row, *order->balances, entries)) return problem;
            if (auto problem = check_texts(row, order->state)) return problem;
            expected = accounts_in_use(*order->balances);
        } else {
            ++counts_.parties;
            for (const auto& purse : std::get<LiveParty>(live->what).state.purses) {
                if (auto problem = compare(row, purse.balances, entries)) return problem;
                expected += accounts_in_use(purse.balances);
            }
        }
        if (expected != entries.size())
            return name_of(row) + ": it has entries in accounts that its events never used";
        return std::nullopt;
    }

    std::optional<std::string> check_texts(const store::IndexRow& row, const order::Order& order) {
        for (const auto& [text, owner, what] : texts_of(order)) {
            if (store_.text_of(text))
                ++counts_.texts;
            else if (store_.had_texts_erased(owner))
                ++counts_.texts_erased;
            else if (!what.empty())
                return name_of(row) + ": the text of " + what + " is gone, and nobody erased it";
        }
        return std::nullopt;
    }

    static std::size_t accounts_in_use(const ledger::Balances& balances) {
        std::size_t count = 0;
        for (std::size_t i = 0; i < ledger::account_count; ++i)
            if (balances.of(static_cast<ledger::Account>(i)) != 0) ++count;
        return count;
    }

    static std::optional<std::string> compare(const store::IndexRow& row,
                                              const ledger::Balances& balances,
                                              const std::vector<store::Entry>& entries) {
        for (std::size_t i = 0; i < ledger::account_count; ++i) {
            const auto account = static_cast<ledger::Account>(i);
            const auto found = std::ranges::find_if(entries, [&](const store::Entry& entry) {
                return entry.account == to_string(account) &&
                       entry.amount.currency() == balances.currency();
            });
            const auto kept = found == entries.end() ? 0 : found->amount.minor();
            if (kept != balances.of(account))
                return name_of(row) + ": its entries say " + sum_text(kept, balances.currency()) +
                       " in " + std::string(to_string(account)) + ", its events " +
                       sum_text(balances.of(account), balances.currency());
        }
        return std::nullopt;
    }

    // A transfer leaves transit where it was sent from and enters where it arrived.
    std::optional<std::string> check_transit() {
        constexpr std::size_t slice = 1'000;
        Sums on_its_way;
        for (std::uint64_t after = 0;;) {
            const auto rows = store_.outbox(after, slice);
            if (rows.empty()) break;
            for (const auto& row : rows) {
                after = row.no;
                if (row.item.kind != transfer_kind) continue;
                const auto transfer = decode_transfer(row.item.payload);
                if (!transfer)
                    return "row " + std::to_string(row.no) + " of the outbox" +
                           transfer.error().pointer + ": " + transfer.error().problem;
                on_its_way[transfer->currency] += transfer->amount;
                ++counts_.on_its_way;
            }
        }
        for (const auto& [currency, sum] : on_its_way) transit_.try_emplace(currency, 0);
        for (const auto& [currency, sum] : transit_)
            if (sum != on_its_way[currency])
                return sum_text(sum, currency) + " is in transit, and the outbox has " +
                       sum_text(on_its_way[currency], currency) + " to carry";
        return std::nullopt;
    }

    store::Store& store_;
    AuditCounts& counts_;
    Sums transit_;
    std::optional<std::string> problem_;
};

}  // namespace

std::optional<std::string> find_disagreement(store::Store& store, AuditCounts& counts) {
    return Audit(store, counts).run();
}

std::optional<std::string> find_problem(store::Store& store, AuditCounts& counts) {
    if (auto damage = store.find_damage()) return damage;
    return find_disagreement(store, counts);
}

}  // namespace holdfast::engine
