// Images: PNG and JPEG in and out, through libpng and libjpeg.
//
// What a file is is told from its content, not from its name. Palettes, 1, 2 and 4 bits and interlaced files
// are expanded; colour profiles and gamma are left alone; CMYK is refused.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace xchg::image {

// An image: (height, width, channels) row-major, from the upper left corner.
struct Image {
  std::size_t width = 0;
  std::size_t height = 0;
  std::size_t channels = 1;        // 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA; alpha is not multiplied in
  int bits = 8;                    // of a sample: 8 or 16
  std::vector<std::uint8_t> data;  // 8-bit samples, or 16-bit ones as two bytes, the high one first

  // An image of 8 bits, all zero.
  static Image make(std::size_t width, std::size_t height, std::size_t channels);

  // The sample as stored: 0 to 255 or to 65535.
  std::uint16_t sample(std::size_t row, std::size_t column, std::size_t channel) const;
  // The samples of the pixel of an 8-bit image.
  std::span<std::uint8_t> pixel(std::size_t row, std::size_t column);
  std::span<const std::uint8_t> pixel(std::size_t row, std::size_t column) const;
};

struct ReadOptions {
  // An image with more pixels is a LimitError, before memory is taken for it: small files may claim giant
  // ones.
  std::size_t most_pixels = std::size_t{1} << 28;
  // 16-bit samples are kept; otherwise they become 8-bit ones, rounded.
  bool keep_16_bits = false;
};

// Reads a PNG or JPEG file; "-" is standard input. Throws InputError that names the file when it is neither,
// or damaged or cut short; LimitError; and what file::read throws.
Image read(const std::filesystem::path& path, const ReadOptions& options = {});

// The same from a file in memory; `source` names it in messages.
Image decode(std::string_view file, const ReadOptions& options = {}, const std::string& source = "image");

// The image as a PNG file. Compression from 1 (fast) to 9 (small). The same image gives the same bytes.
std::string encode_png(const Image& image, int compression = 6);

// The image as a JPEG file; quality from 1 to 100. 8-bit grey or RGB; alpha and 16 bits are InputErrors.
std::string encode_jpeg(const Image& image, int quality = 90);

// Writes PNG or JPEG by the ending of the name (.png, .jpg, .jpeg), atomically. Throws InputError for any
// other ending and what file::write_atomically throws.
void write(const std::filesystem::path& path, const Image& image);

}  // namespace xchg::image
