// Five acts that want the same money, in every order and from four places of a life: the buyer
// confirms, the buyer disputes, the seller cancels, the operator refunds, time passes. Whoever
// comes first wins, the money leaves once, and all that come later are told why. The table of all
// outcomes is tests/data/interleavings.txt; HOLDFAST_REWRITE=1 writes it anew.

#include "order_world.h"

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace holdfast::test {
namespace {

using namespace order;

constexpr Instant begin{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}};
constexpr const char* golden = HOLDFAST_SOURCE_DIR "/tests/data/interleavings.txt";

enum class From { paid, shipped, delivered, in_dispute };
enum class Act { confirm, dispute, cancel, refund, time };
constexpr std::array place_names{"paid", "shipped", "delivered", "in_dispute"};
constexpr std::array act_names{"confirm", "dispute", "cancel", "refund", "time"};

World world_at(From place) {
    World world;
    Placement placement;
    placement.lines = {{.sku = "lamp", .quantity = 2, .unit_price = 500}};
    placement.shipping = 100;
    placement.commission_basis_points = 1000;
    placement.promised_by = begin + std::chrono::days{20};
    REQUIRE(world.decide({Party::platform, Place{placement}}, begin));
    REQUIRE(world.observe({begin + 1h, SeeCaptured{1100}}, begin + 1h));
    if (place == From::paid) return world;
    REQUIRE(world.observe({begin + 48h, SeeShipped{.lines = {}, .tracking = "T"}}, begin + 48h));
    if (place == From::shipped) return world;
    REQUIRE(world.observe({begin + 96h, SeeScan{{1}, ScanKind::delivered}}, begin + 96h));
    if (place == From::delivered) return world;
    REQUIRE(
        world.decide({Party::buyer, OpenDispute{.reason = Reason::not_as_described}}, begin + 97h));
    return world;
}

std::string word_of(const Decision& decision) {
    if (decision) return decision->empty() ? "nothing_new" : "yes";
    if (decision.error().code == RefusalCode::not_granted)
        return std::string(terms::to_string(decision.error().outcome));
    return std::string(to_string(decision.error().code));
}

// What time did, by the clauses that struck.
std::string word_of(const std::vector<Events>& changes) {
    std::string text;
    for (const auto& change : changes)
        for (const auto& one : change)
            if (const auto* due = std::get_if<DefaultStruck>(&one.event))
                text.append(text.empty() ? "" : "+").append(due->clause.view());
    return text.empty() ? "nothing_due" : text;
}

class Play {
public:
    explicit Play(From place) : world_(world_at(place)), now_(begin + 100h) {}

    std::string act(Act act) {
        if (act == Act::time) {
            const auto next = next_deadline(world_.order, world_.rules);
            now_ = next ? std::max(now_, next->legal_at + world_.rules.grace) : now_ + 1h;
            return word_of(world_.pass(now_));
        }
        now_ += 1min;
        world_.pass(now_);
        const auto before = world_.order;
        const auto decision = world_.decide(command(act), now_);
        if (!decision) CHECK(world_.order == before);
        return word_of(decision);
    }

    std::string end() {
        now_ += std::chrono::days{1000};
        const auto changes = world_.pass(now_);
        const auto& money = world_.order.money;
        CHECK(world_.error == "");
        // Each unit that came in went to one of three, once.
        CHECK(money.held == 0);
        CHECK(money.refunded + (money.released - money.advanced_by_seller) + money.fees ==
              money.captured);
        CHECK(money.advanced_by_guarantee == 0);
        CHECK(money.refunded <= money.captured);
        CHECK(world_.order.is_over());
        CHECK_FALSE(has_open_dispute(world_.order));
        std::ostringstream text;
        text << "later=" << word_of(changes) << " -> "
             << (world_.order.cancelled ? "cancelled" : "completed") << ", buyer " << money.refunded
             << ", seller " << money.released - money.advanced_by_seller << ", fees " << money.fees;
        return text.str();
    }

private:
    static Command command(Act act) {
        switch (act) {
        case Act::confirm: return {Party::buyer, ConfirmReceipt{}};
        case Act::dispute: return {Party::buyer, OpenDispute{.reason = Reason::not_as_described}};
        case Act::cancel:  return {Party::seller, Cancel{}};
        case Act::refund:  return {Party::platform, Refund{}};
        case Act::time:    break;
        }
        VERIFY(!"time is no command");
        return {};
    }

    World world_;
    Instant now_;
};

std::string table() {
    std::string text =
        "# From each place of a life, five acts in all 120 orders: what each was answered, what\n"
        "# time did after them, and where the 1100 that the buyer paid went.\n";
    for (std::size_t place = 0; place < place_names.size(); ++place) {
        std::array acts{Act::confirm, Act::dispute, Act::cancel, Act::refund, Act::time};
        do {
            Play play(static_cast<From>(place));
            std::string row = place_names[place];
            row += ":";
            for (const auto act : acts)
                row.append(" ").append(act_names[static_cast<std::size_t>(act)]).append("=") +=
                    play.act(act);
            CAPTURE(row);
            row.append(" ") += play.end();
            text += row + "\n";
        } while (std::ranges::next_permutation(acts).found);
    }
    return text;
}

}  // namespace

TEST_CASE("interleavings: the money leaves once, whoever comes first") {
    const auto found = table();
    if (std::getenv("HOLDFAST_REWRITE")) {
        std::ofstream(golden, std::ios::binary) << found;
    }
    const auto expected = read_whole(golden);
    CHECK(std::ranges::count(found, '\n') == 2 + 4 * 120);
    std::istringstream is(found), should(expected);
    std::string line, wanted;
    while (std::getline(is, line)) {
        std::getline(should, wanted);
        CHECK(line == wanted);
    }
    CHECK_FALSE(std::getline(should, wanted));
}

}  // namespace holdfast::test
