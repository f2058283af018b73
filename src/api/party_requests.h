// What a POST asks or tells about a party's books, read into the ledger's own words.
#pragma once

#include "api/members.h"
#include "api/operation.h"
#include "ledger/party_command.h"

#include <cstdint>
#include <optional>
#include <variant>

namespace holdfast::api {

using PartyAsk = std::variant<ledger::Command, ledger::Observation>;

// `payout`: that the path names, else 0. Nothing: the operation is about no party's books.
std::optional<PartyAsk> read_party_ask(Operation operation, std::uint64_t payout, Members& body);

}  // namespace holdfast::api
