#include "engine/year_people.h"

#include "engine/work.h"

#include <algorithm>
#include <array>
#include <utility>

namespace holdfast::engine {
namespace {

constexpr std::array first_names{
    "Ada",    "Bruno", "Carla", "Dimitri", "Elif",   "Felix", "Greta", "Hugo",    "Ines",
    "Jonas",  "Katja", "Liam",  "Maja",    "Noah",   "Oona",  "Pavel", "Quentin", "Rosa",
    "Samir",  "Tilda", "Ugo",   "Vera",    "Willem", "Xenia", "Yusuf", "Zoe",     "Anton",
    "Bianca", "Cem",   "Doris", "Emil",    "Freya",  "Goran", "Hanna", "Ivo",     "Jule"};
constexpr std::array last_names{
    "Abel",     "Brandt",   "Castell",  "Dahl",      "Ekberg", "Farrow",  "Galli",    "Hollis",
    "Ivers",    "Jansen",   "Koller",   "Lindqvist", "Marlow", "Novak",   "Okafor",   "Pereira",
    "Quist",    "Romero",   "Sandoz",   "Tanner",    "Ulrich", "Varga",   "Winter",   "Yilmaz",
    "Zander",   "Ashdown",  "Bellini",  "Carver",    "Dorsey", "Eriksen", "Fontaine", "Grieve",
    "Halloran", "Isaksson", "Kowalski", "Laurent"};
constexpr std::array shop_names{"Oak & Thread", "Lumen",    "Kettle House", "North Pier",
                                "Paperboat",    "Fjell",    "Corner Loom",  "Brightwork",
                                "Juniper",      "Stonecup", "Harbour Lane", "Tinder & Co",
                                "Quiet Street", "Millrace", "Red Barn",     "Saltmarsh"};
constexpr std::array shop_ends{"Goods", "Store", "Supply", "Home", "Works", "Trading", "Market"};

struct Sort {
    std::string_view sku, title;
    order::Minor least, most;  // of a price, minor units
    std::string_view mark;
};
constexpr std::array sorts{Sort{"lamp", "Desk lamp", 1'900, 8'900, "electronics"},
                           Sort{"kettle", "Kettle", 2'400, 7'900, "electronics"},
                           Sort{"earbuds", "Earbuds", 1'500, 12'900, "electronics"},
                           Sort{"charger", "Charger", 900, 3'900, "electronics"},
                           Sort{"jacket", "Jacket", 3'900, 18'900, "clothing"},
                           Sort{"scarf", "Scarf", 1'200, 4'900, "clothing"},
                           Sort{"shoes", "Shoes", 3'500, 14'900, "clothing"},
                           Sort{"mug", "Mug", 800, 2'400, ""},
                           Sort{"throw", "Wool throw", 2'900, 9'900, ""},
                           Sort{"stool", "Folding stool", 2'900, 7'900, ""},
                           Sort{"backpack", "Backpack", 2'900, 11'900, ""},
                           Sort{"puzzle", "Puzzle", 1'200, 3'900, ""},
                           Sort{"planter", "Planter", 1'400, 5'900, ""},
                           Sort{"tea", "Tea, 250 g", 700, 2'200, "perishable"},
                           Sort{"cream", "Hand cream", 600, 2'600, "hygiene"},
                           Sort{"ring", "Engraved ring", 2'900, 24'900, "custom_made"}};

struct Home {
    std::string_view country, city;
    Currency currency;
};
constexpr std::array homes{
    Home{"DE", "Leipzig", Currency::eur}, Home{"FR", "Nantes", Currency::eur},
    Home{"IT", "Parma", Currency::eur},   Home{"ES", "Gijon", Currency::eur},
    Home{"NL", "Delft", Currency::eur},   Home{"AT", "Linz", Currency::eur},
    Home{"IE", "Cork", Currency::eur},    Home{"GB", "Leeds", Currency::gbp},
    Home{"GB", "Bath", Currency::gbp},    Home{"US", "Salem", Currency::usd},
    Home{"US", "Tulsa", Currency::usd}};

std::string numbered(std::string_view before, std::size_t number, std::size_t digits) {
    auto text = std::to_string(number);
    text.insert(0, digits - std::min(digits, text.size()), '0');
    return std::string(before).append(text);
}

// A third of what a seller offers is of one sort.
std::vector<Good> goods_of(const Chance& seller) {
    std::vector<Good> goods;
    const auto& usual = seller.one_of(sorts, "usual sort");
    const auto count = seller.between(6, 14, "goods");
    for (std::int64_t i = 0; i < count; ++i) {
        const auto one = seller.of(static_cast<std::uint64_t>(i));
        const auto& sort = one.happens(350, "usual") ? usual : one.one_of(sorts, "sort");
        const auto price = one.between(sort.least / 100, sort.most / 100, "price") * 100;
        goods.push_back(
            {.sku = Word::cut(numbered(std::string(sort.sku) + "-", one.about("sku") % 1'000, 3)),
             .title = sort.title,
             .price = price - (one.happens(600, "ends in 9") ? 1 : 0),
             .mark = Word(sort.mark)});
    }
    return goods;
}

YearSeller make_seller(const Chance& chance, std::size_t number) {
    constexpr std::array kinds{44, 27, 9, 9, 5, 4, 2};  // in the order of SellerKind
    static_assert(kinds.size() == static_cast<std::size_t>(SellerKind::count_));
    const auto& home = chance.one_of(homes, "home");
    YearSeller seller;
    seller.reference = numbered("S-", number, 4);
    seller.id = party_of(marketplace_account, seller.reference);
    seller.name = std::string(chance.one_of(shop_names, "name")) + " " +
                  chance.one_of(shop_ends, "name's end");
    // One of each kind is always there.
    seller.kind = static_cast<SellerKind>(number <= kinds.size() ? number - 1
                                                                 : chance.weighed(kinds, "kind"));
    seller.currency = home.currency;
    seller.country = Word(home.country);
    seller.commission_basis_points = static_cast<std::int32_t>(chance.between(6, 12, "fee") * 100);
    seller.goods = goods_of(chance);
    return seller;
}

std::string lower(std::string text) {
    for (char& one : text)
        if (one >= 'A' && one <= 'Z') one = static_cast<char>(one - 'A' + 'a');
    return text;
}

YearBuyer make_buyer(const Chance& chance, std::size_t number) {
    const std::string first = chance.one_of(first_names, "first name");
    const std::string last = chance.one_of(last_names, "last name");
    const auto& home = chance.one_of(homes, "home");
    YearBuyer buyer;
    buyer.reference = numbered("B-", number, 5);
    buyer.id = party_of(marketplace_account, buyer.reference);
    buyer.person = {
        .email = lower(first) + "." + lower(last) + std::to_string(number) + "@mail.example",
        .name = first + " " + last,
        .phone = {},
        .address = std::string(home.city) + ", " + std::string(home.country)};
    buyer.country = Word(home.country);
    buyer.currency = home.currency;
    buyer.claims_often = chance.happens(12, "claims often");
    return buyer;
}

// The lower the index the more often: the first tenth has about a third.
std::size_t leaning(const Chance& chance, std::size_t count, std::string_view question) {
    constexpr std::uint64_t fine = 1'000'000;
    const auto place = chance.about(question) % fine;
    return static_cast<std::size_t>(place * place / fine * count / fine);
}

}  // namespace

const YearBuyer& YearPeople::buyer_for(const Chance& order) const {
    return buyers[leaning(order, buyers.size(), "buyer")];
}

const YearSeller& YearPeople::seller_for(const YearBuyer& buyer, const Chance& order) const {
    constexpr std::uint64_t looks = 4;
    const auto look = [&](std::uint64_t nth) -> const YearSeller& {
        return sellers[leaning(order.of(nth), sellers.size(), "seller")];
    };
    for (std::uint64_t nth = 0; nth < looks; ++nth)
        if (const auto& seller = look(nth); seller.currency == buyer.currency) return seller;
    return look(looks);
}

YearPeople make_people(const Chance& chance, std::size_t sellers, std::size_t buyers, Instant end) {
    YearPeople people;
    for (std::size_t i = 1; i <= sellers; ++i)
        people.sellers.push_back(make_seller(chance.of(1).of(i), i));
    for (auto& one : people.sellers)
        if (one.kind == SellerKind::gone) one.gone_at = end - std::chrono::days{16};
    for (std::size_t i = 1; i <= buyers; ++i)
        people.buyers.push_back(make_buyer(chance.of(2).of(i), i));
    // Those that are always there would sell most; the order of the others is chance already.
    std::ranges::rotate(
        people.sellers,
        people.sellers.begin() + static_cast<std::ptrdiff_t>(std::min(sellers, std::size_t{7})));
    return people;
}

}  // namespace holdfast::engine
