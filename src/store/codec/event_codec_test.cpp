#include "store/codec/event_codec.h"

#include "store/codec/event_writer.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <limits>
#include <random>
#include <set>
#include <sstream>
#include <string>

namespace holdfast::store {
namespace {

constexpr Instant noon{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5} + 12h};
constexpr const char* golden = HOLDFAST_SOURCE_DIR "/tests/data/event_golden.txt";

auto decode(const NewEvent& event, const order::Recorded&) {
    return decode_order_event(event.at, event.kind, event.v, event.payload);
}
auto decode(const NewEvent& event, const ledger::Recorded&) {
    return decode_party_event(event.at, event.kind, event.v, event.payload);
}

auto decode_order(std::string_view kind, std::string_view payload) {
    return decode_order_event(noon, kind, 1, payload);
}

// Calls f(recorded) with a blank event of each kind of both streams.
template <class Variant, class F, std::size_t... I>
void each_kind_of(F&& f, std::index_sequence<I...>) {
    (f(RecordedEvent<Variant>{noon, noon, Variant(std::in_place_index<I>)}), ...);
}
template <class F>
void each_kind(F&& f) {
    each_kind_of<order::Event>(f, std::make_index_sequence<std::variant_size_v<order::Event>>{});
    each_kind_of<ledger::Event>(f, std::make_index_sequence<std::variant_size_v<ledger::Event>>{});
}

// Gives every member, however deep, another value than it had, and two elements to every list.
class Filler {
public:
    template <class T>
    void fill(T& value) {
        const T before = value;
        set(value);
        REQUIRE_FALSE(value == before);
    }

private:
    void set(bool& value) { value = !value; }
    template <std::integral Number>
        requires(!std::same_as<Number, bool>)
    void set(Number& value) {
        value = static_cast<Number>(value + ++count_);
    }
    void set(std::string& value) { value = "text " + std::to_string(++count_); }
    void set(Word& value) { value = Word("w\"" + std::to_string(++count_)); }
    void set(Instant& value) { value = noon + std::chrono::minutes{++count_}; }
    void set(Currency& value) { value = Currency::jpy; }
    void set(Hash& value) { set_bytes(value); }
    void set(IdBytes& value) { set_bytes(value); }
    template <class Tag>
    void set(Id<Tag>& value) {
        set_bytes(value.bytes);
    }
    void set(terms::When& value) {
        const auto day = std::chrono::floor<std::chrono::days>(noon).time_since_epoch();
        value = ++count_ % 2 == 0 ? terms::When(noon) : terms::When(Day{day});
    }
    template <class Tag>
    void set(order::Ordinal<Tag>& value) {
        fill(value.value);
    }
    template <class Tag>
    void set(ledger::Count<Tag>& value) {
        fill(value.value);
    }
    template <class E>
        requires std::is_enum_v<E>
    void set(E& value) {
        const auto next = static_cast<std::size_t>(value) + 1;
        value = static_cast<E>(next % enumerators<E>);
    }
    template <class T>
    void set(std::optional<T>& value) {
        fill(value.emplace());
    }
    template <class A, class B>
    void set(std::pair<A, B>& value) {
        fill(value.first);
        fill(value.second);
    }
    template <class T>
    void set(std::vector<T>& all) {
        for (int i = 0; i < 2; ++i) fill(all.emplace_back());
    }
    template <HasMembers T>
    void set(T& object) {
        for_members(object, [&](std::string_view, auto& member) { fill(member); });
    }
    template <class Bytes>
    void set_bytes(Bytes& bytes) {
        for (auto& byte : bytes) byte = static_cast<std::uint8_t>(++count_);
        bytes[0] &= 0x7F;
    }

    int count_ = 0;
};

template <class Recorded>
Recorded filled(Recorded recorded) {
    std::visit(
        []<class E>(E& event) {
            for_members(event, [filler = Filler()](std::string_view, auto& member) mutable {
                filler.fill(member);
            });
        },
        recorded.event);
    recorded.when = noon - 1h;
    return recorded;
}

std::vector<NewEvent> all_filled() {
    std::vector<NewEvent> all;
    each_kind([&](const auto& blank) { all.push_back(encode_event(filled(blank))); });
    return all;
}

// What the absence of a member means: every member of `value` with what it starts as.
template <class T>
std::string defaults_of(const T& value) {
    std::string text;
    if constexpr (HasMembers<const T>) {
        for_members(value, [&](std::string_view name, const auto& member) {
            text += text.empty() ? "{" : ", ";
            text.append(name).append(": ") += defaults_of(member);
        });
        text += text.empty() ? "{}" : "}";
    } else {
        EventWriter(text).put(value);
    }
    return text;
}

// Every list of words that a member of `value` is of, each once.
template <class T>
void collect_words(const T& value, std::set<std::string>& lists) {
    if constexpr (std::is_enum_v<T> && !std::same_as<T, Currency>) {
        std::string list;
        for (const auto word : words<T>()) list.append(list.empty() ? "" : " ").append(word);
        lists.insert(list);
    } else if constexpr (HasMembers<const T>) {
        for_members(value, [&](std::string_view, const auto& m) { collect_words(m, lists); });
    } else if constexpr (requires { value.second; }) {
        collect_words(value.first, lists);
        collect_words(value.second, lists);
    } else if constexpr (requires { value.has_value(); }) {
        if (value) collect_words(*value, lists);
    } else if constexpr (requires { typename T::allocator_type; }) {
        for (const auto& one : value) collect_words(one, lists);
    }
}

std::string table() {
    std::set<std::string> lists;
    each_kind([&](const auto& blank) {
        std::visit([&](const auto& event) { collect_words(event, lists); }, filled(blank).event);
    });
    std::ostringstream text;
    text << "# Every kind of event as it stands on disk, with all its members set; what each "
            "member\n"
            "# is where it is left out; and the words of members. All three are for ever: members\n"
            "# and words are added, never changed.\n";
    for (const auto& event : all_filled())
        text << event.kind << ' ' << event.v << ' ' << event.payload << '\n';
    text << "# Left out\n";
    each_kind([&](const auto& blank) {
        std::visit(
            [&]<class E>(const E& event) {
                if (encode_event(blank).payload != "{}") text << "not empty: ";
                text << E::name << ' ' << defaults_of(event) << '\n';
            },
            blank.event);
    });
    text << "(line) " << defaults_of(order::PlacedLine{}) << '\n'
         << "(quantity) " << defaults_of(order::LineQuantity{}) << '\n'
         << "(item) " << defaults_of(ledger::PayoutItem{}) << '\n'
         << "(transfer) " << defaults_of(ledger::TransferKey{}) << '\n';
    text << "# Words\n";
    for (const auto& list : lists) text << list << '\n';
    return text.str();
}

}  // namespace

TEST_CASE("events: every kind comes back as it was, empty and full") {
    int kinds = 0;
    each_kind([&](const auto& blank) {
        ++kinds;
        for (const auto& event : {blank, filled(blank)}) {
            const auto encoded = encode_event(event);
            CAPTURE(encoded.kind);
            CAPTURE(encoded.payload);
            CHECK(encoded.at == noon);
            CHECK(encoded.kind == name_of(event.event));
            const auto decoded = decode(encoded, event);
            REQUIRE(decoded);
            CHECK(*decoded == event);
            CHECK(encode_event(*decoded).payload == encoded.payload);
        }
        CHECK(encode_event(blank).payload == "{}");
    });
    CHECK(kinds == std::variant_size_v<order::Event> + std::variant_size_v<ledger::Event>);
}

TEST_CASE("events: the text on disk never changes") {
    const auto found = table();
    if (std::getenv("HOLDFAST_REWRITE")) std::ofstream(golden, std::ios::binary) << found;
    std::ifstream file(golden, std::ios::binary);
    REQUIRE(file);
    std::istringstream is(found);
    std::string line, wanted;
    while (std::getline(is, line)) {
        std::getline(file, wanted);
        CHECK(line == wanted);
    }
    CHECK_FALSE(std::getline(file, wanted));
}

TEST_CASE("events: a row of the store is read with its time") {
    const order::Recorded recorded{
        noon, noon - 1ms, order::DisputeOpened{.dispute = {2}, .lines = {{{1}, 3}}, .most = 0}};
    const auto encoded = encode_event(recorded);
    CHECK(encoded.payload ==
          R"({"when":1767614399999,"dispute":2,"lines":[{"line":1,"quantity":3}],"most":0})");
    const Event row{.seq = 4,
                    .at = noon,
                    .kind = encoded.kind,
                    .v = encoded.v,
                    .payload = encoded.payload,
                    .cause = "time",
                    .hash = {}};
    CHECK(decode_order_event(row) == recorded);
    CHECK(decode_party_event(row) == std::unexpected(DecodeError{"", "is of no known kind"}));
}

TEST_CASE("events: extremes and odd texts come back") {
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    constexpr auto least = std::numeric_limits<std::int64_t>::min();
    order::Placement placement;
    placement.terms.terms_id = std::string("\0\x1F\x7F\"\\/\n", 7) + "caf\xC3\xA9 caf\xE9";
    placement.shipping = most;
    placement.tax = least;
    placement.promised_by = terms::When(Instant{});
    placement.ship_by = terms::When(Day{});
    placement.lines = {{}, {}};
    placement.item_marks = {Word(), Word("a,b]}")};
    placement.numbers = {{terms::Number::request_days, least}};
    const order::Recorded placed{Instant{}, Instant{Duration{least}}, order::Placed{placement}};
    CHECK(decode(encode_event(placed), placed) == placed);

    const ledger::Recorded paid{
        noon, noon,
        ledger::PayoutBatched{.payout = {4'294'967'295},
                              .items = {{.seq = 18'446'744'073'709'551'615U, .amount = -1},
                                        {.transfer = ledger::TransferKey{}}}}};
    CHECK(decode(encode_event(paid), paid) == paid);
}

TEST_CASE("events: absent members have their default, unknown ones are passed over") {
    const order::Recorded refund{noon, noon,
                                 order::RefundIssued{.instruction = {1}, .parts = {.shipping = 5}}};
    const auto more =
        decode_order("refund_issued",
                     R"( { "later" : [{"a":1,"b":[null,-2.5e+3,true]},{"a":false},""],)"
                     R"("parts":{"":0,"shipping":5,"x":{}},"instruction":1,"l\u00e4ter":null } )");
    CHECK(more == refund);
    CHECK(decode_order("refund_issued", R"({"\u0069nstruction":1,"parts":{"shipping":5}})") ==
          refund);
    CHECK(decode_order("refund_issued",
                       R"({"instruction":1,"dispute":null,"parts":{"shipping":5}})") == refund);
    CHECK(
        decode_order("gift_promised", R"({"sku":"\u20AC\ud83d\ude00\/\b"})") ==
        order::Recorded{noon, noon, order::GiftPromised{.sku = "\xE2\x82\xAC\xF0\x9F\x98\x80/\b"}});
}

TEST_CASE("events: what cannot be read is refused with its place") {
    std::string deepest = "/new";
    for (int i = 0; i < 33; ++i) deepest += "/0";
    const auto lists = [](std::size_t depth) {
        return R"({"new":)" + std::string(depth, '[') + std::string(depth, ']') + "}";
    };
    struct Row {
        const char* name;
        const char* kind;
        std::string payload;
        DecodeError expected;
    };
    // clang-format off
    const Row rows[] = {
        {"nothing",              "refund_issued",  "",                                        {"", "is not JSON"}},
        {"no object",            "refund_issued",  "[]",                                      {"", "is not an object"}},
        {"no value",             "refund_issued",  "x",                                       {"", "is not JSON"}},
        {"open",                 "refund_issued",  R"({"amount":1)",                          {"", "is not JSON"}},
        {"no colon",             "refund_issued",  R"({"amount" 1})",                         {"", "is not JSON"}},
        {"no value of member",   "refund_issued",  R"({"amount":)",                           {"/amount", "is not JSON"}},
        {"comma at the end",     "refund_issued",  R"({"amount":1,})",                        {"", "is not JSON"}},
        {"a name without quotes","refund_issued",  R"({amount:1})",                           {"", "is not JSON"}},
        {"trailing text",        "refund_issued",  R"({"amount":1} {})",                      {"", "goes on after its end"}},
        {"trailing NUL",         "refund_issued",  std::string("{}\0", 3),                    {"", "goes on after its end"}},
        {"twice",                "refund_issued",  R"({"amount":1,"amount":1})",              {"/amount", "stands twice"}},
        {"twice, escaped",       "refund_issued",  R"({"amount":1,"\u0061mount":1})",         {"/amount", "stands twice"}},
        {"when twice",           "refund_issued",  R"({"when":1,"when":1})",                  {"/when", "stands twice"}},
        {"unknown twice",        "refund_issued",  R"({"a/b~c":1,"a\/b~c":1})",               {"/a~1b~0c", "stands twice"}},
        {"twice in unknown",     "refund_issued",  R"({"new":[[],{"x":{}},{"x":1,"x":2}]})",  {"/new/2/x", "stands twice"}},
        {"twice inside",         "refund_issued",  R"({"parts":{"tax":1,"tax":1}})",          {"/parts/tax", "stands twice"}},
        {"text for number",      "refund_issued",  R"({"amount":"1"})",                       {"/amount", "is not a whole number in range"}},
        {"null for number",      "refund_issued",  R"({"amount":null})",                      {"/amount", "is not a whole number in range"}},
        {"point",                "refund_issued",  R"({"amount":1.0})",                       {"/amount", "is not a whole number in range"}},
        {"exponent",             "refund_issued",  R"({"amount":1e3})",                       {"/amount", "is not a whole number in range"}},
        {"zero in front",        "refund_issued",  R"({"amount":01})",                        {"", "is not JSON"}},
        {"plus",                 "refund_issued",  R"({"amount":+1})",                        {"/amount", "is not JSON"}},
        {"minus alone",          "refund_issued",  R"({"amount":-})",                         {"/amount", "is not JSON"}},
        {"point alone",          "refund_issued",  R"({"new":1.})",                           {"/new", "is not JSON"}},
        {"above 64 bits",        "refund_issued",  R"({"amount":9223372036854775808})",       {"/amount", "is not a whole number in range"}},
        {"above 16 bits",        "refund_issued",  R"({"instruction":65536})",                {"/instruction", "is not a whole number in range"}},
        {"ordinal below 0",      "refund_issued",  R"({"dispute":-1})",                       {"/dispute", "is not a whole number in range"}},
        {"above 32 bits",        "cancelled",      R"({"lines":[{},{"quantity":2147483648}]})", {"/lines/1/quantity", "is not a whole number in range"}},
        {"text for list",        "cancelled",      R"({"lines":"x"})",                        {"/lines", "is not a list"}},
        {"text for line",        "cancelled",      R"({"lines":[{},"x"]})",                   {"/lines/1", "is not an object"}},
        {"open list",            "cancelled",      R"({"lines":[{})",                         {"/lines", "is not JSON"}},
        {"text for yes",         "cancelled",      R"({"whole":"true"})",                     {"/whole", "is not true or false"}},
        {"half a literal",       "cancelled",      R"({"whole":tru})",                        {"/whole", "is not true or false"}},
        {"unknown word",         "scanned",        R"({"kind":"flying"})",                    {"/kind", "is not a known word"}},
        {"count_ is no word",    "appealed",       R"({"by":"count_"})",                      {"/by", "is not a known word"}},
        {"number for word",      "scanned",        R"({"kind":1})",                           {"/kind", "is not a known word"}},
        {"unknown in list",      "dispute_opened", R"({"granted":["coupon","x"]})",           {"/granted/1", "is not a known word"}},
        {"40 bytes",             "gift_promised",  R"({"sku":"0123456789012345678901234567890123456789"})", {"/sku", "is not a text of at most 39 bytes"}},
        {"control character",    "gift_promised",  "{\"sku\":\"\n\"}",                        {"/sku", "is not JSON"}},
        {"unknown escape",       "gift_promised",  R"({"sku":"\x"})",                         {"/sku", "is not JSON"}},
        {"half a pair",          "gift_promised",  R"({"sku":"\ud83d"})",                     {"/sku", "is not JSON"}},
        {"second half alone",    "gift_promised",  R"({"sku":"\ude00"})",                     {"/sku", "is not JSON"}},
        {"half an escape",       "gift_promised",  R"({"sku":"\u00)",                         {"/sku", "is not JSON"}},
        {"open text",            "gift_promised",  R"({"sku":"a)",                            {"/sku", "is not JSON"}},
        {"time as text",         "outage_given_back", R"({"from":"2026-01-05T12:00:00Z"})",   {"/from", "is not a whole number in range"}},
        {"no day",               "extended",       R"({"promised_by":"2026-02-29"})",         {"/promised_by", "is not a day"}},
        {"no hash",              "return_prepared", R"({"address":"00"})",                    {"/address", "is not a hash"}},
        {"upper case hash",      "return_prepared", R"({"address":")" + std::string(64, 'A') + "\"}", {"/address", "is not a hash"}},
        {"no id",                "placed",         R"({"placement":{"buyer":"ord_00000000000000000000000000"}})", {"/placement/buyer", "is not an id"}},
        {"unknown currency",     "placed",         R"({"placement":{"currency":"XXX"}})",     {"/placement/currency", "is not a currency"}},
        {"one of two",           "placed",         R"({"placement":{"numbers":[["total"]]}})", {"/placement/numbers/0", "is not a list of two"}},
        {"three of two",         "placed",         R"({"placement":{"numbers":[["total",1,1]]}})", {"/placement/numbers/0", "is not a list of two"}},
        {"second of two",        "placed",         R"({"placement":{"numbers":[["total",""]]}})", {"/placement/numbers/0/1", "is not a whole number in range"}},
        {"deep",                 "completed",      lists(34),                                 {deepest, "is nested too deeply"}},
        {"deeper than a stack",  "completed",      R"({"new":)" + std::string(1'000'000, '['), {deepest, "is nested too deeply"}},
        {"unknown kind",         "transfer_received", "{}",                                   {"", "is of no known kind"}},
        {"no kind",              "",               "{}",                                      {"", "is of no known kind"}},
    };
    // clang-format on
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto decoded = decode_order(row.kind, row.payload);
        REQUIRE_FALSE(decoded);
        CHECK(decoded.error().pointer == row.expected.pointer);
        CHECK(decoded.error().problem == row.expected.problem);
    }
    CHECK(decode_order("completed", lists(33)));
    CHECK(decode_order_event(noon, "completed", 2, "{}") ==
          std::unexpected(DecodeError{"", "is of no known version"}));
}

TEST_CASE("events: a text cut anywhere is refused") {
    each_kind([](const auto& blank) {
        auto encoded = encode_event(filled(blank));
        while (!encoded.payload.empty()) {
            encoded.payload.pop_back();
            CHECK_FALSE(decode(encoded, blank));
        }
    });
}

// A Day of another century can be written but is refused when it is read; every other value of a
// text that was read is written to a text that reads the same.
TEST_CASE("events: a damaged text is refused, never misread or fatal") {
#ifdef __SANITIZE_ADDRESS__
    constexpr int rounds = 300;
#else
    constexpr int rounds = 2000;
#endif
    constexpr std::string_view likely = R"({}[]":,\u0019-.etrfnsl )";
    std::mt19937_64 random(7);
    std::size_t tried = 0, read = 0;
    each_kind([&](const auto& blank) {
        const auto whole = encode_event(filled(blank));
        for (int i = 0; i < rounds; ++i) {
            auto damaged = whole;
            for (auto left = 1 + random() % 3; left > 0; --left) {
                const auto place = random() % damaged.payload.size();
                damaged.payload[place] = random() % 2 == 0 ? likely[random() % likely.size()]
                                                           : static_cast<char>(random());
                if (random() % 8 == 0) damaged.payload.insert(place, damaged.payload, 0, 9);
            }
            ++tried;
            const auto decoded = decode(damaged, blank);
            if (!decoded) {
                CHECK_FALSE(decoded.error().problem.empty());
                continue;
            }
            ++read;
            const auto again = encode_event(*decoded);
            const auto twice = decode(again, blank);
            CHECK(twice == *decoded);
            CHECK(encode_event(*twice).payload == again.payload);
        }
    });
    CHECK(tried == (std::variant_size_v<order::Event> + std::variant_size_v<ledger::Event>)*rounds);
    CHECK(read > tried / 100);
    CHECK(read < tried);
}

}  // namespace holdfast::store
