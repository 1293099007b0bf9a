// The Cholesky factor of a Gram matrix in some order of its nodes, and the inverse of the factor.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "xchg/core/isa.hpp"
#include "xchg/dag/knowledge.hpp"
#include "xchg/dag/learn.hpp"
#include "xchg/dag/matrix.hpp"
#include "xchg/dag/order/kernels.hpp"

namespace xchg::dag {

const Kernels& kernels_for(Isa isa);

// Rows of doubles that begin on cache lines, padded with zeros.
class Rows {
 public:
  Rows() = default;
  explicit Rows(std::int64_t count);  // square
  double* operator[](std::int64_t i) { return data_.get() + i * stride_; }
  const double* operator[](std::int64_t i) const { return data_.get() + i * stride_; }
  double* data() { return data_.get(); }
  const double* data() const { return data_.get(); }
  std::int64_t stride() const { return stride_; }

 private:
  struct Free {
    void operator()(double* data) const;
  };
  std::int64_t stride_ = 0;
  std::unique_ptr<double[], Free> data_;
};

// S in the order is L L^T, R = L^T, M = L^-1.
class Factor {
 public:
  // Keeps a reference to S.
  Factor(const Matrix& s, Isa isa);

  // Factorises S in this order. Throws NumericError when a pivot is not above 0.
  void factorise(std::span<const int> order);
  // Factorises in the order of least variance given those taken; ties: the smallest node. Nodes wait for
  // those that must precede them.
  void factorise_by_least_variance(const Constraints& constraints);

  std::int64_t nodes() const { return nodes_; }
  const std::vector<int>& order() const { return order_; }
  double variance(std::int64_t k) const { return r_[k][k] * r_[k][k]; }  // r_k
  double half_sum() const;                                               // 1/2 sum of r_k
  const Rows& r() const { return r_; }
  const Rows& m() const { return m_; }  // valid after invert() and moves

  void invert();
  // Moves the node at `from` to `to` by Givens rotations of R and M.
  void move(std::int64_t from, std::int64_t to);

  const Kernels& kernels() const { return kernels_; }

 private:
  void pivot_to(std::int64_t k, std::int64_t at);

  const Matrix& s_;
  const Kernels& kernels_;
  std::int64_t nodes_;
  std::vector<int> order_;
  Rows r_, m_;
};

}  // namespace xchg::dag
