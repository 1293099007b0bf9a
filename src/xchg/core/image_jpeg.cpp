// libjpeg reports errors by longjmp. It passes only frames of libjpeg and of the functions marked below,
// which hold nothing that needs a destructor; all that does lives in the state that they are given.
#include <array>
#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <utility>

// After <cstdio>, which they need.
#include <jerror.h>
#include <jpeglib.h>

#include "xchg/core/error.hpp"
#include "xchg/core/image_codec.hpp"

namespace xchg::image {
namespace {

constexpr int most_scans = 500;  // of a progressive file: each costs a pass over the whole image

struct ErrorManager : jpeg_error_mgr {
  std::jmp_buf escape;
  std::array<char, JMSG_LENGTH_MAX> message{};

  static void report(j_common_ptr info) {
    auto* self = static_cast<ErrorManager*>(info->err);
    self->format_message(info, self->message.data());
    std::longjmp(self->escape, 1);
  }

  // Level -1 is damage that libjpeg would paint over. What is harmless passes.
  static void warn(j_common_ptr info, int level) {
    const int code = info->err->msg_code;
    const bool harmless = code == JWRN_EXTRANEOUS_DATA || code == JWRN_ADOBE_XFORM || code == JWRN_JFIF_MAJOR;
    if (level < 0 && !harmless) report(info);
  }

  void install(jpeg_error_mgr** place) {
    *place = jpeg_std_error(this);
    error_exit = &report;
    emit_message = &warn;
    output_message = [](j_common_ptr) {};
  }
};

class Decoder {
 public:
  explicit Decoder(std::string_view file) : file_(file) {
    errors_.install(&info_.err);
    progress_.progress_monitor = [](j_common_ptr info) {
      auto* decompress = reinterpret_cast<j_decompress_ptr>(info);
      if (decompress->input_scan_number > most_scans) ERREXIT(info, JERR_BAD_PROGRESSION);
    };
  }
  ~Decoder() { jpeg_destroy_decompress(&info_); }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  Image decode(const ReadOptions& options, const std::string& source) {
    if (!read_header()) fail(source);
    require_size(info_.image_width, info_.image_height, options, source);
    if (info_.num_components > 3)
      throw InputError("a JPEG image in CMYK", {source}, "grey or RGB; convert it first");
    info_.out_color_space = info_.num_components == 1 ? JCS_GRAYSCALE : JCS_RGB;
    if (!start()) fail(source);
    Image image = Image::make(info_.output_width, info_.output_height,
                              static_cast<std::size_t>(info_.output_components));
    if (!read_rows(image.data.data(), image.width * image.channels)) fail(source);
    return image;
  }

 private:
  [[noreturn]] void fail(const std::string& source) const {
    throw InputError(std::string("damaged JPEG: ") + errors_.message.data(), {source});
  }

  bool read_header() {  // may be left by longjmp
    if (setjmp(errors_.escape) != 0) return false;
    jpeg_create_decompress(&info_);
    info_.progress = &progress_;
    jpeg_mem_src(&info_, reinterpret_cast<const unsigned char*>(file_.data()),
                 static_cast<unsigned long>(file_.size()));
    jpeg_read_header(&info_, TRUE);
    return true;
  }

  bool start() {  // may be left by longjmp
    if (setjmp(errors_.escape) != 0) return false;
    jpeg_start_decompress(&info_);
    return true;
  }

  bool read_rows(std::uint8_t* pixels, std::size_t row_bytes) {  // may be left by longjmp
    if (setjmp(errors_.escape) != 0) return false;
    while (info_.output_scanline < info_.output_height) {
      JSAMPROW row = pixels + info_.output_scanline * row_bytes;
      jpeg_read_scanlines(&info_, &row, 1);
    }
    jpeg_finish_decompress(&info_);
    return true;
  }

  std::string_view file_;
  ErrorManager errors_;
  jpeg_progress_mgr progress_ = {};
  jpeg_decompress_struct info_ = {};
};

class Encoder {
 public:
  Encoder() { errors_.install(&info_.err); }
  ~Encoder() {
    jpeg_destroy_compress(&info_);
    std::free(buffer_);  // allocated by libjpeg
  }
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;

  std::string encode(const Image& image, int quality) {
    if (!write_all(image, quality))
      throw InputError(std::string("cannot write a JPEG: ") + errors_.message.data());
    return {reinterpret_cast<const char*>(buffer_), size_};
  }

 private:
  bool write_all(const Image& image, int quality) {  // may be left by longjmp
    if (setjmp(errors_.escape) != 0) return false;
    jpeg_create_compress(&info_);
    jpeg_mem_dest(&info_, &buffer_, &size_);
    info_.image_width = static_cast<JDIMENSION>(image.width);
    info_.image_height = static_cast<JDIMENSION>(image.height);
    info_.input_components = static_cast<int>(image.channels);
    info_.in_color_space = image.channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(&info_);
    jpeg_set_quality(&info_, quality, TRUE);
    info_.optimize_coding = TRUE;
    jpeg_start_compress(&info_, TRUE);
    while (info_.next_scanline < info_.image_height) {
      // libjpeg only reads from it; its type lacks the const.
      auto* row =
          const_cast<JSAMPROW>(image.data.data() + info_.next_scanline * image.width * image.channels);
      jpeg_write_scanlines(&info_, &row, 1);
    }
    jpeg_finish_compress(&info_);
    return true;
  }

  ErrorManager errors_;
  jpeg_compress_struct info_ = {};
  unsigned char* buffer_ = nullptr;
  unsigned long size_ = 0;
};

}  // namespace

Image decode_jpeg(std::string_view file, const ReadOptions& options, const std::string& source) {
  return Decoder(file).decode(options, source);
}

std::string encode_jpeg(const Image& image, int quality) {
  require_consistent(image);
  if (image.bits != 8 || (image.channels != 1 && image.channels != 3))
    throw InputError("an image with alpha or 16 bits as JPEG", {}, "8-bit grey or RGB, or PNG");
  if (quality < 1 || quality > 100)
    throw InputError("JPEG quality " + std::to_string(quality), {}, "1 to 100");
  if (image.width > JPEG_MAX_DIMENSION || image.height > JPEG_MAX_DIMENSION)
    throw InputError("an image too large for JPEG", {}, "at most 65500 rows and columns");
  return Encoder().encode(image, quality);
}

}  // namespace xchg::image
