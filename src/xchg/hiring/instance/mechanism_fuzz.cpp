#include <cstdint>

#include "xchg/core/error.hpp"
#include "xchg/hiring/mechanism.hpp"

// Mechanisms for one fixed instance; what is accepted survives being written and read.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const auto instance = xchg::hiring::generate(2, 2, 2, 2, 1);
  try {
    const auto mechanism =
        xchg::hiring::parse_mechanism({reinterpret_cast<const char*>(bytes), size}, instance, "fuzz");
    const std::string text = xchg::hiring::mechanism_json(instance, mechanism);
    if (xchg::hiring::mechanism_json(instance, xchg::hiring::parse_mechanism(text, instance, "again")) !=
        text) {
      __builtin_trap();
    }
  } catch (const xchg::InputError&) {
  }
  return 0;
}
