#include <cstdint>

#include "xchg/core/error.hpp"
#include "xchg/hiring/certificate.hpp"

// Certificates for one fixed instance whose optimum is known to lie between 1/2 and 1: nothing else may be
// proven.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const auto instance = xchg::hiring::generate(2, 2, 2, 2, 1);
  try {
    const auto certificate =
        xchg::hiring::parse_certificate({reinterpret_cast<const char*>(bytes), size}, instance, "fuzz");
    const auto check = xchg::hiring::verify(instance, certificate);
    if (check.proven && certificate.terms == xchg::hiring::Terms{.payment_bound = xchg::hiring::Bound(1)} &&
        (certificate.value > 1 || certificate.upper_bound < xchg::hiring::Rational(1, 2))) {
      __builtin_trap();
    }
  } catch (const xchg::InputError&) {
  }
  return 0;
}
