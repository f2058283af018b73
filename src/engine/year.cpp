#include "engine/year.h"

#include "engine/courier.h"
#include "engine/texts.h"
#include "engine/writer.h"
#include "engine/year_calendar.h"
#include "engine/year_life.h"

#include "base/verify.h"
#include "order/deadlines.h"

#include <algorithm>
#include <optional>
#include <queue>
#include <unordered_map>
#include <utility>
#include <vector>

namespace holdfast::engine {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

constexpr std::size_t batch_most = 1'024;
constexpr Duration processor_takes = minutes{40};
struct Wake {
    Instant at{};
    std::size_t life = 0;
    bool operator>(const Wake& other) const {
        return std::pair(at, life) > std::pair(other.at, other.life);
    }
};

// A life, and what is done in it next.
struct Lived {
    explicit Lived(Life of_order) : life(std::move(of_order)) {}
    Life life;
    std::optional<Deed> next = {};        // none: nothing but time
    std::optional<Instant> wake_at = {};  // none: it is over
    bool is_placed = false;
};

class Year {
public:
    Year(store::Store& store, const RulesBook& rules, const terms::Terms& terms,
         const YearOptions& options)
        : store_(store),
          rules_(rules.rules_for(terms)),
          pin_(terms::pin_of(terms)),
          options_(options),
          chance_(options.seed),
          begin_(options.end - year_long),
          people_(make_people(chance_.of(1), sellers_for(options.orders),
                              buyers_for(options.orders), options.end)),
          writer_(store, rules) {
        lives_.reserve(options.orders);
        for (const auto& begun : beginnings()) begin_life(begun);
    }

    YearCounts make() {
        begin_books();
        for (auto at = begin_; at < options_.end;) {
            const auto until = std::min(at + step_at(at), options_.end);
            live_until(until);
            pay_sellers(at, until);
            do_the_rest(until);
            at = until;
            if (options_.progress)
                options_.progress(static_cast<std::uint64_t>((at - begin_).count()),
                                  static_cast<std::uint64_t>((options_.end - begin_).count()));
        }
        return count();
    }

private:
    struct Begun {
        Instant at{};
        std::optional<Plot> plot = {};
    };

    // Of all lives, in order: some with a plot, as many of each; the others as chance has it.
    std::vector<Begun> beginnings() const {
        constexpr auto plots = static_cast<std::uint32_t>(Plot::count_);
        const auto each = std::min(std::max(2U, options_.orders / 2'000), options_.orders / plots);
        std::vector<Begun> all;
        for (std::uint32_t i = 0; i < each * plots; ++i) {
            const auto plot = static_cast<Plot>(i % plots);
            all.push_back({beginning_of(plot, chance_.of(4).of(i), options_.end), plot});
        }
        for (const auto at :
             placing_times(chance_.of(2), options_.orders - all.size(), options_.end))
            all.push_back({at, std::nullopt});
        std::ranges::stable_sort(all, {}, &Begun::at);
        return all;
    }

    void begin_life(const Begun& begun) {
        const auto index = lives_.size();
        Life life(chance_.of(10 + index), static_cast<std::uint32_t>(index + 1), people_, begun.at,
                  options_.end);
        if (begun.plot == Plot::came_late) life.buyer = &people_.buyers.front();
        if (begun.plot) write_script(life, *begun.plot, options_.end);
        if (begun.plot == Plot::unanswered) {
            counts_.a_seller = life.seller->id;
            counts_.a_buyer = life.buyer->id;
        }
        lives_.emplace_back(std::move(life));
        wake(index, begun.at);
    }

    static std::size_t sellers_for(std::uint32_t orders) {
        return std::clamp<std::size_t>(orders / 160, 24, 400);
    }
    static std::size_t buyers_for(std::uint32_t orders) {
        return std::max<std::size_t>(orders / 6, 40);
    }
    // What is looked at first is the last days: there, things come in their very order.
    Duration step_at(Instant at) const {
        return at < options_.end - days{3} ? Duration{hours{6}} : Duration{minutes{20}};
    }

    // --- The parties' books

    Work party_work(const order::PartyId& party, ledger::Request request, Instant at,
                    std::string cause) const {
        return {.stream = party_stream(party),
                .what = ledger::Command{.request = std::move(request)},
                .received_at = at,
                .cause = std::move(cause)};
    }

    void begin_books() {
        std::vector<store::Person> persons;
        for (const auto& one : people_.buyers) persons.push_back(one.person);
        for (const auto& one : people_.sellers)
            persons.push_back({.email = "orders." + one.reference + "@shop.example",
                               .name = one.name,
                               .phone = {},
                               .address = std::string(one.country.view())});
        marks_ = store_.person_marks(persons);
        std::vector<Work> works;
        for (std::size_t i = 0; i < people_.sellers.size(); ++i) begin_seller(i, works);
        run(works);
    }

    void begin_seller(std::size_t index, std::vector<Work>& works) {
        const auto& seller = people_.sellers[index];
        add_party(seller.id, seller.reference, marks_[people_.buyers.size() + index], begin_,
                  works);
        if (seller.kind == SellerKind::careless)
            works.push_back(party_work(seller.id,
                                       ledger::SetReserve{.basis_points = 1'000, .days = 30},
                                       begin_, std::string(by_)));
        if (index % 5 == 0)
            works.push_back(
                {.stream = party_stream(seller.id),
                 .what =
                     ledger::Observation{begin_,
                                         ledger::SeeDepositPaid{
                                             .reference = Word::cut("deposit-" + seller.reference),
                                             .currency = seller.currency,
                                             .amount = 50'000}},
                 .received_at = begin_,
                 .cause = std::string(by_)});
    }

    void add_party(const order::PartyId& id, const std::string& reference, const std::string& mark,
                   Instant at, std::vector<Work>& works) const {
        works.push_back(party_work(id, ledger::BeginBooks{}, at, naming_cause(reference)));
        works.push_back(
            party_work(id, ledger::SetContact{.mark = mark, .language = {}}, at, std::string(by_)));
    }

    // On Mondays, to those who are not held.
    void pay_sellers(Instant from, Instant until) {
        const auto monday = std::chrono::floor<days>(from) + hours{5};
        if (monday < from || monday >= until ||
            std::chrono::weekday(std::chrono::floor<days>(from)) != std::chrono::Monday)
            return;
        std::vector<Work> works;
        for (const auto& one : people_.sellers) {
            if (one.kind == SellerKind::gone && until > *one.gone_at + days{6} &&
                until <= *one.gone_at + days{13})
                works.push_back(party_work(one.id,
                                           ledger::HoldPayouts{ledger::HoldReason::dispute_rate},
                                           until, std::string(by_)));
            works.push_back(
                party_work(one.id, ledger::BatchPayout{.currency = one.currency, .at_least = 500},
                           until, std::string(by_)));
        }
        run(works);
    }

    // --- The orders

    void wake(std::size_t life, Instant at) {
        lives_[life].wake_at = at;
        wakes_.push({at, life});
    }

    void live_until(Instant until) {
        while (!wakes_.empty() && wakes_.top().at < until) {
            std::vector<Wake> round;
            while (!wakes_.empty() && wakes_.top().at < until && round.size() < batch_most) {
                const auto next = wakes_.top();
                wakes_.pop();
                auto& due = lives_[next.life].wake_at;
                if (due != next.at) continue;
                due.reset();  // planned again before it came, it stands here twice
                round.push_back(next);
            }
            take_turns(round);
        }
    }

    void take_turns(const std::vector<Wake>& round) {
        std::vector<Work> works;
        std::vector<std::size_t> which;  // of the works is that of the turn
        for (const auto& one : round) {
            auto& lived = lives_[one.life];
            if (!lived.is_placed) greet_buyer(lived.life, works);
            which.push_back(works.size());
            works.push_back(work_of(lived, one.at));
        }
        const auto answers = run(works);
        for (std::size_t i = 0; i < round.size(); ++i) {
            auto& lived = lives_[round[i].life];
            learn(lived, answers[which[i]], round[i].at);
            plan(round[i].life, round[i].at);
        }
    }

    void greet_buyer(const Life& life, std::vector<Work>& works) {
        const auto index = static_cast<std::size_t>(life.buyer - people_.buyers.data());
        if (greeted_.size() <= index) greeted_.resize(people_.buyers.size());
        if (std::exchange(greeted_[index], char{1})) return;
        add_party(life.buyer->id, life.buyer->reference, marks_[index], life.placed_at, works);
    }

    Work work_of(Lived& lived, Instant at) {
        auto& life = lived.life;
        Work work{
            .stream = life.stream, .what = Tick{}, .received_at = at, .cause = std::string(by_)};
        if (!lived.is_placed) {
            lived.is_placed = true;
            life.stream = order_stream(marketplace_account, life.reference, life.placed_at);
            by_stream_[life.stream] = static_cast<std::size_t>(life.number - 1);
            work.stream = life.stream;
            work.what = PlaceOrder{.account = std::string(marketplace_account),
                                   .reference = life.reference,
                                   .placed_at = life.placed_at,
                                   .placement = placement_of(life, pin_)};
        } else if (lived.next) {
            put(lived.next->what, life, work);
        }
        return work;
    }

    void put(const decltype(Deed::what)& what, const Life& life, Work& work) {
        if (const auto* command = std::get_if<order::Command>(&what)) work.what = *command;
        if (const auto* seen = std::get_if<order::Observation>(&what)) work.what = *seen;
        const auto* says = std::get_if<Says>(&what);
        if (!says) return;
        const auto owner = says->by == order::Party::buyer    ? life.buyer->id.bytes
                           : says->by == order::Party::seller ? life.seller->id.bytes
                                                              : IdBytes{};
        work.what = order::Command{
            .by = says->by,
            .request = order::SendMessage{.to = order::Audience::everyone,
                                          .dispute = says->dispute,
                                          .text = store_.keep_text(owner, says->text)},
            .standing = {}};
    }

    // What was refused is not tried again, or later; nor is what changed nothing.
    static void learn(Lived& lived, const Answer& answer, Instant at) {
        VERIFY(answer.outcome == Outcome::done || answer.outcome == Outcome::refused);
        if (!lived.next) return;
        ++lived.life.done;
        if (answer.first_seq > 0) return;
        Life::Refused refused{.what = lived.next->name};
        if (const auto* why = std::get_if<order::Refusal>(&answer.refusal)) {
            if (why->opens_at && *why->opens_at > at) refused.again_at = why->opens_at;
            if (why->code == order::RefusalCode::default_pending) refused.again_at = at + hours{2};
        }
        std::erase_if(lived.life.refused,
                      [&](const auto& one) { return one.what == refused.what; });
        lived.life.refused.push_back(std::move(refused));
    }

    // Of a plot its next step.
    static std::optional<Deed> next_of(Life& life, const order::Order& order) {
        if (life.script.empty()) return next_deed(order, life);
        if (life.done == life.script.size()) return std::nullopt;
        auto deed = life.script[life.done];
        deed.at = std::max(deed.at, order.last_at);
        return deed;
    }

    // What is done next in this life, and when.
    void plan(std::size_t index, Instant now) {
        auto& lived = lives_[index];
        const auto live = writer_.look_up(lived.life.stream);
        VERIFY(live && *live);
        const auto& order = std::get<LiveOrder>((*live)->what);
        lived.next = next_of(lived.life, order.state);
        auto at = lived.next ? std::max(lived.next->at, now) : Instant::max();
        const auto& ahead = order.ahead ? *order.ahead : order::deadlines(order.state, rules_);
        if (!ahead.empty()) {
            auto strikes = ahead.front().legal_at + rules_.grace;
            if (strikes <= now) strikes = now + hours{1};
            if (strikes < at) {
                at = strikes;
                lived.next.reset();
            }
        }
        lived.wake_at.reset();
        if (at < options_.end) wake(index, at);
    }

    // --- Money

    void do_the_rest(Instant now) {
        for (bool more = true; more;) {
            const auto done = writer_.do_chores(now, {batch_most, batch_most});
            more = done.transfers > 0 || done.streams == batch_most;
        }
        for (const auto kind : {instruction_kind, payout_kind})
            while (settle_some(kind, now)) {
            }
    }

    // What a processor was told a while ago is done, or now and then cannot be. False: nothing.
    bool settle_some(std::string_view kind, Instant now) {
        const auto rows = store_.outbox_due(kind, now - processor_takes, batch_most);
        std::vector<Work> works;
        for (const auto& row : rows) {
            const bool fails = chance_.of(3).of(row.no).happens(8, "fails");
            auto work = ending_of(row, fails ? Fate::failed : Fate::succeeded, now);
            VERIFY(work.has_value());
            work->cause = "processor:sandbox";
            works.push_back(*std::move(work));
        }
        run(works);
        if (kind == instruction_kind)
            for (const auto& row : rows) plan(by_stream_.at(row.stream), now);
        return !rows.empty();
    }

    std::vector<Answer> run(const std::vector<Work>& works) {
        if (works.empty()) return {};
        auto answers = writer_.run(works);
        for (const auto& answer : answers)
            if (answer.outcome == Outcome::unavailable) throw store::StoreDown(answer.problem);
        return answers;
    }

    YearCounts count() {
        auto& counts = counts_;
        counts.reseller = people_.buyers.front().id;
        counts.orders = lives_.size();
        counts.buyers = static_cast<std::uint64_t>(std::ranges::count(greeted_, char{1}));
        counts.sellers = people_.sellers.size();
        for (const auto& lived : lives_) {
            const auto live = writer_.look_up(lived.life.stream);
            VERIFY(live && *live);
            const auto& order = std::get<LiveOrder>((*live)->what).state;
            counts.under_way += !order.is_over();
            counts.disputes += order.disputes.size();
            counts.open_disputes += static_cast<std::uint64_t>(std::ranges::count_if(
                order.disputes, [](const auto& one) { return !one.is_closed(); }));
        }
        return counts;
    }

    static constexpr std::string_view by_ = "demo";

    store::Store& store_;
    order::Rules rules_;
    terms::Pin pin_;
    const YearOptions& options_;
    Chance chance_;
    Instant begin_;
    YearPeople people_;
    Writer writer_;
    std::vector<std::string> marks_;  // of the buyers, then of the sellers
    YearCounts counts_;
    std::vector<char> greeted_;
    std::vector<Lived> lives_;
    std::unordered_map<store::StreamId, std::size_t, store::HashStreamId> by_stream_;
    std::priority_queue<Wake, std::vector<Wake>, std::greater<>> wakes_;
};

}  // namespace

YearCounts make_year(store::Store& store, const RulesBook& rules, const terms::Terms& terms,
                     const YearOptions& options) {
    return Year(store, rules, terms, options).make();
}

}  // namespace holdfast::engine
