// Any bytes either are refused or are an image; then, written as PNG and read again, it is the same.
#include <cstdint>
#include <cstdlib>

#include "xchg/core/error.hpp"
#include "xchg/core/image.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace xchg;
  if (size == 0) return 0;
  image::ReadOptions options;
  options.most_pixels = 1 << 14;
  options.keep_16_bits = data[size - 1] % 2 == 1;
  image::Image image;
  try {
    image = image::decode({reinterpret_cast<const char*>(data), size}, options);
  } catch (const Error&) {
    return 0;
  }
  const image::Image back = image::decode(image::encode_png(image, 1), options);
  const bool same = back.width == image.width && back.height == image.height &&
                    back.channels == image.channels && back.bits == image.bits && back.data == image.data;
  if (!same) std::abort();
  return 0;
}
