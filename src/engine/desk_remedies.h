// The remedies of one sale as the desk works them out: the complaint from the sale and its
// purchases, chances from the store's own history where nobody says otherwise, what law and store
// promised, what the operator set.
#pragma once

#include "desk/arrival_chance.h"
#include "desk/complaint.h"
#include "desk/remedy.h"
#include "engine/desk_view.h"
#include "formats/rulebook.h"

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

namespace holdfast::engine {

struct RemedyAsk {
    terms::Reason reason = terms::Reason::not_received;
    std::vector<std::string> purchases = {};     // that it is about; none: all of the sale
    std::optional<desk::ClaimState> claim = {};  // where a person knows better than the data
    desk::Chances chances = {};  // an arrival or a claim that is given goes over the history
    std::optional<Money> resend = {}, resend_other = {}, gift = {}, part = {};
    std::optional<Money> return_postage = {};
    std::optional<Currency> currency = {};  // of the sums; else the sale's
};

struct RemedyFound {
    desk::ComplaintView view;
    desk::Remedies remedies;
    Currency currency = Currency::usd;
    std::optional<desk::ArrivalChance> arrival = {};  // by the history, where it was asked
    std::optional<desk::ClaimChance> claim = {};      // the same of our claims
};

bool is_concerned(const RemedyAsk& ask, const desk::Purchase& purchase);

// A field of the ask, by its name, and what is wrong with it; of no field: the sale itself.
struct RemedyFault {
    std::string field, sentence;
};

// The models in use by `view` give the chances of arrival and of the claim.
[[nodiscard]] std::expected<RemedyFound, RemedyFault> remedies_of(DeskView& view,
                                                                  const formats::Rulebook& rules,
                                                                  const SaleView& sale,
                                                                  const RemedyAsk& ask);

// Drafts for each purchase that the complaint is about: the claim, and a message to the seller.
std::vector<std::string> drafts_of(const DeskView& view, const SaleView& sale, const RemedyAsk& ask,
                                   const desk::ComplaintView& complaint,
                                   const desk::Languages& languages);

}  // namespace holdfast::engine
