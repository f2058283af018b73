#include "store/codec/observation_codec.h"

#include <doctest/doctest.h>

#include <random>
#include <set>

namespace holdfast::store {
namespace {

using namespace desk;

constexpr Instant noon{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5} + 12h};

Money eur(std::int64_t minor) { return Money::of_minor(minor, Currency::eur); }

// Observations of every kind with anything in them, from one seed.
class Generator {
public:
    explicit Generator(std::uint64_t seed) : source_(seed) {}

    Observation observation() {
        switch (below(6)) {
        case 0:  return {origin(), purchase()};
        case 1:  return {origin(), sale()};
        case 2:  return {origin(), parcel()};
        case 3:  return {origin(), link()};
        case 4:  return {origin(), rate()};
        default: return {origin(), movement()};
        }
    }

private:
    std::uint64_t below(std::uint64_t limit) { return source_() % limit; }
    bool sometimes() { return below(3) == 0; }

    std::string text() {
        static const std::vector<std::string> pieces = {"8100000000000042",
                                                        "LP00123456789CN",
                                                        "\"",
                                                        "\\",
                                                        "\n",
                                                        std::string(1, '\0'),
                                                        "\x1f",
                                                        "\xC3\xA4",
                                                        "\xE6\x97\xA5",
                                                        "\xF0\x9F\x93\xA6",
                                                        "/",
                                                        "~",
                                                        " ",
                                                        "{}",
                                                        "null"};
        std::string result;
        if (sometimes()) return result;
        for (auto n = below(5); n > 0; --n) result += pieces[below(pieces.size())];
        return result;
    }
    Instant instant() {
        static constexpr Instant first{std::chrono::sys_days{std::chrono::year{1900} / 1 / 1}};
        static constexpr Instant end{std::chrono::sys_days{std::chrono::year{3000} / 1 / 1}};
        return first + Duration{below(static_cast<std::uint64_t>((end - first).count()))};
    }
    Day day() { return Day{std::chrono::days{below(50'000)}}; }
    Currency currency() {
        static constexpr Currency some[] = {Currency::eur, Currency::usd, Currency::jpy,
                                            Currency::kwd, Currency::clp};
        return some[below(std::size(some))];
    }
    Money money() {
        const auto minor =
            static_cast<std::int64_t>(below(static_cast<std::uint64_t>(Money::max_minor) + 1));
        return Money::of_minor(sometimes() ? -minor : minor, currency());
    }
    std::int32_t number() { return static_cast<std::int32_t>(source_()); }
    template <class Enum>
    Enum word(Enum last) {
        return static_cast<Enum>(below(static_cast<std::uint64_t>(last) + 1));
    }
    template <class T>
    std::optional<T> maybe(T (Generator::*make)()) {
        if (sometimes()) return std::nullopt;
        return (this->*make)();
    }
    template <class T>
    std::vector<T> some(T (Generator::*make)()) {
        std::vector<T> result;
        for (auto n = below(4); n > 0; --n) result.push_back((this->*make)());
        return result;
    }

    bool yes() { return sometimes(); }
    SeenTime time() {
        return {instant(), word(SeenTime::Kind::date_only), maybe(&Generator::instant)};
    }
    Origin origin() { return {text(), instant(), text(), sometimes() ? 0 : source_()}; }
    LineSeen line() {
        return {text(),
                text(),
                text(),
                text(),
                maybe(&Generator::number),
                maybe(&Generator::money),
                text(),
                word(Phase::unknown)};
    }
    DisputeSeen dispute() {
        return {text(),
                text(),
                text(),
                text(),
                maybe(&Generator::time),
                maybe(&Generator::time),
                maybe(&Generator::time),
                maybe(&Generator::money),
                maybe(&Generator::money)};
    }
    PromiseSeen promise() { return {instant(), word(Confidence::given), text()}; }
    ScanSeen scan() { return {time(), word(ParcelStatus::silent), text()}; }

    PurchaseSeen purchase() {
        PurchaseSeen seen;
        for (auto* field : {&seen.system, &seen.reference, &seen.account, &seen.shipped_basis,
                            &seen.status, &seen.end_reason, &seen.store_name, &seen.ship_method,
                            &seen.destination, &seen.title})
            *field = text();
        for (auto* field : {&seen.created, &seen.paid, &seen.shipped, &seen.delivered,
                            &seen.completed, &seen.ended, &seen.pay_before, &seen.ship_by})
            *field = maybe(&Generator::time);
        seen.commit_days = maybe(&Generator::number);
        seen.promise = maybe(&Generator::promise);
        seen.phase = word(Phase::unknown);
        seen.in_dispute = maybe(&Generator::yes);
        seen.can_extend = maybe(&Generator::yes);
        seen.total = maybe(&Generator::money);
        seen.refunded = maybe(&Generator::money);
        seen.lines = some(&Generator::line);
        seen.tracking_numbers = some(&Generator::text);
        seen.disputes = some(&Generator::dispute);
        return seen;
    }
    SaleSeen sale() {
        SaleSeen seen;
        for (auto* field : {&seen.system, &seen.reference, &seen.sale_id, &seen.financial_status,
                            &seen.fulfillment_status, &seen.destination})
            *field = text();
        for (auto* field : {&seen.created, &seen.paid, &seen.cancelled, &seen.fulfilled})
            *field = maybe(&Generator::time);
        for (auto* field : {&seen.total, &seen.presentment_total, &seen.refunded})
            *field = maybe(&Generator::money);
        seen.test = yes();
        seen.lines = some(&Generator::line);
        seen.tracking_numbers = some(&Generator::text);
        seen.payment_ids = some(&Generator::text);
        seen.deliver_by = maybe(&Generator::instant);
        return seen;
    }
    MovementSeen movement() {
        MovementSeen seen;
        for (auto* field : {&seen.system, &seen.reference, &seen.sale_system, &seen.sale_reference,
                            &seen.sale_id, &seen.status, &seen.reason})
            *field = text();
        seen.kind = word(MovementSeen::Kind::transfer);
        seen.state = word(MovementSeen::State::not_made);
        seen.payment_ids = some(&Generator::text);
        for (auto* field : {&seen.amount, &seen.taken_back, &seen.fee})
            *field = maybe(&Generator::money);
        seen.opened = maybe(&Generator::time);
        seen.ended = maybe(&Generator::time);
        seen.answer_by = maybe(&Generator::instant);
        seen.our_turn = maybe(&Generator::yes);
        seen.test = yes();
        return seen;
    }
    ParcelSeen parcel() {
        ParcelSeen seen;
        for (auto* field : {&seen.tracking_number, &seen.purchase_system, &seen.purchase_reference,
                            &seen.carrier, &seen.raw_status, &seen.last_mile_number})
            *field = text();
        seen.status = word(ParcelStatus::silent);
        seen.shipped = maybe(&Generator::time);
        seen.delivered = maybe(&Generator::time);
        seen.expected_by = maybe(&Generator::instant);
        seen.scans = some(&Generator::scan);
        seen.product_ids = some(&Generator::text);
        seen.stopped = yes();
        return seen;
    }
    LinkSeen link() {
        return {text(),
                text(),
                text(),
                number(),
                text(),
                text(),
                text(),
                number(),
                word(LinkSeen::How::guess),
                word(LinkSeen::State::rejected),
                text()};
    }
    RateSeen rate() {
        return {currency(), currency(), day(), static_cast<std::int64_t>(source_()),
                static_cast<std::int64_t>(source_())};
    }

    std::mt19937_64 source_;
};

PurchaseSeen small_purchase() {
    PurchaseSeen seen;
    seen.system = "aliexpress";
    seen.reference = "8100000000000042";
    seen.paid = SeenTime{noon, SeenTime::Kind::exact, std::nullopt};
    seen.shipped = SeenTime{noon + 1h, SeenTime::Kind::date_only, noon + 25h};
    seen.phase = Phase::shipped;
    seen.total = eur(12'99);
    seen.lines.push_back({.line_id = "1",
                          .product_id = {},
                          .sku = {},
                          .title = "Lamp \"L\"",
                          .quantity = 2,
                          .price = eur(6'49),
                          .end_reason = {},
                          .phase = Phase::unknown});
    return seen;
}

const Origin by_hand{
    .format = "aliexpress_order_api", .seen_at = noon + 48h, .file = {}, .line = 0};

TEST_CASE("what is written is read back") {
    for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
        CAPTURE(seed);
        const auto observation = Generator(seed).observation();
        const bool is_sale = std::holds_alternative<SaleSeen>(observation.seen);
        const std::string mark = is_sale && seed % 2 ? "0123abcd" : "";

        const auto encoded = encode_observation(observation, mark);
        const auto decoded = decode_observation(encoded.kind, encoded.v, encoded.payload);
        CAPTURE(encoded.payload);
        REQUIRE(decoded);
        CHECK(decoded->observation == observation);
        CHECK(decoded->customer_mark == mark);
        CHECK(encode_observation(decoded->observation, mark).payload == encoded.payload);
    }
}

// These bytes are in streams: a change here means that an old event is read or written differently.
TEST_CASE("the bytes of an event do not change") {
    const auto purchase = encode_observation({by_hand, small_purchase()});
    CHECK(purchase.kind == "purchase_seen");
    CHECK(purchase.v == 1);
    CHECK(purchase.payload ==
          R"({"origin":{"format":"aliexpress_order_api","seen_at":"2026-01-07T12:00:00.000Z"},)"
          R"("system":"aliexpress","reference":"8100000000000042",)"
          R"("paid":"2026-01-05T12:00:00.000Z",)"
          R"("shipped":{"at":"2026-01-05T13:00:00.000Z","kind":"date_only",)"
          R"("or_at":"2026-01-06T13:00:00.000Z"},"phase":"shipped",)"
          R"("total":{"amount":1299,"currency":"EUR"},)"
          R"("lines":[{"line_id":"1","title":"Lamp \"L\"","quantity":2,)"
          R"("price":{"amount":649,"currency":"EUR"}}]})");

    ParcelSeen parcel;
    parcel.tracking_number = "LP1CN";
    parcel.scans = {{.at = {noon, SeenTime::Kind::exact, std::nullopt},
                     .status = ParcelStatus::moving,
                     .text = "Departed"}};
    CHECK(encode_observation({by_hand, parcel}).payload ==
          R"({"origin":{"format":"aliexpress_order_api","seen_at":"2026-01-07T12:00:00.000Z"},)"
          R"("tracking_number":"LP1CN","scans":[{"at":"2026-01-05T12:00:00.000Z",)"
          R"("status":"moving","text":"Departed"}]})");

    MovementSeen refund;
    refund.system = "stripe";
    refund.reference = "re_1";
    refund.state = MovementSeen::State::made;
    refund.payment_ids = {"ch_1"};
    refund.amount = eur(27'00);
    CHECK(encode_observation({by_hand, refund}).payload ==
          R"({"origin":{"format":"aliexpress_order_api","seen_at":"2026-01-07T12:00:00.000Z"},)"
          R"("system":"stripe","reference":"re_1","kind":"refund","state":"made",)"
          R"("payment_ids":["ch_1"],"amount":{"amount":2700,"currency":"EUR"}})");

    const RateSeen rate{.from = Currency::usd,
                        .to = Currency::eur,
                        .on = Day{std::chrono::days{20'000}},
                        .numerator = 9,
                        .denominator = 10};
    CHECK(encode_observation({by_hand, rate}).payload ==
          R"({"origin":{"format":"aliexpress_order_api","seen_at":"2026-01-07T12:00:00.000Z"},)"
          R"("from":"USD","to":"EUR","on":"2024-10-04","numerator":9,"denominator":10})");
}

TEST_CASE("a customer's words are never written") {
    SaleSeen sale;
    sale.reference = "#1051";
    sale.customer = {"ann@shop.example", "Ann Lee", "+49 30 1", "1 Long Road"};
    const auto encoded = encode_observation({by_hand, sale}, "0123abcd");
    CHECK(encoded.payload ==
          R"({"origin":{"format":"aliexpress_order_api","seen_at":"2026-01-07T12:00:00.000Z"},)"
          R"("reference":"#1051","customer":"0123abcd"})");

    const auto decoded = decode_observation(encoded.kind, encoded.v, encoded.payload);
    REQUIRE(decoded);
    CHECK(decoded->customer_mark == "0123abcd");
    CHECK(std::get<SaleSeen>(decoded->observation.seen).customer == PersonSeen{});
}

TEST_CASE("absent members have their default, unknown ones are passed over") {
    const std::string origin = R"("origin":{"format":"f","seen_at":"2026-01-05T12:00:00.000Z"})";
    for (const char* kind : {"purchase_seen", "sale_seen", "parcel_seen"}) {
        CAPTURE(kind);
        const auto bare = decode_observation(kind, 1, "{" + origin + "}");
        const auto more = decode_observation(
            kind, 1, "{\"later\":[{\"a\":1,\"b\":[null,2.5]},{\"a\":1}]," + origin + "}");
        REQUIRE(bare);
        REQUIRE(more);
        CHECK(bare->observation == more->observation);
    }
    CHECK(std::get<PurchaseSeen>(
              decode_observation("purchase_seen", 1, "{" + origin + "}")->observation.seen) ==
          PurchaseSeen{});
}

TEST_CASE("what cannot be read is refused with its place") {
    struct Row {
        const char* name;
        const char* kind;
        const char* members;
        DecodeError expected;
    };
    // clang-format off
    const Row rows[] = {
        {"not JSON",            "purchase_seen", R"(,)",                                  {"", "is not JSON: syntax error"}},
        {"twice on top",        "purchase_seen", R"(,"system":"a","system":"a")",         {"/system", "stands twice"}},
        {"twice, escaped",      "purchase_seen", R"(,"a/b~c":1,"a\/b~c":1)",              {"/a~1b~0c", "stands twice"}},
        {"twice inside",        "purchase_seen", R"(,"lines":[1,{"sku":"","sku":""}])",   {"/lines/1/sku", "stands twice"}},
        {"twice in unknown",    "purchase_seen", R"(,"new":[[],{"x":{}},{"x":1,"x":2}])", {"/new/2/x", "stands twice"}},
        {"number for text",     "purchase_seen", R"(,"system":1)",                        {"/system", "is not a text"}},
        {"null for text",       "purchase_seen", R"(,"system":null)",                     {"/system", "is not a text"}},
        {"text for list",       "purchase_seen", R"(,"lines":"x")",                       {"/lines", "is not a list"}},
        {"number in texts",     "purchase_seen", R"(,"tracking_numbers":["a",2])",        {"/tracking_numbers/1", "is not a text"}},
        {"text for line",       "purchase_seen", R"(,"lines":[{},"x"])",                  {"/lines/1", "is not an object"}},
        {"text for quantity",   "purchase_seen", R"(,"lines":[{"quantity":"2"}])",        {"/lines/0/quantity", "is not a whole number in range"}},
        {"quantity with point", "purchase_seen", R"(,"lines":[{"quantity":2.0}])",        {"/lines/0/quantity", "is not a whole number in range"}},
        {"quantity too large",  "purchase_seen", R"(,"lines":[{"quantity":2147483648}])", {"/lines/0/quantity", "is not a whole number in range"}},
        {"amount is text",      "purchase_seen", R"(,"total":{"amount":"1","currency":"EUR"})", {"/total/amount", "is not a whole number in range"}},
        {"amount too large",    "purchase_seen", R"(,"total":{"amount":9007199254740992,"currency":"EUR"})", {"/total/amount", "is out of range"}},
        {"no currency",         "purchase_seen", R"(,"total":{"amount":1})",              {"/total/currency", "is missing"}},
        {"unknown currency",    "purchase_seen", R"(,"total":{"amount":1,"currency":"XXX"})", {"/total/currency", "is not a currency"}},
        {"money is number",     "purchase_seen", R"(,"total":1)",                         {"/total", "is not an object"}},
        {"no time",             "purchase_seen", R"(,"paid":"yesterday")",                {"/paid", "is not a time"}},
        {"time without zone",   "purchase_seen", R"(,"paid":"2026-01-05T12:00:00")",      {"/paid", "is not a time"}},
        {"time without kind",   "purchase_seen", R"(,"paid":{"at":"2026-01-05T12:00:00Z"})", {"/paid/kind", "is missing"}},
        {"unknown kind",        "purchase_seen", R"(,"paid":{"at":"2026-01-05T12:00:00Z","kind":"x"})", {"/paid/kind", "is not a kind of time"}},
        {"unknown phase",       "purchase_seen", R"(,"phase":"x")",                       {"/phase", "is not a phase"}},
        {"text for yes",        "purchase_seen", R"(,"in_dispute":"true")",               {"/in_dispute", "is not true or false"}},
        {"promise confidence",  "purchase_seen", R"(,"promise":{"at":"2026-01-05T12:00:00Z"})", {"/promise/confidence", "is missing"}},
        {"customer is object",  "sale_seen",     R"(,"customer":{})",                     {"/customer", "is not a text"}},
        {"unknown status",      "parcel_seen",   R"(,"status":"x")",                      {"/status", "is not a parcel's status"}},
        {"scan without time",   "parcel_seen",   R"(,"scans":[{"status":"moving"}])",     {"/scans/0/at", "is missing"}},
        {"link without how",    "link_seen",     R"(,"state":"open")",                    {"/how", "is missing"}},
        {"rate without day",    "rate_seen",     R"(,"from":"EUR","to":"USD","numerator":1,"denominator":1)", {"/on", "is missing"}},
        {"unknown event",       "thing_seen",    "",                                      {"", "is of no known kind"}},
    };
    // clang-format on
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const std::string payload =
            R"({"origin":{"format":"f","seen_at":"2026-01-05T12:00:00.000Z"})" +
            std::string(row.members) + "}";
        const auto decoded = decode_observation(row.kind, 1, payload);
        REQUIRE_FALSE(decoded);
        CHECK(decoded.error().pointer == row.expected.pointer);
        CHECK(decoded.error().problem == row.expected.problem);
    }
    CHECK(decode_observation("purchase_seen", 2, "{}") ==
          std::unexpected(DecodeError{"", "is of no known version"}));
    CHECK(decode_observation("purchase_seen", 1, "{}") ==
          std::unexpected(DecodeError{"/origin", "is missing"}));
    CHECK(decode_observation("purchase_seen", 1, R"({"origin":{"format":"f"}})") ==
          std::unexpected(DecodeError{"/origin/seen_at", "is missing"}));
    CHECK(decode_observation("purchase_seen", 1, "[]") ==
          std::unexpected(DecodeError{"", "is not an object"}));
    CHECK_FALSE(decode_observation("purchase_seen", 1, ""));
    CHECK_FALSE(decode_observation("purchase_seen", 1, std::string(100'000, '[')));
}

TEST_CASE("a damaged text is refused, never misread or fatal") {
    std::mt19937_64 random(7);
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        CAPTURE(seed);
        const auto encoded = encode_observation(Generator(seed).observation());
        for (int i = 0; i < 20; ++i) {
            std::string payload = encoded.payload;
            payload[random() % payload.size()] = static_cast<char>(random());
            if (random() % 4 == 0) payload.resize(random() % payload.size());
            const auto decoded = decode_observation(encoded.kind, encoded.v, payload);
            if (decoded) (void)encode_observation(decoded->observation, decoded->customer_mark);
        }
    }
}

TEST_CASE("broken UTF-8 of a source is kept as it came") {
    PurchaseSeen seen = small_purchase();
    seen.title = "caf\xE9";
    const auto encoded = encode_observation({by_hand, seen});
    const auto decoded = decode_observation(encoded.kind, encoded.v, encoded.payload);
    REQUIRE(decoded);
    CHECK(std::get<PurchaseSeen>(decoded->observation.seen) == seen);
}

}  // namespace
}  // namespace holdfast::store
