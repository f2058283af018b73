// A claim packet as JSON, the same on the command line and over HTTP.
#pragma once

#include "desk/packet.h"

#include <boost/json.hpp>

namespace holdfast::api {

boost::json::object packet_json(const desk::ClaimPacket& packet);

}  // namespace holdfast::api
