// What suppliers owe back and what came: expected money beside received money, in each currency.
//
// A claim that is granted and what was cancelled after payment, a whole order or lines of one, are
// expected until as much is seen to have come; a claim that runs is hoped for. What came beyond
// what was expected is received all the same. What was taken back again is not received any more,
// and stands apart.
#pragma once

#include "base/currency.h"
#include "base/instant.h"
#include "base/money.h"
#include "desk/audit.h"
#include "desk/purchase.h"
#include "desk/worklist.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace holdfast::desk {

struct Owed {
    std::string system, reference, seller;
    Money expected, received, rest;
    std::optional<Instant> since;  // the claim's end, or the cancellation
    std::string why;
    bool operator==(const Owed&) const = default;
};

struct RecoveryCurrency {
    AuditSum hoped_for;                                 // claims that run
    AuditSum expected;                                  // granted or due, all of it
    AuditSum received;                                  // all that came
    AuditSum owed;                                      // expected and not come
    AuditSum taken_back;                                // had come, and is not there any more
    std::map<std::string, AuditSum> received_by_month;  // "2026-08"; "unknown" where no source says
    bool operator==(const RecoveryCurrency&) const = default;
};

struct Reversed {
    std::string system, reference, seller;
    Reversal reversal;
    bool operator==(const Reversed&) const = default;
};

class Recovery {
public:
    // `filed`: a claim that somebody filed by hand; it is hoped for until a source shows it.
    void add(const WorkItem& item, const Purchase& purchase,
             const std::optional<FiledClaim>& filed = {});

    const std::map<Currency, RecoveryCurrency>& currencies() const { return currencies_; }
    // What has been owed for longest first; of unknown day last.
    std::vector<Owed> owed() const;
    std::vector<Reversed> reversals() const;  // the newest first

private:
    std::map<Currency, RecoveryCurrency> currencies_;
    std::vector<Owed> owed_;
    std::vector<Reversed> reversals_;
};

}  // namespace holdfast::desk
