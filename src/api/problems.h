// What can go wrong, each with its one status and sentence: the codes of the contract.
#pragma once

#include "api/members.h"
#include "engine/work.h"
#include "http/problem.h"

#include <string_view>
#include <vector>

namespace holdfast::api {

// Of one of the contract's codes, with its status, title and sentence.
http::Problem problem(std::string_view code);
// What an answer other than done and replayed is to the client. `places`: it was to place an order.
http::Problem problem_of(const engine::Answer& answer, bool places);
// A request that is not as the contract says.
http::Problem problem_of(const std::vector<Fault>& faults);

std::vector<std::string_view> problem_codes();

}  // namespace holdfast::api
