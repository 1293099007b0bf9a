// Internal to image: the two formats.
#pragma once

#include <string>
#include <string_view>

#include "xchg/core/image.hpp"

namespace xchg::image {

Image decode_png(std::string_view file, const ReadOptions& options, const std::string& source);
Image decode_jpeg(std::string_view file, const ReadOptions& options, const std::string& source);

// Throws LimitError when an image of this size has too many pixels.
void require_size(std::size_t width, std::size_t height, const ReadOptions& options,
                  const std::string& source);

// Throws InputError when the parts of an image do not fit each other.
void require_consistent(const Image& image);

}  // namespace xchg::image
