#include "xchg/dag/order/factor.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <new>
#include <numeric>

#include "xchg/core/error.hpp"

namespace xchg::dag {
namespace {

constexpr std::align_val_t cache_line{64};

[[noreturn]] void not_definite() {
  throw NumericError("the Gram matrix is not positive definite in double precision");
}

}  // namespace

const Kernels& kernels_for(Isa isa) {
#if defined(__x86_64__)
  if (isa == Isa::Avx512) return kernels_avx512();
  if (isa == Isa::Avx2) return kernels_avx2();
#else
  static_cast<void>(isa);
#endif
  return kernels_scalar();
}

void Rows::Free::operator()(double* data) const { ::operator delete[](data, cache_line); }

Rows::Rows(std::int64_t count) : stride_((count + row_alignment - 1) / row_alignment * row_alignment) {
  const auto size = static_cast<std::size_t>(count * stride_);
  data_.reset(static_cast<double*>(::operator new[](size * sizeof(double), cache_line)));
  std::fill_n(data_.get(), size, 0.0);
}

Factor::Factor(const Matrix& s, Isa isa)
    : s_(s),
      kernels_(kernels_for(resolve_isa(isa))),
      nodes_(static_cast<std::int64_t>(s.rows)),
      r_(nodes_),
      m_(nodes_) {}

void Factor::factorise(std::span<const int> order) {
  order_.assign(order.begin(), order.end());
  for (std::int64_t k = 0; k < nodes_; ++k) {
    const double* from = s_.values.data() + order_[static_cast<std::size_t>(k)] * nodes_;
    double* row = r_[k];
    for (std::int64_t i = k; i < nodes_; ++i) row[i] = from[order_[static_cast<std::size_t>(i)]];
  }
  if (kernels_.factorise(r_.data(), nodes_, r_.stride()) >= 0) not_definite();
}

void Factor::invert() { kernels_.invert(r_.data(), m_.data(), nodes_, r_.stride()); }

double Factor::half_sum() const {
  double sum = 0, carry = 0;  // Neumaier's compensated sum
  for (std::int64_t k = 0; k < nodes_; ++k) {
    const double term = variance(k);
    const double next = sum + term;
    carry += std::abs(sum) >= std::abs(term) ? (sum - next) + term : (term - next) + sum;
    sum = next;
  }
  return 0.5 * (sum + carry);
}

// Exchanges the positions k < at of what is not yet factorised (upper triangle) and of the rows above.
void Factor::pivot_to(std::int64_t k, std::int64_t at) {
  if (k == at) return;
  std::swap(order_[static_cast<std::size_t>(k)], order_[static_cast<std::size_t>(at)]);
  for (std::int64_t t = 0; t < k; ++t) std::swap(r_[t][k], r_[t][at]);
  std::swap(r_[k][k], r_[at][at]);
  for (std::int64_t i = k + 1; i < at; ++i) std::swap(r_[k][i], r_[i][at]);
  for (std::int64_t i = at + 1; i < nodes_; ++i) std::swap(r_[k][i], r_[at][i]);
}

void Factor::factorise_by_least_variance(const Constraints& constraints) {
  order_.resize(static_cast<std::size_t>(nodes_));
  std::iota(order_.begin(), order_.end(), 0);
  std::vector<double> rest(order_.size());  // variance given those taken, by position
  std::vector<int> waits(order_.size());    // for so many nodes, by node
  for (std::int64_t k = 0; k < nodes_; ++k) {
    const double* from = s_.values.data() + k * nodes_;
    std::copy(from + k, from + nodes_, r_[k] + k);
    rest[static_cast<std::size_t>(k)] = from[k];
  }
  if (!constraints.free_order()) {
    for (int a = 0; a < static_cast<int>(nodes_); ++a) {
      for (int b = 0; b < static_cast<int>(nodes_); ++b)
        waits[static_cast<std::size_t>(b)] += constraints.before(a, b);
    }
  }
  const double* rows[kernel::block_rows];
  double c[kernel::block_rows];
  for (std::int64_t first = 0; first < nodes_; first += kernel::block_rows) {
    const std::int64_t last = std::min<std::int64_t>(first + kernel::block_rows, nodes_);
    for (std::int64_t k = first; k < last; ++k) {
      std::int64_t best = -1;
      for (std::int64_t i = k; i < nodes_; ++i) {
        const auto node = static_cast<std::size_t>(order_[static_cast<std::size_t>(i)]);
        if (waits[node] > 0) continue;
        const double value = rest[static_cast<std::size_t>(i)];
        if (best < 0 || value < rest[static_cast<std::size_t>(best)] ||
            (value == rest[static_cast<std::size_t>(best)] &&
             order_[static_cast<std::size_t>(i)] < order_[static_cast<std::size_t>(best)])) {
          best = i;
        }
      }
      std::swap(rest[static_cast<std::size_t>(k)], rest[static_cast<std::size_t>(best)]);
      pivot_to(k, best);
      double* row = r_[k];
      const int before = static_cast<int>(k - first);
      for (int t = 0; t < before; ++t) c[t] = rows[t][k];
      kernels_.subtract(row, rows, c, before, k, nodes_);
      if (!(row[k] > 0)) not_definite();
      const double root = std::sqrt(row[k]);
      const double inverse = 1 / root;
      std::fill(row, row + k, 0.0);
      row[k] = root;
      for (std::int64_t i = k + 1; i < nodes_; ++i) {
        row[i] *= inverse;
        rest[static_cast<std::size_t>(i)] -= row[i] * row[i];
      }
      rows[before] = row;
      if (!constraints.free_order()) {
        const int taken = order_[static_cast<std::size_t>(k)];
        for (int b = 0; b < static_cast<int>(nodes_); ++b) {
          waits[static_cast<std::size_t>(b)] -= constraints.before(taken, b);
        }
      }
    }
    const int count = static_cast<int>(last - first);
    for (std::int64_t j = last; j < nodes_; ++j) {
      for (int t = 0; t < count; ++t) c[t] = rows[t][j];
      kernels_.subtract(r_[j], rows, c, count, j, nodes_);
    }
  }
}

// In R the column `from` goes to `to` and those between close up; rotations of neighbouring rows make it
// triangular again. M = L^-1 has its columns moved likewise and the same rotations of rows.
void Factor::move(std::int64_t from, std::int64_t to) {
  if (from == to) return;
  const std::int64_t low = std::min(from, to), high = std::max(from, to);
  const auto bring = [&](double* row) {
    if (from < to) {
      std::rotate(row + low, row + low + 1, row + high + 1);
    } else {
      std::rotate(row + low, row + high, row + high + 1);
    }
  };
  for (std::int64_t t = 0; t <= high; ++t) bring(r_[t]);
  for (std::int64_t t = low; t < nodes_; ++t) bring(m_[t]);
  if (from < to) {
    std::rotate(order_.begin() + low, order_.begin() + low + 1, order_.begin() + high + 1);
  } else {
    std::rotate(order_.begin() + low, order_.begin() + high, order_.begin() + high + 1);
  }
  // The entry to be zeroed is in row k + 1: at column `low` after a move to the left, at column k after one
  // to the right.
  const auto eliminate = [&](std::int64_t k, std::int64_t column) {
    double* upper = r_[k];
    double* lower = r_[k + 1];
    const double radius = std::hypot(upper[column], lower[column]);
    const double c = upper[column] / radius, s = lower[column] / radius;
    kernels_.rotate(upper, lower, c, s, column, nodes_);
    kernels_.rotate(m_[k], m_[k + 1], c, s, 0, high + 1);
    upper[column] = radius;
    lower[column] = 0;
  };
  const auto make_positive = [&](std::int64_t k) {
    if (r_[k][k] > 0) return;
    for (std::int64_t i = k; i < nodes_; ++i) r_[k][i] = -r_[k][i];
    for (std::int64_t i = 0; i <= k; ++i) m_[k][i] = -m_[k][i];
  };
  if (from < to) {
    for (std::int64_t k = low; k < high; ++k) eliminate(k, k);
  } else {
    for (std::int64_t k = high - 1; k >= low; --k) eliminate(k, low);
  }
  for (std::int64_t k = low; k <= high; ++k) {
    make_positive(k);
    std::fill(r_[k], r_[k] + k, 0.0);
    std::fill(m_[k] + k + 1, m_[k] + high + 1, 0.0);
  }
}

}  // namespace xchg::dag
