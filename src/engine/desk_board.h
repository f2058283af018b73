// The worklist, kept in memory: one small row for each purchase and for each customer's dispute
// that runs, brought up to date with what was imported and with time, so that a page of it costs
// the same among a million purchases as among ten.
//
// What a page shows is assessed anew as it is shown; the rows only say what to show. Every instant
// that a row names is looked at to the millisecond; what goes by silence alone (a parcel without a
// scan for days) shows within an hour. Used by one thread at a time.
#pragma once

#include "desk/worklist.h"
#include "engine/desk_view.h"
#include "engine/desk_work.h"
#include "store/store.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <queue>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace holdfast::engine {

struct BoardFilter {
    std::set<desk::WorkWord> words = {};   // none: all but `none`
    std::string store = {}, account = {};  // a sale's system; the supplier account
    std::string seller = {};               // the supplier's store
    std::string assignee = {};             // rows of this one alone
    bool unassigned = false;               // rows that nobody has
    std::string seen_by = {};              // empty: all; else this one's rows and nobody's
    bool snoozed = false;                  // rows that sleep, too
    bool operator==(const BoardFilter&) const = default;
};

struct BoardLine {
    RowView view;
    RowState state;
};

struct BoardPage {
    std::vector<BoardLine> lines;
    bool has_more = false;
    std::map<desk::WorkWord, std::uint64_t> counts;  // of what the filter shows, by word
    std::vector<std::string> stores, accounts;       // that rows may be filtered by; sorted
};

// What will lapse on each of the days from today, and what was worked off.
struct LapseCurve {
    struct OnDay {
        Day on{};
        std::uint64_t rows = 0;
        Money money;
    };
    std::vector<OnDay> days;          // each of them
    std::uint64_t without_sum = 0;    // rows whose sum is not known, or in a currency without rate
    std::uint64_t filed_in_span = 0;  // claims that were filed in the `pace_span` before now
    std::uint64_t open_rows = 0;      // that can be claimed now
};

class DeskBoard {
public:
    static constexpr std::chrono::days pace_span{14};

    // `view` outlives the board and is the board's alone.
    DeskBoard(store::Store& store, DeskView& view);

    // Takes in what was committed since, and what time has changed; at most `most` rows are
    // assessed. How many were: less than `most` when all is up to date.
    std::size_t refresh(Instant now, std::size_t most = SIZE_MAX);

    // As of the last refresh: the rows from the `from`-th on.
    BoardPage page(const BoardFilter& filter, std::size_t from, std::size_t limit);
    LapseCurve curve(std::size_t days) const;
    std::optional<RowState> state_of(const store::StreamId& purchase) const;
    std::size_t size() const { return rows_.size(); }

private:
    using Names = std::uint32_t;  // of names_

    struct Row {
        store::StreamId stream;
        std::string name = {};  // "aliexpress 3099…": of rows that are as urgent, the order
        desk::Urgency urgency = {};
        std::uint64_t stores = 0;  // a bit for each of store_names_
        Names seller = 0, account = 0, assignee = 0;
        desk::WorkWord word = desk::WorkWord::none;
        std::optional<Instant> snoozed_until = {}, filed_at = {};
        bool can_claim() const;
        bool can_lapse() const;
    };
    class Shown;
    using Look = std::pair<Instant, std::size_t>;

    void load();
    void follow_feed(std::size_t most);
    void follow(const store::FeedEvent& event);
    void follow_system(const store::StreamId& stream);
    void look_at_all();
    void assess(const store::StreamId& stream);
    Row& row_of(const store::StreamId& stream);
    void take(const RowView& view);
    void take(Row& row, const RowState& state);
    Names number_of(std::string_view name);
    std::uint64_t bit_of(const std::string& store);
    std::optional<Names> known_number(const std::string& name) const;

    store::Store& store_;
    DeskView& view_;
    DeskWork work_;
    bool is_loaded_ = false;
    std::uint64_t position_ = 0;  // in the feed
    std::vector<Row> rows_;
    std::unordered_map<store::StreamId, std::size_t, store::HashStreamId> places_;
    std::set<store::StreamId> waiting_;  // to be assessed
    std::priority_queue<Look, std::vector<Look>, std::greater<>> looks_;
    std::vector<Instant> look_at_;  // of each row: an older look is void
    std::map<std::string, Names, std::less<>> names_;
    std::vector<std::string> stores_;
    std::set<std::string> accounts_;
};

}  // namespace holdfast::engine
