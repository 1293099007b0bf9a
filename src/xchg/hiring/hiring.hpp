// Mechanisms that pay many information gatherers: the best one when everything is known, proven in exact
// arithmetic; learnt by repeated play when it is not.
//
//   const auto instance = xchg::hiring::read_instance("audit2.json");
//   const auto result = xchg::hiring::design(instance);          // value, who works when, payments
//   const auto check = xchg::hiring::verify(instance, result.certificate);
#pragma once

#include "xchg/hiring/audit.hpp"
#include "xchg/hiring/certificate.hpp"
#include "xchg/hiring/design.hpp"
#include "xchg/hiring/estimate.hpp"
#include "xchg/hiring/instance.hpp"
#include "xchg/hiring/mechanism.hpp"
#include "xchg/hiring/online.hpp"
#include "xchg/hiring/rational.hpp"
