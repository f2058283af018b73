// Streams as each release wrote them, event by event, replay byte for byte: tests/data/golden has
// one file for each. HOLDFAST_WRITE_GOLDEN=1 writes the file of this version where there is none
// yet.
#include "engine_world.h"

#include "engine/live.h"
#include "engine/writer.h"
#include "store/chain.h"
#include "store/codec/event_codec.h"
#include "store/memory/memory_store.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::test {
namespace {

using namespace engine;
using namespace std::chrono;
namespace fs = std::filesystem;

constexpr Instant noon{sys_days{year{2026} / 1 / 5} + 12h};

// A line is its parts apart by tabs; the last part may hold anything but a line's end.
std::vector<std::string> parts_of(const std::string& line, std::size_t most) {
    std::vector<std::string> parts;
    std::size_t begin = 0;
    while (parts.size() + 1 < most) {
        const auto tab = line.find('\t', begin);
        if (tab == std::string::npos) break;
        parts.push_back(line.substr(begin, tab - begin));
        begin = tab + 1;
    }
    parts.push_back(line.substr(begin));
    return parts;
}

std::string joined(std::initializer_list<std::string> parts) {
    std::string line;
    for (const auto& part : parts) line += (line.empty() ? "" : "\t") + part;
    return line + "\n";
}

std::int64_t number(const std::string& text) { return std::stoll(text); }

// What the events led to, in figures that no other way of keeping the state can change.
std::string state_line(const Live& live) {
    if (const auto* order = std::get_if<LiveOrder>(&live.what)) {
        const auto& money = order->state.money;
        std::string figures;
        for (const auto figure : {money.captured, money.held, money.released, money.refunded,
                                  money.compensated, money.fees, money.charged_back})
            figures += std::to_string(figure) + " ";
        return joined({"state", std::to_string(live.version()), order->account, order->reference,
                       order->state.is_over() ? "over" : "open",
                       std::to_string(order->state.disputes.size()), figures});
    }
    std::string figures;
    for (const auto& purse : std::get<LiveParty>(live.what).state.purses)
        for (std::size_t i = 0; i < ledger::account_count; ++i)
            figures += std::to_string(purse.balances.of(static_cast<ledger::Account>(i))) + " ";
    return joined({"state", std::to_string(live.version()), figures});
}

std::string text_of(const store::StreamId& stream, const store::History& history) {
    auto text =
        joined({"stream", std::string(history.kind == store::StreamKind::order ? "order" : "party"),
                to_base32(stream.bytes)});
    for (const auto& event : history.events) {
        const auto request =
            std::ranges::find(history.requests, event.seq, &store::KeptRequest::first_seq);
        const bool has_key = request != history.requests.end();
        text += joined({"event", std::to_string(event.seq),
                        std::to_string(event.at.time_since_epoch().count()), event.kind,
                        std::to_string(event.v), event.cause, has_key ? request->key : "",
                        has_key ? to_hex(request->hash) : "",
                        has_key ? std::to_string(request->version) : "", to_hex(event.hash),
                        event.payload});
    }
    const auto live = fold(stream, history);
    if (!live) FAIL(live.error());
    return text + state_line(*live);
}

// --- Writing a release's file

// Short lives, one after the other, until every kind of event is there; of each only the streams
// that have a kind which none before them had.
class Recorder {
public:
    std::string run() {
        writer_.set_outages({{.from = noon + days{200}, .until = noon + days{200} + 3h}});
        std::string text;
        for (lives_ = 1; lives_ < 4'000 && missing() > 0; ++lives_) {
            streams_.clear();
            now_ = noon + minutes{random_.below(300 * 24 * 60)};
            place();
            for (int step = 0; step < 40 && !streams_.empty(); ++step) one_step();
            for (const auto& stream : streams_) {
                const auto history = store_->load(stream);
                bool is_new = false;
                if (history.version <= 60)
                    for (const auto& event : history.events)
                        is_new |= seen_.insert(event.kind).second;
                if (is_new) text += text_of(stream, history);
            }
        }
        return text;
    }
    std::size_t missing() const { return kind_count - seen_.size(); }
    const std::set<std::string>& seen() const { return seen_; }

private:
    // `acknowledged` is an event of orders and parties.
    static constexpr std::size_t kind_count =
        std::variant_size_v<order::Event> + std::variant_size_v<ledger::Event> - 1;

    void one_step() {
        now_ += minutes{random_.between(1, random_.chance(10) ? 20 * 24 * 60 : 12 * 60)};
        const std::vector<Work> works{some_work()};
        writer_.run(works);
        if (random_.chance(80)) return;
        writer_.sweep(now_, 50);
        writer_.carry(now_, 50);
    }

    void place() {
        World nobody;
        Chooser chooser(random_, nobody, now_);
        while (true) {
            auto command = chooser.command();
            auto* place = std::get_if<order::Place>(&command.request);
            if (!place) continue;
            PlaceOrder order{.account = "shop",
                             .reference = "R" + std::to_string(lives_),
                             .placed_at = now_,
                             .placement = place->placement};
            order.placement.terms = terms::pin_of(marketplace_terms());
            order.placement.seller = {};
            for (std::size_t i = 0; i < 4; ++i)
                order.placement.seller.bytes[12 + i] =
                    static_cast<std::uint8_t>(lives_ >> (24 - 8 * i));
            const auto stream = order_stream(order.account, order.reference, order.placed_at);
            const auto seller = party_stream(order.placement.seller);
            const Work work{.stream = stream, .what = std::move(order), .received_at = now_};
            if (writer_.run({&work, 1}).front().outcome == Outcome::done)
                streams_ = {stream, seller};
            return;
        }
    }

    Work some_work() {
        const auto& stream = streams_[random_.chance(70) ? 0 : 1];
        Work work{.stream = stream, .what = Tick{}, .received_at = now_, .cause = "golden"};
        if (random_.chance(50)) {
            work.key = "k" + std::to_string(++keys_);
            work.request_hash = hash_of(work.key);
        }
        const auto history = store_->load(stream);
        if (history.version == 0 || history.kind == store::StreamKind::party) {
            work.what = party_work();
            return work;
        }
        World world;
        for (const auto& event : history.events) {
            const auto decoded = store::decode_order_event(event);
            if (!decoded) FAIL(event.kind << " " << event.payload << decoded.error().pointer);
            order::evolve(world.order, *decoded);
        }
        Chooser chooser(random_, world, now_);
        if (world.order.money.captured == 0 && random_.chance(60))
            work.what = order::Observation{now_, order::SeeCaptured{order::total_of(world.order)}};
        else if (random_.chance(40))
            work.what = chooser.observation();
        else
            work.what = chooser.command();
        return work;
    }

    decltype(Work::what) party_work() {
        using namespace ledger;
        const auto amount = random_.between(1, 5'000);
        const auto ask = [](Request request) {
            return ledger::Command{.by = order::Party::platform, .request = std::move(request)};
        };
        const auto see = [&](Seen seen) { return ledger::Observation{now_, std::move(seen)}; };
        const auto word = Word::cut("ref" + std::to_string(keys_ / 3));
        switch (random_.below(12)) {
        case 0: return ask(HoldPayouts{});
        case 1: return ask(LiftHold{});
        case 2: return ask(SetReserve{.basis_points = 1'000, .days = 10});
        case 3: return ask(ReturnDeposit{.currency = Currency::eur, .amount = amount});
        case 4: return ask(SetDepositCover{.covers_debt = random_.chance(50)});
        case 5: return ask(Fine{.currency = Currency::eur, .amount = amount, .clause = word});
        case 6: return ask(WriteOffDebt{.currency = Currency::eur, .amount = amount, .by = {}});
        case 7: return ask(SetPayoutAccount{.account = "acct_" + std::to_string(amount)});
        case 8: return see(SeeDepositPaid{word, Currency::eur, amount});
        case 9: return see(SeeDebtPaid{word, Currency::eur, amount});
        case 10:
            return see(SeePayout{
                .payout = {1},
                .state = random_.chance(50) ? PayoutState::succeeded : PayoutState::failed});
        default: return ask(BatchPayout{.currency = Currency::eur});
        }
    }

    Random random_{20'261'129};
    std::unique_ptr<store::Store> store_ = store::make_memory_store();
    RulesBook rules_ = [] {
        RulesBook book(order::Rules{}.grace, 48h);
        book.add(marketplace_terms());
        return book;
    }();
    Writer writer_{*store_, rules_};
    Instant now_ = noon;
    std::uint64_t lives_ = 0, keys_ = 0;
    std::vector<store::StreamId> streams_;
    std::set<std::string> seen_;
};

// --- Reading one

struct Counts {
    std::size_t streams = 0, events = 0;
    std::set<std::string> kinds;
};

void check_event(const store::StreamId& stream, store::StreamKind kind,
                 const store::KeptEvent& kept, store::Head& last) {
    CHECK_FALSE(store::find_misfit(last, stream, kind, kept));
    last = {.version = kept.event.seq, .hash = kept.event.hash};
    const auto again = [&](const auto& decoded) {
        REQUIRE(decoded);
        const auto encoded = store::encode_event(*decoded);
        CHECK(encoded.payload == kept.event.payload);
        CHECK(encoded.kind == kept.event.kind);
        CHECK(encoded.v == kept.event.v);
    };
    if (kind == store::StreamKind::order)
        again(store::decode_order_event(kept.event));
    else
        again(store::decode_party_event(kept.event));
}

store::KeptEvent read_event(const std::string& line) {
    const auto parts = parts_of(line, 11);
    REQUIRE(parts.size() == 11);
    store::KeptEvent kept;
    kept.event = {.seq = static_cast<std::uint64_t>(number(parts[1])),
                  .at = Instant{Duration{number(parts[2])}},
                  .kind = parts[3],
                  .v = static_cast<std::int32_t>(number(parts[4])),
                  .payload = parts[10],
                  .cause = parts[5],
                  .hash = parse_hash(parts[9]).value()};
    if (!parts[6].empty())
        kept.request = {.key = parts[6],
                        .hash = parse_hash(parts[7]).value(),
                        .version = static_cast<std::uint64_t>(number(parts[8]))};
    return kept;
}

void replay(const fs::path& file, Counts& counts) {
    std::ifstream in(file, std::ios::binary);
    REQUIRE(in);
    store::StreamId stream;
    store::History history;
    store::Head last;
    for (std::string line; std::getline(in, line);) {
        CAPTURE(line);
        if (line.starts_with("stream\t")) {
            const auto parts = parts_of(line, 3);
            stream = {parse_base32(parts[2]).value()};
            history = {.kind = parts[1] == "order" ? store::StreamKind::order
                                                   : store::StreamKind::party};
            last = {};
            ++counts.streams;
        } else if (line.starts_with("event\t")) {
            const auto kept = read_event(line);
            check_event(stream, history.kind, kept, last);
            history.events.push_back(kept.event);
            history.version = kept.event.seq;
            if (kept.request)
                history.requests.push_back({.key = kept.request->key,
                                            .hash = kept.request->hash,
                                            .first_seq = kept.event.seq,
                                            .version = kept.request->version});
            ++counts.events;
            counts.kinds.insert(kept.event.kind);
        } else {
            const auto live = fold(stream, history);
            REQUIRE(live);
            CHECK(state_line(*live) == line + "\n");
        }
    }
}

const fs::path folder = HOLDFAST_SOURCE_DIR "/tests/data/golden";

}  // namespace

TEST_CASE("golden: the streams of every release replay byte for byte") {
    const auto now = folder / (HOLDFAST_VERSION ".txt");
    if (std::getenv("HOLDFAST_WRITE_GOLDEN") &&
        !fs::exists(now)) {  // NOLINT(concurrency-mt-unsafe)
        Recorder recorder;
        const auto text = recorder.run();
        std::string missing;
        const auto add_missing = [&](std::string_view name) {
            if (!recorder.seen().contains(std::string(name))) missing.append(" ").append(name);
        };
        [&]<std::size_t... I>(std::index_sequence<I...>) {
            (add_missing(std::variant_alternative_t<I, order::Event>::name), ...);
        }(std::make_index_sequence<std::variant_size_v<order::Event>>{});
        [&]<std::size_t... I>(std::index_sequence<I...>) {
            (add_missing(std::variant_alternative_t<I, ledger::Event>::name), ...);
        }(std::make_index_sequence<std::variant_size_v<ledger::Event>>{});
        MESSAGE("kinds of events not reached:" << missing);
        fs::create_directories(folder);
        std::ofstream(now, std::ios::binary) << text;
    }
    REQUIRE(fs::exists(now));  // every release has its own
    for (const auto& entry : fs::directory_iterator(folder)) {
        CAPTURE(entry.path().string());
        Counts counts;
        replay(entry.path(), counts);
        CHECK(counts.streams >= 5);
        CHECK(counts.events >= 100);
        CHECK(counts.kinds.size() >= 65);
    }
}

}  // namespace holdfast::test
