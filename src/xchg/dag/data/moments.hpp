// Internal: second moments of rows. X^T X is added up over chunks of rows, and the sums of chunks in a fixed
// order and compensated: the same bytes for every number of threads and every instruction set, and for rows
// that come at once or in pieces.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "xchg/core/isa.hpp"
#include "xchg/dag/data.hpp"

namespace xchg::dag {

// Sums of x, x y over rows that come piece by piece.
class MomentSum {
 public:
  // `center`: of the deviations from the means. Nothing of what comes is checked.
  MomentSum(std::size_t columns, bool center, int threads, Isa isa = Isa::Auto);

  // Rows (n, columns) row-major without missing values.
  void add(std::span<const double> x);

  // Means and X^T X / n of all of them; the variance of a column whose values are all equal is exactly 0.
  // Ends the sum.
  Gram::Part moments();

 private:
  // What a thread works with.
  struct Slot {
    std::vector<double> packed, products, sums;
  };

  void add_chunks(const double* x, std::int64_t rows);
  void choose_center(const double* x, std::int64_t rows);
  void choose_scales(const double* x, std::int64_t rows);
  void multiply(Slot& slot, const double* x, std::int64_t rows) const;
  void fold(const Slot& slot);

  std::int64_t columns_, panels_, chunk_;
  bool center_;
  int threads_;
  Isa isa_;
  std::int64_t rows_ = 0;
  std::vector<double> shift_, scale_;  // (panels * 8) what is added up: (x - shift) scale, scale a power of 2
  std::vector<char> has_scale_;
  std::vector<double> rest_;  // rows that do not fill a chunk yet
  std::vector<Slot> slots_;
  std::vector<double> products_, product_carries_;  // by blocks, see moments_kernel.hpp
  std::vector<double> sums_, sum_carries_;
};

// All at once.
Gram::Part moments(std::span<const double> x, std::int64_t rows, std::size_t columns, bool center,
                   int threads, Isa isa);

// The same of two sets of rows together.
Gram::Part merged(const Gram::Part& a, const Gram::Part& b, bool centred);

}  // namespace xchg::dag
