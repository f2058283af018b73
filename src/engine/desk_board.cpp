#include "engine/desk_board.h"

#include "desk/remedy_sum.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace holdfast::engine {
namespace {

using desk::WorkWord;
using store::StreamKind;

constexpr std::size_t feed_slice = 1'000;
constexpr std::size_t stores_most = 64;

// Silence grows and rates go on without any event: no answer is kept for longer.
constexpr auto unsettled_lasts = std::chrono::hours{1};
constexpr auto settled_lasts = std::chrono::hours{24};

// When another word may stand there, whatever else happens.
Instant look_again(const desk::WorkItem& item, const desk::DeskOptions& options, Instant now) {
    const bool is_settled = item.word == WorkWord::none || item.word == WorkWord::recovered ||
                            item.word == WorkWord::missed;
    auto at = now + (is_settled ? Duration{settled_lasts} : Duration{unsettled_lasts});
    const auto consider = [&](std::optional<Instant> one) {
        if (one && *one > now) at = std::min(at, *one);
    };
    consider(item.opens_at);
    consider(item.closes_at);
    consider(item.promised_by);
    if (item.closes_at) consider(*item.closes_at - options.closing_soon);
    if (item.promised_by) consider(*item.promised_by - options.extension_before);
    if (item.countdown) consider(item.countdown->at);
    if (item.act_by) consider(item.act_by->at);
    return at;
}

}  // namespace

bool DeskBoard::Row::can_claim() const { return desk::can_be_claimed(word); }

// Nobody has claimed yet, and somebody may, now or later.
bool DeskBoard::Row::can_lapse() const {
    return can_claim() || word == WorkWord::ask_extension || word == WorkWord::do_not_confirm ||
           word == WorkWord::waiting;
}

DeskBoard::DeskBoard(store::Store& store, DeskView& view)
    : store_(store), view_(view), work_(store) {
    number_of("");
}

DeskBoard::Names DeskBoard::number_of(std::string_view name) {
    const auto known = names_.find(name);
    if (known != names_.end()) return known->second;
    const auto number = static_cast<Names>(names_.size());
    names_.emplace(name, number);
    return number;
}

// Of more stores than there are bits, the last share one.
std::uint64_t DeskBoard::bit_of(const std::string& store) {
    auto found = std::ranges::find(stores_, store);
    if (found == stores_.end()) {
        stores_.push_back(store);
        found = stores_.end() - 1;
    }
    const auto place = static_cast<std::size_t>(found - stores_.begin());
    return std::uint64_t{1} << std::min(place, stores_most - 1);
}

// --- Keeping up

std::size_t DeskBoard::refresh(Instant now, std::size_t most) {
    view_.set_now(now);
    if (!is_loaded_) load();
    follow_feed(most);
    while (!looks_.empty() && looks_.top().first <= now) {
        const auto [at, place] = looks_.top();
        looks_.pop();
        if (look_at_[place] == at) waiting_.insert(rows_[place].stream);
    }
    std::size_t done = 0;
    while (!waiting_.empty() && done < most) {
        const auto stream = *waiting_.begin();
        waiting_.erase(waiting_.begin());
        assess(stream);
        ++done;
    }
    return done;
}

// What is committed from here on comes by the feed.
void DeskBoard::load() {
    position_ = store_.feed_end();
    view_.each_purchase([&](const PurchaseView& one) {
        take(to_row(one));
        return true;
    });
    view_.each_dispute([&](const RowView& one) { take(one); });
    work_.each([&](const store::StreamId& purchase, const RowState& state) {
        take(row_of(purchase), state);
    });
    is_loaded_ = true;
}

void DeskBoard::follow_feed(std::size_t most) {
    for (std::size_t seen = 0; seen < most;) {
        const auto events = store_.feed(position_, feed_slice);
        if (events.empty()) return;
        for (const auto& event : events) follow(event);
        position_ = events.back().position;
        seen += events.size();
    }
}

void DeskBoard::follow(const store::FeedEvent& event) {
    switch (event.kind) {
    case StreamKind::purchase: waiting_.insert(event.stream); return;
    case StreamKind::parcel:
        for (const auto& one : view_.purchases_of_parcel(event.stream)) waiting_.insert(one);
        return;
    case StreamKind::link:   waiting_.merge(view_.renew_link(event.stream)); return;
    case StreamKind::sale:   waiting_.merge(view_.renew_sale(event.stream)); return;
    case StreamKind::system: follow_system(event.stream); return;
    case StreamKind::order:
    case StreamKind::party:  return;
    }
}

void DeskBoard::follow_system(const store::StreamId& stream) {
    const auto row = store_.find(stream);
    if (!row) return;
    if (row->system == "rates") {
        view_.renew_rates();
        look_at_all();
    } else if (const auto purchase = DeskWork::purchase_of(*row)) {
        take(row_of(*purchase), work_.find(*purchase));
        waiting_.merge(view_.renew_work(*purchase));
    } else {
        waiting_.merge(view_.renew_movement(stream));
    }
}

void DeskBoard::look_at_all() {
    for (const auto& row : rows_) waiting_.insert(row.stream);
}

void DeskBoard::assess(const store::StreamId& stream) {
    if (const auto view = view_.find_purchase(stream)) {
        take(to_row(*view));
        // What is said of the claim stands in the dispute's row, too.
        waiting_.merge(view_.disputes_about(stream, view->item));
    } else if (const auto dispute = view_.find_dispute(stream)) {
        take(*dispute);
    }
}

DeskBoard::Row& DeskBoard::row_of(const store::StreamId& stream) {
    const auto [place, is_new] = places_.emplace(stream, rows_.size());
    if (is_new) {
        rows_.push_back({.stream = stream});
        look_at_.emplace_back();
    }
    return rows_[place->second];
}

void DeskBoard::take(const RowView& view) {
    const auto now = view_.now();
    auto& row = row_of(view.stream);
    row.name = view.item.system + ' ' + view.item.reference;
    row.word = view.item.word;
    row.urgency = desk::urgency_of(view.item, view_.rates(), view_.settings().options, now);
    row.seller = number_of(view.item.seller);
    row.account = number_of(view.account);
    if (!view.account.empty()) accounts_.insert(view.account);
    row.stores = 0;
    for (const auto& store : view.stores) row.stores |= bit_of(store);
    const auto place = static_cast<std::size_t>(&row - rows_.data());
    look_at_[place] = look_again(view.item, view_.settings().options, now);
    looks_.emplace(look_at_[place], place);
}

void DeskBoard::take(Row& row, const RowState& state) {
    row.assignee = number_of(state.assignee);
    row.snoozed_until = state.snoozed_until;
    row.filed_at = state.filed_at;
}

// --- Showing

std::optional<DeskBoard::Names> DeskBoard::known_number(const std::string& name) const {
    const auto known = names_.find(name);
    return known == names_.end() ? std::nullopt : std::optional(known->second);
}

// Which rows, by all that the filter says.
class DeskBoard::Shown {
public:
    Shown(const DeskBoard& board, const BoardFilter& filter)
        : filter_(filter),
          now_(board.view_.now()),
          seller_(number(board, filter.seller)),
          account_(number(board, filter.account)),
          assignee_(number(board, filter.assignee)),
          seen_by_(number(board, filter.seen_by)) {
        const auto store = std::ranges::find(board.stores_, filter.store);
        const auto place = static_cast<std::size_t>(store - board.stores_.begin());
        if (store != board.stores_.end())
            store_ = std::uint64_t{1} << std::min(place, stores_most - 1);
    }

    // But for the word.
    bool holds(const Row& row) const {
        if (!filter_.seller.empty() && row.seller != seller_) return false;
        if (!filter_.account.empty() && row.account != account_) return false;
        if (!filter_.store.empty() && (row.stores & store_) == 0) return false;
        if (!filter_.assignee.empty() && row.assignee != assignee_) return false;
        if (filter_.unassigned && row.assignee != 0) return false;
        if (!filter_.seen_by.empty() && row.assignee != 0 && row.assignee != seen_by_) return false;
        return filter_.snoozed || !sleeps_until(row.snoozed_until, row.urgency.closes_at, now_);
    }
    bool has_word(const Row& row) const {
        return filter_.words.empty() ? row.word != WorkWord::none
                                     : filter_.words.contains(row.word);
    }

private:
    static constexpr Names nobody = UINT32_MAX;
    static Names number(const DeskBoard& board, const std::string& name) {
        return board.known_number(name).value_or(nobody);
    }

    const BoardFilter& filter_;
    Instant now_;
    Names seller_, account_, assignee_, seen_by_;
    std::uint64_t store_ = 0;
};

BoardPage DeskBoard::page(const BoardFilter& filter, std::size_t from, std::size_t limit) {
    BoardPage page;
    const Shown shown(*this, filter);
    const auto now = view_.now();
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        if (!shown.holds(rows_[i])) continue;
        ++page.counts[rows_[i].word];
        if (shown.has_word(rows_[i])) places.push_back(i);
    }
    page.accounts.assign(accounts_.begin(), accounts_.end());
    page.stores = stores_;
    std::ranges::sort(page.stores);
    page.has_more = places.size() > from + limit;
    const auto begin = std::min(places.size(), from);
    const auto end = std::min(places.size(), from + limit);
    const auto is_before = [&](std::size_t a, std::size_t b) {
        const auto &one = rows_[a].urgency, &other = rows_[b].urgency;
        if (desk::is_more_urgent(one, other, now)) return true;
        if (desk::is_more_urgent(other, one, now)) return false;
        return rows_[a].name < rows_[b].name;
    };
    // Only this page is sorted: of a late one it is enough to know which rows come before it.
    const auto first = places.begin() + static_cast<std::ptrdiff_t>(begin);
    if (begin > 0) std::ranges::nth_element(places, first, is_before);
    std::ranges::partial_sort(first, places.begin() + static_cast<std::ptrdiff_t>(end),
                              places.end(), is_before);
    for (auto i = begin; i < end; ++i) {
        const auto stream = rows_[places[i]].stream;
        if (auto view = view_.find_purchase(stream)) {
            view_.tell_arrival(*view);
            page.lines.push_back({to_row(*view), work_.find(stream)});
        } else if (auto dispute = view_.find_dispute(stream)) {
            page.lines.push_back({*std::move(dispute), work_.find(stream)});
        }
    }
    return page;
}

std::optional<RowState> DeskBoard::state_of(const store::StreamId& purchase) const {
    if (!places_.contains(purchase)) return std::nullopt;
    return DeskWork(store_).find(purchase);
}

LapseCurve DeskBoard::curve(std::size_t days) const {
    const auto now = view_.now();
    const auto currency = view_.settings().options.currency;
    LapseCurve curve;
    for (std::size_t i = 0; i < days; ++i)
        curve.days.push_back({.on = desk::day_of(now) + std::chrono::days{static_cast<int>(i)},
                              .money = Money::zero(currency)});
    for (const auto& row : rows_) {
        curve.filed_in_span += row.filed_at && *row.filed_at > now - pace_span;
        curve.open_rows += row.can_claim();
        if (!row.can_lapse()) continue;
        const auto& closes = row.urgency.closes_at;
        if (!closes || *closes <= now) continue;
        const auto place =
            static_cast<std::size_t>((desk::day_of(*closes) - desk::day_of(now)).count());
        if (place >= days) continue;
        auto& day = curve.days[place];
        ++day.rows;
        if (row.urgency.converted)
            day.money = day.money + Money::of_minor(row.urgency.stake, currency);
        else
            ++curve.without_sum;
    }
    return curve;
}

}  // namespace holdfast::engine
