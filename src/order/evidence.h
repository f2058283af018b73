// What each kind of evidence says, and what of it the order knows better.
//
// A kind has members that it always has, members of which it has one at least, and some that it may
// have; `content` is the hash of a file. Evidence without a file is evidence too: its content is
// then the hash of what it says.
#pragma once

#include "order/order.h"

#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::order {

using terms::EvidenceKind;

enum class EvidenceMember : std::uint8_t {
    content,
    shipment,
    carrier,
    tracking_number,
    shipped_at,
    delivered_at,
    refund,
    reference,
    amount,
    count_
};
std::string_view to_string(EvidenceMember value);

using EvidenceMembers = std::bitset<terms::count_of<EvidenceMember>>;

struct EvidenceRule {
    EvidenceMembers all;  // always
    EvidenceMembers any;  // one of them at least; none named: no such wish
    EvidenceMembers may;  // these too
};
const EvidenceRule& rule_of(EvidenceKind kind);

// The members that a record has.
EvidenceMembers members_of(const EvidenceRecord& record);

struct EvidenceFault {
    enum class Why : std::uint8_t {
        missing,      // the kind needs it; of `any`: the first that is no file
        not_fitting,  // the kind has no such member
        invalid,      // not visible ASCII, or a sum below 1
    };
    EvidenceMember member = EvidenceMember::content;
    Why why = Why::missing;
    bool operator==(const EvidenceFault&) const = default;
};
// What is wrong with evidence of this kind, in the order of its members. Empty: nothing.
std::vector<EvidenceFault> faults_of(EvidenceKind kind, bool has_content,
                                     const EvidenceRecord& record);

// The hash that stands for evidence without a file: of a text that holds the kind and each member.
Hash content_of(EvidenceKind kind, const EvidenceRecord& record);
bool has_file(const Evidence& evidence);

// Sum of a refund that was told from here; nothing: there is no such refund.
std::optional<Minor> find_refund(const Order& order, InstructionNo no);

// What the order knows of the same things and knows otherwise: only such members, with the known
// value. The claim stands beside it.
EvidenceRecord known_otherwise(const Order& order, DisputeNo dispute, const Evidence& evidence);

}  // namespace holdfast::order
