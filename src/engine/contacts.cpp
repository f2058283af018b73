#include "engine/contacts.h"

#include "desk/whereis.h"

#include <utility>

namespace holdfast::engine {
namespace {

std::optional<ledger::Contact> contact_of(store::Store& store, order::PartyId party) {
    const auto stream = party_stream(party);
    const auto history = store.load(stream);
    if (history.version == 0 || history.kind != store::StreamKind::party) return std::nullopt;
    auto live = fold(stream, history);
    if (!live) return std::nullopt;
    return std::get<LiveParty>(std::move(live->what)).state.contact;
}

Answer ask(Writer& writer, order::PartyId party, ledger::Request request, Instant now,
           const std::string& cause) {
    const Work work{.stream = party_stream(party),
                    .what = ledger::Command{.request = std::move(request)},
                    .received_at = now,
                    .cause = cause,
                    .begins_party = false};
    return writer.run({&work, 1}).front();
}

void forget(store::Store& store, const std::string& mark) {
    if (mark.empty() || !store.search(contact_term(mark), /*prefix=*/false, 1).empty() ||
        !store.search(desk::normalise_search(mark), /*prefix=*/false, 1).empty())
        return;
    store.erase_person(mark);
}

}  // namespace

std::optional<Reached> find_contact(store::Store& store, order::PartyId party) {
    auto contact = contact_of(store, party);
    if (!contact) return std::nullopt;
    auto person = store.person_of(contact->mark);
    if (!person) return std::nullopt;
    return Reached{.person = *std::move(person), .contact = *std::move(contact)};
}

Answer set_contact(store::Store& store, Writer& writer, order::PartyId party,
                   const store::Person& person, const Word& language, Instant now,
                   const std::string& cause) {
    const auto before = contact_of(store, party);
    const auto mark = store.person_mark(person);
    auto answer =
        ask(writer, party, ledger::SetContact{.mark = mark, .language = language}, now, cause);
    if (answer.outcome != Outcome::done)
        forget(store, mark);
    else if (before && before->mark != mark)
        forget(store, before->mark);
    return answer;
}

Answer erase_contact(store::Store& store, Writer& writer, order::PartyId party, Instant now,
                     const std::string& cause) {
    const auto before = contact_of(store, party);
    auto answer = ask(writer, party, ledger::ClearContact{}, now, cause);
    if (answer.outcome == Outcome::done && before) forget(store, before->mark);
    return answer;
}

std::string masked(std::string_view email) {
    const auto at = email.rfind('@');
    if (at == std::string_view::npos || at == 0) return "***";
    const auto domain = email.substr(at + 1);
    const auto dot = domain.rfind('.');
    const auto end = dot == std::string_view::npos ? std::string_view() : domain.substr(dot);
    return std::string(email.substr(0, 1)) + "***@" + std::string(domain.substr(0, 1)) + "***" +
           std::string(end);
}

}  // namespace holdfast::engine
