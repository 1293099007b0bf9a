// Helpers of the tests of data: what errors say, simulated rows, plain second moments.
#pragma once

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>

#include "xchg/core/error.hpp"
#include "xchg/core/random.hpp"
#include "xchg/dag/data.hpp"
#include "xchg/dag/data/names.hpp"

namespace xchg::dag::testing {

// What an InputError says; "another class: …" where it is of another, "no error" where there is none.
template <class F>
std::string input_error(F action) {
  try {
    action();
  } catch (const InputError& error) {
    return error.what();
  } catch (const Error& error) {
    return std::string("another class: ") + error.what();
  }
  return "no error";
}

// Correlated normal rows with means that differ: every column adds to half of the one before.
inline Data random_data(std::size_t n, std::size_t d, std::uint64_t seed) {
  Random random(seed);
  Data data;
  data.x = Matrix(n, d);
  data.names = numbered_names(d);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < d; ++j)
      data.x(i, j) = random.normal() + (j == 0 ? 0 : 0.5 * data.x(i, j - 1)) + 3 * static_cast<double>(j % 4);
  }
  return data;
}

// Means and second moments by the textbook's two passes in long double.
inline Gram::Part plain_moments(const Matrix& x, bool center) {
  const auto n = static_cast<long double>(x.rows);
  std::vector<long double> mean(x.columns, 0.0L);
  for (std::size_t i = 0; center && i < x.rows; ++i) {
    for (std::size_t j = 0; j < x.columns; ++j) mean[j] += x(i, j) / n;
  }
  Gram::Part part{Matrix(x.columns, x.columns), static_cast<std::int64_t>(x.rows), {}};
  for (const long double value : mean) part.mean.push_back(static_cast<double>(value));
  for (std::size_t a = 0; a < x.columns; ++a) {
    for (std::size_t b = 0; b < x.columns; ++b) {
      long double sum = 0;
      for (std::size_t i = 0; i < x.rows; ++i) sum += (x(i, a) - mean[a]) * (x(i, b) - mean[b]);
      part.s(a, b) = static_cast<double>(sum / n);
    }
  }
  return part;
}

// Largest |a_ij - b_ij| / sqrt(b_ii b_jj).
inline double distance(const Matrix& a, const Matrix& b) {
  double worst = 0;
  for (std::size_t i = 0; i < a.rows; ++i) {
    for (std::size_t j = 0; j < a.columns; ++j)
      worst = std::max(worst, std::abs(a(i, j) - b(i, j)) / std::sqrt(b(i, i)) / std::sqrt(b(j, j)));
  }
  return worst;
}

// A file of this process that is gone in the end.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& name)
      : path_(std::filesystem::temp_directory_path() / (std::to_string(getpid()) + "_" + name)) {}
  TemporaryFile(const std::string& name, const std::string& content) : TemporaryFile(name) {
    std::ofstream(path_, std::ios::binary) << content;
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace xchg::dag::testing
