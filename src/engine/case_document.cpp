// A case into its document: what follows from the events is made from them here.
#include "engine/case_file.h"

#include "base/verify.h"
#include "engine/case_trace.h"
#include "engine/live.h"
#include "engine/outbox_words.h"
#include "ledger/party_evolve.h"
#include "ledger/posting.h"
#include "order/evolve.h"
#include "store/codec/event_codec.h"
#include "terms/load.h"

#include <map>
#include <stdexcept>
#include <utility>
#include <variant>

namespace holdfast::engine {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;

std::string at_event(std::size_t index) { return "/events/" + std::to_string(index); }

json::object money_json(std::string_view account, const Money& amount) {
    return {
        {"account", account}, {"amount", amount.minor()}, {"currency", code_of(amount.currency())}};
}

// All that is made from the events, in their order.
class Folder {
public:
    explicit Folder(const Case& one) : one_(one) {}

    // Needs the terms only from the first event of an order on, which pins them.
    std::optional<Misfit> run(const fs::path& folder) {
        const auto& events = one_.history.events;
        for (std::size_t i = 0; i < events.size(); ++i) {
            try {
                const auto problem = one_.history.kind == store::StreamKind::party
                                         ? take_party_event(i)
                                         : take_order_event(i, folder);
                if (problem) return problem;
            } catch (const std::logic_error&) {  // a failed VERIFY, or a number of nothing
                return Misfit{at_event(i), "cannot follow the events before it"};
            }
        }
        if (balances_) ledger::verify_agrees(*balances_, order_);
        return std::nullopt;
    }

    json::array events() { return std::move(events_); }
    json::array evidence() { return std::move(evidence_); }
    json::array trace() { return std::move(trace_); }
    json::value terms() { return std::move(terms_json_); }
    json::array balances() const {
        json::array all;
        for (const auto& [key, minor] : sums_)
            if (minor != 0)
                all.push_back(money_json(key.first, Money::of_minor(minor, key.second)));
        return all;
    }
    std::string account, reference;

private:
    std::optional<Misfit> take_order_event(std::size_t i, const fs::path& folder) {
        const auto& event = one_.history.events[i];
        const auto decoded = store::decode_order_event(event);
        if (!decoded) return unreadable(i, decoded.error());
        if (auto from = placed_by(event.cause)) {
            account = std::move(from->account);
            reference = std::move(from->reference);
        }
        if (const auto* placed = std::get_if<order::Placed>(&decoded->event))
            if (auto problem = take_terms(placed->placement.terms, folder)) return problem;
        if (rules_)
            if (auto trace = trace_of(order_, *decoded, event.seq, *terms_))
                trace_.emplace_back(std::move(*trace));
        if (const auto* shown = std::get_if<order::EvidenceSubmitted>(&decoded->event))
            add_evidence(event.seq, shown->content);
        if (const auto* shown = std::get_if<order::ChargebackAnswered>(&decoded->event))
            add_evidence(event.seq, shown->content);
        if (const auto* sent = std::get_if<order::MessageSent>(&decoded->event))
            for (const auto& file : sent->files) add_evidence(event.seq, file);
        const auto postings = ledger::postings_of(order_, *decoded);
        order::evolve(order_, *decoded);
        if (!balances_) balances_.emplace(order_.currency());
        balances_->post(postings);
        add(event, postings);
        return std::nullopt;
    }

    std::optional<Misfit> take_party_event(std::size_t i) {
        const auto& event = one_.history.events[i];
        const auto decoded = store::decode_party_event(event);
        if (!decoded) return unreadable(i, decoded.error());
        const auto postings = ledger::postings_of(party_, *decoded);
        ledger::evolve(party_, *decoded);
        add(event, postings);
        return std::nullopt;
    }

    static Misfit unreadable(std::size_t i, const store::DecodeError& error) {
        return {at_event(i) + "/payload", error.pointer + " " + error.problem};
    }

    std::optional<Misfit> take_terms(const terms::Pin& pin, const fs::path& folder) {
        auto loaded = formats::load_rulebook_of(one_.terms, folder);
        if (!loaded) return Misfit{"/terms/files", to_string(loaded.error().front())};
        for (const auto& [id, text] : one_.terms)
            if (terms::id_of(text.text) != id)
                return Misfit{"/terms/files", "the file of " + id + " gives itself another id"};
        rules_ = std::move(*loaded);
        terms_ = rules_->find(pin.terms_id);
        if (!terms_) return Misfit{"/terms/files", "the order's terms are not among them"};
        if (terms::pin_of(*terms_) != pin)
            return Misfit{"/terms/files", "their content hash is " + to_hex(terms_->content_hash) +
                                              ", and the order was placed under " +
                                              to_hex(pin.content_hash)};
        json::array files;
        for (const auto* one = terms_; one; one = rules_->find(one->extends))
            files.push_back(json::object{{"id", one->id}, {"text", one_.terms.at(one->id).text}});
        terms_json_ = json::object{{"id", terms_->id},
                                   {"programme", terms_->programme},
                                   {"title", terms_->title},
                                   {"content_hash", to_hex(terms_->content_hash)},
                                   {"files", std::move(files)}};
        return std::nullopt;
    }

    void add_evidence(std::uint64_t seq, const Hash& content) {
        evidence_.push_back(json::object{{"event", seq}, {"hash", to_hex(content)}});
    }

    void add(const store::Event& event, const ledger::Postings& postings) {
        json::array moved;
        for (const auto& [posting, amount] : postings) {
            const std::string name(to_string(posting));
            sums_[{name, amount.currency()}] += amount.minor();
            moved.push_back(money_json(name, amount));
        }
        json::object object{{"seq", event.seq},         {"at", holdfast::to_string(event.at)},
                            {"kind", event.kind},       {"v", event.v},
                            {"payload", event.payload}, {"cause", event.cause}};
        for (const auto& request : one_.history.requests)
            if (request.first_seq == event.seq)
                object["request"] = json::object{{"key", request.key},
                                                 {"hash", to_hex(request.hash)},
                                                 {"version", request.version}};
        object["hash"] = to_hex(event.hash);
        object["postings"] = std::move(moved);
        events_.emplace_back(std::move(object));
    }

    const Case& one_;
    order::Order order_;
    ledger::PartyBook party_;
    std::optional<ledger::Balances> balances_;
    std::unique_ptr<const formats::Rulebook> rules_;
    const terms::Terms* terms_ = nullptr;
    std::map<std::pair<std::string, Currency>, order::Minor> sums_;
    json::array events_, evidence_, trace_;
    json::value terms_json_;
};

json::array anchors_json(const std::vector<AnchorProof>& anchors) {
    json::array all;
    for (const auto& one : anchors) {
        json::array path;
        for (const auto& [is_left, hash] : one.path)
            path.push_back(json::array{is_left ? "left" : "right", to_hex(hash)});
        all.push_back(json::object{{"anchor", one.no},
                                   {"at", holdfast::to_string(one.at)},
                                   {"line", to_hex(one.line)},
                                   {"root", to_hex(one.root)},
                                   {"streams", one.streams},
                                   {"version", one.version},
                                   {"path", std::move(path)}});
    }
    return all;
}

json::array outbox_json(const std::vector<store::OutboxRow>& rows) {
    json::array all;
    for (const auto& row : rows)
        all.push_back(json::object{{"no", row.no},
                                   {"event", row.seq},
                                   {"kind", row.item.kind},
                                   {"payload", row.item.payload},
                                   {"due", holdfast::to_string(row.item.due)},
                                   {"state", word_of(row.state)},
                                   {"attempts", row.attempts},
                                   {"problem", row.problem}});
    return all;
}

}  // namespace

std::string to_string(const Misfit& misfit) {
    return (misfit.pointer.empty() ? "the file" : misfit.pointer) + ": " + misfit.problem;
}

std::string name_of(const store::StreamId& stream, store::StreamKind kind) {
    return (kind == store::StreamKind::party ? "pty_" : "ord_") + to_base32(stream.bytes);
}

std::expected<json::object, Misfit> document_of(const Case& one, const fs::path& folder) {
    Folder folded(one);
    if (auto problem = folded.run(folder)) return std::unexpected(std::move(*problem));
    const auto kind = one.history.kind;
    return json::object{{"format", "holdfast-case"},
                        {"format_version", 1},
                        {"made_at", holdfast::to_string(one.made_at)},
                        {"program", one.program},
                        {"time_zone_data", one.time_zone_data},
                        {"stream", json::object{{"id", name_of(one.stream, kind)},
                                                {"kind", to_string(kind)},
                                                {"account", folded.account},
                                                {"reference", folded.reference},
                                                {"version", one.history.version}}},
                        {"terms", folded.terms()},
                        {"events", folded.events()},
                        {"balances", folded.balances()},
                        {"evidence", folded.evidence()},
                        {"trace", folded.trace()},
                        {"anchors", anchors_json(one.anchors)},
                        {"outbox", outbox_json(one.outbox)}};
}

std::string seal_of(const json::object& document) {
    json::object rest;
    for (const auto& [name, value] : document)
        if (name != "hash") rest[name] = value;
    return to_hex(hash_of(json::serialize(rest)));
}

std::string text_of(json::object document) {
    document["hash"] = seal_of(document);
    std::string text = "{";
    const char* between = "\n";
    for (const auto& [name, value] : document) {
        text += std::exchange(between, ",\n") + json::serialize(json::string(name)) + ": ";
        const auto* list = value.if_array();
        if (!list || list->empty()) {
            text += json::serialize(value);
            continue;
        }
        const char* before = "[\n  ";
        for (const auto& element : *list)
            text += std::exchange(before, ",\n  ") + json::serialize(element);
        text += "]";
    }
    return text + "\n}\n";
}

}  // namespace holdfast::engine
