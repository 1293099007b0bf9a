#include "xchg/core/npy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>

#include "xchg/core/error.hpp"
#include "xchg/core/random.hpp"

namespace xchg::npy {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::HasSubstr;

std::span<const std::byte> bytes(std::string_view text) { return std::as_bytes(std::span(text)); }

// A file of version 1 with this dictionary, padded as NumPy does, and these elements.
std::string file_with(std::string dictionary, std::string_view elements, int version = 1) {
  const std::size_t prefix = version == 1 ? 10 : 12;
  dictionary.append(63 - (prefix + dictionary.size()) % 64, ' ');
  dictionary += '\n';
  std::string file("\x93NUMPY", 6);
  file += static_cast<char>(version);
  file += '\0';
  file += static_cast<char>(dictionary.size() & 0xFF);
  file += static_cast<char>(dictionary.size() >> 8);
  if (version > 1) file.append(2, '\0');
  return file + dictionary + std::string(elements);
}

std::string error_of(std::string_view file) {
  try {
    parse(bytes(file), "a.npy");
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

// The four files below are byte for byte what numpy.save of NumPy 1.24 writes.
TEST(Npy, ReadsBigEndianIntegersThatNumPyWrote) {
  const Array array =
      parse(bytes(file_with("{'descr': '>i2', 'fortran_order': False, 'shape': (2, 3), }",
                            std::string_view("\x00\x00\x00\x01\x00\x02\x00\x03\x00\x04\x00\x05", 12))));
  EXPECT_THAT(array.shape(), ElementsAre(2, 3));
  EXPECT_THAT(array.values<std::int16_t>(), ElementsAre(0, 1, 2, 3, 4, 5));
}

TEST(Npy, ReadsFortranOrderThatNumPyWrote) {
  const std::string_view elements("\0\0\0\0\0\0@@\0\0\x80?\0\0\x80@\0\0\0@\0\0\xa0@", 24);
  const Array array =
      parse(bytes(file_with("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }", elements)));
  EXPECT_THAT(array.values<float>(), ElementsAre(0, 1, 2, 3, 4, 5));
}

TEST(Npy, ReadsANumberWithoutDimensionsThatNumPyWrote) {
  const Array array = parse(bytes(file_with("{'descr': '<f8', 'fortran_order': False, 'shape': (), }",
                                            std::string_view("\0\0\0\0\0\0\xf8?", 8))));
  EXPECT_TRUE(array.shape().empty());
  EXPECT_THAT(array.values<double>(), ElementsAre(1.5));
}

TEST(Npy, WritesTheBytesThatNumPyWrites) {
  const bool values[] = {true, false};
  EXPECT_EQ(
      format(Array::from(std::span<const bool>(values), {2})),
      file_with("{'descr': '|b1', 'fortran_order': False, 'shape': (2,), }", std::string_view("\1\0", 2)));
}

TEST(Npy, ReadsVersionsTwoAndThreeAndAnyOrderOfKeys) {
  for (const int version : {2, 3}) {
    const Array array = parse(
        bytes(file_with("{ \"shape\":(2L,),'fortran_order':False , 'descr':'|u1'}", "\x05\xFF", version)));
    EXPECT_THAT(array.values<std::uint8_t>(), ElementsAre(5, 255));
  }
}

TEST(Npy, DamagedHeadersAreNamed) {
  const std::string good = file_with("{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }", "ab");
  EXPECT_EQ(error_of(good), "no error");
  EXPECT_EQ(error_of("PK\3\4"), "a.npy: is no NPY file; expected a file that numpy.save wrote");
  EXPECT_THAT(error_of(good.substr(0, 8)),
              HasSubstr("a.npy: ends in its header, after 8 bytes; expected at least 10"));
  EXPECT_THAT(error_of(good.substr(0, 60)), HasSubstr("ends in its header, after 60 bytes"));
  std::string version = good;
  version[6] = 4;
  EXPECT_THAT(error_of(version), HasSubstr("is of NPY version 4.0; expected 1.0, 2.0 or 3.0"));
  for (const std::string dictionary :
       {"", "{}", "{'descr': '|u1', 'fortran_order': False}",
        "{'descr': '|u1', 'fortran_order': 0, 'shape': (2,)}",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (2)}",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (-2,)}",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (2 1)}",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (2,",
        "{'descr': '|u1', 'descr': '|u1', 'fortran_order': False, 'shape': (2,)}",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), 'x': 1}",
        "{'descr': '|u1' 'fortran_order': False, 'shape': (2,)}",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (2,)} x",
        "{'descr: '|u1', 'fortran_order': False, 'shape': (2,)}"}) {
    EXPECT_THAT(error_of(file_with(dictionary, "ab")), HasSubstr("a.npy: damaged NPY header: "))
        << dictionary;
  }
}

TEST(Npy, TypesThatAreNotNumbersAreRefusedByName) {
  const auto with_type = [](const std::string& type) {
    return error_of(
        file_with("{'descr': " + type + ", 'fortran_order': False, 'shape': (1,), }", "12345678"));
  };
  EXPECT_THAT(with_type("'|O'"), HasSubstr("holds Python objects, which are never loaded"));
  EXPECT_THAT(with_type("[('x', '<f8')]"), HasSubstr("holds records"));
  EXPECT_THAT(with_type("'<c8'"), HasSubstr("holds elements of type '<c8'; expected bool"));
  EXPECT_THAT(with_type("'|f8'"), HasSubstr("holds elements of type '|f8'"));
  EXPECT_THAT(with_type("'<U2'"), HasSubstr("holds elements of type '<U2'"));
}

TEST(Npy, SizesThatLieAreNamedWithBothAndTakeNoMemory) {
  const auto with_shape = [](const std::string& shape) {
    return error_of(
        file_with("{'descr': '<f8', 'fortran_order': False, 'shape': " + shape + ", }", "12345678"));
  };
  EXPECT_EQ(with_shape("(2,)"),
            "a.npy: is cut short: holds 8 bytes of elements; expected 16 for float64 of shape (2,)");
  EXPECT_EQ(
      with_shape("(0, 3)"),
      "a.npy: has bytes after its end: holds 8 bytes of elements; expected 0 for float64 of shape (0, 3)");
  EXPECT_THAT(with_shape("(4294967296, 4294967296)"),
              HasSubstr("expected an array that fits an address space"));
  EXPECT_THAT(with_shape("(1152921504606846976,)"), HasSubstr("is cut short"));
  EXPECT_THAT(with_shape("(99999999999999999999,)"), HasSubstr("a dimension is no number that fits"));
}

TEST(Npy, BytesOtherThanZeroAndOneAreNoTruthValues) {
  EXPECT_THAT(error_of(file_with("{'descr': '|b1', 'fortran_order': False, 'shape': (2,), }", "\1\2")),
              HasSubstr("element 1 is the byte 2; expected 0 or 1"));
}

TEST(Npy, TheTypeAskedForMustBeTheOneThere) {
  const Array array = Array::from(std::span<const float>(), {0});
  EXPECT_EQ(array.values<float>().size(), 0U);
  EXPECT_THROW(array.values<double>(), InputError);
  const std::vector<int> values = {1, 2, 3};
  EXPECT_THROW(Array::from(std::span<const int>(values), {2, 2}), InputError);
}

TEST(Npy, EveryTypeBecomesDoubles) {
  const std::vector<std::int64_t> wide = {-5, 1LL << 40};
  EXPECT_THAT(Array::from(std::span<const std::int64_t>(wide), {2}).as_doubles(), ElementsAre(-5, 0x1p40));
  const std::vector<std::uint8_t> narrow = {0, 255};
  EXPECT_THAT(Array::from(std::span<const std::uint8_t>(narrow), {2}).as_doubles(), ElementsAre(0, 255));
  const std::vector<float> floats = {0.5F};
  EXPECT_THAT(Array::from(std::span<const float>(floats), {1}).as_doubles(), ElementsAre(0.5));
}

std::vector<std::size_t> random_shape(Random& random) {
  std::vector<std::size_t> shape(random.below(5));
  for (std::size_t& dimension : shape) dimension = random.below(6);
  return shape;
}

template <class T>
void round_trip(Random& random) {
  const std::vector<std::size_t> shape = random_shape(random);
  std::size_t count = 1;
  for (const std::size_t dimension : shape) count *= dimension;
  std::vector<T> values(count);
  for (T& value : values) value = static_cast<T>(random());
  const Array array = Array::from(std::span<const T>(values), shape);
  const std::string file = format(array);
  const Array back = parse(bytes(file));
  EXPECT_EQ(back.shape(), shape);
  EXPECT_THAT(back.values<T>(), ElementsAreArray(values));
  // The same array as a big-endian file in Fortran order, made element by element.
  std::string header(parse_header(bytes(file), "a").data_offset, '\0');
  std::copy_n(file.begin(), header.size(), header.begin());
  if (sizeof(T) > 1) header.replace(header.find("'<"), 2, "'>");
  header.replace(header.find("False, "), 7, "True , ");
  std::string elements(values.size() * sizeof(T), '\0');
  for (std::size_t position = 0; position < count; ++position) {
    std::size_t rest = position, fortran = 0, stride = 1;
    std::vector<std::size_t> index(shape.size());
    for (std::size_t axis = shape.size(); axis-- > 0;) {
      index[axis] = rest % shape[axis];
      rest /= shape[axis];
    }
    for (std::size_t axis = 0; axis < shape.size(); ++axis) {
      fortran += index[axis] * stride;
      stride *= shape[axis];
    }
    char* place = elements.data() + fortran * sizeof(T);
    std::memcpy(place, &values[position], sizeof(T));
    std::reverse(place, place + sizeof(T));
  }
  EXPECT_THAT(parse(bytes(header + elements)).values<T>(), ElementsAreArray(values));
}

TEST(NpyProperty, RandomArraysComeBackInEveryOrder) {
  Random random(4);
  for (int round = 0; round < 100; ++round) {
    round_trip<std::int8_t>(random);
    round_trip<std::uint16_t>(random);
    round_trip<std::int32_t>(random);
    round_trip<std::uint64_t>(random);
    round_trip<std::int64_t>(random);
    round_trip<float>(random);
    round_trip<double>(random);
  }
}

TEST(NpyProperty, EveryShorterFileIsRefused) {
  const std::vector<double> values = {1, 2, 3};
  const std::string file = format(Array::from(std::span<const double>(values), {3}));
  for (std::size_t size = 0; size < file.size(); ++size) {
    // Only the text of the error differs; memory is of the size given, so that a sanitizer sees any overrun.
    const std::vector<char> cut(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_THROW(parse(std::as_bytes(std::span(cut))), InputError) << size;
  }
}

class NpyFileTest : public testing::Test {
 protected:
  ~NpyFileTest() override { fs::remove(path); }
  fs::path path = fs::temp_directory_path() / ("xchg-npy-test-" + std::to_string(::getpid()) + ".npy");
};

TEST_F(NpyFileTest, WrittenFilesAreReadAndMapped) {
  const std::vector<double> values = {1, 2, 3, 4, 5, 6};
  write(path, Array::from(std::span<const double>(values), {2, 3}));
  EXPECT_THAT(read(path).values<double>(), ElementsAreArray(values));
  const MappedArray mapped(path);
  EXPECT_THAT(mapped.header().shape, ElementsAre(2, 3));
  EXPECT_THAT(mapped.values<double>(), ElementsAreArray(values));
  EXPECT_THROW(mapped.values<float>(), InputError);
}

TEST_F(NpyFileTest, MappingRefusesWhatCannotBeUsedAsItLies) {
  file::write_atomically(path,
                         file_with("{'descr': '>f8', 'fortran_order': False, 'shape': (1,), }", "12345678"));
  EXPECT_THROW(MappedArray{path}, InputError);
  EXPECT_EQ(read(path).count(), 1U);
  std::string odd("\x93NUMPY\1\0", 8);
  const std::string dictionary = "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }\n";
  odd += static_cast<char>(dictionary.size());
  odd += '\0';
  file::write_atomically(path, odd + dictionary + "12345678");
  EXPECT_THROW(MappedArray{path}, InputError);
  EXPECT_EQ(read(path).count(), 1U);
  file::write_atomically(path,
                         file_with("{'descr': '<f4', 'fortran_order': True, 'shape': (1, 2), }", "12345678"));
  EXPECT_TRUE(MappedArray(path).header().fortran_order);
}

}  // namespace
}  // namespace xchg::npy
