// Who was told of what, and where parties are reached.
#include "api/json_out.h"
#include "api/service.h"
#include "engine/contacts.h"
#include "engine/event_text.h"
#include "engine/party_mails.h"
#include "http/mail.h"

#include <algorithm>
#include <utility>

namespace holdfast::api {
namespace {

namespace json = boost::json;

bool is_language(std::string_view text) {  // the shape of RFC 5646, "de" or "de-AT"
    const auto is_alnum = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    };
    return text.size() >= 2 && text.front() != '-' && text.back() != '-' &&
           std::ranges::all_of(text, [&](char c) { return c == '-' || is_alnum(c); });
}

struct ContactGiven {
    store::Person person;
    Word language;
};

ContactGiven read_contact(Members& body) {
    ContactGiven given;
    body.need("email", given.person.email,
              TextRule{.least = 3, .most = 254, .allows = &http::is_mail_address});
    body.need("name", given.person.name,
              TextRule{.least = 1, .most = 200, .allows = has_no_controls});
    std::string language;
    body.may("language", language, TextRule{.least = 2, .most = 35, .allows = &is_language});
    given.language = Word::cut(language);
    return given;
}

// Of whom the address of a notice is nobody else's to see.
std::string address_of(const order::Notice& notice, const OrderSeen& seen, store::Store& store) {
    if (notice.to.empty()) return {};
    if (seen.reader != order::Party::platform && seen.reader != notice.of) return {};
    const auto person = store.person_of(notice.to);
    return person ? engine::masked(person->email) : "erased";
}

json::object notice_view(const OrderSeen& seen, const store::History& history, order::NoticeNo no,
                         store::Store& store) {
    const auto& notice = seen.live.state.notices[order::index_of(no)];
    const store::FeedEvent about{.stream = {seen.id},
                                 .kind = store::StreamKind::order,
                                 .event = history.events.at(notice.about - 1)};
    json::object out;
    out["object"] = "notice";
    out["id"] = thing_id("ntc", seen.id, no);
    out["order_id"] = order_id(seen.id);
    out["of"] = terms::to_string(notice.of);
    out["by"] = to_string(notice.by);
    out["state"] = to_string(notice.state());
    out["about"] = {{"id", engine::event_id(about)},
                    {"type", engine::event_type(about.kind, about.event.kind)},
                    {"sequence", about.event.seq}};
    if (const auto to = address_of(notice, seen, store); !to.empty()) out["to"] = to;
    put(out, "code", notice.code);
    put(out, "made_at", notice.made_at);
    put(out, "sent_at", notice.sent);
    put(out, "delivered_at", notice.delivered);
    if (notice.delivered) put(out, "delivered_known_at", notice.delivered_seen_at);
    put(out, "bounced_at", notice.bounced);
    put(out, "failed_at", notice.failed);
    return out;
}

}  // namespace

// --- Contacts

void Service::send_contact(Call& call, const IdBytes& party) {
    auto reached = reads_.with(
        [&](store::Store& store) { return engine::find_contact(store, order::PartyId{party}); });
    if (!reached) return call.send("not_found");
    json::object out;
    out["object"] = "contact";
    out["party_id"] = party_id(party);
    out["email"] = reached->person.email;
    out["name"] = reached->person.name;
    put(out, "language", reached->contact.language);
    out["bounced"] = reached->contact.bounced.has_value();
    put(out, "bounced_at", reached->contact.bounced);
    put(out, "code", reached->contact.code);
    call.send(200, out);
}

void Service::get_contact(Call& call) {
    call.read_query({});
    if (call.has_faults()) return;
    if (const auto found = find_party(call)) send_contact(call, found->stream.bytes);
}

void Service::set_contact(Call& call) {
    call.read_query({});
    ContactGiven given;
    if (!call.read_body(Body::needed, [&](Members& body) { given = read_contact(body); })) return;
    const auto found = find_party(call);
    if (!found) return;
    engine::Answer answer;
    engine_.with_store([&](store::Store& store, engine::Writer& writer) {
        answer = engine::set_contact(store, writer, {found->stream.bytes}, given.person,
                                     given.language, call.now(), call.caller().name);
    });
    if (answer.outcome != engine::Outcome::done)
        return call.send(problem_of(answer, /*places=*/false));
    send_contact(call, found->stream.bytes);
}

void Service::delete_contact(Call& call) {
    call.read_query({});
    if (call.has_faults()) return;
    const auto found = find_party(call);
    if (!found) return;
    if (!found->book.contact) return call.send("not_found");
    engine::Answer answer;
    engine_.with_store([&](store::Store& store, engine::Writer& writer) {
        answer = engine::erase_contact(store, writer, {found->stream.bytes}, call.now(),
                                       call.caller().name);
    });
    if (answer.outcome != engine::Outcome::done)
        return call.send(problem_of(answer, /*places=*/false));
    call.send_nothing();
}

// --- Notices

void Service::list_notices(Call& call) {
    call.read_query({"limit", "cursor"});
    const auto found = find_order(call);
    if (!found) return;
    const auto history =
        reads_.with([&](store::Store& store) { return store.load(found->stream); });
    const auto seen = found->seen(usual_reader(call.caller()), options_.livemode);
    const auto count = found->live.state.notices.size();
    send_page(call, call.request().target.path, count, [&](std::size_t i) {
        return reads_.with([&](store::Store& store) {
            return notice_view(seen, history, order::nth<order::NoticeNo>(count - 1 - i), store);
        });
    });
}

// A mail that came back says something of the address as well. Told before the report itself, so
// that who repeats a report whose answer was lost tells both.
void Service::note_bounced(Call& call, const ThingId& subject, const OrderAsk& ask) {
    const auto* observation = std::get_if<order::Observation>(&ask);
    const auto* seen = observation ? std::get_if<order::SeeNotice>(&observation->seen) : nullptr;
    if (!seen || seen->state != order::NoticeState::bounced ||
        !(seen->code.empty() || engine::is_about_address(seen->code.view())))
        return;
    const auto found = reads_.order(subject.stream, call.now());
    if (!found || !order::has(found->live.state.notices, seen->notice)) return;
    const auto& notice = found->live.state.notices[order::index_of(seen->notice)];
    if (notice.to.empty() || notice.bounced) return;
    const auto& sale = found->live.state.terms_of_sale;
    const auto party = notice.of == order::Party::buyer ? sale.buyer : sale.seller;
    engine_.submit({.stream = engine::party_stream(party),
                    .what = ledger::Observation{.when = observation->when,
                                                .seen = ledger::SeeBounced{.mark = notice.to,
                                                                           .code = seen->code}},
                    .received_at = call.now(),
                    .cause = call.caller().name,
                    .begins_party = false},
                   [](const engine::Answer&) {});
}

}  // namespace holdfast::api
