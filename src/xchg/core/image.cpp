#include "xchg/core/image.hpp"

#include <algorithm>
#include <cctype>

#include "xchg/core/error.hpp"
#include "xchg/core/file.hpp"
#include "xchg/core/image_codec.hpp"
#include "xchg/core/text.hpp"

namespace xchg::image {

Image Image::make(std::size_t width, std::size_t height, std::size_t channels) {
  Image image{width, height, channels, 8, std::vector<std::uint8_t>(width * height * channels)};
  require_consistent(image);
  return image;
}

std::uint16_t Image::sample(std::size_t row, std::size_t column, std::size_t channel) const {
  const std::size_t i = (row * width + column) * channels + channel;
  if (bits == 8) return data[i];
  return static_cast<std::uint16_t>(data[2 * i] << 8 | data[2 * i + 1]);
}

std::span<std::uint8_t> Image::pixel(std::size_t row, std::size_t column) {
  return std::span(data).subspan((row * width + column) * channels, channels);
}

std::span<const std::uint8_t> Image::pixel(std::size_t row, std::size_t column) const {
  return std::span(data).subspan((row * width + column) * channels, channels);
}

void require_size(std::size_t width, std::size_t height, const ReadOptions& options,
                  const std::string& source) {
  if (width == 0 || height == 0) throw InputError("an image without pixels", {source});
  if (height <= options.most_pixels / width) return;
  throw LimitError(source + ": an image of " + std::to_string(width) + " x " + std::to_string(height) +
                       " pixels is larger than the limit of " + text::grouped(options.most_pixels) +
                       " pixels",
                   "make it smaller first");
}

void require_consistent(const Image& image) {
  const bool known = image.channels >= 1 && image.channels <= 4 && (image.bits == 8 || image.bits == 16);
  const std::size_t samples = image.width * image.height * image.channels;
  if (known && image.width > 0 && image.height > 0 &&
      image.data.size() == samples * static_cast<std::size_t>(image.bits) / 8) {
    return;
  }
  throw InputError("an image of " + std::to_string(image.width) + " x " + std::to_string(image.height) +
                       " x " + std::to_string(image.channels) + " samples of " + std::to_string(image.bits) +
                       " bits in " + std::to_string(image.data.size()) + " bytes",
                   {},
                   "at least one pixel of 1 to 4 channels of 8 or 16 bits, and as many bytes as they take");
}

Image decode(std::string_view file, const ReadOptions& options, const std::string& source) {
  if (file.starts_with("\x89PNG\r\n\x1A\n")) return decode_png(file, options, source);
  if (file.starts_with("\xFF\xD8\xFF")) return decode_jpeg(file, options, source);
  throw InputError(file.empty() ? "is empty" : "is neither PNG nor JPEG", {source}, "a PNG or JPEG image");
}

Image read(const std::filesystem::path& path, const ReadOptions& options) {
  return decode(file::read(path), options, path == "-" ? "standard input" : path.string());
}

void write(const std::filesystem::path& path, const Image& image) {
  std::string ending = path.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (ending == ".png") {
    file::write_atomically(path, encode_png(image));
  } else if (ending == ".jpg" || ending == ".jpeg") {
    file::write_atomically(path, encode_jpeg(image));
  } else {
    throw InputError("the name of an image ends with '" + ending + "'", {path.string()},
                     ".png, .jpg or .jpeg");
  }
}

}  // namespace xchg::image
