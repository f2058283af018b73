// What each kind of evidence has, what of it the order knows otherwise, and checklists.
#include "order/evidence.h"
#include "order/checklist.h"
#include "order/quarrel_test_support.h"
#include "terms/lint.h"

#include <algorithm>
#include <set>

namespace holdfast::order {
namespace {

using namespace test;
using enum EvidenceKind;
using Why = EvidenceFault::Why;

constexpr Hash file{};
const Instant day3 = noon + days{3};

// "amount missing, shipment not_fitting"
std::string text_of(const std::vector<EvidenceFault>& faults) {
    std::string text;
    for (const auto& [member, why] : faults) {
        text += (text.empty() ? "" : ", ") + std::string(to_string(member));
        text += why == Why::missing   ? " missing"
                : why == Why::invalid ? " invalid"
                                      : " not_fitting";
    }
    return text;
}

EvidenceRecord all_members() {
    return {.shipment = ShipmentNo{1},
            .carrier = "dhl",
            .tracking_number = "LX1",
            .shipped_at = noon,
            .delivered_at = day3,
            .refund = InstructionNo{1},
            .reference = "re_1",
            .amount = 100};
}

// Disputed as not as described, on the day after it came.
Life not_right(Placement placement = lamps()) {
    Life life(marketplace(), std::move(placement));
    life.paid().shipped().delivered(day3);
    REQUIRE(life.ask(Party::buyer, noon + days{4}, OpenDispute{.reason = Reason::not_as_described})
                .has_value());
    return life;
}

const Evidence& hand_in(Life& life, Party by, std::string_view kind, EvidenceRecord record,
                        std::optional<Hash> content = {}) {
    REQUIRE(life.ask(by, life.order.last_at,
                     SubmitEvidence{first, Word(kind), content, std::move(record)})
                .has_value());
    return life.order.dispute(first).evidence.back();
}

const terms::Terms& checklist() {
    static const auto made = load_terms(shipped_terms_text("marketplace-evidence"));
    return made;
}

std::vector<KnownRecord> known(const Life& life) {
    return known_records(life.order, life.events, first);
}
const KnownRecord* find(const std::vector<KnownRecord>& all, EvidenceKind kind) {
    const auto found = std::ranges::find(all, kind, &KnownRecord::kind);
    return found == all.end() ? nullptr : &*found;
}

// "ME-10 missing, ME-12 not_applicable"
std::string standing(const Life& life, Party of) {
    const auto records = known(life);
    std::string text;
    for (const auto& one :
         standing_of(life.order, life.rules, checklist(), first, of, records, life.order.last_at))
        text += (text.empty() ? "" : ", ") + one.item->id + " " + std::string(to_string(one.state));
    return text;
}

}  // namespace

TEST_CASE("evidence: what each kind always has, has one of and may have") {
    struct Row {
        EvidenceKind kind;
        const char* empty;
        const char* with_file;
        const char* with_all;
    };
    // clang-format off
    const Row rows[] = {
        {photo,               "content missing",                 "",                        "carrier not_fitting, tracking_number not_fitting, shipped_at not_fitting, delivered_at not_fitting, refund not_fitting, reference not_fitting, amount not_fitting"},
        {video,               "content missing",                 "",                        "carrier not_fitting, tracking_number not_fitting, shipped_at not_fitting, delivered_at not_fitting, refund not_fitting, reference not_fitting, amount not_fitting"},
        {product_description, "content missing",                 "",                        "shipment not_fitting, carrier not_fitting, tracking_number not_fitting, shipped_at not_fitting, delivered_at not_fitting, refund not_fitting, amount not_fitting"},
        {invoice,             "amount missing",                  "",                        "shipment not_fitting, carrier not_fitting, tracking_number not_fitting, shipped_at not_fitting, delivered_at not_fitting, refund not_fitting"},
        {proof_of_shipment,   "shipped_at missing",              "",                        "delivered_at not_fitting, refund not_fitting, reference not_fitting, amount not_fitting"},
        {tracking,            "tracking_number missing",         "content not_fitting, tracking_number missing", "content not_fitting, delivered_at not_fitting, refund not_fitting, reference not_fitting, amount not_fitting"},
        {proof_of_delivery,   "delivered_at missing",            "",                        "shipped_at not_fitting, refund not_fitting, reference not_fitting, amount not_fitting"},
        {signature,           "delivered_at missing",            "",                        "shipped_at not_fitting, refund not_fitting, reference not_fitting, amount not_fitting"},
        {return_tracking,     "tracking_number missing",         "tracking_number missing", "shipment not_fitting, refund not_fitting, reference not_fitting, amount not_fitting"},
        {refund_confirmation, "refund missing, amount missing",  "amount missing",          "shipment not_fitting, carrier not_fitting, tracking_number not_fitting, shipped_at not_fitting, delivered_at not_fitting"},
        {correspondence,      "content missing",                 "",                        "shipment not_fitting, carrier not_fitting, tracking_number not_fitting, shipped_at not_fitting, delivered_at not_fitting, refund not_fitting, reference not_fitting, amount not_fitting"},
        {expert_report,       "content missing",                 "",                        "shipment not_fitting, carrier not_fitting, tracking_number not_fitting, shipped_at not_fitting, delivered_at not_fitting, refund not_fitting, amount not_fitting"},
        {authenticity_report, "content missing",                 "",                        "shipment not_fitting, carrier not_fitting, tracking_number not_fitting, shipped_at not_fitting, delivered_at not_fitting, refund not_fitting, amount not_fitting"},
        {repair_estimate,     "content missing, amount missing", "amount missing",          "shipment not_fitting, carrier not_fitting, tracking_number not_fitting, shipped_at not_fitting, delivered_at not_fitting, refund not_fitting"},
        {carrier_report,      "content missing",                 "",                        "shipped_at not_fitting, delivered_at not_fitting, refund not_fitting, amount not_fitting"},
        {customs_notice,      "content missing",                 "",                        "shipped_at not_fitting, delivered_at not_fitting, refund not_fitting, amount not_fitting"},
        {police_report,       "reference missing",               "",                        "shipment not_fitting, carrier not_fitting, tracking_number not_fitting, shipped_at not_fitting, delivered_at not_fitting, refund not_fitting, amount not_fitting"},
        {refund_policy,       "content missing",                 "",                        "shipment not_fitting, carrier not_fitting, tracking_number not_fitting, shipped_at not_fitting, delivered_at not_fitting, refund not_fitting, reference not_fitting, amount not_fitting"},
        {other,               "content missing",                 "",                        "shipment not_fitting, carrier not_fitting, tracking_number not_fitting, shipped_at not_fitting, delivered_at not_fitting, refund not_fitting, amount not_fitting"},
    };
    // clang-format on
    std::set<EvidenceKind> seen;
    for (const auto& row : rows) {
        CAPTURE(terms::to_string(row.kind));
        seen.insert(row.kind);
        CHECK(text_of(faults_of(row.kind, /*has_content=*/false, {})) == row.empty);
        CHECK(text_of(faults_of(row.kind, /*has_content=*/true, {})) == row.with_file);
        CHECK(text_of(faults_of(row.kind, /*has_content=*/true, all_members())) == row.with_all);
    }
    CHECK(seen.size() == terms::count_of<EvidenceKind>);
}

TEST_CASE("evidence: members are visible ASCII, and sums are sums") {
    CHECK(text_of(faults_of(tracking, false, {.tracking_number = "LX 1"})) ==
          "tracking_number invalid");
    CHECK(text_of(faults_of(tracking, false, {.carrier = "d\xc3\xa9", .tracking_number = "~"})) ==
          "carrier invalid");
    CHECK(text_of(faults_of(refund_confirmation, false,
                            {.reference = std::string(256, 'r'), .amount = 0})) ==
          "reference invalid, amount invalid");
    CHECK(faults_of(refund_confirmation, false, {.reference = std::string(255, 'r'), .amount = 1})
              .empty());
}

TEST_CASE("evidence: a record is evidence without a file, and its content is what it says") {
    auto life = not_right();
    const EvidenceRecord record{.shipment = ShipmentNo{1}, .delivered_at = day3};
    const auto& alone = hand_in(life, Party::seller, "proof_of_delivery", record);
    CHECK(alone.no == EvidenceNo{1});
    CHECK(alone.record == record);
    CHECK(alone.content == content_of(proof_of_delivery, record));
    CHECK(alone.content ==
          hash_of("evidence=proof_of_delivery\nshipment=1\ndelivered_at=1767873600000\n"));
    CHECK_FALSE(has_file(alone));
    const auto& both = hand_in(life, Party::seller, "proof_of_delivery", record, hash_of("a scan"));
    CHECK(both.no == EvidenceNo{2});
    CHECK(both.content == hash_of("a scan"));
    CHECK(has_file(both));

    std::set<Hash> contents{content_of(photo, {}), content_of(video, {})};
    for (std::size_t i = 1; i < terms::count_of<EvidenceMember>; ++i) {
        auto one = all_members();
        const auto member = static_cast<EvidenceMember>(i);
        if (member == EvidenceMember::shipment) one.shipment = {};
        if (member == EvidenceMember::carrier) one.carrier = {};
        if (member == EvidenceMember::tracking_number) one.tracking_number = {};
        if (member == EvidenceMember::shipped_at) one.shipped_at = {};
        if (member == EvidenceMember::delivered_at) one.delivered_at = {};
        if (member == EvidenceMember::refund) one.refund = {};
        if (member == EvidenceMember::reference) one.reference = {};
        if (member == EvidenceMember::amount) one.amount = {};
        CHECK(members_of(one).count() == members_of(all_members()).count() - 1);
        contents.insert(content_of(other, one));
    }
    CHECK(contents.size() == 2 + 8);
}

TEST_CASE("evidence: what is refused") {
    struct Row {
        const char* name;
        SubmitEvidence submit;
        RefusalCode code;
    };
    // clang-format off
    const Row rows[] = {
        {"a kind that is on no list", {first, "hearsay", file, {}},                                                               RefusalCode::malformed},
        {"a photo without a file",    {first, "photo", {}, {}},                                                                   RefusalCode::malformed},
        {"what does not fit",         {first, "photo", file, {.amount = 5}},                                                      RefusalCode::malformed},
        {"a parcel of nobody",        {first, "proof_of_delivery", {}, {.shipment = ShipmentNo{2}, .delivered_at = day3}},        RefusalCode::unknown_shipment},
        {"a refund of nobody",        {first, "refund_confirmation", {}, {.refund = InstructionNo{1}, .amount = 5}},              RefusalCode::unknown_instruction},
        {"of no dispute",             {second, "photo", file, {}},                                                                RefusalCode::unknown_dispute},
    };
    // clang-format on
    for (const auto& row : rows) {
        CAPTURE(row.name);
        auto life = not_right();
        CHECK(code(life.ask(Party::buyer, day6, row.submit)) == row.code);
        CHECK(life.order.dispute(first).evidence.empty());
    }
}

TEST_CASE("evidence: a claim that differs from what is known stands, and what is known beside it") {
    auto life = not_right();
    const auto otherwise = [&](std::string_view kind, EvidenceRecord record) {
        const auto& one = hand_in(life, Party::seller, kind, record);
        CHECK(one.record == record);
        return known_otherwise(life.order, first, one);
    };
    CHECK(otherwise("proof_of_delivery", {.delivered_at = day3}).empty());
    CHECK(otherwise("proof_of_delivery", {.delivered_at = day3 - hours{1}}) ==
          EvidenceRecord{.delivered_at = day3});
    CHECK(otherwise("proof_of_shipment", {.tracking_number = "LX2", .shipped_at = noon}) ==
          EvidenceRecord{.tracking_number = "LX1", .shipped_at = noon + days{1}});
    CHECK(otherwise("tracking", {.carrier = "dhl", .tracking_number = "LX1"}).empty());
    CHECK(otherwise("invoice", {.amount = 10500}).empty());
    CHECK(otherwise("invoice", {.amount = 9900}) == EvidenceRecord{.amount = 10500});
    CHECK(otherwise("return_tracking", {.tracking_number = "RT1"}).empty());  // nothing known

    REQUIRE(life.ask(Party::seller, life.order.last_at, Refund{.amount = 500}).has_value());
    CHECK(otherwise("refund_confirmation", {.refund = InstructionNo{1}, .amount = 500}).empty());
    CHECK(otherwise("refund_confirmation", {.refund = InstructionNo{1}, .amount = 700}) ==
          EvidenceRecord{.amount = 500});
    CHECK(otherwise("refund_confirmation", {.reference = "re_9", .amount = 700}).empty());
}

TEST_CASE("evidence: of several parcels, a claim that is true of one stands") {
    Life life(marketplace());
    life.paid();
    REQUIRE(life.see(noon + days{1},
                     SeeShipped{.lines = {{{1}, 2}}, .tracking = "A", .carrier = "ups"}));
    REQUIRE(life.see(noon + days{2}, SeeShipped{.lines = {{{2}, 1}}, .tracking = "B"}));
    REQUIRE(life.see(day3, SeeScan{{1}, ScanKind::delivered}));
    REQUIRE(life.see(noon + days{4}, SeeScan{{2}, ScanKind::delivered}));
    REQUIRE(life.ask(Party::buyer, noon + days{5}, OpenDispute{.reason = Reason::damaged}));
    const auto otherwise = [&](EvidenceRecord record) {
        return known_otherwise(life.order, first,
                               hand_in(life, Party::seller, "proof_of_delivery", record));
    };
    CHECK(otherwise({.delivered_at = day3}).empty());
    CHECK(otherwise({.delivered_at = noon + days{4}}).empty());
    CHECK(otherwise({.shipment = ShipmentNo{2}, .delivered_at = day3}) ==
          EvidenceRecord{.delivered_at = noon + days{4}});
    CHECK(otherwise({.tracking_number = "B", .delivered_at = day3}) ==
          EvidenceRecord{.delivered_at = noon + days{4}});
    CHECK(otherwise({.shipment = ShipmentNo{1}, .carrier = "dhl", .delivered_at = day3}) ==
          EvidenceRecord{.carrier = "ups"});
}

TEST_CASE("evidence: of an older order, on no list, is shown as it is") {
    Life life = not_right();
    auto old = life.events;
    old.push_back({day6, day6, EvidenceSubmitted{first, Party::buyer, "note", hash_of("n"), {}}});
    const auto order = replay(old);
    const auto& one = order.dispute(first).evidence.back();
    CHECK(one.kind == Word("note"));
    CHECK(has_file(one));
    CHECK(known_otherwise(order, first, one).empty());
}

TEST_CASE("checklist: what the order knows, and from which event") {
    auto life = not_right();
    REQUIRE(life.ask(Party::seller, life.order.last_at, Refund{.amount = 500}).has_value());
    const auto records = known(life);
    const auto name_at = [&](const KnownRecord& one, EvidenceMember member) {
        const auto found =
            std::ranges::find(one.from, member, &std::pair<EvidenceMember, std::uint64_t>::first);
        REQUIRE(found != one.from.end());
        return std::string(name_of(life.events.at(found->second - 1).event));
    };
    const auto* delivery = find(records, proof_of_delivery);
    REQUIRE(delivery);
    CHECK(delivery->record == EvidenceRecord{.shipment = ShipmentNo{1},
                                             .tracking_number = "LX1",
                                             .delivered_at = day3});
    CHECK(name_at(*delivery, EvidenceMember::delivered_at) == "scanned");
    CHECK(name_at(*delivery, EvidenceMember::tracking_number) == "shipped");
    const auto* refunded = find(records, refund_confirmation);
    REQUIRE(refunded);
    CHECK(refunded->record == EvidenceRecord{.refund = InstructionNo{1}, .amount = 500});
    CHECK(name_at(*refunded, EvidenceMember::amount) == "refund_issued");
    CHECK(find(records, invoice)->record.amount == 10500);
    CHECK(find(records, tracking)->record.shipped_at == noon + days{1});
    CHECK_FALSE(find(records, signature));
    CHECK_FALSE(find(records, return_tracking));

    // Every record that is offered can be handed in as it is, and nothing about it differs.
    for (const auto& one : records) {
        CAPTURE(terms::to_string(one.kind));
        const auto& given = hand_in(life, Party::seller, terms::to_string(one.kind), one.record);
        CHECK(known_otherwise(life.order, first, given).empty());
        CHECK(one.from.size() == members_of(one.record).count());
    }
}

TEST_CASE("checklist: signed for, sent back, and numbers that are no numbers") {
    Life life(marketplace());
    life.paid();
    REQUIRE(life.see(noon + days{1}, SeeShipped{.tracking = "L X 1"}).has_value());
    REQUIRE(life.see(day3, SeeScan{{1}, ScanKind::delivered_signed}).has_value());
    REQUIRE(
        life.ask(Party::buyer, noon + days{4},
                 OpenDispute{.reason = Reason::damaged, .wanted = Remedy::return_for_full_refund}));
    REQUIRE(life.ask(Party::seller, noon + days{4},
                     MakeOffer{first, {.then = {Remedy::return_for_full_refund, 10500}}}));
    REQUIRE(life.ask(Party::buyer, noon + days{4}, AcceptOffer{{1}}).has_value());
    REQUIRE(life.ask(Party::buyer, noon + days{5}, SendReturn{first, "RT1"}).has_value());
    REQUIRE(life.see(noon + days{6}, SeeReturnDelivered{first}).has_value());
    const auto records = known(life);
    CHECK(find(records, signature)->record ==
          EvidenceRecord{.shipment = ShipmentNo{1}, .delivered_at = day3});
    CHECK_FALSE(find(records, tracking));
    CHECK(find(records, return_tracking)->record == EvidenceRecord{.tracking_number = "RT1",
                                                                   .shipped_at = noon + days{5},
                                                                   .delivered_at = noon + days{6}});
}

TEST_CASE("checklist: in the shipped one every item is sourced and can apply") {
    const std::vector<const terms::Terms*> all{&marketplace()};
    CHECK(checklist().programme == marketplace().programme);
    for (const auto& found : terms::lint(checklist(), "shipped"))
        CHECK_MESSAGE(false, terms::to_string(found));
    for (const auto& found : terms::find_idle(checklist(), all, "shipped"))
        CHECK_MESSAGE(false, terms::to_string(found));
}

TEST_CASE("checklist: by reason and product, met by the side that it asks") {
    auto placement = lamps();
    placement.item_marks = {"electronics"};
    auto life = not_right(placement);
    CHECK(standing(life, Party::buyer) ==
          "ME-10 missing, ME-12 missing, ME-14 not_applicable, ME-15 not_applicable, "
          "ME-21 not_applicable");
    CHECK(standing(life, Party::seller) == "ME-16 missing, ME-22 not_applicable");
    hand_in(life, Party::seller, "photo", {}, file);  // not the seller's to show
    CHECK(standing(life, Party::buyer).starts_with("ME-10 missing"));
    hand_in(life, Party::buyer, "photo", {}, file);
    hand_in(life, Party::buyer, "expert_report", {}, file);
    CHECK(standing(life, Party::buyer).starts_with("ME-10 provided, ME-12 provided, "));
    hand_in(life, Party::seller, "product_description", {}, file);
    CHECK(standing(life, Party::either).contains("ME-16 provided"));

    auto plain = not_right();
    CHECK(standing(plain, Party::buyer).starts_with("ME-10 missing, ME-12 not_applicable"));
}

TEST_CASE("checklist: required means all kinds, one_of any; what was handed in is not offered") {
    const auto own = load_terms(R"toml([terms]
language = 1
id = "c"
programme = "marketplace"
title = "C"
role = "checklist"
zone = "UTC"
[[evidence]]
id = "ALL"
of = "seller"
kinds = ["proof_of_delivery", "tracking"]
need = "required"
[[evidence]]
id = "ONE"
of = "seller"
kinds = ["proof_of_delivery", "tracking"]
need = "one_of"
)toml");
    auto life = not_right();
    const auto state = [&](std::size_t i) {
        const auto records = known(life);
        const auto all = standing_of(life.order, life.rules, own, first, Party::seller, records,
                                     life.order.last_at);
        return std::string(to_string(all.at(i).state)) + " " +
               std::to_string(all.at(i).met_by.size()) + " " +
               std::to_string(all.at(i).known.size());
    };
    CHECK(state(0) == "missing 0 2");
    CHECK(state(1) == "missing 0 2");
    const auto records = known(life);
    hand_in(life, Party::seller, "tracking", find(records, tracking)->record);
    CHECK(state(0) == "missing 1 1");
    CHECK(state(1) == "provided 1 1");
    hand_in(life, Party::seller, "proof_of_delivery", {.delivered_at = day3});  // in other words
    CHECK(state(0) == "provided 2 1");
}

}  // namespace holdfast::order
