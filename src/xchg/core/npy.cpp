#include "xchg/core/npy.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>
#include <utility>

#include "xchg/core/error.hpp"
#include "xchg/core/text.hpp"

namespace xchg::npy {
namespace {

constexpr std::string_view magic("\x93NUMPY", 6);
constexpr std::size_t most_dimensions = 64;  // as NumPy 2
constexpr std::size_t alignment = 64;        // of the elements in files that we write

struct TypeFacts {
  std::string_view code;
  std::string_view name;
  std::size_t size;
};

constexpr std::array<TypeFacts, 11> facts = {{{"b1", "bool", 1},
                                              {"i1", "int8", 1},
                                              {"i2", "int16", 2},
                                              {"i4", "int32", 4},
                                              {"i8", "int64", 8},
                                              {"u1", "uint8", 1},
                                              {"u2", "uint16", 2},
                                              {"u4", "uint32", 4},
                                              {"u8", "uint64", 8},
                                              {"f4", "float32", 4},
                                              {"f8", "float64", 8}}};

const TypeFacts& facts_of(Type type) { return facts[static_cast<std::size_t>(type)]; }

std::string_view as_text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// The product, or nothing if it does not fit. No dimension counts when one of them is 0.
std::optional<std::size_t> product(std::span<const std::size_t> shape, std::size_t size) {
  if (std::find(shape.begin(), shape.end(), 0U) != shape.end()) return 0;
  for (const std::size_t dimension : shape) {
    if (size > std::numeric_limits<std::size_t>::max() / dimension) return std::nullopt;
    size *= dimension;
  }
  return size;
}

std::string shape_text(std::span<const std::size_t> shape) {
  std::string text = "(";
  for (std::size_t i = 0; i < shape.size(); ++i) text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
  return text + (shape.size() == 1 ? ",)" : ")");
}

// The dictionary of a header: a Python literal with exactly three keys.
class DictionaryParser {
 public:
  DictionaryParser(std::string_view text, const std::string& source) : text_(text), source_(source) {}

  void parse(Header& header) {
    bool have_type = false, have_order = false, have_shape = false;
    take('{', "a dictionary");
    while (!accept('}')) {
      const std::string_view key = quoted();
      take(':', "':' after a key");
      if (key == "descr" && !std::exchange(have_type, true)) {
        parse_type(header);
      } else if (key == "fortran_order" && !std::exchange(have_order, true)) {
        header.fortran_order = boolean();
      } else if (key == "shape" && !std::exchange(have_shape, true)) {
        header.shape = shape();
      } else {
        fail("unknown or repeated key '" + std::string(key) + "'",
             "descr, fortran_order and shape, each once");
      }
      if (!accept(',')) {
        take('}', "',' or '}' after a value");
        break;
      }
    }
    if (!have_type || !have_order || !have_shape)
      fail("a key is missing", "descr, fortran_order and shape, each once");
    skip_space();
    if (!text_.empty()) fail("text after the dictionary", "spaces and a line end");
  }

 private:
  [[noreturn]] void fail(const std::string& problem, const std::string& expected) const {
    throw InputError("damaged NPY header: " + problem, {source_}, expected);
  }

  void skip_space() {
    const std::size_t next = std::min(text_.find_first_not_of(" \n\r\t"), text_.size());
    text_.remove_prefix(next);
  }

  bool accept(char c) {
    skip_space();
    if (!text_.starts_with(c)) return false;
    text_.remove_prefix(1);
    return true;
  }

  void take(char c, const char* expected) {
    if (!accept(c)) fail("unexpected text", expected);
  }

  bool accept_word(std::string_view word) {
    skip_space();
    if (!text_.starts_with(word)) return false;
    text_.remove_prefix(word.size());
    return true;
  }

  std::string_view quoted() {
    const char quote = accept('\'') ? '\'' : '"';
    if (quote == '"') take('"', "a quoted word");
    const std::size_t end = text_.find(quote);
    if (end == std::string_view::npos) fail("a quote is not closed", "a quoted word");
    const std::string_view word = text_.substr(0, end);
    if (std::any_of(word.begin(), word.end(), [](char c) { return c < ' ' || c > '~' || c == '\\'; }))
      fail("a word with strange characters", "plain text");
    text_.remove_prefix(end + 1);
    return word;
  }

  bool boolean() {
    if (accept_word("True")) return true;
    if (!accept_word("False")) fail("fortran_order is no truth value", "True or False");
    return false;
  }

  void parse_type(Header& header) {
    static constexpr const char* known = "bool, int8 to int64, uint8 to uint64, float32 or float64";
    skip_space();
    if (text_.starts_with('[')) throw InputError("holds records (a structured array)", {source_}, known);
    const std::string_view word = quoted();
    if (word == "|O" || word == "O")
      throw InputError("holds Python objects, which are never loaded", {source_}, known);
    const char order = word.empty() ? ' ' : word.front();
    const std::string_view code = word.substr(std::min<std::size_t>(1, word.size()));
    const auto found =
        std::find_if(facts.begin(), facts.end(), [&](const TypeFacts& fact) { return fact.code == code; });
    const bool ordered = order == '<' || order == '>' || order == '=';
    if (found == facts.end() || !(ordered || (order == '|' && found->size == 1)))
      throw InputError("holds elements of type '" + std::string(word) + "'", {source_}, known);
    header.type = static_cast<Type>(found - facts.begin());
    header.big_endian = order == '>' && found->size > 1;
  }

  std::vector<std::size_t> shape() {
    std::vector<std::size_t> result;
    take('(', "the shape as a tuple");
    bool comma = true;
    while (!accept(')')) {
      if (!comma) fail("no ',' between dimensions", "the shape as a tuple");
      std::size_t dimension = 0;
      skip_space();
      const auto [end, status] = std::from_chars(text_.data(), text_.data() + text_.size(), dimension);
      if (status != std::errc()) fail("a dimension is no number that fits", "whole numbers from 0");
      text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
      accept('L');  // Python 2 wrote long integers like this
      result.push_back(dimension);
      if (result.size() > most_dimensions) fail("too many dimensions", "at most 64");
      comma = accept(',');
    }
    if (result.size() == 1 && !comma) fail("the shape is no tuple", "'(n,)' for one dimension");
    return result;
  }

  std::string_view text_;
  const std::string& source_;
};

// Where the dictionary is: its offset and length.
std::pair<std::size_t, std::size_t> dictionary_place(std::string_view file, const std::string& source) {
  if (!file.starts_with(magic)) throw InputError("is no NPY file", {source}, "a file that numpy.save wrote");
  const auto byte = [&](std::size_t i) { return std::size_t{static_cast<unsigned char>(file[i])}; };
  const auto require = [&](std::size_t size) {
    if (file.size() >= size) return;
    throw InputError("ends in its header, after " + std::to_string(file.size()) + " bytes", {source},
                     "at least " + std::to_string(size));
  };
  require(10);
  const std::size_t version = byte(6);
  if (version < 1 || version > 3 || byte(7) != 0) {
    throw InputError("is of NPY version " + std::to_string(version) + "." + std::to_string(byte(7)), {source},
                     "1.0, 2.0 or 3.0");
  }
  std::size_t offset = 10, length = byte(8) | byte(9) << 8;
  if (version > 1) {
    require(12);
    offset = 12;
    length |= byte(10) << 16 | byte(11) << 24;
  }
  require(offset + length);
  return {offset, length};
}

void reverse_elements(std::span<std::byte> bytes, std::size_t size) {
  for (std::size_t i = 0; i < bytes.size(); i += size)
    std::reverse(bytes.begin() + static_cast<std::ptrdiff_t>(i),
                 bytes.begin() + static_cast<std::ptrdiff_t>(i + size));
}

// From Fortran order (first index fastest) to C order (last index fastest).
std::vector<std::byte> to_c_order(std::span<const std::byte> source, std::span<const std::size_t> shape,
                                  std::size_t size) {
  std::vector<std::byte> result(source.size());
  std::vector<std::size_t> strides(shape.size()), index(shape.size(), 0);
  std::size_t stride = size;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    strides[i] = stride;
    stride *= shape[i];
  }
  std::size_t from = 0;
  for (std::size_t to = 0; to < result.size(); to += size) {
    std::memcpy(result.data() + to, source.data() + from, size);
    for (std::size_t axis = shape.size(); axis-- > 0;) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return result;
}

void require_truth_values(Type type, std::span<const std::byte> bytes, const std::string& source) {
  if (type != Type::Bool) return;
  const auto wrong = std::find_if(bytes.begin(), bytes.end(), [](std::byte b) { return b > std::byte{1}; });
  if (wrong == bytes.end()) return;
  throw InputError("element " + std::to_string(wrong - bytes.begin()) + " is the byte " +
                       std::to_string(std::to_integer<int>(*wrong)),
                   {source}, "0 or 1 in an array of bool");
}

void require_type(Type found, Type wanted, const std::string& source) {
  if (found == wanted) return;
  throw InputError("holds " + std::string(name(found)), {source}, std::string(name(wanted)));
}

}  // namespace

std::size_t size_of(Type type) { return facts_of(type).size; }
std::string_view name(Type type) { return facts_of(type).name; }

std::size_t Header::count() const { return product(shape, 1).value_or(0); }

Header parse_header(std::span<const std::byte> file, const std::string& source) {
  const auto [offset, length] = dictionary_place(as_text(file), source);
  Header header;
  DictionaryParser(as_text(file).substr(offset, length), source).parse(header);
  header.data_offset = offset + length;
  const std::optional<std::size_t> claimed = product(header.shape, size_of(header.type));
  const std::string array = std::string(name(header.type)) + " of shape " + shape_text(header.shape);
  if (!claimed) throw InputError("claims " + array, {source}, "an array that fits an address space");
  const std::size_t present = file.size() - header.data_offset;
  if (present != *claimed) {
    throw InputError(std::string(present < *claimed ? "is cut short" : "has bytes after its end") +
                         ": holds " + std::to_string(present) + " bytes of elements",
                     {source}, std::to_string(*claimed) + " for " + array);
  }
  return header;
}

Array::Array(Type type, std::vector<std::size_t> shape, std::span<const std::byte> bytes)
    : type_(type), shape_(std::move(shape)), bytes_(bytes.begin(), bytes.end()) {
  if (product(shape_, size_of(type_)) != bytes_.size())
    throw InputError("an array has " + std::to_string(count()) + " elements", {},
                     "as many as its shape " + shape_text(shape_) + " says");
}

void Array::require(Type type) const { require_type(type_, type, source_); }

namespace {

template <class T>
std::vector<double> widened(std::span<const T> values) {
  std::vector<double> result(values.size());
  std::transform(values.begin(), values.end(), result.begin(),
                 [](T value) { return static_cast<double>(value); });
  return result;
}

}  // namespace

std::vector<double> Array::as_doubles() const {
  switch (type_) {
    case Type::Bool:
      return widened(values<bool>());
    case Type::Int8:
      return widened(values<std::int8_t>());
    case Type::Int16:
      return widened(values<std::int16_t>());
    case Type::Int32:
      return widened(values<std::int32_t>());
    case Type::Int64:
      return widened(values<std::int64_t>());
    case Type::UInt8:
      return widened(values<std::uint8_t>());
    case Type::UInt16:
      return widened(values<std::uint16_t>());
    case Type::UInt32:
      return widened(values<std::uint32_t>());
    case Type::UInt64:
      return widened(values<std::uint64_t>());
    case Type::Float32:
      return widened(values<float>());
    case Type::Float64:
      return widened(values<double>());
  }
  return {};
}

Array parse(std::span<const std::byte> file, std::string source) {
  Header header = parse_header(file, source);
  const std::span<const std::byte> data = file.subspan(header.data_offset);
  require_truth_values(header.type, data, source);
  Array array;
  array.type_ = header.type;
  array.source_ = std::move(source);
  if (header.fortran_order && header.shape.size() > 1) {
    array.bytes_ = to_c_order(data, header.shape, size_of(header.type));
  } else {
    array.bytes_.assign(data.begin(), data.end());
  }
  if (header.big_endian) reverse_elements(array.bytes_, size_of(header.type));
  array.shape_ = std::move(header.shape);
  return array;
}

Array read(const std::filesystem::path& path) {
  std::error_code error;
  if (std::filesystem::is_regular_file(path, error)) return parse(file::Mapped(path).bytes(), path.string());
  const std::string content = file::read(path);
  return parse(std::as_bytes(std::span(content)), path == "-" ? "standard input" : path.string());
}

std::string format_header(Type type, std::span<const std::size_t> shape) {
  std::string dictionary = std::string("{'descr': '") + (size_of(type) == 1 ? '|' : '<') +
                           std::string(facts_of(type).code) +
                           "', 'fortran_order': False, 'shape': " + shape_text(shape) + ", }";
  // 64 dimensions of 20 digits are far from the 65535 bytes that version 1 allows.
  constexpr std::size_t prefix = 10;
  const std::size_t used = prefix + dictionary.size() + 1;
  dictionary.append((alignment - used % alignment) % alignment, ' ');
  dictionary += '\n';
  std::string header(magic);
  header += '\1';
  header += '\0';
  header += static_cast<char>(dictionary.size() & 0xFF);
  header += static_cast<char>(dictionary.size() >> 8);
  return header + dictionary;
}

std::string format(const Array& array) {
  std::string file = format_header(array.type(), array.shape());
  file += as_text(array.bytes());
  return file;
}

void write(const std::filesystem::path& path, const Array& array) {
  file::AtomicWriter writer(path);
  writer.write(format_header(array.type(), array.shape()));
  writer.write(array.bytes());
  writer.commit();
}

MappedArray::MappedArray(const std::filesystem::path& path)
    : source_(path.string()), file_(path), header_(parse_header(file_.bytes(), source_)) {
  if (header_.big_endian)
    throw InputError("holds big-endian elements, which cannot be mapped", {source_}, "little-endian ones");
  if (header_.data_offset % size_of(header_.type) != 0)
    throw InputError("its elements begin at byte " + std::to_string(header_.data_offset), {source_},
                     "a multiple of " + std::to_string(size_of(header_.type)) + " to map the file");
  require_truth_values(header_.type, file_.bytes().subspan(header_.data_offset), source_);
}

void MappedArray::require(Type type) const { require_type(header_.type, type, source_); }

}  // namespace xchg::npy
