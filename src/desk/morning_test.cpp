#include "desk/morning.h"

#include "desk/test_support.h"

#include <string>
#include <vector>

namespace holdfast::desk {
namespace {

using namespace test;

WorkItem item(WorkWord word, const char* reference, Duration left, std::int64_t cents) {
    WorkItem made;
    made.word = word;
    made.system = "aliexpress";
    made.reference = reference;
    made.at_stake = usd(cents);
    made.closes_at = now + left;
    return made;
}

TEST_CASE("what closes before a term is counted and summed, what has closed is not") {
    auto euros = item(WorkWord::closing_soon, "3", days{2}, 1);
    euros.at_stake = Money::of_minor(500, Currency::eur);
    auto unknown = item(WorkWord::claim_now, "4", days{6}, 1);
    unknown.at_stake.reset();
    auto endless = item(WorkWord::claim_now, "5", days{1}, 1);
    endless.closes_at.reset();
    const std::vector<WorkItem> items{item(WorkWord::claim_now, "1", days{1}, 1000),
                                      item(WorkWord::late_claim_now, "2", days{7}, 250),
                                      euros,
                                      unknown,
                                      endless,
                                      item(WorkWord::claim_now, "6", Duration{0}, 7),
                                      item(WorkWord::waiting, "7", hours{1}, 9)};
    struct Row {
        Duration within;
        std::size_t rows;
        std::vector<Money> sums;
    };
    const std::vector<Row> rows{
        {days{1} - Duration{1}, 0, {}},
        {days{1}, 1, {usd(1000)}},
        {days{2}, 2, {Money::of_minor(500, Currency::eur), usd(1000)}},
        {days{7}, 4, {Money::of_minor(500, Currency::eur), usd(1250)}},
    };
    for (const auto& row : rows) {
        CAPTURE(row.within.count());
        CHECK(lapsing_within(items, now, row.within) ==
              LapsingSoon{.within = row.within, .rows = row.rows, .sums = row.sums});
    }
}

TEST_CASE("the morning names what closes this week, and the first rows with their next steps") {
    auto first = item(WorkWord::claim_now, "1", days{2}, 1099);
    first.next_step = "Open a dispute.";
    first.estimated = true;
    const std::vector<WorkItem> items{first, item(WorkWord::waiting, "2", days{90}, 100)};
    const std::vector<std::string> notes{"Data: 2 purchases."};
    const auto morning = morning_of(items, notes, now, 1);
    CHECK(morning.subject == "1 claim closes within a week: 10.99 USD");
    CHECK(morning.text == R"(As of 2026-11-23 12:00 UTC.

Closing within a day: nothing.
Closing within a week: 1 claim, 10.99 USD.
Closing within 30 days: 1 claim, 10.99 USD.
The list: 1 claim_now, 1 waiting.

To begin with:

- 10.99 USD, aliexpress 1, until 2026-11-25 12:00 UTC (that time is an estimate)
  Open a dispute.
- and 1 more

Data: 2 purchases.
)");
}

TEST_CASE("the morning counts what is ours to answer beside what closes") {
    auto dispute = item(WorkWord::answer_due, "PP-1", days{30}, 7830);
    dispute.closes_at.reset();
    dispute.countdown = Countdown{now + days{6}, "answer due"};
    auto ret = item(WorkWord::return_due, "R-1", days{2}, 6900);
    auto linked = item(WorkWord::answer_due, "D-1", days{40}, 100);
    linked.act_by = ActBy{now + days{1}, "the claim closes"};
    const std::vector<WorkItem> items{dispute, ret, linked,
                                      item(WorkWord::claim_now, "1", days{3}, 500)};
    CHECK(answers_within(items, now, days{1}).rows == 1);
    CHECK(answers_within(items, now, days{7}) ==
          LapsingSoon{.within = days{7}, .rows = 3, .sums = {usd(14'830)}});
    const auto morning = morning_of(items, {}, now);
    CHECK(morning.subject ==
          "1 claim closes within a week: 5.00 USD; 3 answers are due: 148.30 USD");
    CHECK(morning.text.find("Closing within a day: nothing; to answer: 1, 1.00 USD.\n") !=
          std::string::npos);
}

TEST_CASE("a morning without anything to do says so") {
    const auto morning = morning_of({}, {}, now);
    CHECK(morning.subject == "No claim closes within a week");
    CHECK(morning.text == R"(As of 2026-11-23 12:00 UTC.

Closing within a day: nothing.
Closing within a week: nothing.
Closing within 30 days: nothing.
)");
}

}  // namespace
}  // namespace holdfast::desk
