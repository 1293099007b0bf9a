// Arrays as NumPy's NPY files, versions 1 to 3 (format: numpy.lib.format in NumPy's documentation).
//
// Element types: bool, signed and unsigned integers of 8 to 64 bits, float32, float64. Any rank up to 64,
// both byte orders, both memory orders. Every error is an InputError that names the file.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "xchg/core/file.hpp"

namespace xchg::npy {

static_assert(std::endian::native == std::endian::little, "arrays are kept little-endian");

// The element types that are read; others (complex, text, objects) are an InputError.
enum class Type { Bool, Int8, Int16, Int32, Int64, UInt8, UInt16, UInt32, UInt64, Float32, Float64 };

// Bytes of one element.
std::size_t size_of(Type type);
// As NumPy calls it: "float64".
std::string_view name(Type type);

// The Type of a C++ element.
template <class T>
constexpr Type type_of() {
  static_assert(std::is_arithmetic_v<T> && sizeof(T) <= 8, "no NPY element");
  if constexpr (std::is_same_v<T, bool>) return Type::Bool;
  if constexpr (std::is_floating_point_v<T>) return sizeof(T) == 4 ? Type::Float32 : Type::Float64;
  constexpr int first = static_cast<int>(std::is_signed_v<T> ? Type::Int8 : Type::UInt8);
  return static_cast<Type>(first + std::countr_zero(sizeof(T)));
}

// What the beginning of a file says.
struct Header {
  Type type = Type::Float64;
  bool big_endian = false;
  bool fortran_order = false;
  std::vector<std::size_t> shape;  // empty: one number
  std::size_t data_offset = 0;     // where the elements begin in the file

  std::size_t count() const;  // of elements
};

// Reads the header of a whole file and checks that the file is as long as it says.
Header parse_header(std::span<const std::byte> file, const std::string& source);

// An array in memory: elements in C (row-major) order, little-endian.
class Array {
 public:
  Array() = default;

  // A copy of the values. Throws InputError when they are not as many as the shape says.
  template <class T>
  static Array from(std::span<const T> values, std::vector<std::size_t> shape) {
    return Array(type_of<T>(), std::move(shape), std::as_bytes(values));
  }

  Type type() const { return type_; }
  const std::vector<std::size_t>& shape() const { return shape_; }
  std::size_t count() const { return bytes_.size() / size_of(type_); }
  std::span<const std::byte> bytes() const { return bytes_; }

  // The elements. Throws InputError when they are not of type T.
  template <class T>
  std::span<const T> values() const {
    require(type_of<T>());
    return {reinterpret_cast<const T*>(bytes_.data()), count()};
  }

  // The elements as doubles, whatever they are; integers beyond 2^53 are rounded.
  std::vector<double> as_doubles() const;

 private:
  friend Array parse(std::span<const std::byte> file, std::string source);
  Array(Type type, std::vector<std::size_t> shape, std::span<const std::byte> bytes);
  void require(Type type) const;

  Type type_ = Type::Float64;
  std::vector<std::size_t> shape_ = {0};
  std::vector<std::byte> bytes_;
  std::string source_ = "array";
};

// Reads an array; "-" is standard input. Big-endian elements and Fortran order are converted.
Array read(const std::filesystem::path& path);
// The same from a file in memory; `source` names it in messages.
Array parse(std::span<const std::byte> file, std::string source = "array");

// Writes an array, atomically (see file::write_atomically for the errors).
void write(const std::filesystem::path& path, const Array& array);
// The file as bytes.
std::string format(const Array& array);

// What comes before the elements, in C order, of a file that the caller writes piece by piece.
std::string format_header(Type type, std::span<const std::size_t> shape);

// An array mapped from a file, read-only. Big-endian elements and misaligned data are InputErrors, since they
// cannot be used as they lie; read() takes them. In which order they lie, header() says.
class MappedArray {
 public:
  explicit MappedArray(const std::filesystem::path& path);

  const Header& header() const { return header_; }
  std::size_t count() const { return header_.count(); }

  template <class T>
  std::span<const T> values() const {
    require(type_of<T>());
    return {reinterpret_cast<const T*>(file_.bytes().data() + header_.data_offset), count()};
  }

 private:
  void require(Type type) const;

  std::string source_;
  file::Mapped file_;
  Header header_;
};

}  // namespace xchg::npy
