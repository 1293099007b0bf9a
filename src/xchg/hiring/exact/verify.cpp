#include <fmt/format.h>

#include "xchg/hiring/certificate.hpp"
#include "xchg/hiring/exact/dual.hpp"
#include "xchg/hiring/exact/primal.hpp"

namespace xchg::hiring {

Check verify(const Instance& instance, const Certificate& certificate, Progress& progress) {
  Check check;
  if (certificate.instance != fingerprint(instance)) {
    check.findings.push_back("the certificate is for another instance");
  }
  if (!certificate.terms.outside.empty() && certificate.terms.outside.size() != instance.agents.size()) {
    check.findings.push_back("the outside options are not one for each agent");
    return check;
  }
  const IntegerLaw law(instance);
  check_mechanism(instance, certificate.terms, certificate.mechanism, law, check);
  if (certificate.value > check.value) {
    check.findings.push_back(
        fmt::format("the mechanism is worth {}, not {}", text(check.value), text(certificate.value)));
  }
  if (certificate.multipliers.obedience.empty() && !instance.agents.empty()) return check;
  if (const auto bound =
          proven_bound(instance, certificate.terms, certificate.multipliers, law, check, progress)) {
    check.upper_bound = *bound;
    check.bounded = true;
    if (certificate.upper_bound < *bound) {
      check.findings.push_back(
          fmt::format("the multipliers prove {}, not {}", text(*bound), text(certificate.upper_bound)));
    }
  }
  check.proven = check.bounded && check.findings.empty();
  return check;
}

}  // namespace xchg::hiring
