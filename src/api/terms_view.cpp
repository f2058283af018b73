// What is promised: editions, and one of them clause by clause.
#include "api/json_out.h"
#include "api/service.h"
#include "terms/evaluate.h"
#include "terms/headline.h"

#include <algorithm>
#include <utility>

namespace holdfast::api {
namespace {

namespace json = boost::json;

std::string_view word_of(terms::Role role) {
    switch (role) {
    case terms::Role::platform:  return "platform";
    case terms::Role::seller:    return "seller";
    case terms::Role::law:       return "law";
    case terms::Role::checklist: break;  // no edition
    }
    return {};
}

json::object edition_view(const terms::Terms& one) {
    json::object out;
    out["id"] = one.id;
    out["programme"] = one.programme;
    out["title"] = one.title;
    out["role"] = word_of(one.role);
    if (one.from) out["from"] = holdfast::to_string(*one.from);
    if (one.until) out["until"] = holdfast::to_string(*one.until);
    out["content_hash"] = to_hex(one.content_hash);
    return out;
}

void put_text(json::object& out, std::string_view name, const std::string& text) {
    if (!text.empty()) out[name] = text;
}

void put_conditions(json::object& out, std::string_view name, const terms::Terms& one,
                    const terms::Conditions& range) {
    json::array all;
    for (auto i = range.begin; i < range.end; ++i) all.push_back(word(one.conditions[i].text));
    if (!all.empty()) out[name] = std::move(all);
}

json::array sources_view(const terms::Terms& one, const terms::Clause& clause) {
    json::array all;
    for (const auto& key : clause.sources)
        if (const auto* source = one.find_source(key))
            all.push_back({{"key", key},
                           {"url", source->url},
                           {"date", source->date},
                           {"grade", word(to_string(source->grade))}});
    return all;
}

void put_moments(json::object& out, std::string_view name, const terms::Terms& one,
                 std::int32_t expression) {
    terms::MomentSet set;
    terms::moments_in(one, expression, set);
    json::array all;
    for (std::size_t i = 0; i < set.size(); ++i)
        if (set[i]) all.push_back(word(terms::to_string(static_cast<terms::Moment>(i))));
    if (!all.empty()) out[name] = std::move(all);
}

json::object clause_view(const terms::Terms& one, const terms::Clause& clause) {
    json::object out;
    out["id"] = clause.id;
    out["kind"] = to_string(clause.kind);
    out["what"] = terms::headline(clause);
    out["text"] = clause.text;
    if (clause.kind == terms::Kind::right) out["who"] = terms::to_string(clause.who);
    put_conditions(out, "when", one, clause.when);
    put_conditions(out, "unless", one, clause.unless);
    put_text(out, "opens", to_text(one, clause.opens));
    put_text(out, "closes", to_text(one, clause.closes));
    put_text(out, "at", to_text(one, clause.at));
    put_text(out, "after", to_text(one, clause.after));
    json::object moments;
    put_moments(moments, "opens", one, clause.opens);
    put_moments(moments, "closes", one, clause.closes);
    put_moments(moments, "at", one, clause.at);
    if (!moments.empty()) out["hangs_on"] = std::move(moments);
    put_text(out, "amount", to_text(one, clause.amount));
    json::array remedies;
    for (std::size_t i = 0; i < clause.remedies.size(); ++i)
        if (clause.remedies[i])
            remedies.push_back(word(terms::to_string(static_cast<terms::Remedy>(i))));
    if (!remedies.empty()) out["remedies"] = std::move(remedies);
    put_text(out, "reading", clause.reading);
    put_text(out, "note", clause.note);
    if (clause.grade) out["grade"] = to_string(*clause.grade);
    put_text(out, "carried_from", clause.carried_from);
    out["sources"] = sources_view(one, clause);
    return out;
}

}  // namespace

void Service::list_terms(Call& call) {
    call.read_query({"limit", "cursor"});
    send_page(call, "/v1/terms", book_.terms.size(),
              [&](std::size_t i) { return edition_view(book_.terms[i]); });
}

void Service::get_terms(Call& call) {
    call.read_query({});
    if (call.has_faults()) return;
    const auto* one = book_.find(call.parameter("terms_id"));
    if (!one) return call.send("not_found");
    auto out = edition_view(*one);
    out["object"] = "terms";
    put_text(out, "extends", one->extends);
    out["zone"] = one->zone->name();
    out["zone_basis"] = one->zone_basis;
    if (one->notice)
        out["notice_seconds"] =
            std::chrono::duration_cast<std::chrono::seconds>(*one->notice).count();
    json::array moments, editions, clauses;
    for (const auto& moment : one->moments) {
        json::object row{{"name", moment.name}, {"is", moment.text}};
        put_text(row, "clause", moment.clause);
        moments.push_back(std::move(row));
    }
    for (const auto& other : book_.terms)
        if (other.programme == one->programme) editions.push_back(edition_view(other));
    for (const auto& clause : one->clauses) clauses.push_back(clause_view(*one, clause));
    out["moments"] = std::move(moments);
    out["editions"] = std::move(editions);
    out["clauses"] = std::move(clauses);
    call.send(200, out);
}

}  // namespace holdfast::api
