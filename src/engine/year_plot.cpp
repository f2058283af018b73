// What waits for somebody at the end of a made year: written down step by step, counted back from
// the end.
#include "engine/year_life.h"

#include "order/money.h"

#include <algorithm>
#include <utility>

namespace holdfast::engine {
namespace {

using namespace order;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

constexpr DisputeNo first_dispute{1};
constexpr OfferNo first_offer{1}, second_offer{2};

class Script {
public:
    Script(Life& life, Instant end)
        : life_(life), end_(end), placed_(placement_of(life, {})), chance_(life.chance.of(9'000)) {
        for (const auto& line : placed_.lines) goods_ += line.unit_price * line.quantity;
    }

    void write(Plot plot) {
        pay();
        if (plot == Plot::to_cancel) return ask(hours{9}, Party::buyer, Cancel{});
        ship();
        if (plot == Plot::sleeping) return sleep();
        if (plot == Plot::came_late) return come(life_.promised_by + hours{40});
        come(life_.placed_at + days{4});
        switch (plot) {
        case Plot::unanswered:   return complain(wanted_part(), before(hours{5}, hours{115}, "open"));
        case Plot::offered:      return bargain(/*with_counter=*/false);
        case Plot::countered:    return bargain(/*with_counter=*/true);
        case Plot::asked_in:     return review(before(hours{12}, hours{332}, "asked in"));
        case Plot::evidence:     return need_evidence(Party::seller);
        case Plot::explained:    return need_evidence(Party::buyer);
        case Plot::decided:      return decide(before(hours{6}, hours{164}, "decided"));
        case Plot::appealed:     return appeal();
        case Plot::to_send_back:
        case Plot::sent_back:
        case Plot::came_back:    return send_back(plot);
        case Plot::to_replace:   return replace();
        case Plot::sleeping:
        case Plot::to_cancel:
        case Plot::came_late:
        case Plot::count_:       break;
        }
        VERIFY(!"a Plot outside its list");
    }

private:
    // How long before the end.
    Duration before(Duration least, Duration most, std::string_view question) const {
        return chance_.time(least, most, question);
    }
    Minor total() const { return goods_ + placed_.shipping + placed_.tax + placed_.fee; }

    void add(Duration before_end, std::string_view name, decltype(Deed::what) what) {
        life_.script.push_back({end_ - before_end, std::string(name), std::move(what)});
    }
    void ask(Duration before_end, Party by, Request request) {
        const auto name = std::visit([](const auto& one) { return one.name; }, request);
        add(before_end, name, Command{.by = by, .request = std::move(request), .standing = {}});
    }
    void see_at(Instant at, Seen seen) {
        const auto name = std::visit([](const auto& one) { return one.name; }, seen);
        add(end_ - at, name, Observation{.when = at, .seen = std::move(seen)});
    }

    // --- The order

    void pay() {
        see_at(life_.placed_at + minutes{4},
               SeeCaptured{.amount = total(), .reference = "pay_" + std::to_string(life_.number)});
    }
    void ship() {
        const auto tracking =
            "NP" + std::to_string(chance_.between(100'000'000, 899'999'999, "no"));
        const auto at = life_.placed_at + hours{22};
        see_at(at,
               SeeShipped{
                   .lines = {}, .tracking = Word(tracking), .replaces = {}, .carrier = "nordpost"});
        see_at(at + hours{7}, SeeScan{.shipment = {1}, .kind = ScanKind::accepted});
        see_at(at + hours{19}, SeeScan{.shipment = {1}, .kind = ScanKind::moving});
    }
    void come(Instant at) { see_at(at, SeeScan{.shipment = {1}, .kind = ScanKind::delivered}); }

    // --- The dispute

    OpenDispute wanted_part() const {
        return {.reason = Reason::not_as_described,
                .wanted = Remedy::partial_refund_keep,
                .amount = std::max<Minor>(2, goods_ * 4 / 10)};
    }
    static OpenDispute wanted_back() {
        return {.reason = Reason::wrong_item, .wanted = Remedy::return_for_full_refund};
    }

    void complain(OpenDispute open, Duration before_end) {
        ask(before_end, Party::buyer, std::move(open));
        add(before_end - minutes{12}, "send_message",
            Says{Party::buyer, first_dispute, "This is not what was on the page, see the label."});
    }
    void say_no(Duration before_end) {
        ask(before_end, Party::seller, Respond{first_dispute});
        add(before_end - minutes{5}, "send_message",
            Says{Party::seller, first_dispute, "We sent what was ordered, the page shows it."});
    }
    static Settlement part(Minor amount) {
        return {.remedy = Remedy::partial_refund_keep, .amount = std::max<Minor>(1, amount)};
    }
    void offer(Duration before_end, Party by, Plan plan) {
        ask(before_end, by,
            MakeOffer{.dispute = first_dispute, .plan = std::move(plan), .expires_at = {}});
    }

    void bargain(bool with_counter) {
        complain(wanted_part(), days{8});
        offer(before(days{5}, days{6}, "offer"), Party::seller, {.then = part(goods_ / 10)});
        if (!with_counter) return;
        ask(days{4}, Party::buyer, DeclineOffer{first_offer});
        offer(before(hours{9}, days{3}, "counter"), Party::buyer, {.then = part(goods_ * 3 / 10)});
    }

    void review(Duration before_end) {
        complain(wanted_part(), before_end + days{5});
        say_no(before_end + days{4});
        ask(before_end, Party::buyer, Escalate{first_dispute});
    }

    void need_evidence(Party of) {
        review(days{6});
        ask(before(days{1}, days{2}, "evidence"), Party::platform,
            RequestEvidence{.dispute = first_dispute,
                            .of = of,
                            .due_at = end_ + chance_.time(hours{5}, days{4}, "due")});
    }

    void decide(Duration before_end) {
        review(before_end + days{3});
        ask(before_end, Party::platform,
            Decide{.dispute = first_dispute,
                   .verdict = {.settlement = part(goods_ / 5),
                               .winner = Party::either,
                               .codes = {VerdictCode::settled_by_terms}}});
    }
    void appeal() {
        const auto before_end = before(hours{8}, days{9}, "appealed");
        decide(before_end + days{2});
        ask(before_end, Party::buyer,
            Appeal{.dispute = first_dispute, .has_new_information = true});
    }

    void sleep() {
        complain({.reason = Reason::not_received, .wanted = Remedy::full_refund}, days{4});
        offer(days{3}, Party::seller,
              {.then = part(goods_ / 20 + 1),
               .arrives_by = end_ + chance_.time(hours{20}, days{8}, "arrives by"),
               .otherwise = {.remedy = Remedy::full_refund, .amount = total()}});
        ask(before(hours{10}, days{2}, "slept"), Party::buyer, AcceptOffer{first_offer});
    }

    void settle(Remedy remedy, Duration before_end) {
        offer(before_end + days{1}, Party::seller,
              {.then = {.remedy = remedy, .amount = remedy == Remedy::replacement ? 0 : total()}});
        ask(before_end, Party::buyer, AcceptOffer{first_offer});
    }
    void replace() {
        const auto before_end = before(hours{7}, hours{235}, "agreed");
        complain({.reason = Reason::damaged, .wanted = Remedy::replacement}, before_end + days{3});
        settle(Remedy::replacement, before_end);
    }
    void send_back(Plot plot) {
        const auto agreed =
            plot == Plot::to_send_back ? before(days{2}, hours{330}, "agreed") : Duration{days{12}};
        complain(wanted_back(), agreed + days{3});
        settle(Remedy::return_for_full_refund, agreed);
        ask(agreed - hours{20}, Party::seller,
            PrepareReturn{.dispute = first_dispute, .address = {}, .label = "seller"});
        if (plot == Plot::to_send_back) return;
        const auto number = chance_.between(10'000'000, 99'999'999, "way back");
        ask(days{9}, Party::buyer,
            SendReturn{.dispute = first_dispute, .tracking = Word("RT" + std::to_string(number))});
        if (plot == Plot::came_back)
            see_at(end_ - before(hours{5}, hours{115}, "came back"),
                   SeeReturnDelivered{first_dispute});
    }

    Life& life_;
    Instant end_;
    Placement placed_;
    Chance chance_;
    Minor goods_ = 0;
};

}  // namespace

Instant beginning_of(Plot plot, const Chance& chance, Instant end) {
    const auto hour = chance.time(Duration{0}, hours{14}, "begins");
    switch (plot) {
    case Plot::to_cancel:    return end - hours{20} - hour;
    case Plot::sleeping:
    case Plot::came_late:    return end - days{16} - hour;
    case Plot::unanswered:
    case Plot::offered:
    case Plot::countered:
    case Plot::asked_in:
    case Plot::evidence:
    case Plot::explained:
    case Plot::decided:
    case Plot::appealed:
    case Plot::to_send_back:
    case Plot::sent_back:
    case Plot::came_back:
    case Plot::to_replace:   return end - days{26} - hour;
    case Plot::count_:       break;
    }
    VERIFY(!"a Plot outside its list");
}

void write_script(Life& life, Plot plot, Instant end) {
    // Its goods come by a way that makes the promise of the script right.
    life.promised_by = life.placed_at + days{9};
    life.fault.reset();
    life.is_made_to_order = plot == Plot::to_cancel;
    Script(life, end).write(plot);
}

}  // namespace holdfast::engine
