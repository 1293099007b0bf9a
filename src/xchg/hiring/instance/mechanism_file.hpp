// The list `support` of a mechanism in JSON documents.
#pragma once

#include "xchg/core/json.hpp"
#include "xchg/hiring/mechanism.hpp"

namespace xchg::hiring {

// With decimals beside the exact numbers, for people and other programs, or exact numbers alone.
json::Value support_json(const Instance& instance, const Mechanism& mechanism, bool decimals = true);
// Throws InputError for what does not belong to the instance. Whether the numbers make a mechanism is not
// looked at.
Mechanism mechanism_at(json::Reader& support, const Instance& instance);

}  // namespace xchg::hiring
