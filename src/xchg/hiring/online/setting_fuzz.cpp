#include <cstdint>

#include "xchg/core/error.hpp"
#include "xchg/hiring/online.hpp"

// Settings; what is accepted survives being written and read.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace xchg::hiring;
  try {
    const Setting setting = parse_setting({reinterpret_cast<const char*>(bytes), size}, "fuzz");
    const std::string text = setting_json(setting);
    if (setting_json(parse_setting(text, "again")) != text) __builtin_trap();
  } catch (const xchg::InputError&) {
  } catch (const xchg::LimitError&) {
  }
  return 0;
}
