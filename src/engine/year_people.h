// Who trades in a made year: buyers, sellers of several kinds and what they sell.
//
// All of it is invented: names are put together from two lists, mail addresses end in .example.
#pragma once

#include "engine/year_chance.h"

#include "base/currency.h"
#include "base/word.h"
#include "order/order.h"
#include "store/store.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::engine {

enum class SellerKind : std::uint8_t {
    prompt,    // ships the next day, and makes good what went wrong
    usual,     // ships in some days, and bargains
    slow,      // ships at the last moment, and answers then
    careless,  // sends what is wrong, broken or not all
    stubborn,  // says no
    silent,    // ships, and answers nothing
    gone,      // stopped shipping some weeks before the end
    count_
};

struct Good {
    Word sku;
    std::string_view title;
    order::Minor price = 0;  // minor units
    Word mark = {};          // of the terms' item marks; empty: none
};

struct YearSeller {
    order::PartyId id;
    std::string reference, name;
    SellerKind kind = SellerKind::usual;
    Currency currency = Currency::eur;
    Word country;
    std::int32_t commission_basis_points = 0;
    std::vector<Good> goods;
    std::optional<Instant> gone_at = {};
};

struct YearBuyer {
    order::PartyId id;
    std::string reference;
    store::Person person;
    Word country;
    Currency currency = Currency::eur;
    bool claims_often = false;
};

struct YearPeople {
    std::vector<YearSeller> sellers;
    std::vector<YearBuyer> buyers;

    // Some buy, and some sell, much more than others; most is bought where one's own money is
    // taken.
    const YearBuyer& buyer_for(const Chance& order) const;
    const YearSeller& seller_for(const YearBuyer& buyer, const Chance& order) const;
};

// `end`: of the year.
YearPeople make_people(const Chance& chance, std::size_t sellers, std::size_t buyers, Instant end);

}  // namespace holdfast::engine
