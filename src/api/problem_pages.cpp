#include "api/problem_pages.h"

#include "api/html.h"
#include "api/problems.h"

#include <algorithm>
#include <string>

namespace holdfast::api {

const std::vector<Remedy>& remedies() {
    static const std::vector<Remedy> all{
        {"invalid_http",
         "The bytes could be read in more than one way, or are not HTTP/1.1. A proxy and a server "
         "that disagree about where a request ends can be made to serve one client another's "
         "answer, so nothing here is guessed, and the connection is closed.",
         "Send the request with an ordinary HTTP library instead of building it by hand. If you "
         "do, look at what stands between it and this server: something has added a second "
         "`Content-Length`, a folded header or a stray line end."},
        {"invalid_json",
         "Bodies are JSON by RFC 8259 and RFC 7493: UTF-8, an object on top, no name twice, at "
         "most "
         "32 levels deep. `errors` say where it ends to be so.",
         "Let a JSON library write the body, and look at the place that `errors` name. A name that "
         "stands twice mostly comes from text that was glued together."},
        {"invalid_form",
         "Files come as `multipart/form-data` with one part, named `file`. This body has another, "
         "has more than one, or broke off.",
         "Let an HTTP library build the form (`curl -F file=@photo.jpg`), and leave "
         "`Content-Type` to it: the boundary stands in it."},
        {"invalid_request",
         "The request can be read, and is not as the contract says. Members that the contract does "
         "not name are refused too: a misspelt one would otherwise be passed over in silence.",
         "Each of `errors` has a pointer into the body, or the parameter, and what is wrong with "
         "it "
         "(`missing`, `unknown`, `too_small`, …). Mend all of them and send it again; the same "
         "`Idempotency-Key` is still good, since nothing was kept under it."},
        {"invalid_cursor",
         "A cursor is a place in one list with one filter. This one is of another list, of other "
         "filters, or was changed.",
         "Take `next_cursor` from the page before, unchanged, and keep all other parameters as "
         "they "
         "were. To change a filter, begin at the first page."},
        {"key_missing",
         "Each POST names its intent in `Idempotency-Key`, so that it can be sent again without "
         "being done again.",
         "Send exactly one `Idempotency-Key` of 1 to 255 visible ASCII characters. Make it from "
         "what you mean to do (your own id of the refund), not at the moment of sending: then a "
         "repeat after a crash has the same one."},
        {"signature_invalid",
         "What a payment processor tells is taken only with a signature by the secret that the two "
         "share, over the bytes as they were sent, and not older than 5 minutes.",
         "Compare the signing secret with the one that the processor shows for this address, and "
         "the clocks. A proxy that changes the body breaks the signature."},
        {"credentials_missing",
         "The request has no `Authorization: Bearer …` with a key or a link, and no cookie of a "
         "session.",
         "Send the secret key with every request; people sign in with `POST /v1/sessions`. The "
         "first start of `holdfast serve` writes one "
         "beside its database (`DATABASE.key`); `holdfast keys create` and `POST /v1/keys` make "
         "others."},
        {"credentials_invalid",
         "The key or link is none of this server's, was revoked, or its time is over; a session "
         "has "
         "ended, or its user was disabled. A live key is not known to a sandbox, nor a test key to "
         "a live server.",
         "Compare the beginning (`sk_test_`, `sk_live_`) with the server that you ask. If the key "
         "has expired, make another; `holdfast keys list` shows those that are in force. Sessions "
         "end "
         "with the server too: sign in again."},
        {"scope_missing",
         "A key may do what its scopes name; money, keys and settings have scopes of their own. "
         "`x-scope` of the operation says which one is needed.",
         "Use a key that has the scope, or make one with `POST /v1/keys`. A key can hand on only "
         "what it has itself."},
        {"wrong_role",
         "The rules give this to another party: a seller cannot confirm that goods came, a buyer "
         "cannot lengthen the delivery time.",
         "Look at `as` in your request. `GET /v1/orders/{order_id}?as=…` lists under `actions` "
         "what "
         "each side may do now."},
        {"csrf_missing",
         "The browser sent its session's cookie, and nothing shows that a page of this server "
         "meant "
         "to: `X-CSRF-Token` is missing or of another session, or `Origin` is another site's.",
         "Send the `csrf_token` that signing in gave as `X-CSRF-Token` with whatever is not GET or "
         "HEAD. A program of yours asks with a key instead, and needs none."},
        {"own_approval", "Much money takes two people: one who asks and one who agrees.",
         "Have another user look at it, with `POST /v1/approvals/{approval_id}/approve` or its "
         "`decline`."},
        {"sandbox_only",
         "Test clocks and orders that live by them exist in the sandbox alone, and so do casts; in "
         "a "
         "live database time is the real one, and nobody's side is played.",
         "Ask a sandbox's server with its `sk_test_` key, or leave `clock` and `cast` out of the "
         "order."},
        {"not_found",
         "There is nothing of this name, or it is not yours to see: both answer alike, so that "
         "nobody can find out by asking.",
         "Look at the id, its prefix, and the path. Ids are of one database: those of the sandbox "
         "are not known to the live server."},
        {"not_placed", "The command is about an order that was never placed here.",
         "Place it first with `POST /v1/orders`. An order's id follows from its `reference` and "
         "`placed_at`: with another of the two it is another order."},
        {"unknown_line",
         "Lines are named by their number in the order, from 1, each once in a request.",
         "`GET /v1/orders/{order_id}` shows the lines. Put what is asked of one line into one "
         "entry."},
        {"unknown_shipment", "The order has no parcel of this number.",
         "Take the id from the receipt of `POST /v1/orders/{order_id}/shipments`, or from "
         "`shipments` of the order."},
        {"unknown_dispute", "The order has no dispute of this number.",
         "Take the id from the receipt that opened it, or from "
         "`GET /v1/orders/{order_id}/disputes`."},
        {"unknown_offer", "The order has no offer of this number.",
         "Take the id from the receipt that made it, or from `offers` of the dispute."},
        {"unknown_instruction", "Nothing of this number was ever told to move money.",
         "`GET /v1/orders/{order_id}/instructions` lists what was."},
        {"unknown_chargeback", "The order has no chargeback of this number.",
         "Take the id from the receipt that recorded it, or from `chargebacks` of the order."},
        {"unknown_sale", "Nothing was imported that names such a sale of this system.",
         "Look it up with `GET /v1/desk/search`, or import the store's orders first."},
        {"unknown_customer_dispute",
         "Nothing was imported that names such a dispute of a customer at this processor.",
         "Take system and reference from `customer_disputes` of the row, or import the processor's "
         "disputes first."},
        {"unknown_purchase", "Nothing was imported that names such an order at this supplier.",
         "Look it up with `GET /v1/desk/search`, or import the supplier's orders first."},
        {"unknown_notice", "The order has no notice of this number.",
         "`GET /v1/orders/{order_id}/notices` lists those that it has; the id of one that was "
         "mailed is what its Message-ID begins with."},
        {"unknown_payout", "The party has no payout of this number.",
         "Take the id from the receipt of `POST /v1/parties/{party_id}/payouts`."},
        {"unknown_hold", "Payouts of this party are held for other reasons, or not at all.",
         "`GET /v1/parties/{party_id}` names the reasons for which payouts are held."},
        {"method_not_allowed", "The path exists, and has no such method.",
         "`Allow` in the answer names those that it has."},
        {"not_acceptable",
         "`Accept` leaves out what this operation answers with: JSON, server-sent events for "
         "`/v1/events/stream`, HTML for pages, the file for a file.",
         "Send `Accept: application/json`, or no `Accept` at all."},
        {"too_slow",
         "The head of a request has to be there within 10 seconds, its body within 30 and a second "
         "more for each 8 KiB.",
         "Send it again, under the same key. If it comes again and again, something between "
         "you and the server holds requests back."},
        {"already_placed",
         "An order with this reference and this `placed_at` stands already, and was placed by a "
         "request with another key.",
         "It is most likely what you want: `GET /v1/orders?reference=…` shows it. To place it "
         "again under the first key gives the first receipt."},
        {"reference_taken",
         "Another order, with another `placed_at`, has this reference. A reference belongs to one "
         "order.",
         "Look at it with `GET /v1/orders?reference=…`. If yours is another order, give it a "
         "reference of its own; if it is the same, send the `placed_at` that it has."},
        {"name_taken", "Names are of one user each, whatever their case.",
         "`GET /v1/users` shows who has it. Choose another."},
        {"approval_over", "Somebody has agreed to it or declined it already.",
         "`GET /v1/approvals/{approval_id}` says who and when. What was declined is asked for "
         "anew, if it is still wanted."},
        {"last_admin",
         "With this, nobody could make users or keys any more, so the last admin who is not "
         "disabled stays one.",
         "Make another user an admin first, then change this one."},
        {"row_taken", "While you looked at the row, somebody else took it.",
         "Read the worklist again; a lead may give the row to another."},
        {"request_in_progress",
         "The first request with this key has not been answered yet, so nobody can say what this "
         "one would get.",
         "Wait as `Retry-After` says and send the same again: you get the first one's receipt."},
        {"order_over",
         "The order has ended, and what you ask for is for orders that still live. Disputes can "
         "outlive an order; many commands cannot.",
         "`GET /v1/orders/{order_id}` shows its state and what may still be done. A payment or a "
         "parcel that is only heard of now is recorded all the same: those are observations."},
        {"nothing_unshipped", "Only what was not sent can be cancelled, and everything was.",
         "The buyer can refuse or return the goods: see `rights` of the order, or open a dispute."},
        {"not_negotiating",
         "The two sides have ended talking: the dispute was escalated, decided or closed.",
         "`GET /v1/disputes/{dispute_id}` shows its `phase` and, under `actions`, what can be done "
         "in it."},
        {"not_under_review",
         "This is for disputes that somebody is deciding, or has just decided, and this one is at "
         "another stage.",
         "`GET /v1/disputes/{dispute_id}` shows its `phase`. Before a decision it has to be "
         "escalated: `POST /v1/disputes/{dispute_id}/escalate`."},
        {"dispute_closed", "The dispute has ended, and nothing changes it any more.",
         "`GET /v1/disputes/{dispute_id}` shows how. Whether the terms allow another one about the "
         "same goods, `GET /v1/orders/{order_id}/explain?action=open_dispute` says."},
        {"offer_not_open", "The offer was accepted, declined, or another one took its place.",
         "`offers` of the dispute show which one is open. Make a new one if none is."},
        {"offer_expired", "`expires_at` of the offer has passed.",
         "Ask for the same offer again: `POST /v1/disputes/{dispute_id}/offers`."},
        {"no_return",
         "There is no agreed return of the goods, or it is not at the step that this belongs to "
         "(sending before it is agreed, contesting before it is back).",
         "`return` of the dispute shows where it stands and what comes next."},
        {"no_arrival",
         "This settles goods that arrived although their money was paid back, and no such parcel "
         "is open.",
         "`GET /v1/orders/{order_id}` shows parcels and refunds. If goods did arrive, tell of it "
         "first: `POST /v1/shipments/{shipment_id}/scans`."},
        {"not_failed",
         "An instruction that succeeded or may still do so is not given twice, and one that failed "
         "is repeated once: the repetition has a number of its own.",
         "`GET /v1/orders/{order_id}/instructions` shows the states. Settle what is known first "
         "(`POST /v1/instructions/{instruction_id}/settle`); repeat the newest one."},
        {"no_cancel_request",
         "Nobody has asked the seller to cancel, or it was answered, by the "
         "seller or by time.",
         "`GET /v1/orders/{order_id}` shows what became of it."},
        {"evidence_not_in_time",
         "The chargeback was answered or resolved, or the date until which the bank takes evidence "
         "has passed.",
         "`chargebacks` of the order show its state and `evidence_due`. What the bank decides is "
         "recorded with `POST /v1/chargebacks/{chargeback_id}/resolve`."},
        {"messages_ended",
         "The order and all its disputes ended more than 180 days ago. `closes_at` says since when "
         "nothing more is written.",
         "What was written is still read: `GET /v1/orders/{order_id}/messages`."},
        {"too_many_messages",
         "Each party writes at most 200 messages about one order, and this one has.",
         "Write to the other side outside, or let the other side or the platform write here."},
        {"lines_in_dispute",
         "A dispute about one of these lines still runs, and goods are argued over once at a time.",
         "Change the one that runs (`POST /v1/disputes/{dispute_id}/modify`), or name the lines "
         "that are free."},
        {"too_many_files", "A dispute takes 50 files, drafts among them.",
         "Put several pages into one PDF. Nothing is to be sent twice: the same file again counts "
         "once."},
        {"default_pending",
         "Somebody kept silent past a deadline, and what the terms say of that is about to be "
         "carried out: `clause` names it, `closes_at` says since when it stands. What would change "
         "its outcome comes too late.",
         "`GET /v1/orders/{order_id}` shows what comes and when. When it has been carried out, "
         "look at what may be done then."},
        {"already_held", "The party's payouts are held for this reason.",
         "Nothing is to be done: they are held. Another reason can be added beside it."},
        {"held", "Nothing is paid out to this party while any reason to hold stands.",
         "`GET /v1/parties/{party_id}` names the reasons. Lift each with "
         "`POST /v1/parties/{party_id}/lift_hold` when it is gone."},
        {"duplicate_transfer",
         "What an order sent to a party's books came before, with another sum. That is a fault of "
         "the books, not of your request.",
         "Stop paying out to this party and run `holdfast verify`: it names the first row that "
         "does "
         "not fit."},
        {"duplicate_payment", "A payment of this `reference` is recorded, with another sum.",
         "A reference stands for one payment. Look at the processor's record: if there were two, "
         "give each its own reference."},
        {"version_differs",
         "Somebody, or time, changed it after you read it, and `If-Match` said that this matters.",
         "Read it again, look whether what you want still makes sense, and send it with the new "
         "`ETag`. `version` is the one that it has now."},
        {"body_too_large",
         "A body may have 1 MiB, a batch of orders or scans 4 MiB, a file of evidence 10 MiB.",
         "Split the batch, or make the image or video smaller."},
        {"uri_too_long", "The path and query together may have 8 KiB.",
         "Ask for fewer things at once, and put nothing into the query that belongs into the "
         "body."},
        {"unsupported_media_type", "Bodies are JSON; only a file comes as a form.",
         "Send `Content-Type: application/json` (a file: `multipart/form-data`), and no "
         "`Content-Encoding`."},
        {"file_not_allowed",
         "What a file is is found by what stands in it, and not by its name or the type that it "
         "was "
         "sent with.",
         "Save it as JPEG, PNG, WebP, PDF, MP4 or plain text in UTF-8, and send it again. Renaming "
         "it does not help."},
        {"file_malformed",
         "It begins as an image and does not go on as one, so it could not be kept without what it "
         "tells of where and when it was taken.",
         "Open it in a program for images, save it anew and send that. If it cannot be opened, it "
         "was damaged on its way."},
        {"file_refused", "No reader could make sense of the file, or it broke off in the middle.",
         "`detail`, `line` and `column` say where. Rows before that place were taken in; send the "
         "mended file again, and what is there already changes nothing."},
        {"assignee_unknown",
         "Rows of the worklist are given to users who are in force and are admin, operator, lead "
         "or assistant.",
         "List the users, and give the row to one of those. Without `to` it is nobody's."},
        {"key_reused",
         "Under this `Idempotency-Key` another request was answered: its method, path or body was "
         "different. To answer it with that receipt would tell you that something was done which "
         "was not.",
         "Give each intent a key of its own. If you meant to repeat the first request, send it "
         "exactly as it was; spaces and the order of members do not count."},
        {"currency_differs", "An order has one currency, and every sum about it is in that one.",
         "Convert before you send; nothing is converted here. `currency` of the order says which "
         "it is."},
        {"terms_unknown",
         "No terms of this `terms_id` are loaded, none of its editions was in force at "
         "`placed_at`, "
         "or their text is not the one with this hash.",
         "`GET /v1/terms` lists what there is. Leave `hash` out to take the edition that was in "
         "force."},
        {"roles_differ",
         "A seller or buyer sees what is of one party alone, so they have that one role and name "
         "the party; those who work for the platform name none.",
         "Leave one role and name `party_id`, or leave it out. Who is both gets two users."},
        {"malformed",
         "Everything is of its kind, and together it makes no sense: no goods, a sum of 0, an end "
         "before its beginning.",
         "Compare it with the description of the operation; what is given must name goods and sums "
         "that there can be."},
        {"quantity_too_large",
         "The line has fewer pieces, or fewer that were not sent, refunded or argued over already.",
         "`GET /v1/orders/{order_id}` shows how many there are of each line."},
        {"own_offer", "Whoever makes an offer cannot accept or decline it.",
         "Answer with `as` of the other side. To take an offer back, make another one."},
        {"code_missing",
         "A verdict is told to both sides with its reasons, and those are words of a published "
         "list.",
         "Name at least one in `codes`; the contract lists them under `VerdictCode`."},
        {"not_granted",
         "The terms under which the order stands do not grant this, not yet, or not any more. "
         "`clause` names the sentence, `opens_at` and `closes_at` the window.",
         "Before `opens_at`: wait. After `closes_at`: the right is gone, as the buyer was told. "
         "`GET /v1/orders/{order_id}/explain` gives every clause, the facts it rests on, and what "
         "would turn the answer."},
        {"remedy_not_offered",
         "For this reason the terms grant other ways to make it good than the one that was asked "
         "for.",
         "`rights` of the order name the remedies of each reason."},
        {"amount_exceeds",
         "The sum is more than the clause grants or than the goods can still bring. `limit` is the "
         "most that it can be.",
         "Ask for `limit` or less, or leave the sum out: then it is all that can be."},
        {"nothing_refundable",
         "All that was paid for these goods was paid back, or is about to be.",
         "`money` of the order shows what was paid, refunded and held. What goes beyond is "
         "goodwill: `POST /v1/orders/{order_id}/compensations`."},
        {"nothing_payable",
         "The party's balance, less its reserve and debts, does not come to what is to be paid "
         "out. "
         "`limit` is what it comes to.",
         "`GET /v1/parties/{party_id}/balances` shows where the money is. Ask for less, or wait "
         "for "
         "what is held or reserved to become free."},
        {"due_in_past", "The instant is now or earlier, by the clock that the order lives by.",
         "Name one that lies ahead. An order on a test clock is judged by what that clock shows."},
        {"clock_backwards", "What happened by a clock cannot be undone, so it never goes back.",
         "`GET /v1/test_clocks/{clock_id}` says what it shows. For an earlier time make another "
         "clock, and other orders on it."},
        {"version_missing",
         "This changes what others may be changing too, so it has to name the version that it is "
         "about.",
         "Read it, and send its `ETag` in `If-Match`."},
        {"rate_limited",
         "More was asked than this key, or this address without one, may ask in a minute; or a "
         "name "
         "was signed in with wrong passwords too often.",
         "Wait as `Retry-After` says, and send the same again under the same key. `RateLimit` in "
         "each answer says how many are left. Listen to "
         "`/v1/events/stream` or a webhook instead of asking whether something has changed."},
        {"headers_too_large", "A head may have 100 fields and 32 KiB.",
         "Look for cookies and tracing headers that something on the way has added."},
        {"internal_error",
         "Something here went wrong that should not be able to. What was being done was done whole "
         "or not at all.",
         "Send the same again under the same key: you learn which. Report it with the "
         "`request_id`; the server's log has the rest."},
        {"damaged",
         "What is kept of this order or party does not add up, so nothing is done with it: going "
         "on "
         "would make it worse. All others are served.",
         "Run `holdfast verify`; it names the first row that does not fit. Do not repair it by "
         "hand: a backup and the log tell what happened."},
        {"terms_not_loaded",
         "The order stands under terms whose text this server does not have; nobody can say what "
         "they grant.",
         "Start the server with the terms that the order was placed under (`--terms-folder`), "
         "unchanged: they are found by the hash of their text. `holdfast doctor` names the "
         "orders."},
        {"busy", "So much waits to be written that more would only wait longer.",
         "Send the same again, under the same key, after `Retry-After`, each time later. If it "
         "stays so, place orders in batches."},
        {"timed_out",
         "It waited in the queue until nobody would have waited for the answer, and was left out.",
         "Send the same again under the same key."},
        {"unavailable",
         "The database cannot be read or written now, or the clock cannot be believed. `/readyz` "
         "says when it can.",
         "Send the same again under the same key, after `Retry-After`. If it lasts, whoever runs "
         "the server runs `holdfast doctor`: a full disk and a clock that jumped are the usual "
         "reasons."},
        {"stopping", "The server ends, as for an update, and takes nothing more.",
         "Send the same again under the same key; the one that comes after it answers."},
    };
    return all;
}

std::optional<http::Answer> problem_page(std::string_view code) {
    const auto found = std::ranges::find(remedies(), code, &Remedy::code);
    if (found == remedies().end()) return std::nullopt;
    const auto known = problem(code);
    const auto status = std::to_string(known.status);
    std::string body = "<body><main>\n<p><a href=\"/docs#problems\">All problems</a></p>\n<h1>";
    body += escaped(known.title) + "</h1>\n<p class=\"dim\"><code>" + escaped(code) +
            "</code>, status " + status + " " + escaped(http::reason_of(known.status)) + "</p>\n";
    body += html_of_markdown(known.detail) + html_of_markdown(found->means);
    body += "<h2>What to do</h2>\n" + html_of_markdown(found->to_do);
    return page(known.title + " · Holdfast", body + "</main></body>");
}

}  // namespace holdfast::api
