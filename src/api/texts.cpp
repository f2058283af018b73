// What parties write: kept beside the streams, shown to those it is for, and erased with whoever
// wrote it.
#include "engine/texts.h"
#include "api/json_out.h"
#include "api/service.h"
#include "engine/contacts.h"

#include <algorithm>
#include <utility>

namespace holdfast::api {
namespace {

namespace json = boost::json;

// The text is in nothing that is kept for ever, the hash of its request included: there its own
// stands in its place.
json::object without_text(json::object body, std::string_view member, const Hash& hash) {
    body[member] = to_hex(hash);
    return body;
}

struct ErasedText {
    IdBytes party{};
    std::uint64_t texts = 0;
    bool contact = false;  // there was one
    template <class F>
    void fields(F&& f) const {
        f("party", party);
        f("texts", texts);
        f("contact", contact);
    }
};

// Does the store know of such a party at all?
bool is_known(store::Store& store, const IdBytes& party) {
    return store.find_text_hash(party, {}) || store.had_texts_erased(party) ||
           store.load({party}).kind == store::StreamKind::party;
}

}  // namespace

// Keeps the text before the event that names it, unless the request would be refused anyway: what
// nobody said shall not lie about. Under a key that was used the engine decides nothing, so nothing
// is kept either.
void Service::ask_with_text(Call& call, const FoundOrder& found, order::Command& command,
                            const FreeText& text, KeyRequest& request,
                            std::optional<std::uint64_t> version) {
    const auto known =
        reads_.with([&](store::Store& store) { return store.load(found.stream).requests; });
    const bool is_again =
        std::ranges::find(known, request.key, &store::KeptRequest::key) != known.end();
    constexpr auto kind = store::StreamKind::order;
    if (!is_again && version && *version != found.version)
        return answer(call, found.stream, kind,
                      {.outcome = engine::Outcome::version_differs, .version = found.version}, 200);
    if (!is_again)
        if (const auto decision = decision_on(found, command); !decision)
            return refuse_preview(call, found.stream, kind, decision.error(), found.version);
    const auto owner = engine::text_owner(found.live.state, command.by);
    auto& hash = text_hash_in(command);
    engine_.with_store([&](store::Store& store, engine::Writer&) {
        hash = is_again ? store.find_text_hash(owner, text.text).value_or(Hash{})
                        : store.keep_text(owner, text.text);
    });
    request =
        call.key_request(std::move(request.key), without_text(call.body(), text.member, hash));
}

// The newest first; a cursor is the number of the last one shown.
void Service::list_messages(Call& call) {
    call.read_query({"as", "limit", "cursor"});
    const auto reader = reader_of(call);
    if (!reader) return;
    const auto limit = call.limit();
    const auto cursor = call.query("cursor");
    if (call.has_faults()) return;
    const auto found = find_order(call);
    if (!found) return;
    const auto& order = found->live.state;
    const auto list = call.request().target.path + "?" + std::string(terms::to_string(*reader));
    const auto before = cursor ? place_of(*cursor, list) : order.messages.size() + 1;
    if (!before) return call.send("invalid_cursor");

    std::vector<order::MessageNo> shown;
    bool has_more = false;
    for (auto i = std::min<std::uint64_t>(*before, order.messages.size() + 1); i-- > 1;) {
        if (!order.messages[i - 1].is_for(*reader)) continue;
        has_more = shown.size() == limit;
        if (has_more) break;
        shown.push_back(order::nth<order::MessageNo>(i - 1));
    }
    const auto seen = found->seen(*reader, options_.livemode);
    json::array data;
    reads_.with([&](store::Store& store) {
        for (const auto no : shown) {
            const auto& message = order.messages[order::index_of(no)];
            data.push_back(message_view(
                seen, no, see_text(store, message.text, engine::text_owner(order, message.by))));
        }
    });
    json::object page;
    page["data"] = std::move(data);
    page["has_more"] = has_more;
    if (has_more) page["next_cursor"] = cursor_of(shown.back().value, list);
    call.send(200, page);
}

// That it was done stays, in a stream of its own; repeating it erases what was written since.
void Service::erase_party(Call& call) {
    call.read_query({});
    const auto request = call.read_request(Body::may_be_empty, [](Members&) {});
    if (!request) return;
    const auto party = parse_prefixed("pty", call.parameter("party_id"));
    ErasedText erased{.party = party.value_or(IdBytes{})};
    std::string_view wrong;
    bool is_again = false;
    engine_.with_store([&](store::Store& store, engine::Writer& writer) {
        SettingStream erasures("erasures", call.caller().name);
        const auto before = SettingStream::find(erasures.load(store), *request);
        if (!before) return void(wrong = "key_reused");
        if (*before) {
            is_again = true;
            erased = erasures.text_of<ErasedText>(**before);
        } else if (!party || *party == IdBytes{} || !is_known(store, *party)) {
            wrong = "not_found";
        } else {
            erased.texts = store.erase_texts(*party);
            erased.contact = engine::find_contact(store, {*party}).has_value();
            if (erased.contact &&
                engine::erase_contact(store, writer, {*party}, call.now(), call.caller().name)
                        .outcome != engine::Outcome::done)
                return void(wrong = "unavailable");  // the same request again finishes it
            erasures.append(store, "party_erased", erased, call.now(), *request);
        }
    });
    if (!wrong.empty()) return call.send(wrong);
    json::object out;
    out["object"] = "erasure";
    out["party_id"] = party_id(erased.party);
    out["texts"] = erased.texts;
    out["contact"] = erased.contact;
    std::vector<http::Header> more;
    if (is_again) more.push_back({"Idempotency-Replayed", "true"});
    call.send(200, out, std::move(more));
}

}  // namespace holdfast::api
