// Any bytes either are refused with an InputError or are an array; then the array written and read again is
// the same.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "xchg/core/error.hpp"
#include "xchg/core/npy.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace xchg;
  npy::Array array;
  try {
    array = npy::parse(std::as_bytes(std::span(data, size)));
  } catch (const InputError&) {
    return 0;
  }
  const std::string file = npy::format(array);
  const npy::Array back = npy::parse(std::as_bytes(std::span(file)));
  const bool same = back.type() == array.type() && back.shape() == array.shape() &&
                    std::ranges::equal(back.bytes(), array.bytes()) &&
                    array.as_doubles().size() == array.count();
  if (!same) std::abort();
  return 0;
}
