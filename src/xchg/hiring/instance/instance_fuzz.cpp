#include <cstdint>
#include <string_view>

#include "xchg/core/error.hpp"
#include "xchg/hiring/instance.hpp"

// What is accepted is an instance, and is the same after it was written and read again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  try {
    const auto instance = xchg::hiring::parse_instance({reinterpret_cast<const char*>(bytes), size}, "fuzz");
    xchg::hiring::check(instance);
    const std::string text = xchg::hiring::instance_json(instance);
    if (xchg::hiring::instance_json(xchg::hiring::parse_instance(text, "again")) != text) __builtin_trap();
  } catch (const xchg::InputError&) {
  } catch (const xchg::LimitError&) {
  }
  return 0;
}
