#include "engine/auditor.h"

#include "engine/outbox_text.h"
#include "engine/test_support.h"
#include "store/passing_store.h"

#include <memory>

namespace holdfast::engine_test {
namespace {

std::unique_ptr<store::Store> busy_store() {
    auto store = store::make_memory_store();
    Writer writer(*store, engine_test::rules());
    for (const auto* reference : {"R1", "R2"}) writer.run(shipped(reference));
    const std::vector<Work> works{
        work("R1", order::Party::buyer, order::ConfirmReceipt{}, start + days{3}),
        work("R2", order::Party::seller, order::Refund{.amount = 1'000}, start + days{3})};
    for (const auto& answer : writer.run(works)) REQUIRE(answer.outcome == Outcome::done);
    return store;
}

std::string problem(store::Store& store) {
    AuditCounts counts;
    return find_disagreement(store, counts).value_or("");
}

// Another change of a stream, not made by the engine.
store::Change meddling(store::Store& store) {
    const auto stream = stream_of(place("R2"));
    store::Change change{.stream = stream, .kind = store::StreamKind::order};
    change.expected_version = store.load(stream).version;
    change.cause = "meddling";
    change.index = store.find(stream);
    return change;
}

}  // namespace

TEST_CASE("books that agree are counted") {
    const auto store = busy_store();
    AuditCounts counts;
    CHECK(find_disagreement(*store, counts) == std::nullopt);
    CHECK(counts.orders == 2);
    CHECK(counts.on_its_way == 1);
    CHECK(counts.events > 6);

    Writer writer(*store, engine_test::rules());
    writer.carry(start + days{4}, 10);
    AuditCounts after;
    CHECK(find_disagreement(*store, after) == std::nullopt);
    CHECK(after.parties == 1);
    CHECK(after.on_its_way == 0);
}

TEST_CASE("a text that an order names is there, was erased, or is missed") {
    const auto store = store::make_memory_store();
    Writer writer(*store, engine_test::rules());
    writer.run(shipped("R1"));
    const auto write = [&](order::Party by, const Hash& text) {
        const std::vector<Work> asked{
            work("R1", by, order::SendMessage{.text = text}, start + days{3})};
        REQUIRE(writer.run(asked).front().outcome == Outcome::done);
    };
    const auto placed = placement();
    write(order::Party::buyer, store->keep_text(placed.buyer.bytes, "Where is it?"));
    write(order::Party::seller, store->keep_text(placed.seller.bytes, "It is late."));
    write(order::Party::platform, store->keep_text({}, "We look into it."));
    AuditCounts whole;
    CHECK(find_disagreement(*store, whole) == std::nullopt);
    CHECK(whole.texts == 3);
    CHECK(whole.texts_erased == 0);

    CHECK(store->erase_texts(placed.buyer.bytes) == 1);
    AuditCounts erased;
    CHECK(find_disagreement(*store, erased) == std::nullopt);
    CHECK(erased.texts == 2);
    CHECK(erased.texts_erased == 1);

    write(order::Party::seller, hash_of("never kept"));
    CHECK(problem(*store).contains("the text of message 4 is gone, and nobody erased it"));
}

TEST_CASE("a transfer that is gone is money that is missing") {
    const auto store = busy_store();
    const auto rows = store->outbox_due(transfer_kind, start + days{3}, 10);
    REQUIRE(rows.size() == 1);
    store->end_outbox({&rows[0].no, 1});
    CHECK(problem(*store) == "41.40 EUR is in transit, and the outbox has 0.00 EUR to carry");
}

TEST_CASE("entries that no event accounts for are named") {
    const auto store = busy_store();
    auto change = meddling(*store);
    change.events = {{.at = start + days{4}, .kind = "cancel_requested", .v = 1, .payload = "{}"}};
    change.entries = {{"escrow", Money::of_minor(-100, Currency::eur)},
                      {"seller", Money::of_minor(100, Currency::eur)}};
    REQUIRE(store->write(change));
    CHECK(problem(*store).ends_with("its entries say 34.00 EUR in escrow, its events 35.00 EUR"));
}

TEST_CASE("entries that do not sum to nothing are named before anything else of their stream") {
    struct OneMore final : store::PassingStore {
        using PassingStore::PassingStore;
        std::vector<store::Entry> balances(const store::StreamId& stream) override {
            auto entries = PassingStore::balances(stream);
            entries.push_back({.account = "bank", .amount = Money::of_minor(100, Currency::eur)});
            return entries;
        }
    };
    const auto store = busy_store();
    OneMore changed(*store);
    CHECK(problem(changed).ends_with(": its entries sum to 1.00 EUR"));
}

TEST_CASE("what is wrong with an order is told, however right the parties after it are") {
    const auto store = busy_store();
    Writer writer(*store, engine_test::rules());
    REQUIRE(writer.carry(start + days{4}, 10) == 1);
    REQUIRE(problem(*store).empty());
    auto change = meddling(*store);
    change.events = {{.at = start + days{4}, .kind = "scanned", .v = 1, .payload = "{"}};
    REQUIRE(store->write(change));
    CHECK(problem(*store).find("(scanned)") != std::string::npos);
}

TEST_CASE("an event that cannot be read is named with its place") {
    const auto store = busy_store();
    auto change = meddling(*store);
    change.events = {
        {.at = start + days{4}, .kind = "scanned", .v = 1, .payload = R"({"shipment":"x"})"}};
    REQUIRE(store->write(change));
    CHECK(problem(*store).find("(scanned)/shipment: ") != std::string::npos);
}

}  // namespace holdfast::engine_test
