#include "api/problems.h"

#include "base/verify.h"
#include "base/word.h"

#include <algorithm>
#include <array>

namespace holdfast::api {
namespace {

struct Known {
    std::string_view code;
    int status = 500;
    std::string_view text;
};

// As in the contract (api/openapi.yaml, ProblemCode); a test compares them.
constexpr std::array all{
    Known{"invalid_http", 400,
          "The message cannot be told apart from what follows it, or is no HTTP."},
    Known{"invalid_json", 400,
          "The body is no JSON, has no object on top, is too deep, or has a name twice."},
    Known{"invalid_form", 400,
          "The body is no form with one part, `file`, or not all of it has come."},
    Known{"invalid_request", 400,
          "A member, parameter or header is missing, unknown or not of its kind; `errors` say "
          "where."},
    Known{"invalid_cursor", 400, "The cursor is not of this list and filter."},
    Known{"key_missing", 400, "There is no `Idempotency-Key`, or more than one."},
    Known{"signature_invalid", 400, "The signature is missing, wrong or not of now."},
    Known{"credentials_missing", 401, "There is no key, link or session."},
    Known{"credentials_invalid", 401,
          "The key, link or session is not known or has ended, or name and password are not "
          "right."},
    Known{"scope_missing", 403, "The key has not the scope of this operation."},
    Known{"wrong_role", 403, "This is not for this party or role to do."},
    Known{"csrf_missing", 403,
          "A signed-in browser brings its `X-CSRF-Token`, from a page of this server."},
    Known{"own_approval", 403, "Whoever asked does not approve or decline it."},
    Known{"sandbox_only", 403, "This needs a test key."},
    Known{"not_found", 404, "It is not there, or not for you to see."},
    Known{"not_placed", 404, "There is no such order."},
    Known{"unknown_line", 404, "The order has no such line, or it is named twice."},
    Known{"unknown_shipment", 404, "The order has no such parcel."},
    Known{"unknown_dispute", 404, "The order has no such dispute."},
    Known{"unknown_offer", 404, "The order has no such offer."},
    Known{"unknown_instruction", 404, "The order has no such instruction."},
    Known{"unknown_chargeback", 404, "The order has no such chargeback."},
    Known{"unknown_sale", 404, "No sale has this system and reference."},
    Known{"unknown_customer_dispute", 404, "No customer's dispute has this system and reference."},
    Known{"unknown_purchase", 404, "No purchase has this system and reference."},
    Known{"unknown_notice", 404, "The order has no such notice."},
    Known{"unknown_payout", 404, "The party has no such payout."},
    Known{"unknown_hold", 404, "Payouts are not held for this reason."},
    Known{"method_not_allowed", 405, "Not with this method."},
    Known{"not_acceptable", 406, "There is no answer in the wanted media type."},
    Known{"too_slow", 408, "The request did not arrive in time."},
    Known{"already_placed", 409, "The order was placed before."},
    Known{"reference_taken", 409, "Another order has the reference."},
    Known{"name_taken", 409, "Another user has the name."},
    Known{"approval_over", 409, "It was approved or declined."},
    Known{"last_admin", 409, "Nobody else would be admin."},
    Known{"row_taken", 409, "Somebody else has the row."},
    Known{"request_in_progress", 409, "The first request with this key still runs."},
    Known{"order_over", 409, "The order is completed or cancelled."},
    Known{"nothing_unshipped", 409, "Nothing is left that was not shipped."},
    Known{"not_negotiating", 409, "The dispute is past the stage in which this can be done."},
    Known{"not_under_review", 409, "The dispute is not at the stage in which this can be done."},
    Known{"dispute_closed", 409, "The dispute is settled."},
    Known{"offer_not_open", 409, "The offer was accepted, declined or replaced."},
    Known{"offer_expired", 409, "The offer has expired."},
    Known{"no_return", 409, "There is no return with which this can be done now."},
    Known{"no_arrival", 409, "Nothing came after a refund, or it is settled."},
    Known{"not_failed", 409, "Only an instruction that failed is repeated, and once."},
    Known{"no_cancel_request", 409, "Nobody asked to cancel, or it was answered."},
    Known{"evidence_not_in_time", 409, "The chargeback takes no more evidence."},
    Known{"messages_ended", 409, "The order has been over for too long to write about it."},
    Known{"too_many_messages", 409, "The party has written all that it may about this order."},
    Known{"lines_in_dispute", 409, "Another dispute about these goods is not over."},
    Known{"too_many_files", 409, "The dispute has as many files as it can have."},
    Known{"default_pending", 409, "A deadline has passed, and what follows is being carried out."},
    Known{"already_held", 409, "Payouts are held for this reason already."},
    Known{"held", 409, "Payouts are held."},
    Known{"duplicate_transfer", 409, "The transfer was received with another sum."},
    Known{"duplicate_payment", 409, "The reference stands for another sum."},
    Known{"version_differs", 412, "It changed since the version in `If-Match`."},
    Known{"body_too_large", 413, "The body is too large."},
    Known{"uri_too_long", 414, "The address is too long."},
    Known{"unsupported_media_type", 415, "The body is in another media type."},
    Known{"file_not_allowed", 415,
          "By its content the file is no JPEG, PNG, WebP, PDF, MP4 or plain text."},
    Known{"file_malformed", 422, "The image is damaged."},
    Known{"file_refused", 422, "The file is none that can be read; `detail` says why."},
    Known{"assignee_unknown", 422, "No user in force has this id and works at the desk."},
    Known{"key_reused", 422, "The `Idempotency-Key` belongs to another request."},
    Known{"currency_differs", 422, "A sum is in another currency than the order."},
    Known{"terms_unknown", 422, "There are no such terms, or not with this hash."},
    Known{"roles_differ", 422,
          "A seller or buyer has no other role and names its party; nobody else has one."},
    Known{"malformed", 422, "The request names no goods, no sum, or one that cannot be."},
    Known{"quantity_too_large", 422, "That is more than there is of the line."},
    Known{"own_offer", 422, "One's own offer is for the other side to answer."},
    Known{"code_missing", 422, "A verdict names at least one published reason."},
    Known{"not_granted", 422, "The terms do not grant this; the clause says why."},
    Known{"remedy_not_offered", 422, "The terms do not grant this remedy here."},
    Known{"amount_exceeds", 422, "That is more than can be granted; the limit says how much can."},
    Known{"nothing_refundable", 422, "Nothing is left to refund for these goods."},
    Known{"nothing_payable", 422,
          "Nothing is payable, or less than asked for; the limit says how much is."},
    Known{"due_in_past", 422, "The instant must lie ahead."},
    Known{"clock_backwards", 422, "A test clock moves only forward."},
    Known{"version_missing", 428, "There is no `If-Match`."},
    Known{"rate_limited", 429, "Too many requests."},
    Known{"headers_too_large", 431, "The headers are too large."},
    Known{"internal_error", 500, "A fault of ours; what became of the request, its key tells."},
    Known{
        "damaged", 500,
        "What is kept of this cannot be read; nothing is done with it until somebody has looked."},
    Known{"terms_not_loaded", 503, "The terms of this order are not loaded here."},
    Known{"busy", 503, "More is waiting than can be taken now."},
    Known{"timed_out", 503, "It waited too long; nothing was done."},
    Known{"unavailable", 503, "Nothing can be written or read now."},
    Known{"stopping", 503, "The server is about to stop."},
};

const Known& find(std::string_view code) {
    const auto found = std::ranges::find(all, code, &Known::code);
    VERIFY(found != all.end());
    return *found;
}

// "not_placed" is titled "Not placed".
std::string title_of(std::string_view code) {
    auto title = spaced(code);
    title.front() = static_cast<char>(title.front() - 'a' + 'A');
    return title;
}

std::string code_of(const engine::Answer& answer, bool places) {
    using engine::Outcome;
    switch (answer.outcome) {
    case Outcome::refused:
        if (const auto* refusal = std::get_if<order::Refusal>(&answer.refusal))
            return std::string(to_string(refusal->code));
        return std::string(to_string(std::get<ledger::Refusal>(answer.refusal).code));
    case Outcome::terms_unknown:    return places ? "terms_unknown" : "terms_not_loaded";
    case Outcome::key_reused:
    case Outcome::version_differs:
    case Outcome::not_found:
    case Outcome::currency_differs:
    case Outcome::reference_taken:
    case Outcome::damaged:
    case Outcome::busy:
    case Outcome::timed_out:
    case Outcome::unavailable:
    case Outcome::stopping:         return std::string(to_string(answer.outcome));
    case Outcome::done:
    case Outcome::replayed:
    case Outcome::count_:           break;
    }
    VERIFY(!"an outcome that is no problem");
}

}  // namespace

http::Problem problem(std::string_view code) {
    const auto& known = find(code);
    return {.status = known.status,
            .code = std::string(code),
            .title = title_of(code),
            .detail = std::string(known.text)};
}

http::Problem problem_of(const engine::Answer& answer, bool places) {
    return problem(code_of(answer, places));
}

http::Problem problem_of(const std::vector<Fault>& faults) {
    auto made = problem("invalid_request");
    for (const auto& fault : faults) {
        http::ProblemError error{.pointer = fault.pointer, .code = fault.code};
        if (!fault.parameter.empty()) error.members.push_back({"parameter", fault.parameter});
        if (fault.min) error.members.push_back({"min", *fault.min});
        if (fault.max) error.members.push_back({"max", *fault.max});
        made.errors.push_back(std::move(error));
    }
    return made;
}

std::vector<std::string_view> problem_codes() {
    std::vector<std::string_view> codes;
    for (const auto& known : all) codes.push_back(known.code);
    return codes;
}

}  // namespace holdfast::api
