#include "xchg/core/image.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <png.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>

#include "xchg/core/error.hpp"
#include "xchg/core/file.hpp"
#include "xchg/core/random.hpp"

namespace xchg::image {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

Image random_image(Random& random, std::size_t channels, int bits = 8) {
  Image image{1 + random.below(40), 1 + random.below(40), channels, bits, {}};
  image.data.resize(image.width * image.height * channels * static_cast<std::size_t>(bits) / 8);
  for (std::uint8_t& byte : image.data) byte = static_cast<std::uint8_t>(random());
  return image;
}

// Smooth, as photographs are.
Image gradient(std::size_t channels) {
  Image image = Image::make(64, 48, channels);
  for (std::size_t row = 0; row < image.height; ++row) {
    for (std::size_t column = 0; column < image.width; ++column) {
      for (std::size_t channel = 0; channel < channels; ++channel)
        image.pixel(row, column)[channel] = static_cast<std::uint8_t>(2 * row + column + 20 * channel);
    }
  }
  return image;
}

std::string error_of(std::string_view file) {
  try {
    decode(file, {}, "a.img");
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

// An oracle for what the samples of a PNG are: libpng's own simplified reader, 8 bits.
std::vector<std::uint8_t> simply_decoded(std::string_view file, std::uint32_t format) {
  png_image image = {};
  image.version = PNG_IMAGE_VERSION;
  EXPECT_NE(png_image_begin_read_from_memory(&image, file.data(), file.size()), 0);
  image.format = format;
  std::vector<std::uint8_t> samples(PNG_IMAGE_SIZE(image));
  EXPECT_NE(png_image_finish_read(&image, nullptr, samples.data(), 0, nullptr), 0);
  return samples;
}

TEST(ImageProperty, PngKeepsEverySample) {
  Random random(7);
  for (int round = 0; round < 60; ++round) {
    for (std::size_t channels = 1; channels <= 4; ++channels) {
      const Image image = random_image(random, channels);
      const Image back = decode(encode_png(image, 1 + static_cast<int>(random.below(9))));
      ASSERT_EQ(back.width, image.width);
      ASSERT_EQ(back.height, image.height);
      ASSERT_EQ(back.channels, channels);
      ASSERT_EQ(back.data, image.data);
    }
  }
}

TEST(ImageProperty, PngIsReadByOthersAsWritten) {
  Random random(8);
  const std::uint32_t formats[] = {PNG_FORMAT_GRAY, PNG_FORMAT_GA, PNG_FORMAT_RGB, PNG_FORMAT_RGBA};
  for (std::size_t channels = 1; channels <= 4; ++channels) {
    const Image image = random_image(random, channels);
    EXPECT_EQ(simply_decoded(encode_png(image), formats[channels - 1]), image.data);
  }
}

TEST(Image, SixteenBitsAreKeptOnDemandAndRoundedOtherwise) {
  Random random(9);
  const Image image = random_image(random, 3, 16);
  const std::string file = encode_png(image);
  ReadOptions keep;
  keep.keep_16_bits = true;
  const Image kept = decode(file, keep);
  EXPECT_EQ(kept.bits, 16);
  EXPECT_EQ(kept.data, image.data);
  EXPECT_EQ(kept.sample(0, 0, 1), image.data[2] * 256 + image.data[3]);
  const Image rounded = decode(file);
  ASSERT_EQ(rounded.bits, 8);
  for (std::size_t i = 0; i < rounded.data.size(); ++i) {
    const double exact = (image.data[2 * i] * 256 + image.data[2 * i + 1]) / 257.0;
    EXPECT_NEAR(rounded.data[i], exact, 0.5001);
  }
}

// Palette with transparency, 1 bit, interlaced: written here by libpng.
std::string palette_png() {
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  std::string file;
  png_set_write_fn(
      png, &file,
      [](png_structp p, png_bytep bytes, std::size_t count) {
        static_cast<std::string*>(png_get_io_ptr(p))->append(reinterpret_cast<char*>(bytes), count);
      },
      nullptr);
  png_set_IHDR(png, info, 3, 2, 1, PNG_COLOR_TYPE_PALETTE, PNG_INTERLACE_ADAM7, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  const png_color palette[] = {{10, 20, 30}, {200, 210, 220}};
  png_set_PLTE(png, info, palette, 2);
  const png_byte alpha[] = {128};
  png_set_tRNS(png, info, alpha, 1, nullptr);
  png_write_info(png, info);
  png_byte first[] = {0b01000000}, second[] = {0b10100000};
  png_bytep rows[] = {first, second};
  png_write_image(png, rows);
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  return file;
}

TEST(Image, PalettesBitsAndInterlaceAreExpanded) {
  const Image image = decode(palette_png());
  ASSERT_EQ(image.channels, 4U);
  EXPECT_THAT(image.pixel(0, 0), testing::ElementsAre(10, 20, 30, 128));
  EXPECT_THAT(image.pixel(0, 1), testing::ElementsAre(200, 210, 220, 255));
  EXPECT_THAT(image.pixel(1, 2), testing::ElementsAre(200, 210, 220, 255));
}

TEST(Image, JpegComesBackClose) {
  for (const std::size_t channels : std::vector<std::size_t>{1, 3}) {
    const Image image = gradient(channels);
    const std::string fine = encode_jpeg(image, 95);
    const Image back = decode(fine);
    ASSERT_EQ(back.data.size(), image.data.size());
    double error = 0;
    for (std::size_t i = 0; i < image.data.size(); ++i) error += std::abs(back.data[i] - image.data[i]);
    EXPECT_LT(error / static_cast<double>(image.data.size()), 3);
    EXPECT_LT(encode_jpeg(image, 20).size(), fine.size());
  }
}

TEST(Image, TheSameImageGivesTheSameBytes) {
  EXPECT_EQ(encode_png(gradient(3)), encode_png(gradient(3)));
  EXPECT_EQ(encode_jpeg(gradient(3)), encode_jpeg(gradient(3)));
}

TEST(Image, WhatIsNoImageIsRefused) {
  EXPECT_EQ(error_of("GIF89a"), "a.img: is neither PNG nor JPEG; expected a PNG or JPEG image");
  EXPECT_THAT(error_of(""), HasSubstr("a.img: is empty"));
}

TEST(ImageProperty, EveryCutOfAPngIsRefused) {
  const std::string file = encode_png(gradient(3));
  for (std::size_t size = 0; size < file.size(); ++size)
    ASSERT_NE(error_of(file.substr(0, size)), "no error") << size;
  EXPECT_THAT(error_of(file.substr(0, file.size() / 2)),
              HasSubstr("a.img: damaged PNG: the file is cut short"));
}

TEST(ImageProperty, EveryCutOfAJpegIsRefused) {
  const std::string file = encode_jpeg(gradient(3));
  for (std::size_t size = 0; size < file.size(); ++size)
    ASSERT_NE(error_of(file.substr(0, size)), "no error") << size;
  EXPECT_THAT(error_of(file.substr(0, file.size() / 2)), HasSubstr("a.img: damaged JPEG: Premature end"));
}

TEST(ImageProperty, AFlippedBitInAPngIsNeverPassedOver) {
  const Image image = gradient(1);
  const std::string file = encode_png(image);
  for (std::size_t i = 0; i < file.size(); ++i) {
    std::string damaged = file;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
    try {
      EXPECT_EQ(decode(damaged).data, image.data) << i;  // in a part that carries no sample
    } catch (const Error&) {
    }
  }
}

TEST(Image, AGiantImageIsALimitBeforeMemoryIsTaken) {
  std::string file = encode_png(gradient(1));
  ReadOptions small;
  small.most_pixels = 64 * 48 - 1;
  EXPECT_THROW(decode(file, small), LimitError);
  EXPECT_THROW(decode(encode_jpeg(gradient(1)), small), LimitError);
  small.most_pixels = 64 * 48;
  EXPECT_EQ(decode(file, small).width, 64U);
}

TEST(Image, ImpossibleImagesAndOptionsAreRefused) {
  Image image = gradient(3);
  EXPECT_THROW(encode_png(image, 0), InputError);
  EXPECT_THROW(encode_jpeg(image, 101), InputError);
  EXPECT_THROW(encode_jpeg(gradient(4)), InputError);
  image.data.pop_back();
  EXPECT_THROW(encode_png(image), InputError);
  EXPECT_THROW(Image::make(0, 1, 1), InputError);
  EXPECT_THROW(Image::make(1, 1, 5), InputError);
}

TEST(Image, FilesAreWrittenByEndingAndReadByContent) {
  const fs::path folder = fs::temp_directory_path() / ("xchg-image-test-" + std::to_string(::getpid()));
  fs::create_directory(folder);
  write(folder / "a.PNG", gradient(3));
  write(folder / "b.jpeg", gradient(3));
  fs::rename(folder / "a.PNG", folder / "a.jpg");
  EXPECT_EQ(read(folder / "a.jpg").data, gradient(3).data);
  EXPECT_EQ(read(folder / "b.jpeg").width, 64U);
  EXPECT_THROW(write(folder / "c.gif", gradient(3)), InputError);
  file::write_atomically(folder / "bad.png", file::read(folder / "a.jpg").substr(0, 100));
  try {
    read(folder / "bad.png");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr((folder / "bad.png").string() + ": damaged PNG"));
  }
  fs::remove_all(folder);
}

}  // namespace
}  // namespace xchg::image
