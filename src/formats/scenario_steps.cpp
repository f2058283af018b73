// What happens in a scenario: a carrier, a processor or another platform tells something, or buyer,
// seller or platform ask for something.
#include "formats/scenario_read.h"

#include "base/hash.h"
#include "base/try.h"

#include <algorithm>
#include <iterator>

namespace holdfast::formats {
namespace {

using namespace order;
using terms::Remedy;
using Line = ScenarioLine;

std::unexpected<Fault> other(const Line& line, std::initializer_list<std::string_view> words) {
    return std::unexpected(line.fault_of(words));
}

// A file itself stays outside: its content's hash is all that an order keeps. Here a text in quotes
// stands for it.
Parsed<Hash> read_content(Line& line) {
    if (line.is_done()) return std::unexpected(line.fault("a text that stands for the content"));
    const auto hash = hash_of(line.peek());
    TRY(line.word("a text that stands for the content"));
    return hash;
}

struct Scene {
    Line& line;
    const ScenarioOrder& order;
    Step& step;

    Parsed<Minor> amount() const { return line.amount(order.currency); }
    Parsed<std::optional<Minor>> amount_if_any() const {
        if (!line.is_amount(order.currency)) return std::nullopt;
        return TRY(line.amount(order.currency));
    }
    Parsed<Lines> lines() const { return read_lines(line, order); }
};

// "as dispute 2"
Parsed<void> read_named(const Scene& scene, std::string_view kind) {
    const auto number = TRY(scene.line.numbered<DisputeNo>(kind));
    scene.step.named.emplace(kind, number.value);
    return {};
}

// --- Observations

Parsed<Seen> read_authorised(const Scene& scene) {
    SeeAuthorised seen{.amount = TRY(scene.amount())};
    if (scene.line.take("until")) seen.until = TRY(scene.line.instant());
    return seen;
}

Parsed<Seen> read_shipped(const Scene& scene) {
    SeeShipped seen;
    auto& line = scene.line;
    while (!line.is_done() && line.peek() != "seen") {
        if (begins_lines(line))
            seen.lines = TRY(scene.lines());
        else if (line.take("as"))
            TRY(read_named(scene, "parcel"));
        else if (line.take("tracking"))
            seen.tracking = TRY(line.word("a tracking number"));
        else if (line.take("in place of"))
            seen.replaces = TRY(line.numbered<DisputeNo>("dispute"));
        else
            return other(line, {"line", "as", "tracking", "in", "seen"});
    }
    return seen;
}

Parsed<Seen> read_parcel(const Scene& scene) {
    auto& line = scene.line;
    const auto number = TRY(line.count("the number of the parcel"));
    const ShipmentNo shipment{static_cast<std::uint16_t>(number)};
    if (line.take("scanned"))
        return SeeScan{.shipment = shipment, .kind = TRY(line.one_of<ScanKind>())};
    if (line.take("withdrawn"))
        return SeeScanWithdrawn{.shipment = shipment, .kind = TRY(line.one_of<ScanKind>())};
    return other(line, {"scanned", "withdrawn"});
}

Parsed<Seen> read_instruction(const Scene& scene) {
    const auto number = TRY(scene.line.count("the number of the instruction"));
    return SeeInstruction{.instruction = {static_cast<std::uint16_t>(number)},
                          .state = TRY(scene.line.one_of<InstructionState>())};
}

Parsed<Seen> read_chargeback(const Scene& scene) {
    auto& line = scene.line;
    if (line.take("opened")) {
        SeeChargeback seen{.amount = TRY(scene.amount())};
        if (line.take("evidence due")) seen.evidence_due = TRY(line.instant());
        if (line.take("as")) TRY(read_named(scene, "chargeback"));
        return seen;
    }
    if (line.is_done() || line.peek().find_first_not_of("0123456789") != std::string_view::npos)
        return std::unexpected(line.fault("opened, or the number of the chargeback"));
    const auto number = TRY(line.count("the number of the chargeback"));
    return SeeChargebackResolved{.chargeback = {static_cast<std::uint16_t>(number)},
                                 .state = TRY(line.one_of<ChargebackState>())};
}

Parsed<Seen> read_return(const Scene& scene) {
    TRY(scene.line.need("of"));
    const auto dispute = TRY(scene.line.numbered<DisputeNo>("dispute"));
    TRY(scene.line.need("delivered"));
    return SeeReturnDelivered{dispute};
}

Parsed<Seen> read_upstream(const Scene& scene) {
    TRY(scene.line.need("of"));
    const auto dispute = TRY(scene.line.numbered<DisputeNo>("dispute"));
    TRY(scene.line.need("granted"));
    return SeeUpstreamGranted{.dispute = dispute, .amount = TRY(scene.amount())};
}

Parsed<Seen> read_told(const Scene& scene) {
    auto& line = scene.line;
    SeeTold seen{.of = TRY(line.one_of<Party>())};
    TRY(line.need("of event"));
    seen.about = static_cast<std::uint64_t>(TRY(line.count("the number of the event", 1)));
    TRY(line.need("by"));
    seen.by = TRY(line.one_of<NoticeWay>());
    if (!line.is_done()) seen.state = TRY(line.one_of<NoticeState>());
    return seen;
}

Parsed<Seen> read_notice(const Scene& scene) {
    const auto number = TRY(scene.line.count("the number of the notice"));
    return SeeNotice{.notice = {static_cast<std::uint16_t>(number)},
                     .state = TRY(scene.line.one_of<NoticeState>())};
}

constexpr std::string_view seen_words[] = {"authorised",  "captured", "authorisation", "shipped",
                                           "parcel",      "return",   "chargeback",    "told",
                                           "instruction", "notice",   "upstream"};

// Nothing: the line is no observation.
Parsed<std::optional<Seen>> read_seen(const Scene& scene) {
    auto& line = scene.line;
    if (line.take("authorised")) return TRY(read_authorised(scene));
    if (line.take("captured")) return SeeCaptured{.amount = TRY(scene.amount())};
    if (line.take("authorisation")) {
        TRY(line.need("ended"));
        return SeeAuthorisationEnded{};
    }
    if (line.take("shipped")) return TRY(read_shipped(scene));
    if (line.take("parcel")) return TRY(read_parcel(scene));
    if (line.take("return")) return TRY(read_return(scene));
    if (line.take("chargeback")) return TRY(read_chargeback(scene));
    if (line.take("instruction")) return TRY(read_instruction(scene));
    if (line.take("told")) return TRY(read_told(scene));
    if (line.take("notice")) return TRY(read_notice(scene));
    if (line.take("upstream")) return TRY(read_upstream(scene));
    return std::nullopt;
}

// --- Requests about a dispute

Parsed<Settlement> read_settlement(const Scene& scene) {
    Settlement settlement;
    if (scene.line.take("nothing")) return settlement;
    auto words = spellings<Remedy>();
    words.push_back("nothing");
    settlement.remedy = scene.line.take_one_of<Remedy>();
    if (!settlement.remedy) return std::unexpected(scene.line.fault_of(words));
    settlement.amount = TRY(scene.amount_if_any()).value_or(0);
    return settlement;
}

Parsed<Request> read_open(const Scene& scene) {
    auto& line = scene.line;
    TRY(line.need("dispute"));
    OpenDispute open{.reason = TRY(line.one_of<Reason>())};
    while (!line.is_done()) {
        if (line.take("wants"))
            open.wanted = TRY(line.one_of<Remedy>());
        else if (line.take("amount"))
            open.amount = TRY(scene.amount());
        else if (line.take("for"))
            open.lines = TRY(scene.lines());
        else if (line.take("detail"))
            open.sub_reason = TRY(line.word("a word that tells more of the reason"));
        else if (line.take("with evidence"))
            open.has_evidence = true;
        else if (line.take("as"))
            TRY(read_named(scene, "dispute"));
        else
            return other(line, {"wants", "amount", "for", "detail", "with", "as"});
    }
    return open;
}

Parsed<Request> read_modify(const Scene& scene) {
    auto& line = scene.line;
    ModifyDispute modify{.dispute = TRY(line.numbered<DisputeNo>("dispute"))};
    while (!line.is_done()) {
        if (line.take("reason"))
            modify.reason = TRY(line.one_of<Reason>());
        else if (line.take("wants"))
            modify.wanted = TRY(line.one_of<Remedy>());
        else if (line.take("amount"))
            modify.amount = TRY(scene.amount());
        else
            return other(line, {"reason", "wants", "amount"});
    }
    return modify;
}

Parsed<Request> read_respond(const Scene& scene) {
    TRY(scene.line.need("to"));
    return Respond{.dispute = TRY(scene.line.numbered<DisputeNo>("dispute"))};
}

Parsed<Request> read_offer(const Scene& scene) {
    auto& line = scene.line;
    MakeOffer make;
    make.dispute = TRY(line.numbered<DisputeNo>("dispute"));
    make.plan.then = TRY(read_settlement(scene));
    while (!line.is_done()) {
        if (line.take("if arrives by"))
            make.plan.arrives_by = TRY(line.instant());
        else if (line.take("else"))
            make.plan.otherwise = TRY(read_settlement(scene));
        else if (line.take("until"))
            make.expires_at = TRY(line.instant());
        else if (line.take("as"))
            TRY(read_named(scene, "offer"));
        else
            return other(line, {"if", "else", "until", "as"});
    }
    return make;
}

Parsed<Request> read_decide(const Scene& scene) {
    auto& line = scene.line;
    Decide decide;
    decide.dispute = TRY(line.numbered<DisputeNo>("dispute"));
    decide.verdict.settlement = TRY(read_settlement(scene));
    TRY(line.need("for"));
    decide.verdict.winner = TRY(line.one_of<Party>());
    if (!line.is_done()) TRY(line.need("because"));
    while (!line.is_done()) decide.verdict.codes.push_back(TRY(line.one_of<VerdictCode>()));
    return decide;
}

Parsed<Request> read_request_evidence(const Scene& scene) {
    auto& line = scene.line;
    TRY(line.need("of"));
    RequestEvidence request;
    request.of = TRY(line.one_of<Party>());
    TRY(line.need("on"));
    request.dispute = TRY(line.numbered<DisputeNo>("dispute"));
    TRY(line.need("due"));
    request.due_at = TRY(line.instant());
    return request;
}

Parsed<Request> read_submit(const Scene& scene) {
    auto& line = scene.line;
    TRY(line.need("evidence"));
    SubmitEvidence submit;
    submit.kind = TRY(line.word("a kind of evidence such as photo"));
    TRY(line.need("on"));
    submit.dispute = TRY(line.numbered<DisputeNo>("dispute"));
    if (line.take("content")) submit.content = TRY(read_content(line));
    return submit;
}

Parsed<Request> read_appeal(const Scene& scene) {
    Appeal appeal{.dispute = TRY(scene.line.numbered<DisputeNo>("dispute"))};
    appeal.has_new_information = scene.line.take("with new information");
    return appeal;
}

Parsed<Request> read_link(const Scene& scene) {
    auto& line = scene.line;
    LinkUpstream link;
    link.dispute = TRY(line.numbered<DisputeNo>("dispute"));
    TRY(line.need("to"));
    link.system = TRY(line.word("a system such as aliexpress"));
    link.reference = TRY(line.word("the claim's number there"));
    return link;
}

// --- Requests about a return

Parsed<Request> read_prepare(const Scene& scene) {
    auto& line = scene.line;
    TRY(line.need("return of"));
    PrepareReturn prepare;
    prepare.dispute = TRY(line.numbered<DisputeNo>("dispute"));
    while (!line.is_done()) {
        if (line.take("label"))
            prepare.label = TRY(line.word("whose label: seller, platform or buyer"));
        else if (line.take("to"))
            prepare.address = TRY(read_content(line));
        else
            return other(line, {"label", "to"});
    }
    return prepare;
}

Parsed<Request> read_send(const Scene& scene) {
    auto& line = scene.line;
    TRY(line.need("return of"));
    SendReturn send;
    send.dispute = TRY(line.numbered<DisputeNo>("dispute"));
    if (line.take("tracking")) send.tracking = TRY(line.word("a tracking number"));
    return send;
}

template <class R>
Parsed<Request> read_judged_return(const Scene& scene) {
    TRY(scene.line.need("return of"));
    R request{.dispute = TRY(scene.line.numbered<DisputeNo>("dispute"))};
    request.condition = TRY(scene.line.one_of<Condition>());
    return request;
}

// --- Requests about the order and its money

Parsed<Request> read_days(const Scene& scene, std::string_view before, bool by_buyer) {
    TRY(scene.line.need(before));
    const auto days = TRY(scene.line.count("a number of days", -60'000));
    if (!scene.line.take("day")) TRY(scene.line.need("days"));
    if (by_buyer) return RequestExtension{.days = days};
    return Extend{.days = days};
}

Parsed<Request> read_refund(const Scene& scene) {
    Refund refund{.amount = TRY(scene.amount_if_any())};
    if (scene.line.take("for")) refund.lines = TRY(scene.lines());
    return refund;
}

Parsed<std::optional<DisputeNo>> read_on_dispute(const Scene& scene) {
    if (!scene.line.take("on")) return std::nullopt;
    return TRY(scene.line.numbered<DisputeNo>("dispute"));
}

Parsed<Request> read_compensate(const Scene& scene) {
    Compensate compensate{.what = TRY(scene.line.one_of<Compensation>())};
    compensate.amount = TRY(scene.amount());
    compensate.dispute = TRY(read_on_dispute(scene));
    return compensate;
}

Parsed<Request> read_gift(const Scene& scene) {
    TRY(scene.line.need("gift"));
    PromiseGift gift{.sku = TRY(scene.line.word("what is given"))};
    gift.dispute = TRY(read_on_dispute(scene));
    return gift;
}

Parsed<Request> read_message(const Scene& scene) {
    SendMessage send;
    if (scene.line.take("to")) {
        TRY(scene.line.need("platform"));
        send.to = Audience::platform;
    }
    send.dispute = TRY(read_on_dispute(scene));
    return send;
}

Parsed<Request> read_answer(const Scene& scene) {
    AnswerChargeback answer{.chargeback = TRY(scene.line.numbered<ChargebackNo>("chargeback"))};
    if (scene.line.take("content")) answer.content = TRY(read_content(scene.line));
    return answer;
}

Parsed<Request> read_settle(const Scene& scene) {
    TRY(scene.line.need("arrival of"));
    SettleArrival settle{.shipment = TRY(scene.line.numbered<ShipmentNo>("parcel"))};
    settle.choice = TRY(scene.line.one_of<ArrivalChoice>());
    return settle;
}

template <class R, class Number>
Parsed<Request> read_of(const Scene& scene, std::string_view kind) {
    return R{TRY(scene.line.numbered<Number>(kind))};
}

Parsed<Request> read_plain(const Scene& scene, std::string_view words, Request request) {
    if (!words.empty()) TRY(scene.line.need(words));
    return request;
}

using Reader = Parsed<Request> (*)(const Scene&);
struct Way {
    std::string_view verb;
    Reader read;
};

// clang-format off
constexpr Way ways[] = {
    {"cancels",    [](const Scene& s) { return read_plain(s, "", Cancel{}); }},
    {"refuses",    [](const Scene& s) { return read_plain(s, "to cancel", DeclineCancel{}); }},
    {"requests",   [](const Scene& s) {
        return s.line.take("evidence") ? read_request_evidence(s)
                                       : read_days(s, "extension of", /*by_buyer=*/true); }},
    {"extends",    [](const Scene& s) { return read_days(s, "by", /*by_buyer=*/false); }},
    {"confirms",   [](const Scene& s) { return read_plain(s, "receipt", ConfirmReceipt{}); }},
    {"opens",      read_open},
    {"modifies",   read_modify},
    {"withdraws",  [](const Scene& s) { return read_of<WithdrawDispute, DisputeNo>(s, "dispute"); }},
    {"responds",   read_respond},
    {"offers",     read_offer},
    {"accepts",    [](const Scene& s) { return read_of<AcceptOffer, OfferNo>(s, "offer"); }},
    {"declines",   [](const Scene& s) { return read_of<DeclineOffer, OfferNo>(s, "offer"); }},
    {"escalates",  [](const Scene& s) { return read_of<Escalate, DisputeNo>(s, "dispute"); }},
    {"submits",    read_submit},
    {"decides",    read_decide},
    {"appeals",    read_appeal},
    {"prepares",   read_prepare},
    {"sends",      read_send},
    {"receives",   read_judged_return<ReceiveReturn>},
    {"contests",   read_judged_return<ContestReturn>},
    {"refunds",    read_refund},
    {"compensates", read_compensate},
    {"promises",   read_gift},
    {"repeats",    [](const Scene& s) {
        return read_of<RepeatInstruction, InstructionNo>(s, "instruction"); }},
    {"answers",    read_answer},
    {"links",      read_link},
    {"settles",    read_settle},
    {"writes",     read_message},
};
// clang-format on

Parsed<Request> read_request(const Scene& scene) {
    for (const auto& way : ways)
        if (scene.line.take(way.verb)) return way.read(scene);
    std::vector<std::string_view> verbs;
    std::ranges::transform(ways, std::back_inserter(verbs), &Way::verb);
    return std::unexpected(scene.line.fault_of(verbs));
}

}  // namespace

bool begins_lines(const Line& line) {
    const auto word = line.peek();
    return word == "line" || (!word.empty() && word.find_first_not_of("0123456789") == word.npos);
}

Parsed<Lines> read_lines(Line& line, const ScenarioOrder& order) {
    Lines lines;
    if (!begins_lines(line)) return std::unexpected(line.fault("line 1, or 2 of line 1"));
    while (begins_lines(line)) {
        std::optional<std::int32_t> quantity;
        if (line.peek() != "line") {
            quantity = TRY(line.count("a quantity"));
            TRY(line.need("of"));
        }
        const auto number = TRY(line.numbered<LineNo>("line"));
        const bool known = number.value >= 1 && number.value <= order.lines.size();
        const auto all = known ? order.lines[number.value - 1U].quantity : 1;
        lines.push_back({.line = number, .quantity = quantity.value_or(all)});
    }
    return lines;
}

Parsed<void> read_happening(Line& line, const ScenarioOrder& order, Step& step) {
    const Scene scene{line, order, step};
    if (auto seen = TRY(read_seen(scene))) {
        const auto when = step.at;
        if (line.take("seen")) step.at = TRY(line.instant());
        step.what = Observation{.when = when, .seen = std::move(*seen)};
        return {};
    }
    const auto by = line.take_one_of<Party>();
    if (!by || *by == Party::either) {
        std::vector<std::string_view> words{"buyer", "seller", "platform"};
        words.insert(words.end(), std::begin(seen_words), std::end(seen_words));
        return std::unexpected(line.fault_of(words));
    }
    step.what = Command{.by = *by, .request = TRY(read_request(scene))};
    return {};
}

}  // namespace holdfast::formats
