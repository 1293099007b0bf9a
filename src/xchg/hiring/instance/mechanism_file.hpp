// The list `support` of a mechanism in JSON documents.
#pragma once

#include "xchg/core/json.hpp"
#include "xchg/hiring/mechanism.hpp"

namespace xchg::hiring {

json::Value support_json(const Instance& instance, const Mechanism& mechanism);
// Throws InputError (see parse_mechanism).
Mechanism mechanism_at(json::Reader& support, const Instance& instance);

}  // namespace xchg::hiring
