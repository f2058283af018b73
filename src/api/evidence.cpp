// Files of evidence over HTTP: taken piece by piece, handed out to be saved and not to be run.
#include "api/evidence_files.h"
#include "api/json_out.h"
#include "api/service.h"
#include "api/upload.h"
#include "http/multipart.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace holdfast::api {
namespace {

namespace json = boost::json;

std::string_view code_of(FileFault fault) {
    switch (fault) {
    case FileFault::too_many:         return "too_many_files";
    case FileFault::type_not_allowed: return "file_not_allowed";
    case FileFault::malformed:        return "file_malformed";
    }
    return "internal_error";
}

json::object file_view(const KeptFile& file) {
    json::object out;
    out["object"] = "file";
    out["content"] = to_hex(file.content);
    out["media_type"] = file.media_type;
    out["bytes"] = file.bytes;
    return out;
}

}  // namespace

// Before any of the body is taken: who sends it, and whether it is a form at all.
http::Admission Service::admit(const http::ServerRequest& request) {
    const auto operation = static_cast<Operation>(request.route.route->operation);
    if (!is_upload(operation)) return http::BufferBody{};
    const auto caller = find_caller(request);
    std::string_view wrong;
    if (!caller)
        wrong = caller.error();
    else if (!caller->may(access_of(operation)))
        wrong = caller->key ? "scope_missing" : "wrong_role";
    const auto boundary = http::form_boundary(request.header("content-type"));
    if (wrong.empty() && !boundary) wrong = "unsupported_media_type";
    try {
        if (wrong.empty())
            return std::make_unique<Upload>(*boundary, files_.folder(), bytes_most_of(operation),
                                            options_.random);
    } catch (const store::StoreDown&) {
        wrong = "unavailable";
    }
    return refuse_early(request, caller ? caller_limit_ : address_limit_,
                        caller ? caller->limited_as() : subject_of_peer(request.peer), wrong);
}

http::Answer Service::refuse_early(const http::ServerRequest& request, RateLimiter& limiter,
                                   std::string_view subject, std::string_view wrong) {
    if (!limiter.is_on()) return answer_of(problem(wrong), request, options_.problem_types);
    const auto standing = limiter.take(subject, request.received_at);
    auto answer = answer_of(problem(standing.is_within ? wrong : "rate_limited"), request,
                            options_.problem_types, standing.resets_in);
    const auto rate = rate_headers(limiter.limit(), standing);
    answer.headers.insert(answer.headers.end(), rate.begin(), rate.end());
    return answer;
}

void Service::upload_file(const Shared& call) {
    call->read_query({});
    if (call->has_faults()) return;
    const auto* upload = dynamic_cast<const Upload*>(call->request().sink.get());
    if (!upload) return call->send("invalid_form");  // no body at all
    if (const auto wrong = upload->problem(); !wrong.empty()) return call->send(wrong);
    const auto place = find_evidence_place(*call);
    if (!place) return;
    if (place->is_closed) return call->send("dispute_closed");
    at_work_desk(call, [this, upload, where = place->place](Call& asked) {
        const auto kept = files_.keep(where, upload->file());
        if (!kept) return asked.send(code_of(kept.error()));
        const auto path = asked.request().target.path + "/" + to_hex(kept->content);
        asked.send(201, file_view(*kept), {{"Location", path}});
    });
}

std::optional<Service::EvidenceSeen> Service::find_evidence_place(Call& call) {
    const auto found = find_order(call);
    if (!found) return std::nullopt;
    const auto no = dispute_of(call);
    if (!order::has(found->live.state.disputes, no)) return call.send("not_found"), std::nullopt;
    const auto& dispute = found->live.state.dispute(no);
    EvidenceSeen seen{.place = {.order = found->stream.bytes, .dispute = no.value},
                      .is_closed = dispute.is_closed()};
    for (const auto& one : dispute.evidence) seen.submitted.push_back(one.content);
    const auto reader = usual_reader(call.caller());
    for (const auto& message : found->live.state.messages)
        if (message.dispute == no && message.is_for(reader))
            seen.submitted.insert(seen.submitted.end(), message.files.begin(), message.files.end());
    return seen;
}

// What was submitted is seen by all who see the dispute, what came with a message by whoever may
// read it; what was only sent here, by nobody.
void Service::get_file(Call& call) {
    call.read_query({});
    if (call.has_faults()) return;
    const auto place = find_evidence_place(call);
    if (!place) return;
    const auto content = parse_hash(call.parameter("content"));
    const bool is_submitted =
        content && std::ranges::find(place->submitted, *content) != place->submitted.end();
    auto found = is_submitted ? files_.find(place->place, *content) : std::nullopt;
    if (!found) return call.send("not_found");
    const auto name =
        "evidence-" + to_hex(*content).substr(0, 12) + "." + std::string(found->extension);
    call.send({.headers = {{"Content-Type", std::string(found->media_type)},
                           {"Content-Disposition", "attachment; filename=\"" + name + "\""},
                           {"Content-Security-Policy", "sandbox; default-src 'none'"}},
               .body = std::move(found->bytes)});
}

}  // namespace holdfast::api
