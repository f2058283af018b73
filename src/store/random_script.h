// Random use of a store for tests, from one seed, and all that can be seen of it as one text.
#pragma once

#include "base/id.h"
#include "store/memory/memory_store.h"
#include "store/test_support.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace holdfast::store_test {

constexpr int script_references = 12;
constexpr int script_people = 4;
constexpr int script_owners = 3;
constexpr int script_texts = 4;  // of an owner

// Random changes of few streams: fresh, late, repeated, with and without everything.
inline Change random_change(std::mt19937_64& random) {
    const auto below = [&](std::uint64_t limit) { return random() % limit; };
    const std::string reference = std::to_string(below(script_references));
    const auto kind = reference.size() == 1 ? StreamKind::purchase : StreamKind::sale;
    std::vector<std::string> payloads(below(4));
    for (auto& payload : payloads) payload = std::string(below(40), 'x') + reference;
    Change change = change_of(reference, below(9), payloads, kind);
    change.cause = "import:" + std::to_string(below(5));
    if (payloads.empty() && change.expected_version == 0) change.expected_version = 1;
    if (!payloads.empty() && below(3) == 0)
        change = with_key(change, "key " + std::to_string(below(4)), std::to_string(below(2)));
    if (below(2)) {
        change.index = row_of(reference, kind);
        change.index->facts = std::to_string(random());
        if (below(2)) change.index->next_deadline = noon + Duration{below(5)};
    }
    if (below(3) == 0) {
        change.search_terms.emplace();
        for (auto n = below(4); n > 0; --n)
            change.search_terms->push_back("t" + std::to_string(below(20)));
    }
    if (!payloads.empty() && below(2)) {
        const Money amount = Money::of_minor(static_cast<std::int64_t>(below(3)),
                                             below(2) ? Currency::eur : Currency::jpy);
        change.entries = {{"a" + std::to_string(below(3)), amount}, {"b", -amount}};
        change.outbox.resize(below(3), {"mail", reference, noon + Duration{below(5)}});
    }
    if (change.expected_version == 0 && below(2))
        change.own_term = "own " + std::to_string(below(6));
    for (auto n = below(3); n > 0; --n) change.delivered.push_back(below(60));
    return change;
}

// Attempts at rows that are there and rows that are not.
inline std::vector<OutboxUpdate> random_updates(std::mt19937_64& random) {
    std::vector<OutboxUpdate> updates(random() % 3);
    for (auto& update : updates)
        update = {.no = random() % 60,
                  .lease = random() % 3,
                  .state = static_cast<OutboxState>(1 + random() % 4),
                  .due = noon + Duration{random() % 5},
                  .attempts = static_cast<std::int32_t>(random() % 9),
                  .problem = std::string(random() % 9, 'p')};
    return updates;
}

inline std::string script_email(std::uint64_t number) {
    return std::to_string(number) + "@shop.example";
}

inline IdBytes script_owner(std::uint64_t number) {
    return {static_cast<std::uint8_t>(number % script_owners)};
}

// No two owners have the same: a seeded source may give both the same key.
inline std::string script_text(std::uint64_t owner, std::uint64_t number) {
    return std::string(number % script_texts * 3'000, 't') + std::to_string(number % script_texts) +
           " of " + std::to_string(owner % script_owners);
}

inline std::string text_of(const std::vector<std::expected<Receipt, NotWritten>>& results) {
    std::string text;
    for (const auto& result : results)
        text += result ? std::to_string(result->version) + (result->replayed ? "r " : " ")
                       : "no" + std::to_string(static_cast<int>(result.error())) + " ";
    return text;
}

// Everything that a script may have left in a store.
inline std::string content_of(Store& store) {
    std::string text;
    const auto add = [&](const auto&... parts) { ((text += parts, text += ' '), ...); };
    const auto add_row = [&](const IndexRow& row) {
        add("row", std::to_string(row.version), row.reference, row.facts,
            row.next_deadline ? std::to_string(row.next_deadline->time_since_epoch().count()) : "");
    };
    const auto add_entries = [&](const std::vector<Entry>& entries) {
        for (const auto& [account, amount] : entries) add(account, to_string(amount));
    };
    for (int i = 0; i < script_references; ++i)
        for (const auto kind : {StreamKind::purchase, StreamKind::sale}) {
            const auto id = stream_id(std::to_string(i), kind);
            const auto history = store.load(id);
            if (history.version == 0) continue;
            add("\nstream", std::to_string(i), to_hex(history.events.back().hash));
            for (const auto& request : history.requests) add(request.key, to_hex(request.hash));
            add_entries(store.balances(id));
            if (const auto row = store.find(id)) add_row(*row);
        }
    for (int i = 0; i < 20; ++i)
        for (const auto& id : store.search("t" + std::to_string(i), /*prefix=*/false, 99))
            add("\nterm", std::to_string(i), to_base32(id.bytes));
    for (const auto kind : {StreamKind::purchase, StreamKind::sale}) {
        add("\nkind", std::to_string(store.count(kind)));
        for (const auto& row : scanned(store, kind)) add_row(row);
        add_entries(store.balances_of(kind));
    }
    for (const auto& row : store.due(noon + 9ms, 99)) add("\ndue", to_base32(row.stream.bytes));
    for (const auto& row : store.outbox_due("mail", noon + 2ms, 99)) add(std::to_string(row.no));
    for (const auto& row : store.outbox(0, 999))
        add("\nto send", std::to_string(row.no), row.item.payload, row.problem,
            std::to_string(row.item.due.time_since_epoch().count()),
            std::to_string(static_cast<int>(row.state)), std::to_string(row.attempts),
            std::to_string(row.lease));
    for (const auto& one : store.feed(0, 9'999))
        add("\nfeed", std::to_string(one.position), to_base32(one.stream.bytes),
            std::to_string(one.event.seq));
    for (const auto& one : store.endpoints())
        add("\nendpoint", to_base32(one.id), one.url, one.secret, std::to_string(one.position));
    for (std::uint64_t i = 0; i < script_people; ++i)
        if (const auto mark = store.find_person_mark(script_email(i)))
            add("\nperson", std::to_string(i), store.person_of(*mark).value().name);
    for (std::uint64_t i = 0; i < script_owners; ++i) {
        if (store.had_texts_erased(script_owner(i))) add("\nerased", std::to_string(i));
        for (std::uint64_t j = 0; j < script_texts; ++j)
            if (const auto hash = store.find_text_hash(script_owner(i), script_text(i, j)))
                if (const auto kept = store.text_of(*hash))
                    add("\ntext", std::to_string(i),
                        *kept == script_text(i, j) ? "kept" : "another");
    }
    for (const auto& record : store.imports()) add("\nimport", record.file);
    return text;
}

// Steps that each are one transaction; what they answer, and what is there before each and after
// the last.
struct Script {
    std::vector<std::function<std::string(Store&)>> steps;
    std::vector<std::string> answers;
    std::vector<std::string> contents;
};

namespace script {

// Mostly at the version that the stream has, now and then long.
inline std::vector<Change> random_batch(std::mt19937_64& random, Store& model) {
    std::vector<Change> changes(1 + random() % 6);
    for (auto& change : changes) {
        change = random_change(random);
        const auto version = model.load(change.stream).version;
        if (random() % 5 != 0 && (version > 0 || !change.events.empty()))
            change.expected_version = version;
        if (change.expected_version > 0) change.own_term.clear();
        if (!change.events.empty() && random() % 4 == 0)
            change.events.back().payload.append(random() % 20'000, 'y');
    }
    return changes;
}

// The next event to one of the endpoints, now and then from where it does not stand.
inline std::string fan_out_one(Store& store, std::uint64_t number) {
    const auto endpoints = store.endpoints();
    if (endpoints.empty()) return "none";
    const auto& endpoint = endpoints[number % endpoints.size()];
    FanOut fan_out{.endpoint = endpoint.id,
                   .from = endpoint.position + (number % 5 == 0 ? 1 : 0),
                   .to = endpoint.position + 1};
    for (const auto& event : store.feed(endpoint.position, 1))
        fan_out.items.push_back({.stream = event.stream,
                                 .seq = event.event.seq,
                                 .item = {.kind = "webhook", .payload = "w", .due = noon}});
    return store.fan_out(fan_out) ? "moved" : "stands elsewhere";
}

inline std::function<std::string(Store&)> random_step(std::mt19937_64& random, Store& model) {
    const auto number = random();
    switch (random() % 16) {
    case 0:
        return [updates = random_updates(random)](Store& store) {
            store.update_outbox(updates);
            return std::string();
        };
    case 1:
        return [rows = std::vector{number % 60, number / 60 % 60}](Store& store) {
            store.end_outbox(rows);
            return std::string();
        };
    case 2:
        return [number](Store& store) {
            store.person_mark(
                {script_email(number % script_people), std::to_string(number), "", ""});
            return std::string();
        };
    case 3:
        return [number](Store& store) {
            const auto mark = store.find_person_mark(script_email(number % script_people));
            return std::string(mark && store.erase_person(*mark) ? "erased" : "nobody");
        };
    case 4:
        return [number](Store& store) {
            ImportRecord record;
            record.file = std::to_string(number);
            store.record_import(record);
            return std::string();
        };
    case 5:
        return [number](Store& store) {
            std::string numbers;
            for (const auto& row : store.lease_outbox("mail", noon + 2ms, noon + 4ms, number % 5))
                numbers += std::to_string(row.no) + ":" + std::to_string(row.lease) + " ";
            return numbers;
        };
    case 6:
        return [number](Store& store) {
            const IdBytes id{static_cast<std::uint8_t>(number % 3)};
            if (number % 7 == 0) return std::string(store.remove_endpoint(id) ? "removed" : "none");
            store.put_endpoint({.id = id, .url = std::to_string(number), .secret = "s"});
            return std::string();
        };
    case 7: return [number](Store& store) { return fan_out_one(store, number); };
    case 8:
    case 9:
        return [number](Store& store) {
            const auto owner = number / 8;
            const auto hash = store.keep_text(script_owner(owner), script_text(owner, number));
            return store.text_of(hash).value_or("lost");
        };
    case 10:
        return [number](Store& store) {
            return std::to_string(store.erase_texts(script_owner(number)));
        };
    default:
        return [changes = random_batch(random, model)](Store& store) {
            return text_of(store.write_all(changes));
        };
    }
}

}  // namespace script

inline Script random_script(std::uint64_t seed, std::size_t count) {
    std::mt19937_64 random(seed);
    const auto model = make_memory_store(seeded_random(seed));
    Script script;
    script.contents.push_back(content_of(*model));
    while (script.steps.size() < count) {
        script.steps.push_back(script::random_step(random, *model));
        script.answers.push_back(script.steps.back()(*model));
        script.contents.push_back(content_of(*model));
    }
    return script;
}

}  // namespace holdfast::store_test
