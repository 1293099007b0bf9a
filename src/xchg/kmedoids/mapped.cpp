// Matrices in NPY files.
#include "xchg/core/file.hpp"
#include "xchg/kmedoids/npy_values.hpp"

namespace xchg::kmedoids {
namespace {

Index side_of(const std::vector<std::size_t>& shape, const std::string& source) {
  if (shape.size() != 2 || shape[0] == 0 || shape[1] == 0) {
    throw InputError(fmt::format("the array has the shape ({})", fmt::join(shape, ", ")), {source},
                     "a square matrix (n, n)");
  }
  if (shape[0] != shape[1]) {
    throw InputError(fmt::format("the matrix is not square: {} rows and {} columns", shape[0], shape[1]),
                     {source}, "as many columns as rows");
  }
  return static_cast<Index>(shape[0]);
}

template <class T>
Dissimilarity copied(std::span<const T> values, Index n, const MatrixOptions& options) {
  return Dissimilarity::matrix(std::vector<T>(values.begin(), values.end()), n, options);
}

}  // namespace

Dissimilarity Dissimilarity::array(const npy::Array& array, const MatrixOptions& options) {
  const Index n = side_of(array.shape(), options.source);
  return visit_values(array.type(), array.bytes(), options.source, [&](auto values) {
    if constexpr (requires { values.capacity(); }) {
      return matrix(std::move(values), n, options);
    } else {
      return copied(values, n, options);
    }
  });
}

Dissimilarity Dissimilarity::map(const std::string& path, const MatrixOptions& options) {
  MatrixOptions named = options;
  if (named.source.empty()) named.source = path;
  const auto file = std::make_shared<file::Mapped>(path);
  const npy::Header header = npy::parse_header(file->bytes(), path);
  const Index n = side_of(header.shape, path);
  const bool usable =
      !header.big_endian && !header.fortran_order && header.data_offset % npy::size_of(header.type) == 0;
  if (!usable) return array(npy::parse(file->bytes(), path), named);
  return visit_values(header.type, file->bytes().subspan(header.data_offset), path, [&](auto values) {
    if constexpr (requires { values.capacity(); }) {
      return matrix(std::move(values), n, named);
    } else {
      Dissimilarity result = view(values, n, named);
      if (!result.owner_) result.owner_ = file;
      return result;
    }
  });
}

}  // namespace xchg::kmedoids
