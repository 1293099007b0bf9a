// libpng reports errors by longjmp. It passes only frames of libpng and of the functions marked below, which
// hold nothing that needs a destructor; all that does lives in the state that they are given.
#include <png.h>

#include <array>
#include <csetjmp>
#include <cstring>
#include <new>

#include "xchg/core/error.hpp"
#include "xchg/core/image_codec.hpp"

namespace xchg::image {
namespace {

struct Failure {
  std::array<char, 200> message{};

  [[noreturn]] static void report(png_structp png, png_const_charp message) {
    auto* failure = static_cast<Failure*>(png_get_error_ptr(png));
    std::strncpy(failure->message.data(), message, failure->message.size() - 1);
    std::longjmp(png_jmpbuf(png), 1);
  }
  static void ignore(png_structp, png_const_charp) {}
};

class Decoder {
 public:
  Decoder(std::string_view file, const ReadOptions& options) : options_(options), rest_(file) {
    png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, &failure_, &Failure::report, &Failure::ignore);
    info_ = png_ == nullptr ? nullptr : png_create_info_struct(png_);
    if (info_ == nullptr) throw std::bad_alloc();
    png_set_read_fn(png_, this, [](png_structp png, png_bytep bytes, std::size_t count) {
      auto* decoder = static_cast<Decoder*>(png_get_io_ptr(png));
      if (count > decoder->rest_.size()) png_error(png, "the file is cut short");
      std::memcpy(bytes, decoder->rest_.data(), count);
      decoder->rest_.remove_prefix(count);
    });
    png_set_user_limits(png_, PNG_UINT_31_MAX, PNG_UINT_31_MAX);  // the number of pixels is checked instead
  }
  ~Decoder() { png_destroy_read_struct(&png_, &info_, nullptr); }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  Image decode(const std::string& source) {
    if (!read_header()) fail(source);
    require_size(png_get_image_width(png_, info_), png_get_image_height(png_, info_), options_, source);
    if (!choose_samples()) fail(source);
    Image image;
    image.width = png_get_image_width(png_, info_);
    image.height = png_get_image_height(png_, info_);
    image.channels = png_get_channels(png_, info_);
    image.bits = png_get_bit_depth(png_, info_);
    const std::size_t row_bytes = png_get_rowbytes(png_, info_);
    image.data.resize(row_bytes * image.height);
    std::vector<png_bytep> rows(image.height);
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = image.data.data() + i * row_bytes;
    if (!read_rows(rows.data())) fail(source);
    return image;
  }

 private:
  [[noreturn]] void fail(const std::string& source) const {
    throw InputError(std::string("damaged PNG: ") + failure_.message.data(), {source});
  }

  bool read_header() {  // may be left by longjmp
    if (setjmp(png_jmpbuf(png_)) != 0) return false;
    png_read_info(png_, info_);
    return true;
  }

  bool choose_samples() {  // may be left by longjmp
    if (setjmp(png_jmpbuf(png_)) != 0) return false;
    png_set_expand(png_);
    if (!options_.keep_16_bits) png_set_scale_16(png_);
    png_set_interlace_handling(png_);
    png_read_update_info(png_, info_);
    return true;
  }

  bool read_rows(png_bytepp rows) {  // may be left by longjmp
    if (setjmp(png_jmpbuf(png_)) != 0) return false;
    png_read_image(png_, rows);
    png_read_end(png_, nullptr);
    return true;
  }

  const ReadOptions& options_;
  std::string_view rest_;
  Failure failure_;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
};

class Encoder {
 public:
  explicit Encoder(int compression) {
    png_ = png_create_write_struct(PNG_LIBPNG_VER_STRING, &failure_, &Failure::report, &Failure::ignore);
    info_ = png_ == nullptr ? nullptr : png_create_info_struct(png_);
    if (info_ == nullptr) throw std::bad_alloc();
    png_set_write_fn(png_, this, &Encoder::append, [](png_structp) {});
    png_set_compression_level(png_, compression);
  }
  ~Encoder() { png_destroy_write_struct(&png_, &info_); }
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;

  std::string encode(const Image& image) {
    const std::size_t row_bytes = image.data.size() / image.height;
    std::vector<png_const_bytep> rows(image.height);
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = image.data.data() + i * row_bytes;
    if (!write_all(image, rows.data()))
      throw InputError(std::string("cannot write a PNG: ") + failure_.message.data());
    return std::move(file_);
  }

 private:
  static void append(png_structp png, png_bytep bytes, std::size_t count) {
    auto* encoder = static_cast<Encoder*>(png_get_io_ptr(png));
    bool fits = true;
    try {
      encoder->file_.append(reinterpret_cast<const char*>(bytes), count);
    } catch (const std::bad_alloc&) {
      fits = false;
    }
    if (!fits) png_error(png, "out of memory");
  }

  bool write_all(const Image& image, const png_const_bytep* rows) {  // may be left by longjmp
    if (setjmp(png_jmpbuf(png_)) != 0) return false;
    static constexpr int colours[] = {PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_GRAY_ALPHA, PNG_COLOR_TYPE_RGB,
                                      PNG_COLOR_TYPE_RGB_ALPHA};
    png_set_IHDR(png_, info_, static_cast<png_uint_32>(image.width), static_cast<png_uint_32>(image.height),
                 image.bits, colours[image.channels - 1], PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    png_write_info(png_, info_);
    for (std::size_t i = 0; i < image.height; ++i) png_write_row(png_, rows[i]);
    png_write_end(png_, info_);
    return true;
  }

  Failure failure_;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
  std::string file_;
};

}  // namespace

Image decode_png(std::string_view file, const ReadOptions& options, const std::string& source) {
  return Decoder(file, options).decode(source);
}

std::string encode_png(const Image& image, int compression) {
  require_consistent(image);
  if (compression < 1 || compression > 9)
    throw InputError("PNG compression " + std::to_string(compression), {}, "1 to 9");
  if (image.width > PNG_UINT_31_MAX || image.height > PNG_UINT_31_MAX)
    throw InputError("an image too large for PNG", {}, "at most 2^31 - 1 rows and columns");
  return Encoder(compression).encode(image);
}

}  // namespace xchg::image
