#include "formats/scenario.h"

#include "base/utf8.h"

#include "base/hash.h"
#include "base/try.h"
#include "formats/order_text.h"
#include "formats/scenario_read.h"
#include "formats/text.h"

#include <algorithm>

namespace holdfast::formats {
namespace {

using Line = ScenarioLine;

constexpr std::string_view first_words[] = {"terms", "law",  "grace",  "order",
                                            "on",    "time", "outage", "expect"};
constexpr std::string_view detail_words[] = {"line",       "shipping", "tax",  "fee",
                                             "commission", "promised", "ship", "custody",
                                             "decided",    "fact",     "item"};

// A party's id from the name that the scenario gives it: the same name is the same party.
Parsed<order::PartyId> read_party(Line& line, std::string_view role) {
    const auto name = TRY(line.word("the name of the " + std::string(role)));
    const auto hash = hash_of(std::string(role) + ' ' + std::string(name.view()));
    std::array<std::uint8_t, 10> rest{};
    std::copy_n(hash.begin(), rest.size(), rest.begin());
    return order::PartyId{id_bytes(Instant{}, rest)};
}

Parsed<Duration> read_duration(Line& line) {
    const auto count = TRY(line.count("a number of seconds, minutes or hours"));
    if (line.take("s")) return std::chrono::seconds{count};
    if (line.take("min")) return std::chrono::minutes{count};
    if (line.take("h")) return std::chrono::hours{count};
    return std::unexpected(line.fault_of({"s", "min", "h"}));
}

// One scenario being read, line by line.
class Reader {
public:
    std::expected<Scenario, std::vector<ScenarioError>> read(std::string_view text) {
        std::size_t number = 0;
        while (!text.empty()) {
            const auto line = text.substr(0, text.find('\n'));
            text.remove_prefix(std::min(text.size(), line.size() + 1));
            read_line(++number, line);
        }
        if (errors_.empty() && !has_order_)
            errors_.push_back(
                {number, {"no order", "a line that begins with \"order placed\"", {}}});
        if (!errors_.empty()) return std::unexpected(std::move(errors_));
        return std::move(scenario_);
    }

private:
    void read_line(std::size_t number, std::string_view text) {
        number_ = number;
        if (find_invalid_utf8(text))
            return errors_.push_back({number, {shown(text), "text in UTF-8", {}}});
        Line line(text);
        if (line.is_done()) return read_comment(text);
        const auto read = read_statement(line);
        if (!read) return errors_.push_back({number, read.error()});
        if (const auto end = line.need_end(); !end) errors_.push_back({number, end.error()});
    }

    void read_comment(std::string_view text) {
        text = trimmed(text);
        while (text.starts_with('#')) text.remove_prefix(1);
        if (scenario_.title.empty()) scenario_.title = trimmed(text);
    }

    Parsed<void> read_statement(Line& line) {
        const bool in_order = std::exchange(in_order_, false);
        if (std::ranges::find(detail_words, line.peek()) != std::end(detail_words)) {
            if (!in_order)
                return std::unexpected(line.fault("this right below the order that it belongs to"));
            in_order_ = true;
            while (!line.is_done()) TRY(read_detail(line));
            return {};
        }
        if (line.take("terms")) {
            scenario_.terms = TRY(line.word("the id of a terms file")).view();
            return {};
        }
        if (line.take("law")) {
            while (!line.is_done())
                scenario_.law.emplace_back(TRY(line.word("the id of a terms file")).view());
            return {};
        }
        if (line.take("grace")) {
            scenario_.grace = TRY(read_duration(line));
            return {};
        }
        if (line.take("order")) return read_order(line);
        if (line.take("on")) return read_on(line);
        if (line.take("time")) return read_time(line);
        if (line.take("outage")) return read_outage(line);
        if (line.take("expect")) return read_expect(line);
        auto words = std::vector(std::begin(first_words), std::end(first_words));
        if (in_order) words.insert(words.end(), std::begin(detail_words), std::end(detail_words));
        return std::unexpected(line.fault_of(words));
    }

    Step new_step(const Line& line) const {
        return {.line = number_, .text = std::string(line.rest()), .at = last_, .what = {}};
    }

    Parsed<void> add(Step step) {
        if (step.at < last_)
            return std::unexpected(
                Fault{instant_text(step.at), "no time before " + instant_text(last_), {}});
        last_ = step.at;
        scenario_.steps.push_back(std::move(step));
        return {};
    }

    // --- The order

    Parsed<void> read_order(Line& line) {
        auto step = new_step(line);
        TRY(line.need("placed"));
        step.at = TRY(line.instant());
        step.text = "order placed " + std::string(line.rest());
        order::Placement placement;
        TRY(line.need("by buyer"));
        placement.buyer = TRY(read_party(line, "buyer"));
        TRY(line.need("from seller"));
        placement.seller = TRY(read_party(line, "seller"));
        TRY(line.need("in"));
        const auto currency = parse_currency(line.peek());
        if (!currency) return std::unexpected(line.fault("a currency such as EUR"));
        TRY(line.need(line.peek()));
        placement.currency = *currency;
        step.what =
            order::Command{.by = terms::Party::platform, .request = order::Place{placement}};
        TRY(add(std::move(step)));
        order_ = {.currency = *currency, .lines = {}};
        has_order_ = in_order_ = true;
        return {};
    }

    order::Placement& placement() {
        auto& command = std::get<order::Command>(scenario_.steps.back().what);
        return std::get<order::Place>(command.request).placement;
    }

    Parsed<void> read_detail(Line& line) {
        auto& order = placement();
        if (line.take("line")) return read_goods(line);
        if (line.take("shipping")) return put(order.shipping, line.amount(order.currency));
        if (line.take("tax")) return put(order.tax, line.amount(order.currency));
        if (line.take("fee")) return put(order.fee, line.amount(order.currency));
        if (line.take("commission")) return put(order.commission_basis_points, line.basis_points());
        if (line.take("promised by")) return put(order.promised_by, line.when());
        if (line.take("ship by")) return put(order.ship_by, line.when());
        if (line.take("custody")) return put(order.custody, line.one_of<order::Custody>());
        if (line.take("decided")) return put(order.decider, line.one_of<order::Decider>());
        if (line.take("fact")) return read_fact(line);
        if (line.take("item")) {
            do order.item_marks.push_back(TRY(line.word("a mark such as custom_made")));
            while (!line.is_done());
            return {};
        }
        return std::unexpected(line.fault_of(detail_words));
    }

    template <class T, class Read>
    static Parsed<void> put(T& place, Read read) {
        if (!read) return std::unexpected(read.error());
        place = *read;
        return {};
    }

    Parsed<void> read_goods(Line& line) {
        auto& order = placement();
        const auto expected = static_cast<std::int32_t>(order.lines.size()) + 1;
        if (line.peek() != std::to_string(expected))
            return std::unexpected(line.fault(std::to_string(expected) + ", the line's number"));
        TRY(line.count("the line's number"));
        order::PlacedLine goods;
        goods.quantity = TRY(line.count("a quantity"));
        TRY(line.need("x"));
        goods.sku = TRY(line.word("what is bought"));
        TRY(line.need("at"));
        goods.unit_price = TRY(line.amount(order.currency));
        order.lines.push_back(goods);
        order_.lines.push_back(goods);
        return {};
    }

    Parsed<void> read_fact(Line& line) {
        auto& order = placement();
        if (const auto attribute = line.take_one_of<terms::Attribute>()) {
            order.attributes.emplace_back(*attribute, TRY(line.word("a word")));
            return {};
        }
        const auto number = line.take_one_of<terms::Number>();
        if (!number) {
            auto words = spellings<terms::Attribute>();
            const auto numbers = spellings<terms::Number>();
            words.insert(words.end(), numbers.begin(), numbers.end());
            return std::unexpected(line.fault_of(words));
        }
        order.numbers.emplace_back(*number, TRY(line.count("a whole number")));
        return {};
    }

    // --- What happens

    Parsed<void> read_on(Line& line) {
        auto step = new_step(line);
        step.at = TRY(line.instant());
        step.text = line.rest();
        TRY(read_happening(line, order_, step));
        return add(std::move(step));
    }

    Parsed<void> read_time(Line& line) {
        auto step = new_step(line);
        step.text = "time " + step.text;
        TRY(line.need("passes to"));
        step.at = TRY(line.instant());
        step.what = TimePasses{};
        return add(std::move(step));
    }

    // It may have been before, or lie ahead: from here on it is known.
    Parsed<void> read_outage(Line& line) {
        auto step = new_step(line);
        step.text = "outage " + step.text;
        const auto from = TRY(line.instant());
        TRY(line.need("to"));
        const auto until = TRY(line.instant());
        if (until <= from)
            return std::unexpected(
                Fault{instant_text(until), "a time after " + instant_text(from), {}});
        step.what = terms::Outage{.from = from, .until = until};
        return add(std::move(step));
    }

    Parsed<void> read_expect(Line& line) {
        auto step = new_step(line);
        step.text = "expect " + step.text;
        if (!has_order_) return std::unexpected(Fault{"expect", "the order first", {}});
        step.what = TRY(read_expectation(line, order_));
        return add(std::move(step));
    }

    Scenario scenario_;
    ScenarioOrder order_;
    std::vector<ScenarioError> errors_;
    std::size_t number_ = 0;
    Instant last_{};
    bool has_order_ = false;
    bool in_order_ = false;
};

}  // namespace

bool Scenario::has_expectations() const {
    return std::ranges::any_of(
        steps, [](const Step& step) { return std::holds_alternative<Expectation>(step.what); });
}

std::string to_string(const ScenarioError& error, std::string_view file) {
    auto text = std::string(file) + ":" + std::to_string(error.line) + ": found " +
                error.fault.found + ", expected " + error.fault.expected;
    if (!error.fault.nearest.empty()) text += "; nearest: " + error.fault.nearest;
    return text;
}

std::expected<Scenario, std::vector<ScenarioError>> read_scenario(std::string_view text) {
    return Reader().read(text);
}

}  // namespace holdfast::formats
